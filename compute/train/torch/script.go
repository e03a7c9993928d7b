//go:build gotch && cgo

package torch

// #include <stdlib.h>
// #include "native.h"
import "C"

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"unsafe"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/torchscript"
)

// SaveScript writes a model as TorchScript, which PyTorch reads without this program. Its forward takes examples as the model's
// input has them, float32 of [n, height, width, channels], [n, columns], [n, buckets] or [n, length], and returns the
// calibrated probability of each class, [n, classes].
func SaveScript(m *compute.Model, file string) error {
	s := &session{plan: m.Plan, device: -1}
	s.lay()
	names, source := script(m)
	t := newThread()
	defer t.end()
	return t.do(func(made *tape) {
		row := s.row(made, m.Weights)
		params := make([]unsafe.Pointer, len(s.parts))
		texts := make([]*C.char, len(s.parts))
		for i, part := range s.parts {
			must("weights", C.native_leaf(unsafe.Pointer(row), C.int64_t(part.at), (*C.int64_t)(&part.shape[0]), C.int(len(part.shape)), &params[i]))
			made.tensors = append(made.tensors, tensor(params[i]))
			texts[i] = C.CString(names[i])
			defer C.free(unsafe.Pointer(texts[i]))
		}
		code, path := C.CString(source), C.CString(file)
		defer C.free(unsafe.Pointer(code))
		defer C.free(unsafe.Pointer(path))
		must("saving TorchScript", C.native_save(code, &texts[0], &params[0], C.int(len(params)), path))
	})
}

// script is the forward method of a model, and what it calls the weights.
func script(m *compute.Model) (names []string, source string) {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, "    "+format+"\n", args...) }
	b.WriteString("def forward(self, x):\n")
	activated := func(l compute.Layer) {
		switch l.Activation {
		case compute.ReLU:
			line("x = torch.relu(x)")
		case compute.Tanh:
			line("x = torch.tanh(x)")
		}
	}
	for number, step := range m.Plan.Steps {
		w := make([]string, len(step.Params))
		for i, p := range step.Params {
			name := fmt.Sprintf("layer%d_%s", number, p.Name[strings.LastIndexByte(p.Name, '.')+1:])
			names, w[i] = append(names, name), "self."+name
		}
		width := step.In[len(step.In)-1]
		norm := func(of, scale, shift string) string {
			return fmt.Sprintf("torch.layer_norm(%s, [%d], %s, %s, %g)", of, width, scale, shift, normEpsilon)
		}
		switch l := step.Layer; l.Type {
		case compute.Dense:
			line("x = torch.add(torch.matmul(x, %s), %s)", w[0], w[1])
			activated(l)
		case compute.Conv:
			zeros := func(axis int) int { return max((step.Out[axis]-1)*l.Stride+l.Kernel-step.In[axis], 0) }
			down, right := zeros(0), zeros(1)
			line("x = torch.constant_pad_nd(torch.permute(x, [0, 3, 1, 2]), [%d, %d, %d, %d])", right/2, right-right/2, down/2, down-down/2)
			line("x = torch.permute(torch.conv2d(x, %s, %s, [%d, %d]), [0, 2, 3, 1])", w[0], w[1], l.Stride, l.Stride)
			activated(l)
		case compute.MaxPool, compute.MeanPool:
			pool := map[compute.LayerType]string{compute.MaxPool: "max_pool2d", compute.MeanPool: "avg_pool2d"}[l.Type]
			line("x = torch.permute(torch.%s(torch.permute(x, [0, 3, 1, 2]), [%d, %d], [%d, %d]), [0, 2, 3, 1])", pool, l.Size, l.Size, l.Size, l.Size)
		case compute.GlobalPool:
			line("x = torch.mean(x, %s)", map[int]string{2: "[1]", 3: "[1, 2]"}[len(step.In)])
		case compute.Flatten:
			line("x = torch.flatten(x, 1)")
		case compute.Embedding:
			line("x = torch.embedding(%s, torch.to(x, 4))", w[0])
		case compute.Recurrent:
			line("h = torch.zeros([1, x.size(0), %d])", l.Units)
			line("y, h = torch.gru(x, h, [%s, %s, %s, torch.zeros_like(%s)], True, 1, 0.0, False, False, True)", w[0], w[1], w[2], w[2]) //nolint:dupword // arguments
			line("x = torch.squeeze(h, 0)")
		case compute.Attention:
			line("y = %s", norm("x", w[8], w[9]))
			for i, name := range []string{"query", "key", "value"} {
				line("%s = torch.permute(torch.reshape(torch.matmul(y, %s), [-1, %d, %d, %d]), [0, 2, 1, 3])", name, w[i], step.In[0], l.Heads, width/l.Heads)
			}
			line("shares = torch.softmax(torch.mul(torch.matmul(query, torch.transpose(key, 2, 3)), %.17g), -1)", 1/math.Sqrt(float64(width/l.Heads)))
			line("mixed = torch.reshape(torch.permute(torch.matmul(shares, value), [0, 2, 1, 3]), [-1, %d, %d])", step.In[0], width)
			line("x = torch.add(x, torch.matmul(mixed, %s))", w[3])
			line("y = torch.relu(torch.add(torch.matmul(%s, %s), %s))", norm("x", w[10], w[11]), w[4], w[5])
			line("x = torch.add(x, torch.add(torch.matmul(y, %s), %s))", w[6], w[7])
		case compute.Norm:
			line("x = %s", norm("x", w[0], w[1]))
		case compute.Dropout: // nothing is dropped when a model is asked
		}
	}
	line("return torch.softmax(torch.div(x, %.17g), -1)", m.Temperature)
	return names, b.String()
}

