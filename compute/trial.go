package compute

import (
	"cmp"
	"math"
	"math/big"
	"slices"
	"time"
)

// Losses are a model's on the hidden tasks of its job, in the order in which these were drawn: of each the cross entropy of its label,
// in millionths of a nat. What is decided is decided from these whole numbers, so that everybody comes to the same.
//
// A probability below a tenth of an even guess counts as that: otherwise a model that is right nearly always, and once surely wrong of a
// task whose label is, would lose more by that one than by all others, and chance would decide about honest work.
type Losses []uint32

// How a model is judged by the hidden part of its job's data. Both are one-sided normal intervals on the mean of the differences, task
// by task, of two lists of losses on the same tasks: with 100 tasks and more the mean is near enough to normal, and pairing takes out
// that some tasks are hard for everybody.
const (
	// beatsSquare is 1.645², in thousandths: a model is accepted when its loss is below that of saying how frequent each class is, by
	// more than chance would make it in 95 of 100 cases. Who hands in just that passes in at most one case of 20.
	beatsSquare = 2706

	// worseSquare is 3², likewise: a model is worse than another only beyond what chance makes in 1 of 700 cases, ...
	worseSquare = 9000

	// ... and beyond toleranceMicro and a part in toleranceShare of the other's loss, by which trainings with different seeds differ
	// that are both honest; honest ones have the same seed, and differ by how machines round.
	toleranceMicro = 100_000
	toleranceShare = 5
)

// lossFloor is which part of an even guess a probability counts at least.
const lossFloor = 0.1

// NewLosses returns the loss of each example, by its targets and what a model says of it.
func NewLosses(targets, probabilities []float32, classes int) Losses {
	out, least := make(Losses, len(targets)/classes), lossFloor/float64(classes)
	for i := range out {
		sum := 0.0
		for c := i * classes; c < (i+1)*classes; c++ {
			if t := float64(targets[c]); t > 0 {
				sum -= t * math.Log(math.Max(float64(probabilities[c]), least)) // math.Max keeps NaN
			}
		}
		if math.IsNaN(sum) {
			sum = -math.Log(least)
		}
		out[i] = uint32(math.Round(1e6 * max(sum, 0)))
	}
	return out
}

// Right counts the examples whose likeliest class is what a model finds likeliest.
func Right(targets, probabilities []float32, classes int) (n int) {
	for at := 0; at < len(targets); at += classes {
		if argmax(targets[at:at+classes]) == argmax(probabilities[at:at+classes]) {
			n++
		}
	}
	return n
}

// GuessOf returns what is said of every task by who knows only how frequent each class is among some targets. Each class counts once
// more than it is there, so that none is impossible.
func GuessOf(targets []float32, classes int) []float32 {
	sums := make([]float64, classes)
	for i, t := range targets {
		sums[i%classes] += float64(t)
	}
	out := make([]float32, classes)
	for c := range out {
		out[c] = float32((sums[c] + 1) / float64(len(targets)/classes+classes))
	}
	return out
}

func (l Losses) sum() (sum int64) {
	for _, v := range l {
		sum += int64(v)
	}
	return sum
}

// Interval returns the mean in nats, and a normal interval in which it lies in 95 of 100 cases.
func (l Losses) Interval() (mean, low, high float64) {
	n := float64(len(l))
	mean = float64(l.sum()) / n / 1e6
	squares := 0.0
	for _, v := range l {
		off := float64(v)/1e6 - mean
		squares += off * off
	}
	off := 1.96 * math.Sqrt(squares/max(n-1, 1)/n)
	return mean, mean - off, mean + off
}

// Beats reports whether a model has learned something: its loss is surely below that of guess.
func (l Losses) Beats(guess Losses) bool { return surelyMore(guess, l, 0, beatsSquare) }

// WorseThan reports whether a model is surely worse than another by more than honest ones differ.
func (l Losses) WorseThan(o Losses) bool {
	return surelyMore(l, o, toleranceMicro+o.sum()/int64(max(len(o), 1))/toleranceShare, worseSquare)
}

