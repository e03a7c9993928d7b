package aggregate

import (
	"context"
	"fmt"
	"slices"
)

// Chosen is which of two methods of a family was applied to answers, and why.
type Chosen struct {
	Method string // as the command line has it
	Reason string // a sentence for people
}

// DuelGoldMin is how many golds decide between the two methods of a family; with fewer, none of them is looked at.
const DuelGoldMin = 10

// heldMin is how many answers have to be held back, at least, to prefer the less plain of two methods by them.
const heldMin = 50

// duel compares the plainer of two methods with the other. Of each pair of lists, the first is the plainer one's.
type duel struct {
	methods, names [2]string // as the command line, and a sentence, has them

	golds [2][]float64 // how far off the verdict on each gold is
	off   string       // the unit of that

	held [2][]float64 // how well each answer that was held back is told by the others: more is better
	told string       // the unit of that
}

// judged adds a gold.
func (d *duel) judged(plain, other float64) {
	d.golds[0], d.golds[1] = append(d.golds[0], plain), append(d.golds[1], other)
}

// tell adds an answer that was held back.
func (d *duel) tell(plain, other float64) {
	d.held[0], d.held[1] = append(d.held[0], plain), append(d.held[1], other)
}

// decided says whether there is gold enough.
func (d *duel) decided() bool { return len(d.golds[0]) >= DuelGoldMin }

// choose returns which method is to be preferred. That is the plainer one, which is the easier to explain and to repeat,
// and for few answers the more stable, unless the other is better by more than a standard error of the difference: nearer
// to gold where there is enough, else by how it tells answers that it has not seen. Neither has seen gold.
func (d *duel) choose() (winner int, c Chosen) {
	of, unit, is, and := d.golds, d.off, "is off by", "by"
	about := fmt.Sprintf("On %d golds ", len(of[0]))
	if !d.decided() {
		of, unit, is, and = d.held, d.told, "comes to", "to"
		about = fmt.Sprintf("On %d answers that were held back ", len(of[0]))
		if len(of[0]) < heldMin {
			return 0, Chosen{d.methods[0], fmt.Sprintf("It takes %d golds, or %d answers that can be held back, to tell methods apart, and there are %d and %d; %s is the plainer one.",
				DuelGoldMin, heldMin, len(d.golds[0]), len(of[0]), d.names[0])}
		}
	}
	better, deviation := difference(of[1], of[0])
	if d.decided() {
		better = -better
	}
	plain, other := mean(of[0]), mean(of[1])
	if better > deviation {
		return 1, Chosen{d.methods[1], about + fmt.Sprintf("%s %s %.4g %s and %s %s %.4g, which is worse by more than a standard error of the difference.", d.names[1], is, other, unit, d.names[0], and, plain)}
	}
	return 0, Chosen{d.methods[0], about + fmt.Sprintf("%s %s %.4g %s and %s %s %.4g, which is not better by more than a standard error of the difference.", d.names[0], is, plain, unit, d.names[1], and, other)}
}

// Challenge says whether gold prefers a method to the one that is used without any, by the rule that chooses between the two
// of a family. The one in use is the first of each pair; off is how far off its label of each gold is, in a unit, and how far
// the challenger's. There are DuelGoldMin golds or more.
func Challenge(methods, names [2]string, off [2][]float64, unit string) (won bool, c Chosen) {
	d := duel{methods: methods, names: names, golds: off, off: unit}
	winner, c := d.choose()
	return winner == 1, c
}

func mean(of []float64) float64 {
	sum := 0.0
	for _, x := range of {
		sum += x
	}
	return sum / float64(len(of))
}

// heldBack cuts a sample of tasks with at most about so many answers for comparison. silent marks all rows but theirs, and
// those that are held back, which is each fifth in turn; held are these, as far as their tasks keep others.
func (r *Rows) heldBack(x *rowIndex, part, most int, seed uint64) (silent []bool, held []int32) {
	silent = slices.Repeat([]bool{true}, len(r.Tasks))
	for t := range r.TaskCount {
		if !sampled(uint64(t), len(x.rows), most, seed) {
			continue
		}
		from, kept := len(held), 0
		for _, row := range x.of(t) {
			if fold(t, r.Workers[row], seed) == part {
				held = append(held, row)
				continue
			}
			silent[row] = false
			kept++
		}
		if kept == 0 {
			held = held[:from]
		}
	}
	return silent, held
}

// sampled draws what to compare methods on: of n, about most.
func sampled(key uint64, n, most int, seed uint64) bool {
	return n <= most || float64(mix(key, ^seed)>>11)/(1<<53) < float64(most)/float64(n)
}

// eachFold calls compare for every fifth of the answers.
func eachFold(ctx context.Context, compare func(part int) error) error {
	for part := range folds {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := compare(part); err != nil {
			return err
		}
	}
	return nil
}

// checkGold checks that there is a gold for each task, or none at all.
func (r *Rows) checkGold(golds int) error {
	if golds != 0 && golds != r.TaskCount {
		return badAnswers(fmt.Sprintf("there are %d golds for %d tasks", golds, r.TaskCount))
	}
	return nil
}
