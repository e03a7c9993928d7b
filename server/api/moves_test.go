package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tasknet/tasknet/server/cache"
	"github.com/tasknet/tasknet/server/wire"
)

const (
	newPhone     = "bmV3LXBob25lLTEyMzQ1Ng"
	anotherPhone = "YW5vdGhlci1waG9uZS0xMg"
)

func moveClaim(ticket, message, more string) string {
	return fmt.Sprintf(`{"ticket":%q,"message":%q%s}`, ticket, message, more)
}

// meanwhile asks while the test goes on.
func (w *world) meanwhile(token, method, path, body string) <-chan reply {
	got := make(chan reply, 1)
	go func() {
		defer close(got) // when it fails, too
		got <- w.as(token, method, path, body)
	}()
	return got
}

// TestMove: two phones say to each other what there is to say, and another person and another device have no part in it.
func TestMove(t *testing.T) {
	var ahead atomic.Int64
	w := newWorld(t, func(d *Deps) {
		d.Moves = cache.NewMoves(func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) })
	})
	old, stranger := w.token(w.person()), w.token(w.person())
	if r := w.as("", "POST", "/v1/moves", ""); r.status != 401 {
		t.Fatalf("nobody: %d %s", r.status, r.body)
	}
	begun := read[wire.Move](w, w.as(old, "POST", "/v1/moves", ""), 201)
	at := "/v1/moves/" + begun.ID
	if left := time.Until(begun.Expires.Time); left < 4*time.Minute || left > 5*time.Minute || begun.Done || len(begun.Messages) != 0 {
		t.Fatalf("begun: %+v", begun)
	}
	refused := func(who, method, path, body string, status int, code string) {
		t.Helper()
		if r := w.as(who, method, path, body); r.status != status || r.problem(t).Code != code {
			t.Errorf("%s %s: %d %s, want %d %s", method, path, r.status, r.body, status, code)
		}
	}
	state := func(r reply, want ...string) wire.Move {
		t.Helper()
		got := read[wire.Move](w, r, 200)
		if diff := cmp.Diff(want, got.Messages, cmpopts.EquateEmpty()); diff != "" || got.ID != begun.ID {
			t.Errorf("(-want +got):\n%s", diff)
		}
		return got
	}
	refused(stranger, "GET", at, "", 404, "no_such_move")
	refused(stranger, "DELETE", at, "", 404, "no_such_move")
	refused(stranger, "POST", at+"/messages", `{"number":2,"message":"bTI"}`, 404, "no_such_move")
	refused("", "GET", at, "", 401, "token_required")
	refused(old, "POST", at+"/messages", `{"number":2,"message":"bTI"}`, 409, "not_your_turn")
	refused("", "POST", "/v1/moves/mov_none/claim", moveClaim(newPhone, "bTE", ""), 404, "no_such_move")
	state(w.as(old, "GET", at, ""))

	// The old phone waits, and hears of the new one.
	heard := w.meanwhile(old, "GET", at+"?after=0", "")
	state(w.as("", "POST", at+"/claim", moveClaim(newPhone, "bTE", "")), "bTE")
	state(<-heard, "bTE")
	state(w.as("", "POST", at+"/claim", moveClaim(newPhone, "bTE", "")), "bTE") // its reply was lost
	refused("", "POST", at+"/claim", moveClaim(anotherPhone, "bTE", ""), 409, "move_taken")
	refused("", "POST", at+"/claim", moveClaim(newPhone, "bTF", ""), 409, "move_taken")
	refused("", "POST", at+"/claim", moveClaim(newPhone, "bTE", `,"done":true`), 409, "not_your_turn")
	refused(stranger, "POST", at+"/messages", `{"number":2,"message":"bTI"}`, 404, "no_such_move")

	// The new phone waits, and hears what the old one says.
	heard = w.meanwhile("", "POST", at+"/claim", moveClaim(newPhone, "bTE", `,"after":1`))
	state(w.as(old, "POST", at+"/messages", `{"number":2,"message":"bTI"}`), "bTE", "bTI")
	state(<-heard, "bTE", "bTI")
	state(w.as(old, "POST", at+"/messages", `{"number":2,"message":"bTI"}`), "bTE", "bTI")
	refused(old, "POST", at+"/messages", `{"number":2,"message":"bTJ"}`, 409, "not_your_turn")
	state(w.as(old, "POST", at+"/messages", `{"number":3,"message":"bTM"}`), "bTE", "bTI", "bTM")
	heard = w.meanwhile(old, "GET", at+"?after=3", "")
	if done := state(w.as("", "POST", at+"/claim", moveClaim(newPhone, "bTE", `,"done":true`))); !done.Done {
		t.Error("it is not done")
	}
	if done := state(<-heard); !done.Done {
		t.Error("the old phone does not hear that it is done")
	}
	refused("", "POST", at+"/claim", moveClaim(anotherPhone, "bTE", ""), 409, "move_taken")

	ended := read[wire.Move](w, w.as(old, "POST", "/v1/moves", ""), 201).ID
	if r := w.as(old, "DELETE", "/v1/moves/"+ended, ""); r.status != 204 {
		t.Errorf("ended: %d %s", r.status, r.body)
	}
	refused("", "POST", "/v1/moves/"+ended+"/claim", moveClaim(newPhone, "bTE", ""), 404, "no_such_move")

	// A code is good for five minutes, and so is the time after it was scanned.
	scanned, unscanned := read[wire.Move](w, w.as(old, "POST", "/v1/moves", ""), 201).ID, read[wire.Move](w, w.as(old, "POST", "/v1/moves", ""), 201).ID
	w.ahead.Store(int64(4 * time.Minute))
	ahead.Store(int64(4 * time.Minute))
	if left := read[wire.Move](w, w.as("", "POST", "/v1/moves/"+scanned+"/claim", moveClaim(newPhone, "bTE", "")), 200).Expires; time.Until(left.Time) < 8*time.Minute {
		t.Errorf("after the claim it ends at %v", left)
	}
	ahead.Store(int64(6 * time.Minute))
	refused("", "POST", "/v1/moves/"+unscanned+"/claim", moveClaim(newPhone, "bTE", ""), 404, "no_such_move")
	refused(old, "GET", "/v1/moves/"+unscanned, "", 404, "no_such_move")
	if r := w.as(old, "GET", "/v1/moves/"+scanned, ""); r.status != 200 {
		t.Errorf("the one that was scanned: %d %s", r.status, r.body)
	}
	ahead.Store(int64(10 * time.Minute))
	refused(old, "GET", "/v1/moves/"+scanned, "", 404, "no_such_move")
}

