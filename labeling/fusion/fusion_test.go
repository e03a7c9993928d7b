package fusion_test

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/labeling/fusion"
	"github.com/tasknet/tasknet/polls"
)

// TestBoxes has three people who answer three tasks: of the first, all draw a bird and one draws another; of the second, one
// draws anything; of the third, none does.
func TestBoxes(t *testing.T) {
	t.Parallel()
	bird, other := polls.Box{X: 10, Y: 10, W: 20, H: 20}, polls.Box{Class: 1, X: 60, Y: 60, W: 9, H: 9}
	rows := aggregate.Rows{
		TaskCount: 3, WorkerCount: 3, Tasks: []int32{0, 0, 0, 1, 1, 1, 2, 2, 2}, Workers: []int32{0, 1, 2, 0, 1, 2, 0, 1, 2}, CannotTell: make([]bool, 9),
	}
	values := [][]polls.Box{{bird}, {bird}, {bird, other}, {}, {}, {other}, {}, {}, {}}
	r, err := fusion.Boxes(t.Context(), rows, values, nil)
	if err != nil {
		t.Fatal(err)
	}
	label, each, confidence := r.Label(0)
	all := r.Found(0)
	if !reflect.DeepEqual(label, []polls.Box{bird}) || len(all) != 2 || len(each) != 1 || each[0] != 1 || all[0].Confidence != 1 || math.Abs(confidence-1/(1+all[1].Confidence)) > 1e-12 {
		t.Errorf("the first is %v with %v, of %v", label, confidence, all)
	}
	label, _, confidence = r.Label(1)
	all = r.Found(1)
	if label == nil || len(label) != 0 || len(all) != 1 || math.Abs(confidence-(1-all[0].Confidence)) > 1e-12 || confidence <= 0.5 {
		t.Errorf("the second is %v with %v, of %v", label, confidence, all)
	}
	if label, _, confidence = r.Label(2); len(label) != 0 || confidence != 1 || r.Agreement[2] != 1 {
		t.Errorf("the third is %v with %v", label, confidence)
	}
}

// TestMasks has two classes of ten pixels; one of three people leaves the second class out, and one could not tell.
func TestMasks(t *testing.T) {
	t.Parallel()
	first, second := polls.ClassMask{Counts: []int{2, 5, 3}}, polls.ClassMask{Class: 1, Counts: []int{0, 2, 8}}
	rows := aggregate.Rows{TaskCount: 2, WorkerCount: 4, Tasks: []int32{0, 0, 0, 0, 1}, Workers: []int32{0, 1, 2, 3, 0}, CannotTell: []bool{false, false, false, true, true}}
	values := [][]polls.ClassMask{{first, second}, {first, second}, {first}, nil, nil}
	for name, method := range map[string]fusion.MasksMethod{"staple": aggregate.MasksStaple, "majority": aggregate.MasksMajority} {
		r, err := fusion.Masks(t.Context(), rows, values, method, nil)
		if err != nil {
			t.Fatal(err)
		}
		label, _, confidence := r.Label(0)
		if !reflect.DeepEqual(label, []polls.ClassMask{first, second}) || confidence <= 0.5 || confidence > 1 || r.Agreement[0] <= 0.5 || r.Agreement[0] >= 1 {
			t.Errorf("%s: %v with %v, agreement %v", name, label, confidence, r.Agreement)
		}
		if label, _, confidence = r.Label(1); len(label) != 0 || confidence != 1 || !math.IsNaN(r.Agreement[1]) {
			t.Errorf("%s: what nobody can tell is %v with %v, agreement %v", name, label, confidence, r.Agreement[1])
		}
	}
	if n := fusion.Pixels(first); n != 10 {
		t.Errorf("%d pixels", n)
	}
}

// TestMasksAuto has ten images of two classes, of which gold knows the first as all see it, and leaves out the second. Nobody
// could tell what the eleventh is.
func TestMasksAuto(t *testing.T) {
	t.Parallel()
	first, second := polls.ClassMask{Counts: []int{2, 5, 3}}, polls.ClassMask{Class: 1, Counts: []int{0, 2, 8}}
	rows := aggregate.Rows{TaskCount: 11, WorkerCount: 3}
	var values, gold [][]polls.ClassMask
	for task := range 11 {
		for w := range 3 {
			rows.Tasks, rows.Workers, rows.CannotTell = append(rows.Tasks, int32(task)), append(rows.Workers, int32(w)), append(rows.CannotTell, task == 10)
			if task < 10 {
				values = append(values, []polls.ClassMask{first, second})
			} else {
				values = append(values, nil)
			}
		}
		gold = append(gold, []polls.ClassMask{first})
	}
	for name, c := range map[string]struct {
		gold [][]polls.ClassMask
		says string
	}{
		"gold": {gold, "On 20 golds the majority is off by 0.5 of what is marked and STAPLE by 0.5,"},
		"some": {append(make([][]polls.ClassMask, 4), gold[4:]...), "On 12 golds the majority is off by 0.5 "},
		"none": {nil, "answers that were held back the majority comes to 1 of overlap"},
	} {
		r, chosen, err := fusion.MasksAuto(t.Context(), rows, values, c.gold, 1, nil)
		if err != nil || chosen.Method != "majority" || !strings.Contains(chosen.Reason, c.says) {
			t.Errorf("%s: %+v, %v, want %q", name, chosen, err, c.says)
			continue
		}
		if label, _, _ := r.Label(0); !reflect.DeepEqual(label, []polls.ClassMask{first, second}) {
			t.Errorf("%s: %v", name, label)
		}
	}
}

// TestSpans leaves nothing of what one of three marked, and is as sure of that as people agree.
func TestSpans(t *testing.T) {
	t.Parallel()
	rows := aggregate.Rows{TaskCount: 1, WorkerCount: 3, Tasks: []int32{0, 0, 0}, Workers: []int32{0, 1, 2}, CannotTell: make([]bool, 3)}
	r, err := fusion.Spans(t.Context(), rows, [][]polls.Span{{{Start: 2, End: 6}}, {}, {}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if label, _, confidence := r.Label(0); len(label) != 0 || confidence != r.Agreement[0] || confidence >= 1 {
		t.Errorf("%v with %v", label, confidence)
	}
	if r, err = fusion.Spans(t.Context(), rows, [][]polls.Span{{{Start: 2, End: 6}}, {{Start: 2, End: 6}}, {{Start: 3, End: 9}}}, nil); err != nil {
		t.Fatal(err)
	}
	if label, _, confidence := r.Label(0); len(label) != 1 || label[0].Start > 3 || label[0].End < 6 || confidence <= 0.5 || confidence >= 1 {
		t.Errorf("%v with %v", label, confidence)
	}
}
