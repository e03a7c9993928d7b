package labeling

import (
	"fmt"
	"math"

	"github.com/tasknet/tasknet"
)

// Opinion is what a model says of a task: how probable each choice is, in parts per million, together a million.
type Opinion []int

// ErrBadOpinion reports what is no distribution over the choices.
var ErrBadOpinion = tasknet.NewError(tasknet.Invalid, "bad_opinion", "What a model says of a task is a probability for each choice, from 0 to 1 and with the sum 1.")

// opinionSlack is how far the sum may be from 1, which numbers of 32 bits round to.
const opinionSlack = 1e-3

// NewOpinion rounds probabilities to parts per million; what is lost is the likeliest's. ErrBadOpinion, with what is wrong.
func NewOpinion(probabilities []float32, choices int) (Opinion, error) {
	if len(probabilities) != choices {
		return nil, fmt.Errorf("%w (%d probabilities for %d choices)", ErrBadOpinion, len(probabilities), choices)
	}
	sum := 0.0
	for _, p := range probabilities {
		if !(p >= 0 && p <= 1) { // NaN is neither
			return nil, fmt.Errorf("%w (%v is none)", ErrBadOpinion, p)
		}
		sum += float64(p)
	}
	if math.Abs(sum-1) > opinionSlack {
		return nil, fmt.Errorf("%w (their sum is %.4f)", ErrBadOpinion, sum)
	}
	o, left := make(Opinion, choices), million
	for z, p := range probabilities {
		o[z] = int(float64(p) / sum * million)
		left -= o[z]
	}
	top, _ := o.says()
	o[top] += left
	return o, nil
}

// Check reports whether it is an opinion on so many choices. ErrBadOpinion.
func (o Opinion) Check(choices int) error {
	sum := 0
	for _, p := range o {
		if p < 0 || p > million {
			return ErrBadOpinion
		}
		sum += p
	}
	if len(o) != choices || sum != million {
		return ErrBadOpinion
	}
	return nil
}

// surenessFrom are the bounds of how sure a model says that it is: in parts per million, of its likeliest choice.
var surenessFrom = [...]int{0, 500_000, 700_000, 850_000, 950_000, 990_000}

// says returns the likeliest choice, the first of several, and between which of the bounds it lies.
func (o Opinion) says() (choice, sureness int) {
	for z, p := range o {
		if p > o[choice] {
			choice = z
		}
	}
	for sureness+1 < len(surenessFrom) && o[choice] >= surenessFrom[sureness+1] {
		sureness++
	}
	return choice, sureness
}
