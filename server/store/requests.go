package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
)

// bookRequest saves what a contract asked by a payment, with an organisation to spend it, or brings a request back whose payment
// came again. It is part of booking the payment. An account into which somebody paid before is the organisation's from now on.
func bookRequest(ctx context.Context, db querier, b rewards.Booking, at time.Time) error {
	e, key := b.Event, b.Event.Account()
	ask, err := json.Marshal(e.Ask)
	if err != nil {
		return err
	}
	calls := 0
	if e.Ask.CallbackGas > 0 {
		calls = 1
	}
	_, err = db.execAll(ctx, []statement{
		{`INSERT INTO orgs (id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING`, []any{b.Org, "Contract " + polls.Wallet(e.Owner).String(), micros(at)}},
		{`UPDATE vault_accounts SET org = $2 WHERE account = $1 AND org = ''`, []any{key[:], b.Org}},
		{`UPDATE requests SET tx = $2, log_index = $3, block = $4, delivered = 0, tries = 0, next = 0,
			question = CASE WHEN state = 'open' AND gone = 2 THEN '' ELSE question END,
			state = CASE WHEN state = 'open' AND gone = 2 THEN 'asked' WHEN state = 'fulfilled' THEN 'closed' ELSE state END, gone = 0
			WHERE id = $1`, []any{e.Reference[:], e.Tx[:], e.LogIndex, e.Block}},
		{
			`INSERT INTO requests (n, id, asker, org, tx, log_index, block, ask, deadline, calls, state, gone, question, reason, outcome, choice, confidence, answers, record, at, delivered, tries, next)
			VALUES ((SELECT COALESCE(MAX(n), 0) + 1 FROM requests), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, '', '', 0, 0, 0, 0, $11, 0, 0, 0, 0) ON CONFLICT (id) DO NOTHING`,
			[]any{e.Reference[:], e.Owner[:], b.Org, e.Tx[:], e.LogIndex, e.Block, string(ask), e.Ask.Deadline, calls, string(rewards.RequestAsked), []byte{}},
		},
	})
	return err
}

const requestColumns = `r.n, r.id, r.asker, r.org, r.tx, r.log_index, r.block, r.ask, r.state, r.gone, r.question, r.reason, r.outcome, r.choice, r.confidence, r.answers, r.record, r.at,
	r.delivered, r.tries, r.next, COALESCE((SELECT MAX(v.epoch) FROM epoch_verdicts v WHERE v.request = r.n), 0)`

func scanRequest(r row) (q rewards.Request, n int64, err error) {
	var id, asker, tx, record []byte
	var ask string
	var gone, outcome, at, delivered, next int64
	if err := r.Scan(&n, &id, &asker, &q.Org, &tx, &q.LogIndex, &q.Block, &ask, &q.State, &gone, &q.Question, &q.Reason, &outcome, &q.Verdict.Choice, &q.Verdict.ConfidencePPM,
		&q.Verdict.Answers, &record, &at, &delivered, &q.Tries, &next, &q.Epoch); err != nil {
		return q, n, err
	}
	copy(q.ID[:], id)
	copy(q.Asker[:], asker)
	copy(q.Tx[:], tx)
	copy(q.Verdict.Record[:], record)
	q.Gone, q.Delivered, q.Verdict.Outcome = gone > 0, delivered == 1, rewards.Outcome(outcome)
	q.At, q.Next = timeOf(at), timeOf(next)
	if err := json.Unmarshal([]byte(ask), &q.Ask); err != nil {
		return q, n, fmt.Errorf("request %x: %w", id, err)
	}
	return q, n, nil
}

func requestsBy(ctx context.Context, db querier, text string, args ...any) (list []rewards.Request, err error) {
	err = db.query(ctx, func(r row) error {
		q, _, err := scanRequest(r)
		list = append(list, q)
		return err
	}, `SELECT `+requestColumns+` FROM `+text, args...)
	return list, err
}

func (st requestStore) list(ctx context.Context, text string, args ...any) (list []rewards.Request, err error) {
	err = st.read(ctx, func(db querier) error {
		list, err = requestsBy(ctx, db, text, args...)
		return err
	})
	return list, err
}

