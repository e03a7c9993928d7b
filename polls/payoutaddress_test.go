package polls_test

import (
	"errors"
	"testing"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"

	"github.com/tasknet/tasknet/polls"
)

// TestPayoutAddressIsBound changes one part at a time of what a wallet and the new address signed.
func TestPayoutAddressIsBound(t *testing.T) {
	domain := polls.Domain{Instance: [32]byte{9}, ChainID: 5}
	wallet, own := signer(t), signer(t)
	p := polls.PayoutAddress{Respondent: "rsp_a", Wallet: walletOf(wallet), To: walletOf(own), Number: 2}
	signature, proof := p.Sign(domain, wallet), p.Sign(domain, own)
	check(t, p.Check(domain, signature, &proof))
	check(t, p.Check(domain, signature, nil))
	for name, change := range map[string]func(*polls.PayoutAddress, *polls.Domain){
		"respondent": func(p *polls.PayoutAddress, _ *polls.Domain) { p.Respondent = "rsp_b" },
		"wallet":     func(p *polls.PayoutAddress, _ *polls.Domain) { p.Wallet = p.To },
		"address":    func(p *polls.PayoutAddress, _ *polls.Domain) { p.To[3] ^= 1 },
		"number":     func(p *polls.PayoutAddress, _ *polls.Domain) { p.Number++ },
		"instance":   func(_ *polls.PayoutAddress, in *polls.Domain) { in.Instance[0]++ },
		"chain":      func(_ *polls.PayoutAddress, in *polls.Domain) { in.ChainID++ },
	} {
		changed, in := p, domain
		change(&changed, &in)
		if err := changed.Check(in, signature, nil); !errors.Is(err, polls.ErrBadPayoutAddress) {
			t.Errorf("with another %s: %v", name, err)
		}
	}
	if err := p.Check(domain, signature, &signature); !errors.Is(err, polls.ErrBadPayoutProof) {
		t.Errorf("the wallet's signature as proof: %v", err)
	}
	if err := p.Check(domain, proof, &proof); !errors.Is(err, polls.ErrBadPayoutAddress) {
		t.Errorf("the new address alone: %v", err)
	}
}

func signer(t *testing.T) *secp256k1.PrivateKey {
	t.Helper()
	key, err := secp256k1.GeneratePrivateKey()
	check(t, err)
	return key
}

// walletOf is the address of a key, as signing by it tells.
func walletOf(key *secp256k1.PrivateKey) polls.Wallet {
	var d polls.Delegation
	d.Sign(polls.Domain{}, key)
	return d.Wallet
}
