package store

import (
	"crypto/ed25519"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/pipeline"
)

const jobsInstance = "5bd0a5c1e3f2476d8899aabbccddeeff00112233445566778899aabbccddeeff"

// floor is a server's store with organisations, nodes and a clock, on which jobs are done in time that does not pass by itself.
type floor struct {
	*pipeline.Pipeline
	t     testing.TB
	db    *DB
	now   time.Time
	files map[polls.OrgID]compute.ArtefactID
	keys  map[compute.NodeID]ed25519.PrivateKey
	exam  pipeline.Exam
	apart bool // copies must be

	stakes rewards.StakeTerms
}

func newFloor(t testing.TB, db *DB) *floor {
	f := &floor{
		t: t, db: db, now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), files: map[polls.OrgID]compute.ArtefactID{}, keys: map[compute.NodeID]ed25519.PrivateKey{},
	}
	p, err := pipeline.New(db, labeling.NewStopper(db.Labels()), nil, nil, pipeline.Config{Instance: jobsInstance, ChainID: 7, Now: func() time.Time { return f.now }, Artefacts: pipeline.ArtefactConfig{Pieces: newShelf()}})
	f.check(err)
	f.Pipeline = p
	return f
}

func (f *floor) check(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

// newOrg makes an organisation with a file.
func (f *floor) newOrg(name string) polls.OrgID {
	f.t.Helper()
	org, err := f.NewOrg(f.t.Context(), name)
	f.check(err)
	m := &compute.Manifest{Length: 1000, Pieces: [][32]byte{{1}}}
	id, err := m.ID()
	f.check(err)
	a := &pipeline.Artefact{Blob: tasknet.NewID("blob", f.now), Org: org.ID, ID: id, Length: m.Length, State: pipeline.ArtefactUploading, CreatedAt: f.now, ExpiresAt: f.now.Add(time.Hour)}
	_, err = f.db.Artefacts().CreateArtefact(f.t.Context(), a, m, 1<<40)
	f.check(err)
	_, err = f.db.Artefacts().AddPiece(f.t.Context(), a.Blob, 0, f.now)
	f.check(err)
	f.files[org.ID] = id
	return org.ID
}

var tinyModel = compute.Spec{Input: compute.Input{Kind: compute.Words, Buckets: 64}, Layers: []compute.Layer{{Type: compute.Dense, Units: 8}}, Classes: []string{"yes", "no"}}

func (f *floor) draft(org polls.OrgID, kind compute.JobKind, rows int) compute.JobDraft {
	d := compute.JobDraft{Title: "A job", Importance: 5, MaxTime: time.Hour, Work: compute.Work{Kind: kind, Model: &tinyModel}}
	d.Work.Inputs = []compute.JobFile{{Role: compute.DataRole, Artefact: f.files[org], Name: "rows.jsonl"}}
	if kind != compute.TrainJob {
		d.Work.Temperature = 1
		d.Work.Inputs = append(d.Work.Inputs, compute.JobFile{Role: compute.WeightsRole, Artefact: f.files[org], Name: "weights.safetensors"})
	}
	if kind == compute.InferJob {
		d.Work.Rows = rows
	}
	return d
}

func (f *floor) newJob(org polls.OrgID, d compute.JobDraft) *compute.Job {
	f.t.Helper()
	var j *compute.Job
	f.check(f.db.InTx(f.t.Context(), func(tx pipeline.Tx) (err error) {
		j, err = f.NewJob(f.t.Context(), tx, org, d)
		return err
	}))
	return j
}

func (f *floor) job(id compute.JobID) *compute.Job {
	f.t.Helper()
	j, err := f.db.Jobs().Job(f.t.Context(), id)
	f.check(err)
	return j
}

// newNode has a machine of somebody new join.
func (f *floor) newNode(rate int64, change ...func(*compute.Node)) *compute.Node {
	f.t.Helper()
	var seed [32]byte
	binary.BigEndian.PutUint64(seed[:], uint64(len(f.keys)+1))
	key := ed25519.NewKeyFromSeed(seed[:])
	device := polls.DeviceKey(key.Public().(ed25519.PublicKey))
	var wallet polls.Wallet
	binary.BigEndian.PutUint64(wallet[:], uint64(len(f.keys)+1))
	person, err := f.db.Polls().Register(f.t.Context(), polls.Respondent{ID: polls.RespondentID(tasknet.NewID(polls.RespondentPrefix, f.now)), Wallet: wallet, CreatedAt: f.now},
		polls.Device{Delegation: polls.Delegation{Wallet: wallet, Device: device, Issued: f.now, Expires: f.now.Add(time.Hour)}})
	f.check(err)
	n := &compute.Node{Owner: person.ID, Key: device, Name: fmt.Sprint("node ", len(f.keys)), Rate: rate, ProvenAt: f.now, Capability: compute.Capability{
		Class: "test", Cores: 2, Memory: 8 << 30, Disk: 8 << 30, Trainers: []string{"gomlx"}, Slots: 1, Version: "1",
	}}
	for _, c := range change {
		c(n)
	}
	n, err = f.Join(f.t.Context(), n)
	f.check(err)
	f.keys[n.ID] = key
	return n
}

func (f *floor) take(n *compute.Node, working ...compute.LeaseID) *compute.Lease {
	f.t.Helper()
	l, _, err := f.TakeWork(f.t.Context(), n, working, nil)
	f.check(err)
	f.check(f.db.Jobs().SeeNode(f.t.Context(), n.ID, f.now))
	return l
}

func (f *floor) receipt(n *compute.Node, l *compute.Lease) *compute.Receipt {
	f.t.Helper()
	j := f.job(l.Job)
	r := &compute.Receipt{Lease: l.ID, Job: l.Job, Part: l.Part, Work: j.Hash, Code: "1", Trainer: "gomlx", Class: "test", Began: l.BeganAt, Ended: f.now}
	work, _, err := compute.ReadWork(j.Work)
	f.check(err)
	for _, role := range work.Makes() {
		out := compute.JobFile{Artefact: f.files[j.Org], Bytes: 1000}
		switch role {
		case compute.PredictionsRole:
			if l.To > l.From { // a session's are the transcript of its answers
				out = f.stored(j.Org, said(l, 0.9))
			}
		case compute.CardRole:
			out = f.stored(j.Org, `{"temperature":1}`)
		case compute.MetricsRole:
			out = f.stored(j.Org, `{"examples":1}`)
		}
		out.Role = role
		r.Outputs = append(r.Outputs, out)
	}
	f.check(r.Sign(jobsInstance, f.keys[n.ID]))
	return r
}

func (f *floor) finish(n *compute.Node, l *compute.Lease) error {
	f.t.Helper()
	return f.finishBy(n, f.receipt(n, l))
}

// finishBy hands in a receipt.
func (f *floor) finishBy(n *compute.Node, r *compute.Receipt) error {
	_, err := f.Finish(f.t.Context(), n, r)
	return err
}

// eachFloor runs a test on both backends.
func eachFloor(t *testing.T, test func(*testing.T, *floor)) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		db, err := Open(t.Context(), config(t))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
		test(t, newFloor(t, db))
	})
}

