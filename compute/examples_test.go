package compute_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/tasknet/tasknet/compute"
)

// some are examples of the small model, two of each task.
func some(tasks int) *compute.Examples {
	e := &compute.Examples{}
	for i := range 2 * tasks {
		e.Tasks = append(e.Tasks, fmt.Sprintf("task %d", i/2))
		e.Inputs = append(e.Inputs, float32(i), 1)
		e.Targets = append(e.Targets, float32(i/2%2), 1-float32(i/2%2))
	}
	return e
}

func TestSplit(t *testing.T) {
	p := plan(t, small)
	s, err := compute.NewSplit(p, some(2000))
	if err != nil {
		t.Fatal(err)
	}
	where := make(map[string]*compute.Examples)
	for _, part := range []*compute.Examples{s.Train, s.Validation, s.Test} {
		for i, task := range part.Tasks {
			if before := where[task]; before != nil && before != part {
				t.Fatalf("%s is in two parts", task)
			}
			where[task] = part
			if held := p.HeldOut(task); held != (part != s.Train) {
				t.Fatalf("%s is held out: %v", task, held)
			}
			if of := fmt.Sprintf("task %d", int(part.Inputs[2*i])/2); of != task || part.Targets[2*i] != float32(int(part.Inputs[2*i])/2%2) {
				t.Fatalf("the example of %s has the numbers of %s", task, of)
			}
		}
	}
	if len(where) != 2000 {
		t.Errorf("%d tasks of 2,000 are anywhere", len(where))
	}
	for name, part := range map[string]*compute.Examples{"validation": s.Validation, "test": s.Test} {
		if share := float64(part.Len()) / 4000; math.Abs(share-0.1) > 0.02 { // three deviations
			t.Errorf("%s has %.3f of the examples, want 0.1", name, share)
		}
	}
	more, err := compute.NewSplit(p, some(3000))
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range more.Train.Tasks {
		if before := where[task]; before != nil && before != s.Train {
			t.Fatalf("%s was held out, and is trained on since there are others", task)
		}
	}
}

func TestBadExamples(t *testing.T) {
	p := plan(t, small)
	for name, c := range map[string]struct {
		change func(*compute.Examples)
		want   error
	}{
		"few":           {func(e *compute.Examples) { *e = *some(5) }, compute.ErrFewExamples},
		"none":          {func(e *compute.Examples) { *e = compute.Examples{} }, compute.ErrFewExamples},
		"one class":     {func(e *compute.Examples) { copy(e.Targets, allFirst(len(e.Targets))) }, compute.ErrFewExamples},
		"inputs":        {func(e *compute.Examples) { e.Inputs = e.Inputs[1:] }, compute.ErrBadExamples},
		"no number":     {func(e *compute.Examples) { e.Inputs[3] = float32(math.NaN()) }, compute.ErrBadExamples},
		"sum":           {func(e *compute.Examples) { e.Targets[0] = 0.5 }, compute.ErrBadExamples},
		"negative":      {func(e *compute.Examples) { e.Targets[0], e.Targets[1] = -1, 2 }, compute.ErrBadExamples},
		"weight":        {func(e *compute.Examples) { e.Weights = make([]float32, e.Len()); e.Weights[1] = -1 }, compute.ErrBadExamples},
		"few weights":   {func(e *compute.Examples) { e.Weights = []float32{1} }, compute.ErrBadExamples},
		"weight of NaN": {func(e *compute.Examples) { e.Weights = make([]float32, e.Len()); e.Weights[1] = float32(math.NaN()) }, compute.ErrBadExamples},
	} {
		e := some(100)
		c.change(e)
		if _, err := compute.NewSplit(p, e); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	tokens := plan(t, `{"input":{"kind":"tokens","buckets":16,"length":2},"layers":[{"type":"embedding","units":2},{"type":"flatten"}]`+classes+`}`)
	if _, err := compute.NewSplit(tokens, some(100)); !errors.Is(err, compute.ErrBadExamples) || !strings.Contains(err.Error(), "under 16") {
		t.Errorf("tokens over their number: %v", err)
	}
}

// allFirst are targets that are all of the first class.
func allFirst(n int) []float32 {
	out := make([]float32, n)
	for i := 0; i < n; i += 2 {
		out[i] = 1
	}
	return out
}
