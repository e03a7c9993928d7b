package testnet_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/app"
	"github.com/tasknet/tasknet/server/bundle"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/testnet"
	"github.com/tasknet/tasknet/server/verify"
	"github.com/tasknet/tasknet/server/wire"
)

// TestErasure: what a person typed is nowhere any more after they asked for that, and all records fit all the same: those of the
// server, of a bundle of before and of one of after, while the log grows.
func TestErasure(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { erasure(t, app.Config{}) })
	t.Run("postgres", func(t *testing.T) { erasure(t, app.Config{DatabaseURL: postgres(t)}) })
}

func erasure(t *testing.T, cfg app.Config) {
	testnet.Run(t, cfg, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		price := tasknet.Micro(10_000)
		project, err := net.Requester.NewProject(ctx, wire.NewProject{
			Name: "Signs", Text: "What does it say?", Type: "text", Quorum: wire.Quorum{Policy: "fixed:3"}, Price: &price,
		}, "")
		must(t, err)
		_, err = net.Requester.AddTasks(ctx, project.ID, []wire.TaskRow{
			{Key: "all", Passage: "One"}, {Key: "gold", Passage: "Two", Truth: json.RawMessage(`"a known sign"`)}, {Key: "later", Passage: "Three"}, {Key: "never", Passage: "Four"},
		}, "")
		must(t, err)
		questions := make(map[string]string)
		for task, err := range net.Requester.Tasks(ctx, project.ID, "") {
			must(t, err)
			questions[task.Key] = task.Question
		}
		keys, err := client.NewKeys()
		must(t, err)
		ann, err := net.Client.Respondent(ctx, keys)
		must(t, err)
		bob, cyd := net.Person(t, ctx), net.Person(t, ctx)
		answer := func(who *client.Respondent, key, text string) {
			t.Helper()
			asg, err := who.Assignment(ctx, questions[key])
			must(t, err)
			_, err = who.AnswerValue(ctx, asg, polls.Value(fmt.Sprintf("%q", text)))
			must(t, err)
		}
		closed := func(key string) wire.Question {
			t.Helper()
			q, err := net.Requester.Wait(ctx, questions[key], 20*time.Second)
			must(t, err)
			if q.Status != "closed" {
				t.Fatalf("%s is %+v", key, q)
			}
			return q
		}
		// The verdict on the first is ann's very words.
		for key, said := range map[string][3]string{"all": {"ann says ab", "ann says a", "ann says abc"}, "gold": {"a known sing", "a known sign", "no sign"}} {
			answer(ann, key, said[0])
			answer(bob, key, said[1])
			answer(cyd, key, said[2])
		}
		verdict := closed("all").Verdict
		closed("gold")
		if string(verdict.Value) != `"ann says ab"` {
			t.Fatalf("the verdict is %s", verdict.Value)
		}
		answer(ann, "later", "ann waits")
		dataset := func() wire.Dataset {
			t.Helper()
			d, err := net.Requester.NewDataset(ctx, project.ID, "auto", "")
			must(t, err)
			for d.State == "sealing" {
				select {
				case <-ctx.Done():
					t.Fatal("not sealed")
				case <-time.After(20 * time.Millisecond):
				}
				d, err = net.Requester.Dataset(ctx, d.ID)
				must(t, err)
			}
			if d.State != "sealed" {
				t.Fatalf("%+v", d)
			}
			return d
		}
		old := dataset()
		net.AwaitLogged(t, ctx)
		folder := t.TempDir()
		before, err := bundle.Write(ctx, net.Client, filepath.Join(folder, "before"), func(string, int, int) {})
		must(t, err)
		saved := recordOf(t, ctx, net, questions["all"])

		me, err := ann.Me(ctx)
		must(t, err)
		at := time.Now()
		erased := eraseAs(t, ctx, net, keys, me.Respondent, at)
		if erased != (wire.Erased{Devices: 1, Answers: 2, Waiting: 1}) {
			t.Errorf("erased: %+v", erased)
		}
		answer(bob, "later", "bob waits")
		answer(cyd, "later", "cyd waits")
		if v := closed("later").Verdict; v.Answers != 3 || v.Paid.String() != "0.03" {
			t.Errorf("the verdict that ann's words were needed for: %+v", v)
		}

		is := recordOf(t, ctx, net, questions["all"])
		if string(is.Verdict.Value) != `"ann says ab"` {
			t.Errorf("the verdict has become %s", is.Verdict.Value)
		}
		i := slices.IndexFunc(is.Answers, func(a wire.AnswerRecord) bool { return a.Respondent == me.Respondent })
		want := saved.Answers[i]
		want.Given, want.Nonce, want.Signature, want.Erased = wire.Given{}, "", "", is.Answers[i].Erased
		if got := is.Answers[i]; got.Erased == nil || got.Erased.At != at.Unix() || fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
			t.Errorf("ann's answer is %+v, want %+v", got, want)
		}
		for _, key := range []string{"gold", "later"} {
			r := recordOf(t, ctx, net, questions[key])
			raw, err := json.Marshal(r.Answers)
			must(t, err)
			if bytes.Contains(raw, []byte("known sing")) || bytes.Contains(raw, []byte("ann waits")) || bytes.Count(raw, []byte(`"erased"`)) != 1 {
				t.Errorf("the record of %s: %s", key, raw)
			}
		}

		// No file that is saved now has the words, whenever its dataset was made, but for the labels.
		for _, d := range []wire.Dataset{old, dataset()} {
			for _, format := range []string{"jsonl", "csv", "label-studio"} {
				text := exported(t, ctx, net, d.ID, format)
				for row, err := range net.Requester.DatasetRows(ctx, d.ID) {
					must(t, err)
					if row.Key == "all" && len(row.Answers) != 2 || row.Key == "later" && len(row.Answers) != 2 {
						t.Errorf("a row of %s: %+v", d.ID, row)
					}
				}
				for secret, there := range map[string]bool{"known sing": false, "ann waits": false, "no sign": true} {
					if strings.Contains(text, secret) != there {
						t.Errorf("%s of %s has %q: %v\n%s", format, d.ID, secret, !there, text)
					}
				}
			}
		}
		if _, err := net.Requester.Report(ctx, project.ID); err != nil {
			t.Errorf("the report: %v", err)
		}

		// The same person comes back, sees what is left, and is asked again; what they type now is theirs to keep or erase.
		phone, err := client.NewKeys()
		must(t, err)
		back, err := net.Client.Respondent(ctx, client.Keys{Wallet: keys.Wallet, Device: phone.Device})
		must(t, err)
		n := 0
		for a, err := range back.Answers(ctx) {
			must(t, err)
			if n++; !a.Erased || a.Value != nil || a.Choice != nil || a.Pay.State != "paid" {
				t.Errorf("ann is told of %+v", a)
			}
		}
		if n != 3 {
			t.Errorf("ann is told of %d answers", n)
		}

		report := net.AwaitLogged(t, ctx)
		if report.Questions != 3 || report.Answers != 9 || report.Erased != 3 {
			t.Errorf("verified: %+v", report)
		}
		u := slices.IndexFunc(report.Unproven, func(u verify.Unproven) bool { return u.Code == "erased_verdicts" })
		if u < 0 || len(report.Unproven[u].Questions) != 3 || !slices.Contains(report.Unproven[u].Questions, questions["later"]) {
			t.Errorf("what is not proven: %+v", report.Unproven)
		}
		after, err := bundle.Write(ctx, net.Client, filepath.Join(folder, "after"), func(string, int, int) {})
		must(t, err)
		for name, c := range map[string]struct {
			hash      string
			questions int
			erased    int
		}{"before": {before.Manifest, 2, 0}, "after": {after.Manifest, 3, 3}} {
			b, err := bundle.Open(ctx, filepath.Join(folder, name), c.hash)
			must(t, err)
			report, err := verify.Run(ctx, b, verify.Config{})
			if err = errors.Join(err, b.Close()); err != nil || report.Questions != c.questions || report.Erased != c.erased || report.Log == 0 {
				t.Errorf("the bundle of %s: %+v, %v", name, report, err)
			}
		}
		e, other := is.Answers[i], is.Answers[(i+1)%3]
		for name, c := range map[string]struct{ old, changed, kind, id, field string }{
			"a statement of another time":      {fmt.Sprintf(`"erased":{"at":%d`, at.Unix()), fmt.Sprintf(`"erased":{"at":%d`, at.Unix()+1), "answer", "", "erased signature"},
			"a statement by another":           {`"signature":"` + e.Erased.Signature, `"signature":"` + e.Delegation.Signature, "answer", "", "erased signature"},
			"no statement":                     {`,"erased":{"at":` + fmt.Sprint(at.Unix()) + `,"signature":"` + e.Erased.Signature + `"}`, ``, "answer", "", "choice or value"}, // the word is of several answers
			"another leaf":                     {e.Hash, other.Hash, "", "", "log"},
			"a leaf that is in no log":         {e.Hash, strings.Repeat("ab", 32), "verdict", is.Verdict.ID, "log"},
			"another verdict's value":          {`"value":"ann says ab"`, `"value":"ann says ad"`, "verdict", is.Verdict.ID, "log"},
			"a verdict's value that is none":   {`"value":"ann says ab"`, `"value":7`, "question", is.Question.ID, "verdict value"},
			"another agreement":                {`"agreement":"` + is.Verdict.Agreement + `"`, `"agreement":"0.123456"`, "verdict", is.Verdict.ID, "log"},
			"an agreement that is none":        {`"agreement":"` + is.Verdict.Agreement + `"`, `"agreement":"7"`, "question", is.Question.ID, "verdict agreement"},
			"a known answer that is another":   {`"gold":{"value":"a known sign","suspended":false}`, `"gold":{"value":"a known sign","suspended":true}`, "gold", questions["gold"], "log"},
			"an answer that nobody erased":     {`"value":"ann says a","nonce"`, `"erased":{"at":5,"signature":"00"},"nonce"`, "answer", "", "erased"},
			"an outcome that is another":       {`"outcome":"decided"`, `"outcome":"leaning"`, "question", "", "verdict outcome"},
			"another number of those unsure":   {`"cannot_tell":0`, `"cannot_tell":1`, "question", "", "verdict cannot tell"},
			"an answer by somebody else":       {`"respondent":"` + e.Respondent, `"respondent":"` + other.Respondent, "answer", "", ""},
			"an answer of long after the word": {fmt.Sprintf(`"at_ms":%d`, e.At), fmt.Sprintf(`"at_ms":%d`, at.Add(10*time.Minute+time.Second).UnixMilli()), "answer", e.ID, "erased at"},
		} {
			changes := &changing{old: c.old, changed: c.changed}
			changed, err := client.New(net.URL, client.Config{HTTP: &http.Client{Transport: changes}})
			must(t, err)
			b, err := bundled(ctx, changed, filepath.Join(folder, name))
			must(t, err)
			report, err := verify.Run(ctx, b, verify.Config{})
			if c.field == "log" && err == nil && report.Unlogged > 0 && changes.times > 0 { // as long as it may be too new
				must(t, b.Close())
				continue
			}
			m, ok := errors.AsType[*verify.Mismatch](errors.Join(err, b.Close()))
			if !ok || changes.times == 0 || c.field != "" && (m.Kind != c.kind || m.Field != c.field) || c.id != "" && m.ID != c.id {
				t.Errorf("%s, %d times: %v", name, changes.times, err)
			}
		}
	})
}

