package aggregate

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// Masks are answers that say of each pixel of an image whether it belongs to a thing. A mask is run lengths as COCO has
// them: pixels go down the columns, the leftmost column first, and runs alternate, the first of pixels that do not
// belong; it may be 0.
type Masks struct {
	Rows
	Heights []int32 // per task
	Widths  []int32
	Start   []int32 // the runs of row r are Runs[Start[r]:Start[r+1]]
	Runs    []int32
}

// MasksPixelsMax is the most pixels of an image.
const MasksPixelsMax = 1 << 28

// MasksResult is the masks of all tasks.
type MasksResult struct {
	Masks [][]int32 // per task, its runs; nil without answers

	// Confidence is, per task, how far the mask is expected to overlap the true one: the expected intersection over the
	// expected union. NaN without answers, and 1 when nobody marked a pixel.
	Confidence []float64

	// Agreement is, per task, the mean overlap of two workers' masks, over pairs of workers. NaN with fewer than two
	// answers, and 1 for two empty masks.
	Agreement []float64

	// Sensitivity is, per worker, the share of the true pixels that they mark, and Specificity of the others that they
	// leave out, among those that somebody marked. Pixels of a mask err together, so the intervals take each mask for one
	// answer. Unknown for who answered no task that others did.
	Sensitivity []Estimate
	Specificity []Estimate
	Convergence
}

// MasksMajority marks the pixels that more than half of the workers marked; the confidence takes the share of those for
// the probability of a pixel. There is no model and so no likelihood. O(runs answers).
func MasksMajority(ctx context.Context, m Masks, progress Progress) (*MasksResult, error) {
	f, err := newMasksFit(ctx, &m, progress)
	if err != nil {
		return nil, err
	}
	var counted marking
	f.each(func(_ int, task *maskTask, p *pattern) {
		p.marked = float64(len(p.markers)) / float64(len(task.workers))
		counted.add(p.marked > 0.5, float64(p.pixels), float64(len(p.markers)), float64(len(task.workers)))
	})
	f.learn()
	return f.result(Convergence{LogLikelihood: counted.logLikelihood(), Converged: true}), nil
}

// When the search for sensitivities ends.
const (
	stapleTolerance = 1e-8
	stapleRoundsMax = 5000
)

// MasksStaple marks the pixels that belong with a probability over one half, by the model of Warfield, Zou and Wells,
// IEEE Transactions on Medical Imaging 23 (2004): a worker marks a true pixel with probability p and another with 1-q,
// each pixel for itself; the share of true pixels of an image is the mean share that was marked. Two things differ: p and
// q are of a worker over all tasks, and pixels that nobody marked are left out, as there are so many of them that
// they would make everybody's q the same. Fitted by EM on patterns, the different sets of workers who marked a pixel,
// instead of pixels: O(patterns answers) per step, O(runs answers) to find them.
func MasksStaple(ctx context.Context, m Masks, progress Progress) (*MasksResult, error) {
	f, err := newMasksFit(ctx, &m, progress)
	if err != nil {
		return nil, err
	}
	c := Convergence{}
	for c.Iterations < stapleRoundsMax && !c.Converged {
		if err := progress.step(ctx, c.Iterations, stapleRoundsMax); err != nil {
			return nil, err
		}
		c.Iterations++
		change := 0.0
		c.LogLikelihood = 0
		f.each(func(_ int, task *maskTask, p *pattern) {
			now, log := f.infer(task, p)
			change = max(change, math.Abs(now-p.marked))
			p.marked = now
			c.LogLikelihood += float64(p.pixels) * log
		})
		f.learn()
		c.Converged = change < stapleTolerance
	}
	return f.result(c), nil
}

