package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"
)

// item is a part of the program that runs and is closed. Either may be nil.
type item struct {
	name  string
	run   func(ctx context.Context) error // blocks until ctx ends
	close func() error
}

// group runs items and stops them in reverse order, so that what takes work in stops before what does the work.
type group struct {
	log   *slog.Logger
	grace time.Duration // how long all items together may take to stop
	items []item
}

func (g *group) add(name string, run func(context.Context) error, close func() error) {
	g.items = append(g.items, item{name, run, close})
}

// running is an item that was started.
type running struct {
	item
	stop context.CancelFunc
	done chan error // closed when run has returned
}

// run starts all items and blocks until ctx ends or one of them fails, then stops them all. The error joins what
// failed on the way and what did not stop in time, by name.
func (g *group) run(ctx context.Context) error {
	var started []running
	ended := make(chan string, len(g.items))
	for _, it := range g.items {
		own, stop := context.WithCancel(context.WithoutCancel(ctx))
		r := running{it, stop, make(chan error, 1)}
		started = append(started, r)
		go func() {
			defer close(r.done)
			if r.run == nil {
				<-own.Done()
				return
			}
			err := r.run(own)
			if own.Err() == nil && err == nil {
				err = errors.New("it ended by itself")
			}
			if own.Err() == nil {
				r.done <- err
				ended <- r.name
			} else if err != nil && !errors.Is(err, context.Canceled) {
				r.done <- err
			}
		}()
	}
	select {
	case <-ctx.Done():
	case name := <-ended:
		g.log.Error("a part of the server ended; stopping", "part", name)
	}
	return g.stop(started)
}

func (g *group) stop(started []running) error {
	deadline := time.NewTimer(g.grace)
	defer deadline.Stop()
	var errs []error
	late := false
	for _, r := range slices.Backward(started) {
		r.stop()
		if late {
			continue
		}
		select {
		case err := <-r.done:
			if err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", r.name, err))
			}
			if r.close != nil {
				if err := r.close(); err != nil {
					errs = append(errs, fmt.Errorf("close %s: %w", r.name, err))
				}
			}
		case <-deadline.C:
			late = true
			errs = append(errs, fmt.Errorf("%s did not stop within %s", r.name, g.grace))
		}
	}
	return errors.Join(errs...)
}

// closeAll closes what was built when building the rest failed.
func (g *group) closeAll() error {
	var errs []error
	for _, it := range slices.Backward(g.items) {
		if it.close != nil {
			errs = append(errs, it.close())
		}
	}
	return errors.Join(errs...)
}
