package autostart

import (
	"os"
	"path/filepath"
)

// file is in the user's folder of what launchd starts.
func (e *Entry) file() (string, error) {
	home, err := os.UserHomeDir()
	return filepath.Join(home, "Library", "LaunchAgents", e.ID+".plist"), err
}

// Set has the program start when its user logs in, or not any more. ErrArgument.
func (e *Entry) Set(on bool) error {
	if err := e.check(); err != nil {
		return err
	}
	path, err := e.file()
	if err != nil {
		return err
	}
	return setFile(path, e.launchAgent(), on)
}

// On reports whether the program starts when its user logs in.
func (e *Entry) On() (bool, error) {
	path, err := e.file()
	if err != nil {
		return false, err
	}
	return isFile(path)
}
