package sdk_test

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/tasknet/tasknet/server/app"
	"github.com/tasknet/tasknet/server/bench"
	"github.com/tasknet/tasknet/server/testnet"
	"github.com/tasknet/tasknet/server/wire"
)

// found is what LogFound and CheckLog return.
type found struct {
	Found struct {
		Instance string
		Log      bool
		Answers  int
	}
	Log        wire.Log
	ReceiptKey string `json:"receipt_key"`
	Looked     wire.Time
	Waiting    int
	Broken     *struct {
		Instance, Kind, Seen, Now string
		Anchor                    *struct {
			Epoch, Size int64
			By          string
			OnChain     string `json:"on_chain"`
			Agrees      bool
		}
	}
	Missed []kept
}

// looked reads what a look found, which must have come through.
func looked(t *testing.T) func(string, error) found { return parse[found](t) }

// doubted looks until what proves nothing is believed, and returns what is found then.
func (p *phone) doubted(t *testing.T, code_ string) found {
	t.Helper()
	for look := 1; look <= 3; look++ {
		if _, err := p.CheckLog(nil); code(err) != code_ {
			t.Fatalf("look %d: %v, want %s", look, err, code_)
		}
		if f := looked(t)(p.LogFound()); f.Broken != nil || f.Found.Answers != 0 {
			t.Fatalf("look %d is believed: %+v", look, f)
		}
	}
	return looked(t)(p.CheckLog(nil))
}

// answered has a phone answer a question, and waits until the log has it.
func answered(t *testing.T, ctx context.Context, net *testnet.Net, p *phone) (assignment string) {
	t.Helper()
	q := net.Ask(t, ctx, ask("fixed:1"))
	before := 0
	for _, said := range p.ear.all() {
		if said.what == "accepted" {
			before++
		}
	}
	a := p.take(t)[0]
	must(t, p.Answer(a.ID, 0))
	p.ear.await(t, "accepted", before+1)
	closed, err := net.Requester.Wait(ctx, q.ID, 30*time.Second) // of an open question nobody sees that an answer is missing
	must(t, err)
	if closed.Status == "open" {
		t.Fatal("the question did not close")
	}
	net.AwaitLogged(t, ctx)
	return a.ID
}

// rewrite changes a file of a phone's.
func (p *phone) rewrite(t *testing.T, name string, change func(map[string]any)) (restore func()) {
	t.Helper()
	name = filepath.Join(p.folder, name)
	before, err := os.ReadFile(name)
	must(t, err)
	var content map[string]any
	must(t, json.Unmarshal(before, &content))
	change(content)
	raw, err := json.Marshal(content)
	must(t, err)
	must(t, os.WriteFile(name, raw, 0o600))
	return func() { must(t, os.WriteFile(name, before, 0o600)) }
}

// receiptIn is the receipt in the file of an answer.
func receiptIn(file map[string]any) map[string]any {
	return file["accepted"].(map[string]any)["receipt"].(map[string]any)
}

// TestMissedAnswers: an answer that the log does not have where it was promised, or not by then, is told and kept with what shows it,
// until it is found after all.
func TestMissedAnswers(t *testing.T) {
	testnet.Run(t, app.Config{}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		for _, c := range []struct {
			state string
			wrong func(receipt map[string]any)
		}{
			{"other", func(r map[string]any) { r["record"] = strings.Repeat("ab", 32) }},
			{"missing", func(r map[string]any) { r["first"], r["by_ms"] = 1e6, 1 }},
			{"", func(r map[string]any) { r["first"] = 1e6 }},
		} {
			p := newPhone(t, net.URL)
			file := filepath.Join("receipts", answered(t, ctx, net, p)+".json")
			restore := p.rewrite(t, file, func(f map[string]any) { c.wrong(receiptIn(f)) })
			got := looked(t)(p.CheckLog(nil))
			if c.state == "" {
				if got.Found.Answers != 0 || got.Waiting != 1 || len(got.Missed) != 0 {
					t.Errorf("what may still come: %+v", got)
				}
				continue
			}
			if got.Found.Log || got.Found.Answers != 1 || got.Waiting != 0 || len(got.Missed) != 1 || got.Missed[0].Logged == nil || got.Missed[0].Logged.State != c.state || !strings.HasPrefix(got.Missed[0].Logged.Checkpoint, got.Log.Name+"\n") || len(got.ReceiptKey) != 64 {
				t.Fatalf("%s: %+v", c.state, got)
			}
			if said := p.ear.await(t, "found", 1)[0].code; said != fmt.Sprintf(`{"instance":%q,"log":false,"answers":1}`, got.Found.Instance) {
				t.Errorf("told %s", said)
			}
			looked(t)(p.CheckLog(nil))
			must(t, p.Close())
			p.open(t, net.URL)
			if again := looked(t)(p.LogFound()); again.Found != got.Found || len(again.Missed) != 1 || again.Looked.IsZero() {
				t.Errorf("after a start: %+v", again)
			}
			if s := parse[settled](t)(p.Settled()); len(s.Accepted) != 1 || s.Accepted[0].Logged.State != c.state {
				t.Errorf("settled: %+v", s)
			}
			was := p.rewrite(t, file, func(map[string]any) {}) // with what was found of it, but the right receipt
			restore()
			right := parse[kept](t)(p.Receipt(strings.TrimSuffix(filepath.Base(file), ".json"))).Accepted.Receipt
			was()
			p.rewrite(t, file, func(f map[string]any) {
				receiptIn(f)["record"], receiptIn(f)["first"], receiptIn(f)["by_ms"] = right.Record, right.First, right.By
			})
			if got := looked(t)(p.CheckLog(nil)); got.Found.Answers != 0 || len(got.Missed) != 0 {
				t.Errorf("when it came: %+v", got)
			}
			if told := p.ear.await(t, "found", 1); len(told) != 1 || !strings.Contains(told[0].code, `"answers":0`) {
				t.Errorf("told %+v", told)
			}
			if s := parse[settled](t)(p.Settled()); len(s.Accepted) != 1 || s.Accepted[0].Logged.State != "yes" || s.Accepted[0].Logged.Checkpoint != "" {
				t.Errorf("settled: %+v", s)
			}
		}
	})
}

