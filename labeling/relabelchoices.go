package labeling

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/polls"
)

// choiceRelabeler is for choices without an order.
type choiceRelabeler struct {
	classes   int
	class     []int32 // of each row
	chosen    *aggregate.Choice
	posterior *aggregate.Posterior
}

func (r *choiceRelabeler) begin(t *ClosedTask) (bool, error) {
	if len(t.Question.Choices) != r.classes {
		return false, fmt.Errorf("it has %d choices, and not %d", len(t.Question.Choices), r.classes)
	}
	return true, nil
}

func (r *choiceRelabeler) add(a *polls.Answer) error {
	r.class = append(r.class, int32(max(a.Choice, 0)))
	return nil
}

func (r *choiceRelabeler) fit(ctx context.Context, rows aggregate.Rows, golds []goldTask) (method, reason string, err error) {
	for i, cannot := range rows.CannotTell {
		if cannot {
			r.class[i] = aggregate.CannotTell
		}
	}
	votes, err := aggregate.NewVotes(aggregate.Columns{
		Task: rows.Tasks, Worker: rows.Workers, Class: r.class, Tasks: rows.TaskCount, Workers: rows.WorkerCount, Classes: r.classes,
	})
	if err != nil {
		return "", "", err
	}
	gold := goldClasses(rows.TaskCount, golds)
	if r.chosen, err = aggregate.Auto(ctx, votes, gold, aggregate.Options{}); err != nil {
		return "", "", err
	}
	r.posterior = r.chosen.Probabilities(votes, gold) // where the method is a vote, its shares are none
	return string(r.chosen.Method), r.chosen.Reason, nil
}

func (r *choiceRelabeler) label(task int, _ *polls.Question) (Label, error) {
	row := make([]float64, r.classes)
	r.posterior.Row(task, row)
	return softLabel(int(r.chosen.Class[task]), row), nil
}

// goldClasses is the true class of each task, and NoVerdict where it is not known.
func goldClasses(tasks int, golds []goldTask) []int32 {
	out := slices.Repeat([]int32{aggregate.NoVerdict}, tasks)
	for _, g := range golds {
		out[g.task] = int32(g.truth.Choice)
	}
	return out
}

// softLabel is a choice with the probability of each.
func softLabel(choice int, probabilities []float64) Label {
	soft := shares(probabilities)
	return Label{Choice: choice, Soft: soft, Confidence: soft[choice]}
}

// scaleRelabeler is for choices in an order.
type scaleRelabeler struct {
	classes int
	class   []int32 // of each row
	result  *aggregate.ScalesResult
}

func (r *scaleRelabeler) begin(t *ClosedTask) (bool, error) {
	if len(t.Question.Choices) != r.classes {
		return false, fmt.Errorf("its scale has %d places, and not %d", len(t.Question.Choices), r.classes)
	}
	return true, nil
}

func (r *scaleRelabeler) add(a *polls.Answer) error {
	r.class = append(r.class, int32(max(a.Choice, 0)))
	return nil
}

func (r *scaleRelabeler) fit(ctx context.Context, rows aggregate.Rows, golds []goldTask) (method, reason string, err error) {
	gold := goldClasses(rows.TaskCount, golds)
	result, chosen, err := aggregate.ScalesAuto(ctx, aggregate.Scales{Rows: rows, Classes: r.class, ClassCount: r.classes}, gold, relabelSeed, nil)
	r.result = result
	return chosen.Method, chosen.Reason, err
}

func (r *scaleRelabeler) label(task int, _ *polls.Question) (Label, error) {
	row := make([]float64, r.classes)
	r.result.Probabilities(task, row)
	return softLabel(int(r.result.Class[task]), row), nil
}

// pairRelabeler is for the better of two. Where tasks share items, so that there are no fewer different pairs than items,
// what is said of one pair tells of others: items have scores by the model of Bradley and Terry, with or without a reliability
// of each person. Otherwise, or where gold prefers it, the two sides are classes. Items are the same where the question shows
// the same besides.
type pairRelabeler struct {
	sides choiceRelabeler
	item  map[[16]byte]int32
	pairs map[[2]int32]bool // the lower item first
	of    [][2]int32        // the items of each task

	scores []aggregate.Estimate // nil when the two sides are classes
}

