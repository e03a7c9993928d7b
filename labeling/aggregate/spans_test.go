package aggregate_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tasknet/tasknet/labeling/aggregate"
)

// addSpans adds an answer: each mark is begin, end, class.
func addSpans(s *aggregate.Spans, task, worker, length int, marks ...[3]int) {
	if s.Start == nil {
		s.Start = []int32{0}
	}
	for len(s.Lengths) <= task {
		s.Lengths = append(s.Lengths, int32(length))
	}
	s.TaskCount, s.WorkerCount = max(s.TaskCount, task+1), max(s.WorkerCount, worker+1)
	s.Tasks, s.Workers = append(s.Tasks, int32(task)), append(s.Workers, int32(worker))
	for _, m := range marks {
		s.Begins, s.Ends, s.Classes = append(s.Begins, int32(m[0])), append(s.Ends, int32(m[1])), append(s.Classes, int32(m[2]))
		s.ClassCount = max(s.ClassCount, m[2]+1)
	}
	s.Start = append(s.Start, int32(len(s.Begins)))
}

func mustSpan(t testing.TB, s aggregate.Spans) *aggregate.SpansResult {
	t.Helper()
	r, err := aggregate.SpansFuse(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Converged {
		t.Fatalf("no end after %d iterations", r.Iterations)
	}
	return r
}

func TestSpans(t *testing.T) {
	type marks = [][3]int
	for _, c := range []struct {
		name      string
		answers   []marks
		want      marks
		agreement float64
	}{
		{"nobody marks", []marks{{}, {}}, nil, 1},
		{"one worker", []marks{{{1, 4, 2}}}, marks{{1, 4, 2}}, math.NaN()},
		{"alike", []marks{{{1, 4, 0}}, {{1, 4, 0}}}, marks{{1, 4, 0}}, 1},
		{"two of three", []marks{{{1, 4, 0}}, {{2, 5, 0}}, {{2, 4, 0}}}, marks{{2, 4, 0}}, 2 * (2.0 + 2 + 2) / 16},
		{"classes overlap", []marks{{{0, 6, 0}, {2, 4, 1}}, {{0, 6, 0}, {2, 4, 1}}, {{0, 6, 0}}}, marks{{0, 6, 0}, {2, 4, 1}}, 2 * (8.0 + 6 + 6) / 44},
		{"neighbours", []marks{{{0, 3, 0}, {3, 6, 0}}, {{0, 3, 0}, {3, 6, 0}}, {{0, 6, 0}}}, marks{{0, 3, 0}, {3, 6, 0}}, 1},
		{"no neighbours", []marks{{{0, 3, 0}, {3, 6, 0}}, {{0, 6, 0}}, {{0, 6, 0}}}, marks{{0, 6, 0}}, 1},
		{"three classes", []marks{{{0, 2, 2}}, {{0, 2, 1}}, {{0, 2, 0}}}, marks{{0, 2, 0}}, 0},
		{"twice", []marks{{{0, 2, 0}, {1, 4, 0}}, {{0, 4, 0}}}, marks{{0, 4, 0}}, 1},
		{"apart", []marks{{{0, 2, 0}}, {{4, 6, 0}}}, nil, 0},
	} {
		var s aggregate.Spans
		for w, m := range c.answers {
			addSpans(&s, 0, w, 8, m...)
		}
		r := mustSpan(t, s)
		var got marks
		for _, span := range r.Spans {
			got = append(got, [3]int{int(span.Begin), int(span.End), int(span.Class)})
			if span.Confidence <= 0 || span.Confidence > 1 {
				t.Errorf("%s: %+v", c.name, span)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: spans %v, want %v", c.name, got, c.want)
		}
		if !cmp.Equal(r.Agreement, []float64{c.agreement}, cmpopts.EquateNaNs(), cmpopts.EquateApprox(0, 1e-12)) {
			t.Errorf("%s: agreement %v, want %v", c.name, r.Agreement, c.agreement)
		}
	}
}

// article draws texts with a few entities, and marks of 4 careful workers and as many as asked who mark at random.
func article(rng *rand.Rand, texts, careless int) (s aggregate.Spans, truth [][][3]int) {
	const length = 120
	for t := range texts {
		var entities [][3]int
		for at := rng.IntN(10); at < length-8; at += 8 + rng.IntN(20) {
			entities = append(entities, [3]int{at, at + 2 + rng.IntN(5), rng.IntN(3)})
		}
		truth = append(truth, entities)
		for w := range 4 + careless {
			var marks [][3]int
			for _, e := range entities {
				switch {
				case w >= 4:
					b := rng.IntN(length - 8)
					e = [3]int{b, b + 2 + rng.IntN(5), rng.IntN(3)}
				case rng.IntN(8) == 0:
					continue
				case rng.IntN(5) == 0:
					e[1]++
				case rng.IntN(8) == 0:
					e[2] = rng.IntN(3)
				}
				marks = append(marks, e)
			}
			addSpans(&s, t, w, length, marks...)
		}
	}
	return s, truth
}

// TestSpansBeatTheMajority: five of nine workers mark at random, so that hardly a position has a majority.
func TestSpansBeatTheMajority(t *testing.T) {
	s, truth := article(rand.New(rand.NewPCG(1, 2)), 50, 5)
	r := mustSpan(t, s)
	for w, e := range r.Skills {
		if (w < 4) != (e.Value > 0.5) {
			t.Errorf("worker %d has skill %v", w, e)
		}
	}
	got := make([][][3]int, len(truth))
	for _, span := range r.Spans {
		got[span.Task] = append(got[span.Task], [3]int{int(span.Begin), int(span.End), int(span.Class)})
	}
	exact, all, plain := 0, 0, 0
	for i, entities := range truth {
		all += len(entities)
		for _, e := range entities {
			if slices.Contains(got[i], e) {
				exact++
			}
			marked := 0
			for row, task := range s.Tasks {
				for m := s.Start[row]; m < s.Start[row+1]; m++ {
					if int(task) == i && [3]int{int(s.Begins[m]), int(s.Ends[m]), int(s.Classes[m])} == e {
						marked++
					}
				}
			}
			if marked*2 > 9 {
				plain++
			}
		}
	}
	t.Logf("%d of %d entities exactly, among %d spans; a majority marks %d", exact, all, len(r.Spans), plain)
	if exact < all*85/100 || len(r.Spans) > all*110/100 || plain > all/10 {
		t.Errorf("%d of %d entities, among %d spans", exact, all, len(r.Spans))
	}
}

func TestSpansIgnoreOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	s, _ := article(rng, 8, 2)
	s.CannotTell = make([]bool, len(s.Tasks))
	s.CannotTell[1] = true
	want := mustSpan(t, s)
	for range 5 {
		var shuffled aggregate.Spans
		for _, r := range rng.Perm(len(s.Tasks)) {
			var marks [][3]int
			for m := s.Start[r]; m < s.Start[r+1]; m++ {
				marks = append(marks, [3]int{int(s.Begins[m]), int(s.Ends[m]), int(s.Classes[m])})
			}
			addSpans(&shuffled, int(s.Tasks[r]), int(s.Workers[r]), 120, marks...)
			shuffled.CannotTell = append(shuffled.CannotTell, s.CannotTell[r])
		}
		if diff := cmp.Diff(want, mustSpan(t, shuffled), cmpopts.EquateNaNs()); diff != "" {
			t.Fatalf("another order of rows differs (-want +got):\n%s", diff)
		}
	}
}

func TestSpansBad(t *testing.T) {
	for _, c := range []struct {
		name string
		mark [3]int
		want string
	}{
		{"past the end", [3]int{1, 9, 0}, "answer 0: it marks from 1 until 9 in a text of 8 positions"},
		{"empty", [3]int{3, 3, 0}, "answer 0: it marks from 3 until 3 in a text of 8 positions"},
		{"negative", [3]int{-1, 3, 0}, "answer 0: it marks from -1 until 3 in a text of 8 positions"},
		{"no such class", [3]int{0, 3, -1}, "answer 0: there is no class -1 among 0"},
	} {
		var s aggregate.Spans
		addSpans(&s, 0, 0, 8, c.mark)
		if _, err := aggregate.SpansFuse(t.Context(), s, nil); !errors.Is(err, aggregate.ErrBadAnswers) || err.Error() != c.want {
			t.Errorf("%s: error %v, want %s", c.name, err, c.want)
		}
	}
	var long aggregate.Spans
	addSpans(&long, 0, 0, aggregate.SpansLengthMax+1)
	if _, err := aggregate.SpansFuse(t.Context(), long, nil); !errors.Is(err, aggregate.ErrBadAnswers) {
		t.Errorf("a text over the limit: error %v", err)
	}
}
