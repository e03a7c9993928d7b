package verify_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/verify"
	"github.com/tasknet/tasknet/server/wire"
)

// upgraded are records of before there was a log, whose server has just been started with one.
type upgraded struct {
	logged
	leaves leavesOf
	ids    []leafID
	start  [32]byte // the leaf of when the log began
}

func buildUpgraded(t *testing.T) upgraded {
	t.Helper()
	u := upgraded{}
	u.logged, u.leaves, u.ids = buildLogged(t)
	u.leaves = u.leaves[2 : 2+len(u.ids)]
	u.start = u.begins(t, u.Instance.Time.Time, logKey)
	return u
}

// begins has the instance state that its log began at a time, and returns the leaf of that.
func (u *upgraded) begins(t *testing.T, at time.Time, key ed25519.PrivateKey) [32]byte {
	t.Helper()
	s := polls.LogStart{At: at}
	if err := s.Sign(u.Instance.Instance, key); err != nil {
		t.Fatal(err)
	}
	u.Instance.LogStart = &wire.LogStart{At: wire.At(s.At), By: wire.At(s.By()), Signature: hex.EncodeToString(s.Signature[:])}
	leaf, err := s.Leaf(u.Instance.Instance)
	if err != nil {
		t.Fatal(err)
	}
	return leaf
}

// with returns the same with a log of leaves; without any when there are none.
func (u upgraded) with(t *testing.T, leaves leavesOf) logged {
	t.Helper()
	if len(leaves) == 0 {
		return logged{u.records, nil}
	}
	return logged{u.records, publish(t, u.Instance.Log.Name, leaves)}
}

// without is all that the log has in the end, but the leaves of a kind.
func (u upgraded) without(kind string) (leaves leavesOf, missing int) {
	for i, id := range u.ids {
		if id.kind == kind {
			missing++
		} else {
			leaves = append(leaves, u.leaves[i])
		}
	}
	return append(leaves, u.start), missing
}

