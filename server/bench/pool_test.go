package bench

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestPoolsAreRepeatable: the same crowds give the same numbers; waking people gets more answers in time, sooner; nobody is woken
// in their quiet hours; and no question gets more leases than it needs, but for those that end without an answer.
func TestPoolsAreRepeatable(t *testing.T) {
	crowds := Crowds{Questions: 60, Days: 1, Answers: 5, Deadline: 6 * time.Hour, Seed: 7}
	run := func(people int, warm bool) Pool {
		t.Helper()
		p, err := crowds.Simulate(t.Context(), people, warm, func(int, int) {})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	for _, people := range []int{10, 1000} {
		warm, again, cold := run(people, true), run(people, true), run(people, false)
		if diff := cmp.Diff(warm, again); diff != "" {
			t.Errorf("%d people, again (-first +again):\n%s", people, diff)
		}
		if cold.Woken != 0 || warm.Woken == 0 || warm.Quiet != 0 || warm.Questions != cold.Questions || warm.Questions > crowds.Questions {
			t.Errorf("%d people: %+v, and nobody woken: %+v", people, warm, cold)
		}
		if warm.InTime < cold.InTime || warm.P50 > cold.P50 {
			t.Errorf("%d people are not sooner when they are woken: %+v, else %+v", people, warm, cold)
		}
		for _, p := range []Pool{warm, cold} {
			if p.Leases < 1 || p.Leases > 1.25 {
				t.Errorf("%d people: %.2f leases for an answer", people, p.Leases)
			}
		}
	}
	crowds.Seed++
	if other := run(1000, true); other == run(1000, false) || other.P50 == 0 {
		t.Errorf("another seed: %+v", other)
	}
}

// TestStreamsAreHeard: where open apps have a stream, what is offered is taken sooner.
func TestStreamsAreHeard(t *testing.T) {
	crowds := Crowds{Questions: 100, Days: 1, Answers: 5, Deadline: 6 * time.Hour, Seed: 7}
	asking, err := crowds.Simulate(t.Context(), 10_000, true, func(int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	crowds.Streams = 1
	hearing, err := crowds.Simulate(t.Context(), 10_000, true, func(int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	if hearing.P50 >= asking.P50 {
		t.Errorf("with streams a question takes %.1f s, without %.1f s", hearing.P50, asking.P50)
	}
}
