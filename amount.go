package tasknet

import (
	"encoding/json"
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// Amount is a sum of the reward token in micro-units, 1e-6 of the token. It is a struct so that amounts cannot be
// added to counts by accident; its zero value is no money. In JSON it is a decimal string of whole tokens, "0.018".
type Amount struct{ micro int64 }

// MicroPerToken is how many micro-units make one token.
const MicroPerToken = 1_000_000

// ErrAmountRange is the error of amounts that do not fit into 64 bits of micro-units.
var ErrAmountRange = NewError(Invalid, "amount_out_of_range", "The amount is too large; the most is 9223372036854.775807.")

// Micro returns the amount of n micro-units.
func Micro(n int64) Amount { return Amount{n} }

// Micro returns the amount in micro-units.
func (a Amount) Micro() int64 { return a.micro }

// IsZero reports whether a is no money.
func (a Amount) IsZero() bool { return a.micro == 0 }

// Sign is -1, 0 or +1.
func (a Amount) Sign() int {
	switch {
	case a.micro < 0:
		return -1
	case a.micro > 0:
		return 1
	}
	return 0
}

// Cmp is -1, 0 or +1 as a is less than, equal to or more than b.
func (a Amount) Cmp(b Amount) int { return a.Sub(b).Sign() }

// Add returns a + b. It panics when the sum leaves the range of int64: checked input never gets there.
func (a Amount) Add(b Amount) Amount {
	sum := a.micro + b.micro
	if (sum > a.micro) != (b.micro > 0) && b.micro != 0 {
		panic("tasknet: amount overflow in addition")
	}
	return Amount{sum}
}

// Sub returns a - b. It panics when the difference leaves the range of int64.
func (a Amount) Sub(b Amount) Amount { return a.Add(b.Neg()) }

// Neg returns -a.
func (a Amount) Neg() Amount {
	if a.micro == math.MinInt64 {
		panic("tasknet: amount overflow in negation")
	}
	return Amount{-a.micro}
}

// Times returns a * n, or an Invalid error when the product leaves the range of int64.
func (a Amount) Times(n int) (Amount, error) {
	if a.micro < 0 || n < 0 {
		panic("tasknet: Times takes an amount and a count that are not negative")
	}
	hi, lo := bits.Mul64(uint64(a.micro), uint64(n))
	if hi != 0 || lo > math.MaxInt64 {
		return Amount{}, ErrAmountRange
	}
	return Amount{int64(lo)}, nil
}

// BasisPoints returns the share of a that bp ten-thousandths make, rounded down. a must not be negative.
func (a Amount) BasisPoints(bp int) Amount {
	hi, lo := bits.Mul64(uint64(a.micro), uint64(bp))
	q, _ := bits.Div64(hi, lo, 10_000)
	return Amount{int64(q)}
}

// String writes a in whole tokens with at most six decimals and no trailing zeros: "0.018", "12", "-3.5".
func (a Amount) String() string {
	sign, n := "", uint64(a.micro)
	if a.micro < 0 {
		sign, n = "-", -n
	}
	whole, frac := n/MicroPerToken, n%MicroPerToken
	if frac == 0 {
		return sign + strconv.FormatUint(whole, 10)
	}
	return sign + strconv.FormatUint(whole, 10) + "." + strings.TrimRight(fmt.Sprintf("%06d", frac), "0")
}

// ParseAmount reads what String writes, and also trailing zeros. More than six decimals are an error, not rounded.
func ParseAmount(s string) (Amount, error) {
	bad := NewError(Invalid, "bad_amount", `Write an amount as a decimal with at most six decimals, such as "0.018".`)
	body, negative := strings.CutPrefix(s, "-")
	whole, frac, dot := strings.Cut(body, ".")
	if whole == "" || (dot && frac == "") || len(frac) > 6 || !digits(whole) || !digits(frac) {
		return Amount{}, bad
	}
	n, err := strconv.ParseInt(whole+frac+strings.Repeat("0", 6-len(frac)), 10, 64)
	if err != nil {
		return Amount{}, ErrAmountRange
	}
	if negative {
		n = -n
	}
	return Amount{n}, nil
}

func digits(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// MarshalJSON writes the decimal string.
func (a Amount) MarshalJSON() ([]byte, error) { return json.Marshal(a.String()) }

// UnmarshalJSON reads the decimal string; a JSON number is refused, because readers turn it into a float.
func (a *Amount) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return NewError(Invalid, "bad_amount", `Write an amount as a JSON string, such as "0.018".`)
	}
	v, err := ParseAmount(s)
	if err != nil {
		return err
	}
	*a = v
	return nil
}
