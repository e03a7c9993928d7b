package verify_test

import (
	"encoding/hex"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/verify"
	"github.com/tasknet/tasknet/server/wire"
)

// change has somebody's pay go elsewhere after a time, with that address's signature where there is one.
func (b *builder) change(person int, to polls.Wallet, proof func(*polls.PayoutAddress) [65]byte, waits time.Duration) *wire.AddressChange {
	b.t.Helper()
	h, at := b.people[person], b.tick()
	said := polls.PayoutAddress{Respondent: polls.RespondentID(h.id), Wallet: h.delegation.Wallet, To: to, Number: 1}
	for _, c := range b.r.Addresses {
		if c.Respondent == h.id {
			said.Number++
		}
	}
	signature := said.Sign(b.domain, h.keys.Wallet)
	c := wire.AddressChange{
		Respondent: h.id, Wallet: h.delegation.Wallet.String(), To: to.String(), Number: said.Number, Signature: hex.EncodeToString(signature[:]),
		At: wire.At(at), Effective: wire.At(at.Add(waits)),
	}
	if proof != nil {
		raw := proof(&said)
		c.Proof = hex.EncodeToString(raw[:])
	}
	b.r.Addresses = append(b.r.Addresses, c)
	return &b.r.Addresses[len(b.r.Addresses)-1]
}

// payeeOf returns where somebody's pay goes now.
func (b *builder) payeeOf(h human) rewards.Paid {
	b.t.Helper()
	at := rewards.Paid{Payee: h.id, Address: rewards.Address(h.delegation.Wallet)}
	for _, c := range b.r.Addresses {
		if c.Respondent != h.id || c.Cancelled != nil || c.Effective.After(b.at.Add(1009*time.Millisecond)) { // at the next tick
			continue
		}
		to, err := polls.ParseWallet(c.To)
		b.check(err)
		at = rewards.Paid{Payee: h.id, Address: rewards.Address(to)}
		if to != h.delegation.Wallet {
			at.Payee = rewards.PayeeAt(h.id, at.Address)
		}
	}
	return at
}

// buildMoved makes records in which one person's pay goes to their own wallet, back, and elsewhere after a time; another
// cancels.
func buildMoved(t *testing.T) *records {
	t.Helper()
	return buildWith(t, labeling.General(len(choices)), func(b *builder) {
		pay := func() { b.ask(alice, "fixed:2", 0, 0, nil).answer(0, 1, 0).answer(1, 1, 0).close(labeling.Quorum) }
		other := polls.Wallet{0x52, 0xad}
		b.change(0, other, nil, time.Second)
		pay()
		b.epoch(rewards.Settled)
		cancelled := b.change(1, polls.Wallet{0x53}, nil, 72*time.Hour)
		at := wire.At(b.tick())
		cancelled.Cancelled = &at
		b.change(0, b.people[0].delegation.Wallet, func(p *polls.PayoutAddress) [65]byte { return p.Sign(b.domain, b.people[0].keys.Wallet) }, 0)
		pay()
		b.epoch(rewards.Settled)
		b.change(0, other, nil, time.Hour)
		pay()
		b.epoch(rewards.Confirmed)
		for _, payouts := range b.r.Payouts { // as they are read at the end
			for i, p := range payouts {
				for payee, newest := range b.payouts {
					if polls.Wallet(newest.Address).String() == p.Address {
						payouts[i].Claimed = b.claimed[payee].Cmp(p.Cumulative) >= 0
					}
				}
			}
		}
	})
}

