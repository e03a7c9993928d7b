package compute

import (
	"cmp"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"math/bits"
	"time"

	"github.com/tasknet/tasknet"
)

// Terms are what a job pays and how it is checked. They are fixed when it is made.
type Terms struct {
	Price    tasknet.Amount // of all rows, done once; zero: nothing is paid
	Fee      tasknet.Amount // the operator's, on the price
	Replicas int            // owners who do each part, whose results are compared
	MinStake tasknet.Amount // that the owner of a node must have at stake to get something of it
	AuditPPM int            // of single parts, in millionths, that a second owner does in secret
	Seed     [32]byte       // says which; nobody learns it before the job is settled, its hash is in the log from the start

	Hidden   *Hidden  // tasks by which a trained model is judged, drawn by the seed as well; nil where there are none
	Unjudged Unjudged // of a training: why there are none
}

// Awaits reports whether what a node delivers counts only when it was judged, or compared with others'.
func (t *Terms) Awaits() bool { return t.Replicas > 1 || t.Hidden != nil }

// Limits of terms.
const (
	ReplicasMax = 3

	// AuditLeast and AuditMost bound how many single parts are audited. With the most, who always cheats is found within 59 parts
	// in 95 of 100 cases; with the least, within 99.
	AuditLeast = 30_000
	AuditMost  = 50_000
)

// PriceMax is the most that a job costs, and StakeMax the most that it asks its nodes' owners to stake.
var (
	PriceMax = tasknet.Micro(1_000_000_000_000)
	StakeMax = PriceMax
)

func newTerms(d *JobDraft) (*Terms, error) {
	t := &Terms{Price: d.Price, Fee: d.Fee, Replicas: max(d.Replicas, 1)}
	if d.Replicas < 0 || t.Replicas > ReplicasMax {
		return nil, badJob("A part is done by 1 to %d owners.", ReplicasMax)
	}
	if t.Price.Sign() < 0 || t.Price.Cmp(PriceMax) > 0 {
		return nil, badJob("A job's price is from 0 to 1,000,000 tokens.")
	}
	if t.MinStake = d.MinStake; t.MinStake.Sign() < 0 || t.MinStake.Cmp(StakeMax) > 0 {
		return nil, badJob("A job asks the owners of its nodes for a stake of 0 to 1,000,000 tokens.")
	}
	if t.Replicas == 1 && t.Price.Sign() > 0 {
		t.AuditPPM = d.AuditPPM
	}
	rand.Read(t.Seed[:]) // never fails
	if d.Hidden != nil {
		t.Hidden, t.Seed = d.Hidden, d.Seed
	} else if d.Work.Kind == TrainJob {
		t.Unjudged = cmp.Or(d.Unjudged, NotHere)
		if t.Price.Sign() > 0 && t.Replicas == 1 {
			return nil, badJob("Its model cannot be judged by tasks that no node had (%s), and one that nothing is held against is not paid: have at least two owners train it (replicas), or pay nothing.", t.Unjudged)
		}
	}
	return t, nil
}

// Most is how often a row is paid at the most: to as many owners as it takes to refute another.
func (t *Terms) Most() int {
	if t.AuditPPM > 0 || t.Replicas > 1 {
		return Refuters
	}
	return 1
}

// Hold is what is set aside for the job: price and fee for each time that a row may be paid. What is not used goes back.
func (j *Job) Hold() (tasknet.Amount, error) {
	return j.Terms.Price.Add(j.Terms.Fee).Times(j.Terms.Most())
}

// SharePay returns what rows of a job get of its price, and the operator of the fee. The shares of all rows sum to the whole.
func (j *Job) SharePay(from, to int) (pay, fee tasknet.Amount) {
	return share(j.Terms.Price, from, to, j.Rows), share(j.Terms.Fee, from, to, j.Rows)
}

func share(all tasknet.Amount, from, to, rows int) tasknet.Amount {
	upTo := func(row int) int64 {
		hi, lo := bits.Mul64(uint64(all.Micro()), uint64(row))
		q, _ := bits.Div64(hi, lo, uint64(rows))
		return int64(q)
	}
	return tasknet.Micro(upTo(to) - upTo(from))
}

// Audited reports whether a single part is audited, by the seed.
func (t *Terms) Audited(id JobID, part int) (bool, error) {
	if t.AuditPPM == 0 {
		return false, nil
	}
	h, err := tasknet.Hash("tasknet/audit-draw/v1", map[string]any{"job": string(id), "part": part, "seed": hex.EncodeToString(t.Seed[:])})
	drawn, _ := bits.Mul64(binary.BigEndian.Uint64(h[:8]), 1_000_000)
	return int(drawn) < t.AuditPPM, err
}

// SeedHash is what the log has of the seed from the start.
func (t *Terms) SeedHash(id JobID) ([32]byte, error) {
	return tasknet.Hash("tasknet/audit-seed/v1", map[string]any{"job": string(id), "seed": hex.EncodeToString(t.Seed[:])})
}

// Leaf returns tasknet/compute-job/v1, what the log has of a job from when it is made: what it pays, and how it will be checked. Of a
// job with a hidden part it is tasknet/compute-job/v2, which has that as well, and of one that asks for a stake tasknet/compute-job/v3,
// which has the stake, and the hidden part if there is one.
func (j *Job) Leaf(instance string) ([32]byte, error) {
	seed, err := j.Terms.SeedHash(j.ID)
	if err != nil {
		return [32]byte{}, err
	}
	leaf := map[string]any{
		"at_ms": j.CreatedAt.UnixMilli(), "audit_ppm": j.Terms.AuditPPM, "fee": j.Terms.Fee.String(), "instance": instance, "job": string(j.ID), "kind": string(j.Kind),
		"org": string(j.Org), "price": j.Terms.Price.String(), "replicas": j.Terms.Replicas, "rows": j.Rows, "seed": hex.EncodeToString(seed[:]),
		"work": hex.EncodeToString(j.Hash[:]),
	}
	tag := "tasknet/compute-job/v1"
	if j.Terms.Hidden != nil {
		tag = "tasknet/compute-job/v2"
		if leaf["hidden"], err = j.Terms.Hidden.leaf(); err != nil {
			return [32]byte{}, err
		}
	}
	if !j.Terms.MinStake.IsZero() {
		tag, leaf["min_stake"] = "tasknet/compute-job/v3", j.Terms.MinStake.String()
	}
	return tasknet.Hash(tag, leaf)
}

// Times of pay.
const (
	// HoldBackDefault is for how long a node's pay waits after its job has ended, so that a lie that is found costs it.
	HoldBackDefault = 24 * time.Hour

	// PatienceDefault is for how long a check waits for another owner's node, after which the results that there are count.
	PatienceDefault = 7 * 24 * time.Hour

	// ExcludeDefault is for how long an owner gets no work after a proven lie.
	ExcludeDefault = 30 * 24 * time.Hour
)
