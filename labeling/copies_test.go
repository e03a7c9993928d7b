package labeling

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/tasknet/tasknet/polls"
)

// duplicated are questions to 30 people who are right in 80 %, of whom 6 answer to each; a third of the questions is gold.
// The first so many people answer as the first of them does, but for a slip in a hundred.
func duplicated(questions, copiers int) (closed []Closed, number map[polls.RespondentID]int32) {
	rng := rand.New(rand.NewPCG(7, 7))
	number = make(map[polls.RespondentID]int32)
	for i := range int32(30) {
		number[polls.RespondentID(fmt.Sprint("rsp_", i))] = i
	}
	for q := range questions {
		truth, c := rng.IntN(3), Closed{Gold: NoChoice}
		if q%3 == 0 {
			c.Gold = truth
		}
		answer := func() int {
			if rng.IntN(5) == 0 {
				return (truth + 1 + rng.IntN(2)) % 3
			}
			return truth
		}
		shared := answer()
		for _, i := range rng.Perm(30)[:6] {
			choice := answer()
			if i < copiers && rng.IntN(100) > 0 {
				choice = shared
			}
			c.Votes = append(c.Votes, polls.Vote{Respondent: polls.RespondentID(fmt.Sprint("rsp_", i)), Choice: choice})
		}
		closed = append(closed, c)
	}
	return closed, number
}

func TestCopiesAreFound(t *testing.T) {
	for _, copiers := range []int{0, 12} {
		closed, number := duplicated(1500, copiers)
		found, alike := findCopies(3, closed, number)
		if copiers == 0 {
			if len(found) > 0 || len(alike) > 0 {
				t.Errorf("of people who answer by themselves, %v are taken for copies, and %v for alike", found, alike)
			}
			continue
		}
		if len(found) != 1 {
			t.Fatalf("of %d who copy, %v are found", copiers, found)
		}
		slices.Sort(found[0])
		if len(found[0]) != copiers || found[0][copiers-1] != int32(copiers-1) {
			t.Errorf("of %d who copy, %v are found", copiers, found)
		}
	}
}

// TestCopiesNeedGold: without gold, whoever agrees may as well be right.
func TestCopiesNeedGold(t *testing.T) {
	closed, number := duplicated(1500, 12)
	golds := 0
	for i := range closed {
		if closed[i].Gold != NoChoice {
			if golds++; golds > 10 {
				closed[i].Gold = NoChoice
			}
		}
	}
	if found, _ := findCopies(3, closed, number); len(found) > 0 {
		t.Errorf("%v", found)
	}
}

// TestAlike: who copy each other on everything but gold are not found to copy, but they answer alike, and are heard as one: that
// they agree makes them no better than they are.
func TestAlike(t *testing.T) {
	closed, number := duplicated(1500, 12)
	rng := rand.New(rand.NewPCG(8, 8))
	for i, q := range closed {
		if i%15 != 0 {
			closed[i].Gold = NoChoice // of the golds one in five is left
			continue
		}
		for j, v := range q.Votes {
			if number[v.Respondent] < 12 {
				closed[i].Votes[j].Choice = q.Gold
				if rng.IntN(5) == 0 {
					closed[i].Votes[j].Choice = (q.Gold + 1 + rng.IntN(2)) % 3
				}
			}
		}
	}
	copying, alike := findCopies(3, closed, number)
	if len(copying) > 0 || len(alike) != 1 {
		t.Fatalf("copies are %v, and alike %v", copying, alike)
	}
	if group := slices.Sorted(slices.Values(alike[0])); len(group) != 12 || group[11] != 11 {
		t.Errorf("of 12 who copy, %v are alike", group)
	}
	f, err := Learn(t.Context(), Lesson{Choices: 3, Closed: closed, Least: 2})
	if err != nil {
		t.Fatal(err)
	}
	shares, right, all := f.Shares(), map[bool]int{}, map[bool]int{}
	for _, p := range f.People {
		is := number[p.Respondent] < 12
		if is != (shares.Alike(p.Respondent) == 1) || p.Void {
			t.Errorf("%s: alike %d, void %t", p.Respondent, shares.Alike(p.Respondent), p.Void)
		}
		for cell, n := range p.Counts {
			if all[is] += n; cell%4 == 0 {
				right[is] += n
			}
		}
	}
	if copy, own := right[true]*thousand/all[true], right[false]*thousand/all[false]; copy > own+50 {
		t.Errorf("of 1000 answers of those who copy %d are taken for right, and of the others', who are as good, %d", copy, own)
	}
}

