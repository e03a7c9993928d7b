//go:build !gotch || !cgo

package main

import (
	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
)

var errNoTorch = tasknet.NewError(tasknet.NotSupported, "no_torch", `This program was built without libtorch. On Linux, "make torch" in the sources builds bin/tasknet-node-torch, which has it.`)

// torchBuilt is whether this program has libtorch.
const torchBuilt = false

func newTorch(bool, bool) (compute.Trainer, error) { return nil, errNoTorch }

func saveScript(*compute.Model, string) error { return errNoTorch }
