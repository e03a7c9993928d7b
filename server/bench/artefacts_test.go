package bench

import (
	"bytes"
	"os"
	"testing"

	"github.com/tasknet/tasknet/compute"
)

// TestArtefacts runs a small measurement against a server of this process. How fast it is says nothing here.
func TestArtefacts(t *testing.T) {
	cfg := Config{Data: t.TempDir(), Start: inProcessOfItsOwn}
	rows, err := Artefacts(t.Context(), cfg, 2*compute.PieceSize+5, 2)
	if err != nil {
		t.Fatal(err)
	}
	for i, what := range []string{"upload, against a plain copy", "download, against a plain copy", "upload", "download", "plain copy", "growth of the server's memory"} {
		if r := rows[i]; r.What != what || r.Goal <= 0 || r.Unit == "" || r.Better != Higher && r.Better != Lower || i < 5 && r.Value <= 0 {
			t.Errorf("%+v", r)
		}
	}
	source, err := os.ReadFile(cfg.Data + "/source")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"copy", "fetched"} {
		if got, err := os.ReadFile(cfg.Data + "/" + name); err != nil || !bytes.Equal(got, source) {
			t.Errorf("%s: %d bytes of %d, %v", name, len(got), len(source), err)
		}
	}
}
