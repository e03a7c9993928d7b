package verify

import (
	"context"
	"encoding/hex"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/wire"
)

// vault is what requesters did with the vault, as the ledger and the epochs have it.
type vault struct {
	spent     map[string]tasknet.Amount // by organisations, in all
	deposited map[string]tasknet.Amount // for organisations, and not undone
	withdrawn map[string]tasknet.Amount
	frozen    map[rewards.Account]string // whose money is in an account of frozen money
	moves     map[string]move            // deposits and withdrawals that are not undone, by cause
	accounts  []rewards.VaultAccount     // of the newest epoch
	headers   bool                       // an epoch had one
}

// move is a deposit or a withdrawal that the ledger has.
type move struct {
	kind   rewards.EventKind
	org    string
	amount tasknet.Amount
	epoch  int64 // the newest that was closed before
}

func newVault() vault {
	return vault{
		spent: make(map[string]tasknet.Amount), deposited: make(map[string]tasknet.Amount), withdrawn: make(map[string]tasknet.Amount),
		frozen: make(map[rewards.Account]string), moves: make(map[string]move),
	}
}

// spends counts what a transaction takes from organisations for good: what leaves them is spent, but for what goes into or
// out of the vault. It comes before the transaction's own check, which may forget who set a hold aside.
func (v *verification) spends(t rewards.Transaction) {
	switch t.Kind {
	case rewards.DepositTx, rewards.HoldTx, rewards.NoticeTx, rewards.DebtTx, rewards.WithdrawalTx, rewards.UndoTx:
		return
	}
	for _, e := range t.Entries {
		org := owner(e.Account, rewards.Requester(""))
		if question := owner(e.Account, rewards.HoldFor("")); question != "" {
			org = v.ledger.holders[question]
		}
		if org != "" {
			v.vault.spent[org] = v.vault.spent[org].Sub(e.Amount)
		}
	}
}

// deposits takes a deposit apart: to one requester, whose debts come first.
func (v *verification) depositTx(t rewards.Transaction, from, to []rewards.Entry, wrong func(string, any, any) error) error {
	org, sum := v.whose(to)
	if len(from) != 1 || from[0].Account != rewards.DepositsAccount || org == "" {
		return wrong("entries", "from the chain to one requester", names(t))
	}
	v.vault.deposited[org] = v.vault.deposited[org].Add(sum)
	v.vault.moves[t.Cause] = move{rewards.Deposited, org, sum, v.epochs.last}
	return nil
}

func (v *verification) withdrawalTx(t rewards.Transaction, from, to []rewards.Entry, wrong func(string, any, any) error) error {
	org, sum := v.whose(from)
	if len(to) != 1 || to[0].Account != rewards.WithdrawnAccount || org == "" {
		return wrong("entries", "from one requester to "+string(rewards.WithdrawnAccount), names(t))
	}
	v.vault.withdrawn[org] = v.vault.withdrawn[org].Sub(sum)
	v.vault.moves[t.Cause] = move{rewards.Withdrawn, org, sum.Neg(), v.epochs.last}
	return nil
}

// undoTx takes back a deposit or a withdrawal that the chain has no more.
func (v *verification) undoTx(t rewards.Transaction, from, to []rewards.Entry, wrong func(string, any, any) error) error {
	kind, cause, _ := strings.Cut(t.Cause, " ")
	m, ok := v.vault.moves[cause]
	if !ok || kind != string(m.kind) {
		return wrong("cause", "a deposit or a withdrawal that is not undone", t.Cause)
	}
	theirs, world, account := from, to, rewards.DepositsAccount
	if m.kind == rewards.Withdrawn {
		theirs, world, account = to, from, rewards.WithdrawnAccount
	}
	org, sum := v.whose(theirs)
	if m.kind == rewards.Deposited {
		sum = sum.Neg()
	}
	if len(world) != 1 || world[0].Account != account || org != m.org || sum != m.amount {
		return wrong("entries", fmt.Sprintf("the %s of %s that was %s's", kind, m.amount, m.org), names(t))
	}
	delete(v.vault.moves, cause)
	if m.kind == rewards.Deposited {
		v.vault.deposited[org] = v.vault.deposited[org].Sub(sum)
	} else {
		v.vault.withdrawn[org] = v.vault.withdrawn[org].Sub(sum)
	}
	return nil
}

