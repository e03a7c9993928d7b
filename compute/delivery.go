package compute

import (
	"encoding/hex"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// PayState is what becomes of the pay for a delivery.
type PayState string

// The states of pay. All but the first are ends.
const (
	PayHeld    PayState = "held"    // until the job is settled
	PayPaid    PayState = "paid"    // what its rows are worth, which may be nothing
	PayRefused PayState = "refused" // Delivery.Why says for what
)

// Refusal is why a delivery is not paid.
type Refusal string

// Why pay is refused.
const (
	Refuted   Refusal = "refuted"   // other owners agree on another result
	Lied      Refusal = "lied"      // the owner was refuted elsewhere meanwhile
	Undecided Refusal = "undecided" // too few owners came to the same result
	Worthless Refusal = "worthless" // on tasks that no node had the model is no better than saying how frequent each class is
)

// Delivery is an accepted receipt, and what becomes of its pay.
type Delivery struct {
	Number   int64 // among all, in the order in which they were accepted
	Lease    LeaseID
	Job      JobID
	Part     int
	Copy     int
	From, To int // rows
	Node     NodeID
	Key      polls.DeviceKey // the node's
	Owner    polls.RespondentID
	Domain   string // of the network in which the lease was given; empty: not known, or not any more
	Receipt  *Receipt
	Pay      tasknet.Amount // held, then paid or refused
	Fee      tasknet.Amount
	State    PayState
	Why      Refusal
	At       time.Time // when it was accepted
}

// NewDelivery makes a delivery of a lease's receipt.
func NewDelivery(j *Job, l *Lease, n *Node, now time.Time) *Delivery {
	d := &Delivery{
		Lease: l.ID, Job: j.ID, Part: l.Part, Copy: l.Copy, From: l.From, To: l.To, Node: n.ID, Key: n.Key, Owner: l.Owner, Domain: l.Domain, Receipt: l.Receipt, State: PayHeld, At: now,
	}
	d.Pay, d.Fee = j.SharePay(l.From, l.To)
	return d
}

// Leaf returns tasknet/compute-receipt-record/v1, what the log has of a delivery. The signature in it is unknown to everybody but
// the node and the server, so that nobody finds out by it what other nodes returned before the job is settled.
func (d *Delivery) Leaf(instance string) ([32]byte, error) {
	digest, err := d.Receipt.Digest(instance)
	if err != nil {
		return [32]byte{}, err
	}
	return tasknet.Hash("tasknet/compute-receipt-record/v1", map[string]any{
		"at_ms": d.At.UnixMilli(), "copy": d.Copy, "from": d.From, "instance": instance, "lease": string(d.Lease), "node": d.Key.String(), "owner": string(d.Owner),
		"receipt": hex.EncodeToString(digest[:]), "signature": hex.EncodeToString(d.Receipt.Signature[:]), "to": d.To,
	})
}

// Standing is what is known of an owner of nodes.
type Standing struct {
	Accepted int       // deliveries that were settled and not refused
	Refuted  int       // deliveries that were proven wrong
	Until    time.Time // gets no work before
}
