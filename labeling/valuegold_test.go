package labeling

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet/polls"
)

// asked returns a question of a type, with three classes, an image of 100 by 80 and a passage of 60.
func asked(of polls.Type) *polls.Question {
	q := &polls.Question{
		ID: "q_a", Type: of, Choices: []string{"a", "b", "c"}, CreatedAt: time.Unix(7, 0), Image: &polls.Image{Width: 100, Height: 80},
		Passage: "The heron stood in the reeds until the rain had gone by now.",
	}
	switch of {
	case polls.Multiple:
		q.Choices, q.Most = []string{"a", "b", "c", "d", "e"}, 5
	case polls.Ranking:
		q.Choices = []string{"a", "b", "c", "d"}
	case polls.Number:
		q.Choices, q.Number = nil, &polls.NumberRange{Max: 100 * million}
	case polls.Text:
		q.Choices, q.Length = nil, 200
	}
	return q
}

// TestValueGolds: of each type, an honest answer that is a little off is as known; a guess, nothing and everything are not.
func TestValueGolds(t *testing.T) {
	const twoBoxes = `[{"class":0,"h":20,"w":20,"x":10,"y":10},{"class":1,"h":20,"w":20,"x":60,"y":40}]`
	for _, c := range []struct {
		of            polls.Type
		truth         polls.Value
		right, missed []polls.Value
	}{
		{polls.Multiple, `[1,3]`, []polls.Value{`[1,3]`, `[1,2,3]`}, []polls.Value{`[]`, `[1]`, `[0,1,2,3,4]`, `[0,2]`}},
		{polls.Ranking, `[2,0,3,1]`, []polls.Value{`[2,0,3,1]`, `[2,3,0,1]`}, []polls.Value{`[0,1,2,3]`, `[3,2,1,0]`, `[1,3,0,2]`}},
		{polls.Number, `"40"`, []polls.Value{`"40"`, `"44"`, `"36"`}, []polls.Value{`"0"`, `"50"`, `"45"`, `"100"`}},
		{polls.Text, `"grey heron"`, []polls.Value{`"grey heron"`, `"Gray  herron"`}, []polls.Value{`"a"`, `"bird"`, `"something else"`}},
		{
			polls.Boxes, twoBoxes,
			[]polls.Value{`[{"class":0,"h":22,"w":19,"x":11,"y":8},{"class":1,"h":18,"w":22,"x":59,"y":42}]`, `[{"class":0,"h":20,"w":20,"x":12,"y":10}]`},
			[]polls.Value{`[]`, `[{"class":0,"h":80,"w":100,"x":0,"y":0}]`, `[{"class":2,"h":20,"w":20,"x":10,"y":10},{"class":2,"h":20,"w":20,"x":60,"y":40}]`, `[{"class":0,"h":9,"w":9,"x":80,"y":0}]`},
		},
		{
			polls.Polygons, `[{"class":1,"points":[10,10,40,10,40,40]}]`,
			[]polls.Value{`[{"class":1,"points":[11,10,41,12,39,41]}]`},
			[]polls.Value{`[]`, `[{"class":1,"points":[0,0,100,0,100,80,0,80]}]`, `[{"class":1,"points":[60,50,90,50,90,70]}]`},
		},
		{
			polls.Mask, `[{"class":0,"counts":[1000,2000,5000]}]`,
			[]polls.Value{`[{"class":0,"counts":[1100,2000,4900]}]`},
			[]polls.Value{`[]`, `[{"class":0,"counts":[0,8000]}]`, `[{"class":0,"counts":[5000,2000,1000]}]`},
		},
		{
			polls.Spans, `[{"class":2,"end":9,"start":4}]`,
			[]polls.Value{`[{"class":2,"end":9,"start":3}]`, `[{"class":2,"end":9,"start":4}]`},
			[]polls.Value{`[]`, `[{"class":2,"end":60,"start":0}]`, `[{"class":2,"end":35,"start":30}]`, `[{"class":1,"end":9,"start":4}]`},
		},
	} {
		q := asked(c.of)
		g, err := NewGold(q, Truth{Value: c.truth})
		if err != nil {
			t.Fatalf("%s: %v", c.of, err)
		}
		var votes []polls.Vote
		var want []polls.RespondentID
		for i, v := range append(slices.Clone(c.right), c.missed...) {
			if err := q.CheckAnswer(0, v); err != nil {
				t.Fatalf("%s: %s: %v", c.of, v, err)
			}
			votes = append(votes, polls.Vote{Respondent: polls.RespondentID(v), Value: v})
			if i >= len(c.right) {
				want = append(want, polls.RespondentID(v))
			}
		}
		votes = append(votes, polls.Vote{Respondent: "rsp_unsure", Choice: polls.CannotTell})
		missed, err := g.Missed(q, votes)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, missed); diff != "" {
			t.Errorf("%s: missed (-want +got):\n%s", c.of, diff)
		}
		if state, err := g.Close(q, votes, nil); err != nil || state != GoldOpened {
			t.Errorf("%s: %s, %v", c.of, state, err)
		}
	}
}

