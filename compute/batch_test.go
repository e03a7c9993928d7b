package compute

import (
	"math"
	"slices"
	"strings"
	"testing"
)

func pictures(t *testing.T, more string) *Plan {
	t.Helper()
	p, err := ParseSpec(strings.NewReader(`{"input":{"kind":"image","height":9,"width":9},"layers":[{"type":"flatten"},{"type":"dropout","rate":0.25}],"classes":["no","yes"]` + more + `}`))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// dot is pictures with one bright place, off the middle.
func dot(examples int) *Examples {
	e := &Examples{}
	for range examples {
		picture := make([]float32, 81)
		picture[3*9+4] = 1
		e.Tasks, e.Inputs, e.Targets = append(e.Tasks, "t"), append(e.Inputs, picture...), append(e.Targets, 1, 0)
	}
	return e
}

func all(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func TestBatch(t *testing.T) {
	p, e := pictures(t, `,"label_smoothing":0.1`), dot(4)
	e.Weights = []float32{1, 3, 0, 0}
	b := p.batch(e, all(4), 5)
	if !slices.Equal(b.Inputs, e.Inputs) {
		t.Error("what is not augmented is changed")
	}
	if !slices.Equal(b.Weights, []float32{0.25, 0.75, 0, 0}) {
		t.Errorf("the weights are %v", b.Weights)
	}
	if math.Abs(float64(b.Targets[0])-0.95) > 1e-6 || math.Abs(float64(b.Targets[1])-0.05) > 1e-6 {
		t.Errorf("the smoothed targets are %v", b.Targets[:2])
	}
	if again, other := p.batch(e, all(4), 5), p.batch(e, all(4), 6); !slices.Equal(again.Masks[0], b.Masks[0]) || slices.Equal(other.Masks[0], b.Masks[0]) {
		t.Error("what is dropped is not decided by the step")
	}
	e.Weights = []float32{0, 0, 0, 0}
	if b := p.batch(e, all(4), 5); !slices.Equal(b.Weights, e.Weights) {
		t.Errorf("weights of nobody become %v", b.Weights)
	}
}

func TestDropped(t *testing.T) {
	p := pictures(t, "")
	mask := p.masks(200, 1)[0]
	dropped := 0
	for _, v := range mask {
		if v == 0 {
			dropped++
		} else if math.Abs(float64(v)-4.0/3) > 1e-6 {
			t.Fatalf("what is kept is multiplied by %v", v)
		}
	}
	if share := float64(dropped) / float64(len(mask)); math.Abs(share-0.25) > 0.02 { // six deviations
		t.Errorf("%.3f are dropped, want 0.25", share)
	}
}

func TestAugment(t *testing.T) {
	e := dot(50)
	// where is the brightness, its middle and its sum, of each picture.
	where := func(p *Plan) (places [][3]float64) {
		b := p.batch(e, all(50), 1)
		for i := range 50 {
			var at [3]float64
			for j, v := range b.Inputs[i*81 : (i+1)*81] {
				at[0] += float64(v) * float64(j/9)
				at[1] += float64(v) * float64(j%9)
				at[2] += float64(v)
			}
			at[0], at[1] = at[0]/at[2], at[1]/at[2]
			places = append(places, at)
		}
		return places
	}
	moved, turned, mirrored := false, false, false
	for _, at := range where(pictures(t, `,"augment":{"shift":0.2}`)) {
		if math.Abs(at[0]-3) > 1.81 || math.Abs(at[1]-4) > 1.81 || math.Abs(at[2]-1) > 1e-5 {
			t.Errorf("a shift of a fifth moves 3, 4 to %.3v", at)
		}
		moved = moved || math.Abs(at[0]-3) > 0.5
	}
	for _, at := range where(pictures(t, `,"augment":{"rotate":90}`)) {
		if r := math.Hypot(at[0]-4, at[1]-4); math.Abs(r-1) > 0.35 {
			t.Errorf("a turn moves 3, 4 to %.3v, which is %.2f from the middle", at, r)
		}
		turned = turned || math.Abs(at[1]-4) > 0.5
	}
	e = dot(50)
	for i := range 50 {
		e.Inputs[i*81+31], e.Inputs[i*81+33] = 0, 1 // at 3, 6
	}
	for _, at := range where(pictures(t, `,"augment":{"flip":true}`)) {
		if at[0] != 3 || at[1] != 6 && at[1] != 2 {
			t.Errorf("a mirror moves 3, 6 to %.3v", at)
		}
		mirrored = mirrored || at[1] == 2
	}
	if !moved || !turned || !mirrored {
		t.Errorf("nothing was moved (%v), turned (%v) or mirrored (%v)", moved, turned, mirrored)
	}
}