// TestJobsAreDone has nodes of very different speed, some of which vanish, fail, start anew or forget, do the jobs of three
// organisations, and checks that every row is done once, that nothing is left over, and that none of them had to wait for the others.
func TestJobsAreDone(t *testing.T) {
	eachFloor(t, func(t *testing.T, f *floor) {
		const step = 5 * time.Second
		random := rand.New(rand.NewPCG(3, 5))
		a, b, c := f.newOrg("A"), f.newOrg("B"), f.newOrg("C")
		jobs := []*compute.Job{f.newJob(a, f.draft(a, compute.InferJob, 40_000)), f.newJob(b, f.draft(b, compute.InferJob, 40_000)), f.newJob(c, f.draft(c, compute.TrainJob, 0))}
		type machine struct {
			node  *compute.Node
			lease *compute.Lease
			ends  time.Time
			gone  time.Time // until then nothing is heard of it
		}
		var nodes []*machine
		each := jobs[0].Each
		for i := range 12 {
			nodes = append(nodes, &machine{node: f.newNode(each << (i / 2))}) // 1 to 32 rows a second
		}
		most := map[compute.NodeID]int{}
		tail := map[polls.OrgID]time.Time{}
		ended := 0
		for round := 0; ended < len(jobs); round++ {
			if round > 5000 {
				t.Fatal("the jobs do not end")
			}
			f.now = f.now.Add(step)
			f.check(f.DropLeases(t.Context()))
			for _, m := range nodes {
				if f.now.Before(m.gone) {
					continue
				}
				switch luck := random.IntN(1000); {
				case luck < 4:
					m.gone, m.lease = f.now.Add(time.Duration(random.IntN(240))*time.Second), nil // starts anew some time later
					continue
				case luck < 8 && m.lease != nil:
					_, err := f.Fail(t.Context(), m.node, m.lease.ID, compute.Crashed, "It fell over.")
					if err != nil && !errors.Is(err, compute.ErrLeaseOver) {
						t.Fatal(err)
					}
					m.lease = nil
				}
				if m.lease == nil {
					if m.lease = f.take(m.node); m.lease == nil {
						continue
					}
					rows := m.lease.To - m.lease.From
					if m.lease.Why.Again == "" { // what another lost is as large as it was
						most[m.node.ID] = max(most[m.node.ID], rows)
					}
					took := time.Duration(float64(rows) * float64(each) / float64(m.node.Rate) * (0.7 + 0.6*random.Float64()) * float64(time.Second))
					if f.job(m.lease.Job).Kind == compute.TrainJob {
						took = 10 * time.Minute
					}
					m.ends = f.now.Add(took)
					continue
				}
				var err error
				if f.now.Before(m.ends) {
					_, err = f.Beat(t.Context(), m.node, m.lease.ID, compute.Report{Step: int(f.now.Sub(m.lease.BeganAt) / time.Second), Of: 1 << 20}, "", 0)
				} else {
					err = f.finish(m.node, m.lease)
				}
				switch {
				case errors.Is(err, compute.ErrLeaseOver):
					m.lease = nil
				case err != nil:
					t.Fatal(err)
				case !f.now.Before(m.ends):
					m.lease = nil
				}
			}
			ended = 0
			for _, j := range jobs {
				if now := f.job(j.ID); now.State != compute.JobOpen {
					if ended++; tail[j.Org].IsZero() {
						tail[j.Org] = f.now
					}
				}
			}
		}
		for _, j := range jobs {
			j = f.job(j.ID)
			if j.State != compute.JobDone || j.Finished != j.Rows || j.Cut != j.Rows || j.Waiting != 0 {
				t.Errorf("%s ended as %s (%s), %d of %d rows done, %d cut, %d parts wait", j.ID, j.State, j.Problem, j.Finished, j.Rows, j.Cut, j.Waiting)
			}
			at, lost := 0, 0
			for after := ""; ; {
				parts, next, err := f.db.Jobs().Parts(t.Context(), j.ID, tasknet.Page{After: after})
				f.check(err)
				for _, p := range parts {
					if p.Part.From != at || p.Part.State != compute.PartDone || p.Part.Copies != 0 || p.Result == nil || p.Result.State != compute.LeaseDone || p.Result.Receipt == nil || p.Result.Part != p.Part.Number {
						t.Fatalf("part %d of %s, from %d after %d: %+v, %+v", p.Part.Number, j.ID, p.Part.From, at, p.Part, p.Result)
					}
					at, lost = p.Part.To, lost+p.Part.Lost+len(p.Part.Failures)
				}
				if after = next; next == "" {
					break
				}
			}
			if at != j.Rows {
				t.Errorf("the parts of %s end at row %d of %d", j.ID, at, j.Rows)
			}
			running, err := f.db.Jobs().Running(t.Context(), j.ID)
			f.check(err)
			if len(running) > 0 {
				t.Errorf("%d leases of %s still run", len(running), j.ID)
			}
			t.Logf("%s: %d parts, %d times again, ended after %v", j.Kind, j.Parts, lost, tail[j.Org].Sub(j.CreatedAt))
		}
		weak, strong := most[nodes[0].node.ID], most[nodes[11].node.ID]
		if weak == 0 || strong < 8*weak {
			t.Errorf("the weakest got parts of up to %d rows, and the strongest, 32 times as fast, of up to %d", weak, strong)
		}
		first, second := tail[a].Sub(jobs[0].CreatedAt), tail[b].Sub(jobs[1].CreatedAt)
		if first > second*3/2 || second > first*3/2 {
			t.Errorf("two equal jobs of two organisations took %v and %v", first, second)
		}
	})
}

