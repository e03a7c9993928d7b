package labeling

import (
	"testing"
	"time"

	"github.com/tasknet/tasknet/polls"
)

func sure(t *testing.T, target string, least, most int) polls.Policy {
	t.Helper()
	p, err := polls.ParsePolicy("confidence:"+target, least, most)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestNeedOf(t *testing.T) {
	p := sure(t, "0.95", 2, 8)
	other := sure(t, "0.99", 2, 10)
	var past []Past
	for range 10 {
		past = append(past, Past{Policy: p, Answers: 3, Reason: Quorum}, Past{Policy: sure(t, "0.95", 1, 30), Answers: 17, Reason: Unsettled})
	}
	alike := len(past)
	past = append(past, Past{Policy: p, Answers: 1, Reason: Deadline}, Past{Policy: p, Answers: 1, Reason: Cancelled}, Past{Policy: other, Answers: 9, Reason: Quorum})
	got, ok := NeedOf(p, past)
	got.spread = 0
	if want := (Need{Low: 3, High: 8, MeanMilli: 5500, Questions: 20}); !ok || got != want { // 17 answers are more than it may take
		t.Errorf("by history: %+v %t, want %+v", got, ok, want)
	}
	if _, ok := NeedOf(p, past[1:alike]); ok {
		t.Error("19 questions say something")
	}
	if _, ok := NeedOf(p.WithFallback(), past); ok {
		t.Error("questions that fall back to another number say something")
	}
	if got, ok := NeedOf(polls.Policy{Kind: polls.Fixed, Min: 7, Max: 7}, nil); !ok || got.MeanMilli != 7000 || got.Low != 7 || got.High != 7 {
		t.Errorf("fixed: %+v %t", got, ok)
	}
}

// TestForTasks: the sum of many tasks is known better than so many times one task, and not better than its mean.
func TestForTasks(t *testing.T) {
	p := sure(t, "0.95", 2, 10)
	took := make([]int, 100) // 2 to 6, evenly: mean 4, spread 1.4142
	for i := range took {
		took[i] = 2 + i%5
	}
	n := needOf(took)
	for _, tt := range []struct {
		tasks int
		want  Total
	}{
		{1, Total{2, 4, 6}},
		{100, Total{374, 400, 426}},          // 400 - 1.2816 * 1.4142 * sqrt(100 + 100)
		{10_000, Total{38178, 40000, 41822}}, // the mean of 100 questions is no better known
	} {
		if got := n.ForTasks(tt.tasks, p); got != tt.want {
			t.Errorf("%d tasks: %+v, want %+v", tt.tasks, got, tt.want)
		}
	}
	tight := sure(t, "0.95", 4, 4)
	if got := n.ForTasks(100, tight); got != (Total{400, 400, 400}) {
		t.Errorf("within the policy's bounds: %+v", got)
	}
	for given, want := range map[int]Total{0: {374, 400, 426}, 250: {124, 150, 176}, 320: {100, 100, 106}, 950: {100, 100, 100}} { // one more for each at least
		if got := n.ForTasks(100, p).Rest(100, given); got != want {
			t.Errorf("with %d given %+v, want %+v", given, got, want)
		}
	}
	n.Questions = 0 // made up
	if got := n.ForTasks(100, p); got != (Total{200, 400, 600}) {
		t.Errorf("of what was made up: %+v", got)
	}
}

// TestForesee: made-up questions stop as the policy says, the same each time, and more is asked for more confidence.
func TestForesee(t *testing.T) {
	unknown, err := Unknown(3, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	loose, strict := unknown.Known.Foresee(sure(t, "0.8", 2, 50)), unknown.Known.Foresee(sure(t, "0.99", 2, 50))
	if loose.Low < 2 || loose.Low > loose.High || loose.MeanMilli >= strict.MeanMilli || strict.High > 50 || loose.Questions != 0 {
		t.Errorf("0.8 takes %+v, 0.99 takes %+v", loose, strict)
	}
	if again := unknown.Known.Foresee(sure(t, "0.8", 2, 50)); again != loose {
		t.Errorf("the same draft is estimated as %+v and %+v", loose, again)
	}
	if got := unknown.Known.Foresee(sure(t, "0.99", 2, 14).WithFallback()); got.Low != 7 || got.High != 7 {
		t.Errorf("of what falls back to 7: %+v", got)
	}
	if got := unknown.Known.Foresee(sure(t, "0.99", 3, 3)); got.Low != 3 || got.High != 3 || got.MeanMilli != 3000 {
		t.Errorf("exactly three: %+v", got)
	}
}
