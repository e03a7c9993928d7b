package testnet_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/app"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/testnet"
	"github.com/tasknet/tasknet/server/verify"
	"github.com/tasknet/tasknet/server/wire"
)

// TestStruckValue is TestStruckAnswer of a project whose answers are numbers: one person counts well, one nearly so, and one says
// the same whatever is shown.
func TestStruckValue(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { struckValue(t, app.Config{HoldNewcomers: true}) })
	t.Run("postgres", func(t *testing.T) { struckValue(t, app.Config{HoldNewcomers: true, DatabaseURL: postgres(t)}) })
}

func struckValue(t *testing.T, cfg app.Config) {
	testnet.Run(t, cfg, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		price := tasknet.Micro(10_000)
		project, err := net.Requester.NewProject(ctx, wire.NewProject{
			Name: "Herons", Text: "How many herons?", Type: "number", Number: &wire.NumberRange{Min: "0", Max: "1000"},
			Quorum: wire.Quorum{Policy: "fixed:3"}, Price: &price,
		}, "")
		must(t, err)
		// Who misses 15 is proven. It is learned when 10 have closed, or some more, and when that and 10 have.
		const golds = 30
		truths := make(map[string]int)
		rows := []wire.TaskRow{{Key: "plain", Passage: "The lake"}}
		for i := range golds {
			key := fmt.Sprintf("gold %d", i)
			truths[key] = 100 + 20*i
			rows = append(rows, wire.TaskRow{Key: key, Passage: fmt.Sprintf("Pond %d", i), Truth: json.RawMessage(fmt.Sprint(truths[key]))})
		}
		_, err = net.Requester.AddTasks(ctx, project.ID, rows, "")
		must(t, err)
		questions := make(map[string]string)
		for task, err := range net.Requester.Tasks(ctx, project.ID, "") {
			must(t, err)
			questions[task.Key] = task.Question
		}
		plain := questions["plain"]
		ann, bob, cyd, bad := net.Person(t, ctx), net.Person(t, ctx), net.Person(t, ctx), net.Person(t, ctx)
		answer := func(who *client.Respondent, question string, n int) {
			t.Helper()
			asg, err := who.Assignment(ctx, question)
			must(t, err)
			_, err = who.AnswerValue(ctx, asg, polls.Value(fmt.Sprintf("%q", fmt.Sprint(n))))
			must(t, err)
		}
		answer(bad, plain, 7)
		answer(ann, plain, 40)
		// The first, which is changed below, is among those that are learned from when the others may not be yet.
		for i := range golds {
			key := fmt.Sprintf("gold %d", i)
			truth := truths[key]
			answer(ann, questions[key], truth)
			answer(bob, questions[key], truth-truth/20)
			asg, err := bad.Assignment(ctx, questions[key])
			if err == nil {
				_, err = bad.AnswerValue(ctx, asg, `"7"`)
			}
			if err != nil { // they may be found out before the last
				answer(cyd, questions[key], truth)
			}
		}
		struck := make(map[string]bool) // golds that were about to close when it was learned
		for {
			for key, truth := range truths {
				q, err := net.Requester.Question(ctx, questions[key])
				must(t, err)
				if q.Status == "open" && q.Struck == 1 && !struck[q.ID] {
					struck[q.ID] = true
					answer(cyd, q.ID, truth)
				}
			}
			me, err := bad.Me(ctx)
			must(t, err)
			who, err := ann.Earnings(ctx)
			must(t, err)
			totals, err := net.Client.Totals(ctx)
			must(t, err)
			if me.Refused > 0 && who.Pending.IsZero() && totals.Questions == golds && totals.Pending.Cmp(tasknet.Micro(golds*10_000)) < 0 {
				break
			}
			select {
			case <-ctx.Done():
				t.Fatalf("nobody was found to be worth nothing: %+v, %+v, %+v", me, who, totals)
			case <-time.After(100 * time.Millisecond):
			}
		}
		answer(bob, plain, 41)
		var q wire.Question
		reopened := false
		for e, err := range net.Requester.QuestionEvents(ctx, plain) {
			must(t, err)
			if e.Kind == client.Closed {
				q = e.Question
				continue
			}
			if now := e.Progress; now.Struck == 1 && now.Answers == 2 && !reopened {
				reopened = true
				if now.Status != "open" || now.Wanted != 1 || len(now.Counts) != 0 {
					t.Errorf("after the strike: %+v", now)
				}
				answer(cyd, plain, 39)
			}
		}
		if q.Status != "closed" || q.Answers != 3 || q.Struck != 1 || q.Verdict == nil || q.Verdict.Answers != 3 || string(q.Verdict.Value) != `"40"` || q.Verdict.Paid.String() != "0.03" {
			t.Errorf("closed as %+v %+v", q, q.Verdict)
		}
		final := func(who *client.Respondent) tasknet.Amount {
			t.Helper()
			e, err := who.Earnings(ctx)
			must(t, err)
			return e.Yours.Add(e.InEpoch).Add(e.OnChain)
		}
		if got := final(ann); got != tasknet.Micro((golds+1)*10_000) {
			t.Errorf("who counts well has %s", got)
		}
		if got := final(bob); got != tasknet.Micro((golds+1)*10_000) {
			t.Errorf("who counts nearly well has %s", got)
		}
		if e, err := bad.Earnings(ctx); err != nil || !e.Pending.IsZero() || !final(bad).IsZero() || e.Forfeited.IsZero() {
			t.Errorf("who does not count has %+v, %v", e, err)
		}
		for a, err := range bad.Answers(ctx) {
			must(t, err)
			if want := a.Question == plain || struck[a.Question]; a.Struck && !want || a.Question == plain && !a.Pays.IsZero() {
				t.Errorf("who answered it so is told %+v", a)
			}
			if a.Question != plain && (a.Known == nil || len(a.Known.Value) == 0 || a.Known.Choice != nil) {
				t.Errorf("what was known of %s is told as %+v", a.Question, a.Known)
			}
		}
		record, err := net.Client.Record(ctx, plain)
		must(t, err)
		s := record.Answers[0].Struck
		if s == nil || s.Answers != 3 || s.Counted != 3 || record.Gold != nil {
			t.Fatalf("the record: %+v", record)
		}
		clean(t, ctx, net, golds+1, 3*golds+3+len(struck))
		flipped := "0"
		if s.Snapshot[0] == '0' {
			flipped = "1"
		}
		for name, c := range map[string]struct{ old, changed, kind string }{
			"a gold that becomes what the worthless said": {`"gold":{"value":"100","suspended":false}`, `"gold":{"value":"7","suspended":false}`, "snapshot"},
			"a gold that is suspended":                    {`"gold":{"value":"100","suspended":false}`, `"gold":{"value":"100","suspended":true}`, "question"},
			"a gold that is no number":                    {`"gold":{"value":"100","suspended":false}`, `"gold":{"value":"1x0","suspended":false}`, "question"},
			"golds that are left out":                     {`"gold":{`, `"left_out":{`, "snapshot"}, // all: of one alone a snapshot that was learned before the last tells nothing
			"a strike by another snapshot":                {`"struck":{"snapshot":"` + s.Snapshot, `"struck":{"snapshot":"` + flipped + s.Snapshot[1:], "snapshot"},
			"a strike among fewer answers":                {`"answers":3,"counted":3`, `"answers":2,"counted":2`, "question"},
		} {
			changes := &changing{old: c.old, changed: c.changed}
			other, err := client.New(net.URL, client.Config{HTTP: &http.Client{Transport: changes}})
			must(t, err)
			_, err = verify.Run(ctx, other, verify.Config{})
			if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.Kind != c.kind || changes.times == 0 {
				t.Errorf("%s, %d times: %v, want a mismatch of a %s", name, changes.times, err, c.kind)
			}
		}
	})
}

// changing changes what the lists of public records say.
type changing struct {
	old, changed string
	times        int
}

func (c *changing) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil || !strings.HasSuffix(req.URL.Path, "/records/questions") {
		return res, err
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	c.times += bytes.Count(body, []byte(c.old))
	body = bytes.ReplaceAll(body, []byte(c.old), []byte(c.changed))
	res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	res.Header.Del("Content-Length")
	return res, nil
}
