package store

import (
	"database/sql"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"github.com/tasknet/tasknet/server/pipeline"
)

// TestLogOrder: leaves get places without gaps, each its own, whoever appends them, and are read in that order however they are
// asked for.
func TestLogOrder(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		cfg, ctx := config(t), t.Context()
		servers := []*DB{open(t, cfg), open(t, cfg)}
		const each, writers = 40, 3
		var all sync.WaitGroup
		var mu sync.Mutex
		placed := make(map[int64][32]byte)
		for s, db := range servers {
			for w := range writers {
				all.Go(func() {
					for i := range each {
						leaves := make([][32]byte, i%4+1)
						for n := range leaves {
							leaves[n] = [32]byte{byte(s), byte(w), byte(i), byte(n)}
						}
						first, err := db.Log().AppendLeaves(ctx, leaves, time.UnixMilli(int64(i+1)))
						if err != nil {
							t.Error(err)
							return
						}
						mu.Lock()
						for n, leaf := range leaves {
							if _, taken := placed[first+int64(n)]; taken {
								t.Errorf("index %d was given twice", first+int64(n))
							}
							placed[first+int64(n)] = leaf
						}
						mu.Unlock()
					}
				})
			}
		}
		all.Wait()
		size, err := servers[0].Log().LogSize(ctx)
		if want := int64(2 * writers * each * 5 / 2); err != nil || size != want || len(placed) != int(want) {
			t.Fatalf("%d leaves, %d places, %v; want %d", size, len(placed), err, want)
		}
		for _, limit := range []int{1, 3, 1 << 20} {
			for from := int64(0); from < size; {
				leaves, err := servers[1].Log().Leaves(ctx, from, limit)
				if err != nil || len(leaves) == 0 || len(leaves) > limit {
					t.Fatalf("%d leaves from %d, %v", len(leaves), from, err)
				}
				for _, leaf := range leaves {
					if leaf != placed[from] {
						t.Fatalf("leaf %d is another", from)
					}
					from++
				}
			}
		}
		for _, from := range []int64{size, size + 5} {
			if leaves, err := servers[0].Log().Leaves(ctx, from, 10); err != nil || len(leaves) != 0 {
				t.Errorf("%d leaves after the end, %v", len(leaves), err)
			}
		}
	})
}

// TestLogged: how far something entered the log is kept in the transaction in which it does.
func TestLogged(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		db, ctx := open(t, config(t)), t.Context()
		for _, fails := range []bool{true, false} {
			err := db.InTx(ctx, func(tx pipeline.Tx) error {
				if _, err := tx.Log().AppendLeaves(ctx, [][32]byte{{1}, {2}}, time.UnixMilli(1)); err != nil {
					return err
				}
				if err := tx.Log().SetLogged(ctx, pipeline.LoggedVerdicts, 2); err != nil || fails {
					return pipeline.ErrReplyExists
				}
				return nil
			})
			if fails == (err == nil) {
				t.Fatal(err)
			}
			size, err := db.Log().LogSize(ctx)
			through, err2 := db.Log().Logged(ctx, pipeline.LoggedVerdicts)
			if want := map[bool]int64{true: 0, false: 2}[fails]; size != want || through != want || err != nil || err2 != nil {
				t.Errorf("failing %t: %d leaves, verdicts through %d, %v, %v", fails, size, through, err, err2)
			}
		}
		if through, err := db.Log().Logged(ctx, pipeline.LoggedEpochs); through != 0 || err != nil {
			t.Errorf("epochs through %d, %v", through, err)
		}
	})
}

// TestLogOfBefore: what was recorded before there was a log comes first in it, in its order.
func TestLogOfBefore(t *testing.T) {
	eachEmptyBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		const withLog = 16
		cfg, ctx := config(t), t.Context()
		err := withGoose(cfg, func(p *goose.Provider, db *sql.DB) error {
			if _, err := p.UpTo(ctx, withLog-1); err != nil {
				return err
			}
			for id, n := range map[string]int{"rcp_3": 2, "rcp_1": 3, "rcp_2": 1} {
				leaves := slices.Repeat([]byte(id)[4:], 32*n)
				if _, err := db.ExecContext(ctx, `INSERT INTO commits (id, at, leaves) VALUES ($1, 1, $2)`, id, leaves); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		db := open(t, cfg)
		leaves, err := db.Log().Leaves(ctx, 0, 100)
		var order []byte
		for _, leaf := range leaves {
			order = append(order, leaf[0])
		}
		if err != nil || string(order) != "111233" {
			t.Errorf("%s, %v", order, err)
		}
		commit, err := db.Polls().Commit(ctx, "rcp_3")
		if err != nil || commit.First != 4 || len(commit.Leaves) != 2 {
			t.Errorf("%+v, %v", commit, err)
		}
		if first, err := db.Log().AppendLeaves(ctx, [][32]byte{{9}}, time.UnixMilli(2)); err != nil || first != 6 {
			t.Errorf("the next is leaf %d, %v", first, err)
		}
	})
}
