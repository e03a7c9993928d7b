package labeling

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/polls"
)

// Report says how good a project's labels are, by its closed tasks. Shares are from 0 to 1. What is about choices alone is
// left out when answers are values, and Likeness when they are choices. How like two values are is the score that one has
// when the other is the truth.
type Report struct {
	Project ProjectID  `json:"project"`
	Name    string     `json:"name"`
	Type    polls.Type `json:"type"`
	Choices []string   `json:"choices"`

	Tasks      int `json:"tasks"`              // closed, and in the report
	LeftOut    int `json:"left_out,omitempty"` // closed tasks that are not in it, as there are too many
	Unanswered int `json:"unanswered"`         // of those, without any answer
	Answers    int `json:"answers"`            // of all kinds
	CannotTell int `json:"cannot_tell"`        // of those

	// AnswersFixed is how many there would be if each task had got the most that the policy allows; Saved is the share of
	// them that were not needed.
	AnswersFixed int     `json:"answers_fixed"`
	Saved        float64 `json:"saved_share"`

	AnswersUsed []ReportCount `json:"answers_used,omitempty"` // tasks by how many answers they used, at most 25 bars

	Paid         string  `json:"paid"`           // to respondents, in tokens
	Fees         string  `json:"fees"`           // to the operator
	CostPerTask  string  `json:"cost_per_task"`  // of closed tasks, fees included
	AnswerMedian float64 `json:"answer_seconds"` // the middle of AnswerTimes; 0 when unknown
	// AnswerTimes counts answers by the seconds since the same person's answer before, less those of ten minutes or more, which
	// are pauses: 17 bins from 0 to 600 seconds. Absent when there are none.
	AnswerTimes []ReportCount `json:"answer_times,omitempty"`

	Agreement   *ReportAgreement `json:"agreement,omitempty"`
	Likeness    *ReportLikeness  `json:"likeness,omitempty"`
	Labels      []int            `json:"labels,omitempty"`      // tasks by their label
	Confusion   [][]int          `json:"confusion,omitempty"`   // answers by the label of their task, then by what they say
	Calibration []ReportBin      `json:"calibration,omitempty"` // on tasks whose truth is known
	Gold        *ReportGold      `json:"gold,omitempty"`        // of those, and of those whose answers are values
	People      int              `json:"people"`
	Skills      []int            `json:"skills,omitempty"`   // people with ten answers or more, by tenths of their answers that are the label, or of how like it their values are
	Agreeing    []ReportAgreeing `json:"agreeing,omitempty"` // those with the most answers, of people with ten or more
	Matrix      *ReportMatrix    `json:"matrix,omitempty"`   // of the same people
	Pairs       []ReportPair     `json:"pairs,omitempty"`    // people who make the same mistakes more often than by chance
	Disputed    []ReportTask     `json:"disputed,omitempty"` // tasks that people disagree on most

	// Of all tasks, open ones too: how often people gave one back for good, by their reasons; and of which they said that
	// something is wrong with it, the most frequent first.
	Skipped  []ReportSkip `json:"skipped,omitempty"`
	Reported []ReportSkip `json:"reported,omitempty"`
}

// ReportSkip is a reason to give a task back, and how often it was given: of one task, or of all when Key is "".
type ReportSkip struct {
	Key      string           `json:"key,omitempty"`
	Question polls.QuestionID `json:"question,omitempty"`
	Reason   string           `json:"reason"` // unclear, broken, wrong_choices, offensive, other; or not_for_me, and none where nothing was said
	Times    int              `json:"times"`
}

// ReportedMost is how many tasks a report lists, of those that people disagree on, and of those that they say something is
// wrong with.
const ReportedMost = 20

// ReportAgreement is aggregate.Agreement of all answers.
type ReportAgreement struct {
	Percent float64 `json:"percent"`
	Fleiss  float64 `json:"fleiss_kappa"`
	Nominal float64 `json:"krippendorff_alpha"`
	Ordinal float64 `json:"krippendorff_alpha_ordinal"`
}