// asked is a TorchScript module that answers.
type asked struct {
	plan   *compute.Plan
	thread *thread
	module unsafe.Pointer
}

var _ compute.ScriptRunner = (*Trainer)(nil)

// OpenScript implements compute.ScriptRunner, on the processor whatever the options say. A module that it accepts can still take much time
// and memory: whoever trusts its maker with neither runs it in a process of its own, with limits.
func (t *Trainer) OpenScript(p *compute.Plan, file string) (_ compute.Predictor, err error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return openScript(p, f, info.Size())
}

// openScript loads a module of so many bytes that somebody else may have made.
func openScript(p *compute.Plan, r io.ReaderAt, size int64) (compute.Predictor, error) {
	archive, err := torchscript.Clean(r, size)
	if err != nil {
		return nil, err
	}
	a := &asked{plan: p, thread: newThread()}
	var operations *C.char
	err = a.thread.do(func(*tape) {
		must("reading TorchScript", C.native_load((*C.char)(unsafe.Pointer(&archive[0])), C.size_t(len(archive)), &a.module, &operations))
	})
	if err != nil {
		a.thread.end()
		return nil, torchscript.Bad("%v", err)
	}
	defer C.free(unsafe.Pointer(operations))
	if err := checkOperations(C.GoString(operations)); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

// checkOperations looks at what libtorch made of the code, a line for each operation, before any of it runs.
func checkOperations(lines string) error {
	for _, line := range strings.Fields(lines) {
		if space, op, _ := strings.Cut(line, "::"); !torchscript.Allows(space, op) {
			return torchscript.Bad("it calls %s", line)
		}
	}
	return nil
}

// Predict implements compute.Predictor. compute.ErrScriptOutput, torchscript.ErrBad of a module that fails.
func (a *asked) Predict(ctx context.Context, inputs []float32) (logits []float32, err error) {
	size := a.plan.InputSize()
	if len(inputs) == 0 || len(inputs)%size != 0 {
		return nil, fmt.Errorf("%w (%d numbers are no examples of %d)", compute.ErrBadExamples, len(inputs), size)
	}
	for len(inputs) > 0 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n := min(len(inputs)/size, compute.ScriptAtOnce)
		out, shape, err := a.run(inputs[:n*size], n)
		if err != nil {
			return nil, torchscript.Bad("%v", err)
		}
		some, err := a.plan.ScriptLogits(out, shape, n)
		if err != nil {
			return nil, err
		}
		logits, inputs = append(logits, some...), inputs[n*size:]
	}
	return logits, nil
}

// dimsMost is more dimensions than what a module gives may have.
const dimsMost = 8

// run returns what the module gives for n examples, and of what shape.
func (a *asked) run(inputs []float32, n int) (out []float32, shape []int, err error) {
	inputs, of := a.plan.ScriptInputs(inputs)
	err = a.thread.do(func(t *tape) {
		here := session{device: -1}
		x := here.send(t, unsafe.Pointer(&inputs[0]), kindFloat32, append([]int{n}, of...)...)
		var answer unsafe.Pointer
		if message := C.native_run(a.module, unsafe.Pointer(x), &answer); message != nil {
			defer C.free(unsafe.Pointer(message))
			panic(failure{"running TorchScript", reason(C.GoString(message))})
		}
		given := t.keep("running TorchScript", tensor(answer))
		var dims [dimsMost]C.int64_t
		count := 1
		for i := range int(C.native_shape(answer, &dims[0], dimsMost)) {
			shape, count = append(shape, int(dims[i])), count*int(dims[i])
		}
		if count > 0 && count <= n*len(a.plan.Spec.Classes) { // what is more is refused by its shape
			out = t.copied(given, count)
		}
	})
	return out, shape, err
}

// reason is the line of what libtorch's interpreter says that tells what is wrong: it stands below where in the code that was.
func reason(said string) string {
	lines := strings.Split(said, "\n")
	for _, line := range slices.Backward(lines) {
		if kind, _, ok := strings.Cut(line, ": "); ok && !strings.Contains(kind, " ") && (strings.HasSuffix(kind, "Error") || strings.HasSuffix(kind, "Exception")) {
			return line
		}
	}
	return firstLine(said)
}

// Close implements compute.Predictor.
func (a *asked) Close() error {
	err := a.thread.do(func(*tape) { C.native_drop(a.module) })
	a.thread.end()
	return err
}
