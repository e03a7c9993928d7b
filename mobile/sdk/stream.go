package sdk

import (
	"context"
	"errors"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/client"
)

// Follower is told what happens to the questions that an organisation asked. It is called as a Listener is.
type Follower interface {
	// Happened: kind is connected, with neither id nor body, each time that the stream opens; question.progress, with a
	// wire.Progress; or question.closed, with a wire.Question and an id to go on after.
	Happened(kind, id, body string)

	// Ended: the server does not allow the stream, as when the API key was revoked. It does not go on.
	Ended(code, text string)
}

// Stream is what Follow follows.
type Stream struct {
	end  context.CancelFunc
	done chan struct{}
}

// Follow follows the questions of an organisation, by its API key, for apps whose person asks: after an event's id, or from now
// on with "". A connection that breaks is made again after the last event, with growing pauses, so that no close is missed, until
// the stream or the session is closed.
func (s *Session) Follow(key, after string, to Follower) (*Stream, error) {
	ctx, end, err := s.begin(nil)
	if err != nil {
		return nil, err
	}
	defer end()
	c, err := s.newClient()
	if err != nil {
		return nil, typed(err)
	}
	stream := &Stream{done: make(chan struct{})}
	ctx, stream.end = context.WithCancel(s.ctx)
	bell := newBell()
	s.life.Go(func() {
		defer close(stream.done)
		defer bell.close()
		s.follow(ctx, c.Requester(key), after, to, bell)
	})
	return stream, nil
}

// Close ends the stream: no event is told after it.
func (f *Stream) Close() {
	f.end()
	<-f.done
}

func (s *Session) follow(ctx context.Context, who *client.Requester, after string, to Follower, bell *bell) {
	for tries := 1; ctx.Err() == nil; tries++ {
		err := func() error {
			for e, err := range who.Events(ctx, after) {
				if err != nil {
					return err
				}
				if e.ID != "" {
					after = e.ID
				}
				tries = 0
				body := ""
				switch e.Kind {
				case client.Progress:
					body = text(e.Progress)
				case client.Closed:
					body = text(e.Question)
				}
				bell.ring(func() { to.Happened(string(e.Kind), e.ID, body) })
			}
			return ctx.Err()
		}()
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
