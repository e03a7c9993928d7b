package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
)

// groupedEvent is a row of events: one event, or all of the same kind and organisation in one commit.
type groupedEvent struct {
	kind      pipeline.EventKind
	org       polls.OrgID
	questions []string
	subjects  []string
	at        time.Time
}

// appending are the statements that save events at the end of the sequence.
func appending(db querier, events []groupedEvent) []statement {
	out := db.orderLock()
	for _, e := range events {
		out = append(out, statement{
			`INSERT INTO events (seq, kind, org, question, subject, at) VALUES ((SELECT COALESCE(MAX(seq), 0) FROM events) + $1, $2, $3, $4, $5, $6)`,
			[]any{int64(len(e.subjects)), string(e.kind), string(e.org), strings.Join(e.questions, " "), strings.Join(e.subjects, " "), micros(e.at)},
		})
	}
	return out
}

// Append implements pipeline.Events.
func (st eventStore) Append(ctx context.Context, events ...pipeline.Event) error {
	if len(events) == 0 {
		return nil
	}
	var rows []groupedEvent
	for _, e := range events {
		if n := len(rows); n > 0 && rows[n-1].kind == e.Kind && rows[n-1].org == e.Org && rows[n-1].at.Equal(e.At) {
			last := &rows[n-1]
			last.questions, last.subjects = append(last.questions, string(e.Question)), append(last.subjects, e.Subject)
			continue
		}
		rows = append(rows, groupedEvent{e.Kind, e.Org, []string{string(e.Question)}, []string{e.Subject}, e.At})
	}
	return st.write(ctx, func(db querier) error {
		_, err := db.execAll(ctx, appending(db, rows))
		return err
	})
}

// EventsAfter implements pipeline.Events.
func (st eventStore) EventsAfter(ctx context.Context, org polls.OrgID, kind pipeline.EventKind, after int64, limit int) (events []pipeline.Event, err error) {
	err = st.read(ctx, func(db querier) error {
		events = nil
		return db.query(ctx, func(r row) error {
			var last, at int64
			var question, subject string
			if err := r.Scan(&last, &question, &subject, &at); err != nil {
				return err
			}
			questions, subjects := strings.Split(question, " "), strings.Split(subject, " ")
			if len(questions) != len(subjects) {
				return fmt.Errorf("event %d has %d questions and %d subjects", last, len(questions), len(subjects))
			}
			for i := range subjects {
				seq := last - int64(len(subjects)-1-i)
				if seq > after && len(events) < limit {
					events = append(events, pipeline.Event{Seq: seq, Kind: kind, Org: org, Question: polls.QuestionID(questions[i]), Subject: subjects[i], At: timeOf(at)})
				}
			}
			return nil
		}, `SELECT seq, question, subject, at FROM events WHERE org = $1 AND kind = $2 AND seq > $3 ORDER BY seq LIMIT $4`, org, kind, after, limit)
	})
	return events, err
}

// LastEvent implements pipeline.Events.
func (st eventStore) LastEvent(ctx context.Context) (seq int64, err error) {
	err = st.read(ctx, func(db querier) error {
		_, err := get(ctx, db, []any{&seq}, `SELECT COALESCE(MAX(seq), 0) FROM events`)
		return err
	})
	return seq, err
}

// Reply implements pipeline.Replies.
func (st replyStore) Reply(ctx context.Context, scope, key string) (pipeline.Reply, error) {
	r := pipeline.Reply{Scope: scope, Key: key}
	var hash []byte
	var body string
	var at int64
	var found bool
	err := st.read(ctx, func(db querier) (err error) {
		found, err = get(ctx, db, []any{&hash, &r.Status, &body, &at}, `SELECT request_hash, status, body, at FROM replies WHERE scope = $1 AND key = $2`, scope, key)
		return err
	})
	if err != nil {
		return pipeline.Reply{}, err
	}
	if !found {
		return pipeline.Reply{}, pipeline.ErrNotFound
	}
	copy(r.RequestHash[:], hash)
	r.Body, r.At = json.RawMessage(body), timeOf(at)
	return r, nil
}

// SaveReply implements pipeline.Replies.
func (st replyStore) SaveReply(ctx context.Context, r pipeline.Reply) error {
	return st.write(ctx, func(db querier) error {
		n, err := db.exec(ctx, `INSERT INTO replies (scope, key, request_hash, status, body, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (scope, key) DO NOTHING`,
			r.Scope, r.Key, r.RequestHash[:], r.Status, string(r.Body), micros(r.At))
		if err == nil && n == 0 {
			return pipeline.ErrReplyExists
		}
		return err
	})
}

// ForgetReplies implements pipeline.Replies.
func (st replyStore) ForgetReplies(ctx context.Context, before time.Time) error {
	return st.write(ctx, func(db querier) error {
		_, err := db.exec(ctx, `DELETE FROM replies WHERE at < $1`, micros(before))
		return err
	})
}

// Setting implements pipeline.Settings.
func (st settingStore) Setting(ctx context.Context, name string) (value string, err error) {
	err = st.read(ctx, func(db querier) error {
		value, err = settingOf(ctx, db, name)
		return err
	})
	return value, err
}

// SetSetting implements pipeline.Settings.
func (st settingStore) SetSetting(ctx context.Context, name, value string) (now string, err error) {
	err = st.write(ctx, func(db querier) error {
		if _, err := db.exec(ctx, `INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, name, value); err != nil {
			return err
		}
		now, err = settingOf(ctx, db, name)
		return err
	})
	return now, err
}

func settingOf(ctx context.Context, db querier, name string) (value string, err error) {
	found, err := get(ctx, db, []any{&value}, `SELECT value FROM settings WHERE name = $1`, name)
	if err == nil && !found {
		return "", pipeline.ErrNotFound
	}
	return value, err
}