func (m *Masks) index() (*rowIndex, error) {
	x, err := m.Rows.index()
	if err != nil {
		return nil, err
	}
	if len(m.Heights) != m.TaskCount || len(m.Widths) != m.TaskCount {
		return nil, badAnswers(fmt.Sprintf("there are %d heights and %d widths of %d images", len(m.Heights), len(m.Widths), m.TaskCount))
	}
	for t := range m.TaskCount {
		if h, w := int64(m.Heights[t]), int64(m.Widths[t]); h < 1 || w < 1 || h*w > MasksPixelsMax {
			return nil, badAnswers(fmt.Sprintf("image %d has %d times %d pixels; from 1 to %d are allowed", t, h, w, MasksPixelsMax))
		}
	}
	if err := checkParts(m.Start, len(m.Tasks), len(m.Runs)); err != nil {
		return nil, err
	}
	for _, row := range x.rows {
		sum, t := int64(0), m.Tasks[row]
		for _, run := range m.of(row) {
			if run < 0 {
				return nil, badRow(int(row), "a run has %d pixels", run)
			}
			sum += int64(run)
		}
		if want := int64(m.Heights[t]) * int64(m.Widths[t]); sum != want {
			return nil, badRow(int(row), "its runs have %d pixels in an image of %d", sum, want)
		}
	}
	return x, nil
}

func (m *Masks) of(row int32) []int32 { return m.Runs[m.Start[row]:m.Start[row+1]] }

// pattern is the pixels of an image that the same workers marked.
type pattern struct {
	markers []int32 // places among the workers of the task
	pixels  int64
	marked  float64 // the probability that they belong
}

// maskTask is an image cut into runs of one pattern.
type maskTask struct {
	workers  []int32
	patterns []pattern // the first is of nobody
	runs     []maskRun
	share    float64 // of the pixels that anybody marked, how many one worker marked on average
}

type maskRun struct {
	pattern int32
	length  int32
}

type masksFit struct {
	*Masks
	tasks                    []maskTask
	sensitivity, specificity []float64
	seen                     []float64 // masks of each worker that can be compared
}

func newMasksFit(ctx context.Context, m *Masks, progress Progress) (*masksFit, error) {
	x, err := m.index()
	if err != nil {
		return nil, err
	}
	f := &masksFit{
		Masks: m, tasks: make([]maskTask, m.TaskCount), seen: make([]float64, m.WorkerCount),
		sensitivity: slices.Repeat([]float64{0.9}, m.WorkerCount), specificity: slices.Repeat([]float64{0.9}, m.WorkerCount),
	}
	for t := range f.tasks {
		if err := progress.step(ctx, t, len(f.tasks)); err != nil {
			return nil, err
		}
		f.tasks[t] = newMaskTask(m, x.of(t))
		if rows := x.of(t); len(rows) > 1 {
			for _, row := range rows {
				f.seen[m.Workers[row]]++
			}
		}
	}
	return f, nil
}

// newMaskTask walks along the runs of all answers at once.
func newMaskTask(m *Masks, rows []int32) maskTask {
	task := maskTask{patterns: []pattern{{}}}
	if len(rows) == 0 {
		return task
	}
	number := map[string]int32{string(make([]byte, len(rows))): 0}
	runs, left, marks := make([][]int32, len(rows)), make([]int32, len(rows)), make([]byte, len(rows))
	next := func(i int) { // the next run of answer i that has a pixel
		for left[i] == 0 && len(runs[i]) > 0 {
			left[i], runs[i] = runs[i][0], runs[i][1:]
			marks[i] = 1 - marks[i]
		}
	}
	for i, row := range rows {
		task.workers = append(task.workers, m.Workers[row])
		runs[i], marks[i] = m.of(row), 1
		next(i)
	}
	touched, marked := int64(0), int64(0)
	for left[0] > 0 {
		length := slices.Min(left)
		at, have := number[string(marks)]
		if !have {
			at = int32(len(task.patterns))
			number[string(marks)] = at
			p := pattern{}
			for i, mark := range marks {
				if mark == 1 {
					p.markers = append(p.markers, int32(i))
				}
			}
			task.patterns = append(task.patterns, p)
		}
		p := &task.patterns[at]
		p.pixels += int64(length)
		if at > 0 {
			touched += int64(length)
			marked += int64(length) * int64(len(p.markers))
		}
		task.runs = append(task.runs, maskRun{at, length})
		for i := range left {
			left[i] -= length
			next(i)
		}
	}
	task.share = (float64(marked) + 1) / (float64(touched)*float64(len(rows)) + 1)
	return task
}

// each calls do for every pattern of somebody.
func (f *masksFit) each(do func(t int, task *maskTask, p *pattern)) {
	for t := range f.tasks {
		for i := range f.tasks[t].patterns[1:] {
			do(t, &f.tasks[t], &f.tasks[t].patterns[i+1])
		}
	}
}

