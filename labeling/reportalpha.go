package labeling

import (
	"math"

	"github.com/tasknet/tasknet/polls"
)

// chanceAlpha is Krippendorff's alpha of values between which Score measures a distance,
//
//	alpha    = 1 - observed / chance
//	distance = 1 - score / 1,000,000
//	observed = mean, over values, of the distance to the others of their task
//	chance   = mean distance of any two values, of whichever tasks
//
// (Krippendorff, Content Analysis, 2004; with distances of structured answers: Braylan, Alonso and Lease, WWW 2022). What two
// values have in common by chance is seen on a part of all, which is spread over the tasks.
type chanceAlpha struct {
	apart  float64 // sum, over values, of the mean distance to the others of their task
	values int
	tasks  int
	stride int // each so many tasks' values are kept
	kept   []keptValue
	bytes  int
}

type keptValue struct {
	task int
	q    *polls.Question
	v    polls.Value
}

// How many values are kept at most, with how many bytes; and how much of them is compared, as compareMost is.
const (
	keptValues = 2000
	keptBytes  = 4 << 20
	chanceMost = 4 << 20
)

// add adds the values of a task, and the sum of the distances of each two.
func (c *chanceAlpha) add(q *polls.Question, values []polls.Value, distances float64) {
	if len(values) < 2 {
		return
	}
	c.apart += 2 * distances / float64(len(values)-1)
	c.values += len(values)
	c.stride = max(c.stride, 1)
	if c.tasks%c.stride == 0 {
		for _, v := range values {
			c.kept, c.bytes = append(c.kept, keptValue{c.tasks, q, v}), c.bytes+len(v)
		}
	}
	c.tasks++
	for (len(c.kept) > keptValues || c.bytes > keptBytes) && c.kept[0].task != c.kept[len(c.kept)-1].task {
		c.thin()
	}
}

// thin keeps half of the tasks.
func (c *chanceAlpha) thin() {
	c.stride *= 2
	kept := c.kept[:0]
	c.bytes = 0
	for _, k := range c.kept {
		if k.task%c.stride == 0 {
			kept, c.bytes = append(kept, k), c.bytes+len(k.v)
		}
	}
	clear(c.kept[len(kept):])
	c.kept = kept
}

// alpha returns NaN where it is not known: without two values to a task, or when all that were compared are the same. Values
// that are far apart in the list, and so of different tasks, are compared first.
func (c *chanceAlpha) alpha() (float64, error) {
	n, spent, sum, pairs := len(c.kept), 0, 0.0, 0
	for d := n / 2; d >= 1 && spent < chanceMost; d-- {
		for i := range n {
			if 2*d == n && i >= d {
				break // each two once
			}
			a, b := c.kept[i], c.kept[(i+d)%n]
			spent += len(a.v) + len(b.v) + compareBase
			alike, err := Score(ofBoth(a.q, b.q), a.v, b.v)
			if err != nil {
				return 0, err
			}
			sum, pairs = sum+1-float64(alike)/million, pairs+1
		}
	}
	if pairs == 0 || sum == 0 {
		return math.NaN(), nil
	}
	return 1 - c.apart/float64(c.values)/(sum/float64(pairs)), nil
}

// ofBoth returns a question that the values of both answer: its image is as large as the larger one.
func ofBoth(a, b *polls.Question) *polls.Question {
	if a.Image == nil || b.Image == nil {
		return a
	}
	q, image := *a, *a.Image
	image.Width, image.Height = max(image.Width, b.Image.Width), max(image.Height, b.Image.Height)
	q.Image = &image
	return &q
}
