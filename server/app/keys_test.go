package app

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/wire"
)

// TestKeysChange: keys that are made in the folder of a server that runs take the place of those it has, at the time that it states, and
// after a start; the keys before are then needed no more.
func TestKeysChange(t *testing.T) {
	var ahead atomic.Int64
	cfg := Config{Data: t.TempDir(), Listen: "127.0.0.1:0", now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }}
	if _, _, err := MakeKey(cfg.Data, polls.LogKeys); !errors.Is(err, ErrNoKeys) {
		t.Fatalf("a key for no server: %v", err)
	}
	a, stop := started(t, cfg)
	before := described(t, a)
	if len(before.KeyChanges) != 0 {
		t.Fatalf("%+v", before.KeyChanges)
	}
	log, file, err := MakeKey(cfg.Data, polls.LogKeys)
	if err != nil || file != filepath.Join(cfg.Data, "keys", "log.2") {
		t.Fatalf("%s: %v", file, err)
	}
	receipts, _, err := MakeKey(cfg.Data, polls.ReceiptKeys)
	if err != nil {
		t.Fatal(err)
	}
	in := eventually(t, a, func(in wire.Instance) bool { return len(in.KeyChanges) == 2 })
	if in.ReceiptKey != before.ReceiptKey || in.Log.Key != before.Log.Key {
		t.Error("a key took its place before its time")
	}
	ahead.Store(int64(keyAhead + time.Second))
	in = eventually(t, a, func(in wire.Instance) bool { return in.ReceiptKey != before.ReceiptKey })
	if in.ReceiptKey != hex.EncodeToString(receipts) || in.Log.Key != hex.EncodeToString(log) {
		t.Errorf("%+v", in)
	}
	for _, c := range in.KeyChanges {
		together := c.Until.Sub(c.From.Time)
		if c.Use == "log" && (c.Old != before.Log.Key || together != logKeysTogether) || c.Use == "receipts" && (c.Old != before.ReceiptKey || together != 0) {
			t.Errorf("%+v", c)
		}
	}
	stop()

	if err := os.Remove(filepath.Join(cfg.Data, "keys", "receipt")); err != nil { // which signs no more
		t.Fatal(err)
	}
	a, stop = started(t, cfg)
	if again := described(t, a); again.ReceiptKey != in.ReceiptKey || len(again.KeyChanges) != 2 {
		t.Errorf("after a start: %+v", again)
	}
	_, file, err = MakeKey(cfg.Data, polls.ReceiptKeys)
	if err != nil || file != filepath.Join(cfg.Data, "keys", "receipt.3") {
		t.Fatalf("%s: %v", file, err)
	}
	eventually(t, a, func(in wire.Instance) bool { return len(in.KeyChanges) == 3 })
	stop()

	for name, spoil := range map[string]func(file string) error{
		"missing": os.Remove,
		"another": func(file string) error {
			return os.WriteFile(file, []byte("00000000000000000000000000000000000000000000000000000000000000ff\n"), 0o600)
		},
	} {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := spoil(file); err != nil {
			t.Fatal(err)
		}
		if _, err := New(t.Context(), cfg); !errors.Is(err, ErrOtherKey) {
			t.Errorf("a key that is %s: %v", name, err)
		}
		if err := os.WriteFile(file, raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// started runs an instance until stop is called.
func started(t *testing.T, cfg Config) (a *App, stop func()) {
	t.Helper()
	a, err := New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	return a, func() {
		cancel()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
	}
}

// described is what a server says of itself.
func described(t *testing.T, a *App) (in wire.Instance) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, a.URL()+"/v1/instance", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	reply, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(json.NewDecoder(reply.Body).Decode(&in), reply.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return in
}

// eventually returns what a server says of itself once something is so.
func eventually(t *testing.T, a *App, so func(in wire.Instance) bool) wire.Instance {
	t.Helper()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for limit := time.After(time.Minute); ; {
		if in := described(t, a); so(in) {
			return in
		}
		select {
		case <-look.C:
		case <-limit:
			t.Fatal("it did not come")
		}
	}
}

// TestFirstKeysStay: a data folder whose first keys are gone, or others, is not that of the database: a server does not go on with new
// keys as if they were the first.
func TestFirstKeysStay(t *testing.T) {
	cfg := Config{Data: t.TempDir(), Listen: "127.0.0.1:0"}
	_, stop := started(t, cfg)
	stop()
	for _, name := range []string{"receipt", "log"} {
		file := filepath.Join(cfg.Data, "keys", name)
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		if _, err := New(t.Context(), cfg); !errors.Is(err, ErrOtherKey) {
			t.Errorf("without the first key in %s: %v", name, err)
		}
		if err := os.WriteFile(file, raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, stop = started(t, cfg)
	stop()
}
