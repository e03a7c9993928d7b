package store

import (
	"context"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
)

// looksKept is how many blocks are remembered up to which events were booked. A re-organisation that takes back more makes
// the payer read all of the vault's events again.
const looksKept = 256

// Looks implements rewards.Store.
func (st rewardStore) Looks(ctx context.Context) (looks []rewards.Look, err error) {
	err = st.read(ctx, func(db querier) error {
		looks = nil
		return db.query(ctx, func(r row) error {
			var l rewards.Look
			var hash []byte
			err := r.Scan(&l.Block, &hash)
			copy(l.Hash[:], hash)
			looks = append(looks, l)
			return err
		}, `SELECT block, hash FROM vault_looks ORDER BY block DESC LIMIT $1`, int64(looksKept))
	})
	return looks, err
}

// AskedThrough implements rewards.Store.
func (st rewardStore) AskedThrough(ctx context.Context, oracle rewards.Address) (block int64, err error) {
	err = st.read(ctx, func(db querier) error {
		_, err := get(ctx, db, []any{&block}, `SELECT through FROM oracle_looks WHERE oracle = $1`, oracle[:])
		return err
	})
	return block, err
}

// StepBack implements rewards.Store.
func (st rewardStore) StepBack(ctx context.Context, block int64) error {
	return st.write(ctx, func(db querier) error {
		_, err := db.execAll(ctx, []statement{
			{`DELETE FROM vault_looks WHERE block > $1`, []any{block}},
			{`UPDATE oracle_looks SET through = $1 WHERE through > $1`, []any{block}},
		})
		return err
	})
}

// BookEvents implements rewards.Store.
func (st rewardStore) BookEvents(ctx context.Context, bookings []rewards.Booking, through rewards.Look, at time.Time) error {
	return st.write(ctx, func(db querier) error {
		return db.savepoint(ctx, func() error {
			if err := lockOrder(ctx, db); err != nil {
				return err
			}
			for _, b := range bookings {
				if err := bookEvent(ctx, db, b, at); err != nil {
					return fmt.Errorf("book %s %s: %w", b.Event.Kind, b.Event.Cause(), err)
				}
			}
			looks := []statement{
				{`INSERT INTO vault_looks (block, hash) VALUES ($1, $2) ON CONFLICT (block) DO NOTHING`, []any{through.Block, through.Hash[:]}},
				{`DELETE FROM vault_looks WHERE block <= (SELECT block FROM vault_looks ORDER BY block DESC LIMIT 1 OFFSET $1)`, []any{int64(looksKept)}},
			}
			if through.Oracle != (rewards.Address{}) {
				looks = append(looks, statement{`INSERT INTO oracle_looks (oracle, through) VALUES ($1, $2) ON CONFLICT (oracle) DO UPDATE SET through = excluded.through`, []any{through.Oracle[:], through.Block}})
			}
			_, err := db.execAll(ctx, looks)
			return err
		})
	})
}

func bookEvent(ctx context.Context, db querier, b rewards.Booking, at time.Time) error {
	e, key := b.Event, b.Event.Account()
	var there, again, n int64
	if _, err := get(ctx, db, []any{&there, &again, &n}, `SELECT COALESCE(SUM(1 - undone), 0), COUNT(*), (SELECT COALESCE(MAX(n), 0) + 1 FROM vault_events)
		FROM vault_events WHERE tx = $1 AND log_index = $2`, e.Tx[:], e.LogIndex); err != nil {
		return err
	}
	if there > 0 && e.Ask != nil { // when nobody knew that it was asked, it was nobody's, and moved nothing
		strange, err := db.exec(ctx, `DELETE FROM vault_events WHERE tx = $1 AND log_index = $2 AND undone = 0 AND org = ''`, e.Tx[:], e.LogIndex)
		if err != nil {
			return err
		}
		there, again = there-strange, again-strange
	}
	if there > 0 {
		_, err := db.exec(ctx, `UPDATE vault_events SET block = $3 WHERE tx = $1 AND log_index = $2 AND undone = 0 AND block <> $3`, e.Tx[:], e.LogIndex, e.Block)
		return err
	}
	if e.Kind == rewards.Deposited {
		if _, err := db.exec(ctx, `INSERT INTO vault_accounts (account, owner, reference, org, since, position)
			VALUES ($1, $2, $3, $4, $5, (SELECT COALESCE(MAX(position), 0) + 1 FROM vault_accounts)) ON CONFLICT (account) DO NOTHING`,
			key[:], e.Owner[:], e.Reference[:], b.Org, e.Block); err != nil {
			return err
		}
	}
	if e.Ask != nil {
		if err := bookRequest(ctx, db, b, at); err != nil {
			return err
		}
	}
	h, err := holdings(ctx, db, b)
	if err != nil {
		return err
	}
	b.Book(h, int(again), at)
	seq := int64(0)
	if b.Tx.ID != "" {
		if seq, err = post(ctx, db, b.Tx); err != nil {
			return err
		}
	}
	base := ""
	if e.Base != nil {
		base = e.Base.String()
	}
	_, err = db.exec(ctx, `INSERT INTO vault_events (n, tx, log_index, kind, block, account, base, org, amount, seq, undone) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0)`,
		n, e.Tx[:], e.LogIndex, e.Kind, e.Block, key[:], base, b.Org, b.Amount.Micro(), seq)
	return err
}

