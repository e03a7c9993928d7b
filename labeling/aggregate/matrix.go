package aggregate

import "math"

// invert replaces a symmetric positive definite matrix of n rows by its inverse, by Cholesky's factors, and says whether
// it was one. O(n^3).
func invert(a []float64, n int) bool {
	for i := range n { // the factor L into the lower triangle
		ri := a[i*n : i*n+i+1]
		for j := range i + 1 {
			rj := a[j*n : j*n+j+1]
			sum := ri[j]
			for k := range j {
				sum -= ri[k] * rj[k]
			}
			if j < i {
				ri[j] = sum / rj[j]
				continue
			}
			if !(sum > 0) {
				return false
			}
			ri[i] = math.Sqrt(sum)
		}
	}
	column := make([]float64, n)
	for j := range n { // column j of L^-1 into row j of the upper triangle, as nobody reads that
		for i := j; i < n; i++ {
			sum := 0.0
			if i == j {
				sum = 1
			}
			for k := j; k < i; k++ {
				sum -= a[i*n+k] * column[k]
			}
			column[i] = sum / a[i*n+i]
		}
		copy(a[j*n+j+1:j*n+n], column[j+1:])
	}
	diagonal := make([]float64, n)
	for i := range n {
		diagonal[i] = 1 / a[i*n+i]
	}
	inverse := func(row, k int) float64 { // (L^-1)[k][row]
		if row == k {
			return diagonal[k]
		}
		return a[row*n+k]
	}
	for i := range n { // the inverse, L^-T L^-1, into the lower triangle
		for j := i; j < n; j++ {
			sum := 0.0
			for k := j; k < n; k++ {
				sum += inverse(i, k) * inverse(j, k)
			}
			a[j*n+i] = sum
		}
	}
	for i := range n {
		for j := i + 1; j < n; j++ {
			a[i*n+j] = a[j*n+i]
		}
	}
	return true
}
