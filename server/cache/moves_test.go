package cache

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet/server/cache/cachetest"
)

// Wherever it is kept, a move goes one way only, and one device is first.
func TestMoves(t *testing.T) {
	server := cachetest.StartRedis(t)
	for name, start := range map[string]func(now func() time.Time) (one, two Moves){
		"here": func(now func() time.Time) (one, two Moves) {
			here := NewMoves(now)
			return here, here
		},
		"redis": func(now func() time.Time) (one, two Moves) {
			return openRedis(t, server.URL).Moves(now), openRedis(t, server.URL).Moves(now) // two servers
		},
	} {
		t.Run(name, func(t *testing.T) {
			var ahead atomic.Int64
			begin := time.Now().UTC().Truncate(time.Millisecond)
			one, two := start(func() time.Time { return begin.Add(time.Duration(ahead.Load())) })
			soon, later := begin.Add(5*time.Minute), begin.Add(7*time.Minute)
			read := func(id string, want Move) {
				t.Helper()
				got, err := two.Read(t.Context(), id)
				if diff := cmp.Diff(want, got); err != nil || diff != "" {
					t.Fatalf("%s: %v (-want +got):\n%s", id, err, diff)
				}
			}
			change := func(at Moves, id string, want error, f func(*Move) error) {
				t.Helper()
				if _, err := at.Change(t.Context(), id, f); !errors.Is(err, want) {
					t.Fatalf("%s: %v, want %v", id, err, want)
				}
			}
			claim := func(ticket, message string) func(*Move) error {
				return func(m *Move) error { return m.Claim(ticket, message, later) }
			}
			say := func(number int, message string) func(*Move) error {
				return func(m *Move) error { return m.Say(number, message) }
			}

			if _, err := one.Read(t.Context(), "none"); !errors.Is(err, ErrNoMove) {
				t.Fatalf("a move that never was: %v", err)
			}
			change(one, "none", ErrNoMove, claim("t", "m"))
			if err := one.Open(t.Context(), "a", Move{Owner: "rsp_1", Expires: soon}); err != nil {
				t.Fatal(err)
			}
			read("a", Move{Owner: "rsp_1", Expires: soon})

			change(one, "a", ErrMoveTurn, say(2, "too early"))
			change(one, "a", ErrMoveTurn, (*Move).Finish)
			change(two, "a", nil, claim("t1", "m1"))
			read("a", Move{Owner: "rsp_1", Ticket: "t1", Messages: []string{"m1"}, Expires: later})
			change(one, "a", nil, claim("t1", "m1")) // sent again
			change(one, "a", ErrMoveTaken, claim("t2", "m1"))
			change(one, "a", ErrMoveTaken, claim("t1", "another"))
			change(one, "a", ErrMoveTurn, say(1, "m1"))
			change(one, "a", ErrMoveTurn, say(3, "m3"))
			change(one, "a", nil, say(2, "m2"))
			change(two, "a", nil, say(2, "m2"))
			change(two, "a", ErrMoveTurn, say(2, "another"))
			change(one, "a", ErrMoveTurn, (*Move).Finish)
			change(one, "a", nil, say(3, "m3"))
			change(one, "a", ErrMoveTurn, say(4, "m4"))
			read("a", Move{Owner: "rsp_1", Ticket: "t1", Messages: []string{"m1", "m2", "m3"}, Expires: later})
			change(two, "a", nil, (*Move).Finish)
			read("a", Move{Owner: "rsp_1", Ticket: "t1", Done: true, Expires: later})
			change(two, "a", nil, (*Move).Finish)
			change(two, "a", nil, claim("t1", "m1"))
			change(two, "a", ErrMoveTaken, claim("t2", "m1"))
			change(one, "a", nil, say(3, "m3")) // whose reply was lost
			change(one, "a", ErrMoveTurn, say(4, "m4"))
			read("a", Move{Owner: "rsp_1", Ticket: "t1", Done: true, Expires: later})

			ahead.Store(int64(7*time.Minute - time.Millisecond))
			read("a", Move{Owner: "rsp_1", Ticket: "t1", Done: true, Expires: later})
			ahead.Store(int64(7 * time.Minute))
			if _, err := two.Read(t.Context(), "a"); !errors.Is(err, ErrNoMove) {
				t.Fatalf("when its time is over: %v", err)
			}
			change(one, "a", ErrNoMove, claim("t1", "m1"))

			ahead.Store(0)
			if err := one.Open(t.Context(), "b", Move{Owner: "rsp_1", Expires: soon}); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if err := two.End(t.Context(), "b"); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := one.Read(t.Context(), "b"); !errors.Is(err, ErrNoMove) {
				t.Fatalf("an ended move: %v", err)
			}
		})
		t.Run(name+": many at once", func(t *testing.T) {
			one, two := start(time.Now)
			if err := one.Open(t.Context(), "c", Move{Owner: "rsp_1", Expires: time.Now().Add(time.Hour)}); err != nil {
				t.Fatal(err)
			}
			var taken atomic.Int64
			var all sync.WaitGroup
			for i := range 8 {
				all.Go(func() {
					_, err := []Moves{one, two}[i%2].Change(t.Context(), "c", func(m *Move) error {
						return m.Claim(fmt.Sprint(i), "m", time.Now().Add(time.Hour))
					})
					if err == nil {
						taken.Add(1)
					} else if !errors.Is(err, ErrMoveTaken) {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if taken.Load() != 1 {
				t.Errorf("%d devices were first", taken.Load())
			}
		})
	}
}

// What a caller does with the messages that it was given is nothing to others.
func TestMovesAreCopies(t *testing.T) {
	moves := NewMoves(time.Now)
	if err := moves.Open(t.Context(), "a", Move{Expires: time.Now().Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	got, err := moves.Change(t.Context(), "a", func(m *Move) error { return m.Claim("t", "m", time.Now().Add(time.Hour)) })
	if err != nil {
		t.Fatal(err)
	}
	got.Messages[0] = "another"
	if got, err = moves.Read(t.Context(), "a"); err != nil || got.Messages[0] != "m" {
		t.Errorf("%v %v", got, err)
	}
}

func TestMovesMemoryIsBounded(t *testing.T) {
	now := time.Now()
	moves := NewMoves(func() time.Time { return now })
	for i := range movesMost {
		if err := moves.Open(t.Context(), fmt.Sprint(i), Move{Expires: now.Add(time.Minute)}); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			moves.(*localMoves).all["0"] = Move{Expires: now.Add(time.Hour)}
		}
	}
	if err := moves.Open(t.Context(), "more", Move{Expires: now.Add(time.Minute)}); !errors.Is(err, ErrMovesAway) {
		t.Fatalf("one more than there may be: %v", err)
	}
	now = now.Add(time.Minute)
	if err := moves.Open(t.Context(), "more", Move{Expires: now.Add(time.Minute)}); err != nil {
		t.Fatal(err)
	}
	if n := len(moves.(*localMoves).all); n != 2 {
		t.Errorf("%d are kept, want the one that goes on and the new one", n)
	}
}

// Without Redis no key can be handed over, which is said; when it is back, it can.
func TestMovesWithoutRedis(t *testing.T) {
	server := cachetest.StartRedis(t)
	r := openRedis(t, server.URL)
	moves := r.Moves(time.Now)
	open := func() error { return moves.Open(t.Context(), "a", Move{Expires: time.Now().Add(time.Hour)}) }
	if err := open(); err != nil {
		t.Fatal(err)
	}
	server.Kill()
	_, read := moves.Read(t.Context(), "a")
	_, changed := moves.Change(t.Context(), "a", func(*Move) error { return nil })
	for what, err := range map[string]error{"open": open(), "read": read, "change": changed, "end": moves.End(t.Context(), "a")} {
		if !errors.Is(err, ErrMovesAway) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if !strings.Contains(r.Status(), "away") {
		t.Errorf("the status is %q", r.Status())
	}
	server.Start()
	eventually(t, "moves are kept again", func() bool { return open() == nil && r.Status() == "" })
}

// What another server changes meanwhile is seen, and not written over.
func TestServersChangeMovesInTurn(t *testing.T) {
	server := cachetest.StartRedis(t)
	one, two := openRedis(t, server.URL).Moves(time.Now), openRedis(t, server.URL).Moves(time.Now)
	later := time.Now().Add(time.Hour)
	if err := one.Open(t.Context(), "a", Move{Expires: later}); err != nil {
		t.Fatal(err)
	}
	tries := 0
	_, err := one.Change(t.Context(), "a", func(m *Move) error {
		if tries++; tries == 1 {
			if _, err := two.Change(t.Context(), "a", func(m *Move) error { return m.Claim("t2", "m", later) }); err != nil {
				return err
			}
		}
		return m.Claim("t1", "m", later)
	})
	if !errors.Is(err, ErrMoveTaken) || tries != 2 {
		t.Errorf("at the try %d: %v", tries, err)
	}
}
