package autostart

import (
	"os"
	"path/filepath"
)

// file is in the user's folder of what launchd starts.
func (e *Entry) file() (path, content string, err error) {
	home, err := os.UserHomeDir()
	return filepath.Join(home, "Library", "LaunchAgents", e.ID+".plist"), e.launchAgent(), err
}