// TestLogCatchesUp: what was recorded before a server had a log may be missing there for a day after the log began, and is counted as
// not proven; not a moment longer, whatever the server says then.
func TestLogCatchesUp(t *testing.T) {
	u := buildUpgraded(t)
	began := u.Instance.Time.Time
	by := began.Add(polls.MergeDelay)
	noVerdicts, verdicts := u.without("verdict")
	noAnswers, _ := u.without("answer")
	whole := append(slices.Clone(u.leaves), u.start)
	files := map[string]logged{"no": u.with(t, nil), "no verdicts": u.with(t, noVerdicts), "no answers": u.with(t, noAnswers), "all": u.with(t, whole), "no start": u.with(t, noVerdicts[:len(noVerdicts)-1])}
	files["a second start"] = u.with(t, append(slices.Clone(whole), u.begins(t, began.Add(time.Hour), logKey)))
	u.begins(t, began, logKey)

	for name, missing := range map[string]int{"no": len(u.ids), "no verdicts": verdicts, "all": 0} {
		report, err := files[name].verify(t)
		if err != nil || report.Unlogged != missing || says(report, "not_in_log") != (missing > 0) || says(report, "empty_log") != (name == "no") || !says(report, "log_start") {
			t.Errorf("a log with %s leaves: %+v, %v", name, report, err)
		}
		if missing > 0 && (report.UnloggedBy == nil || !report.UnloggedBy.Equal(by)) || missing == 0 && report.UnloggedBy != nil {
			t.Errorf("a log with %s leaves, due by %s: %v", name, by, report.UnloggedBy)
		}
		logged := len(u.ids) - missing
		if name != "no" {
			logged++ // when it began
		}
		if report.Logged != logged {
			t.Errorf("a log with %s leaves: %d of records", name, report.Logged)
		}
	}

	overdue := func(name string, l logged, cfg verify.Config) {
		t.Helper()
		_, err := verify.Run(t.Context(), clientOf(t, l), cfg)
		if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.Field != "log" || !strings.HasPrefix(m.Got, "none, and") {
			t.Errorf("%s: %v", name, err)
		}
	}
	own := func(at time.Time) verify.Config { return verify.Config{Now: func() time.Time { return at }} }
	for _, name := range []string{"no", "no verdicts"} {
		u.Instance.Time = wire.At(by)
		if _, err := files[name].verify(t); err != nil {
			t.Errorf("a log with %s leaves, at the last moment: %v", name, err)
		}
		u.Instance.Time = wire.At(by.Add(time.Millisecond))
		overdue("later, with "+name+" leaves", files[name], verify.Config{})
		u.Instance.Time = wire.At(began)
		if _, err := verify.Run(t.Context(), clientOf(t, files[name]), own(by)); err != nil {
			t.Errorf("a log with %s leaves, at the last moment of our clock: %v", name, err)
		}
		overdue("a server whose clock stands still, with "+name+" leaves", files[name], own(by.Add(time.Millisecond)))
		newest := &u.Ledger[len(u.Ledger)-1]
		before := newest.At
		newest.At = wire.At(by.Add(time.Millisecond))
		overdue("a server whose ledger goes on, with "+name+" leaves", files[name], verify.Config{})
		newest.At = before
	}
	overdue("answers that were there when the log began", files["no answers"], verify.Config{})
	overdue("a log that has not the statement, which can be made anew each day", files["no start"], verify.Config{})
	stated := u.Instance.LogStart
	u.Instance.LogStart = nil
	overdue("an empty log, and no statement", files["no"], verify.Config{})
	u.Instance.Time = wire.At(u.Epochs[len(u.Epochs)-1].At.Time)
	overdue("records of times to come", files["no"], own(u.Epochs[0].At.Add(-24*time.Hour)))
	u.Instance.LogStart, u.Instance.Time = stated, wire.At(began)

	_, err := files["a second start"].verify(t)
	if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.Kind != "log" || m.ID != "start" {
		t.Errorf("two statements: %v", err)
	}
	for name, change := range map[string]func(in *wire.Instance){
		"by another key":  func(*wire.Instance) { u.begins(t, began, ed25519.NewKeyFromSeed(bytes.Repeat([]byte{6}, 32))) },
		"of another time": func(in *wire.Instance) { in.LogStart.At = wire.At(began.Add(time.Millisecond)) },
		"for longer":      func(in *wire.Instance) { in.LogStart.By = wire.At(by.Add(time.Millisecond)) },
		"later and for longer": func(in *wire.Instance) {
			in.LogStart.At, in.LogStart.By = wire.At(began.Add(-time.Hour)), wire.At(by.Add(-time.Hour))
		},
		"in capitals":         func(in *wire.Instance) { in.LogStart.Signature = strings.ToUpper(in.LogStart.Signature) },
		"without signature":   func(in *wire.Instance) { in.LogStart.Signature = "" },
		"of a time to come":   func(*wire.Instance) { u.begins(t, began.Add(time.Hour), logKey) },
		"where there is none": func(in *wire.Instance) { in.Log = wire.Log{} },
	} {
		before := u.Instance
		start := *u.Instance.LogStart
		u.Instance.LogStart = &start
		change(&u.Instance)
		_, err := files["no"].verify(t)
		if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.Kind != "instance" || m.Field != "log start" {
			t.Errorf("a statement %s: %v", name, err)
		}
		u.Instance = before
	}
	u.begins(t, began.Add(48*time.Hour), logKey)
	u.Instance.Time = wire.At(began.Add(48 * time.Hour))
	_, err = verify.Run(t.Context(), clientOf(t, files["no"]), own(began))
	if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.Field != "log start" {
		t.Errorf("a server whose clock runs ahead: %v", err)
	}
}

// startComes is a server that has had a log of some records, and puts the leaf of its statement there soon after it is asked.
type startComes struct {
	logged
	then  logged
	looks atomic.Int64 // at the log
	from  int64        // of which on the leaf is there; never when it is 0
}

