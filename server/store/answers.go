package store

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
)

const (
	assignmentColumns = `id, question, respondent, status, created_at, expires_at, skip_reason`
	answerColumns     = `question, respondent, id, assignment, device, choice, nonce, client_ms, signature, accepted_at, hash, receipt, leaf`
	insertAnswer      = `INSERT INTO answers (` + answerColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`
)

func scanAssignment(r row, more ...any) (polls.Assignment, error) {
	var a polls.Assignment
	var created, expires int64
	err := r.Scan(append([]any{&a.ID, &a.Question, &a.Respondent, &a.Status, &created, &expires, &a.SkipReason}, more...)...)
	a.CreatedAt, a.ExpiresAt = timeOf(created), timeOf(expires)
	return a, err
}

func scanAnswer(r row, more ...any) (polls.Answer, error) {
	var a polls.Answer
	var device, signature, hash []byte
	var accepted int64
	err := r.Scan(append([]any{
		&a.Question, &a.Respondent, &a.ID, &a.Assignment, &device, &a.Choice, &a.Nonce, &a.ClientMS, &signature, &accepted, &hash, &a.Receipt, &a.Index,
	}, more...)...)
	copy(a.Device[:], device)
	copy(a.Signature[:], signature)
	copy(a.Hash[:], hash)
	a.AcceptedAt = timeOf(accepted)
	return a, err
}

// answerArgs are the arguments of insertAnswer.
func answerArgs(a *polls.Answer) []any {
	return []any{
		string(a.Question), string(a.Respondent), string(a.ID), string(a.Assignment), a.Device[:], int64(a.Choice), a.Nonce, a.ClientMS, a.Signature[:],
		micros(a.AcceptedAt), a.Hash[:], string(a.Receipt), int64(a.Index),
	}
}

// leasedRule is the rule of Claim about one question p, for respondent $1 at $2 with margin $3.
const leasedRule = `p.status = 'open' AND p.deadline > $2
	AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.question = p.question AND a.respondent = $1)
	AND (SELECT COUNT(*) FROM assignments l WHERE l.question = p.question AND l.status = 'open' AND l.expires_at > $2) < p.wanted + $3`

// ClaimAssignments implements polls.Store. Questions are chosen first, then their progress is locked, then the rules are
// checked again by the statement that saves the assignment: so two servers that choose the same one agree.
func (st pollStore) ClaimAssignments(ctx context.Context, c polls.Claim) (leases []polls.Lease, err error) {
	err = st.write(ctx, func(db querier) error {
		// The respondent's lock keeps two claims of one person from getting twice the leases.
		var known string
		found, err := get(ctx, db, []any{&known}, `SELECT id FROM respondents WHERE id = $1`+db.forUpdate(), c.Respondent)
		if err != nil {
			return err
		}
		if !found {
			return polls.ErrNoRespondent
		}
		var held []polls.Assignment
		if c.Question != "" {
			held, err = claimOne(ctx, db, c)
		} else {
			held, err = claimAny(ctx, db, c)
		}
		if err != nil {
			return err
		}
		leases, err = leasesOf(ctx, db, held)
		return err
	})
	return leases, err
}

func claimOne(ctx context.Context, db querier, c polls.Claim) ([]polls.Assignment, error) {
	if _, err := db.lockFree(ctx, []string{string(c.Question)}, 1); err != nil {
		return nil, err
	}
	p, err := progressOf(ctx, db, c.Question)
	if err != nil {
		return nil, err
	}
	if p == nil {
		return nil, polls.ErrNoQuestion
	}
	var held []polls.Assignment
	err = db.query(ctx, func(r row) error {
		a, err := scanAssignment(r)
		held = append(held, a)
		return err
	}, `SELECT `+qualified(assignmentColumns, "a")+` FROM assignments a JOIN progress p ON p.question = a.question
		WHERE a.question = $1 AND a.respondent = $2 AND a.status = 'open' AND a.expires_at > $3 AND p.status = 'open' AND p.deadline > $3`,
		c.Question, c.Respondent, micros(c.At))
	if err != nil || len(held) > 0 {
		return held, err
	}
	a, err := lease(ctx, db, c, string(c.Question))
	if err != nil {
		return nil, err
	}
	if a == nil {
		return nil, polls.ErrNotAvailable
	}
	return []polls.Assignment{*a}, nil
}

func claimAny(ctx context.Context, db querier, c polls.Claim) ([]polls.Assignment, error) {
	var held []polls.Assignment
	err := db.query(ctx, func(r row) error {
		a, err := scanAssignment(r)
		held = append(held, a)
		return err
	}, `SELECT `+qualified(assignmentColumns, "a")+` FROM assignments a JOIN progress p ON p.question = a.question
		WHERE a.respondent = $1 AND a.status = 'open' AND a.expires_at > $2 AND p.status = 'open' AND p.deadline > $2
		ORDER BY p.deadline, p.question LIMIT $3`, c.Respondent, micros(c.At), c.Count)
	if err != nil {
		return nil, err
	}
	need := c.Count - len(held)
	if need <= 0 {
		return held, nil
	}
	ids, err := available(ctx, db, c, need+lockSpare)
	if err != nil {
		return nil, err
	}
	if ids, err = db.lockFree(ctx, ids, need); err != nil {
		return nil, err
	}
	for _, id := range ids {
		if need == 0 {
			break
		}
		a, err := lease(ctx, db, c, id)
		if err != nil {
			return nil, err
		}
		if a != nil {
			held = append(held, *a)
			need--
		}
	}
	return held, nil
}

// lockSpare is how many more questions are chosen than are needed, for those that somebody else has locked.
const lockSpare = 4

// available returns up to limit questions that the respondent could get, the oldest deadline first.
func available(ctx context.Context, db querier, c polls.Claim, limit int) (ids []string, err error) {
	err = db.query(ctx, func(r row) error {
		var id string
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	}, `SELECT p.question FROM progress p WHERE `+leasedRule+` ORDER BY p.deadline, p.question LIMIT $4`,
		c.Respondent, micros(c.At), c.Margin, limit)
	return ids, err
}

// lease saves an assignment on a question whose progress is locked, or returns nil when the rules forbid it.
func lease(ctx context.Context, db querier, c polls.Claim, question string) (*polls.Assignment, error) {
	a := polls.Assignment{
		ID: polls.AssignmentID(tasknet.NewID(polls.AssignmentPrefix, c.At)), Question: polls.QuestionID(question), Respondent: c.Respondent,
		Status: polls.Leased, CreatedAt: c.At, ExpiresAt: c.ExpiresAt,
	}
	n, err := db.exec(ctx, `INSERT INTO assignments (`+assignmentColumns+`)
		SELECT CAST($4 AS TEXT), p.question, CAST($1 AS TEXT), 'open', CAST($2 AS BIGINT), CAST($5 AS BIGINT), '' FROM progress p WHERE p.question = $6 AND `+leasedRule,
		c.Respondent, micros(c.At), c.Margin, a.ID, micros(c.ExpiresAt), question)
	if err != nil || n == 0 {
		return nil, err
	}
	return &a, nil
}

// leasesOf adds to assignments their questions and who asks them.
func leasesOf(ctx context.Context, db querier, held []polls.Assignment) ([]polls.Lease, error) {
	if len(held) == 0 {
		return nil, nil
	}
	ids := make([]any, len(held))
	for i, a := range held {
		ids[i] = a.Question
	}
	type asked struct {
		question *polls.Question
		by       string
	}
	found := make(map[polls.QuestionID]asked, len(held))
	err := db.query(ctx, func(r row) error {
		var by string
		q, err := scanQuestion(r, &by)
		if err != nil {
			return err
		}
		found[q.ID] = asked{q, by}
		return nil
	}, `SELECT `+questionColumns+`, `+progressColumns+`, o.name FROM questions q JOIN progress p ON p.question = q.id JOIN orgs o ON o.id = q.org
		WHERE q.id IN (`+placeholders(len(ids))+`)`, ids...)
	if err != nil {
		return nil, err
	}
	leases := make([]polls.Lease, len(held))
	for i, a := range held {
		leases[i] = polls.Lease{Assignment: a, Question: found[a.Question].question, AskedBy: found[a.Question].by}
	}
	return leases, nil
}

// SkipAssignment implements polls.Store.
func (st pollStore) SkipAssignment(ctx context.Context, by polls.RespondentID, id polls.AssignmentID, reason string, _ time.Time) error {
	return st.write(ctx, func(db querier) error {
		var respondent polls.RespondentID
		var status polls.AssignmentStatus
		found, err := get(ctx, db, []any{&respondent, &status}, `SELECT respondent, status FROM assignments WHERE id = $1`+db.forUpdate(), id)
		switch {
		case err != nil:
			return err
		case !found || respondent != by:
			return polls.ErrNoAssignment
		case status == polls.Answered:
			return polls.ErrAnswered
		case status == polls.Skipped:
			return nil
		}
		_, err = db.exec(ctx, `UPDATE assignments SET status = 'skipped', skip_reason = $2 WHERE id = $1`, id, reason)
		return err
	})
}

// RecordAnswers implements polls.Store.
func (st pollStore) RecordAnswers(ctx context.Context, b *polls.Batch, stopper polls.Stopper) error {
	return st.write(ctx, func(db querier) error {
		n := len(b.Submissions)
		b.Assignments = make(map[polls.AssignmentID]*polls.Assignment, n)
		b.Progress = make(map[polls.QuestionID]*polls.Progress, n)
		b.Previous = make(map[polls.AssignmentID]*polls.Answer)
		if err := db.readBatch(ctx, b); err != nil {
			return err
		}
		if err := b.Resolve(stopper); err != nil || b.Commit == nil {
			return err
		}
		if err := db.writeBatch(ctx, b); err != nil {
			return err
		}
		leaves := make([]byte, 0, 32*len(b.Commit.Leaves))
		for _, leaf := range b.Commit.Leaves {
			leaves = append(leaves, leaf[:]...)
		}
		if _, err := db.exec(ctx, `INSERT INTO commits (id, at, leaves) VALUES ($1, $2, $3)`, string(b.Commit.ID), micros(b.Commit.At), leaves); err != nil {
			return err
		}
		return appendEvents(ctx, db, answerEvents(b))
	})
}

// answerEvents returns a batch's events, those of answers grouped by organisation.
func answerEvents(b *polls.Batch) []groupedEvent {
	var out []groupedEvent
	at := make(map[polls.OrgID]int, 4)
	for _, s := range b.Accepted {
		i, ok := at[s.Question.Org]
		if !ok {
			i = len(out)
			at[s.Question.Org] = i
			out = append(out, groupedEvent{kind: pipeline.AnswerAccepted, org: s.Question.Org, at: b.At})
		}
		out[i].questions = append(out[i].questions, string(s.Answer.Question))
		out[i].subjects = append(out[i].subjects, string(s.Answer.ID))
	}
	for _, q := range b.Touched {
		if q.Status == polls.Closing {
			out = append(out, groupedEvent{pipeline.QuestionClosing, q.Org, []string{string(q.ID)}, []string{string(q.ID)}, b.At})
		}
	}
	return out
}

// Commit implements polls.Store.
func (st pollStore) Commit(ctx context.Context, id polls.ReceiptID) (*polls.Commit, error) {
	c := polls.Commit{ID: id}
	var at int64
	var leaves []byte
	var found bool
	err := st.read(ctx, func(db querier) (err error) {
		found, err = get(ctx, db, []any{&at, &leaves}, `SELECT at, leaves FROM commits WHERE id = $1`, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, polls.ErrNoAnswer
	}
	c.At = timeOf(at)
	for leaf := range slices.Chunk(leaves, 32) {
		c.Leaves = append(c.Leaves, [32]byte(leaf))
	}
	return &c, nil
}

// AnswersTo implements polls.Store.
func (st pollStore) AnswersTo(ctx context.Context, id polls.QuestionID) (answers []polls.Answer, err error) {
	err = st.read(ctx, func(db querier) error {
		answers = nil
		return db.query(ctx, func(r row) error {
			a, err := scanAnswer(r)
			answers = append(answers, a)
			return err
		}, `SELECT `+answerColumns+` FROM answers WHERE question = $1`, id)
	})
	slices.SortFunc(answers, func(a, b polls.Answer) int {
		return cmp.Or(a.AcceptedAt.Compare(b.AcceptedAt), cmp.Compare(a.Receipt, b.Receipt), cmp.Compare(a.Index, b.Index))
	})
	return answers, err
}

// AnswersBy implements polls.Store.
func (st pollStore) AnswersBy(ctx context.Context, id polls.RespondentID, page tasknet.Page) ([]polls.AnswerWithQuestion, string, error) {
	where := conditions{}
	where.add(`s.respondent = $`, id)
	if page.After != "" {
		where.add(`s.id < $`, page.After)
	}
	return readPage(ctx, st, page, func(r row) (polls.AnswerWithQuestion, string, error) {
		var s scannedQuestion
		a, err := scanAnswer(r, s.dest()...)
		if err != nil {
			return polls.AnswerWithQuestion{}, "", err
		}
		q, err := s.question()
		return polls.AnswerWithQuestion{Answer: a, Question: q}, string(a.Assignment), err
	}, `SELECT `+qualified(answerColumns, "a")+`, `+questionColumns+`, `+progressColumns+`
		FROM assignments s JOIN answers a ON a.question = s.question AND a.respondent = s.respondent
		JOIN questions q ON q.id = s.question JOIN progress p ON p.question = s.question`+where.text()+` AND s.status = 'answered' ORDER BY s.id DESC`, where.args...)
}

// Standing implements polls.Store.
func (st pollStore) Standing(ctx context.Context, id polls.RespondentID, at time.Time, margin, limit int) (s polls.Standing, err error) {
	err = st.read(ctx, func(db querier) error {
		var held int64
		if _, err := get(ctx, db, []any{&s.Answered, &held}, `SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN p.status <> 'closed' THEN q.price ELSE 0 END), 0) AS BIGINT)
			FROM assignments s JOIN progress p ON p.question = s.question JOIN questions q ON q.id = s.question
			WHERE s.respondent = $1 AND s.status = 'answered'`, id); err != nil {
			return err
		}
		s.Held = tasknet.Micro(held)
		ids, err := available(ctx, db, polls.Claim{Respondent: id, At: at, Margin: margin}, limit)
		s.Available = len(ids)
		return err
	})
	return s, err
}

// qualified puts a table's name before each of some columns.
func qualified(columns, table string) string {
	return table + "." + strings.ReplaceAll(columns, ", ", ", "+table+".")
}

// placeholders returns $1, $2, ... $n.
func placeholders(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(i+1))
	}
	return b.String()
}
