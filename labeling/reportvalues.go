package labeling

import (
	"encoding/json"
	"math"

	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/polls"
)

// ReportLikeness is how alike answers that are values are.
type ReportLikeness struct {
	Mean   float64 `json:"mean"`   // of tasks that two people or more could tell, as their verdicts have it
	Tenths []int   `json:"tenths"` // these tasks by tenths of it

	// Alpha is that of Krippendorff: of numbers by the squares of their differences, of several choices the mean over them, of all
	// else by how like two values are, on the tasks that were compared. Absent for rankings whose choices are not the same for all
	// tasks, and where it is not known.
	Alpha *float64 `json:"krippendorff_alpha,omitempty"`

	// Compared is how many tasks had their answers compared with the label and with each other: what is said of people is of
	// these. They are the first by their keys, up to an amount of answers that takes some seconds.
	Compared int `json:"compared_tasks"`
}

// compareMost is how much is compared: the bytes of each two values, and compareBase for the call.
const (
	compareMost = 64 << 20
	compareBase = 64
)

// likenesses compares answers that are values.
type likenesses struct {
	report  ReportLikeness
	spent   int
	label   []likeSum // of each person, how like the label their answers are
	others  []likeSum // of each person, how like those of others
	pairs   map[[2]int32]*likePair
	numbers []float64 // of each answer
	options aggregate.Selections
	chance  chanceAlpha // of other types
	sum     float64
	tasks   int
}

// likeSum sums what is from 0 to 1.
type likeSum struct {
	n            int
	sum, squares float64
}

func (s *likeSum) add(x float64) { s.n, s.sum, s.squares = s.n+1, s.sum+x, s.squares+x*x }

// likePair is what two people have in common. Nearer is in how many tasks their answers are more like each other than either
// is like the label, by a half at least: a mistake that both made.
type likePair struct {
	likeSum
	nearer int
}

// addValues adds the answers to a task, whose rows are from first on.
func (r *Reporting) addValues(t *ClosedTask, label Label, first int) error {
	l := &r.likeness
	told := 0
	for _, a := range t.Answers {
		if err := l.keep(t.Question, &a); err != nil {
			return err
		}
		if a.Choice != polls.CannotTell && !a.Erased {
			told++
		}
	}
	if told < 2 || label.Value == "" {
		return nil
	}
	agreement := float64(label.Confidence) / million
	l.sum, l.tasks = l.sum+agreement, l.tasks+1
	if l.report.Tenths == nil {
		l.report.Tenths = make([]int, 10)
	}
	l.report.Tenths[min(int(10*agreement), 9)]++
	if agreement < 1 {
		r.keepDisputed(ReportTask{Key: t.Task.Key, Question: t.Question.ID, Counts: []int{}, Label: NoChoice, Value: json.RawMessage(label.Value), Confidence: agreement, entropy: 1 - agreement})
	}
	return r.compare(t, label, first)
}

// keep keeps what an agreement over all tasks is computed of.
func (l *likenesses) keep(q *polls.Question, a *polls.Answer) error {
	switch q.Type {
	case polls.Number:
		n := polls.Decimal(0)
		if a.Choice != polls.CannotTell {
			var err error
			if n, err = a.Value.Number(); err != nil {
				return err
			}
		}
		l.numbers = append(l.numbers, float64(n))
	case polls.Multiple:
		s := &l.options
		if s.Start == nil {
			s.Start = []int32{0}
		}
		s.Options = len(q.Choices)
		if a.Choice == polls.CannotTell {
			s.Option = append(s.Option, aggregate.CannotTell)
		} else {
			selected, err := a.Value.Selection()
			if err != nil {
				return err
			}
			for _, o := range selected {
				s.Option = append(s.Option, int32(o))
			}
		}
		s.Start = append(s.Start, int32(len(s.Option)))
	}
	return nil
}

// alikeFrom is from what likeness on two answers may be a copy of one another.
const alikeFrom = 0.5

// compare compares the answers to a task with the label and with each other, while there is time.
func (r *Reporting) compare(t *ClosedTask, label Label, first int) error {
	l, bytes, n := &r.likeness, 0, len(t.Answers)
	for _, a := range t.Answers {
		bytes += n * (len(a.Value) + compareBase)
	}
	if l.spent += bytes; l.spent > compareMost {
		return nil
	}
	l.report.Compared++
	l.label, l.others = grown(l.label, len(r.people)), grown(l.others, len(r.people))
	like := func(a, b polls.Value) (float64, error) {
		s, err := Score(t.Question, a, b)
		return float64(s) / million, err
	}
	near := make([]float64, n) // to the label
	apart, said := 0.0, make([]polls.Value, 0, n)
	for i, a := range t.Answers {
		if a.Choice == polls.CannotTell || a.Erased {
			continue
		}
		var err error
		if near[i], err = like(a.Value, label.Value); err != nil {
			return err
		}
		l.label[r.columns.Worker[first+i]].add(near[i])
		said = append(said, a.Value)
		for j, b := range t.Answers[:i] {
			if b.Choice == polls.CannotTell || b.Erased {
				continue
			}
			alike, err := like(a.Value, b.Value)
			if err != nil {
				return err
			}
			apart += 1 - alike
			v, w := r.columns.Worker[first+i], r.columns.Worker[first+j]
			l.others[v].add(alike)
			l.others[w].add(alike)
			key := [2]int32{min(v, w), max(v, w)}
			if l.pairs == nil {
				l.pairs = make(map[[2]int32]*likePair)
			}
			p := l.pairs[key]
			if p == nil {
				p = new(likePair)
				l.pairs[key] = p
			}
			p.add(alike)
			if alike >= alikeFrom && alike > max(near[i], near[j]) {
				p.nearer++
			}
		}
	}
	if t.Question.Type != polls.Number && t.Question.Type != polls.Multiple {
		l.chance.add(t.Question, said, apart)
	}
	return nil
}

