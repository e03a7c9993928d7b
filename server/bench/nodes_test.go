package bench

import (
	"testing"
	"time"
)

// TestNodes has some nodes wait: a job of one part gives one of them something, and tells the others nothing.
func TestNodes(t *testing.T) {
	rows, err := Nodes(t.Context(), Config{Data: t.TempDir(), Start: inProcessOfItsOwn}, 30, 100*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 5 || rows[0].Value <= 0 || rows[3].Value != 1 || rows[4].Value <= 0 {
		t.Errorf("%+v", rows)
	}
}

func TestLeases(t *testing.T) {
	row, err := Leases(t.Context(), Config{Data: t.TempDir()}, "leases", 200)
	if err != nil || row.Value <= 0 || row.What != "leases" {
		t.Errorf("%+v, %v", row, err)
	}
}
