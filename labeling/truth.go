package labeling

import (
	"encoding/json"
	"slices"
	"strconv"

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
		choice := slices.Index(q.Choices, r.Truth)
		if choice < 0 {
			n, err := strconv.Atoi(r.Truth)
			if err != nil {
				return "", errTruth
			}
			choice = n
		}
		if choice == polls.CannotTell || q.CheckAnswer(choice, "") != nil {
			return "", errTruth
		}
		return strconv.Itoa(choice), nil
	}
	v, err := truthValue(q, r)
	if err != nil || q.CheckAnswer(0, v) != nil {
		return "", errTruth
	}
	return string(v), nil
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
