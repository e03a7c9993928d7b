package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/store"
)

// transferRounds is how often an artefact is copied, sent and fetched, in turns; the median counts.
const transferRounds = 3

// Goals of Artefacts. A transfer reads, hashes and writes the bytes twice, on both sides, and shares the cores with the other side.
const (
	transferGoal = 0.5 // of a plain copy's rate
	growthGoal   = 64  // MiB
)

// Artefacts measures how fast an artefact of a size is uploaded and downloaded over loopback, with parallel pieces at a time,
// against a plain copy of the same bytes to the same disk in the same run, and by how much the server's memory grows. cfg.Data is
// an empty folder on that disk, with room for four times the size.
func Artefacts(ctx context.Context, cfg Config, size int64, parallel int) ([]Row, error) {
	if err := cfg.withServer(ctx, func(*client.Client, string, int) error { return nil }); err != nil { // makes the instance
		return nil, err
	}
	var key string
	if err := inStore(ctx, cfg, func(db *store.DB) (err error) {
		key, err = newKey(ctx, db)
		return err
	}); err != nil {
		return nil, err
	}
	t := &transfers{cfg: cfg, size: size, parallel: parallel, source: filepath.Join(cfg.Data, "source")}
	if err := t.fill(); err != nil {
		return nil, err
	}
	var rows []Row
	err := cfg.withServer(ctx, func(c *client.Client, _ string, pid int) (err error) {
		t.requester = c.Requester(key)
		rows, err = t.measure(ctx, pid)
		return err
	})
	return rows, err
}

// newKey makes an organisation with an API key.
func newKey(ctx context.Context, db *store.DB) (secret string, err error) {
	p, err := pipeline.New(db, labeling.NewStopper(db.Labels()), deaf{}, nil, pipeline.Config{Instance: instanceID, ChainID: 1})
	if err != nil {
		return "", err
	}
	org, err := p.NewOrg(ctx, "Bench")
	if err != nil {
		return "", err
	}
	return secret, db.InTx(ctx, func(tx pipeline.Tx) (err error) {
		_, secret, err = p.NewKey(ctx, tx, org.ID, "bench")
		return err
	})
}

// transfers measures the three ways of the same bytes.
type transfers struct {
	cfg       Config
	size      int64
	parallel  int
	source    string
	requester *client.Requester
}

// fill makes bytes that no disk makes smaller.
func (t *transfers) fill() (err error) {
	random := rand.NewChaCha8([32]byte{1})
	return t.write(t.source, func(f *os.File) error {
		_, err := io.CopyN(f, random, t.size)
		return err
	})
}

// write makes a file, and returns when it is on the disk.
func (t *transfers) write(name string, fill func(*os.File) error) (err error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := fill(f); err != nil {
		return err
	}
	return f.Sync()
}

func (t *transfers) measure(ctx context.Context, pid int) ([]Row, error) {
	if err := t.warmUp(ctx); err != nil {
		return nil, err
	}
	before := memoryOf(pid, "VmHWM")
	var copies, ups, downs []time.Duration
	for round := range transferRounds {
		for i, each := range []struct {
			stage string
			took  *[]time.Duration
			do    func(context.Context) error
		}{{"copying", &copies, t.copy}, {"sending", &ups, t.send}, {"fetching", &downs, t.fetch}} {
			t.cfg.tell(each.stage, 3*round+i, 3*transferRounds)
			began := time.Now()
			if err := each.do(ctx); err != nil {
				return nil, fmt.Errorf("%s: %w", each.stage, err)
			}
			*each.took = append(*each.took, time.Since(began))
		}
		if err := t.forget(ctx); err != nil {
			return nil, err
		}
	}
	rate := func(took []time.Duration) float64 {
		slices.Sort(took)
		return float64(t.size) / 1e6 / took[len(took)/2].Seconds()
	}
	plain, up, down := rate(copies), rate(ups), rate(downs)
	return []Row{
		{"upload, against a plain copy", up / plain, transferGoal, "ratio", Higher},
		{"download, against a plain copy", down / plain, transferGoal, "ratio", Higher},
		{"upload", up, Goal(transferGoal * plain), "MB/s", Higher},
		{"download", down, Goal(transferGoal * plain), "MB/s", Higher},
		{"plain copy", plain, Goal(plain), "MB/s", Higher},
		{"growth of the server's memory", float64(memoryOf(pid, "VmHWM")-before) / (1 << 20), growthGoal, "MiB", Lower},
	}, nil
}

// warmUp sends and fetches a little with as many pieces at a time, so that the memory which the first transfer takes does not
// count as growth: only what more bytes take does.
func (t *transfers) warmUp(ctx context.Context) error {
	little := *t
	little.size = min(t.size, int64(8*t.parallel)*compute.PieceSize)
	return errors.Join(little.send(ctx), little.fetch(ctx), little.forget(ctx))
}

// copy writes the bytes to another file by a program that does nothing else. The system is not asked to do it by itself, which
// might not move a byte.
func (t *transfers) copy(context.Context) error {
	source, err := os.Open(t.source)
	if err != nil {
		return err
	}
	return errors.Join(t.write(filepath.Join(t.cfg.Data, "copy"), func(f *os.File) error {
		_, err := io.CopyBuffer(struct{ io.Writer }{f}, struct{ io.Reader }{source}, make([]byte, 1<<20))
		return err
	}), source.Close())
}

func (t *transfers) send(ctx context.Context) error {
	return t.withSource(func(source *os.File) error {
		_, err := t.requester.UploadArtefact(ctx, source, t.size, client.Transfer{Parallel: t.parallel})
		return err
	})
}

func (t *transfers) withSource(f func(*os.File) error) error {
	source, err := os.Open(t.source)
	if err != nil {
		return err
	}
	return errors.Join(f(source), source.Close())
}

// uploaded returns the only artefact that there is.
func (t *transfers) uploaded(ctx context.Context) (compute.ArtefactID, error) {
	for a, err := range t.requester.Artefacts(ctx) {
		return compute.ArtefactID(a.ID), err
	}
	return "", pipeline.ErrNoArtefact
}

func (t *transfers) fetch(ctx context.Context) error {
	id, err := t.uploaded(ctx)
	if err != nil {
		return err
	}
	m, err := t.requester.ArtefactManifest(ctx, id)
	if err != nil {
		return err
	}
	return t.write(filepath.Join(t.cfg.Data, "fetched"), func(f *os.File) error {
		return t.requester.DownloadArtefact(ctx, m, f, client.Transfer{Parallel: t.parallel})
	})
}

// forget removes the artefact, and waits until its room is free.
func (t *transfers) forget(ctx context.Context) error {
	id, err := t.uploaded(ctx)
	if err != nil {
		return err
	}
	if err := t.requester.RemoveArtefact(ctx, string(id)); err != nil {
		return err
	}
	for {
		left, err := filepath.Glob(filepath.Join(t.cfg.Data, "artefacts", "*", "blob_*"))
		if err != nil || len(left) == 0 {
			return err
		}
		if err := client.Pause(ctx, 10*time.Millisecond); err != nil {
			return err
		}
	}
}
