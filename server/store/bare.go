package store

import (
	"context"
	"fmt"
)

// Bare is a table of unsigned answers without any rule: what a server must write at the least to keep an answer. The
// answer path is measured against it. It is made in the database that it is given, so give it a scratch one.
type Bare struct{ db *DB }

// BareRow is an answer of Bare's.
type BareRow struct {
	Question   string
	Respondent string
	Choice     int
}

// NewBare makes the table.
func NewBare(ctx context.Context, db *DB) (*Bare, error) {
	err := db.backend.write(ctx, func(q querier) error {
		_, err := q.exec(ctx, `CREATE TABLE IF NOT EXISTS bare (question TEXT NOT NULL, respondent TEXT NOT NULL, choice BIGINT NOT NULL, PRIMARY KEY (question, respondent))`)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("make the bare table: %w", err)
	}
	return &Bare{db}, nil
}

// InsertBare saves rows in one transaction. A row whose question and respondent are there already is passed over.
func (b *Bare) InsertBare(ctx context.Context, rows []BareRow) error {
	return b.db.backend.write(ctx, func(q querier) error { return q.insertBare(ctx, rows) })
}
