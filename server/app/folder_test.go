package app

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestFolderInUse: a second server on the same folder is refused before it touches anything, and let in when the first ended.
func TestFolderInUse(t *testing.T) {
	cfg := Config{Data: t.TempDir(), Listen: "127.0.0.1:0"}
	first, err := New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	// Nor when another chain would not be in the way.
	if err := os.Rename(filepath.Join(cfg.Data, "chain"), filepath.Join(cfg.Data, "away")); err != nil {
		t.Fatal(err)
	}
	if _, err := New(t.Context(), cfg); !errors.Is(err, ErrInUse) {
		t.Errorf("a second server: %v", err)
	}
	if _, err := os.Stat(filepath.Join(cfg.Data, "chain")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what was refused made a chain: %v", err)
	}
	shared := cfg
	shared.DatabaseURL = "postgres://nobody@127.0.0.1:1/none"
	if _, err := New(t.Context(), shared); !errors.Is(err, ErrInUse) {
		t.Errorf("a server with another database: %v", err)
	}
	if err := os.Rename(filepath.Join(cfg.Data, "away"), filepath.Join(cfg.Data, "chain")); err != nil {
		t.Fatal(err)
	}
	if err := first.group.closeAll(); err != nil {
		t.Fatal(err)
	}
	again, err := New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.group.closeAll(); err != nil {
		t.Error(err)
	}
}
