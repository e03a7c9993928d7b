package bench

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

func TestHistogramSlots(t *testing.T) {
	last := -1
	for n := range uint64(1 << 16) {
		s := slot(n)
		if s < last || s > last+1 {
			t.Fatalf("%d is in slot %d after %d", n, s, last)
		}
		if most(s) < n || float64(most(s)) > float64(n)*(1+1.0/half)+1 {
			t.Fatalf("%d is counted as up to %d", n, most(s))
		}
		last = s
	}
	if s := slot(1 << 63); s != half*octaves-1 {
		t.Errorf("the longest time is in slot %d", s)
	}
}

func TestHistogramQuantiles(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var a, b histogram
	var all []time.Duration
	for range 100_000 {
		d := time.Duration(random.ExpFloat64()*5_000) * time.Microsecond
		all = append(all, d)
		if random.IntN(2) == 0 {
			a.add(d)
		} else {
			b.add(d)
		}
	}
	a.merge(&b)
	slices.Sort(all)
	for _, share := range []float64{0.01, 0.5, 0.99, 0.999, 1} {
		want := all[int(share*float64(len(all))+0.5)-1]
		got := a.quantile(share)
		if off := float64(got-want) / float64(want); off < -0.001 || off > 0.02 {
			t.Errorf("quantile %v is %s, want %s", share, got, want)
		}
	}
	if (&histogram{}).quantile(0.5) != 0 {
		t.Error("nothing has a median")
	}
}
