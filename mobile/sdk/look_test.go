package sdk_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tasknet/tasknet/mobile/sdk"
	"github.com/tasknet/tasknet/server/app"
	"github.com/tasknet/tasknet/server/bench"
	"github.com/tasknet/tasknet/server/testnet"
)

// openEager opens the session again, with a clock that can be moved, and has it look into the log as soon as it may.
func (p *phone) openEager(t *testing.T, server string, ahead *atomic.Int64) {
	t.Helper()
	p.ear = newEar(t)
	s, err := sdk.OpenEager(p.folder, server, p.vault, p.ear, func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) })
	must(t, err)
	p.Session = s
	t.Cleanup(func() { must(t, s.Close()) })
}

// awaitLook waits until a look has come through since a time.
func (p *phone) awaitLook(t *testing.T, since time.Time) found {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); <-time.After(5 * time.Millisecond) {
		if f := looked(t)(p.LogFound()); f.Looked.After(since) {
			return f
		}
	}
	t.Fatal("the session does not look into the log by itself")
	return found{}
}

// TestLooksByItself: a session looks into the log after its start, when hours have passed, and when a promise is overdue; and not
// else, nor for somebody who has never answered.
func TestLooksByItself(t *testing.T) {
	testnet.Run(t, app.Config{}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		var ahead atomic.Int64
		network := &switched{next: &bench.Faults{}, on: true}
		must(t, network.next.Target(net.URL))
		address := serve(t, network)
		p := newPhone(t, address)
		if f := looked(t)(p.CheckLogIfDue(nil)); !f.Looked.IsZero() || f.Found.Instance != "" {
			t.Errorf("of somebody who has never answered: %+v", f)
		}
		a := answered(t, ctx, net, p)
		must(t, p.Close())

		p.openEager(t, address, &ahead)
		first := p.awaitLook(t, time.Time{})
		if first.Found.Log || first.Waiting != 0 {
			t.Errorf("%+v", first)
		}
		network.turn(false)
		if f := looked(t)(p.CheckLogIfDue(nil)); !f.Looked.Equal(first.Looked.Time) {
			t.Errorf("a look that was not due: %+v", f)
		}
		ahead.Store(int64(3*time.Hour + 59*time.Minute))
		if _, err := p.CheckLogIfDue(nil); err != nil {
			t.Errorf("before four hours: %v", err)
		}
		ahead.Store(int64(4 * time.Hour))
		if _, err := p.CheckLogIfDue(nil); err == nil {
			t.Error("after four hours the server is not asked")
		}
		ahead.Store(0)
		network.turn(true)
		p.rewrite(t, filepath.Join("known", "log-"+first.Found.Instance+".json"), func(f map[string]any) {
			f["looked"] = first.Looked.Add(-5 * time.Hour).Format(time.RFC3339)
		})
		p.Online()
		p.awaitLook(t, first.Looked.Time)
		must(t, p.Close())

		// What is overdue is looked for at once, and once.
		logged, receipts := filepath.Join(p.folder, "logged", a+".json"), filepath.Join("receipts", a+".json")
		must(t, os.Rename(logged, filepath.Join(p.folder, receipts)))
		p.rewrite(t, receipts, func(f map[string]any) { receiptIn(f)["first"], receiptIn(f)["by_ms"] = 1e6, 1 })
		p.openEager(t, address, &ahead)
		if said := p.ear.await(t, "found", 1)[0].code; !strings.Contains(said, `"answers":1`) {
			t.Errorf("told %s", said)
		}
		network.turn(false)
		if f := looked(t)(p.CheckLogIfDue(nil)); f.Found.Answers != 1 {
			t.Errorf("%+v", f)
		}
	})
}
