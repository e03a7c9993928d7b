package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/polls/pollstest"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/pipeline"
)

// history is a little of everything in a store.
type history struct {
	*pollstest.World
	question *polls.Question
	answer   polls.Answer
}

func newHistory(t *testing.T, db *DB) *history {
	t.Helper()
	w := pollstest.NewWorld(t, db.Polls())
	q := w.Ask(w.Draft(2))
	h := &history{w, q, w.Answer(w.Person(), q, 0)}
	if err := db.Rewards().Post(t.Context(), rewards.Credit("a", "0x:0", tasknet.Micro(5), w.Now)); err != nil {
		t.Fatal(err)
	}
	return h
}

// follow returns all events of a kind and an organisation, by pages of three.
func follow(t *testing.T, db *DB, org polls.OrgID, kind pipeline.EventKind) (events []pipeline.Event) {
	t.Helper()
	after := int64(0)
	for {
		page, err := db.Events().EventsAfter(t.Context(), org, kind, after, 3)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			return events
		}
		if len(page) > 3 {
			t.Fatalf("%d events, limit 3", len(page))
		}
		events = append(events, page...)
		after = page[len(page)-1].Seq
	}
}

func TestEvents(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		ctx := t.Context()
		db := open(t, config(t))
		if last, err := db.Events().LastEvent(ctx); last != 0 || err != nil {
			t.Errorf("the last of no events: %d, %v", last, err)
		}
		w := pollstest.NewWorld(t, db.Polls())
		other := w.NewOrg("Otter Watch")
		mine, both := w.Ask(w.Draft(10)), w.Draft(2)
		both.Org = other.ID
		theirs := w.Ask(both)
		created := pipeline.Event{Kind: pipeline.QuestionCreated, Org: w.Org.ID, Question: mine.ID, Subject: string(mine.ID), At: w.Now}
		if err := db.Events().Append(ctx, created); err != nil {
			t.Fatal(err)
		}
		// Two batches: ten answers, of which every fifth is to theirs, which closes with its second.
		var want, wantTheirs, wantClosing []pipeline.Event
		seq := int64(1)
		for range 2 {
			var subs []*polls.Submission
			for i := range 5 {
				q := mine
				if i == 2 {
					q = theirs
				}
				p := w.Person()
				subs = append(subs, w.Submission(p, q, w.Take(p, q), 0))
			}
			w.Record(subs...)
			for _, q := range []*polls.Question{mine, theirs} { // by organisation, in order of their first answer
				for _, s := range subs {
					if s.Answer.Question != q.ID {
						continue
					}
					seq++
					e := pipeline.Event{Seq: seq, Kind: pipeline.AnswerAccepted, Org: q.Org, Question: q.ID, Subject: string(s.Answer.ID), At: w.Now}
					if q == mine {
						want = append(want, e)
					} else {
						wantTheirs = append(wantTheirs, e)
					}
				}
			}
			w.Now = w.Now.Add(time.Second)
		}
		seq++
		wantClosing = []pipeline.Event{{Seq: seq, Kind: pipeline.QuestionClosing, Org: other.ID, Question: theirs.ID, Subject: string(theirs.ID), At: w.Now.Add(-time.Second)}}
		created.Seq = 1
		for _, c := range []struct {
			org  polls.OrgID
			kind pipeline.EventKind
			want []pipeline.Event
		}{
			{w.Org.ID, pipeline.QuestionCreated, []pipeline.Event{created}},
			{w.Org.ID, pipeline.AnswerAccepted, want},
			{other.ID, pipeline.AnswerAccepted, wantTheirs},
			{other.ID, pipeline.QuestionClosing, wantClosing},
			{w.Org.ID, pipeline.QuestionClosing, nil},
			{"org_none", pipeline.AnswerAccepted, nil},
		} {
			if diff := cmp.Diff(c.want, follow(t, db, c.org, c.kind)); diff != "" {
				t.Errorf("%s of %s (-want +got):\n%s", c.kind, c.org, diff)
			}
		}
		for i, e := range want { // from within a group
			got, err := db.Events().EventsAfter(ctx, w.Org.ID, pipeline.AnswerAccepted, e.Seq, 100)
			if err != nil || len(got) != len(want)-i-1 {
				t.Errorf("after %d: %d events, %v; want %d", e.Seq, len(got), err, len(want)-i-1)
			}
		}
		if last, err := db.Events().LastEvent(ctx); last != seq || err != nil {
			t.Errorf("the last event: %d, %v; want %d", last, err, seq)
		}
	})
}

