package store

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
)

// largeFile makes an artefact of ten gigabytes of an organisation's, as far as the store knows.
func (f *floor) largeFile(org polls.OrgID) compute.ArtefactID {
	f.t.Helper()
	m := &compute.Manifest{Length: 10 << 30}
	m.Pieces = make([][32]byte, compute.Pieces(m.Length))
	id, err := m.ID()
	f.check(err)
	_, err = f.db.Artefacts().CreateArtefact(f.t.Context(), &pipeline.Artefact{
		Blob: tasknet.NewID("blob", f.now), Org: org, ID: id, Length: m.Length, State: pipeline.ArtefactComplete, CreatedAt: f.now,
	}, m, 1<<40)
	f.check(err)
	return id
}

// TestTooLargeForNode: a job that reads ten gigabytes is not given to a node that has one, which goes on with others' work; a larger
// node gets it.
func TestTooLargeForNode(t *testing.T) {
	eachFloor(t, func(t *testing.T, f *floor) {
		a, b := f.newOrg("A"), f.newOrg("B")
		d := f.draft(a, compute.TrainJob, 0)
		d.Importance, d.Work.Inputs[0].Artefact = 10, f.largeFile(a)
		large := f.newJob(a, d)
		if large.Needs.Disk < 10<<30 || large.Needs.Memory < 10<<30 {
			t.Errorf("ten gigabytes need %d bytes of disk and %d of memory", large.Needs.Disk, large.Needs.Memory)
		}
		small := f.newNode(1e9, func(n *compute.Node) { n.Capability.Disk, n.Capability.Memory = 1<<30, 1<<40 })
		little := f.newNode(1e9, func(n *compute.Node) { n.Capability.Disk, n.Capability.Memory = 1<<40, 1<<30 })
		for _, n := range []*compute.Node{small, little} {
			if l := f.take(n); l != nil {
				t.Fatalf("%s got %+v", n.Name, l)
			}
		}
		other := f.newJob(b, f.draft(b, compute.TrainJob, 0))
		if l := f.take(small); l == nil || l.Job != other.ID {
			t.Errorf("the small node got %+v", l)
		}
		if l := f.take(f.newNode(1e9, func(n *compute.Node) { n.Capability.Disk, n.Capability.Memory = 1<<40, 1<<40 })); l == nil || l.Job != large.ID {
			t.Errorf("the large node got %+v", l)
		}
	})
}

// TestLieAboutGPU: a node that says that it has a GPU, and has none, gives the work back; it is not given it again before somebody
// else could have it, the job is not blamed for it, and nobody else waits.
func TestLieAboutGPU(t *testing.T) {
	eachFloor(t, func(t *testing.T, f *floor) {
		a, b := f.newOrg("A"), f.newOrg("B")
		d := f.draft(a, compute.TrainJob, 0)
		d.GPU = true
		wants := f.newJob(a, d)
		says := func(n *compute.Node) { n.Capability.GPU, n.Capability.GPUMemory = "A GPU", 80<<30 }
		liar, honest, plain := f.newNode(1e9, says), f.newNode(1e9, says), f.newNode(1e9)
		l := f.take(liar)
		if l == nil || l.Job != wants.ID {
			t.Fatalf("the liar got %+v", l)
		}
		other := f.newJob(b, f.draft(b, compute.TrainJob, 0))
		if l := f.take(plain); l == nil || l.Job != other.ID {
			t.Errorf("another's job waits: %+v", l)
		}
		_, err := f.Fail(t.Context(), liar, l.ID, compute.Resources, "There is no GPU here.")
		f.check(err)
		if again := f.take(liar); again != nil {
			t.Fatalf("the liar got it again at once: %+v", again)
		}
		good := f.take(honest)
		if good == nil || good.Job != wants.ID || good.Why.Again != "failed" {
			t.Fatalf("who has a GPU got %+v", good)
		}
		f.now = f.now.Add(time.Second)
		f.check(f.finish(honest, good))
		if j := f.job(wants.ID); j.State != compute.JobDone || j.Problem != "" {
			t.Errorf("the job is %s: %s", j.State, j.Problem)
		}
		if _, err := f.Fail(t.Context(), liar, l.ID, compute.Resources, "again"); !errors.Is(err, compute.ErrLeaseOver) {
			t.Errorf("a lease that was given back fails again: %v", err)
		}
	})
}

