package compute_test

import (
	"errors"
	"testing"

	"github.com/tasknet/tasknet/compute"
)

func TestBench(t *testing.T) {
	seed := [32]byte{1, 2, 3}
	product := compute.Bench(seed, 3)
	if err := compute.CheckBench(seed, product); err != nil {
		t.Fatal(err)
	}
	if string(product) != string(compute.Bench(seed, 1)) {
		t.Error("the product depends on how many goroutines compute it")
	}
	for name, wrong := range map[string][]byte{
		"a number one off": func() []byte { p := append([]byte(nil), product...); p[len(p)/2+3] ^= 1; return p }(),
		"another seed's":   compute.Bench([32]byte{9}, 2),
		"zeros":            make([]byte, compute.BenchBytes),
		"cut":              product[4:],
		"nothing":          nil,
		"not reduced":      func() []byte { p := append([]byte(nil), product...); copy(p, "\xff\xff\xff\xff"); return p }(),
	} {
		if err := compute.CheckBench(seed, wrong); !errors.Is(err, compute.ErrBadProduct) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func BenchmarkBench(b *testing.B) {
	for b.Loop() {
		compute.Bench([32]byte{1}, 1)
	}
	b.ReportMetric(float64(compute.BenchOperations)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mop/s")
}

func BenchmarkCheckBench(b *testing.B) {
	product := compute.Bench([32]byte{1}, 2)
	for b.Loop() {
		if err := compute.CheckBench([32]byte{1}, product); err != nil {
			b.Fatal(err)
		}
	}
}
