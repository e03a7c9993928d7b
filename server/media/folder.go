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
// written last, so an image is there with all of it or not at all. Servers may share a folder.
type Folder struct {
	root  string
	known *lru.Cache[string, Image] // images never change
}

var _ Store = (*Folder)(nil)

const knownImages = 10_000

// NewFolder returns the store in a folder, which it creates.
func NewFolder(root string) (*Folder, error) {
	if err := os.MkdirAll(root, 0o755); err != nil {
		return nil, fmt.Errorf("media folder: %w", err)
	}
	known, err := lru.New[string, Image](knownImages)
	return &Folder{root, known}, err
}

// Save implements Store. When it returns, the image survives a power cut.
func (f *Folder) Save(ctx context.Context, i Image, body []byte) error {
	if _, err := f.Image(ctx, i.Hash); !errors.Is(err, ErrNoImage) {
		return err
	}
	about, err := json.Marshal(i)
	if err != nil {
		return err
	}
	dir := f.dir(i.Hash)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("save image: %w", err)
	}
	if err := writeFile(dir, i.Hash, body); err != nil {
		return fmt.Errorf("save image %s: %w", i.Hash, err)
	}
	if err := writeFile(dir, i.Hash+".json", about); err != nil {
		return fmt.Errorf("save image %s: %w", i.Hash, err)
	}
	// The names are in three folders, two of which may be new.
	for _, d := range []string{dir, filepath.Dir(dir), f.root} {
		if err := syncFolder(d); err != nil {
			return fmt.Errorf("save image %s: %w", i.Hash, err)
		}
	}
	f.known.Add(i.Hash, i)
	return nil
}

// Image implements Store.
func (f *Folder) Image(_ context.Context, hash string) (Image, error) {
	if i, ok := f.known.Get(hash); ok {
		return i, nil
	}
	if raw, err := hex.DecodeString(hash); err != nil || len(raw) != 32 || hex.EncodeToString(raw) != hash {
		return Image{}, ErrNoImage // and no part of it is used as a path
	}
	about, err := os.ReadFile(filepath.Join(f.dir(hash), hash+".json"))
	if errors.Is(err, fs.ErrNotExist) {
		return Image{}, ErrNoImage
	}
	if err != nil {
		return Image{}, fmt.Errorf("image %s: %w", hash, err)
	}
	var i Image
	if err := json.NewDecoder(bytes.NewReader(about)).Decode(&i); err != nil {
		return Image{}, fmt.Errorf("image %s: %w", hash, err)
	}
	f.known.Add(hash, i)
	return i, nil
}

// Open implements Store.
func (f *Folder) Open(ctx context.Context, hash string) (Image, io.ReadSeekCloser, error) {
	i, err := f.Image(ctx, hash)
	if err != nil {
		return Image{}, nil, err
	}
	file, err := os.Open(filepath.Join(f.dir(hash), hash))
	if err != nil {
		return Image{}, nil, fmt.Errorf("image %s: %w", hash, err)
	}
	return i, file, nil
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
