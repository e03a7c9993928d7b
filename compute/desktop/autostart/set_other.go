//go:build !linux && !darwin && !windows

package autostart

// Set is ErrUnsupported.
func (e *Entry) Set(bool) error { return ErrUnsupported }

// On is ErrUnsupported.
func (e *Entry) On() (bool, error) { return false, ErrUnsupported }
