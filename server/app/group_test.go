package app

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func testGroup() *group {
	return &group{log: slog.New(slog.DiscardHandler), grace: 2 * time.Second}
}

func TestGroupStopsInReverse(t *testing.T) {
	g := testGroup()
	var stopped []string
	for _, name := range []string{"store", "worker", "door"} {
		g.add(name, func(ctx context.Context) error {
			<-ctx.Done()
			stopped = append(stopped, "run "+name)
			return nil
		}, func() error {
			stopped = append(stopped, "close "+name)
			return nil
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := g.run(ctx); err != nil {
		t.Fatal(err)
	}
	want := []string{"run door", "close door", "run worker", "close worker", "run store", "close store"}
	if diff := cmp.Diff(want, stopped); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
}

func TestGroupStopsWhenAPartFails(t *testing.T) {
	g := testGroup()
	broken := errors.New("disk full")
	closed := false
	g.add("store", nil, func() error { closed = true; return nil })
	g.add("writer", func(context.Context) error { return broken }, nil)
	if err := g.run(t.Context()); !errors.Is(err, broken) || !strings.Contains(err.Error(), "writer") {
		t.Fatalf("run = %v", err)
	}
	if !closed {
		t.Fatal("the store was not closed")
	}
}

func TestGroupNamesWhatEndsByItself(t *testing.T) {
	g := testGroup()
	g.add("loop", func(context.Context) error { return nil }, nil)
	if err := g.run(t.Context()); err == nil || !strings.Contains(err.Error(), "loop") {
		t.Fatalf("run = %v", err)
	}
}

func TestGroupNamesTheSlowOne(t *testing.T) {
	g := testGroup()
	g.grace = time.Millisecond
	release := make(chan struct{})
	defer close(release)
	g.add("slow", func(context.Context) error { <-release; return nil }, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := g.run(ctx); err == nil || !strings.Contains(err.Error(), "slow did not stop") {
		t.Fatalf("run = %v", err)
	}
}