func grown(list []likeSum, n int) []likeSum { return append(list, make([]likeSum, n-len(list))...) }

// reportValues sums up what answers that are values have in common.
func (r *Reporting) reportValues() error {
	l := &r.likeness
	if l.tasks == 0 {
		return nil
	}
	l.report.Mean = l.sum / float64(l.tasks)
	if err := r.alpha(); err != nil {
		return err
	}
	r.report.Likeness = &l.report
	l.label, l.others = grown(l.label, len(r.people)), grown(l.others, len(r.people))
	r.report.Skills = make([]int, 10)
	counts := make([]int, len(r.people))
	for w, s := range l.label {
		if counts[w] = s.n; s.n >= skillFrom {
			r.report.Skills[min(int(10*s.sum/float64(s.n)), 9)]++
		}
	}
	r.reportAgreeing(counts, func(w int32) aggregate.Estimate { return l.others[w].mean() })
	r.reportMatrix(r.busiest(counts), func(a, b int32) (tasks int, alike float64) {
		p := l.pairs[[2]int32{min(a, b), max(a, b)}]
		if p == nil {
			return 0, 0
		}
		return p.n, p.sum
	})
	r.suspectLikeness()
	return nil
}

// mean is the mean with a normal interval within 0 and 1; of one or none the bounds are those.
func (s *likeSum) mean() aggregate.Estimate {
	if s.n == 0 {
		return aggregate.Estimate{Value: math.NaN(), High: 1}
	}
	n := float64(s.n)
	m := s.sum / n
	if s.n == 1 {
		return aggregate.Estimate{Value: m, High: 1}
	}
	half := 1.96 * math.Sqrt(max(0, s.squares/n-m*m)/(n-1))
	return aggregate.Estimate{Value: m, Low: max(0, m-half), High: min(1, m+half)}
}

// alpha measures agreement above chance.
func (r *Reporting) alpha() error {
	l := &r.likeness
	var alpha float64
	tasks, people := len(r.label), len(r.people)
	switch r.report.Type {
	case polls.Number:
		rows := aggregate.Rows{TaskCount: tasks, WorkerCount: people, Tasks: r.columns.Task, Workers: r.columns.Worker, CannotTell: make([]bool, len(l.numbers))}
		for i, class := range r.columns.Class {
			rows.CannotTell[i] = class == aggregate.CannotTell
		}
		var err error
		if alpha, err = aggregate.NumbersAlpha(aggregate.Numbers{Rows: rows, Values: l.numbers}); err != nil {
			return err
		}
	case polls.Multiple:
		s := &l.options
		s.Task, s.Worker, s.Tasks, s.Workers = r.columns.Task, r.columns.Worker, tasks, people
		sum, n := 0.0, 0.0
		for option := range s.Options {
			votes, err := s.Votes(option)
			if err != nil {
				return err
			}
			if a := aggregate.Agree(votes).Nominal; !math.IsNaN(a) {
				sum, n = sum+a, n+1
			}
		}
		alpha = sum / n
	case polls.Ranking:
		if r.project.Choices == nil {
			return nil
		}
		fallthrough
	default:
		var err error
		if alpha, err = l.chance.alpha(); err != nil {
			return err
		}
	}
	if !math.IsNaN(alpha) {
		l.report.Alpha = &alpha
	}
	return nil
}

// suspectLikeness finds people who make the same mistakes more often than the rest do, of which neither is, and than either
// does with anybody else: good people who are outvoted by bad ones are like many others.
func (r *Reporting) suspectLikeness() {
	l := &r.likeness
	common, nearer := make([]int, len(r.people)), make([]int, len(r.people))
	best := make([]closest, len(r.people))
	all, allNearer := 0, 0
	for key, p := range l.pairs {
		all, allNearer = all+p.n, allNearer+p.nearer
		for i, w := range key {
			common[w], nearer[w] = common[w]+p.n, nearer[w]+p.nearer
			if p.n >= pairFrom {
				best[w].add(key[1-i], smoothed(p.nearer, p.n))
			}
		}
	}
	for key, p := range l.pairs {
		a, b := key[0], key[1]
		rest := smoothed(allNearer-nearer[a]-nearer[b]+p.nearer, all-common[a]-common[b]+p.n)
		r.suspect(a, b, p.n, p.nearer, max(rest, best[a].but(b), best[b].but(a)), len(l.pairs))
	}
	r.cutPairs()
}

// smoothed is a share of which little is known while there are few.
func smoothed(part, whole int) float64 { return float64(part+1) / float64(whole+2) }

// closest is the two highest shares that somebody has with others.
type closest struct {
	with          int32
	first, second float64
}

func (c *closest) add(with int32, share float64) {
	if share > c.first {
		c.with, c.first, c.second = with, share, c.first
	} else {
		c.second = max(c.second, share)
	}
}

// but is the highest with anybody but one.
func (c *closest) but(one int32) float64 {
	if c.with == one {
		return c.second
	}
	return c.first
}
