package push

import (
	"crypto/ecdh"
	"encoding/base64"

	"github.com/tasknet/tasknet"
)

// Key is the server's key for Web Push: push services know us by it (RFC 8292). Browsers tie their subscriptions to it, which
// end when it changes.
type Key struct{ private *ecdh.PrivateKey }

// ErrKey reports a key that is none.
var ErrKey = tasknet.NewError(tasknet.Invalid, "bad_vapid_key", "A VAPID key is 32 bytes: a private key on P-256, in base64url as tools print it.")

// NewKey returns the key that a secret of 32 bytes is. ErrKey.
func NewKey(secret []byte) (Key, error) {
	private, err := ecdh.P256().NewPrivateKey(secret)
	if err != nil {
		return Key{}, ErrKey
	}
	return Key{private}, nil
}

// ParseKey reads a private key in base64url, as tools print it. ErrKey.
func ParseKey(text string) (Key, error) {
	secret, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return Key{}, ErrKey
	}
	return NewKey(secret)
}

// Public returns the public key in base64url, as browsers take it.
func (k Key) Public() string {
	return base64.RawURLEncoding.EncodeToString(k.private.PublicKey().Bytes())
}
