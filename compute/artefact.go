package compute

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/tasknet/tasknet"
)

const (
	// PieceSize is how many bytes each piece of an artefact has, but for the last, which has the rest. It is part of what an
	// ArtefactID means.
	PieceSize = 4 << 20

	// ArtefactBytesMax is the most that an artefact can have anywhere: its manifest, of 32 bytes for each piece, is still read
	// whole.
	ArtefactBytesMax = 256 << 30

	artefactPrefix = "art_"
	artefactTag    = "tasknet/artefact/v1"
)

// Errors of artefacts.
var (
	ErrArtefactID    = tasknet.NewError(tasknet.Invalid, "bad_artefact_id", "An artefact's id is art_ and 64 hex digits in lower case; check what was sent.")
	ErrManifest      = tasknet.NewError(tasknet.Invalid, "bad_manifest", "The manifest does not fit: there is one SHA-256 of 32 bytes for each piece of 4 MiB, the last piece being the rest.")
	ErrArtefactLarge = tasknet.NewError(tasknet.TooLarge, "artefact_too_large", "The artefact is larger than artefacts may be here; split it, or ask the operator for more.")
	ErrPieceNumber   = tasknet.NewError(tasknet.Invalid, "bad_piece_number", "The artefact has no piece of this number; they count from 0.")
	ErrPiece         = tasknet.NewError(tasknet.Invalid, "wrong_piece", "The piece is not what the manifest says: its bytes have another length or another SHA-256. Read it again and send it again.")
)

// ArtefactID names bytes by what they are: whoever has them can compute it, and nobody finds others with the same one. It is
// art_ and, in hex, the hash tasknet/artefact/v1 of {length, root}, root being that of the Merkle tree of RFC 6962 over the
// SHA-256 of the pieces.
type ArtefactID string

// ParseArtefactID reads an id. ErrArtefactID.
func ParseArtefactID(text string) (ArtefactID, error) {
	digits, ok := strings.CutPrefix(text, artefactPrefix)
	raw, err := hex.DecodeString(digits)
	if !ok || err != nil || len(raw) != sha256.Size || hex.EncodeToString(raw) != digits {
		return "", ErrArtefactID
	}
	return ArtefactID(text), nil
}

// Manifest says of which pieces an artefact is made, so that each can be checked alone: in any order, several at a time, and
// again where a transfer broke off.
type Manifest struct {
	Length int64
	Pieces [][sha256.Size]byte // the SHA-256 of each
}

// Pieces returns how many pieces an artefact of a length has.
func Pieces(length int64) int { return int((length + PieceSize - 1) / PieceSize) }

// Piece returns where a piece of an artefact of a length begins, and how many bytes it has. ErrPieceNumber.
func Piece(length int64, n int) (at int64, size int, err error) {
	if n < 0 || n >= Pieces(length) {
		return 0, 0, ErrPieceNumber
	}
	at = int64(n) * PieceSize
	return at, int(min(PieceSize, length-at)), nil
}

// ID returns the id of the artefact. ErrManifest, ErrArtefactLarge.
func (m *Manifest) ID() (ArtefactID, error) {
	switch {
	case m.Length > ArtefactBytesMax:
		return "", ErrArtefactLarge
	case m.Length < 0 || len(m.Pieces) != Pieces(m.Length):
		return "", ErrManifest
	}
	root := tasknet.NewTree(m.Pieces).Root()
	hash, err := tasknet.Hash(artefactTag, struct {
		Length int64  `json:"length"`
		Root   string `json:"root"`
	}{m.Length, hex.EncodeToString(root[:])})
	return ArtefactID(artefactPrefix + hex.EncodeToString(hash[:])), err
}

// Check reports whether the manifest is that of an artefact. ErrManifest.
func (m *Manifest) Check(id ArtefactID) error {
	if own, err := m.ID(); err != nil || own != id {
		return ErrManifest
	}
	return nil
}

// CheckPiece reports whether bytes are a piece. ErrPieceNumber, ErrPiece.
func (m *Manifest) CheckPiece(n int, piece []byte) error {
	_, size, err := Piece(m.Length, n)
	if err != nil {
		return err
	}
	if len(piece) != size || sha256.Sum256(piece) != m.Pieces[n] {
		return ErrPiece
	}
	return nil
}

// Encode returns the hashes of the pieces one after the other, as a manifest is sent and kept.
func (m *Manifest) Encode() []byte {
	out := make([]byte, 0, len(m.Pieces)*sha256.Size)
	for _, p := range m.Pieces {
		out = append(out, p[:]...)
	}
	return out
}

// ReadManifest is the reverse of Encode. ErrManifest, ErrArtefactLarge.
func ReadManifest(length int64, pieces []byte) (*Manifest, error) {
	switch {
	case length > ArtefactBytesMax:
		return nil, ErrArtefactLarge
	case length < 0 || len(pieces) != Pieces(length)*sha256.Size:
		return nil, ErrManifest
	}
	m := &Manifest{Length: length, Pieces: make([][sha256.Size]byte, Pieces(length))}
	for i := range m.Pieces {
		m.Pieces[i] = [sha256.Size]byte(pieces[i*sha256.Size:])
	}
	return m, nil
}
