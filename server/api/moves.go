package api

import (
	"context"
	"net/http"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/cache"
	"github.com/tasknet/tasknet/server/wire"
)

const (
	movePrefix = "mov"

	// moveTime is how long a code waits to be scanned, and how long both phones have after that.
	moveTime = 5 * time.Minute

	// moveWait is how long a phone waits for the other one in one request, and moveLook how often it is looked meanwhile, wherever
	// moves are kept: moves are rare, and a person hardly notices a quarter of a second.
	moveWait = 15 * time.Second
	moveLook = 250 * time.Millisecond
)

type (
	moveInput struct {
		ID    string `path:"id" doc:"The move's id"`
		After int    `query:"after" minimum:"-1" maximum:"3" default:"-1" doc:"Wait up to 15 seconds until more messages than these were said, or it is done; left out: reply at once"`
	}
	moveID struct {
		ID string `path:"id" doc:"The move's id"`
	}
	moveMessageInput struct {
		ID   string `path:"id" doc:"The move's id"`
		Body wire.MoveMessage
	}
	moveClaimInput struct {
		ID   string `path:"id" doc:"The move's id"`
		Body wire.MoveClaim
	}
)

func (s *Server) moveRoutes() {
	begin := op(http.MethodPost, "/v1/moves", tagMe, "begin-move", "Begin to move my key to another phone")
	begin.Description = "The old phone shows the move's id and a secret of its own as a code, which the new phone scans. What they say to each other is sealed; " +
		"the server passes it on, and forgets it when it is done, ended, or five minutes old."
	begin.DefaultStatus = http.StatusCreated
	forRespondent(s, begin, s.beginMove)
	forRespondent(s, op(http.MethodGet, "/v1/moves/{id}", tagMe, "my-move", "How far my move is, or wait for the other phone"), s.myMove)
	forRespondent(s, op(http.MethodPost, "/v1/moves/{id}/messages", tagMe, "say-move", "Say something to the new phone"), s.sayMove)
	forRespondent(s, op(http.MethodDelete, "/v1/moves/{id}", tagMe, "end-move", "End my move"), s.endMove)
	claim := op(http.MethodPost, "/v1/moves/{id}/claim", tagAnswer, "claim-move", "Take part in a move as the new phone, or wait for the old one")
	claim.Description = "The first device that claims a move is the only one. It asks again with the same ticket and message to hear what the old phone says."
	forAnybody(s, claim, s.claimMove)
}

func (s *Server) beginMove(ctx context.Context, who respondent, _ *empty) (*of[wire.Move], error) {
	if err := take(ctx, s.limits.moves, string(who.id)); err != nil {
		return nil, err
	}
	now := s.Now().UTC().Truncate(time.Millisecond)
	id, m := tasknet.NewID(movePrefix, now), cache.Move{Owner: string(who.id), Expires: now.Add(moveTime)}
	if err := s.Moves.Open(ctx, id, m); err != nil {
		return nil, err
	}
	return wireMove(id, m), nil
}

func (s *Server) myMove(ctx context.Context, who respondent, in *moveInput) (*of[wire.Move], error) {
	m, err := s.awaitMove(ctx, in.ID, in.After, func(m cache.Move) error { return ownMove(who, m) })
	return wireMove(in.ID, m), err
}

func (s *Server) sayMove(ctx context.Context, who respondent, in *moveMessageInput) (*of[wire.Move], error) {
	m, err := s.Moves.Change(ctx, in.ID, func(m *cache.Move) error {
		if err := ownMove(who, *m); err != nil {
			return err
		}
		return m.Say(in.Body.Number, in.Body.Message)
	})
	return wireMove(in.ID, m), err
}

func (s *Server) endMove(ctx context.Context, who respondent, in *moveID) (*empty, error) {
	m, err := s.Moves.Read(ctx, in.ID)
	if err == nil {
		err = ownMove(who, m)
	}
	if err != nil {
		return nil, err
	}
	return nil, s.Moves.End(ctx, in.ID)
}

func (s *Server) claimMove(ctx context.Context, _ address, in *moveClaimInput) (*of[wire.Move], error) {
	m, err := s.Moves.Change(ctx, in.ID, func(m *cache.Move) error {
		err := m.Claim(in.Body.Ticket, in.Body.Message, s.Now().UTC().Truncate(time.Millisecond).Add(moveTime))
		if err == nil && in.Body.Done {
			err = m.Finish()
		}
		return err
	})
	if err == nil && in.Body.After != nil {
		m, err = s.awaitMove(ctx, in.ID, *in.Body.After, func(cache.Move) error { return nil })
	}
	return wireMove(in.ID, m), err
}

// ownMove reports a move that somebody else began as one that is not there.
func ownMove(who respondent, m cache.Move) error {
	if m.Owner != string(who.id) {
		return cache.ErrNoMove
	}
	return nil
}

// awaitMove returns a move that allowed says yes to when more messages than some were said in it; or as it is, when the time is
// over or the server stops.
func (s *Server) awaitMove(ctx context.Context, id string, after int, allowed func(cache.Move) error) (cache.Move, error) {
	over := time.NewTimer(moveWait)
	defer over.Stop()
	for last := false; ; {
		m, err := s.Moves.Read(ctx, id)
		if err == nil {
			err = allowed(m)
		}
		if err != nil || last || m.Done || len(m.Messages) > after || s.isStopping() {
			return m, err
		}
		select {
		case <-ctx.Done():
			return m, ctx.Err()
		case <-over.C:
			last = true
		case <-time.After(moveLook):
		}
	}
}

func wireMove(id string, m cache.Move) *of[wire.Move] {
	return &of[wire.Move]{wire.Move{ID: id, Expires: wire.At(m.Expires), Messages: listOf(m.Messages), Done: m.Done}}
}