func TestWhoGetsWork(t *testing.T) {
	eachFloor(t, func(t *testing.T, f *floor) {
		org := f.newOrg("A")
		weak := f.newNode(1e6, func(n *compute.Node) { n.Capability.Memory = 2000 })
		if l := f.take(weak); l != nil {
			t.Fatalf("there was nothing to do, and %s was given", l.ID)
		}
		f.newJob(org, f.draft(org, compute.TrainJob, 0))
		if l := f.take(weak); l != nil {
			t.Error("a node got work that its memory is too small for")
		}
		gpu := f.draft(org, compute.TrainJob, 0)
		gpu.GPU, gpu.Importance = true, 10
		onGPU := f.newJob(org, gpu)
		torch := f.draft(org, compute.TrainJob, 0)
		torch.Trainer, torch.Importance = "torch", 9
		byTorch := f.newJob(org, torch)
		plain := f.newNode(1e6)
		l := f.take(plain)
		if l == nil || l.Job == onGPU.ID || l.Job == byTorch.ID {
			t.Fatalf("a node without a GPU and torch got %+v", l)
		}
		if _, _, err := f.TakeWork(t.Context(), plain, []compute.LeaseID{l.ID}, nil); !errors.Is(err, compute.ErrSlots) {
			t.Errorf("a node with one slot asked for a second lease: %v", err)
		}
		if again := f.take(plain); again == nil || again.ID != l.ID {
			t.Errorf("a node that forgot its lease got %+v", again)
		}
		able := f.newNode(1e6, func(n *compute.Node) {
			n.Capability.GPU, n.Capability.GPUMemory, n.Capability.Trainers, n.Capability.Slots = "A GPU", 1<<30, []string{"torch", "gomlx"}, 3
		})
		one := f.take(able)
		two := f.take(able, one.ID)
		if one.Job != onGPU.ID || two.Job != byTorch.ID {
			t.Errorf("by importance %s and %s come first; given were %s and %s", onGPU.ID, byTorch.ID, one.Job, two.Job)
		}
		whole := f.draft(org, compute.TrainJob, 0)
		whole.Trainer = "torch in bfloat16"
		exactly := f.newJob(org, whole)
		torch.Importance = 8
		loosely := f.newJob(org, torch)
		if l := f.take(f.newNode(1e6, func(n *compute.Node) { n.Capability.Trainers = []string{"torch on CUDA"} })); l == nil || l.Job != loosely.ID {
			t.Errorf("a node with torch on CUDA got %+v", l)
		}
		if l := f.take(f.newNode(1e6, func(n *compute.Node) { n.Capability.Trainers = []string{"torchlight"} })); l != nil {
			t.Errorf("a node with another trainer got %+v", l)
		}
		if l := f.take(f.newNode(1e6, func(n *compute.Node) { n.Capability.Trainers = []string{"torch in bfloat16"} })); l == nil || l.Job != exactly.ID {
			t.Errorf("a node with torch in bfloat16 got %+v", l)
		}
	})
}

