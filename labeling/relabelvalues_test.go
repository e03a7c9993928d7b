package labeling

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/tasknet/tasknet/polls"
)

// crowd answers tasks of one type: in each, four people are nearly right and four are not, so that a verdict,
// which weighs all the same, is often wrong.
type crowd struct {
	q     polls.Question
	truth func(random *rand.Rand) any
	good  func(random *rand.Rand, truth any) any
	bad   func(random *rand.Rand, truth any) any
}

const crowdTasks = 60

func (c *crowd) closed(t *testing.T, golds int) []*ClosedTask {
	t.Helper()
	random := rand.New(rand.NewPCG(7, 11))
	value := func(content any) polls.Value {
		v, err := polls.ValueOf(content)
		if err == nil {
			err = c.q.CheckAnswer(0, v)
		}
		if err != nil {
			t.Fatalf("%v: %v", content, err)
		}
		return v
	}
	var tasks []*ClosedTask
	for i := range crowdTasks {
		q := c.q
		q.Policy = polls.Policy{Kind: polls.Fixed, Min: 8, Max: 8}
		truth := c.truth(random)
		task := &ClosedTask{Task: Task{Key: fmt.Sprintf("k%02d", i), Truth: string(value(truth))}, Question: &q}
		var votes []polls.Vote
		for w := range 8 {
			say := c.good
			if w >= 4 {
				say = c.bad
			}
			a := polls.Answer{Respondent: polls.RespondentID(fmt.Sprintf("rsp_%d", w)), Value: value(say(random, truth))}
			if i == 5 || i%10 == w { // nobody can tell what the fifth is
				a.Choice, a.Value = polls.CannotTell, ""
			}
			task.Answers = append(task.Answers, a)
			votes = append(votes, polls.Vote{Respondent: a.Respondent, Choice: a.Choice, Value: a.Value})
		}
		if err := decide(task, votes); err != nil {
			t.Fatal(err)
		}
		tasks = append(tasks, task)
	}
	for i, task := range tasks {
		if i >= golds {
			task.Question.Hash = task.Task.Truth // where the test alone finds it
			task.Task.Truth = ""
		}
	}
	return tasks
}

func decide(t *ClosedTask, votes []polls.Vote) (err error) {
	t.Verdict, err = Decide(t.Question, votes, nil, Quorum, t.Question.Deadline)
	return err
}

