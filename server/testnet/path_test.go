package testnet_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/app"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/testnet"
	"github.com/tasknet/tasknet/server/wire"
)

// TestPath takes a question from the API to three people, a verdict, a payout on chain, and an outsider's check.
func TestPath(t *testing.T) {
	testnet.Run(t, app.Config{}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		before, err := net.Requester.Balance(ctx)
		if err != nil {
			t.Fatal(err)
		}
		q := net.Ask(t, ctx, wire.Ask{Text: "Is this spam?", Choices: []string{"yes", "no"}, Quorum: wire.Quorum{Policy: "fixed:3"}})
		var people []*client.Respondent
		for i, choice := range []int{1, 0, 1} {
			who := net.Person(t, ctx)
			people = append(people, who)
			if got := net.Answer(t, ctx, who, q.ID, choice); got.Pays != q.Price {
				t.Fatalf("answer %d pays %s", i, got.Pays)
			}
		}
		q, err = net.Requester.Wait(ctx, q.ID, 10*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		if q.Status != "closed" || q.Verdict == nil || q.Verdict.Label != "no" || q.Verdict.Outcome != "decided" || q.Verdict.Answers != 3 {
			t.Fatalf("closed as %+v", q.Verdict)
		}
		for _, who := range people {
			if e := net.AwaitPaid(t, ctx, who); e.OnChain != q.Price {
				t.Fatalf("%s is on chain for an answer of %s", e.OnChain, q.Price)
			}
		}
		after, err := net.Requester.Balance(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if cost := before.Available.Sub(after.Available); cost != q.Hold || !after.Held.IsZero() || after.Spent.Sub(before.Spent) != cost {
			t.Fatalf("the question cost %s of a hold of %s, %s is held", cost, q.Hold, after.Held)
		}
		late := net.Person(t, ctx)
		if _, err := late.Assignment(ctx, q.ID); tasknet.Describe(err).Code != "question_not_available" {
			t.Fatalf("a closed question was given out: %v", err)
		}
		clean(t, ctx, net, 1, 3)
	})
}

// TestPathGoesOnAfterARestart stops the instance between the answers.
func TestPathGoesOnAfterARestart(t *testing.T) {
	data := t.TempDir()
	ctx := t.Context()
	net := testnet.Start(t, app.Config{Data: data})
	q := net.Ask(t, ctx, wire.Ask{Text: "Up or down?", Choices: []string{"up", "down"}, Quorum: wire.Quorum{Policy: "confidence:0.95", Min: 2, Max: 4}})
	keys, err := client.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	who, err := net.Client.Respondent(ctx, keys)
	if err != nil {
		t.Fatal(err)
	}
	net.Answer(t, ctx, who, q.ID, 0)
	net.Stop(t)

	net = testnet.Start(t, app.Config{Data: data})
	defer net.Stop(t)
	again, err := net.Client.Respondent(ctx, keys)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := again.Assignment(ctx, q.ID); !errors.Is(err, tasknet.NewError(tasknet.Conflict, "question_not_available", "")) {
		t.Fatalf("the same question came twice: %v", err)
	}
	net.Answer(t, ctx, net.Person(t, ctx), q.ID, 0)
	net.Answer(t, ctx, net.Person(t, ctx), q.ID, 0)
	if e := net.AwaitPaid(t, ctx, again); e.OnChain != q.Price {
		t.Fatalf("%s is on chain", e.OnChain)
	}
	clean(t, ctx, net, 1, 3)
}

// clean has an outsider recompute everything.
func clean(t *testing.T, ctx context.Context, net *testnet.Net, questions, answers int) {
	t.Helper()
	report := net.AwaitLogged(t, ctx)
	if report.Questions != questions || report.Answers != answers {
		t.Fatalf("verified %d questions with %d answers, want %d with %d", report.Questions, report.Answers, questions, answers)
	}
}
