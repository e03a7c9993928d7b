package aggregate

import "math"

// confusions are the model of Dawid and Skene: worker w, when the true class of a task is k, answers a with probability
// table[(w*classes+a)*classes+k]; the true class is k with probability prior[k]. The table is by answer and then by
// truth, so that one answer reads and writes one run of memory.
//
// A step is one pass over the answers: it infers each task's posterior and counts, at once, what is learned from it. The
// posterior is a product of probabilities, scaled now and then, and not a sum of logarithms: that takes no exponential,
// and one logarithm for many tasks.
type confusions struct {
	*Votes
	row   []int32 // of each answer, where its run starts in the table
	table []float64
	prior []float64
	p     []float64 // tasks x classes
	sums  *sums     // as the table, and after it as the prior
	known []int32   // the true class of each task, or NoVerdict; nil when none is known
}

// Limits on what full matrices may take: 256 MiB for the table, and 1 GiB for the posterior.
const (
	tableCellsMax     = 1 << 25
	posteriorCellsMax = 1 << 27
)

func (v *Votes) matricesTooLarge() bool {
	k := v.classes
	return k > tableCellsMax/k || v.workers > tableCellsMax/(k*k) || v.tasks > posteriorCellsMax/k
}

// smallest is the least that a probability in the table or the prior counts as, so that products of a few stay above 0.
const smallest = 1e-15

func newConfusions(v *Votes) (*confusions, error) {
	k := v.classes
	if v.matricesTooLarge() {
		return nil, ErrTooManyClasses
	}
	c := &confusions{
		Votes: v,
		row:   make([]int32, v.Len()),
		table: make([]float64, v.workers*k*k),
		prior: make([]float64, k),
		p:     make([]float64, v.tasks*k),
		sums:  v.newSums(v.workers*k*k + k),
	}
	for i, w := range v.worker {
		c.row[i] = int32((int(w)*k + int(v.class[i])) * k)
	}
	return c, nil
}

// begin sets the posterior to what the options give, or to each class's share of the answers, and returns the counts of
// it.
func (c *confusions) begin(o Options) []float64 {
	c.known = o.Known
	return c.sums.collect(func(_, from, until int, counts []float64) {
		for t := from; t < until; t++ {
			_, classes := c.of(t)
			post := c.p[t*c.classes : (t+1)*c.classes]
			switch {
			case c.isKnown(t, counts):
				continue
			case o.Begin != nil:
				copy(post, o.Begin[t*c.classes:])
			default:
				for _, k := range classes {
					post[k] += 1 / float64(len(classes))
				}
			}
			c.count(t, post, counts)
		}
	})
}

// isKnown sets the posterior of a task whose class is known, and counts what it says.
func (c *confusions) isKnown(task int, counts []float64) bool {
	if c.known == nil || c.known[task] == NoVerdict {
		return false
	}
	post := c.p[task*c.classes : (task+1)*c.classes]
	clear(post)
	post[c.known[task]] = 1
	c.count(task, post, counts)
	return true
}

// count adds what a task with this posterior says.
func (c *confusions) count(task int, post, counts []float64) {
	rows := c.row[c.start[task]:c.start[task+1]]
	if len(rows) == 0 {
		return
	}
	for _, at := range rows {
		run := counts[at:][:len(post)]
		for k, x := range post {
			run[k] += x
		}
	}
	run := counts[len(c.table):][:len(post)]
	for k, x := range post {
		run[k] += x
	}
}

// step infers the posterior of every task from the table and the prior, and returns the counts of it and the sum of the
// logarithms of what the posteriors were divided by: the log-likelihood, if table and prior are probabilities.
func (c *confusions) step() (counts []float64, logs float64) {
	for i, x := range c.table {
		c.table[i] = max(x, smallest)
	}
	for k, x := range c.prior {
		c.prior[k] = max(x, smallest)
	}
	pass := c.passAny
	switch c.classes {
	case 2:
		pass = c.passTwo
	case 3:
		pass = c.passThree
	}
	parts := make([]float64, len(c.sums.of))
	counts = c.sums.collect(func(part, from, until int, counts []float64) {
		scale := logProduct{rest: 1}
		for t := from; t < until; t++ {
			if !c.isKnown(t, counts) {
				pass(t, counts, &scale)
			}
		}
		parts[part] = scale.log()
	})
	for _, l := range parts {
		logs += l
	}
	return counts, logs
}

