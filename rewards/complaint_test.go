package rewards_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet/rewards"
)

// lines is a slog.Handler that keeps the messages about epochs, each with how often it failed.
type lines struct {
	mu   sync.Mutex
	said []string
}

func (l *lines) Enabled(context.Context, slog.Level) bool { return true }
func (l *lines) WithAttrs([]slog.Attr) slog.Handler       { return l }
func (l *lines) WithGroup(string) slog.Handler            { return l }

func (l *lines) Handle(_ context.Context, r slog.Record) error {
	attrs := make(map[string]slog.Value)
	r.Attrs(func(a slog.Attr) bool {
		attrs[a.Key] = a.Value
		return true
	})
	if attrs["work"].String() == "epochs" {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.said = append(l.said, fmt.Sprintf("%s, %s", r.Message, attrs["failures"]))
	}
	return nil
}

// TestPayerComplains: what fails at each turn is told when it begins, when something else fails, at growing intervals, and when it
// has passed.
func TestPayerComplains(t *testing.T) {
	type turn struct {
		later time.Duration // than the turn before
		err   error
		says  string
	}
	other := errors.New("the store is full")
	script := []turn{
		{0, nil, ""},
		{0, errNode, "the payer tries again, 1"},
		{0, errNode, ""},
		{59 * time.Second, fmt.Errorf("in other words: %w", errNode), ""},
		{time.Second, errNode, "the payer tries again, 4"},
		{time.Minute, errNode, ""},
		{time.Minute, errNode, "the payer tries again, 6"},
		{0, other, "the payer tries again, 7"},
		{time.Minute, other, "the payer tries again, 8"},
		{0, nil, "the payer goes on, 8"},
		{0, nil, ""},
		{0, errNode, "the payer tries again, 1"},
		{24 * time.Hour, errNode, "the payer tries again, 2"},
	}
	var want []string
	for _, turn := range script {
		if turn.says != "" {
			want = append(want, turn.says)
		}
	}
	log := &lines{}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	at, passed := 0, atomic.Int64{}
	p := rewards.NewPayer(openStore(t), newVault(), rewards.PayerConfig{
		Poll: time.Millisecond, Log: slog.New(log),
		Now: func() time.Time { return now.Add(time.Duration(passed.Load())) },
		VerdictsWait: func(context.Context) (bool, error) { // asked once a turn
			if at == len(script) {
				stop()
				return false, nil
			}
			turn := script[at]
			at++
			passed.Add(int64(turn.later))
			return false, turn.err
		},
	})
	must(t, p.Run(ctx))
	if diff := cmp.Diff(want, log.said); diff != "" {
		t.Errorf("logged (-want +got):\n%s", diff)
	}
}

// TestPayerTellsOfReorgOnce: that blocks were taken back is told when what was in them is undone, and not at each look at a node that
// is behind.
func TestPayerTellsOfReorgOnce(t *testing.T) {
	var log bytes.Buffer
	chain := newVault()
	p := rewards.NewPayer(openStore(t), chain, rewards.PayerConfig{Log: slog.New(slog.NewTextHandler(&log, nil))})
	for range 3 {
		chain.deposit("org_1", 100)
	}
	must(t, p.CollectEvents(t.Context()))
	chain.takeBack(2)
	chain.head--
	for range 3 {
		if err := p.CollectEvents(t.Context()); err == nil {
			t.Fatal("events of a chain that is shorter than it was are booked")
		}
	}
	if log.Len() > 0 {
		t.Errorf("while the node is behind: %s", log.String())
	}
	chain.head++
	for range 3 {
		must(t, p.CollectEvents(t.Context()))
	}
	if got := log.String(); strings.Count(got, "taken back blocks") != 1 || strings.Count(got, "it is undone") != 2 {
		t.Errorf("two deposits were taken back: %s", got)
	}
}
