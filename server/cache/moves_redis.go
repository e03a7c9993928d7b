package cache

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	// movesPatience is how long a move waits for Redis: nobody else waits with it, and there is no other place to look.
	movesPatience = 2 * time.Second

	// movesTries is how often a change is tried that others come before.
	movesTries = 10
)

// sharedMoves keeps moves in Redis, so that two phones meet whichever server they come to. While Redis is away there are none.
type sharedMoves struct {
	redis  *Redis
	client *redis.Client
	prefix string
	now    func() time.Time
}

// Moves returns moves between phones that come to any server.
func (r *Redis) Moves(now func() time.Time) Moves {
	return &sharedMoves{r, r.client.WithTimeout(movesPatience), r.prefix + "move:", now}
}

// Open implements Moves.
func (s *sharedMoves) Open(ctx context.Context, id string, m Move) error {
	return s.heard(ctx, s.put(ctx, s.client, id, m))
}

// Read implements Moves.
func (s *sharedMoves) Read(ctx context.Context, id string) (Move, error) {
	m, err := s.get(ctx, s.client, id)
	return m, s.heard(ctx, err)
}

// Change implements Moves.
func (s *sharedMoves) Change(ctx context.Context, id string, change func(*Move) error) (m Move, err error) {
	var refused error // by change
	for range movesTries {
		err = s.client.Watch(ctx, func(tx *redis.Tx) error {
			var err error
			if m, err = s.get(ctx, tx, id); err != nil {
				return err
			}
			if refused = change(&m); refused == nil {
				_, err = tx.TxPipelined(ctx, func(pipe redis.Pipeliner) error { return s.put(ctx, pipe, id, m) })
			}
			return err
		}, s.prefix+id)
		if !errors.Is(err, redis.TxFailedErr) {
			break
		}
	}
	if err := s.heard(ctx, err); err != nil {
		return Move{}, err
	}
	if refused != nil {
		return Move{}, refused
	}
	return m, nil
}

// End implements Moves.
func (s *sharedMoves) End(ctx context.Context, id string) error {
	return s.heard(ctx, s.client.Del(ctx, s.prefix+id).Err())
}

func (s *sharedMoves) get(ctx context.Context, from redis.Cmdable, id string) (m Move, err error) {
	raw, err := from.Get(ctx, s.prefix+id).Bytes()
	if errors.Is(err, redis.Nil) {
		return Move{}, ErrNoMove
	}
	if err != nil {
		return Move{}, err
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		return Move{}, err
	}
	if !s.now().Before(m.Expires) { // Redis forgets by its own clock
		return Move{}, ErrNoMove
	}
	return m, nil
}

func (s *sharedMoves) put(ctx context.Context, to redis.Cmdable, id string, m Move) error {
	raw, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return to.Set(ctx, s.prefix+id, raw, max(m.Expires.Sub(s.now()), time.Millisecond)).Err()
}

// heard notes whether Redis answered, and returns ErrMovesAway when it did not.
func (s *sharedMoves) heard(ctx context.Context, err error) error {
	if errors.Is(err, ErrNoMove) {
		s.redis.heard(ctx, nil)
		return err
	}
	if errors.Is(err, redis.TxFailedErr) { // it answered, and others were always first
		return ErrMovesAway
	}
	s.redis.heard(ctx, err)
	if err != nil {
		return ErrMovesAway
	}
	return nil
}
