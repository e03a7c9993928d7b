package labeling

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/tasknet/tasknet/polls"
)

// Basis says on what an estimate stands.
type Basis string

// The bases, the best first.
const (
	ByPolicy   Basis = "policy"       // it asks for so many, whatever is answered, or as long as too little gold is known
	ByProject  Basis = "project"      // closed questions of the same project
	ByOrg      Basis = "organisation" // closed questions of the same organisation, of the same type and with as many choices
	ByInstance Basis = "instance"     // the same of all organisations
	ByStated   Basis = "stated"       // what the requester says
	ByPrior    Basis = "prior"        // nothing is known: made-up questions
	ByNothing  Basis = "nothing"      // nothing is known, and nothing is assumed
)

// Need is how many answers a question takes until its policy stops it: nine of ten questions Low or more, and as many
// High or fewer.
type Need struct {
	Low, High int
	MeanMilli int // in thousandths of answers
	Questions int // on which it stands; 0 for ByPolicy
	spread    float64
}

// PastMin is how many questions a Need by history stands on, at least.
const PastMin = 20

// NeedOf returns what some closed questions needed that a policy with the same target and fallback stopped, within the bounds of
// the policy. ok is false when there are fewer than PastMin: then they say nothing.
func NeedOf(p polls.Policy, past []Past) (n Need, ok bool) {
	if p.Kind == polls.Fixed {
		return Need{Low: p.Max, High: p.Max, MeanMilli: p.Max * thousand}, true
	}
	var took []int
	for _, q := range past {
		stopped := q.Reason == Quorum || q.Reason == Unsettled
		if stopped && q.Policy.Kind == p.Kind && q.Policy.TargetPPM == p.TargetPPM && q.Policy.Fallback == p.Fallback {
			took = append(took, min(max(q.Answers, p.Min), p.Max))
		}
	}
	if len(took) < PastMin {
		return Need{}, false
	}
	return needOf(took), true
}

// needOf sums up how many answers each of some questions took.
func needOf(took []int) Need {
	slices.Sort(took)
	sum, squares := 0, 0
	for _, n := range took {
		sum += n
		squares += n * n
	}
	count := len(took)
	mean := float64(sum) / float64(count)
	return Need{
		Low: took[count/10], High: took[count-1-count/10], MeanMilli: (sum*thousand + count/2) / count, Questions: count,
		spread: math.Sqrt(max(float64(squares)/float64(count)-mean*mean, 0)),
	}
}

// madeUp is how many questions are made up where nothing is known. Their seed is fixed: the same draft is estimated the same.
const madeUp = 200

// Foresee returns how many answers a policy takes of a crowd of which nothing is known: made-up questions with every
// choice equally often true are asked of people who are right in three of four answers, and stop as they would here.
func (f *Family) Foresee(p polls.Policy) Need {
	rng := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // no secret: made-up answers, the same each time
	took := make([]int, madeUp)
	for i := range took {
		truth, s := rng.IntN(f.Choices), slices.Clone(f.start)
		for took[i] < p.Max {
			choice := truth
			if rng.IntN(million) >= unknownAccuracy {
				choice = (truth + 1 + rng.IntN(f.Choices-1)) % f.Choices
			}
			f.weigh(s, polls.Vote{Choice: choice})
			took[i]++
			if d, _ := f.decide(p, s, took[i]); d.Stop {
				break
			}
		}
	}
	n := needOf(took)
	n.Questions = 0
	return n
}

// Total is how many answers some tasks take together: with a probability of about 0.8 between Low and High.
type Total struct{ Low, Expected, High int }

// ForTasks returns what so many tasks take together. The more tasks, the closer the sum is to so many times the mean, which
// itself is as uncertain as the questions are few that it stands on. What was made up may be wrong for all tasks alike:
// then the range of the sum is that of one task, so many times.
func (n Need) ForTasks(tasks int, p polls.Policy) Total {
	t := Total{Low: n.Low * tasks, Expected: (n.MeanMilli*tasks + thousand/2) / thousand, High: n.High * tasks}
	if n.Questions == 0 || tasks < 2 {
		return t
	}
	const tenth = 1.2816 // the standard normal distribution has a tenth above it
	of, mean := float64(tasks), float64(n.MeanMilli)/thousand
	wide := tenth * n.spread * math.Sqrt(of+of*of/float64(n.Questions))
	t.Low = max(int(math.Floor(mean*of-wide)), p.Min*tasks)
	t.High = min(int(math.Ceil(mean*of+wide)), p.Max*tasks)
	return t
}

// Rest returns what is left of the answers to some open tasks that have so many: each takes one more at least.
func (t Total) Rest(tasks, given int) Total {
	left := func(all int) int { return max(tasks, all-given) }
	return Total{Low: left(t.Low), Expected: left(t.Expected), High: left(t.High)}
}
