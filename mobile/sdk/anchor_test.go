package sdk_test

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/crypto/sha3"

	"github.com/tasknet/tasknet/mobile/sdk"
	"github.com/tasknet/tasknet/server/app"
	"github.com/tasknet/tasknet/server/bench"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/testnet"
	"github.com/tasknet/tasknet/server/wire"
)

// liar stands before a server or a node, and changes what it says.
type liar struct {
	next  *bench.Faults
	asked atomic.Int64
	lie   atomic.Pointer[func(r *http.Request, body string) string] // nil: what it says is passed on
}

func (l *liar) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.asked.Add(1)
	r.Header.Del("Accept-Encoding") // what is packed cannot be changed
	reply := httptest.NewRecorder()
	l.next.ServeHTTP(reply, r)
	body := reply.Body.String()
	if lie := l.lie.Load(); lie != nil {
		body = (*lie)(r, body)
	}
	w.Header().Set("Content-Type", reply.Header().Get("Content-Type"))
	w.WriteHeader(reply.Code)
	io.WriteString(w, body)
}

func (l *liar) tell(lie func(r *http.Request, body string) string) { l.lie.Store(&lie) }

func newLiar(t *testing.T, before string) (*liar, string) {
	t.Helper()
	l := &liar{next: &bench.Faults{}}
	must(t, l.next.Target(before))
	return l, serve(t, l)
}

// freeAddress returns one that nobody listens at.
func freeAddress(t *testing.T) string {
	t.Helper()
	var listen net.ListenConfig
	l, err := listen.Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	return l.Addr().String()
}

// awaitAnchor waits until an epoch that paid the phone's person is in force, with the log as it was, and returns it.
func (p *phone) awaitAnchor(t *testing.T, ctx context.Context, net *testnet.Net) wire.Epoch {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); <-time.After(20 * time.Millisecond) {
		mine := parse[wire.Payouts](t)(p.Payouts(nil, "", 1)).Payouts
		if len(mine) == 0 || mine[0].State != "active" && mine[0].State != "settled" {
			continue
		}
		epoch, err := net.Client.Epoch(ctx, mine[0].Epoch)
		must(t, err)
		if epoch.Header == nil || epoch.Header.LogSize == 0 {
			t.Fatalf("what paid is anchored without the log: %+v", epoch)
		}
		return epoch
	}
	t.Fatal("no epoch came")
	return wire.Epoch{}
}

// changedRecord has a server tell another header in the records of epochs.
func changedRecord(t *testing.T, change func(*wire.Header)) func(*http.Request, string) string {
	return func(r *http.Request, body string) string {
		if !strings.HasPrefix(r.URL.Path, "/v1/records/epochs/") {
			return body
		}
		var page wire.EpochPayouts
		if err := json.Unmarshal([]byte(body), &page); err != nil {
			t.Errorf("%v: %s", err, body)
		}
		change(page.Epoch.Header)
		raw, err := json.Marshal(page)
		if err != nil {
			t.Error(err)
		}
		return string(raw)
	}
}

