package push

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/pipeline"
)

// shelf is a store with pushes for two questions: q_a lacks people, and q_b does no more.
type shelf struct {
	pipeline.Pushes
	pipeline.Wakings
	polls.Store

	mu      sync.Mutex
	waiting []pipeline.Push
	settled []pipeline.Settled
	told    chan int // how many are settled, when somebody listens
}

func (s *shelf) office() Store { return shelves{s} }

type shelves struct{ *shelf }

func (s shelves) Pushes() pipeline.Pushes   { return s.shelf }
func (s shelves) Wakings() pipeline.Wakings { return s.shelf }
func (s shelves) Polls() polls.Store        { return s.shelf }
func (s shelves) Rewards() rewards.Store    { return ledger{} }

func (s shelves) Subscriptions() pipeline.Subscriptions { return wishes{} }

// wishes has when people sleep: rsp_asleep and rsp_moving at noon, the others never.
type wishes struct{ pipeline.Subscriptions }

func (wishes) WishesOf(_ context.Context, who polls.RespondentID) (polls.Wishes, error) {
	w := polls.NewWishes()
	w.Quiet.From, w.Quiet.Until = 12*60, 12*60
	if who == "rsp_asleep" || who == "rsp_moving" {
		w.Quiet.Until = 12*60 + 1
	}
	return w, nil
}

// ledger has changes of addresses: rsp_moving's waits, and rsp_stays has cancelled theirs.
type ledger struct{ rewards.Store }

func (ledger) ChangesOf(_ context.Context, person string) ([]rewards.AddressChange, error) {
	switch person {
	case "rsp_moving":
		return []rewards.AddressChange{{Number: 1, Cancelled: noon}, {Number: 2}}, nil
	case "rsp_stays":
		return []rewards.AddressChange{{Number: 1}, {Number: 2, Cancelled: noon}}, nil
	}
	return nil, errors.New("no disk")
}

func (s *shelf) TakePushes(_ context.Context, at, until time.Time, limit int) (taken []pipeline.Push, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !until.After(at.Add(sendTime)) {
		return nil, errors.New("another server would send them too")
	}
	n := min(limit, len(s.waiting))
	taken, s.waiting = s.waiting[:n], s.waiting[n:]
	return taken, nil
}

func (s *shelf) SettlePushes(ctx context.Context, settled []pipeline.Settled, _ time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settled = append(s.settled, settled...)
	if s.told != nil {
		s.told <- len(s.settled)
	}
	return ctx.Err()
}

func (s *shelf) CallOf(_ context.Context, subject string, at time.Time) (pipeline.Calling, error) {
	c := pipeline.Calling{Question: polls.QuestionID(subject), Call: polls.Call{At: at, Deadline: noon.Add(time.Hour), Lacking: 1, Price: tasknet.Micro(18_000)}}
	switch subject {
	case "q_b":
		c.Lacking = 0
	case "q_c":
		return c, pipeline.ErrNotFound
	case "q_d":
		return c, errors.New("no disk")
	case "prj_a":
		c.Question = "q_a"
	}
	return c, nil
}

func (s *shelf) Question(_ context.Context, id polls.QuestionID) (*polls.Question, error) {
	return &polls.Question{ID: id, Text: "Is it?", Type: polls.YesNo, Choices: []string{"yes", "no"}}, nil
}

// clerk is a sender that says what it is told to.
type clerk struct {
	mu   sync.Mutex
	says map[pipeline.Secret]Result
	sent []string
}

func (c *clerk) Send(_ context.Context, to pipeline.Subscription, m *Message) (Result, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	question := "none"
	if m.Notice != "" {
		question = m.Notice
	}
	if m.Question != nil {
		question = string(m.Question.ID)
	}
	c.sent = append(c.sent, strings.Join([]string{m.Wake, question, m.Pays, m.Symbol}, " "))
	if r, ok := c.says[to.Target]; ok {
		return r, errors.New("it says so")
	}
	return Result{Outcome: pipeline.PushTaken}, nil
}

