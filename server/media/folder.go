package media

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	lru "github.com/hashicorp/golang-lru/v2"
)

// Folder is a Store on disk: HASH and HASH.json in folders of two levels by the hash's first four digits. The JSON is
// written last, so a medium is there with all of it or not at all. Servers may share a folder.
type Folder struct {
	root  string
	known *lru.Cache[string, Medium] // media never change
}

var _ Store = (*Folder)(nil)

const knownMedia = 10_000

// NewFolder returns the store in a folder, which it creates.
func NewFolder(root string) (*Folder, error) {
	if err := os.MkdirAll(root, 0o755); err != nil {
		return nil, fmt.Errorf("media folder: %w", err)
	}
	known, err := lru.New[string, Medium](knownMedia)
	return &Folder{root, known}, err
}

// Save implements Store. When it returns, the medium survives a power cut.
func (f *Folder) Save(ctx context.Context, m Medium, body []byte) error {
	if _, err := f.Medium(ctx, m.Hash); !errors.Is(err, ErrNoMedium) {
		return err
	}
	about, err := json.Marshal(m)
	if err != nil {
		return err
	}
	dir := f.dir(m.Hash)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("save medium: %w", err)
	}
	if err := writeFile(dir, m.Hash, body); err != nil {
		return fmt.Errorf("save medium %s: %w", m.Hash, err)
	}
	if err := writeFile(dir, m.Hash+".json", about); err != nil {
		return fmt.Errorf("save medium %s: %w", m.Hash, err)
	}
	// The names are in three folders, two of which may be new.
	for _, d := range []string{dir, filepath.Dir(dir), f.root} {
		if err := syncFolder(d); err != nil {
			return fmt.Errorf("save medium %s: %w", m.Hash, err)
		}
	}
	f.known.Add(m.Hash, m)
	return nil
}

// Medium implements Store.
func (f *Folder) Medium(_ context.Context, hash string) (Medium, error) {
	if m, ok := f.known.Get(hash); ok {
		return m, nil
	}
	if raw, err := hex.DecodeString(hash); err != nil || len(raw) != 32 || hex.EncodeToString(raw) != hash {
		return Medium{}, ErrNoMedium // and no part of it is used as a path
	}
	about, err := os.ReadFile(filepath.Join(f.dir(hash), hash+".json"))
	if errors.Is(err, fs.ErrNotExist) {
		return Medium{}, ErrNoMedium
	}
	if err != nil {
		return Medium{}, fmt.Errorf("medium %s: %w", hash, err)
	}
	var m Medium
	if err := json.NewDecoder(bytes.NewReader(about)).Decode(&m); err != nil {
		return Medium{}, fmt.Errorf("medium %s: %w", hash, err)
	}
	f.known.Add(hash, m)
	return m, nil
}

// Open implements Store.
func (f *Folder) Open(ctx context.Context, hash string) (Medium, io.ReadSeekCloser, error) {
	m, err := f.Medium(ctx, hash)
	if err != nil {
		return Medium{}, nil, err
	}
	file, err := os.Open(filepath.Join(f.dir(hash), hash))
	if err != nil {
		return Medium{}, nil, fmt.Errorf("medium %s: %w", hash, err)
	}
	return m, file, nil
}

func (f *Folder) dir(hash string) string { return filepath.Join(f.root, hash[:2], hash[2:4]) }

// writeFile makes a file appear under its name with all of its bytes, or not at all.
func writeFile(dir, name string, body []byte) error {
	tmp, err := os.CreateTemp(dir, ".tmp-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // fails once it was renamed, which is fine
	_, err = tmp.Write(body)
	if err == nil {
		err = tmp.Chmod(0o644)
	}
	if err == nil {
		err = tmp.Sync()
	}
	if err := errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), filepath.Join(dir, name))
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
