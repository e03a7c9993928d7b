package labeling

import (
	"errors"
	"slices"

	"github.com/tasknet/tasknet/polls"
)

// Calibration says how the leading choices of a family's gold fared at each confidence of the model. The model takes
// people for independent of each other, and so it is too sure where they share a mistake. Only gold shows that.
type Calibration struct {
	Golds  int
	Pooled bool   // they are of all families with as many choices, since this one has too few
	Steps  []Step // by From
}

// Step is what happened on gold when the log-odds of the leading choice, against all others, were in some range.
type Step struct {
	From int // of the log-odds, in thousandths of log2 units; the range ends where the next step starts

	// Golds would have closed with at least these odds, if questions closed as soon as they have them; and Missed of them
	// with a wrong choice.
	Golds, Missed int

	// Times the odds were in the range after an answer, and Wrong times they were for a wrong choice.
	Times, Wrong int
}

// see counts what happened on a gold: s are its scores before the first of its answers, weigh adds the answer with a number from
// 0 on to them, and least is from how many answers on it may close.
func (c *Calibration) see(s scores, gold, answers, least int, weigh func(n int)) {
	c.Golds++
	passed := 0
	for n := range answers + 1 {
		if n > 0 {
			weigh(n - 1)
		}
		if n < least {
			continue
		}
		at := int(min(max(s.odds(), 0)*thousand/logUnit/stepWidth, stepCount-1))
		missed := 0
		if s.leader() != gold {
			missed = 1
		}
		c.Steps[at].Times++
		c.Steps[at].Wrong += missed
		for ; passed <= at; passed++ {
			c.Steps[passed].Golds++
			c.Steps[passed].Missed += missed
		}
	}
}

// over counts a gold that closed earlier, with odds that nobody looks at any more.
func (c *Calibration) over(missed bool) {
	c.Golds++
	for i := range c.Steps {
		c.Steps[i].Golds++
		if missed {
			c.Steps[i].Missed++
		}
	}
}

// Pool returns the calibration of a family among those of others with as many choices: its own when it has golds enough,
// and otherwise that of all of them together.
func (c Calibration) Pool(others []Calibration) Calibration {
	if c.Golds >= known {
		return c
	}
	c.Steps = slices.Clone(c.Steps)
	for _, o := range others {
		if o.Golds == 0 {
			continue
		}
		if c.Golds == 0 {
			c.Steps = make([]Step, len(o.Steps))
			for i, s := range o.Steps {
				c.Steps[i].From = s.From
			}
		}
		c.Golds += o.Golds
		c.Pooled = true
		for i, s := range o.Steps { // all are learned with the same steps
			c.Steps[i].Golds += s.Golds
			c.Steps[i].Missed += s.Missed
			c.Steps[i].Times += s.Times
			c.Steps[i].Wrong += s.Wrong
		}
	}
	return c
}

func (c Calibration) check() error {
	if c.Golds != 0 && len(c.Steps) == 0 {
		return errors.New("calibration: it has golds and no steps")
	}
	times := 0
	for i, s := range c.Steps {
		switch {
		case s.From < 0 || s.From > oddsMax/logUnit*thousand || i > 0 && s.From <= c.Steps[i-1].From:
			return errors.New("calibration: its steps do not rise from 0 to the highest odds")
		case s.Missed < 0 || s.Missed > s.Golds || s.Golds > c.Golds || c.Golds > countMax || s.Wrong < 0 || s.Wrong > s.Times || s.Times > countMax-times:
			return errors.New("calibration: a step has more mistakes than golds")
		}
		times += s.Times
	}
	return nil
}

