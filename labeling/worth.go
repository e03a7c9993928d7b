package labeling

import (
	"math/big"

	"github.com/tasknet/tasknet/polls"
)

// GoldRecord is how somebody did on gold: on questions whose truth was known beforehand, which they could not tell from
// others. Suspended gold is not in it.
type GoldRecord struct {
	Right  int
	Wrong  int
	Unsure int // answers that they cannot tell
}

// count adds an answer to a question with some gold truth, or none.
func (g *GoldRecord) count(choice, gold int) {
	switch {
	case gold == NoChoice:
	case choice == polls.CannotTell:
		g.Unsure++
	case choice == gold:
		g.Right++
	default:
		g.Wrong++
	}
}

// Seen is how many golds they answered.
func (g GoldRecord) Seen() int { return g.Right + g.Wrong + g.Unsure }

// asGuesses counts the answers that somebody cannot tell as guesses: so who says nothing else is worth no more than who
// guesses, and who says it now and then loses little by it.
func (g GoldRecord) asGuesses(choices int) (right, seen int) {
	return g.Right + g.Unsure/choices, g.Seen()
}

// What proves somebody worthless: that who is right three tenths of the way from a guess to always would do so badly once
// in 2000 times. Of people who are right in 70 % or more of their answers fewer than one in a thousand ever get there,
// though they are looked at after each gold. Half of those who answer at random do within 101 golds with two choices, 61
// with three and 48 with four; who is always wrong does after 8 to 16.
const (
	worthlessOdds    = 2000
	worthlessShare   = 3
	worthlessShareOf = 10
)

// Worthless says whether the record proves that somebody's answers to questions with so many choices are worth nothing:
// by the one-sided binomial test, exactly, so that everybody who recomputes it finds the same. Where answers are values, a
// guess at them is as good as one among valueRule.odds choices: who is never right is proven after 12 golds of multiple, 15 of
// rankings and numbers, and 19 of all others.
func (g GoldRecord) Worthless(choices int) bool {
	right, seen := g.asGuesses(choices)
	k := int64(choices)
	return tail(right, seen, worthlessShareOf-worthlessShare+worthlessShare*k, worthlessShareOf*k, worthlessOdds)
}

// What a newcomer must show: so many golds right, and so many that who guesses would do as well once in so many times.
const (
	passingRight = 5
	passingOdds  = 20
)

// Passed says whether somebody who began as a newcomer has shown that they are none that guesses.
func (g GoldRecord) Passed(choices int) bool {
	if g.Right < passingRight {
		return false
	}
	k := int64(choices)
	return tail(g.Wrong+g.Unsure, g.Seen(), k-1, k, passingOdds)
}

// tail says whether at most n hits among some trials are as rare as once in so many times, when each is a hit with the
// probability share/of.
func tail(n, trials int, share, of, once int64) bool {
	if n >= trials {
		return false
	}
	// The sum over i <= n of (trials over i) * share^i * (of-share)^(trials-i), times of^trials.
	hit, miss := big.NewInt(share), big.NewInt(of-share)
	term := new(big.Int).Exp(miss, big.NewInt(int64(trials)), nil)
	sum := new(big.Int).Set(term)
	for i := range n {
		term.Mul(term, hit).Mul(term, big.NewInt(int64(trials-i)))
		term.Quo(term, miss).Quo(term, big.NewInt(int64(i+1))) // both without remainder
		sum.Add(sum, term)
	}
	all := new(big.Int).Exp(big.NewInt(of), big.NewInt(int64(trials)), nil)
	return sum.Mul(sum, big.NewInt(once)).Cmp(all) <= 0
}
