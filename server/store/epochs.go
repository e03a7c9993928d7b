package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
)

// errPayee reports a second address for a payee.
var errPayee = tasknet.NewError(tasknet.Conflict, "payee_has_address", "This payee is paid to another address.")

// SetPayee implements rewards.Store.
func (st rewardStore) SetPayee(ctx context.Context, payee string, a rewards.Address) error {
	return st.write(ctx, func(db querier) error {
		n, err := db.exec(ctx, `INSERT INTO payees (payee, person, address, cumulative, claimed) VALUES ($1, $1, $2, 0, 0) ON CONFLICT DO NOTHING`, payee, a[:])
		if err != nil || n == 1 {
			return err
		}
		var known []byte
		found, err := get(ctx, db, []any{&known}, `SELECT address FROM payees WHERE payee = $1`, payee)
		switch {
		case err != nil:
			return err
		case !found:
			return rewards.ErrAddressTaken
		case string(known) != string(a[:]):
			return errPayee
		}
		return nil
	})
}

// Due implements rewards.Store.
func (st rewardStore) Due(ctx context.Context, least tasknet.Amount, at time.Time) (due []rewards.Due, err error) {
	kind := string(rewards.Payee(""))
	err = st.read(ctx, func(db querier) error {
		due = nil
		return db.query(ctx, func(r row) error {
			var d rewards.Due
			var address []byte
			var amount, cumulative int64
			err := r.Scan(&d.Payee, &address, &amount, &cumulative)
			copy(d.Address[:], address)
			d.Amount, d.Cumulative = tasknet.Micro(amount), tasknet.Micro(cumulative)
			due = append(due, d)
			return err
		}, `SELECT y.payee, y.address, a.balance, y.cumulative FROM accounts a JOIN payees f ON f.payee = substr(a.account, $3)
			JOIN payees y ON y.payee = `+currentPayee("f.payee", "$5")+`
			WHERE a.account >= $1 AND a.account < $2 AND a.balance >= $4 AND a.balance >= f.least ORDER BY a.account`,
			kind, kind[:len(kind)-1]+string(kind[len(kind)-1]+1), len(kind)+1, max(least.Micro(), 1), micros(at))
	})
	return due, err
}

const payoutColumns = `epoch, payee, address, amount, cumulative, claimed, claim_tx`

func scanPayout(r row, more ...any) (p rewards.Payout, err error) {
	var address, claimTx []byte
	var amount, cumulative, claimed int64
	err = r.Scan(append([]any{&p.Epoch, &p.Payee, &address, &amount, &cumulative, &claimed, &claimTx}, more...)...)
	copy(p.Address[:], address)
	copy(p.ClaimTx[:], claimTx)
	p.Amount, p.Cumulative, p.Claimed = tasknet.Micro(amount), tasknet.Micro(cumulative), claimed == 1
	return p, err
}

func (st rewardStore) payouts(ctx context.Context, text string, args ...any) (list []rewards.Payout, err error) {
	err = st.read(ctx, func(db querier) error {
		list = nil
		return db.query(ctx, func(r row) error {
			p, err := scanPayout(r)
			list = append(list, p)
			return err
		}, text, args...)
	})
	rewards.SortLeaves(list)
	return list, err
}

// Leaves implements rewards.Store.
func (st rewardStore) Leaves(ctx context.Context, epoch int64) ([]rewards.Payout, error) {
	return st.payouts(ctx, `SELECT `+qualified(payoutColumns, "p")+` FROM payees y JOIN payouts p ON p.payee = y.payee
		AND p.epoch = (SELECT MAX(b.epoch) FROM payouts b WHERE b.payee = y.payee AND b.epoch <= $1)`, epoch)
}

// UnclaimedPayees implements rewards.Store.
func (st rewardStore) UnclaimedPayees(ctx context.Context) (list []rewards.Owed, err error) {
	err = st.read(ctx, func(db querier) error {
		list = nil
		return db.query(ctx, func(r row) error {
			var paid int64
			p, err := scanPayout(r, &paid)
			list = append(list, rewards.Owed{Payout: p, Paid: tasknet.Micro(paid)})
			return err
		}, `SELECT `+qualified(payoutColumns, "p")+`, y.claimed FROM payees y JOIN payouts p ON p.payee = y.payee
			AND p.epoch = (SELECT MAX(b.epoch) FROM payouts b WHERE b.payee = y.payee) WHERE y.claimed < y.cumulative ORDER BY p.epoch DESC, p.address`)
	})
	return list, err
}

