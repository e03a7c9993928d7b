package aggregate

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
