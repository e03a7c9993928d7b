package labeling_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// TestReport reports on a crowd in which two people copy each other, and some tasks are disputed.
func TestReport(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	p := &labeling.Project{ID: "prj_x"}
	p.Name, p.Type, p.Choices = "Birds", polls.Choice, []string{"heron", "egret", "stork"}
	p.Counts = labeling.ProjectCounts{Tasks: 400, Done: 400, Answers: 2000, Paid: tasknet.Micro(2_000_000), Fees: tasknet.Micro(400_000)}
	r := labeling.NewReporting(p)
	start := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	const tasks = 400
	right := 0
	for i := range tasks {
		truth := i % 3
		q := &polls.Question{ID: polls.QuestionID(fmt.Sprintf("q_%d", i)), Type: polls.Choice, Choices: p.Choices, Policy: polls.Policy{Kind: polls.Confidence, Min: 2, Max: 10}}
		say := func(accuracy float64) int {
			if random.Float64() < accuracy {
				return truth
			}
			return (truth + 1 + random.IntN(2)) % 3
		}
		copied := say(0.5)
		choices := []int{say(0.95), say(0.95), say(0.95), copied, copied}
		counts := make([]int, 3)
		task := &labeling.ClosedTask{Task: labeling.Task{Key: fmt.Sprintf("k%03d", i)}, Question: q}
		for w, c := range choices {
			counts[c]++
			task.Answers = append(task.Answers, polls.Answer{Respondent: polls.RespondentID(fmt.Sprintf("rsp_%d", w)), Choice: c, AcceptedAt: start.Add(time.Duration(i) * 4 * time.Second)})
		}
		best := 0
		for k := range counts {
			if counts[k] > counts[best] {
				best = k
			}
		}
		if i < 100 {
			task.Task.Truth = fmt.Sprint(truth)
			if best == truth {
				right++
			}
		}
		posterior := []int{0, 0, 0}
		posterior[best] = 1_000_000
		task.Verdict = &labeling.Verdict{Family: "f", Choice: best, Posterior: posterior, Answers: 5, Method: labeling.DawidSkene}
		r.Add(task)
	}
	got, err := r.Report()
	if err != nil {
		t.Fatal(err)
	}
	if got.Tasks != tasks || got.Answers != 5*tasks || got.People != 5 || got.AnswersFixed != 10*tasks || got.Saved != 0.5 || got.AnswerMedian != 4 || got.CostPerTask != "0.006" {
		t.Errorf("the report's sums: %+v", got)
	}
	wantUsed := make([]labeling.ReportCount, 11) // each of them used 5 of at most 10
	for i := range wantUsed {
		wantUsed[i] = labeling.ReportCount{From: i, To: i + 1}
	}
	wantUsed[5].Count = tasks
	if diff := cmp.Diff(wantUsed, got.AnswersUsed); diff != "" {
		t.Errorf("answers used (-want +got):\n%s", diff)
	}
	for _, bin := range got.AnswerTimes {
		want := 0
		if bin.From == 4 && bin.To == 6 { // people answer every 4 seconds
			want = 5 * (tasks - 1)
		}
		if bin.Count != want {
			t.Errorf("%d answers took from %d to %d seconds, want %d", bin.Count, bin.From, bin.To, want)
		}
	}
	if len(got.Pairs) != 1 || got.Pairs[0].A != "rsp_3" || got.Pairs[0].B != "rsp_4" || got.Pairs[0].Common != tasks || float64(got.Pairs[0].Wrong) < 2*got.Pairs[0].Expected {
		t.Errorf("suspicious pairs: %+v", got.Pairs)
	}
	if got.Gold.Tasks != 100 || got.Gold.Right != right || len(got.Calibration) != 1 || got.Calibration[0].Right != float64(right)/100 || got.Calibration[0].Confidence != 1 {
		t.Errorf("gold %+v, calibration %+v", got.Gold, got.Calibration)
	}
	if p := got.Gold.People; len(p) != 5 || p[0].Answers != 100 || p[0].Respondent != "rsp_3" || p[1].Respondent != "rsp_4" || p[0].Right > 70 || p[4].Right < 85 || p[4].Score != float64(p[4].Right)/100 || got.Gold.Score != float64(right)/100 {
		t.Errorf("people on gold: %+v", got.Gold)
	}
	if diff := cmp.Diff([]int{0, 0, 0, 0, 0, 2, 0, 0, 1, 2}, got.Skills); diff != "" {
		t.Errorf("skills (-want +got):\n%s", diff)
	}
	if len(got.Disputed) != 20 || got.Disputed[0].Counts[0]+got.Disputed[0].Counts[1]+got.Disputed[0].Counts[2] != 5 {
		t.Errorf("%d disputed tasks: %+v", len(got.Disputed), got.Disputed)
	}
	sum, labels := 0, 0
	for k, row := range got.Confusion {
		labels += got.Labels[k]
		for _, n := range row {
			sum += n
		}
	}
	if sum != 5*tasks || labels != tasks || got.Agreement.Percent < 0.6 || got.Agreement.Nominal > got.Agreement.Percent {
		t.Errorf("confusion %v of %v, agreement %+v", got.Confusion, got.Labels, got.Agreement)
	}
	// Those who copy agree with each other, and less with the others.
	if a := got.Agreeing; len(a) != 5 || a[0].Answers != tasks || a[0].Low >= a[0].Share || a[0].Share >= a[0].High || a[4].Respondent != "rsp_4" || a[4].Share >= a[0].Share {
		t.Errorf("who agrees with others: %+v", a)
	}
	if m := got.Matrix; len(m.People) != 5 || m.People[3] != "rsp_3" || m.Tasks[3][4] != tasks || m.Share[3][4] != 1 || m.Share[3][0] > 0.7 || m.Share[0][3] != m.Share[3][0] || m.Tasks[2][2] != 0 {
		t.Errorf("who agrees with whom: %+v", m)
	}
	text, err := json.Marshal(got)
	if err != nil || !strings.Contains(string(text), `"krippendorff_alpha":`) {
		t.Errorf("as JSON: %s, %v", text, err)
	}
}