// infer returns the probability that a pixel of a pattern belongs, and the logarithm of that of the pattern.
func (f *masksFit) infer(task *maskTask, p *pattern) (marked, log float64) {
	share := min(task.share, 1-1e-9) // when all marked the same, it is 1
	yes, no := math.Log(share), math.Log(1-share)
	at := 0
	for i, w := range task.workers {
		if at < len(p.markers) && int(p.markers[at]) == i {
			at++
			yes += math.Log(f.sensitivity[w])
			no += math.Log(1 - f.specificity[w])
		} else {
			yes += math.Log(1 - f.sensitivity[w])
			no += math.Log(f.specificity[w])
		}
	}
	return 1 / (1 + math.Exp(no-yes)), logSum(yes, no)
}

// logSum is the logarithm of exp(a) + exp(b).
func logSum(a, b float64) float64 { return max(a, b) + math.Log1p(math.Exp(-math.Abs(a-b))) }

// learn fits sensitivities and specificities to the patterns of tasks that several answered. The prior of each is one
// pixel right and one wrong: without it, who never erred would outweigh everybody.
func (f *masksFit) learn() {
	hits, trues := slices.Repeat([]float64{1}, f.WorkerCount), slices.Repeat([]float64{2}, f.WorkerCount)
	passes, falses := slices.Repeat([]float64{1}, f.WorkerCount), slices.Repeat([]float64{2}, f.WorkerCount)
	f.each(func(_ int, task *maskTask, p *pattern) {
		if len(task.workers) < 2 {
			return
		}
		yes, no := float64(p.pixels)*p.marked, float64(p.pixels)*(1-p.marked)
		for _, w := range task.workers {
			trues[w] += yes
			falses[w] += no
			passes[w] += no
		}
		for _, i := range p.markers {
			w := task.workers[i]
			hits[w] += yes
			passes[w] -= no
		}
	})
	for w := range f.sensitivity {
		f.sensitivity[w], f.specificity[w] = hits[w]/trues[w], max(1, passes[w])/falses[w]
	}
}

func (f *masksFit) result(c Convergence) *MasksResult {
	out := &MasksResult{
		Masks: make([][]int32, f.TaskCount), Confidence: make([]float64, f.TaskCount), Agreement: make([]float64, f.TaskCount),
		Sensitivity: make([]Estimate, f.WorkerCount), Specificity: make([]Estimate, f.WorkerCount), Convergence: c,
	}
	for t := range f.tasks {
		task := &f.tasks[t]
		out.Masks[t], out.Confidence[t] = task.decide()
		out.Agreement[t] = task.agreement()
	}
	for w, n := range f.seen {
		out.Sensitivity[w], out.Specificity[w] = share(n*f.sensitivity[w], n), share(n*f.specificity[w], n)
	}
	return out
}

// decide returns the runs of the pixels that belong rather than not, and the confidence in them.
func (t *maskTask) decide() (runs []int32, confidence float64) {
	if len(t.workers) == 0 {
		return nil, math.NaN()
	}
	runs = []int32{0}
	for _, r := range t.runs {
		belongs := t.patterns[r.pattern].marked > 0.5
		if belongs == (len(runs)%2 == 1) {
			runs = append(runs, 0)
		}
		runs[len(runs)-1] += r.length
	}
	both, either := 0.0, 0.0
	for _, p := range t.patterns {
		if p.marked > 0.5 {
			both += float64(p.pixels) * p.marked
			either += float64(p.pixels)
		} else {
			either += float64(p.pixels) * p.marked
		}
	}
	if either == 0 {
		return runs, 1
	}
	return runs, both / either
}

// agreement is that of MasksResult. O(patterns workers^2).
func (t *maskTask) agreement() float64 {
	n := len(t.workers)
	both, area := make([]int64, n*n), make([]int64, n)
	for _, p := range t.patterns {
		for _, i := range p.markers {
			area[i] += p.pixels
			for _, j := range p.markers {
				both[int(i)*n+int(j)] += p.pixels
			}
		}
	}
	sum, pairs := 0.0, 0.0
	for i := range n {
		for j := range i {
			pairs++
			if either := area[i] + area[j] - both[i*n+j]; either > 0 {
				sum += float64(both[i*n+j]) / float64(either)
			} else {
				sum++
			}
		}
	}
	return sum / pairs // NaN without pairs
}
