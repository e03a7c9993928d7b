package cache

import (
	"context"
	"sync"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
)

// subscriptionSize is how many notices wait for one subscriber. A stream that is behind by more has a slow client; it
// then gets the newest ones and is told that it missed some.
const subscriptionSize = 32

// ErrHubClosed is what Next returns when the hub was closed: the server is stopping.
var ErrHubClosed = tasknet.NewError(tasknet.Unavailable, "server_stopping", "The server is stopping; connect again in a moment.")

// Hub hands notices to those in this process who wait for them. Publishing takes time for the subscribers of the
// question and of its organisation only, and never waits for any of them. It implements pipeline.Feed.
type Hub struct {
	mu     sync.RWMutex // guards all below; held for short map operations only
	topics map[topic]map[*Subscription]struct{}
	closed bool
}

// topic is what can be subscribed to: one question, or all questions of an organisation.
type topic struct {
	question polls.QuestionID
	org      polls.OrgID
}

// NewHub returns a hub without subscribers.
func NewHub() *Hub { return &Hub{topics: make(map[topic]map[*Subscription]struct{})} }

// Publish gives a notice to all who subscribed to its question or its organisation.
func (h *Hub) Publish(n pipeline.Notice) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	for s := range h.topics[topic{question: n.Question.ID}] {
		s.put(n)
	}
	for s := range h.topics[topic{org: n.Org}] {
		s.put(n)
	}
}

// Question subscribes to the notices of one question. The caller must Close the subscription.
func (h *Hub) Question(id polls.QuestionID) *Subscription { return h.subscribe(topic{question: id}) }

// Org subscribes to the notices of all of an organisation's questions. The caller must Close the subscription.
func (h *Hub) Org(id polls.OrgID) *Subscription { return h.subscribe(topic{org: id}) }

// Waiting returns how many wait for the notices of a question.
func (h *Hub) Waiting(id polls.QuestionID) int {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return len(h.topics[topic{question: id}])
}

// wanted reports whether anybody waits for the notices of a question of an organisation.
func (h *Hub) wanted(org polls.OrgID, id polls.QuestionID) bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return len(h.topics[topic{question: id}]) > 0 || len(h.topics[topic{org: org}]) > 0
}

// missed tells everybody that notices may have been lost.
func (h *Hub) missed() {
	h.mu.RLock()
	defer h.mu.RUnlock()
	for _, subscribers := range h.topics {
		for s := range subscribers {
			s.miss()
		}
	}
}

// Close ends all subscriptions, and those that are made later. Again changes nothing.
func (h *Hub) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for _, subscribers := range h.topics {
		for s := range subscribers {
			s.end()
		}
	}
	clear(h.topics)
}

func (h *Hub) subscribe(t topic) *Subscription {
	s := &Subscription{hub: h, topic: t, wake: make(chan struct{}, 1)}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		s.end()
		return s
	}
	if h.topics[t] == nil {
		h.topics[t] = make(map[*Subscription]struct{})
	}
	h.topics[t][s] = struct{}{}
	return s
}

// Subscription is one subscriber's queue of notices.
type Subscription struct {
	hub   *Hub
	topic topic
	wake  chan struct{} // of capacity 1: there is something to take

	mu     sync.Mutex // guards all below
	queue  []pipeline.Notice
	missed bool
	ended  bool
}

// Next waits for notices and returns those that have come, oldest first. missed tells that some were lost since the last
// call, so that the caller must read the stores; then there may be none. It returns ctx's error when ctx ends, and ErrHubClosed
// when the hub was closed and all that came before was taken.
func (s *Subscription) Next(ctx context.Context) (notices []pipeline.Notice, missed bool, err error) {
	for {
		if notices, missed, err = s.take(); err != nil || missed || len(notices) > 0 {
			return notices, missed, err
		}
		select {
		case <-s.wake:
		case <-ctx.Done():
			return nil, false, ctx.Err()
		}
	}
}

// Close ends the subscription. Again changes nothing.
func (s *Subscription) Close() {
	h := s.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.topics[s.topic], s)
	if len(h.topics[s.topic]) == 0 {
		delete(h.topics, s.topic)
	}
}

func (s *Subscription) take() ([]pipeline.Notice, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) == 0 && s.ended {
		return nil, false, ErrHubClosed
	}
	notices, missed := s.queue, s.missed
	s.queue, s.missed = nil, false
	return notices, missed, nil
}

// put queues a notice; the oldest is dropped when the queue is full, because the newest says most.
func (s *Subscription) put(n pipeline.Notice) {
	s.mu.Lock()
	if len(s.queue) == subscriptionSize {
		s.queue, s.missed = append(s.queue[:0], s.queue[1:]...), true
	}
	s.queue = append(s.queue, n)
	s.mu.Unlock()
	s.signal()
}

func (s *Subscription) miss() {
	s.mu.Lock()
	s.missed = true
	s.mu.Unlock()
	s.signal()
}

func (s *Subscription) end() {
	s.mu.Lock()
	s.ended = true
	s.mu.Unlock()
	s.signal()
}

func (s *Subscription) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}