// SavePlan implements rewards.Store.
func (st rewardStore) SavePlan(ctx context.Context, p *rewards.Plan) error {
	return st.write(ctx, func(db querier) error {
		return db.savepoint(ctx, func() error {
			if err := lockOrder(ctx, db); err != nil {
				return err
			}
			e := p.Epoch
			n, err := db.exec(ctx, `INSERT INTO epochs (number, state, root, amount, cumulative, payees, tx, block, gas, at)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (number) DO NOTHING`,
				e.Number, e.State, e.Root[:], e.Amount.Micro(), e.Cumulative.Micro(), e.Payees, e.Tx[:], e.Block, e.Gas, micros(e.At))
			if err != nil {
				return err
			}
			if n == 0 {
				return rewards.ErrEpochMoved
			}
			if _, err := post(ctx, db, p.Tx); err != nil {
				return fmt.Errorf("epoch %d: %w", e.Number, err)
			}
			batch := make([]statement, 0, 2*len(p.Payouts))
			for _, o := range p.Payouts {
				batch = append(batch,
					statement{
						`INSERT INTO payouts (` + payoutColumns + `) VALUES ($1, $2, $3, $4, $5, 0, $6)`,
						[]any{o.Epoch, o.Payee, o.Address[:], o.Amount.Micro(), o.Cumulative.Micro(), o.ClaimTx[:]},
					},
					statement{
						`UPDATE payees SET cumulative = cumulative + $2 WHERE payee = $1 AND cumulative + $2 = $3 AND payee = ` + currentPayee("payees.person", "$4"),
						[]any{o.Payee, o.Amount.Micro(), o.Cumulative.Micro(), micros(e.At)},
					})
			}
			changed, err := db.execAll(ctx, batch)
			if err != nil {
				return err
			}
			for _, n := range changed {
				if n == 0 { // planned on sums or an address that have changed since
					return rewards.ErrEpochMoved
				}
			}
			return saveSpending(ctx, db, e.Number, e.Cumulative)
		})
	})
}

// BuildEpoch implements rewards.Store.
func (st rewardStore) BuildEpoch(ctx context.Context, number int64, from rewards.EpochState, h rewards.Header) error {
	return st.write(ctx, func(db querier) error {
		n, err := db.exec(ctx, `UPDATE epochs SET state = $3, spending = $4, verdicts = $5, log_root = $6, log_size = $7 WHERE number = $1 AND state = $2`,
			number, from, rewards.Built, h.Spending[:], h.Verdicts[:], h.LogRoot[:], h.LogSize)
		if err == nil && n == 0 {
			return rewards.ErrEpochMoved
		}
		if err != nil {
			return err
		}
		requests := []int64{}
		if err := db.query(ctx, func(r row) error {
			var request int64
			err := r.Scan(&request)
			requests = append(requests, request)
			return err
		}, `SELECT request FROM epoch_verdicts WHERE epoch = $1 ORDER BY position`, number); err != nil {
			return err
		}
		list, err := json.Marshal(requests)
		if err != nil {
			return err
		}
		_, err = db.exec(ctx, `INSERT INTO epoch_builds (epoch, build, spending, verdicts, log_root, log_size, requests)
			VALUES ($1, (SELECT COALESCE(MAX(build), 0) + 1 FROM epoch_builds WHERE epoch = $1), $2, $3, $4, $5, $6)`,
			number, h.Spending[:], h.Verdicts[:], h.LogRoot[:], h.LogSize, string(list))
		return err
	})
}

// Builds implements rewards.Store.
func (st rewardStore) Builds(ctx context.Context, number int64) (builds []rewards.Epoch, err error) {
	err = st.read(ctx, func(db querier) error {
		builds = nil
		return db.query(ctx, func(r row) error {
			e, err := scanEpoch(r)
			builds = append(builds, e)
			return err
		}, `SELECT e.number, e.state, e.root, e.amount, e.cumulative, e.payees, e.spent, e.through, b.spending, b.verdicts, b.log_root, b.log_size, e.tx, e.block, e.gas, e.at
			FROM epochs e JOIN epoch_builds b ON b.epoch = e.number WHERE e.number = $1 ORDER BY b.build`, number)
	})
	return builds, err
}