// TestLatecomer: who comes when others have been given much gets its turn from then on, and not first all that it did not ask for before.
func TestLatecomer(t *testing.T) {
	eachFloor(t, func(t *testing.T, f *floor) {
		n := f.newNode(1e9, func(n *compute.Node) { n.Capability.Slots = 64 })
		var working []compute.LeaseID
		take := func(times int) map[polls.OrgID]int {
			got := map[polls.OrgID]int{}
			for range times {
				l := f.take(n, working...)
				if l == nil {
					t.Fatal("there is no work")
				}
				working = append(working, l.ID)
				got[f.job(l.Job).Org]++
			}
			return got
		}
		large := func(org polls.OrgID) {
			d := f.draft(org, compute.InferJob, 100_000)
			d.PartRows = 1000
			f.newJob(org, d)
		}
		first, late := f.newOrg("A"), f.newOrg("B")
		large(first)
		take(20)
		large(late)
		if got := take(20); got[late] < 9 || got[late] > 11 {
			t.Errorf("of 20 parts who came late got %d", got[late])
		}
	})
}

func TestLeaseEnds(t *testing.T) {
	eachFloor(t, func(t *testing.T, f *floor) {
		org := f.newOrg("A")
		n, other := f.newNode(1e6), f.newNode(1e6)
		j := f.newJob(org, f.draft(org, compute.TrainJob, 0))
		l := f.take(n)

		loss := 0.5
		beat := func(r compute.Report) error {
			_, err := f.Beat(t.Context(), n, l.ID, r, f.files[org], r.Step)
			return err
		}
		f.check(beat(compute.Report{}))
		f.check(beat(compute.Report{Step: 5, Of: 10, Loss: &loss}))
		for name, r := range map[string]compute.Report{
			"back": {Step: 4, Of: 10}, "over": {Step: 11, Of: 10}, "another end": {Step: 6, Of: 12}, "no end": {Step: 6}, "below": {Step: -1, Of: 10},
		} {
			if err := beat(r); !errors.Is(err, compute.ErrBadProgress) {
				t.Errorf("progress %s: %v", name, err)
			}
		}
		if _, err := f.Beat(t.Context(), other, l.ID, compute.Report{Step: 6, Of: 10}, "", 0); !errors.Is(err, compute.ErrNoLease) {
			t.Errorf("another node reported progress: %v", err)
		}

		// Nothing is heard of it: another goes on from the checkpoint.
		f.now = f.now.Add(compute.LeaseTime - time.Second)
		f.check(f.DropLeases(t.Context()))
		f.check(beat(compute.Report{Step: 5, Of: 10}))
		f.now = f.now.Add(compute.LeaseTime)
		f.check(f.DropLeases(t.Context()))
		if err := beat(compute.Report{Step: 6, Of: 10}); !errors.Is(err, compute.ErrLeaseOver) {
			t.Errorf("a lease that ran out took progress: %v", err)
		}
		if err := f.finish(n, l); !errors.Is(err, compute.ErrLeaseOver) {
			t.Errorf("a lease that ran out was finished: %v", err)
		}
		l2 := f.take(other)
		if l2 == nil || l2.Resumed != 5 || l2.Why.Again != "lost" {
			t.Fatalf("after a node was lost another got %+v", l2)
		}

		// Receipts that do not hold.
		good := f.receipt(other, l2)
		for name, change := range map[string]func(r *compute.Receipt){
			"unsigned":         func(r *compute.Receipt) { r.Signature = [64]byte{} },
			"of other work":    func(r *compute.Receipt) { r.Work[0] ^= 1 },
			"of another job":   func(r *compute.Receipt) { r.Job = "job_00000000000000000000000000" },
			"of another part":  func(r *compute.Receipt) { r.Part = 1 },
			"without a card":   func(r *compute.Receipt) { r.Outputs = slices.Clone(r.Outputs[1:]) },
			"with one twice":   func(r *compute.Receipt) { r.Outputs = append(slices.Clone(r.Outputs), r.Outputs[0]) },
			"that ends before": func(r *compute.Receipt) { r.Ended = r.Began.Add(-time.Second) },
		} {
			bad := *good
			change(&bad)
			if name != "unsigned" {
				f.check(bad.Sign(jobsInstance, f.keys[other.ID]))
			}
			if _, err := f.Finish(t.Context(), other, &bad); !errors.Is(err, compute.ErrBadReceipt) {
				t.Errorf("a receipt %s: %v", name, err)
			}
		}
		stolen := *good
		f.check(stolen.Sign(jobsInstance, f.keys[n.ID]))
		if _, err := f.Finish(t.Context(), other, &stolen); !errors.Is(err, compute.ErrBadReceipt) {
			t.Errorf("a receipt by another node's key: %v", err)
		}
		for range 2 { // the same again changes nothing
			if _, err := f.Finish(t.Context(), other, good); err != nil {
				t.Fatal(err)
			}
		}
		if now := f.job(j.ID); now.State != compute.JobDone || now.Finished != 1 {
			t.Errorf("the job is %s with %d rows done", now.State, now.Finished)
		}
		if _, err := f.CancelJob(t.Context(), org, j.ID); !errors.Is(err, compute.ErrJobEnded) {
			t.Errorf("a job that is done was cancelled: %v", err)
		}
	})
}

