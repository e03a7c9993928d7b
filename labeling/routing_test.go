package labeling

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/tasknet/tasknet/polls"
)

func TestShares(t *testing.T) {
	const n = 50 * thousand
	people := []Confusion{
		one("rsp_liar", 0, n, n, 0), one("rsp_random", n/2, n/2, n/2, n/2), one("rsp_yes", n, 0, n, 0),
		one("rsp_fair", n*7/10, n*3/10, n*3/10, n*7/10),
		{Errors: Errors{Respondent: "rsp_void"}, Counts: []int{n, 0, 0, n}, Void: true},
	}
	for _, id := range []string{"a", "b", "c", "d", "e", "f"} {
		people = append(people, one(polls.RespondentID("rsp_good_"+id), n*9/10, n/10, n/10, n*9/10))
	}
	s := family(t, Family{Choices: 2, Truths: []int{n, n}, People: people}).Shares()
	for _, id := range []string{"rsp_liar", "rsp_random", "rsp_yes", "rsp_void"} {
		if got := s.Of(polls.RespondentID(id)); got != leastShare {
			t.Errorf("%s is asked %d of 1000 questions", id, got)
		}
	}
	if got := s.Of("rsp_good_a"); got != thousand {
		t.Errorf("who is good is asked %d of 1000 questions", got)
	}
	if got := s.Of("rsp_fair"); got < 300 || got > 800 {
		t.Errorf("who is fair is asked %d of 1000 questions", got)
	}
	if got := s.Of("rsp_new"); got < newcomerShare || got > thousand {
		t.Errorf("a newcomer is asked %d of 1000 questions", got)
	}
	if got := family(t, Family{Choices: 2, Truths: []int{0, 0}}).Shares().Of("rsp_new"); got != thousand {
		t.Errorf("where nobody is known, a newcomer is asked %d of 1000 questions", got)
	}
}

// TestOpens: of many questions somebody's share is open when they are asked, half of the others after half of the rise, and
// all at its end; to who has a greater share none opens later.
func TestOpens(t *testing.T) {
	const questions = 4000
	asked := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct{ life, rise time.Duration }{{30 * 24 * time.Hour, time.Hour}, {2 * time.Hour, time.Hour}, {10 * time.Minute, 5 * time.Minute}} {
		for _, share := range []int{0, leastShare, newcomerShare, 700, thousand} {
			open := map[time.Duration]int{0: 0, c.rise / 2: 0, c.rise - 1: 0, c.rise: 0}
			for i := range questions {
				q := polls.QuestionID(fmt.Sprintf("q_%d", i))
				at := Opens(q, "rsp_a", share, asked, asked.Add(c.life))
				if at.Before(asked) || Opens(q, "rsp_a", min(share+50, thousand), asked, asked.Add(c.life)).After(at) {
					t.Fatalf("share %d: %s opens at %s", share, q, at)
				}
				for after := range open {
					if !asked.Add(after).Before(at) {
						open[after]++
					}
				}
			}
			near := func(after time.Duration, want int) {
				t.Helper()
				if got := open[after]; math.Abs(float64(got-want*questions/thousand)) > questions/40 {
					t.Errorf("life %s, share %d: after %s %d of %d are open, want %d in 1000", c.life, share, after, got, questions, want)
				}
			}
			near(0, share)
			near(c.rise/2, (share+thousand)/2)
			if open[c.rise] != questions || share < thousand && open[c.rise-1] == questions {
				t.Errorf("life %s, share %d: %d of %d are open at the end of the rise, and %d just before", c.life, share, open[c.rise], questions, open[c.rise-1])
			}
		}
	}
	// The sum begins with c085fc8e8f4ec574, which is 788 modulo 1000: all servers have the same draws.
	if got, want := Opens("q_1", "rsp_a", 0, asked, asked.Add(time.Hour)).Sub(asked), 30*time.Minute*789/1000; got != want {
		t.Errorf("it opens after %s, want %s", got, want)
	}
}

func TestInTurn(t *testing.T) {
	s := Shares{map[polls.RespondentID]int{"rsp_bad": 0, "rsp_worse": 0}, thousand, nil}
	people := []polls.RespondentID{"rsp_worse", "rsp_b", "rsp_bad", "rsp_a"}
	first := make(map[polls.RespondentID]int)
	for i := range 100 {
		var got []polls.RespondentID
		for id := range newTurns(s, polls.QuestionID(fmt.Sprint(i)), people, func(id polls.RespondentID) polls.RespondentID { return id }).all(polls.Policy{}, nil) {
			got = append(got, id)
		}
		if !slices.Equal(got[:2], []polls.RespondentID{"rsp_b", "rsp_a"}) {
			t.Fatalf("%v", got)
		}
		first[got[2]]++
	}
	if first["rsp_bad"] < 30 || first["rsp_worse"] < 30 {
		t.Errorf("of those who come last, the first are %v", first)
	}
}

