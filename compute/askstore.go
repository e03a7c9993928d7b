package compute

import (
	"context"
	"time"
)

// AskStore keeps asks from when they come until the session that answered them is handed in. Each method is one transaction, or part
// of the caller's when the store was given by one.
type AskStore interface {
	// AddAsk saves a new ask of an open job. ErrJobEnded, ErrJobSpent when that and those that are not handed in yet are more rows
	// than the job has, ErrAsksFull.
	AddAsk(ctx context.Context, a *Ask) error

	// GiveAsk gives a lease the ask that it has and has not answered, or the one of its job that waits longest, or that another lease
	// has had for AskRetry; nil when there is none.
	GiveAsk(ctx context.Context, l *Lease, now time.Time) (*Ask, error)

	// AnswerAsk saves what a lease that was given an ask said, by a.ID, Lease, Said, Signature and AnsweredAt, and counts how long it
	// took. It reports false, and changes nothing, when nobody waits for it any more or another was faster. The same again is true.
	AnswerAsk(ctx context.Context, a *Ask) (bool, error)

	// Ask returns an ask; nil when there is none any more.
	Ask(ctx context.Context, id AskID) (*Ask, error)

	// DropAsk forgets an ask, unless it is answered.
	DropAsk(ctx context.Context, id AskID) error

	// Session tells how many asks a lease has answered, and when the first.
	Session(ctx context.Context, id LeaseID) (answered int, first time.Time, err error)

	// Answered returns what a lease has answered, in its order.
	Answered(ctx context.Context, id LeaseID) ([]*Ask, error)

	// ForgetSession forgets what a lease has answered.
	ForgetSession(ctx context.Context, id LeaseID) error

	// ForgetAsks forgets asks for which nobody waits since a moment and that no running lease has answered.
	ForgetAsks(ctx context.Context, before time.Time) error

	// EndSessions has the sessions of a locked job that wait for a node wait no more, and returns how many there were.
	EndSessions(ctx context.Context, id JobID) (int, error)

	// Serving returns how a live job is asked.
	Serving(ctx context.Context, id JobID, now time.Time) (*Serving, error)
}
