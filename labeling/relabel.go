package labeling

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/polls"
)

// Relabeling makes labels of the answers to all tasks of a project together, by the methods of package aggregate, which learn
// from all of them who is good. Its tasks are added in the order of their keys. Of each answer that is a choice, thirteen
// bytes are kept; of others what they say, up to relabelBytesMax in all.
type Relabeling struct {
	kind   polls.Type
	rows   aggregate.Rows
	keys   []string
	golds  []goldTask
	worker map[polls.RespondentID]int32
	family relabeler
	method string
	bytes  int
}

// relabeler makes labels of one form of answers.
type relabeler interface {
	// begin prepares for the answers to the next task, or returns false to leave it to its verdict.
	begin(t *ClosedTask) (bool, error)

	// add takes an answer to it, which may say that somebody cannot tell.
	add(a *polls.Answer) error

	// fit chooses a method and applies it to the rows that were added.
	fit(ctx context.Context, rows aggregate.Rows, golds []goldTask) (method, reason string, err error)

	// label returns the label of a task that somebody could tell, without its method where that is the one of all.
	label(task int, q *polls.Question) (Label, error)
}

// goldTask is a task whose requester said what is true.
type goldTask struct {
	task  int
	q     *polls.Question
	truth *Truth
}

// relabelBytesMax is how much JSON the answers that are values may be together: once read, it takes a multiple of that.
const relabelBytesMax = 256 << 20

// relabelSeed draws the answers that methods are compared by: the same labels come of the same answers.
const relabelSeed = 1

// errRelabelBytes reports a project whose answers do not fit into memory.
var errRelabelBytes = tasknet.NewError(tasknet.TooLarge, "too_much_to_relabel", "The answers of the project have more than 256 MiB together, which is too much to label them anew; make the dataset of the verdicts instead.")

// NewRelabeling begins to label the tasks of a project that ask what a question asks.
func NewRelabeling(q *polls.Question) *Relabeling {
	return &Relabeling{kind: q.Type, worker: make(map[polls.RespondentID]int32), family: relabelerOf(q)}
}

func relabelerOf(q *polls.Question) relabeler {
	switch {
	case q.Type == polls.Pair:
		return newPairRelabeler()
	case q.Type == polls.Scale && len(q.Choices) <= aggregate.ScalesClassesMax:
		return &scaleRelabeler{classes: len(q.Choices)}
	case q.Type.IsLabel():
		return &choiceRelabeler{classes: len(q.Choices)}
	}
	return newValueRelabeler(q)
}

// Add adds a task, with the answers to it that were not erased. Where all were, its verdict is left.
func (r *Relabeling) Add(t *ClosedTask) error {
	if t.Question.Type != r.kind {
		return fmt.Errorf("task %q: its type is %s, and not %s", t.Task.Key, t.Question.Type, r.kind)
	}
	told := t.Told()
	if len(told) == 0 && len(t.Answers) > 0 {
		return nil
	}
	for _, a := range told {
		if r.bytes += len(a.Value); r.bytes > relabelBytesMax {
			return errRelabelBytes
		}
	}
	switch takes, err := r.family.begin(t); {
	case err != nil:
		return fmt.Errorf("task %q: %w", t.Task.Key, err)
	case !takes:
		return nil
	}
	task := len(r.keys)
	r.keys = append(r.keys, t.Task.Key)
	if t.Task.Truth != "" {
		truth, err := ReadTruth(t.Question, t.Task.Truth)
		if err != nil {
			return fmt.Errorf("truth of task %q: %w", t.Task.Key, err)
		}
		if t.Question.CheckAnswer(truth.Choice, truth.Value) == nil {
			r.golds = append(r.golds, goldTask{task, t.Question, truth})
		}
	}
	for i := range told {
		a := &told[i]
		if err := r.family.add(a); err != nil {
			return fmt.Errorf("task %q: %w", t.Task.Key, err)
		}
		w, known := r.worker[a.Respondent]
		if !known {
			w = int32(len(r.worker))
			r.worker[a.Respondent] = w
		}
		r.rows.Tasks, r.rows.Workers, r.rows.CannotTell = append(r.rows.Tasks, int32(task)), append(r.rows.Workers, w), append(r.rows.CannotTell, a.Choice == polls.CannotTell)
	}
	return nil
}

// Fit chooses a method and applies it. Golds are tasks whose requester said what is true. The last bits of results depend on
// how people are numbered, which is by their ids.
func (r *Relabeling) Fit(ctx context.Context) (method, reason string, err error) {
	ids := make([]polls.RespondentID, 0, len(r.worker))
	for id := range r.worker {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	renumbered := make([]int32, len(ids))
	for i, id := range ids {
		renumbered[r.worker[id]] = int32(i)
	}
	for i, w := range r.rows.Workers {
		r.rows.Workers[i] = renumbered[w]
	}
	r.rows.TaskCount, r.rows.WorkerCount = len(r.keys), len(ids)
	r.method, reason, err = r.family.fit(ctx, r.rows, r.golds)
	return r.method, reason, err
}

// Label returns the label of a task. It is the one of the verdict, with its method, where the answers cannot be fused with
// all others, as boxes can that are too many, where what comes of them would not answer the question, and where nobody whose
// answer is left could tell.
func (r *Relabeling) Label(t *ClosedTask) (Label, error) {
	task, ok := slices.BinarySearch(r.keys, t.Task.Key)
	if !ok {
		return LabelOf(t.Verdict), nil
	}
	if !slices.ContainsFunc(t.Told(), func(a polls.Answer) bool { return a.Choice != polls.CannotTell }) {
		if len(t.Told()) < len(t.Answers) {
			return LabelOf(t.Verdict), nil
		}
		return Label{Choice: NoChoice, Method: r.method}, nil
	}
	l, err := r.family.label(task, t.Question)
	if err != nil {
		return l, fmt.Errorf("task %q: %w", t.Task.Key, err)
	}
	if answers := t.Question.CheckAnswer(l.Choice, l.Value) == nil; !answers {
		return LabelOf(t.Verdict), nil
	}
	if l.Method == "" {
		l.Method = r.method
	}
	return l, nil
}

// shares returns probabilities in parts per million that sum to a million: what rounding leaves goes to the largest.
func shares(p []float64) []int {
	out, left, top := make([]int, len(p)), million, 0
	for i, x := range p {
		out[i] = ppm(x)
		left -= out[i]
		if p[i] > p[top] {
			top = i
		}
	}
	out[top] += left
	return out
}

// ppm returns a share in parts per million; 0 where it is not known.
func ppm(x float64) int {
	if math.IsNaN(x) {
		return 0
	}
	return int(math.Round(min(max(x, 0), 1) * million))
}
