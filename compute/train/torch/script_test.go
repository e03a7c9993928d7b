//go:build gotch && cgo

package torch_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/train/torch"
)

func load(t *testing.T, archive []byte) (*torch.Script, error) {
	t.Helper()
	s, err := torch.LoadScript(bytes.NewReader(archive), int64(len(archive)), 1<<20)
	if err == nil {
		t.Cleanup(s.Close)
	}
	return s, err
}

// TestScript writes models of all layers as TorchScript, reads them as if strangers had made them, and asks both.
func TestScript(t *testing.T) {
	ctx, trainer := context.Background(), newTrainer(t, torch.Options{})
	for name, spec := range every {
		t.Run(name, func(t *testing.T) {
			p, split := rows(t, strings.Replace(spec, `"flatten"}`, `"conv","filters":3,"kernel":1},{"type":"global_pool"}`, 1))
			m := &compute.Model{Plan: p, Weights: compute.NewWeights(p), Temperature: 1.7}
			for _, values := range m.Weights {
				for i := range values {
					values[i] += float32(i%7) / 20
				}
			}
			file := filepath.Join(t.TempDir(), "model.pt")
			if err := torch.SaveScript(m, file); err != nil {
				t.Fatal(err)
			}
			archive, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s, err := load(t, archive)
			if err != nil {
				t.Fatal(err)
			}
			got, err := s.Predict(ctx, split.Test.Inputs, p.Input...)
			if err != nil {
				t.Fatal(err)
			}
			want, err := m.Predict(ctx, trainer, split.Test.Inputs)
			if err != nil || len(got) != len(want) {
				t.Fatalf("%d probabilities, want %d (%v)", len(got), len(want), err)
			}
			for i := range want {
				if math.Abs(float64(got[i]-want[i])) > 1e-5 {
					t.Fatalf("probability %d is %v, want %v", i, got[i], want[i])
				}
			}
			if _, err := s.Predict(ctx, split.Test.Inputs[:7], 5); !errors.Is(err, compute.ErrBadExamples) {
				t.Errorf("examples of another size: %v", err)
			}
			if _, err := s.Predict(ctx, make([]float32, 10), 5); err == nil || strings.Contains(err.Error(), "\n") {
				t.Errorf("examples of another shape: %v", err)
			}
		})
	}
}

// TestWildScript has code that passes what is looked at before libtorch compiles it, and reaches for more by other ways.
func TestWildScript(t *testing.T) {
	for name, body := range map[string]string{
		"sound":         "return torch.relu(x)",
		"by method":     "return x.sparse_resize_([2, 2], 1, 1)",
		"by attribute":  "return getattr(x, \"register_hook\")",
		"no such thing": "return torch.relu(y)",
		"no code":       "return",
		"forks":         "print(x)\n    return x",
	} {
		s, err := load(t, module(t, "    "+body+"\n"))
		if name == "sound" {
			if err != nil {
				t.Fatal(err)
			}
			if got, err := s.Predict(context.Background(), []float32{-1, 2}, 2); err != nil || got[0] != 0 || got[1] != 2 {
				t.Errorf("it gives %v (%v)", got, err)
			}
			continue
		}
		if !errors.Is(err, torch.ErrBadScript) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