// Request implements rewards.RequestStore.
func (st requestStore) Request(ctx context.Context, id rewards.Hash) (rewards.Request, error) {
	list, err := st.list(ctx, `requests r WHERE r.id = $1`, id[:])
	if err != nil {
		return rewards.Request{}, err
	}
	if len(list) == 0 {
		return rewards.Request{}, rewards.ErrNoRequest
	}
	return list[0], nil
}

// Requests implements rewards.RequestStore.
func (st requestStore) Requests(ctx context.Context, page tasknet.Page) ([]rewards.Request, string, error) {
	after, err := cursorNumber(page, 0)
	if err != nil {
		return nil, "", err
	}
	return readPage(ctx, st, page, func(r row) (rewards.Request, string, error) {
		q, n, err := scanRequest(r)
		return q, strconv.FormatInt(n, 10), err
	}, `SELECT `+requestColumns+` FROM requests r WHERE r.n > $1 ORDER BY r.n`, after)
}

// RequestsIn implements rewards.RequestStore.
func (st requestStore) RequestsIn(ctx context.Context, state rewards.RequestState, limit int) ([]rewards.Request, error) {
	return st.list(ctx, `requests r WHERE r.state = $1 AND r.gone = 0 ORDER BY r.n LIMIT $2`, state, limit)
}

// RequestsAnswered implements rewards.RequestStore.
func (st requestStore) RequestsAnswered(ctx context.Context, limit int) ([]rewards.Request, error) {
	return st.list(ctx, `requests r JOIN progress p ON p.question = r.question WHERE r.state = 'open' AND r.gone = 0 AND p.status = 'closed' ORDER BY r.n LIMIT $1`, limit)
}

// RequestsGone implements rewards.RequestStore.
func (st requestStore) RequestsGone(ctx context.Context, limit int) ([]rewards.Request, error) {
	return st.list(ctx, `requests r WHERE r.state = 'open' AND r.gone = 1 ORDER BY r.n LIMIT $1`, limit)
}

// move runs a statement that changes one request if it is in the right state.
func (st requestStore) move(ctx context.Context, text string, args ...any) error {
	return st.write(ctx, func(db querier) error {
		n, err := db.exec(ctx, text, args...)
		if err == nil && n == 0 {
			return rewards.ErrRequestMoved
		}
		return err
	})
}

// OpenRequest implements rewards.RequestStore.
func (st requestStore) OpenRequest(ctx context.Context, id rewards.Hash, question string) error {
	return st.move(ctx, `UPDATE requests SET state = 'open', question = $2 WHERE id = $1 AND state = 'asked' AND gone = 0`, id[:], question)
}

// CloseRequest implements rewards.RequestStore.
func (st requestStore) CloseRequest(ctx context.Context, id rewards.Hash, from rewards.RequestState, v rewards.OracleVerdict, reason string, at time.Time) error {
	return st.move(ctx, `UPDATE requests SET state = 'closed', reason = $3, outcome = $4, choice = $5, confidence = $6, answers = $7, record = $8, at = $9 WHERE id = $1 AND state = $2 AND gone = 0`,
		id[:], from, reason, int(v.Outcome), v.Choice, v.ConfidencePPM, v.Answers, v.Record[:], micros(at))
}

// CallOffRequest implements rewards.RequestStore.
func (st requestStore) CallOffRequest(ctx context.Context, id rewards.Hash) error {
	return st.move(ctx, `UPDATE requests SET gone = 2 WHERE id = $1 AND state = 'open' AND gone = 1`, id[:])
}

// verdictWaits says which requests have a verdict for a header; its argument is the time in seconds.
const verdictWaits = `r.state = 'closed' AND r.gone = 0 AND (r.outcome <> 3 OR r.deadline <= $1)`