// holdings reads where the money is that an event concerns.
func holdings(ctx context.Context, db querier, b rewards.Booking) (h rewards.Holdings, err error) {
	key := b.Event.Account()
	for _, of := range []struct {
		account rewards.Account
		amount  *tasknet.Amount
	}{{rewards.Requester(b.Org), &h.Available}, {rewards.Frozen(key), &h.Frozen}, {rewards.Debt(b.Org), &h.Debt}} {
		if *of.amount, err = amountOf(ctx, db, `SELECT balance FROM accounts WHERE account = $1`, of.account); err != nil {
			return h, err
		}
	}
	h.Left, err = amountOf(ctx, db, `SELECT CAST(COALESCE(SUM(CASE kind WHEN 'deposit' THEN amount WHEN 'withdrawal' THEN -amount ELSE 0 END), 0) AS BIGINT)
		FROM vault_events WHERE account = $1 AND undone = 0`, key[:])
	return h, err
}

func amountOf(ctx context.Context, db querier, text string, args ...any) (tasknet.Amount, error) {
	var micro int64
	_, err := get(ctx, db, []any{&micro}, text, args...)
	return tasknet.Micro(micro), err
}

const eventColumns = `e.tx, e.log_index, e.kind, e.block, e.base, e.org, e.amount, a.owner, a.reference`

func scanBooking(r row, more ...any) (b rewards.Booking, err error) {
	var tx, owner, reference []byte
	var base string
	var amount int64
	err = r.Scan(append([]any{&tx, &b.Event.LogIndex, &b.Event.Kind, &b.Event.Block, &base, &b.Org, &amount, &owner, &reference}, more...)...)
	copy(b.Event.Tx[:], tx)
	copy(b.Event.Owner[:], owner)
	copy(b.Event.Reference[:], reference)
	b.Amount = tasknet.Micro(amount)
	if err == nil && base != "" {
		sum, ok := new(big.Int).SetString(base, 10)
		if !ok {
			return b, fmt.Errorf("event %x:%d is of %q", tx, b.Event.LogIndex, base)
		}
		b.Event.Base = sum
	}
	return b, err
}

// EventsAfter implements rewards.Store.
func (st rewardStore) EventsAfter(ctx context.Context, block int64) (list []rewards.Booking, err error) {
	err = st.read(ctx, func(db querier) error {
		list = nil
		return db.query(ctx, func(r row) error {
			b, err := scanBooking(r)
			list = append(list, b)
			return err
		}, `SELECT `+eventColumns+` FROM vault_events e JOIN vault_accounts a ON a.account = e.account WHERE e.block > $1 AND e.undone = 0 ORDER BY e.block, e.log_index`, block)
	})
	return list, err
}