func (s *startComes) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	looks := s.looks.Load()
	if req.URL.Path == "/log/checkpoint" {
		looks = s.looks.Add(1)
	}
	if s.from > 0 && looks >= s.from {
		s.then.ServeHTTP(w, req)
		return
	}
	s.logged.ServeHTTP(w, req)
}

// TestLogGetsItsStart: whoever verifies while a log that was there before gets the leaf of the statement waits for it, and no longer than
// the statement is new; of files there is nothing to wait for.
func TestLogGetsItsStart(t *testing.T) {
	u := buildUpgraded(t)
	began := u.Instance.Time.Time
	noVerdicts, verdicts := u.without("verdict")
	without, with := u.with(t, noVerdicts[:len(noVerdicts)-1]), u.with(t, noVerdicts)

	clock := func(step time.Duration) verify.Config {
		now := began
		return verify.Config{Now: func() time.Time { now = now.Add(step); return now }}
	}
	s := &startComes{logged: without, then: with, from: 4}
	report, err := verify.Run(t.Context(), clientOf(t, s), clock(time.Millisecond))
	if err != nil || report.Unlogged != verdicts || !says(report, "log_start") {
		t.Errorf("the leaf came with look %d: %+v, %v", s.from, report, err)
	}
	refused := func(what string, s *startComes, cfg verify.Config, looks int64) {
		t.Helper()
		_, err := verify.Run(t.Context(), clientOf(t, s), cfg)
		if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.Field != "log" || m.Kind != "verdict" {
			t.Errorf("%s: %v", what, err)
		}
		if got := s.looks.Load(); got > looks {
			t.Errorf("%s: looked %d times", what, got)
		}
	}
	refused("the leaf does not come", &startComes{logged: without}, clock(20*time.Second), 6)
	refused("the statement is of a while ago", &startComes{logged: without, then: with, from: 4}, clock(time.Hour), 2)
	refused("copied records", &startComes{logged: without, then: with, from: 4}, verify.Config{}, 2)
}

// TestLogStartFlips changes each byte of the statement, where no hash of a file gives it away: it is what is named. A log that has its
// leaf proves no more when nothing is stated.
func TestLogStartFlips(t *testing.T) {
	u := buildUpgraded(t)
	whole := u.with(t, append(slices.Clone(u.leaves), u.start))
	dir, hash := bundled(t, clientOf(t, whole))
	if report, err := verifyBundle(t, dir, hash); err != nil || !says(report, "log_start") {
		t.Fatalf("%+v, %v", report, err)
	}
	good, err := json.Marshal(u.Instance.LogStart)
	stated := new(wire.LogStart)
	if err = errors.Join(err, json.Unmarshal(good, stated)); err != nil {
		t.Fatal(err)
	}
	random, seen := rand.New(rand.NewPCG(20261123, 1)), 0
	for at := range good {
		bad, start := slices.Clone(good), new(wire.LogStart)
		if c := good[at]; '0' <= c && c <= '9' { // for else it is no time, mostly
			bad[at] = '0' + (c-'0'+byte(1+random.IntN(9)))%10
		} else {
			bad[at] ^= byte(1 + random.IntN(127))
		}
		if json.Unmarshal(bad, start) != nil || *start == *stated {
			continue // no statement, or the same one
		}
		seen++
		u.Instance.LogStart = start
		_, err := whole.verify(t)
		if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.Kind != "instance" || m.Field != "log start" {
			t.Errorf("with byte %d of the statement from %q to %q: %v", at, good[at], bad[at], err)
		}
	}
	if seen < len(good)/2 {
		t.Errorf("of %d bytes %d were another statement", len(good), seen)
	}
	u.Instance.LogStart = nil
	dir, hash = bundled(t, clientOf(t, whole))
	if report, err := verifyBundle(t, dir, hash); err != nil || !says(report, "log_start") || report.Logged != len(u.ids) {
		t.Errorf("without the statement: %+v, %v", report, err)
	}
}
