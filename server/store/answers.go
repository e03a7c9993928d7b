package store

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
)

const (
	assignmentColumns = `id, question, respondent, status, created_at, expires_at, skip_reason`
	answerColumns     = `question, respondent, id, assignment, device, choice, nonce, client_ms, signature, accepted_at, hash, receipt, leaf, place, value`
	insertAnswer      = `INSERT INTO answers (` + answerColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`
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
		&a.Question, &a.Respondent, &a.ID, &a.Assignment, &device, &a.Choice, &a.Nonce, &a.ClientMS, &signature, &accepted, &hash, &a.Receipt, &a.Index, &a.Place, &a.Value,
	}, more...)...)
	copy(a.Device[:], device)
	copy(a.Signature[:], signature)
	copy(a.Hash[:], hash)
	a.AcceptedAt = timeOf(accepted)
	a.Erased = len(signature) == 0
	return a, err
}

// answerArgs are the arguments of insertAnswer.
func answerArgs(a *polls.Answer) []any {
	return []any{
		string(a.Question), string(a.Respondent), string(a.ID), string(a.Assignment), a.Device[:], int64(a.Choice), a.Nonce, a.ClientMS, a.Signature[:],
		micros(a.AcceptedAt), a.Hash[:], string(a.Receipt), int64(a.Index), int64(a.Place), string(a.Value),
	}
}

// recording is a batch on its way into the database, with what the store alone needs to know.
type recording struct {
	*polls.Batch
	leaseEnds map[polls.QuestionID]int64 // of the questions' progress
	returned  map[polls.QuestionID]int64 // how many of the leases that are counted the accepted answers end
}

// batchColumns are those of an assignment that decide about its answer.
const batchColumns = `a.id, a.question, a.respondent, a.status, a.expires_at, (SELECT COUNT(*) FROM answers w WHERE w.assignment = a.id)`

// scan reads batchColumns and reports whether the assignment is answered.
func (r *recording) scan(columns row) (id polls.AssignmentID, answered bool, err error) {
	a := new(polls.Assignment)
	var expires int64
	var answers int
	err = columns.Scan(&a.ID, &a.Question, &a.Respondent, &a.Status, &expires, &answers)
	a.ExpiresAt = timeOf(expires)
	if answers > 0 {
		a.Status = polls.Answered
	}
	r.Assignments[a.ID] = a
	return a.ID, answers > 0, err
}

// RecordAnswers implements polls.Store.
func (st pollStore) RecordAnswers(ctx context.Context, b *polls.Batch, stopper polls.Stopper) error {
	return st.write(ctx, func(db querier) error {
		n := len(b.Submissions)
		b.Assignments = make(map[polls.AssignmentID]*polls.Assignment, n)
		b.Progress = make(map[polls.QuestionID]*polls.Progress, n)
		b.Previous = make(map[polls.AssignmentID]*polls.Answer)
		r := &recording{b, make(map[polls.QuestionID]int64, n), make(map[polls.QuestionID]int64, n)}
		if err := db.readBatch(ctx, r); err != nil {
			return err
		}
		if b.Resolve(stopper); b.Commit == nil {
			return nil
		}
		for _, s := range b.Accepted {
			if micros(b.Assignments[s.Answer.Assignment].ExpiresAt) >= r.leaseEnds[s.Answer.Question] {
				r.returned[s.Answer.Question]++
			}
		}
		if _, err := db.execAll(ctx, append(db.batchWrites(r), appending(db, answerEvents(b))...)); err != nil {
			return err
		}
		return insertCommit(ctx, db, b.Commit)
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
		found, err = get(ctx, db, []any{&at, &leaves, &c.First}, `SELECT at, leaves, first FROM commits WHERE id = $1`, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, polls.ErrNoAnswer
	}
	c.At = timeOf(at)
	c.Leaves = splitLeaves(leaves)
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
		}, `SELECT `+qualified(answerColumns, "a")+` FROM assignments s JOIN answers a ON a.assignment = s.id WHERE s.question = $1`, id)
	})
	slices.SortFunc(answers, func(a, b polls.Answer) int { return cmp.Compare(a.Place, b.Place) })
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
		FROM assignments s JOIN answers a ON a.assignment = s.id
		JOIN questions q ON q.id = s.question JOIN progress p ON p.question = s.question`+where.text()+` ORDER BY s.id DESC`, where.args...)
}

// Standing implements polls.Store.
func (st pollStore) Standing(ctx context.Context, c polls.Claim) (s polls.Standing, err error) {
	err = st.read(ctx, func(db querier) error {
		is, err := standingOf(ctx, db, c)
		if err != nil {
			return err
		}
		s.Capped = is.capped
		var held int64
		if _, err := get(ctx, db, []any{&s.Answered, &held}, `SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN p.status <> 'closed' AND `+notStruck+` THEN q.price ELSE 0 END), 0) AS BIGINT)
			FROM assignments s JOIN answers a ON a.assignment = s.id
			JOIN progress p ON p.question = s.question JOIN questions q ON q.id = s.question WHERE s.respondent = $1`, c.Respondent); err != nil {
			return err
		}
		s.Held = tasknet.Micro(held)
		if _, err := get(ctx, db, []any{&s.Refused}, `SELECT COUNT(*) FROM voids v JOIN families f ON f.snapshot = v.snapshot WHERE v.respondent = $1`, c.Respondent); err != nil {
			return err
		}
		ids, _, err := available(ctx, db, c, is, c.Count, "")
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