func newPairRelabeler() *pairRelabeler {
	return &pairRelabeler{sides: choiceRelabeler{classes: 2}, item: make(map[[16]byte]int32), pairs: make(map[[2]int32]bool)}
}

func (r *pairRelabeler) begin(t *ClosedTask) (bool, error) {
	if takes, err := r.sides.begin(t); err != nil || !takes {
		return false, err
	}
	var of [2]int32
	for side := range of {
		key, err := itemOf(t.Question, side)
		if err != nil {
			return false, err
		}
		n, known := r.item[key]
		if !known {
			n = int32(len(r.item))
			r.item[key] = n
		}
		of[side] = n
	}
	if of[0] == of[1] {
		return false, nil // neither is the better one
	}
	r.of = append(r.of, of)
	r.pairs[[2]int32{min(of[0], of[1]), max(of[0], of[1])}] = true
	return true, nil
}

// itemOf tells one of the two things that a question compares from all others.
func itemOf(q *polls.Question, side int) (key [16]byte, err error) {
	shown := struct{ Text, Passage, Image, Audio, Choice, Picture string }{Text: q.Text, Passage: q.Passage, Choice: q.Choices[side]}
	if q.Image != nil {
		shown.Image = q.Image.Hash
	}
	if q.Audio != nil {
		shown.Audio = q.Audio.Hash
	}
	if len(q.ChoiceImages) > 0 {
		shown.Choice, shown.Picture = "", q.ChoiceImages[side].Hash // a picture may have any letter before it
	}
	content, err := json.Marshal(shown)
	sum := sha256.Sum256(content)
	return [16]byte(sum[:16]), err
}

func (r *pairRelabeler) add(a *polls.Answer) error { return r.sides.add(a) }

func (r *pairRelabeler) fit(ctx context.Context, rows aggregate.Rows, golds []goldTask) (method, reason string, err error) {
	if len(r.pairs) < len(r.item) {
		method, reason, err = r.sides.fit(ctx, rows, golds)
		return method, fmt.Sprintf("The %d pairs of %d items do not tell of each other. %s", len(r.pairs), len(r.item), reason), err
	}
	p := aggregate.Pairs{ItemCount: len(r.item), WorkerCount: rows.WorkerCount, Workers: rows.Workers}
	for i, task := range rows.Tasks {
		p.Left, p.Right = append(p.Left, r.of[task][0]), append(p.Right, r.of[task][1])
		outcome := aggregate.PairsLeft
		switch {
		case rows.CannotTell[i]:
			outcome = aggregate.PairsCannotTell
		case r.sides.class[i] == 1:
			outcome = aggregate.PairsRight
		}
		p.Outcomes = append(p.Outcomes, outcome)
	}
	result, chosen, err := aggregate.PairsAuto(ctx, p, nil, relabelSeed, nil)
	if err != nil {
		return "", "", err
	}
	r.scores = result.Scores
	reason = fmt.Sprintf("There are %d different pairs of %d items, so that each pair tells of others. %s", len(r.pairs), len(r.item), chosen.Reason)
	judged := tellable(rows, golds)
	if len(judged) < aggregate.DuelGoldMin {
		return chosen.Method, reason, nil
	}
	if method, _, err = r.sides.fit(ctx, rows, golds); err != nil {
		return "", "", err
	}
	var wrong [2][]float64
	for _, g := range judged {
		for i, of := range []relabeler{r, &r.sides} {
			l, err := of.label(g.task, g.q)
			if err != nil {
				return "", "", err
			}
			off := 0.0
			if l.Choice != g.truth.Choice {
				off = 1
			}
			wrong[i] = append(wrong[i], off)
		}
	}
	names := [2]string{"the order of scores", "each pair by itself"}
	won, challenged := aggregate.Challenge([2]string{chosen.Method, method}, names, wrong, "of the pairs")
	if won {
		r.scores = nil
	}
	return challenged.Method, reason + " " + challenged.Reason, nil
}

func (r *pairRelabeler) label(task int, q *polls.Question) (Label, error) {
	if r.scores == nil {
		return r.sides.label(task, q)
	}
	left := 1 / (1 + math.Exp(r.scores[r.of[task][1]].Value-r.scores[r.of[task][0]].Value))
	choice := 0
	if left < 0.5 {
		choice = 1
	}
	return softLabel(choice, []float64{left, 1 - left}), nil
}
