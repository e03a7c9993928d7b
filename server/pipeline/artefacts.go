package pipeline

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/polls"
)

const (
	// BlobPrefix begins the name under which an artefact's pieces are kept.
	BlobPrefix = "blob"

	// uploadLifetime is for how long an upload may stand still before it is removed.
	uploadLifetime = 24 * time.Hour

	// artefactChargeMin is what an artefact counts at least of its organisation's quota: small ones cost rows.
	artefactChargeMin = 64 << 10

	// artefactsEvery is how often uploads that stand still are looked for. What was removed is told of at once.
	artefactsEvery = time.Minute
)

// Defaults of ArtefactConfig.
const (
	ArtefactMaxDefault   = 64 << 30
	ArtefactQuotaDefault = 100 << 30
)

// ArtefactState is how far an artefact is.
type ArtefactState string

// The states of an artefact.
const (
	ArtefactUploading ArtefactState = "uploading"
	ArtefactComplete  ArtefactState = "complete"
	ArtefactRemoved   ArtefactState = "removed" // and its pieces are being dropped
)

// Artefact is bytes that an organisation keeps here: what jobs read and write. Two organisations that keep the same bytes have
// an artefact each, so that neither can find out what the other has.
type Artefact struct {
	Blob      string // under which its pieces are kept; used once
	Org       polls.OrgID
	ID        compute.ArtefactID
	Name      string // what its owner calls it; it means nothing
	MediaType string // what its owner says it is; it means nothing
	Length    int64
	Arrived   int // pieces
	State     ArtefactState
	CreatedAt time.Time
	ExpiresAt time.Time // when an upload is removed that stands still; zero when it is complete
}

// Charge is what the artefact counts of its organisation's quota, in bytes.
func (a *Artefact) Charge() int64 { return max(a.Length, artefactChargeMin) }

// PieceRange is pieces that follow each other, by number.
type PieceRange struct{ First, Last int }

// Errors of artefacts.
var (
	ErrNoArtefact      = tasknet.NewError(tasknet.NotFound, "no_such_artefact", "You have no such artefact; check its id, or upload it again.")
	ErrArtefactPartial = tasknet.NewError(tasknet.Conflict, "artefact_incomplete", "The artefact is still being uploaded; send the pieces that are missing first.")
	ErrArtefactQuota   = tasknet.NewError(tasknet.TooLarge, "artefact_quota", "Your artefacts would take more room than your organisation may have; remove some first. Uploads that are under way count, and each counts at least 64 KiB.")
	ErrArtefactName    = tasknet.NewError(tasknet.Invalid, "bad_artefact_name", "An artefact's name and its media type have at most 200 characters each, all of them printable.")
	ErrStorageFull     = tasknet.NewError(tasknet.Unavailable, "storage_full", "The server has no room left for artefacts; try again when its operator has made some.")
	ErrStorageAway     = tasknet.NewError(tasknet.Unavailable, "storage_away", "The server's storage of artefacts does not answer; try again in a moment.")

	// ErrPieceLost reports a piece that was acknowledged and is not there any more, or not as it was. It is no caller's fault.
	ErrPieceLost = errors.New("a piece of an artefact is lost or damaged")
)

// Artefacts keeps what is known of artefacts.
type Artefacts interface {
	// CreateArtefact saves an artefact with its manifest; when the organisation has one with the id, it returns that instead.
	// ErrArtefactQuota when all of the organisation's would count more than quota.
	CreateArtefact(ctx context.Context, a *Artefact, m *compute.Manifest, quota int64) (*Artefact, error)

	// Artefact returns an artefact. ErrNoArtefact.
	Artefact(ctx context.Context, org polls.OrgID, id compute.ArtefactID) (*Artefact, error)

	// Artefacts returns an organisation's artefacts, newest first.
	Artefacts(ctx context.Context, org polls.OrgID, page tasknet.Page) (list []*Artefact, next string, err error)

	// PieceHashes returns the SHA-256 of pieces from a number on, one after the other: all up to limit, or some of them.
	PieceHashes(ctx context.Context, blob string, from, limit int) ([]byte, error)

	// MissingPieces returns the first pieces that have not arrived, as at most limit ranges.
	MissingPieces(ctx context.Context, a *Artefact, limit int) ([]PieceRange, error)

	// AddPiece notes that a piece is kept, and that the upload may stand still until a time. With the last piece the artefact is
	// complete. Again changes nothing. ErrNoArtefact when it was removed.
	AddPiece(ctx context.Context, blob string, n int, until time.Time) (*Artefact, error)

	// RemoveArtefact ends an artefact, whose pieces are then to be dropped. ErrNoArtefact.
	RemoveArtefact(ctx context.Context, org polls.OrgID, id compute.ArtefactID) error

	// ExpireArtefacts ends uploads that stand still.
	ExpireArtefacts(ctx context.Context, now time.Time) error

	// RemovedArtefacts returns up to limit artefacts that were ended.
	RemovedArtefacts(ctx context.Context, limit int) ([]*Artefact, error)

	// ForgetArtefact drops all that is known of an artefact that was ended.
	ForgetArtefact(ctx context.Context, blob string) error
}

