package api

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/pipeline"
)

// counted counts requests of a client by their method. It waits for pieces that are on their way when the client gives up, so that none
// arrives between two looks at what did.
type counted struct{ puts, ranges atomic.Int64 }

func (c *counted) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPut {
		c.puts.Add(1)
		r = r.WithContext(context.WithoutCancel(r.Context()))
	}
	if r.Header.Get("Range") != "" {
		c.ranges.Add(1)
	}
	return httpClient.Transport.RoundTrip(r)
}

// TestTransfersResume: an upload and a download that broke off go on where they were, and send and fetch nothing twice.
func TestTransfersResume(t *testing.T) {
	w := newWorld(t)
	var count counted
	c, err := client.New(w.address, client.Config{HTTP: &http.Client{Transport: &count}, Patience: -1, Now: w.server.Now})
	w.must(err)
	r := c.Requester(w.key)
	content := bytesOf(3*compute.PieceSize+7, 1)
	var told atomic.Int64
	transfer := client.Transfer{Name: "weights", Parallel: 2, Progress: func(stage string, done, of int64) {
		if stage != "checking" {
			told.Store(done)
		}
		if done > of || of != int64(len(content)) {
			t.Errorf("%s: %d of %d", stage, done, of)
		}
	}}

	var put atomic.Int64
	full := pipeline.ErrStorageFull
	var failure error = full
	hook := func() {
		if put.Add(1) == 3 {
			w.pieces.fail.Store(&failure)
		}
	}
	w.pieces.before.Store(&hook)
	if _, err := r.UploadArtefact(t.Context(), bytes.NewReader(content), int64(len(content)), transfer); !errors.Is(err, full) {
		t.Fatalf("a full disk: %v", err)
	}
	w.pieces.before.Store(nil)
	w.pieces.fail.Store(nil)
	id, err := manifestOf(content).ID()
	w.must(err)
	half, err := r.Artefact(t.Context(), string(id))
	if err != nil || half.Arrived == 0 || half.Arrived == half.Pieces {
		t.Fatalf("%+v, %v", half, err)
	}
	count.puts.Store(0)
	a, err := r.UploadArtefact(t.Context(), bytes.NewReader(content), int64(len(content)), transfer)
	if err != nil || a.State != "complete" || count.puts.Load() != int64(half.Pieces-half.Arrived) || told.Load() != int64(len(content)) {
		t.Errorf("again: %+v, %v; %d pieces were sent, and %d bytes told", a, err, count.puts.Load(), told.Load())
	}
	count.puts.Store(0)
	if _, err := r.UploadArtefact(t.Context(), bytes.NewReader(content), int64(len(content)), transfer); err != nil || count.puts.Load() != 0 {
		t.Errorf("when it is there: %v, %d pieces were sent", err, count.puts.Load())
	}

	m, err := r.ArtefactManifest(t.Context(), id)
	w.must(err)
	file, err := os.OpenFile(filepath.Join(t.TempDir(), "out"), os.O_RDWR|os.O_CREATE, 0o600)
	w.must(err)
	defer file.Close()
	_, err = file.WriteAt(content[:compute.PieceSize], 0) // what a download left behind: a piece, and another one that is damaged
	w.must(err)
	_, err = file.WriteAt(bytesOf(compute.PieceSize, 9), compute.PieceSize)
	w.must(err)
	w.must(r.DownloadArtefact(t.Context(), m, file, transfer))
	got, err := os.ReadFile(file.Name())
	if err != nil || !bytes.Equal(got, content) || count.ranges.Load() != 3 || told.Load() != int64(len(content)) {
		t.Errorf("%d bytes, %v; %d pieces were fetched, and %d bytes told", len(got), err, count.ranges.Load(), told.Load())
	}
	count.ranges.Store(0)
	if err := r.DownloadArtefact(t.Context(), m, file, transfer); err != nil || count.ranges.Load() != 0 {
		t.Errorf("when it is there: %v, %d pieces were fetched", err, count.ranges.Load())
	}
}

// changing is a file whose second piece is another one when it is read again.
type changing struct {
	*bytes.Reader
	reads atomic.Int64
}

func (c *changing) ReadAt(b []byte, at int64) (int, error) {
	n, err := c.Reader.ReadAt(b, at)
	if at == compute.PieceSize && c.reads.Add(1) > 1 {
		b[0]++
	}
	return n, err
}

// TestUploadOfChangingFile: it is told, and what it was is not uploaded.
func TestUploadOfChangingFile(t *testing.T) {
	w := newWorld(t)
	content := bytesOf(2*compute.PieceSize, 1)
	r := w.client.Requester(w.key)
	if _, err := r.UploadArtefact(t.Context(), &changing{Reader: bytes.NewReader(content)}, int64(len(content)), client.Transfer{}); !errors.Is(err, compute.ErrPiece) {
		t.Errorf("%v", err)
	}
	if _, err := r.UploadArtefact(t.Context(), bytes.NewReader(content), int64(len(content))+1, client.Transfer{}); err == nil {
		t.Error("a file that is shorter than it was said was uploaded")
	}
	if _, err := r.UploadArtefact(t.Context(), bytes.NewReader(nil), compute.ArtefactBytesMax+1, client.Transfer{}); !errors.Is(err, compute.ErrArtefactLarge) {
		t.Errorf("too large for any: %v", err)
	}
	a, err := r.UploadArtefact(t.Context(), bytes.NewReader(nil), 0, client.Transfer{})
	if err != nil || a.State != "complete" {
		t.Errorf("an empty one: %+v, %v", a, err)
	}
}
