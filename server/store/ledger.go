package store

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/pipeline"
)

// Post implements rewards.Store.
func (st rewardStore) Post(ctx context.Context, t rewards.Transaction) error {
	return st.write(ctx, func(db querier) error {
		_, err := post(ctx, db, t)
		return err
	})
}

// post saves a transaction and returns its number in the ledger. On an error nothing has changed.
func post(ctx context.Context, db querier, t rewards.Transaction) (seq int64, err error) {
	if err := t.Check(); err != nil {
		return 0, err
	}
	if err := lockOrder(ctx, db); err != nil {
		return 0, err
	}
	if t.Kind == rewards.HoldTx {
		if err := freezeFirst(ctx, db, t); err != nil {
			return 0, err
		}
	}
	var before int64
	if _, err := get(ctx, db, []any{&seq, &before}, `SELECT (SELECT COALESCE(MAX(seq), 0) + 1 FROM transactions), (SELECT COUNT(*) FROM transactions WHERE kind = $1 AND cause = $2)`,
		t.Kind, t.Cause); err != nil {
		return 0, err
	}
	if before > 0 {
		return 0, rewards.ErrPosted
	}
	move := func() error {
		if err := take(ctx, db, t); err != nil {
			return err
		}
		_, err := db.execAll(ctx, postings(seq, t))
		return err
	}
	takes := 0
	for _, e := range t.Entries {
		if e.Amount.Sign() < 0 {
			takes++
		}
	}
	if takes == 1 { // what is refused has changed nothing
		return seq, move()
	}
	return seq, db.savepoint(ctx, move)
}

// take takes from the accounts that a transaction takes from, or fails with ErrInsufficient.
func take(ctx context.Context, db querier, t rewards.Transaction) error {
	var batch []statement
	for _, e := range t.Entries {
		if e.Amount.Sign() > 0 || e.Account.MayOwe() {
			continue
		}
		owed := e.Amount.Neg().Micro()
		if strings.HasPrefix(string(e.Account), string(rewards.HoldFor(""))) { // most are used up whole
			n, err := db.exec(ctx, `DELETE FROM accounts WHERE account = $1 AND balance = $2`, string(e.Account), owed)
			if err != nil {
				return err
			}
			if n == 1 {
				continue
			}
		}
		batch = append(batch, statement{`UPDATE accounts SET balance = balance - $2 WHERE account = $1 AND balance >= $2`, []any{string(e.Account), owed}})
	}
	changed, err := db.execAll(ctx, batch)
	if err != nil {
		return err
	}
	for _, n := range changed {
		if n == 0 {
			return rewards.ErrInsufficient
		}
	}
	return nil
}

// postings are the statements that give to the accounts that a transaction gives to, and save it.
func postings(seq int64, t rewards.Transaction) []statement {
	batch := make([]statement, 0, 1+2*len(t.Entries))
	batch = append(batch, statement{
		`INSERT INTO transactions (seq, id, kind, cause, at) VALUES ($1, $2, $3, $4, $5)`,
		[]any{seq, string(t.ID), string(t.Kind), t.Cause, micros(t.At)},
	})
	for i, e := range t.Entries {
		if e.Amount.Sign() > 0 || e.Account.MayOwe() {
			batch = append(batch, statement{`INSERT INTO accounts (account, balance, payer) VALUES ($1, $2, $3)
				ON CONFLICT (account) DO UPDATE SET balance = accounts.balance + excluded.balance`, []any{string(e.Account), e.Amount.Micro(), payerOf(t, e)}})
		}
		batch = append(batch, statement{
			`INSERT INTO entries (seq, n, account, amount, kind, at) VALUES ($1, $2, $3, $4, $5, $6)`,
			[]any{seq, int64(i), string(e.Account), e.Amount.Micro(), string(t.Kind), micros(t.At)},
		})
	}
	return batch
}

// payerOf returns the account that a hold is taken from; nothing for other entries.
func payerOf(t rewards.Transaction, hold rewards.Entry) string {
	if t.Kind == rewards.HoldTx && hold.Amount.Sign() > 0 {
		for _, e := range t.Entries {
			if e.Amount.Sign() < 0 {
				return string(e.Account)
			}
		}
	}
	return ""
}

// Balance implements rewards.Store.
func (st rewardStore) Balance(ctx context.Context, a rewards.Account) (tasknet.Amount, error) {
	return st.amount(ctx, `SELECT balance FROM accounts WHERE account = $1`, a)
}

// SumOf implements rewards.Store.
func (st rewardStore) SumOf(ctx context.Context, a rewards.Account, kind rewards.TxKind) (tasknet.Amount, error) {
	return st.amount(ctx, `SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM entries WHERE account = $1 AND kind = $2`, a, kind)
}

// HeldBy implements rewards.Store.
func (st rewardStore) HeldBy(ctx context.Context, org string) (tasknet.Amount, error) {
	return st.amount(ctx, `SELECT CAST(COALESCE(SUM(balance), 0) AS BIGINT) FROM accounts WHERE payer = $1 AND payer <> ''`, rewards.Requester(org))
}

func (st rewardStore) amount(ctx context.Context, text string, args ...any) (tasknet.Amount, error) {
	var sum int64
	err := st.read(ctx, func(db querier) error {
		_, err := get(ctx, db, []any{&sum}, text, args...)
		return err
	})
	return tasknet.Micro(sum), err
}

