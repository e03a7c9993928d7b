package bench

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/store"
)

const (
	leasesGoal = 1000 // a second
	askers     = 64   // nodes that ask at a time
	partsOfJob = 10_000
)

// Leases measures how many leases a second are given to nodes that ask at once and handed in with a signed receipt, each durable, by
// the store of an empty database and no more of a server. what names the row.
func Leases(ctx context.Context, cfg Config, what string, n int) (row Row, err error) {
	err = inStore(ctx, cfg, func(db *store.DB) error {
		p, err := pipeline.New(db, labeling.NewStopper(db.Labels()), deaf{}, nil, pipeline.Config{Instance: instanceID, ChainID: 1})
		if err != nil {
			return err
		}
		w := &writer{db: db, instance: instanceID, chain: 1, now: time.Now().UTC().Truncate(time.Millisecond)}
		if err := w.register(ctx, askers); err != nil {
			return err
		}
		l := &leased{writer: w, p: p}
		if err := l.prepare(ctx, n); err != nil {
			return fmt.Errorf("prepare: %w", err)
		}
		began := time.Now()
		if err := l.work(ctx, n, func(done int) { cfg.tell("leases", done, n) }); err != nil {
			return err
		}
		row = Row{what, float64(n) / time.Since(began).Seconds(), leasesGoal, "1/s", Higher}
		return nil
	})
	return row, err
}

// leased are leases that are measured.
type leased struct {
	*writer
	p     *pipeline.Pipeline
	file  compute.ArtefactID // that jobs read and make
	nodes []*compute.Node
}

// prepare makes nodes, and programs with at least n parts for them.
func (l *leased) prepare(ctx context.Context, n int) error {
	for i, who := range l.people {
		node, err := l.p.Join(ctx, benchNode(who, i, l.now))
		if err != nil {
			return err
		}
		l.nodes = append(l.nodes, node)
	}
	org, err := l.p.NewOrg(ctx, "Bench")
	if err != nil {
		return err
	}
	m := &compute.Manifest{Length: 1, Pieces: [][32]byte{{1}}}
	if l.file, err = m.ID(); err != nil {
		return err
	}
	a := &pipeline.Artefact{Blob: tasknet.NewID("blob", l.now), Org: org.ID, ID: l.file, Length: m.Length, State: pipeline.ArtefactUploading, CreatedAt: l.now, ExpiresAt: l.now.Add(leaseTime)}
	if _, err := l.db.Artefacts().CreateArtefact(ctx, a, m, 1<<30); err != nil {
		return err
	}
	if _, err := l.db.Artefacts().AddPiece(ctx, a.Blob, 0, l.now); err != nil {
		return err
	}
	for made := 0; made < n; made += partsOfJob {
		if err := l.newJob(ctx, org.ID, min(partsOfJob, n-made)); err != nil {
			return err
		}
	}
	return nil
}

func (l *leased) newJob(ctx context.Context, org polls.OrgID, parts int) error {
	return l.db.InTx(ctx, func(tx pipeline.Tx) error {
		_, err := l.p.NewJob(ctx, tx, org, compute.JobDraft{
			Title: "Bench", Importance: 5, MaxTime: time.Hour,
			Work: compute.Work{
				Kind: compute.CustomJob, Rows: parts, Program: &compute.Program{Memory: 1 << 20, Fuel: 1, Output: 1},
				Inputs: []compute.JobFile{{Role: compute.ProgramRole, Artefact: l.file, Name: "program.wasm"}},
			},
		})
		return err
	})
}

// benchNode is the machine of a person.
func benchNode(who person, i int, now time.Time) *compute.Node {
	return &compute.Node{
		Owner: who.id, Key: who.keys.DeviceKey(), Name: fmt.Sprint("node ", i), Rate: 1e9, ProvenAt: now,
		Capability: compute.Capability{Class: "bench", Cores: 1, Memory: 8 << 30, Disk: 8 << 30, Trainers: []string{"none"}, Slots: 1, Version: "bench"},
	}
}

// errNothing reports that a node got nothing though there was something.
var errNothing = errors.New("a node was given nothing")

// work has all nodes take and hand in n leases together.
func (l *leased) work(ctx context.Context, n int, told func(done int)) error {
	var taken, done atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	for i, node := range l.nodes {
		g.Go(func() error {
			for taken.Add(1) <= int64(n) {
				lease, job, err := l.p.TakeWork(ctx, node, nil, nil)
				if err != nil {
					return err
				}
				if lease == nil {
					return errNothing
				}
				r := &compute.Receipt{
					Lease: lease.ID, Job: lease.Job, Part: lease.Part, Work: job.Hash, Class: "bench", Began: lease.BeganAt, Ended: lease.BeganAt,
					Outputs: []compute.JobFile{{Role: compute.OutputRole, Artefact: l.file, Bytes: 1}},
				}
				if err := r.Sign(instanceID, l.people[i].keys.Device); err != nil {
					return err
				}
				if _, err := l.p.Finish(ctx, node, r); err != nil {
					return err
				}
				told(int(done.Add(1)))
			}
			return nil
		})
	}
	return g.Wait()
}
