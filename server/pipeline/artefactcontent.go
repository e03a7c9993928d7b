package pipeline

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"sync"

	"github.com/tasknet/tasknet/compute"
)

// hashesAtOnce is how many hashes of pieces are read ahead: 32 kB for 4 GiB.
const hashesAtOnce = 1024

// copyBuffers are what content is copied by, so that a reader holds no piece.
var copyBuffers = sync.Pool{New: func() any { return new([128 << 10]byte) }}

// Content reads bytes of an artefact, piece by piece. A piece that is read whole is checked before its last bytes are given, so
// that damage ends what is read instead of being passed on.
type Content struct {
	ctx  context.Context
	p    *Pipeline
	a    *Artefact
	at   int64 // in the artefact
	left int64

	piece     io.ReadCloser // nil between pieces
	n         int           // which
	pieceLeft int           // bytes to read of it
	sum       hash.Hash     // of what was read of it; nil when it is not read whole

	hashes     []byte // of the pieces from hashesFrom on
	hashesFrom int

	failed error
}

// Content opens size bytes of an artefact from a byte on, which the artefact must have; until it is closed, ctx is used. When the
// first piece is not there, that is the error. ErrArtefactPartial.
func (p *Pipeline) Content(ctx context.Context, a *Artefact, from, size int64) (*Content, error) {
	if a.State != ArtefactComplete {
		return nil, ErrArtefactPartial
	}
	c := &Content{ctx: ctx, p: p, a: a, at: from, left: size}
	if size == 0 {
		return c, nil
	}
	return c, c.next()
}

// next opens the piece at which the content is.
func (c *Content) next() error {
	c.n = int(c.at / compute.PieceSize)
	begin, whole, err := compute.Piece(c.a.Length, c.n)
	if err != nil {
		return err
	}
	from := int(c.at - begin)
	c.pieceLeft = int(min(int64(whole-from), c.left))
	c.sum = nil
	if c.pieceLeft == whole {
		c.sum = sha256.New()
	}
	if c.piece, err = c.p.cfg.Artefacts.Pieces.OpenPiece(c.ctx, c.a.Blob, c.n, from, c.pieceLeft); err != nil {
		return fmt.Errorf("piece %d of %s: %w", c.n, c.a.ID, err)
	}
	return nil
}

// Read implements io.Reader.
func (c *Content) Read(b []byte) (n int, err error) {
	if c.failed != nil {
		return 0, c.failed
	}
	if n, err = c.read(b); err != nil {
		c.failed = err
		if !errors.Is(err, io.EOF) && c.ctx.Err() == nil {
			c.p.cfg.Log.Error("an artefact could not be read", "artefact", c.a.ID, "org", c.a.Org, "error", err)
		}
	}
	return n, err
}

func (c *Content) read(b []byte) (int, error) {
	if c.left == 0 {
		return 0, io.EOF
	}
	if c.piece == nil {
		if err := c.next(); err != nil {
			return 0, err
		}
	}
	n, err := c.piece.Read(b[:min(len(b), c.pieceLeft)])
	c.pieceLeft -= n
	if c.sum != nil {
		c.sum.Write(b[:n])
	}
	if c.pieceLeft > 0 {
		if errors.Is(err, io.EOF) {
			return 0, fmt.Errorf("piece %d of %s ends %d bytes early: %w", c.n, c.a.ID, c.pieceLeft, ErrPieceLost)
		}
		if err != nil {
			return 0, fmt.Errorf("piece %d of %s: %w", c.n, c.a.ID, err)
		}
	} else if err := c.endPiece(); err != nil {
		return 0, err
	}
	c.at += int64(n)
	c.left -= int64(n)
	return n, nil
}

// endPiece checks a piece of which all was read, and closes it.
func (c *Content) endPiece() error {
	err := c.piece.Close()
	c.piece = nil
	if err != nil || c.sum == nil {
		return err
	}
	at := c.n - c.hashesFrom
	if at < 0 || (at+1)*sha256.Size > len(c.hashes) {
		if c.hashes, err = c.p.stores.Artefacts().PieceHashes(c.ctx, c.a.Blob, c.n, hashesAtOnce); err != nil {
			return err
		}
		at, c.hashesFrom = 0, c.n
	}
	if len(c.hashes) < sha256.Size || string(c.sum.Sum(nil)) != string(c.hashes[at*sha256.Size:][:sha256.Size]) {
		return fmt.Errorf("piece %d of %s has another hash: %w", c.n, c.a.ID, ErrPieceLost)
	}
	return nil
}

// WriteTo implements io.WriterTo: servers copy by buffers of 4 kB otherwise.
func (c *Content) WriteTo(w io.Writer) (written int64, err error) {
	buffer := copyBuffers.Get().(*[128 << 10]byte)
	defer copyBuffers.Put(buffer)
	for {
		n, err := c.Read(buffer[:])
		if n > 0 {
			m, writeErr := w.Write(buffer[:n])
			written += int64(m)
			if writeErr != nil {
				return written, writeErr
			}
		}
		if errors.Is(err, io.EOF) {
			return written, nil
		}
		if err != nil {
			return written, err
		}
	}
}

// Close implements io.Closer.
func (c *Content) Close() error {
	if c.piece == nil {
		return nil
	}
	err := c.piece.Close()
	c.piece = nil
	return err
}

// Manifest returns the manifest of an artefact.
func (p *Pipeline) Manifest(ctx context.Context, a *Artefact) (*compute.Manifest, error) {
	pieces := make([]byte, 0, compute.Pieces(a.Length)*sha256.Size)
	for n := 0; n < compute.Pieces(a.Length); n = len(pieces) / sha256.Size {
		more, err := p.stores.Artefacts().PieceHashes(ctx, a.Blob, n, hashesAtOnce)
		if err != nil {
			return nil, err
		}
		if len(more) == 0 {
			return nil, ErrNoArtefact // it was removed meanwhile
		}
		pieces = append(pieces, more...)
	}
	return compute.ReadManifest(a.Length, pieces)
}
