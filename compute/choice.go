package compute

import (
	"slices"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// Choice is whose work a node does, by its owner's word. The zero value is everybody's. What a node was given before is not taken from it
// when its owner chooses otherwise.
type Choice struct {
	Only []string `json:"only,omitempty"` // ids of organisations and jobs; none: all
	Not  []string `json:"not,omitempty"`  // likewise those whose work it does not do, whatever Only says
}

// ChoiceMax is how many ids there are in each list of a choice at the most.
const ChoiceMax = 64

var errBadChoice = tasknet.NewError(tasknet.Invalid, "bad_choice", "Work is chosen by up to 64 ids of organisations (org_...) and jobs (job_...) in each list.")

// Check says what is wrong with a choice.
func (c *Choice) Check() error {
	for _, list := range [][]string{c.Only, c.Not} {
		if len(list) > ChoiceMax || slices.ContainsFunc(list, func(id string) bool {
			return tasknet.CheckID(polls.OrgPrefix, id) != nil && tasknet.CheckID(JobPrefix, id) != nil
		}) {
			return errBadChoice
		}
	}
	return nil
}

// IsZero reports whether all work is taken.
func (c *Choice) IsZero() bool { return len(c.Only)+len(c.Not) == 0 }

// Equal reports whether two choices name the same.
func (c *Choice) Equal(d Choice) bool {
	return slices.Equal(c.Only, d.Only) && slices.Equal(c.Not, d.Not)
}

// Takes reports whether a job is chosen.
func (c *Choice) Takes(j *Job) bool {
	named := func(list []string) bool {
		return slices.Contains(list, string(j.Org)) || slices.Contains(list, string(j.ID))
	}
	return (len(c.Only) == 0 || named(c.Only)) && !named(c.Not)
}