// TestInTurnApart: when somebody has answered, those who answer alike come last, but to every other question. Who is as good as
// nothing comes after those who are better when answers have left much open.
func TestInTurnApart(t *testing.T) {
	s := Shares{map[polls.RespondentID]int{"rsp_fair": 500}, thousand, map[polls.RespondentID]int{"rsp_a": 1, "rsp_b": 1, "rsp_d": 2}}
	people := []polls.RespondentID{"rsp_a", "rsp_b", "rsp_fair", "rsp_c", "rsp_d"}
	policy := polls.Policy{Kind: polls.Confidence, TargetPPM: 950_000, Min: 1, Max: 5}
	const questions = 1000
	apart, late := 0, map[bool]int{}
	for i := range questions {
		open := i%2 == 0
		scores := scores{8 * logUnit, 0}
		if open {
			scores[0] = 0
		}
		q := polls.QuestionID(fmt.Sprint("q_", i))
		var order []polls.RespondentID
		turns := newTurns(s, q, people, func(id polls.RespondentID) polls.RespondentID { return id })
		for id := range turns.all(policy, &scores) {
			order = append(order, id)
			if id != "rsp_fair" {
				turns.answered(id)
			}
		}
		if len(order) != len(people) || order[0] != "rsp_a" {
			t.Fatalf("%v", order)
		}
		if order[len(order)-1] == "rsp_b" {
			apart++
		}
		if slices.Index(order, "rsp_fair") > slices.Index(order, "rsp_d") {
			late[open]++
		}
	}
	if apart < questions*45/100 || apart > questions*55/100 {
		t.Errorf("who answers alike comes last to %d of %d questions", apart, questions)
	}
	if n := late[false]; n < questions/2*4/10 || n > questions/2*6/10 {
		t.Errorf("who is asked half of what is settled comes late to %d of %d of it", n, questions/2)
	}
	if n := late[true]; n < questions/2*65/100 || n > questions/2*85/100 {
		t.Errorf("who is asked a quarter of what is open comes late to %d of %d of it", n, questions/2)
	}
}

func TestLeftOpen(t *testing.T) {
	p := polls.Policy{Kind: polls.Confidence, TargetPPM: 800_000, Min: 1, Max: 9} // two bits
	for state, want := range map[string]int{
		"": 0, "0,0": thousand, fmt.Sprintf("0,%d", logUnit): 500, fmt.Sprintf("%d,0", 2*logUnit): 0, fmt.Sprintf("0,%d", 9*logUnit): 0, "nonsense": 0,
	} {
		var s polls.State
		if state != "" {
			s = polls.State(state)
		}
		if got := LeftOpen(p, s); got != want {
			t.Errorf("%q leaves %d open, want %d", state, got, want)
		}
	}
	if got := LeftOpen(polls.Policy{Kind: polls.Fixed, Max: 3}, polls.State("0,0")); got != 0 {
		t.Errorf("a policy that counts leaves %d open", got)
	}
	for _, c := range []struct{ share, open, want int }{{300, 0, 300}, {300, thousand, 90}, {300, 500, 195}, {thousand, thousand, thousand}, {0, thousand, 0}} {
		if got := ShareOf(c.share, c.open); got != c.want {
			t.Errorf("a share of %d is %d of what is open by %d, want %d", c.share, got, c.open, c.want)
		}
	}
}

// TestBits compares with the mutual information in floats, where no answer speaks against its choice.
func TestBits(t *testing.T) {
	f := family(t, Family{Choices: 3, Truths: []int{10 * thousand, 30 * thousand, 60 * thousand}})
	m := matrix{800_000, 150_000, 50_000, 100_000, 700_000, 200_000, 50_000, 100_000, 850_000}
	prior, want := []float64{10 + 10./3, 30 + 10./3, 60 + 10./3}, 0.0
	for a := range 3 {
		p := 0.0
		for z := range 3 {
			p += prior[z] / 110 * float64(m[z*3+a]) / million
		}
		for z := range 3 {
			q := float64(m[z*3+a]) / million
			want += prior[z] / 110 * q * math.Log2(q/p)
		}
	}
	if got := float64(f.bits(m)) / logUnit; math.Abs(got-want) > 1e-3 {
		t.Errorf("%.4f bits, want %.4f", got, want)
	}
	liar := slices.Clone(m)
	for i, cell := range []int{1, 2, 0} {
		copy(liar[i*3:], m[cell*3:cell*3+3])
	}
	if got := f.bits(liar); got > f.bits(m)/5 {
		t.Errorf("who is always wrong says %d of %d", got, f.bits(m))
	}
}
