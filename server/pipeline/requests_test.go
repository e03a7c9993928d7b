package pipeline_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
)

// spamAsk is what a contract asks that nothing is wrong with.
func spamAsk() *rewards.Ask {
	return &rewards.Ask{
		Oracle: rewards.Address{1}, Text: "Is this spam?", Options: []string{"yes", "no"}, MinAnswers: 2, MaxAnswers: 3, TargetPPM: 900_000,
		Deadline: start.Add(time.Hour).Unix(), Payment: big.NewInt(1), CallbackGas: 1,
	}
}

// asks books what a contract asks in a block, for so many micro-units.
func (b *bench) asks(t *testing.T, block int64, micro int64, a *rewards.Ask) rewards.Booking {
	t.Helper()
	id := rewards.Hash{0xff, byte(block)}
	booking := rewards.Booking{Org: rewards.OrgOf(id), Amount: tasknet.Micro(micro), Event: rewards.Event{
		Kind: rewards.Deposited, Tx: rewards.Hash{byte(block)}, Block: block, Owner: rewards.Address{2}, Reference: id, Base: big.NewInt(micro), Ask: a,
	}}
	check(t, b.stores.Rewards().BookEvents(t.Context(), []rewards.Booking{booking}, rewards.Look{Block: block}, start))
	return booking
}

func (b *bench) request(t *testing.T, of rewards.Booking) rewards.Request {
	t.Helper()
	r, err := b.stores.Requests().Request(t.Context(), of.Event.Reference)
	check(t, err)
	return r
}

// uploads are an image, whose hash begins with 2, a clip, whose begins with 3, and what is neither, whose begins with 4.
type uploads struct{}

var errOtherSort = tasknet.NewError(tasknet.Invalid, "other_sort", "")

func (uploads) at(name string, sort rewards.Hash) (string, error) {
	switch name {
	case hex.EncodeToString(sort[:]):
		return name, nil
	case hex.EncodeToString(picture[:]), hex.EncodeToString(clip[:]), hex.EncodeToString(unknownSort[:]):
		return "", errOtherSort
	}
	return "", tasknet.NewError(tasknet.NotFound, "no_such_image", "")
}

func (u uploads) Image(_ context.Context, name string, _ func(context.Context, string) ([]byte, error)) (*polls.Image, error) {
	hash, err := u.at(name, picture)
	return &polls.Image{Hash: hash, Type: "image/png", Width: 1, Height: 1, Bytes: 1}, err
}

func (u uploads) Audio(_ context.Context, name string, _ func(context.Context, string) ([]byte, error)) (*polls.Audio, error) {
	hash, err := u.at(name, clip)
	return &polls.Audio{Hash: hash, Type: "audio/mpeg", Bytes: 1}, err
}

func (uploads) Scaled(_ context.Context, hash string, width, height int, grey bool) ([]byte, error) {
	if hash != hex.EncodeToString(picture[:]) {
		return nil, tasknet.NewError(tasknet.NotFound, "no_such_image", "")
	}
	return fmt.Appendf(nil, "%dx%d %t", width, height, grey), nil
}

var picture, clip, unknownSort = rewards.Hash{2}, rewards.Hash{3}, rewards.Hash{4}

// TestRequestsAboutContent: what was uploaded is shown with the question of a contract that gives its hash, with a text or without.
func TestRequestsAboutContent(t *testing.T) {
	b := newBench(t)
	for i, c := range []struct {
		content rewards.Hash
		text    string
	}{{picture, "Is this a bird?"}, {picture, ""}, {clip, "Is this a bird?"}} {
		a := spamAsk()
		a.Content, a.Text = c.content, c.text
		booking := b.asks(t, int64(4+i), 1_000_000, a)
		check(t, b.Requests(t.Context()))
		r := b.request(t, booking)
		if r.State != rewards.RequestOpen {
			t.Fatalf("%+v came to %+v", c, r)
		}
		q, err := b.stores.Polls().Question(t.Context(), polls.QuestionID(r.Question))
		check(t, err)
		shown := ""
		if q.Image != nil {
			shown = q.Image.Hash
		}
		if q.Audio != nil {
			shown += q.Audio.Hash
		}
		if shown != hex.EncodeToString(c.content[:]) || q.Text != c.text || (q.Image != nil) != (c.content == picture) {
			t.Errorf("%+v is asked as %+v", c, q)
		}
	}
}