func TestJobFailsOrIsCancelled(t *testing.T) {
	eachFloor(t, func(t *testing.T, f *floor) {
		org, stranger := f.newOrg("A"), f.newOrg("B")
		one, two := f.newNode(1e6), f.newNode(1e6)
		j := f.newJob(org, f.draft(org, compute.TrainJob, 0))
		_, err := f.Fail(t.Context(), one, f.take(one).ID, compute.Diverged, "The loss is no number.")
		f.check(err)
		if l := f.take(one); l != nil {
			t.Error("who failed got it again at once")
		}
		_, err = f.Fail(t.Context(), two, f.take(two).ID, compute.Diverged, "The loss is no number.")
		f.check(err)
		if now := f.job(j.ID); now.State != compute.JobFailed || now.Problem != "The loss is no number." {
			t.Errorf("after two failures of its own the job is %s: %q", now.State, now.Problem)
		}

		endless := f.draft(org, compute.TrainJob, 0)
		endless.MaxTime = 2 * time.Minute
		j = f.newJob(org, endless)
		l := f.take(one)
		for s := range 13 {
			f.now = f.now.Add(10 * time.Second)
			f.check(f.DropLeases(t.Context()))
			if _, err := f.Beat(t.Context(), one, l.ID, compute.Report{Step: s, Of: 1000}, "", 0); errors.Is(err, compute.ErrLeaseOver) {
				break
			}
		}
		if now, err := f.db.Jobs().Lease(t.Context(), l.ID); err != nil || now.State != compute.LeaseTimeout {
			t.Errorf("a lease that never ends is %v (%v)", now, err)
		}
		if l := f.take(one); l != nil {
			t.Error("who took too long got it again at once")
		}
		f.now = f.now.Add(time.Minute)
		l = f.take(one)
		if _, err := f.CancelJob(t.Context(), stranger, j.ID); !errors.Is(err, compute.ErrNoJob) {
			t.Errorf("a stranger cancelled the job: %v", err)
		}
		for range 2 {
			if now, err := f.CancelJob(t.Context(), org, j.ID); err != nil || now.State != compute.JobCancelled {
				t.Fatal(now, err)
			}
		}
		if err := f.finish(one, l); !errors.Is(err, compute.ErrLeaseOver) {
			t.Errorf("work for a cancelled job was taken: %v", err)
		}
		if p, err := f.db.Jobs().Part(t.Context(), j.ID, 0, 0); err != nil || p.State != compute.PartWaiting || p.Copies != 0 {
			t.Errorf("a part of a cancelled job is %+v, %v", p, err)
		}
		if l := f.take(one); l != nil {
			t.Errorf("%s was given after all jobs ended", l.ID)
		}
	})
}