// ReportGold is how near labels and people come to what is known to be true. A choice has a score of 1 or 0, a value that of
// score, and is right from where valueRules has it.
type ReportGold struct {
	Tasks  int            `json:"tasks"`
	Right  int            `json:"right"`
	Score  float64        `json:"score"`            // of the labels, their mean
	People []ReportPerson `json:"people,omitempty"` // those with the most answers to such tasks
}

// ReportPerson is how somebody did on tasks whose truth is known.
type ReportPerson struct {
	Respondent polls.RespondentID `json:"respondent"`
	Answers    int                `json:"answers"` // of all kinds
	CannotTell int                `json:"cannot_tell"`
	Right      int                `json:"right"`
	Score      float64            `json:"score"`               // the mean of those that are not cannot tell; 0 without any
	Worthless  bool               `json:"worthless,omitempty"` // these prove that values which the person gives are worth nothing
}

// ReportBin is tasks whose confidence is in a range.
type ReportBin struct {
	From       float64 `json:"from"`
	To         float64 `json:"to"`
	Tasks      int     `json:"tasks"`
	Confidence float64 `json:"confidence"` // their mean
	Right      float64 `json:"right"`      // the share whose label is the truth
}

// ReportPair is two people and the tasks that both answered. Expected is how many they would both have got wrong if their
// mistakes had nothing to do with each other. Of values, both are wrong where their answers are more like each other than
// either is like the label, and half alike at least; as many are expected as the rest have in common, or as
// either of them has with anybody else where that is more.
type ReportPair struct {
	A        polls.RespondentID `json:"a"`
	B        polls.RespondentID `json:"b"`
	Common   int                `json:"common"`
	Wrong    int                `json:"both_wrong"` // with the same answer
	Expected float64            `json:"expected"`
	Chance   float64            `json:"chance"` // of as many or more
}

// ReportTask is a task with what was said of it.
type ReportTask struct {
	Key        string           `json:"key"`
	Question   polls.QuestionID `json:"question"`
	Counts     []int            `json:"counts"`          // empty when answers are values
	Label      int              `json:"label"`           // NoChoice when it is a value
	Value      json.RawMessage  `json:"value,omitempty"` // the label when it is one
	Confidence float64          `json:"confidence"`      // or how much values agree
	entropy    float64
}

const (
	reportedMost  = ReportedMost // and pairs
	goldPeople    = 100
	skillFrom     = 10 // answers, before a person's skill says something
	pairFrom      = 10 // tasks that two people have in common, before how they agree says something
	pairPeople    = 300
	pairChance    = 1e-3 // of any suspicion by mere chance among all pairs
	pauseMost     = 10 * time.Minute
	calibrationAt = 0.05 // the width of a bin
)

// Reporting makes a report. Tasks are added one by one; 40 bytes are kept of each answer.
type Reporting struct {
	project *Project
	report  Report
	choices int

	columns aggregate.Columns
	at      []int64
	worker  map[polls.RespondentID]int32
	people  []polls.RespondentID
	onGold  []goldScore // of people
	label   []int32
	used    used

	likeness likenesses
	problem  error // the first in reading values

	goldLabels goldScore
	goldOdds   int // of the values that measure people: see valueRule

	bins [20]struct {
		tasks, right int
		sum          float64
	}
}

// NewReporting begins a report.
func NewReporting(p *Project) *Reporting {
	return &Reporting{project: p, worker: make(map[polls.RespondentID]int32), report: Report{Project: p.ID, Name: p.Name, Type: p.Type, Choices: p.Choices}}
}