// moves books in a block what the payer of a contract's question does with its account, twice: it counts once.
func (b *bench) moves(t *testing.T, block int64, kind rewards.EventKind, micro int64, of rewards.Booking) {
	t.Helper()
	e := rewards.Event{Kind: kind, Tx: rewards.Hash{byte(block)}, Block: block, Owner: of.Event.Owner, Reference: of.Event.Reference}
	if kind == rewards.Withdrawn {
		e.Base = big.NewInt(micro)
	}
	for range 2 {
		check(t, b.stores.Rewards().BookEvents(t.Context(), []rewards.Booking{{Org: of.Org, Amount: tasknet.Micro(micro), Event: e}}, rewards.Look{Block: block}, start))
		_, err := b.stores.Rewards().FreezeNoticed(t.Context(), start)
		check(t, err)
	}
}

// TestRequestsThatAreRefused: what cannot be put to people is closed with a reason, which a public record holds; nothing is spent, and
// who paid takes all of it out, once.
func TestRequestsThatAreRefused(t *testing.T) {
	b := newBench(t)
	block := int64(4)
	for name, c := range map[string]struct {
		micro  int64
		change func(*rewards.Ask)
		reason string
	}{
		"content":                 {1000, func(a *rewards.Ask) { a.Content = rewards.Hash{1} }, "content_not_here"},
		"content of no sort":      {1000, func(a *rewards.Ask) { a.Content = unknownSort }, "other_sort"},
		"nothing to look at":      {1000, func(a *rewards.Ask) { a.Text = "" }, "no_content"},
		"no UTF-8":                {1000, func(a *rewards.Ask) { a.Garbled = true }, "bad_text"},
		"a control character":     {1000, func(a *rewards.Ask) { a.Text = "a\x00b" }, "bad_text"},
		"too long a text":         {1000, func(a *rewards.Ask) { a.Text = strings.Repeat("a", 10_001) }, "bad_text"},
		"too many options":        {1000, func(a *rewards.Ask) { a.Options = strings.Split(strings.Repeat("a,", 20)+"a", ",") }, "bad_choices"},
		"the same option":         {1000, func(a *rewards.Ask) { a.Options = []string{"a", "a"} }, "choice_twice"},
		"too long an option":      {1000, func(a *rewards.Ask) { a.Options[0] = strings.Repeat("a", 501) }, "bad_choices"},
		"a target of a half":      {1000, func(a *rewards.Ask) { a.TargetPPM = 500_000 }, "bad_policy"},
		"too many answers":        {1_000_000, func(a *rewards.Ask) { a.MaxAnswers = 1001 }, "bad_policy"},
		"more answers than most":  {1000, func(a *rewards.Ask) { a.MinAnswers = 4 }, "bad_policy"},
		"no answers":              {1000, func(a *rewards.Ask) { a.MinAnswers = 0 }, "bad_policy"},
		"a deadline that is over": {1000, func(a *rewards.Ask) { a.Deadline = start.Unix() }, "bad_deadline"},
		"a deadline too far":      {1000, func(a *rewards.Ask) { a.Deadline = start.Add(31 * 24 * time.Hour).Unix() }, "bad_deadline"},
		"the last deadline":       {1000, func(a *rewards.Ask) { a.Deadline = rewards.DeadlineMost }, "bad_deadline"},
		"too little":              {2, func(*rewards.Ask) {}, "underpaid"},
		"nothing that counts":     {0, func(*rewards.Ask) {}, "underpaid"},
	} {
		t.Run(name, func(t *testing.T) {
			a := spamAsk()
			c.change(a)
			block++
			booking := b.asks(t, block, c.micro, a)
			check(t, b.Requests(t.Context()))
			r := b.request(t, booking)
			record, err := r.RefusalHash(instance)
			check(t, err)
			if want := (rewards.OracleVerdict{Outcome: rewards.OutcomeUnanswered, Record: record}); r.State != rewards.RequestClosed || r.Reason != c.reason || r.Verdict != want || r.Question != "" {
				t.Errorf("refused as %+v", r)
			}
			if left, err := b.stores.Rewards().Balance(t.Context(), rewards.Requester(r.Org)); err != nil || left.Micro() != c.micro {
				t.Errorf("%s is left, %v", left, err)
			}

			before, err := b.stores.Rewards().Totals(t.Context())
			check(t, err)
			has := func(what string, requester, frozen, withdrawn int64) {
				t.Helper()
				for account, want := range map[rewards.Account]int64{rewards.Requester(r.Org): requester, rewards.Frozen(booking.Event.Account()): frozen, rewards.Debt(r.Org): 0} {
					if got, err := b.stores.Rewards().Balance(t.Context(), account); err != nil || got.Micro() != want {
						t.Errorf("%s %s has %s, %v; want %d micro-units", what, account, got, err, want)
					}
				}
				if now, err := b.stores.Rewards().Totals(t.Context()); err != nil || !now.Conserved() || now.Withdrawn.Sub(before.Withdrawn).Micro() != withdrawn {
					t.Errorf("%s the totals are %+v, %v", what, now, err)
				}
			}
			block++
			b.moves(t, block, rewards.NoticeGiven, 0, booking)
			has("under notice", 0, c.micro, 0)
			block++
			b.moves(t, block, rewards.Withdrawn, c.micro, booking)
			has("taken out,", 0, 0, c.micro)
			check(t, b.Requests(t.Context()))
			if again := b.request(t, booking); again.State != rewards.RequestClosed || again.Reason != c.reason || again.Verdict != r.Verdict {
				t.Errorf("refused as %+v, then as %+v", r, again)
			}
		})
	}
}

