package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

const aboutEstimate = `Tell what a project would take before it is made, or what more tasks of one that there
is would take: answers, money and time, and on what that stands. Nothing is made. Say
what is asked with the flags of project create, or name a project.

The API key is read from TASKNET_KEY, the server's address from TASKNET_URL.`

func (p *program) projectEstimate() *cobra.Command {
	var r remote
	var draft projectDraft
	tasks, asJSON := 0, false
	cmd := &cobra.Command{
		Use: "estimate [PROJECT]", Short: "Tell what a project would take", Long: aboutEstimate, Args: cobra.MaximumNArgs(1),
		Example: `  tasknet project estimate --tasks 5000 --choice heron --choice egret --policy confidence:0.95
  tasknet project estimate prj_... --tasks 200`,
		RunE: func(cmd *cobra.Command, args []string) error {
			body := wire.NewEstimate{Tasks: tasks}
			if len(args) == 1 {
				body.ProjectID = args[0]
			} else {
				project, err := draft.read(cmd, "estimated")
				if err != nil {
					return err
				}
				body.Project = &project
			}
			requester, err := r.requester()
			if err != nil {
				return err
			}
			return p.estimate(cmd.Context(), requester, body, asJSON)
		},
	}
	draft.flags(cmd)
	cmd.Flags().IntVar(&tasks, "tasks", 1, "how many tasks")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	r.flags(cmd, defaultServer)
	r.keyFlags(cmd)
	return cmd
}

func (p *program) estimate(ctx context.Context, requester *client.Requester, body wire.NewEstimate, asJSON bool) error {
	e, err := requester.Estimate(ctx, body)
	if err != nil {
		return err
	}
	if asJSON {
		return p.printJSON(e)
	}
	return p.printEstimate(e)
}

// bases are on what an estimate stands, in words.
var bases = map[string]string{
	"policy": "by the policy", "project": "by the project's closed tasks", "organisation": "by your closed questions of this kind",
	"instance": "by everybody's closed questions of this kind", "prior": "nothing like it has closed yet: by made-up questions", "stated": "as you state",
}

func (p *program) printEstimate(e wire.Estimate) error {
	var b strings.Builder
	tasks := "1 task"
	if e.Tasks != 1 {
		tasks = fmt.Sprintf("%d tasks", e.Tasks)
	}
	if e.Each.Low == e.Each.High {
		fmt.Fprintf(&b, "%-8s %d each (%s); %d for %s\n", "answers", e.Each.Low, bases[e.Each.Basis], e.All.Expected, tasks)
	} else {
		fmt.Fprintf(&b, "%-8s about %s each, mostly %d to %d (%s); %d to %d for %s\n", "answers", e.Each.Expected, e.Each.Low, e.Each.High, bases[e.Each.Basis], e.All.Low, e.All.High, tasks)
	}
	fmt.Fprintf(&b, "%-8s about %s %s, mostly %s to %s, and never over %s; an answer pays %s, with a fee of %s\n",
		"cost", e.Cost.Expected, e.Symbol, e.Cost.Low, e.Cost.High, e.Cost.Most, e.Price, e.Fee)
	if e.Pace.Known {
		fmt.Fprintf(&b, "%-8s about %s, at %s answers an hour\n", "time", lasting(e.Pace.Seconds), e.Pace.PerHour)
	} else {
		fmt.Fprintf(&b, "%-8s not known: too few questions of this kind have closed lately\n", "time")
	}
	switch {
	case e.Fair.PerHour != nil:
		fmt.Fprintf(&b, "%-8s %s %s an hour, at %s seconds an answer (%s)\n", "pays", e.Fair.PerHour, e.Symbol, e.Fair.Seconds, bases[e.Fair.Basis])
	default:
		fmt.Fprintf(&b, "%-8s not known: nobody has shown how long an answer takes\n", "pays")
	}
	err := p.printf("%s", b.String())
	if !e.Fair.Fair {
		err = errors.Join(err, tasknet.NewError(tasknet.Invalid, "price_too_low", fmt.Sprintf("This price would be refused: an answer must pay %s at least.", e.Fair.Least)))
	}
	return err
}

// lasting writes a time, in days from two days on: from 292 years on it fits no time.Duration.
func lasting(seconds int) string {
	const day = 24 * 60 * 60
	if seconds < 2*day {
		return (time.Duration(seconds) * time.Second).String()
	}
	return fmt.Sprintf("%d days", (seconds+day/2)/day)
}
