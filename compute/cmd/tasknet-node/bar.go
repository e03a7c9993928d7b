package main

import (
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
)

// bar shows how far long work is, on a terminal only.
type bar struct{ shown *progressbar.ProgressBar }

// newBar returns a bar. Nothing is shown when stderr is not a terminal, or quiet is asked for.
func (p *program) newBar(quiet bool) *bar {
	if quiet || !isTerminal(p.err) {
		return &bar{}
	}
	return &bar{progressbar.NewOptions(-1, progressbar.OptionSetWriter(p.err), progressbar.OptionSetWidth(24), progressbar.OptionShowCount(),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(false))}
}

func (b *bar) show(title string, done, of int) {
	if b.shown != nil {
		b.shown.Describe(title)
		b.shown.ChangeMax(max(of, 1))
		_ = b.shown.Set(done) // a bar that cannot be drawn is no reason to stop
	}
}

// clear takes the bar away until it is shown again.
func (b *bar) clear() {
	if b.shown != nil {
		_ = b.shown.Clear()
	}
}

// isTerminal reports whether a person reads what is written.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
