package sdk

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// leases are the assignments that are held here and not answered. They are kept in a file, so that they can be answered after a
// start without a network.
type leases struct {
	mu      sync.Mutex
	held    map[string]*lease // guarded by mu, by assignment
	leaving map[string]*lease // guarded by mu: that are being answered
	changed chan struct{}     // of capacity 1
}

// lease is kept past its end, since an answer counts while the question is open.
type lease struct {
	wire.Assignment
	Told bool `json:"told,omitempty"` // that it ended
}

// leaseLook is the longest time between two looks at which leases have ended: a device may sleep while a timer runs.
const leaseLook = time.Minute

func (s *Session) loadLeases() error {
	s.leases.held, s.leases.leaving, s.leases.changed = make(map[string]*lease), make(map[string]*lease), make(chan struct{}, 1)
	var all []*lease
	err := s.folder.read(&all, knownFolder, "leases")
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, errBadFile) { // the server knows them, too
		return err
	}
	for _, l := range all {
		if !s.answered(l.ID) {
			s.leases.held[l.ID] = l
		}
	}
	return nil
}

// answered reports whether an assignment has been answered here.
func (s *Session) answered(assignment string) bool {
	_, waits := s.outbox.find(assignment)
	return waits || slices.ContainsFunc(settledFolders, func(in string) bool { return s.folder.has(in, assignment) })
}

// Assignments takes questions to answer, count at most (1 to 10), counting those that are held already, and returns those held
// as a wire.Assignments. They are by the person's taste; languages are instead of those in it, as BCP 47 tags with commas between.
func (s *Session) Assignments(c *Cancel, count int, languages string) (string, error) {
	taste := s.likes()
	if languages != "" {
		taste.Reads = strings.Split(languages, ",")
	}
	return ask(s, c, func(ctx context.Context, p *client.Respondent) (wire.Assignments, error) {
		got, err := p.AssignmentsFor(ctx, count, taste)
		if err != nil {
			return wire.Assignments{}, err
		}
		return wire.Assignments{Assignments: s.hold(got)}, nil
	})
}

// Take takes a certain question, as one that a notification named, and returns a wire.Assignment.
func (s *Session) Take(c *Cancel, question string) (string, error) {
	return ask(s, c, func(ctx context.Context, p *client.Respondent) (wire.Assignment, error) {
		got, err := p.Assignment(ctx, question)
		if err == nil {
			s.hold([]wire.Assignment{got})
		}
		return got, err
	})
}

// Held returns the assignments that can be answered now, without asking the server, as a wire.Assignments: those whose leases
// run first come first.
func (s *Session) Held() string {
	s.leases.mu.Lock()
	defer s.leases.mu.Unlock()
	out := []wire.Assignment{}
	for _, l := range s.leases.held {
		if s.clock.now().Before(l.Expires.Time) {
			out = append(out, l.Assignment)
		}
	}
	slices.SortFunc(out, func(a, b wire.Assignment) int { return a.Expires.Compare(b.Expires.Time) })
	return text(wire.Assignments{Assignments: out})
}

// Skip gives an assignment back for good. The reason says why, or reports a bad question: none, unclear, broken, not_for_me,
// wrong_choices, offensive or other. It never counts against the person.
func (s *Session) Skip(c *Cancel, assignment, reason string) error {
	_, err := reply(s, c, func(ctx context.Context, p *client.Respondent) (struct{}, error) {
		return struct{}{}, p.Skip(ctx, assignment, reason)
	})
	if err == nil {
		s.leases.mu.Lock()
		defer s.leases.mu.Unlock()
		delete(s.leases.held, assignment)
		s.keepLeases()
	}
	return err
}

// hold keeps assignments that were taken, and returns those of them that are not answered here: the server may not know that yet.
func (s *Session) hold(got []wire.Assignment) []wire.Assignment {
	s.leases.mu.Lock()
	defer s.leases.mu.Unlock()
	got = slices.DeleteFunc(got, func(a wire.Assignment) bool { return s.leases.leaving[a.ID] != nil || s.answered(a.ID) })
	for _, a := range got {
		s.leases.held[a.ID] = &lease{Assignment: a}
	}
	for id, l := range s.leases.held {
		if s.clock.now().After(l.Question.Deadline.Time) {
			delete(s.leases.held, id)
		}
	}
	s.keepLeases()
	select {
	case s.leases.changed <- struct{}{}:
	default:
	}
	return slices.Clip(got)
}

// keepLeases writes the leases down. s.leases.mu is held. What cannot be written is taken from the server again, so that a full
// disk is told where it matters.
func (s *Session) keepLeases() {
	all := make([]*lease, 0, len(s.leases.held))
	for _, l := range s.leases.held {
		all = append(all, l)
	}
	_ = s.folder.write(all, knownFolder, "leases")
}

// takeOut takes a lease out to be answered; putBack says whether it was. errNoLease, errAnswered.
func (s *Session) takeOut(assignment string) (a wire.Assignment, err error) {
	s.leases.mu.Lock()
	defer s.leases.mu.Unlock()
	l := s.leases.held[assignment]
	switch {
	case l != nil:
		delete(s.leases.held, assignment)
		s.leases.leaving[assignment] = l
		return l.Assignment, nil
	case s.leases.leaving[assignment] != nil || s.answered(assignment):
		return a, errAnswered
	}
	return a, errNoLease
}

// putBack ends what takeOut began: a lease that was not answered is held again.
func (s *Session) putBack(assignment string, answered bool) {
	s.leases.mu.Lock()
	defer s.leases.mu.Unlock()
	if !answered {
		s.leases.held[assignment] = s.leases.leaving[assignment]
	}
	delete(s.leases.leaving, assignment)
}

// watchLeases tells of leases that end.
func (s *Session) watchLeases() {
	for {
		timer := time.NewTimer(s.endLeases())
		select {
		case <-s.ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		case <-s.leases.changed:
		}
		timer.Stop()
	}
}

// endLeases tells of leases that have ended, and returns for how long the next lasts.
func (s *Session) endLeases() time.Duration {
	s.leases.mu.Lock()
	defer s.leases.mu.Unlock()
	next := leaseLook
	for _, l := range s.leases.held {
		left := l.Expires.Sub(s.clock.now())
		switch {
		case l.Told:
		case left > 0:
			next = min(next, left)
		default:
			l.Told = true
			gone := text(l.Assignment)
			s.say(func() { s.tell.Expired(gone) })
		}
	}
	return next
}
