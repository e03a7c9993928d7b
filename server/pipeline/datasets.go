package pipeline

import (
	"context"
	"errors"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// sealBatch is how many rows of a dataset are collected at a time.
const sealBatch = 500

// NewDataset makes a version of the labels of an organisation's project within the caller's transaction. Its rows are
// collected by RunSealing. labeling.ErrNoProject, labeling.ErrNothingClosed.
func (p *Pipeline) NewDataset(ctx context.Context, tx Tx, org polls.OrgID, id labeling.ProjectID, source labeling.LabelSource) (*labeling.Dataset, error) {
	project, err := tx.Projects().Project(ctx, id)
	if err != nil {
		return nil, err
	}
	if project.Org != org {
		return nil, labeling.ErrNoProject
	}
	if project.Counts.Answers == 0 {
		return nil, labeling.ErrNothingClosed
	}
	d := labeling.NewDataset(project, source, p.now())
	return d, tx.Datasets().CreateDataset(ctx, d)
}

// WakeSealing has datasets sealed that were made, once their transaction is committed.
func (p *Pipeline) WakeSealing() {
	select {
	case p.sealing <- struct{}{}:
	default:
	}
}

// OwnDataset returns a version of an organisation's. Somebody else's is reported as none.
func (p *Pipeline) OwnDataset(ctx context.Context, org polls.OrgID, id labeling.DatasetID) (*labeling.Dataset, error) {
	d, err := p.stores.Datasets().Dataset(ctx, id)
	if err == nil && d.Org != org {
		return nil, labeling.ErrNoDataset
	}
	return d, err
}

// RunSealing collects the rows of new versions and seals them, one after the other, until ctx ends. One that was begun
// before is collected anew.
func (p *Pipeline) RunSealing(ctx context.Context) error {
	look := time.NewTicker(p.cfg.Sweep)
	defer look.Stop()
	for {
		ids, err := p.stores.Datasets().SealingDatasets(ctx, 1)
		if err != nil && ctx.Err() == nil {
			p.cfg.Log.Error("datasets to seal were not found", "error", err)
		}
		if len(ids) == 1 {
			if err = p.seal(ctx, ids[0]); err == nil {
				continue
			}
			if ctx.Err() == nil {
				p.cfg.Log.Error("a dataset was not sealed", "dataset", ids[0], "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-p.sealing:
		case <-look.C:
		}
	}
}

// seal collects the rows of a version and seals it. What its requester can mend is noted in it; anything else is tried
// again.
func (p *Pipeline) seal(ctx context.Context, id labeling.DatasetID) error {
	d, err := p.stores.Datasets().Dataset(ctx, id)
	if err != nil {
		return err
	}
	project, err := p.stores.Projects().Project(ctx, d.Project)
	if err != nil {
		return err
	}
	for n := sealBatch; n == sealBatch; { // what was collected before a restart
		if n, err = p.stores.Datasets().DropDatasetRows(ctx, id, sealBatch); err != nil {
			return err
		}
	}
	hashes, err := p.collect(ctx, d)
	if known, ok := errors.AsType[*tasknet.Error](err); ok && (known.Kind == tasknet.Invalid || known.Kind == tasknet.Conflict || known.Kind == tasknet.TooLarge) {
		d.State, d.Problem = labeling.SealingFailed, err.Error()
		return p.stores.Datasets().SaveDataset(ctx, d)
	}
	if err != nil {
		return err
	}
	if err := d.Seal(project, hashes, p.now()); err != nil {
		return err
	}
	return p.stores.Datasets().SaveDataset(ctx, d)
}

// collect saves the rows of a version, and returns their hashes in the order of their keys.
func (p *Pipeline) collect(ctx context.Context, d *labeling.Dataset) (hashes [][32]byte, err error) {
	label := func(t *labeling.ClosedTask) (labeling.Label, error) { return labeling.LabelOf(t.Verdict), nil }
	if d.Source == labeling.FromAuto {
		all, err := p.relabel(ctx, d)
		if err != nil {
			return nil, err
		}
		label = all.Label
	}
	err = p.eachClosed(ctx, d.Project, func(page []*labeling.ClosedTask) error {
		var rows []labeling.DatasetRow
		for _, t := range page {
			if len(t.Answers) == 0 {
				continue
			}
			l, err := label(t)
			if err != nil {
				return err
			}
			row, err := labeling.NewDatasetRow(t, l)
			if err != nil {
				return err
			}
			rows = append(rows, row)
			hashes = append(hashes, row.Hash)
		}
		return p.stores.Datasets().AddDatasetRows(ctx, d.ID, rows)
	})
	return hashes, err
}

// relabel labels the answered tasks of a project anew, and notes in its version by which method.
func (p *Pipeline) relabel(ctx context.Context, d *labeling.Dataset) (all *labeling.Relabeling, err error) {
	err = p.eachClosed(ctx, d.Project, func(page []*labeling.ClosedTask) error {
		for _, t := range page {
			if len(t.Answers) == 0 {
				continue
			}
			if all == nil {
				all = labeling.NewRelabeling(t.Question)
			}
			if err := all.Add(t); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if all == nil {
		return nil, labeling.ErrNothingClosed
	}
	d.Method, d.Reason, err = all.Fit(ctx)
	return all, err
}

// eachClosed calls each for the closed tasks of a project, page by page in the order of their keys.
func (p *Pipeline) eachClosed(ctx context.Context, id labeling.ProjectID, each func([]*labeling.ClosedTask) error) error {
	for page := (tasknet.Page{Limit: sealBatch}); ; {
		tasks, next, err := p.stores.Datasets().ClosedTasks(ctx, id, page)
		if err != nil {
			return err
		}
		if err := each(tasks); err != nil || next == "" {
			return err
		}
		page.After = next
	}
}

// Differences yields how two versions differ, by keys, up to limit of them after a key. next is where to go on; empty at
// the end.
func (p *Pipeline) Differences(ctx context.Context, from, to *labeling.Dataset, page tasknet.Page) (list []labeling.Difference, next string, err error) {
	if from.State != labeling.Sealed || to.State != labeling.Sealed {
		return nil, "", labeling.ErrNotSealed
	}
	a, b := p.rowsOf(ctx, from.ID, page.After), p.rowsOf(ctx, to.ID, page.After)
	for {
		before, err := a.peek()
		if err != nil {
			return nil, "", err
		}
		after, err := b.peek()
		if err != nil {
			return nil, "", err
		}
		if before == nil && after == nil {
			return list, "", nil
		}
		if before != nil && after != nil && before.Key != after.Key { // the one with the smaller key is missing in the other
			if before.Key < after.Key {
				after = nil
			} else {
				before = nil
			}
		}
		difference, err := labeling.Differ(before, after)
		if err != nil {
			return nil, "", err
		}
		if difference != nil {
			if len(list) == page.Limit {
				return list, list[len(list)-1].Key, nil
			}
			list = append(list, *difference)
		}
		if before != nil {
			a.skip()
		}
		if after != nil {
			b.skip()
		}
	}
}

// rowReading reads the rows of a version, a page ahead.
type rowReading struct {
	ctx   context.Context
	store labeling.DatasetStore
	id    labeling.DatasetID
	after string
	rows  []labeling.DatasetRow
	end   bool
}

func (p *Pipeline) rowsOf(ctx context.Context, id labeling.DatasetID, after string) *rowReading {
	return &rowReading{ctx: ctx, store: p.stores.Datasets(), id: id, after: after}
}

// peek returns the next row, or nil at the end.
func (r *rowReading) peek() (*labeling.DatasetRow, error) {
	if len(r.rows) == 0 && !r.end {
		rows, next, err := r.store.DatasetRows(r.ctx, r.id, tasknet.Page{After: r.after, Limit: sealBatch})
		if err != nil {
			return nil, err
		}
		r.rows, r.after, r.end = rows, next, next == ""
	}
	if len(r.rows) == 0 {
		return nil, nil //nolint:nilnil // there is none, and nothing failed
	}
	return &r.rows[0], nil
}

func (r *rowReading) skip() { r.rows = r.rows[1:] }

// errReported ends the reading of tasks for a report that has enough.
var errReported = errors.New("the report has enough tasks")

// Report reports on the closed tasks of a project: the first by their keys, as many as Config.Reported.
func (p *Pipeline) Report(ctx context.Context, project *labeling.Project) (*labeling.Report, error) {
	r, n := labeling.NewReporting(project), 0
	err := p.eachClosed(ctx, project.ID, func(page []*labeling.ClosedTask) error {
		for _, t := range page {
			if n == p.cfg.Reported {
				return errReported
			}
			r.Add(t)
			n++
		}
		return nil
	})
	cut := errors.Is(err, errReported)
	if err != nil && !cut {
		return nil, err
	}
	report, err := r.Report()
	if err != nil {
		return nil, err
	}
	if cut {
		report.LeftOut = max(project.Counts.Done+project.Counts.Ended-n, 1)
	}
	report.Skipped, report.Reported, err = p.stores.Datasets().Skips(ctx, project.ID, labeling.ReportedMost)
	return report, err
}
