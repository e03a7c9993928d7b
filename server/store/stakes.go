package store

import (
	"context"
	"fmt"
	"math/big"
	"strconv"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
)

// StakeLook implements rewards.StakeStore.
func (st stakeStore) StakeLook(ctx context.Context, contract rewards.Address) (l rewards.Look, err error) {
	err = st.read(ctx, func(db querier) error {
		var hash []byte
		_, err := get(ctx, db, []any{&l.Block, &hash}, `SELECT block, hash FROM stake_looks WHERE contract = $1`, contract[:])
		copy(l.Hash[:], hash)
		return err
	})
	return l, err
}

// SaveStakes implements rewards.StakeStore.
func (st stakeStore) SaveStakes(ctx context.Context, seen rewards.StakesSeen) error {
	var batch []statement
	contract := seen.Contract[:]
	if seen.Anew {
		batch = append(batch,
			statement{`DELETE FROM stakes`, nil},
			statement{`DELETE FROM stake_looks`, nil},
			statement{`UPDATE stake_cases SET state = 'prepared', id = 0, until = 0, taken = '', tx = $2 WHERE contract = $1`, []any{contract, []byte{}}},
		)
	}
	for _, e := range seen.Events {
		switch e.Kind {
		case rewards.CaseWasOpened:
			batch = append(batch, statement{`UPDATE stake_cases SET state = 'opened', id = $4, until = $5, tx = $6 WHERE staker = $2 AND evidence = $3 AND contract = $1 AND state <> 'slashed'`, []any{contract, e.Staker[:], e.Evidence[:], e.Case, micros(e.Until), e.Tx[:]}})
		case rewards.CaseSlashed:
			batch = append(batch, statement{`UPDATE stake_cases SET state = 'slashed', taken = $3, tx = $4 WHERE contract = $1 AND id = $2 AND state <> 'slashed'`, []any{contract, e.Case, e.Amount.String(), e.Tx[:]}})
		case rewards.CaseWasClosed:
			batch = append(batch, statement{`UPDATE stake_cases SET state = 'dismissed', tx = $3 WHERE contract = $1 AND id = $2 AND state <> 'slashed'`, []any{contract, e.Case, e.Tx[:]}})
		}
	}
	batch = append(batch, statement{`UPDATE stake_cases SET state = 'expired' WHERE contract = $1 AND state IN ('prepared', 'opened') AND state = 'opened' AND until <= $2`, []any{contract, micros(seen.Time)}})
	for _, s := range seen.Stakes {
		batch = append(batch, statement{
			`INSERT INTO stakes (staker, staked, asked, counts, ready_at, open_case) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (staker) DO UPDATE SET staked = $2, asked = $3, counts = $4, ready_at = $5, open_case = $6`,
			[]any{s.Staker[:], s.Staked.Micro(), s.Asked.Micro(), s.Counts.Micro(), micros(s.ReadyAt), s.Case},
		})
	}
	batch = append(batch, statement{`INSERT INTO stake_looks (contract, block, hash) VALUES ($1, $2, $3) ON CONFLICT (contract) DO UPDATE SET block = $2, hash = $3`, []any{contract, seen.Through.Block, seen.Through.Hash[:]}})
	return st.write(ctx, func(db querier) error {
		_, err := db.execAll(ctx, batch)
		return err
	})
}

// StakeOf implements rewards.StakeStore.
func (st stakeStore) StakeOf(ctx context.Context, staker rewards.Address) (rewards.KnownStake, error) {
	k := rewards.KnownStake{Staker: staker}
	var staked, asked, counts, ready int64
	err := st.read(ctx, func(db querier) error {
		_, err := get(ctx, db, []any{&staked, &asked, &counts, &ready, &k.Case}, `SELECT staked, asked, counts, ready_at, open_case FROM stakes WHERE staker = $1`, staker[:])
		return err
	})
	k.Staked, k.Asked, k.Counts, k.ReadyAt = tasknet.Micro(staked), tasknet.Micro(asked), tasknet.Micro(counts), timeOf(ready)
	return k, err
}

// FrozenStakes implements rewards.StakeStore.
func (st stakeStore) FrozenStakes(ctx context.Context) (list []rewards.Address, err error) {
	err = st.read(ctx, func(db querier) error {
		list = nil
		return db.query(ctx, func(r row) error {
			var staker []byte
			err := r.Scan(&staker)
			list = append(list, addressFrom(staker))
			return err
		}, `SELECT staker FROM stakes WHERE open_case > 0 ORDER BY staker`)
	})
	return list, err
}

// addressFrom returns the address in bytes of a column; zero when there are none.
func addressFrom(b []byte) (a rewards.Address) {
	copy(a[:], b)
	return a
}

