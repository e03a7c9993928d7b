package client

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/server/wire"
)

const (
	// transfersDefault is how many pieces travel at a time. Each takes compute.PieceSize of memory.
	transfersDefault = 4

	// pieceWait is for how much longer than another request a piece may take: a network that is slow is not one that is gone.
	pieceWait = 90 * time.Second
)

// ErrArtefact reports a server that gives other bytes than those that an artefact's id names.
var ErrArtefact = tasknet.NewError(tasknet.Conflict, "artefact_differs", "What the server has is not the artefact: its bytes or its manifest do not fit the id.")

// Transfer tunes an upload or a download.
type Transfer struct {
	// Name and MediaType are what an upload calls its artefact, where it is new.
	Name      string
	MediaType string

	// Parallel is how many pieces travel at a time; each takes 4 MiB of memory. Default 4.
	Parallel int

	// Progress is told how many bytes were read and hashed (stage "checking"), or sent or received (stage "sending" or
	// "receiving"). It is called by one goroutine at a time. Default: nobody is told.
	Progress func(stage string, done, of int64)
}

// tally counts bytes and tells of them.
type tally struct {
	mu    sync.Mutex // guards done, and calls of tell
	done  int64
	of    int64
	stage string
	tell  func(stage string, done, of int64)
}

func (t *tally) add(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.done += int64(n)
	if t.tell != nil {
		t.tell(t.stage, t.done, t.of)
	}
}

// each runs f for some pieces of a length, several at a time, each with a buffer of the piece's size. The first error ends it.
func (t Transfer) each(ctx context.Context, length int64, pieces []int, f func(ctx context.Context, n int, at int64, piece []byte) error) error {
	parallel := t.Parallel
	if parallel < 1 {
		parallel = transfersDefault
	}
	group, ctx := errgroup.WithContext(ctx)
	var next atomic.Int64
	for range min(parallel, len(pieces)) {
		group.Go(func() error {
			buffer := make([]byte, min(compute.PieceSize, length))
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(pieces) {
					return nil
				}
				at, size, err := compute.Piece(length, pieces[i])
				if err != nil {
					return err
				}
				if err := f(ctx, pieces[i], at, buffer[:size]); err != nil {
					return err
				}
			}
			return ctx.Err()
		})
	}
	return group.Wait()
}

func allPieces(length int64) []int {
	out := make([]int, compute.Pieces(length))
	for i := range out {
		out[i] = i
	}
	return out
}

// Manifest reads a file of a size to its end, and returns its manifest.
func (t Transfer) Manifest(ctx context.Context, file io.ReaderAt, size int64) (*compute.Manifest, error) {
	if size > compute.ArtefactBytesMax {
		return nil, compute.ErrArtefactLarge
	}
	m := &compute.Manifest{Length: size, Pieces: make([][sha256.Size]byte, compute.Pieces(size))}
	done := &tally{of: size, stage: "checking", tell: t.Progress}
	return m, t.each(ctx, size, allPieces(size), func(_ context.Context, n int, at int64, piece []byte) error {
		if err := readPiece(file, at, piece); err != nil {
			return err
		}
		m.Pieces[n] = sha256.Sum256(piece)
		done.add(len(piece))
		return nil
	})
}

func readPiece(file io.ReaderAt, at int64, piece []byte) error {
	n, err := file.ReadAt(piece, at)
	if n == len(piece) {
		return nil
	}
	return fmt.Errorf("read the file at %d: %w", at+int64(n), err)
}

// keeper reads and writes artefacts: as an organisation, or as a node for the organisation whose job it has a lease of.
type keeper struct {
	to    doer
	token string // of an organisation; a node has its own
	lease string
}

func (k keeper) call(method string, path ...string) call {
	c := call{method: method, path: append([]string{"artefacts"}, path...), token: k.token}
	if k.lease != "" {
		c.query = url.Values{"lease": {k.lease}}
	}
	return c
}

func (r *Requester) keeper() keeper { return keeper{to: r.client, token: r.key} }

// UploadArtefact uploads a file of a size, of which the server has nothing, some pieces, or all. It may be called again after it
// failed, and goes on where it was: pieces that the server has are not sent. compute.ErrPiece when the file changed meanwhile.
func (r *Requester) UploadArtefact(ctx context.Context, file io.ReaderAt, size int64, t Transfer) (wire.Artefact, error) {
	return r.keeper().upload(ctx, file, size, t)
}

