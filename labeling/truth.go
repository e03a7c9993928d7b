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
	same := q.Image == nil || r.Width == 0 || r.Height == 0 || r.Width == q.Image.Width && r.Height == q.Image.Height
	switch {
	case q.Type == polls.Boxes && !same:
		return scaled(r.Truth, func(b *polls.Box) {
			right, bottom := scale(b.X+b.W, q.Image.Width, r.Width), scale(b.Y+b.H, q.Image.Height, r.Height)
			b.X, b.Y = scale(b.X, q.Image.Width, r.Width), scale(b.Y, q.Image.Height, r.Height)
			b.W, b.H = max(right-b.X, 1), max(bottom-b.Y, 1)
		})
	case q.Type == polls.Polygons && !same:
		return scaled(r.Truth, func(p *polls.Polygon) {
			for i, at := range p.Points {
				to, from := q.Image.Width, r.Width
				if i%2 == 1 {
					to, from = q.Image.Height, r.Height
				}
				p.Points[i] = scale(at, to, from)
			}
		})
	}
	var tree any
	if err := json.Unmarshal([]byte(r.Truth), &tree); err != nil {
		return "", err
	}
	return polls.ValueOf(tree)
}

// scaled changes each of a list of regions.
func scaled[T any](truth string, change func(*T)) (polls.Value, error) {
	var regions []T
	if err := json.Unmarshal([]byte(truth), &regions); err != nil {
		return "", err
	}
	for i := range regions {
		change(&regions[i])
	}
	return polls.ValueOf(regions)
}

// scale returns where a place is in an image of another size, to the nearest pixel.
func scale(at, to, from int) int { return (2*at*to + from) / (2 * from) }