// passAny infers the posterior of a task and counts what it says.
func (c *confusions) passAny(task int, counts []float64, scale *logProduct) {
	rows := c.row[c.start[task]:c.start[task+1]]
	if len(rows) == 0 {
		return
	}
	post := c.p[task*c.classes : (task+1)*c.classes]
	copy(post, c.prior)
	for i, at := range rows {
		run := c.table[at:][:len(post)]
		for k := range post {
			post[k] *= run[k]
		}
		if i%scaled == scaled-1 {
			normalise(post, scale)
		}
	}
	normalise(post, scale)
	c.count(task, post, counts)
}

// scaled is after how many factors a product of probabilities is scaled, before it gets too small for a float64.
const scaled = 8

// passTwo is passAny for two classes, and passThree for three: the posterior stays in registers, which takes half the time.
func (c *confusions) passTwo(task int, counts []float64, scale *logProduct) {
	rows := c.row[c.start[task]:c.start[task+1]]
	if len(rows) == 0 {
		return
	}
	x, y := c.prior[0], c.prior[1]
	for i, at := range rows {
		run := (*[2]float64)(c.table[at:])
		x, y = x*run[0], y*run[1]
		if i%scaled == scaled-1 {
			sum := x + y
			scale.times(sum)
			x, y = x/sum, y/sum
		}
	}
	sum := x + y
	scale.times(sum)
	inverse := 1 / sum
	x, y = x*inverse, y*inverse
	*(*[2]float64)(c.p[task*2:]) = [2]float64{x, y}
	for _, at := range rows {
		run := (*[2]float64)(counts[at:])
		run[0] += x
		run[1] += y
	}
	prior := (*[2]float64)(counts[len(c.table):])
	prior[0] += x
	prior[1] += y
}

func (c *confusions) passThree(task int, counts []float64, scale *logProduct) {
	rows := c.row[c.start[task]:c.start[task+1]]
	if len(rows) == 0 {
		return
	}
	x, y, z := c.prior[0], c.prior[1], c.prior[2]
	for i, at := range rows {
		run := (*[3]float64)(c.table[at:])
		x, y, z = x*run[0], y*run[1], z*run[2]
		if i%scaled == scaled-1 {
			sum := x + y + z
			scale.times(sum)
			x, y, z = x/sum, y/sum, z/sum
		}
	}
	sum := x + y + z
	scale.times(sum)
	inverse := 1 / sum
	x, y, z = x*inverse, y*inverse, z*inverse
	*(*[3]float64)(c.p[task*3:]) = [3]float64{x, y, z}
	for _, at := range rows {
		run := (*[3]float64)(counts[at:])
		run[0] += x
		run[1] += y
		run[2] += z
	}
	prior := (*[3]float64)(counts[len(c.table):])
	prior[0] += x
	prior[1] += y
	prior[2] += z
}

func normalise(post []float64, scale *logProduct) {
	sum := 0.0
	for _, x := range post {
		sum += x
	}
	scale.times(sum)
	inverse := 1 / sum
	for k := range post {
		post[k] *= inverse
	}
}

// logProduct is the logarithm of a product of many numbers between 1e-140 and 1, taken seldom.
type logProduct struct{ logs, rest float64 }

func (l *logProduct) times(x float64) {
	l.rest *= x
	if l.rest < 1e-100 {
		l.logs += math.Log(l.rest)
		l.rest = 1
	}
}

func (l *logProduct) log() float64 { return l.logs + math.Log(l.rest) }

// result returns what was learned, with a table of probabilities.
func (c *confusions) result(r *Result) {
	k := c.classes
	identity := make([]int32, k)
	for i := range identity {
		identity[i] = int32(i)
	}
	r.Posterior = &Posterior{classes: k, class: identity, p: c.p}
	r.Prior = c.prior
	r.Confusion = make([]float64, len(c.table))
	r.Workers = make([]Worker, c.workers)
	for w := range c.workers {
		for a := range k {
			for z := range k {
				x := c.table[(w*k+a)*k+z]
				r.Confusion[(w*k+z)*k+a] = x
				if a == z {
					r.Workers[w].Weight += x * c.prior[z]
				}
			}
		}
	}
	r.conclude(c.Votes)
	r.predict = func(task, worker, class int) float64 {
		sum := 0.0
		run := c.table[(worker*k+class)*k:][:k]
		for z, x := range c.p[task*k : (task+1)*k] {
			sum += x * run[z]
		}
		return sum
	}
}
