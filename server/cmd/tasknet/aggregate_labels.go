package main

import (
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/server/interchange"
)

// labelVerdict is a row of verdicts on labels.
type labelVerdict struct {
	Task         string             `json:"task"`
	Label        string             `json:"label"`
	Confidence   float64            `json:"confidence"`
	Distribution map[string]float64 `json:"distribution"`
}

func (v labelVerdict) cells() ([]string, error) {
	distribution, err := json.Marshal(v.Distribution)
	return []string{v.Task, v.Label, strconv.FormatFloat(v.Confidence, 'g', -1, 64), string(distribution)}, err
}

func (p *program) aggregateLabels(ctx context.Context, a aggregation, bar *bar) (r aggregated, err error) {
	began := time.Now()
	answers, truth, skipped, err := p.readLabels(ctx, a, bar)
	if err != nil {
		return r, err
	}
	r.ReadSeconds = since(began)
	r.Tasks, r.Answers, r.Workers, r.Classes = answers.Tasks.Len(), len(answers.Task), answers.Workers.Len(), answers.Labels.Len()
	r.Skipped = skipped

	began = time.Now()
	votes, err := aggregate.NewVotes(aggregate.Columns{
		Task: answers.Task, Worker: answers.Worker, Class: answers.Label, Tasks: r.Tasks, Workers: r.Workers, Classes: r.Classes,
	})
	if err != nil {
		return r, err
	}
	r.people = who(answers.Workers, answers.Worker)
	answers.Task, answers.Worker, answers.Label = nil, nil, nil // votes have them
	known := known(answers, truth)
	gold := known.draw(a.goldRate, a.seed)
	options := a.options(bar, "")
	var result *aggregate.Result
	if a.method == "auto" {
		choice, err := aggregate.Auto(ctx, votes, gold, options)
		if err != nil {
			return r, err
		}
		result, r.Reason, r.candidates = choice.Result, choice.Reason, choice.Candidates
	} else if result, err = aggregate.Fit(ctx, aggregate.Method(a.method), votes, options); err != nil {
		return r, err
	}
	r.Seconds = since(began)
	r.Method, r.Iterations, r.LogLikelihood = string(result.Method), result.Iterations, finite(result.LogLikelihood)
	r.people.skills = skillsOf(result.Workers)
	for _, g := range gold {
		if g != aggregate.NoVerdict {
			r.Gold++
		}
	}
	r.Accuracy, r.Judged = known.accuracy(result.Class, gold)
	agreement := aggregate.Agree(votes)
	r.Agreement, r.Fleiss, r.Alpha = finite(agreement.Percent), finite(agreement.Fleiss), finite(agreement.Nominal)
	if a.out == "" {
		return r, nil
	}
	return r, writeVerdicts(ctx, a.out, []string{"task", "label", "confidence", "distribution"}, r.Tasks, bar, func(task int) (verdict, bool) {
		class := result.Class[task]
		if class == aggregate.NoVerdict {
			return nil, false
		}
		classes, probabilities := result.Posterior.Listed(task)
		v := labelVerdict{answers.Tasks.Of(int32(task)), answers.Labels.Of(class), result.Confidence[task], make(map[string]float64, len(classes))}
		for i, k := range classes {
			v.Distribution[answers.Labels.Of(k)] = probabilities[i]
		}
		return v, true
	})
}

// readLabels reads answers that are labels, and the truth if there is one, and says how many malformed rows are left out.
func (p *program) readLabels(ctx context.Context, a aggregation, bar *bar) (answers *interchange.Answers, truth *interchange.Truth, skipped int, err error) {
	answers, err = readRecorded(a.answers, bar, func(f interchange.File) (*interchange.Answers, error) {
		return interchange.ReadAnswers(ctx, f, interchange.AnswersOptions{CannotTell: a.cannotTell, Labels: a.classes})
	})
	if err == nil {
		err = p.skip(a.answers, answers.Malformed, a, bar)
	}
	if err != nil {
		return nil, nil, 0, err
	}
	skipped = answers.Malformed.Count
	if a.truth != "" {
		if truth, err = p.readTruth(ctx, a, bar); err != nil {
			return nil, nil, 0, err
		}
		skipped += truth.Malformed.Count
	}
	switch {
	case len(answers.Task) == 0:
		err = usagef("%s has no answers", a.answers)
	case answers.Labels.Len() < 2:
		err = usagef("all answers in %s are the same; name what else could be answered by --classes", a.answers)
	}
	return answers, truth, skipped, err
}

func (p *program) readTruth(ctx context.Context, a aggregation, bar *bar) (*interchange.Truth, error) {
	truth, err := readRecorded(a.truth, bar, func(f interchange.File) (*interchange.Truth, error) {
		return interchange.ReadTruth(ctx, f, a.family.name == "numbers" || a.family.name == "pairs")
	})
	if err != nil {
		return nil, err
	}
	return truth, p.skip(a.truth, truth.Malformed, a, bar)
}

// neverAnswered is the true class of a task whose truth nobody ever answered, to any task.
const neverAnswered = math.MaxInt32

// truths is the true class of each task that was answered, NoVerdict where it is not known.
type truths []int32

func known(answers *interchange.Answers, truth *interchange.Truth) truths {
	out := truths(slices.Repeat([]int32{aggregate.NoVerdict}, answers.Tasks.Len()))
	if truth == nil {
		return out
	}
	for i, label := range truth.Label {
		task, ok := answers.Tasks.Find(truth.Tasks.Of(int32(i)))
		if !ok {
			continue
		}
		if out[task], ok = answers.Labels.Find(truth.Labels.Of(label)); !ok {
			out[task] = neverAnswered
		}
	}
	return out
}

// draw returns a share of the truths, and NoVerdict for all other tasks; nil when the share is 0. Which they are follows
// from the seed.
func (t truths) draw(share float64, seed uint64) []int32 {
	if share == 0 {
		return nil
	}
	var tasks []int
	for task, class := range t {
		if class != aggregate.NoVerdict && class != neverAnswered { // what nobody answers tells no method from another
			tasks = append(tasks, task)
		}
	}
	gold := slices.Repeat([]int32{aggregate.NoVerdict}, len(t))
	for _, task := range drawn(tasks, share, seed) {
		gold[task] = t[task]
	}
	return gold
}

// drawn returns a share of tasks, which follow from the seed.
func drawn(tasks []int, share float64, seed uint64) []int {
	out := make([]int, int(math.Round(share*float64(len(tasks)))))
	for i, at := range rand.New(rand.NewPCG(seed, 0)).Perm(len(tasks))[:len(out)] {
		out[i] = tasks[at]
	}
	return out
}

// accuracy is the share of right verdicts on tasks that are not gold; nil when there is none of which the truth is known.
func (t truths) accuracy(class, gold []int32) (accuracy *float64, judged int) {
	right := 0
	for task, k := range class {
		if k == aggregate.NoVerdict || t[task] == aggregate.NoVerdict || gold != nil && gold[task] != aggregate.NoVerdict {
			continue
		}
		judged++
		if k == t[task] {
			right++
		}
	}
	if judged == 0 {
		return nil, 0
	}
	share := float64(right) / float64(judged)
	return &share, judged
}
