package tray

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"strings"
	"time"

	"fyne.io/systray"
)

// systray holds the program's first thread for itself when it is imported, which systems need that are not this one: what computes
// would be slowed down.
func init() { runtime.UnlockOSThread() } //nolint:gochecknoinits // undoes that of an import

// readyTime is how long Windows may take to show the icon.
const readyTime = 30 * time.Second

// Show shows an icon until ctx ends, as the newest of views says; once in a program. The error is why there can be no icon.
func Show(ctx context.Context, _ *slog.Logger, views <-chan View, menu Menu) error {
	var v View
	select {
	case <-ctx.Done():
		return nil
	case v = <-views:
	}
	opened := make(chan struct{}, 1)
	systray.SetOnTapped(func() { // on the thread of the icon
		select {
		case opened <- struct{}{}:
		default:
		}
	})
	ready, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		runtime.LockOSThread() // a window's messages come to the thread that made it
		systray.Run(func() { close(ready) }, nil)
	}()
	late := time.NewTimer(readyTime)
	defer late.Stop()
	select {
	case <-ready:
	case <-late.C: // where no icon could be made, Run does not return
		return errors.New("Windows shows no icon to this program")
	}
	defer func() {
		systray.Quit()
		<-ended
	}()
	lines := menu.lines(v)
	items := make([]*systray.MenuItem, len(lines))
	for i, l := range lines {
		if l.label == "" {
			systray.AddSeparator()
			continue
		}
		items[i] = systray.AddMenuItem(label(l), "")
		if l.do == nil {
			items[i].Disable()
		}
	}
	icon(v.Look)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-opened:
			lines[opens].do()
		case <-items[opens].ClickedCh:
			lines[opens].do()
		case <-items[pauses].ClickedCh:
			lines[pauses].do()
		case <-items[quits].ClickedCh:
			lines[quits].do()
		case next := <-views:
			before := lines
			lines = menu.lines(next)
			for i, l := range lines {
				if l.label != before[i].label {
					items[i].SetTitle(label(l))
				}
			}
			if next.Look != v.Look {
				icon(next.Look)
			}
			v = next
		}
	}
}

// label is a line's label: a single & is before the letter that chooses it.
func label(l line) string { return strings.ReplaceAll(l.label, "&", "&&") }

func icon(l Look) {
	systray.SetIcon(ico(l))
	systray.SetTooltip(l.says())
}
