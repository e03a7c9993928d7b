package pipeline

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/tasknet/tasknet"
)

// Once names a write, so that it is done once however often it is sent.
type Once struct {
	Scope       string // who asks for what
	Key         string // the caller's idempotency key
	RequestHash [32]byte
}

// ErrKeyReused reports an idempotency key that came with another request before.
var ErrKeyReused = tasknet.NewError(tasknet.Conflict, "idempotency_key_reused", "This idempotency key came with another request before; use a new key for a new request.")

// Do runs f in a transaction and keeps its result, as JSON, as the reply to a key, in that same transaction. A key that
// has a reply gets it again and f is not run; replayed tells. ErrKeyReused when the request was another. An error of f
// is not kept.
func (p *Pipeline) Do(ctx context.Context, once Once, status int, f func(Tx) (any, error)) (reply Reply, replayed bool, err error) {
	reply, replayed, err = p.do(ctx, once, status, f)
	if errors.Is(err, ErrReplyExists) { // the other's reply is there now
		reply, replayed, err = p.do(ctx, once, status, f)
	}
	return reply, replayed, err
}

func (p *Pipeline) do(ctx context.Context, once Once, status int, f func(Tx) (any, error)) (reply Reply, replayed bool, err error) {
	err = p.stores.InTx(ctx, func(tx Tx) error {
		before, err := tx.Replies().Reply(ctx, once.Scope, once.Key)
		if err == nil {
			if before.RequestHash != once.RequestHash {
				return ErrKeyReused
			}
			reply, replayed = before, true
			return nil
		}
		if e, ok := errors.AsType[*tasknet.Error](err); !ok || e.Kind != tasknet.NotFound {
			return err
		}
		result, err := f(tx)
		if err != nil {
			return err
		}
		body, err := json.Marshal(result)
		if err != nil {
			return err
		}
		reply = Reply{Scope: once.Scope, Key: once.Key, RequestHash: once.RequestHash, Status: status, Body: body, At: p.now()}
		replayed = false
		return tx.Replies().SaveReply(ctx, reply)
	})
	return reply, replayed, err
}
