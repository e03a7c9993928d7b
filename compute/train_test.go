package compute

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"
)

// scripted is a trainer whose loss on what it is asked about falls and rises again as the script says, whatever it learns: each
// epoch it is as sure of the first class as written there. Its one weight counts its steps.
type scripted struct{ sure []float64 }

func (s scripted) Name() string { return "scripted" }

func (s scripted) Open(_ *Plan, at State) (Session, error) {
	return &scriptedSession{s.sure, at.Clone()}, nil
}

type scriptedSession struct {
	sure []float64
	at   State
}

func (s *scriptedSession) Step(context.Context, Batch, float64) (float64, error) {
	s.at.Weights[0][0]++
	return 1, nil
}

func (s *scriptedSession) Predict(_ context.Context, inputs []float32) (logits []float32, err error) {
	epoch := min(max(int(s.at.Weights[0][0]), 1), len(s.sure))
	for range inputs {
		logits = append(logits, float32(s.sure[epoch-1]), 0)
	}
	return logits, nil
}

func (s *scriptedSession) State() (State, error) { return s.at.Clone(), nil }
func (s *scriptedSession) Close() error          { return nil }

// certain are examples of which a share is of the first class.
func certain(name string, n int, share float64) *Examples {
	e := &Examples{}
	for i := range n {
		first := float32(0)
		if float64(i) < share*float64(n) {
			first = 1
		}
		e.Tasks, e.Inputs, e.Targets = append(e.Tasks, fmt.Sprint(name, i)), append(e.Inputs, 0), append(e.Targets, first, 1-first)
	}
	return e
}

func TestStopsAndKeepsTheBest(t *testing.T) {
	p := planOf(t, `,"training":{"patience":2,"epochs":9,"batch_size":64}`)
	// Three of four are of the first class, so that a logit of log 3 has the lowest loss; the second epoch is nearest to it.
	trainer := scripted{[]float64{0, 1.5, 3, 4, 1.1, 1.1, 1.1, 1.1, 1.1}}
	s := &Split{certain("train ", 64, 0.5), certain("validation ", 400, 0.75), certain("test ", 400, 0.6)}
	s.Train.Inputs[0] = 1
	start := NewState(p)
	start.Weights[0][0] = 0
	from := &Checkpoint{State: start}
	m, err := Train(context.Background(), trainer, p, s, Options{From: from})
	if err != nil {
		t.Fatal(err)
	}
	if len(m.History) != 4 || m.BestEpoch != 2 || m.Weights[0][0] != 2 {
		t.Errorf("it ends after %d epochs, the best is %d, and the weights are those after %v", len(m.History), m.BestEpoch, m.Weights[0][0])
	}
	// Calibrated by the validation: at the temperature T, 1.5 / T is log 3. On the test it would be log 1.5.
	if want := 1.5 / math.Log(3); math.Abs(m.Temperature-want) > 0.01 {
		t.Errorf("the temperature is %.3f, want %.3f", m.Temperature, want)
	}
	if m.Metrics.Examples != 400 || m.Metrics.Accuracy != 0.6 {
		t.Errorf("it is measured on %d examples, and right in %v", m.Metrics.Examples, m.Metrics.Accuracy)
	}
}

// failing cannot be closed.
type failing struct{ scripted }

var errClosing = errors.New("it cannot be closed")

func (f failing) Open(p *Plan, at State) (Session, error) {
	s, err := f.scripted.Open(p, at)
	return unclosed{s}, err
}

type unclosed struct{ Session }

func (unclosed) Close() error { return errClosing }

func TestErrorsOfTrainers(t *testing.T) {
	p := planOf(t, `,"training":{"epochs":1}`)
	s := &Split{certain("train ", 64, 0.5), certain("validation ", 40, 0.75), certain("test ", 40, 0.6)}
	if _, err := Train(context.Background(), failing{scripted{[]float64{1}}}, p, s, Options{}); !errors.Is(err, errClosing) {
		t.Errorf("a session that cannot be closed: %v", err)
	}
}
