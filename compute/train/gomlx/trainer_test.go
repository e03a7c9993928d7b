package gomlx_test

import (
	"testing"

	"github.com/tasknet/tasknet/compute/computetest"
	"github.com/tasknet/tasknet/compute/train/gomlx"
)

func TestTrainer(t *testing.T) { computetest.TestTrainer(t, gomlx.Trainer{}) }
