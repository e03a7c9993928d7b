//go:build gotch && cgo

package torch_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/computetest"
	"github.com/tasknet/tasknet/compute/train/gomlx"
	"github.com/tasknet/tasknet/compute/train/torch"
)

func newTrainer(t testing.TB, o torch.Options) *torch.Trainer {
	t.Helper()
	trainer, err := torch.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return trainer
}

func TestTrainer(t *testing.T) { computetest.TestTrainer(t, newTrainer(t, torch.Options{})) }

// rows are examples of two classes that differ throughout.
func rows(t *testing.T, spec string) (*compute.Plan, *compute.Split) {
	t.Helper()
	p, err := compute.ParseSpec(strings.NewReader(spec))
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(5, 6))
	e := &compute.Examples{}
	for i := range 240 {
		e.Tasks = append(e.Tasks, strconv.Itoa(i))
		for at := range p.InputSize() {
			if p.Spec.Input.Kind == compute.Tokens {
				e.Inputs = append(e.Inputs, float32(8*(i%2)+random.IntN(8)))
			} else {
				e.Inputs = append(e.Inputs, float32(random.NormFloat64()/8+float64((at+i%2)%2)))
			}
		}
		e.Targets = append(e.Targets, float32(1-i%2), float32(i%2))
	}
	split, err := compute.NewSplit(p, e)
	if err != nil {
		t.Fatal(err)
	}
	return p, split
}

// every has each layer in one of two models.
var every = map[string]string{
	"image": `{"input":{"kind":"image","height":8,"width":8},"layers":[{"type":"conv","filters":4},{"type":"max_pool"},{"type":"norm"},
		{"type":"conv","filters":4,"stride":2,"activation":"tanh"},{"type":"mean_pool"},{"type":"flatten"},{"type":"dropout","rate":0.1}],
		"classes":["no","yes"],"optimizer":{"learning_rate":0.02},"training":{"epochs":12}}`,
	"tokens": `{"input":{"kind":"tokens","buckets":16,"length":6},"layers":[{"type":"embedding","units":8},{"type":"attention","heads":2},
		{"type":"recurrent","units":6}],"classes":["no","yes"],"optimizer":{"learning_rate":0.02},"training":{"epochs":12}}`,
}

// TestUpdate takes steps with each optimiser, decay and a clip that matters, and wants the weights and moments that the optimiser in
// Go gives.
func TestUpdate(t *testing.T) {
	ctx := context.Background()
	for _, optimizer := range []string{
		`{"weight_decay":0.5,"clip":0.3}`,
		`{"weight_decay":0.5,"clip":1e6}`,
		`{"type":"sgd","weight_decay":0.5,"clip":0.3}`,
		`{"type":"sgd","momentum":0.5,"clip":1e6}`,
	} {
		p, split := rows(t, strings.Replace(every["tokens"], `{"learning_rate":0.02}`, optimizer, 1))
		b := compute.Batch{Inputs: split.Train.Inputs[:8*p.InputSize()], Targets: split.Train.Targets[:16], Weights: slices.Repeat([]float32{0.125}, 8)}
		var states []compute.State
		for _, trainer := range []compute.Trainer{gomlx.Trainer{}, newTrainer(t, torch.Options{})} {
			s, err := trainer.Open(p, compute.NewState(p))
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			for range 6 {
				if _, err := s.Step(ctx, b, 0.05); err != nil {
					t.Fatal(err)
				}
			}
			state, err := s.State()
			if err != nil {
				t.Fatal(err)
			}
			states = append(states, state)
		}
		near := func(what string, got, want compute.Weights) {
			if len(got) != len(want) {
				t.Fatalf("%s: %d arrays of %s, want %d", optimizer, len(got), what, len(want))
			}
			for i := range want {
				for j, w := range want[i] {
					if math.Abs(float64(got[i][j]-w)) > 1e-3*(0.05+math.Abs(float64(w))) {
						t.Fatalf("%s: number %d of array %d of %s is %v, want %v", optimizer, j, i, what, got[i][j], w)
					}
				}
			}
		}
		near("weights", states[1].Weights, states[0].Weights)
		near("first moments", states[1].Moments.First, states[0].Moments.First)
		near("second moments", states[1].Moments.Second, states[0].Moments.Second)
		if states[1].Moments.Steps != 6 {
			t.Errorf("%d steps, want 6", states[1].Moments.Steps)
		}
	}
}

// TestBfloat16 has every layer learn in it, and sees that what is computed is less exact, and not another thing.
func TestBfloat16(t *testing.T) {
	exact, coarse := newTrainer(t, torch.Options{}), newTrainer(t, torch.Options{Bfloat16: true})
	for name, spec := range every {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			p, split := rows(t, spec)
			m, err := compute.Train(ctx, coarse, p, split, compute.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if m.Metrics.Accuracy < 0.95 || m.Trainer != "torch in bfloat16" {
				t.Errorf("%s is right in %.2f", m.Trainer, m.Metrics.Accuracy)
			}
			want, err := m.Predict(ctx, exact, split.Test.Inputs)
			if err != nil {
				t.Fatal(err)
			}
			got, err := m.Predict(ctx, coarse, split.Test.Inputs)
			if err != nil {
				t.Fatal(err)
			}
			most := 0.0
			for i := range want {
				most = max(most, math.Abs(float64(got[i]-want[i])))
			}
			if most == 0 || most > 0.05 {
				t.Errorf("probabilities in bfloat16 are off by up to %v", most)
			}
		})
	}
}

