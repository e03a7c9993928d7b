package polls

import (
	"crypto/ed25519"
	"encoding/hex"
	"time"

	"github.com/tasknet/tasknet"
)

// Refusal is the server's signed statement that it does not accept an answer that a device signed, and why. So nobody can be told
// one thing, and others another. It is of no answer whose signature is bad, nor of one that may be accepted when it is sent again.
type Refusal struct {
	Answer    [32]byte // tasknet/answer/v1: what the device signed
	Device    DeviceKey
	Code      string // of the error
	At        time.Time
	Signature [64]byte
}

// Leaf returns tasknet/refusal/v1, which the server signs, and which is its leaf in the public log.
func (r *Refusal) Leaf(instance string) ([32]byte, error) {
	return tasknet.Hash("tasknet/refusal/v1", map[string]any{
		"answer": hex.EncodeToString(r.Answer[:]), "at_ms": r.At.UnixMilli(), "code": r.Code, "device": r.Device.String(), "instance": instance,
	})
}

// Check reports whether the instance's receipt key signed it.
func (r *Refusal) Check(instance string, key ed25519.PublicKey) bool {
	leaf, err := r.Leaf(instance)
	return err == nil && ed25519.Verify(key, leaf[:], r.Signature[:])
}

// RefusedError is why an answer was refused, with the statement of it.
type RefusedError struct {
	Refusal Refusal
	why     error
}

// Error is that of the reason.
func (e *RefusedError) Error() string { return e.why.Error() }

// Unwrap returns the reason.
func (e *RefusedError) Unwrap() error { return e.why }

// refuse returns why an answer is refused, with a statement if it is refused for good.
func (s *Service) refuse(p *pending, at time.Time) error {
	why := tasknet.Describe(p.Err)
	if why.Kind == tasknet.Internal || why.Kind == tasknet.Unavailable {
		return p.Err
	}
	r := Refusal{Answer: p.digest, Device: p.Answer.Device, Code: why.Code, At: at}
	leaf, err := r.Leaf(s.cfg.Instance)
	if err != nil {
		return err
	}
	r.Signature = [64]byte(ed25519.Sign(s.cfg.ReceiptKey(), leaf[:]))
	s.cfg.Refused(r.Device, leaf, at)
	return &RefusedError{r, p.Err}
}
