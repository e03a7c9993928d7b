package store

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
)

// errLearned reports a family that another server has learned in the meantime.
var errLearned = tasknet.NewError(tasknet.Conflict, "family_learned", "The family was learned by another server.")

// DueFamilies implements labeling.Store.
func (st labelStore) DueFamilies(ctx context.Context, before time.Time, limit int) (out []labeling.FamilyProgress, err error) {
	const of = ` FROM verdicts v JOIN questions q ON q.id = v.question WHERE v.family = families.id ORDER BY v.seq LIMIT 1), '')` // as are all
	const columns = `SELECT id, COALESCE((SELECT q.org` + of + `, COALESCE((SELECT q.type` + of + `, choices, closed, learned, version FROM families`
	err = st.read(ctx, func(db querier) error {
		out = nil
		return db.query(ctx, func(r row) error {
			var p labeling.FamilyProgress
			err := r.Scan(&p.Family, &p.Org, &p.Type, &p.Choices, &p.Closed, &p.Learned, &p.Version)
			out = append(out, p)
			return err
		}, columns+` WHERE closed >= due UNION `+columns+` WHERE closed > learned AND at <= $1 ORDER BY id LIMIT $2`, micros(before), limit)
	})
	return out, err
}

// ClosedQuestions implements labeling.Store. A question without answers teaches nothing; it is there, so that a page of such
// ones has an end.
func (st labelStore) ClosedQuestions(ctx context.Context, family labeling.FamilyID, page tasknet.Page) (out []labeling.Closed, next string, err error) {
	before, err := cursorNumber(page, math.MaxInt64)
	if err != nil {
		return nil, "", err
	}
	var last int64
	err = st.read(ctx, func(db querier) error {
		out, last = nil, 0
		return db.query(ctx, func(r row) error {
			var seq int64
			var place, gold int
			var v polls.Vote
			if err := r.Scan(&seq, &gold, &place, &v.Respondent, &v.Choice); err != nil {
				return err
			}
			if seq != last {
				out = append(out, labeling.Closed{Gold: gold})
				last = seq
			}
			if q := &out[len(out)-1]; place >= 0 {
				q.Votes = append(q.Votes, v)
			}
			return nil
		}, `SELECT y.seq, COALESCE(g.choice, -1), COALESCE(a.place, -1), COALESCE(a.respondent, ''),
				CASE WHEN m.respondent IS NULL THEN COALESCE(a.choice, 0) ELSE 1 END
			FROM (SELECT seq, question FROM verdicts WHERE family = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3) y
			LEFT JOIN golds g ON g.question = y.question AND g.state = 'opened'
			LEFT JOIN (assignments s JOIN answers a ON a.assignment = s.id) ON s.question = y.question
			LEFT JOIN missed m ON m.question = y.question AND m.respondent = a.respondent
			ORDER BY y.seq DESC, COALESCE(a.place, -1)`, family, before, page.Limit)
	})
	if len(out) == page.Limit {
		next = strconv.FormatInt(last, 10)
	}
	return out, next, err
}

// Elsewhere implements labeling.Store.
func (st labelStore) Elsewhere(ctx context.Context, family labeling.FamilyID, limit int) (out []labeling.Errors, err error) {
	read := func(r row) error {
		var e labeling.Errors
		err := r.Scan(&e.Respondent, &e.Wrong, &e.Expected)
		out = append(out, e)
		return err
	}
	err = st.read(ctx, func(db querier) error {
		out = nil
		if err := db.query(ctx, read, `SELECT m.respondent, t.wrong - m.wrong, t.expected - m.expected FROM mistakes m JOIN tallies t ON t.respondent = m.respondent
			WHERE m.family = $1`, family); err != nil || limit == 0 {
			return err
		}
		return db.query(ctx, read, `SELECT respondent, wrong, expected FROM tallies
			WHERE NOT EXISTS (SELECT 1 FROM mistakes WHERE family = $1 AND mistakes.respondent = tallies.respondent) ORDER BY expected DESC, respondent LIMIT $2`, family, limit)
	})
	return out, err
}

// Calibrations implements labeling.Store.
func (st labelStore) Calibrations(ctx context.Context, family labeling.FamilyID, choices int) (out []labeling.Calibration, err error) {
	err = st.read(ctx, func(db querier) error {
		out = nil
		return db.query(ctx, func(r row) error {
			var id, steps string
			var c labeling.Calibration
			if err := r.Scan(&id, &c.Golds, &steps); err != nil {
				return err
			}
			if err := json.Unmarshal([]byte(steps), &c.Steps); err != nil {
				return fmt.Errorf("calibration of %s: %w", id, err)
			}
			out = append(out, c)
			return nil
		}, `SELECT id, golds, calibration FROM families WHERE choices = $1 AND golds > 0 AND id <> $2 ORDER BY id`, choices, family)
	})
	return out, err
}

