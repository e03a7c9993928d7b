package worker

import (
	"os"
	"path/filepath"
	"testing"
)

func TestDiskRate(t *testing.T) {
	folder := t.TempDir()
	if rate, err := diskRate(folder); err != nil || rate < 1 {
		t.Errorf("%d bytes a second: %v", rate, err)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("it left %v: %v", left, err)
	}
	if _, err := diskRate(filepath.Join(folder, "none")); err == nil {
		t.Error("a folder that is not there was measured")
	}
}
