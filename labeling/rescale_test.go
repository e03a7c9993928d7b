package labeling_test

import (
	"errors"
	"testing"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

func TestRescale(t *testing.T) {
	for _, tt := range []struct {
		name     string
		kind     polls.Type
		in, want polls.Value
		size     [4]int
	}{
		{"boxes", polls.Boxes, `[{"class":2,"h":40,"w":30,"x":10,"y":21}]`, `[{"class":2,"h":20,"w":10,"x":3,"y":11}]`, [4]int{90, 100, 30, 50}},
		{"a box too small", polls.Boxes, `[{"class":0,"h":1,"w":1,"x":89,"y":99}]`, `[{"class":0,"h":1,"w":1,"x":29,"y":49}]`, [4]int{90, 100, 30, 50}},
		{"polygons", polls.Polygons, `[{"class":1,"points":[0,0,90,100,45,5]}]`, `[{"class":1,"points":[0,0,30,50,15,3]}]`, [4]int{90, 100, 30, 50}},
		// Of two columns that become one, the second lies in the middle.
		{"mask shrunk", polls.Mask, `[{"class":0,"counts":[0,2,4]},{"class":3,"counts":[3,2,1]}]`, `[{"class":3,"counts":[0,2,1]}]`, [4]int{2, 3, 1, 3}},
		{"mask enlarged", polls.Mask, `[{"class":0,"counts":[1,1]}]`, `[{"class":0,"counts":[2,2,2,2]}]`, [4]int{1, 2, 2, 4}},
		{"mask too short", polls.Mask, `[{"class":0,"counts":[1,1]}]`, "", [4]int{2, 2, 1, 1}},
		{"mask too long", polls.Mask, `[{"class":0,"counts":[1,1,3]}]`, "", [4]int{2, 2, 1, 1}},
		{"same size", polls.Mask, `[{"class":0,"counts":[1,1,3]}]`, `[{"class":0,"counts":[1,1,3]}]`, [4]int{2, 2, 2, 2}},
		{"no regions", polls.Text, `"x"`, `"x"`, [4]int{2, 2, 1, 1}},
		{"not a value", polls.Boxes, `"x"`, "", [4]int{2, 2, 1, 1}},
	} {
		got, err := labeling.Rescale(tt.kind, tt.in, tt.size[0], tt.size[1], tt.size[2], tt.size[3])
		switch {
		case tt.want == "":
			if !errors.Is(err, polls.ErrBadValue) {
				t.Errorf("%s: %s, %v", tt.name, got, err)
			}
		case err != nil || got != tt.want:
			t.Errorf("%s: %s, %v, want %s", tt.name, got, err, tt.want)
		}
	}
}
