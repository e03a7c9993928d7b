package labeling

import (
	"math"
	"slices"
	"testing"

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