// TestReportOfLittle reports on nothing, on tasks that nobody answered, and on values.
func TestReportOfLittle(t *testing.T) {
	t.Parallel()
	p := &labeling.Project{ID: "prj_x"}
	r := labeling.NewReporting(p)
	empty, err := r.Report()
	if err != nil || empty.Tasks != 0 || empty.CostPerTask != "0" {
		t.Errorf("of nothing: %+v, %v", empty, err)
	}
	r = labeling.NewReporting(p)
	choice := &polls.Question{ID: "q_1", Type: polls.YesNo, Choices: []string{"Yes", "No"}, Policy: polls.Policy{Max: 3}}
	r.Add(&labeling.ClosedTask{Question: choice, Verdict: &labeling.Verdict{Family: "f", Choice: labeling.NoChoice, Posterior: []int{500_000, 500_000}}})
	one := polls.Answer{Respondent: "rsp_a", Choice: polls.CannotTell}
	r.Add(&labeling.ClosedTask{Question: choice, Answers: []polls.Answer{one}, Verdict: &labeling.Verdict{Family: "f", Choice: labeling.NoChoice, Posterior: []int{500_000, 500_000}}})
	got, err := r.Report()
	if err != nil || got.Unanswered != 1 || got.CannotTell != 1 || got.Answers != 1 || got.Agreement.Percent != 0 {
		t.Errorf("of what nobody could tell: %+v, %v", got, err)
	}
	r = labeling.NewReporting(p)
	number := &polls.Question{ID: "q_1", Type: polls.Number, Policy: polls.Policy{Max: 3}}
	r.Add(&labeling.ClosedTask{Question: number, Answers: []polls.Answer{{Respondent: "rsp_a", Value: `"4"`}}, Verdict: &labeling.Verdict{Value: `"4"`, Choice: labeling.NoChoice}})
	got, err = r.Report()
	if err != nil || got.Answers != 1 || got.Agreement != nil || got.Likeness != nil || got.Confusion != nil {
		t.Errorf("of numbers: %+v, %v", got, err)
	}
}

