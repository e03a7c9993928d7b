package main

import (
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
)

// bar shows how far long work is, on a terminal only.
type bar struct {
	shown *progressbar.ProgressBar
	title string
	of    int
}

// newBar returns a bar. Nothing is shown when stderr is not a terminal, or a program reads the output.
func (p *program) newBar(quiet bool) *bar {
	f, ok := p.err.(*os.File)
	if !ok || quiet {
		return &bar{}
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return &bar{}
	}
	return &bar{shown: progressbar.NewOptions(-1, progressbar.OptionSetWriter(f), progressbar.OptionSetWidth(24), progressbar.OptionShowCount(),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(false))}
}

func (b *bar) show(title string, done, of int) {
	if b.shown == nil {
		return
	}
	if title != b.title || of != b.of {
		b.title, b.of = title, of
		b.shown.Reset() // it may have been full
		b.shown.Describe(title)
		b.shown.ChangeMax(max(of, 1))
	}
	_ = b.shown.Set(min(done, max(of, 1))) // a bar that cannot be drawn is no reason to stop
}

// clear takes the bar away until it is shown again.
func (b *bar) clear() {
	if b.shown != nil {
		_ = b.shown.Clear()
	}
}

// end takes the bar away.
func (b *bar) end() {
	if b.shown != nil {
		_ = b.shown.Finish()
		_ = b.shown.Clear()
	}
}