// TestRequestWhoseMoneyIsOnItsWayOut: a payer gives notice before anybody has looked at the question. Nothing pays for it, and it is
// refused; when the notice is taken back, the money is the payer's and the refusal stays.
func TestRequestWhoseMoneyIsOnItsWayOut(t *testing.T) {
	b := newBench(t)
	booking := b.asks(t, 5, 1000, spamAsk())
	b.moves(t, 6, rewards.NoticeGiven, 0, booking)
	check(t, b.Requests(t.Context()))
	r := b.request(t, booking)
	if r.State != rewards.RequestClosed || r.Reason != "underpaid" || r.Question != "" {
		t.Fatalf("refused as %+v", r)
	}
	b.moves(t, 7, rewards.NoticeCancelled, 0, booking)
	check(t, b.Requests(t.Context()))
	if left, err := b.stores.Rewards().Balance(t.Context(), rewards.Requester(r.Org)); err != nil || left.Micro() != 1000 || b.request(t, booking).Reason != r.Reason {
		t.Errorf("%s is left, %v", left, err)
	}
}

// TestRequestBecomesOneQuestion: however many servers look at once, a request becomes one question, whose most answers cost what was
// paid and no more, and whose verdict is fixed once.
func TestRequestBecomesOneQuestion(t *testing.T) {
	b := newBench(t)
	a := spamAsk()
	a.Text = strings.Repeat("Is this spam? ", 100) // longer than a question's text
	booking := b.asks(t, 5, 1_000_003, a)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := b.Requests(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	r := b.request(t, booking)
	q, err := b.stores.Polls().Question(t.Context(), polls.QuestionID(r.Question))
	check(t, err)
	if q.Text+q.Passage != a.Text || !slices.Equal(q.Choices, a.Options) || !q.Deadline.Equal(start.Add(time.Hour)) || q.Policy != (polls.Policy{Kind: polls.Confidence, TargetPPM: 900_000, Min: 2, Max: 3, Fallback: 3}) {
		t.Errorf("asked as %+v", q)
	}
	hold, err := q.Hold()
	check(t, err)
	if hold.Micro() > 1_000_003 || hold.Micro() < 1_000_003-3*2 {
		t.Errorf("%s is held of 1.000003", hold)
	}
	if left, err := b.stores.Rewards().Balance(t.Context(), rewards.Requester(r.Org)); err != nil || left.Add(hold).Micro() != 1_000_003 {
		t.Errorf("%s is left, %v", left, err)
	}
	b.pass(2 * time.Hour)
	check(t, b.Cancel(t.Context(), q.Org, q.ID)) // or its deadline closes it
	for range 2 {
		check(t, b.Requests(t.Context()))
	}
	if r = b.request(t, booking); r.State != rewards.RequestClosed || r.Verdict.Outcome != rewards.OutcomeUnanswered || r.Verdict.Record == (rewards.Hash{}) || r.Reason != "" {
		t.Errorf("closed as %+v", r)
	}
	if left, err := b.stores.Rewards().Balance(t.Context(), rewards.Requester(r.Org)); err != nil || left.Micro() != 1_000_003 {
		t.Errorf("%s is left in the end, %v", left, err)
	}
}