// TestLieAboutSpeed: a node that says it has a GPU, keeps the work, and does it on its processor a fifty times slower. The job goes on: the
// others do all rows but those that it has, and those too when they are late. What it gets then, of this job and the next, is sized by what
// it delivered, and nobody else's parts are.
func TestLieAboutSpeed(t *testing.T) {
	eachFloor(t, func(t *testing.T, f *floor) {
		org := f.newOrg("A")
		says := func(n *compute.Node) { n.Capability.GPU, n.Capability.GPUMemory = "A GPU", 80<<30 }
		const rows = 40_000
		one := f.newJob(org, f.draft(org, compute.InferJob, rows))
		_, err := f.CancelJob(t.Context(), org, one.ID)
		f.check(err)
		rate, truly := 100*one.Each, float64(one.Each) // so that a part of a minute has 6,000 rows
		honest, liar := f.newNode(rate, says), f.newNode(rate, says)
		newJob := func() *compute.Job {
			d := f.draft(org, compute.InferJob, rows)
			d.GPU = true
			return f.newJob(org, d)
		}
		node := func(n *compute.Node) *compute.Node {
			now, err := f.db.Jobs().Node(t.Context(), n.Key)
			f.check(err)
			return now
		}
		type working struct {
			n     *compute.Node
			l     *compute.Lease
			speed float64
			ends  time.Time
			sizes []int
		}
		run := func(j *compute.Job) (honestly, lying []int) {
			began := f.now
			all := []*working{{n: honest, speed: float64(rate)}, {n: liar, speed: float64(rate) / 50}}
			for f.job(j.ID).State == compute.JobOpen && f.now.Sub(began) < time.Hour {
				for _, w := range all {
					if w.l != nil && !f.now.Before(w.ends) {
						if err := f.finish(node(w.n), w.l); err != nil && !errors.Is(err, compute.ErrLeaseOver) {
							t.Fatal(err)
						}
						w.l = nil
					}
					if w.l != nil {
						if _, err := f.Beat(t.Context(), w.n, w.l.ID, compute.Report{}, "", 0); errors.Is(err, compute.ErrLeaseOver) {
							w.l = nil
						} else {
							f.check(err)
						}
					}
					if w.l == nil {
						if w.l = f.take(node(w.n)); w.l != nil {
							w.sizes = append(w.sizes, w.l.To-w.l.From)
							w.ends = f.now.Add(time.Duration(float64(w.l.To-w.l.From) * truly / w.speed * float64(time.Second)))
						}
					}
				}
				f.now = f.now.Add(5 * time.Second)
			}
			if now := f.job(j.ID); now.State != compute.JobDone || now.Finished != rows {
				t.Fatalf("after %v the job is %s, with %d rows", f.now.Sub(began), now.State, now.Finished)
			}
			if w := all[1]; w.l != nil { // a last look at what another has done
				_, err := f.Beat(t.Context(), w.n, w.l.ID, compute.Report{}, "", 0)
				if !errors.Is(err, compute.ErrLeaseOver) {
					t.Errorf("the liar goes on at a job that is done: %v", err)
				}
			}
			return all[0].sizes, all[1].sizes
		}
		run(newJob())
		run(newJob())
		honestly, lying := run(newJob())
		if most := slices.Max(lying); most > rows/50 {
			t.Errorf("the liar gets up to %d rows of %d: %v", most, rows, lying)
		}
		if most := slices.Max(honestly); most < 3000 {
			t.Errorf("who has a GPU gets up to %d rows: %v", most, honestly)
		}
		if a, b := node(liar), node(honest); a.Pace > compute.PaceWhole/10 || b.Pace < compute.PaceWhole/2 || b.Pace > 2*compute.PaceWhole {
			t.Errorf("the paces are %d and %d", a.Pace, b.Pace)
		}
	})
}

// TestCheckpointsAreRemoved: a checkpoint that another takes the place of is removed at once, the last one a day after the job was
// settled, and nothing else that a node names as one.
func TestCheckpointsAreRemoved(t *testing.T) {
	eachFloor(t, func(t *testing.T, plain *floor) {
		f, org := newPaidFloor(t, plain.db)
		mine := f.stored(org, "a file of the organisation's").Artefact
		f.now = f.now.Add(time.Second)
		j, n := f.newJob(org, f.draft(org, compute.TrainJob, 0)), f.newNode(1e9)
		l := f.take(n)
		kept := func(name, content string) compute.ArtefactID {
			m := compute.ManifestOf([]byte(content))
			var a *pipeline.Artefact
			f.check(f.db.InTx(t.Context(), func(tx pipeline.Tx) (err error) {
				a, err = f.NewArtefact(t.Context(), tx, org, m, name, "")
				return err
			}))
			_, err := f.PutPiece(t.Context(), a, 0, []byte(content))
			f.check(err)
			return a.ID
		}
		there := func(id compute.ArtefactID) bool {
			_, err := f.db.Artefacts().Artefact(t.Context(), org, id)
			if err != nil && !errors.Is(err, pipeline.ErrNoArtefact) {
				t.Fatal(err)
			}
			return err == nil
		}
		first, second, third, result := kept("checkpoint", "one"), kept("checkpoint", "two"), kept("other", "three"), kept("checkpoint", "{}")
		beat := func(id compute.ArtefactID, step int) {
			_, err := f.Beat(t.Context(), n, l.ID, compute.Report{Step: step, Of: 100}, id, step)
			f.check(err)
		}
		beat(mine, 1) // it is older than the job: it does not count
		beat(first, 2)
		beat(third, 3)
		beat(second, 4)
		if there(first) || !there(second) || !there(third) || !there(mine) {
			t.Errorf("there are %t, %t, %t and %t", there(first), there(second), there(third), there(mine))
		}
		beat(result, 5)
		r := f.receipt(n, l)
		for i := range r.Outputs {
			r.Outputs[i] = compute.JobFile{Role: r.Outputs[i].Role, Artefact: result, Bytes: int64(len("{}"))}
		}
		f.check(r.Sign(jobsInstance, f.keys[n.ID]))
		_, err := f.Finish(t.Context(), n, r)
		f.check(err)
		other := f.newJob(org, f.draft(org, compute.TrainJob, 0))
		l = f.take(n)
		last := kept("checkpoint", "last")
		beat(last, 1)
		_, err = f.CancelJob(t.Context(), org, other.ID)
		f.check(err)
		f.now = f.now.Add(holdBack)
		f.work()
		f.now = f.now.Add(pipeline.CheckpointsKept - time.Second)
		f.check(f.DropCheckpoints(t.Context()))
		if !there(last) {
			t.Error("it is removed too early")
		}
		f.now = f.now.Add(time.Second)
		f.check(f.DropCheckpoints(t.Context()))
		if there(last) || !there(result) || !there(mine) || !there(third) {
			t.Errorf("after a day there are %t, %t, %t and %t", there(last), there(result), there(mine), there(third))
		}
		part, err := f.db.Jobs().Part(t.Context(), j.ID, 0, 0)
		f.check(err)
		if part.Checkpoint != "" || part.Result == "" {
			t.Errorf("the part is %+v", part)
		}
	})
}
