package aggregate

import (
	"context"
	"slices"
	"strings"
)

// Selections are answers that each choose any number of options, a row each, in any order: row i chooses those from
// Option[Start[i]] until Option[Start[i+1]], each once, or none; or CannotTell alone.
type Selections struct {
	Task    []int32
	Worker  []int32
	Start   []int32 // one more than rows
	Option  []int32
	Tasks   int
	Workers int
	Options int
}

// Votes returns what the answers say of one option: class 1 if it was chosen, and 0 if not. Each option is a question of
// its own, with skills of its own, as somebody may know one and not another; what options have to do with each other is
// not looked at (binary relevance). Each has its own verdict, and a task's selection is the options whose verdict is 1.
func (s Selections) Votes(option int) (*Votes, error) {
	if option < 0 || option >= s.Options {
		return nil, badf("There is no option %d of %d; they are numbered from 0.", option, s.Options)
	}
	if len(s.Start) != len(s.Task)+1 || s.Start[0] != 0 || int(s.Start[len(s.Task)]) != len(s.Option) {
		return nil, badf("The options of %d answers are not divided among them; start at 0 and end at their number, %d.", len(s.Task), len(s.Option))
	}
	class := make([]int32, len(s.Task))
	last := make([]int32, s.Options) // of each option, one more than the row that chose it last
	for i := range s.Task {
		from, until := s.Start[i], s.Start[i+1]
		if from > until || int(until) > len(s.Option) {
			return nil, badf("The options of answer %d end before they start.", i)
		}
		for _, o := range s.Option[from:until] {
			switch {
			case o == CannotTell && until-from == 1:
				class[i] = CannotTell
			case o < 0 || int(o) >= s.Options:
				return nil, badf("Answer %d chooses option %d of %d; they are numbered from 0, and who cannot tell chooses none.", i, o, s.Options)
			case int(last[o]) == i+1:
				return nil, badf("Answer %d chooses option %d twice.", i, o)
			case int(o) == option:
				class[i] = 1
				fallthrough
			default:
				last[o] = int32(i + 1)
			}
		}
	}
	return NewVotes(Columns{Task: s.Task, Worker: s.Worker, Class: class, Tasks: s.Tasks, Workers: s.Workers, Classes: 2})
}

// SelectionsResult is what selections amount to.
type SelectionsResult struct {
	Options    []OptionResult
	Method     string // of the options, the most frequent first, with a comma between
	Reason     string // why there are several
	Iterations int    // the most of any option

	// Skills is, per worker, the share of options that they decide as the result does, of all options in all of their answers, by
	// what the posterior says of each; unknown without any.
	Skills []Estimate
}

// OptionResult is what is kept of a method's result on an option: all of it would fill the memory with many.
type OptionResult struct {
	Class       []int32   // of each task: 1 if the option is selected, and NoVerdict without answers
	Probability []float64 // of that
}

// SelectionsFit applies fit to the votes on one option after the other.
func SelectionsFit(ctx context.Context, s Selections, fit func(ctx context.Context, option int, v *Votes) (*Result, error)) (*SelectionsResult, error) {
	out := &SelectionsResult{Options: make([]OptionResult, s.Options)}
	times := make(map[Method]int)
	right, decided := make([]float64, s.Workers), make([]float64, s.Workers)
	for option := range out.Options {
		votes, err := s.Votes(option)
		if err != nil {
			return nil, err
		}
		r, err := fit(ctx, option, votes)
		if err != nil {
			return nil, err
		}
		o := OptionResult{r.Class, make([]float64, len(r.Class))}
		for task := range o.Probability {
			o.Probability[task] = r.Posterior.Of(task, 1)
		}
		out.Options[option] = o
		out.Iterations = max(out.Iterations, r.Iterations)
		times[r.Method]++
		for w, worker := range r.Workers {
			if worker.Skill.Known() {
				right[w], decided[w] = right[w]+worker.Skill.Value*float64(worker.Answers), decided[w]+float64(worker.Answers)
			}
		}
	}
	out.Skills = make([]Estimate, s.Workers)
	for w := range out.Skills {
		out.Skills[w] = share(right[w], decided[w])
	}
	out.Method = mostly(times)
	if len(times) > 1 {
		out.Reason = "Each option is a question of its own, and different methods are the best for them."
	}
	return out, nil
}

// mostly names methods, the most frequent first.
func mostly(times map[Method]int) string {
	var names []string
	for _, m := range Methods() {
		if times[m] > 0 {
			names = append(names, string(m))
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return times[Method(b)] - times[Method(a)] })
	return strings.Join(names, ", ")
}
