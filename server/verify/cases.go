package verify

import (
	"context"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// refuted names a result that a check has refuted.
type refuted struct {
	job   string
	part  int
	owner string
}

// refutation is what a case about it is to say.
type refutation struct {
	org      string
	paid     bool // the job pays: its organisation had deposited
	staker   rewards.Address
	evidence string // in hex
	amount   tasknet.Amount
	honest   []rewards.Address
}

// cases are the cases about stakes that the records have.
type cases struct {
	terms   rewards.StakeTerms // of the instance's contract
	list    []rewards.StakeCase
	through int64 // the newest block when the verification began
}

// termsOf reads the terms of an instance's stakes; none where there are none.
func termsOf(in *wire.Stakes) (t rewards.StakeTerms, err error) {
	if in == nil {
		return t, nil
	}
	for _, f := range []struct {
		text    string
		address *rewards.Address
	}{{in.Contract, &t.Contract}, {in.Court, &t.Court}, {in.Operator, &t.Operator}} {
		a, err := polls.ParseWallet(f.text)
		if err != nil {
			return t, &Mismatch{"instance", "stake", "address", "0x and 40 hex digits", f.text}
		}
		*f.address = rewards.Address(a)
	}
	t.CapPPM = in.CapPPM
	return t, nil
}

// begin notes how far the chain is before the records are read: what it has by then they have.
func (c *cases) begin(ctx context.Context, chain Chain) error {
	if chain.Info().Stake.Contract == (rewards.Address{}) {
		return nil
	}
	return stakeEvents(ctx, chain, func(rewards.StakeEvent) error { return nil }, &c.through)
}

// stakeEvents calls f with all that happened in the contract of stakes, and notes through which block.
func stakeEvents(ctx context.Context, chain Chain, f func(rewards.StakeEvent) error, through *int64) error {
	for from := int64(0); ; {
		events, look, err := chain.StakeEvents(ctx, from)
		if err != nil {
			return err
		}
		for _, e := range events {
			if err := f(e); err != nil {
				return err
			}
		}
		if *through = max(look.Block, from); look.Block <= from {
			return nil
		}
		from = look.Block
	}
}

// notes keeps what a case is to say of a delivery that a check of a settled job has refuted.
func (v *verification) notes(j *compute.Job, c *wire.JobCheck, d *compute.Delivery, all []*compute.Delivery) {
	pay, _ := j.SharePay(d.From, d.To)
	r := refutation{
		org: string(j.Org), paid: !j.Terms.Price.IsZero(), staker: v.walletOf(d.Owner), evidence: c.Evidence, amount: rewards.CaseAmount(pay, j.Terms.MinStake),
	}
	for _, result := range c.Results {
		if at := slices.IndexFunc(all, func(o *compute.Delivery) bool { return string(o.Lease) == result.Lease }); result.Group == 0 && at >= 0 {
			r.honest = append(r.honest, v.walletOf(all[at].Owner))
		}
	}
	v.jobs.against[refuted{string(j.ID), d.Part, string(d.Owner)}] = r
}

// walletOf returns the wallet of who delivered, which their receipt has shown.
func (v *verification) walletOf(owner polls.RespondentID) rewards.Address {
	return rewards.Address(v.people[string(owner)].wallet)
}

// readCases checks that each case follows from the check of a settled job: against whom it is, by what evidence, how much it asks for, and
// for whom. Those of jobs that are not settled are only counted.
func (v *verification) readCases(ctx context.Context) error {
	seen := make(map[refuted]bool)
	for w, err := range v.source.StakeCases(ctx) {
		if err != nil {
			return err
		}
		wrong := func(field string, expected, got any) error {
			return &Mismatch{"case", fmt.Sprint(w.Number), field, fmt.Sprint(expected), fmt.Sprint(got)}
		}
		if want := int64(len(v.cases.list) + 1); w.Number != want {
			return wrong("number", want, w.Number)
		}
		c, err := client.StakeCaseOf(w)
		if err != nil {
			return wrong("fields", "those of a case", err)
		}
		v.cases.list = append(v.cases.list, c)
		key := refuted{c.Job, c.Part, c.Owner}
		if seen[key] {
			return wrong("result", "one that no other case is about", fmt.Sprintf("part %d of %s, by %s", c.Part, c.Job, c.Owner))
		}
		seen[key] = true
		r, known := v.jobs.against[key]
		if !known && v.jobs.seen[c.Job] {
			return wrong("result", "one that a check has refuted", fmt.Sprintf("part %d of %s, by %s", c.Part, c.Job, c.Owner))
		}
		if !known || c.Contract != v.cases.terms.Contract {
			v.report.CasesWait++
			continue
		}
		if err := v.caseFits(&c, &r, wrong); err != nil {
			return err
		}
	}
	return nil
}

// caseFits checks a case about a result that was refuted.
func (v *verification) caseFits(c *rewards.StakeCase, r *refutation, wrong func(string, any, any) error) error {
	first := slices.IndexFunc(v.vault.accounts, func(a rewards.VaultAccount) bool { return rewards.OrgOf(a.Reference) == r.org })
	deposited := c.Harmed
	if first >= 0 && (r.paid || c.Harmed != (rewards.Address{})) { // who asks for nothing need not have deposited by then
		deposited = v.vault.accounts[first].Owner
	}
	harmed, honest := rewards.CaseRecipients(v.cases.terms, r.staker, deposited, r.honest)
	switch {
	case c.Staker != r.staker:
		return wrong("staker", polls.Wallet(r.staker), polls.Wallet(c.Staker))
	case hex.EncodeToString(c.Evidence[:]) != r.evidence:
		return wrong("evidence", r.evidence, hex.EncodeToString(c.Evidence[:]))
	case c.Amount != r.amount:
		return wrong("amount", r.amount, c.Amount)
	case !slices.Equal(c.Honest, honest):
		return wrong("honest", honestText(honest), honestText(c.Honest))
	case c.Harmed != harmed:
		return wrong("harmed", polls.Wallet(harmed), polls.Wallet(c.Harmed))
	case first < 0:
		v.report.CasesWait++
		return nil
	}
	v.report.Cases++
	return nil
}

func honestText(list []rewards.Address) (out []string) {
	for _, a := range list {
		out = append(out, polls.Wallet(a).String())
	}
	return out
}

// checkSlashes checks that all that was slashed in the contract of stakes has a case in the records, once, took no more than that asks
// for, and went to whom it says; and that what the records say was slashed was.
func (v *verification) checkSlashes(ctx context.Context) error {
	if v.cfg.Chain.Info().Stake.Contract == (rewards.Address{}) {
		return nil
	}
	type key struct {
		staker   rewards.Address
		evidence rewards.Hash
	}
	of := make(map[key]*rewards.StakeCase)
	for i := range v.cases.list {
		if c := &v.cases.list[i]; c.Contract == v.cases.terms.Contract {
			of[key{c.Staker, c.Evidence}] = c
		}
	}
	awards, taken, through := make(map[int64][]rewards.Share), make(map[key]*big.Int), int64(0)
	err := stakeEvents(ctx, v.cfg.Chain, func(e rewards.StakeEvent) error {
		if e.Kind == rewards.StakeAwarded {
			awards[e.Case] = append(awards[e.Case], rewards.Share{To: e.Recipient, Amount: e.Amount})
		}
		if e.Kind != rewards.CaseSlashed {
			return nil
		}
		is, at := fmt.Sprintf("slash by case %d of the stakes", e.Case), key{e.Staker, e.Evidence}
		c := of[at]
		if c == nil {
			newer, err := v.newer(ctx, e.Block)
			if err != nil || newer {
				return err
			}
			return v.onChain(is, "a case against "+polls.Wallet(e.Staker).String()+" by that evidence, as the records have", "one by "+hashText(e.Evidence)+", of which they have none")
		}
		if taken[at] != nil {
			return v.onChain(is, fmt.Sprintf("case %d, which takes what it asks for once", c.Number), "another time")
		}
		taken[at] = e.Amount
		if most := v.token.Base(c.Amount); e.Amount.Cmp(most) > 0 {
			return v.onChain(is, "at most "+most.String()+" base units, as case "+fmt.Sprint(c.Number)+" asks for", e.Amount)
		}
		if want := c.Shares(e.Amount); !slices.EqualFunc(want, awards[e.Case], func(a, b rewards.Share) bool { return a.To == b.To && a.Amount.Cmp(b.Amount) == 0 }) {
			return v.onChain(is, "shares "+sharesText(want), sharesText(awards[e.Case]))
		}
		return nil
	}, &through)
	if err != nil {
		return err
	}
	for at, c := range of {
		if c.State == rewards.CaseTaken && (taken[at] == nil || c.Taken == nil || taken[at].Cmp(c.Taken) != 0) {
			return v.onChain(fmt.Sprintf("slash by case %d of the records", c.Number), c.Taken, taken[at])
		}
	}
	return nil
}

// newer reports whether the records may know nothing of a block yet. Those of a server that gives them now know of all blocks that there
// were before they were read.
func (v *verification) newer(ctx context.Context, block int64) (bool, error) {
	if block > v.cases.through || v.cfg.Now != nil {
		return block > v.cases.through, nil
	}
	_, at, err := v.cfg.Chain.StakesAt(ctx, block, nil)
	return at.After(v.startAt.Add(-clocksApart)), err
}

func sharesText(list []rewards.Share) (out string) {
	for _, s := range list {
		out += fmt.Sprintf("%s for %s; ", s.Amount, polls.Wallet(s.To))
	}
	return out
}