func crowds() map[polls.Type]*crowd {
	abc := []string{"a", "b", "c", "d"}
	image := &polls.Image{Hash: "x", Width: 100, Height: 100}
	box := func(random *rand.Rand, off int) polls.Box {
		return polls.Box{X: 20 + random.IntN(off+1), Y: 20 + random.IntN(off+1), W: 30 + random.IntN(off+1), H: 30 + random.IntN(off+1)}
	}
	elsewhere := func(random *rand.Rand) polls.Box {
		return polls.Box{X: 50 + random.IntN(30), Y: 50 + random.IntN(30), W: 10, H: 10}
	}
	ring := func(b polls.Box) []polls.Polygon {
		return []polls.Polygon{{Points: []int{b.X, b.Y, b.X + b.W, b.Y, b.X + b.W, b.Y + b.H, b.X, b.Y + b.H}}}
	}
	rows := func(from, until int) []polls.ClassMask {
		return []polls.ClassMask{{Counts: []int{from, until - from, 10_000 - until}}}
	}
	words := strings.Fields("a heron stands in the shallow water of the lake")
	return map[polls.Type]*crowd{
		polls.Multiple: {
			q:     polls.Question{Type: polls.Multiple, Choices: abc, Options: polls.Options{Least: 1, Most: 3}},
			truth: func(r *rand.Rand) any { return [][]int{{0}, {1, 2}, {0, 3}, {1, 2, 3}}[r.IntN(4)] },
			good:  func(_ *rand.Rand, truth any) any { return truth },
			bad:   func(r *rand.Rand, _ any) any { return [][]int{{0}, {1}, {0, 2}, {3}}[r.IntN(4)] },
		},
		polls.Ranking: {
			q:     polls.Question{Type: polls.Ranking, Choices: abc},
			truth: func(r *rand.Rand) any { return r.Perm(4) },
			good:  func(_ *rand.Rand, truth any) any { return truth },
			bad:   func(r *rand.Rand, _ any) any { return r.Perm(4) },
		},
		polls.Number: {
			q:     polls.Question{Type: polls.Number, Options: polls.Options{Number: &polls.NumberRange{Max: 1_000_000_000, Decimals: 1}}},
			truth: func(r *rand.Rand) any { return polls.Decimal(100_000_000 + r.IntN(4000)*100_000) },
			good: func(r *rand.Rand, truth any) any {
				return truth.(polls.Decimal) + polls.Decimal((r.IntN(21)-10)*100_000)
			},
			bad: func(r *rand.Rand, truth any) any { return truth.(polls.Decimal) + polls.Decimal(r.IntN(1000)*100_000) },
		},
		polls.Text: {
			q:     polls.Question{Type: polls.Text, Options: polls.Options{Length: 200}},
			truth: func(r *rand.Rand) any { return strings.Join(words[:5+r.IntN(4)], " ") },
			good:  func(_ *rand.Rand, truth any) any { return truth },
			bad: func(r *rand.Rand, truth any) any {
				said := strings.Fields(truth.(string))
				said[1], said[3] = "stork", words[r.IntN(9)]
				said[4], said[0] = words[r.IntN(9)], words[r.IntN(9)]
				return strings.Join(said, " ")
			},
		},
		polls.Boxes: {
			q:     polls.Question{Type: polls.Boxes, Choices: abc, Image: image},
			truth: func(r *rand.Rand) any { return []polls.Box{box(r, 0)} },
			good:  func(r *rand.Rand, _ any) any { return []polls.Box{box(r, 3)} },
			bad:   func(r *rand.Rand, _ any) any { return []polls.Box{elsewhere(r), elsewhere(r)} },
		},
		polls.Polygons: {
			q:     polls.Question{Type: polls.Polygons, Choices: abc, Image: image},
			truth: func(r *rand.Rand) any { return ring(box(r, 0)) },
			good:  func(r *rand.Rand, _ any) any { return ring(box(r, 3)) },
			bad:   func(r *rand.Rand, _ any) any { return ring(elsewhere(r)) },
		},
		polls.Mask: {
			q:     polls.Question{Type: polls.Mask, Choices: abc, Image: image},
			truth: func(r *rand.Rand) any { return rows(1000, 3000) },
			good:  func(r *rand.Rand, _ any) any { return rows(950+r.IntN(100), 2950+r.IntN(100)) },
			bad:   func(r *rand.Rand, _ any) any { n := r.IntN(8000); return rows(n, n+1000) },
		},
		polls.Spans: {
			q:     polls.Question{Type: polls.Spans, Choices: abc, Passage: strings.Repeat("word ", 20)},
			truth: func(r *rand.Rand) any { n := r.IntN(40); return []polls.Span{{Start: n, End: n + 20}} },
			good:  func(_ *rand.Rand, truth any) any { return truth },
			bad:   func(r *rand.Rand, _ any) any { n := r.IntN(80); return []polls.Span{{Start: n, End: n + 20}} },
		},
	}
}

func relabel(t *testing.T, tasks []*ClosedTask) (labels []Label, method, reason string) {
	t.Helper()
	r := NewRelabeling(tasks[0].Question)
	for _, task := range tasks {
		if err := r.Add(task); err != nil {
			t.Fatal(err)
		}
	}
	method, reason, err := r.Fit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range tasks {
		l, err := r.Label(task)
		if err != nil {
			t.Fatal(err)
		}
		labels = append(labels, l)
	}
	return labels, method, reason
}

