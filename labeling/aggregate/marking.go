package aggregate

import "math"

// marking counts how often workers marked what belongs to a result, and what they marked that does not, to say how likely
// the answers are. Of tasks with one answer it counts nothing: they are what their worker says.
type marking struct{ belongs, other trials }

// trials is how many of several came out.
type trials struct{ hits, all float64 }

// add counts so many parts, which some of the workers of a task marked.
func (m *marking) add(belongs bool, parts, markers, workers float64) {
	if workers < 2 {
		return
	}
	t := &m.other
	if belongs {
		t = &m.belongs
	}
	t.hits += parts * markers
	t.all += parts * workers
}

// logLikelihood is that of Bernoulli's trials, in which workers mark what belongs with one probability and what does not with
// another, both the most likely, each part for itself. What nobody marked is left out.
func (m *marking) logLikelihood() float64 { return m.belongs.logLikelihood() + m.other.logLikelihood() }

func (t trials) logLikelihood() (sum float64) {
	for _, n := range []float64{t.hits, t.all - t.hits} {
		if n > 0 {
			sum += n * math.Log(n/t.all)
		}
	}
	return sum
}
