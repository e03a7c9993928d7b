package store

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/tasknet/tasknet/polls"
)

// The one writer is the lock that PostgreSQL needs many of.

func (c *sqliteConn) forUpdate() string { return "" }

func (c *sqliteConn) lockFree(_ context.Context, ids []string, _ int) ([]string, error) {
	return ids, nil
}

func (c *sqliteConn) orderLock() []statement { return nil }

func (c *sqliteConn) inList(column string, n int, texts []string) (string, any, error) {
	list, err := jsonList(texts)
	return column + " IN (SELECT value FROM json_each($" + strconv.Itoa(n) + "))", list, err
}

// readBatch reads all at once, by lists of ids in JSON. Row by row it takes a third longer: the driver asks a statement's
// columns for their names and types each time that it is run.
func (c *sqliteConn) readBatch(ctx context.Context, r *recording) error {
	assignments, questions := make([]string, len(r.Submissions)), make([]string, len(r.Submissions))
	for i, s := range r.Submissions {
		assignments[i], questions[i] = string(s.Answer.Assignment), string(s.Answer.Question)
	}
	list, err := jsonList(assignments)
	if err != nil {
		return err
	}
	var answered []polls.AssignmentID
	err = c.query(ctx, func(columns row) error {
		id, before, err := r.scan(columns)
		if before {
			answered = append(answered, id)
		}
		return err
	}, selectAssignments, list)
	if err != nil {
		return err
	}
	for _, id := range answered {
		if err := c.query(ctx, func(columns row) error {
			before, err := scanAnswer(columns)
			r.Previous[id] = &before
			return err
		}, "SELECT "+answerColumns+" FROM answers WHERE assignment = $1", string(id)); err != nil {
			return err
		}
	}
	slices.Sort(questions)
	if list, err = jsonList(slices.Compact(questions)); err != nil {
		return err
	}
	return c.query(ctx, func(columns row) error {
		var ends int64
		var question polls.QuestionID
		p, err := scanProgress(columns, &ends, &question)
		r.Progress[question], r.leaseEnds[question] = p, ends
		return err
	}, selectProgress, list)
}

// CROSS JOIN keeps SQLite from choosing another order than the list's.
const (
	selectAssignments = "SELECT " + batchColumns + " FROM json_each($1) j CROSS JOIN assignments a ON a.id = j.value"
	selectProgress    = "SELECT " + progressColumns + `, p.lease_ends, p.question FROM json_each($1) j CROSS JOIN progress p ON p.question = j.value`
)

func jsonList(ids []string) (string, error) {
	b, err := json.Marshal(ids)
	return string(b), err
}

func (c *sqliteConn) batchWrites(r *recording) []statement {
	out := make([]statement, 0, len(r.Accepted)+len(r.Touched)+4)
	for _, s := range r.Accepted {
		out = append(out, statement{insertAnswer, answerArgs(&s.Answer)})
	}
	for _, q := range r.Touched {
		args := []any{string(q.ID), int64(q.Answers), encodeInts(q.Counts), int64(q.Wanted), []byte(q.State), r.returned[q.ID]}
		if q.Status == polls.Open {
			out = append(out, statement{updateProgress, args})
		} else { // the status is named only when it changes: SQLite writes the indexes of every column that is named
			out = append(out, statement{updateClosing, append(args, string(q.Status))})
		}
	}
	return out
}

const (
	updateProgress = "UPDATE progress SET answers = $2, counts = $3, wanted = $4, state = $5, leases = leases - $6 WHERE question = $1"
	updateClosing  = "UPDATE progress SET answers = $2, counts = $3, wanted = $4, state = $5, leases = leases - $6, status = $7 WHERE question = $1"
)

func (c *sqliteConn) insertBare(ctx context.Context, rows []BareRow) error {
	for _, r := range rows {
		if _, err := c.exec(ctx, "INSERT INTO bare (question, respondent, choice) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", r.Question, r.Respondent, int64(r.Choice)); err != nil {
			return err
		}
	}
	return nil
}