// Transaction implements rewards.Store.
func (st rewardStore) Transaction(ctx context.Context, kind rewards.TxKind, cause string) (t rewards.Transaction, err error) {
	err = st.read(ctx, func(db querier) error {
		var seq, at int64
		t = rewards.Transaction{Kind: kind, Cause: cause}
		found, err := get(ctx, db, []any{&seq, &t.ID, &at}, `SELECT seq, id, at FROM transactions WHERE kind = $1 AND cause = $2`, kind, cause)
		if err != nil {
			return err
		}
		if !found {
			return pipeline.ErrNotFound
		}
		t.At = timeOf(at)
		entries, err := entriesOf(ctx, db, seq, seq)
		t.Entries = entries[seq]
		return err
	})
	return t, err
}

// TakenAfter implements rewards.Store.
func (st rewardStore) TakenAfter(ctx context.Context, a rewards.Account, kind rewards.TxKind, settled string) (out []rewards.Transaction, err error) {
	err = st.read(ctx, func(db querier) error {
		out = nil
		return db.query(ctx, func(r row) error {
			t := rewards.Transaction{Kind: kind}
			var at int64
			err := r.Scan(&t.ID, &t.Cause, &at)
			t.At = timeOf(at)
			out = append(out, t)
			return err
		}, `SELECT t.id, t.cause, t.at FROM entries e JOIN transactions t ON t.seq = e.seq
			WHERE e.account = $1 AND e.kind = $2 AND e.seq > (SELECT x.seq FROM transactions x WHERE x.kind = $3 AND x.cause = $4) ORDER BY e.seq`, a, kind, rewards.SettlementTx, settled)
	})
	return out, err
}

// Transactions implements rewards.Store.
func (st rewardStore) Transactions(ctx context.Context, page tasknet.Page) ([]rewards.Transaction, string, error) {
	after, err := cursorNumber(page, 0)
	if err != nil {
		return nil, "", err
	}
	var seqs []int64
	list, next, err := readPage(ctx, st, page, func(r row) (t rewards.Transaction, cursor string, err error) {
		var seq, at int64
		err = r.Scan(&seq, &t.ID, &t.Kind, &t.Cause, &at)
		t.At = timeOf(at)
		seqs = append(seqs, seq)
		return t, strconv.FormatInt(seq, 10), err
	}, `SELECT seq, id, kind, cause, at FROM transactions WHERE seq > $1 ORDER BY seq`, after)
	if err != nil || len(list) == 0 {
		return nil, "", err
	}
	err = st.read(ctx, func(db querier) error {
		entries, err := entriesOf(ctx, db, seqs[0], seqs[len(seqs)-1])
		for i, seq := range seqs {
			list[i].Entries = entries[seq]
		}
		return err
	})
	return list, next, err
}

func entriesOf(ctx context.Context, db querier, first, last int64) (map[int64][]rewards.Entry, error) {
	entries := make(map[int64][]rewards.Entry)
	err := db.query(ctx, func(r row) error {
		var seq, amount int64
		var e rewards.Entry
		err := r.Scan(&seq, &e.Account, &amount)
		e.Amount = tasknet.Micro(amount)
		entries[seq] = append(entries[seq], e)
		return err
	}, `SELECT seq, account, amount FROM entries WHERE seq >= $1 AND seq <= $2 ORDER BY seq, n`, first, last)
	return entries, err
}

// Totals implements rewards.Store, by the balances: they are written in the same transaction as the entries that they sum.
func (st rewardStore) Totals(ctx context.Context) (t rewards.Totals, err error) {
	err = st.read(ctx, func(db querier) error {
		t = rewards.Totals{}
		return db.query(ctx, func(r row) error {
			var e rewards.Entry
			var balance int64
			if err := r.Scan(&e.Account, &balance); err != nil {
				return err
			}
			e.Amount = tasknet.Micro(balance)
			return t.Add(e)
		}, `SELECT account, balance FROM accounts`)
	})
	return t, err
}

// PaidByDay implements rewards.Store.
func (st rewardStore) PaidByDay(ctx context.Context, payee string, since time.Time) (days []rewards.Day, err error) {
	err = st.read(ctx, func(db querier) error {
		days = nil
		return db.query(ctx, func(r row) error {
			var day, amount int64
			var d rewards.Day
			err := r.Scan(&day, &amount, &d.Count)
			d.Date = time.Unix(day*secondsPerDay, 0).UTC().Format(time.DateOnly)
			d.Amount = tasknet.Micro(amount)
			days = append(days, d)
			return err
		}, `SELECT at / 86400000000, CAST(SUM(CASE WHEN account = $1 THEN amount ELSE 0 END) AS BIGINT), CAST(SUM(CASE WHEN kind = 'settlement' THEN 1 ELSE 0 END) AS BIGINT)
			FROM entries WHERE account IN ($1, $2) AND kind IN ('settlement', 'release', 'bonus', 'work') AND at >= $3 AND amount > 0 GROUP BY at / 86400000000 ORDER BY 1`,
			string(rewards.Payee(payee)), string(rewards.Pending(payee)), micros(since))
	})
	return days, err
}

const secondsPerDay = 24 * 60 * 60
