package aggregate

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/tasknet/tasknet"
)

// Method is a way to make one class of what several people chose.
type Method string

// The methods.
const (
	Majority   Method = "majority" // the most frequent answer
	Wawa       Method = "wawa"     // weighed by agreement with the majority
	ZeroBased  Method = "zbs"      // weighed by agreement with what is so weighed
	OneCoin    Method = "onecoin"  // Dawid and Skene with one accuracy a worker
	DawidSkene Method = "ds"       // Dawid and Skene with a confusion matrix a worker
	IBCC       Method = "ibcc"     // the same with a prior on the matrices: the one for few answers a worker
	GLAD       Method = "glad"     // workers' ability and tasks' easiness
	MACE       Method = "mace"     // workers who know or guess
	KOS        Method = "kos"      // messages between workers and tasks; for two classes
)

// Methods returns all methods, the plainest first.
func Methods() []Method {
	return []Method{Majority, Wawa, ZeroBased, OneCoin, DawidSkene, IBCC, GLAD, MACE, KOS}
}

// ParseMethod returns the method with a name, or an error that lists them.
func ParseMethod(name string) (Method, error) {
	if m := Method(name); slices.Contains(Methods(), m) {
		return m, nil
	}
	var names []string
	for _, m := range Methods() {
		names = append(names, string(m))
	}
	return "", tasknet.NewError(tasknet.Invalid, "no_such_method",
		fmt.Sprintf("There is no method %q; there are %s.", name, strings.Join(names, ", ")))
}

// Errors of methods that do not fit the votes.
var (
	ErrNotBinary      = tasknet.NewError(tasknet.Invalid, "not_binary", "This method is for two classes only; use another one.")
	ErrTooManyClasses = tasknet.NewError(tasknet.TooLarge, "too_many_classes", "A confusion matrix for each worker has too many cells with so many classes; use one of majority, wawa, zbs, onecoin, glad, mace.")
)

// Options are what a fit can be told. The zero value is good for any votes.
type Options struct {
	// Iterations is the most that a method takes: 0 is its default. Majority and Wawa do not iterate.
	Iterations int

	// Exactly makes it take all Iterations, even those after it has converged.
	Exactly bool

	// Tolerance is by how much the log-likelihood may still move, for each answer, when a method has converged. A larger
	// one ends sooner and further from the optimum. 0 is 1e-9.
	Tolerance float64

	// Smoothing is added to every count of a confusion matrix by Dawid-Skene, so that what did not happen yet is not
	// impossible. 0 is 0.01.
	Smoothing float64

	// Known is the true class of each task, or NoVerdict, and Begin the posterior from which a method climbs instead of from
	// the majority, classes numbers for each task. Only Dawid-Skene and IBCC look at them; both may be nil.
	Known []int32
	Begin []float64

	// Seed is for the methods that start at random (KOS), and for how Auto divides the answers.
	Seed uint64

	// Progress, if not nil, is called after each iteration with how many are done and how many there are at most.
	Progress func(done, most int)

	// Compared, if not nil, is what Auto calls before it compares each method with the others.
	Compared Progress
}

// Fit applies a method to votes. It ends between two iterations, with the context's error, when the context does.
func Fit(ctx context.Context, m Method, v *Votes, o Options) (*Result, error) {
	o.Tolerance = cmp.Or(o.Tolerance, 1e-9)
	o.Smoothing = cmp.Or(o.Smoothing, 0.01)
	if err := o.check(v); err != nil {
		return nil, err
	}
	var r *Result
	var err error
	switch m {
	case Majority:
		r = fitMajority(v)
	case Wawa:
		r = fitWawa(v)
	case ZeroBased:
		r, err = fitZeroBased(ctx, v, o)
	case OneCoin:
		r, err = fitOneCoin(ctx, v, o)
	case DawidSkene:
		r, err = fitDawidSkene(ctx, v, o)
	case IBCC:
		r, err = fitIBCC(ctx, v, o)
	case GLAD:
		r, err = fitGLAD(ctx, v, o)
	case MACE:
		r, err = fitMACE(ctx, v, o)
	case KOS:
		r, err = fitKOS(ctx, v, o)
	default:
		_, err = ParseMethod(string(m))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m, err)
	}
	r.Method = m
	return r, nil
}

func (o Options) check(v *Votes) error {
	if o.Known != nil && len(o.Known) != v.tasks || o.Begin != nil && len(o.Begin) != v.tasks*v.classes {
		return badf("There are %d known classes and %d numbers to begin with for %d tasks of %d classes.", len(o.Known), len(o.Begin), v.tasks, v.classes)
	}
	for t, k := range o.Known {
		if k < NoVerdict || int(k) >= v.classes {
			return badf("Task %d is known to be of class %d of %d; they are numbered from 0.", t, k, v.classes)
		}
	}
	return nil
}

// iterate calls step until what it returns has settled, or as often as the options or the method say. What it returns
// is the log-likelihood, or what else the method climbs.
func (r *Result) iterate(ctx context.Context, o Options, most, answers int, step func() float64) error {
	most = cmp.Or(o.Iterations, most)
	last := math.Inf(-1)
	for r.Iterations < most && (o.Exactly || !r.Converged) {
		if err := ctx.Err(); err != nil {
			return err
		}
		now := step()
		r.Iterations++
		r.Converged = math.Abs(now-last) <= o.Tolerance*float64(answers)
		last = now
		if o.Progress != nil {
			o.Progress(r.Iterations, most)
		}
	}
	return nil
}