// TestRelabeledValues wants labels of all types to be nearer to the truth than verdicts are, to answer their questions, to be
// as right as they say, and to be the same in whichever order the answers came.
func TestRelabeledValues(t *testing.T) {
	t.Parallel()
	methods := map[polls.Type]string{
		polls.Multiple: "", polls.Ranking: "plackettluce", polls.Number: "mean", polls.Text: "rover", polls.Boxes: "match", polls.Polygons: "match",
		polls.Mask: "staple", polls.Spans: "vote",
	}
	for kind, c := range crowds() {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			tasks := c.closed(t, 0)
			labels, method, _ := relabel(t, tasks)
			if want := methods[kind]; want != "" && method != want || method == "" {
				t.Errorf("by %q, want %q", method, want)
			}
			verdicts, fused, sure := 0, 0, 0
			for i, task := range tasks {
				l := labels[i]
				if i == 5 {
					if l.Choice != NoChoice || l.Value != "" || l.Confidence != 0 || l.Method != method {
						t.Errorf("what nobody can tell is %+v", l)
					}
					continue
				}
				if err := task.Question.CheckAnswer(l.Choice, l.Value); err != nil {
					t.Errorf("%s: %v", l.Value, err)
				}
				if l.Method == string(task.Verdict.Method) || l.Confidence < 0 || l.Confidence > million {
					t.Errorf("the label of task %d: %+v", i, l)
				}
				truth := polls.Value(task.Question.Hash)
				was, err := Score(task.Question, task.Verdict.Value, truth)
				if err != nil {
					t.Fatal(err)
				}
				is, err := Score(task.Question, l.Value, truth)
				if err != nil {
					t.Fatal(err)
				}
				verdicts, fused, sure = verdicts+was, fused+is, sure+l.Confidence
			}
			const n = (crowdTasks - 1) * million
			t.Logf("verdicts score %.3f, labels %.3f and say %.3f", float64(verdicts)/n, float64(fused)/n, float64(sure)/n)
			if kind == polls.Ranking && fused < verdicts || kind != polls.Ranking && fused <= verdicts { // nobody has a weight there
				t.Errorf("labels score %d and verdicts %d", fused, verdicts)
			}
			for _, task := range tasks {
				slices.Reverse(task.Answers)
			}
			if again, _, _ := relabel(t, tasks); !reflect.DeepEqual(labels, again) {
				t.Error("the order of answers makes a difference")
			}
		})
	}
}

// TestGoldChooses wants gold to choose between the methods of a family where there are ten or more that somebody could tell, and
// answers that are held back where there are fewer.
func TestGoldChooses(t *testing.T) {
	t.Parallel()
	all := crowds()
	for kind, off := range map[polls.Type]string{polls.Number: "the weighted mean is off by ", polls.Ranking: "the model of Plackett and Luce is off by ", polls.Mask: "STAPLE is off by "} {
		for golds, want := range map[int]string{30: "On 29 golds " + off, 11: "On 10 golds " + off, 10: " answers that were held back "} { // of the sixth, nobody can tell
			if _, method, reason := relabel(t, all[kind].closed(t, golds)); !strings.Contains(reason, want) {
				t.Errorf("%s with %d golds by %s: %s, want %q", kind, golds, method, reason, want)
			}
		}
	}
	// Gold is in the unit of the answers, and decides against what they have in common.
	tasks := all[polls.Number].closed(t, 0)
	for i, l := range medians(t, tasks) {
		tasks[i].Task.Truth = string(l)
	}
	if _, method, reason := relabel(t, tasks); method != "median" || !strings.Contains(reason, "On 55 golds the median is off by ") { // others lie between two decimals
		t.Errorf("with medians for gold by %s: %s", method, reason)
	}
}