// TestLeak takes many steps, and asks and looks now and then. What is kept of any batch would show.
func TestLeak(t *testing.T) {
	steps := 300
	if os.Getenv("TASKNET_TEST_LONG") != "" {
		steps = 10_000
	}
	ctx := context.Background()
	p, err := compute.ParseSpec(strings.NewReader(`{"input":{"kind":"numbers","columns":["a","b"]},"layers":[{"type":"dense","units":512},{"type":"dropout","rate":0.5}],"classes":["no","yes"]}`))
	if err != nil {
		t.Fatal(err)
	}
	const examples = 256 // what a layer gives is half a megabyte
	b := compute.Batch{
		Inputs: make([]float32, 2*examples), Targets: make([]float32, 2*examples), Weights: make([]float32, examples),
		Masks: [][]float32{make([]float32, 512*examples)},
	}
	for i := range examples {
		b.Inputs[2*i+i%2], b.Targets[2*i+i%2], b.Weights[i] = 1, 1, 1./examples
	}
	s, err := newTrainer(t, torch.Options{}).Open(p, compute.NewState(p))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	before := 0
	for i := range steps {
		if _, err := s.Step(ctx, b, 1e-3); err != nil {
			t.Fatal(err)
		}
		if i%10 == 0 {
			if _, err := s.Predict(ctx, b.Inputs); err != nil {
				t.Fatal(err)
			}
			if _, err := s.State(); err != nil {
				t.Fatal(err)
			}
		}
		if i == 100 {
			before = resident(t)
		}
	}
	if grown := resident(t) - before; grown > 32<<20 {
		t.Errorf("after %d steps %d MiB more are held", steps, grown>>20)
	}
}

// resident is how much memory the program has, in bytes.
func resident(t *testing.T) int {
	t.Helper()
	runtime.GC()
	debug.FreeOSMemory()
	raw, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skip(err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(raw))[1])
	if err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize()
}

// TestThreads opens and closes sessions: each has a thread, which ends with it.
func TestThreads(t *testing.T) {
	trainer := newTrainer(t, torch.Options{})
	p, split := rows(t, every["image"])
	before := runtime.NumGoroutine()
	for range 20 {
		s, err := trainer.Open(p, compute.NewState(p))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Predict(context.Background(), split.Test.Inputs); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("%d goroutines, and %d before", after, before)
	}
}

// TestProcessors: who lets a program use few processors is not taken more of.
func TestProcessors(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for allowed, want := range map[int]int{1: 1, 2: 1, 6: 3, 32: 16} {
		runtime.GOMAXPROCS(allowed)
		if got := newTrainer(t, torch.Options{}).Threads(); got != want {
			t.Errorf("of %d processors it takes %d", allowed, got)
		}
	}
	if got := newTrainer(t, torch.Options{Threads: 2}).Threads(); got != 2 {
		t.Errorf("of 2 that it was given it takes %d", got)
	}
}

// TestErrors has libtorch fail: each is one line, and the session goes on as if it had not been asked.
func TestErrors(t *testing.T) {
	ctx := context.Background()
	p, split := rows(t, every["tokens"])
	s, err := newTrainer(t, torch.Options{}).Open(p, compute.NewState(p))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	want, err := s.Predict(ctx, split.Test.Inputs)
	if err != nil {
		t.Fatal(err)
	}
	b := compute.Batch{Inputs: []float32{0, 1, 2, 3, 4, 99}, Targets: []float32{1, 0}, Weights: []float32{1}}
	if _, err := s.Step(ctx, b, 0.1); err == nil || err.Error() != "libtorch: embedding: index out of range in self" {
		t.Errorf("a token that there is not: %v", err)
	}
	if _, err := s.Predict(ctx, b.Inputs[:5]); !errors.Is(err, compute.ErrBadExamples) {
		t.Errorf("less than an example: %v", err)
	}
	got, err := s.Predict(ctx, split.Test.Inputs)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("afterwards it answers otherwise (%v)", err)
	}
	if _, err := torch.New(torch.Options{CUDA: true}); err != nil && !errors.Is(err, torch.ErrNoDevice) {
		t.Errorf("CUDA: %v", err)
	}
}

// TestCUDA runs the suite on a GPU, where there is one.
func TestCUDA(t *testing.T) {
	trainer, err := torch.New(torch.Options{CUDA: true})
	if errors.Is(err, torch.ErrNoDevice) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	computetest.TestTrainer(t, trainer)
}