// SaveLearned implements labeling.Store. Tallies are brought along by what changed.
func (st labelStore) SaveLearned(ctx context.Context, l labeling.Learned) error {
	steps, err := json.Marshal(l.Calibration.Steps)
	if err != nil {
		return err
	}
	family := string(l.Family)
	rest := []statement{
		{`UPDATE tallies SET wrong = tallies.wrong - m.wrong, expected = tallies.expected - m.expected FROM mistakes m WHERE m.family = $1 AND m.respondent = tallies.respondent`, []any{family}},
		{`DELETE FROM mistakes WHERE family = $1`, []any{family}},
	}
	for _, e := range l.Errors {
		rest = append(rest, statement{`INSERT INTO mistakes (family, respondent, wrong, expected) VALUES ($1, $2, $3, $4)`, []any{family, string(e.Respondent), int64(e.Wrong), int64(e.Expected)}})
	}
	rest = append(rest, statement{`INSERT INTO tallies (respondent, wrong, expected) SELECT respondent, wrong, expected FROM mistakes WHERE family = $1
		ON CONFLICT (respondent) DO UPDATE SET wrong = tallies.wrong + excluded.wrong, expected = tallies.expected + excluded.expected`, []any{family}})
	version, hash := l.Version, ""
	if l.Snapshot != nil {
		version, hash = l.Snapshot.Version, l.Snapshot.Hash
	}
	return st.write(ctx, func(db querier) error {
		n, err := db.exec(ctx, `UPDATE families SET learned = $3, due = $4, at = $5, version = $6, snapshot = CASE WHEN $7 = '' THEN snapshot ELSE $7 END, golds = $8, calibration = $9
			WHERE id = $1 AND learned = $2`, family, l.FamilyProgress.Learned, l.Closed, labeling.NextLesson(l.Closed), micros(l.At), version, hash, l.Calibration.Golds, string(steps))
		if err != nil {
			return err
		}
		if n == 0 {
			return errLearned
		}
		if l.Snapshot != nil {
			if err := saveSnapshot(ctx, db, l.Snapshot); err != nil {
				return err
			}
		}
		_, err = db.execAll(ctx, append(rest, sharesOf(l)...))
		return err
	})
}

// SaveSnapshot implements labeling.Store.
func (st labelStore) SaveSnapshot(ctx context.Context, s *labeling.Snapshot) error {
	return st.write(ctx, func(db querier) error { return saveSnapshot(ctx, db, s) })
}

func saveSnapshot(ctx context.Context, db querier, s *labeling.Snapshot) error {
	body, err := s.MarshalText()
	if err != nil {
		return err
	}
	n, err := db.exec(ctx, `INSERT INTO snapshots (hash, at, body) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING`, s.Hash, micros(s.At), string(body))
	if err != nil || n == 0 {
		return err
	}
	return addVoids(ctx, db, s)
}

// Snapshot implements labeling.Store.
func (st labelStore) Snapshot(ctx context.Context, hash string) (*labeling.Snapshot, error) {
	var body string
	var at int64
	var found bool
	err := st.read(ctx, func(db querier) (err error) {
		found, err = get(ctx, db, []any{&at, &body}, `SELECT at, body FROM snapshots WHERE hash = $1`, hash)
		return err
	})
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, pipeline.ErrNotFound
	}
	s, err := labeling.ParseSnapshot([]byte(body), timeOf(at))
	if err == nil && s.Hash != hash {
		return nil, fmt.Errorf("snapshot %s: what is stored has the hash %s", hash, s.Hash)
	}
	return s, err
}

// LastSnapshot implements labeling.Store.
func (st labelStore) LastSnapshot(ctx context.Context, family labeling.FamilyID, choices int) (hash string, err error) {
	err = st.read(ctx, func(db querier) error {
		hash, err = lastSnapshot(ctx, db, family, choices)
		if err == nil && hash == "" {
			err = pipeline.ErrNotFound
		}
		return err
	})
	return hash, err
}

// lastSnapshot returns the hash of a family's newest snapshot, or else of what is known in general, or nothing.
func lastSnapshot(ctx context.Context, db querier, family labeling.FamilyID, choices int) (hash string, err error) {
	_, err = get(ctx, db, []any{&hash}, `SELECT snapshot FROM families WHERE id IN ($1, $2) AND snapshot <> '' ORDER BY CASE WHEN id = $1 THEN 0 ELSE 1 END LIMIT 1`,
		family, labeling.General(choices))
	return hash, err
}
