package compute_test

import (
	"slices"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/polls"
)

func TestChoice(t *testing.T) {
	org, job := tasknet.NewID(polls.OrgPrefix, time.Now()), tasknet.NewID(compute.JobPrefix, time.Now())
	j := &compute.Job{ID: compute.JobID(job), Org: polls.OrgID(org)}
	other := tasknet.NewID(polls.OrgPrefix, time.Now())
	for name, c := range map[string]struct {
		only, not  []string
		takes, bad bool
	}{
		"all":                              {takes: true},
		"its organisation":                 {only: []string{other, org}, takes: true},
		"the job":                          {only: []string{job}, takes: true},
		"another organisation":             {only: []string{other}},
		"not its organisation":             {not: []string{org}},
		"not another":                      {not: []string{other}, takes: true},
		"its organisation, but not it":     {only: []string{org}, not: []string{job}},
		"a name":                           {only: []string{"us"}, bad: true},
		"the id of a person":               {not: []string{tasknet.NewID(polls.RespondentPrefix, time.Now())}, bad: true},
		"too many":                         {not: slices.Repeat([]string{org}, compute.ChoiceMax+1), bad: true},
		"as many as there may be":          {not: slices.Repeat([]string{other}, compute.ChoiceMax), takes: true},
		"an id with a part of a statement": {only: []string{"org_0000000000000000000000000'"}, bad: true},
	} {
		choice := compute.Choice{Only: c.only, Not: c.not}
		if err := choice.Check(); (err != nil) != c.bad {
			t.Errorf("%s: %v", name, err)
		}
		if !c.bad && choice.Takes(j) != c.takes {
			t.Errorf("%s: takes the job: %t", name, !c.takes)
		}
	}
}
