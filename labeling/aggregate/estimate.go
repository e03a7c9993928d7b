package aggregate

import "math"

// Estimate is a value with an interval that holds the truth with probability 0.95 if the model does. The bounds are
// infinite where the answers do not bound the value; all three are NaN where there are no answers.
type Estimate struct {
	Value float64
	Low   float64
	High  float64
}

// Known says whether there is a value at all.
func (e Estimate) Known() bool { return !math.IsNaN(e.Value) }

// Deviation is the standard deviation of a normal error that the interval stands for; infinite without bounds.
func (e Estimate) Deviation() float64 { return (e.High - e.Low) / (2 * z95) }

var unknown = Estimate{math.NaN(), math.NaN(), math.NaN()}

// z95 is the 0.975 quantile of the normal distribution.
const z95 = 1.959963984540054

// around returns the normal interval of a value.
func around(value, variance float64) Estimate {
	half := z95 * math.Sqrt(variance)
	return Estimate{value, value - half, value + half}
}

// share returns the estimate of a probability from hits among n trials, with the interval of Wilson, JASA 22 (1927),
// which stays within [0, 1] and is sound for few trials. Neither needs to be whole.
func share(hits, n float64) Estimate {
	if n == 0 {
		return unknown
	}
	p, z2 := min(1, hits/n), z95*z95
	mid := (p + z2/(2*n)) / (1 + z2/n)
	half := z95 / (1 + z2/n) * math.Sqrt(p*(1-p)/n+z2/(4*n*n))
	return Estimate{p, max(0, min(p, mid-half)), min(1, max(p, mid+half))}
}

// support is the estimate of a share, or of a mean of figures from 0 to 1, of people who have weights of that sum, and
// that sum of squares: they count as Kish's number, sum^2/squares, of equal ones. For figures between 0 and 1 it is too wide
// rather than too narrow, as none vary more than those that are 0 or 1.
func support(value, weights, squares float64) Estimate {
	n := weights * weights / squares
	return share(value*n, n)
}

// Convergence says how a fit went. LogLikelihood is that of the answers, in nats, without the priors.
type Convergence struct {
	LogLikelihood float64
	Iterations    int
	Converged     bool
}

// normalCDF is the distribution function of the standard normal.
func normalCDF(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }
