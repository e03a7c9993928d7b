package aggregate

import (
	"fmt"
	"math"

	"github.com/tasknet/tasknet"
)

// CannotTell is the class of an answer that says that its person cannot tell. It is no vote for any class: methods learn
// from it neither a class nor a skill, and agreement takes it as missing. It is counted, with its person's answers.
const CannotTell = -1

// Columns are answers that each choose one class, a row each, in any order. Tasks, workers and classes are numbers from 0.
// Results do not depend on the order of rows, but the last bits of them do on how the numbers are given out: give them
// out in an order of their names, and not in that of the rows.
type Columns struct {
	Task    []int32
	Worker  []int32
	Class   []int32 // or CannotTell
	Tasks   int     // how many there are, with those that nobody answered
	Workers int
	Classes int // at least 2; some may have no answer
}

// ErrBadVotes is what every error about answers is.
var ErrBadVotes = tasknet.NewError(tasknet.Invalid, "bad_votes", "The answers cannot be aggregated.")

// badVotes says what is wrong with answers.
type badVotes string

func (b badVotes) Error() string { return string(b) }

func (b badVotes) Unwrap() error { return ErrBadVotes }

func badf(format string, args ...any) error { return badVotes(fmt.Sprintf(format, args...)) }

// Votes are checked answers, sorted by task and then by worker. They do not change, and may be shared.
type Votes struct {
	tasks, workers, classes int

	start  []int32 // the answers to task t are those from start[t] until start[t+1]
	worker []int32
	class  []int32
	unsure []int32 // of each worker, how often they could not tell
}

// NewVotes checks and sorts answers. The columns are not kept. It takes O(answers + tasks + workers) time and 8 bytes an
// answer, and as many again while it runs.
func NewVotes(c Columns) (*Votes, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	v := &Votes{
		tasks: c.Tasks, workers: c.Workers, classes: c.Classes,
		start:  make([]int32, c.Tasks+1),
		unsure: make([]int32, c.Workers),
	}

	// Sorting by worker and then, stably, by task is two counting sorts.
	perWorker := make([]int32, c.Workers+1)
	for i, w := range c.Worker {
		perWorker[w+1]++
		v.start[c.Task[i]+1]++
	}
	for w := range c.Workers {
		perWorker[w+1] += perWorker[w]
	}
	for t := range c.Tasks {
		v.start[t+1] += v.start[t]
	}
	byWorker := make([]int32, len(c.Worker))
	for i, w := range c.Worker {
		byWorker[perWorker[w]] = int32(i)
		perWorker[w]++
	}
	v.worker = make([]int32, len(c.Worker))
	v.class = make([]int32, len(c.Worker))
	next := make([]int32, c.Tasks)
	copy(next, v.start)
	for _, i := range byWorker {
		at := next[c.Task[i]]
		next[c.Task[i]]++
		v.worker[at], v.class[at] = c.Worker[i], c.Class[i]
	}
	if err := v.settle(); err != nil {
		return nil, err
	}
	return v, nil
}

func (c Columns) check() error {
	n := len(c.Task)
	switch {
	case len(c.Worker) != n || len(c.Class) != n:
		return badf("There are %d tasks, %d workers and %d classes in the columns; give as many of each.", n, len(c.Worker), len(c.Class))
	case n > math.MaxInt32 || c.Tasks >= math.MaxInt32 || c.Workers >= math.MaxInt32 || c.Classes >= math.MaxInt32:
		return badf("There are %d answers; at most %d can be aggregated at once.", n, math.MaxInt32)
	case c.Tasks < 0 || c.Workers < 0:
		return badf("There are %d tasks and %d workers; neither can be negative.", c.Tasks, c.Workers)
	case c.Classes < 2:
		return badf("There are %d classes; a choice has at least 2.", c.Classes)
	}
	for i := range c.Task {
		switch t, w, k := c.Task[i], c.Worker[i], c.Class[i]; {
		case t < 0 || int(t) >= c.Tasks:
			return badf("Answer %d is to task %d of %d; they are numbered from 0.", i, t, c.Tasks)
		case w < 0 || int(w) >= c.Workers:
			return badf("Answer %d is of worker %d of %d; they are numbered from 0.", i, w, c.Workers)
		case k < CannotTell || int(k) >= c.Classes:
			return badf("Answer %d is class %d of %d; they are numbered from 0.", i, k, c.Classes)
		}
	}
	return nil
}

// settle refuses a second answer of a worker to a task, and sets those aside that cannot tell.
func (v *Votes) settle() error {
	kept := int32(0)
	for t := range v.tasks {
		from, until := v.start[t], v.start[t+1]
		v.start[t] = kept
		for i := from; i < until; i++ {
			if i > from && v.worker[i] == v.worker[i-1] {
				return badf("Worker %d answered task %d twice.", v.worker[i], t)
			}
		}
		for i := from; i < until; i++ {
			if v.class[i] == CannotTell {
				v.unsure[v.worker[i]]++
				continue
			}
			v.worker[kept], v.class[kept] = v.worker[i], v.class[i]
			kept++
		}
	}
	v.start[v.tasks] = kept
	v.worker, v.class = v.worker[:kept], v.class[:kept]
	return nil
}

// Len returns how many answers choose a class.
func (v *Votes) Len() int { return len(v.class) }

// Tasks returns how many tasks there are.
func (v *Votes) Tasks() int { return v.tasks }

// Workers returns how many workers there are.
func (v *Votes) Workers() int { return v.workers }

// Classes returns how many classes there are.
func (v *Votes) Classes() int { return v.classes }

// of returns the answers to a task: the workers, and the class that each chose.
func (v *Votes) of(task int) (workers, classes []int32) {
	from, until := v.start[task], v.start[task+1]
	return v.worker[from:until], v.class[from:until]
}

// perWorker returns how many answers of each worker choose a class.
func (v *Votes) perWorker() []int32 {
	n := make([]int32, v.workers)
	for _, w := range v.worker {
		n[w]++
	}
	return n
}
