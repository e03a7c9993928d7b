package labeling

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/tasknet/tasknet/polls"
)

// Snapshots gives the skill snapshots that questions name, and what models' words are worth.
type Snapshots interface {
	// Snapshot returns a snapshot by its hash.
	Snapshot(ctx context.Context, hash string) (*Snapshot, error)

	// Witness returns what a model's word is worth by its hash.
	Witness(ctx context.Context, hash string) (*WitnessSnapshot, error)
}

// SnapshotCache gives the snapshots of a source, and those that were used lately from memory. What a model helps is kept by the
// hash of the witness.
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

// keyOf is by what the snapshot that weighs a question is kept.
func keyOf(q *polls.Question) string {
	if q.Witness != "" {
		return helpedKey + q.Witness
	}
	return q.WeighedBy()
}

// helpedKey begins the keys of snapshots that models help.
const helpedKey = "helped "

// peek returns what weighs a question if it is in memory, or nil. What its model says is not in it.
func (c *SnapshotCache) peek(q *polls.Question) *Snapshot {
	s, _ := c.cache.Peek(keyOf(q))
	return s
}

// Kept returns what weighs a question if it is in memory, or nil.
func (c *SnapshotCache) Kept(q *polls.Question) *Snapshot {
	s, ok := c.cache.Get(keyOf(q))
	if !ok {
		return nil
	}
	return s.Hearing(q.Opinion)
}

// Weighing returns what weighs a question: the skill snapshot, with what a model says that helps.
func (c *SnapshotCache) Weighing(ctx context.Context, q *polls.Question) (*Snapshot, error) {
	if q.Witness == "" {
		return c.Snapshot(ctx, q.WeighedBy())
	}
	s, err := c.Helped(ctx, q.Witness)
	if err != nil {
		return nil, err
	}
	return s.Hearing(q.Opinion), nil
}

// Snapshot returns a snapshot by its hash.
func (c *SnapshotCache) Snapshot(ctx context.Context, hash string) (*Snapshot, error) {
	return c.get(hash, func() (*Snapshot, error) {
		s, err := c.source.Snapshot(ctx, hash)
		if err != nil {
			err = fmt.Errorf("snapshot %s: %w", hash, err)
		}
		return s, err
	})
}

// Helped returns the snapshot that a witness was learned with as its model helps it.
func (c *SnapshotCache) Helped(ctx context.Context, witness string) (*Snapshot, error) {
	return c.get(helpedKey+witness, func() (*Snapshot, error) {
		w, err := c.source.Witness(ctx, witness)
		if err != nil {
			return nil, fmt.Errorf("witness %s: %w", witness, err)
		}
		s, err := c.source.Snapshot(ctx, w.Skills)
		if err != nil {
			return nil, fmt.Errorf("snapshot %s: %w", w.Skills, err)
		}
		return s.HelpedBy(w)
	})
}

func (c *SnapshotCache) get(key string, load func() (*Snapshot, error)) (*Snapshot, error) {
	if s, ok := c.cache.Get(key); ok {
		return s, nil
	}
	c.loading.Lock()
	defer c.loading.Unlock()
	if s, ok := c.cache.Get(key); ok {
		return s, nil
	}
	s, err := load()
	if err != nil {
		return nil, err
	}
	c.people.Add(int64(len(s.Known.People)))
	c.cache.Add(key, s)
	for c.people.Load() > peopleKept && c.cache.Len() > 1 {
		c.cache.RemoveOldest()
	}
	return s, nil
}
