package aggregate

import "context"

// fitDawidSkene is maximum likelihood for confusion matrices (Dawid and Skene, Applied Statistics 28, 1979) by
// expectation maximisation from the shares of the majority:
//
//	posterior(t, k)  ~ prior(k) * product over answers (w, a) to t of confusion(w, k, a)
//	confusion(w, k, a) = (smoothing + sum over answers a of w of posterior(t, k)) / (classes*smoothing + the same over all a)
//	prior(k)           = (smoothing + sum over t of posterior(t, k)) / (classes*smoothing + answered tasks)
//
// O(answers * classes) time an iteration; tasks*classes + workers*classes^2 numbers, the latter for each of at most 16
// parts, of memory. A worker's weight is their accuracy on a task drawn by the prior.
func fitDawidSkene(ctx context.Context, v *Votes, o Options) (*Result, error) {
	const iterations = 100
	c, err := newConfusions(v)
	if err != nil {
		return nil, err
	}
	counts := c.begin(o)
	r := &Result{}
	err = r.iterate(ctx, o, iterations, v.Len(), func() float64 {
		c.maximise(counts, o.Smoothing)
		counts, r.LogLikelihood = c.step()
		return r.LogLikelihood
	})
	if err != nil {
		return nil, err
	}
	c.result(r)
	return r, nil
}

// maximise sets table and prior to the shares of the counts.
func (c *confusions) maximise(counts []float64, smoothing float64) {
	k := c.classes
	each((c.workers+255)/256, func(block int) {
		for w := block * 256; w < min((block+1)*256, c.workers); w++ {
			for z := range k {
				total := 0.0
				for a := range k {
					total += counts[(w*k+a)*k+z] + smoothing
				}
				for a := range k {
					c.table[(w*k+a)*k+z] = (counts[(w*k+a)*k+z] + smoothing) / total
				}
			}
		}
	})
	total := 0.0
	for _, x := range counts[len(c.table):] {
		total += x + smoothing
	}
	for z, x := range counts[len(c.table):] {
		c.prior[z] = (x + smoothing) / total
	}
}
