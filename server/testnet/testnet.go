// Package testnet runs a whole instance inside a test: real stores, the real dev chain, the real API on loopback.
// Only tests import it.
package testnet

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/tasknet/tasknet/server/app"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/verify"
	"github.com/tasknet/tasknet/server/wire"
)

// Net is a running instance.
type Net struct {
	URL       string
	Client    *client.Client
	Requester *client.Requester
	Data      string // its folder

	app  *app.App
	stop context.CancelFunc
	done chan error
}

// stopTime is how long an instance may take to stop: its own bound, and some for a loaded machine.
const stopTime = 15 * time.Second

// Run starts an instance with a fresh database and chain, runs the test with it, and stops it. The config's Data and
// Listen are set here; the rest is the caller's. Rate limits are off, and epochs close every second, unless it says otherwise.
func Run(t *testing.T, cfg app.Config, test func(t *testing.T, ctx context.Context, net *Net)) {
	t.Helper()
	cfg.Data = filepath.Join(t.TempDir(), "data")
	n := Start(t, cfg)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	test(t, ctx, n)
	n.Stop(t)
}

// Start starts an instance on a data folder, which may be that of an earlier one. The caller stops it.
func Start(t *testing.T, cfg app.Config) *Net {
	t.Helper()
	cfg.Unlimited = true
	return StartLimited(t, cfg)
}

// StartLimited is Start with the limits on requests that a server has.
func StartLimited(t *testing.T, cfg app.Config) *Net {
	t.Helper()
	if cfg.Data == "" {
		t.Fatal("an instance of a test needs a folder of its own")
	}
	cfg.Listen = "127.0.0.1:0"
	if cfg.EpochEvery == 0 {
		cfg.EpochEvery = time.Second
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	a, err := app.New(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	first, err := a.Prepare(ctx)
	if err != nil {
		t.Fatal(err)
	}
	n := &Net{URL: a.URL(), Data: cfg.Data, app: a, stop: stop, done: make(chan error, 1)}
	go func() { n.done <- a.Run(ctx) }()
	if n.Client, err = client.New(n.URL, client.Config{}); err != nil {
		t.Fatal(err)
	}
	n.Requester = n.Client.Requester(first.Key)
	return n
}

// Stop stops the instance, and fails the test when it does not stop cleanly.
func (n *Net) Stop(t *testing.T) {
	t.Helper()
	n.stop()
	select {
	case err := <-n.done:
		if err != nil {
			t.Errorf("the instance did not stop cleanly: %v", err)
		}
	case <-time.After(stopTime):
		panic(fmt.Sprintf("the instance did not stop within %s", stopTime)) // for the stacks
	}
}

// Person returns a respondent with new keys.
func (n *Net) Person(t *testing.T, ctx context.Context) *client.Respondent {
	t.Helper()
	keys, err := client.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	r, err := n.Client.Respondent(ctx, keys)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Ask asks a question under a key of its own.
func (n *Net) Ask(t *testing.T, ctx context.Context, ask wire.Ask) wire.Question {
	t.Helper()
	q, err := n.Requester.Ask(ctx, ask, fmt.Sprint(t.Name(), time.Now().UnixNano()))
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// Answer has a person take a question and answer it.
func (n *Net) Answer(t *testing.T, ctx context.Context, who *client.Respondent, question string, choice int) wire.Accepted {
	t.Helper()
	asg, err := who.Assignment(ctx, question)
	if err != nil {
		t.Fatal(err)
	}
	got, err := who.Answer(ctx, asg, choice)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// logPatience is for how long records may be missing in the public log.
const logPatience = 20 * time.Second

// AwaitLogged has an outsider recompute everything, until all of it is in the public log.
func (n *Net) AwaitLogged(t *testing.T, ctx context.Context) verify.Report {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, logPatience)
	defer cancel()
	for {
		report, err := verify.Run(ctx, n.Client, verify.Config{})
		if err != nil {
			t.Fatal(err)
		}
		if report.Log > 0 && report.Unlogged == 0 {
			return report
		}
		select {
		case <-ctx.Done():
			t.Fatalf("the public log did not get all in time: %+v, %v", report, err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// AwaitPaid waits until all of a person's final pay is on chain, and returns how it stands.
func (n *Net) AwaitPaid(t *testing.T, ctx context.Context, who *client.Respondent) wire.Earnings {
	t.Helper()
	for {
		e, err := who.Earnings(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if !e.OnChain.IsZero() && e.Yours.IsZero() && e.InEpoch.IsZero() {
			return e
		}
		n.app.PayNow()
		select {
		case <-ctx.Done():
			t.Fatalf("pay did not reach the chain in time: %+v", e)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
