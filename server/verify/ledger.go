package verify

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/wire"
)

// ledger is the money, booked anew.
type ledger struct {
	balances map[rewards.Account]tasknet.Amount       // those that are not zero
	posted   map[[16]byte]struct{}                    // ids, and kinds with causes
	holders  map[string]string                        // who set money aside for a question that is not settled
	waiting  map[string]*settlement                   // settlements whose question's record has not come
	pending  map[string]map[labeling.FamilyID][]share // by whose it is, the oldest first
	totals   rewards.Totals
	newest   time.Time // of the transactions

	settlements int
	answers     int  // paid by them
	moneyFits   bool // the totals have been what they were at the start
	countFits   bool // the same for how many questions are closed and answers paid
}

// settlement is a transaction that settles a question, taken apart.
type settlement struct {
	id       string
	number   int // among settlements
	question string
	at       time.Time
	org      string // who set the money aside
	hold     tasknet.Amount
	paid     tasknet.Amount
	fee      tasknet.Amount
	forfeits tasknet.Amount
	released tasknet.Amount
	answers  int
	payees   [32]byte        // see payeesHash
	pending  []rewards.Entry // of the pay, what waits
}

func newLedger() ledger {
	return ledger{
		balances: make(map[rewards.Account]tasknet.Amount), posted: make(map[[16]byte]struct{}), holders: make(map[string]string),
		waiting: make(map[string]*settlement), pending: make(map[string]map[labeling.FamilyID][]share),
	}
}

// staleMost is how old what a server says of a payout's claim may be.
const staleMost = 30 * time.Second

func fingerprint(parts ...string) [16]byte {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return [16]byte(sum[:16])
}

// settled reports whether a settlement of a question was posted.
func (l *ledger) settled(question string) bool {
	_, ok := l.posted[fingerprint(string(rewards.SettlementTx), question)]
	return ok && l.waiting[question] == nil
}

// transaction books a transaction, and checks it against what it is about.
func (v *verification) transaction(ctx context.Context, w wire.Transaction) error {
	wrong := func(field string, expected, got any) error {
		return &Mismatch{"transaction", w.ID, field, fmt.Sprint(expected), fmt.Sprint(got)}
	}
	if err := tasknet.CheckID(rewards.TxPrefix, w.ID); err != nil {
		return wrong("id", "the id of a transaction", w.ID)
	}
	t := rewards.Transaction{ID: rewards.TxID(w.ID), Kind: rewards.TxKind(w.Kind), Cause: w.Cause, At: w.At.Time}
	volume := int64(0)
	for _, e := range w.Entries {
		if e.Amount.Micro() > moneyMost || e.Amount.Micro() < -moneyMost {
			return wrong("amount", "one that can exist", e.Amount)
		}
		if e.Amount.Sign() > 0 {
			if volume += e.Amount.Micro(); volume > moneyMost {
				return wrong("amount", "one that can exist", e.Amount)
			}
		}
		t.Entries = append(t.Entries, rewards.Entry{Account: rewards.Account(e.Account), Amount: e.Amount})
	}
	if err := t.Check(); err != nil {
		return wrong("entries", "at least two, each account once, none of zero, that sum to zero", err)
	}
	if err := v.ledger.once(t, wrong); err != nil {
		return err
	}
	if err := v.ledger.book(t, wrong); err != nil {
		return err
	}
	if err := v.about(ctx, t, wrong); err != nil {
		return err
	}
	if t.At.After(v.ledger.newest) {
		v.ledger.newest = t.At
	}
	v.ledger.reached(v.start)
	return nil
}

// once checks that neither the id nor the cause was there before.
func (l *ledger) once(t rewards.Transaction, wrong func(string, any, any) error) error {
	for _, f := range []struct {
		field, value string
		print        [16]byte
	}{
		{"id", string(t.ID), fingerprint(string(t.ID))},
		{"cause", string(t.Kind) + " of " + t.Cause, fingerprint(string(t.Kind), t.Cause)},
	} {
		if _, twice := l.posted[f.print]; twice {
			return wrong(f.field, "one that no other transaction has", f.value)
		}
		l.posted[f.print] = struct{}{}
	}
	return nil
}