// TestEasyGolds: what is known is no gold where who does not look gives it, or guesses it too often.
func TestEasyGolds(t *testing.T) {
	few := func(q *polls.Question, n int) *polls.Question { q.Choices = q.Choices[:n]; return q }
	ranged := func(least, most polls.Decimal) *polls.Question {
		q := asked(polls.Number)
		q.Number.Min, q.Number.Max = least*million, most*million
		return q
	}
	one := asked(polls.Multiple)
	one.Choices, one.Least, one.Most = one.Choices[:3], 1, 1
	for name, c := range map[string]struct {
		q     *polls.Question
		truth polls.Value
		want  error
	}{
		"nothing is selected":      {asked(polls.Multiple), `[]`, ErrEasyGold},
		"everything is selected":   {asked(polls.Multiple), `[0,1,2,3,4]`, ErrEasyGold},
		"nearly everything":        {asked(polls.Multiple), `[0,1,2,3]`, ErrEasyGold},
		"one of three at most":     {one, `[1]`, ErrEasyGold},
		"half of it":               {asked(polls.Multiple), `[0,1,2]`, nil},
		"the order that is given":  {asked(polls.Ranking), `[0,1,2,3]`, ErrEasyGold},
		"nearly that":              {asked(polls.Ranking), `[0,2,1,3]`, ErrEasyGold},
		"another order":            {asked(polls.Ranking), `[3,2,1,0]`, nil},
		"of two":                   {few(asked(polls.Ranking), 2), `[1,0]`, ErrEasyGold},
		"few numbers":              {ranged(1, 5), `"3"`, ErrEasyGold},
		"six numbers":              {ranged(0, 5), `"3"`, nil},
		"nothing is marked":        {asked(polls.Boxes), `[]`, ErrEasyGold},
		"all of the image":         {asked(polls.Boxes), `[{"class":2,"h":70,"w":90,"x":5,"y":5}]`, ErrEasyGold},
		"all within one line":      {asked(polls.Polygons), `[{"class":2,"points":[0,0,99,0,99,80,0,80]}]`, ErrEasyGold},
		"all painted":              {asked(polls.Mask), `[{"class":1,"counts":[500,7500]}]`, ErrEasyGold},
		"all of the passage":       {asked(polls.Spans), `[{"class":1,"end":50,"start":0}]`, ErrEasyGold},
		"no span":                  {asked(polls.Spans), `[]`, ErrEasyGold},
		"no answer":                {asked(polls.Number), `"101"`, errGold},
		"a choice":                 {asked(polls.Number), ``, errGold},
		"a value where one of few": {asked(polls.Choice), `[0]`, errGold},
	} {
		if g, err := NewGold(c.q, Truth{Value: c.truth}); !errors.Is(err, c.want) || (g == nil) != (c.want != nil) {
			t.Errorf("%s: %+v, %v", name, g, err)
		}
	}
}

