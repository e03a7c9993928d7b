//go:build gotch && cgo

package torch_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/computetest"
	"github.com/tasknet/tasknet/compute/train/torch"
)

// scriptPlan is the plan of a module that gives what another plan's model says.
func scriptPlan(t *testing.T, p *compute.Plan, script compute.Script) *compute.Plan {
	t.Helper()
	out, err := compute.NewPlan(compute.Spec{Input: p.Spec.Input, Classes: p.Spec.Classes, Script: &script})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// open writes a module whose forward method has a body, and loads it.
func open(t *testing.T, p *compute.Plan, body string) (compute.Predictor, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "m.pt")
	if err := os.WriteFile(file, computetest.Module(t, body), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := newTrainer(t, torch.Options{}).OpenScript(p, file)
	if err == nil {
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
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
			module := &compute.Model{Plan: scriptPlan(t, p, compute.Script{Gives: compute.Probabilities}), Script: file, Temperature: 1}
			got, err := module.Predict(ctx, trainer, split.Test.Inputs)
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
			one, err := module.Measure(ctx, trainer, split.Test)
			if err != nil {
				t.Fatal(err)
			}
			other, err := m.Measure(ctx, trainer, split.Test)
			if err != nil || math.Abs(one.LogLoss-other.LogLoss) > 1e-5 {
				t.Errorf("the module's loss is %v, and the model's %v (%v)", one.LogLoss, other.LogLoss, err)
			}
			if _, err := module.Predict(ctx, trainer, make([]float32, p.InputSize()+1)); !errors.Is(err, compute.ErrBadExamples) {
				t.Errorf("examples of another size: %v", err)
			}
		})
	}
}

// columns is an input of two numbers, of which a module makes what it says of two classes.
func columns(t *testing.T, gives compute.ScriptOutput) *compute.Plan {
	t.Helper()
	p, err := compute.NewPlan(compute.Spec{Input: compute.Input{Kind: compute.Numbers, Columns: []string{"a", "b"}}, Classes: []string{"no", "yes"}, Script: &compute.Script{Gives: gives}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestWildScript has code that passes what is looked at before libtorch compiles it, and reaches for more by other ways, fails, or gives what
// its spec does not say.
func TestWildScript(t *testing.T) {
	inputs := make([]float32, 2*70) // asked in three goes
	inputs[0], inputs[1] = -1, 2
	for _, c := range []struct {
		name, body string
		gives      compute.ScriptOutput
		code, says string // none: it answers
	}{
		{"sound", "return torch.relu(x)", "", "", ""},
		{"by chance", "return torch.add(torch.dropout(torch.ones_like(x), 0.5, True), x)", "", "", ""},
		{"half as precise", "return x.half()", "", "", ""},
		{"probabilities", "return torch.softmax(x, 1)", compute.Probabilities, "", ""},
		{"by method", "return x.sparse_resize_([2, 2], 1, 1)", "", "bad_torchscript", "sparse_resize_"},
		{"by attribute", "return getattr(x, \"register_hook\")", "", "bad_torchscript", "register_hook"},
		{"no such thing", "return torch.relu(y)", "", "bad_torchscript", ""},
		{"no code", "return", "", "bad_torchscript", ""},
		{"speaks", "print(x)\n    return x", "", "bad_torchscript", "Print"},
		{"fails", "return torch.matmul(x, torch.ones([5, 2]))", "", "bad_torchscript", "RuntimeError: mat1 and mat2"},
		{"gives up", "raise AssertionError(\"not today\")", "", "bad_torchscript", "not today"},
		{"too few", "return torch.select(x, 1, 0)", "", "bad_script_output", "of shape 32"},
		{"another order", "return torch.permute(x, [1, 0])", "", "bad_script_output", "of shape 2x32"},
		{"many dimensions", "return torch.reshape(x, [-1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1])", "", "bad_script_output", "of shape 32x1x2"},
		{"none", "return torch.zeros([0])", "", "bad_script_output", "of shape 0"},
		{"no numbers", "return torch.log(x)", "", "bad_script_output", "no number"},
		{"infinite", "return torch.div(torch.ones_like(x), torch.zeros_like(x))", "", "bad_script_output", "no number"},
		{"no probabilities", "return torch.relu(x)", compute.Probabilities, "bad_script_output", "the sum"},
		{"below nothing", "return torch.add(torch.mul(x, 0), torch.sub(torch.arange(2), 0.5)) * 2", compute.Probabilities, "bad_script_output", "below 0"},
	} {
		s, err := open(t, columns(t, c.gives), c.body)
		if err == nil {
			var got []float32
			got, err = s.Predict(context.Background(), inputs)
			if c.code == "" && (err != nil || len(got) != len(inputs)) {
				t.Errorf("%s: it gives %v (%v)", c.name, got, err)
				continue
			}
			if again, _ := s.Predict(context.Background(), inputs); c.code == "" && fmt.Sprint(again) != fmt.Sprint(got) {
				t.Errorf("%s: asked again, it gives %v, and before %v", c.name, again, got)
			}
			if c.name == "sound" && (got[0] != 0 || got[1] != 2) {
				t.Errorf("it gives %v", got[:2])
			}
		}
		if c.code != "" && (tasknet.Describe(err).Code != c.code || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n")) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestScriptChannels: a module gets pictures with the channels where its spec says, and says of one what it does of many.
func TestScriptChannels(t *testing.T) {
	in := compute.Input{Kind: compute.Image, Height: 2, Width: 1, Channels: 3}
	inputs := []float32{1, 2, 3, 4, 5, 6} // two places of three channels
	for first, body := range map[bool]string{
		false: "return torch.select(torch.select(x, 2, 0), 2, 1)", // height by channel 1
		true:  "return torch.select(torch.select(x, 3, 0), 1, 1)", // likewise
	} {
		p, err := compute.NewPlan(compute.Spec{Input: in, Classes: []string{"no", "yes"}, Script: &compute.Script{ChannelsFirst: first}})
		if err != nil {
			t.Fatal(err)
		}
		s, err := open(t, p, body)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := s.Predict(context.Background(), inputs); err != nil || got[0] != 2 || got[1] != 5 {
			t.Errorf("channels first %v: %v (%v)", first, got, err)
		}
	}
}