// PieceStore keeps the pieces of artefacts, by the blob and the number.
type PieceStore interface {
	// PutPiece keeps a piece. When it returns, the piece survives a power cut. Again is fine. ErrStorageFull, ErrStorageAway.
	PutPiece(ctx context.Context, blob string, n int, piece []byte) error

	// OpenPiece opens size bytes of a piece from a byte on. A piece that is not there is ErrPieceLost; one that is shorter ends
	// before. ErrStorageAway.
	OpenPiece(ctx context.Context, blob string, n, from, size int) (io.ReadCloser, error)

	// RemovePieces drops the pieces of a blob, of which there are so many at most.
	RemovePieces(ctx context.Context, blob string, pieces int) error
}

// ArtefactConfig says where artefacts are kept, and how much of them.
type ArtefactConfig struct {
	Pieces PieceStore
	Max    int64 // bytes of one artefact. Default ArtefactMaxDefault
	Quota  int64 // bytes of all of an organisation's. Default ArtefactQuotaDefault
}

// NewArtefact begins to upload an artefact, or finds it where the organisation has it. compute.ErrManifest,
// compute.ErrArtefactLarge, ErrArtefactName, ErrArtefactQuota.
func (p *Pipeline) NewArtefact(ctx context.Context, tx Tx, org polls.OrgID, m *compute.Manifest, name, mediaType string) (*Artefact, error) {
	id, err := m.ID()
	switch {
	case err != nil:
		return nil, err
	case m.Length > p.cfg.Artefacts.Max:
		return nil, compute.ErrArtefactLarge
	case !printable(name) || !printable(mediaType):
		return nil, ErrArtefactName
	}
	now := p.now()
	a := &Artefact{
		Blob: tasknet.NewID(BlobPrefix, now), Org: org, ID: id, Name: name, MediaType: mediaType, Length: m.Length,
		State: ArtefactUploading, CreatedAt: now, ExpiresAt: now.Add(uploadLifetime),
	}
	if m.Length == 0 {
		a.State, a.ExpiresAt = ArtefactComplete, time.Time{}
	}
	return tx.Artefacts().CreateArtefact(ctx, a, m, p.cfg.Artefacts.Quota)
}

// PutPiece keeps a piece of an artefact. When it returns, the piece is acknowledged: it survives a power cut, and need not be sent
// again. ErrNoArtefact, compute.ErrPieceNumber, compute.ErrPiece, and what PieceStore.PutPiece returns.
func (p *Pipeline) PutPiece(ctx context.Context, a *Artefact, n int, piece []byte) (*Artefact, error) {
	_, size, err := compute.Piece(a.Length, n)
	if err != nil {
		return nil, err
	}
	hash, err := p.stores.Artefacts().PieceHashes(ctx, a.Blob, n, 1)
	if err != nil {
		return nil, err
	}
	if own := sha256.Sum256(piece); len(piece) != size || string(own[:]) != string(hash) {
		return nil, compute.ErrPiece
	}
	if a.State == ArtefactComplete {
		return a, nil
	}
	if err := p.cfg.Artefacts.Pieces.PutPiece(ctx, a.Blob, n, piece); err != nil {
		if ctx.Err() == nil {
			p.cfg.Log.Error("a piece of an artefact was not kept", "artefact", a.ID, "org", a.Org, "piece", n, "error", err)
		}
		return nil, err
	}
	after, err := p.stores.Artefacts().AddPiece(ctx, a.Blob, n, p.now().Add(uploadLifetime))
	if errors.Is(err, ErrNoArtefact) { // removed meanwhile, and perhaps its pieces were, too
		err = errors.Join(err, p.cfg.Artefacts.Pieces.RemovePieces(ctx, a.Blob, compute.Pieces(a.Length)))
	}
	return after, err
}

// RemoveArtefact ends an artefact. ErrNoArtefact.
func (p *Pipeline) RemoveArtefact(ctx context.Context, a *Artefact) error {
	err := p.stores.Artefacts().RemoveArtefact(ctx, a.Org, a.ID)
	if err == nil {
		p.wakeArtefacts()
	}
	return err
}

func (p *Pipeline) wakeArtefacts() {
	select {
	case p.artefacts <- struct{}{}:
	default:
	}
}

// RunArtefacts ends uploads that stand still, and drops the pieces of artefacts that were ended, until ctx ends.
func (p *Pipeline) RunArtefacts(ctx context.Context) error {
	look := time.NewTicker(artefactsEvery)
	defer look.Stop()
	for {
		if err := p.dropArtefacts(ctx); err != nil && ctx.Err() == nil {
			p.cfg.Log.Error("artefacts were not removed", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-p.artefacts:
		case <-look.C:
		}
	}
}

func (p *Pipeline) dropArtefacts(ctx context.Context) error {
	const atOnce = 100
	if err := p.stores.Artefacts().ExpireArtefacts(ctx, p.now()); err != nil {
		return err
	}
	for {
		ended, err := p.stores.Artefacts().RemovedArtefacts(ctx, atOnce)
		if err != nil || len(ended) == 0 {
			return err
		}
		for _, a := range ended {
			if err := p.cfg.Artefacts.Pieces.RemovePieces(ctx, a.Blob, compute.Pieces(a.Length)); err != nil {
				return fmt.Errorf("artefact %s: %w", a.ID, err)
			}
			if err := p.stores.Artefacts().ForgetArtefact(ctx, a.Blob); err != nil {
				return err
			}
		}
	}
}

// printable reports whether a name can be shown as it is.
func printable(name string) bool {
	return utf8.RuneCountInString(name) <= 200 && !strings.ContainsFunc(name, func(r rune) bool { return r == utf8.RuneError || !unicode.IsPrint(r) })
}
