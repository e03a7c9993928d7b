package labeling

import (
	"testing"
	"time"

	"github.com/tasknet/tasknet/polls"
)

func TestNewGold(t *testing.T) {
	q := &polls.Question{ID: "q_a", Type: polls.Choice, Choices: []string{"a", "b", "c"}, CreatedAt: time.Unix(7, 0)}
	g, err := NewGold(q, Truth{Choice: 2})
	if err != nil || *g != (Gold{"q_a", Truth{Choice: 2}, GoldHidden, time.Unix(7, 0)}) {
		t.Errorf("%+v, %v", g, err)
	}
	for _, choice := range []int{-2, polls.CannotTell, 3} {
		if g, err := NewGold(q, Truth{Choice: choice}); err == nil {
			t.Errorf("choice %d: %+v", choice, g)
		}
	}
	if g, err := NewGold(&polls.Question{Type: polls.Ranking, Choices: q.Choices}, Truth{Choice: 1}); err == nil {
		t.Errorf("of a ranking: %+v", g)
	}
}

// TestGoldIsSuspended: a gold that three skilled people contradict is held against nobody; what people say of whom nothing
// is known, or who are known to be worthless, does not suspend it, and neither do skilled people who differ.
func TestGoldIsSuspended(t *testing.T) {
	const n = 30 * thousand
	good := func(id polls.RespondentID) Confusion { return one(id, n, 0, 0, n) }
	void := func(id polls.RespondentID) Confusion {
		return Confusion{Errors: Errors{Respondent: id}, Counts: []int{n, 0, 0, n}, Void: true}
	}
	known := family(t, Family{Choices: 2, Truths: []int{n, n}, People: []Confusion{good("rsp_a"), good("rsp_b"), good("rsp_c"), void("rsp_x"), void("rsp_y"), void("rsp_z")}})
	snapshot, err := NewSnapshot("family", 1, known, time.Unix(1, 0))
	if err != nil {
		t.Fatal(err)
	}
	votes := func(choice int, by ...polls.RespondentID) (out []polls.Vote) {
		for _, id := range by {
			out = append(out, polls.Vote{Respondent: id, Choice: choice})
		}
		return out
	}
	for name, c := range map[string]struct {
		votes []polls.Vote
		want  GoldState
	}{
		"nobody":             {nil, GoldOpened},
		"agreed":             {votes(0, "rsp_a", "rsp_b", "rsp_c"), GoldOpened},
		"two":                {votes(1, "rsp_a", "rsp_b"), GoldOpened},
		"three":              {votes(1, "rsp_a", "rsp_b", "rsp_c"), GoldSuspended},
		"three, of whom one": {append(votes(1, "rsp_a", "rsp_b"), votes(0, "rsp_c")...), GoldOpened},
		"strangers":          {votes(1, "rsp_1", "rsp_2", "rsp_3", "rsp_4", "rsp_5", "rsp_6", "rsp_7", "rsp_8"), GoldOpened},
		"worthless":          {votes(1, "rsp_x", "rsp_y", "rsp_z"), GoldOpened},
		"cannot tell":        {votes(polls.CannotTell, "rsp_a", "rsp_b", "rsp_c"), GoldOpened},
	} {
		got, err := new(Gold).Close(&polls.Question{Type: polls.Choice}, c.votes, snapshot)
		if err != nil || got != c.want {
			t.Errorf("%s: %s, want %s, %v", name, got, c.want, err)
		}
	}
}
