package polls_test

import (
	"crypto/ed25519"
	"slices"
	"testing"

	"github.com/tasknet/tasknet/polls"
)

// TestCheckSignatures compares the batch with single checks, on signatures that are good, forged and of a weak key.
func TestCheckSignatures(t *testing.T) {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	signed := make([]polls.Signed, 7)
	for i := range signed {
		digest := [32]byte{byte(i)}
		signed[i] = polls.Signed{
			Device: polls.DeviceKey(key.Public().(ed25519.PublicKey)), Digest: digest, Signature: [64]byte(ed25519.Sign(key, digest[:])),
		}
	}
	signed[3].Device = polls.DeviceKey(unhex(t, "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"))
	signed[3].Signature = [64]byte{0: 1} // admitted by ZIP-215, for any digest
	check := func(want ...bool) {
		t.Helper()
		if got := polls.CheckSignatures(signed); !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		for i, s := range signed {
			if got := polls.CheckSignature(s.Device, s.Digest, s.Signature); got != want[i] {
				t.Errorf("signature %d alone: %t, in the batch: %t", i, got, want[i])
			}
		}
	}
	check(true, true, true, true, true, true, true)
	signed[1].Digest[31] ^= 1
	signed[4].Signature[0] ^= 1
	signed[6].Signature[63] = 0xff // a scalar out of range
	check(true, false, true, true, false, true, false)
	if got := polls.CheckSignatures(nil); len(got) != 0 {
		t.Errorf("of none: %v", got)
	}
}