// TestTakeAtOnce has many nodes ask at the same time, each doing what it gets at once.
func TestTakeAtOnce(t *testing.T) {
	eachFloor(t, func(t *testing.T, f *floor) {
		org := f.newOrg("A")
		j := f.newJob(org, f.draft(org, compute.InferJob, 3000))
		var nodes []*compute.Node
		for range 8 {
			nodes = append(nodes, f.newNode(j.Each)) // 60 rows at a time
		}
		for _, n := range nodes { // what is written of each is made before, since f.receipt is for one goroutine
			f.check(f.db.Jobs().SeeNode(t.Context(), n.ID, f.now.Add(time.Second)))
		}
		f.now = f.now.Add(time.Minute)
		var all sync.WaitGroup
		failed := make(chan error, len(nodes))
		for _, n := range nodes {
			all.Go(func() {
				for {
					l, j, err := f.TakeWork(t.Context(), n, nil, nil)
					if err != nil || l == nil {
						failed <- err
						return
					}
					out, err := f.keep(t.Context(), j.Org, said(l, 0.9))
					if err != nil {
						failed <- err
						return
					}
					out.Role = compute.PredictionsRole
					r := &compute.Receipt{Lease: l.ID, Job: l.Job, Part: l.Part, Work: j.Hash, Began: l.BeganAt, Ended: f.now, Outputs: []compute.JobFile{out}}
					if err := r.Sign(jobsInstance, f.keys[n.ID]); err != nil {
						failed <- err
						return
					}
					if _, err := f.Finish(t.Context(), n, r); err != nil {
						failed <- err
						return
					}
				}
			})
		}
		all.Wait()
		for range nodes {
			f.check(<-failed)
		}
		j = f.job(j.ID)
		parts, _, err := f.db.Jobs().Parts(t.Context(), j.ID, tasknet.Page{Limit: tasknet.PageLimitMax})
		f.check(err)
		at := 0
		for _, p := range parts {
			if p.Part.From != at || p.Result == nil {
				t.Fatalf("part %d begins at %d after %d: %+v", p.Part.Number, p.Part.From, at, p.Part)
			}
			at = p.Part.To
		}
		if j.State != compute.JobDone || at != 3000 || j.Finished != 3000 {
			t.Errorf("%s: %d rows are in parts, %d done", j.State, at, j.Finished)
		}
	})
}