// UndoEvent implements rewards.Store.
func (st rewardStore) UndoEvent(ctx context.Context, e rewards.Event, at time.Time) error {
	return st.write(ctx, func(db querier) error {
		return db.savepoint(ctx, func() error {
			if err := lockOrder(ctx, db); err != nil {
				return err
			}
			b := rewards.Booking{Event: e}
			var amount, seq, before int64
			found, err := get(ctx, db, []any{&b.Org, &amount, &seq, &before}, `SELECT org, amount, seq, (SELECT COUNT(*) FROM vault_events WHERE tx = $1 AND log_index = $2 AND undone = 1)
				FROM vault_events WHERE tx = $1 AND log_index = $2 AND undone = 0`, e.Tx[:], e.LogIndex)
			if err != nil || !found {
				return err
			}
			b.Amount = tasknet.Micro(amount)
			if seq > 0 {
				h, err := holdings(ctx, db, b)
				if err != nil {
					return err
				}
				if _, err := post(ctx, db, b.Unbook(h, int(before), at)); err != nil {
					return fmt.Errorf("undo %s %s: %w", e.Kind, e.Cause(), err)
				}
			}
			_, err = db.execAll(ctx, []statement{
				{`UPDATE vault_events SET undone = 1 WHERE tx = $1 AND log_index = $2 AND undone = 0`, []any{e.Tx[:], e.LogIndex}},
				{`UPDATE requests SET gone = 1 WHERE tx = $1 AND log_index = $2 AND gone = 0`, []any{e.Tx[:], e.LogIndex}},
			})
			return err
		})
	})
}

// VaultAccounts implements rewards.Store.
func (st rewardStore) VaultAccounts(ctx context.Context, org string) (list []rewards.VaultAccount, err error) {
	err = st.read(ctx, func(db querier) error {
		list, err = vaultAccounts(ctx, db, org)
		return err
	})
	return list, err
}

// vaultAccounts reads the accounts of an organisation, or all of them when it is empty. What they have spent is of the
// newest epoch.
func vaultAccounts(ctx context.Context, db querier, org string) (list []rewards.VaultAccount, err error) {
	text, args := `SELECT a.account, a.owner, a.reference, a.org,
			COALESCE((SELECT CAST(SUM(e.amount) AS BIGINT) FROM vault_events e WHERE e.account = a.account AND e.kind = 'deposit' AND e.undone = 0), 0),
			COALESCE((SELECT CAST(SUM(e.amount) AS BIGINT) FROM vault_events e WHERE e.account = a.account AND e.kind = 'withdrawal' AND e.undone = 0), 0),
			COALESCE((SELECT s.spent FROM spending s WHERE s.account = a.account ORDER BY s.epoch DESC LIMIT 1), 0), a.since,
			COALESCE((SELECT l.kind FROM vault_events l WHERE l.account = a.account AND l.undone = 0 AND l.kind <> 'deposit' ORDER BY l.block DESC, l.log_index DESC LIMIT 1), '')
		FROM vault_accounts a ORDER BY a.position`, []any(nil)
	if org != "" {
		text, args = strings.Replace(text, "vault_accounts a ", "vault_accounts a WHERE a.org = $1 ", 1), []any{org}
	}
	err = db.query(ctx, func(r row) error {
		var a rewards.VaultAccount
		var last string
		err := scanAccount(r, &a, &a.Since, &last)
		a.Noticed = last == string(rewards.NoticeGiven)
		list = append(list, a)
		return err
	}, text, args...)
	return list, err
}

func scanAccount(r row, a *rewards.VaultAccount, more ...any) error {
	var key, owner, reference []byte
	var deposited, withdrawn, spent int64
	err := r.Scan(append([]any{&key, &owner, &reference, &a.Org, &deposited, &withdrawn, &spent}, more...)...)
	copy(a.Key[:], key)
	copy(a.Owner[:], owner)
	copy(a.Reference[:], reference)
	a.Deposited, a.Withdrawn, a.Spent = tasknet.Micro(deposited), tasknet.Micro(withdrawn), tasknet.Micro(spent)
	return err
}

// Spending implements rewards.Store.
func (st rewardStore) Spending(ctx context.Context, epoch int64) (list []rewards.VaultAccount, err error) {
	err = st.read(ctx, func(db querier) error {
		list, err = spendingBy(ctx, db, epoch)
		return err
	})
	return list, err
}

func spendingBy(ctx context.Context, db querier, epoch int64) (list []rewards.VaultAccount, err error) {
	err = db.query(ctx, func(r row) error {
		var a rewards.VaultAccount
		err := scanAccount(r, &a, &a.Since)
		list = append(list, a)
		return err
	}, `SELECT a.account, a.owner, a.reference, a.org, s.deposited, s.withdrawn, s.spent, a.since FROM vault_accounts a JOIN spending s ON s.account = a.account
		AND s.epoch = (SELECT MAX(b.epoch) FROM spending b WHERE b.account = a.account AND b.epoch <= $1) ORDER BY a.position`, epoch)
	return list, err
}

