package labeling

import (
	"fmt"
	"slices"

	"github.com/tasknet/tasknet/polls"
)

// Witness is what a model's word is worth in a family: how often it said each choice given each truth, for each of the bounds
// of how sure it said to be, on tasks that it did not learn from. So it is a respondent as people are (Dawid and Skene, Applied
// Statistics 28, 1979), and one whose stated confidence is not believed but measured, bin by bin (Zadrozny and Elkan, ICML
// 2001). It is not one of the family's people: what these are like is learned without it.
type Witness struct {
	Choices int

	// Counts[sureness][truth*Choices+said] is how often it said that, in thousandths: where the truth is known by what people
	// answered only, a task counts for each truth with its posterior.
	Counts [][]int

	// Calibration is that of posteriors in which its word counts with those of people: its own, as both may be wrong about the
	// same tasks.
	Calibration Calibration

	usual []matrix // of who is as sure as it says, and no surer
}

// NewWitness checks and completes what is known of a model. It keeps the slices.
func NewWitness(w Witness) (*Witness, error) {
	k := w.Choices
	if k < polls.ChoicesMin || k > polls.ChoicesMax || len(w.Counts) != len(surenessFrom) {
		return nil, fmt.Errorf("witness: %d counts for %d choices", len(w.Counts), k)
	}
	if err := w.Calibration.check(); err != nil {
		return nil, err
	}
	sum := 0
	for sureness, counts := range w.Counts {
		if len(counts) != k*k {
			return nil, fmt.Errorf("witness: %d counts for %d choices", len(counts), k)
		}
		for _, n := range counts {
			if n < 0 || n > countMax-sum {
				return nil, fmt.Errorf("witness: it has a count of %d", n)
			}
			sum += n
		}
		right := max(int64(surenessFrom[sureness]), million/int64(k))
		m := make(matrix, k*k)
		for cell := range m {
			m[cell] = (million - right) / int64(k-1)
			if cell/k == cell%k {
				m[cell] = right
			}
		}
		w.usual = append(w.usual, m)
	}
	return &w, nil
}

// weigh adds to the scores of a question what the model says of it: as people's answers do, never with more than the surest of
// them.
func (w *Witness) weigh(s scores, o Opinion) {
	said, sureness := o.says()
	w.weighBy(s, w.Counts[sureness], said, sureness)
}

// weighUnknowing does as if the model's word on a gold with this truth had not been counted.
func (w *Witness) weighUnknowing(s scores, o Opinion, truth int) {
	said, sureness := o.says()
	counts := slices.Clone(w.Counts[sureness])
	counts[truth*w.Choices+said] = max(counts[truth*w.Choices+said]-thousand, 0)
	w.weighBy(s, counts, said, sureness)
}

func (w *Witness) weighBy(s scores, counts []int, said, sureness int) {
	column := w.usual[sureness].column(Confusion{Counts: counts}, w.Choices, said)
	for z := range s {
		s[z] += logOf(column[z], w.Choices)
	}
}

// Reference is a closed task that a model did not learn from, and that people closed without it.
type Reference struct {
	Opinion   Opinion
	Votes     []polls.Vote // of people, in the order in which they came
	Gold      int          // the choice that is known to be true, or NoChoice
	Posterior []int        // by people's answers, in parts per million; of a gold nil

	// Over says of a gold that an earlier model's word would have closed it before anybody was asked, and Missed that it would
	// have done so with a wrong choice. A later model finds open only what the earlier ones left.
	Over, Missed bool
}

// truth returns how probable each choice is, in thousandths.
func (r *Reference) truth(choices int) []int {
	out := make([]int, choices)
	if r.Gold != NoChoice {
		out[r.Gold] = thousand
		return out
	}
	for z, p := range r.Posterior {
		out[z] = p / thousand
	}
	return out
}

// LearnWitness learns what a model's word is worth from references that are drawn at random of all tasks: those that people
// were asked because nobody was sure would show it worse than it is. f is what is known of the people, and has learned of the
// golds among the references; least is from how many people's answers on a verdict may close in which the model's word counts.
// What may be claimed then is by gold alone, each as if it had not been there; the first of its answers are looked at from
// least on, as if questions closed as soon as they could. Golds that are Over count as they were closed: what one model was not
// sure of is harder than the others, so that the next is wrong about it more often than about all.
func LearnWitness(f *Family, references []Reference, least int) (*Witness, error) {
	k := f.Choices
	w := Witness{Choices: k, Counts: make([][]int, len(surenessFrom)), Calibration: Calibration{Steps: make([]Step, stepCount)}}
	for sureness := range w.Counts {
		w.Counts[sureness] = make([]int, k*k)
	}
	for i := range w.Calibration.Steps {
		w.Calibration.Steps[i].From = i * stepWidth
	}
	for i := range references {
		said, sureness := references[i].Opinion.says()
		for z, n := range references[i].truth(k) {
			w.Counts[sureness][z*k+said] += n
		}
	}
	counted, err := NewWitness(w)
	if err != nil {
		return nil, err
	}
	for i := range references {
		switch r := &references[i]; {
		case r.Gold == NoChoice || len(r.Votes) < least:
		case r.Over:
			w.Calibration.over(r.Missed)
		default:
			s := slices.Clone(f.start)
			counted.weighUnknowing(s, r.Opinion, r.Gold)
			w.Calibration.see(s, r.Gold, len(r.Votes), least, func(n int) { f.weighUnknowing(s, r.Votes[n], r.Gold) })
		}
	}
	return NewWitness(w)
}

// Closes notes which of the golds that were open are closed by the model's word before anybody is asked, each as if it had not
// been counted.
func (h *Helped) Closes(p polls.Policy, references []Reference) {
	for i := range references {
		r := &references[i]
		if r.Gold == NoChoice || r.Over {
			continue
		}
		s := slices.Clone(h.family.start)
		h.witness.weighUnknowing(s, r.Opinion, r.Gold)
		r.Over = h.claims(p, s, 0)
		r.Missed = r.Over && s.leader() != r.Gold
	}
}

// weighUnknowing does as weigh, as if the answer had not been counted, which is to a gold with this truth.
func (f *Family) weighUnknowing(s scores, v polls.Vote, truth int) {
	i, known := f.index[v.Respondent]
	if !known || v.Choice == polls.CannotTell || f.People[i].Void || len(f.People[i].Counts) == 0 {
		f.weigh(s, v)
		return
	}
	p := f.People[i]
	p.Counts = slices.Clone(p.Counts)
	cell := truth*f.Choices + v.Choice
	p.Counts[cell] = max(p.Counts[cell]-thousand, 0)
	column := f.crowd.column(p, f.Choices, v.Choice)
	for z := range s {
		s[z] += logOf(column[z], f.Choices)
	}
}
