package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/polls/pollstest"
	"github.com/tasknet/tasknet/server/pipeline"
)

// TestEverythingIsTold: who asks what is kept of them is told each column of each table that names a person.
func TestEverythingIsTold(t *testing.T) {
	raw, err := os.ReadFile("testdata/schema.golden")
	if err != nil {
		t.Fatal(err)
	}
	columns := make(map[string][]string)
	for line := range strings.Lines(string(raw)) {
		name, _, _ := strings.Cut(line, " ")
		table, column, _ := strings.Cut(name, ".")
		columns[table] = append(columns[table], column)
	}
	names := []string{"respondent", "person", "owner"}
	for table, all := range columns {
		i := slices.IndexFunc(everything, func(k kept) bool { return k.table == table })
		owned := table != "vault_accounts" && slices.ContainsFunc(all, func(c string) bool { return slices.Contains(names, c) }) // whose owners are organisations
		if i < 0 {
			if owned {
				t.Errorf("the table %s names people, and is not told to them", table)
			}
			continue
		}
		for _, column := range all {
			told := slices.ContainsFunc(everything[i].columns, func(c string) bool {
				return strings.FieldsFunc(c, func(r rune) bool { return r == ':' || r == '=' })[0] == column
			})
			if !told && !slices.Contains(names, column) {
				t.Errorf("%s.%s is not told", table, column)
			}
		}
	}
}

