package labeling

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/polls"
)

// alphaOf reports on tasks whose answers are given, and returns the alpha.
func alphaOf(t *testing.T, p *Project, tasks [][]polls.Value, question func(task int) *polls.Question) *float64 {
	t.Helper()
	r := NewReporting(p)
	for i, values := range tasks {
		task := &ClosedTask{Task: Task{Key: fmt.Sprintf("k%04d", i)}, Question: question(i), Verdict: &Verdict{Choice: NoChoice, Value: values[0]}}
		for person, v := range values {
			a := polls.Answer{Respondent: polls.RespondentID(fmt.Sprintf("rsp_%d", person)), Value: v, AcceptedAt: time.Unix(int64(i), 0)}
			if v == "" {
				a.Choice = polls.CannotTell
			}
			task.Answers = append(task.Answers, a)
		}
		r.Add(task)
	}
	report, err := r.Report()
	if err != nil {
		t.Fatal(err)
	}
	return report.Likeness.Alpha
}

func projectOf(kind polls.Type, choices ...string) *Project {
	p := &Project{}
	p.Type, p.Choices = kind, choices
	return p
}

// TestAlphaOfTexts has texts that are the same or have nothing in common: their alpha is that of classes. Of more texts than are
// kept it is nearly that.
func TestAlphaOfTexts(t *testing.T) {
	t.Parallel()
	for _, tasks := range []int{40, 900} {
		rng := rand.New(rand.NewPCG(7, uint64(tasks)))
		c := aggregate.Columns{Tasks: tasks, Workers: 5, Classes: 3}
		answers := make([][]polls.Value, tasks)
		for i := range answers {
			for person := range 5 {
				class := i % 3
				if rng.IntN(3) == 0 {
					class = rng.IntN(3)
				}
				v, err := polls.ValueOf(strings.Repeat(string(rune('a'+class)), 4))
				if err != nil {
					t.Fatal(err)
				}
				if person == 4 && i%4 != 0 {
					v, class = "", aggregate.CannotTell
				}
				answers[i] = append(answers[i], v)
				c.Task, c.Worker, c.Class = append(c.Task, int32(i)), append(c.Worker, int32(person)), append(c.Class, int32(class))
			}
		}
		votes, err := aggregate.NewVotes(c)
		if err != nil {
			t.Fatal(err)
		}
		got := alphaOf(t, projectOf(polls.Text), answers, func(int) *polls.Question { return &polls.Question{Type: polls.Text} })
		want, off := aggregate.Agree(votes).Nominal, 1e-9
		if tasks > keptValues/5 {
			off = 0.02
		}
		if got == nil || math.Abs(*got-want) > off {
			t.Errorf("of %d tasks it is %v, want %g", tasks, got, want)
		}
	}
}

// TestAlphaOfRegions has people who all mark the same, people who mark anything, and one answer to each task; in images of
// different sizes. Where everybody always says the same, nothing is known.
func TestAlphaOfRegions(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(8, 9))
	anywhere := func() polls.Box { return polls.Box{X: 10 * rng.IntN(20), Y: 10 * rng.IntN(20), W: 40, H: 40} }
	question := func(i int) *polls.Question {
		return &polls.Question{Type: polls.Boxes, Choices: []string{"bird"}, Image: &polls.Image{Width: 250 + i, Height: 250}}
	}
	tasks := func(people int, box func(first polls.Box) polls.Box) [][]polls.Value {
		out := make([][]polls.Value, 60)
		for i := range out {
			first := anywhere()
			for range people {
				v, err := polls.ValueOf([]polls.Box{box(first)})
				if err != nil {
					t.Fatal(err)
				}
				out[i] = append(out[i], v)
			}
		}
		return out
	}
	p := projectOf(polls.Boxes)
	if got := alphaOf(t, p, tasks(3, func(first polls.Box) polls.Box { return first }), question); got == nil || *got != 1 {
		t.Errorf("of people who agree: %v", got)
	}
	if got := alphaOf(t, p, tasks(3, func(polls.Box) polls.Box { return anywhere() }), question); got == nil || math.Abs(*got) > 0.03 {
		t.Errorf("of people who mark anything: %v", got)
	}
	if got := alphaOf(t, p, tasks(3, func(polls.Box) polls.Box { return polls.Box{W: 9, H: 9} }), question); got != nil {
		t.Errorf("of people who always mark the same: %v", *got)
	}
	narrow := polls.Value(`[{"class":0,"points":[0,0,40,0,40,40,0,40]}]`)
	wide := polls.Value(`[{"class":0,"points":[0,0,100,0,100,40,0,40]}]`) // two fifths of it are the narrow one
	p.Type = polls.Polygons
	got := alphaOf(t, p, [][]polls.Value{{narrow, narrow}, {wide, wide}}, func(i int) *polls.Question {
		return &polls.Question{Type: polls.Polygons, Choices: []string{"bird"}, Image: &polls.Image{Width: 40 + 200*i, Height: 50}}
	})
	if got == nil || *got != 1 {
		t.Errorf("of outlines in images of two sizes: %v", got)
	}
}

// TestAlphaOfLargeValues has tasks whose answers alone are more than are kept, the first ones among them.
func TestAlphaOfLargeValues(t *testing.T) {
	t.Parallel()
	var c chanceAlpha
	q := &polls.Question{Type: polls.Text}
	for i := range 9 {
		v := polls.Value(`"` + strings.Repeat(string(rune('a'+i)), 10) + strings.Repeat(" ", keptBytes/2) + `"`)
		c.add(q, []polls.Value{v, v}, 0)
	}
	if len(c.kept) != 2 || c.stride != 16 {
		t.Errorf("%d values are kept, of every %d tasks", len(c.kept), c.stride)
	}
}

// TestAlphaOfRankings needs the same choices in all tasks.
func TestAlphaOfRankings(t *testing.T) {
	t.Parallel()
	orders := [][]polls.Value{{"[0,1,2]", "[0,1,2]"}, {"[2,1,0]", "[2,1,0]"}}
	three := func(int) *polls.Question {
		return &polls.Question{Type: polls.Ranking, Choices: []string{"a", "b", "c"}}
	}
	if got := alphaOf(t, projectOf(polls.Ranking, "a", "b", "c"), orders, three); got == nil || *got != 1 {
		t.Errorf("of the same choices: %v", got)
	}
	if got := alphaOf(t, projectOf(polls.Ranking), [][]polls.Value{{"[0,1,2]", "[0,1,2]"}, {"[1,0]", "[1,0]"}}, func(i int) *polls.Question {
		return &polls.Question{Type: polls.Ranking, Choices: []string{"a", "b", "c"}[:3-i]}
	}); got != nil {
		t.Errorf("of other choices in each task: %v", *got)
	}
}