// Add adds a closed task with its verdict.
func (r *Reporting) Add(t *ClosedTask) {
	rep := &r.report
	rep.Tasks++
	rep.AnswersFixed += t.Question.Policy.Max
	r.used.add(t)
	if len(t.Answers) == 0 {
		rep.Unanswered++
	}
	label, isLabel := LabelOf(t.Verdict), t.Question.Type.IsLabel()
	if isLabel {
		r.choices = len(t.Question.Choices)
	}
	if rep.Labels == nil && isLabel {
		rep.Labels = make([]int, r.choices)
		rep.Confusion = make([][]int, r.choices)
		for i := range rep.Confusion {
			rep.Confusion[i] = make([]int, r.choices)
		}
	}
	task, first := int32(len(r.label)), len(r.columns.Task)
	r.label = append(r.label, int32(label.Choice))
	counts := make([]int, r.choices)
	for _, a := range t.Answers {
		w, known := r.worker[a.Respondent]
		if !known {
			w = int32(len(r.people))
			r.worker[a.Respondent], r.people, r.onGold = w, append(r.people, a.Respondent), append(r.onGold, goldScore{})
		}
		rep.Answers++
		class := int32(a.Choice)
		if a.Choice == polls.CannotTell {
			rep.CannotTell++
			class = aggregate.CannotTell
		} else if isLabel {
			counts[a.Choice]++
			if label.Choice != NoChoice {
				rep.Confusion[label.Choice][a.Choice]++
			}
		}
		r.columns.Task, r.columns.Worker, r.columns.Class = append(r.columns.Task, task), append(r.columns.Worker, w), append(r.columns.Class, class)
		r.at = append(r.at, a.AcceptedAt.UnixMilli())
	}
	r.scoreGold(t, label)
	if !isLabel && r.problem == nil {
		r.problem = r.addValues(t, label, first)
	}
	if !isLabel || label.Choice == NoChoice {
		return
	}
	rep.Labels[label.Choice]++
	r.calibrate(t, label)
	r.dispute(t, label, counts)
}

// calibrate compares the label of a task with its truth, if that is known.
func (r *Reporting) calibrate(t *ClosedTask, label Label) {
	truth, err := strconv.Atoi(t.Task.Truth)
	if err != nil {
		return
	}
	confidence := float64(label.Confidence) / million
	bin := &r.bins[min(int(confidence/calibrationAt), len(r.bins)-1)]
	bin.tasks++
	bin.sum += confidence
	if truth == label.Choice {
		bin.right++
	}
}

// goldScore sums what somebody said, or labels are, where the truth is known.
type goldScore struct {
	answers, unsure, right, sum int

	gold GoldRecord // of those that measure people by values
}

func (g *goldScore) add(choice int, score int, right bool) {
	g.answers++
	if choice == polls.CannotTell {
		g.unsure++
		return
	}
	if right {
		g.right++
	}
	g.sum += score
}

// mean is of what says anything, from 0 to 1.
func (g *goldScore) mean() float64 {
	return float64(g.sum) / million / float64(max(g.answers-g.unsure, 1))
}

// scoreGold compares the label, if there is one, and the answers of a task with its truth, if that is known.
func (r *Reporting) scoreGold(t *ClosedTask, label Label) {
	if t.Task.Truth == "" {
		return
	}
	truth, err := ReadTruth(t.Question, t.Task.Truth)
	if err != nil {
		return // no truth of this question, and so no gold
	}
	scores, right := make([]int, len(t.Answers)), make([]bool, len(t.Answers))
	for i, a := range t.Answers {
		if a.Erased {
			continue
		}
		if scores[i], right[i], err = scoreAnswer(t.Question, a.Choice, a.Value, truth); err != nil {
			return
		}
	}
	labelScore, labelRight, err := scoreAnswer(t.Question, label.Choice, label.Value, truth)
	if err != nil {
		return
	}
	_, err = NewGold(t.Question, *truth)
	measured := err == nil && !t.Question.Type.IsLabel() // of choices, skill snapshots say who is worthless
	if measured {
		r.goldOdds = valueRules[t.Question.Type].odds
	}
	for i, a := range t.Answers {
		if a.Erased {
			continue
		}
		g := &r.onGold[r.worker[a.Respondent]]
		g.add(a.Choice, scores[i], right[i])
		switch {
		case !measured:
		case a.Choice == polls.CannotTell:
			g.gold.Unsure++
		case right[i]:
			g.gold.Right++
		default:
			g.gold.Wrong++
		}
	}
	if label.Value != "" || label.Choice != NoChoice {
		r.goldLabels.add(label.Choice, labelScore, labelRight)
	}
}

