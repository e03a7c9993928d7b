package client

import (
	"context"
	"errors"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/wire"
)

// Refused is why the server itself refused an answer, which may not be for good: who sends a whole answer again over a bad
// network may be told first that it is not one.
type Refused struct {
	Statement *wire.Refusal // nil where the server made none
	Proven    bool          // its key signed the statement, of this answer and for this reason
	why       error
}

// Error is that of the reason.
func (e *Refused) Error() string { return e.why.Error() }

// Unwrap returns the reason.
func (e *Refused) Unwrap() error { return e.why }

// DeviceEnded reports whether nothing that the device signs is accepted any more until it is registered anew, or another one is.
func (e *Refused) DeviceEnded() bool { return errors.Is(e, polls.ErrDeviceEnded) }

// refused returns the error of sending an answer: a *Refused when the server stated why it does not take the answer.
func (r *Respondent) refused(ctx context.Context, q wire.AskedQuestion, a wire.Answer, err error) error {
	said, ok := errors.AsType[*stated](err)
	if !ok {
		return err
	}
	switch said.problem.Kind {
	case tasknet.Invalid, tasknet.Forbidden, tasknet.NotFound, tasknet.Conflict, tasknet.TooLarge, tasknet.NotSupported:
		proven := r.checkRefusal(q, a, said)
		if !proven && said.refusal != nil && r.askKeys(ctx) == nil { // else it stays unproven
			proven = r.checkRefusal(q, a, said)
		}
		return &Refused{said.refusal, proven, err}
	}
	return err
}

// checkRefusal reports whether the server signed that it refuses an answer for the reason that it states.
func (r *Respondent) checkRefusal(q wire.AskedQuestion, a wire.Answer, said *stated) bool {
	if said.refusal == nil || a.Device != r.keys.DeviceKey().String() {
		return false
	}
	choice, value, err := a.Read()
	if err != nil {
		return false
	}
	signed := polls.Answer{Assignment: polls.AssignmentID(a.Assignment), Choice: choice, Value: polls.Value(value), Nonce: a.Nonce, ClientMS: a.Time}
	digest := signed.Digest(r.instance.Instance, q.Hash)
	refusal := polls.Refusal{Answer: digest, Device: r.keys.DeviceKey(), Code: said.problem.Code, At: time.UnixMilli(said.refusal.At)}
	err = fill(refusal.Signature[:], said.refusal.Signature)
	return err == nil && r.signs.Load().CheckRefusal(r.instance.Instance, &refusal)
}
