package aggregate_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tasknet/tasknet/labeling/aggregate"
)

type fitMasks = func(context.Context, aggregate.Masks, aggregate.Progress) (*aggregate.MasksResult, error)

var masksMethods = map[string]fitMasks{"majority": aggregate.MasksMajority, "staple": aggregate.MasksStaple}

// encode returns the runs of a picture given as marked(x, y).
func encode(height, width int, marked func(x, y int) bool) []int32 {
	runs, belongs := []int32{0}, false
	for x := range width {
		for y := range height {
			if marked(x, y) != belongs {
				belongs = !belongs
				runs = append(runs, 0)
			}
			runs[len(runs)-1]++
		}
	}
	return runs
}

// pixels returns a picture given as runs, by x*height+y.
func pixels(runs []int32) []bool {
	var out []bool
	for i, n := range runs {
		out = append(out, slices.Repeat([]bool{i%2 == 1}, int(n))...)
	}
	return out
}

// picture reads rows of text, in which # is marked.
func picture(text string) (height, width int, marked func(x, y int) bool) {
	lines := strings.Fields(text)
	return len(lines), len(lines[0]), func(x, y int) bool { return lines[y][x] == '#' }
}

func addMask(m *aggregate.Masks, task, worker, height, width int, runs []int32) {
	if m.Start == nil {
		m.Start = []int32{0}
	}
	for len(m.Heights) <= task {
		m.Heights, m.Widths = append(m.Heights, int32(height)), append(m.Widths, int32(width))
	}
	m.TaskCount, m.WorkerCount = max(m.TaskCount, task+1), max(m.WorkerCount, worker+1)
	m.Tasks, m.Workers = append(m.Tasks, int32(task)), append(m.Workers, int32(worker))
	m.Runs = append(m.Runs, runs...)
	m.Start = append(m.Start, int32(len(m.Runs)))
}

func masksOf(pictures ...string) aggregate.Masks {
	var m aggregate.Masks
	for w, p := range pictures {
		height, width, marked := picture(p)
		addMask(&m, 0, w, height, width, encode(height, width, marked))
	}
	return m
}