// reportGold sums what the tasks with a known truth tell.
func (r *Reporting) reportGold() *ReportGold {
	if r.goldLabels.answers == 0 {
		return nil
	}
	gold := &ReportGold{Tasks: r.goldLabels.answers, Right: r.goldLabels.right, Score: r.goldLabels.mean()}
	for w, g := range r.onGold {
		if g.answers > 0 {
			worthless := r.goldOdds > 0 && g.gold.Worthless(r.goldOdds)
			gold.People = append(gold.People, ReportPerson{r.people[w], g.answers, g.unsure, g.right, g.mean(), worthless})
		}
	}
	slices.SortFunc(gold.People, func(a, b ReportPerson) int {
		return cmp.Or(cmp.Compare(b.Answers, a.Answers), cmp.Compare(a.Score, b.Score), cmp.Compare(a.Respondent, b.Respondent))
	})
	gold.People = gold.People[:min(len(gold.People), goldPeople)]
	return gold
}

// dispute keeps the tasks whose answers have the largest entropy.
func (r *Reporting) dispute(t *ClosedTask, label Label, counts []int) {
	total, entropy := 0, 0.0
	for _, n := range counts {
		total += n
	}
	for _, n := range counts {
		if n > 0 {
			p := float64(n) / float64(total)
			entropy -= p * math.Log2(p)
		}
	}
	if entropy == 0 {
		return
	}
	r.keepDisputed(ReportTask{Key: t.Task.Key, Question: t.Question.ID, Counts: counts, Label: label.Choice, Confidence: float64(label.Confidence) / million, entropy: entropy})
}

// keepDisputed keeps a task, and now and then no more than will be reported.
func (r *Reporting) keepDisputed(t ReportTask) {
	r.report.Disputed = append(r.report.Disputed, t)
	if len(r.report.Disputed) == 10*reportedMost {
		r.cutDisputed()
	}
}

func (r *Reporting) cutDisputed() {
	slices.SortStableFunc(r.report.Disputed, func(a, b ReportTask) int {
		return cmp.Or(cmp.Compare(b.entropy, a.entropy), cmp.Compare(a.Confidence, b.Confidence), cmp.Compare(a.Key, b.Key))
	})
	r.report.Disputed = r.report.Disputed[:min(len(r.report.Disputed), reportedMost)]
}

// Report returns the report on the tasks that were added.
func (r *Reporting) Report() (*Report, error) {
	rep := &r.report
	rep.People = len(r.people)
	if rep.AnswersFixed > 0 {
		rep.Saved = 1 - float64(rep.Answers)/float64(rep.AnswersFixed)
	}
	c := r.project.Counts
	rep.Paid, rep.Fees = c.Paid.String(), c.Fees.String()
	rep.CostPerTask = "0"
	if closed := int64(c.Done + c.Ended); closed > 0 {
		rep.CostPerTask = polls.Decimal(c.Cost().Micro() / closed).String()
	}
	rep.AnswersUsed = r.used.bins()
	rep.AnswerMedian, rep.AnswerTimes = r.pace()
	rep.Gold = r.reportGold()
	r.cutDisputed()
	for i, b := range r.bins {
		if b.tasks > 0 {
			from := float64(i) / float64(len(r.bins))
			rep.Calibration = append(rep.Calibration, ReportBin{from, float64(i+1) / float64(len(r.bins)), b.tasks, b.sum / float64(b.tasks), float64(b.right) / float64(b.tasks)})
		}
	}
	if r.problem != nil {
		return nil, r.problem
	}
	if rep.Answers == 0 {
		return rep, nil
	}
	if r.choices == 0 {
		return rep, r.reportValues()
	}
	r.columns.Tasks, r.columns.Workers, r.columns.Classes = len(r.label), len(r.people), r.choices
	votes, err := aggregate.NewVotes(r.columns)
	if err != nil {
		return nil, err
	}
	a := aggregate.Agree(votes)
	number := func(x float64) float64 { // JSON has no others
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return 0
		}
		return x
	}
	rep.Agreement = &ReportAgreement{number(a.Percent), number(a.Fleiss), number(a.Nominal), number(a.Ordinal)}
	total, busy := r.judge()
	r.reportAgreeing(total, func(w int32) aggregate.Estimate { return a.Workers[w] })
	together, err := aggregate.Pairwise(votes, busy)
	if err != nil {
		return nil, err
	}
	at := make(map[int32]int, len(busy))
	for i, w := range busy {
		at[w] = i
	}
	r.reportMatrix(busy, func(a, b int32) (tasks int, alike float64) {
		t := together[at[a]*len(busy)+at[b]]
		return t.Tasks, float64(t.Equal)
	})
	return rep, nil
}