// TestEventsRace appends from many transactions while somebody follows: nothing is passed over.
func TestEventsRace(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		ctx := t.Context()
		db := open(t, config(t))
		const writers, each = 8, 20
		var wg sync.WaitGroup
		for i := range writers {
			wg.Go(func() {
				for j := range each {
					err := db.InTx(ctx, func(tx pipeline.Tx) error {
						return errors.Join(
							tx.Events().Append(ctx, pipeline.Event{Kind: pipeline.QuestionClosed, Org: "org_a", Subject: fmt.Sprintf("%d.%d", i, j)}),
							set(ctx, tx, fmt.Sprintf("%d.%d", i, j)),
						)
					})
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		seen, after := make(map[string]int), int64(0)
		for len(seen) < writers*each && !t.Failed() {
			events, err := db.Events().EventsAfter(ctx, "org_a", pipeline.QuestionClosed, after, 3)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range events {
				seen[e.Subject]++
				if e.Seq != after+1 {
					t.Fatalf("event %d came after %d", e.Seq, after)
				}
				after = e.Seq
			}
		}
		wg.Wait()
		if after != writers*each {
			t.Errorf("the last event is %d, want %d", after, writers*each)
		}
	})
}

func TestReplies(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		ctx := t.Context()
		db := open(t, config(t))
		at := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
		r := pipeline.Reply{Scope: "org_a ask", Key: "k", RequestHash: [32]byte{1}, Status: 201, Body: json.RawMessage(`{"id":"q_a"}`), At: at}
		if _, err := db.Replies().Reply(ctx, r.Scope, r.Key); tasknet.Describe(err).Kind != tasknet.NotFound {
			t.Errorf("no reply: %v", err)
		}
		if err := db.Replies().SaveReply(ctx, r); err != nil {
			t.Fatal(err)
		}
		again := r
		again.Status = 500
		if err := db.Replies().SaveReply(ctx, again); tasknet.Describe(err).Kind != tasknet.Conflict {
			t.Errorf("a second reply: %v", err)
		}
		other := r
		other.Scope, other.At = "org_b ask", at.Add(time.Hour)
		if err := db.Replies().SaveReply(ctx, other); err != nil {
			t.Errorf("the same key in another scope: %v", err)
		}
		got, err := db.Replies().Reply(ctx, r.Scope, r.Key)
		if diff := cmp.Diff(r, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		if err := db.Replies().ForgetReplies(ctx, at.Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Replies().Reply(ctx, r.Scope, r.Key); tasknet.Describe(err).Kind != tasknet.NotFound {
			t.Errorf("a forgotten reply: %v", err)
		}
		if _, err := db.Replies().Reply(ctx, other.Scope, other.Key); err != nil {
			t.Errorf("a newer reply: %v", err)
		}
	})
}

func TestSettings(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		ctx := t.Context()
		db := open(t, config(t))
		if _, err := db.Settings().Setting(ctx, "instance"); tasknet.Describe(err).Kind != tasknet.NotFound {
			t.Errorf("no setting: %v", err)
		}
		values := make([]string, 12)
		var wg sync.WaitGroup
		for i := range values {
			wg.Go(func() {
				v, err := db.Settings().SetSetting(ctx, "instance", fmt.Sprint(i))
				if err != nil {
					t.Error(err)
				}
				values[i] = v
			})
		}
		wg.Wait()
		stored, err := db.Settings().Setting(ctx, "instance")
		for _, v := range values {
			if v != stored || err != nil {
				t.Fatalf("a setting that is set once is %q, %v, and to those who set it %q", stored, err, values)
			}
		}
	})
}
