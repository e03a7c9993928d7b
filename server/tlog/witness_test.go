package tlog_test

import (
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	cosign "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"

	"github.com/tasknet/tasknet/server/tlog"
)

// TestWitness: a checkpoint carries the signature of a witness that is asked, and is published when it is away.
func TestWitness(t *testing.T) {
	t.Parallel()
	secret, public, err := note.GenerateKey(rand.Reader, "witness.example")
	must(t, err)
	signer, err := cosign.NewSignerForCosignatureV1(secret)
	must(t, err)
	public, err = cosign.VKeyToCosignatureV1(public)
	must(t, err)
	witness, err := cosign.NewVerifierForCosignatureV1(public)
	must(t, err)
	var away atomic.Bool
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if away.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		body, _ := io.ReadAll(r.Body) // it signs whatever it gets: what a witness checks is its own affair
		_, checkpoint, _ := strings.Cut(string(body), "\n\n")
		text, _, _ := strings.Cut(checkpoint, "\n\n")
		signed, err := note.Sign(&note.Note{Text: text + "\n"}, signer)
		if err != nil {
			t.Error(err)
		}
		_, signature, _ := strings.Cut(string(signed), "\n\n")
		_, _ = io.WriteString(w, signature)
	}))
	defer server.Close()
	o := newOutbox(10)
	l, err := tlog.Open(t.Context(), o, tlog.Config{
		Dir: t.TempDir(), Name: name, Keys: tlog.OneKey(key), Every: 100 * time.Millisecond,
		Witnesses: fmt.Appendf(nil, "witness w %s %s\nquorum w\n", public, server.URL),
	})
	must(t, err)
	until(t, l, 10)
	r := reader(t, folder{l.Files()})
	c, err := r.Checkpoint(t.Context())
	must(t, err)
	if n, err := note.Open(c.Raw, note.VerifierList(witness)); err != nil || len(n.Sigs) != 1 {
		t.Fatalf("%s: %v", c.Raw, err)
	}
	away.Store(true)
	o.grow(20)
	until(t, l, 20)
	c, err = r.Checkpoint(t.Context())
	must(t, err)
	if _, err := note.Open(c.Raw, note.VerifierList(witness)); err == nil {
		t.Fatal("a witness that is away signed")
	}
}
