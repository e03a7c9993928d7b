package compute_test

import (
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
)

// TestFetch offers a job with large files, and a later one with small ones, to nodes of different networks.
func TestFetch(t *testing.T) {
	now := time.Unix(1e9, 0)
	large := &compute.Job{ID: "job_large", Importance: 5, State: compute.JobOpen, Rows: 1, MaxTime: 6 * time.Hour, CreatedAt: now, Inputs: []compute.JobFile{{Artefact: "art_large", Bytes: 10 << 30}}}
	small := &compute.Job{ID: "job_small", Importance: 5, State: compute.JobOpen, Rows: 1, MaxTime: time.Hour, CreatedAt: now, Inputs: []compute.JobFile{{Artefact: "art_small", Bytes: 1 << 20}}}
	brief := *large
	brief.MaxTime = time.Hour
	choose := func(c compute.Capability, has []compute.ArtefactID, at time.Time, jobs ...*compute.Job) *compute.Pick {
		turn := compute.Turn{Org: "org_a"}
		for _, j := range jobs {
			turn.Jobs = append(turn.Jobs, compute.Candidate{Job: j})
		}
		return compute.Choose(compute.Offer{Node: &compute.Node{Rate: 1e9, Capability: c}, Has: has}, []compute.Turn{turn}, 1, at)
	}
	fast := compute.Capability{Down: 200 << 20, DiskRate: 1 << 30}
	slow := compute.Capability{Down: 2 << 20, DiskRate: 1 << 30}
	disk := compute.Capability{Down: 1 << 30, DiskRate: 2 << 20}
	later := now.Add(time.Hour)
	for _, c := range []struct {
		name  string
		of    compute.Capability
		has   []compute.ArtefactID
		at    time.Time
		jobs  []*compute.Job
		want  compute.JobID
		fetch int
	}{
		{"a fast network", fast, nil, now, []*compute.Job{large, small}, "job_large", 52},
		{"a network that was not measured", compute.Capability{}, nil, now, []*compute.Job{large, small}, "job_large", 0},
		{"a slow network", slow, nil, now, []*compute.Job{large, small}, "job_small", 1},
		{"a slow disk", disk, nil, now, []*compute.Job{large, small}, "job_small", 1},
		{"a slow network, and the file is there", slow, []compute.ArtefactID{"art_large"}, now, []*compute.Job{large, small}, "job_large", 0},
		{"a fast network, and the file of the later one is there", fast, []compute.ArtefactID{"art_small"}, now, []*compute.Job{large, small}, "job_small", 0},
		{"a fast network, and both files are there", fast, []compute.ArtefactID{"art_small", "art_large"}, now, []*compute.Job{small, large}, "job_large", 0},
		{"a slow network, and nothing else", slow, nil, now, []*compute.Job{large}, "", 0},
		{"a slow network, and nobody faster came", slow, nil, later, []*compute.Job{large, small}, "job_large", 5120},
		{"a slow network, and too little time for it", slow, nil, later, []*compute.Job{&brief}, "", 0},
	} {
		p := choose(c.of, c.has, c.at, c.jobs...)
		if c.want == "" && p != nil || c.want != "" && (p == nil || p.Job.ID != c.want || p.Why.Fetch != c.fetch) {
			t.Errorf("%s: %+v, want %s in %d s", c.name, p, c.want, c.fetch)
		}
	}
	// Of one importance, what pays most for its work comes first, whichever is older and whose files are there.
	paying := func(j *compute.Job, price, each int64, importance int) *compute.Job {
		p := *j
		p.Terms.Price, p.Each, p.Importance = tasknet.Micro(price), each, importance
		return &p
	}
	dear, cheap := paying(small, 1000, 10, 5), paying(large, 5000, 100, 5)
	for _, jobs := range [][]*compute.Job{{dear, cheap}, {cheap, dear}} {
		if p := choose(fast, []compute.ArtefactID{"art_large"}, now, jobs...); p == nil || p.Job != dear || p.Why.Pays != tasknet.Micro(1000) {
			t.Errorf("where one pays twice as much for its work: %+v", p)
		}
	}
	if p := choose(fast, nil, now, paying(large, 0, 100, 6), dear); p == nil || p.Job.ID != "job_large" || !p.Why.Pays.IsZero() {
		t.Errorf("the more important pays nothing: %+v", p)
	}
	turns := []compute.Turn{{Org: "org_a", Jobs: []compute.Candidate{{Job: paying(large, 0, 100, 1)}}}, {Org: "org_b", Jobs: []compute.Candidate{{Job: paying(small, 1e6, 1, 10)}}}}
	if p := compute.Choose(compute.Offer{Node: &compute.Node{Rate: 1e9, Capability: compute.Capability{MinPrice: tasknet.Micro(7)}}}, turns, 1, now); p == nil || p.Job.ID != "job_large" || p.Why.Least != tasknet.Micro(7) {
		t.Errorf("another organisation's money took its turn: %+v", p)
	}
	late := []compute.Candidate{{Job: large, Part: &compute.Part{Job: large.ID, Copies: 1, To: 1}}}
	if p := compute.Double(compute.Offer{Node: &compute.Node{Capability: slow}}, late); p != nil {
		t.Errorf("a slow network is to do a late part as well: %+v", p)
	}
	if p := compute.Double(compute.Offer{Node: &compute.Node{Capability: fast}}, late); p == nil || p.Why.Fetch != 52 {
		t.Errorf("a fast network is not to do a late part as well: %+v", p)
	}
}
