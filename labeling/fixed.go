package labeling

import (
	"math/big"
	"math/bits"
)

// logUnit is one in the fixed-point logarithms of this package: base 2, with 32 fractional bits.
const logUnit = 1 << 32

// log2Ratio returns log2(num/den) in units of 1/logUnit, rounded towards minus infinity by at most a few units. Both
// must be positive. It uses integers only: the fraction is found bit by bit by squaring.
func log2Ratio(num, den uint64) int64 { return log2(num) - log2(den) }

func log2(x uint64) int64 {
	whole := bits.Len64(x) - 1
	m := x << (63 - whole) // the mantissa in [1, 2) with 63 fractional bits
	result := int64(whole) << 32
	for bit := int64(logUnit >> 1); bit > 0; bit >>= 1 {
		hi, lo := bits.Mul64(m, m) // [1, 4) with 126 fractional bits
		if hi >= 1<<63 {
			result += bit
			m = hi
		} else {
			m = hi<<1 | lo>>63
		}
	}
	return result
}

// exp2Roots[i] is 2^-(2^-(i+1)) with 63 fractional bits: what the i-th fractional bit of an exponent multiplies by.
var exp2Roots = func() (roots [32]uint64) {
	one := new(big.Int).Lsh(big.NewInt(1), 126)
	root := new(big.Int).Rsh(one, 1) // 2^-1, whose square root is the first
	for i := range roots {
		scaled := new(big.Int).Mul(root, one)
		root = scaled.Sqrt(scaled) // with 126 fractional bits
		roots[i] = new(big.Int).Rsh(root, 63).Uint64()
	}
	return roots
}()

// exp2Neg returns 2^-y with 63 fractional bits, for y >= 0 in units of 1/logUnit; 0 when it is less than 2^-63.
func exp2Neg(y int64) uint64 {
	whole, frac := uint64(y)>>32, uint64(y)&(logUnit-1)
	if whole > 62 {
		return 0
	}
	result := uint64(1) << 63
	for i, root := range exp2Roots {
		if frac&(1<<(31-i)) != 0 {
			hi, lo := bits.Mul64(result, root)
			result = hi<<1 | lo>>63
		}
	}
	return result >> whole
}