// noticeTx moves money between what a requester can spend and what is frozen.
func (v *verification) noticeTx(t rewards.Transaction, wrong func(string, any, any) error) error {
	org, frozen := "", rewards.Account("")
	for _, e := range t.Entries {
		if id := owner(e.Account, rewards.Requester("")); id != "" {
			org = id
		} else if strings.HasPrefix(string(e.Account), frozenPrefix) {
			frozen = e.Account
		}
	}
	if was, known := v.vault.frozen[frozen]; len(t.Entries) != 2 || org == "" || frozen == "" || known && was != org {
		return wrong("entries", "between a requester and what is frozen of theirs", names(t))
	}
	// The cause is the account, and the transaction's place in the ledger.
	if want := fmt.Sprintf("%s:%d", strings.TrimPrefix(string(frozen), frozenPrefix), v.report.Transactions+1); t.Cause != want {
		return wrong("cause", want, t.Cause)
	}
	v.vault.frozen[frozen] = org
	return nil
}

// debtTx pays what a requester owes out of what it could spend.
func (v *verification) debtTx(t rewards.Transaction, from, to []rewards.Entry, wrong func(string, any, any) error) error {
	org := ""
	if len(from) == 1 {
		org = owner(from[0].Account, rewards.Requester(""))
	}
	if org == "" || len(to) != 1 || to[0].Account != rewards.Debt(org) {
		return wrong("entries", "from a requester to its debt", names(t))
	}
	// The cause is the organisation, and the transaction's place in the ledger.
	if want := fmt.Sprintf("%s:%d", org, v.report.Transactions+1); t.Cause != want {
		return wrong("cause", want, t.Cause)
	}
	return nil
}

var frozenPrefix = strings.TrimRight(string(rewards.Frozen(rewards.Hash{})), "0")

// whose returns the one organisation that entries are of, what it can spend, owes and has frozen alike, and their sum.
func (v *verification) whose(entries []rewards.Entry) (org string, sum tasknet.Amount) {
	for i, e := range entries {
		id := owner(e.Account, rewards.Requester(""))
		if id == "" {
			id = owner(e.Account, rewards.Debt(""))
		}
		if id == "" {
			id = v.vault.frozen[e.Account]
		}
		if id == "" || i > 0 && id != org {
			return "", sum
		}
		org, sum = id, sum.Add(e.Amount)
	}
	return org, sum
}

