package desktop

import (
	"context"
	"fmt"
	"sync"

	"github.com/tasknet/tasknet/compute/desktop/tray"
)

// Icon keeps an icon beside the computer's clock until ctx ends; where there can be none, a line in the log says why. From its menu,
// open shows a link in a browser, and quit ends the program. The page is to be served.
func (d *Desktop) Icon(ctx context.Context, open func(ctx context.Context, link string) error, quit func()) {
	ctx, cancel := context.WithCancel(ctx)
	views := make(chan tray.View)
	var group sync.WaitGroup
	group.Go(func() { d.tellViews(ctx, views) })
	defer group.Wait()
	defer cancel()
	err := tray.Show(ctx, d.log, views, tray.Menu{
		Open: func() {
			link, err := d.keys.fresh()
			if err == nil {
				err = open(ctx, link)
			}
			if err != nil {
				d.log.Warn("the page could not be opened", "error", err)
			}
		},
		Pause: func(pause bool) {
			if err := d.pause(pause); err != nil {
				d.log.Error("the choice could not be kept", "pause", pause, "error", err)
			}
		},
		Quit: quit,
	})
	if err != nil {
		d.log.Info("there is no icon beside the clock", "why", err)
	}
}

// tellViews tells what the icon is to show, as often as that changes.
func (d *Desktop) tellViews(ctx context.Context, views chan<- tray.View) {
	changed, end := d.watch()
	defer end()
	var told *tray.View
	for {
		select {
		case <-ctx.Done():
			return
		case <-changed:
		}
		live := d.Live()
		v := live.view()
		if told != nil && *told == v {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case views <- v:
			told = &v
		}
	}
}

// holds says in few words why no work is done; the page has more.
var holds = map[Reason]string{
	IsPaused: "Paused", NoServer: "No server is chosen yet", OffHours: "Outside its hours", OnBattery: "On battery", IsMetered: "The network is metered",
	InUse: "The computer is in use", TooHot: "The processor is too hot", BusyOtherwise: "Other programs need the processor",
}

// view is what of all that the icon shows.
func (l *Live) view() tray.View {
	v := tray.View{Paused: l.Settings.Paused}
	switch l.Phase {
	case Held:
		v.Look, v.Says = tray.Paused, holds[l.Why]
		if l.Why == NoServer {
			v.Look = tray.Trouble
		}
	case Away:
		v.Look, v.Says = tray.Trouble, l.Problem
	case Joining:
		v.Says = "Joining the server"
	case Waiting:
		v.Says = "Waiting for work"
		if l.Others {
			v.Says = "There is work, but none that you chose"
		}
	case Stopping:
		v.Look, v.Says = tray.Paused, "Giving back what it worked on"
	case Working, Finishing:
		v.Look, v.Says = tray.Working, l.Now.Title
		if of := l.Now.Last.Of; of > 0 {
			v.Says = fmt.Sprintf("%d %%: %s", 100*l.Now.Last.Step/of, l.Now.Title)
		}
	}
	return v
}
