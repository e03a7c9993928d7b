package main

import (
	"strconv"

	"github.com/spf13/pflag"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/train/gomlx"
)

// trainerFlags say what to compute with.
type trainerFlags struct {
	name, device string
	bfloat16     bool
	modules      bool // of others are run
}

func (t *trainerFlags) add(f *pflag.FlagSet) {
	f.StringVar(&t.name, "trainer", "gomlx", "what computes: gomlx, or torch where this program was built with it")
	f.StringVar(&t.device, "device", "cpu", "where torch computes: cpu or cuda")
	f.BoolVar(&t.bfloat16, "bf16", false, "have torch compute products in bfloat16")
	f.BoolVar(&t.modules, "modules", true, "have torch run TorchScript modules of others, too, which it does not wall off")
}

// args are the flags again, for a child process.
func (t *trainerFlags) args() []string {
	return []string{"--trainer=" + t.name, "--device=" + t.device, "--bf16=" + strconv.FormatBool(t.bfloat16), "--modules=" + strconv.FormatBool(t.modules)}
}

// layersOnly is a trainer that runs no modules.
type layersOnly struct{ compute.Trainer }

// namesOf is which trainers a node says that it has.
func namesOf(trainer compute.Trainer) []string {
	if _, runs := trainer.(compute.ScriptRunner); runs {
		return []string{trainer.Name(), compute.ScriptTrainer}
	}
	return []string{trainer.Name()}
}

func (t *trainerFlags) trainer() (compute.Trainer, error) {
	if t.device != "cpu" && t.device != "cuda" {
		return nil, usagef("There is no device %q; there are cpu and cuda.", t.device)
	}
	switch t.name {
	case "gomlx":
		if t.device != "cpu" || t.bfloat16 {
			return nil, usagef("gomlx computes on the processor in float32: --device cuda and --bf16 need --trainer torch.")
		}
		return gomlx.Trainer{}, nil
	case "torch":
		trainer, err := newTorch(t.device == "cuda", t.bfloat16)
		if err == nil && !t.modules {
			trainer = layersOnly{trainer}
		}
		return trainer, err
	default:
		return nil, usagef("There is no trainer %q; there are gomlx and torch.", t.name)
	}
}
