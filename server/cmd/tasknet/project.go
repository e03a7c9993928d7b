package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

const aboutProject = `A project is a template for questions of one kind. Each row of data that is
imported into it becomes a task, which is one question.

The API key is read from TASKNET_KEY, the server's address from TASKNET_URL.`

// errStopped reports an import that something stopped.
var errStopped = tasknet.NewError(tasknet.Conflict, "import_stopped", "The import was stopped.")

func (p *program) project() *cobra.Command {
	cmd := &cobra.Command{
		Use: "project", Short: "Ask many questions of one kind", Long: aboutProject, Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.projectCreate(), p.projectList(), p.projectStatus(), p.projectImport(), p.projectReport())
	for _, verb := range []struct{ name, short string }{
		{"pause", "Give a project's questions to nobody"},
		{"resume", "Take back a pause, or go on when a problem is mended"},
		{"cancel", "Close a project's open questions with the answers that they have"},
		{"reopen", "Ask the tasks anew that closed before they had enough answers"},
	} {
		cmd.AddCommand(p.projectMove(verb.name, verb.short))
	}
	return cmd
}

// requester returns who acts by the API key.
func (r *remote) requester() (*client.Requester, error) {
	secret, err := r.key()
	if err != nil {
		return nil, err
	}
	c, err := r.client(0)
	if err != nil {
		return nil, err
	}
	return c.Requester(secret), nil
}

func (p *program) projectCreate() *cobra.Command {
	var r remote
	var price amount
	var body wire.NewProject
	var number wire.NumberRange
	var instructions, rate, key string
	var deadline time.Duration
	asJSON := false
	cmd := &cobra.Command{
		Use: "create NAME", Short: "Make a project", Args: cobra.ExactArgs(1),
		Example: `  tasknet project create "Spam" --type yes_no --text "Is this spam?"
  tasknet project create "Birds" --text "Which bird?" --choice heron --choice egret --policy confidence:0.95
  tasknet project create "Weights" --type number --range-min 0 --range-max 500 --decimals 1 --unit kg --text "What does it weigh?"`,
		RunE: func(cmd *cobra.Command, args []string) error {
			body.Name, body.Price, body.Deadline = args[0], price.value, int(deadline/time.Second)
			if deadline%time.Second != 0 || deadline < 0 {
				return usagef("--deadline is a number of whole seconds, such as 24h")
			}
			if cmd.Flags().Changed("range-min") || cmd.Flags().Changed("range-max") {
				body.Number = &number
			}
			if cmd.Flags().Changed("gold-rate") {
				body.GoldRate = &rate
			}
			if instructions != "" {
				raw, err := os.ReadFile(instructions)
				if err != nil {
					return usagef("--instructions: %v", err)
				}
				body.Instructions = string(raw)
			}
			requester, err := r.requester()
			if err != nil {
				return err
			}
			made, err := requester.NewProject(cmd.Context(), body, key)
			if err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(made)
			}
			return p.printf("%s is made. Each task sets %s of your balance aside; import some with tasknet project import %s FILE\n", made.ID, made.Hold, made.ID)
		},
	}
	f := cmd.Flags()
	f.StringVar(&body.Type, "type", "choice", "choice, yes_no, scale, pair, multiple, ranking, number, text, boxes, polygons, mask or spans")
	f.StringVar(&body.Text, "text", "", "the question of all tasks (default: each task has its own)")
	f.StringArrayVar(&body.Choices, "choice", nil, "a choice, or a class of regions or spans; give it several times")
	f.StringVar(&number.Min, "range-min", "", "of number: the least")
	f.StringVar(&number.Max, "range-max", "", "of number: the greatest")
	f.IntVar(&number.Decimals, "decimals", 0, "of number: how many digits after the point, at most 6")
	f.StringVar(&number.Unit, "unit", "", "of number: such as kg")
	f.IntVar(&body.Least, "least", 0, "of multiple: the fewest choices to select")
	f.IntVar(&body.Most, "most", 0, "of multiple: the most choices to select (default: all)")
	f.IntVar(&body.Length, "length", 0, "of text: the most characters (default 200)")
	f.StringVar(&instructions, "instructions", "", "`file` with what respondents read before they begin")
	f.StringVar(&body.Quorum.Policy, "policy", "fixed:3", "how many answers are enough for a task: fixed:n (at most 1000, or 100 where an answer is no single choice), or confidence:p")
	f.IntVar(&body.Quorum.Min, "min", 0, "for confidence: never stop under this many answers (default 2)")
	f.IntVar(&body.Quorum.Max, "max", 0, "for confidence: never ask more than this many people (default 10)")
	f.Var(&price, "price", "what one answer pays (default: the server's)")
	f.DurationVar(&deadline, "deadline", 0, "how long a task may stay open, from 10s to 720h (default 720h)")
	f.StringVar(&rate, "gold-rate", "", "how many of the questions that somebody gets have a known truth, from 0 to 0.5 (default 0.1)")
	f.StringArrayVar(&body.Languages, "language", nil, "what respondents should read, such as en; give it several times (default: any)")
	f.StringVar(&key, "idempotency-key", "", "a `name` for this: the same one again gets the same project, not a second")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	r.flags(cmd, defaultServer)
	r.keyFlags(cmd)
	return cmd
}

