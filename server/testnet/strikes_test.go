package testnet_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/app"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/testnet"
	"github.com/tasknet/tasknet/server/wire"
)

// TestStruckAnswer: somebody answers a task and then fails at those whose answers are known. Before the task closes their
// answer is struck: its requester sees it opened again, they see why they are not paid, somebody else answers in their place,
// and an outsider finds all of it right. What they had earned while they were a newcomer is forfeited; what the others had is
// theirs.
func TestStruckAnswer(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { struckAnswer(t, app.Config{HoldNewcomers: true}) })
	t.Run("postgres", func(t *testing.T) { struckAnswer(t, app.Config{HoldNewcomers: true, DatabaseURL: postgres(t)}) })
}

func struckAnswer(t *testing.T, cfg app.Config) {
	testnet.Run(t, cfg, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		price := tasknet.Micro(10_000)
		project, err := net.Requester.NewProject(ctx, wire.NewProject{Name: "Spam", Text: "Is this spam?", Choices: []string{"yes", "no"}, Quorum: wire.Quorum{Policy: "fixed:3"}, Price: &price}, "")
		must(t, err)
		const golds = 10 // after the last of which is learned, and not before
		rows := []wire.TaskRow{{Key: "plain", Passage: "Buy now"}}
		for i := range golds {
			rows = append(rows, wire.TaskRow{Key: fmt.Sprintf("gold %d", i), Passage: fmt.Sprintf("Message %d", i), Truth: json.RawMessage(`"no"`)})
		}
		_, err = net.Requester.AddTasks(ctx, project.ID, rows, "")
		must(t, err)
		questions := make(map[string]string)
		for task, err := range net.Requester.Tasks(ctx, project.ID, "") {
			must(t, err)
			questions[task.Key] = task.Question
		}
		plain := questions["plain"]
		ann, bob, cyd, bad := net.Person(t, ctx), net.Person(t, ctx), net.Person(t, ctx), net.Person(t, ctx)
		net.Answer(t, ctx, bad, plain, 0)
		net.Answer(t, ctx, ann, plain, 1)
		for key, id := range questions {
			if key != "plain" {
				net.Answer(t, ctx, ann, id, 1)
				net.Answer(t, ctx, bob, id, 1)
				net.Answer(t, ctx, bad, id, 0)
			}
		}
		for {
			me, err := bad.Me(ctx)
			must(t, err)
			passed, err := ann.Earnings(ctx)
			must(t, err)
			failed, err := bad.Earnings(ctx)
			must(t, err)
			if me.Refused > 0 && passed.Pending.IsZero() && failed.Pending.IsZero() { // what was learned is used for one after the other
				break
			}
			select {
			case <-ctx.Done():
				t.Fatal("nobody was found to be worth nothing")
			case <-time.After(50 * time.Millisecond):
			}
		}
		earns := func(who *client.Respondent, open, pending, final int64) {
			t.Helper()
			e, err := who.Earnings(ctx)
			must(t, err)
			got := e.Yours.Add(e.InEpoch).Add(e.OnChain)
			if e.Held != tasknet.Micro(open+pending) || e.Pending != tasknet.Micro(pending) || got != tasknet.Micro(final) || (e.Until != nil) != (pending > 0) {
				t.Errorf("%+v; want %d of open questions, %d pending and %d final", e, open, pending, final)
			}
		}
		each := price.Micro()
		earns(ann, each, 0, golds*each)
		earns(bad, each, 0, 0)
		net.Answer(t, ctx, bob, plain, 1)
		var q wire.Question
		for e, err := range net.Requester.QuestionEvents(ctx, plain) {
			must(t, err)
			if e.Kind == client.Closed {
				q = e.Question
				continue
			}
			if now := e.Progress; now.Struck == 1 && now.Answers == 2 {
				if now.Status != "open" || now.Wanted != 1 || now.Counts[0] != 0 {
					t.Errorf("after the strike: %+v", now)
				}
				net.Answer(t, ctx, cyd, plain, 0)
			}
		}
		if q.Status != "closed" || q.Answers != 3 || q.Struck != 1 || q.Verdict == nil || q.Verdict.Answers != 3 || q.Verdict.Label != "no" || !q.Verdict.Forfeited.IsZero() || q.Verdict.Paid.String() != "0.03" {
			t.Errorf("closed as %+v %+v", q, q.Verdict)
		}
		for a, err := range bad.Answers(ctx) {
			must(t, err)
			if want := a.Question == plain; a.Struck != want || a.Pays.IsZero() != want || a.State != "final" {
				t.Errorf("who answered it so is told %+v", a)
			}
			want := wire.AnswerPay{State: "forfeited", Amount: price, Why: "worthless", Snapshot: a.Pay.Snapshot}
			if a.Struck {
				want = wire.AnswerPay{State: "none", Why: "struck", Snapshot: a.Pay.Snapshot}
			}
			if a.Pay != want || a.Pay.Snapshot == "" {
				t.Errorf("of its pay they are told %+v", a.Pay)
			}
		}
		earns(ann, 0, 0, (golds+1)*each)
		earns(bad, 0, 0, 0)
		earns(cyd, 0, each, 0)
		totals, err := net.Client.Totals(ctx)
		must(t, err)
		if totals.Forfeits != tasknet.Micro(golds*each) || totals.Pending != price {
			t.Errorf("totals %+v", totals)
		}
		record, err := net.Client.Record(ctx, plain)
		must(t, err)
		if s := record.Answers[0].Struck; s == nil || s.Answers != 3 || s.Counted != 3 || record.Answers[1].Struck != nil || record.Question.Answers != 4 {
			t.Errorf("the record's answers: %+v", record.Answers)
		}
		clean(t, ctx, net, golds+1, 3*golds+3)
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
