package store

import (
	"context"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/tasknet/tasknet/polls"
)

// orderLock is the key of the advisory lock of those who append to what is read in order: "tasknet" in ASCII.
const orderLock = 0x7461736b6e6574

func (q postgresQuerier) forUpdate() string { return " FOR NO KEY UPDATE" }

func (q postgresQuerier) orderLock() []statement {
	return []statement{{"SELECT pg_advisory_xact_lock($1)", []any{int64(orderLock)}}}
}

func (q postgresQuerier) inList(column string, n int, texts []string) (string, any, error) {
	return column + " = ANY($" + strconv.Itoa(n) + ")", texts, nil
}

// lockFree first takes what it can get without waiting, in any order. When that is too little it gives all back and
// waits for all by id, the order in which everybody waits for questions.
func (q postgresQuerier) lockFree(ctx context.Context, ids []string, want int) ([]string, error) {
	const text = "SELECT question FROM progress WHERE question = ANY($1) ORDER BY question FOR NO KEY UPDATE"
	want = min(want, len(ids))
	if want == 0 {
		return nil, nil
	}
	if _, err := q.exec(ctx, "SAVEPOINT locks"); err != nil {
		return nil, err
	}
	locked, err := q.ids(ctx, text+" SKIP LOCKED", ids)
	if err == nil && len(locked) < want {
		if _, err := q.exec(ctx, "ROLLBACK TO SAVEPOINT locks"); err != nil {
			return nil, err
		}
		locked, err = q.ids(ctx, text, ids)
	}
	if err != nil {
		return nil, err
	}
	// In the order in which they were given.
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		_, found := slices.BinarySearch(locked, id)
		return !found
	}), nil
}

func (q postgresQuerier) ids(ctx context.Context, text string, ids []string) (found []string, err error) {
	err = q.query(ctx, func(r row) error {
		var id string
		err := r.Scan(&id)
		found = append(found, id)
		return err
	}, text, ids)
	return found, err
}

// readBatch first locks the questions, by id, and then looks at the assignments: what others did to them under those
// locks is committed by then.
func (q postgresQuerier) readBatch(ctx context.Context, b *recording) error {
	questions := make([]string, len(b.Submissions))
	assignments := make([]string, len(b.Submissions))
	for i, s := range b.Submissions {
		questions[i], assignments[i] = string(s.Answer.Question), string(s.Answer.Assignment)
	}
	var answered []string
	both := new(pgx.Batch)
	both.Queue("SELECT "+progressColumns+", p.lease_ends, p.question FROM progress p WHERE p.question = ANY($1) ORDER BY p.question FOR NO KEY UPDATE", questions).
		Query(eachRow(func(r row) error {
			var id polls.QuestionID
			var ends int64
			p, err := scanProgress(r, &ends, &id)
			b.Progress[id], b.leaseEnds[id] = p, ends
			return err
		}))
	both.Queue("SELECT "+batchColumns+" FROM assignments a WHERE a.id = ANY($1)", assignments).
		Query(eachRow(func(r row) error {
			id, before, err := b.scan(r)
			if before {
				answered = append(answered, string(id))
			}
			return err
		}))
	err := q.on.SendBatch(ctx, both).Close()
	if err != nil || len(answered) == 0 {
		return err
	}
	return q.query(ctx, func(r row) error {
		a, err := scanAnswer(r)
		b.Previous[a.Assignment] = &a
		return err
	}, "SELECT "+answerColumns+" FROM answers WHERE assignment = ANY($1)", answered)
}

// eachRow calls each for the rows of a result in turn.
func eachRow(each func(row) error) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		for rows.Next() {
			if err := each(rows); err != nil {
				return err
			}
		}
		return rows.Err()
	}
}

// batchWrites are two statements over arrays.
func (q postgresQuerier) batchWrites(b *recording) []statement {
	n := len(b.Accepted)
	questions, respondents, ids, assignments := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	devices, signatures, hashes := make([][]byte, n), make([][]byte, n), make([][]byte, n)
	choices, clocks, leaves, places := make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)
	nonces, values := make([]string, n), make([]string, n)
	for i, s := range b.Accepted {
		a := &s.Answer
		questions[i], respondents[i], ids[i], assignments[i] = string(a.Question), string(a.Respondent), string(a.ID), string(a.Assignment)
		devices[i], signatures[i], hashes[i] = a.Device[:], a.Signature[:], a.Hash[:]
		choices[i], clocks[i], leaves[i], places[i] = int64(a.Choice), a.ClientMS, int64(a.Index), int64(a.Place)
		nonces[i], values[i] = a.Nonce, string(a.Value)
	}
	n = len(b.Touched)
	touched, statuses, counts, states := make([]string, n), make([]string, n), make([]string, n), make([][]byte, n)
	answers, wanted, returned := make([]int64, n), make([]int64, n), make([]int64, n)
	for i, t := range b.Touched {
		touched[i], statuses[i], counts[i], states[i] = string(t.ID), string(t.Status), encodeInts(t.Counts), t.State
		answers[i], wanted[i], returned[i] = int64(t.Answers), int64(t.Wanted), b.returned[t.ID]
	}
	return []statement{
		{`INSERT INTO answers (` + answerColumns + `)
			SELECT question, respondent, id, assignment, device, choice, nonce, client_ms, signature, $11, hash, $12, leaf, place, value
			FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::bigint[], $7::text[], $8::bigint[], $9::bytea[], $10::bytea[], $13::bigint[], $14::bigint[], $15::text[])
				AS x (question, respondent, id, assignment, device, choice, nonce, client_ms, signature, hash, leaf, place, value)`, []any{
			questions, respondents, ids, assignments, devices, choices, nonces, clocks, signatures, hashes, micros(b.At), string(b.Commit.ID), leaves, places, values,
		}},
		{`UPDATE progress p SET answers = x.answers, counts = x.counts, wanted = x.wanted, state = x.state, status = x.status, leases = p.leases - x.returned
			FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bigint[], $5::bytea[], $6::text[], $7::bigint[]) AS x (question, answers, counts, wanted, state, status, returned)
			WHERE p.question = x.question`, []any{touched, answers, counts, wanted, states, statuses, returned}},
	}
}

func (q postgresQuerier) insertBare(ctx context.Context, rows []BareRow) error {
	questions, respondents, choices := make([]string, len(rows)), make([]string, len(rows)), make([]int64, len(rows))
	for i, r := range rows {
		questions[i], respondents[i], choices[i] = r.Question, r.Respondent, int64(r.Choice)
	}
	_, err := q.exec(ctx, `INSERT INTO bare (question, respondent, choice) SELECT question, respondent, choice
		FROM unnest($1::text[], $2::text[], $3::bigint[]) AS x (question, respondent, choice) ON CONFLICT DO NOTHING`, questions, respondents, choices)
	return err
}
