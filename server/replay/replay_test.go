package replay_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/app"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/interchange"
	"github.com/tasknet/tasknet/server/replay"
	"github.com/tasknet/tasknet/server/testnet"
	"github.com/tasknet/tasknet/server/wire"
)

func TestReadAnswers(t *testing.T) {
	got, err := replay.ReadAnswers(t.Context(), strings.NewReader("\ufeffworker,answer,question\nw1,yes,q1\n w2 ,no,\"q,\n1\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]replay.Answer{{"q1", "w1", "yes"}, {"q,\n1", "w2", "no"}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	many := "question,worker,answer\n"
	for i := range 21 {
		many += fmt.Sprintf("q,w%d,a%d\n", i, i)
	}
	for name, tt := range map[string]struct {
		file, says string
		is         error
	}{
		"empty":           {"", "The file is empty", interchange.ErrBadFile},
		"too few fields":  {"question,worker,answer\na,b,c\na,b\nd,e,f\ng\n", "line 3: there are 2 cells, and 3 in the first line; malformed rows: 2", replay.ErrNotPlayable},
		"one label":       {"question,worker,answer\nq,w,x\nq,v,x\n", "answers that differ: 1; a question has 2 to 20", replay.ErrNotPlayable},
		"too many labels": {many, "answers that differ: 21", replay.ErrNotPlayable},
		"a long answer":   {"question,worker,answer\nq,w," + strings.Repeat("x", 501) + "\nq,v,y\n", "an answer 500", replay.ErrNotPlayable},
		"a long question": {"question,worker,answer\n" + strings.Repeat("q", polls.TextLengthMax+1) + ",w,x\nq,v,y\n", "a question has at most", replay.ErrNotPlayable},
	} {
		if _, err := replay.ReadAnswers(t.Context(), strings.NewReader(tt.file)); !errors.Is(err, tt.is) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v, want that it says %q", name, err, tt.says)
		}
	}
}

func TestReadTruth(t *testing.T) {
	got, err := replay.ReadTruth(t.Context(), strings.NewReader("truth,question\nyes,q1\nno,q2\nyes,q1\n"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"q1": "yes", "q2": "no"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := replay.ReadTruth(t.Context(), strings.NewReader("question,truth\nq,yes\nq,no\n")); !errors.Is(err, replay.ErrNotPlayable) || !strings.Contains(err.Error(), "line 3") {
		t.Errorf("two truths: %v", err)
	}
}

// crowd makes answers of five workers to questions with a known truth. Worker 4 is wrong always, worker 3 at every third.
func crowd(questions int) (answers []replay.Answer, truth map[string]string) {
	truth = make(map[string]string)
	for q := range questions {
		name := fmt.Sprintf("photo %d", q)
		truth[name] = []string{"cat", "dog", "owl"}[q%3]
		for w := range 5 {
			label := truth[name]
			if w == 4 || (w == 3 && q%3 == 0) {
				label = []string{"dog", "owl", "cat"}[q%3]
			}
			answers = append(answers, replay.Answer{Question: name, Worker: fmt.Sprintf("w%d", w), Label: label})
		}
	}
	return answers, truth
}

func TestReplay(t *testing.T) {
	net := testnet.Start(t, app.Config{Data: t.TempDir()})
	defer net.Stop(t)
	answers, truth := crowd(12)
	cfg := replay.Config{Client: net.Client, Requester: net.Requester, Answers: answers, Truth: truth, Quorum: wire.Quorum{Policy: "fixed:5"}, Seed: 7, Concurrency: 9}
	first, err := replay.Run(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	one := 1.0
	want := replay.Report{Questions: 12, Closed: 12, Accuracy: &one, AnswersUsed: 60, RespondentsPaid: 5, PaidMicro: 60 * 18_000, Verified: true}
	if first.VerdictP99 <= 0 || first.VerdictP50 > first.VerdictP99 || first.Gas <= 0 || first.NotNeeded != 0 {
		t.Errorf("measured %+v", first)
	}
	if diff := cmp.Diff(want, counted(first), amounts); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	again, err := replay.Run(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, counted(again), amounts); diff != "" {
		t.Errorf("a second run with the same seed (-want +got):\n%s", diff)
	}
	if again.Gas != 0 {
		t.Errorf("a second run spent %d gas: somebody was paid twice", again.Gas)
	}

	cfg.Seed, cfg.Quorum = 8, wire.Quorum{Policy: "fixed:3"}
	fewer, err := replay.Run(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if fewer.Closed != 12 || fewer.AnswersUsed != 36 || fewer.NotNeeded != 24 || fewer.PaidMicro != 36*18_000 || !fewer.Verified {
		t.Errorf("with fewer answers needed than there are: %+v", fewer)
	}

	cfg.Seed, cfg.Quorum = 9, wire.Quorum{Policy: "fixed:6"}
	short, err := replay.Run(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if short.Closed != 12 || short.AnswersUsed != 60 || short.Cancelled != 12 || !short.Verified {
		t.Errorf("with more answers needed than there are: %+v", short)
	}
}

// TestReplayLearns plays answers of the same people in several goes: in a later one their answers are weighed by what the
// server has learned of them, and what it says of that can be recomputed.
func TestReplayLearns(t *testing.T) {
	net := testnet.Start(t, app.Config{Data: t.TempDir()})
	defer net.Stop(t)
	const each, times = 24, 6
	answers, truth := crowd(each * times)
	cfg := replay.Config{Client: net.Client, Requester: net.Requester, Truth: truth, Quorum: wire.Quorum{Policy: "confidence:0.95,model", Max: 5}, Seed: 3, Concurrency: 9}
	var used []int
	for goes := range slices.Chunk(answers, 5*each) {
		cfg.Answers = goes
		got, err := replay.Run(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		if used = append(used, got.AnswersUsed); got.Closed != each || !got.Verified || *got.Accuracy < 0.8 {
			t.Fatalf("%+v", got)
		}
		if known := lastSnapshot(t, net.Client); known.Version > 0 {
			if last := len(used) - 1; known.Family == "general/3" || len(known.People) != 5 || used[last] >= used[0] {
				t.Errorf("by version %d of %s, which knows %d people, it took %d answers; nobody known, %d", known.Version, known.Family, len(known.People), used[last], used[0])
			}
			return
		}
	}
	t.Errorf("nothing was learned in %d goes", len(used))
}

// lastSnapshot returns what the verdict that was made last was made by.
func lastSnapshot(t *testing.T, c *client.Client) wire.Snapshot {
	t.Helper()
	var last wire.Record
	for r, err := range c.Records(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		last = r
	}
	s, err := c.Snapshot(t.Context(), last.Verdict.Snapshot)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var amounts = cmp.AllowUnexported(tasknet.Amount{})

// counted leaves of a report what must be the same in every run.
func counted(r replay.Report) replay.Report {
	return replay.Report{
		Questions: r.Questions, Closed: r.Closed, Accuracy: r.Accuracy, AnswersUsed: r.AnswersUsed, RespondentsPaid: r.RespondentsPaid,
		PaidMicro: r.PaidMicro, Verified: r.Verified,
	}
}

// door stands before an instance that is stopped and started behind it.
type door struct {
	to atomic.Pointer[httputil.ReverseProxy]
}

func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	to := d.to.Load()
	if to == nil {
		panic(http.ErrAbortHandler)
	}
	to.ServeHTTP(w, r)
}

func (d *door) open(t *testing.T, address string) {
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(u)
	proxy.FlushInterval = -1
	proxy.ErrorHandler = func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) }
	d.to.Store(proxy)
}

// TestReplayOutlastsRestarts stops the server in the middle of the answers, several times.
func TestReplayOutlastsRestarts(t *testing.T) {
	data := t.TempDir()
	net := testnet.Start(t, app.Config{Data: data})
	defer func() { net.Stop(t) }()
	key, err := net.Requester.NewKey(t.Context(), "replay", "")
	if err != nil {
		t.Fatal(err)
	}
	d := new(door)
	d.open(t, net.URL)
	srv := httptest.NewServer(d)
	defer srv.Close()
	c, err := client.New(srv.URL, client.Config{Patience: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	answers, truth := crowd(20)
	at := make(chan int, 1000)
	type result struct {
		report replay.Report
		err    error
	}
	done := make(chan result, 1)
	go func() {
		report, err := replay.Run(t.Context(), replay.Config{
			Client: c, Requester: c.Requester(key.Secret), Answers: answers, Truth: truth, Quorum: wire.Quorum{Policy: "fixed:5"}, Seed: 1, Concurrency: 4,
			Progress: func(p replay.Progress) {
				if p.Stage == replay.Answering {
					at <- p.Done
				}
			},
		})
		close(at)
		done <- result{report, err}
	}()
	stops := 0
	for n := range at {
		if n == 10 || n == 40 || n == 90 {
			d.to.Store(nil)
			net.Stop(t)
			net = testnet.Start(t, app.Config{Data: data})
			d.open(t, net.URL)
			stops++
		}
	}
	got := <-done
	if got.err != nil {
		t.Fatal(got.err)
	}
	if stops != 3 {
		t.Errorf("the server was restarted %d times", stops)
	}
	one := 1.0
	want := replay.Report{Questions: 20, Closed: 20, Accuracy: &one, AnswersUsed: 100, RespondentsPaid: 5, PaidMicro: 100 * 18_000, Verified: true}
	if diff := cmp.Diff(want, counted(got.report), amounts); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