func (p *program) projectList() *cobra.Command {
	var r remote
	status, asJSON := "", false
	cmd := &cobra.Command{
		Use: "list", Short: "List projects, newest first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			requester, err := r.requester()
			if err != nil {
				return err
			}
			all := []wire.Project{}
			for project, err := range requester.Projects(cmd.Context(), status) {
				if err != nil {
					return err
				}
				all = append(all, project)
			}
			if asJSON {
				return p.printJSON(all)
			}
			for _, each := range all {
				if err := p.printf("%s  %-9s  %d of %d tasks done  %s\n", each.ID, each.Status, each.Tasks.Done, each.Tasks.All, each.Name); err != nil {
					return err
				}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&status, "status", "", "running, paused, cancelled or completed (default: all)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	r.flags(cmd, defaultServer)
	r.keyFlags(cmd)
	return cmd
}

func (p *program) projectStatus() *cobra.Command {
	var r remote
	asJSON := false
	cmd := &cobra.Command{
		Use: "status PROJECT", Short: "Tell how a project stands", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			requester, err := r.requester()
			if err != nil {
				return err
			}
			project, err := requester.Project(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return p.printProject(project, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	r.flags(cmd, defaultServer)
	r.keyFlags(cmd)
	return cmd
}

func (p *program) printProject(project wire.Project, asJSON bool) error {
	if asJSON {
		return p.printJSON(project)
	}
	err := p.printf("%s\n%s, %s\n\n%8d tasks\n%8d open\n%8d done\n%8d ended before they had enough answers\n\n%d answers to closed tasks; paid %s, fees %s\n",
		project.Name, project.ID, project.Status, project.Tasks.All, project.Tasks.Open, project.Tasks.Done, project.Tasks.Ended, project.Answers, project.Paid, project.Fees)
	if project.Work != "" {
		err = errors.Join(err, p.printf("It is %s.\n", project.Work))
	}
	if project.Problem != "" {
		err = errors.Join(err, p.printf("It does not go on: %s. Mend that, then: tasknet project resume %s\n", project.Problem, project.ID))
	}
	return err
}

func (p *program) projectMove(verb, short string) *cobra.Command {
	var r remote
	wait, asJSON := false, false
	cmd := &cobra.Command{
		Use: verb + " PROJECT", Short: short, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			requester, err := r.requester()
			if err != nil {
				return err
			}
			project, err := requester.MoveProject(cmd.Context(), args[0], verb)
			for err == nil && wait && project.Work != "" && project.Problem == "" {
				if err = pauseFor(cmd.Context(), lookEvery); err == nil {
					project, err = requester.Project(cmd.Context(), args[0])
				}
			}
			if err != nil {
				return err
			}
			return p.printProject(project, asJSON)
		},
	}
	cmd.Flags().BoolVar(&wait, "wait", false, "wait until all tasks are done with")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	r.flags(cmd, defaultServer)
	r.keyFlags(cmd)
	return cmd
}

// lookEvery is how often a command looks whether something is done.
const lookEvery = 500 * time.Millisecond

func pauseFor(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

const aboutImport = `Import a file of tasks: CSV, JSON lines, Parquet, Label Studio's JSON, COCO, or a
zip or tar archive of images. It is uploaded in pieces, and the server makes tasks of it
in the background. A row whose key the project has changes nothing, so that a file may
be imported again.

When it is interrupted, --resume goes on with an upload or an import that was begun.`

func (p *program) projectImport() *cobra.Command {
	var r remote
	resume, asJSON := "", false
	cmd := &cobra.Command{
		Use: "import PROJECT FILE", Short: "Import a file of tasks", Long: aboutImport, Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) < 2 && resume == "" {
				return usagef("name the FILE, or an import to --resume")
			}
			requester, err := r.requester()
			if err != nil {
				return err
			}
			bar := p.newBar(asJSON)
			defer bar.end()
			i, err := p.upload(cmd.Context(), requester, args, resume, bar)
			if err != nil {
				return err
			}
			if i, err = requester.StartImport(cmd.Context(), i.Project, i.ID); err != nil {
				return err
			}
			for i.State == "running" {
				bar.show("tasks", i.Rows, 0)
				if err := pauseFor(cmd.Context(), lookEvery); err != nil {
					return fmt.Errorf("%w; the import goes on: tasknet project import %s --resume %s", err, i.Project, i.ID)
				}
				if i, err = requester.Import(cmd.Context(), i.Project, i.ID); err != nil {
					return err
				}
			}
			bar.end()
			return p.printImport(i, asJSON)
		},
	}
	cmd.Flags().StringVar(&resume, "resume", "", "an import (imp_...) that was begun; the FILE is needed when it was not uploaded to the end")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	r.flags(cmd, defaultServer)
	r.keyFlags(cmd)
	return cmd
}

// upload uploads the file of an import, or what is missing of it.
func (p *program) upload(ctx context.Context, requester *client.Requester, args []string, resume string, bar *bar) (wire.Import, error) {
	var i wire.Import
	var err error
	if resume != "" {
		if i, err = requester.Import(ctx, args[0], resume); err != nil || len(args) < 2 || i.State != "receiving" {
			return i, err
		}
	}
	file, err := os.Open(args[1])
	if err != nil {
		return i, usagef("%v", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return i, err
	}
	if !info.Mode().IsRegular() {
		return i, usagef("%s is not a file; pack a folder into a zip archive", args[1])
	}
	if resume == "" {
		if i, err = requester.NewImport(ctx, args[0], filepath.Base(args[1]), ""); err != nil {
			return i, err
		}
	}
	i, err = requester.UploadImport(ctx, i, file, info.Size(), func(done int64) { bar.show("bytes", int(done), int(info.Size())) })
	if err != nil {
		return i, fmt.Errorf("%w; go on with --resume %s", err, i.ID)
	}
	return i, nil
}

func (p *program) printImport(i wire.Import, asJSON bool) error {
	var err error
	if asJSON {
		err = p.printJSON(i)
	} else {
		err = p.printf("%s: %d rows, %d tasks made, %d known before, %d malformed\n", i.ID, i.Rows, i.Made, i.Known, i.Malformed)
		for _, bad := range i.First {
			fmt.Fprintf(p.err, "line %d: %s\n", bad.Line, bad.Problem)
		}
		if more := i.Malformed - len(i.First); more > 0 {
			fmt.Fprintf(p.err, "and %d more\n", more)
		}
	}
	if err == nil && i.State == "stopped" {
		if i.Problem == "insufficient_funds" {
			return fmt.Errorf("%w %s Then: tasknet project import %s --resume %s", errStopped, i.Detail, i.Project, i.ID)
		}
		return fmt.Errorf("%w %s Mend the file and import it again: rows that are tasks already change nothing.", errStopped, i.Detail)
	}
	return err
}
