package labeling

import (
	"math/bits"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// A task that is important pays more than the project's price: at most ImportanceMax of it, in parts per million, as with all
// that makes prices higher together.
const (
	Important     = million // as all tasks are whose importance is not said
	ImportanceMax = 10 * million
)

// DifficultyMax is by how much of itself, in parts per million, a project's price may rise with each further answer that
// its tasks take.
const DifficultyMax = million

var (
	errImportance = tasknet.NewError(tasknet.Invalid, "bad_importance", "The importance of a task is a decimal from 1 to 10: it pays so many times the project's price.")
	errDifficulty = tasknet.NewError(tasknet.Invalid, "bad_difficulty_rate", "The difficulty rate is a decimal from 0 to 1: by so much of itself the price rises with each further answer that tasks take.")
)

// ParseImportance reads a decimal; empty is 1.
func ParseImportance(text string) (ppm int, err error) {
	if text == "" {
		return Important, nil
	}
	d, err := polls.ParseDecimal(text) // which is in millionths, too
	if err != nil || d < Important || d > ImportanceMax {
		return 0, errImportance
	}
	return int(d), nil
}

// difficulty is how many times the project's price a task pays because its tasks are difficult, in parts per million: one
// plus DifficultyPPM for each answer that those that closed took on average beyond the policy's fewest. It is one until
// PastMin have closed.
func (p *Project) difficulty() int {
	closed := p.Counts.Done + p.Counts.Ended
	if p.DifficultyPPM == 0 || closed < PastMin {
		return million
	}
	further := max(p.Counts.Answers*thousand/closed-p.Policy.Min*thousand, 0)
	return million + p.DifficultyPPM*further/thousand
}

// PriceOf returns what an answer to a task of some importance pays that is asked now: the project's price, times the
// importance, times the difficulty, but at most ImportanceMax times the price, and polls.PriceMax.
func (p *Project) PriceOf(importance int) tasknet.Amount {
	hi, lo := bits.Mul64(uint64(importance), uint64(p.difficulty()))
	times, _ := bits.Div64(hi, lo, million)
	hi, lo = bits.Mul64(uint64(p.Price.Micro()), min(times, ImportanceMax))
	micro, _ := bits.Div64(hi, lo, million)
	if price := tasknet.Micro(int64(micro)); price.Cmp(polls.PriceMax) < 0 {
		return price
	}
	return polls.PriceMax
}
