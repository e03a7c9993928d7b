package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

const aboutJob = `A job has a model trained from labels, measured on labels, or asked about tasks, or a
program run, by the nodes that have joined the server ("tasknet-node work"). Models that are
asked and programs are done in parts, by nodes side by side; a node that vanishes loses its
part, and another goes on from its newest checkpoint. "job serve" keeps a model loaded on
nodes, and "job ask" asks it about one row at a time.

A job pays its --price, shared out by rows to the owners of the nodes that did it, a day after
its end. It is set aside three times with the fee, for results that differ; what is not used
comes back. One part in twenty is done by a second owner in secret, or with --replicas all.

The API key is read from TASKNET_KEY, the server's address from TASKNET_URL.`

func (p *program) job() *cobra.Command {
	cmd := &cobra.Command{
		Use: "job", Short: "Have models trained, measured and asked, and programs run", Long: aboutJob, Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.jobTrain(), p.jobInfer(), p.jobServe(), p.jobAsk(), p.jobEvaluate(), p.jobRun(), p.jobShow(), p.jobList(), p.jobGet(), p.jobCancel())
	return cmd
}

// jobLook is how often a job that is waited for is looked at.
const jobLook = time.Second

// awaitJob waits for a job to end, and shows how far it is.
func (p *program) awaitJob(ctx context.Context, requester *client.Requester, j wire.Job, bar *bar) (wire.Job, error) {
	for j.State == "open" {
		if err := client.Pause(ctx, jobLook); err != nil {
			return j, interrupted{err, fmt.Sprintf("the job goes on; see %s job show %s", p.name, j.ID)}
		}
		var err error
		if j, err = requester.Job(ctx, j.ID); err != nil {
			return j, err
		}
		if j.Rows > 1 {
			bar.show("rows", j.Done, j.Rows)
			continue
		}
		for l, err := range requester.JobLeases(ctx, j.ID) {
			if err == nil && l.State == "running" && l.Progress.Of > 0 {
				title := "steps"
				if l.Progress.Loss != nil {
					title = fmt.Sprintf("epoch %d, loss %.3f", l.Progress.Epoch+1, *l.Progress.Loss)
				}
				bar.show(title, l.Progress.Step, l.Progress.Of)
			}
			break
		}
	}
	return j, nil
}

func (p *program) jobShow() *cobra.Command {
	return simply(&cobra.Command{Use: "show JOB", Short: "Show a job, and who worked on it and why", Args: cobra.ExactArgs(1)},
		func(ctx context.Context, requester *client.Requester, args []string, asJSON bool) error {
			j, err := requester.Job(ctx, args[0])
			if err != nil {
				return err
			}
			leases, err := listed(requester.JobLeases(ctx, j.ID))
			if err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(struct {
					Job    wire.Job        `json:"job"`
					Leases []wire.JobLease `json:"leases"`
				}{j, leases})
			}
			if err := p.printf("%s  %s  %s: %s\n%d of %d rows done, in %d parts so far\n", j.ID, j.Kind, j.Title, j.State, j.Done, j.Rows, j.Parts); err != nil {
				return err
			}
			if err := p.printModule(j); err != nil {
				return err
			}
			if err := errors.Join(p.printServing(j), p.printJobMoney(j)); err != nil {
				return err
			}
			if err := p.printTrial(ctx, requester, j); err != nil {
				return err
			}
			if j.Problem != "" {
				if err := p.printf("It failed: %s\n", j.Problem); err != nil {
					return err
				}
			}
			for _, l := range leases {
				if err := p.printf("  part %d  %s  %-8s %s  %s\n", l.Part, l.Node, l.State, l.Began.Format("01-02 15:04:05"), whyGiven(l.Why)); err != nil {
					return err
				}
			}
			return nil
		})
}

// printModule says of a job that it asks a TorchScript module.
func (p *program) printModule(j wire.Job) error {
	work, _, err := compute.ReadWork(j.Work)
	if err != nil {
		return nil //nolint:nilerr // of a later version
	}
	module := work.Input(compute.ScriptRole)
	if module == nil {
		return nil
	}
	return p.printf("It asks a TorchScript module of %d bytes, %s, which nodes with the trainer %s alone run.\n", module.Bytes, module.Artefact, j.Trainer)
}

// printTrial says by what a model is accepted, and how it did.
func (p *program) printTrial(ctx context.Context, requester *client.Requester, j wire.Job) error {
	if j.Judged == nil {
		return nil
	}
	if j.Judged.Hidden == 0 {
		return p.printf("No tasks are kept from the nodes to judge the model (%s).\n", j.Judged.Not)
	}
	if err := p.printf("%d of %d tasks are kept from the nodes, and judge the model.\n", j.Judged.Hidden, j.Judged.Tasks); err != nil {
		return err
	}
	for part, err := range requester.JobParts(ctx, j.ID) {
		if err != nil {
			return err
		}
		if t := part.Trial; t != nil {
			return p.printf("On them it is right in %.2f %%, with a log loss of %.4f (%.4f to %.4f); %.4f is that of the classes' frequencies.\n", 100*t.Accuracy, t.LogLoss, t.Low, t.High, t.Guess)
		}
	}
	return nil
}

