package desktop

import (
	"context"
	"strings"
	"testing"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/desktop/tray"
	"github.com/tasknet/tasknet/compute/desktop/tray/traytest"
)

// TestIcon works a computer by its icon alone, as a panel does: it pauses, goes on, lets a browser in, and quits.
func TestIcon(t *testing.T) {
	traytest.Bus(t)
	panel := traytest.NewPanel(t)
	s := serve(t)
	ctx, cancel := context.WithCancel(context.Background())
	links, quit, ended := make(chan string, 10), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		s.Icon(ctx, func(_ context.Context, link string) error { links <- link; return nil }, func() { close(quit) })
	}()
	t.Cleanup(func() { cancel(); <-ended })
	icon := panel.Icon()
	icon.Until("10 %: Rings")
	icon.Choose("Pause now")
	if live := s.at(Held); live.Why != IsPaused || live.History[0].Outcome != GivenUp {
		t.Errorf("after the pause: %+v", live)
	}
	icon.Until("Paused")
	icon.Choose("Resume")
	s.at(Working)
	link, err := Link(s.folder)
	if err != nil {
		t.Fatal(err)
	}
	icon.Press()
	if opened := <-links; opened == link || !strings.HasPrefix(opened, s.base+"#") {
		t.Errorf("opened %s, and before there was %s", opened, link)
	}
	icon.Choose("Quit")
	<-quit
}

// TestFreshLinks opens the page by the icon: its links are new each time, and good once.
func TestFreshLinks(t *testing.T) {
	t.Parallel()
	s := serve(t)
	code := func(link string) string {
		t.Helper()
		base, code, _ := strings.Cut(link, "#")
		if base != s.base {
			t.Errorf("the link is %s", link)
		}
		return `{"code":"` + code + `"}`
	}
	first, err := Link(s.folder)
	if err != nil {
		t.Fatal(err)
	}
	second, err := s.keys.fresh()
	if err != nil {
		t.Fatal(err)
	}
	if kept, err := Link(s.folder); err != nil || kept != second || first == second {
		t.Errorf("first %s, then %s, in the file %s: %v", first, second, kept, err)
	}
	for _, c := range []struct {
		link   string
		status int
	}{{first, 401}, {second, 200}, {second, 401}} {
		if got := s.ask(t, "POST", "api/enter", code(c.link), nil); got.status != c.status {
			t.Errorf("%s: %d, %s", c.link, got.status, got.body)
		}
	}
}

// TestViews has the icon say what the computer is at.
func TestViews(t *testing.T) {
	t.Parallel()
	doing := &Doing{Title: "Rings", Last: compute.Report{Step: 41, Of: 100}}
	for _, c := range []struct {
		live Live
		want tray.View
	}{
		{Live{Phase: Working, Now: doing}, tray.View{Look: tray.Working, Says: "41 %: Rings"}},
		{Live{Phase: Working, Now: &Doing{Title: "Rings"}}, tray.View{Look: tray.Working, Says: "Rings"}},
		{Live{Phase: Finishing, Now: doing}, tray.View{Look: tray.Working, Says: "41 %: Rings"}},
		{Live{Phase: Waiting}, tray.View{Look: tray.Waiting, Says: "Waiting for work"}},
		{Live{Phase: Joining}, tray.View{Look: tray.Waiting, Says: "Joining the server"}},
		{Live{Phase: Away, Problem: "It is closed."}, tray.View{Look: tray.Trouble, Says: "It is closed."}},
		{Live{Phase: Held, Why: NoServer}, tray.View{Look: tray.Trouble, Says: "No server is chosen yet"}},
		{Live{Phase: Held, Why: IsPaused, Settings: Settings{Paused: true}}, tray.View{Look: tray.Paused, Says: "Paused", Paused: true}},
		{Live{Phase: Held, Why: OnBattery}, tray.View{Look: tray.Paused, Says: "On battery"}},
		{Live{Phase: Stopping}, tray.View{Look: tray.Paused, Says: "Giving back what it worked on"}},
	} {
		if got := c.live.view(); got != c.want {
			t.Errorf("%+v looks like %+v", c.live, got)
		}
	}
	for _, why := range []Reason{IsPaused, NoServer, OffHours, OnBattery, IsMetered, InUse, TooHot, BusyOtherwise} {
		if l := (Live{Phase: Held, Why: why}); l.view().Says == "" {
			t.Errorf("nothing is said of %s", why)
		}
	}
}