// TakeUp implements rewards.Store.
func (st rewardStore) TakeUp(ctx context.Context, number int64, from rewards.EpochState, build int, m rewards.Mined) error {
	return st.write(ctx, func(db querier) error {
		var list string
		found, err := get(ctx, db, []any{&list}, `SELECT requests FROM epoch_builds WHERE epoch = $1 AND build = $2`, number, build+1)
		if err != nil {
			return err
		}
		var requests []int64
		if found {
			if err := json.Unmarshal([]byte(list), &requests); err != nil {
				return fmt.Errorf("build %d of epoch %d: %w", build, number, err)
			}
		}
		n, err := db.exec(ctx, `UPDATE epochs SET state = $3, tx = $4, block = $5, spending = b.spending, verdicts = b.verdicts, log_root = b.log_root, log_size = b.log_size
			FROM epoch_builds b WHERE number = $1 AND state = $2 AND b.epoch = $1 AND b.build = $6`, number, from, rewards.Confirmed, m.Tx[:], m.Block, build+1)
		if err == nil && n == 0 {
			return rewards.ErrEpochMoved
		}
		if err != nil {
			return err
		}
		batch := []statement{{`DELETE FROM epoch_verdicts WHERE epoch = $1`, []any{number}}}
		for i, request := range requests {
			batch = append(batch, statement{`INSERT INTO epoch_verdicts (epoch, position, request) VALUES ($1, $2, $3)`, []any{number, i, request}})
		}
		_, err = db.execAll(ctx, batch)
		return err
	})
}

const epochColumns = `number, state, root, amount, cumulative, payees, spent, through, spending, verdicts, log_root, log_size, tx, block, gas, at`

func scanEpoch(r row) (e rewards.Epoch, err error) {
	var root, spending, verdicts, logRoot, tx []byte
	var amount, cumulative, spent, at int64
	err = r.Scan(&e.Number, &e.State, &root, &amount, &cumulative, &e.Payees, &spent, &e.Through, &spending, &verdicts, &logRoot, &e.Log.Size, &tx, &e.Block, &e.Gas, &at)
	copy(e.Root[:], root)
	copy(e.Spending[:], spending)
	copy(e.Verdicts[:], verdicts)
	copy(e.Log.Root[:], logRoot)
	e.Spent = tasknet.Micro(spent)
	copy(e.Tx[:], tx)
	e.Amount, e.Cumulative, e.At = tasknet.Micro(amount), tasknet.Micro(cumulative), timeOf(at)
	return e, err
}

// LastEpoch implements rewards.Store.
func (st rewardStore) LastEpoch(ctx context.Context) (rewards.Epoch, error) {
	return st.epoch(ctx, `SELECT `+epochColumns+` FROM epochs ORDER BY number DESC LIMIT 1`)
}

// Epoch implements rewards.Store.
func (st rewardStore) Epoch(ctx context.Context, number int64) (rewards.Epoch, error) {
	return st.epoch(ctx, `SELECT `+epochColumns+` FROM epochs WHERE number = $1`, number)
}

func (st rewardStore) epoch(ctx context.Context, text string, args ...any) (e rewards.Epoch, err error) {
	found := false
	err = st.read(ctx, func(db querier) error {
		return db.query(ctx, func(r row) (err error) {
			found = true
			e, err = scanEpoch(r)
			return err
		}, text, args...)
	})
	if err == nil && !found {
		return rewards.Epoch{}, rewards.ErrNoEpoch
	}
	return e, err
}

// Epochs implements rewards.Store.
func (st rewardStore) Epochs(ctx context.Context, page tasknet.Page) ([]rewards.Epoch, string, error) {
	after, err := cursorNumber(page, 0)
	if err != nil {
		return nil, "", err
	}
	return readPage(ctx, st, page, func(r row) (rewards.Epoch, string, error) {
		e, err := scanEpoch(r)
		return e, strconv.FormatInt(e.Number, 10), err
	}, `SELECT `+epochColumns+` FROM epochs WHERE number > $1 ORDER BY number`, after)
}

// AdvanceEpoch implements rewards.Store.
func (st rewardStore) AdvanceEpoch(ctx context.Context, number int64, from, to rewards.EpochState, m rewards.Mined) error {
	set := `state = $3, gas = gas + $4`
	args := []any{number, from, to, m.Gas}
	if m.Tx != (rewards.Hash{}) {
		args = append(args, m.Tx[:])
		set += `, tx = $` + strconv.Itoa(len(args))
	}
	if m.Block != 0 {
		args = append(args, m.Block)
		set += `, block = $` + strconv.Itoa(len(args))
	}
	return st.write(ctx, func(db querier) error {
		n, err := db.exec(ctx, `UPDATE epochs SET `+set+` WHERE number = $1 AND state = $2`, args...)
		if err == nil && n == 0 {
			return rewards.ErrEpochMoved
		}
		return err
	})
}

// RecordClaims implements rewards.Store.
func (st rewardStore) RecordClaims(ctx context.Context, claims []rewards.Claimed, tx rewards.Hash, at time.Time) error {
	return st.write(ctx, func(db querier) error {
		return db.savepoint(ctx, func() error {
			if err := lockOrder(ctx, db); err != nil {
				return err
			}
			for _, c := range claims {
				if err := recordClaim(ctx, db, c, tx, at); err != nil {
					return fmt.Errorf("claim of %s: %w", c.Payee, err)
				}
			}
			return nil
		})
	})
}

