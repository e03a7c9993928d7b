package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/server/interchange"
)

// selectionVerdict is a row of verdicts on selections.
type selectionVerdict struct {
	Task          string             `json:"task"`
	Label         []string           `json:"label"` // what is selected
	Confidence    float64            `json:"confidence"`
	Probabilities map[string]float64 `json:"probabilities"` // of each option
}

func (v selectionVerdict) cells() ([]string, error) {
	return cellsOf(v.Task, v.Label, v.Confidence, v.Probabilities)
}

// cellsOf writes strings as they are, and all else as JSON.
func cellsOf(values ...any) ([]string, error) {
	out := make([]string, len(values))
	for i, v := range values {
		switch v := v.(type) {
		case string:
			out[i] = v
		case *float64:
			out[i] = cell(v)
		default:
			b, err := json.Marshal(v)
			if err != nil {
				return nil, err
			}
			out[i] = string(b)
		}
	}
	return out, nil
}

// optionsMax is the most options that are made a question each.
const optionsMax = 1000

// listSeparator is between the items of a selection that is no JSON.
const listSeparator = '|'

func (p *program) aggregateMultiple(ctx context.Context, a aggregation, bar *bar) (r aggregated, err error) {
	began := time.Now()
	answers, err := readRecorded(a.answers, bar, func(f interchange.File) (*interchange.Lists, error) {
		return interchange.ReadLists(ctx, f, a.cannotTell, listSeparator, a.classes)
	})
	if err != nil {
		return r, err
	}
	if err := p.skip(a.answers, answers.Malformed, a, bar); err != nil {
		return r, err
	}
	truth, err := readKnown(ctx, p, a, bar, &r, parseSelection, slices.Equal)
	if err != nil {
		return r, err
	}
	r.read(a, began, answers.Tasks.Len(), len(answers.Task), answers.Workers.Len(), answers.Malformed)
	r.Classes = answers.Items.Len()
	switch {
	case r.Answers == 0:
		return r, usagef("%s has no answers", a.answers)
	case r.Classes == 0:
		return r, usagef("nobody selected anything in %s; name the options by --classes", a.answers)
	case r.Classes > optionsMax:
		return r, usagef("there are %d options in %s, and at most %d can be looked at one by one", r.Classes, a.answers, optionsMax)
	}

	began = time.Now()
	s := selectionsOf(answers)
	known := knownOptions(answers, truth)
	golds := known.tasks().draw(a.goldRate, a.seed)
	result, err := aggregate.SelectionsFit(ctx, s, func(ctx context.Context, option int, votes *aggregate.Votes) (*aggregate.Result, error) {
		o := a.options(bar, fmt.Sprintf(" (option %d of %d)", option+1, r.Classes))
		if a.method != "auto" {
			return aggregate.Fit(ctx, aggregate.Method(a.method), votes, o)
		}
		choice, err := aggregate.Auto(ctx, votes, known.gold(option, golds), o)
		if err != nil {
			return nil, err
		}
		return choice.Result, nil
	})
	if err != nil {
		return r, err
	}
	options := result.Options
	r.Seconds, r.Method, r.Reason, r.Iterations = since(began), result.Method, result.Reason, result.Iterations
	r.people = who(answers.Workers, answers.Worker)
	r.people.skills = []skill{{"skill", result.Skills}}
	r.Accuracy, r.OptionAccuracy, r.Judged, r.Gold = known.accuracy(options, golds)
	if a.out == "" {
		return r, nil
	}
	return r, writeVerdicts(ctx, a.out, []string{"task", "label", "confidence", "probabilities"}, r.Tasks, bar, func(task int) (verdict, bool) {
		v := selectionVerdict{answers.Tasks.Of(int32(task)), []string{}, 1, make(map[string]float64, r.Classes)}
		for i, option := range options {
			name, p := answers.Items.Of(int32(i)), option.Probability[task]
			switch option.Class[task] {
			case aggregate.NoVerdict:
				return nil, false
			case 1:
				v.Label = append(v.Label, name)
			}
			v.Confidence *= max(p, 1-p) // options are looked at one by one
			v.Probabilities[name] = p
		}
		return v, true
	})
}

// parseSelection reads what is selected, in the order of names.
func parseSelection(text []byte) ([]string, error) {
	list, err := interchange.ParseList(text, listSeparator)
	slices.Sort(list)
	return list, err
}

func selectionsOf(l *interchange.Lists) aggregate.Selections {
	s := aggregate.Selections{Task: l.Task, Worker: l.Worker, Start: []int32{0}, Tasks: l.Tasks.Len(), Workers: l.Workers.Len(), Options: l.Items.Len()}
	for i, list := range l.Value {
		if l.CannotTell[i] {
			list = []int32{aggregate.CannotTell}
		}
		s.Option = append(s.Option, list...)
		s.Start = append(s.Start, int32(len(s.Option)))
	}
	return s
}

// optionTruths is what is truly selected for each task: nil where it is not known. An option that nobody ever selected
// makes a selection that no verdict can be.
type optionTruths [][]int32

func knownOptions(answers *interchange.Lists, truth *interchange.Known[[]string]) optionTruths {
	out := make(optionTruths, answers.Tasks.Len())
	if truth == nil {
		return out
	}
	for i, names := range truth.Value {
		task, ok := answers.Tasks.Find(truth.Tasks.Of(int32(i)))
		if !ok {
			continue
		}
		out[task] = []int32{}
		for _, name := range names {
			option, ok := answers.Items.Find(name)
			if !ok {
				option = neverAnswered
			}
			out[task] = append(out[task], option)
		}
	}
	return out
}

// tasks has class 0 for each task that is known.
func (o optionTruths) tasks() truths {
	out := make(truths, len(o))
	for t, options := range o {
		if options == nil {
			out[t] = aggregate.NoVerdict
		}
	}
	return out
}

// gold is the class of an option for each of the tasks that are gold; nil without any.
func (o optionTruths) gold(option int, golds []int32) []int32 {
	if golds == nil {
		return nil
	}
	out := slices.Clone(golds)
	for t, g := range golds {
		if g != aggregate.NoVerdict && slices.Contains(o[t], int32(option)) {
			out[t] = 1
		}
	}
	return out
}

// accuracy is the share of selections that are right as a whole, and that of all decisions on an option of a task.
func (o optionTruths) accuracy(options []aggregate.OptionResult, golds []int32) (whole, each *float64, judged, gold int) {
	right, decisions := 0, 0
	for t, want := range o {
		if golds != nil && golds[t] != aggregate.NoVerdict {
			gold++
			continue
		}
		if want == nil || options[0].Class[t] == aggregate.NoVerdict {
			continue
		}
		judged++
		wrong := 0
		for i, option := range options {
			if slices.Contains(want, int32(i)) != (option.Class[t] == 1) {
				wrong++
			}
		}
		decisions += len(options) - wrong
		if wrong == 0 && !slices.Contains(want, neverAnswered) {
			right++
		}
	}
	if judged == 0 {
		return nil, nil, 0, gold
	}
	w, e := float64(right)/float64(judged), float64(decisions)/float64(judged*len(options))
	return &w, &e, judged, gold
}
