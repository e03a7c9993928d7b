//go:build !linux && !windows

package tray

import (
	"context"
	"errors"
	"log/slog"
)

// Show says that there is no icon here. On macOS one is made by Cocoa on the program's first thread, which needs cgo; this program is
// built without.
func Show(context.Context, *slog.Logger, <-chan View, Menu) error {
	return errors.New("an icon here would need a program that is built with cgo")
}
