package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/server/artefact"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/wire"
)

const (
	artefactMax   = 4*compute.PieceSize + 1
	artefactQuota = 5 * compute.PieceSize
)

// brittlePieces is a folder that fails when it is told to.
type brittlePieces struct {
	*artefact.Folder
	root   string
	fail   atomic.Pointer[error]
	before atomic.Pointer[func()] // is called before each piece is put
}

func newPieces(t testing.TB, root string) *brittlePieces {
	folder, err := artefact.NewFolder(root)
	if err != nil {
		t.Fatal(err)
	}
	return &brittlePieces{Folder: folder, root: root}
}

func (b *brittlePieces) PutPiece(ctx context.Context, blob string, n int, piece []byte) error {
	if f := b.before.Load(); f != nil {
		(*f)()
	}
	if err := b.fail.Load(); err != nil {
		return *err
	}
	return b.Folder.PutPiece(ctx, blob, n, piece)
}

// file finds the file of a piece, of which there must be one.
func (b *brittlePieces) file(t *testing.T, n int) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(b.root, "*", "*", fmt.Sprintf("%08d", n)))
	if err != nil || len(found) != 1 {
		t.Fatalf("files of piece %d: %q, %v", n, found, err)
	}
	return found[0]
}

// bytesOf are any bytes, which differ by seed.
func bytesOf(n int, seed byte) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(i%251) ^ seed
	}
	return out
}

func manifestOf(content []byte) *compute.Manifest {
	m := &compute.Manifest{Length: int64(len(content))}
	for piece := range slices.Chunk(content, compute.PieceSize) {
		m.Pieces = append(m.Pieces, sha256.Sum256(piece))
	}
	return m
}

func pieceOf(content []byte, n int) string {
	return string(content[n*compute.PieceSize : min((n+1)*compute.PieceSize, len(content))])
}

func (w *world) newArtefact(key string, content []byte) wire.Artefact {
	w.t.Helper()
	m := manifestOf(content)
	return read[wire.Artefact](w, w.as(key, "POST", artefactsPath, string(marshal(w.t, wire.NewArtefact{Length: m.Length, Pieces: m.Encode(), Name: "weights", Type: "x/y"}))), 201)
}

func (w *world) putPiece(key, id string, n int, piece string) reply {
	w.t.Helper()
	return w.as(key, "PUT", fmt.Sprintf("%s/%s/pieces/%d", artefactsPath, id, n), piece, "Content-Type", "application/octet-stream")
}

func (w *world) uploadArtefact(key string, content []byte) wire.Artefact {
	w.t.Helper()
	a := w.newArtefact(key, content)
	for n := range a.Pieces {
		a = read[wire.Artefact](w, w.putPiece(key, a.ID, n, pieceOf(content, n)), 200)
	}
	return a
}

