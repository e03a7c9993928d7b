package compute

import "context"

// Trainer is a library that computes models on some hardware. It computes and nothing else: what is learned from, in which order
// and how often is decided here.
type Trainer interface {
	// Name says which it is, for the model's card.
	Name() string

	// Open begins to train a model, or goes on from a state.
	Open(p *Plan, s State) (Session, error)
}

// Predictor is a model that is asked. One goroutine uses it at a time.
type Predictor interface {
	// Predict returns the logits of examples, one for each class. Inputs are as those of Examples.
	Predict(ctx context.Context, inputs []float32) (logits []float32, err error)

	// Close frees what it holds.
	Close() error
}

// Session is a model that is being trained or asked. One goroutine uses it at a time.
type Session interface {
	Predictor

	// Step learns from a batch by the rate, and returns its mean loss from before: the weighted mean over the examples of the
	// loss that the spec names.
	Step(ctx context.Context, b Batch, rate float64) (loss float64, err error)

	// State returns a copy of what the session has learned.
	State() (State, error)
}

// State is what a session has learned, and what its optimiser remembers.
type State struct {
	Weights Weights
	Moments Moments
}

// NewState is where training begins.
func NewState(p *Plan) State { return State{NewWeights(p), NewMoments(p)} }

// Clone returns a copy.
func (s State) Clone() State { return State{s.Weights.Clone(), s.Moments.Clone()} }

// Batch is what one step learns from.
type Batch struct {
	Inputs  []float32
	Targets []float32
	Weights []float32 // of each example, with the sum 1

	// Masks has for each dropout layer, in their order, what each of its numbers is multiplied by: 0 where it is dropped, and
	// otherwise what keeps the mean.
	Masks [][]float32
}

// Len is how many examples the batch has.
func (b *Batch) Len() int { return len(b.Weights) }
