package cache

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
)

const (
	// relayLines is how many notices travel in one message at the most.
	relayLines = 256

	// relayReadTime is how long reading a question may take.
	relayReadTime = 5 * time.Second

	// relayMissed is the line that says that some notices were lost.
	relayMissed = "missed"
)

// Relay gives notices to those who wait for them at any server of an instance. What travels says only which question
// changed; who gets it reads the question from the store. It implements pipeline.Feed.
type Relay struct {
	redis    *Redis
	hub      *Hub
	question func(context.Context, polls.QuestionID) (*polls.Question, error)
	channel  string
	name     string // of this server, so that it knows its own messages

	out, in *changes
}

// Relay returns one that gives notices to the hub here, and to the relays of other servers when it runs.
func (r *Redis) Relay(hub *Hub, question func(context.Context, polls.QuestionID) (*polls.Question, error)) *Relay {
	return &Relay{redis: r, hub: hub, question: question, channel: r.prefix + "notices", name: rand.Text(), out: newChanges(), in: newChanges()}
}

// Publish implements pipeline.Feed.
func (r *Relay) Publish(n pipeline.Notice) {
	r.hub.Publish(n)
	r.out.add(change{n.Kind, n.Org, n.Question.ID})
}

// Run sends and receives until ctx ends. While Redis is away nothing travels; when it is back, everybody is told to look.
func (r *Relay) Run(ctx context.Context) error {
	subscription := r.redis.client.Subscribe(ctx, r.channel)
	defer subscription.Close()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return r.send(ctx) })
	g.Go(func() error { return r.receive(ctx, subscription) })
	g.Go(func() error { return r.read(ctx) })
	return g.Wait()
}

// send tells other servers what changed.
func (r *Relay) send(ctx context.Context) error {
	owed := false // others have not heard something
	for {
		var retry <-chan time.Time
		if owed {
			retry = time.After(redisPause)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-r.out.wake:
		case <-retry:
		}
		for ctx.Err() == nil {
			changed, lost := r.out.take(relayLines)
			owed = owed || lost
			if len(changed) == 0 && !owed {
				break
			}
			lines := []string{r.name}
			if owed {
				lines = append(lines, relayMissed)
			}
			for _, c := range changed {
				lines = append(lines, c.line())
			}
			err := r.redis.client.Publish(ctx, r.channel, strings.Join(lines, "\n")).Err()
			r.redis.heard(ctx, err)
			if owed = err != nil; owed {
				break
			}
		}
	}
}

// receive takes what other servers tell.
func (r *Relay) receive(ctx context.Context, subscription *redis.PubSub) error {
	messages := subscription.ChannelWithSubscriptions()
	for {
		select {
		case <-ctx.Done():
			return nil
		case m, ok := <-messages:
			if !ok {
				return nil
			}
			switch m := m.(type) {
			case *redis.Subscription: // anew, perhaps, after a time without
				r.hub.missed()
			case *redis.Message:
				r.heard(m.Payload)
			}
		}
	}
}

// heard takes a message apart. What is not understood is of a newer version, and is left to the next look into the store.
func (r *Relay) heard(message string) {
	from, rest, _ := strings.Cut(message, "\n")
	if from == r.name {
		return
	}
	for line := range strings.SplitSeq(rest, "\n") {
		if line == relayMissed {
			r.hub.missed()
		} else if c, ok := parseChange(line); ok && r.hub.wanted(c.org, c.question) {
			r.in.add(c)
		}
	}
}

// read makes notices of what other servers told.
func (r *Relay) read(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-r.in.wake:
		}
		for changed, lost := r.in.take(relayLines); len(changed) > 0; changed, lost = r.in.take(relayLines) {
			if lost {
				r.hub.missed()
			}
			for _, c := range changed {
				r.notice(ctx, c)
			}
		}
	}
}

func (r *Relay) notice(ctx context.Context, c change) {
	ctx, cancel := context.WithTimeout(ctx, relayReadTime)
	defer cancel()
	q, err := r.question(ctx, c.question)
	if err != nil {
		r.hub.missed() // they look themselves, and see what is wrong
		return
	}
	r.hub.Publish(pipeline.Notice{Kind: c.kind, Org: q.Org, Question: q})
}
