package client

import (
	"context"
	"iter"

	"github.com/tasknet/tasknet/server/wire"
)

// StartContest has items compared. The idempotency key is as with Ask.
func (r *Requester) StartContest(ctx context.Context, c wire.NewContest, key string) (wire.Contest, error) {
	return fetch[wire.Contest](ctx, r.client, r.post(orRandom(key), c, "contests"))
}

// Contest returns a contest with its ranking so far.
func (r *Requester) Contest(ctx context.Context, id string) (wire.Contest, error) {
	return fetch[wire.Contest](ctx, r.client, r.get("contests", id))
}

// Contests yields the organisation's contests, newest first.
func (r *Requester) Contests(ctx context.Context) iter.Seq2[wire.Contest, error] {
	return list(ctx, r.client, r.get("contests"), pageSize, func(p *wire.Contests) ([]wire.Contest, string) { return p.Contests, p.Next })
}

// CancelContest ends a contest with what is known.
func (r *Requester) CancelContest(ctx context.Context, id string) (wire.Contest, error) {
	return fetch[wire.Contest](ctx, r.client, r.post("", nil, "contests", id, "cancel"))
}