// TestRelabeledHalves rounds what lies halfway between two decimals up, whatever a float makes of the decimals.
func TestRelabeledHalves(t *testing.T) {
	t.Parallel()
	const n = 500
	q := &polls.Question{Type: polls.Number, Options: polls.Options{Number: &polls.NumberRange{Max: 100 * million, Decimals: 1}}}
	tasks := make([]*ClosedTask, n)
	number := func(tenths int) polls.Value {
		v, err := polls.ValueOf(polls.Decimal(tenths * 100_000))
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for i := range tasks {
		tasks[i] = &ClosedTask{Task: Task{Key: fmt.Sprintf("k%03d", i)}, Question: q}
		for j := range 2 {
			tasks[i].Answers = append(tasks[i].Answers, polls.Answer{Respondent: polls.RespondentID(fmt.Sprintf("rsp_%d", 2*i+j)), Value: number(i + j)})
		}
	}
	for few := range slices.Chunk(tasks, 20) { // too few answers to prefer the mean
		labels, method, reason := relabel(t, few)
		if method != "median" {
			t.Fatalf("by %s: %s", method, reason)
		}
		for i, l := range labels {
			upper := few[i].Answers[1].Value
			if l.Value != upper {
				t.Errorf("between %s and %s is %s", few[i].Answers[0].Value, upper, l.Value)
			}
		}
	}
}

// medians returns the medians of answers that are numbers, and nothing where nobody can tell.
func medians(t *testing.T, tasks []*ClosedTask) []polls.Value {
	t.Helper()
	out := make([]polls.Value, len(tasks))
	for i, task := range tasks {
		var said []polls.Decimal
		for _, a := range task.Answers {
			if a.Choice == polls.CannotTell {
				continue
			}
			d, err := a.Value.Number()
			if err != nil {
				t.Fatal(err)
			}
			said = append(said, d)
		}
		if len(said) == 0 {
			continue
		}
		slices.Sort(said)
		middle := (said[(len(said)-1)/2] + said[len(said)/2]) / 2
		v, err := polls.ValueOf(middle)
		if err != nil {
			t.Fatal(err)
		}
		out[i] = v
	}
	return out
}

// TestRelabeledByVerdicts leaves tasks with too many boxes to their verdicts, and reports answers that are too many.
func TestRelabeledByVerdicts(t *testing.T) {
	t.Parallel()
	c := crowds()[polls.Boxes]
	tasks := c.closed(t, 0)
	many := make([]polls.Box, 600)
	for i := range many {
		many[i] = polls.Box{X: i % 60, Y: i / 60, W: 9, H: 9}
	}
	v, err := polls.ValueOf(many)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 4 {
		tasks[9].Answers[i] = polls.Answer{Respondent: tasks[9].Answers[i].Respondent, Value: v}
	}
	labels, method, _ := relabel(t, tasks)
	for i, l := range labels {
		if want := map[bool]string{true: string(BoxMedian), false: method}[i == 9]; l.Method != want {
			t.Errorf("task %d is labeled by %s, want %s", i, l.Method, want)
		}
	}
	small := *tasks[3].Question
	small.Image = &polls.Image{Width: 10, Height: 10}
	r := NewRelabeling(tasks[3].Question)
	for _, task := range tasks {
		if err := r.Add(task); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := r.Fit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if l, err := r.Label(&ClosedTask{Task: tasks[3].Task, Question: &small, Verdict: tasks[3].Verdict, Answers: tasks[3].Answers}); err != nil || l.Method != string(BoxMedian) {
		t.Errorf("what is not within the image is labeled %+v, %v", l, err)
	}
	big := &ClosedTask{Task: Task{Key: "big"}, Question: tasks[0].Question, Answers: []polls.Answer{{Value: polls.Value(strings.Repeat(" ", relabelBytesMax+1))}}}
	if err := NewRelabeling(big.Question).Add(big); !errors.Is(err, errRelabelBytes) {
		t.Errorf("too much: %v", err)
	}
}

// TestRelabeledScale has a scale, whose labels are places between what people say, with and without gold.
func TestRelabeledScale(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	q := &polls.Question{Type: polls.Scale, Choices: []string{"1", "2", "3", "4", "5"}}
	tasks := make([]*ClosedTask, 200)
	for i := range tasks {
		truth := i % 5
		tasks[i] = &ClosedTask{Task: Task{Key: fmt.Sprintf("k%03d", i), Truth: fmt.Sprint(truth)}, Question: q}
		for w := range 6 {
			choice := min(max(truth+random.IntN(3)-1, 0), 4)
			if w > 3 { // who uses the upper end alone
				choice = min(truth/2+3, 4)
			}
			tasks[i].Answers = append(tasks[i].Answers, polls.Answer{Respondent: polls.RespondentID(fmt.Sprintf("rsp_%d", w)), Choice: choice})
		}
	}
	labels, method, reason := relabel(t, tasks)
	if method != "ordinal" || !strings.Contains(reason, "200 golds") {
		t.Errorf("by %s: %s", method, reason)
	}
	for _, task := range tasks {
		task.Task.Truth = ""
	}
	if _, method, reason = relabel(t, tasks); method != "ordinal" || !strings.Contains(reason, "held back") {
		t.Errorf("without gold by %s: %s", method, reason)
	}
	means, method, reason := relabel(t, tasks[:6])
	if method != "mean" {
		t.Errorf("of a few tasks by %s: %s", method, reason)
	}
	for _, l := range slices.Concat(labels, means) {
		sum := 0
		for _, p := range l.Soft {
			sum += p
		}
		if len(l.Soft) != 5 || sum != million || l.Confidence != l.Soft[l.Choice] {
			t.Fatalf("%+v", l)
		}
	}
	for i, l := range means {
		if l.Soft[l.Choice] < slices.Max(l.Soft)-million/50 { // of two that are as near, one has the tail
			t.Errorf("task %d: the mean is %d, and not the most probable of %v", i, l.Choice, l.Soft)
		}
	}
}

// TestRelabeledPairs compares ten items. What is said of other pairs outvotes the three who are wrong about one, unless the
// tasks show something else besides, so that no two have an item in common.
func TestRelabeledPairs(t *testing.T) {
	t.Parallel()
	var tasks []*ClosedTask
	for a := range 10 {
		for b := a + 1; b < 10; b++ {
			q := &polls.Question{Type: polls.Pair, Text: "Which is better?", Choices: []string{fmt.Sprint("item ", a), fmt.Sprint("item ", b)}}
			task := &ClosedTask{Task: Task{Key: fmt.Sprintf("k%d%d", a, b)}, Question: q, Verdict: &Verdict{Choice: 0, Method: Majority}}
			for w := range 5 {
				choice := 0 // the first is the better one
				if a == 2 && b == 7 && w < 3 {
					choice = 1
				}
				if a == 0 && b == 1 {
					choice = polls.CannotTell
				}
				task.Answers = append(task.Answers, polls.Answer{Respondent: polls.RespondentID(fmt.Sprintf("rsp_%d", (w+a+b)%9)), Choice: choice})
			}
			tasks = append(tasks, task)
		}
	}
	at := func(key string) int {
		return slices.IndexFunc(tasks, func(t *ClosedTask) bool { return t.Task.Key == key })
	}
	labels, method, reason := relabel(t, tasks)
	if method != "noisybt" || !strings.Contains(reason, "45 different pairs of 10 items") {
		t.Errorf("by %s: %s", method, reason)
	}
	for i, l := range labels {
		switch {
		case i == at("k01"):
			if l.Choice != NoChoice || l.Soft != nil {
				t.Errorf("what nobody can tell is %+v", l)
			}
		case l.Choice != 0 || l.Confidence < 500_000 || l.Soft[0]+l.Soft[1] != million || l.Confidence != l.Soft[0]:
			t.Errorf("task %s: %+v", tasks[i].Task.Key, l)
		}
	}
	if near, far := labels[at("k45")].Confidence, labels[at("k09")].Confidence; near >= far {
		t.Errorf("neighbours differ with %d, the ends with %d", near, far)
	}
	for i, task := range tasks {
		task.Question.Passage = fmt.Sprint("passage ", i)
	}
	labels, method, reason = relabel(t, tasks)
	if method == "noisybt" || !strings.Contains(reason, "45 pairs of 90 items") || labels[at("k27")].Choice != 1 {
		t.Errorf("by %s: %s", method, reason)
	}
}

// TestGoldChoosesForPairs compares nine items, each of which is better than the four after it in a ring, so that no scores of
// items tell the pairs. Ten golds that somebody could tell show that, and fewer do not.
func TestGoldChoosesForPairs(t *testing.T) {
	t.Parallel()
	var tasks []*ClosedTask
	for a := range 9 {
		for b := a + 1; b < 9; b++ {
			q := &polls.Question{Type: polls.Pair, Text: "Which wins?", Choices: []string{fmt.Sprint("item ", a), fmt.Sprint("item ", b)}}
			task := &ClosedTask{Task: Task{Key: fmt.Sprintf("k%d%d", a, b)}, Question: q, Verdict: &Verdict{Method: Majority}}
			for w := range 5 {
				choice := (b - a) / 5
				if a == 0 && b == 1 {
					choice = polls.CannotTell
				}
				task.Answers = append(task.Answers, polls.Answer{Respondent: polls.RespondentID(fmt.Sprintf("rsp_%d", w)), Choice: choice})
			}
			tasks = append(tasks, task)
		}
	}
	wrong := func(labels []Label) (n int) {
		for i, task := range tasks {
			if said := task.Answers[0].Choice; said != polls.CannotTell && labels[i].Choice != said {
				n++
			}
		}
		return n
	}
	for i := range 10 {
		tasks[i].Task.Truth = fmt.Sprint(max(tasks[i].Answers[0].Choice, 0))
	}
	labels, method, reason := relabel(t, tasks)
	if !slices.Contains([]string{"bt", "noisybt"}, method) || strings.Contains(reason, "golds") || wrong(labels) == 0 {
		t.Errorf("with nine golds %d are wrong by %s: %s", wrong(labels), method, reason)
	}
	tasks[10].Task.Truth = fmt.Sprint(tasks[10].Answers[0].Choice)
	labels, method, reason = relabel(t, tasks)
	if slices.Contains([]string{"bt", "noisybt"}, method) || !strings.Contains(reason, "On 10 golds each pair by itself is off by 0 of the pairs and the order of scores by ") || wrong(labels) != 0 {
		t.Errorf("with ten golds %d are wrong by %s: %s", wrong(labels), method, reason)
	}
}

// TestReportOfValues wants reports on answers of all types to tell the four people who are nearly right from the others, of
// whom the last copies the one before.
func TestReportOfValues(t *testing.T) {
	t.Parallel()
	for kind, c := range crowds() {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			tasks := c.closed(t, 0)
			p := &Project{ID: "prj_x"}
			p.Type = kind
			r := NewReporting(p)
			disputed := 0
			for _, task := range tasks {
				task.Answers[7].Choice, task.Answers[7].Value = task.Answers[6].Choice, task.Answers[6].Value
				if a := task.Verdict.Agreement; a < million && task.Verdict.Value != "" {
					disputed++
				}
				r.Add(task)
			}
			got, err := r.Report()
			if err != nil {
				t.Fatal(err)
			}
			l := got.Likeness
			if l == nil || l.Compared != crowdTasks-1 || l.Mean <= 0 || l.Mean >= 1 {
				t.Fatalf("likeness %+v", l)
			}
			sum := 0
			for _, n := range l.Tenths {
				sum += n
			}
			if sum != crowdTasks-1 {
				t.Errorf("%d tasks by tenths: %v", sum, l.Tenths)
			}
			if alpha := kind != polls.Ranking; alpha != (l.Alpha != nil) || alpha && (*l.Alpha <= 0 || *l.Alpha >= 1) {
				t.Errorf("alpha is %v", l.Alpha)
			}
			if len(got.Disputed) != min(disputed, reportedMost) {
				t.Errorf("%d tasks of %d are disputed", len(got.Disputed), disputed)
			}
			for i, task := range got.Disputed {
				if task.Label != NoChoice || len(task.Value) == 0 || task.Counts == nil || i > 0 && task.Confidence < got.Disputed[i-1].Confidence {
					t.Errorf("disputed: %+v", task)
				}
			}
			people := 0
			for _, n := range got.Skills {
				people += n
			}
			if people != 8 || len(got.Agreeing) != 8 {
				t.Errorf("skills %v, %d agree with others", got.Skills, len(got.Agreeing))
			}
			if m := got.Matrix; m == nil || len(m.People) != 8 {
				t.Errorf("the matrix is %+v", m)
			} else {
				a, b := slices.Index(m.People, "rsp_6"), slices.Index(m.People, "rsp_7")
				if m.Share[a][b] != 1 || m.Share[b][a] != 1 || m.Tasks[a][b] < 50 {
					t.Errorf("they are alike by %v in %d tasks", m.Share[a][b], m.Tasks[a][b])
				}
			}
			if !slices.ContainsFunc(got.Pairs, func(p ReportPair) bool { return p.A == "rsp_6" && p.B == "rsp_7" }) || len(got.Pairs) > 1 {
				t.Errorf("suspicious: %+v", got.Pairs)
			}
		})
	}
}