func push(wake, subject string, c pipeline.Channel, target string, tries int) pipeline.Push {
	return pipeline.Push{Wake: wake, Subject: subject, Tries: tries, Subscription: pipeline.Subscription{ID: "sub_" + target, Channel: c, Target: pipeline.Secret(target)}}
}

func newTestOffice(s *shelf, senders map[pipeline.Channel]Sender) *Office {
	return NewOffice(s.office(), senders, "TST", func() time.Time { return noon }, slog.New(slog.DiscardHandler))
}

func TestOfficeSettles(t *testing.T) {
	web := &clerk{says: map[pipeline.Secret]Result{
		"gone": {Outcome: pipeline.PushGone}, "busy": {pipeline.PushLater, time.Minute}, "never": {pipeline.PushLater, 2 * time.Hour}, "bad": {Outcome: pipeline.PushFailed},
	}}
	s := &shelf{waiting: []pipeline.Push{
		push("w1", "q_a", pipeline.WebPush, "ok", 0),
		push("w2", "prj_a", pipeline.WebPush, "ok", 0),
		push("w3", "q_b", pipeline.WebPush, "ok", 0),
		push("w4", "q_c", pipeline.WebPush, "ok", 0),
		push("w5", "q_a", pipeline.FCM, "ok", 0),
		push("w6", "q_a", pipeline.WebPush, "gone", 0),
		push("w7", "q_a", pipeline.WebPush, "busy", 0),
		push("w8", "q_a", pipeline.WebPush, "busy", triesMax-1),
		push("w9", "q_a", pipeline.WebPush, "never", 0),
		push("wa", "q_a", pipeline.WebPush, "bad", 0),
		push("wb", "q_d", pipeline.WebPush, "ok", 0),
	}}
	o := newTestOffice(s, map[pipeline.Channel]Sender{pipeline.WebPush: web})
	if n := o.SendDue(t.Context()); n != 11 {
		t.Fatalf("%d taken", n)
	}
	want := map[string]pipeline.Outcome{
		"w1": pipeline.PushTaken, "w2": pipeline.PushTaken, "w3": pipeline.PushDropped, "w4": pipeline.PushDropped, "w5": pipeline.PushDropped, "w6": pipeline.PushGone,
		"w7": pipeline.PushLater, "w8": pipeline.PushFailed, "w9": pipeline.PushFailed, "wa": pipeline.PushFailed, "wb": pipeline.PushLater,
	}
	got := make(map[string]pipeline.Outcome)
	for _, one := range s.settled {
		got[one.Wake] = one.Outcome
		if one.Wake == "w7" && !one.Again.Equal(noon.Add(time.Minute)) {
			t.Errorf("again at %s", one.Again)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, one := range []string{"w1 q_a 0.018 TST", "w2 none 0.018 TST"} {
		if !strings.Contains(strings.Join(web.sent, "\n"), one) {
			t.Errorf("%q was not sent: %v", one, web.sent)
		}
	}
	if len(web.sent) != 7 {
		t.Errorf("sent: %v", web.sent)
	}
}

// TestOfficeNotices: who moves their pay is told, with more patience than of questions, and who has cancelled that is not.
func TestOfficeNotices(t *testing.T) {
	web := &clerk{says: map[pipeline.Secret]Result{"down": {Outcome: pipeline.PushLater}}}
	to := func(wake, who, target string, tries int) pipeline.Push {
		p := push(wake, pipeline.AddressWarnings, pipeline.WebPush, target, tries)
		p.Subscription.Respondent, p.Woken = polls.RespondentID(who), noon
		return p
	}
	s := &shelf{waiting: []pipeline.Push{
		to("w1", "rsp_moving", "ok", 0), to("w2", "rsp_stays", "ok", 0), to("w3", "rsp_moving", "down", triesMax), to("w4", "rsp_moving", "down", noticeTries-1), to("w5", "rsp_lost", "ok", 0),
	}}
	newTestOffice(s, map[pipeline.Channel]Sender{pipeline.WebPush: web}).SendDue(t.Context())
	got := make(map[string]pipeline.Outcome)
	for _, one := range s.settled {
		got[one.Wake] = one.Outcome
	}
	want := map[string]pipeline.Outcome{"w1": pipeline.PushTaken, "w2": pipeline.PushDropped, "w3": pipeline.PushLater, "w4": pipeline.PushFailed, "w5": pipeline.PushLater}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(web.sent) != 3 || !strings.Contains(strings.Join(web.sent, "\n"), "w1 address") {
		t.Errorf("sent: %v", web.sent)
	}
}

// TestOfficeKeepsQuiet: a push that waited until its person sleeps is not sent, and a notice is.
func TestOfficeKeepsQuiet(t *testing.T) {
	web := new(clerk)
	to := func(wake, who, subject string) pipeline.Push {
		p := push(wake, subject, pipeline.WebPush, "ok", 0)
		p.Subscription.Respondent, p.Woken = polls.RespondentID(who), noon
		return p
	}
	s := &shelf{waiting: []pipeline.Push{to("w1", "rsp_asleep", "q_a"), to("w2", "rsp_awake", "q_a"), to("w3", "rsp_moving", pipeline.AddressWarnings)}}
	newTestOffice(s, map[pipeline.Channel]Sender{pipeline.WebPush: web}).SendDue(t.Context())
	slices.Sort(web.sent)
	if want := []string{"w2 q_a 0.018 TST", "w3 address  "}; !slices.Equal(web.sent, want) || s.settled[0].Outcome != pipeline.PushDropped {
		t.Errorf("sent %q, and the first is %s", web.sent, s.settled[0].Outcome)
	}
}

// TestOfficeBacksOff: the pauses double, and a quota of the one service for all apps holds everything that goes there.
func TestOfficeBacksOff(t *testing.T) {
	both := &clerk{says: map[pipeline.Secret]Result{"down": {Outcome: pipeline.PushLater}, "quota": {pipeline.PushLater, time.Minute}}}
	s := &shelf{}
	o := newTestOffice(s, map[pipeline.Channel]Sender{pipeline.WebPush: both, pipeline.FCM: both})
	for tries, want := range []time.Duration{10 * time.Second, 20 * time.Second, 40 * time.Second} {
		s.waiting, s.settled = []pipeline.Push{push("w", "q_a", pipeline.WebPush, "down", tries)}, nil
		o.SendDue(t.Context())
		if got := s.settled[0].Again.Sub(noon); got != want {
			t.Errorf("after %d tries: %s, want %s", tries+1, got, want)
		}
	}
	s.waiting = []pipeline.Push{push("w", "q_a", pipeline.FCM, "quota", 0)}
	o.SendDue(t.Context())
	both.sent, s.settled = nil, nil
	s.waiting = []pipeline.Push{push("x", "q_a", pipeline.FCM, "other", 0), push("y", "q_a", pipeline.WebPush, "other", 0)}
	o.SendDue(t.Context())
	if len(both.sent) != 1 || !strings.HasPrefix(both.sent[0], "y") || s.settled[0].Outcome != pipeline.PushHeld || !s.settled[0].Again.Equal(noon.Add(time.Minute)) {
		t.Errorf("sent %v, held: %+v", both.sent, s.settled[0])
	}
}

func TestOfficeRuns(t *testing.T) {
	web := new(clerk)
	s := &shelf{told: make(chan int, 2)}
	for range officeBatch + 1 {
		s.waiting = append(s.waiting, push("w", "q_a", pipeline.WebPush, "ok", 0))
	}
	o := newTestOffice(s, map[pipeline.Channel]Sender{pipeline.WebPush: web})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- o.Run(ctx) }()
	o.Trigger()
	for n := 0; n < officeBatch+1; {
		select {
		case n = <-s.told:
		case <-ctx.Done():
			t.Fatalf("%d are settled", n)
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