// TestAddressChanges: pay goes where public, signed changes say, each address has a leaf of its own, and nothing else passes.
func TestAddressChanges(t *testing.T) {
	good := buildMoved(t)
	got, err := verify.Run(t.Context(), good.client(t), verify.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if got.Respondents != 7 || got.Epochs != 6 {
		t.Errorf("%+v", got)
	}
	dir, hash := bundled(t, good.client(t))
	if _, err := verifyBundle(t, dir, hash); err != nil {
		t.Errorf("as a bundle: %v", err)
	}
	ann := good.Addresses[0].Respondent
	later := wire.At(good.Addresses[0].Effective.Add(1000 * time.Hour))
	for _, tt := range []struct {
		name   string
		change func(*records)
		kind   string
		field  string
	}{
		{"a change is left out", func(r *records) { r.Addresses = r.Addresses[1:] }, "address change", "number"},
		{"the last is left out", func(r *records) { r.Addresses = slices.Delete(r.Addresses, 2, 3); r.Addresses = r.Addresses[:1] }, "transaction", "account"},
		{"one is there twice", func(r *records) { r.Addresses = append(r.Addresses[:1], r.Addresses...) }, "address change", "number"},
		{"it held later than it was paid there", func(r *records) { r.Addresses[0].Effective = later }, "address change", "at"},
		{"it held at once, and only the wallet signed", func(r *records) { r.Addresses[0].Effective = r.Addresses[0].At }, "address change", "effective_at"},
		{"it was cancelled, and paid there", func(r *records) { r.Addresses[0].Cancelled = &r.Addresses[0].At }, "transaction", "account"},
		{"it was cancelled when it held", func(r *records) { r.Addresses[0].Cancelled = &r.Addresses[0].Effective }, "address change", "cancelled_at"},
		{"the one that was cancelled was not", func(r *records) {
			c := &r.Addresses[1]
			c.Cancelled, c.Effective = nil, wire.At(c.At.Add(time.Millisecond))
		}, "transaction", "account"},
		{"the ledger names another address", func(r *records) {
			said := string(rewards.Unclaimed(rewards.PayeeAt(ann, rewards.Address{0x52, 0xad})))
			for i := range r.Ledger {
				for j := range r.Ledger[i].Entries {
					if e := &r.Ledger[i].Entries[j]; e.Account == said {
						e.Account = string(rewards.Unclaimed(rewards.PayeeAt(ann, rewards.Address{0x99})))
					}
				}
			}
		}, "transaction", "account"},
		{"another wallet signed", func(r *records) { r.Addresses[0].Wallet = r.Addresses[1].Wallet }, "address change", "signature"},
		{"a short signature", func(r *records) { r.Addresses[0].Signature = "ab" }, "address change", "signature"},
		{"a proof by the wallet", func(r *records) { r.Addresses[0].Proof = r.Addresses[0].Signature }, "address change", "proof"},
		{"a payout of the new address is somebody else's", func(r *records) {
			for i := range r.Payouts["6"] {
				if r.Payouts["6"][i].Respondent == ann {
					r.Payouts["6"][i].Respondent = r.Addresses[1].Respondent
				}
			}
		}, "payout", "respondent"},
	} {
		r := good.copied(t)
		tt.change(r)
		_, err := verify.Run(t.Context(), r.client(t), verify.Config{})
		if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.Kind != tt.kind || m.Field != tt.field {
			t.Errorf("%s: %v, want %s of a %s", tt.name, err, tt.field, tt.kind)
		}
	}
}

// TestAddressChangeFlips changes each digit of each change that is signed, one at a time.
func TestAddressChangeFlips(t *testing.T) {
	good := buildMoved(t)
	for i := range good.Addresses {
		for name, field := range map[string]func(*wire.AddressChange) *string{
			"respondent": func(c *wire.AddressChange) *string { return &c.Respondent },
			"wallet":     func(c *wire.AddressChange) *string { return &c.Wallet },
			"to":         func(c *wire.AddressChange) *string { return &c.To },
			"signature":  func(c *wire.AddressChange) *string { return &c.Signature },
			"proof":      func(c *wire.AddressChange) *string { return &c.Proof },
		} {
			value := *field(&good.Addresses[i])
			for at := 0; at < len(value); at += 1 + len(value)/9 {
				r := *good
				r.Addresses = slices.Clone(good.Addresses)
				other := "7"
				if value[at] == '7' {
					other = "8"
				}
				*field(&r.Addresses[i]) = value[:at] + other + value[at+1:]
				_, err := verify.Run(t.Context(), r.client(t), verify.Config{})
				if _, ok := errors.AsType[*verify.Mismatch](err); !ok {
					t.Errorf("%s of change %d at %d: %v", name, i, at, err)
				}
			}
		}
	}
}
