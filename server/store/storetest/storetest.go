// Package storetest makes databases for tests of what works on a store.
package storetest

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/tasknet/tasknet/server/store"
)

// migrated is what a database file holds after its migrations. They are run once in a process, as they take longer than most
// tests, ten times so under the race detector.
var migrated = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "tasknet-storetest")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "tasknet.db")
	if _, err := store.Migrate(context.Background(), store.Config{Path: path}); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// File makes a database file with the newest schema and nothing else, and returns its path.
func File(t testing.TB) string {
	t.Helper()
	return file(t, t.TempDir())
}

// InMemory makes such a file where no disk is waited for, if the machine has such a place: for tests that make
// thousands, and would wait for it most of the time. The caller removes its folder.
func InMemory(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "tasknet-storetest") //nolint:usetesting // not on the disk
	if err != nil {
		dir = t.TempDir() // macOS has no such place
	}
	return file(t, dir)
}

func file(t testing.TB, dir string) string {
	t.Helper()
	data, err := migrated()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "tasknet.db")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