// claims returns the log-odds from which verdicts may claim a policy's confidence, and false when none may. As many
// golds must have got so far as it takes to show such a confidence if all of them are right (59 for 0.95), since a share
// p^n of all sets of n golds would be right by luck. What is aimed at is three fifths of the error that p allows, counted
// with one mistake more than there were, so that it is not passed when other questions are judged. A third is aimed at for
// what closes early, by a model's word and fewer people than the policy's Min: each model and each lesson draws that line anew,
// and what is near it closes when it is drawn too low. Where fewer golds are known than the model is corrected by, nothing is
// claimed at all.
func (c Calibration) claims(p polls.Policy, early bool) (from int64, may bool) {
	if c.Golds < known {
		return 0, false
	}
	least := leastGolds(p)
	allowed := (million - p.TargetPPM) * 3 / 5
	if early {
		allowed = (million - p.TargetPPM) / 3
	}
	for _, s := range c.Steps {
		if s.Golds >= least && (s.Missed+1)*million <= allowed*(s.Golds+2) {
			return fixed(s.From), true
		}
	}
	return 0, false
}

func (f *Family) claims(p polls.Policy) (from int64, may bool) {
	return f.Calibration.claims(p, false)
}

// leastGolds returns how many golds show a policy's confidence if all of them are right.
func leastGolds(p polls.Policy) int {
	const luck = 20 // one in so many
	once := log2Ratio(million, uint64(p.TargetPPM))
	return int((log2(luck) + once - 1) / once)
}

// GoldsNeeded returns with how many golds, at the least, verdicts may claim the confidence of a policy.
func GoldsNeeded(p polls.Policy) int { return max(known, leastGolds(p)) }

// known is how many golds it takes before the model's confidence is corrected by them. With fewer, all log-odds of the
// model are believed in part only: mistakes that people share make it too sure, and nobody can say by how much.
const (
	known       = 59
	believedNum = 3
	believedDen = 4
)

func (f *Family) believed(odds int64) int64 {
	if f.Calibration.Golds < known {
		return odds / believedDen * believedNum
	}
	return odds
}

// posterior returns how probable a leading choice with these log-odds of the model is right, in parts per million.
func (f *Family) posterior(odds int64) int64 {
	if f.Calibration.Golds < known {
		return modelled(f.believed(odds))
	}
	at := 0
	for at+1 < len(f.curve) && odds >= fixed(f.Calibration.Steps[at+1].From) {
		at++
	}
	return f.curve[at]
}

// confidence returns the posterior of the leading choice of a question, and whether a verdict may claim it. What it may
// claim is no less than what a confidence policy asks for, and no choice leads with less than an even share.
func (f *Family) confidence(p polls.Policy, s scores, answers int) (ppm int64, claims bool) {
	odds, k := s.odds(), int64(f.Choices)
	ppm = max(f.posterior(odds), (million+k-1)/k)
	if p.Kind == polls.Fixed {
		return ppm, false
	}
	if from, may := f.claims(p); may && odds >= from && answers >= p.Min {
		return max(ppm, int64(p.TargetPPM)), true
	}
	return ppm, false
}

// regress returns how probable a leading choice is right whose log-odds are in each step, in parts per million: isotonic
// regression (Ayer and others, Annals of Mathematical Statistics 26, 1955) of what happened on gold, where each step counts
// as having seen twice more what the model says.
func (c Calibration) regress() []int64 {
	type pool struct{ times, right, steps int64 }
	var pools []pool
	for _, s := range c.Steps {
		next := pool{int64(s.Times) + 2, int64(s.Times-s.Wrong)*million + 2*modelled(fixed(s.From)), 1}
		for len(pools) > 0 && pools[len(pools)-1].right/pools[len(pools)-1].times >= next.right/next.times {
			last := pools[len(pools)-1]
			next = pool{next.times + last.times, next.right + last.right, next.steps + last.steps}
			pools = pools[:len(pools)-1]
		}
		pools = append(pools, next)
	}
	var curve []int64
	for _, p := range pools {
		for range p.steps {
			curve = append(curve, p.right/p.times)
		}
	}
	return curve
}

// fixed returns thousandths of log2 units in the units of this package.
func fixed(thousandths int) int64 { return int64(thousandths) * logUnit / thousand }

// modelled returns the probability of log-odds, in parts per million.
func modelled(odds int64) int64 {
	if odds < 0 {
		return million - modelled(-odds)
	}
	against := int64(exp2Neg(odds) >> 32) // with 31 fractional bits
	return int64(million) << 31 / (1<<31 + against)
}
