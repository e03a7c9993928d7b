package labeling_test

import (
	"testing"

	"github.com/tasknet/tasknet/labeling"
)

func TestLabelWeight(t *testing.T) {
	for _, c := range []struct {
		confidence, choices int
		want                float64
	}{
		{1_000_000, 2, 1}, {1_000_000, 7, 1}, {750_000, 2, 0.5}, {500_000, 2, 0.05}, {500_000, 4, 0.333333}, {200_000, 4, 0.05}, {0, 2, 0.05}, {922_146, 2, 0.844292},
	} {
		if got := labeling.LabelWeight(c.confidence, c.choices); got != c.want {
			t.Errorf("of %d ppm among %d choices it is %v, want %v", c.confidence, c.choices, got, c.want)
		}
	}
}
