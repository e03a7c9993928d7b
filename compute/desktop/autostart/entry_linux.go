package autostart

import (
	"os"
	"path/filepath"
)

// file is in the user's folder of what desktops start.
func (e *Entry) file() (path, content string, err error) {
	settings, err := os.UserConfigDir()
	return filepath.Join(settings, "autostart", e.ID+".desktop"), e.desktopFile(), err
}
