package store

import (
	"context"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// AddGolds implements labeling.Store.
func (st labelStore) AddGolds(ctx context.Context, golds ...labeling.Gold) error {
	writes := make([]statement, len(golds))
	for i, g := range golds {
		writes[i] = statement{`INSERT INTO golds (question, choice, value, state, at, scope) SELECT q.id, $2, $3, $4, $5, ` + scopeOf + ` FROM questions q WHERE q.id = $1`, []any{string(g.Question), int64(g.Choice), string(g.Value), string(g.State), micros(g.At)}}
	}
	return st.write(ctx, func(db querier) error {
		_, err := db.execAll(ctx, writes)
		return err
	})
}

// Gold implements labeling.Store.
func (st labelStore) Gold(ctx context.Context, q polls.QuestionID) (g *labeling.Gold, err error) {
	err = st.read(ctx, func(db querier) error {
		g = nil
		return db.query(ctx, func(r row) error {
			g = &labeling.Gold{Question: q}
			var at int64
			err := r.Scan(&g.Choice, &g.Value, &g.State, &at)
			g.At = timeOf(at)
			return err
		}, `SELECT choice, value, state, at FROM golds WHERE question = $1`, q)
	})
	return g, err
}

// CloseGold implements labeling.Store.
func (st labelStore) CloseGold(ctx context.Context, q polls.QuestionID, state labeling.GoldState, missed []polls.RespondentID) error {
	writes := []statement{{`UPDATE golds SET state = $2 WHERE question = $1`, []any{string(q), string(state)}}}
	for _, id := range missed {
		writes = append(writes, statement{`INSERT INTO missed (question, respondent) VALUES ($1, $2)`, []any{string(q), string(id)}})
	}
	return st.write(ctx, func(db querier) error {
		_, err := db.execAll(ctx, writes)
		return err
	})
}

// addVoids keeps whose answers weigh nothing by a snapshot.
func addVoids(ctx context.Context, db querier, s *labeling.Snapshot) error {
	var writes []statement
	for _, p := range s.Known.People {
		if p.Void {
			writes = append(writes, statement{`INSERT INTO voids (respondent, snapshot) VALUES ($1, $2) ON CONFLICT (respondent, snapshot) DO NOTHING`, []any{string(p.Respondent), s.Hash}})
		}
	}
	_, err := db.execAll(ctx, writes)
	return err
}

// voidIn selects something when the answers of respondent $1 to the question whose id follows weigh nothing: by the
// snapshot that it names, or by the newest of its family.
const voidIn = `SELECT 1 FROM questions q JOIN voids v ON v.respondent = $1 AND v.snapshot IN (q.snapshot, (SELECT f.snapshot FROM families f WHERE f.id = q.family)) WHERE q.id = `

// notVoid selects the questions p.question to which the answers of respondent $1 weigh something.
const notVoid = ` AND NOT EXISTS (` + voidIn + `p.question)`
