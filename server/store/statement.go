package store

import (
	"context"
	"sort"
	"strconv"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
)

// ofStatement are the entries that a payee's statement is made of.
const ofStatement = ` FROM entries e WHERE e.account IN ($1, $2) AND e.kind IN ('settlement', 'release', 'forfeit', 'bonus', 'work') AND e.at >= $3 AND e.at < $4`

// taken is when an epoch took up all that a payee had.
type taken struct {
	seq     int64
	epoch   int64
	claimed bool
	tx      rewards.Hash
}

// Lines implements rewards.Store.
func (st rewardStore) Lines(ctx context.Context, payee string, from, until time.Time, page tasknet.Page) ([]rewards.Line, string, error) {
	after, err := cursorNumber(page, 0)
	if err != nil {
		return nil, "", err
	}
	var seqs []int64
	lines, next, err := readPage(ctx, st, page, func(r row) (l rewards.Line, cursor string, err error) {
		var seq, at, final, pending int64
		err = r.Scan(&seq, &l.Tx, &l.Kind, &l.Cause, &at, &final, &pending)
		l.At, l.Final, l.Pending = timeOf(at), tasknet.Micro(final), tasknet.Micro(pending)
		seqs = append(seqs, seq)
		return l, strconv.FormatInt(seq, 10), err
	}, `SELECT e.seq, (SELECT t.id FROM transactions t WHERE t.seq = e.seq), e.kind, (SELECT t.cause FROM transactions t WHERE t.seq = e.seq), e.at,
			CAST(SUM(CASE WHEN e.account = $1 THEN e.amount ELSE 0 END) AS BIGINT), CAST(SUM(CASE WHEN e.account = $2 THEN e.amount ELSE 0 END) AS BIGINT)`+
		ofStatement+` AND e.seq > $5 GROUP BY e.seq, e.kind, e.at ORDER BY e.seq`,
		rewards.Payee(payee), rewards.Pending(payee), micros(from), micros(until), after)
	if err != nil || len(lines) == 0 {
		return nil, "", err
	}
	epochs, err := st.taken(ctx, payee, seqs[0])
	if err != nil {
		return nil, "", err
	}
	for i := range lines {
		by := sort.Search(len(epochs), func(n int) bool { return epochs[n].seq > seqs[i] })
		if by < len(epochs) && !lines[i].Final.IsZero() {
			lines[i].Epoch, lines[i].Claimed, lines[i].ClaimTx = epochs[by].epoch, epochs[by].claimed, epochs[by].tx
		}
	}
	return lines, next, nil
}

// taken lists the epochs that took up a payee's pay after a transaction, oldest first. Each takes up all that is there.
func (st rewardStore) taken(ctx context.Context, payee string, after int64) (list []taken, err error) {
	err = st.read(ctx, func(db querier) error {
		list = nil
		return db.query(ctx, func(r row) error {
			var t taken
			var claimed int64
			var tx []byte
			err := r.Scan(&t.seq, &t.epoch, &claimed, &tx)
			copy(t.tx[:], tx)
			t.claimed = claimed == 1
			list = append(list, t)
			return err
		}, `SELECT t.seq, p.epoch, p.claimed, p.claim_tx FROM payouts p
			JOIN transactions t ON t.kind = 'epoch' AND t.cause = '`+rewards.EpochPrefix+`_' || CAST(p.epoch AS TEXT)
			WHERE p.payee IN (SELECT y.payee FROM payees y WHERE y.person = $1) AND t.seq > $2 ORDER BY t.seq`, payee, after)
	})
	return list, err
}

// Sums implements rewards.Store.
func (st rewardStore) Sums(ctx context.Context, payee string, from, until time.Time) (s rewards.Sums, err error) {
	var final, waited, forfeited int64
	err = st.read(ctx, func(db querier) error {
		_, err := get(ctx, db, []any{&s.Lines, &final, &waited, &forfeited}, `SELECT COUNT(DISTINCT e.seq),
			CAST(COALESCE(SUM(CASE WHEN e.account = $1 THEN e.amount ELSE 0 END), 0) AS BIGINT),
			CAST(COALESCE(SUM(CASE WHEN e.account = $2 AND e.kind = 'settlement' THEN e.amount ELSE 0 END), 0) AS BIGINT),
			CAST(COALESCE(SUM(CASE WHEN e.account = $2 AND e.kind = 'forfeit' THEN -e.amount ELSE 0 END), 0) AS BIGINT)`+ofStatement,
			rewards.Payee(payee), rewards.Pending(payee), micros(from), micros(until))
		return err
	})
	s.Final, s.Waited, s.Forfeited = tasknet.Micro(final), tasknet.Micro(waited), tasknet.Micro(forfeited)
	return s, err
}
