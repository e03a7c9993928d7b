package store

import (
	"context"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// notStruck selects the assignments s whose answers are not struck.
const notStruck = `NOT EXISTS (SELECT 1 FROM strikes x WHERE x.question = s.question AND x.respondent = s.respondent)`

// Worthless implements labeling.Store.
func (st labelStore) Worthless(ctx context.Context, q polls.QuestionID) (snapshot string, people []polls.RespondentID, err error) {
	err = st.read(ctx, func(db querier) error {
		snapshot, people = "", nil
		return db.query(ctx, func(r row) error {
			var id polls.RespondentID
			err := r.Scan(&snapshot, &id)
			people = append(people, id)
			return err
		}, `SELECT v.snapshot, v.respondent FROM questions q JOIN families f ON f.id = q.family JOIN assignments s ON s.question = q.id
			JOIN voids v ON v.respondent = s.respondent AND v.snapshot = f.snapshot JOIN answers a ON a.assignment = s.id
			WHERE q.id = $1 ORDER BY v.respondent`, q)
	})
	return snapshot, people, err
}

// Strikes implements labeling.Store.
func (st labelStore) Strikes(ctx context.Context, q polls.QuestionID) (strikes labeling.Strikes, err error) {
	err = st.read(ctx, func(db querier) error {
		strikes = nil
		return db.query(ctx, func(r row) error {
			s := labeling.Strike{Question: q}
			var at int64
			err := r.Scan(&s.Respondent, &s.Snapshot, &s.Answers, &s.Counted, &at)
			s.At = timeOf(at)
			strikes = append(strikes, s)
			return err
		}, `SELECT respondent, snapshot, answers, counted, at FROM strikes WHERE question = $1 ORDER BY respondent`, q)
	})
	return strikes, err
}

// SaveStrikes implements labeling.Store.
func (st labelStore) SaveStrikes(ctx context.Context, strikes labeling.Strikes) error {
	writes := make([]statement, len(strikes))
	for i, s := range strikes {
		writes[i] = statement{
			`INSERT INTO strikes (question, respondent, snapshot, answers, counted, at) VALUES ($1, $2, $3, $4, $5, $6)`,
			[]any{string(s.Question), string(s.Respondent), s.Snapshot, int64(s.Answers), int64(s.Counted), micros(s.At)},
		}
	}
	return st.write(ctx, func(db querier) error {
		_, err := db.execAll(ctx, writes)
		return err
	})
}
