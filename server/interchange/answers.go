package interchange

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/tasknet/tasknet/labeling/aggregate"
)

// Answers are recorded answers, a row each, in the order of the file.
type Answers struct {
	Tasks   *Names
	Workers *Names
	Labels  *Names // none when answers are numbers

	Task   []int32
	Worker []int32
	Label  []int32   // or aggregate.CannotTell; nil when answers are numbers
	Value  []float64 // NaN where the worker could not tell; nil unless answers are numbers

	// Malformed are the rows that are in none of the columns. A worker's second answer to a task is one.
	Malformed Malformed
}

// AnswersOptions is how answers are to be read.
type AnswersOptions struct {
	// Numbers says that answers are numbers and not labels.
	Numbers bool

	// CannotTell is the answer that says that the worker cannot tell; "" when there is none. A space in it, or in the answer,
	// may be an underscore.
	CannotTell string

	// Labels are labels that could be answered, and perhaps never were.
	Labels []string
}

// ReadAnswers reads the columns task, worker and answer, which go by other names too, in any order and among any others.
// Tab-separated text may have worker, task and answer without a header.
func ReadAnswers(ctx context.Context, file File, o AnswersOptions) (*Answers, error) {
	a := &Answers{Tasks: newNames(), Workers: newNames(), Labels: newNames()}
	for _, label := range o.Labels {
		a.Labels.add([]byte(strings.TrimSpace(label)))
	}
	cannotTell := meaning(o.CannotTell)
	var lines []int32
	var problems Malformed
	malformed, err := answersForm.read(ctx, file, func(line int, cells [][]byte) {
		unsure := cannotTell(cells[2])
		switch {
		case o.Numbers && unsure:
			a.Value = append(a.Value, math.NaN())
		case o.Numbers:
			v, err := strconv.ParseFloat(string(cells[2]), 64)
			if err != nil || !(math.Abs(v) <= aggregate.NumbersMax) {
				problems.add(line, "the answer %s is not a number from -1e100 to 1e100", shown(cells[2]))
				return
			}
			a.Value = append(a.Value, v)
		case unsure:
			a.Label = append(a.Label, aggregate.CannotTell)
		default:
			a.Label = append(a.Label, a.Labels.add(cells[2]))
		}
		a.Task = append(a.Task, a.Tasks.add(cells[0]))
		a.Worker = append(a.Worker, a.Workers.add(cells[1]))
		lines = append(lines, int32(line))
	})
	if err != nil {
		return nil, err
	}
	a.Malformed = malformed
	a.Malformed.join(problems)
	second := a.Malformed.second(a.Task, a.Worker, a.Tasks, a.Workers, lines)
	a.Task, a.Worker = without(a.Task, second), without(a.Worker, second)
	a.Label, a.Value = without(a.Label, second), without(a.Value, second)
	renumber(a.Task, a.Tasks.sort())
	renumber(a.Worker, a.Workers.sort())
	renumber(a.Label, a.Labels.sort())
	return a, nil
}

// second reports the second and later answers of a worker to a task, and returns their rows in rising order:
// O(answers + tasks + workers).
func (m *Malformed) second(task, worker []int32, tasks, workers *Names, lines []int32) (second []int32) {
	start := make([]int32, tasks.Len()+1)
	for _, t := range task {
		start[t+1]++
	}
	for t := range tasks.Len() {
		start[t+1] += start[t]
	}
	rows := make([]int32, len(task))
	for i, t := range task {
		rows[start[t]] = int32(i)
		start[t]++
	}
	first := make([]int32, workers.Len()) // the row, and 1, in which a worker answered the task that is looked at
	for i, row := range rows {
		w := worker[row]
		if before := first[w] - 1; before >= 0 && task[before] == task[row] {
			second = append(second, row)
			m.add(int(lines[row]), "worker %s has answered task %s on line %d already",
				shown(workers.bytes(w)), shown(tasks.bytes(task[row])), lines[before])
			continue
		}
		first[w] = rows[i] + 1
	}
	m.cut()
	slices.Sort(second)
	return second
}

// without takes rows out of a column. They are in rising order.
func without[T any](column []T, rows []int32) []T {
	if column == nil || len(rows) == 0 {
		return column
	}
	kept := column[:rows[0]]
	for i, row := range rows {
		until := len(column)
		if i+1 < len(rows) {
			until = int(rows[i+1])
		}
		kept = append(kept, column[row+1:until]...)
	}
	return kept
}
