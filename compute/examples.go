package compute

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"

	"github.com/tasknet/tasknet"
)

// Examples are what a model learns from or is measured by.
type Examples struct {
	Tasks   []string  // whose example it is; all examples of a task stay together when tasks are held out
	Inputs  []float32 // of each example as many as the plan's input; hashed words of tokens as whole numbers, 0 where there is none
	Targets []float32 // of each example one for each class, with the sum 1: the posterior of its label
	Weights []float32 // how much each counts; nil for all alike
}

// Len is how many examples there are.
func (e *Examples) Len() int { return len(e.Tasks) }

// Errors of examples.
var (
	ErrFewExamples = tasknet.NewError(tasknet.Invalid, "few_examples", "There are too few labeled tasks to train on and to hold some out: at least 20, and two classes among them.")
	ErrBadExamples = tasknet.NewError(tasknet.Invalid, "bad_examples", "The examples are not of this model.")
)

// examplesMin is how many labeled tasks training wants at least.
const examplesMin = 20

// targetSlack is how far a row of targets may be from the sum 1, which parts per million round to.
const targetSlack = 1e-3

// Check reports examples that a plan cannot be trained on: ErrBadExamples, with what is wrong with which.
func (e *Examples) Check(p *Plan) error {
	size, classes := p.InputSize(), len(p.Spec.Classes)
	if len(e.Inputs) != size*e.Len() || len(e.Targets) != classes*e.Len() || e.Weights != nil && len(e.Weights) != e.Len() {
		return fmt.Errorf("%w (%d examples need %d numbers and %d targets, and there are %d and %d)", ErrBadExamples, e.Len(), size*e.Len(), classes*e.Len(), len(e.Inputs), len(e.Targets))
	}
	for i, v := range e.Inputs {
		if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
			return fmt.Errorf("%w (task %q has an input that is no number)", ErrBadExamples, e.Tasks[i/size])
		}
		if buckets := p.Spec.Input.Buckets; p.Spec.Input.Kind == Tokens && (v < 0 || v >= float32(buckets) || v != float32(int32(v))) {
			return fmt.Errorf("%w (task %q has a token that is no whole number under %d)", ErrBadExamples, e.Tasks[i/size], buckets)
		}
	}
	for i, task := range e.Tasks {
		sum := 0.0
		for _, t := range e.Targets[i*classes : (i+1)*classes] {
			if !(t >= 0 && t <= 1) { // NaN is neither
				return fmt.Errorf("%w (task %q has the target %v)", ErrBadExamples, task, t)
			}
			sum += float64(t)
		}
		if math.Abs(sum-1) > targetSlack {
			return fmt.Errorf("%w (the targets of task %q have the sum %.4f, not 1)", ErrBadExamples, task, sum)
		}
		if e.Weights != nil && !(e.Weights[i] >= 0 && float64(e.Weights[i]) <= math.MaxFloat32) {
			return fmt.Errorf("%w (task %q has the weight %v)", ErrBadExamples, task, e.Weights[i])
		}
	}
	return nil
}

// Class is the likeliest class of an example, the first of several.
func (e *Examples) Class(i, classes int) int {
	return argmax(e.Targets[i*classes : (i+1)*classes])
}

func argmax(values []float32) int {
	best := 0
	for i, v := range values {
		if v > values[best] {
			best = i
		}
	}
	return best
}

// pick returns some of the examples.
func (e *Examples) pick(which []int) *Examples {
	size, classes := len(e.Inputs)/max(e.Len(), 1), len(e.Targets)/max(e.Len(), 1)
	out := &Examples{}
	for _, i := range which {
		out.Tasks = append(out.Tasks, e.Tasks[i])
		out.Inputs = append(out.Inputs, e.Inputs[i*size:(i+1)*size]...)
		out.Targets = append(out.Targets, e.Targets[i*classes:(i+1)*classes]...)
		if e.Weights != nil {
			out.Weights = append(out.Weights, e.Weights[i])
		}
	}
	return out
}

// Split is what is learned from, what decides when to stop and how sure the model is, and what it is reported on.
type Split struct {
	Train, Validation, Test *Examples
}

// NewSplit holds tasks out: a task's hash with the seed says where all its examples go, so that none of them is seen in training
// and measured after, and a task stays where it is when others come. ErrFewExamples, ErrBadExamples.
func NewSplit(p *Plan, e *Examples) (*Split, error) {
	if err := e.Check(p); err != nil {
		return nil, err
	}
	var parts [3][]int
	share := p.Spec.Training.HoldOut
	for i, task := range e.Tasks {
		switch at := p.place(task); {
		case at < share:
			parts[2] = append(parts[2], i)
		case at < 2*share:
			parts[1] = append(parts[1], i)
		default:
			parts[0] = append(parts[0], i)
		}
	}
	if e.Len() < examplesMin || len(parts[0]) == 0 || len(parts[1]) == 0 || len(parts[2]) == 0 {
		return nil, ErrFewExamples
	}
	s := &Split{e.pick(parts[0]), e.pick(parts[1]), e.pick(parts[2])}
	classes := len(p.Spec.Classes)
	first := s.Train.Class(0, classes)
	for i := range s.Train.Tasks {
		if s.Train.Class(i, classes) != first {
			return s, nil
		}
	}
	return nil, ErrFewExamples
}

// HeldOut reports whether a task is not trained on.
func (p *Plan) HeldOut(task string) bool { return p.place(task) < 2*p.Spec.Training.HoldOut }

// place is where a task lies from 0 to 1, as if drawn at random.
func (p *Plan) place(task string) float64 {
	h := sha256.New()
	_ = binary.Write(h, binary.BigEndian, p.Spec.Training.Seed) // a hash never fails
	h.Write([]byte(task))
	return float64(binary.BigEndian.Uint64(h.Sum(nil))>>11) / (1 << 53)
}
