package compute

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestTemperature makes a model three times as sure as it may be, and finds that out.
func TestTemperature(t *testing.T) {
	p, random := planOf(t, ""), rand.New(rand.NewPCG(1, 2))
	e, logits := &Examples{}, []float32{}
	for range 20_000 {
		margin := random.NormFloat64() * 2
		class := 0
		if random.Float64() < 1/(1+math.Exp(-margin)) {
			class = 1
		}
		e.Tasks, e.Targets = append(e.Tasks, "t"), append(e.Targets, float32(1-class), float32(class))
		logits = append(logits, 0, float32(3*margin))
	}
	at := temperature(p, e, logits)
	if math.Abs(at-3) > 0.15 {
		t.Errorf("the temperature is %.3f, want 3", at)
	}
	m := measure(p, e, logits, at)
	if m.Error > 0.015 || m.Before < 0.05 {
		t.Errorf("the calibration error is %.4f, and was %.4f", m.Error, m.Before)
	}
	if of := m.Confusion[0][0] + m.Confusion[1][1]; math.Abs(float64(of)/20_000-m.Accuracy) > 1e-9 || m.Examples != 20_000 {
		t.Errorf("%+v", m)
	}
}

func TestReliability(t *testing.T) {
	p := planOf(t, "")
	e := &Examples{Tasks: []string{"a", "b", "c", "d"}, Targets: []float32{1, 0, 1, 0, 0, 1, 1, 0}}
	bins, off := reliability(p, e, []float32{0.95, 0.05, 0.15, 0.85, 0, 1, 0.92, 0.08})
	// in the last tenth three, sure to 0.9567 and all right; in the one before one, sure to 0.85 and wrong
	if want := (3*(1-0.9566667) + 0.85) / 4; math.Abs(off-want) > 1e-6 || bins[9].Examples != 3 || bins[8].Accuracy != 0 || bins[9].Accuracy != 1 {
		t.Errorf("the error is %v, want %v, of %+v", off, want, bins)
	}
}

func TestSoftmax(t *testing.T) {
	got := softmax([]float32{1000, 1000, -1000, 0, 0, float32(math.Log(2))}, 3, 1)
	want := []float64{0.5, 0.5, 0, 0.25, 0.25, 0.5}
	for i := range want {
		if math.Abs(float64(got[i])-want[i]) > 1e-6 {
			t.Errorf("the probabilities are %v, want %v", got, want)
		}
	}
}

func TestCard(t *testing.T) {
	c := Card{Data: "ab12", Artefacts: []ArtefactID{"art_1", "art_2"}, Metrics: Metrics{Examples: 3, Confusion: [][]int{{1, 0}, {2, 0}}}}
	text := c.Markdown([]string{"a|b", "<script>"})
	for _, want := range []string{"| label | a\\|b | &lt;script> |\n|---|---:|---:|\n", "| a\\|b | 1 | 0 |\n| &lt;script> | 2 | 0 |\n", "SHA-256 of the labels: ab12, art_1, art_2.\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in\n%s", want, text)
		}
	}
	history := []Progress{{Loss: 2, Validation: 1}, {Loss: 1, Validation: 0.5}}
	if plot := LossPlot(history, 2); !strings.Contains(plot, `points="60.0,155.0 460.0,212.5 "`) || !strings.Contains(plot, "best, after epoch 2") {
		t.Errorf("the plot of the loss is\n%s", plot)
	}
	if plot := ReliabilityPlot(Metrics{Examples: 4, Bins: []Bin{{}, {Examples: 4, Confidence: 0.5, Accuracy: 1}}}); !strings.Contains(plot, `<circle cx="260.0" cy="40.0" r="12.0"`) {
		t.Errorf("the plot of confidence is\n%s", plot)
	}
}
