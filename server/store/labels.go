package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
)

// errVerdict reports a second verdict on a question.
var errVerdict = tasknet.NewError(tasknet.Conflict, "verdict_exists", "The question has a verdict.")

const verdictColumns = `id, question, outcome, choice, posterior, counts, answers, method, snapshot, reason, at, value, agreement`

// SaveVerdict implements labeling.Store.
func (st labelStore) SaveVerdict(ctx context.Context, v *labeling.Verdict) error {
	return st.write(ctx, func(db querier) error {
		if err := lockOrder(ctx, db); err != nil {
			return err
		}
		n, err := db.exec(ctx, `INSERT INTO verdicts (seq, so_far, `+verdictColumns+`)
			VALUES ((SELECT COALESCE(MAX(seq), 0) + 1 FROM verdicts), COALESCE((SELECT so_far FROM verdicts ORDER BY seq DESC LIMIT 1), 0) + $7,
				$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (question) DO NOTHING`,
			v.ID, v.Question, v.Outcome, v.Choice, encodeInts(v.Posterior), encodeInts(v.Counts), v.Answers, v.Method, v.Snapshot, v.Reason, micros(v.At), v.Value, v.Agreement)
		if err == nil && n == 0 {
			return errVerdict
		}
		return err
	})
}

// Verdict implements labeling.Store.
func (st labelStore) Verdict(ctx context.Context, q polls.QuestionID) (v *labeling.Verdict, err error) {
	err = st.read(ctx, func(db querier) error {
		return db.query(ctx, func(r row) error {
			v, err = scanVerdict(r)
			return err
		}, `SELECT `+verdictColumns+` FROM verdicts WHERE question = $1`, q)
	})
	if err == nil && v == nil {
		return nil, labeling.ErrNoVerdict
	}
	return v, err
}

// Verdicts implements labeling.Store.
func (st labelStore) Verdicts(ctx context.Context, page tasknet.Page) ([]*labeling.Verdict, string, error) {
	after, err := cursorNumber(page, 0)
	if err != nil {
		return nil, "", err
	}
	return readPage(ctx, st, page, func(r row) (*labeling.Verdict, string, error) {
		var seq int64
		v, err := scanVerdict(r, &seq)
		return v, strconv.FormatInt(seq, 10), err
	}, `SELECT `+verdictColumns+`, seq FROM verdicts WHERE seq > $1 ORDER BY seq`, after)
}

func scanVerdict(r row, more ...any) (*labeling.Verdict, error) {
	var v labeling.Verdict
	var posterior, counts string
	var at int64
	err := r.Scan(append([]any{&v.ID, &v.Question, &v.Outcome, &v.Choice, &posterior, &counts, &v.Answers, &v.Method, &v.Snapshot, &v.Reason, &at, &v.Value, &v.Agreement}, more...)...)
	if err != nil {
		return nil, err
	}
	if v.Posterior, err = decodeInts(posterior); err != nil {
		return nil, fmt.Errorf("posterior of %s: %w", v.ID, err)
	}
	if v.Counts, err = decodeInts(counts); err != nil {
		return nil, fmt.Errorf("counts of %s: %w", v.ID, err)
	}
	v.At = timeOf(at)
	return &v, nil
}

// CountVerdicts implements labeling.Store. The sequence has no gaps and each verdict knows the sum so far, so that the
// last one tells all.
func (st labelStore) CountVerdicts(ctx context.Context) (questions, answers int, err error) {
	err = st.read(ctx, func(db querier) error {
		_, err := get(ctx, db, []any{&questions, &answers}, `SELECT seq, so_far FROM verdicts ORDER BY seq DESC LIMIT 1`)
		return err
	})
	return questions, answers, err
}

