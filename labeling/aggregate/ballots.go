package aggregate

import (
	"math"
	"slices"
)

// ballots are votes with, for each task, the classes that somebody chose. For a method whose errors are spread over the
// other classes by a rule, the classes that nobody chose differ in their prior alone, so that it costs the same for
// 100,000 classes as for three.
type ballots struct {
	*Votes
	first []int32 // the chosen classes of task t are those from first[t] until first[t+1]
	chose []int32 // classes, in rising order within a task
	slot  []int32 // of each answer, the place of its class among the chosen of its task
}

// countBallots takes O(answers) time, and for a task with very many that of sorting them.
func countBallots(v *Votes) *ballots {
	b := &ballots{Votes: v, first: make([]int32, v.tasks+1), slot: make([]int32, v.Len())}
	for t := range v.tasks {
		_, classes := v.of(t)
		from := len(b.chose)
		b.chose = append(b.chose, classes...)
		slices.Sort(b.chose[from:])
		b.chose = b.chose[:from+len(slices.Compact(b.chose[from:]))]
		for i, k := range classes {
			s, _ := slices.BinarySearch(b.chose[from:], k)
			b.slot[int(v.start[t])+i] = int32(s)
		}
		b.first[t+1] = int32(len(b.chose))
	}
	return b
}

// task returns a task's answers, as workers and slots, and how many classes were chosen.
func (b *ballots) task(t int) (workers, slots []int32, chosen int) {
	from, until := b.start[t], b.start[t+1]
	return b.worker[from:until], b.slot[from:until], int(b.first[t+1] - b.first[t])
}

// normaliseLogs turns the logarithms of the odds of the chosen classes into probabilities, sets rest to what the odds of the
// others have to be multiplied by for theirs, and returns the logarithm of what all odds were divided by. others is the
// sum of the odds of the others.
func normaliseLogs(post []float64, others float64, rest *float64) float64 {
	top := post[0]
	if others > 0 {
		top = max(top, 0)
	}
	for _, x := range post {
		top = max(top, x)
	}
	sum := 0.0
	*rest = 0
	if others > 0 {
		*rest = math.Exp(-top)
		sum = others * *rest
	}
	for s, x := range post {
		post[s] = math.Exp(x - top)
		sum += post[s]
	}
	for s := range post {
		post[s] /= sum
	}
	*rest /= sum
	return top + math.Log(sum)
}