// TestArtefact follows an artefact from its manifest to its end.
func TestArtefact(t *testing.T) {
	w := newWorld(t)
	content := bytesOf(2*compute.PieceSize+7, 1)
	want, err := manifestOf(content).ID()
	w.must(err)
	a := w.newArtefact(w.key, content)
	if a.ID != string(want) || a.State != "uploading" || a.Pieces != 3 || a.ExpiresAt == nil {
		t.Fatalf("%+v", a)
	}
	path := artefactsPath + "/" + a.ID
	get := func() wire.Artefact { t.Helper(); return read[wire.Artefact](w, w.as(w.key, "GET", path, ""), 200) }
	for _, step := range []struct {
		n       int
		missing []wire.PieceRange
	}{{1, []wire.PieceRange{{First: 0, Last: 0}, {First: 2, Last: 2}}}, {2, []wire.PieceRange{{First: 0, Last: 0}}}, {2, []wire.PieceRange{{First: 0, Last: 0}}}, {0, nil}} {
		if r := w.as(w.key, "GET", path+"/content", ""); r.status != 409 || r.problem(t).Code != "artefact_incomplete" {
			t.Errorf("content before it is complete: %d %.200s", r.status, r.body)
		}
		read[wire.Artefact](w, w.putPiece(w.key, a.ID, step.n, pieceOf(content, step.n)), 200)
		if diff := cmp.Diff(step.missing, get().Missing); diff != "" {
			t.Errorf("after piece %d (-want +got):\n%s", step.n, diff)
		}
	}
	if a = get(); a.State != "complete" || a.Arrived != 3 || a.ExpiresAt != nil {
		t.Errorf("%+v", a)
	}

	// All of it, and parts of it.
	whole := w.as(w.key, "GET", path+"/content", "")
	if whole.status != 200 || whole.body != string(content) || whole.header.Get("ETag") != `"`+a.ID+`"` || whole.header.Get("Accept-Ranges") != "bytes" {
		t.Errorf("content: %d, %d bytes, %v", whole.status, len(whole.body), whole.header)
	}
	end := len(content) - 1
	for _, c := range []struct {
		asked      string
		from, last int
	}{
		{"bytes=0-0", 0, 0},
		{"bytes=4194300-4194310", 4194300, 4194310}, // over the end of a piece
		{"bytes=4194304-8388607", 4194304, 8388607}, // a piece
		{"bytes=5-", 5, end},
		{"bytes=-3", end - 2, end},
		{fmt.Sprintf("bytes=%d-%d", end, 1<<40), end, end},
		{"bytes=-999999999", 0, end},
	} {
		r := w.as(w.key, "GET", path+"/content", "", "Range", c.asked)
		if said := fmt.Sprintf("bytes %d-%d/%d", c.from, c.last, len(content)); r.status != 206 || r.body != string(content[c.from:c.last+1]) || r.header.Get("Content-Range") != said {
			t.Errorf("%s: %d, %d bytes, %s", c.asked, r.status, len(r.body), r.header.Get("Content-Range"))
		}
	}
	for _, nonsense := range []string{"bytes=9-5", "bytes=x-y", "bytes=0-1,3-4", "lines=1-2", "bytes", "bytes=-", fmt.Sprintf("bytes=%d-", len(content)), "bytes=99999999999999999999-"} {
		r := w.as(w.key, "GET", path+"/content", "", "Range", nonsense)
		if r.status != 416 || r.header.Get("Content-Range") != fmt.Sprintf("bytes */%d", len(content)) || r.body != "" {
			t.Errorf("%s: %d, %.100q", nonsense, r.status, r.body)
		}
	}
	if r := w.as(w.key, "GET", path+"/content", "", "Range", "bytes=0-0", "If-Range", `"another"`); r.status != 200 || len(r.body) != len(content) {
		t.Errorf("a range of something else: %d, %d bytes", r.status, len(r.body))
	}
	if r := w.as(w.key, "GET", path+"/content", "", "If-None-Match", `"`+a.ID+`"`); r.status != 304 || r.body != "" {
		t.Errorf("known content: %d", r.status)
	}
	if r := w.as(w.key, "HEAD", path+"/content", ""); r.status != 200 || r.body != "" || r.header.Get("Content-Length") != fmt.Sprint(len(content)) {
		t.Errorf("HEAD: %d, %v", r.status, r.header)
	}

	manifest := read[wire.ArtefactManifest](w, w.as(w.key, "GET", path+"/manifest", ""), 200)
	if m, err := compute.ReadManifest(manifest.Length, manifest.Pieces); err != nil || m.Check(want) != nil {
		t.Errorf("manifest: %+v, %v", manifest, err)
	}
	if again := w.newArtefact(w.key, content); again.State != "complete" || again.CreatedAt != a.CreatedAt {
		t.Errorf("the same again: %+v", again)
	}
	list := read[wire.Artefacts](w, w.as(w.key, "GET", artefactsPath+"?limit=1", ""), 200)
	if len(list.Artefacts) != 1 || list.Artefacts[0].ID != a.ID || list.Next != "" {
		t.Errorf("%+v", list)
	}
	if r := w.as(w.key, "DELETE", path, ""); r.status != 204 {
		t.Errorf("removed: %d %s", r.status, r.body)
	}
	for method, p := range map[string]string{"GET": path, "DELETE": path} {
		if r := w.as(w.key, method, p, ""); r.status != 404 || r.problem(t).Code != "no_such_artefact" {
			t.Errorf("%s when it is removed: %d", method, r.status)
		}
	}
	until(t, "its files are gone", func() bool {
		left, err := filepath.Glob(filepath.Join(w.pieces.root, "*", "blob_*"))
		return err == nil && len(left) == 0
	})
}

