package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// scopeOf is among what a question q is asked: see golds.scope.
const scopeOf = `CASE WHEN q.project <> '' THEN q.project ELSE q.org END`

// Newcomers implements labeling.Store.
func (st labelStore) Newcomers(ctx context.Context, q polls.QuestionID) (people []polls.RespondentID, err error) {
	err = st.read(ctx, func(db querier) error {
		people = nil
		return db.query(ctx, appendTo(&people), `SELECT s.respondent FROM assignments s JOIN answers a ON a.assignment = s.id
			WHERE s.question = $1 AND EXISTS (SELECT 1 FROM questions q JOIN golds g ON g.scope = `+scopeOf+` WHERE q.id = $1)
			AND NOT EXISTS (SELECT 1 FROM proven p WHERE p.respondent = s.respondent)
			AND NOT EXISTS (SELECT 1 FROM questions q JOIN passed p ON p.org = q.org AND p.respondent = s.respondent WHERE q.id = $1) ORDER BY s.respondent`, q)
	})
	return people, err
}

// Unproven implements labeling.Store. Those of proven have passed with all organisations.
func (st labelStore) Unproven(ctx context.Context, org polls.OrgID, people []polls.RespondentID) (unproven []polls.RespondentID, err error) {
	if len(people) == 0 {
		return nil, nil
	}
	ids := make([]string, len(people))
	for i, id := range people {
		ids[i] = string(id)
	}
	err = st.read(ctx, func(db querier) error {
		in, list, err := db.inList("respondent", 2, ids)
		if err != nil {
			return err
		}
		known := make(map[polls.RespondentID]bool)
		err = db.query(ctx, func(r row) error {
			var id polls.RespondentID
			err := r.Scan(&id)
			known[id] = true
			return err
		}, `SELECT respondent FROM passed WHERE org = $1 AND `+in+` UNION SELECT respondent FROM proven WHERE `+in, org, list)
		unproven = slices.DeleteFunc(slices.Clone(people), func(id polls.RespondentID) bool { return known[id] })
		return err
	})
	return unproven, err
}

// Prove implements labeling.Store.
func (st labelStore) Prove(ctx context.Context, org polls.OrgID, family labeling.FamilyID, id polls.RespondentID, at time.Time) (fresh bool, err error) {
	err = st.write(ctx, func(db querier) error {
		if err := lockOrder(ctx, db); err != nil { // as whoever pays newcomers has, who then sees this or not
			return err
		}
		n, err := db.exec(ctx, `INSERT INTO passed (respondent, org, family, at) SELECT $1, $2, $3, $4 WHERE NOT EXISTS (SELECT 1 FROM proven WHERE respondent = $1)
			ON CONFLICT (respondent, org) DO NOTHING`, string(id), string(org), string(family), micros(at))
		fresh = n > 0
		return err
	})
	return fresh, err
}

// VoidBy implements labeling.Store.
func (st labelStore) VoidBy(ctx context.Context, family labeling.FamilyID, id polls.RespondentID) (snapshot string, err error) {
	err = st.read(ctx, func(db querier) error {
		snapshot = ""
		_, err := get(ctx, db, []any{&snapshot}, `SELECT v.snapshot FROM families f JOIN voids v ON v.snapshot = f.snapshot AND v.respondent = $2 WHERE f.id = $1`, family, id)
		return err
	})
	return snapshot, err
}

// isCapped says whether a newcomer's pay keeps them from questions among golds: what is pending, and what will be when the
// questions close that they have answered. Of these the newest count among as many as a claim looks at: it is to be no slower
// for who answers much where there are no golds.
func isCapped(ctx context.Context, db querier, c polls.Claim, pending int64) (bool, error) {
	most := c.PendingMost.Micro()
	if pending >= most {
		return true, nil
	}
	err := db.query(ctx, func(r row) error {
		var price int64
		if err := r.Scan(&price); err != nil {
			return err
		}
		if pending += price; pending >= most {
			return errEnough
		}
		return nil
	}, `SELECT q.price FROM (SELECT id, question, respondent FROM assignments WHERE respondent = $1 ORDER BY id DESC LIMIT $2) s
		CROSS JOIN progress p CROSS JOIN answers a CROSS JOIN questions q
		WHERE p.question = s.question AND p.status <> 'closed' AND a.assignment = s.id AND q.id = s.question AND `+notStruck+`
		AND `+newAmongGolds, c.Respondent, lookedAt)
	if errors.Is(err, errEnough) {
		err = nil
	}
	return pending >= most, err
}

// newAmongGolds is said of a question q that is asked among golds by an organisation with which respondent $1 has not passed.
const newAmongGolds = `EXISTS (SELECT 1 FROM golds g WHERE g.scope = ` + scopeOf + `) AND NOT EXISTS (SELECT 1 FROM passed x WHERE x.respondent = $1 AND x.org = q.org)`

// isNewAmongGolds says whether a question is asked among golds, where the respondent is new.
func isNewAmongGolds(ctx context.Context, db querier, by polls.RespondentID, question polls.QuestionID) (bool, error) {
	var one int64
	return get(ctx, db, []any{&one}, `SELECT 1 FROM questions q WHERE q.id = $2 AND `+newAmongGolds, by, question)
}
