package ordered_test

import (
	"errors"
	"iter"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/tasknet/tasknet/server/ordered"
)

// numbers yields 0 to n-1 and then, unless it is nil, an error. read counts what was taken of it.
func numbers(n int, last error, read *atomic.Int64) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for i := range n {
			read.Add(1)
			if !yield(i, nil) {
				return
			}
		}
		if last != nil {
			yield(0, last)
		}
	}
}

func TestMapKeepsTheOrder(t *testing.T) {
	var read atomic.Int64
	var got []int
	for x, err := range ordered.Map(numbers(1000, nil, &read), func(i int) (int, error) {
		for range i * 7919 % 31 { // some take longer than those that come after them
			runtime.Gosched()
		}
		return 2 * i, nil
	}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, x)
	}
	want := make([]int, 1000)
	for i := range want {
		want[i] = 2 * i
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

func TestMapStopsAtTheFirstError(t *testing.T) {
	bad := errors.New("bad")
	for name, tt := range map[string]struct {
		last error
		fail int // of f
		want int // results before the error
	}{
		"of the sequence": {bad, -1, 5},
		"of the work":     {nil, 3, 3},
		"of both":         {bad, 4, 4},
	} {
		var read atomic.Int64
		n := 0
		var got error
		for x, err := range ordered.Map(numbers(5, tt.last, &read), func(i int) (int, error) {
			if i == tt.fail {
				return 0, bad
			}
			return i, nil
		}) {
			if got != nil {
				t.Errorf("%s: %d, %v after an error", name, x, err)
			}
			if got = err; err == nil {
				n++
			}
		}
		if n != tt.want || !errors.Is(got, bad) {
			t.Errorf("%s: %d results and %v", name, n, got)
		}
	}
}

// TestMapLeaves: when nobody wants more, all that was begun ends before the iteration does, and little was read ahead.
func TestMapLeaves(t *testing.T) {
	var read, running atomic.Int64
	for range ordered.Map(numbers(1_000_000, nil, &read), func(i int) (int, error) {
		running.Add(1)
		defer running.Add(-1)
		return i, nil
	}) {
		break
	}
	if n := running.Load(); n != 0 {
		t.Errorf("%d still work", n)
	}
	before := read.Load()
	if most := int64(5*runtime.GOMAXPROCS(0) + 5); before > most {
		t.Errorf("%d were read for one that was wanted, want at most %d", before, most)
	}
	runtime.Gosched()
	if read.Load() != before {
		t.Error("it is read on")
	}
}
