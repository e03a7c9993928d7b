//go:build linux || darwin

package autostart

// Set has the program start when its user logs in, or not any more. ErrArgument.
func (e *Entry) Set(on bool) error {
	if err := e.check(); err != nil {
		return err
	}
	path, content, err := e.file()
	if err != nil {
		return err
	}
	return setFile(path, content, on)
}

// On reports whether the program starts when its user logs in.
func (e *Entry) On() (bool, error) {
	path, _, err := e.file()
	if err != nil {
		return false, err
	}
	return isFile(path)
}
