package interchange

import "github.com/tasknet/tasknet/labeling"

// agreement is how much people agree, summed up task by task. Those who cannot tell are left out, and tasks that fewer than
// two could tell.
type agreement struct {
	tasks int
	pairs float64 // sum over tasks of the share of pairs of answers that are the same

	// For Krippendorff's alpha of labels (Content Analysis, 4th ed., 12.2, nominal): how often each was given, and the sum
	// over tasks of n(c) n(k) / (n - 1) for c other than k.
	given    []float64
	observed float64
}

func newAgreement(choices int) *agreement { return &agreement{given: make([]float64, choices)} }

func (a *agreement) add(row *labeling.Labeled) {
	type answer struct {
		choice int
		value  string
	}
	counts, n := map[answer]float64{}, 0.0
	for _, given := range row.Answers {
		if given.Value == "" && given.Choice < 0 {
			continue
		}
		counts[answer{given.Choice, string(given.Value)}]++
		n++
	}
	if n < 2 {
		return
	}
	same := 0.0
	for what, count := range counts {
		same += count * (count - 1)
		if what.value == "" && what.choice < len(a.given) {
			a.given[what.choice] += count
		}
	}
	a.tasks++
	a.pairs += same / (n * (n - 1))
	a.observed += (n*(n-1) - same) / (n - 1)
}

// percent is the mean share of pairs of answers to a task that are the same. It is not ok when there are none.
func (a *agreement) percent() (share float64, ok bool) {
	return a.pairs / float64(max(a.tasks, 1)), a.tasks > 0
}

// alpha is 1 when all agree, 0 when they agree as by chance. It is not ok when all answers are the same, or there are none.
func (a *agreement) alpha() (alpha float64, ok bool) {
	total, squares := 0.0, 0.0
	for _, n := range a.given {
		total += n
		squares += n * n
	}
	expected := total*total - squares
	if expected == 0 {
		return 0, false
	}
	return 1 - (total-1)*a.observed/expected, true
}