// surelyMore reports whether the mean of more lies above that of less by a margin and some standard errors, whose number is given as its
// square in thousandths: with S the sum of the n differences less the margin and Q that of their squares, S > 0 and
// S² (n - 1) > z² (n Q - S²).
func surelyMore(more, less Losses, margin, square int64) bool {
	n := len(more)
	if n != len(less) || n < 2 {
		return false
	}
	sum, squares := new(big.Int), new(big.Int)
	for i := range more {
		d := big.NewInt(int64(more[i]) - int64(less[i]) - margin)
		sum.Add(sum, d)
		squares.Add(squares, d.Mul(d, d))
	}
	if sum.Sign() <= 0 {
		return false
	}
	squared := new(big.Int).Mul(sum, sum)
	left := new(big.Int).Mul(squared, big.NewInt(1000*int64(n-1)))
	right := squares.Mul(squares, big.NewInt(int64(n)))
	right.Sub(right, squared).Mul(right, big.NewInt(square))
	return left.Cmp(right) > 0
}

// TrialState is what came of judging a model by tasks that no node had.
type TrialState string

// The states of a trial. All but the first are ends.
const (
	TrialOpen   TrialState = "open"
	TrialPassed TrialState = "passed"
	TrialFailed TrialState = "failed" // it has learned nothing, or is no model of the job's: it is not accepted
	TrialVoid   TrialState = "void"   // its organisation has removed what is needed, or the server cannot ask it: the model counts
)

// Trial is a model's that a node has delivered, on the hidden part of its job's data.
type Trial struct {
	Lease   LeaseID
	Job     JobID
	Part    int
	State   TrialState
	Losses  Losses // of one that has failed none when there was no model to be asked
	Right   int    // tasks whose label the model finds likeliest
	Problem string // why there was none
	At      time.Time

	Card, Report ArtefactID // the node's, with how the model did; empty where it is not accepted, or was not kept
}

// Close ends the trial by the model's losses.
func (t *Trial) Close(losses, guess Losses, right int, now time.Time) {
	t.State, t.Losses, t.Right, t.At = TrialFailed, losses, right, now
	if losses.Beats(guess) {
		t.State = TrialPassed
	}
}

// OnHidden says how a model did on tasks that no node had.
type OnHidden struct {
	Tasks    int     `json:"tasks"`
	Accuracy float64 `json:"accuracy"`
	LogLoss  float64 `json:"log_loss"` // where a probability below a tenth of an even guess counts as that
	Low      float64 `json:"low"`      // of an interval in which the loss lies in 95 of 100 cases
	High     float64 `json:"high"`     // likewise
	Guess    float64 `json:"guess_log_loss"`
}

// OnHidden returns how the model did; nil where it is not known.
func (t *Trial) OnHidden(guess Losses) *OnHidden {
	if len(t.Losses) == 0 {
		return nil
	}
	out := &OnHidden{Tasks: len(t.Losses), Accuracy: float64(t.Right) / float64(len(t.Losses))}
	out.LogLoss, out.Low, out.High = t.Losses.Interval()
	out.Guess, _, _ = guess.Interval()
	return out
}

// JudgeModels closes the check by what trials came to of models that all have learned something, or says that another owner is wanted.
// A model is as good as the best unless it is surely worse. Three that are as good as the best refute those that are not: they have
// learned less than the job says. A better one refutes nobody by itself: it may have learned more than it was asked to. When nobody
// else comes, last, the best count, with the one that is best disregarded.
func (c *Check) JudgeModels(results []*Delivery, losses []Losses, last bool, now time.Time) (more bool) {
	order := upTo(len(results))
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(losses[a].sum(), losses[b].sum()) })
	asGood := func(as int) (good, bad []int) {
		for _, i := range order {
			if losses[i].WorseThan(losses[as]) {
				bad = append(bad, i)
			} else {
				good = append(good, i)
			}
		}
		return good, bad
	}
	if len(results) < 2 {
		c.close(CheckAlone, results, [][]int{order}, now)
		return false
	}
	good, bad := asGood(order[0])
	switch {
	case len(bad) == 0 || len(good) >= Refuters:
		c.close(CheckAgreed, results, [][]int{good, bad}, now)
	case last || len(results) >= OwnersMax:
		good, bad = asGood(order[1])
		if over := min(len(good), Refuters); over < len(good) {
			good, bad = good[:over], append(good[over:len(good):len(good)], bad...)
		}
		c.close(CheckBest, results, [][]int{good, bad}, now)
	default:
		return true
	}
	return false
}