// TestWhoIsRightCopiesNobody: people who are always right agree always.
func TestWhoIsRightCopiesNobody(t *testing.T) {
	closed, number := duplicated(1500, 0)
	for i := range closed {
		for j, v := range closed[i].Votes {
			if number[v.Respondent] < 10 && closed[i].Gold != NoChoice {
				closed[i].Votes[j].Choice = closed[i].Gold
			}
		}
	}
	if found, alike := findCopies(3, closed, number); len(found) > 0 || len(alike) > 0 {
		t.Errorf("copies are %v, and alike %v", found, alike)
	}
}

// TestWhoIsGoodIsNotAlike: of 40 people ten are right in 98 of 100 answers to two choices, which few golds have shown, and the others
// in 75.
func TestWhoIsGoodIsNotAlike(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	number := make(map[polls.RespondentID]int32)
	for i := range int32(40) {
		number[polls.RespondentID(fmt.Sprint("rsp_", i))] = i
	}
	var closed []Closed
	for q := range 2000 {
		truth, c := rng.IntN(2), Closed{Gold: NoChoice}
		if q%50 == 0 {
			c.Gold = truth
		}
		for _, i := range rng.Perm(40)[:6] {
			accuracy, choice := 0.75, truth
			if i < 10 {
				accuracy = 0.98
			}
			if rng.Float64() > accuracy {
				choice = 1 - truth
			}
			c.Votes = append(c.Votes, polls.Vote{Respondent: polls.RespondentID(fmt.Sprint("rsp_", i)), Choice: choice})
		}
		closed = append(closed, c)
	}
	if copying, alike := findCopies(2, closed, number); len(copying) > 0 || len(alike) > 0 {
		t.Errorf("copies are %v, and alike %v", copying, alike)
	}
}

// TestOnce: of people who answer alike the first is heard who says something and counts.
func TestOnce(t *testing.T) {
	l := &lesson{alike: map[polls.RespondentID]int{"rsp_a": 1, "rsp_b": 1, "rsp_c": 1, "rsp_d": 2}, number: map[polls.RespondentID]int32{"rsp_a": 0, "rsp_b": 1, "rsp_c": 2, "rsp_d": 3, "rsp_e": 4}, people: make([]Confusion, 5)}
	l.people[0].Void = true
	var got []polls.RespondentID
	for _, v := range l.once([]polls.Vote{{Respondent: "rsp_e"}, {Respondent: "rsp_a"}, {Respondent: "rsp_b", Choice: polls.CannotTell}, {Respondent: "rsp_c"}, {Respondent: "rsp_b"}, {Respondent: "rsp_d"}}) {
		got = append(got, v.Respondent)
	}
	if want := []polls.RespondentID{"rsp_e", "rsp_a", "rsp_b", "rsp_c", "rsp_d"}; !slices.Equal(got, want) {
		t.Errorf("heard are %v, want %v", got, want)
	}
}

func TestRoot(t *testing.T) {
	for x, want := range map[int64]int64{0: 0, 1: 1, 3: 1, 4: 2, 99: 9, 250_000_000_000: 500_000, 1 << 60: 1 << 30} {
		if got := root(x); got != want {
			t.Errorf("root of %d is %d", x, got)
		}
	}
}