// TestSlowIsDoubled has a node take much longer than it should: when nothing else is left, another does its part as well, and the
// first that is done counts.
func TestSlowIsDoubled(t *testing.T) {
	eachFloor(t, func(t *testing.T, f *floor) {
		org := f.newOrg("A")
		draft := f.draft(org, compute.InferJob, 6)
		draft.PartRows = 1
		j := f.newJob(org, draft)
		slow, other, fast := f.newNode(j.Each*100, func(n *compute.Node) { n.Capability.Slots = 2 }), f.newNode(j.Each*100), f.newNode(j.Each*100)
		late := f.take(slow)
		f.now = f.now.Add(time.Second) // which is due later
		later := f.take(other)
		for {
			l := f.take(fast)
			if l == nil {
				break
			}
			f.now = f.now.Add(100 * time.Millisecond)
			f.check(f.finish(fast, l))
		}
		for s := range 20 {
			f.now = f.now.Add(compute.BeatEvery)
			beat := func(n *compute.Node, l *compute.Lease, s int) error {
				_, err := f.Beat(t.Context(), n, l.ID, compute.Report{Step: s, Of: 1000}, "", 0)
				return err
			}
			f.check(beat(slow, late, s))
			f.check(beat(other, later, s))
			if l := f.take(slow, late.ID); l != nil && l.Part == late.Part {
				t.Fatal("a node got its own part twice")
			}
			if l := f.take(fast); l != nil {
				if l.Part != late.Part || l.Why.Again != "slow" {
					t.Fatalf("given was %+v", l)
				}
				f.check(f.finish(fast, l))
				if err := beat(slow, late, s+1); !errors.Is(err, compute.ErrLeaseOver) {
					t.Errorf("the slow one goes on: %v", err)
				}
				f.check(beat(other, later, s+1))
				f.check(f.finish(other, later))
				if p, err := f.db.Jobs().Part(t.Context(), j.ID, late.Part, 0); err != nil || p.Copies != 0 {
					t.Errorf("the part that two did is %+v, %v", p, err)
				}
				if now := f.job(j.ID); now.State != compute.JobDone {
					t.Errorf("the job is %s", now.State)
				}
				return
			}
		}
		t.Error("the part of the slow node was given to nobody else")
	})
}