func (k keeper) upload(ctx context.Context, file io.ReaderAt, size int64, t Transfer) (wire.Artefact, error) {
	m, err := t.Manifest(ctx, file, size)
	if err != nil {
		return wire.Artefact{}, err
	}
	id, err := m.ID()
	if err != nil {
		return wire.Artefact{}, err
	}
	create := k.call(http.MethodPost)
	create.key, create.body = randomHex(), wire.NewArtefact{Length: size, Pieces: m.Encode(), Name: t.Name, Type: t.MediaType}
	a, err := fetch[wire.Artefact](ctx, k.to, create)
	if err != nil {
		return a, err
	}
	if a.ID != string(id) {
		return a, ErrArtefact
	}
	done := &tally{of: size, stage: "sending", tell: t.Progress}
	for first := true; a.State != "complete"; first = false {
		var missing []int
		bytesMissing := int64(0)
		for _, of := range a.Missing {
			for n := max(of.First, 0); n <= min(of.Last, len(m.Pieces)-1); n++ {
				_, length, err := compute.Piece(size, n)
				if err != nil {
					return a, err
				}
				missing = append(missing, n)
				bytesMissing += int64(length)
			}
		}
		if len(missing) == 0 {
			return a, fmt.Errorf("%w (%s is not complete, and misses nothing)", ErrProtocol, a.ID)
		}
		if first && a.Arrived+len(missing) == a.Pieces { // all that is missing was named
			done.add(int(size - bytesMissing))
		}
		err := t.each(ctx, size, missing, func(ctx context.Context, n int, at int64, piece []byte) error {
			if err := readPiece(file, at, piece); err != nil {
				return err
			}
			put := k.call(http.MethodPut, a.ID, "pieces", strconv.Itoa(n))
			put.raw, put.media, put.wait = piece, "application/octet-stream", pieceWait
			if err := k.to.do(ctx, put, nil); err != nil {
				return err
			}
			done.add(len(piece))
			return nil
		})
		if err != nil {
			return a, err
		}
		if a, err = fetch[wire.Artefact](ctx, k.to, k.call(http.MethodGet, a.ID)); err != nil {
			return a, err
		}
	}
	return a, nil
}

// Artefact returns an artefact, with the pieces that are missing.
func (r *Requester) Artefact(ctx context.Context, id string) (wire.Artefact, error) {
	return fetch[wire.Artefact](ctx, r.client, r.get("artefacts", id))
}

// Artefacts yields the organisation's artefacts, newest first.
func (r *Requester) Artefacts(ctx context.Context) iter.Seq2[wire.Artefact, error] {
	return list(ctx, r.client, r.get("artefacts"), pageSize, func(p *wire.Artefacts) ([]wire.Artefact, string) { return p.Artefacts, p.Next })
}

// RemoveArtefact removes an artefact, or ends its upload.
func (r *Requester) RemoveArtefact(ctx context.Context, id string) error {
	return r.client.do(ctx, call{method: http.MethodDelete, path: []string{"artefacts", id}, token: r.key}, nil)
}

// ArtefactManifest returns the manifest of an artefact, checked against its id. ErrArtefact.
func (r *Requester) ArtefactManifest(ctx context.Context, id compute.ArtefactID) (*compute.Manifest, error) {
	return r.keeper().manifest(ctx, id)
}

func (k keeper) manifest(ctx context.Context, id compute.ArtefactID) (*compute.Manifest, error) {
	told, err := fetch[wire.ArtefactManifest](ctx, k.to, k.call(http.MethodGet, string(id), "manifest"))
	if err != nil {
		return nil, err
	}
	m, err := compute.ReadManifest(told.Length, told.Pieces)
	if err != nil || m.Check(id) != nil {
		return nil, ErrArtefact
	}
	return m, nil
}

// File is what a download writes to, and reads what it has of before.
type File interface {
	io.ReaderAt
	io.WriterAt
}

// DownloadArtefact downloads the artefact of a manifest into a file, each piece checked before it is written. What the file has
// of it is checked and not received again, so that a download goes on that broke off. ErrArtefact.
func (r *Requester) DownloadArtefact(ctx context.Context, m *compute.Manifest, file File, t Transfer) error {
	return r.keeper().download(ctx, m, file, t)
}

func (k keeper) download(ctx context.Context, m *compute.Manifest, file File, t Transfer) error {
	id, err := m.ID()
	if err != nil {
		return err
	}
	done := &tally{of: m.Length, stage: "receiving", tell: t.Progress}
	return t.each(ctx, m.Length, allPieces(m.Length), func(ctx context.Context, n int, at int64, piece []byte) error {
		err := readPiece(file, at, piece)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if err != nil || m.CheckPiece(n, piece) != nil {
			get := k.call(http.MethodGet, string(id), "content")
			get.part, get.wait = fmt.Sprintf("bytes=%d-%d", at, at+int64(len(piece))-1), pieceWait
			if err := k.to.do(ctx, get, checkedPiece{m, n, piece}); err != nil {
				return err
			}
			if _, err := file.WriteAt(piece, at); err != nil {
				return fmt.Errorf("write the file: %w", err)
			}
		}
		done.add(len(piece))
		return nil
	})
}

// checkedPiece is a reply that is a piece of an artefact, and nothing else.
type checkedPiece struct {
	manifest *compute.Manifest
	n        int
	buffer   []byte // of the piece's size
}

func (p checkedPiece) read(resp *http.Response) error {
	if resp.StatusCode != http.StatusPartialContent {
		return fmt.Errorf("%w (it sent all of an artefact for a part of it)", ErrProtocol)
	}
	if _, err := io.ReadFull(resp.Body, p.buffer); err != nil {
		return fmt.Errorf("%w (%w)", ErrUnreachable, err)
	}
	if p.manifest.CheckPiece(p.n, p.buffer) != nil {
		return ErrArtefact
	}
	return nil
}
