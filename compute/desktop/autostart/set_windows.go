package autostart

import (
	"errors"

	"golang.org/x/sys/windows/registry"
)

// runKey has what starts when the user logs in.
const runKey = `Software\Microsoft\Windows\CurrentVersion\Run`

// Set has the program start when its user logs in, or not any more. ErrArgument.
func (e *Entry) Set(on bool) (err error) {
	if err := e.check(); err != nil {
		return err
	}
	key, _, err := registry.CreateKey(registry.CURRENT_USER, runKey, registry.SET_VALUE)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, key.Close()) }()
	if on {
		return key.SetStringValue(e.ID, e.commandLine())
	}
	if err := key.DeleteValue(e.ID); err != nil && !errors.Is(err, registry.ErrNotExist) {
		return err
	}
	return nil
}

// On reports whether the program starts when its user logs in.
func (e *Entry) On() (on bool, err error) {
	key, err := registry.OpenKey(registry.CURRENT_USER, runKey, registry.QUERY_VALUE)
	if errors.Is(err, registry.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, key.Close()) }()
	_, _, err = key.GetStringValue(e.ID)
	if errors.Is(err, registry.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}
