package polls

import (
	"encoding/hex"
	"strings"
	"time"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"
	"golang.org/x/crypto/sha3"

	"github.com/tasknet/tasknet"
)

// Wallet is the address of an EVM account: who a respondent is, and where their pay goes.
type Wallet [20]byte

// DeviceKey is an Ed25519 public key: one device of a respondent.
type DeviceKey [32]byte

// DelegationMax is the longest time for which a wallet may name a device.
const DelegationMax = 2 * 365 * 24 * time.Hour

// delegationSkew is how far an issuing time may lie from the server's: a device's clock may be wrong by hours.
const delegationSkew = 24 * time.Hour

// Delegation is a wallet's statement that a device speaks for it, signed by EIP-712 typed data under the domain
// {name "TaskNet", version "1", chainId, salt: the instance's id}:
//
//	Delegation(address wallet,bytes32 device,uint64 issued,uint64 expires)
type Delegation struct {
	Wallet    Wallet
	Device    DeviceKey
	Issued    time.Time // whole seconds
	Expires   time.Time // whole seconds
	Signature [65]byte  // r, s, v; v is 27 or 28
}

// Domain is where a delegation holds: one instance, on one chain.
type Domain struct {
	Instance [32]byte
	ChainID  int64
}

var (
	domainType     = keccak([]byte("EIP712Domain(string name,string version,uint256 chainId,bytes32 salt)"))
	delegationType = keccak([]byte("Delegation(address wallet,bytes32 device,uint64 issued,uint64 expires)"))
	domainName     = keccak([]byte("TaskNet"))
	domainVersion  = keccak([]byte("1"))
)

// Digest returns the 32 bytes that the wallet signs.
func (d *Delegation) Digest(in Domain) [32]byte {
	issued, expires := word(uint64(d.Issued.Unix())), word(uint64(d.Expires.Unix()))
	return in.digest(keccak(delegationType[:], make([]byte, 12), d.Wallet[:], d.Device[:], issued[:], expires[:]))
}

// digest returns the digest of a struct that is signed in a domain.
func (in Domain) digest(body [32]byte) [32]byte {
	chain := word(uint64(in.ChainID))
	domain := keccak(domainType[:], domainName[:], domainVersion[:], chain[:], in.Instance[:])
	return keccak([]byte{0x19, 0x01}, domain[:], body[:])
}

// Check reports whether the wallet signed the delegation. The error is ErrBadDelegation.
func (d *Delegation) Check(in Domain) error {
	if !d.Wallet.signed(d.Digest(in), d.Signature) {
		return ErrBadDelegation
	}
	return nil
}

// signed reports whether a signature of a digest is this wallet's.
func (w Wallet) signed(digest [32]byte, signature [65]byte) bool {
	v := signature[64]
	var s secp256k1.ModNScalar
	if overflow := s.SetByteSlice(signature[32:64]); overflow || s.IsOverHalfOrder() || (v != 27 && v != 28) {
		return false // a second form of the same signature must not pass for another one
	}
	compact := append([]byte{v}, signature[:64]...)
	key, _, err := ecdsa.RecoverCompact(compact, digest[:])
	return err == nil && WalletOf(key) == w
}

// ProofDigest returns tasknet/register/v1, what the device signs to prove that it has the key that the delegation names.
func (d *Delegation) ProofDigest(instance string) ([32]byte, error) {
	return tasknet.Hash("tasknet/register/v1", map[string]any{
		"device": d.Device.String(), "expires": d.Expires.Unix(), "instance": instance, "issued": d.Issued.Unix(),
		"wallet": d.Wallet.Lower(),
	})
}

// SessionDigest returns tasknet/session/v1, what a device signs to get a token.
func SessionDigest(instance string, device DeviceKey, challenge string) ([32]byte, error) {
	return tasknet.Hash("tasknet/session/v1", map[string]any{
		"challenge": challenge, "device": device.String(), "instance": instance,
	})
}

// CheckTime reports whether the delegation may be registered now. The error is ErrDelegationTime.
func (d *Delegation) CheckTime(now time.Time) error {
	if d.Issued.After(now.Add(delegationSkew)) || d.Issued.Before(now.Add(-delegationSkew)) ||
		!d.Expires.After(now) || d.Expires.Sub(d.Issued) > DelegationMax {
		return ErrDelegationTime
	}
	return nil
}

// Sign signs the delegation by the wallet's key and sets Wallet to that key's address.
func (d *Delegation) Sign(in Domain, key *secp256k1.PrivateKey) {
	d.Wallet = WalletOf(key.PubKey())
	d.Signature = sign(d.Digest(in), key)
}

func sign(digest [32]byte, key *secp256k1.PrivateKey) (signature [65]byte) {
	compact := ecdsa.SignCompact(key, digest[:], false)
	copy(signature[:], compact[1:])
	signature[64] = compact[0]
	return signature
}

// WalletOf returns the address of a key.
func WalletOf(key *secp256k1.PublicKey) (w Wallet) {
	h := keccak(key.SerializeUncompressed()[1:])
	copy(w[:], h[12:])
	return w
}

// String writes the address with the checksum of EIP-55.
func (w Wallet) String() string {
	digits := []byte(hex.EncodeToString(w[:]))
	sum := keccak(digits)
	for i, c := range digits {
		if c >= 'a' && (sum[i/2]>>(4*(1-i%2)))&0xf >= 8 {
			digits[i] = c - 'a' + 'A'
		}
	}
	return "0x" + string(digits)
}

// Lower writes the address in lower case, the form that goes into hashes.
func (w Wallet) Lower() string { return "0x" + hex.EncodeToString(w[:]) }

// ParseWallet reads an address in any case.
func ParseWallet(s string) (w Wallet, err error) {
	body, ok := strings.CutPrefix(s, "0x")
	if b, err := hex.DecodeString(body); ok && err == nil && len(b) == len(w) {
		return Wallet(b), nil
	}
	return w, tasknet.NewError(tasknet.Invalid, "bad_wallet", "A wallet is 0x and 40 hex digits.")
}

// String writes the key in hex.
func (k DeviceKey) String() string { return hex.EncodeToString(k[:]) }

// ParseDeviceKey reads 64 hex digits.
func ParseDeviceKey(s string) (k DeviceKey, err error) {
	if b, err := hex.DecodeString(s); err == nil && len(b) == len(k) && hex.EncodeToString(b) == s {
		return DeviceKey(b), nil
	}
	return k, tasknet.NewError(tasknet.Invalid, "bad_device_key", "A device key is 64 lower-case hex digits.")
}

func keccak(parts ...[]byte) (out [32]byte) {
	h := sha3.NewLegacyKeccak256()
	for _, p := range parts {
		h.Write(p)
	}
	h.Sum(out[:0])
	return out
}

// word is a number as 32 big-endian bytes, the way EIP-712 encodes every integer.
func word(n uint64) (w [32]byte) {
	for i := range 8 {
		w[31-i] = byte(n >> (8 * i))
	}
	return w
}