func mustMask(t testing.TB, fit fitMasks, m aggregate.Masks) *aggregate.MasksResult {
	t.Helper()
	r, err := fit(t.Context(), m, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Converged {
		t.Fatalf("no end after %d iterations", r.Iterations)
	}
	return r
}

// TestMasksRunDownTheColumns: a picture that is not its own mirror, by hand.
func TestMasksRunDownTheColumns(t *testing.T) {
	m := aggregate.Masks{
		Rows:    aggregate.Rows{TaskCount: 1, WorkerCount: 3, Tasks: []int32{0, 0, 0}, Workers: []int32{0, 1, 2}},
		Heights: []int32{2}, Widths: []int32{3}, Start: []int32{0, 3, 6, 9},
		Runs: []int32{1, 3, 2 /* */, 1, 2, 3 /* */, 2, 2, 2}, // the first is .#. over ##.
	}
	for name, fit := range masksMethods {
		r := mustMask(t, fit, m)
		if want := []int32{1, 3, 2}; !slices.Equal(r.Masks[0], want) {
			t.Errorf("%s: runs %v, want %v", name, r.Masks[0], want)
		}
		if want := (2.0/3 + 2.0/3 + 1.0/3) / 3; math.Abs(r.Agreement[0]-want) > 1e-12 {
			t.Errorf("%s: agreement %f, want %f", name, r.Agreement[0], want)
		}
	}
	// Two pixels have 2 votes and one has 3, so that the expected intersection is 2/3+1+2/3 of a union of 3.
	if r := mustMask(t, aggregate.MasksMajority, m); math.Abs(r.Confidence[0]-7.0/9) > 1e-12 {
		t.Errorf("confidence %f, want 7/9", r.Confidence[0])
	}
	// One pixel is certain, and another belongs with 1/3: an intersection of 1 in a union of 4/3.
	if r := mustMask(t, aggregate.MasksMajority, masksOf("##", "#.", "#.")); math.Abs(r.Confidence[0]-0.75) > 1e-12 {
		t.Errorf("confidence %f, want 3/4", r.Confidence[0])
	}
}

func TestMasksDegenerate(t *testing.T) {
	for name, fit := range masksMethods {
		for _, c := range []struct {
			name       string
			masks      aggregate.Masks
			want       []int32
			confidence float64
			agreement  float64
		}{
			{"one", masksOf("#. .#"), []int32{0, 1, 2, 1}, 1, math.NaN()},
			{"alike", masksOf("#. .#", "#. .#"), []int32{0, 1, 2, 1}, 1, 1},
			{"empty", masksOf(".. ..", ".. .."), []int32{4}, 1, 1},
			{"full", masksOf("## ##", "## ##"), []int32{0, 4}, 1, 1},
			{"one pixel", masksOf("#", "#", "."), []int32{0, 1}, -1, 1.0 / 3},
		} {
			r := mustMask(t, fit, c.masks)
			if !slices.Equal(r.Masks[0], c.want) {
				t.Errorf("%s of %s: %v, want %v", name, c.name, r.Masks[0], c.want)
			}
			if c.confidence >= 0 && math.Abs(r.Confidence[0]-c.confidence) > 1e-3 {
				t.Errorf("%s of %s: confidence %f, want %f", name, c.name, r.Confidence[0], c.confidence)
			}
			if !cmp.Equal(r.Agreement[0], c.agreement, cmpopts.EquateNaNs(), cmpopts.EquateApprox(0, 1e-12)) {
				t.Errorf("%s of %s: agreement %f, want %f", name, c.name, r.Agreement[0], c.agreement)
			}
		}
		nobody := aggregate.Masks{Rows: aggregate.Rows{TaskCount: 1, WorkerCount: 1}, Heights: []int32{1}, Widths: []int32{1}, Start: []int32{0}}
		if r := mustMask(t, fit, nobody); r.Masks[0] != nil || !math.IsNaN(r.Confidence[0]) || r.Sensitivity[0].Known() {
			t.Errorf("%s of nobody: %+v", name, r)
		}
		unsure := masksOf("#.", ".#")
		unsure.CannotTell = []bool{false, true}
		if r := mustMask(t, fit, unsure); !slices.Equal(r.Masks[0], []int32{0, 1, 1}) || r.Specificity[1].Known() {
			t.Errorf("%s of one who could not tell: %+v", name, r)
		}
	}
	zeros := aggregate.Masks{Rows: aggregate.Rows{TaskCount: 1, WorkerCount: 1, Tasks: []int32{0}, Workers: []int32{0}}, Heights: []int32{2}, Widths: []int32{2}, Start: []int32{0, 5}, Runs: []int32{0, 1, 0, 1, 2}}
	if r := mustMask(t, aggregate.MasksMajority, zeros); !slices.Equal(r.Masks[0], []int32{0, 2, 2}) {
		t.Errorf("runs of no pixels are not joined: %v", r.Masks[0])
	}
}

// cells draws discs and masks of them by 3 careful workers and by 4 who fill far too much, each in their own direction.
func cells(rng *rand.Rand, images int) (m aggregate.Masks, truth [][]bool) {
	const size = 48
	disc := func(cx, cy, r float64) func(x, y int) bool {
		return func(x, y int) bool { return math.Hypot(float64(x)-cx, float64(y)-cy) <= r }
	}
	for t := range images {
		cx, cy, r := 16+16*rng.Float64(), 16+16*rng.Float64(), 6+6*rng.Float64()
		truth = append(truth, pixels(encode(size, size, disc(cx, cy, r))))
		for w := range 7 {
			x, y, radius := cx+0.6*rng.NormFloat64(), cy+0.6*rng.NormFloat64(), r+0.6*rng.NormFloat64()
			if w >= 3 {
				x, y, radius = cx+2*rng.NormFloat64(), cy+2*rng.NormFloat64(), r*1.5
			}
			addMask(&m, t, w, size, size, encode(size, size, disc(x, y, radius)))
		}
	}
	return m, truth
}

func overlapOf(a, b []bool) float64 {
	both, either := 0.0, 0.0
	for i := range a {
		if a[i] && b[i] {
			both++
		}
		if a[i] || b[i] {
			either++
		}
	}
	return both / either
}

func TestMasksStapleBeatsTheMajority(t *testing.T) {
	m, truth := cells(rand.New(rand.NewPCG(1, 2)), 40)
	overlap := make(map[string]float64)
	for name, fit := range masksMethods {
		r := mustMask(t, fit, m)
		for i, p := range truth {
			overlap[name] += overlapOf(pixels(r.Masks[i]), p) / float64(len(truth))
		}
		if name == "staple" {
			for w := range 7 {
				if (w < 3) != (r.Specificity[w].Value > 0.8) {
					t.Errorf("worker %d has specificity %v", w, r.Specificity[w])
				}
			}
		}
	}
	t.Logf("overlap with the truth: %v", overlap)
	if overlap["staple"] < overlap["majority"]+0.1 || overlap["staple"] < 0.8 {
		t.Errorf("overlap with the truth: %v", overlap)
	}
}

func TestMasksIgnoreOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	m, _ := cells(rng, 5)
	for name, fit := range masksMethods {
		want := mustMask(t, fit, m)
		for range 3 {
			var shuffled aggregate.Masks
			for _, r := range rng.Perm(len(m.Tasks)) {
				addMask(&shuffled, int(m.Tasks[r]), int(m.Workers[r]), 48, 48, m.Runs[m.Start[r]:m.Start[r+1]])
			}
			if diff := cmp.Diff(want, mustMask(t, fit, shuffled), cmpopts.EquateNaNs()); diff != "" {
				t.Fatalf("%s: another order of rows differs (-want +got):\n%s", name, diff)
			}
		}
	}
}

func TestMasksBad(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(*aggregate.Masks)
		want  string
	}{
		{"too short", func(m *aggregate.Masks) { m.Runs[0] = 0 }, "answer 0: its runs have 3 pixels in an image of 4"},
		{"negative", func(m *aggregate.Masks) { m.Runs[0], m.Runs[1] = -1, 5 }, "answer 0: a run has -1 pixels"},
		{"no image", func(m *aggregate.Masks) { m.Heights[0] = 0 }, "image 0 has 0 times 2 pixels; from 1 to 268435456 are allowed"},
		{"huge image", func(m *aggregate.Masks) { m.Heights[0], m.Widths[0] = math.MaxInt32, math.MaxInt32 }, "image 0 has 2147483647 times 2147483647 pixels; from 1 to 268435456 are allowed"},
		{"no sizes", func(m *aggregate.Masks) { m.Widths = nil }, "there are 1 heights and 0 widths of 1 images"},
	} {
		m := masksOf(".# #.")
		c.spoil(&m)
		for name, fit := range masksMethods {
			if _, err := fit(t.Context(), m, nil); !errors.Is(err, aggregate.ErrBadAnswers) || err.Error() != c.want {
				t.Errorf("%s of %s: error %v, want %s", name, c.name, err, c.want)
			}
		}
	}
}

func BenchmarkMasks(b *testing.B) {
	m, _ := cells(rand.New(rand.NewPCG(1, 1)), 1000)
	for name, fit := range masksMethods {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				mustMask(b, fit, m)
			}
		})
	}
}
