package polls_test

import (
	"errors"
	"testing"
	"time"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"

	"github.com/tasknet/tasknet/polls"
)

func signed(t *testing.T, domain polls.Domain) polls.Delegation {
	t.Helper()
	key, err := secp256k1.GeneratePrivateKey()
	check(t, err)
	d := polls.Delegation{Device: polls.DeviceKey{1, 2, 3}, Issued: now, Expires: now.Add(24 * time.Hour)}
	d.Sign(domain, key)
	return d
}

// TestDelegationIsBound changes one part at a time of what a wallet signed.
func TestDelegationIsBound(t *testing.T) {
	domain := polls.Domain{Instance: [32]byte{9}, ChainID: 5}
	d := signed(t, domain)
	check(t, d.Check(domain))
	other := signed(t, domain)
	for name, change := range map[string]func(*polls.Delegation, *polls.Domain){
		"wallet":    func(d *polls.Delegation, _ *polls.Domain) { d.Wallet = other.Wallet },
		"device":    func(d *polls.Delegation, _ *polls.Domain) { d.Device[7] ^= 1 },
		"issued":    func(d *polls.Delegation, _ *polls.Domain) { d.Issued = d.Issued.Add(time.Second) },
		"expires":   func(d *polls.Delegation, _ *polls.Domain) { d.Expires = d.Expires.Add(time.Second) },
		"signature": func(d *polls.Delegation, _ *polls.Domain) { d.Signature = other.Signature },
		"v":         func(d *polls.Delegation, _ *polls.Domain) { d.Signature[64] ^= 27 ^ 28 },
		"v of 0":    func(d *polls.Delegation, _ *polls.Domain) { d.Signature[64] -= 27 },
		"instance":  func(_ *polls.Delegation, in *polls.Domain) { in.Instance[0]++ },
		"chain":     func(_ *polls.Delegation, in *polls.Domain) { in.ChainID++ },
		"twin":      func(d *polls.Delegation, _ *polls.Domain) { twin(d) },
	} {
		changed, in := d, domain
		change(&changed, &in)
		if err := changed.Check(in); !errors.Is(err, polls.ErrBadDelegation) {
			t.Errorf("with another %s: %v", name, err)
		}
	}
}

// twin turns a signature into the other one that recovers the same key: s becomes n - s.
func twin(d *polls.Delegation) {
	var s secp256k1.ModNScalar
	s.SetByteSlice(d.Signature[32:64])
	s.Negate()
	s.PutBytesUnchecked(d.Signature[32:64])
	d.Signature[64] ^= 27 ^ 28
}

func TestDelegationTimes(t *testing.T) {
	for name, c := range map[string]struct {
		issued, expires time.Duration
		ok              bool
	}{
		"now":                 {0, time.Hour, true},
		"two years":           {0, polls.DelegationMax, true},
		"a slow clock":        {-23 * time.Hour, time.Hour, true},
		"longer":              {0, polls.DelegationMax + time.Second, false},
		"over":                {-time.Hour, 0, false},
		"from the future":     {25 * time.Hour, 26 * time.Hour, false},
		"from the day before": {-25 * time.Hour, time.Hour, false},
	} {
		d := polls.Delegation{Issued: now.Add(c.issued), Expires: now.Add(c.expires)}
		if err := d.CheckTime(now); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestWalletChecksum has the addresses of EIP-55.
func TestWalletChecksum(t *testing.T) {
	for _, s := range []string{
		"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
		"0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
	} {
		w, err := polls.ParseWallet(s)
		if err != nil || w.String() != s {
			t.Errorf("%s is written %s, %v", s, w, err)
		}
	}
}