// spending checks what an epoch says that accounts in the vault have spent, and its header.
func (v *verification) spending(ctx context.Context, record wire.Epoch, root rewards.Hash, cumulative tasknet.Amount) error {
	wrong := func(field string, expected, got any) error {
		return &Mismatch{"epoch", fmt.Sprint(record.Number), field, fmt.Sprint(expected), fmt.Sprint(got)}
	}
	var listed []rewards.VaultAccount
	for w, err := range v.source.EpochSpending(ctx, record.Number) {
		if err != nil {
			return err
		}
		a, err := v.vaultAccount(w, wrong)
		if err != nil {
			return err
		}
		listed = append(listed, a)
	}
	state := rewards.EpochState(record.State)
	if record.Header == nil && len(listed) == 0 && !v.vault.headers && state == rewards.Settled {
		return nil // under a first vault, which knew nothing of this
	}
	spent, err := v.spend(listed, wrong)
	if err != nil {
		return err
	}
	if cumulative.Cmp(spent) > 0 { // the vault refuses such a root, and then nobody is paid
		return wrong("total", fmt.Sprintf("at most the %s that requesters spent of what is in the vault", spent), cumulative)
	}
	if record.Header == nil {
		if state != rewards.Planned {
			return wrong("header", "one, as the epoch is "+record.State, "none")
		}
		return nil
	}
	v.vault.headers = true
	tree, err := rewards.SpendingTree(listed, v.token)
	if err != nil {
		return wrong("spending", "leaves that make a tree", err)
	}
	h := record.Header
	header := rewards.Header{
		Epoch: record.Number, Payouts: root, Spending: tree.Root(), Total: v.token.Base(cumulative), Spent: v.token.Base(spent), Through: h.Through, LogSize: h.LogSize,
	}
	for _, f := range []struct {
		field string
		text  string
		hash  *rewards.Hash
	}{{"verdicts", h.Verdicts, &header.Verdicts}, {"log_root", h.LogRoot, &header.LogRoot}} {
		raw, err := hex.DecodeString(f.text)
		if err != nil || len(raw) != len(f.hash) {
			return wrong(f.field, "32 bytes in hex", f.text)
		}
		copy(f.hash[:], raw)
	}
	hash := header.Hash()
	for _, f := range []struct {
		field         string
		expected, got any
	}{
		{"header payouts", hashText(root), h.Payouts},
		{"header spending", hashText(header.Spending), h.Spending},
		{"header total", header.Total.String(), h.Total},
		{"header spent", header.Spent.String(), h.Spent},
		{"header hash", hashText(hash), h.Hash},
	} {
		if f.expected != f.got {
			return wrong(f.field, f.expected, f.got)
		}
	}
	if h.Through < v.epochs.through || h.LogSize < v.epochs.logSize {
		return wrong("header", fmt.Sprintf("through block %d and log size %d at least, as before", v.epochs.through, v.epochs.logSize), fmt.Sprintf("%d and %d", h.Through, h.LogSize))
	}
	if err := v.epochVerdicts(ctx, record, header.Verdicts, wrong); err != nil {
		return err
	}
	if err := v.log.anchors(h.LogSize, header.LogRoot, wrong); err != nil {
		return err
	}
	v.epochs.through, v.epochs.logSize = h.Through, h.LogSize
	v.cfg.header(header)
	v.epochs.keep(record.Number, hash)
	return nil
}

// vaultAccount reads an account, whose key must be that of its owner and its reference.
func (v *verification) vaultAccount(w wire.VaultAccount, wrong func(string, any, any) error) (a rewards.VaultAccount, err error) {
	wallet, err := polls.ParseWallet(w.Owner)
	if err != nil {
		return a, wrong("owner of account "+w.Account, "an address", w.Owner)
	}
	reference, err := hex.DecodeString(w.Reference)
	if err != nil || len(reference) != 32 {
		return a, wrong("reference of account "+w.Account, "32 bytes in hex", w.Reference)
	}
	a = rewards.VaultAccount{Owner: rewards.Address(wallet), Reference: [32]byte(reference), Org: w.Org, Deposited: w.Deposited, Withdrawn: w.Withdrawn, Spent: w.Spent}
	a.Key = rewards.AccountOf(a.Owner, a.Reference)
	if hashText(a.Key) != w.Account {
		return a, wrong("account", hashText(a.Key), w.Account)
	}
	if w.Org != "" && w.Org != rewards.OrgOf(a.Reference) {
		return a, wrong("org of account "+w.Account, rewards.OrgOf(a.Reference), w.Org)
	}
	if w.Org == "" && (!w.Deposited.IsZero() || !w.Withdrawn.IsZero() || !w.Spent.IsZero()) {
		return a, wrong("account "+w.Account, "no money, as it is of no organisation", w.Spent)
	}
	for _, sum := range []tasknet.Amount{w.Deposited, w.Withdrawn, w.Spent} {
		if sum.Sign() < 0 || sum.Micro() > moneyMost {
			return a, wrong("sums of account "+w.Account, "ones that can exist", sum)
		}
	}
	return a, nil
}

