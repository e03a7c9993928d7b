package cache

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
)

func notice(org, question string, answers int) pipeline.Notice {
	return pipeline.Notice{
		Kind: pipeline.AnswerAccepted, Org: polls.OrgID(org),
		Question: &polls.Question{ID: polls.QuestionID(question), Progress: polls.Progress{Answers: answers}},
	}
}

func TestHubDelivers(t *testing.T) {
	h := NewHub()
	one, org, other := h.Question("q_1"), h.Org("org_a"), h.Question("q_2")
	h.Publish(notice("org_a", "q_1", 3))
	h.Publish(notice("org_b", "q_1", 5))
	for _, want := range []struct {
		name string
		sub  *Subscription
		got  []int
	}{{"question", one, []int{3, 5}}, {"organisation", org, []int{3}}} {
		notices, missed, err := want.sub.Next(t.Context())
		if err != nil || missed || len(notices) != len(want.got) {
			t.Fatalf("%s: got %d notices, missed %v, %v; want %d", want.name, len(notices), missed, err, len(want.got))
		}
		for i, n := range notices {
			if n.Question.Answers != want.got[i] {
				t.Errorf("%s: notice %d has %d answers, want %d", want.name, i, n.Question.Answers, want.got[i])
			}
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if notices, _, err := other.Next(ended); !errors.Is(err, context.Canceled) || notices != nil {
		t.Errorf("a question without notices gave %v, %v", notices, err)
	}
}

// A subscriber that does not read must cost the publisher nothing, and must learn that it missed something while it
// still gets the newest notice: for a question, that is its close.
func TestHubDropsTheOldestOfASlowSubscriber(t *testing.T) {
	h := NewHub()
	s := h.Question("q_1")
	const sent = subscriptionSize + 7
	for i := range sent {
		h.Publish(notice("org_a", "q_1", i))
	}
	notices, missed, err := s.Next(t.Context())
	if err != nil || !missed || len(notices) != subscriptionSize {
		t.Fatalf("got %d notices, missed %v, %v; want %d, true", len(notices), missed, err, subscriptionSize)
	}
	if first, last := notices[0].Question.Answers, notices[len(notices)-1].Question.Answers; first != 7 || last != sent-1 {
		t.Errorf("got notices %d to %d, want 7 to %d", first, last, sent-1)
	}
	h.Publish(notice("org_a", "q_1", 99))
	if notices, missed, err := s.Next(t.Context()); err != nil || missed || len(notices) != 1 {
		t.Errorf("after catching up: got %d notices, missed %v, %v", len(notices), missed, err)
	}
}

func TestHubClose(t *testing.T) {
	h := NewHub()
	before := h.Org("org_a")
	h.Publish(notice("org_a", "q_1", 1))
	h.Close()
	h.Close()
	if notices, _, err := before.Next(t.Context()); err != nil || len(notices) != 1 {
		t.Errorf("what came before the close: got %d notices, %v", len(notices), err)
	}
	for name, s := range map[string]*Subscription{"before": before, "after": h.Question("q_1")} {
		if _, _, err := s.Next(t.Context()); !errors.Is(err, ErrHubClosed) {
			t.Errorf("subscribed %s the close: got %v, want ErrHubClosed", name, err)
		}
		s.Close()
		s.Close()
	}
	h.Publish(notice("org_a", "q_1", 2))
}

func TestHubForgetsClosedSubscriptions(t *testing.T) {
	h := NewHub()
	for i := range 1000 {
		s := h.Question(polls.QuestionID(fmt.Sprint("q_", i)))
		defer h.Org("org_a").Close()
		s.Close()
	}
	if len(h.topics) != 1 {
		t.Errorf("%d topics are left, want the organisation's only", len(h.topics))
	}
}

func TestHubUnderConcurrentUse(t *testing.T) {
	h := NewHub()
	var publishers, subscribers sync.WaitGroup
	for i := range 8 {
		subscribers.Go(func() {
			for {
				s := h.Question(polls.QuestionID(fmt.Sprint("q_", i%2)))
				_, _, err := s.Next(t.Context())
				s.Close()
				if err != nil {
					return
				}
			}
		})
		publishers.Go(func() {
			for n := range 500 {
				h.Publish(notice("org_a", fmt.Sprint("q_", i%2), n))
			}
		})
	}
	publishers.Wait()
	h.Close()
	subscribers.Wait()
}

// BenchmarkPublish shows that what a notice costs does not depend on who waits for other questions.
func BenchmarkPublish(b *testing.B) {
	for _, others := range []int{0, 10_000} {
		b.Run(fmt.Sprint(others, "_others"), func(b *testing.B) {
			h := NewHub()
			for i := range others {
				h.Question(polls.QuestionID(fmt.Sprint("q_other", i)))
			}
			s := h.Question("q_1")
			n := notice("org_a", "q_1", 1)
			b.ReportAllocs()
			for b.Loop() {
				h.Publish(n)
				s.Next(b.Context())
			}
		})
	}
}
