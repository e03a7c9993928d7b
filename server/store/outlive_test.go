package store_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/tasknet/tasknet/server/store"
)

// TestWritesOutliveTheContextOfOpen: a server that was told to stop still commits what it has begun.
func TestWritesOutliveTheContextOfOpen(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	db, err := store.Open(ctx, store.Config{Path: filepath.Join(t.TempDir(), "tasknet.db")})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if value, err := db.Settings().SetSetting(t.Context(), "name", "value"); err != nil || value != "value" {
		t.Errorf("%q, %v", value, err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}
