package aggregate

import (
	"context"
	"math"
	"slices"
)

// Numbers are answers that are a number each. Answers to all tasks are in one unit and err on one scale.
type Numbers struct {
	Rows
	Values []float64 // per row; ignored where the worker could not tell
}

// NumbersMax is the largest number, and its negative the smallest.
const NumbersMax = 1e100

// NumbersResult is the numbers that answers come to. A worker's answer is taken as the true number, and their bias, and
// an error of about their spread.
type NumbersResult struct {
	Values []Estimate // per task; unknown without answers
	Bias   []Estimate // per worker; unknown without answers that can be compared
	Spread []Estimate // per worker, as a standard deviation; likewise
	Convergence
}

func (n *Numbers) index() (*rowIndex, error) {
	x, err := n.Rows.index()
	if err != nil {
		return nil, err
	}
	if len(n.Values) != len(n.Tasks) {
		return nil, badAnswers("there are not as many values as rows")
	}
	for _, row := range x.rows {
		if v := n.Values[row]; !(math.Abs(v) <= NumbersMax) {
			return nil, badRow(int(row), "%v is not a number from -1e100 to 1e100", v)
		}
	}
	return x, nil
}

// medians returns the median of each task, NaN without answers, and how far answers typically are from the truth: the
// median distance, as the standard deviation of a normal that has it, and when most do not differ the root of the mean
// square. It is NaN when no task has two answers.
func (n *Numbers) medians(x *rowIndex) (median []float64, spread float64) {
	median = make([]float64, n.TaskCount)
	var residuals, values []float64
	for t := range median {
		values = values[:0]
		for _, row := range x.of(t) {
			values = append(values, n.Values[row])
		}
		median[t] = middle(values)
		if len(values) > 1 {
			k := float64(len(values))
			for _, v := range values {
				residuals = append(residuals, math.Abs(v-median[t])*math.Sqrt(k/(k-1)))
			}
		}
	}
	spread = normalPerMedian * middle(residuals)
	if spread == 0 {
		for _, r := range residuals {
			spread = math.Hypot(spread, r/math.Sqrt(float64(len(residuals))))
		}
	}
	return median, spread
}

// normalPerMedian is the standard deviation of a normal over its median distance from 0.
const normalPerMedian = 1.482602218505602

// middle sorts values and returns their median, of an even number the mean of the middle two; NaN of none.
func middle(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	slices.Sort(values)
	m := len(values) / 2
	if len(values)%2 == 1 {
		return values[m]
	}
	return values[m-1]/2 + values[m]/2
}

// NumbersMedian takes the median of each task. Its interval takes errors as normal and of one spread, that of all
// answers: the variance is pi/2 spread^2/n. A worker's bias is the median of what they answered over the median of the
// task, and their spread the median distance from that, as a standard deviation; both have no bounds, as the medians that
// they are measured from are off themselves. The log-likelihood is that of answers to tasks that several answered, by the
// distribution of Laplace around the median, which is its most likely middle, with one scale for all; NaN where no two
// answers to a task differ. O(n log n).
func NumbersMedian(ctx context.Context, n Numbers, progress Progress) (*NumbersResult, error) {
	x, err := n.index()
	if err != nil {
		return nil, err
	}
	if err := progress.step(ctx, 0, 1); err != nil {
		return nil, err
	}
	median, spread := n.medians(x)
	out := &NumbersResult{
		Values: make([]Estimate, n.TaskCount), Bias: make([]Estimate, n.WorkerCount), Spread: make([]Estimate, n.WorkerCount),
		Convergence: Convergence{Converged: true},
	}
	over := make([][]float64, n.WorkerCount)
	sum, answers := 0.0, 0.0
	for t, m := range median {
		out.Values[t] = unknown
		rows := x.of(t)
		if len(rows) == 0 {
			continue
		}
		out.Values[t] = bounded(m, math.Pi/2*spread*spread/float64(len(rows)))
		if len(rows) < 2 {
			continue
		}
		for _, row := range rows {
			over[n.Workers[row]] = append(over[n.Workers[row]], n.Values[row]-m)
			sum += math.Abs(n.Values[row] - m)
			answers++
		}
	}
	for w, residuals := range over {
		out.Bias[w], out.Spread[w] = unknown, unknown
		if len(residuals) == 0 {
			continue
		}
		bias := middle(residuals)
		for i := range residuals {
			residuals[i] = math.Abs(residuals[i] - bias)
		}
		out.Bias[w] = Estimate{bias, math.Inf(-1), math.Inf(1)}
		out.Spread[w] = Estimate{normalPerMedian * middle(residuals), 0, math.Inf(1)}
	}
	out.LogLikelihood = laplaceLog(sum, answers)
	return out, nil
}

// laplaceLog is the log-likelihood of so many errors, whose distances from 0 have this sum, by Laplace's distribution with
// the most likely scale, which is their mean distance. It is NaN when there is no error.
func laplaceLog(sum, answers float64) float64 {
	if sum == 0 {
		return math.NaN()
	}
	return -answers * (math.Log(2*sum/answers) + 1)
}

// bounded is around, or without bounds where the variance is not known.
func bounded(value, variance float64) Estimate {
	if math.IsNaN(variance) {
		return Estimate{value, math.Inf(-1), math.Inf(1)}
	}
	return around(value, variance)
}

// scale is the interval of a scale that is normal in its logarithm.
func scale(value, variance float64) Estimate {
	factor := math.Exp(z95 * math.Sqrt(variance))
	return Estimate{value, value / factor, value * factor}
}

// NumbersAlpha is the alpha of Krippendorff for numbers, whose distance is the square of their difference: see Agreement. It
// is NaN where the answers leave it open. O(n log n).
func NumbersAlpha(n Numbers) (float64, error) {
	x, err := n.index()
	if err != nil {
		return 0, err
	}
	middle, pairable := 0.0, 0.0
	for t := range n.TaskCount {
		if rows := x.of(t); len(rows) > 1 {
			for _, row := range rows {
				pairable++
				middle += (n.Values[row] - middle) / pairable
			}
		}
	}
	// Over all ordered pairs of m numbers, the squared distances sum to 2 m times the sum of squares about their mean.
	observed, expected := 0.0, 0.0
	for t := range n.TaskCount {
		rows := x.of(t)
		if len(rows) < 2 {
			continue
		}
		m, mean, within := float64(len(rows)), 0.0, 0.0
		for _, row := range rows {
			mean += n.Values[row] / m
		}
		for _, row := range rows {
			within += (n.Values[row] - mean) * (n.Values[row] - mean)
			expected += (n.Values[row] - middle) * (n.Values[row] - middle)
		}
		observed += 2 * m * within / (m - 1)
	}
	return above(observed/pairable, 2*expected/(pairable-1)), nil
}
