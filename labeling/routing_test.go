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
	s := Shares{map[polls.RespondentID]int{"rsp_bad": 0, "rsp_worse": 0}, thousand}
	people := []polls.RespondentID{"rsp_worse", "rsp_b", "rsp_bad", "rsp_a"}
	first := make(map[polls.RespondentID]int)
	for i := range 100 {
		got := inTurn(s, polls.QuestionID(fmt.Sprint(i)), people, func(id polls.RespondentID) polls.RespondentID { return id })
		if !slices.Equal(got[:2], []polls.RespondentID{"rsp_b", "rsp_a"}) {
			t.Fatalf("%v", got)
		}
		first[got[2]]++
	}
	if first["rsp_bad"] < 30 || first["rsp_worse"] < 30 {
		t.Errorf("of those who come last, the first are %v", first)
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
