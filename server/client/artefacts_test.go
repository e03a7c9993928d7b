package client

import (
	"crypto/sha256"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/server/wire"
)

// TestLyingServer: bytes or a manifest that are not the artefact's are refused, and nothing of them is written.
func TestLyingServer(t *testing.T) {
	content := []byte("the weights")
	m := &compute.Manifest{Length: int64(len(content)), Pieces: [][32]byte{sha256.Sum256(content)}}
	id, err := m.ID()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		status  int
		content string
		pieces  []byte
		want    error
	}{
		"honest":                  {206, "the weights", m.Encode(), nil},
		"other bytes":             {206, "THE weights", m.Encode(), ErrArtefact},
		"another manifest":        {206, "THE weights", (&compute.Manifest{Pieces: [][32]byte{sha256.Sum256([]byte("THE weights"))}}).Encode(), ErrArtefact},
		"half a manifest":         {206, "the weights", m.Encode()[:16], ErrArtefact},
		"fewer bytes":             {206, "the", m.Encode(), ErrUnreachable},
		"all, for a part of them": {200, "the weights", m.Encode(), ErrProtocol},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := against(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if filepath.Base(r.URL.Path) == "manifest" {
					reply(w, 200, wire.ArtefactManifest{ID: string(id), Length: m.Length, Pieces: c.pieces})
					return
				}
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.content)) // the client may be gone
			}))
			requester := client.Requester("tn_x")
			file, err := os.OpenFile(filepath.Join(t.TempDir(), "out"), os.O_RDWR|os.O_CREATE, 0o600)
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			known, err := requester.ArtefactManifest(t.Context(), id)
			if err == nil {
				err = requester.DownloadArtefact(t.Context(), known, file, Transfer{})
			}
			if !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
				t.Errorf("%v, want %v", err, c.want)
			}
			got, err := os.ReadFile(file.Name())
			if err != nil || c.want != nil && len(got) != 0 || c.want == nil && string(got) != string(content) {
				t.Errorf("written: %q, %v", got, err)
			}
		})
	}
}
