package desktop

import (
	"encoding/json"
	"time"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/desktop/machine"
	"github.com/tasknet/tasknet/compute/worker"
	"github.com/tasknet/tasknet/server/wire"
)

// Live is all that the page shows.
type Live struct {
	Phase   Phase      `json:"phase"`
	Why     Reason     `json:"why,omitempty"`   // of Held
	Until   *time.Time `json:"until,omitempty"` // likewise, where it is known
	Problem string     `json:"problem,omitempty"`
	Others  bool       `json:"others,omitempty"` // of Waiting: there is work, and none whose owners were chosen

	Now     *Doing         `json:"now,omitempty"`
	Earned  *wire.Earnings `json:"earned,omitempty"` // nothing: not known yet
	Stake   *wire.MyStake  `json:"stake,omitempty"`  // likewise, or nobody stakes anything at the server
	History []Past         `json:"history"`

	Machine   machine.State `json:"machine"`
	Has       Has           `json:"has"`
	Measured  *Measured     `json:"measured,omitempty"` // nothing: it has not joined since the program started
	Settings  Settings      `json:"settings"`
	Autostart *bool         `json:"autostart"` // null: cannot be set here
	Version   string        `json:"version"`
	Wallet    string        `json:"wallet"`
}

// Phase is what the computer is at.
type Phase string

// The phases.
const (
	Held      Phase = "held"      // it may not work
	Joining   Phase = "joining"   // it is asking a server to let it
	Away      Phase = "away"      // the server does not answer, or refuses; it is tried again
	Waiting   Phase = "waiting"   // for work
	Working   Phase = "working"   //
	Finishing Phase = "finishing" // it does what it has, and is paused then
	Stopping  Phase = "stopping"  // it gives back what it has
)

// Has is what a computer has of which work may use some.
type Has struct {
	Cores    int    `json:"cores"`
	Memory   int64  `json:"memory_bytes"`
	Disk     int64  `json:"disk_bytes"` // free
	Graphics string `json:"graphics"`   // whether a card is used, or why not
	System   string `json:"system"`
}

// Measured is how fast the computer was when it joined last, in bytes a second; 0: not known.
type Measured struct {
	Disk int64 `json:"disk_bytes_per_second"` // that its disk takes in for good
	Down int64 `json:"down_bytes_per_second"` // from the server
	Up   int64 `json:"up_bytes_per_second"`   // to it
}

// Doing is the part of a job that is being done.
type Doing struct {
	Lease string         `json:"lease"`
	Job   string         `json:"job"`
	Title string         `json:"title"`
	Kind  string         `json:"kind"`
	Part  int            `json:"part"`
	Rows  int            `json:"rows,omitempty"` // that are asked about
	Began time.Time      `json:"began"`
	Last  compute.Report `json:"last"`
	Curve []Point        `json:"curve,omitempty"` // of its loss
}

// Point is the loss at a step.
type Point struct {
	Step int     `json:"step"`
	Loss float64 `json:"loss"`
}

// curveMax is how many points of a curve are kept; when there are more, every second is forgotten.
const curveMax = 300

// newDoing says what was taken. Work that cannot be read has no kind; it will fail.
func newDoing(took *wire.WorkLease, now time.Time) *Doing {
	d := &Doing{Lease: took.ID, Job: took.Job, Title: took.Title, Part: took.Part, Began: now}
	var work compute.Work
	if json.Unmarshal(took.Work, &work) == nil {
		d.Kind = string(work.Kind)
	}
	if d.Kind == string(compute.InferJob) {
		d.Rows = took.To - took.From
	}
	return d
}

// advance takes in a report.
func (d *Doing) advance(r compute.Report) {
	d.Last = r
	if r.Loss == nil || len(d.Curve) > 0 && d.Curve[len(d.Curve)-1].Step >= r.Step {
		return
	}
	d.Curve = append(d.Curve, Point{r.Step, *r.Loss})
	if len(d.Curve) > curveMax {
		kept := d.Curve[:0]
		for i, p := range d.Curve {
			if i%2 == 0 || i == len(d.Curve)-1 {
				kept = append(kept, p)
			}
		}
		d.Curve = kept
	}
}

// past says how it ended.
func (d *Doing) past(e worker.Event, stopped bool, now time.Time) Past {
	p := Past{Lease: d.Lease, Job: d.Job, Title: d.Title, Kind: d.Kind, Part: d.Part, Began: d.Began, Ended: now, Problem: e.Problem}
	switch e.Kind {
	case worker.Finished:
		p.Outcome = Done
	case worker.Dropped:
		p.Outcome = Unwanted
	default:
		p.Outcome = Failed
		if stopped {
			p.Outcome, p.Problem = GivenUp, ""
		}
	}
	return p
}
