package labeling

import (
	"iter"
	"slices"

	"github.com/tasknet/tasknet/polls"
)

// turns is the order in which a question opens to people who all wait for it from when it is asked, as on a server. Those to
// whom it opens at once stay in theirs, those who are alike to one who has answered come last, and what answers leave open
// moves the others.
type turns[T any] struct {
	shares  Shares
	waiting []turn[T]
	answers int
	apart   bool         // those who are alike come last
	heard   map[int]bool // groups of people who are alike, one of whom has answered
}

type turn[T any] struct {
	who         T
	id          polls.RespondentID
	draw, share int
}

func newTurns[T any](s Shares, q polls.QuestionID, people []T, id func(T) polls.RespondentID) *turns[T] {
	t := &turns[T]{shares: s, waiting: make([]turn[T], len(people)), apart: isApart(q), heard: make(map[int]bool)}
	for i, who := range people {
		t.waiting[i] = turn[T]{who, id(who), drawOf(q, id(who)), s.Of(id(who))}
	}
	return t
}

// all yields everybody once. The scores are those of the answers so far.
func (t *turns[T]) all(p polls.Policy, s *scores) iter.Seq[T] {
	return func(yield func(T) bool) {
		for len(t.waiting) > 0 {
			open := 0
			if t.answers > 0 {
				open = s.leftOpen(p)
			}
			next := t.next(open)
			who := t.waiting[next].who
			t.waiting = slices.Delete(t.waiting, next, next+1)
			if !yield(who) {
				return
			}
		}
	}
}

// next returns to which of those who wait the question opens first.
func (t *turns[T]) next(open int) (next int) {
	const last = thousand // of the rise
	first := last + 1
	for i, w := range t.waiting {
		opens, share := 0, ShareOf(w.share, open)
		switch {
		case t.apart && t.heard[t.shares.Alike(w.id)]:
			opens = last
		case w.draw >= share:
			opens = last * (w.draw - share + 1) / (thousand - share)
		}
		if opens < first {
			next, first = i, opens
		}
	}
	return next
}

// answered notes that somebody has answered.
func (t *turns[T]) answered(id polls.RespondentID) {
	t.answers++
	if group := t.shares.Alike(id); group != 0 {
		t.heard[group] = true
	}
}
