package aggregate

import "context"

// fitIBCC is independent Bayesian classifier combination (Kim and Ghahramani, AISTATS 2012): the model of Dawid and Skene
// in which a worker's answers given a true class are drawn from a Dirichlet distribution that all workers share, so that
// somebody with few answers is taken for one of the crowd, and somebody with many for what they are. The prior counts of
// that distribution are learned as well, by the fixed point of Minka ("Estimating a Dirichlet distribution", 2000):
//
//	posterior(t, k)    ~ prior(k) * product over answers (w, a) to t of confusion(w, k, a)
//	confusion(w, k, a) = (n(w, k, a) + pseudo(k, a)) / (n(w, k) + pseudo(k)), n being sums of posteriors
//	pseudo(k, a)       = (pseudo(k, a) * sum over w of (F(n(w, k, a) + pseudo(k, a)) - F(pseudo(k, a))) + s) /
//	                     (sum over w of (F(n(w, k) + pseudo(k)) - F(pseudo(k))) + s/mean), F being the digamma function
//
// where s and mean are those of a gamma prior on the prior counts. O(answers * classes + workers * classes^2) time an
// iteration, memory as Dawid-Skene. A worker's weight is their accuracy on a task drawn by the prior.
func fitIBCC(ctx context.Context, v *Votes, o Options) (*Result, error) {
	const iterations = 200
	const unlearned = 3 // iterations from the majority's shares until these say something of the crowd
	c, err := newConfusions(v)
	if err != nil {
		return nil, err
	}
	crowd := newCrowd(v.classes)
	counts := c.begin(o)
	r := &Result{}
	err = r.iterate(ctx, o, iterations, v.Len(), func() float64 {
		if r.Iterations >= unlearned {
			crowd.learn(c, counts)
		}
		crowd.expect(c, counts)
		counts, r.LogLikelihood = c.step()
		return r.LogLikelihood
	})
	if err != nil {
		return nil, err
	}
	c.result(r)
	return r, nil
}

// crowd is what is known of a worker before their first answer: as if they had answered pseudo[k*classes+a] times with a
// when the true class was k.
type crowd struct {
	classes int
	pseudo  []float64
}

// What prior counts are before any answer: right ones and each of the wrong ones; and how many of either all workers must
// show before what they show is believed half.
const (
	crowdRight    = 1.0
	crowdWrong    = 0.2
	crowdStrength = 5.0
)

func newCrowd(classes int) *crowd {
	c := &crowd{classes, make([]float64, classes*classes)}
	for i := range c.pseudo {
		c.pseudo[i] = c.before(i)
	}
	return c
}

func (c *crowd) before(cell int) float64 {
	if cell/c.classes == cell%c.classes {
		return crowdRight
	}
	return crowdWrong
}

// learn moves the prior counts towards what the workers' counts are most probable under.
func (c *crowd) learn(m *confusions, counts []float64) {
	const steps = 2 // in each of many iterations
	k := c.classes
	each(k, func(z int) {
		row := c.pseudo[z*k : (z+1)*k]
		for range steps {
			total := 0.0
			for _, x := range row {
				total += x
			}
			shown, all := make([]float64, k), 0.0
			for w := range m.workers {
				sum := 0.0
				for a, x := range row {
					if n := counts[(w*k+a)*k+z]; n > 0 {
						sum += n
						shown[a] += digamma(n+x) - digamma(x)
					}
				}
				if sum > 0 {
					all += digamma(sum+total) - digamma(total)
				}
			}
			for a, x := range row {
				row[a] = (x*shown[a] + crowdStrength) / (all + crowdStrength/c.before(z*k+a))
			}
		}
	})
}

// expect sets table and prior to their expectations given the counts. One task more is spread over all classes.
func (c *crowd) expect(m *confusions, counts []float64) {
	k := c.classes
	const block = 256
	each((m.workers+block-1)/block, func(i int) {
		for w := i * block; w < min((i+1)*block, m.workers); w++ {
			for z := range k {
				total := 0.0
				for a := range k {
					total += counts[(w*k+a)*k+z] + c.pseudo[z*k+a]
				}
				for a := range k {
					m.table[(w*k+a)*k+z] = (counts[(w*k+a)*k+z] + c.pseudo[z*k+a]) / total
				}
			}
		}
	})
	seen := counts[len(m.table):]
	total := 1.0
	for _, n := range seen {
		total += n
	}
	for z, n := range seen {
		m.prior[z] = (n + 1/float64(k)) / total
	}
}