// until waits for something.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	limit := time.Now().Add(time.Minute)
	for !is() {
		if time.Now().After(limit) {
			t.Fatalf("never: %s", what)
		}
		time.Sleep(5 * time.Millisecond) //nolint:forbidigo // it is polled
	}
}

// TestEmptyArtefact: it has no pieces, and is complete at once.
func TestEmptyArtefact(t *testing.T) {
	w := newWorld(t)
	a := w.newArtefact(w.key, nil)
	if a.State != "complete" || a.Pieces != 0 {
		t.Errorf("%+v", a)
	}
	path := artefactsPath + "/" + a.ID + "/content"
	if r := w.as(w.key, "GET", path, ""); r.status != 200 || r.body != "" {
		t.Errorf("%d %q", r.status, r.body)
	}
	for _, asked := range []string{"bytes=0-", "bytes=-5"} {
		if r := w.as(w.key, "GET", path, "", "Range", asked); r.status != 416 {
			t.Errorf("%s: %d", asked, r.status)
		}
	}
	if r := w.putPiece(w.key, a.ID, 0, "x"); r.status != 400 || r.problem(t).Code != "bad_piece_number" {
		t.Errorf("a piece of it: %d", r.status)
	}
}

// TestArtefactRefuses: what is wrong gets one clear error, and changes nothing.
func TestArtefactRefuses(t *testing.T) {
	w := newWorld(t)
	content := bytesOf(compute.PieceSize+7, 1)
	a := w.newArtefact(w.key, content)
	read[wire.Artefact](w, w.putPiece(w.key, a.ID, 1, pieceOf(content, 1)), 200)
	stranger, err := w.server.Pipeline.NewOrg(t.Context(), "Strangers")
	w.must(err)
	other := w.newKey(stranger)
	path := artefactsPath + "/" + a.ID
	state := func() string { return w.as(w.key, "GET", path, "").body + w.as(w.key, "GET", artefactsPath, "").body }
	before := state()

	flipped := []byte(pieceOf(content, 0))
	flipped[99] ^= 1
	m := manifestOf(content)
	body := func(n wire.NewArtefact) string { return string(marshal(t, n)) }
	hashes := func(n int) []byte { return make([]byte, 32*n) }
	for name, c := range map[string]struct {
		key, method, path, body string
		status                  int
		code                    string
	}{
		"a flipped bit":          {w.key, "PUT", path + "/pieces/0", string(flipped), 400, "wrong_piece"},
		"another piece":          {w.key, "PUT", path + "/pieces/0", pieceOf(content, 1), 400, "wrong_piece"},
		"a byte less":            {w.key, "PUT", path + "/pieces/0", pieceOf(content, 0)[1:], 400, "wrong_piece"},
		"a byte more":            {w.key, "PUT", path + "/pieces/0", pieceOf(content, 0) + "x", 413, "body_too_large"},
		"a byte more at the end": {w.key, "PUT", path + "/pieces/1", pieceOf(content, 1) + "x", 400, "wrong_piece"},
		"nothing":                {w.key, "PUT", path + "/pieces/0", "", 400, "wrong_piece"},
		"a piece too many":       {w.key, "PUT", path + "/pieces/2", "x", 400, "bad_piece_number"},
		"a piece before all":     {w.key, "PUT", path + "/pieces/-1", "x", 400, "bad_piece_number"},
		"a piece of no number":   {w.key, "PUT", path + "/pieces/one", "x", 400, "bad_piece_number"},
		"a piece far away":       {w.key, "PUT", path + "/pieces/99999999999999999999", "x", 400, "bad_piece_number"},
		"no artefact":            {w.key, "PUT", artefactsPath + "/art_" + strings.Repeat("00", 32) + "/pieces/0", "x", 404, "no_such_artefact"},
		"an id that is none":     {w.key, "PUT", artefactsPath + "/art_x/pieces/0", "x", 400, "bad_artefact_id"},
		"a way out":              {w.key, "GET", artefactsPath + "/art_..%2f..%2fetc/content", "", 400, "bad_artefact_id"},
		"a stranger's piece":     {other, "PUT", path + "/pieces/0", pieceOf(content, 0), 404, "no_such_artefact"},
		"a stranger's look":      {other, "GET", path, "", 404, "no_such_artefact"},
		"a stranger's read":      {other, "GET", path + "/content", "", 404, "no_such_artefact"},
		"a stranger's manifest":  {other, "GET", path + "/manifest", "", 404, "no_such_artefact"},
		"a stranger's end":       {other, "DELETE", path, "", 404, "no_such_artefact"},
		"nobody's piece":         {"", "PUT", path + "/pieces/0", pieceOf(content, 0), 401, "api_key_required"},
		"nobody's read":          {"", "GET", path + "/content", "", 401, "api_key_required"},
		"a hash too few":         {w.key, "POST", artefactsPath, body(wire.NewArtefact{Length: m.Length, Pieces: hashes(1)}), 400, "bad_manifest"},
		"a hash too many":        {w.key, "POST", artefactsPath, body(wire.NewArtefact{Length: m.Length, Pieces: hashes(3)}), 400, "bad_manifest"},
		"half a hash":            {w.key, "POST", artefactsPath, body(wire.NewArtefact{Length: 5, Pieces: hashes(1)[:16]}), 400, "bad_manifest"},
		"no hash":                {w.key, "POST", artefactsPath, body(wire.NewArtefact{Length: 5, Pieces: []byte{}}), 400, "bad_manifest"},
		"a negative length":      {w.key, "POST", artefactsPath, body(wire.NewArtefact{Length: -1, Pieces: []byte{}}), 400, "invalid_request"},
		"no base64":              {w.key, "POST", artefactsPath, `{"length":5,"pieces":"?"}`, 400, "invalid_request"},
		"too large":              {w.key, "POST", artefactsPath, body(wire.NewArtefact{Length: artefactMax + 1, Pieces: hashes(5)}), 413, "artefact_too_large"},
		"too large for any":      {w.key, "POST", artefactsPath, body(wire.NewArtefact{Length: 1 << 60, Pieces: hashes(1)}), 413, "artefact_too_large"},
		"over the quota":         {w.key, "POST", artefactsPath, body(wire.NewArtefact{Length: artefactMax, Pieces: hashes(5)}), 413, "artefact_quota"},
		"a name with a newline":  {w.key, "POST", artefactsPath, body(wire.NewArtefact{Length: 5, Pieces: hashes(1), Name: "a\nb"}), 400, "bad_artefact_name"},
		"a body without end":     {w.key, "POST", artefactsPath, `{"pieces":"` + strings.Repeat("A", manifestBytesMax) + `"}`, 413, "body_too_large"},
		"no cursor of ours":      {w.key, "GET", artefactsPath + "?cursor=x", "", 400, "bad_cursor"},
	} {
		r := w.as(c.key, c.method, c.path, c.body)
		if p := r.problem(t); r.status != c.status || p.Code != c.code {
			t.Errorf("%s: %d %s, want %d %s", name, r.status, p.Code, c.status, c.code)
		}
	}
	if diff := cmp.Diff(before, state()); diff != "" {
		t.Errorf("something changed (-before +after):\n%s", diff)
	}

	// Who has the same bytes must prove it, and is told nothing of others who have them.
	theirs := w.newArtefact(other, content)
	if theirs.ID != a.ID || theirs.Arrived != 0 || len(theirs.Missing) != 1 {
		t.Errorf("a stranger's own: %+v", theirs)
	}
	read[wire.Artefact](w, w.as(w.key, "GET", path, ""), 200)
}

