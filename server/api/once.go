package api

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"strings"
	"sync"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
)

const idempotencyHeader = "Idempotency-Key"

// Idempotent is the header of a write that is done once however often it is sent.
type Idempotent struct {
	Key string `header:"Idempotency-Key" maxLength:"200" doc:"A new random value for each new request, such as a UUID. A request that is sent again with it gets the same reply, for seven days" example:"9f1d7c52-4c9e-4b6e-8f0e-0d3c5a2b1e77"`
}

// replayed is the reply to such a write.
type replayed[T any] struct {
	Status   int
	Replayed string `header:"Idempotency-Replayed" doc:"true when the request was done before, and this is its reply"`
	Body     T
}

var errNoKey = tasknet.NewError(tasknet.Invalid, "idempotency_key_required", "Send an Idempotency-Key header with up to 200 visible ASCII characters, new for each new request.")

// once names a write of a caller.
func (i Idempotent) once(who requester, operation string, body any) (pipeline.Once, error) {
	return i.onceFor(who.org.ID, operation, body)
}

// onceFor names a write for an organisation.
func (i Idempotent) onceFor(org polls.OrgID, operation string, body any) (pipeline.Once, error) {
	visible := func(r rune) bool { return r < 0x21 || r > 0x7e }
	if i.Key == "" || strings.ContainsFunc(i.Key, visible) {
		return pipeline.Once{}, errNoKey
	}
	raw, err := json.Marshal(body)
	return pipeline.Once{Scope: string(org) + " " + operation, Key: i.Key, RequestHash: sha256.Sum256(raw)}, err
}

// do does a write once and returns its reply.
func do[T any](ctx context.Context, s *Server, once pipeline.Once, status int, f func(pipeline.Tx) (T, error)) (*replayed[T], error) {
	reply, again, err := s.Pipeline.Do(ctx, once, status, func(tx pipeline.Tx) (any, error) { return f(tx) })
	if err != nil {
		return nil, err
	}
	return replayOf[T](reply, again)
}

func replayOf[T any](reply pipeline.Reply, again bool) (*replayed[T], error) {
	out := &replayed[T]{Status: reply.Status}
	if again {
		out.Replayed = "true"
	}
	return out, json.Unmarshal(reply.Body, &out.Body)
}

// keyedMutex lets one caller at a time through for each key.
type keyedMutex struct {
	mu   sync.Mutex // guards held
	held map[string]chan struct{}
}

// lock waits for key, and returns what unlocks it.
func (k *keyedMutex) lock(ctx context.Context, key string) (unlock func(), err error) {
	for {
		k.mu.Lock()
		wait, taken := k.held[key]
		if !taken {
			if k.held == nil {
				k.held = make(map[string]chan struct{})
			}
			free := make(chan struct{})
			k.held[key] = free
			k.mu.Unlock()
			return func() {
				k.mu.Lock()
				delete(k.held, key)
				k.mu.Unlock()
				close(free)
			}, nil
		}
		k.mu.Unlock()
		select {
		case <-wait:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