// TestForkedLog: a phone that saw another log under the same key keeps both checkpoints, and no later lie takes their place.
func TestForkedLog(t *testing.T) {
	testnet.Run(t, app.Config{}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		p := newPhone(t, net.URL)
		answered(t, ctx, net, p)
		at := looked(t)(p.CheckLog(nil))
		if at.Broken != nil || at.Found.Answers != 0 || at.Waiting != 0 || at.Looked.IsZero() {
			t.Fatalf("a log that is right: %+v", at)
		}
		file := filepath.Join("known", "log-"+at.Found.Instance+".json")
		var other []byte
		p.rewrite(t, file, func(f map[string]any) {
			raw, err := base64.StdEncoding.DecodeString(f["checkpoint"].(string))
			must(t, err)
			other = otherRoot(t, net.Data, raw)
			f["checkpoint"] = other
		})
		got := looked(t)(p.CheckLog(nil))
		if got.Broken == nil || got.Broken.Kind != "forked" || got.Broken.Seen != string(other) || !strings.HasPrefix(got.Broken.Now, got.Log.Name+"\n") || got.Broken.Now == got.Broken.Seen || !got.Found.Log {
			t.Fatalf("a log that was changed: %+v", got)
		}
		p.ear.await(t, "found", 1)
		p.rewrite(t, file, func(f map[string]any) { f["key"] = strings.Repeat("00", 32) })
		must(t, p.Close())
		p.open(t, net.URL)
		if again := looked(t)(p.CheckLog(nil)); *again.Broken != *got.Broken {
			t.Errorf("after another lie: %+v", again.Broken)
		}
	})
}

// TestAnotherLogKey: the key that a device was told first is the one that counts, also when the server tells another one.
func TestAnotherLogKey(t *testing.T) {
	testnet.Run(t, app.Config{}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		p := newPhone(t, net.URL)
		answered(t, ctx, net, p)
		key := strings.Repeat("ab", 32)
		p.rewrite(t, filepath.Join("known", "log-"+looked(t)(p.CheckLog(nil)).Found.Instance+".json"), func(f map[string]any) { f["key"] = key })
		if got := p.doubted(t, "bad_checkpoint"); got.Broken == nil || got.Broken.Kind != "unsigned" || got.Log.Key != key {
			t.Errorf("%+v", got)
		}
	})
}

// TestWithheldLog: a log whose files do not fit its checkpoint, or are not there, is not believed for ever; something on the way may
// have changed them once. No epoch is closed: one that is on chain would be another thing that the log does not show.
func TestWithheldLog(t *testing.T) {
	testnet.Run(t, app.Config{EpochEvery: time.Hour}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		pass := &bench.Faults{}
		must(t, pass.Target(net.URL))
		for want, tile := range map[string]http.Handler{
			"bad_log":  http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, 8192)) }),
			"http_404": http.NotFoundHandler(),
		} {
			var lies atomic.Bool
			p := newPhone(t, serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if lies.Load() && strings.HasPrefix(r.URL.Path, "/log/tile/") {
					tile.ServeHTTP(w, r)
					return
				}
				pass.ServeHTTP(w, r)
			})))
			answered(t, ctx, net, p)
			lies.Store(true)
			if got := p.doubted(t, want); got.Found.Answers != 1 || got.Missed[0].Logged.State != "other" {
				t.Errorf("%s: %+v", want, got)
			}
			lies.Store(false)
			if got := looked(t)(p.CheckLog(nil)); got.Found.Answers != 0 {
				t.Errorf("%s, when it is there: %+v", want, got)
			}
			answered(t, ctx, net, p) // it must not have become another log meanwhile
			lies.Store(true)
			if got := p.doubted(t, want); got.Broken == nil || got.Broken.Kind != "forked" {
				t.Errorf("%s of what came since: %+v", want, got)
			}
		}
	})
}

// otherRoot returns a checkpoint of another root, as the key of an instance's log would sign it.
func otherRoot(t *testing.T, data string, checkpoint []byte) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(data, "keys", "log"))
	must(t, err)
	seed, err := hex.DecodeString(strings.TrimSpace(string(raw)))
	must(t, err)
	key := ed25519.NewKeyFromSeed(seed)
	lines := strings.Split(string(checkpoint), "\n")
	lines[2] = base64.StdEncoding.EncodeToString(make([]byte, 32))
	public, err := note.NewEd25519VerifierKey(lines[0], key.Public().(ed25519.PublicKey))
	must(t, err)
	v, err := note.NewVerifier(public)
	must(t, err)
	secret := base64.StdEncoding.EncodeToString(append([]byte{1}, seed...))
	signer, err := note.NewSigner(fmt.Sprintf("PRIVATE+KEY+%s+%x+%s", lines[0], binary.BigEndian.AppendUint32(nil, v.KeyHash()), secret))
	must(t, err)
	out, err := note.Sign(&note.Note{Text: strings.Join(lines[:3], "\n") + "\n"}, signer)
	must(t, err)
	return out
}
