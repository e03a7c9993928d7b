package verify

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/server/wire"
)

// trial is what came of judging a model.
type trial struct {
	state  compute.TrialState
	losses compute.Losses
}

// judged are the trials of a job's models by their leases; none where models are not judged.
type judged map[compute.LeaseID]trial

// hiddenOf reads what a job's record says of its hidden part, and checks that the seed hides as many tasks as the rule says. Which tasks
// have which marks is known to the job's organisation alone; their number and order are fixed by the log.
func hiddenOf(r wire.JobRecord, seed [32]byte) (*compute.Hidden, error) {
	h := r.Hidden
	if h == nil {
		return nil, nil //nolint:nilnil // there is none
	}
	wrong := func(field string, expected, got any) error {
		return &Mismatch{"job", r.ID, field, fmt.Sprint(expected), fmt.Sprint(got)}
	}
	if r.Kind != string(compute.TrainJob) || h.Tasks < compute.HiddenTasks || len(h.Marks) != h.Tasks*compute.MarkSize {
		return nil, wrong("hidden marks", fmt.Sprintf("of a training, %d bytes each of %d tasks or more", compute.MarkSize, compute.HiddenTasks), fmt.Sprintf("%d bytes of %d", len(h.Marks), h.Tasks))
	}
	if least, most := compute.HeldAllowed(h.Tasks); h.Held < least || h.Held > most || len(h.Guess) != 4*h.Held {
		return nil, wrong("hidden tasks", fmt.Sprintf("%d to %d, and a loss of each", least, most), fmt.Sprintf("%d, and %d bytes of losses", h.Held, len(h.Guess)))
	}
	drawn := compute.Drawn(seed, h.Marks, h.Held)
	if !bytes.Equal(drawn, h.Drawn) {
		return nil, wrong("hidden tasks", "those that the seed draws", "others")
	}
	return &compute.Hidden{
		Tasks: h.Tasks, Held: h.Held, Data: compute.ArtefactID(h.Data), Labels: compute.ArtefactID(h.Labels), Marks: sha256.Sum256(h.Marks), Drawn: sha256.Sum256(drawn), Guess: sha256.Sum256(h.Guess),
	}, nil
}

// trials reads how the models of a job were judged, and checks that what came of it follows from what they lose on the hidden tasks.
func (v *verification) trials(r wire.JobRecord) (judged, error) {
	out := judged{}
	for _, w := range r.Receipts {
		wrong := func(expected, got any) error {
			return &Mismatch{"receipt", w.Lease, "trial", fmt.Sprint(expected), fmt.Sprint(got)}
		}
		if (w.Trial != nil) != (r.Hidden != nil) {
			return nil, wrong(fmt.Sprintf("one, as the job hides tasks: %t", r.Hidden != nil), w.Trial != nil)
		}
		if w.Trial == nil {
			continue
		}
		t := trial{state: compute.TrialState(w.Trial.State), losses: compute.ReadLosses(w.Trial.Losses)}
		want, guess := compute.TrialFailed, compute.ReadLosses(r.Hidden.Guess)
		switch {
		case len(t.losses) > 0:
			if t.losses.Beats(guess) {
				want = compute.TrialPassed
			}
			if len(w.Trial.Losses) != len(r.Hidden.Guess) || t.state != want {
				return nil, wrong(fmt.Sprintf("%s, by the losses of %d tasks", want, r.Hidden.Held), fmt.Sprintf("%s, by %d", t.state, len(t.losses)))
			}
		case t.state == compute.TrialVoid, t.state == compute.TrialFailed && w.Trial.Problem != "":
			v.report.Untried++
		default:
			return nil, wrong("losses, or why there are none", t.state)
		}
		v.report.Trials++
		out[compute.LeaseID(w.Lease)] = t
	}
	return out, nil
}

// accepted reports whether one of a part's models was.
func (m judged) accepted(list []*compute.Delivery) bool {
	return slices.ContainsFunc(list, func(d *compute.Delivery) bool { return m[d.Lease].state != compute.TrialFailed })
}

// compared checks that what came of comparing models follows from what they lose on the hidden tasks, where that is known of all.
func (m judged) compared(c *compute.Check, deliveries []*compute.Delivery, wrong func(string, any, any) error) error {
	results, losses := make([]*compute.Delivery, len(c.Results)), make([]compute.Losses, len(c.Results))
	for i, r := range c.Results {
		at := slices.IndexFunc(deliveries, func(d *compute.Delivery) bool { return d.Lease == r.Lease })
		if results[i], losses[i] = deliveries[at], m[r.Lease].losses; m[r.Lease].state != compute.TrialPassed {
			return nil
		}
	}
	again := compute.Check{Job: c.Job, Part: c.Part, Audit: c.Audit}
	again.JudgeModels(results, losses, true, c.ClosedAt)
	for i, r := range again.Results {
		if again.State != c.State || r.Group != c.Results[i].Group {
			return wrong(fmt.Sprintf("check of part %d", c.Part), fmt.Sprintf("%s, %s in group %d", again.State, r.Lease, r.Group), fmt.Sprintf("%s, group %d", c.State, c.Results[i].Group))
		}
	}
	return nil
}
