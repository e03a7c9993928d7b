package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// TaskFiles keeps the files of imports.
type TaskFiles interface {
	// Write puts a piece of an import's file at a place, which is the end of what is there, and returns when it is durable.
	// What is there after that place is dropped.
	Write(ctx context.Context, id labeling.ImportID, at int64, piece []byte) error

	// Rows reads an import's file as tasks of a project's type. An error of type *labeling.BadRow is a row that is no task;
	// any other is the last. The same file gives the same rows.
	Rows(ctx context.Context, i *labeling.Import, p *labeling.Project) iter.Seq2[labeling.TaskRow, error]

	// Remove drops an import's file. Without one it does nothing.
	Remove(ctx context.Context, id labeling.ImportID) error
}

// reading is an import's file, read up to some row.
type reading struct {
	next  func() (labeling.TaskRow, error, bool)
	close func()
	rows  int
}

// NewImport makes an import of an organisation's project, whose file is then uploaded.
func (p *Pipeline) NewImport(ctx context.Context, tx Tx, org polls.OrgID, id labeling.ProjectID, name string) (*labeling.Import, error) {
	project, err := tx.Projects().LockProject(ctx, id)
	if err != nil {
		return nil, err
	}
	if project.Org != org {
		return nil, labeling.ErrNoProject
	}
	i, err := labeling.NewImport(project, name, p.now())
	if err != nil {
		return nil, err
	}
	return i, tx.Projects().CreateImport(ctx, i)
}

// OwnImport returns an import of an organisation's project. Somebody else's is reported as none.
func (p *Pipeline) OwnImport(ctx context.Context, org polls.OrgID, project labeling.ProjectID, id labeling.ImportID) (*labeling.Import, error) {
	i, err := p.stores.Projects().Import(ctx, id)
	if err == nil && (i.Org != org || i.Project != project) {
		return nil, labeling.ErrNoImport
	}
	return i, err
}

// ReceiveImport adds a piece to an import's file. A piece that was received is not written again; labeling.ErrImportMoved
// when it is not the next.
func (p *Pipeline) ReceiveImport(ctx context.Context, i *labeling.Import, at int64, piece []byte) (*labeling.Import, error) {
	end := at + int64(len(piece))
	switch {
	case i.State != labeling.Receiving:
		return i, labeling.ErrImportState
	case at < i.Bytes && end <= i.Bytes:
		return i, nil
	case at != i.Bytes:
		return i, labeling.ErrImportMoved
	case end > labeling.ImportBytesMax:
		return i, labeling.ErrImportLarge
	}
	if err := p.cfg.Files.Write(ctx, i.ID, at, piece); err != nil {
		return i, err
	}
	after := *i
	after.Bytes = end
	return &after, p.stores.Projects().SaveImport(ctx, i, &after)
}

// StartImport has an import read whose file was uploaded, or one go on that was stopped. Again changes nothing.
func (p *Pipeline) StartImport(ctx context.Context, i *labeling.Import) (*labeling.Import, error) {
	switch {
	case i.State == labeling.Importing || i.State == labeling.ImportDone:
		return i, nil
	case i.State == labeling.ImportCancelled:
		return i, labeling.ErrImportOver
	case i.Bytes == 0:
		return i, labeling.ErrImportEmpty
	}
	after := *i
	after.State, after.Problem, after.Detail = labeling.Importing, "", ""
	err := p.stores.Projects().SaveImport(ctx, i, &after)
	if err == nil {
		p.wakeProjects()
	}
	return &after, err
}

// CancelImport ends an import. The tasks that it made stay. Again changes nothing. One that is being read has gone on since it
// was looked at more often than not, and is looked at again.
func (p *Pipeline) CancelImport(ctx context.Context, i *labeling.Import) (*labeling.Import, error) {
	const tries = 50
	for try := 1; ; try++ {
		if i.State == labeling.ImportCancelled {
			return i, nil
		}
		if i.State == labeling.ImportDone {
			return i, labeling.ErrImportOver
		}
		after := *i
		after.State, after.EndedAt = labeling.ImportCancelled, p.now()
		err := p.saveImport(ctx, i, &after)
		if !errors.Is(err, labeling.ErrImportMoved) || try == tries {
			return &after, err
		}
		if i, err = p.stores.Projects().Import(ctx, i.ID); err != nil {
			return nil, err
		}
	}
}

// saveImport saves an import, and drops its file when it is over.
func (p *Pipeline) saveImport(ctx context.Context, before, after *labeling.Import) error {
	err := p.stores.InTx(ctx, func(tx Tx) error {
		if err := tx.Projects().SaveImport(ctx, before, after); err != nil || !after.Over() {
			return err
		}
		return tx.Projects().CompleteProject(ctx, after.Project)
	})
	if err != nil || !after.Over() {
		return err
	}
	return p.cfg.Files.Remove(ctx, after.ID)
}

// importOn reads a batch of each import that is running, and reports whether there is more.
func (p *Pipeline) importOn(ctx context.Context, readings map[labeling.ImportID]*reading) (more bool) {
	const atOnce = 100
	ids, err := p.stores.Projects().RunningImports(ctx, atOnce)
	if err != nil {
		if ctx.Err() == nil {
			p.cfg.Log.Error("imports were not found", "error", err)
		}
		return false
	}
	running := make(map[labeling.ImportID]bool, len(ids))
	for _, id := range ids {
		running[id] = true
		went, err := p.importOnce(ctx, id, readings)
		if err != nil && ctx.Err() == nil {
			p.cfg.Log.Error("an import did not go on", "import", id, "error", err)
		}
		more = more || went && err == nil
	}
	for id, r := range readings {
		if !running[id] {
			r.close()
			delete(readings, id)
		}
	}
	return more && ctx.Err() == nil
}