// TestGuessesMissGolds: of people who guess, fewer are right than the rules take for granted, at any gold.
func TestGuessesMissGolds(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	guesses := map[polls.Type]func(*polls.Question) any{
		polls.Multiple: func(q *polls.Question) any {
			out := []int{}
			for i := range q.Choices {
				if rng.IntN(2) == 0 {
					out = append(out, i)
				}
			}
			return out
		},
		polls.Ranking: func(q *polls.Question) any { return rng.Perm(len(q.Choices)) },
		polls.Number: func(q *polls.Question) any {
			unit := unitOf(q.Number.Decimals)
			return q.Number.Min + polls.Decimal(rng.IntN(int((q.Number.Max-q.Number.Min)/unit)+1))*unit
		},
	}
	const times = 4000
	for of, guess := range guesses {
		for size := 2; size <= 8; size++ {
			q := asked(of)
			q.Choices = []string{"a", "b", "c", "d", "e", "f", "g", "h"}[:size]
			q.Most = size
			if of == polls.Number {
				q.Choices, q.Number.Max = nil, polls.Decimal(size*size-1)*million
			}
			for range 12 {
				truth, err := polls.ValueOf(guess(q))
				if err != nil {
					t.Fatal(err)
				}
				g, err := NewGold(q, Truth{Value: truth})
				if errors.Is(err, ErrEasyGold) {
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				votes := make([]polls.Vote, times)
				for i := range votes {
					v, err := polls.ValueOf(guess(q))
					if err != nil {
						t.Fatal(err)
					}
					votes[i] = polls.Vote{Respondent: polls.RespondentID(fmt.Sprint(i)), Value: v}
				}
				missed, err := g.Missed(q, votes)
				if err != nil {
					t.Fatal(err)
				}
				if right, most := times-len(missed), times/valueRules[of].odds; right > most+most/4 {
					t.Errorf("%s of %d, %s: %d of %d guesses are right, where %d at most are to be", of, size, truth, right, times, most)
				}
			}
		}
	}
}

// TestValueGoldIsSuspended: a gold that nobody knew, while three gave one other answer, is held against nobody; it is where any
// knew it, they differ, or what they gave takes no look.
func TestValueGoldIsSuspended(t *testing.T) {
	q := asked(polls.Number)
	g, err := NewGold(q, Truth{Value: `"40"`})
	if err != nil {
		t.Fatal(err)
	}
	boxes := asked(polls.Boxes)
	marked, err := NewGold(boxes, Truth{Value: `[{"class":0,"h":20,"w":20,"x":10,"y":10}]`})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		q      *polls.Question
		g      *Gold
		values []polls.Value
		want   GoldState
	}{
		"nobody":                 {q, g, nil, GoldOpened},
		"two":                    {q, g, []polls.Value{`"70"`, `"70"`}, GoldOpened},
		"three":                  {q, g, []polls.Value{`"70"`, `"72"`, `"69"`, `"3"`}, GoldSuspended},
		"one of four knew":       {q, g, []polls.Value{`"70"`, `"72"`, `"69"`, `"41"`}, GoldOpened},
		"they differ":            {q, g, []polls.Value{`"70"`, `"90"`, `"10"`, `"20"`}, GoldOpened},
		"nothing is marked":      {boxes, marked, []polls.Value{`[]`, `[]`, `[]`}, GoldOpened},
		"another box is":         {boxes, marked, []polls.Value{`[{"class":0,"h":20,"w":20,"x":60,"y":10}]`, `[{"class":0,"h":20,"w":20,"x":61,"y":10}]`, `[{"class":0,"h":20,"w":20,"x":60,"y":11}]`}, GoldSuspended},
		"all of the image is so": {boxes, marked, []polls.Value{`[{"class":0,"h":80,"w":100,"x":0,"y":0}]`, `[{"class":0,"h":80,"w":100,"x":0,"y":0}]`, `[{"class":0,"h":80,"w":100,"x":0,"y":0}]`}, GoldOpened},
	} {
		votes := []polls.Vote{{Respondent: "rsp_unsure", Choice: polls.CannotTell}}
		for i, v := range c.values {
			votes = append(votes, polls.Vote{Respondent: polls.RespondentID(fmt.Sprint("rsp_", i)), Value: v})
		}
		if got, err := c.g.Close(c.q, votes, nil); err != nil || got != c.want {
			t.Errorf("%s: %s, want %s, %v", name, got, c.want, err)
		}
	}
}

// TestLessonOfValues: passes and misses say who is worthless and who has passed, and a family is known from its tenth gold on.
func TestLessonOfValues(t *testing.T) {
	lesson := func(golds int) (l Lesson) {
		for i := range golds {
			q := Closed{Votes: []polls.Vote{{Respondent: "rsp_good", Choice: asKnown}, {Respondent: "rsp_never", Choice: notAsKnown}, {Respondent: "rsp_unsure", Choice: polls.CannotTell}}}
			if i < 4 {
				q.Votes = append(q.Votes, polls.Vote{Respondent: "rsp_few", Choice: asKnown})
			}
			l.Closed = append(l.Closed, q)
		}
		return l
	}
	progress := FamilyProgress{Family: "birds", Org: "org_a", Type: polls.Number, Closed: 9, Version: 3}
	learned, err := progress.Learn(t.Context(), lesson(9), nil, time.Unix(5, 0))
	if err != nil || learned.Snapshot != nil || !slices.Equal(learned.Passed, []polls.RespondentID{"rsp_good"}) {
		t.Errorf("by nine golds: %+v, %v", learned, err)
	}
	progress.Closed = 20
	if learned, err = progress.Learn(t.Context(), lesson(20), nil, time.Unix(5, 0)); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(learned.Passed, []polls.RespondentID{"rsp_good"}) || len(learned.Errors) != 0 || learned.Calibration.Golds != 0 {
		t.Errorf("by twenty: %+v", learned)
	}
	s := learned.Snapshot
	if s.Family != "birds" || s.Version != 4 || s.Known.Choices != knownClasses || s.Known.Calibration.Golds != 0 {
		t.Errorf("snapshot %+v", s)
	}
	var got []string
	for _, p := range s.Known.People {
		got = append(got, fmt.Sprint(p.Respondent, p.Counts, p.Void))
	}
	if diff := cmp.Diff([]string{"rsp_few[4000 0 0 0] false", "rsp_good[20000 0 0 0] false", "rsp_never[0 20000 0 0] true", "rsp_unsure[0 0 0 0] false"}, got); diff != "" {
		t.Errorf("people (-want +got):\n%s", diff)
	}
	text, err := s.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := ParseSnapshot(text, s.At); err != nil || again.Hash != s.Hash {
		t.Errorf("read again: %v", err)
	}
}
