package sdk

import (
	"context"
	"errors"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/client"
)

const (
	// firstWait and longestWait bound how long an answer waits for its next try, after the client has tried for a while.
	firstWait   = time.Second
	longestWait = 5 * time.Minute

	// doubtsMost is how often the server must say what it has not proven until it is believed: something on the way may have
	// made it say so, or said it in its place.
	doubtsMost = 4
)

// send sends what waits, oldest first, until the session ends.
func (s *Session) send() {
	for s.ctx.Err() == nil {
		w, wait := s.outbox.due(time.Now())
		if w != nil {
			s.deliver(w)
			continue
		}
		timer := time.NewTimer(wait)
		select {
		case <-s.ctx.Done():
		case <-timer.C:
		case <-s.outbox.wake:
		}
		timer.Stop()
	}
}

// deliver sends an answer once, and settles it or has it wait.
func (s *Session) deliver(w *waiting) {
	person, err := s.reach(s.ctx)
	if err == nil {
		_, err = person.Session(s.ctx, "") // a receipt names the person
	}
	if err != nil {
		s.wait(err)
		return
	}
	err = s.deliverAs(s.ctx, person, w)
	switch refused, ok := errors.AsType[*client.Refused](err); {
	case err == nil || s.ctx.Err() != nil:
	case ok && refused.DeviceEnded():
		s.wait(err)
	case errors.Is(err, errOtherPlace) || ok && (refused.Proven || w.doubts+1 >= doubtsMost), errors.Is(err, client.ErrBadReceipt) && w.doubts+1 >= doubtsMost:
		if err := s.refuse(w, err); err != nil {
			s.wait(err)
		}
	case ok || errors.Is(err, client.ErrBadReceipt):
		w.doubts++
		s.waitFor(w, err)
	case client.Stated(err) && tasknet.Describe(err).Kind == tasknet.Internal: // with this answer; others may fare better
		s.waitFor(w, err)
	default:
		s.wait(err)
	}
}

func (s *Session) deliverAs(ctx context.Context, person *client.Respondent, w *waiting) error {
	_, instance, err := s.signer()
	if err != nil {
		return err
	}
	if w.Instance != instance {
		return errOtherPlace
	}
	if w.Answer.Device != s.Device() { // which was replaced
		if err := s.signAnew(w); err != nil {
			return err
		}
	}
	got, err := person.Send(ctx, w.Assignment.Question, w.Answer)
	if errors.Is(err, client.ErrBadReceipt) {
		w.doubted = &got // kept with it if it stays so
	}
	if err != nil {
		return err
	}
	done := w.keptAnswer
	done.Accepted = &got
	return s.move(w, done, receiptsFolder, func() { s.tell.Accepted(text(done)) })
}

// refuse settles an answer that will not be recorded.
func (s *Session) refuse(w *waiting, why error) error {
	done := w.keptAnswer
	done.Refused, done.Accepted = refusedFor(why), w.doubted
	return s.move(w, done, refusedFolder, func() { s.tell.Refused(text(done)) })
}

// move moves an answer out of the outbox: its file is on the disk before its line is over.
func (s *Session) move(w *waiting, done keptAnswer, to string, tell func()) error {
	if err := s.folder.write(done, to, w.Assignment.ID); err != nil {
		return err
	}
	if err := s.forget(w, false); err != nil {
		return err
	}
	s.outbox.settle(w)
	s.outbox.mu.Lock()
	s.outbox.quiet, s.outbox.tries, s.outbox.delayed = time.Time{}, 0, ""
	s.outbox.mu.Unlock()
	s.say(tell)
	return nil
}

// wait has all answers wait, because of an error that is not of one of them.
func (s *Session) wait(err error) {
	o := &s.outbox
	o.mu.Lock()
	o.tries++
	o.quiet = time.Now().Add(client.Backoff(o.tries, firstWait, longestWait))
	o.mu.Unlock()
	s.tellDelayed(err)
}

// waitFor has an answer wait.
func (s *Session) waitFor(w *waiting, err error) {
	o := &s.outbox
	o.mu.Lock()
	w.tries++
	w.next = time.Now().Add(client.Backoff(w.tries, firstWait, longestWait))
	o.mu.Unlock()
	s.tellDelayed(err)
}

func (s *Session) tellDelayed(err error) {
	if s.ctx.Err() != nil {
		return
	}
	e := describe(err)
	o := &s.outbox
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.delayed != e.code {
		o.delayed = e.code
		s.say(func() { s.tell.Delayed(e.code, e.text) })
	}
}
