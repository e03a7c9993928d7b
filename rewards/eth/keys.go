package eth

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/ethereum/go-ethereum/accounts/keystore"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/tasknet/tasknet/rewards"
)

// Key says where a private key is: in a file, in a text that came from the environment, or with a program that signs for
// us. Exactly one of File, Secret and Signer is set.
type Key struct {
	// File holds the key as 64 hexadecimal digits, or encrypted as keystore version 3; mode 600. It is read again before
	// each transaction, so that moving another file to its place changes the key of a server that runs. A file that
	// cannot be read then is said in the log, and the key before stays in use.
	File string

	// PassphraseFile holds the passphrase of a keystore file on its first line; mode 600.
	PassphraseFile string

	// Secret is the key itself, as 64 hexadecimal digits. Another one needs a restart.
	Secret Secret

	// Signer is the JSON-RPC address of clef or web3signer, which holds the key. Give both the server and the signer a
	// network of their own: who reaches the signer can sign. It has Account. Clef must know the vault's methods, see deploy/README.md.
	Signer  string
	Account rewards.Address
}

// Secret is a text that is never printed, by whatever verb, encoder or logger.
type Secret string

// Format implements fmt.Formatter.
func (Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("(secret)")) }

// MarshalText implements encoding.TextMarshaler.
func (s Secret) MarshalText() ([]byte, error) {
	if s == "" {
		return nil, nil
	}
	return []byte("(secret)"), nil
}

// LogValue implements slog.LogValuer.
func (Secret) LogValue() slog.Value { return slog.StringValue("(secret)") }

func (k Key) validate(whose string) error {
	ways := 0
	for _, is := range []bool{k.File != "", k.Secret != "", k.Signer != ""} {
		if is {
			ways++
		}
	}
	switch {
	case ways == 0:
		return fmt.Errorf("%w: no key for %s", ErrConfig, whose)
	case ways > 1:
		return fmt.Errorf("%w: more than one key for %s; give a file, the key itself, or a signer", ErrConfig, whose)
	case k.PassphraseFile != "" && k.File == "":
		return fmt.Errorf("%w: a passphrase without a keystore file for %s", ErrConfig, whose)
	case (k.Signer != "") != (k.Account != rewards.Address{}):
		return fmt.Errorf("%w: a signer for %s, and the account that it signs for, need each other", ErrConfig, whose)
	}
	return nil
}

// open returns the key, ready to sign.
func (k Key) open(ctx context.Context, log *slog.Logger) (keySource, error) {
	switch {
	case k.Signer != "":
		return dialSigner(ctx, k.Signer, common.Address(k.Account))
	case k.Secret != "":
		key, err := parseKey(string(k.Secret))
		if err != nil {
			return nil, fmt.Errorf("%w: the one in the environment", ErrKey)
		}
		return localKey{key}, nil
	}
	h := &keyInFile{file: k.File, passphrase: k.PassphraseFile, log: log}
	text, err := readPrivate(h.file)
	if err != nil {
		return nil, err
	}
	h.key, err = h.parse(text)
	h.text = text
	return h, err
}

// keySource is a key that may become another one while the server runs.
type keySource interface {
	// current returns the key to use from now on.
	current() signer
}

// keyInFile is the key that is in a file now.
type keyInFile struct {
	file, passphrase string
	log              *slog.Logger

	mu   sync.Mutex
	text []byte // of the file when it was last looked at
	key  signer // the newest that could be read
}

func (h *keyInFile) current() signer {
	h.mu.Lock()
	defer h.mu.Unlock()
	text, err := readPrivate(h.file)
	if err == nil && bytes.Equal(text, h.text) {
		return h.key
	}
	var key signer
	if err == nil {
		key, err = h.parse(text)
	}
	if err != nil {
		h.log.Warn("a key file cannot be read; the key before stays in use", "file", h.file, "error", err)
		return h.key
	}
	if key.account() != h.key.account() {
		h.log.Info("a key file holds another key now, which is used from here on", "file", h.file, "from", h.key.account(), "to", key.account())
	}
	h.text, h.key = text, key
	return key
}

// parse reads what a key file holds. A keystore takes a second and 256 MB, since that is how it resists guessing.
func (h *keyInFile) parse(text []byte) (signer, error) {
	if !bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		key, err := parseKey(string(text))
		if err != nil {
			return nil, fmt.Errorf("%w: %s", ErrKey, h.file)
		}
		return localKey{key}, nil
	}
	if h.passphrase == "" {
		return nil, fmt.Errorf("%w: %s is a keystore; name the file with its passphrase", ErrKey, h.file)
	}
	passphrase, err := readPrivate(h.passphrase)
	if err != nil {
		return nil, err
	}
	line, _, _ := strings.Cut(string(passphrase), "\n")
	key, err := decrypt(text, strings.TrimSuffix(line, "\r"))
	if err != nil {
		return nil, fmt.Errorf("%w: %s is no keystore of version 3, or the passphrase is another's", ErrKey, h.file)
	}
	return localKey{key}, nil
}

// decrypt opens a keystore of version 3.
func decrypt(text []byte, passphrase string) (*ecdsa.PrivateKey, error) {
	var file struct {
		Version int
		Crypto  struct {
			KDFParams struct {
				Salt  string
				DKLen int
			}
		}
	}
	// What the decoder of go-ethereum takes for granted is checked before.
	if err := json.Unmarshal(text, &file); err != nil || file.Version != 3 || file.Crypto.KDFParams.Salt == "" || file.Crypto.KDFParams.DKLen != 32 {
		return nil, ErrKey
	}
	key, err := keystore.DecryptKey(text, passphrase)
	if err != nil {
		return nil, err
	}
	return key.PrivateKey, nil
}

// readPrivate reads a file that nobody but its owner may read.
func readPrivate(file string) ([]byte, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKey, err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%w: %s has mode %o, want 600", ErrKey, file, info.Mode().Perm())
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKey, err)
	}
	return text, nil
}

// parseKey reads a key of 64 hexadecimal digits. Its error could quote the key: it is not to be passed on.
func parseKey(text string) (*ecdsa.PrivateKey, error) {
	return crypto.HexToECDSA(strings.TrimPrefix(strings.TrimSpace(text), "0x"))
}

// readKey reads a private key of 64 hexadecimal digits from a file that nobody but its owner may read.
func readKey(file string) (*ecdsa.PrivateKey, error) {
	text, err := readPrivate(file)
	if err != nil {
		return nil, err
	}
	key, err := parseKey(string(text))
	if err != nil {
		return nil, fmt.Errorf("%w: %s", ErrKey, file)
	}
	return key, nil
}

// keyAt reads the key in file, or makes one there. A file that exists holds a whole key, whenever the process died.
func keyAt(file string) (*ecdsa.PrivateKey, error) {
	key, err := readKey(file)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if key, err = crypto.GenerateKey(); err != nil {
		return nil, err
	}
	return key, writeWhole(file, []byte(hex.EncodeToString(crypto.FromECDSA(key))+"\n"))
}

// writeWhole writes a file that either is not there or has all its bytes on disk.
func writeWhole(file string, data []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(file), ".new-*") // mode 600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err = os.Rename(f.Name(), file); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(file))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
