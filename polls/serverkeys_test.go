package polls_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/tasknet/tasknet/polls"
)

// serverKey is the key with a number.
func serverKey(number int) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{byte(40 + number)}, 32))
}

func publicOf(key ed25519.PrivateKey) [32]byte { return [32]byte(key.Public().(ed25519.PublicKey)) }

// keyChangeTo is the change to the key with a number, an hour each after the one before, with half an hour together.
func keyChangeTo(t *testing.T, number int) polls.KeyChange {
	t.Helper()
	from := now.Add(time.Duration(number) * time.Hour)
	c := polls.KeyChange{Use: polls.ReceiptKeys, Number: number, From: from, Until: from.Add(30 * time.Minute)}
	check(t, c.Sign(instance, serverKey(number-1), serverKey(number)))
	return c
}

func TestServerKeys(t *testing.T) {
	log := keyChangeTo(t, 2)
	log.Use = polls.LogKeys
	changes := []polls.KeyChange{keyChangeTo(t, 2), log, keyChangeTo(t, 3)}
	keys, err := polls.NewServerKeys(instance, polls.ReceiptKeys, publicOf(serverKey(1)), changes)
	check(t, err)
	if keys.Number() != 3 || len(keys.All()) != 3 {
		t.Fatalf("%d keys", keys.Number())
	}
	for _, tt := range []struct {
		after time.Duration
		at    int
		good  []int
	}{
		{0, 1, []int{1, 2, 3}},
		{2*time.Hour - time.Millisecond, 1, []int{1, 2, 3}},
		{2 * time.Hour, 2, []int{1, 2, 3}},
		{150 * time.Minute, 2, []int{2, 3}},
		{210 * time.Minute, 3, []int{3}},
	} {
		at := now.Add(tt.after)
		good := keys.Good(at)
		if keys.At(at) != tt.at || len(good) != len(tt.good) {
			t.Errorf("after %s: key %d, and %d are good", tt.after, keys.At(at), len(good))
			continue
		}
		for i, number := range tt.good {
			if !good[i].Equal(serverKey(number).Public()) {
				t.Errorf("after %s: key %d is not good", tt.after, number)
			}
		}
	}
	before, err := polls.NewServerKeys(instance, polls.ReceiptKeys, publicOf(serverKey(1)), changes[:1])
	check(t, err)
	if !keys.Follows(before) || before.Follows(keys) {
		t.Error("the wrong ones follow")
	}
	for number := 1; number <= 3; number++ {
		commit := polls.Commit{ID: "rcp_1", At: now.Add(150 * time.Minute), Leaves: [][32]byte{{1}}}
		receipts, err := commit.Receipts(instance, serverKey(number))
		check(t, err)
		if got := keys.CheckReceipt(instance, &receipts[0]); got != (number > 1) {
			t.Errorf("a receipt by key %d of when key 2 signed alone holds: %t", number, got)
		}
	}
}

// TestServerKeysRefused: no key takes the place of one without its word, whatever the others say.
func TestServerKeysRefused(t *testing.T) {
	good := []polls.KeyChange{keyChangeTo(t, 2), keyChangeTo(t, 3)}
	for name, change := range map[string]func(c []polls.KeyChange) []polls.KeyChange{
		"left out": func(c []polls.KeyChange) []polls.KeyChange { return c[1:] },
		"twice":    func(c []polls.KeyChange) []polls.KeyChange { return append(c, c[1]) },
		"order":    func(c []polls.KeyChange) []polls.KeyChange { slices.Reverse(c); return c },
		"of itself": func(c []polls.KeyChange) []polls.KeyChange {
			check(t, c[1].Sign(instance, serverKey(9), serverKey(3)))
			return c
		},
		"by the one before that": func(c []polls.KeyChange) []polls.KeyChange {
			c[1].Number = 3
			check(t, c[1].Sign(instance, serverKey(1), serverKey(3)))
			return c
		},
		"back": func(c []polls.KeyChange) []polls.KeyChange {
			check(t, c[1].Sign(instance, serverKey(2), serverKey(1)))
			return c
		},
		"at once": func(c []polls.KeyChange) []polls.KeyChange {
			c[1].From = c[0].From
			check(t, c[1].Sign(instance, serverKey(2), serverKey(3)))
			return c
		},
		"until before": func(c []polls.KeyChange) []polls.KeyChange {
			c[1].Until = c[1].From.Add(-time.Millisecond)
			check(t, c[1].Sign(instance, serverKey(2), serverKey(3)))
			return c
		},
		"another use": func(c []polls.KeyChange) []polls.KeyChange {
			c[1].Use = polls.LogKeys
			check(t, c[1].Sign(instance, serverKey(2), serverKey(3)))
			c[1].Use = polls.ReceiptKeys
			return c
		},
		"time":      func(c []polls.KeyChange) []polls.KeyChange { c[1].From = c[1].From.Add(time.Millisecond); return c },
		"together":  func(c []polls.KeyChange) []polls.KeyChange { c[0].Until = c[0].Until.Add(time.Millisecond); return c },
		"signature": func(c []polls.KeyChange) []polls.KeyChange { c[0].Signature[7] ^= 1; return c },
		"proof":     func(c []polls.KeyChange) []polls.KeyChange { c[1].Proof[7] ^= 1; return c },
	} {
		if _, err := polls.NewServerKeys(instance, polls.ReceiptKeys, publicOf(serverKey(1)), change(slices.Clone(good))); !errors.Is(err, polls.ErrBadKeys) {
			t.Errorf("a change %s: %v", name, err)
		}
	}
	if _, err := polls.NewServerKeys("other", polls.ReceiptKeys, publicOf(serverKey(1)), good); !errors.Is(err, polls.ErrBadKeys) {
		t.Errorf("of another instance: %v", err)
	}
}
