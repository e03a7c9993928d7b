package main

import (
	"context"
	"strings"
	"time"

	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/server/interchange"
)

// textVerdict is a row of verdicts on texts.
type textVerdict struct {
	Task      string   `json:"task"`
	Label     string   `json:"label"`
	Agreement *float64 `json:"agreement"`
	Method    string   `json:"method"` // rover where answers were aligned and voted on, medoid where one was taken
}

func (v textVerdict) cells() ([]string, error) {
	return cellsOf(v.Task, v.Label, v.Agreement, v.Method)
}

func (p *program) aggregateTexts(ctx context.Context, a aggregation, bar *bar) (r aggregated, err error) {
	began := time.Now()
	answers, err := readValues(ctx, p, a, bar, parseText)
	if err != nil {
		return r, err
	}
	truth, err := readKnown(ctx, p, a, bar, &r, parseText, func(a, b string) bool { return a == b })
	if err != nil {
		return r, err
	}
	r.read(a, began, answers.Tasks.Len(), len(answers.Task), answers.Workers.Len(), answers.Malformed)
	if r.Answers == 0 {
		return r, usagef("%s has no answers", a.answers)
	}

	began = time.Now()
	result, err := aggregate.TextsFuse(ctx, aggregate.Texts{Rows: rowsOf(answers), Texts: answers.Value}, bar.progress("tasks"))
	if err != nil {
		return r, err
	}
	r.Seconds, r.Method, r.Iterations, r.LogLikelihood = since(began), a.method, result.Iterations, finite(result.LogLikelihood)
	r.people = who(answers.Workers, answers.Worker)
	r.people.skills = []skill{{"skill", result.Skills}}
	agreement, n := 0.0, 0
	for _, v := range result.Texts {
		if v.Answers > 1 {
			agreement += v.Agreement
			n++
		}
	}
	r.Agreement = finite(agreement / float64(n))
	if truth != nil {
		r.judgeTexts(answers.Tasks, result.Texts, truth)
	}
	if a.out == "" {
		return r, nil
	}
	return r, writeVerdicts(ctx, a.out, []string{"task", "label", "agreement", "method"}, r.Tasks, bar, func(task int) (verdict, bool) {
		v := result.Texts[task]
		return textVerdict{answers.Tasks.Of(int32(task)), v.Text, finite(v.Agreement), string(v.Method)}, v.Method != aggregate.TextsNone
	})
}

func parseText(text []byte) (string, error) {
	if len(text) > aggregate.TextsBytesMax {
		return "", aggregate.ErrTextTooLong
	}
	return string(text), nil
}

// judgeTexts counts the texts that are right as a whole, and the words that are not: the edits that make the texts true
// ones, over the words of these.
func (r *aggregated) judgeTexts(tasks *interchange.Names, texts []aggregate.TextsVerdict, truth *interchange.Known[string]) {
	right, edits, words := 0, 0, 0
	for i, want := range truth.Value {
		task, ok := tasks.Find(truth.Tasks.Of(int32(i)))
		if !ok || texts[task].Method == aggregate.TextsNone {
			continue
		}
		got := texts[task].Text
		r.Judged++
		if got == want {
			right++
		}
		number := make(map[string]int32) // of a word
		numbers := func(text string) (out []int32) {
			for word := range strings.FieldsSeq(text) {
				if _, known := number[word]; !known {
					number[word] = int32(len(number))
				}
				out = append(out, number[word])
			}
			return out
		}
		truly := numbers(want)
		edits += aggregate.EditDistance(numbers(got), truly)
		words += len(truly)
	}
	if r.Judged > 0 {
		share := float64(right) / float64(r.Judged)
		r.Accuracy, r.WordErrorRate = &share, finite(float64(edits)/float64(words))
	}
}