// spend attributes what organisations have spent by the ledger to the accounts that are listed, and compares. It returns
// the sum of all.
func (v *verification) spend(listed []rewards.VaultAccount, wrong func(string, any, any) error) (sum tasknet.Amount, err error) {
	if len(listed) < len(v.vault.accounts) {
		return sum, wrong("accounts", fmt.Sprintf("at least %d, as before", len(v.vault.accounts)), len(listed))
	}
	orgs := make(map[string][]rewards.VaultAccount)
	places := make(map[rewards.Hash]int, len(listed))
	for i, a := range listed {
		if _, twice := places[a.Key]; twice {
			return sum, wrong("account", "one that is listed once", hashText(a.Key))
		}
		places[a.Key] = i
		before := a
		before.Spent = tasknet.Amount{}
		if i < len(v.vault.accounts) {
			if was := v.vault.accounts[i]; was.Key != a.Key || was.Org != a.Org && was.Org != "" { // a contract asks by an account that somebody paid into before
				return sum, wrong("account", hashText(was.Key)+", as before", hashText(a.Key))
			}
			before.Spent = v.vault.accounts[i].Spent
		}
		orgs[a.Org] = append(orgs[a.Org], before)
	}
	for _, org := range slices.Sorted(maps.Keys(v.vault.deposited)) {
		deposited := v.vault.deposited[org]
		if _, ok := orgs[org]; !ok && !deposited.IsZero() {
			return sum, wrong("deposits of "+org, deposited, "no account")
		}
	}
	for _, org := range slices.Sorted(maps.Keys(orgs)) {
		accounts := orgs[org]
		var deposited, withdrawn tasknet.Amount
		for _, a := range accounts {
			deposited, withdrawn = deposited.Add(a.Deposited), withdrawn.Add(a.Withdrawn)
		}
		if org != "" && (deposited != v.vault.deposited[org] || withdrawn != v.vault.withdrawn[org]) {
			return sum, wrong("deposits and withdrawals of "+org, fmt.Sprintf("%s and %s, as the ledger has", v.vault.deposited[org], v.vault.withdrawn[org]), fmt.Sprintf("%s and %s", deposited, withdrawn))
		}
		for _, a := range rewards.Spend(accounts, v.vault.spent[org]) {
			if got := listed[places[a.Key]].Spent; got != a.Spent {
				return sum, wrong("spent of account "+hashText(a.Key), a.Spent, got)
			}
			sum = sum.Add(a.Spent)
		}
	}
	v.vault.accounts = listed
	return sum, nil
}

// checkMoves looks for the ledger's deposits and withdrawals on the chain, where there may be more: to nobody, or newer ones.
func (v *verification) checkMoves(ctx context.Context) error {
	byEvent := make(map[string]string, len(v.vault.moves)) // their causes; what was undone and came again has a number
	for cause := range v.vault.moves {
		event, _, _ := strings.Cut(cause, "#")
		byEvent[event] = cause
	}
	sums := make(map[rewards.Hash]tasknet.Amount)
	for from, end := int64(0), false; len(v.vault.moves) > 0 && !end; {
		events, through, err := v.cfg.Chain.Events(ctx, from)
		if err != nil {
			return err
		}
		for _, e := range events {
			cause := byEvent[e.Cause()]
			booked, ok := v.vault.moves[cause]
			if !ok {
				continue
			}
			delete(v.vault.moves, cause)
			base := e.Base
			if base == nil {
				base = new(big.Int)
			}
			amount, err := v.token.Amount(base)
			fits := amount == booked.amount || e.Kind == rewards.Withdrawn && booked.amount.Cmp(amount) < 0 // deposits were rounded each
			if org := rewards.OrgOf(e.Reference); err != nil || e.Kind != booked.kind || !fits || org != booked.org {
				return v.onChain(string(booked.kind)+" "+e.Cause(), booked.amount.String()+" of "+booked.org+", as the ledger has", fmt.Sprintf("a %s of %s base units of %s", e.Kind, base, org))
			}
			if err := v.askedOnChain(e); err != nil {
				return err
			}
			if booked.kind == rewards.Deposited && booked.epoch < v.epochs.last {
				sums[e.Account()] = sums[e.Account()].Add(booked.amount)
			}
		}
		from, end = through.Block, through.Block <= from
	}
	first := ""
	for cause := range v.vault.moves {
		if first == "" || cause < first {
			first = cause
		}
	}
	if first != "" {
		m := v.vault.moves[first]
		return v.onChain(string(m.kind)+" "+first, m.amount.String()+", as the ledger has", "none")
	}
	for _, a := range v.vault.accounts {
		if sums[a.Key] != a.Deposited {
			return v.onChain("deposits into account "+hashText(a.Key), a.Deposited.String()+", as the newest epoch has", sums[a.Key])
		}
	}
	return nil
}