// SpentNow implements rewards.Store.
func (st rewardStore) SpentNow(ctx context.Context) (sum tasknet.Amount, err error) {
	err = st.write(ctx, func(db querier) error { // which sees all as of one moment
		if err := lockOrder(ctx, db); err != nil {
			return err
		}
		_, sum, err = spendNow(ctx, db)
		return err
	})
	return sum, err
}

// spendNow returns what accounts have spent as of the ledger as it is now, and the sum.
func spendNow(ctx context.Context, db querier) (all []rewards.VaultAccount, sum tasknet.Amount, err error) {
	before, err := vaultAccounts(ctx, db, "")
	if err != nil {
		return nil, sum, err
	}
	frozen, err := frozenNow(ctx, db)
	if err != nil {
		return nil, sum, err
	}
	for _, accounts := range byOrg(before) {
		spent, err := spentBy(ctx, db, accounts, frozen)
		if err != nil {
			return nil, sum, err
		}
		for _, a := range rewards.Spend(accounts, spent) {
			all, sum = append(all, a), sum.Add(a.Spent)
		}
	}
	return all, sum, nil
}

// saveSpending saves what accounts have spent by an epoch, as of the ledger as it is now, which must be as much as it pays out.
func saveSpending(ctx context.Context, db querier, epoch int64, pays tasknet.Amount) error {
	all, sum, err := spendNow(ctx, db)
	if err != nil {
		return err
	}
	if pays.Cmp(sum) > 0 {
		return rewards.ErrUncovered
	}
	saved, err := spendingBy(ctx, db, epoch)
	if err != nil {
		return err
	}
	known := make(map[rewards.Hash]rewards.VaultAccount, len(saved))
	for _, a := range saved {
		known[a.Key] = a
	}
	var batch []statement
	for _, a := range all {
		was, old := known[a.Key]
		if old && was.Deposited == a.Deposited && was.Withdrawn == a.Withdrawn && was.Spent == a.Spent {
			continue
		}
		batch = append(batch, statement{
			`INSERT INTO spending (epoch, account, deposited, withdrawn, spent) VALUES ($1, $2, $3, $4, $5)`,
			[]any{epoch, a.Key[:], a.Deposited.Micro(), a.Withdrawn.Micro(), a.Spent.Micro()},
		})
	}
	batch = append(batch, statement{
		`UPDATE epochs SET spent = $2, through = COALESCE((SELECT MAX(block) FROM vault_looks), 0) WHERE number = $1`, []any{epoch, sum.Micro()},
	})
	if _, err := db.execAll(ctx, batch); err != nil {
		return err
	}
	var shrinks int64
	if _, err := get(ctx, db, []any{&shrinks}, `SELECT COUNT(*) FROM epochs e JOIN epochs b ON b.number = e.number - 1 AND b.through > e.through WHERE e.number = $1`, epoch); err != nil {
		return err
	}
	if shrinks > 0 { // the chain took blocks back, which are looked at again first
		return rewards.ErrEpochMoved
	}
	return nil
}

// byOrg splits accounts by their organisation, in the order of the first account of each.
func byOrg(accounts []rewards.VaultAccount) [][]rewards.VaultAccount {
	var out [][]rewards.VaultAccount
	places := make(map[string]int)
	for _, a := range accounts {
		i, ok := places[a.Org]
		if !ok {
			i = len(out)
			places[a.Org], out = i, append(out, nil)
		}
		out[i] = append(out[i], a)
	}
	return out
}

// spentBy returns what the organisation whose accounts these are has spent in all: what came in less what went out and is
// still there.
func spentBy(ctx context.Context, db querier, accounts []rewards.VaultAccount, frozen map[rewards.Account]tasknet.Amount) (spent tasknet.Amount, err error) {
	org := accounts[0].Org
	if org == "" {
		return tasknet.Amount{}, nil
	}
	for _, of := range []struct {
		text string
		arg  any
	}{
		{`SELECT balance FROM accounts WHERE account = $1`, rewards.Requester(org)},
		{`SELECT balance FROM accounts WHERE account = $1`, rewards.Debt(org)},
		{`SELECT CAST(COALESCE(SUM(balance), 0) AS BIGINT) FROM accounts WHERE payer = $1 AND payer <> ''`, rewards.Requester(org)},
	} {
		left, err := amountOf(ctx, db, of.text, of.arg)
		if err != nil {
			return spent, err
		}
		spent = spent.Sub(left)
	}
	for _, a := range accounts {
		spent = spent.Add(a.Deposited).Sub(a.Withdrawn).Sub(frozen[rewards.Frozen(a.Key)])
	}
	return spent, nil
}

