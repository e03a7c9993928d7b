package pipeline

import (
	"context"
	"errors"
	"io"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/torchscript"
	"github.com/tasknet/tasknet/polls"
)

// CheckScript checks the TorchScript module of a draft, if it has one, as far as that is seen without libtorch. torchscript.ErrBad,
// ErrNoArtefact, ErrArtefactPartial.
func (p *Pipeline) CheckScript(ctx context.Context, org polls.OrgID, d *compute.JobDraft) error {
	in := d.Work.Input(compute.ScriptRole)
	if in == nil {
		return nil
	}
	a, err := p.stores.Artefacts().Artefact(ctx, org, in.Artefact)
	if err != nil {
		return err
	}
	if a.State != ArtefactComplete {
		return ErrArtefactPartial
	}
	stored := &storedArtefact{ctx: ctx, p: p, a: a}
	if err := torchscript.Check(stored, a.Length); stored.failed == nil {
		return err
	}
	return stored.failed
}

// storedArtefact reads an artefact at any place, by blocks of which it keeps the last.
type storedArtefact struct {
	ctx    context.Context
	p      *Pipeline
	a      *Artefact
	block  []byte
	from   int64 // where the block begins
	failed error // what was wrong with reading it
}

const storedBlock = 1 << 20

// ReadAt implements io.ReaderAt.
func (s *storedArtefact) ReadAt(into []byte, at int64) (n int, err error) {
	for n < len(into) {
		if at < 0 || at >= s.a.Length {
			return n, io.EOF
		}
		if at < s.from || at >= s.from+int64(len(s.block)) {
			if s.failed = s.load(at - at%storedBlock); s.failed != nil {
				return n, s.failed
			}
		}
		copied := copy(into[n:], s.block[at-s.from:])
		n, at = n+copied, at+int64(copied)
	}
	return n, nil
}

func (s *storedArtefact) load(from int64) (err error) {
	content, err := s.p.Content(s.ctx, s.a, from, min(storedBlock, s.a.Length-from))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, content.Close()) }()
	s.from = from
	s.block, err = io.ReadAll(content)
	return err
}