// book adds a transaction to the balances. Only the world outside, and debts, may be negative, and are never positive.
func (l *ledger) book(t rewards.Transaction, wrong func(string, any, any) error) error {
	for _, e := range t.Entries {
		balance := l.balances[e.Account].Add(e.Amount)
		if balance.Sign() < 0 && !e.Account.MayOwe() {
			return wrong("entry of "+string(e.Account), "at most the "+l.balances[e.Account].String()+" that it holds", e.Amount)
		}
		if balance.Sign() > 0 && e.Account.MayOwe() {
			return wrong("entry of "+string(e.Account), "at most what is owed there", e.Amount)
		}
		if balance.Micro() < -moneyMost {
			return wrong("entry of "+string(e.Account), "less than all money that can exist", balance)
		}
		if balance.IsZero() {
			delete(l.balances, e.Account)
		} else {
			l.balances[e.Account] = balance
		}
		if err := l.totals.Add(e); err != nil {
			return wrong("account", "one of a known kind", e.Account)
		}
	}
	return nil
}

// about checks that a transaction has the form of its kind, and that what it is about says the same.
func (v *verification) about(ctx context.Context, t rewards.Transaction, wrong func(string, any, any) error) error {
	from, to := split(t)
	v.spends(t)
	switch t.Kind {
	case rewards.DepositTx:
		return v.depositTx(t, from, to, wrong)
	case rewards.WithdrawalTx:
		return v.withdrawalTx(t, from, to, wrong)
	case rewards.UndoTx:
		if strings.HasPrefix(t.Cause, "claim ") {
			return v.undoneClaim(ctx, t, from, to, wrong)
		}
		return v.undoTx(t, from, to, wrong)
	case rewards.NoticeTx:
		return v.noticeTx(t, wrong)
	case rewards.DebtTx:
		return v.debtTx(t, from, to, wrong)
	case rewards.HoldTx:
		if len(from) != 1 || !setsAside(t, to) || owner(from[0].Account, rewards.Requester("")) == "" {
			return wrong("entries", "from one requester to "+string(rewards.HoldFor(t.Cause))+" and other new holds", names(t))
		}
		for _, e := range to {
			question := owner(e.Account, rewards.HoldFor(""))
			_, over := v.ledger.posted[fingerprint(string(rewards.SettlementTx), question)]
			_, shared := v.ledger.posted[fingerprint(string(rewards.WorkTx), question)]
			if over || shared || v.ledger.holders[question] != "" {
				return wrong("entry of "+string(e.Account), "a hold that no other transaction made", e.Amount)
			}
			v.ledger.holders[question] = owner(from[0].Account, rewards.Requester(""))
		}
	case rewards.SettlementTx:
		return v.settles(ctx, t, from, to, wrong)
	case rewards.WorkTx:
		return v.sharesOut(ctx, t, from, wrong)
	case rewards.ReleaseTx:
		return v.releases(t, from, to, wrong)
	case rewards.ForfeitTx:
		return v.forfeits(ctx, t, from, to, wrong)
	case rewards.BonusTx:
		return v.pays(ctx, t, from, to, wrong)
	case rewards.EpochTx:
		return v.closesEpoch(ctx, t, from, to, wrong)
	case rewards.ClaimTx:
		payee := ""
		if len(from) == 1 && len(to) == 1 && to[0].Account == rewards.ClaimedAccount {
			payee = owner(from[0].Account, rewards.Unclaimed(""))
		}
		p, err := v.person(ctx, payee)
		if err != nil {
			return err
		}
		if p == nil {
			return wrong("entries", "from somebody's payouts to "+string(rewards.ClaimedAccount), names(t))
		}
		p.claimed = p.claimed.Add(to[0].Amount)
		if t.At.Before(v.startAt.Add(-staleMost)) {
			p.claimedBefore = p.claimed
		}
	default:
		return wrong("kind", "deposit, hold, settlement, work, release, forfeit, bonus, epoch, claim, notice, withdrawal or undo", t.Kind)
	}
	return nil
}

