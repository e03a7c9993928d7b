package polls

import "github.com/oasisprotocol/curve25519-voi/primitives/ed25519"

// zip215 is the one rule by which signatures of answers are checked, singly and in batches alike: the cofactored
// equation with the encodings of ZIP-215, the only rule under which a batch accepts exactly what its parts accept.
var zip215 = &ed25519.Options{Verify: ed25519.VerifyOptionsZIP_215}

// CheckSignature reports whether a device signed a digest, under ZIP-215.
func CheckSignature(device DeviceKey, digest [32]byte, signature [64]byte) bool {
	return ed25519.VerifyWithOptions(device[:], digest[:], signature[:], zip215)
}

// CheckProof reports whether a device signed a digest with a key that nobody else can sign for: keys of small order,
// which ZIP-215 admits and for which any signature passes, are refused. It guards the door; CheckSignature, behind it,
// is the rule that batches can follow.
func CheckProof(device DeviceKey, digest [32]byte, signature [64]byte) bool {
	return ed25519.Verify(device[:], digest[:], signature[:])
}

// Signed is a digest, and what is said to be a device's signature of it.
type Signed struct {
	Device    DeviceKey
	Digest    [32]byte
	Signature [64]byte
}

// CheckSignatures reports for each whether its device signed it, as CheckSignature does, in about half the time when all
// are good.
func CheckSignatures(signed []Signed) []bool {
	verifier := ed25519.NewBatchVerifierWithCapacity(len(signed))
	for i := range signed {
		s := &signed[i]
		verifier.AddWithOptions(s.Device[:], s.Digest[:], s.Signature[:], zip215)
	}
	_, each := verifier.Verify(nil)
	return each
}
