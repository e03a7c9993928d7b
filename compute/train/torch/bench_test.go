//go:build gotch && cgo

package torch_test

import (
	"context"
	"flag"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/train/gomlx"
	"github.com/tasknet/tasknet/compute/train/torch"
)

// benched are models that .ci/torch_bench.py has for PyTorch, by the same names.
var benched = map[string]string{
	"conv": `{"input":{"kind":"image","height":28,"width":28},"layers":[{"type":"conv","filters":32},{"type":"max_pool"},
		{"type":"conv","filters":64},{"type":"max_pool"},{"type":"flatten"},{"type":"dense","units":128}]`,
	"dense": `{"input":{"kind":"image","height":28,"width":28},"layers":[{"type":"flatten"},{"type":"dense","units":512},{"type":"dense","units":512}]`,
}

const benchBatch = 64

var threads = flag.Int("threads", 1, "of the processor, for benchmarks of libtorch")

func benchmark(b *testing.B, trainer compute.Trainer, model string) {
	p, err := compute.ParseSpec(strings.NewReader(benched[model] + `,"classes":["0","1","2","3","4","5","6","7","8","9"]}`))
	if err != nil {
		b.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	batch := compute.Batch{Inputs: make([]float32, benchBatch*p.InputSize()), Targets: make([]float32, 10*benchBatch), Weights: make([]float32, benchBatch)}
	for i := range batch.Inputs {
		batch.Inputs[i] = random.Float32()
	}
	for i := range benchBatch {
		batch.Targets[10*i+random.IntN(10)], batch.Weights[i] = 1, 1./benchBatch
	}
	s, err := trainer.Open(p, compute.NewState(p))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for b.Loop() {
		if _, err := s.Step(context.Background(), batch, 1e-3); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkStep(b *testing.B) {
	for model := range benched {
		b.Run("model="+model+"/trainer=gomlx", func(b *testing.B) { benchmark(b, gomlx.Trainer{}, model) })
		b.Run("model="+model+"/trainer=torch", func(b *testing.B) { benchmark(b, newTrainer(b, torch.Options{Threads: *threads}), model) })
		b.Run("model="+model+"/trainer=torch-bf16", func(b *testing.B) {
			benchmark(b, newTrainer(b, torch.Options{Threads: *threads, Bfloat16: true}), model)
		})
	}
}
