package store

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
)

// line are transactions that run one after the other on one connection. Those that wait at the same time are one group, with one
// commit. Whoever finds nobody at it leads: it runs the group on its own goroutine, and those of the others run their bodies when
// it says so. So a writer that is alone has nobody to wait for, and a body's panic and its stack are its caller's.
type line[C groupConn] struct {
	writer chan C // holds the connection while nobody leads

	mu      sync.Mutex
	closed  bool      // guarded by mu
	waiting []*job[C] // guarded by mu; not yet in a group
}

// groupConn is a connection that runs groups.
type groupConn interface {
	querier

	// begin begins a transaction, which commit or rollback ends. A commit that fails is followed by a rollback.
	begin() error
	commit() error
	rollback()

	// beginBody marks where one of several bodies begins. endBody keeps what was done since, or undoes it when that failed.
	beginBody() error
	endBody(failed error) error
}

// open begins the line.
func (l *line[C]) open(conn C) {
	l.writer = make(chan C, 1)
	l.writer <- conn
}

// end runs what waits, and lets nothing wait any more. It returns the connection to whoever calls it first.
func (l *line[C]) end() (conn C, first bool) {
	l.mu.Lock()
	again := l.closed
	l.closed = true
	l.mu.Unlock()
	if again {
		return conn, false
	}
	conn = <-l.writer // nobody leads after this
	for group := l.take(nil); len(group) > 0; group = l.take(nil) {
		runGroup(conn, group, nil, nil)
	}
	return conn, true
}

// ended reports whether end was called.
func (l *line[C]) ended() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.closed
}

// job is a transaction that waits to be run.
type job[C groupConn] struct {
	state atomic.Int32
	turn  chan C        // gets the connection when the body is to run
	ran   chan struct{} // closed when it has run
	done  chan struct{} // closed when err is final: the group is committed, or not
	err   error
}

// The states of a job.
const (
	jobWaiting int32 = iota
	jobRunning
	jobAbandoned // its context ended while it was waiting
)

// write runs a body in a transaction, with others that wait.
func (l *line[C]) write(ctx context.Context, f func(querier) error) error {
	if inBody() {
		return errNested
	}
	j := &job[C]{turn: make(chan C, 1), ran: make(chan struct{}), done: make(chan struct{})}
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return ErrStopped
	}
	l.waiting = append(l.waiting, j)
	l.mu.Unlock()
	select {
	case conn := <-l.writer:
		defer func() { l.writer <- conn }()
		if j.state.Load() == jobWaiting {
			runGroup(conn, l.take(j), j, func() { j.run(ctx, f, conn) })
		}
	case conn := <-j.turn:
		j.run(ctx, f, conn)
	case <-j.done: // the transaction could not be begun
	case <-ctx.Done():
		if j.state.CompareAndSwap(jobWaiting, jobAbandoned) {
			return ctx.Err()
		}
		j.run(ctx, f, <-j.turn)
	}
	<-j.done
	return j.err
}

// take returns those who wait, but for own.
func (l *line[C]) take(own *job[C]) []*job[C] {
	l.mu.Lock()
	defer l.mu.Unlock()
	group := l.waiting
	l.waiting = nil
	return slices.DeleteFunc(group, func(j *job[C]) bool { return j == own })
}

// run runs the job's body.
func (j *job[C]) run(ctx context.Context, f func(querier) error, c C) {
	defer close(j.ran)
	j.err = errors.New("the body of a transaction panicked") // until it has returned
	if err := ctx.Err(); err != nil {
		j.err = err
		return
	}
	j.err = runBody(f, c)
}

// runGroup runs transactions in one of the database's, each in a savepoint so that it fails alone, and answers them when that
// is committed. own is of who leads, and may be nil: its body runs here, after those of all others, who are answered
// even when it panics.
func runGroup[C groupConn](c C, others []*job[C], own *job[C], body func()) {
	group := others
	if own != nil {
		group = append(group, own)
	}
	failed := c.begin()
	defer func() {
		if failed == nil {
			failed = c.commit()
		}
		if failed != nil {
			c.rollback()
		}
		for _, j := range group {
			if j.err == nil {
				j.err = failed
			}
			j.state.CompareAndSwap(jobWaiting, jobRunning) // it is over: nobody may run it again
			close(j.done)
		}
	}()
	part := func(j *job[C], run func()) {
		if len(group) == 1 {
			defer func() { failed = j.err }()
		} else {
			if failed = c.beginBody(); failed != nil {
				return
			}
			defer func() { failed = c.endBody(j.err) }()
		}
		run()
	}
	for _, j := range group {
		if failed != nil {
			return
		}
		if !j.state.CompareAndSwap(jobWaiting, jobRunning) {
			continue
		}
		if j == own {
			part(j, body)
			continue
		}
		part(j, func() {
			j.turn <- c
			<-j.ran
		})
	}
}
