package labeling

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	lru "github.com/hashicorp/golang-lru/v2"
)

// Snapshots gives the skill snapshots that questions name.
type Snapshots interface {
	// Snapshot returns a snapshot by its hash.
	Snapshot(ctx context.Context, hash string) (*Snapshot, error)
}

// SnapshotCache gives the snapshots of a source, and those that were used lately from memory.
type SnapshotCache struct {
	source  Snapshots
	cache   *lru.Cache[string, *Snapshot]
	people  atomic.Int64 // in all that is in cache
	loading sync.Mutex   // one at a time: those who answer when a new one is first used need the same
}

// What is kept in memory: so many snapshots, of so many people together, each of whom takes 200 bytes and 8 for each pair
// of choices.
const (
	snapshotsKept = 4096
	peopleKept    = 1_000_000
)

// NewSnapshotCache returns a cache before a source.
func NewSnapshotCache(source Snapshots) *SnapshotCache {
	c := &SnapshotCache{source: source}
	c.cache, _ = lru.NewWithEvict(snapshotsKept, func(_ string, s *Snapshot) { // fails for sizes under 1 only
		c.people.Add(-int64(len(s.Known.People)))
	})
	return c
}

// Kept returns a snapshot that is in memory, or nil.
func (c *SnapshotCache) Kept(hash string) *Snapshot {
	s, _ := c.cache.Get(hash)
	return s
}

// Snapshot implements Snapshots.
func (c *SnapshotCache) Snapshot(ctx context.Context, hash string) (*Snapshot, error) {
	if s := c.Kept(hash); s != nil {
		return s, nil
	}
	c.loading.Lock()
	defer c.loading.Unlock()
	if s := c.Kept(hash); s != nil {
		return s, nil
	}
	s, err := c.source.Snapshot(ctx, hash)
	if err != nil {
		return nil, fmt.Errorf("snapshot %s: %w", hash, err)
	}
	c.people.Add(int64(len(s.Known.People)))
	c.cache.Add(hash, s)
	for c.people.Load() > peopleKept && c.cache.Len() > 1 {
		c.cache.RemoveOldest()
	}
	return s, nil
}
