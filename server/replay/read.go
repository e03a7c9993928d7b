package replay

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/interchange"
)

// Answer is what a worker once answered to a question.
type Answer struct {
	Question string
	Worker   string
	Label    string
}

// ErrNotPlayable is what every error is about answers that can be read and cannot be played.
var ErrNotPlayable = tasknet.NewError(tasknet.Invalid, "not_playable", "These answers cannot be replayed.")

// notPlayable says why.
type notPlayable string

func (n notPlayable) Error() string { return string(n) }

func (n notPlayable) Unwrap() error { return ErrNotPlayable }

func notPlayablef(format string, args ...any) error { return notPlayable(fmt.Sprintf(format, args...)) }

// ReadAnswers reads a file of answers in any form that interchange knows. All of it has to make sense.
func ReadAnswers(ctx context.Context, r io.Reader) ([]Answer, error) {
	read, err := interchange.ReadAnswers(ctx, interchange.File{Reader: r}, interchange.AnswersOptions{})
	if err != nil {
		return nil, err
	}
	if err := whole(read.Malformed); err != nil {
		return nil, err
	}
	if n := read.Labels.Len(); n < polls.ChoicesMin || n > polls.ChoicesMax {
		return nil, notPlayablef("answers that differ: %d; a question has %d to %d choices", n, polls.ChoicesMin, polls.ChoicesMax)
	}
	out := make([]Answer, len(read.Task))
	for i := range out {
		out[i] = Answer{read.Tasks.Of(read.Task[i]), read.Workers.Of(read.Worker[i]), read.Labels.Of(read.Label[i])}
		if len(out[i].Question) > polls.TextLengthMax || len(out[i].Label) > polls.ChoiceLengthMax {
			return nil, notPlayablef("a question has at most %d characters, and an answer %d; there are more in the question %.40q or the answer %.40q",
				polls.TextLengthMax, polls.ChoiceLengthMax, out[i].Question, out[i].Label)
		}
	}
	return out, nil
}

// ReadTruth reads a file of what is true in any form that interchange knows. All of it has to make sense.
func ReadTruth(ctx context.Context, r io.Reader) (map[string]string, error) {
	read, err := interchange.ReadTruth(ctx, interchange.File{Reader: r}, false)
	if err != nil {
		return nil, err
	}
	out := make(map[string]string, len(read.Label))
	for task, label := range read.Label {
		out[read.Tasks.Of(int32(task))] = read.Labels.Of(label)
	}
	return out, whole(read.Malformed)
}

// whole says what is wrong with the first row that is malformed, if any is.
func whole(m interchange.Malformed) error {
	if m.Count == 0 {
		return nil
	}
	return notPlayablef("line %d: %s; malformed rows: %d", m.First[0].Line, m.First[0].Problem, m.Count)
}

// labelsOf returns the different answers, sorted.
func labelsOf(answers []Answer) []string {
	seen := make(map[string]bool)
	for _, a := range answers {
		seen[a.Label] = true
	}
	return slices.Sorted(maps.Keys(seen))
}
