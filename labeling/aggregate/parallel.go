package aggregate

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// each calls f with every number below n, on all processors, and returns when all calls have. What f writes must not
// depend on the order of the calls.
func each(n int, f func(i int)) {
	threads := min(n, runtime.GOMAXPROCS(0))
	if threads < 2 {
		for i := range n {
			f(i)
		}
		return
	}
	var next atomic.Int64
	var group sync.WaitGroup
	for range threads {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	group.Wait()
}

// parts cuts the tasks into ranges with about as many answers each. How many follows from the votes alone, so that sums
// taken by part, and then over the parts in order, are the same on any number of processors. perPart is how many numbers
// a part keeps: all parts together keep no more than a few for each answer.
func (v *Votes) parts(perPart int) []int {
	const answersMin, most = 20_000, 16
	n := max(1, min(most, v.Len()/answersMin, 2*v.Len()/max(perPart, 1)))
	cuts := make([]int, n+1)
	t := 0
	for i := 1; i < n; i++ {
		for t < v.tasks && int(v.start[t]) < v.Len()/n*i {
			t++
		}
		cuts[i] = t
	}
	cuts[n] = v.tasks
	return cuts
}

// sums are numbers that parts add to, each its own.
type sums struct {
	cuts []int
	of   [][]float64
}

func (v *Votes) newSums(n int) *sums {
	s := &sums{cuts: v.parts(n)}
	s.of = make([][]float64, len(s.cuts)-1)
	for i := range s.of {
		s.of[i] = make([]float64, n)
	}
	return s
}

// collect calls add once for each part with its range of tasks and its numbers, all zero, and returns their sums. These
// are valid until it is called again.
func (s *sums) collect(add func(part, from, until int, into []float64)) []float64 {
	each(len(s.of), func(i int) {
		clear(s.of[i])
		add(i, s.cuts[i], s.cuts[i+1], s.of[i])
	})
	total := s.of[0]
	const step = 1 << 14
	each((len(total)+step-1)/step, func(block int) {
		from, until := block*step, min((block+1)*step, len(total))
		for _, part := range s.of[1:] {
			for j, x := range part[from:until] {
				total[from+j] += x
			}
		}
	})
	return total
}
