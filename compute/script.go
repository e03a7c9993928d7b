package compute

import (
	"fmt"
	"math"
	"reflect"
	"slices"

	"github.com/tasknet/tasknet"
)

// Script says of a TorchScript module what cannot be seen without running it. Its forward takes float32 of [n, height, width, channels],
// [n, columns], [n, buckets] or [n, length], n being 1 to ScriptAtOnce, and returns [n, classes].
type Script struct {
	Gives         ScriptOutput `json:"gives,omitempty"`
	ChannelsFirst bool         `json:"channels_first,omitempty"` // pictures are [n, channels, height, width]
	MulAdds       int64        `json:"multiply_adds,omitempty"`  // for one example: a guess, by which first parts are cut; default 1e9
	Memory        int64        `json:"memory_bytes,omitempty"`   // that it takes to answer, besides its numbers; default 1 GiB
}

// ScriptOutput is what the numbers mean that a module gives.
type ScriptOutput string

// What modules give.
const (
	Logits        ScriptOutput = "logits" // the default
	Probabilities ScriptOutput = "probabilities"
)

// ScriptAtOnce is about how many examples a module is asked together.
const ScriptAtOnce = 32

// ScriptTrainer is a trainer's name that nodes have besides their own when they run the modules of others.
const ScriptTrainer = "torchscript"

const (
	scriptMulAdds     = int64(1e9)
	scriptMulAddsMost = int64(1e15)
	scriptMemory      = int64(1) << 30
	scriptMemoryLeast = int64(1) << 20
	scriptMemoryMost  = int64(1) << 40
	scriptRuntime     = int64(256) << 20 // that libtorch takes
	scriptCopies      = 2                // of its file in memory, while it is loaded
)

// Errors of modules.
var (
	ErrScriptTraining = tasknet.NewError(tasknet.NotSupported, "no_script_training", "A TorchScript module is asked and measured here, not trained: train it elsewhere, or give a spec of layers.")
	ErrNoScripts      = tasknet.NewError(tasknet.NotSupported, "no_scripts", "TorchScript modules are run with libtorch alone: by a tasknet-node that was built with it, and --trainer torch, without --modules=false.")

	// ErrScriptOutput reports a module that does not give what its spec says.
	ErrScriptOutput = tasknet.NewError(tasknet.Invalid, "bad_script_output", "The TorchScript module does not give what its spec says.")
)

// ScriptRunner is a trainer that runs TorchScript modules, too.
type ScriptRunner interface {
	// OpenScript loads the module of a plan from a file. torchscript.ErrBad.
	OpenScript(p *Plan, file string) (Predictor, error)
}

// newScriptPlan is NewPlan of a module.
func newScriptPlan(s Spec) (*Plan, error) {
	if len(s.Layers) == 0 {
		s.Layers = nil // as one that was written and read
	}
	if !reflect.DeepEqual(s, Spec{Input: s.Input, Classes: s.Classes, Script: s.Script}) {
		return nil, badSpec("A TorchScript module has its layers and its training in itself: its spec has input, classes and script.")
	}
	script := *s.Script
	s.Script = &script
	orElse(&script.Gives, Logits)
	orElse(&script.MulAdds, scriptMulAdds)
	orElse(&script.Memory, scriptMemory)
	s.Input.fill()
	if n := len(s.Input.Columns); s.Input.Mean == nil && s.Input.Kind == Numbers { // it gets them as they are
		s.Input.Mean, s.Input.Deviation = make([]float64, n), slices.Repeat([]float64{1}, n)
	}
	if err := s.checkClasses(); err != nil {
		return nil, err
	}
	shape, err := s.Input.shape()
	switch {
	case err != nil:
		return nil, err
	case script.Gives != Logits && script.Gives != Probabilities:
		return nil, badSpec("A module gives %s or %s, not %q.", Logits, Probabilities, script.Gives)
	case script.ChannelsFirst && s.Input.Kind != Image:
		return nil, badSpec("Only pictures have channels that come first.")
	case script.MulAdds < 1 || script.MulAdds > scriptMulAddsMost || script.Memory < scriptMemoryLeast || script.Memory > scriptMemoryMost:
		return nil, badSpec("A module takes 1 to %d multiply_adds, and memory_bytes of 1 MiB to 1 TiB.", scriptMulAddsMost)
	}
	return &Plan{Spec: s, Input: shape, MulAdds: script.MulAdds, Memory: script.Memory}, nil
}

// checkScript checks what is of jobs with modules.
func (d *JobDraft) checkScript() error {
	switch {
	case d.GPU:
		return badJob("A TorchScript module runs on the processor of a node; ask for no GPU.")
	case d.Trainer != "" && d.Trainer != "torch" && d.Trainer != ScriptTrainer:
		return badJob("A TorchScript module is run by nodes that have libtorch and run modules, whatever they train with; ask for no trainer.")
	}
	return nil
}

// scriptMemory is what a node takes for a module besides Plan.Memory and the files as they are.
func (w *Work) scriptMemory() int64 {
	return scriptRuntime + (scriptCopies-1)*w.Input(ScriptRole).Bytes
}

// ScriptInputs returns examples as a module wants them, and the shape of one.
func (p *Plan) ScriptInputs(inputs []float32) (of []float32, shape []int) {
	if !p.Spec.Script.ChannelsFirst {
		return inputs, p.Input
	}
	places, channels := p.Input[0]*p.Input[1], p.Input[2]
	of = make([]float32, len(inputs))
	for at := 0; at < len(inputs); at += places * channels {
		for place := range places {
			for c := range channels {
				of[at+c*places+place] = inputs[at+place*channels+c]
			}
		}
	}
	return of, []int{channels, p.Input[0], p.Input[1]}
}

// ScriptLogits turns what a module gave for n examples, of a shape, into logits. ErrScriptOutput.
func (p *Plan) ScriptLogits(out []float32, shape []int, n int) ([]float32, error) {
	bad := func(format string, args ...any) ([]float32, error) {
		return nil, tasknet.NewError(tasknet.Invalid, ErrScriptOutput.Code, "The TorchScript module does not give what its spec says: "+fmt.Sprintf(format, args...)+".")
	}
	classes := len(p.Spec.Classes)
	if !slices.Equal(shape, []int{n, classes}) {
		return bad("of %d examples and %d classes it gives numbers of shape %s", n, classes, ShapeText(shape))
	}
	for _, v := range out {
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			return bad("it gives what is no number")
		}
	}
	if p.Spec.Script.Gives == Logits {
		return out, nil
	}
	logits := make([]float32, len(out))
	for at := 0; at < len(out); at += classes {
		sum := 0.0
		for i, v := range out[at : at+classes] {
			if v < 0 {
				return bad("a probability is below 0")
			}
			sum += float64(v)
			logits[at+i] = float32(math.Log(max(float64(v), least)))
		}
		if math.Abs(sum-1) > 0.01 {
			return bad("probabilities have the sum %.3f; say that it gives logits, if it does", sum)
		}
	}
	return logits, nil
}

// Learns reports whether a trainer can train the plan's model. ErrScriptTraining.
func (p *Plan) Learns() error {
	if p.Spec.Script != nil {
		return ErrScriptTraining
	}
	return nil
}