// TestArtefactUploadedTwice: two upload the same at the same time, and it is there once, whole.
func TestArtefactUploadedTwice(t *testing.T) {
	w := newWorld(t)
	content := bytesOf(3*compute.PieceSize, 2)
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() { w.uploadArtefact(w.key, content) })
	}
	both.Wait()
	list := read[wire.Artefacts](w, w.as(w.key, "GET", artefactsPath, ""), 200)
	if len(list.Artefacts) != 1 || list.Artefacts[0].State != "complete" {
		t.Fatalf("%+v", list)
	}
	if r := w.as(w.key, "GET", artefactsPath+"/"+list.Artefacts[0].ID+"/content", ""); r.body != string(content) {
		t.Errorf("%d, %d bytes", r.status, len(r.body))
	}
}

// TestArtefactStorageFails: a piece that could not be kept is not acknowledged, and can be sent again.
func TestArtefactStorageFails(t *testing.T) {
	w := newWorld(t)
	content := bytesOf(9, 3)
	a := w.newArtefact(w.key, content)
	for _, c := range []struct {
		fails  error
		status int
		code   string
	}{
		{fmt.Errorf("%w (no space left on device)", pipeline.ErrStorageFull), 503, "storage_full"},
		{pipeline.ErrStorageAway, 503, "storage_away"},
		{errors.New("input/output error on /secret/path"), 500, "internal"},
	} {
		w.pieces.fail.Store(&c.fails)
		if r := w.putPiece(w.key, a.ID, 0, string(content)); r.status != c.status || r.problem(t).Code != c.code || strings.Contains(r.body, "device") || strings.Contains(r.body, "secret") {
			t.Errorf("%v: %d %s", c.fails, r.status, r.body)
		}
		if now := read[wire.Artefact](w, w.as(w.key, "GET", artefactsPath+"/"+a.ID, ""), 200); now.Arrived != 0 {
			t.Errorf("%v: acknowledged", c.fails)
		}
	}
	w.pieces.fail.Store(nil)
	if a = read[wire.Artefact](w, w.putPiece(w.key, a.ID, 0, string(content)), 200); a.State != "complete" {
		t.Errorf("%+v", a)
	}
}

