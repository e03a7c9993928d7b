package pipeline

import (
	"context"
	"errors"
	"hash/maphash"
	"slices"
	"sync"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
)

// rowKeysMax is how many rows' keys are kept, of all jobs, besides those of the newest: 64 MB.
const rowKeysMax = 8 << 20

// rowKeys are the keys of the rows that jobs ask a model about, each as a hash under a seed that nobody else knows: nodes hand in many
// parts of a job, and each is to be of its own rows.
type rowKeys struct {
	reading sync.Mutex // one file at a time is read, and by one who wants it

	mu   sync.Mutex // guards all below
	seed maphash.Seed
	jobs []keysOf // the oldest first
	rows int      // of all
}

// keysOf are the keys of a job's rows; nil: its data cannot be read.
type keysOf struct {
	job  compute.JobID
	keys []uint64
}

func (k *rowKeys) of(id compute.JobID) (keys []uint64, known bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	at := slices.IndexFunc(k.jobs, func(o keysOf) bool { return o.job == id })
	if at < 0 {
		return nil, false
	}
	return k.jobs[at].keys, true
}

func (k *rowKeys) keep(o keysOf) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.jobs, k.rows = append(k.jobs, o), k.rows+len(o.keys)
	for len(k.jobs) > 1 && (k.rows > rowKeysMax || len(k.jobs) > rowKeysJobs) {
		k.rows -= len(k.jobs[0].keys)
		k.jobs = slices.Delete(k.jobs, 0, 1)
	}
}

// rowKeysJobs is of how many jobs keys are kept.
const rowKeysJobs = 256

// hash hashes a key as it comes back: what is no text in UTF-8 is replaced in JSON.
func (k *rowKeys) hash(key string) uint64 {
	k.mu.Lock()
	if k.seed == (maphash.Seed{}) {
		k.seed = maphash.MakeSeed()
	}
	k.mu.Unlock()
	return maphash.String(k.seed, string([]rune(key)))
}

// keysFrom returns what tells whether a row of a job, counted from one of them, has a key; nil where that is not known: the job asks no
// model about rows, or its data are too long for that, or cannot be read here.
func (p *Pipeline) keysFrom(ctx context.Context, j *compute.Job, work *compute.Work, from int) (func(row int, key string) bool, error) {
	if p.cfg.Exam == nil || j.Kind != compute.InferJob || j.Live || slices.ContainsFunc(work.Inputs, func(f compute.JobFile) bool {
		return f.Role != compute.WeightsRole && f.Bytes > compute.HiddenBytes
	}) {
		return nil, nil //nolint:nilnil // as said
	}
	keys, known := p.rowKeys.of(j.ID)
	if !known {
		var err error
		if keys, err = p.readKeys(ctx, j, work); err != nil {
			return nil, err
		}
	}
	if keys == nil {
		return nil, nil //nolint:nilnil // as said
	}
	return func(row int, key string) bool { return from+row < len(keys) && keys[from+row] == p.rowKeys.hash(key) }, nil
}

// readKeys reads the keys of a job's rows, unless somebody else has meanwhile.
func (p *Pipeline) readKeys(ctx context.Context, j *compute.Job, work *compute.Work) ([]uint64, error) {
	k := &p.rowKeys
	k.reading.Lock()
	defer k.reading.Unlock()
	if keys, known := k.of(j.ID); known {
		return keys, nil
	}
	read := keysOf{job: j.ID}
	err := p.cfg.Exam.Keys(ctx, work, p.opens(ctx, j.Org), func(key string) { read.keys = append(read.keys, k.hash(key)) })
	known, isKnown := errors.AsType[*tasknet.Error](err)
	if isKnown && (known.Kind == tasknet.Invalid || known.Kind == tasknet.NotFound) { // a node cannot do it either, or it was removed
		read.keys, err = nil, nil
	}
	if err == nil {
		k.keep(read)
	}
	return read.keys, err
}
