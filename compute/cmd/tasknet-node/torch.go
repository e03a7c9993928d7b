//go:build gotch && cgo

package main

import (
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/train/torch"
)

// torchBuilt is whether this program has libtorch.
const torchBuilt = true

func newTorch(cuda, bfloat16 bool) (compute.Trainer, error) {
	return torch.New(torch.Options{CUDA: cuda, Bfloat16: bfloat16})
}

func saveScript(m *compute.Model, file string) error { return torch.SaveScript(m, file) }