// TestErase: what a person wished, where they are woken and when they were is in no table any more, and others' things stay.
func TestErase(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		ctx := t.Context()
		db := open(t, config(t))
		w := pollstest.NewWorld(t, db.Polls())
		ann, bob := w.Person(), w.Person()
		lagos, err := polls.Zone("Africa/Lagos")
		if err != nil {
			t.Fatal(err)
		}
		for i, who := range []polls.Device{ann, bob} {
			wishes := polls.NewWishes()
			wishes.Languages, wishes.Avoids.Content, wishes.Quiet.Zone = []string{"eo"}, 1<<4, lagos
			if err := db.Subscriptions().SetWishes(ctx, who.Respondent, wishes); err != nil {
				t.Fatal(err)
			}
			if _, err := db.Subscriptions().Subscribe(ctx, subscriptionOf(w, who, fmt.Sprint("target", i), 1)); err != nil {
				t.Fatal(err)
			}
			a := w.Take(who, w.Ask(w.Draft(3)))
			if err := db.Polls().SkipAssignment(ctx, who.Respondent, a.ID, "offensive", w.Now); err != nil {
				t.Fatal(err)
			}
		}
		wake := func(who polls.Device) {
			t.Helper()
			if err := db.backend.write(ctx, func(q querier) error {
				_, err := q.execAll(ctx, []statement{
					{`INSERT INTO wakes (id, subject, respondent, round, at, chance, after_ms, opened_at) VALUES ($1, 'q_1', $2, 0, 1, 1, 1, 0)`, []any{"wak_" + string(who.Respondent), string(who.Respondent)}},
					{`INSERT INTO pushes (wake, subscription, next_at, tries) SELECT CAST($1 AS TEXT), s.id, 5, 0 FROM subscriptions s WHERE s.respondent = $2`, []any{"wak_" + string(who.Respondent), string(who.Respondent)}},
				})
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		wake(ann)
		wake(bob)
		of := func(who polls.Device) map[string]int {
			t.Helper()
			rows := make(map[string]int)
			for table := 0; ; table++ {
				part, err := db.Personal().Known(ctx, who.Respondent, table, "", 1)
				if err != nil {
					t.Fatal(err)
				}
				if part.Table == "" {
					return rows
				}
				for part.Next != "" {
					rows[part.Table] += len(part.Rows)
					if part, err = db.Personal().Known(ctx, who.Respondent, table, part.Next, 1); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		if got := of(ann); got["pushes"] != 1 || got["wakes"] != 1 || got["subscriptions"] != 1 || got["sleepers"] != 1 || got["assignments"] != 1 || got["devices"] != 1 {
			t.Errorf("what is kept of ann: %v", got)
		}
		for range 2 {
			done, err := db.Personal().Erase(ctx, erasureOf(ann, w.Now), [65]byte{7}, w.Now.Add(time.Minute))
			if err != nil || !slices.Equal(done.Devices, []polls.DeviceKey{ann.Device}) || done.Answers+done.Waiting != 0 {
				t.Fatal(done, err)
			}
		}
		if got := of(ann); got["pushes"]+got["wakes"]+got["subscriptions"]+got["sleepers"] != 0 || got["assignments"] != 1 {
			t.Errorf("what is left of ann: %v", got)
		}
		if got := of(bob); got["pushes"] != 1 || got["subscriptions"] != 1 || got["sleepers"] != 1 {
			t.Errorf("what is left of bob: %v", got)
		}
		if d, err := db.Polls().Device(ctx, ann.Device); err != nil || d.RevokedAt.IsZero() {
			t.Errorf("ann's device: %+v, %v", d, err)
		}
		if weeks, err := db.Personal().Checked(ctx, bob.Respondent); err != nil || len(weeks) != 0 {
			t.Errorf("what bob was checked by: %v, %v", weeks, err)
		}
		dump := dumpOf(ctx, t, db)
		for secret, want := range map[string]int{"target0": 0, "target1": 1, "offensive": 1, "Africa/Lagos": 1, "self_harm": 1} {
			if got := strings.Count(dump, secret); got != want {
				t.Errorf("%q stands %d times in the database", secret, got)
			}
		}
		if _, err := db.Personal().Erase(ctx, polls.Erasure{Respondent: "rsp_nobody", At: w.Now}, [65]byte{}, w.Now); !errors.Is(err, polls.ErrNoRespondent) {
			t.Errorf("nobody: %v", err)
		}
	})
}

func erasureOf(who polls.Device, at time.Time) polls.Erasure {
	return polls.Erasure{Respondent: who.Respondent, Wallet: who.Wallet, At: at}
}

// TestEraseTyped: of what somebody typed nothing is left that tells it or by which guesses could be tried, in any table, as soon as
// its question is closed; and all else of it stays. Others' answers stay, and those that are not typed.
func TestEraseTyped(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		ctx := t.Context()
		db := open(t, config(t))
		w := pollstest.NewWorld(t, db.Polls())
		ann, bob := w.Person(), w.Person()
		ask := func(kind polls.Type) *polls.Question {
			d := w.Draft(3)
			d.Type, d.Choices = kind, nil
			if kind == polls.Number {
				d.Number = &polls.NumberRange{Max: 5_000_000}
			}
			return w.Ask(d)
		}
		answer := func(by polls.Device, q *polls.Question, choice int, v polls.Value) *polls.Submission {
			t.Helper()
			s := w.Submission(by, q, w.Take(by, q), choice)
			s.Answer.Value = v
			if w.Record(s); s.Err != nil {
				t.Fatal(s.Err)
			}
			return s
		}
		of := func(q *polls.Question) map[polls.RespondentID]polls.Answer {
			t.Helper()
			all, err := db.Polls().AnswersTo(ctx, q.ID)
			if err != nil {
				t.Fatal(err)
			}
			out := make(map[polls.RespondentID]polls.Answer)
			for _, a := range all {
				out[a.Respondent] = a
			}
			return out
		}
		erased := func(a polls.Answer) polls.Answer {
			a.Value, a.Nonce, a.Signature, a.Erased = "", "", [64]byte{}, true
			return a
		}
		same := func(what string, got, want polls.Answer) {
			t.Helper()
			if got != want {
				t.Errorf("%s: %+v, want %+v", what, got, want)
			}
		}
		told, unsure, number, waits, later := ask(polls.Text), ask(polls.Text), ask(polls.Number), ask(polls.Text), ask(polls.Text)
		first := answer(ann, told, 0, `"ann closed"`)
		answer(bob, told, 0, `"bob closed"`)
		answer(ann, unsure, polls.CannotTell, "")
		answer(ann, number, 0, `"3"`)
		answer(ann, waits, 0, `"ann open"`)
		answer(bob, waits, 0, `"bob open"`)
		before := map[string]map[polls.RespondentID]polls.Answer{"told": of(told), "unsure": of(unsure), "number": of(number), "waits": of(waits)}
		closes := func(questions ...*polls.Question) {
			t.Helper()
			for _, q := range questions {
				if err := db.Polls().CloseQuestion(ctx, q.ID, w.Now); err != nil {
					t.Fatal(err)
				}
			}
		}
		closes(told, unsure, number)
		if _, _, err := db.Personal().Erasure(ctx, ann.Respondent); !errors.Is(err, pipeline.ErrNotFound) {
			t.Errorf("before: %v", err)
		}
		changed := func(text string, args ...any) {
			t.Helper()
			err := db.backend.write(ctx, func(q querier) error {
				n, err := q.exec(ctx, text, args...)
				if err == nil && n > 0 {
					t.Errorf("%s changes answers", text)
				}
				return err
			})
			if err == nil {
				t.Errorf("%s is let through", text)
			}
		}
		changed(`UPDATE answers SET value = '', nonce = '', signature = $1 WHERE value <> ''`, []byte{}) // nobody asked for it

		at := w.Now.Add(time.Second)
		for i, want := range []int{1, 0} {
			done, err := db.Personal().Erase(ctx, erasureOf(ann, at), [65]byte{3, 64: 27}, at)
			if err != nil || done.Answers != want || done.Waiting != 1 {
				t.Errorf("time %d: %+v, %v", i, done, err)
			}
		}
		e, signature, err := db.Personal().Erasure(ctx, ann.Respondent)
		if err != nil || e.Respondent != ann.Respondent || !e.At.Equal(at) || e.Wallet != ann.Wallet || signature != [65]byte{3, 64: 27} {
			t.Errorf("the statement: %+v, %x, %v", e, signature, err)
		}
		same("ann's text", of(told)[ann.Respondent], erased(before["told"][ann.Respondent]))
		same("bob's text", of(told)[bob.Respondent], before["told"][bob.Respondent])
		same("ann cannot tell", of(unsure)[ann.Respondent], before["unsure"][ann.Respondent])
		same("ann's number", of(number)[ann.Respondent], before["number"][ann.Respondent])
		same("ann's text to an open question", of(waits)[ann.Respondent], before["waits"][ann.Respondent])
		for _, text := range []string{
			`UPDATE answers SET hash = signature WHERE respondent = $1`, `UPDATE answers SET value = '', nonce = '' WHERE respondent = $1 AND value <> ''`,
			`UPDATE answers SET value = '', nonce = '', signature = hash WHERE respondent = $1 AND value <> ''`,
			`UPDATE answers SET value = '"x"' WHERE respondent = $1`, `DELETE FROM answers WHERE respondent = $1`,
		} {
			changed(text, string(ann.Respondent))
		}
		changed(`UPDATE answers SET value = '', nonce = '', signature = $2 WHERE respondent = $1 AND value <> ''`, string(bob.Respondent), []byte{})
		for _, column := range []string{"question", "respondent", "id", "assignment", "receipt"} {
			changed(`UPDATE answers SET value = '', nonce = '', signature = $2, `+column+` = 'x' WHERE respondent = $1 AND value <> ''`, string(ann.Respondent), []byte{})
		}
		for _, column := range []string{"choice", "client_ms", "accepted_at", "leaf", "place"} {
			changed(`UPDATE answers SET value = '', nonce = '', signature = $2, `+column+` = `+column+` + 1 WHERE respondent = $1 AND value <> ''`, string(ann.Respondent), []byte{})
		}
		for _, column := range []string{"device", "hash"} {
			changed(`UPDATE answers SET value = '', nonce = '', signature = $2, `+column+` = $2 WHERE respondent = $1 AND value <> ''`, string(ann.Respondent), []byte{})
		}

		// Who comes back is asked again. What they type then stays, until they say so again.
		w.Now = at.Add(10*time.Minute + time.Millisecond)
		again := ann
		again.Issued, again.RegisteredAt = w.Now, w.Now
		if _, err := db.Polls().Register(ctx, polls.Respondent{ID: ann.Respondent, Wallet: ann.Wallet, CreatedAt: w.Now}, again); err != nil {
			t.Fatal(err)
		}
		answer(ann, later, 0, `"ann later"`)
		before["later"] = of(later)
		for _, q := range []*polls.Question{waits, later} {
			if err := db.Personal().EraseAnswers(ctx, q.ID); err != nil {
				t.Fatal(err)
			}
		}
		closes(waits, later)
		same("ann's text when its question closes", of(waits)[ann.Respondent], erased(before["waits"][ann.Respondent]))
		same("bob's text when its question closes", of(waits)[bob.Respondent], before["waits"][bob.Respondent])
		same("ann's text of after", of(later)[ann.Respondent], before["later"][ann.Respondent])
		changed(`UPDATE answers SET value = '', nonce = '', signature = $2 WHERE respondent = $1 AND question = $3`, string(ann.Respondent), []byte{}, string(later.ID)) // her word is of before
		if done, err := db.Personal().Erase(ctx, erasureOf(ann, at.Add(-time.Minute)), [65]byte{4}, w.Now); err != nil || done.Answers != 0 {
			t.Errorf("an older statement: %+v, %v", done, err)
		}
		if e, signature, err := db.Personal().Erasure(ctx, ann.Respondent); err != nil || !e.At.Equal(at) || signature[0] != 3 {
			t.Errorf("an older statement takes the place of the newer one: %+v, %v", e, err)
		}
		same("ann's text of after, by an older statement", of(later)[ann.Respondent], before["later"][ann.Respondent])
		if done, err := db.Personal().Erase(ctx, erasureOf(ann, w.Now), [65]byte{5}, w.Now); err != nil || done.Answers != 1 || done.Waiting != 0 {
			t.Errorf("a newer statement: %+v, %v", done, err)
		}
		same("ann's text of after, by a newer statement", of(later)[ann.Respondent], erased(before["later"][ann.Respondent]))

		resent := &polls.Submission{Question: told, Answer: first.Answer}
		if err := db.Polls().RecordAnswers(ctx, w.Batch(resent), pollstest.Count{}); err != nil || !errors.Is(resent.Err, polls.ErrAnswered) {
			t.Errorf("what is erased, once more: %v, %v", err, resent.Err)
		}
		dump := dumpOf(ctx, t, db)
		for secret, want := range map[string]int{"ann closed": 0, "ann open": 0, "ann later": 0, first.Answer.Nonce: 0, "bob closed": 1, "bob open": 1} {
			if got := strings.Count(dump, secret); got != want {
				t.Errorf("%q stands %d times in the database", secret, got)
			}
		}
	})
}

// dumpOf returns the text of all columns of texts, in all tables.
func dumpOf(ctx context.Context, t *testing.T, db *DB) string {
	t.Helper()
	raw, err := os.ReadFile("testdata/schema.golden")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := db.backend.read(ctx, func(q querier) error {
		for line := range strings.Lines(string(raw)) {
			name, kind, _ := strings.Cut(strings.TrimSpace(line), " ")
			table, column, _ := strings.Cut(name, ".")
			if !strings.HasPrefix(kind, "TEXT") {
				continue
			}
			if err := q.query(ctx, func(r row) error {
				var text string
				err := r.Scan(&text)
				out.WriteString(text + "\n")
				return err
			}, `SELECT "`+column+`" FROM `+table); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
