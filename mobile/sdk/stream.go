package sdk

import (
	"context"
	"errors"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/client"
)

// Follower is told what a stream brings. It is called as a Listener is.
type Follower interface {
	// Happened: kind is connected, with neither id nor body, each time that the stream opens. What follows is, of questions that
	// an organisation asked, question.progress, with a wire.Progress, or question.closed, with a wire.Question and an id to go on
	// after; and of questions to answer question.offered, with a wire.Offer.
	Happened(kind, id, body string)

	// Ended: the server does not allow the stream, as when the API key was revoked. It does not go on.
	Ended(code, text string)
}

// Stream is what Follow follows, or Visit.
type Stream struct {
	end  context.CancelFunc
	done chan struct{}
}

// Follow follows the questions of an organisation, by its API key, for apps whose person asks: after an event's id, or from now
// on with "". A connection that breaks is made again after the last event, with growing pauses, so that no close is missed, until
// the stream or the session is closed.
func (s *Session) Follow(key, after string, to Follower) (*Stream, error) {
	c, err := s.newClient()
	if err != nil {
		return nil, typed(err)
	}
	who := c.Requester(key)
	return s.stream(to, func(ctx context.Context, tell func(client.Event)) error {
		for e, err := range who.Events(ctx, after) {
			if err != nil {
				return err
			}
			if e.ID != "" {
				after = e.ID
			}
			tell(e)
		}
		return ctx.Err()
	})
}

// Visit says that the person is here, as while the app is in front, until the stream or the session is closed: meanwhile they are
// not woken by pushes, but told what they are offered. An offer names a question to Take, or none where Assignments has some. A
// connection that breaks is made again, with growing pauses; what was offered meanwhile is not told, so ask for assignments at each
// connected.
func (s *Session) Visit(to Follower) (*Stream, error) {
	return s.stream(to, func(ctx context.Context, tell func(client.Event)) error {
		person, err := s.reach(ctx)
		if err != nil {
			return err
		}
		for e, err := range person.Offers(ctx) {
			if err != nil {
				return err
			}
			tell(e)
		}
		return ctx.Err()
	})
}

// stream has a follower told what read reads until it fails, again and again.
func (s *Session) stream(to Follower, read func(context.Context, func(client.Event)) error) (*Stream, error) {
	_, end, err := s.begin(nil)
	if err != nil {
		return nil, err
	}
	defer end()
	stream := &Stream{done: make(chan struct{})}
	ctx, stop := context.WithCancel(s.ctx)
	stream.end = stop
	bell := newBell()
	s.life.Go(func() {
		defer close(stream.done)
		defer bell.close()
		follow(ctx, read, to, bell)
	})
	return stream, nil
}

// Close ends the stream: no event is told after it.
func (f *Stream) Close() {
	f.end()
	<-f.done
}

func follow(ctx context.Context, read func(context.Context, func(client.Event)) error, to Follower, bell *bell) {
	for tries := 1; ctx.Err() == nil; tries++ {
		err := read(ctx, func(e client.Event) {
			tries = 0
			body := ""
			switch e.Kind {
			case client.Progress:
				body = text(e.Progress)
			case client.Closed:
				body = text(e.Question)
			case client.Offered:
				body = text(e.Offer)
			}
			bell.ring(func() { to.Happened(string(e.Kind), e.ID, body) })
		})
		if ctx.Err() != nil {
			return
		}
		if e, ok := errors.AsType[*tasknet.Error](err); ok && client.Stated(err) && e.Kind != tasknet.Unavailable && e.Kind != tasknet.TooMany && e.Kind != tasknet.Internal {
			last := make(chan struct{})
			bell.ring(func() { defer close(last); to.Ended(e.Code, e.Message) })
			select {
			case <-last:
			case <-ctx.Done():
			}
			return
		}
		if client.Pause(ctx, client.Backoff(max(tries, 1), firstWait, streamWait)) != nil {
			return
		}
	}
}

// streamWait is the longest pause before a stream is tried again, beside those of the client.
const streamWait = time.Minute