// undoneClaim books that the chain has a claim no more.
func (v *verification) undoneClaim(ctx context.Context, t rewards.Transaction, from, to []rewards.Entry, wrong func(string, any, any) error) error {
	payee := ""
	if len(from) == 1 && len(to) == 1 && from[0].Account == rewards.ClaimedAccount {
		payee = owner(to[0].Account, rewards.Unclaimed(""))
	}
	p, err := v.person(ctx, payee)
	if err != nil {
		return err
	}
	if p == nil || to[0].Amount.Cmp(p.claimed) > 0 {
		return wrong("entries", "from "+string(rewards.ClaimedAccount)+" to payouts of somebody who has claimed as much", names(t))
	}
	cause, _, _ := strings.Cut(t.Cause, "#")
	if want := fmt.Sprintf("claim %s:%d", payee, p.claimed.Micro()); cause != want {
		return wrong("cause", want, t.Cause)
	}
	p.claimed = p.claimed.Sub(to[0].Amount)
	if p.claimedBefore.Cmp(p.claimed) > 0 {
		p.claimedBefore = p.claimed
	}
	if !t.At.Before(v.startAt.Add(-staleMost)) && p.saidClaimed.Cmp(p.claimed) > 0 { // said before it was undone
		p.saidClaimed = p.claimed
	}
	return nil
}

// setsAside reports whether a transaction gives to holds alone, the first of which is its cause's.
func setsAside(t rewards.Transaction, to []rewards.Entry) bool {
	if len(to) == 0 || to[0].Account != rewards.HoldFor(t.Cause) {
		return false
	}
	return !slices.ContainsFunc(to, func(e rewards.Entry) bool { return owner(e.Account, rewards.HoldFor("")) == "" })
}

// settles takes a settlement apart and compares it with its question's record.
func (v *verification) settles(ctx context.Context, t rewards.Transaction, from, to []rewards.Entry, wrong func(string, any, any) error) error {
	hold := rewards.HoldFor(t.Cause)
	if len(from) != 1 || from[0].Account != hold {
		return wrong("entries", "from "+string(hold), names(t))
	}
	if left := v.ledger.balances[hold]; !left.IsZero() {
		return wrong("entry of "+string(hold), "all that was set aside", "it leaves "+left.String())
	}
	v.ledger.settlements++
	s := &settlement{id: string(t.ID), number: v.ledger.settlements, question: t.Cause, at: t.At, org: v.ledger.holders[t.Cause], hold: from[0].Amount.Neg()}
	delete(v.ledger.holders, t.Cause)
	var lines []string
	for _, e := range to {
		payee := cmp.Or(owner(e.Account, rewards.Payee("")), owner(e.Account, rewards.Pending("")))
		switch {
		case e.Account == rewards.FeesAccount:
			s.fee = e.Amount
		case e.Account == rewards.ForfeitsAccount:
			s.forfeits = e.Amount
		case e.Account == rewards.Requester(s.org):
			s.released = e.Amount
		case payee != "":
			s.paid = s.paid.Add(e.Amount)
			s.answers++
			lines = append(lines, payeeLine(payee, e.Amount))
			if e.Account == rewards.Pending(payee) {
				s.pending = append(s.pending, e)
			}
		default:
			return wrong("account", "a respondent, the operator, forfeits, or the requester "+s.org+" who set the money aside", e.Account)
		}
	}
	s.payees = payeesHash(lines)
	v.ledger.answers += s.answers
	v.report.Paid = v.report.Paid.Add(s.paid)
	if b := v.bills[t.Cause]; b != nil {
		delete(v.bills, t.Cause)
		return v.ledger.fits(b, s)
	}
	v.ledger.waiting[t.Cause] = s
	return v.seek(ctx, t.Cause)
}

// fits compares a settlement with its question's record, which says for what its pay was.
func (l *ledger) fits(b *bill, s *settlement) error {
	if err := b.check(s); err != nil {
		return err
	}
	l.pends(s, b.family)
	return nil
}