// pace returns the median of the seconds between two answers of one person, without pauses, and how they are spread.
func (r *Reporting) pace() (median float64, bins []ReportCount) {
	by := make([][]int64, len(r.people))
	for i, w := range r.columns.Worker {
		by[w] = append(by[w], r.at[i])
	}
	var gaps []int64
	for _, times := range by {
		slices.Sort(times)
		for i := 1; i < len(times); i++ {
			if gap := times[i] - times[i-1]; gap < pauseMost.Milliseconds() {
				gaps = append(gaps, gap)
			}
		}
	}
	if len(gaps) == 0 {
		return 0, nil
	}
	slices.Sort(gaps)
	return float64(gaps[len(gaps)/2]) / 1000, paceBins(gaps)
}

// judge compares everybody's answers with the labels, and with those of the others. It returns how many answers of each are
// compared, and who gave the most.
func (r *Reporting) judge() (total []int, busy []int32) {
	right := make([]int, len(r.people))
	total = make([]int, len(r.people))
	each := func(f func(i int, w, class, label int32)) {
		for i, w := range r.columns.Worker {
			if class, label := r.columns.Class[i], r.label[r.columns.Task[i]]; class >= 0 && label != NoChoice {
				f(i, w, class, label)
			}
		}
	}
	each(func(_ int, w, class, label int32) {
		total[w]++
		if class == label {
			right[w]++
		}
	})
	r.report.Skills = make([]int, 10)
	for w, n := range total {
		if n >= skillFrom {
			r.report.Skills[min(10*right[w]/n, 9)]++
		}
	}
	busy = r.busiest(total)
	watched := make(map[int32]bool, len(busy))
	for _, w := range busy {
		watched[w] = true
	}
	type pair struct{ a, b int32 }
	type shared struct{ common, wrong int }
	pairs := make(map[pair]*shared)
	for from := 0; from < len(r.columns.Task); { // a task's answers lie together
		to := from
		for to < len(r.columns.Task) && r.columns.Task[to] == r.columns.Task[from] {
			to++
		}
		label := r.label[r.columns.Task[from]]
		for i := from; i < to && label != NoChoice; i++ {
			for j := from; j < i; j++ {
				a, b := r.columns.Worker[i], r.columns.Worker[j]
				if !watched[a] || !watched[b] || r.columns.Class[i] < 0 || r.columns.Class[j] < 0 {
					continue
				}
				key := pair{min(a, b), max(a, b)}
				if pairs[key] == nil {
					pairs[key] = new(shared)
				}
				pairs[key].common++
				if r.columns.Class[i] == r.columns.Class[j] && r.columns.Class[i] != label {
					pairs[key].wrong++
				}
			}
		}
		from = to
	}
	for key, s := range pairs {
		wrong := func(w int32) float64 { return float64(total[w]-right[w]) / float64(total[w]) }
		chance := wrong(key.a) * wrong(key.b)
		r.suspect(key.a, key.b, s.common, s.wrong, chance, len(pairs))
	}
	r.cutPairs()
	return total, busy
}

// upperTail is the probability that of n events, each with probability p, k or more happen.
func upperTail(n, k int, p float64) float64 {
	if k <= 0 || p >= 1 {
		return 1
	}
	if p <= 0 {
		return 0
	}
	choose := func(n, k int) float64 {
		a, _ := math.Lgamma(float64(n + 1))
		b, _ := math.Lgamma(float64(k + 1))
		c, _ := math.Lgamma(float64(n - k + 1))
		return a - b - c
	}
	sum := 0.0
	for i := k; i <= n; i++ {
		sum += math.Exp(choose(n, i) + float64(i)*math.Log(p) + float64(n-i)*math.Log1p(-p))
	}
	return min(sum, 1)
}
