package compute

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// artefactVector is an artefact whose byte i is i modulo 251, for clients in other languages.
type artefactVector struct {
	Length int64      `json:"length"`
	ID     ArtefactID `json:"id"`
}

func manifestOf(content []byte) *Manifest {
	m := &Manifest{Length: int64(len(content))}
	for len(content) > 0 {
		n := min(PieceSize, len(content))
		m.Pieces = append(m.Pieces, sha256.Sum256(content[:n]))
		content = content[n:]
	}
	return m
}

func patterned(n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(i % 251)
	}
	return out
}

// TestArtefactVectors: ids are for good, as everything that is named by its hash.
func TestArtefactVectors(t *testing.T) {
	const golden = "testdata/artefacts.json"
	var got []artefactVector
	for _, n := range []int{0, 1, PieceSize - 1, PieceSize, PieceSize + 1, 2*PieceSize + 7} {
		id, err := manifestOf(patterned(n)).ID()
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, artefactVector{int64(n), id})
	}
	if *update {
		raw, err := json.MarshalIndent(got, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, append(raw, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	var want []artefactVector
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestManifest changes one thing of an artefact at a time; each is another artefact, or none.
func TestManifest(t *testing.T) {
	good := manifestOf(patterned(2*PieceSize + 7))
	id, err := good.ID()
	if err != nil {
		t.Fatal(err)
	}
	if read, err := ReadManifest(good.Length, good.Encode()); err != nil || read.Check(id) != nil {
		t.Errorf("written and read: %v", err)
	}
	for name, bad := range map[string]*Manifest{
		"a byte more":         {good.Length + 1, good.Pieces},
		"another hash":        {good.Length, [][32]byte{good.Pieces[0], good.Pieces[1], {1}}},
		"two pieces swapped":  {good.Length, [][32]byte{good.Pieces[1], good.Pieces[0], good.Pieces[2]}},
		"a piece less":        {2 * PieceSize, good.Pieces[:2]},
		"a hash less":         {good.Length, good.Pieces[:2]},
		"a hash more":         {good.Length, append(good.Pieces[:3:3], [32]byte{})},
		"no length":           {0, good.Pieces},
		"less than no length": {-1, nil},
	} {
		if err := bad.Check(id); !errors.Is(err, ErrManifest) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, length := range []int64{-1, 0, good.Length + PieceSize, 1 << 62} {
		if _, err := ReadManifest(length, good.Encode()); err == nil {
			t.Errorf("a length of %d was taken", length)
		}
	}
	large := &Manifest{Length: ArtefactBytesMax + 1}
	if _, err := large.ID(); !errors.Is(err, ErrArtefactLarge) {
		t.Errorf("too large: %v", err)
	}
}

func TestCheckPiece(t *testing.T) {
	content := patterned(PieceSize + 7)
	m := manifestOf(content)
	first, last := content[:PieceSize], content[PieceSize:]
	flipped := bytes.Clone(last)
	flipped[3] ^= 1
	for _, c := range []struct {
		n     int
		piece []byte
		want  error
	}{
		{0, first, nil},
		{1, last, nil},
		{1, flipped, ErrPiece},
		{1, last[:6], ErrPiece},
		{1, append(last[:7:7], 0), ErrPiece},
		{0, last, ErrPiece},
		{1, nil, ErrPiece},
		{2, last, ErrPieceNumber},
		{-1, last, ErrPieceNumber},
	} {
		if err := m.CheckPiece(c.n, c.piece); !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
			t.Errorf("piece %d of %d bytes: %v, want %v", c.n, len(c.piece), err, c.want)
		}
	}
}

func TestParseArtefactID(t *testing.T) {
	good := "art_" + strings.Repeat("0a", 32)
	if id, err := ParseArtefactID(good); err != nil || string(id) != good {
		t.Errorf("%s, %v", id, err)
	}
	for _, bad := range []string{"", "art_", good[4:], strings.ToUpper(good), "art_" + strings.Repeat("0A", 32), good + "00", good[:66], "art_" + strings.Repeat("0g", 32), "art_../" + good[7:]} {
		if _, err := ParseArtefactID(bad); !errors.Is(err, ErrArtefactID) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
