package compute

import (
	"crypto/ed25519"
	"encoding/hex"
	"slices"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// Receipt is a node's signed word on what it did: of which inputs, by which program, it made which outputs.
type Receipt struct {
	Lease     LeaseID
	Job       JobID
	Part      int
	Work      [32]byte // SHA-256 of the job's work as the node got it
	Code      string   // the program: its version, and its SHA-256 since nodes know it
	Trainer   string
	Class     string // of hardware
	Began     time.Time
	Ended     time.Time
	Outputs   []JobFile
	Signature [64]byte
}

// ErrBadReceipt reports a receipt that does not hold: of other work, without the outputs that its kind of job makes, or not signed
// by the node.
var ErrBadReceipt = tasknet.NewError(tasknet.Invalid, "bad_compute_receipt", "The receipt is not of this lease, lacks an output, or is not signed by this node.")

// Digest returns tasknet/compute-receipt/v1, what the node signs. Times are milliseconds since 1970 by its own clock.
func (r *Receipt) Digest(instance string) ([32]byte, error) {
	return tasknet.Hash("tasknet/compute-receipt/v1", map[string]any{
		"began_ms": r.Began.UnixMilli(), "class": r.Class, "code": r.Code, "ended_ms": r.Ended.UnixMilli(), "instance": instance, "job": string(r.Job),
		"lease": string(r.Lease), "outputs": outputsOf(r.Outputs), "part": r.Part, "trainer": r.Trainer, "work": hex.EncodeToString(r.Work[:]),
	})
}

// Sign signs the receipt with a node's key.
func (r *Receipt) Sign(instance string, key ed25519.PrivateKey) error {
	digest, err := r.Digest(instance)
	if err == nil {
		copy(r.Signature[:], ed25519.Sign(key, digest[:]))
	}
	return err
}

// Check reports whether it is the word of a node on a lease of a job. ErrBadReceipt.
func (r *Receipt) Check(instance string, j *Job, l *Lease, key polls.DeviceKey) error {
	digest, err := r.Digest(instance)
	if err != nil {
		return err
	}
	made := make([]Role, len(r.Outputs))
	for i, o := range r.Outputs {
		made[i] = o.Role
	}
	slices.Sort(made)
	want := slices.Sorted(slices.Values(makes[j.Kind]))
	if r.Lease != l.ID || r.Job != j.ID || r.Part != l.Part || r.Work != j.Hash || !slices.Equal(made, want) || r.Ended.Before(r.Began) ||
		!polls.CheckSignature(key, digest, r.Signature) {
		return ErrBadReceipt
	}
	return nil
}