// TestReportBins counts answers at the edges of bins, and tasks under policies of very different size.
func TestReportBins(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	at := func(ms ...int64) *labeling.ClosedTask {
		q := &polls.Question{ID: "q_1", Type: polls.Number, Policy: polls.Policy{Max: len(ms)}}
		task := &labeling.ClosedTask{Question: q, Verdict: &labeling.Verdict{Choice: labeling.NoChoice}}
		for i, ms := range ms {
			task.Answers = append(task.Answers, polls.Answer{Respondent: polls.RespondentID(fmt.Sprintf("rsp_%d", i)), Value: `"4"`, AcceptedAt: start.Add(time.Duration(ms) * time.Millisecond)})
		}
		return task
	}
	r := labeling.NewReporting(&labeling.Project{ID: "prj_x"})
	// Three people answer three times: after 999 ms and 1 s, at once and after 599.999 s, after a pause and 599.999 s.
	r.Add(at(0, 0, 0))
	r.Add(at(999, 0, 600_000))
	r.Add(at(1999, 599_999, 1_199_999))
	big := at()
	big.Question.Policy.Max = 1000
	r.Add(big)
	got, err := r.Report()
	if err != nil {
		t.Fatal(err)
	}
	times := map[[2]int]int{}
	last := 0
	for _, bin := range got.AnswerTimes {
		if bin.From != last || bin.To <= bin.From {
			t.Errorf("a bin from %d to %d comes after %d", bin.From, bin.To, last)
		}
		last = bin.To
		if bin.Count > 0 {
			times[[2]int{bin.From, bin.To}] = bin.Count
		}
	}
	if diff := cmp.Diff(map[[2]int]int{{0, 1}: 2, {1, 2}: 1, {300, 600}: 2}, times); diff != "" || last != 600 {
		t.Errorf("times to %d (-want +got):\n%s", last, diff)
	}
	sum := 0
	for _, bin := range got.AnswersUsed {
		sum += bin.Count
	}
	if n := len(got.AnswersUsed); n > 25 || sum != 4 || got.AnswersUsed[0] != (labeling.ReportCount{From: 0, To: 41, Count: 4}) || got.AnswersUsed[n-1].To <= 1000 {
		t.Errorf("%d bars of %d tasks: %v", n, sum, got.AnswersUsed)
	}
	if empty, err := labeling.NewReporting(&labeling.Project{}).Report(); err != nil || empty.AnswersUsed != nil || empty.AnswerTimes != nil {
		t.Errorf("of nothing: %+v, %v", empty, err)
	}
}

// TestReportOnGoldOfValues reports on tasks whose answers are numbers: one person is right or nearly, one cannot tell or is
// far off, and what is no number is no truth.
func TestReportOnGoldOfValues(t *testing.T) {
	t.Parallel()
	r := labeling.NewReporting(&labeling.Project{ID: "prj_x"})
	q := &polls.Question{ID: "q_1", Type: polls.Number, Options: polls.Options{Number: &polls.NumberRange{Max: 1_000_000_000}}, Policy: polls.Policy{Max: 2}}
	for _, c := range []struct{ truth, good, bad, label string }{
		{`"100"`, `"100"`, `"300"`, `"105"`},
		{`"100"`, `"105"`, ``, `"119"`},
		{`"100"`, `"110"`, `"100"`, ``},
		{`heron`, `"1"`, `"1"`, `"1"`},
		{``, `"1"`, `"1"`, `"1"`},
	} {
		task := &labeling.ClosedTask{Task: labeling.Task{Truth: c.truth}, Question: q, Verdict: &labeling.Verdict{Value: polls.Value(c.label), Choice: labeling.NoChoice}}
		task.Answers = []polls.Answer{{Respondent: "rsp_good", Value: polls.Value(c.good)}, {Respondent: "rsp_bad", Value: polls.Value(c.bad)}}
		if c.bad == "" {
			task.Answers[1].Choice = polls.CannotTell
		}
		r.Add(task)
	}
	for range 22 {
		r.Add(&labeling.ClosedTask{
			Task: labeling.Task{Truth: `"100"`}, Question: q, Verdict: &labeling.Verdict{Choice: labeling.NoChoice},
			Answers: []polls.Answer{{Respondent: "rsp_none", Value: `"999"`}},
		})
	}
	got, err := r.Report()
	want := &labeling.ReportGold{Tasks: 2, Right: 1, Score: 0.4, People: []labeling.ReportPerson{
		{Respondent: "rsp_none", Answers: 22, Worthless: true},
		{Respondent: "rsp_bad", Answers: 3, CannotTell: 1, Right: 1, Score: 0.5},
		{Respondent: "rsp_good", Answers: 3, Right: 3, Score: 0.75},
	}}
	if diff := cmp.Diff(want, got.Gold); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