// PutVerdicts implements rewards.RequestStore.
func (st requestStore) PutVerdicts(ctx context.Context, epoch int64, at time.Time, limit int) (list []rewards.Request, err error) {
	err = st.write(ctx, func(db querier) error {
		batch := []statement{{`DELETE FROM epoch_verdicts WHERE epoch = $1`, []any{epoch}}}
		if err := db.query(ctx, func(r row) error {
			var n int64
			err := r.Scan(&n)
			batch = append(batch, statement{`INSERT INTO epoch_verdicts (epoch, position, request) VALUES ($1, $2, $3)`, []any{epoch, len(batch) - 1, n}})
			return err
		}, `SELECT r.n FROM requests r WHERE `+verdictWaits+` ORDER BY r.n LIMIT $2`, at.Unix(), limit); err != nil {
			return err
		}
		if _, err := db.execAll(ctx, batch); err != nil {
			return err
		}
		list, err = verdictsIn(ctx, db, epoch)
		return err
	})
	return list, err
}

// VerdictsIn implements rewards.RequestStore.
func (st requestStore) VerdictsIn(ctx context.Context, epoch int64) (list []rewards.Request, err error) {
	err = st.read(ctx, func(db querier) error {
		list, err = verdictsIn(ctx, db, epoch)
		return err
	})
	return list, err
}

func verdictsIn(ctx context.Context, db querier, epoch int64) ([]rewards.Request, error) {
	return requestsBy(ctx, db, `epoch_verdicts e JOIN requests r ON r.n = e.request WHERE e.epoch = $1 ORDER BY e.position`, epoch)
}

// VerdictsWait implements rewards.RequestStore.
func (st requestStore) VerdictsWait(ctx context.Context, at time.Time) (wait bool, err error) {
	err = st.read(ctx, func(db querier) error {
		var n int64
		wait, err = get(ctx, db, []any{&n}, `SELECT r.n FROM requests r WHERE `+verdictWaits+` 
			AND NOT EXISTS (SELECT 1 FROM epoch_verdicts v WHERE v.request = r.n AND v.epoch >= (SELECT COALESCE(MAX(number), 0) FROM epochs)) LIMIT 1`, at.Unix())
		return err
	})
	return wait, err
}

// RequestsDue implements rewards.RequestStore.
func (st requestStore) RequestsDue(ctx context.Context, at time.Time, tries, limit int) ([]rewards.Request, error) {
	return st.list(ctx, `requests r WHERE r.gone = 0 AND r.next <= $1
		AND (r.state = 'closed' AND EXISTS (SELECT 1 FROM epoch_verdicts v WHERE v.request = r.n) OR r.state = 'fulfilled' AND r.calls = 1 AND r.delivered = 0 AND r.tries < $2)
		ORDER BY r.n LIMIT $3`, micros(at), tries, limit)
}

// FulfilRequest implements rewards.RequestStore.
func (st requestStore) FulfilRequest(ctx context.Context, id rewards.Hash, delivered bool, next time.Time) error {
	took := 0
	if delivered {
		took = 1
	}
	return st.move(ctx, `UPDATE requests SET tries = CASE WHEN state = 'closed' THEN 0 ELSE tries END, state = 'fulfilled', delivered = $2, next = $3 WHERE id = $1 AND state IN ('closed', 'fulfilled')`,
		id[:], took, micros(next))
}

// RequestsFulfilled implements rewards.RequestStore.
func (st requestStore) RequestsFulfilled(ctx context.Context, limit int) ([]rewards.Request, error) {
	return st.list(ctx, `requests r WHERE r.state = 'fulfilled' AND r.gone = 0 ORDER BY r.at DESC, r.n DESC LIMIT $1`, limit)
}

// UnfulfilRequest implements rewards.RequestStore.
func (st requestStore) UnfulfilRequest(ctx context.Context, id rewards.Hash) error {
	return st.move(ctx, `UPDATE requests SET state = 'closed', delivered = 0, tries = 0, next = 0 WHERE id = $1 AND state = 'fulfilled'`, id[:])
}

// TriedRequest implements rewards.RequestStore.
func (st requestStore) TriedRequest(ctx context.Context, id rewards.Hash, next time.Time) error {
	return st.move(ctx, `UPDATE requests SET tries = tries + 1, next = $2 WHERE id = $1`, id[:], micros(next))
}
