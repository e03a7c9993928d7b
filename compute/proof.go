package compute

import (
	"crypto/rand"
	"encoding/binary"
	"math"
	mathrand "math/rand/v2"
	"sync"

	"github.com/tasknet/tasknet"
)

// A node proves how fast it computes by a product of matrices that it cannot have known before: of the numbers modulo the prime
// 2^31-1, benchRounds+1 matrices of benchSide rows that follow from a seed, multiplied in their order. No way is known that is
// much shorter for matrices of this size. Whoever has the product checks it by multiplying a vector through instead
// (R. Freivalds, 1977), which is benchSide times less work; a wrong product passes once in 2^31 times.
const (
	benchSide   = 128
	benchRounds = 192
	benchPrime  = 1<<31 - 1

	// BenchOperations is how many multiplications and additions a product takes.
	BenchOperations = benchSide * benchSide * benchSide * benchRounds

	// BenchBytes is how long a product is.
	BenchBytes = benchSide * benchSide * 4
)

// ErrBadProduct reports a product that is wrong.
var ErrBadProduct = tasknet.NewError(tasknet.Invalid, "bad_product", "The product of the benchmark is wrong; check the machine's memory, and that the program is not modified.")

type matrix []uint32 // benchSide rows

func reduce(x uint64) uint64 { return x&benchPrime + x>>31 }

func fold(x uint64) uint32 {
	for x >= 1<<31 {
		x = reduce(x)
	}
	if x == benchPrime {
		return 0
	}
	return uint32(x)
}

func draw(r *mathrand.ChaCha8) matrix {
	m := make(matrix, benchSide*benchSide)
	for i := 0; i < len(m); i += 2 {
		n := r.Uint64()
		m[i], m[i+1] = fold(n>>32), fold(n&math.MaxUint32)
	}
	return m
}

// rowTimes returns a row times a matrix.
func rowTimes(row []uint32, m matrix, out []uint32) {
	var sums [benchSide]uint64
	for k, a := range row {
		for j, b := range m[k*benchSide : (k+1)*benchSide] {
			sums[j] = reduce(sums[j] + uint64(a)*uint64(b)) // below 2^33 + 2^62 before
		}
	}
	for j, s := range sums {
		out[j] = fold(s)
	}
}

// Bench computes the product of a seed with as many goroutines as said, in big-endian words of 32 bits, row by row.
func Bench(seed [32]byte, goroutines int) []byte {
	r := mathrand.NewChaCha8(seed)
	product, next := draw(r), make(matrix, benchSide*benchSide)
	for range benchRounds {
		by := draw(r)
		var all sync.WaitGroup
		for g := range goroutines {
			all.Go(func() {
				for i := g; i < benchSide; i += goroutines {
					rowTimes(product[i*benchSide:(i+1)*benchSide], by, next[i*benchSide:(i+1)*benchSide])
				}
			})
		}
		all.Wait()
		product, next = next, product
	}
	out := make([]byte, 0, BenchBytes)
	for _, n := range product {
		out = binary.BigEndian.AppendUint32(out, n)
	}
	return out
}

// CheckBench reports whether it is the product of a seed. ErrBadProduct.
func CheckBench(seed [32]byte, product []byte) error {
	if len(product) != BenchBytes {
		return ErrBadProduct
	}
	claimed := make(matrix, benchSide*benchSide)
	for i := range claimed {
		if claimed[i] = binary.BigEndian.Uint32(product[4*i:]); claimed[i] >= benchPrime {
			return ErrBadProduct // one number has one way to be written
		}
	}
	var key [32]byte
	rand.Read(key[:]) // never fails
	vector, want := make([]uint32, benchSide), make([]uint32, benchSide)
	for i, secret := 0, mathrand.NewChaCha8(key); i < benchSide; i++ {
		vector[i] = fold(uint64(uint32(secret.Uint64())))
	}
	rowTimes(vector, claimed, want)
	r := mathrand.NewChaCha8(seed)
	for range benchRounds + 1 {
		rowTimes(vector, draw(r), vector)
	}
	for i := range want {
		if want[i] != vector[i] {
			return ErrBadProduct
		}
	}
	return nil
}
