package tasknet_test

import (
	"encoding/json"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/tasknet/tasknet"
)

func TestParseAmount(t *testing.T) {
	good := map[string]int64{
		"0": 0, "0.018": 18_000, "12": 12_000_000, "1.50": 1_500_000, "-3.5": -3_500_000, "0.000001": 1,
		"9223372036854.775807": math.MaxInt64,
	}
	for s, want := range good {
		got, err := tasknet.ParseAmount(s)
		if err != nil || got.Micro() != want {
			t.Errorf("ParseAmount(%q) = %d, %v; want %d", s, got.Micro(), err, want)
		}
	}
	for _, s := range []string{"", ".", "1.", ".5", "1.0000001", "1e3", "+1", "--1", " 1", "1 ", "0x1", "١", "1,5", "NaN", "9223372036854.775808", "99999999999999999999"} {
		if got, err := tasknet.ParseAmount(s); err == nil {
			t.Errorf("ParseAmount(%q) = %s, want an error", s, got)
		}
	}
}

func TestAmountReadsWhatItWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := tasknet.Micro(rapid.Int64Min(math.MinInt64+1).Draw(t, "micro"))
		b, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		var back tasknet.Amount
		if err := json.Unmarshal(b, &back); err != nil || back != a {
			t.Fatalf("%s came back as %s, %v", b, back, err)
		}
	})
}

func TestAmountRefusesJSONNumbers(t *testing.T) {
	var a tasknet.Amount
	if err := json.Unmarshal([]byte("0.018"), &a); tasknet.Describe(err).Code != "bad_amount" {
		t.Fatalf("a JSON number gave %v", err)
	}
}

func TestBasisPointsIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, bp := rapid.Int64Range(0, math.MaxInt64).Draw(t, "micro"), rapid.IntRange(0, 10_000).Draw(t, "bp")
		want := new(big.Int).Mul(big.NewInt(n), big.NewInt(int64(bp)))
		want.Quo(want, big.NewInt(10_000))
		if got := tasknet.Micro(n).BasisPoints(bp); got.Micro() != want.Int64() {
			t.Fatalf("%d bp of %d = %d, want %s", bp, n, got.Micro(), want)
		}
	})
}

func TestTimesReportsOverflow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, k := rapid.Int64Range(0, math.MaxInt64).Draw(t, "micro"), rapid.IntRange(0, 1<<20).Draw(t, "times")
		want := new(big.Int).Mul(big.NewInt(n), big.NewInt(int64(k)))
		got, err := tasknet.Micro(n).Times(k)
		if want.IsInt64() != (err == nil) || (err == nil && got.Micro() != want.Int64()) {
			t.Fatalf("%d * %d = %s, %v", n, k, got, err)
		}
	})
}

func TestAddPanicsOnOverflow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Int64().Draw(t, "a"), rapid.Int64().Draw(t, "b")
		want := new(big.Int).Add(big.NewInt(a), big.NewInt(b))
		defer func() {
			if r := recover(); (r != nil) == want.IsInt64() {
				t.Fatalf("%d + %d: recovered %v", a, b, r)
			}
		}()
		if got := tasknet.Micro(a).Add(tasknet.Micro(b)); got.Micro() != want.Int64() {
			t.Fatalf("%d + %d = %d", a, b, got.Micro())
		}
	})
}
