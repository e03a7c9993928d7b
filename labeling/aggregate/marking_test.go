package aggregate_test

import (
	"math"
	"testing"

	"github.com/tasknet/tasknet/labeling/aggregate"
)

// bernoulli is the log-likelihood of so many hits, with their share for a probability.
func bernoulli(hits, all float64) float64 {
	return hits*math.Log(hits/all) + (all-hits)*math.Log(1-hits/all)
}

// TestLikelihoodsByHand has answers of which the likelihood of each family is easily counted.
func TestLikelihoodsByHand(t *testing.T) {
	near := func(name string, got, want float64) {
		t.Helper()
		if !(math.Abs(got-want) < 1e-9) {
			t.Errorf("%s: %.12f, want %.12f", name, got, want)
		}
	}
	// Distances of 1, 0, 4 and of 1, 1, so that the scale is 7/5; who is alone counts for nothing.
	numbers := numbersOf(3, 3, [3]float64{0, 0, 1}, [3]float64{0, 1, 2}, [3]float64{0, 2, 6}, [3]float64{1, 0, 4}, [3]float64{1, 1, 6}, [3]float64{2, 0, 9})
	near("median", mustNumber(t, aggregate.NumbersMedian, numbers).LogLikelihood, -5*math.Log(2*7.0/5)-7/(7.0/5))
	if r := mustNumber(t, aggregate.NumbersMedian, numbersOf(1, 2, [3]float64{0, 0, 1}, [3]float64{0, 1, 1})); !math.IsNaN(r.LogLikelihood) {
		t.Errorf("of a median that all agree on: %f", r.LogLikelihood)
	}

	// 0 and 2 around 1, of 0, 1, 2: a variance of 2. The other task has one answer.
	below := func(x float64) float64 { return math.Erfc(-(x-1)/2) / 2 }
	p := 0.95*(below(0.5)-below(-0.5))/(below(2.5)-below(-0.5)) + 0.05/3
	scales := scalesOf(3, [3]int{0, 0, 0}, [3]int{0, 1, 2}, [3]int{1, 0, 2})
	near("mean of a scale", mustScale(t, aggregate.ScalesMean, scales).LogLikelihood, 2*math.Log(p))
	if r := mustScale(t, aggregate.ScalesMean, scalesOf(3, [3]int{0, 0, 0})); !math.IsNaN(r.LogLikelihood) {
		t.Errorf("of a mean of one: %f", r.LogLikelihood)
	}

	// Three people mark 4 positions or pixels: 2 are marked by two of them, 1 by all, and 1 by one. The other task is of one.
	var spans aggregate.Spans
	addSpans(&spans, 0, 0, 9, [3]int{1, 4, 0})
	addSpans(&spans, 0, 1, 9, [3]int{1, 4, 0})
	addSpans(&spans, 0, 2, 9, [3]int{3, 5, 0})
	addSpans(&spans, 1, 0, 9, [3]int{0, 9, 0})
	near("spans", mustSpan(t, spans).LogLikelihood, bernoulli(7, 9)+bernoulli(1, 3))
	var masks aggregate.Masks
	addMask(&masks, 0, 0, 9, 1, []int32{1, 3, 5})
	addMask(&masks, 0, 1, 9, 1, []int32{1, 3, 5})
	addMask(&masks, 0, 2, 9, 1, []int32{3, 2, 4})
	addMask(&masks, 1, 0, 9, 1, []int32{0, 9})
	near("majority of masks", mustMask(t, aggregate.MasksMajority, masks).LogLikelihood, bernoulli(7, 9)+bernoulli(1, 3))

	// Three people draw one object, two a second, and one a third.
	at := func(x float64) ring { return ring{{X: x, Y: 0}, {X: x + 5, Y: 0}, {X: x + 5, Y: 5}} }
	var polygons aggregate.Polygons
	addPolygons(&polygons, 0, 0, at(0), at(50), at(90))
	addPolygons(&polygons, 0, 1, at(0), at(50))
	addPolygons(&polygons, 0, 2, at(0))
	addPolygons(&polygons, 1, 0, at(0))
	near("polygons", mustPolygon(t, polygons).LogLikelihood, bernoulli(5, 6)+bernoulli(1, 3))
}

// TestSupport: of equal people, an interval is that of Wilson of so many, and one who is worth nothing does not narrow it.
func TestSupport(t *testing.T) {
	var texts aggregate.Texts
	for w := range 4 {
		addText(&texts, 0, w, "one two three four")
	}
	four := mustText(t, texts).Texts[0]
	// Wilson's lower bound of 4 of 4 is n/(n+z^2).
	if got, want := four.Support.Low, 4/(4+1.959963984540054*1.959963984540054); four.Agreement != 1 || four.Support.Value != 1 || four.Support.High != 1 || math.Abs(got-want) > 1e-9 {
		t.Errorf("four who agree: %+v, want from %f", four.Support, want)
	}
	var spans aggregate.Spans
	for w := range 4 {
		addSpans(&spans, 0, w, 9, [3]int{1, 4, 0})
	}
	if s := mustSpan(t, spans).Spans[0]; math.Abs(s.Support.Low-four.Support.Low) > 1e-9 || s.Support.Value != s.Confidence {
		t.Errorf("four who mark alike: %+v", s)
	}
	var boxes aggregate.Boxes
	for w := range 4 {
		addBoxes(&boxes, 0, w, classBox{aggregate.Box{MaxX: 9, MaxY: 9}, 0})
	}
	r, err := aggregate.BoxesFuse(t.Context(), boxes, nil)
	if err != nil || math.Abs(r.Objects[0].Support.Low-four.Support.Low) > 1e-9 || r.Objects[0].Support.Value != r.Objects[0].Confidence {
		t.Errorf("four who draw alike: %+v, %v", r.Objects, err)
	}
	// A fifth who never writes what others do has next to no weight.
	for task := 1; task < 30; task++ {
		for w := range 4 {
			addText(&texts, task, w, "five six seven eight")
		}
		addText(&texts, task, 4, "x")
	}
	addText(&texts, 0, 4, "y")
	if got := mustText(t, texts).Texts[0]; got.Support.Low < 0.4 || got.Support.Low > four.Support.Low+0.05 {
		t.Errorf("with one who is worth nothing: %+v", got)
	}
}