// printJobMoney says what a job costs, where that is, and what its checks came to.
func (p *program) printJobMoney(j wire.Job) error {
	if j.Money == nil {
		return nil
	}
	text := fmt.Sprintf("It pays %s and a fee of %s.", j.Price, j.Fee)
	switch {
	case j.SettledAt != nil:
		text += fmt.Sprintf(" Paid are %s and %s; %s came back.", j.Money.Paid, j.Money.Fee, j.Money.Returned)
	case j.SettlesAt != nil:
		text += fmt.Sprintf(" Set aside are %s until %s or when all is checked.", j.Money.Held, j.SettlesAt.Format(time.DateTime))
	default:
		text += fmt.Sprintf(" Set aside are %s.", j.Money.Held)
	}
	if err := p.printf("%s\n", text); err != nil {
		return err
	}
	for _, c := range j.Checks {
		what := "replicas"
		if c.Audit {
			what = "audit"
		}
		from := ""
		if c.Networks > 0 {
			from = fmt.Sprintf(" of %d networks", c.Networks)
		}
		if err := p.printf("  %s of part %d: %s, %d results%s\n", what, c.Part, c.State, len(c.Results), from); err != nil {
			return err
		}
	}
	for _, c := range j.Cases {
		if err := p.printf("  case %d about part %d: asks for %s of its owner's stake, %s\n", c.Number, c.Part, c.Amount, c.State); err != nil {
			return err
		}
	}
	return nil
}

// whyGiven says in a line why a node was given a part.
func whyGiven(w wire.LeaseWhy) string {
	out := fmt.Sprintf("%d rows", w.Rows)
	if w.Seconds > 0 {
		out += fmt.Sprintf(", about %d s", w.Seconds)
	}
	switch w.Again {
	case "lost":
		out += ", after another node was lost"
	case "failed":
		out += ", after another node failed"
	case "slow":
		out += ", beside another node that is slow"
	}
	switch w.Copy {
	case "drawn":
		out += ", to compare with another owner's: drawn for it"
	case "open":
		out += ", to compare with another owner's"
	}
	switch w.Network {
	case "apart":
		out += ", on another network"
	case "shared":
		out += ", on the same network"
	}
	if w.Trainer != "" {
		out += fmt.Sprintf(", has the trainer %s that the job asks for", w.Trainer)
	}
	if !w.Pays.IsZero() {
		out += fmt.Sprintf(", pays %s", w.Pays)
	}
	if !w.Hour.IsZero() {
		out += fmt.Sprintf(", %s an hour", w.Hour)
	}
	if !w.Least.IsZero() {
		out += fmt.Sprintf(" (the node takes %s an hour and more)", w.Least)
	}
	if w.FromStep > 0 {
		out += fmt.Sprintf(", from step %d", w.FromStep)
	}
	if w.Local > 0 {
		out += fmt.Sprintf(", %s of its files were there", shownSize(w.Local))
	}
	if w.Fetch > 0 {
		out += fmt.Sprintf(", about %d s to fetch the files", w.Fetch)
	}
	if !w.Stake.IsZero() {
		out += fmt.Sprintf(", with a stake of %s", w.Stake)
	}
	return fmt.Sprintf("%s; turn %d of %d", out, w.Turn+1, max(w.Waiting, 1))
}

func (p *program) jobList() *cobra.Command {
	return simply(&cobra.Command{Use: "list", Short: "List your jobs, newest first", Args: cobra.NoArgs},
		func(ctx context.Context, requester *client.Requester, _ []string, asJSON bool) error {
			all, err := listed(requester.Jobs(ctx, ""))
			if err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(all)
			}
			for _, j := range all {
				if err := p.printf("%s  %s  %-8s %-9s %s\n", j.ID, j.CreatedAt.Format("2006-01-02 15:04"), j.Kind, j.State, cut(j.Title, listMost)); err != nil {
					return err
				}
			}
			return nil
		})
}

func (p *program) jobCancel() *cobra.Command {
	return simply(&cobra.Command{Use: "cancel JOB", Short: "Cancel a job", Args: cobra.ExactArgs(1)},
		func(ctx context.Context, requester *client.Requester, args []string, asJSON bool) error {
			j, err := requester.CancelJob(ctx, args[0])
			if err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(j)
			}
			return p.printf("%s is cancelled\n", j.ID)
		})
}
