package aggregate

import "math"

// digamma returns the derivative of the logarithm of the gamma function, for x > 0, to about 1e-14: by its recurrence up
// to 10, and from there by its asymptotic series.
func digamma(x float64) float64 {
	sum := 0.0
	for ; x < 10; x++ {
		sum -= 1 / x
	}
	y := 1 / (x * x)
	series := y * (1.0/12 - y*(1.0/120-y*(1.0/252-y*(1.0/240-y*(1.0/132)))))
	return sum + math.Log(x) - 0.5/x - series
}
