package main

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/server/wire"
)

const aboutProjectEdit = `Change what is given, and leave the rest. Questions that are open keep what they have:
price, policy and deadline are those of tasks to come.`

func (p *program) projectEdit() *cobra.Command {
	var r remote
	var pays price
	var fair wire.Fairness
	var quorum wire.Quorum
	var name, instructions, examples, rate, rise string
	var deadline time.Duration
	var languages []string
	var content wire.Content
	var model modelFlags
	most, asJSON := 0, false
	cmd := &cobra.Command{
		Use: "edit PROJECT", Short: "Change a project", Long: aboutProjectEdit, Args: cobra.ExactArgs(1),
		Example: `  tasknet project edit prj_... --price 0.02 --most-per-person 500
  tasknet project edit prj_... --policy confidence:0.95 --max 7
  tasknet project edit prj_... --model-helps text`,
		RunE: func(cmd *cobra.Command, args []string) error {
			given, change := cmd.Flags().Changed, wire.ChangeProject{Price: pays.value, Deadline: int(deadline / time.Second), Fairness: fair}
			if deadline%time.Second != 0 || deadline < 0 {
				return usagef("--deadline is a number of whole seconds, such as 24h")
			}
			if given("name") {
				change.Name = &name
			}
			if given("instructions") {
				text, err := readText("--instructions", instructions)
				if err != nil {
					return err
				}
				change.Instructions = &text
			}
			if given("examples") {
				all, err := readExamples(examples)
				if err != nil {
					return err
				}
				change.Examples = &all
			}
			switch {
			case given("policy"):
				change.Quorum = &quorum
			case given("min"), given("max"):
				return usagef("--min and --max are of a --policy; give it, too")
			}
			if given("gold-rate") {
				change.GoldRate = &rate
			}
			if given("difficulty-rate") {
				change.Difficulty = &rise
			}
			if given("language") {
				change.Languages = &languages
			}
			if given("warning") {
				change.Warnings = &content.Warnings
			}
			if given("topic") {
				change.Topics = &content.Topics
			}
			if given("most-per-person") {
				change.MostEach = &most
			}
			helps, err := model.read()
			if err != nil {
				return err
			}
			change.ModelHelps = helps
			requester, err := r.requester()
			if err != nil {
				return err
			}
			project, err := requester.ChangeProject(cmd.Context(), args[0], change)
			if err != nil {
				return err
			}
			return p.printProject(project, asJSON)
		},
	}
	f := cmd.Flags()
	f.StringVar(&name, "name", "", "its name")
	f.StringVar(&instructions, "instructions", "", "`file` with what respondents read before they begin")
	f.StringVar(&examples, "examples", "", aboutExamples+"; those that it has are replaced")
	f.StringVar(&quorum.Policy, "policy", "", "how many answers are enough for a task: fixed:n, or confidence:p")
	f.IntVar(&quorum.Min, "min", 0, "for confidence: never stop under this many answers (default 2)")
	f.IntVar(&quorum.Max, "max", 0, "for confidence: never ask more than this many people (default 10)")
	f.Var(&pays, "price", "what one answer pays")
	f.DurationVar(&deadline, "deadline", 0, "how long a task may stay open, from 10s to 720h")
	f.StringVar(&rate, "gold-rate", "", "how many of the questions that somebody gets have a known truth, from 0 to 0.5")
	f.StringVar(&rise, "difficulty-rate", "", "by how much of itself the price of tasks to come rises with each further answer that tasks take, from 0 to 1")
	fairnessFlags(f, &fair)
	f.StringArrayVar(&languages, "language", nil, "what respondents should read, such as en; give it several times")
	model.register(f)
	contentFlags(f, &content.Warnings, &content.Topics)
	f.IntVar(&most, "most-per-person", 0, "how many of its tasks one person may answer; 0 for any number")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	r.flags(cmd, defaultServer)
	r.keyFlags(cmd)
	return cmd
}
