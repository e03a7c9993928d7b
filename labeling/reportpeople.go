package labeling

import (
	"cmp"
	"slices"

	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/polls"
)

// ReportAgreeing is how far somebody agrees with the others who answered the same tasks: the share of their answers that are
// the same as this person's or, of values, their mean likeness, with an interval that holds with probability 0.95.
type ReportAgreeing struct {
	Respondent polls.RespondentID `json:"respondent"`
	Answers    int                `json:"answers"` // that are compared
	Share      float64            `json:"share"`
	Low        float64            `json:"low"`
	High       float64            `json:"high"`
}

// ReportMatrix is how far each two of some people agree: those with the most answers in common.
type ReportMatrix struct {
	People []polls.RespondentID `json:"people"`
	Tasks  [][]int              `json:"tasks"` // that both answered; 0 of somebody with themselves
	Share  [][]float64          `json:"share"` // of these, that both answered alike; of values the mean likeness
}

// matrixPeople is how many people a matrix has.
const matrixPeople = 10

// busiest returns those who gave skillFrom answers or more, the most first, pairPeople at most.
func (r *Reporting) busiest(answers []int) (people []int32) {
	for w, n := range answers {
		if n >= skillFrom {
			people = append(people, int32(w))
		}
	}
	slices.SortFunc(people, func(a, b int32) int {
		return cmp.Or(cmp.Compare(answers[b], answers[a]), cmp.Compare(r.people[a], r.people[b]))
	})
	return people[:min(len(people), pairPeople)]
}

// reportAgreeing lists the people with the most answers.
func (r *Reporting) reportAgreeing(answers []int, of func(w int32) aggregate.Estimate) {
	people := r.busiest(answers)
	for _, w := range people[:min(len(people), goldPeople)] {
		if e := of(w); e.Known() {
			r.report.Agreeing = append(r.report.Agreeing, ReportAgreeing{r.people[w], answers[w], e.Value, e.Low, e.High})
		}
	}
}

// reportMatrix lays out how far some people agree. common is how many tasks two of them answered, and in how many they agree.
func (r *Reporting) reportMatrix(people []int32, common func(a, b int32) (tasks int, alike float64)) {
	shared := make(map[int32]int, len(people))
	for i, a := range people {
		for _, b := range people[:i] {
			n, _ := common(a, b)
			shared[a], shared[b] = shared[a]+n, shared[b]+n
		}
	}
	people = slices.Clone(people)
	slices.SortStableFunc(people, func(a, b int32) int { return cmp.Compare(shared[b], shared[a]) })
	people = people[:min(len(people), matrixPeople)]
	people = slices.DeleteFunc(people, func(w int32) bool { return shared[w] == 0 })
	if len(people) < 2 {
		return
	}
	m := &ReportMatrix{}
	for _, a := range people {
		tasks, share := make([]int, len(people)), make([]float64, len(people))
		for j, b := range people {
			if a == b {
				continue
			}
			var alike float64
			if tasks[j], alike = common(a, b); tasks[j] > 0 {
				share[j] = alike / float64(tasks[j])
			}
		}
		m.People, m.Tasks, m.Share = append(m.People, r.people[a]), append(m.Tasks, tasks), append(m.Share, share)
	}
	r.report.Matrix = m
}

// suspect notes two people who made the same mistake in so many of the tasks that both answered, if that is more than chance
// has among so many pairs.
func (r *Reporting) suspect(a, b int32, common, wrong int, chance float64, pairs int) {
	p := upperTail(common, wrong, chance)
	if common < pairFrom || p*float64(pairs) > pairChance {
		return
	}
	x, y := r.people[a], r.people[b]
	r.report.Pairs = append(r.report.Pairs, ReportPair{min(x, y), max(x, y), common, wrong, chance * float64(common), p})
}

// cutPairs leaves the most suspicious pairs.
func (r *Reporting) cutPairs() {
	slices.SortFunc(r.report.Pairs, func(a, b ReportPair) int {
		return cmp.Or(cmp.Compare(a.Chance, b.Chance), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	r.report.Pairs = r.report.Pairs[:min(len(r.report.Pairs), reportedMost)]
}
