package verify

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/wire"
)

// readAddresses reads the changes of where people's pay goes, and checks each by itself and against those before it. All that
// concern an epoch are there when the epoch is.
func (v *verification) readAddresses(ctx context.Context, anew bool) error {
	if v.addresses != nil && !anew {
		return nil
	}
	v.addresses = make(map[string][]rewards.AddressChange)
	for w, err := range v.source.AddressChanges(ctx) {
		if err != nil {
			return err
		}
		c, err := v.change(w, v.addresses[w.Respondent])
		if err != nil {
			return err
		}
		v.addresses[w.Respondent] = append(v.addresses[w.Respondent], c)
	}
	return nil
}

// change checks a change against those that the person made before.
func (v *verification) change(w wire.AddressChange, before []rewards.AddressChange) (c rewards.AddressChange, err error) {
	wrong := func(field string, expected, got any) error {
		return &Mismatch{"address change", fmt.Sprintf("%d of %s", w.Number, w.Respondent), field, fmt.Sprint(expected), fmt.Sprint(got)}
	}
	wallet, err := polls.ParseWallet(w.Wallet)
	if err != nil {
		return c, wrong("wallet", "an address", w.Wallet)
	}
	to, err := polls.ParseWallet(w.To)
	if err != nil || to == (polls.Wallet{}) {
		return c, wrong("to", "an address", w.To)
	}
	if want := int64(len(before)) + 1; w.Number != want {
		return c, wrong("number", want, w.Number)
	}
	var proof *[65]byte
	signature, err := hex.DecodeString(w.Signature)
	if err != nil || len(signature) != 65 {
		return c, wrong("signature", "65 bytes in hex", w.Signature)
	}
	if w.Proof != "" {
		raw, err := hex.DecodeString(w.Proof)
		if err != nil || len(raw) != 65 {
			return c, wrong("proof", "65 bytes in hex, or none", w.Proof)
		}
		proof = (*[65]byte)(raw)
	}
	said := polls.PayoutAddress{Respondent: polls.RespondentID(w.Respondent), Wallet: wallet, To: to, Number: w.Number}
	switch err := said.Check(v.domain, [65]byte(signature), proof); {
	case errors.Is(err, polls.ErrBadPayoutAddress):
		return c, wrong("signature", "one by wallet "+wallet.String(), w.Signature)
	case errors.Is(err, polls.ErrBadPayoutProof):
		return c, wrong("proof", "a signature by "+to.String(), w.Proof)
	}
	c = rewards.AddressChange{
		Person: w.Respondent, Wallet: rewards.Address(wallet), To: rewards.Address(to), Number: w.Number, Signature: signature, At: w.At.Time, Effective: w.Effective.Time,
	}
	if proof != nil {
		c.Proof = proof[:]
	}
	if w.Cancelled != nil {
		c.Cancelled = w.Cancelled.Time
	}
	return c, follows(c, proof != nil, before, wrong)
}

// follows checks the times of a change, and that none was waiting when it came.
func follows(c rewards.AddressChange, proven bool, before []rewards.AddressChange, wrong func(string, any, any) error) error {
	cancelled := !c.Cancelled.IsZero()
	switch {
	case c.Effective.Before(c.At) || !proven && !c.Effective.After(c.At):
		return wrong("effective_at", "after "+timeText(c.At)+", when it was asked for", timeText(c.Effective))
	case cancelled && (c.Cancelled.Before(c.At) || !c.Cancelled.Before(c.Effective)):
		return wrong("cancelled_at", "from "+timeText(c.At)+" to before "+timeText(c.Effective), timeText(c.Cancelled))
	case len(before) == 0:
		return nil
	}
	last := before[len(before)-1]
	if last.Cancelled.IsZero() && c.At.Before(last.Effective) {
		return wrong("at", "from "+timeText(last.Effective)+" on, when none waits", timeText(c.At))
	}
	if c.Wallet != last.Wallet {
		return wrong("wallet", polls.Wallet(last.Wallet), polls.Wallet(c.Wallet))
	}
	return nil
}

// payee returns whom an epoch of a moment pays, who must be the person at the address to which their pay goes then.
func (v *verification) payee(ctx context.Context, id string, at time.Time, wrong func(string, any, any) error) (*person, error) {
	who := rewards.PersonOf(id)
	p, err := v.person(ctx, who)
	if err != nil {
		return nil, err
	}
	if p == nil {
		return nil, wrong("account", "somebody who has answered", rewards.Unclaimed(id))
	}
	address, _ := rewards.AddressAt(rewards.Address(p.wallet), v.addresses[who], at)
	want := who
	if polls.Wallet(address) != p.wallet {
		want = rewards.PayeeAt(who, address)
	}
	if id != want {
		return nil, wrong("account", rewards.Unclaimed(want), rewards.Unclaimed(id))
	}
	if p, fits := v.knows(id, polls.Wallet(address)); fits {
		return p, nil
	}
	return nil, wrong("account", "an address of one person", rewards.Unclaimed(id))
}

// finishAddresses checks that the wallets of changes are those of who answered, and notes the leaves of changes.
func (v *verification) finishAddresses(ctx context.Context) error {
	if err := v.readAddresses(ctx, false); err != nil {
		return err
	}
	for id, changes := range v.addresses {
		if p := v.people[id]; p != nil && p.wallet != polls.Wallet(changes[0].Wallet) {
			return &Mismatch{"address change", "1 of " + id, "wallet", p.wallet.String(), polls.Wallet(changes[0].Wallet).String()}
		}
		for i := range changes {
			if err := v.changeInLog(&changes[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// changeInLog notes the leaves of a change.
func (v *verification) changeInLog(c *rewards.AddressChange) error {
	if v.log == nil {
		return nil
	}
	leaves, err := c.Leaves(v.instance)
	if err != nil {
		return err
	}
	for i, leaf := range leaves {
		at := c.At
		if i > 0 {
			at = c.Cancelled
		}
		v.log.has(logLeaf{"address change", fmt.Sprintf("%d of %s", c.Number, c.Person), leaf, at})
	}
	return nil
}

// respondents counts the people, each of whom is a payee for each address.
func (v *verification) respondents() (n int) {
	for id := range v.people {
		if rewards.PersonOf(id) == id {
			n++
		}
	}
	return n
}
