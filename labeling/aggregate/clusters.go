package aggregate

import "slices"

// clusters joins n things by average linkage: while two clusters are at least threshold alike, the mean over all pairs
// across them, the two most alike become one, the first of several. Clusters never hold two things of one owner. It
// returns the members of each cluster, both sorted. Alike is asked once for each pair of different owners. O(n^2) space,
// and about that in time.
func clusters(owners []int32, threshold float64, alike func(i, j int) float64) [][]int {
	n := len(owners)
	c := &linkage{n: n, threshold: threshold, alike: make([]float32, n*n), size: make([]float32, n), best: make([]int, n)}
	members := make([][]int, n)
	for i := range n {
		members[i], c.size[i] = []int{i}, 1
		c.alike[i*n+i] = apart
		for j := range i {
			a := float32(apart)
			if owners[i] != owners[j] {
				a = float32(alike(j, i))
			}
			c.alike[i*n+j], c.alike[j*n+i] = a, a
		}
	}
	for i := range n {
		c.rank(i)
	}
	for {
		i := -1
		for k, b := range c.best {
			if b >= 0 && (i < 0 || c.of(k, b) > c.of(i, c.best[i])) {
				i = k
			}
		}
		if i < 0 {
			break
		}
		j := c.best[i]
		i, j = min(i, j), max(i, j)
		members[i], members[j] = append(members[i], members[j]...), nil
		c.join(i, j)
	}
	var out [][]int
	for _, m := range members {
		if m != nil {
			slices.Sort(m)
			out = append(out, m)
		}
	}
	return out
}

// apart is how alike clusters are that must not be joined.
const apart = -1

type linkage struct {
	n         int
	threshold float64
	alike     []float32
	size      []float32 // 0 of a cluster that has become part of another
	best      []int     // the most alike to each, or -1 when nothing may be joined to it
}

func (c *linkage) of(i, j int) float32 { return c.alike[i*c.n+j] }

// rank finds the best of cluster i again.
func (c *linkage) rank(i int) {
	c.best[i] = -1
	if c.size[i] == 0 {
		return
	}
	for j := range c.n {
		if a := c.of(i, j); c.size[j] > 0 && a != apart && float64(a) >= c.threshold && (c.best[i] < 0 || a > c.of(i, c.best[i])) {
			c.best[i] = j
		}
	}
}

// join makes cluster j a part of cluster i.
func (c *linkage) join(i, j int) {
	for k := range c.n {
		a := float32(apart)
		if c.of(i, k) != apart && c.of(j, k) != apart {
			a = (c.size[i]*c.of(i, k) + c.size[j]*c.of(j, k)) / (c.size[i] + c.size[j])
		}
		c.alike[i*c.n+k], c.alike[k*c.n+i] = a, a
	}
	c.size[i], c.size[j] = c.size[i]+c.size[j], 0
	c.best[j] = -1
	for k := range c.n {
		switch b := c.best[k]; {
		case k == i || b == i || b == j:
			c.rank(k)
		case c.size[k] > 0 && c.of(k, i) != apart && float64(c.of(k, i)) >= c.threshold && (b < 0 || c.of(k, i) > c.of(k, b)):
			c.best[k] = i
		}
	}
}
