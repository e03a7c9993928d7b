package bench

import (
	"context"
	"fmt"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

const (
	digitsLearned = 8000
	digitsHeldOut = 2000
	digitsGoal    = 97 // percent
	digitsTarget  = 950_000
)

// Digits trains the model of Run on the first 8,000 digits, and asks it about the others: with true labels, and with what each crowd
// makes of them, that is asked under one policy and helped by no model.
func (l Loops) Digits(ctx context.Context) ([]Row, error) {
	l.Tasks = digitsLearned + digitsHeldOut
	d, err := l.readDigits(ctx)
	if err != nil {
		return nil, err
	}
	if len(d.truth) != l.Tasks {
		return nil, fmt.Errorf("%s has %d digits, and not %d", l.Folder, len(d.truth), l.Tasks)
	}
	labels := make([]labeling.TrainingLabel, digitsLearned)
	for t := range labels {
		labels[t] = labeling.TrainingLabel{Task: t, Posterior: make([]int, len(d.spec.Classes))}
		labels[t].Posterior[d.truth[t]] = 1e6
	}
	best, err := l.heldOut(ctx, d, labels)
	if err != nil {
		return nil, err
	}
	rows := []Row{{fmt.Sprintf("digits right, of %d held out, from %d true labels", digitsHeldOut, digitsLearned), best, digitsGoal, "%", Higher}}
	for _, crowd := range loopCrowds {
		loop := labeling.Loop{
			Truth: d.truth[:digitsLearned], Choices: len(d.spec.Classes), People: l.People, SkillLeast: loopSkillLeast, SkillMost: loopSkillMost, RandomShare: crowd.random,
			GoldShare: loopGoldShare, Policy: polls.Policy{Kind: polls.Confidence, TargetPPM: digitsTarget, Min: polls.DefaultMin, Max: loopMax}, Seed: l.Seed,
			Progress: func(closed, of, _ int) { l.Told(crowd.name, closed, of) },
		}
		got, err := loop.Run(ctx)
		if err != nil {
			return nil, err
		}
		right, err := l.heldOut(ctx, d, got.Labels)
		if err != nil {
			return nil, err
		}
		rows = append(rows, Row{"points fewer from labels of a crowd, " + crowd.name, best - right, 1, "points", Lower})
	}
	return rows, nil
}

// heldOut trains on labels, and returns how many percent of the digits that were held out are right.
func (l Loops) heldOut(ctx context.Context, d *digits, labels []labeling.TrainingLabel) (float64, error) {
	opinions, err := d.learn(ctx, labels, l.Seed, l.Told)
	if err != nil {
		return 0, err
	}
	right := 0
	for t, o := range opinions[digitsLearned:] {
		best := 0
		for c, ppm := range o {
			if ppm > o[best] {
				best = c
			}
		}
		if best == d.truth[digitsLearned+t] {
			right++
		}
	}
	return 100 * float64(right) / digitsHeldOut, nil
}
