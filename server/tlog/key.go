package tlog

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"

	"golang.org/x/mod/sumdb/note"
)

// algorithmEd25519 marks keys of C2SP signed-note.
const algorithmEd25519 = 1

// signer returns a key that signs checkpoints as name.
func signer(name string, key ed25519.PrivateKey) (note.Signer, error) {
	public, err := note.NewEd25519VerifierKey(name, key.Public().(ed25519.PublicKey))
	if err != nil {
		return nil, err
	}
	v, err := note.NewVerifier(public)
	if err != nil {
		return nil, err
	}
	id := binary.BigEndian.AppendUint32(nil, v.KeyHash())
	return note.NewSigner(fmt.Sprintf("PRIVATE+KEY+%s+%s+%s", name, hex.EncodeToString(id), base64.StdEncoding.EncodeToString(append([]byte{algorithmEd25519}, key.Seed()...))))
}