// check compares a question's record with the settlement.
func (b *bill) check(s *settlement) error {
	for _, f := range []struct {
		field         string
		expected, got any
	}{
		{"settlement", s.id, b.tx},
		{"org", s.org, b.org},
		{"closed_at", timeText(s.at), timeText(b.at)},
	} {
		if f.expected != f.got {
			return &Mismatch{"question", b.question, f.field, fmt.Sprint(f.expected), fmt.Sprint(f.got)}
		}
	}
	for _, f := range []struct {
		field         string
		expected, got any
	}{
		{"hold", b.hold, s.hold},
		{"number of payees", b.answers, s.answers},
		{"pay", b.paid, s.paid},
		{"fee", b.fee, s.fee},
		{"forfeits", b.forfeits, s.forfeits},
		{"release", b.released, s.released},
	} {
		if f.expected != f.got {
			return &Mismatch{"transaction", s.id, f.field, fmt.Sprint(f.expected), fmt.Sprint(f.got)}
		}
	}
	if b.payees != s.payees {
		return &Mismatch{"transaction", s.id, "payees", "the price to everybody who answered " + b.question, "other people or other sums"}
	}
	return nil
}

// reached notes that the ledger has been as the totals of the start say.
func (l *ledger) reached(w wire.Totals) {
	if l.totals == moneyOf(w) {
		l.moneyFits = true
	}
	if l.moneyFits && l.settlements == w.Questions && l.answers == w.Answers { // which are read after the money
		l.countFits = true
	}
}

func moneyOf(w wire.Totals) rewards.Totals {
	return rewards.Totals{
		Deposited: w.Deposited, Withdrawn: w.Withdrawn, Frozen: w.Frozen, Debts: w.Debts, Requesters: w.Requesters, Held: w.Held, Pending: w.Pending, Payees: w.Respondents, Unclaimed: w.InEpoch, Claimed: w.Claimed, Operator: w.Operator, Forfeits: w.Forfeits,
	}
}

// finish checks that the totals are those of the ledger, at a moment at or after which they were stated.
func (l *ledger) finish(v *verification) error {
	want, got := l.totals, moneyOf(v.start)
	for _, f := range []struct {
		field         string
		fits          bool
		expected, got any
	}{
		{"deposited", l.moneyFits, want.Deposited, got.Deposited},
		{"withdrawn", l.moneyFits, want.Withdrawn, got.Withdrawn},
		{"frozen", l.moneyFits, want.Frozen, got.Frozen},
		{"debts", l.moneyFits, want.Debts, got.Debts},
		{"requesters", l.moneyFits, want.Requesters, got.Requesters},
		{"held", l.moneyFits, want.Held, got.Held},
		{"pending", l.moneyFits, want.Pending, got.Pending},
		{"respondents", l.moneyFits, want.Payees, got.Payees},
		{"in_epoch", l.moneyFits, want.Unclaimed, got.Unclaimed},
		{"claimed", l.moneyFits, want.Claimed, got.Claimed},
		{"operator", l.moneyFits, want.Operator, got.Operator},
		{"forfeits", l.moneyFits, want.Forfeits, got.Forfeits},
		{"questions_closed", l.countFits, l.settlements, v.start.Questions},
		{"answers_closed", l.countFits, l.answers, v.start.Answers},
	} {
		if !f.fits && f.expected != f.got {
			return &Mismatch{"totals", v.instance, f.field, fmt.Sprint(f.expected), fmt.Sprint(f.got)}
		}
	}
	if !l.totals.Conserved() {
		return &Mismatch{"totals", v.instance, "sum", "all that was deposited", fmt.Sprintf("%+v", l.totals)}
	}
	return nil
}

// split returns the entries that take and those that give.
func split(t rewards.Transaction) (from, to []rewards.Entry) {
	for _, e := range t.Entries {
		if e.Amount.Sign() < 0 {
			from = append(from, e)
		} else {
			to = append(to, e)
		}
	}
	return from, to
}

// owner returns whose account it is, among accounts of the kind of the nameless one; empty when it is of another kind.
func owner(a, nameless rewards.Account) string {
	id, ok := strings.CutPrefix(string(a), string(nameless))
	if !ok {
		return ""
	}
	return id
}

func names(t rewards.Transaction) string {
	all := make([]string, len(t.Entries))
	for i, e := range t.Entries {
		all[i] = string(e.Account) + " " + e.Amount.String()
	}
	return strings.Join(all, ", ")
}