// PrepareCase implements rewards.StakeStore.
func (st stakeStore) PrepareCase(ctx context.Context, c *rewards.StakeCase) error {
	harmed, honest := []byte{}, []byte{}
	if c.Harmed != (rewards.Address{}) {
		harmed = c.Harmed[:]
	}
	for _, a := range c.Honest {
		honest = append(honest, a[:]...)
	}
	return st.write(ctx, func(db querier) error {
		if err := lockOrder(ctx, db); err != nil {
			return err
		}
		n, err := db.exec(ctx, `INSERT INTO stake_cases (number, contract, job, part, owner, staker, evidence, amount, harmed, honest, at, state, id, until, taken, tx)
			VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM stake_cases), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'prepared', 0, 0, '', $11) ON CONFLICT (job, part, owner) DO NOTHING`,
			c.Contract[:], c.Job, c.Part, c.Owner, c.Staker[:], c.Evidence[:], c.Amount.Micro(), harmed, honest, micros(c.At), []byte{})
		if err != nil {
			return err
		}
		if n == 0 {
			return rewards.ErrCaseExists
		}
		_, err = get(ctx, db, []any{&c.Number}, `SELECT number FROM stake_cases WHERE job = $1 AND part = $2 AND owner = $3`, c.Job, c.Part, c.Owner)
		return err
	})
}

const caseColumns = `number, contract, job, part, owner, staker, evidence, amount, harmed, honest, at, state, id, until, taken, tx`

func scanCase(r row) (c rewards.StakeCase, err error) {
	var contract, staker, evidence, harmed, honest, tx []byte
	var amount, at, until int64
	var taken string
	if err := r.Scan(&c.Number, &contract, &c.Job, &c.Part, &c.Owner, &staker, &evidence, &amount, &harmed, &honest, &at, &c.State, &c.ID, &until, &taken, &tx); err != nil {
		return c, err
	}
	c.Contract, c.Staker, c.Harmed = addressFrom(contract), addressFrom(staker), addressFrom(harmed)
	copy(c.Evidence[:], evidence)
	copy(c.Tx[:], tx)
	for ; len(honest) >= len(rewards.Address{}); honest = honest[len(rewards.Address{}):] {
		c.Honest = append(c.Honest, addressFrom(honest))
	}
	c.Amount, c.At, c.Until = tasknet.Micro(amount), timeOf(at), timeOf(until)
	if taken != "" {
		var ok bool
		if c.Taken, ok = new(big.Int).SetString(taken, 10); !ok {
			return c, fmt.Errorf("what case %d has taken: %q", c.Number, taken)
		}
	}
	return c, nil
}

func (st stakeStore) cases(ctx context.Context, where string, args ...any) (list []rewards.StakeCase, err error) {
	err = st.read(ctx, func(db querier) error {
		list = nil
		return db.query(ctx, func(r row) error {
			c, err := scanCase(r)
			list = append(list, c)
			return err
		}, `SELECT `+caseColumns+` FROM stake_cases WHERE `+where, args...)
	})
	return list, err
}

// Case implements rewards.StakeStore.
func (st stakeStore) Case(ctx context.Context, number int64) (rewards.StakeCase, error) {
	list, err := st.cases(ctx, `number = $1`, number)
	if err == nil && len(list) == 0 {
		err = rewards.ErrNoCase
	}
	if err != nil {
		return rewards.StakeCase{}, err
	}
	return list[0], nil
}

// Cases implements rewards.StakeStore.
func (st stakeStore) Cases(ctx context.Context, page tasknet.Page) ([]rewards.StakeCase, string, error) {
	after, err := cursorNumber(page, 0)
	if err != nil {
		return nil, "", err
	}
	return readPage(ctx, st, page, func(r row) (rewards.StakeCase, string, error) {
		c, err := scanCase(r)
		return c, strconv.FormatInt(c.Number, 10), err
	}, `SELECT `+caseColumns+` FROM stake_cases WHERE number > $1 ORDER BY number`, after)
}

// CasesOf implements rewards.StakeStore.
func (st stakeStore) CasesOf(ctx context.Context, job string) ([]rewards.StakeCase, error) {
	return st.cases(ctx, `job = $1 ORDER BY number`, job)
}

// CasesToDecide implements rewards.StakeStore.
func (st stakeStore) CasesToDecide(ctx context.Context, contract rewards.Address, limit int) ([]rewards.StakeCase, error) {
	return st.cases(ctx, `contract = $1 AND state IN ('prepared', 'opened') ORDER BY number LIMIT $2`, contract[:], limit)
}
