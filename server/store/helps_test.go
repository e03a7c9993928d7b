package store

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// helpedProject makes a project that wants a model's help, or none.
func (f *floor) helpedProject(org polls.OrgID, help *labeling.ModelHelp) labeling.ProjectID {
	f.t.Helper()
	policy, err := polls.ParsePolicy("confidence:0.95", 2, 8)
	f.check(err)
	f.now = f.now.Add(time.Millisecond)
	p, err := labeling.NewProject(labeling.ProjectDraft{
		Org: org, Name: "Spam", Template: labeling.Template{Type: polls.YesNo, Text: "Is this spam?"}, Policy: policy, Price: tasknet.Micro(1000), Lifetime: 24 * time.Hour, Help: help,
	}, f.now)
	f.check(err)
	f.check(f.db.Projects().CreateProject(f.t.Context(), p))
	return p.ID
}

// TestHelpings: how far a model has come is saved in place of what was read, by one of those who do it at a time, and projects are found that
// want one.
func TestHelpings(t *testing.T) {
	eachFloor(t, func(t *testing.T, f *floor) {
		org, helps := f.newOrg("A"), f.db.Helps()
		wish := &labeling.ModelHelp{Labels: 20, AuditPPM: 50_000, Model: []byte(`{"input":{"kind":"words"}}`)}
		one, none, two := f.helpedProject(org, wish), f.helpedProject(org, nil), f.helpedProject(org, wish)
		var found []labeling.ProjectID
		for page := (tasknet.Page{Limit: 1}); ; {
			ids, next, err := helps.HelpedProjects(t.Context(), page)
			f.check(err)
			found = append(found, ids...)
			if page.After = next; next == "" {
				break
			}
		}
		if !slices.Equal(found, []labeling.ProjectID{one, two}) {
			t.Errorf("helped are %v of %s, %s and %s", found, one, none, two)
		}
		if h, err := helps.Helping(t.Context(), one); err != nil || h != nil {
			t.Fatalf("before anything: %+v, %v", h, err)
		}
		begun := &labeling.Helping{Project: one, Seed: [32]byte{7}, Stage: labeling.HelpTraining, Job: "job_1", Labels: 25, Known: 59, Right: 55, Now: &labeling.HelpTrained{Round: 3, Spec: []byte("{}"), Temperature: 1.5}}
		f.check(helps.SaveHelping(t.Context(), begun))
		kept, err := helps.Helping(t.Context(), one)
		f.check(err)
		if kept.Version != 1 || kept.Seed != begun.Seed || kept.Stage != begun.Stage || kept.Right != 55 || kept.Now == nil || kept.Now.Round != 3 {
			t.Errorf("kept is %+v", kept)
		}
		if err := helps.SaveHelping(t.Context(), begun); !errors.Is(err, labeling.ErrHelpingMoved) {
			t.Errorf("saved over what nobody has read: %v", err)
		}
		var wait sync.WaitGroup
		results := make([]error, 4)
		for i := range results {
			wait.Go(func() {
				mine := *kept
				mine.Labels = i
				results[i] = helps.SaveHelping(t.Context(), &mine)
			})
		}
		wait.Wait()
		saved := 0
		for _, err := range results {
			if err == nil {
				saved++
			} else if !errors.Is(err, labeling.ErrHelpingMoved) {
				t.Error(err)
			}
		}
		if now, err := helps.Helping(t.Context(), one); err != nil || saved != 1 || now.Version != 2 {
			t.Errorf("%d of four at once saved it: %+v, %v", saved, now, err)
		}
	})
}
