package store

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// errVerdict reports a second verdict on a question.
var errVerdict = tasknet.NewError(tasknet.Conflict, "verdict_exists", "The question has a verdict.")

const verdictColumns = `id, question, outcome, choice, posterior, counts, answers, method, snapshot, reason, at, family, claims, correction, golds, pooled, cannot_tell, value, agreement, witness, opinion`

// perhapsVerdict is verdictColumns of v in a left join; where there is none, the id is empty.
const perhapsVerdict = `COALESCE(v.id, ''), COALESCE(v.question, ''), COALESCE(v.outcome, ''), COALESCE(v.choice, 0), COALESCE(v.posterior, ''), COALESCE(v.counts, ''), COALESCE(v.answers, 0),
		COALESCE(v.method, ''), COALESCE(v.snapshot, ''), COALESCE(v.reason, ''), COALESCE(v.at, 0), COALESCE(v.family, ''), COALESCE(v.claims, 0),
		COALESCE(v.correction, ''), COALESCE(v.golds, 0), COALESCE(v.pooled, 0), COALESCE(v.cannot_tell, 0), COALESCE(v.value, ''), COALESCE(v.agreement, 0), COALESCE(v.witness, ''), COALESCE(v.opinion, '')`

// SaveVerdict implements labeling.Store.
func (st labelStore) SaveVerdict(ctx context.Context, v *labeling.Verdict) error {
	return st.write(ctx, func(db querier) error {
		if err := lockOrder(ctx, db); err != nil {
			return err
		}
		n, err := db.exec(ctx, `INSERT INTO verdicts (seq, so_far, `+verdictColumns+`)
			VALUES ((SELECT COALESCE(MAX(seq), 0) + 1 FROM verdicts), COALESCE((SELECT so_far FROM verdicts ORDER BY seq DESC LIMIT 1), 0) + $7,
				$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21) ON CONFLICT (question) DO NOTHING`,
			v.ID, v.Question, v.Outcome, v.Choice, encodeInts(v.Posterior), encodeInts(v.Counts), v.Answers, v.Method, v.Snapshot, v.Reason, micros(v.At),
			v.Family, bit(v.Claims), v.Correction, v.Golds, bit(v.Pooled), v.CannotTell, v.Value, v.Agreement, v.Witness, encodeOpinion(v.Opinion))
		if err == nil && n == 0 {
			return errVerdict
		}
		if err != nil || v.Family == "" {
			return err
		}
		choices := len(v.Counts)
		counts := []statement{countClosed(v.Family, choices, v.At)}
		if choices > 0 {
			counts = append(counts, countClosed(labeling.General(choices), choices, v.At))
		}
		_, err = db.execAll(ctx, counts)
		return err
	})
}

// countClosed counts a closed question to a family.
func countClosed(family labeling.FamilyID, choices int, at time.Time) statement {
	return statement{`INSERT INTO families (id, choices, closed, learned, due, at, version, snapshot, golds, calibration) VALUES ($1, $2, 1, 0, $3, $4, 0, '', 0, '[]')
		ON CONFLICT (id) DO UPDATE SET closed = families.closed + 1`, []any{string(family), int64(choices), int64(labeling.NextLesson(0)), micros(at)}}
}

// bit returns a bool as it is stored.
func bit(b bool) int {
	if b {
		return 1
	}
	return 0
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

// scannedVerdict is a row of verdictColumns.
type scannedVerdict struct {
	v                 labeling.Verdict
	posterior, counts string
	opinion           string
	at                int64
	claims, pooled    int
}

// dest are pointers for verdictColumns.
func (s *scannedVerdict) dest() []any {
	v := &s.v
	return []any{
		&v.ID, &v.Question, &v.Outcome, &v.Choice, &s.posterior, &s.counts, &v.Answers, &v.Method, &v.Snapshot, &v.Reason, &s.at,
		&v.Family, &s.claims, &v.Correction, &v.Golds, &s.pooled, &v.CannotTell, &v.Value, &v.Agreement, &v.Witness, &s.opinion,
	}
}

func (s *scannedVerdict) verdict() (_ *labeling.Verdict, err error) {
	v := s.v
	v.Claims, v.Pooled = s.claims == 1, s.pooled == 1
	if v.Posterior, err = decodeInts(s.posterior); err != nil {
		return nil, fmt.Errorf("posterior of %s: %w", v.ID, err)
	}
	if v.Counts, err = decodeInts(s.counts); err != nil {
		return nil, fmt.Errorf("counts of %s: %w", v.ID, err)
	}
	if v.Opinion, err = decodeOpinion(s.opinion); err != nil {
		return nil, fmt.Errorf("opinion of %s: %w", v.ID, err)
	}
	v.At = timeOf(s.at)
	return &v, nil
}

func scanVerdict(r row, more ...any) (*labeling.Verdict, error) {
	var s scannedVerdict
	if err := r.Scan(append(s.dest(), more...)...); err != nil {
		return nil, err
	}
	return s.verdict()
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
