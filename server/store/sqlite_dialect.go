package store

import (
	"context"
	"slices"

	"github.com/tasknet/tasknet/polls"
)

// The one writer is the lock that PostgreSQL needs many of.

func (c *sqliteConn) forUpdate() string { return "" }

func (c *sqliteConn) lockFree(_ context.Context, ids []string, _ int) ([]string, error) {
	return ids, nil
}

func (c *sqliteConn) lockOrder(context.Context) error { return nil }

// readBatch reads row by row: a statement that is prepared costs less than the parsing of a list of ids.
func (c *sqliteConn) readBatch(ctx context.Context, b *polls.Batch) error {
	for _, s := range b.Submissions {
		id := s.Answer.Assignment
		if _, ok := b.Assignments[id]; !ok {
			var a polls.Assignment
			err := c.query(ctx, func(r row) (err error) {
				a, err = scanAssignment(r)
				b.Assignments[id] = &a
				return err
			}, "SELECT "+assignmentColumns+" FROM assignments WHERE id = $1", string(id))
			if err != nil {
				return err
			}
			if a.Status == polls.Answered {
				if err := c.readPrevious(ctx, b, &a); err != nil {
					return err
				}
			}
		}
		question := s.Answer.Question
		if _, ok := b.Progress[question]; !ok {
			p, err := progressOf(ctx, c, question)
			if err != nil {
				return err
			}
			if p != nil {
				b.Progress[question] = p
			}
		}
	}
	return nil
}

func (c *sqliteConn) readPrevious(ctx context.Context, b *polls.Batch, a *polls.Assignment) error {
	return c.query(ctx, func(r row) error {
		before, err := scanAnswer(r)
		b.Previous[a.ID] = &before
		return err
	}, "SELECT "+answerColumns+" FROM answers WHERE question = $1 AND respondent = $2", string(a.Question), string(a.Respondent))
}

func (c *sqliteConn) writeBatch(ctx context.Context, b *polls.Batch) error {
	for _, s := range b.Accepted {
		a := &s.Answer
		if _, err := c.exec(ctx, insertAnswer, answerArgs(a)...); err != nil {
			return err
		}
		if _, err := c.exec(ctx, "UPDATE assignments SET status = 'answered' WHERE id = $1", string(a.Assignment)); err != nil {
			return err
		}
	}
	for _, q := range b.Touched {
		args := []any{string(q.ID), int64(q.Answers), encodeInts(q.Counts), int64(q.Wanted), []byte(q.State)}
		text := "UPDATE progress SET answers = $2, counts = $3, wanted = $4, state = $5 WHERE question = $1"
		if q.Status != polls.Open { // named only when it changes: SQLite writes the indexes of every column that is named
			text = "UPDATE progress SET answers = $2, counts = $3, wanted = $4, state = $5, status = $6 WHERE question = $1"
			args = append(slices.Clip(args), string(q.Status))
		}
		if _, err := c.exec(ctx, text, args...); err != nil {
			return err
		}
	}
	return nil
}
