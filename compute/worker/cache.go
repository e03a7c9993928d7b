package worker

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/tasknet/tasknet/compute"
)

// partial ends the name of a file of which not all is there yet.
const partial = ".part"

// cache keeps the files of jobs, so that a node fetches each once for all parts of a job. What was used longest ago goes first.
type cache struct {
	folder string
	most   int64 // bytes

	mu sync.Mutex // held while a file is fetched: two that fetch at a time are no faster
}

func newCache(folder string, most int64) (*cache, error) {
	return &cache{folder: folder, most: most}, os.MkdirAll(folder, 0o700)
}

// link puts a file of so many bytes at a path, fetched when it is not here. The cache may drop it at any time; the path stays.
func (c *cache) link(ctx context.Context, id compute.ArtefactID, size int64, path string, fetch func(ctx context.Context, path string) error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	kept := filepath.Join(c.folder, string(id))
	if info, err := os.Stat(kept); err != nil || info.Size() != size {
		if err := c.drop(c.most - size); err != nil {
			return err
		}
		if err := fetch(ctx, kept+partial); err != nil {
			return err
		}
		if err := os.Rename(kept+partial, kept); err != nil {
			return err
		}
	}
	now := time.Now()
	return errors.Join(os.Chtimes(kept, now, now), os.Link(kept, path))
}

// list returns the files that are here, those that were used last first.
func (c *cache) list() ([]fs.FileInfo, error) {
	entries, err := os.ReadDir(c.folder)
	if err != nil {
		return nil, err
	}
	var out []fs.FileInfo
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() {
			out = append(out, info)
		}
	}
	slices.SortFunc(out, func(a, b fs.FileInfo) int { return cmp.Compare(b.ModTime().UnixNano(), a.ModTime().UnixNano()) })
	return out, nil
}

// drop removes what was used longest ago until no more than so many bytes are left.
func (c *cache) drop(most int64) error {
	files, err := c.list()
	if err != nil {
		return err
	}
	var sum int64
	for _, f := range files {
		if sum += f.Size(); sum > most {
			if err := os.Remove(filepath.Join(c.folder, f.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// names returns the ids of the files that are here, at most so many.
func (c *cache) names(most int) []string {
	files, err := c.list()
	if err != nil {
		return nil
	}
	var out []string
	for _, f := range files {
		if _, err := compute.ParseArtefactID(f.Name()); err == nil && len(out) < most {
			out = append(out, f.Name())
		}
	}
	return out
}
