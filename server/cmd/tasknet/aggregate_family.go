package main

import (
	"context"
	"slices"
	"strings"

	"github.com/tasknet/tasknet/labeling/aggregate"
)

// family is a form of answers, and the methods that make one of several.
type family struct {
	name    string
	methods []string // auto is the only one, or the one that is chosen by the answers
	gold    bool     // auto can be given gold
	classes bool     // --classes says what could be answered
	iterate bool     // --iterations holds
	run     func(*program, context.Context, aggregation, *bar) (aggregated, error)
}

// families are all that there are. A method without a family is that of the first which has it.
func families() []family {
	var labels []string
	for _, m := range aggregate.Methods() {
		labels = append(labels, string(m))
	}
	return []family{
		{name: "labels", methods: labels, gold: true, classes: true, iterate: true, run: (*program).aggregateLabels},
		{name: "multiple", methods: labels, gold: true, classes: true, iterate: true, run: (*program).aggregateMultiple},
		{name: "numbers", methods: []string{"median", "mean"}, gold: true, run: (*program).aggregateNumbers},
		{name: "scale", methods: []string{"mean", "ordinal"}, gold: true, classes: true, run: (*program).aggregateScale},
		{name: "text", methods: []string{"rover"}, run: (*program).aggregateTexts},
		{name: "ranking", methods: []string{"borda", "plackettluce"}, gold: true, run: (*program).aggregateRankings},
		{name: "pairs", methods: []string{"bt", "noisybt"}, gold: true, run: (*program).aggregatePairs},
		{name: "spans", methods: []string{"vote"}, run: (*program).aggregateSpans},
		{name: "boxes", methods: []string{"match"}, run: (*program).aggregateBoxes},
		{name: "polygons", methods: []string{"match"}, run: (*program).aggregatePolygons},
		{name: "mask", methods: []string{"majority", "staple"}, gold: true, run: (*program).aggregateMasks},
	}
}

// resolve finds the family of answers, and the method. A method tells its family where none is given.
func (a *aggregation) resolve() error {
	all := families()
	at := slices.IndexFunc(all, func(f family) bool {
		if a.familyName == "" {
			return a.method == "auto" || slices.Contains(f.methods, a.method)
		}
		return f.name == a.familyName
	})
	switch {
	case at < 0 && a.familyName != "":
		names := make([]string, len(all))
		for i, f := range all {
			names[i] = f.name
		}
		return usagef("--family is one of %s", strings.Join(names, ", "))
	case at < 0:
		return usagef("there is no --method %s; the --help lists those that there are", a.method)
	}
	a.family = all[at]
	if a.method != "auto" && !slices.Contains(a.family.methods, a.method) {
		return usagef("--method for %s is auto or one of %s", a.family.name, strings.Join(a.family.methods, ", "))
	}
	if a.method == "auto" && len(a.family.methods) == 1 {
		a.method = a.family.methods[0]
	}
	return nil
}

// progress returns what shows progress under a title.
func (b *bar) progress(title string) aggregate.Progress {
	return func(done, most int) { b.show(title, done, most) }
}