// frozenNow returns all money that is frozen, by account.
func frozenNow(ctx context.Context, db querier) (map[rewards.Account]tasknet.Amount, error) {
	kind := strings.TrimRight(string(rewards.Frozen(rewards.Hash{})), "0")
	out := make(map[rewards.Account]tasknet.Amount)
	err := db.query(ctx, func(r row) error {
		var account rewards.Account
		var micro int64
		err := r.Scan(&account, &micro)
		out[account] = tasknet.Micro(micro)
		return err
	}, `SELECT account, balance FROM accounts WHERE account >= $1 AND account < $2 AND balance <> 0`, kind, kind[:len(kind)-1]+string(kind[len(kind)-1]+1))
	return out, err
}

// FreezeNoticed implements rewards.Store.
func (st rewardStore) FreezeNoticed(ctx context.Context, at time.Time) (list []rewards.Uncovered, err error) {
	orgs, err := st.noticed(ctx, `kind IN ('notice', 'cancel')`)
	if err != nil {
		return nil, err
	}
	owing, err := st.owing(ctx)
	if err != nil {
		return nil, err
	}
	orgs = append(orgs, owing...)
	slices.Sort(orgs)
	for _, org := range slices.Compact(orgs) {
		var amount tasknet.Amount
		if err := st.write(ctx, func(db querier) (err error) {
			amount, err = freeze(ctx, db, org, at)
			return err
		}); err != nil {
			return nil, fmt.Errorf("freeze what %s withdraws: %w", org, err)
		}
		if amount.Sign() > 0 {
			list = append(list, rewards.Uncovered{Org: org, Amount: amount})
		}
	}
	return list, nil
}

// owing returns the organisations with debts.
func (st rewardStore) owing(ctx context.Context) (orgs []string, err error) {
	kind := string(rewards.Debt(""))
	err = st.read(ctx, func(db querier) error {
		orgs = nil
		return db.query(ctx, func(r row) error {
			var account string
			err := r.Scan(&account)
			orgs = append(orgs, account[len(kind):])
			return err
		}, `SELECT account FROM accounts WHERE account >= $1 AND account < $2 AND balance < 0`, kind, kind[:len(kind)-1]+string(kind[len(kind)-1]+1))
	})
	return orgs, err
}

// freezeFirst does what FreezeNoticed does for one organisation, before a hold is taken from it: what comes back from a question
// while its deposits are under notice, or it owes, asks no other.
func freezeFirst(ctx context.Context, db querier, hold rewards.Transaction) error {
	for _, e := range hold.Entries {
		org, ok := strings.CutPrefix(string(e.Account), string(rewards.Requester("")))
		if !ok {
			continue
		}
		var one int64
		found, err := get(ctx, db, []any{&one}, `SELECT 1 FROM vault_events WHERE org = $1 AND kind IN ('notice', 'cancel')
			UNION ALL SELECT 1 FROM accounts WHERE account = $2 AND balance < 0 LIMIT 1`, org, string(rewards.Debt(org)))
		if err != nil || !found {
			return err
		}
		_, err = freeze(ctx, db, org, hold.At)
		return err
	}
	return nil
}

// NoticeWaits implements rewards.Store.
func (st rewardStore) NoticeWaits(ctx context.Context) (waits bool, err error) {
	orgs, err := st.noticed(ctx, `kind = 'notice'`)
	if err != nil || len(orgs) == 0 {
		return false, err
	}
	err = st.write(ctx, func(db querier) error { // which sees what was spent and what is left as of one moment
		waits = false
		if err := lockOrder(ctx, db); err != nil {
			return err
		}
		frozen, err := frozenNow(ctx, db)
		if err != nil {
			return err
		}
		for _, org := range orgs {
			accounts, err := vaultAccounts(ctx, db, org)
			if err != nil {
				return err
			}
			if !slices.ContainsFunc(accounts, func(a rewards.VaultAccount) bool { return a.Noticed }) {
				continue
			}
			spent, err := spentBy(ctx, db, accounts, frozen)
			if err != nil {
				return err
			}
			for i, a := range rewards.Spend(accounts, spent) {
				waits = waits || a.Noticed && a.Spent.Cmp(accounts[i].Spent) > 0
			}
		}
		return nil
	})
	return waits, err
}

