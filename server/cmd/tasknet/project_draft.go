package main

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tasknet/tasknet/server/wire"
)

// projectDraft is a project as flags say it.
type projectDraft struct {
	body                                            wire.NewProject
	template                                        templateFlags
	model                                           modelFlags
	instructions, examples, labelConfig, rate, rise string
}

func (d *projectDraft) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	d.template.register(f, "720h")
	f.StringVar(&d.body.Text, "text", "", "the question of all tasks (default: each task has its own)")
	f.StringVar(&d.instructions, "instructions", "", "`file` with what respondents read before they begin")
	f.StringVar(&d.examples, "examples", "", aboutExamples)
	f.StringVar(&d.labelConfig, "label-config", "", "`file` with a label configuration of Label Studio, in XML: what the other flags leave out of type, text, choices, range and length is what it asks")
	f.StringVar(&d.rate, "gold-rate", "", "how many of the questions that somebody gets have a known truth, from 0 to 0.5 (default 0.1)")
	f.StringArrayVar(&d.body.Languages, "language", nil, "what respondents should read, such as en; give it several times (default: any)")
	f.IntVar(&d.body.MostEach, "most-per-person", 0, "how many of its tasks one person may answer (default: any number)")
	f.StringVar(&d.rise, "difficulty-rate", "", "by how much of itself the price of tasks to come rises with each further answer that tasks take, from 0 to 1 (default 0)")
	d.model.register(f)
	contentFlags(f, &d.body.Warnings, &d.body.Topics)
	fairnessFlags(f, &d.body.Fairness)
}

// read returns the project, with the files that the flags name.
func (d *projectDraft) read(cmd *cobra.Command, name string) (wire.NewProject, error) {
	body, t := d.body, &d.template
	var err error
	if body.Number, err = t.numberRange(); err != nil {
		return body, err
	}
	if body.Deadline, err = t.seconds(); err != nil {
		return body, err
	}
	if body.ModelHelps, err = d.model.read(); err != nil {
		return body, err
	}
	body.Name, body.Type, body.Choices, body.Least, body.Most, body.Length = name, t.kind, t.choices, t.least, t.most, t.length
	body.Quorum, body.Price = t.quorum, t.price.value
	if cmd.Flags().Changed("gold-rate") {
		body.GoldRate = &d.rate
	}
	if cmd.Flags().Changed("difficulty-rate") {
		body.Difficulty = &d.rise
	}
	if d.instructions != "" {
		if body.Instructions, err = readText("--instructions", d.instructions); err != nil {
			return body, err
		}
	}
	if d.examples != "" {
		if body.Examples, err = readExamples(d.examples); err != nil {
			return body, err
		}
	}
	if d.labelConfig != "" {
		if body.LabelConfig, err = readText("--label-config", d.labelConfig); err != nil {
			return body, err
		}
		if !cmd.Flags().Changed("type") {
			body.Type = "" // what the configuration asks
		}
	}
	return body, nil
}

// contentFlags say what is shown and what it is about.
func contentFlags(f *pflag.FlagSet, warnings, topics *[]string) {
	f.StringArrayVar(warnings, "warning", nil, "what not everybody wants to see: violence, blood, adult, hate, self_harm or drugs; several times")
	f.StringArrayVar(topics, "topic", nil, "what it is about, such as animals, food or politics; several times")
}

// fairnessFlags adds the flags that say what a price is held to.
func fairnessFlags(f *pflag.FlagSet, fair *wire.Fairness) {
	f.IntVar(&fair.Seconds, "seconds-per-answer", 0, "how long you think that an answer takes; it counts while too few answers have shown it")
	f.BoolVar(&fair.TopUp, "top-up", false, "where the price is under the least that the server takes, pay that, and do not fail")
}
