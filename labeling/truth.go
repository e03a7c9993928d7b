package labeling

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

var errTruth = tasknet.NewError(tasknet.Invalid, "bad_truth", "The truth is no answer to this task: give one of its choices, by its words or its index, or a value of its type as JSON.")

// TruthOf reads what a row says to be the answer to its question, and returns it as answers are written: the index of a
// choice, or a value as canonical JSON. Empty when the row says nothing.
func TruthOf(q *polls.Question, r *TaskRow) (string, error) {
	if r.Truth == "" {
		return "", nil
	}
	if q.Type.IsLabel() {
		choice, err := truthChoice(q, r.Truth)
		return strconv.Itoa(choice), err
	}
	v, err := truthValue(q, r)
	if err != nil || q.CheckAnswer(0, v) != nil {
		return "", errTruth
	}
	return string(v), nil
}

// Truth is what is known to be the answer to a question: a choice, or a value when that is not "".
type Truth struct {
	Choice int
	Value  polls.Value
}

// ReadTruth reads what TruthOf returns; nil when nothing is known.
func ReadTruth(q *polls.Question, truth string) (*Truth, error) {
	switch {
	case truth == "":
		return nil, nil //nolint:nilnil // nothing is known, and nothing failed
	case !q.Type.IsLabel():
		return &Truth{Value: polls.Value(truth)}, nil
	}
	choice, err := strconv.Atoi(truth)
	return &Truth{Choice: choice}, err
}

// truthChoice reads a truth that is a choice: its words, whatever their case when no two choices differ by that alone, or its
// index. What 1 and 0 mean to a yes_no is told apart by no file, so that they are refused.
func truthChoice(q *polls.Question, truth string) (int, error) {
	if choice := slices.Index(q.Choices, truth); choice >= 0 {
		return choice, nil
	}
	found, times := 0, 0
	for i, c := range q.Choices {
		if strings.EqualFold(c, truth) {
			found, times = i, times+1
		}
	}
	n, err := strconv.Atoi(truth)
	switch {
	case times == 1:
		return found, nil
	case q.Type == polls.YesNo && strings.EqualFold(truth, "true"):
		return 0, nil
	case q.Type == polls.YesNo && strings.EqualFold(truth, "false"):
		return 1, nil
	case err == nil && q.Type != polls.YesNo && n != polls.CannotTell && q.CheckAnswer(n, "") == nil:
		return n, nil
	}
	return 0, tasknet.NewError(tasknet.Invalid, errTruth.Code, fmt.Sprintf("The truth %.80q is no answer to this task, whose choices are %s.", truth, strings.Join(q.Choices, ", ")))
}

// truthValue writes a truth canonically, and regions in pixels of the image that was kept.
func truthValue(q *polls.Question, r *TaskRow) (polls.Value, error) {
	var quoted string
	switch err := json.Unmarshal([]byte(r.Truth), &quoted); {
	case q.Type == polls.Text && err != nil:
		return polls.ValueOf(r.Truth)
	case q.Type == polls.Number:
		if err != nil {
			quoted = r.Truth
		}
		n, err := polls.ParseDecimal(quoted)
		if err != nil {
			return "", err
		}
		return polls.ValueOf(n)
	}
	var tree any
	if err := json.Unmarshal([]byte(r.Truth), &tree); err != nil {
		return "", err
	}
	v, err := polls.ValueOf(tree)
	if err != nil || q.Image == nil || r.Width == 0 || r.Height == 0 {
		return v, err
	}
	return Rescale(q.Type, v, r.Width, r.Height, q.Image.Width, q.Image.Height)
}