// LearnSkills implements labeling.Store. A cursor over the verdicts, which are saved in the order of commits, sees each
// of them once.
func (st labelStore) LearnSkills(ctx context.Context, _ time.Time) (skills []labeling.Skill, err error) {
	err = st.write(ctx, func(db querier) error {
		var from, to int64
		if _, err := get(ctx, db, []any{&from}, `SELECT value FROM cursors WHERE name = 'skills'`+db.forUpdate()); err != nil {
			return err
		}
		if _, err := get(ctx, db, []any{&to}, `SELECT COALESCE(MAX(seq), 0) FROM verdicts`); err != nil {
			return err
		}
		if to > from {
			_, err := db.execAll(ctx, []statement{
				{`INSERT INTO tallies (respondent, agreed, answered)
					SELECT a.respondent, SUM(CASE WHEN a.choice = v.choice THEN 1 ELSE 0 END), COUNT(*)
					FROM verdicts v JOIN assignments s ON s.question = v.question JOIN answers a ON a.assignment = s.id
					WHERE v.seq > $1 AND v.seq <= $2 AND v.outcome <> 'none' AND v.choice >= 0 AND a.choice >= 0 AND v.answers > 1 GROUP BY a.respondent
					ON CONFLICT (respondent) DO UPDATE SET agreed = tallies.agreed + excluded.agreed, answered = tallies.answered + excluded.answered`, []any{from, to}},
				{`UPDATE cursors SET value = $1 WHERE name = 'skills'`, []any{to}},
			})
			if err != nil {
				return err
			}
		}
		skills = nil
		return db.query(ctx, func(r row) error {
			var s labeling.Skill
			err := r.Scan(&s.Respondent, &s.Agreed, &s.Answered)
			skills = append(skills, s)
			return err
		}, `SELECT respondent, agreed, answered FROM tallies ORDER BY respondent`)
	})
	return skills, err
}

// SaveSnapshot implements labeling.Store.
func (st labelStore) SaveSnapshot(ctx context.Context, s *labeling.Snapshot) error {
	rows := make([][3]any, len(s.Skills))
	for i, skill := range s.Skills {
		rows[i] = [3]any{skill.Respondent, skill.Agreed, skill.Answered}
	}
	skills, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	return st.write(ctx, func(db querier) error {
		_, err := db.exec(ctx, `INSERT INTO snapshots (hash, at, skills) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING`, s.Hash, micros(s.At), string(skills))
		return err
	})
}

// Snapshot implements labeling.Store.
func (st labelStore) Snapshot(ctx context.Context, hash string) (*labeling.Snapshot, error) {
	return st.snapshot(ctx, `SELECT hash, at, skills FROM snapshots WHERE hash = $1`, hash)
}

// LastSnapshot implements labeling.Store.
func (st labelStore) LastSnapshot(ctx context.Context) (*labeling.Snapshot, error) {
	return st.snapshot(ctx, `SELECT hash, at, skills FROM snapshots ORDER BY at DESC, hash DESC LIMIT 1`)
}

func (st labelStore) snapshot(ctx context.Context, text string, args ...any) (*labeling.Snapshot, error) {
	var hash, skills string
	var at int64
	var found bool
	err := st.read(ctx, func(db querier) (err error) {
		found, err = get(ctx, db, []any{&hash, &at, &skills}, text, args...)
		return err
	})
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, pipeline.ErrNotFound
	}
	var rows []json.RawMessage
	if err := json.Unmarshal([]byte(skills), &rows); err != nil {
		return nil, fmt.Errorf("snapshot %s: %w", hash, err)
	}
	parsed := make([]labeling.Skill, len(rows))
	for i, raw := range rows {
		cells := []any{&parsed[i].Respondent, &parsed[i].Agreed, &parsed[i].Answered}
		if err := json.Unmarshal(raw, &cells); err != nil {
			return nil, fmt.Errorf("snapshot %s, row %d: %w", hash, i, err)
		}
	}
	s, err := labeling.NewSnapshot(parsed, timeOf(at))
	if err == nil && s.Hash != hash {
		return nil, fmt.Errorf("snapshot %s: its skills have the hash %s", hash, s.Hash)
	}
	return s, err
}
