package client

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// Keys are what makes somebody a respondent: a wallet, which is paid and says which devices speak for it, and the key of
// this device, which signs answers.
type Keys struct {
	Wallet *secp256k1.PrivateKey
	Device ed25519.PrivateKey
}

// ErrKeyFile reports a file that does not hold keys.
var ErrKeyFile = tasknet.NewError(tasknet.Invalid, "bad_key_file", "The key file is damaged; restore it from a copy, or move it away to start as somebody new.")

// NewKeys makes keys at random.
func NewKeys() (Keys, error) {
	wallet, err := secp256k1.GeneratePrivateKey()
	if err != nil {
		return Keys{}, err
	}
	_, device, err := ed25519.GenerateKey(rand.Reader)
	return Keys{wallet, device}, err
}

// DeriveKeys makes the keys that follow from a secret and a name, always the same.
func DeriveKeys(secret []byte, name string) (Keys, error) {
	seed, err := hkdf.Key(sha256.New, secret, nil, "tasknet/device/v1 "+name, ed25519.SeedSize)
	if err != nil {
		return Keys{}, err
	}
	for i := 0; ; i++ { // all but one in 2^127 end at the first
		raw, err := hkdf.Key(sha256.New, secret, nil, "tasknet/wallet/v1 "+strconv.Itoa(i)+" "+name, 32)
		if err != nil {
			return Keys{}, err
		}
		if wallet, ok := walletKey(raw); ok {
			return Keys{wallet, ed25519.NewKeyFromSeed(seed)}, nil
		}
	}
}

// walletKey returns the private key with a number, unless no key has it.
func walletKey(raw []byte) (*secp256k1.PrivateKey, bool) {
	var n secp256k1.ModNScalar
	if overflow := n.SetByteSlice(raw); overflow || n.IsZero() {
		return nil, false
	}
	return secp256k1.NewPrivateKey(&n), true
}

// keyFile is how keys are kept.
type keyFile struct {
	Wallet string `json:"wallet"`
	Device string `json:"device"`
}

// LoadKeys reads the keys in a file. When there is no such file it makes keys and saves them there, for the owner's eyes
// only. ErrKeyFile.
func LoadKeys(path string) (Keys, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := saveNewKeys(path); err != nil && !errors.Is(err, fs.ErrExist) {
			return Keys{}, err
		}
		raw, err = os.ReadFile(path) // another process may have been first
	}
	if err != nil {
		return Keys{}, err
	}
	var f keyFile
	if err := json.Unmarshal(raw, &f); err != nil {
		return Keys{}, fmt.Errorf("%s: %w", path, ErrKeyFile)
	}
	keys, err := ParseKeys(f.Wallet, f.Device)
	if err != nil {
		return Keys{}, fmt.Errorf("%s: %w", path, err)
	}
	return keys, nil
}

// ParseKeys reads keys from their secrets, 64 hex digits each. ErrKeyFile.
func ParseKeys(wallet, device string) (Keys, error) {
	scalar, walletErr := hex.DecodeString(wallet)
	seed, deviceErr := hex.DecodeString(device)
	if walletErr != nil || deviceErr != nil || len(scalar) != 32 || len(seed) != ed25519.SeedSize {
		return Keys{}, ErrKeyFile
	}
	key, ok := walletKey(scalar)
	if !ok {
		return Keys{}, ErrKeyFile
	}
	return Keys{key, ed25519.NewKeyFromSeed(seed)}, nil
}

// Secrets writes the keys as ParseKeys reads them.
func (k Keys) Secrets() (wallet, device string) {
	return hex.EncodeToString(k.Wallet.Serialize()), hex.EncodeToString(k.Device.Seed())
}

// saveNewKeys makes keys and the file with them in one step, so that there is never a file with half of them and never a
// second pair in place of a first.
func saveNewKeys(path string) error {
	keys, err := NewKeys()
	if err != nil {
		return err
	}
	wallet, device := keys.Secrets()
	raw, err := json.Marshal(keyFile{wallet, device})
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".keys-*") // made with mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(append(raw, '\n'))
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Link(f.Name(), path)
}

// DeviceKey returns the public key of the device.
func (k Keys) DeviceKey() polls.DeviceKey {
	return polls.DeviceKey(k.Device.Public().(ed25519.PublicKey))
}

// WalletAddress returns the wallet's address.
func (k Keys) WalletAddress() polls.Wallet { return polls.WalletOf(k.Wallet.PubKey()) }