// TestAnchoredLog compares the log with what epochs have put on chain: as a node of the chain says, which the server names or the
// app trusts, or as the server's own records say.
func TestAnchoredLog(t *testing.T) {
	rpc := freeAddress(t)
	said, node := newLiar(t, "http://"+rpc)
	testnet.Run(t, app.Config{Chain: app.ChainConfig{DevRPC: rpc, PublicRPC: node}}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		server, address := newLiar(t, net.URL)
		newPhoneThat := func() *phone {
			server.lie.Store(nil)
			said.lie.Store(nil)
			p := newPhone(t, address)
			answered(t, ctx, net, p)
			p.awaitAnchor(t, ctx, net)
			return p
		}
		p := newPhoneThat()
		before := said.asked.Load()
		if got := looked(t)(p.CheckLog(nil)); got.Broken != nil || said.asked.Load() != before+2 {
			t.Errorf("the log that is on chain: %+v, by %d questions to the node", got, said.asked.Load()-before)
		}

		// The server's record is not what the chain has.
		server.tell(changedRecord(t, func(h *wire.Header) { h.LogRoot = strings.Repeat("00", 32) }))
		if got := p.doubted(t, "log_unanchored"); got.Broken == nil || got.Broken.Kind != "unanchored" || got.Broken.Anchor.By != "chain" || got.Broken.Anchor.Agrees || len(got.Broken.Anchor.OnChain) != 64 {
			t.Errorf("another record than the chain has: %+v", got)
		}

		// The chain has it, and the log is another.
		p = newPhoneThat()
		change := func(h *wire.Header) { h.LogRoot = strings.Repeat("cd", 32) }
		forge := changedRecord(t, change)
		server.tell(forge)
		said.tell(func(_ *http.Request, body string) string {
			if len(body) < 150 { // the chain's id
				return body
			}
			var call struct{ Result string }
			must(t, json.Unmarshal([]byte(body), &call))
			var number int64
			if _, err := fmt.Sscanf(call.Result[2:66], "%x", &number); err != nil {
				t.Error(err)
			}
			epoch, err := net.Client.Epoch(ctx, number)
			if err != nil {
				t.Error(err)
			}
			change(epoch.Header)
			header, err := client.EpochHeader(epoch)
			if err != nil {
				t.Error(err)
			}
			hash := header.Hash()
			return fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"result":"%s%x"}`, call.Result[:66], hash)
		})
		if got := looked(t)(p.CheckLog(nil)); got.Broken == nil || got.Broken.Kind != "unanchored" || !got.Broken.Anchor.Agrees || got.Broken.Anchor.Size == 0 {
			t.Errorf("another log than the chain has: %+v", got)
		}

		// A node of another chain says nothing of this one; then it is the server's own records, which contradict themselves.
		p = newPhoneThat()
		said.tell(func(*http.Request, string) string { return `{"jsonrpc":"2.0","id":1,"result":"0x1"}` })
		if got := looked(t)(p.CheckLog(nil)); got.Broken != nil {
			t.Errorf("a node of another chain: %+v", got)
		}
		server.tell(changedRecord(t, func(h *wire.Header) { h.LogSize++ }))
		if got := p.doubted(t, "log_unanchored"); got.Broken == nil || got.Broken.Anchor.By != "server" || got.Broken.Anchor.OnChain != "" {
			t.Errorf("a record that contradicts itself: %+v", got)
		}

		// Whom the app trusts is asked first.
		p = newPhoneThat()
		trusted, where := newLiar(t, "http://"+rpc)
		must(t, p.TrustNode(where))
		before = said.asked.Load()
		if got := looked(t)(p.CheckLog(nil)); got.Broken != nil || said.asked.Load() != before || trusted.asked.Load() != 2 {
			t.Errorf("by a node that is trusted: %+v, %d and %d questions", got, trusted.asked.Load(), said.asked.Load()-before)
		}
		for _, bad := range []string{"", "rpc.example.org", "ftp://rpc.example.org", "https://", "https://me:secret@rpc.example.org"} {
			if err := p.TrustNode(bad); code(err) != "bad_node" {
				t.Errorf("%q: %v", bad, err)
			}
		}
	})
}

// TestNodesByTLS: what a server names is asked in the clear only where the server is.
func TestNodesByTLS(t *testing.T) {
	s, err := sdk.Open(t.TempDir(), "https://127.0.0.1:1", &vault{folder: t.TempDir()}, deaf{})
	must(t, err)
	defer s.Close()
	if err := s.TrustNode("http://127.0.0.1:2"); code(err) != "bad_node" {
		t.Errorf("without TLS: %v", err)
	}
	must(t, s.TrustNode("https://127.0.0.1:2"))
}

// TestInForce: the vault is asked by the first bytes of its function's hash.
func TestInForce(t *testing.T) {
	h := sha3.NewLegacyKeccak256()
	h.Write([]byte("effective()"))
	if want := "0x" + hex.EncodeToString(h.Sum(nil)[:4]); sdk.InForce != want {
		t.Errorf("%s, want %s", sdk.InForce, want)
	}
}