func recordClaim(ctx context.Context, db querier, c rewards.Claimed, tx rewards.Hash, at time.Time) error {
	var before int64
	found, err := get(ctx, db, []any{&before}, `SELECT claimed FROM payees WHERE payee = $1`, c.Payee)
	if err != nil {
		return err
	}
	paid := c.Cumulative.Sub(tasknet.Micro(before))
	if !found || paid.Sign() <= 0 {
		return nil
	}
	cause := c.Payee + ":" + strconv.FormatInt(c.Cumulative.Micro(), 10)
	if err := postAgain(ctx, db, rewards.Transaction{Kind: rewards.ClaimTx, Cause: cause, At: at, Entries: []rewards.Entry{
		{Account: rewards.Unclaimed(c.Payee), Amount: paid.Neg()}, {Account: rewards.ClaimedAccount, Amount: paid},
	}}); err != nil {
		return err
	}
	_, err = db.execAll(ctx, []statement{
		{`UPDATE payees SET claimed = $2 WHERE payee = $1`, []any{c.Payee, c.Cumulative.Micro()}},
		{`UPDATE payouts SET claimed = 1, claim_tx = $3 WHERE payee = $1 AND cumulative <= $2 AND claimed = 0`, []any{c.Payee, c.Cumulative.Micro(), tx[:]}},
	})
	return err
}

// UndoClaims implements rewards.Store.
func (st rewardStore) UndoClaims(ctx context.Context, claims []rewards.Claimed, at time.Time) (sum tasknet.Amount, err error) {
	err = st.write(ctx, func(db querier) error {
		sum = tasknet.Amount{}
		return db.savepoint(ctx, func() error {
			if err := lockOrder(ctx, db); err != nil {
				return err
			}
			for _, c := range claims {
				undone, err := undoClaim(ctx, db, c, at)
				if err != nil {
					return fmt.Errorf("claim of %s: %w", c.Payee, err)
				}
				sum = sum.Add(undone)
			}
			return nil
		})
	})
	return sum, err
}

func undoClaim(ctx context.Context, db querier, c rewards.Claimed, at time.Time) (none tasknet.Amount, err error) {
	var before int64
	found, err := get(ctx, db, []any{&before}, `SELECT claimed FROM payees WHERE payee = $1`, c.Payee)
	if err != nil {
		return none, err
	}
	gone := tasknet.Micro(before).Sub(c.Cumulative)
	if !found || gone.Sign() <= 0 {
		return none, nil
	}
	cause := "claim " + c.Payee + ":" + strconv.FormatInt(before, 10)
	if err := postAgain(ctx, db, rewards.Transaction{Kind: rewards.UndoTx, Cause: cause, At: at, Entries: []rewards.Entry{
		{Account: rewards.ClaimedAccount, Amount: gone.Neg()}, {Account: rewards.Unclaimed(c.Payee), Amount: gone},
	}}); err != nil {
		return none, err
	}
	_, err = db.execAll(ctx, []statement{
		{`UPDATE payees SET claimed = $2 WHERE payee = $1`, []any{c.Payee, c.Cumulative.Micro()}},
		{`UPDATE payouts SET claimed = 0, claim_tx = $3 WHERE payee = $1 AND cumulative > $2 AND claimed = 1`, []any{c.Payee, c.Cumulative.Micro(), make([]byte, len(rewards.Hash{}))}},
	})
	return gone, err
}

// postAgain posts a transaction about a claim. One of the same claim may have been posted and undone before: then it is numbered.
func postAgain(ctx context.Context, db querier, t rewards.Transaction) error {
	t.ID = rewards.TxID(tasknet.NewID(rewards.TxPrefix, t.At))
	cause := t.Cause
	for again := 1; ; again++ {
		if _, err := post(ctx, db, t); !errors.Is(err, rewards.ErrPosted) {
			return err
		}
		t.Cause = fmt.Sprintf("%s#%d", cause, again)
	}
}

// PayoutsOf implements rewards.Store.
func (st rewardStore) PayoutsOf(ctx context.Context, person string, page tasknet.Page) ([]rewards.Payout, string, error) {
	before, err := cursorNumber(page, math.MaxInt64)
	if err != nil {
		return nil, "", err
	}
	return readPage(ctx, st, page, func(r row) (rewards.Payout, string, error) {
		p, err := scanPayout(r)
		return p, strconv.FormatInt(p.Epoch, 10), err
	}, `SELECT `+payoutColumns+` FROM payouts WHERE payee IN (SELECT y.payee FROM payees y WHERE y.person = $1) AND epoch < $2 ORDER BY epoch DESC`, person, before)
}