// noticed returns the organisations with events of some kinds.
func (st rewardStore) noticed(ctx context.Context, kinds string) (orgs []string, err error) {
	err = st.read(ctx, func(db querier) error {
		orgs = nil
		return db.query(ctx, func(r row) error {
			var org string
			err := r.Scan(&org)
			orgs = append(orgs, org)
			return err
		}, `SELECT DISTINCT org FROM vault_events WHERE org <> '' AND `+kinds)
	})
	return orgs, err
}

// freeze pays what an organisation owes out of what is available, freezes what is under notice, and returns how much is not
// covered then.
func freeze(ctx context.Context, db querier, org string, at time.Time) (uncovered tasknet.Amount, err error) {
	if err := lockOrder(ctx, db); err != nil {
		return uncovered, err
	}
	available, err := amountOf(ctx, db, `SELECT balance FROM accounts WHERE account = $1`, rewards.Requester(org))
	if err != nil {
		return uncovered, err
	}
	debt, err := amountOf(ctx, db, `SELECT balance FROM accounts WHERE account = $1`, rewards.Debt(org))
	if err != nil {
		return uncovered, err
	}
	// What is posted here has a cause of its own by its place in the ledger.
	postNext := func(name string, of func(cause string) rewards.Transaction) error {
		var seq int64
		if _, err := get(ctx, db, []any{&seq}, `SELECT COALESCE(MAX(seq), 0) + 1 FROM transactions`); err != nil {
			return err
		}
		_, err := post(ctx, db, of(name+":"+strconv.FormatInt(seq, 10)))
		return err
	}
	if back := min(available.Micro(), -debt.Micro()); back > 0 {
		paid := tasknet.Micro(back)
		if err := postNext(org, func(cause string) rewards.Transaction { return rewards.PayDebt(org, paid, cause, at) }); err != nil {
			return uncovered, err
		}
		available, debt = available.Sub(paid), debt.Add(paid)
	}
	accounts, err := vaultAccounts(ctx, db, org)
	if err != nil || len(accounts) == 0 { // the chain took back all its deposits
		return debt.Neg(), err
	}
	frozen, err := frozenNow(ctx, db)
	if err != nil {
		return uncovered, err
	}
	spent, err := spentBy(ctx, db, accounts, frozen)
	if err != nil {
		return uncovered, err
	}
	for _, a := range accounts {
		available = available.Add(frozen[rewards.Frozen(a.Key)])
	}
	accounts = rewards.Spend(accounts, spent)
	wants := rewards.ToFreeze(accounts, available)
	changes := make([]tasknet.Amount, len(accounts))
	for i, want := range wants {
		changes[i] = want.Sub(frozen[rewards.Frozen(accounts[i].Key)])
	}
	for _, gives := range []bool{true, false} { // first what is given back, which another account may need
		for i, change := range changes {
			if change.IsZero() || gives != (change.Sign() < 0) {
				continue
			}
			key := accounts[i].Key
			if err := postNext(hex.EncodeToString(key[:]), func(cause string) rewards.Transaction { return rewards.Freeze(org, key, change, cause, at) }); err != nil {
				return uncovered, err
			}
		}
	}
	return rewards.NotCovered(accounts, wants, debt), nil
}

// DepositsOf implements rewards.Store.
func (st rewardStore) DepositsOf(ctx context.Context, org string, page tasknet.Page) ([]rewards.Booking, string, error) {
	var where conditions
	where.add(`e.org = $`, org)
	if page.After != "" {
		before, err := cursorNumber(page, 0)
		if err != nil {
			return nil, "", err
		}
		where.add(`e.n < $`, before)
	}
	return readPage(ctx, st, page, func(r row) (rewards.Booking, string, error) {
		var n, at int64
		var tx rewards.Transaction
		b, err := scanBooking(r, &n, &tx.ID, &tx.Kind, &tx.Cause, &at)
		tx.At = timeOf(at)
		b.Tx = tx
		return b, strconv.FormatInt(n, 10), err
	}, `SELECT `+strings.NewReplacer("a.owner", "COALESCE(a.owner, e.account)", "a.reference", "COALESCE(a.reference, e.account)").Replace(eventColumns)+`, e.n, t.id, t.kind, t.cause, t.at
		FROM vault_events e JOIN transactions t ON t.seq = e.seq LEFT JOIN vault_accounts a ON a.account = e.account`+where.text()+` AND e.kind = 'deposit' AND e.undone = 0 ORDER BY e.n DESC`, where.args...)
}
