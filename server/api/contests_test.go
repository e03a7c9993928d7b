package api

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/wire"
)

// People who agree on an order compare items until it is settled; nothing stays set aside, and everybody is paid.
func TestContest(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(10_000_000))
	c := read[wire.Contest](w, w.as(w.key, "POST", "/v1/contests",
		`{"text":"Which is larger?","items":[{"name":"12"},{"name":"57"},{"name":"31"},{"name":"44"}],"confidence":"0.9","max":500,"at_once":3}`), 201)
	if c.Status != "running" || c.Confidence != "0.9" || len(c.Items) != 4 {
		t.Fatalf("started: %+v", c)
	}
	people := w.people(4)
	answered := 0
	for end := time.Now().Add(30 * time.Second); c.Status == "running"; {
		if time.Now().After(end) {
			t.Fatalf("after %d answers: %+v", answered, c)
		}
		p := people[answered%len(people)]
		leases, err := p.Assignments(t.Context(), 1)
		w.must(err)
		for _, a := range leases {
			q := a.Question
			if q.Type != "pair" || q.Text != "Which is larger?" || q.Quorum.Policy != "fixed:1" {
				t.Fatalf("asked: %+v", q)
			}
			left, err := strconv.Atoi(q.Choices[0])
			w.must(err)
			right, err := strconv.Atoi(q.Choices[1])
			w.must(err)
			choice := 0
			if right > left {
				choice = 1
			}
			if _, err := p.Answer(t.Context(), a, choice); err != nil && !errors.Is(err, polls.ErrClosed) {
				t.Fatal(err)
			}
			answered++
		}
		c = read[wire.Contest](w, w.as(w.key, "GET", "/v1/contests/"+c.ID, ""), 200)
	}
	var order []string
	for _, place := range c.Ranking.Places {
		order = append(order, place.Name)
	}
	if c.Status != "settled" || strings.Join(order, " ") != "57 44 31 12" || c.Ranking.Comparisons > c.Asked || c.EndedAt == nil || c.Ranking.Confidence < "0.9" {
		t.Errorf("settled: %v, %+v", order, c)
	}
	for end := time.Now().Add(10 * time.Second); ; {
		b := read[wire.Balance](w, w.as(w.key, "GET", "/v1/balance", ""), 200)
		spent, err := tasknet.Micro(20_700).Times(c.Ranking.Comparisons)
		w.must(err)
		if b.Held.IsZero() && b.Spent.Cmp(spent) >= 0 {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("balance: %+v, %d comparisons", b, c.Ranking.Comparisons)
		}
	}
	if list := read[wire.Contests](w, w.as(w.key, "GET", "/v1/contests", ""), 200); len(list.Contests) != 1 || list.Contests[0].ID != c.ID {
		t.Errorf("list: %+v", list)
	}
}

// A contest that cannot pay waits and says so; one that is cancelled gives back what it holds.
func TestContestWithoutMoney(t *testing.T) {
	w := newWorld(t)
	w.deposit(w.org, tasknet.Micro(10_000))
	const body = `{"text":"Which?","items":[{"name":"a"},{"name":"b"},{"name":"c"}],"max":50}`
	poor := read[wire.Contest](w, w.as(w.key, "POST", "/v1/contests", body), 201)
	for poor.Problem == "" {
		poor = read[wire.Contest](w, w.as(w.key, "GET", "/v1/contests/"+poor.ID, ""), 200)
	}
	if poor.Problem != "insufficient_funds" || poor.Status != "running" || poor.Asked != 0 {
		t.Errorf("without money: %+v", poor)
	}
	cancel := func(id string) wire.Contest {
		return read[wire.Contest](w, w.as(w.key, "POST", "/v1/contests/"+id+"/cancel", ""), 200)
	}
	if got := cancel(poor.ID); got.Status != "cancelled" || got.Problem != "" {
		t.Errorf("cancelled: %+v", got)
	}
	w.deposit(w.org, tasknet.Micro(1_000_000))
	rich := read[wire.Contest](w, w.as(w.key, "POST", "/v1/contests", body), 201)
	for rich.Asked == 0 {
		rich = read[wire.Contest](w, w.as(w.key, "GET", "/v1/contests/"+rich.ID, ""), 200)
	}
	if got := cancel(rich.ID); got.Status != "cancelled" || got.EndedAt == nil {
		t.Errorf("cancelled: %+v", got)
	}
	if b := read[wire.Balance](w, w.as(w.key, "GET", "/v1/balance", ""), 200); !b.Held.IsZero() || b.Available.String() != "1.01" {
		t.Errorf("balance after all: %+v", b)
	}
	if again := cancel(rich.ID); again.Status != "cancelled" {
		t.Errorf("again: %+v", again)
	}
}

func TestContestsAreRefused(t *testing.T) {
	w := newWorld(t)
	other, err := w.server.Pipeline.NewOrg(t.Context(), "Others")
	w.must(err)
	theirs := w.newKey(other)
	c := read[wire.Contest](w, w.as(theirs, "POST", "/v1/contests", `{"text":"?","items":[{"name":"a"},{"name":"b"}],"max":5}`), 201)
	for body, code := range map[string]string{
		`{"text":"?","items":[{"name":"a"}],"max":5}`:                                             "invalid_request",
		`{"text":"?","items":[{"name":"a"},{"name":"a"}],"max":5}`:                                "bad_items",
		`{"text":"?","items":[{"name":"a"},{"name":"b"}],"max":5,"top":2}`:                        "bad_goal",
		`{"text":"?","items":[{"name":"a"},{"name":"b"}],"max":5,"confidence":"1"}`:               "bad_goal",
		`{"text":"?","items":[{"name":"a"},{"name":"b"}],"max":5,"confidence":"0.4"}`:             "bad_goal",
		`{"text":"?","items":[{"name":"a"},{"name":"b"}],"max":5,"confidence":"sure"}`:            "bad_number",
		`{"text":"?","items":[{"name":"a"},{"name":"b"}],"max":5,"price":"0"}`:                    "bad_price",
		`{"text":"?","items":[{"name":"a"},{"name":"b"}],"max":5,"price":"4611686018427.387904"}`: "bad_price",
		`{"text":"?","items":[{"name":"a"},{"name":"b","image":"` + zeros + `"}],"max":5}`:        "image_unknown",
	} {
		if got := w.as(w.key, "POST", "/v1/contests", body); got.status != 400 || got.problem(t).Code != code {
			t.Errorf("%s: %d %s, want %s", body, got.status, got.body, code)
		}
	}
	for _, path := range []string{"/v1/contests/" + c.ID, "/v1/contests/cts_00000000000000000000000000"} {
		if got := w.as(w.key, "GET", path, ""); got.status != 404 && got.status != 400 {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
		if got := w.as(w.key, "POST", path+"/cancel", ""); got.status != 404 && got.status != 400 {
			t.Errorf("%s/cancel: %d %s", path, got.status, got.body)
		}
	}
}

var zeros = fmt.Sprintf("%064d", 0)