// TestArtefactRemovedMeanwhile: a piece that arrives while its artefact is removed is refused, and leaves no file.
func TestArtefactRemovedMeanwhile(t *testing.T) {
	w := newWorld(t)
	content := bytesOf(9, 4)
	a := w.newArtefact(w.key, content)
	remove := func() {
		w.pieces.before.Store(nil)
		w.must(w.server.Pipeline.RemoveArtefact(context.Background(), &pipeline.Artefact{Org: w.org.ID, ID: compute.ArtefactID(a.ID)}))
		until(t, "it is forgotten", func() bool {
			ended, err := w.stores.Artefacts().RemovedArtefacts(context.Background(), 1)
			return err == nil && len(ended) == 0
		})
	}
	w.pieces.before.Store(&remove)
	if r := w.putPiece(w.key, a.ID, 0, string(content)); r.status != 404 {
		t.Errorf("%d %s", r.status, r.body)
	}
	if left, err := filepath.Glob(filepath.Join(w.pieces.root, "*", "blob_*")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

// TestArtefactDamaged: what the disk lost is an error that is logged, and never bytes that are taken for the artefact's.
func TestArtefactDamaged(t *testing.T) {
	w := newWorld(t)
	content := bytesOf(2*compute.PieceSize+7, 5)
	a := w.uploadArtefact(w.key, content)
	path := artefactsPath + "/" + a.ID + "/content"
	broken := func(what string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), "GET", w.address+path, nil)
		w.must(err)
		req.Header.Set("Authorization", "Bearer "+w.key)
		resp, err := httpClient.Do(req)
		w.must(err)
		defer resp.Body.Close()
		got, err := io.ReadAll(resp.Body)
		if resp.StatusCode != 200 || err == nil || len(got) >= len(content) || !bytes.HasPrefix(content, got[:min(len(got), compute.PieceSize)]) {
			t.Errorf("%s: %d, %d bytes of %d, %v", what, resp.StatusCode, len(got), len(content), err)
		}
	}
	second := w.pieces.file(t, 1)
	flipped := bytes.Clone(content[compute.PieceSize : 2*compute.PieceSize])
	flipped[77] ^= 1
	w.must(os.WriteFile(second, flipped, 0o600))
	broken("a flipped bit in the second piece")
	w.must(os.WriteFile(second, flipped[:1000], 0o600))
	broken("a second piece that is cut")
	w.must(os.Remove(second))
	broken("no second piece")
	if r := w.as(w.key, "GET", path, "", "Range", "bytes=0-99"); r.status != 206 || r.body != string(content[:100]) {
		t.Errorf("what is there: %d", r.status)
	}
	if r := w.as(w.key, "GET", path, "", "Range", "bytes=4194304-4194310"); r.status != 500 || r.problem(t).Code != "internal" {
		t.Errorf("what is not there: %d %.200s", r.status, r.body)
	}
}
