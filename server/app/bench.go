package app

import (
	"context"

	"github.com/tasknet/tasknet/server/store"
)

// bareBatch is the most rows that go into one transaction, as many as the path of answers puts there.
const bareBatch = 512

// bareStage keeps unsigned answers without any rule, in groups as they come: what the path of answers is measured against.
type bareStage struct {
	table *store.Bare
	in    chan bareRow
}

type bareRow struct {
	store.BareRow
	done chan error
}

func newBareStage(ctx context.Context, db *store.DB) (*bareStage, error) {
	table, err := store.NewBare(ctx, db)
	return &bareStage{table, make(chan bareRow, bareBatch)}, err
}

// insert returns when the row is durable.
func (s *bareStage) insert(ctx context.Context, question, respondent string, choice int) error {
	row := bareRow{store.BareRow{Question: question, Respondent: respondent, Choice: choice}, make(chan error, 1)}
	select {
	case s.in <- row:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-row.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// run commits what waits, until ctx ends.
func (s *bareStage) run(ctx context.Context) error {
	batch, rows := make([]bareRow, 0, bareBatch), make([]store.BareRow, 0, bareBatch)
	for {
		select {
		case row := <-s.in:
			batch = append(batch[:0], row)
		case <-ctx.Done():
			return nil
		}
	drain:
		for len(batch) < bareBatch {
			select {
			case row := <-s.in:
				batch = append(batch, row)
			default:
				break drain
			}
		}
		rows = rows[:0]
		for _, row := range batch {
			rows = append(rows, row.BareRow)
		}
		err := s.table.InsertBare(ctx, rows)
		for _, row := range batch {
			row.done <- err
		}
	}
}
