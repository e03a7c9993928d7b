package store

import (
	"context"
	"slices"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
)

// Commits are the outbox of the public log: each has all leaves that were saved together, and the index of the first. SQLite's
// writer is alone. On PostgreSQL who gives an index holds the lock of order until the transaction ends, so that no index is
// given twice, none is left out, and whoever sees a leaf sees all before it.
const insertLeaves = `INSERT INTO commits (id, at, leaves, first)
	VALUES ($1, $2, $3, COALESCE((SELECT first + length(leaves) / 32 FROM commits ORDER BY first DESC LIMIT 1), 0)) RETURNING first`

// insertCommit saves a commit and sets its First. The lock of order must be held.
func insertCommit(ctx context.Context, db querier, c *polls.Commit) error {
	leaves := make([]byte, 0, 32*len(c.Leaves))
	for _, leaf := range c.Leaves {
		leaves = append(leaves, leaf[:]...)
	}
	_, err := get(ctx, db, []any{&c.First}, insertLeaves, string(c.ID), micros(c.At), leaves)
	return err
}

func splitLeaves(joined []byte) [][32]byte {
	leaves := make([][32]byte, 0, len(joined)/32)
	for leaf := range slices.Chunk(joined, 32) {
		leaves = append(leaves, [32]byte(leaf))
	}
	return leaves
}

// leavesPrefix is the prefix of the id of a commit of other leaves than answers.
const leavesPrefix = "lvs"

// AppendLeaves implements pipeline.Log.
func (st logStore) AppendLeaves(ctx context.Context, leaves [][32]byte, at time.Time) (int64, error) {
	c := polls.Commit{ID: polls.ReceiptID(tasknet.NewID(leavesPrefix, at)), At: at, Leaves: leaves}
	err := st.write(ctx, func(db querier) error {
		if err := lockOrder(ctx, db); err != nil {
			return err
		}
		return insertCommit(ctx, db, &c)
	})
	return c.First, err
}

// Leaves implements pipeline.Log.
func (st logStore) Leaves(ctx context.Context, from int64, limit int) (leaves [][32]byte, err error) {
	if limit < 1 {
		return nil, nil
	}
	err = st.read(ctx, func(db querier) error {
		leaves = nil
		return db.query(ctx, func(r row) error {
			var first int64
			var joined []byte
			if err := r.Scan(&first, &joined); err != nil {
				return err
			}
			some := splitLeaves(joined)
			some = some[min(max(0, from-first), int64(len(some))):]
			leaves = append(leaves, some[:min(limit-len(leaves), len(some))]...)
			return nil
		}, `SELECT first, leaves FROM commits WHERE first >= COALESCE((SELECT MAX(first) FROM commits WHERE first <= $1), 0) ORDER BY first LIMIT $2`, from, commitsAtOnce)
	})
	return leaves, err
}

// commitsAtOnce is how many commits are read at once: of an answer each when the load is low, of some hundred when it is high.
const commitsAtOnce = 256

// LogSize implements pipeline.Log.
func (st logStore) LogSize(ctx context.Context) (size int64, err error) {
	err = st.read(ctx, func(db querier) error {
		_, err := get(ctx, db, []any{&size}, `SELECT first + length(leaves) / 32 FROM commits ORDER BY first DESC LIMIT 1`)
		return err
	})
	return size, err
}

// Logged implements pipeline.Log.
func (st logStore) Logged(ctx context.Context, what pipeline.Loggable) (through int64, err error) {
	err = st.read(ctx, func(db querier) error {
		_, err := get(ctx, db, []any{&through}, `SELECT value FROM cursors WHERE name = $1`+db.forUpdate(), what)
		return err
	})
	return through, err
}

// SetLogged implements pipeline.Log.
func (st logStore) SetLogged(ctx context.Context, what pipeline.Loggable, through int64) error {
	return st.write(ctx, func(db querier) error {
		_, err := db.exec(ctx, `UPDATE cursors SET value = $2 WHERE name = $1`, what, through)
		return err
	})
}
