package aggregate

import (
	"fmt"

	"github.com/tasknet/tasknet"
)

// ErrBadAnswers is what every error about the answers to an aggregator is.
var ErrBadAnswers = tasknet.NewError(tasknet.Invalid, "bad_answers", "The answers do not fit together, or not their type.")

// badAnswers says where and what.
type badAnswers string

func (b badAnswers) Error() string { return string(b) }

func (b badAnswers) Unwrap() error { return ErrBadAnswers }

func badRow(row int, format string, args ...any) error {
	return badAnswers(fmt.Sprintf("answer %d: ", row) + fmt.Sprintf(format, args...))
}

// Rows says who answered what: row r is the answer of worker Workers[r] to task Tasks[r]. Tasks and workers are numbered
// from 0. A worker answers a task once. The order of the rows never matters.
type Rows struct {
	TaskCount   int
	WorkerCount int
	Tasks       []int32
	Workers     []int32

	// CannotTell marks the rows whose worker could not tell; nil when all could. Such a row says nothing about its task,
	// and nothing about its worker.
	CannotTell []bool
}

// rowIndex finds the rows of a task in the order of their workers, without those of workers who could not tell.
type rowIndex struct {
	rows  []int32 // by task, then worker
	start []int32 // rows[start[t]:start[t+1]] are those of task t
}

func (x *rowIndex) of(task int) []int32 { return x.rows[x.start[task]:x.start[task+1]] }

// index checks the rows and sorts them by counting: O(rows + tasks + workers).
func (r *Rows) index() (*rowIndex, error) {
	n := len(r.Tasks)
	if r.TaskCount < 0 || r.WorkerCount < 0 {
		return nil, badAnswers(fmt.Sprintf("there cannot be %d tasks and %d workers", r.TaskCount, r.WorkerCount))
	}
	if len(r.Workers) != n || r.CannotTell != nil && len(r.CannotTell) != n {
		return nil, badAnswers(fmt.Sprintf("there are %d tasks, %d workers and %d marks: a row has one of each", n, len(r.Workers), len(r.CannotTell)))
	}
	perWorker, perTask := make([]int32, r.WorkerCount+1), make([]int32, r.TaskCount+1)
	for i := range n {
		if t := r.Tasks[i]; t < 0 || int(t) >= r.TaskCount {
			return nil, badRow(i, "there is no task %d among %d", t, r.TaskCount)
		}
		if w := r.Workers[i]; w < 0 || int(w) >= r.WorkerCount {
			return nil, badRow(i, "there is no worker %d among %d", w, r.WorkerCount)
		}
		perWorker[r.Workers[i]+1]++
		perTask[r.Tasks[i]+1]++
	}
	byWorker, _ := counted(perWorker, n, func(i int) (int32, int32) { return int32(i), r.Workers[i] })
	byTask, start := counted(perTask, n, func(i int) (int32, int32) { return byWorker[i], r.Tasks[byWorker[i]] })
	for i := 1; i < n; i++ {
		a, b := byTask[i-1], byTask[i]
		if r.Tasks[a] == r.Tasks[b] && r.Workers[a] == r.Workers[b] {
			return nil, badRow(int(max(a, b)), "worker %d has answered task %d in answer %d already", r.Workers[a], r.Tasks[a], min(a, b))
		}
	}
	if r.CannotTell == nil {
		return &rowIndex{rows: byTask, start: start}, nil
	}
	x := &rowIndex{start: make([]int32, r.TaskCount+1)}
	for t := range r.TaskCount {
		for _, row := range byTask[start[t]:start[t+1]] {
			if !r.CannotTell[row] {
				x.rows = append(x.rows, row)
			}
		}
		x.start[t+1] = int32(len(x.rows))
	}
	return x, nil
}

// counted sorts n values by their keys, stably. counts[k+1] is how many have key k; it becomes where those of key k+1
// start.
func counted(counts []int32, n int, at func(i int) (value, key int32)) (sorted, start []int32) {
	for k := 1; k < len(counts); k++ {
		counts[k] += counts[k-1]
	}
	next := append([]int32(nil), counts...)
	sorted = make([]int32, n)
	for i := range n {
		value, key := at(i)
		sorted[next[key]] = value
		next[key]++
	}
	return sorted, counts
}

// checkParts checks that start cuts n parts into one run for each of rows rows.
func checkParts(start []int32, rows, n int) error {
	if len(start) != rows+1 || start[0] != 0 || int(start[rows]) != n {
		return badAnswers(fmt.Sprintf("%d starts do not cut %d parts into %d answers", len(start), n, rows))
	}
	for r := range rows {
		if start[r+1] < start[r] {
			return badRow(r, "it starts at part %d and ends before, at %d", start[r], start[r+1])
		}
	}
	return nil
}
