package main

import (
	"errors"
	"fmt"
	"strings"
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
	cmd.AddCommand(p.projectCreate(), p.projectEstimate(), p.projectList(), p.projectEdit(), p.projectStatus(), p.projectImport(), p.projectImports(), p.projectReport())
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

func (p *program) projectCreate() *cobra.Command {
	var r remote
	var draft projectDraft
	key, asJSON := "", false
	cmd := &cobra.Command{
		Use: "create NAME", Short: "Make a project", Args: cobra.ExactArgs(1),
		Example: `  tasknet project create "Spam" --type yes_no --text "Is this spam?"
  tasknet project create "Birds" --text "Which bird?" --choice heron --choice egret --policy confidence:0.95
  tasknet project create "Cars" --label-config label_config.xml --examples examples.json
  tasknet project create "Weights" --type number --range-min 0 --range-max 500 --decimals 1 --unit kg --text "What does it weigh?"`,
		RunE: func(cmd *cobra.Command, args []string) error {
			body, err := draft.read(cmd, args[0])
			if err != nil {
				return err
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
			return p.printf("%s is made. Each task sets %s of your balance aside; import some with %s project import %[1]s FILE\n", made.ID, made.Hold, p.name)
		},
	}
	draft.flags(cmd)
	cmd.Flags().StringVar(&key, "idempotency-key", "", "a `name` for this: the same one again gets the same project, not a second")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
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
			all, err := listed(requester.Projects(cmd.Context(), status))
			if err != nil {
				return err
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
	forfeited := ""
	if !project.Forfeited.IsZero() {
		forfeited = ", forfeited " + project.Forfeited.String()
	}
	err := p.printf("%s\n%s, %s\n\n%8d tasks\n%8d open\n%8d done\n%8d ended before they had enough answers\n\n%d answers to closed tasks; paid %s, fees %s%s\n\n",
		project.Name, project.ID, project.Status, project.Tasks.All, project.Tasks.Open, project.Tasks.Done, project.Tasks.Ended, project.Answers, project.Paid, project.Fees, forfeited)
	err = errors.Join(err, p.printTerms(project))
	switch {
	case project.Work == "cancelling" && project.Tasks.Open > 0:
		err = errors.Join(err, p.printf("It is cancelling: the open tasks close one after another with the answers that they have, which are paid, and\nwhat is left of their holds comes back. How far it is: %s project status %s\n", p.name, project.ID))
	case project.Work != "":
		err = errors.Join(err, p.printf("It is %s.\n", project.Work))
	}
	if project.Problem != "" {
		err = errors.Join(err, p.printf("It does not go on: %s. Mend that, then: %s project resume %s\n", project.Problem, p.name, project.ID))
	}
	return err
}

// printTerms tells what a project's tasks are asked for, and of whom.
func (p *program) printTerms(project wire.Project) error {
	var b strings.Builder
	row := func(title, format string, args ...any) {
		fmt.Fprintf(&b, "%-10s "+format+"\n", append([]any{title}, args...)...)
	}
	row("type", "%s", project.Type)
	row("price", "%s an answer, and a fee of %s; a new task sets %s aside", project.Price, project.Fee, project.Hold)
	if project.Difficulty != "0" {
		row("difficulty", "the price rises by %s of itself with each further answer that tasks take; a new task pays %s", project.Difficulty, project.PriceNow)
	}
	policy := project.Quorum.Policy
	if strings.HasPrefix(policy, "confidence:") {
		policy = fmt.Sprintf("%s, from %d to %d answers", policy, project.Quorum.Min, project.Quorum.Max)
	}
	row("policy", "%s", policy)
	row("gold rate", "%s of the questions that somebody gets have a known truth", project.GoldRate)
	row("deadline", "%s after a task is asked", days(project.Deadline))
	if project.MostEach > 0 {
		row("each", "at most %d tasks to one person", project.MostEach)
	} else {
		row("each", "any number of tasks to one person")
	}
	languages := "any"
	if len(project.Languages) > 0 {
		languages = strings.Join(project.Languages, ", ")
	}
	row("languages", "%s", languages)
	if line := modelLine(project.ModelStatus); line != "" {
		row("model", "%s", line)
	}
	if len(project.Warnings) > 0 {
		row("warnings", "%s", strings.Join(project.Warnings, ", "))
	}
	if len(project.Topics) > 0 {
		row("topics", "%s", strings.Join(project.Topics, ", "))
	}
	return p.printf("%s", b.String())
}

// days writes seconds as a time, in days where it is some.
func days(seconds int) string {
	const day = 24 * 60 * 60
	switch {
	case seconds == day:
		return "1 day"
	case seconds%day == 0:
		return fmt.Sprintf("%d days", seconds/day)
	}
	return (time.Duration(seconds) * time.Second).String()
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
				if err = client.Pause(cmd.Context(), lookEvery); err == nil {
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