func TestMoveRefuses(t *testing.T) {
	w := newWorld(t)
	old := w.token(w.person())
	at := "/v1/moves/" + read[wire.Move](w, w.as(old, "POST", "/v1/moves", ""), 201).ID
	for name, body := range map[string]string{
		"nothing":            `{}`,
		"no message":         moveClaim(newPhone, "", ""),
		"a long message":     moveClaim(newPhone, strings.Repeat("a", 2049), ""),
		"a short ticket":     moveClaim("abc", "bTE", ""),
		"a long ticket":      moveClaim(strings.Repeat("a", 65), "bTE", ""),
		"other characters":   moveClaim(newPhone, "a b", ""),
		"too many messages":  moveClaim(newPhone, "bTE", `,"after":4`),
		"an unknown field":   moveClaim(newPhone, "bTE", `,"key":"x"`),
		"a ticket of spaces": moveClaim(strings.Repeat(" ", 22), "bTE", ""),
	} {
		if r := w.as("", "POST", at+"/claim", body); r.status != 400 && r.status != 422 {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	if got := read[wire.Move](w, w.as(old, "GET", at, ""), 200); len(got.Messages) != 0 {
		t.Errorf("what was refused was kept: %+v", got)
	}
	longest := strings.Repeat("a", 2048)
	read[wire.Move](w, w.as("", "POST", at+"/claim", moveClaim(newPhone, longest, "")), 200)
	for name, body := range map[string]string{
		"the claim's number": `{"number":1,"message":"bTI"}`,
		"a number too many":  `{"number":4,"message":"bTI"}`,
		"a long message":     fmt.Sprintf(`{"number":2,"message":%q}`, longest+"a"),
	} {
		if r := w.as(old, "POST", at+"/messages", body); r.status != 400 && r.status != 422 {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	for _, number := range []int{2, 3} {
		read[wire.Move](w, w.as(old, "POST", at+"/messages", fmt.Sprintf(`{"number":%d,"message":%q}`, number, longest)), 200)
	}
}

// TestMovesAreLimited: one person cannot fill what all share.
func TestMovesAreLimited(t *testing.T) {
	w := newWorld(t, func(d *Deps) { d.Limits.Moves = cache.Rate{PerSecond: 0.001, Burst: 2} })
	old, other := w.token(w.person()), w.token(w.person())
	for _, want := range []int{201, 201, 429} {
		if r := w.as(old, "POST", "/v1/moves", ""); r.status != want || want == 429 && r.header.Get("Retry-After") == "" {
			t.Errorf("%d %s, want %d", r.status, r.body, want)
		}
	}
	if r := w.as(other, "POST", "/v1/moves", ""); r.status != 201 {
		t.Errorf("another person: %d %s", r.status, r.body)
	}
}

// movesRead are moves that tell when one is read.
type movesRead struct {
	cache.Moves
	read chan struct{}
}

func (m movesRead) Read(ctx context.Context, id string) (cache.Move, error) {
	select {
	case m.read <- struct{}{}:
	default:
	}
	return m.Moves.Read(ctx, id)
}

// TestShutdownEndsMovesThatWait: a phone that waits for the other one does not hold the server up.
func TestShutdownEndsMovesThatWait(t *testing.T) {
	moves := movesRead{cache.NewMoves(time.Now), make(chan struct{}, 1)}
	w := newWorld(t, func(d *Deps) { d.Moves = moves })
	old := w.token(w.person())
	begun := read[wire.Move](w, w.as(old, "POST", "/v1/moves", ""), 201)
	waits := w.meanwhile(old, "GET", "/v1/moves/"+begun.ID+"?after=0", "")
	<-moves.read
	if err := w.server.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	r := <-waits
	var m wire.Move
	if err := json.Unmarshal([]byte(r.body), &m); err != nil || r.status != http.StatusOK || m.ID != begun.ID {
		t.Errorf("%d %s", r.status, r.body)
	}
}