// bundled copies records into a folder, which later ones cannot change any more, and opens it.
func bundled(ctx context.Context, s verify.Source, dir string) (*bundle.Bundle, error) {
	sum, err := bundle.Write(ctx, s, dir, func(string, int, int) {})
	if err != nil {
		return nil, err
	}
	return bundle.Open(ctx, dir, sum.Manifest)
}

func recordOf(t *testing.T, ctx context.Context, net *testnet.Net, question string) wire.Record {
	t.Helper()
	r, err := net.Client.Record(ctx, question)
	must(t, err)
	return r
}

// eraseAs has a person's wallet ask for their erasure.
func eraseAs(t *testing.T, ctx context.Context, net *testnet.Net, keys client.Keys, id string, at time.Time) (out wire.Erased) {
	t.Helper()
	in, err := net.Client.Instance(ctx)
	must(t, err)
	domain := polls.Domain{ChainID: in.ChainID}
	_, err = hex.Decode(domain.Instance[:], []byte(in.Instance))
	must(t, err)
	e := polls.Erasure{Respondent: polls.RespondentID(id), Wallet: keys.WalletAddress(), At: at}
	signature := e.Sign(domain, keys.Wallet)
	body, err := json.Marshal(wire.Erase{At: at.Unix(), Signature: hex.EncodeToString(signature[:])})
	must(t, err)
	res, err := http.Post(net.URL+"/v1/respondents/"+id+"/erasure", "application/json", bytes.NewReader(body))
	must(t, err)
	defer res.Body.Close()
	must(t, json.NewDecoder(res.Body).Decode(&out))
	return out
}

// exported returns the text of all files of a dataset in a format.
func exported(t *testing.T, ctx context.Context, net *testnet.Net, dataset, format string) string {
	t.Helper()
	key, err := net.Requester.NewKey(ctx, "export", "")
	must(t, err)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, net.URL+"/v1/datasets/"+dataset+"/export?format="+format, nil)
	must(t, err)
	req.Header.Set("Authorization", "Bearer "+key.Secret)
	res, err := http.DefaultClient.Do(req)
	must(t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	must(t, err)
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	must(t, err)
	var out strings.Builder
	for _, file := range archive.File {
		r, err := file.Open()
		must(t, err)
		_, err = io.Copy(&out, r) //nolint:gosec // of a server of ours
		must(t, errors.Join(err, r.Close()))
	}
	return out.String()
}
