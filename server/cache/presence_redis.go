package cache

import (
	"context"
	"crypto/rand"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/tasknet/tasknet/polls"
)

const (
	// shareEvery is how long others may not know that somebody came, at the most.
	shareEvery = 500 * time.Millisecond

	// shareAll is how often others are told of everybody who has a stream open, and forget who was here long ago.
	shareAll = 15 * time.Second

	// shareBatch is how many people are named in one command.
	shareBatch = 1000
)

// sharedPresence is what the presences of several servers have in common: a sorted set in Redis of who was here when, in
// milliseconds, and a channel for offers. While Redis is away each server knows its own people, and those whom others have
// written down in the database.
type sharedPresence struct {
	redis   *Redis
	local   *Presence
	set     string
	channel string
	name    string // of this server, so that it knows its own messages

	mu    sync.Mutex                      // guards fresh
	fresh map[polls.RespondentID]struct{} // seen since others were told
}

// Share has a presence know who is here together with those of other servers, when it runs. It is called before anything else.
func (r *Redis) Share(p *Presence) {
	p.shared = &sharedPresence{redis: r, local: p, set: r.prefix + "here", channel: r.prefix + "offers", name: rand.Text(), fresh: make(map[polls.RespondentID]struct{})}
}

func (s *sharedPresence) add(who polls.RespondentID) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.fresh) < presenceMost {
		s.fresh[who] = struct{}{}
	}
}

// here returns who of some people was at any server lately; nil when Redis does not say.
func (s *sharedPresence) here(ctx context.Context, people []polls.RespondentID) map[polls.RespondentID]time.Time {
	if s == nil || len(people) == 0 || !s.redis.usable() {
		return nil
	}
	now, out := s.local.now(), make(map[polls.RespondentID]time.Time)
	for len(people) > 0 {
		part := people[:min(len(people), shareBatch)]
		people = people[len(part):]
		command := make([]any, 0, len(part)+2)
		command = append(command, "zmscore", s.set)
		for _, who := range part {
			command = append(command, string(who))
		}
		scores, err := s.redis.client.Do(ctx, command...).Slice()
		s.redis.heard(ctx, err)
		if err != nil {
			return out
		}
		for i, score := range scores {
			ms, known := millis(score)
			if at := time.UnixMilli(ms); known && i < len(part) && now.Sub(at) < presenceFor {
				if at.After(now) { // by another server's clock
					at = now
				}
				out[part[i]] = at
			}
		}
	}
	return out
}

// millis reads a score, which older versions of the protocol write as text.
func millis(score any) (int64, bool) {
	switch v := score.(type) {
	case float64:
		return int64(v), true
	case string:
		f, err := strconv.ParseFloat(v, 64)
		return int64(f), err == nil
	}
	return 0, false
}

func (s *sharedPresence) offer(ctx context.Context, question polls.QuestionID, people []polls.RespondentID) {
	if s == nil || len(people) == 0 || !s.redis.usable() {
		return
	}
	lines := make([]string, 0, len(people)+2)
	lines = append(lines, s.name, string(question))
	for _, who := range people {
		lines = append(lines, string(who))
	}
	s.redis.heard(ctx, s.redis.client.Publish(ctx, s.channel, strings.Join(lines, "\n")).Err())
}

// run tells other servers who is here, and hears their offers, until ctx ends.
func (s *sharedPresence) run(ctx context.Context) {
	if s == nil {
		return
	}
	subscription := s.redis.client.Subscribe(ctx, s.channel)
	defer subscription.Close()
	offers := subscription.Channel()
	some, all := time.NewTicker(shareEvery), time.NewTicker(shareAll)
	defer some.Stop()
	defer all.Stop()
	owed := true // others have not heard of everybody, or what they heard is gone
	for {
		select {
		case <-ctx.Done():
			return
		case m, ok := <-offers:
			if !ok {
				return
			}
			s.heard(m.Payload)
		case <-some.C:
			if !s.redis.usable() {
				owed = true
				continue
			}
			owed = !s.tell(ctx, owed || s.redis.away.Load())
		case <-all.C:
			owed = true
		}
	}
}

// tell says who came since it was last called, or everybody who is here, and reports whether Redis took it.
func (s *sharedPresence) tell(ctx context.Context, everybody bool) bool {
	s.mu.Lock()
	fresh := s.fresh
	s.fresh = make(map[polls.RespondentID]struct{})
	s.mu.Unlock()
	if len(fresh) == 0 && !everybody {
		return true
	}
	pipe := s.redis.client.Pipeline()
	batch := make([]redis.Z, 0, shareBatch)
	add := func() {
		if len(batch) > 0 {
			pipe.ZAddArgs(ctx, s.set, redis.ZAddArgs{GT: true, Members: batch})
			batch = make([]redis.Z, 0, shareBatch)
		}
	}
	for who, at := range s.local.everybody() {
		if _, came := fresh[who]; !came && !everybody {
			continue
		}
		batch = append(batch, redis.Z{Score: float64(at.UnixMilli()), Member: string(who)})
		if len(batch) == shareBatch {
			add()
		}
	}
	add()
	if everybody {
		pipe.ZRemRangeByScore(ctx, s.set, "-inf", strconv.FormatInt(s.local.now().Add(-presenceFor).UnixMilli(), 10))
		pipe.Expire(ctx, s.set, presenceFor)
	}
	_, err := pipe.Exec(ctx)
	s.redis.heard(ctx, err)
	return err == nil
}

// heard takes a message apart: who sent it, the question, and whom it is offered to.
func (s *sharedPresence) heard(message string) {
	lines := strings.Split(message, "\n")
	if len(lines) < 3 || lines[0] == s.name {
		return
	}
	people := make([]polls.RespondentID, len(lines)-2)
	for i, who := range lines[2:] {
		people[i] = polls.RespondentID(who)
	}
	s.local.offer(polls.QuestionID(lines[1]), people)
}