// importOnce reads a batch of an import and makes tasks of it. It reports whether the import went on; it does not while its
// project is paused.
func (p *Pipeline) importOnce(ctx context.Context, id labeling.ImportID, readings map[labeling.ImportID]*reading) (bool, error) {
	i, err := p.stores.Projects().Import(ctx, id)
	if err != nil || i.State != labeling.Importing {
		return false, err
	}
	project, err := p.stores.Projects().Project(ctx, i.Project)
	if err != nil || project.Status == labeling.Paused {
		return false, err
	}
	r := readings[id]
	if r == nil || r.rows != i.Rows {
		if r != nil {
			r.close()
		}
		if r, err = p.readTo(ctx, i, project); err != nil {
			return false, p.stopImport(ctx, i, err)
		}
		readings[id] = r
	}
	batch, end, err := p.readBatch(ctx, r)
	if err != nil {
		return false, p.stopImport(ctx, i, err)
	}
	after, err := p.importBatch(ctx, i, project, batch)
	if err != nil {
		r.close()
		delete(readings, id) // what was read of it is to be read again
		return false, p.stopImport(ctx, i, err)
	}
	if !end {
		return true, nil
	}
	done := *after
	done.State, done.EndedAt = labeling.ImportDone, p.now()
	return true, p.saveImport(ctx, after, &done)
}

// stopImport notes why an import cannot go on, when that is something that its requester can mend. Anything else is tried
// again.
func (p *Pipeline) stopImport(ctx context.Context, i *labeling.Import, why error) error {
	if errors.Is(why, labeling.ErrImportMoved) || errors.Is(why, labeling.ErrProjectPaused) {
		return nil // another server goes on with it, or it waits
	}
	known, ok := errors.AsType[*tasknet.Error](why)
	if !ok {
		return why
	}
	switch known.Kind {
	case tasknet.Invalid, tasknet.NoFunds, tasknet.TooLarge, tasknet.Conflict, tasknet.NotSupported, tasknet.NotFound:
	default:
		return why
	}
	after := *i
	after.State, after.Problem, after.Detail = labeling.ImportStopped, known.Code, why.Error()
	return p.saveImport(ctx, i, &after)
}

// readTo opens an import's file and reads up to where the import is.
func (p *Pipeline) readTo(ctx context.Context, i *labeling.Import, project *labeling.Project) (*reading, error) {
	next, stop := iter.Pull2(p.cfg.Files.Rows(ctx, i, project))
	r := &reading{next: next, close: stop}
	for r.rows < i.Rows {
		if _, err, ok := next(); !ok || err != nil && !isBadRow(err) {
			stop()
			if err == nil {
				err = fmt.Errorf("import %s: %w", i.ID, io.ErrUnexpectedEOF)
			}
			return nil, err
		}
		r.rows++
	}
	return r, nil
}

func isBadRow(err error) bool {
	_, ok := errors.AsType[*labeling.BadRow](err)
	return ok
}

// readBatch reads the next rows, with their images.
func (p *Pipeline) readBatch(ctx context.Context, r *reading) (batch []*rowIn, end bool, err error) {
	fetches := p.newFetches(ctx)
	for len(batch) < labeling.ImportBatch {
		row, err, ok := r.next()
		if !ok {
			end = true
			break
		}
		bad, isBad := errors.AsType[*labeling.BadRow](err)
		if err != nil && !isBad {
			return nil, false, errors.Join(err, fetches.Wait())
		}
		r.rows++
		in := &rowIn{row: row, line: row.Line}
		if in.line == 0 {
			in.line = r.rows
		}
		batch = append(batch, in)
		switch {
		case isBad:
			in.line, in.row.Name, in.bad = bad.Line, bad.File, bad
		case row.File != nil: // which is there until the next row is read
			if err := p.mediaOf(ctx, in); err != nil {
				return nil, false, errors.Join(err, fetches.Wait())
			}
		default:
			fetches.add(in)
		}
	}
	return batch, end, fetches.Wait()
}

// importBatch makes tasks of rows, and notes in the same transaction how far the import is. When two imports bring the same
// keys, the slower one looks again at which are known.
func (p *Pipeline) importBatch(ctx context.Context, i *labeling.Import, project *labeling.Project, batch []*rowIn) (*labeling.Import, error) {
	const tries = 3
	for try := 1; ; try++ {
		made, err := p.makeTasks(ctx, p.stores, project, batch, i.ID)
		if err != nil {
			return nil, err
		}
		after := *i
		after.Rows += len(batch)
		after.Made += len(made.tasks)
		after.Known += made.known
		for _, in := range batch {
			if in.bad != nil {
				after.Reject(in.reject())
			}
		}
		err = p.stores.InTx(ctx, func(tx Tx) error {
			if err := tx.Projects().SaveImport(ctx, i, &after); err != nil {
				return err
			}
			return p.saveTasks(ctx, tx, project.ID, made)
		})
		if !errors.Is(err, labeling.ErrTaskExists) || try == tries {
			return &after, err
		}
	}
}