// BenchmarkLeases gives leases of one job to 64 nodes that ask at once, and takes the receipts.
func BenchmarkLeases(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchLeases(b, sqliteConfig(b)) })
	b.Run("postgres", func(b *testing.B) {
		if os.Getenv(postgresURL) == "" {
			b.Skip(postgresURL + " is not set")
		}
		benchLeases(b, postgresConfig(b))
	})
}

func benchLeases(b *testing.B, cfg Config) {
	db, err := Open(b.Context(), cfg)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	f := newFloor(b, db)
	org := f.newOrg("A")
	j := f.newJob(org, f.draft(org, compute.InferJob, 5_000_000))
	nodes := make(chan *compute.Node, 64)
	for range cap(nodes) {
		nodes <- f.newNode(max(j.Each/60, 1), func(n *compute.Node) { n.Capability.Slots = 64 })
	}
	b.SetParallelism(32)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			n := <-nodes
			l, j, err := f.TakeWork(b.Context(), n, nil, nil)
			if err == nil && l != nil {
				var out compute.JobFile
				if out, err = f.keep(b.Context(), org, said(l, 0.9)); err != nil {
					b.Error(err)
				}
				out.Role = compute.PredictionsRole
				r := &compute.Receipt{Lease: l.ID, Job: l.Job, Part: l.Part, Work: j.Hash, Began: l.BeganAt, Ended: f.now, Outputs: []compute.JobFile{out}}
				if err = r.Sign(jobsInstance, f.keys[n.ID]); err == nil {
					_, err = f.Finish(b.Context(), n, r)
				}
			}
			if err != nil || l == nil {
				b.Error("no lease", err)
			}
			nodes <- n
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "leases/s")
}

// TestChosenWork: a node gets nothing but what its owner chose: neither in its turn, nor what is late elsewhere.
func TestChosenWork(t *testing.T) {
	eachFloor(t, func(t *testing.T, f *floor) {
		a, b := f.newOrg("A"), f.newOrg("B")
		ja := f.newJob(a, f.draft(a, compute.TrainJob, 0))
		jb := f.newJob(b, f.draft(b, compute.TrainJob, 0))
		n := f.newNode(1e6)
		choose := func(only, not []string) {
			t.Helper()
			f.check(f.db.Jobs().PlaceNode(t.Context(), n.ID, "", compute.Choice{Only: only, Not: not}))
			now, err := f.db.Jobs().Node(t.Context(), n.Key)
			f.check(err)
			n = now
		}
		for _, c := range []struct {
			only, not []string
			want      compute.JobID
		}{
			{only: []string{string(b)}, want: jb.ID},
			{only: []string{string(ja.ID)}, want: ja.ID},
			{only: []string{string(b), string(ja.ID)}, not: []string{string(jb.ID)}, want: ja.ID},
			{not: []string{string(a)}, want: jb.ID},
			{not: []string{string(b), string(ja.ID)}},
			{only: []string{string(a), string(b)}, not: []string{string(a), string(b)}},
		} {
			choose(c.only, c.not)
			f.now = f.now.Add(2 * time.Second) // so that it is looked first whether there is anything
			l := f.take(n)
			if got := l; c.want == "" != (got == nil) || got != nil && got.Job != c.want {
				t.Errorf("only %v and not %v: %+v, want %s", c.only, c.not, got, c.want)
			}
			if l != nil {
				_, err := f.Fail(t.Context(), n, l.ID, compute.Stopped, "")
				f.check(err)
			}
		}

		slow := f.newNode(1e6)
		draft := f.draft(a, compute.InferJob, 1)
		draft.Importance = 9
		late := f.newJob(a, draft)
		f.take(slow)
		f.now = f.now.Add(compute.LeaseTime + time.Second)
		choose([]string{string(b)}, []string{string(jb.ID)})
		if l := f.take(n); l != nil {
			t.Errorf("what is late elsewhere was given against its choice: %+v", l)
		}
		choose([]string{string(late.ID)}, nil)
		if l := f.take(n); l == nil || l.Job != late.ID || l.Why.Again != "slow" {
			t.Errorf("what is late elsewhere and was chosen: %+v", l)
		}
	})
}
