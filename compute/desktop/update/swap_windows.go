package update

import (
	"errors"
	"io/fs"
	"os"
)

// swap puts the next program in the place of one, and keeps the one as Old. Windows lets a program that runs be renamed, but not
// replaced; if the next cannot take its place it gets its name back.
func swap(next, program string) error {
	if err := os.Remove(Old(program)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(program, Old(program)); err != nil {
		return err
	}
	if err := os.Rename(next, program); err != nil {
		return errors.Join(err, os.Rename(Old(program), program))
	}
	return nil
}
