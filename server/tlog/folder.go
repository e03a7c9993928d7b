package tlog

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/transparency-dev/tessera/api/layout"
	merkle "golang.org/x/mod/sumdb/tlog"
)

// folder is where the files of a log are.
type folder string

// errDamaged reports that files are missing, or are not what the checkpoint is of.
var errDamaged = errors.New("files of the public log are missing or damaged")

func (d folder) read(name string) ([]byte, error) { return os.ReadFile(filepath.Join(string(d), name)) }

// sized reads a tile or a bundle of a width, or the full one that it has become since.
func (d folder) sized(path func(partial uint8) string, partial uint8) ([]byte, error) {
	raw, err := d.read(path(partial))
	if partial > 0 && errors.Is(err, fs.ErrNotExist) {
		return d.read(path(0))
	}
	return raw, err
}

// leaves returns those of a bundle in a log of a size. errDamaged.
func (d folder) leaves(bundle, size int64) ([][32]byte, error) {
	partial := layout.PartialTileSize(0, uint64(bundle), uint64(size))
	raw, err := d.sized(func(p uint8) string { return layout.EntriesPath(uint64(bundle), p) }, partial)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	leaves, ok := parseEntries(raw, int(min(width, size-bundle*width)))
	if !ok {
		return nil, errDamaged
	}
	return leaves, nil
}

// tile returns the hashes of a full tile. errDamaged.
func (d folder) tile(level, index int64) ([]merkle.Hash, error) {
	raw, err := d.read(layout.TilePath(uint64(level), uint64(index), 0))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if len(raw) != width*merkle.HashSize {
		return nil, errDamaged
	}
	hashes := make([]merkle.Hash, width)
	for i := range hashes {
		hashes[i] = merkle.Hash(raw[i*merkle.HashSize : (i+1)*merkle.HashSize])
	}
	return hashes, nil
}

// whole checks that the files on the way from a full bundle to the right edge of its tree are what that is of: four or five
// files, however large the log is. errDamaged.
func (d folder) whole(t *tree, bundle int64) error {
	leaves, err := d.leaves(bundle, t.size)
	if err != nil {
		return err
	}
	hashes, err := d.tile(0, bundle)
	if err != nil {
		return err
	}
	for i := range leaves {
		if hashes[i] != merkle.RecordHash(leaves[i][:]) {
			return errDamaged
		}
	}
	for level, index := int64(1), bundle; ; level, index = level+1, index/width {
		below := perfect(hashes)
		if index/width == t.size>>(level*widthBits)/width { // in the last tile, which is not full
			hashes = t.levels[level]
		} else if hashes, err = d.tile(level, index/width); err != nil {
			return err
		}
		if hashes[index%width] != below {
			return errDamaged
		}
		if len(hashes) < width {
			return nil
		}
	}
}

// tree reads the right edge of a log of a size and with a root. errDamaged.
func (d folder) tree(size int64, root [32]byte) (*tree, error) {
	t := &tree{size: size}
	for level, nodes := 0, size; nodes > 0; level, nodes = level+1, nodes/width {
		partial, hashes := nodes%width, make([]merkle.Hash, 0, width)
		if partial > 0 {
			raw, err := d.sized(func(p uint8) string { return layout.TilePath(uint64(level), uint64(nodes/width), p) }, uint8(partial))
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return nil, err
			}
			if len(raw) < int(partial)*merkle.HashSize {
				return nil, errDamaged
			}
			for i := range partial {
				hashes = append(hashes, merkle.Hash(raw[i*merkle.HashSize:(i+1)*merkle.HashSize]))
			}
		}
		t.levels = append(t.levels, hashes)
	}
	if t.root() != root {
		return nil, errDamaged
	}
	if size%width == 0 {
		return t, nil
	}
	leaves, err := d.leaves(size/width, size)
	if err != nil {
		return nil, err
	}
	edge := &tree{}
	edge.add(leaves)
	for i, h := range edge.levels[0] {
		if h != t.levels[0][i] {
			return nil, errDamaged
		}
	}
	t.bundle = edge.bundle
	return t, nil
}

// write writes files. They are durable when it returns, and not before: all are synced at once, since each sync is a write of
// the disk's journal that answers wait for too.
func (d folder) write(files []file) error {
	for _, f := range files {
		if err := d.replace(f, false); err != nil {
			return err
		}
	}
	return d.sync(files)
}

// replace writes a file under another name first, so that nobody reads half of it.
func (d folder) replace(f file, synced bool) error {
	path := filepath.Join(string(d), f.name)
	fresh := path + ".new"
	err := writeFile(fresh, f.body, synced)
	if errors.Is(err, fs.ErrNotExist) {
		if err = os.MkdirAll(filepath.Dir(path), 0o755); err == nil {
			err = writeFile(fresh, f.body, synced)
		}
	}
	if err != nil {
		return err
	}
	return os.Rename(fresh, path)
}

func writeFile(path string, body []byte, synced bool) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(body); err != nil || !synced {
		return err
	}
	return f.Sync()
}

// publish writes a checkpoint. It is durable when it returns.
func (d folder) publish(checkpoint []byte) error {
	if err := d.replace(file{layout.CheckpointPath, checkpoint}, true); err != nil {
		return err
	}
	return syncFile(string(d))
}

// syncFile makes a file durable, or the names in a folder.
func syncFile(path string) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return f.Sync()
}

// prune removes what full tiles and bundles have replaced as a log grew: who looks for a partial one takes the full one.
func (d folder) prune(from, to int64) error {
	var errs []error
	remove := func(full string) { errs = append(errs, os.RemoveAll(filepath.Join(string(d), full+".p"))) }
	if from/width != to/width {
		remove(layout.EntriesPath(uint64(from/width), 0))
	}
	for level, old, now := 0, from, to; old/width != now/width; level, old, now = level+1, old/width, now/width {
		remove(layout.TilePath(uint64(level), uint64(old/width), 0))
	}
	return errors.Join(errs...)
}

// reader is a log as Tessera's publisher of checkpoints reads it, to tell witnesses how it has grown.
type reader struct {
	folder
	size int64
}

func (r reader) ReadCheckpoint(context.Context) ([]byte, error) {
	return r.read(layout.CheckpointPath)
}

func (r reader) ReadTile(_ context.Context, level, index uint64, partial uint8) ([]byte, error) {
	return r.sized(func(p uint8) string { return layout.TilePath(level, index, p) }, partial)
}

func (r reader) ReadEntryBundle(_ context.Context, index uint64, partial uint8) ([]byte, error) {
	return r.sized(func(p uint8) string { return layout.EntriesPath(index, p) }, partial)
}

func (r reader) NextIndex(context.Context) (uint64, error)      { return uint64(r.size), nil }
func (r reader) IntegratedSize(context.Context) (uint64, error) { return uint64(r.size), nil }
