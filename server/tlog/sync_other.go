//go:build !linux

package tlog

import (
	"path/filepath"
)

// sync makes files durable that were written, and the names of all folders on the way to them.
func (d folder) sync(files []file) error {
	synced := make(map[string]bool)
	for _, f := range files {
		path := filepath.Join(string(d), f.name)
		if err := syncFile(path); err != nil {
			return err
		}
		for path != string(d) {
			path = filepath.Dir(path)
			if synced[path] {
				break
			}
			synced[path] = true
			if err := syncFile(path); err != nil {
				return err
			}
		}
	}
	return nil
}
