package app

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// secretSize is the size of every secret that an instance makes for itself.
const secretSize = 32

// secret returns the secret in a file, which it makes, readable by its owner alone, when there is none.
func secret(file string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return newSecret(file)
	}
	if err != nil {
		return nil, err
	}
	value, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(value) != secretSize {
		return nil, fmt.Errorf("%s does not hold %d bytes in hex; restore it from a backup", file, secretSize)
	}
	return value, nil
}

// newSecret writes a new secret whole or not at all, and to the disk before it is used: a half-written or lost one would
// lock the instance out of its own past.
func newSecret(file string) ([]byte, error) {
	value := make([]byte, secretSize)
	rand.Read(value)
	dir := filepath.Dir(file)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	tmp, err := os.OpenFile(file+".tmp", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = tmp.WriteString(hex.EncodeToString(value) + "\n")
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return nil, err
	}
	if err := os.Rename(tmp.Name(), file); err != nil {
		return nil, err
	}
	return value, errors.Join(syncFolder(dir), syncFolder(filepath.Dir(dir))) // the folder may be new, too
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
