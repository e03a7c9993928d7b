// Package update puts a newer release of a program in its place: only one that the key of the releases has signed, for this system, and
// newer than what runs. Who serves the files is not believed.
package update

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/semver"

	"github.com/tasknet/tasknet"
)

// Tag is what the hash of a manifest is made under, as tasknet.Hash has it.
const Tag = "tasknet/release/v1"

// Manifest names the files of a release.
type Manifest struct {
	Version string `json:"version"` // as in v1.2.3
	Expires int64  `json:"expires"` // Unix seconds, after which it is not believed: an old one must not hide newer ones for ever
	Files   []File `json:"files"`   // one for each system
}

// File is a program for a system.
type File struct {
	System string `json:"system"` // as in linux/amd64
	URL    string `json:"url"`    // https, or relative to that of the manifest
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Signed is a manifest as it is served.
type Signed struct {
	Manifest  Manifest `json:"manifest"`
	Signature string   `json:"signature"` // base64, Ed25519 of the manifest's hash under Tag
}

// Sign signs a manifest.
func Sign(m Manifest, key ed25519.PrivateKey) (Signed, error) {
	hash, err := tasknet.Hash(Tag, m)
	return Signed{m, base64.StdEncoding.EncodeToString(ed25519.Sign(key, hash[:]))}, err
}

// Errors of updates.
var (
	ErrNoKey      = tasknet.NewError(tasknet.NotSupported, "no_release_key", "This program has no key of releases, so it believes no update. Name one with --key, or install the newer one yourself.")
	ErrNoRelease  = tasknet.NewError(tasknet.NotSupported, "no_release", "This program is not a release, so what is newer than it cannot be told. Build or install a newer one yourself.")
	ErrManifest   = tasknet.NewError(tasknet.Invalid, "bad_manifest", "The list of the release is not signed by the key of releases, or makes no sense; nothing was changed.")
	ErrExpired    = tasknet.NewError(tasknet.Invalid, "expired_manifest", "The list of the release is too old to be believed; nothing was changed.")
	ErrDowngrade  = tasknet.NewError(tasknet.Conflict, "not_newer", "The release is not newer than this program; nothing was changed.")
	ErrNoSystem   = tasknet.NewError(tasknet.NotSupported, "no_file", "The release has no program for this system.")
	ErrWrongFile  = tasknet.NewError(tasknet.Invalid, "wrong_file", "The program that was fetched is not the one that was signed; nothing was changed.")
	ErrBadKeyFile = tasknet.NewError(tasknet.Invalid, "bad_release_key", "The key of releases is 32 bytes in base64.")
)

// ParseKey reads the key of releases. ErrNoKey when there is none, ErrBadKeyFile.
func ParseKey(text string) (ed25519.PublicKey, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, ErrNoKey
	}
	key, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return nil, ErrBadKeyFile
	}
	return key, nil
}

// Source fetches what is at an address, at most so many bytes of it.
type Source interface {
	Fetch(ctx context.Context, address string, most int64) (io.ReadCloser, error)
}

// Updater looks for newer releases.
type Updater struct {
	Source  Source
	From    string // address of the manifest
	Key     ed25519.PublicKey
	Current string // version that runs
	System  string // as in linux/amd64
	Now     func() time.Time
}

// Limits of releases.
const (
	manifestMax = 64 << 10
	programMax  = 1 << 30
)

// Release is a release for this system that may take this program's place.
type Release struct {
	Version string
	address string
	file    File
}

// Look fetches the manifest. ErrDowngrade when what it names is not newer; and the other errors of updates.
func (u *Updater) Look(ctx context.Context) (*Release, error) {
	if len(u.Key) != ed25519.PublicKeySize {
		return nil, ErrNoKey
	}
	if !semver.IsValid(u.Current) || semver.Prerelease(u.Current) != "" {
		return nil, ErrNoRelease
	}
	raw, err := u.read(ctx)
	if err != nil {
		return nil, err
	}
	var s Signed
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil || d.More() {
		return nil, ErrManifest
	}
	m := &s.Manifest
	hash, hashErr := tasknet.Hash(Tag, m)
	signature, err := base64.StdEncoding.DecodeString(s.Signature)
	if errors.Join(err, hashErr) != nil || !ed25519.Verify(u.Key, hash[:], signature) {
		return nil, ErrManifest
	}
	switch {
	case !semver.IsValid(m.Version) || semver.Canonical(m.Version) != m.Version:
		return nil, ErrManifest
	case u.Now().Unix() >= m.Expires:
		return nil, ErrExpired
	case semver.Compare(m.Version, u.Current) <= 0:
		return nil, ErrDowngrade
	}
	for _, f := range m.Files {
		if f.System != u.System {
			continue
		}
		address, err := u.address(f.URL)
		hash, hashErr := hex.DecodeString(f.SHA256)
		if err != nil || hashErr != nil || len(hash) != sha256.Size || f.Bytes < 1 || f.Bytes > programMax {
			return nil, ErrManifest
		}
		return &Release{m.Version, address, f}, nil
	}
	return nil, ErrNoSystem
}

func (u *Updater) read(ctx context.Context) (_ []byte, err error) {
	in, err := u.Source.Fetch(ctx, u.From, manifestMax)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	raw, err := io.ReadAll(io.LimitReader(in, manifestMax+1))
	if err == nil && len(raw) > manifestMax {
		err = ErrManifest
	}
	return raw, err
}

// address is that of a file, beside that of the manifest.
func (u *Updater) address(of string) (string, error) {
	base, err := url.Parse(u.From)
	if err != nil {
		return "", err
	}
	at, err := base.Parse(of)
	if err != nil {
		return "", err
	}
	return at.String(), nil
}

// Old is where the program that was replaced is kept.
func Old(program string) string { return program + ".old" }

// Install fetches a release and puts it in a program's place; the one before is kept as Old. Whatever happens on the way, one of
// the two is in its place and whole. ErrWrongFile.
func (u *Updater) Install(ctx context.Context, r *Release, program string) (err error) {
	info, err := os.Stat(program)
	if err != nil {
		return err
	}
	in, err := u.Source.Fetch(ctx, r.address, r.file.Bytes)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	next, err := os.CreateTemp(filepath.Dir(program), ".tasknet-node-*") // beside it: a rename takes no other disk
	if err != nil {
		return fmt.Errorf("the program's folder cannot be written: %w", err)
	}
	defer func() {
		_ = next.Close() // a second time it says so
		if removeErr := os.Remove(next.Name()); !errors.Is(removeErr, fs.ErrNotExist) {
			err = errors.Join(err, removeErr)
		}
	}()
	hash := sha256.New()
	n, err := io.Copy(io.MultiWriter(next, hash), io.LimitReader(in, r.file.Bytes+1))
	if err != nil {
		return err
	}
	if n != r.file.Bytes || hex.EncodeToString(hash.Sum(nil)) != r.file.SHA256 {
		return ErrWrongFile
	}
	if err := errors.Join(next.Sync(), next.Chmod(info.Mode().Perm()), next.Close()); err != nil {
		return err
	}
	return swap(next.Name(), program)
}
