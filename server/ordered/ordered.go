// Package ordered works on the items of a sequence on all processors and gives the results in the order of the items.
package ordered

import (
	"iter"
	"runtime"
	"sync"
)

// Map yields f of each item of in, in their order. f runs for several items at once, and is read ahead for a few more than
// there are processors, which bounds the memory. After the first error of in or of f nothing more is yielded. All
// goroutines have ended when the iteration has; in is then left where it was.
func Map[In, Out any](in iter.Seq2[In, error], f func(In) (Out, error)) iter.Seq2[Out, error] {
	return func(yield func(Out, error) bool) {
		threads := runtime.GOMAXPROCS(0)
		work := make(chan *item[In, Out])
		order := make(chan *item[In, Out], 2*threads)
		stop := make(chan struct{})
		var group sync.WaitGroup
		group.Go(func() {
			defer close(order)
			defer close(work)
			feed(in, work, order, stop)
		})
		for range threads {
			group.Go(func() {
				for i := range work {
					i.out, i.err = f(i.in)
					close(i.done)
				}
			})
		}
		defer group.Wait()
		defer close(stop)
		for i := range order {
			<-i.done
			if !yield(i.out, i.err) || i.err != nil {
				return
			}
		}
	}
}

// item is on its way from in to the one who iterates.
type item[In, Out any] struct {
	in   In
	out  Out
	err  error
	done chan struct{} // closed when out and err are there
}

// feed hands items to those who work on them, and in their order to the one who waits for the results, until it is told
// to stop. order is what bounds how far it reads ahead.
func feed[In, Out any](in iter.Seq2[In, error], work, order chan<- *item[In, Out], stop <-chan struct{}) {
	for x, err := range in {
		i := &item[In, Out]{in: x, err: err, done: make(chan struct{})}
		if err != nil {
			close(i.done)
		}
		select {
		case order <- i:
		case <-stop:
			return
		}
		if err != nil {
			return
		}
		select {
		case work <- i:
		case <-stop:
			return
		}
	}
}
