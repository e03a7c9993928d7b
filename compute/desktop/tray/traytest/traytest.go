// Package traytest plays the panel of a desktop, which shows icons and their menus, on a D-Bus session of the test's own.
package traytest

import (
	"bufio"
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

const (
	watcher  = "org.kde.StatusNotifierWatcher"
	itemFace = "org.kde.StatusNotifierItem"
	menuFace = "com.canonical.dbusmenu"
)

// limit is how long a test waits for what must happen.
const limit = time.Minute

// Bus starts a D-Bus session for a test, and names it in the environment. end ends it before the test does.
func Bus(t *testing.T) (end func()) {
	t.Helper()
	program, err := exec.LookPath("dbus-daemon")
	if err != nil {
		t.Skip("dbus-daemon is not here (Debian: dbus)")
	}
	address := "unix:path=" + filepath.Join(t.TempDir(), "bus")
	daemon := exec.CommandContext(context.WithoutCancel(t.Context()), program, "--session", "--nofork", "--nopidfile", "--print-address", "--address="+address)
	said, err := daemon.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	end = func() {
		_ = daemon.Process.Kill() // it may be over
		_ = daemon.Wait()
	}
	t.Cleanup(end)
	if line, err := bufio.NewReader(said).ReadString('\n'); err != nil || !strings.HasPrefix(line, address) {
		t.Fatalf("dbus-daemon says %q: %v", line, err)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
	return end
}

// Panel shows icons.
type Panel struct {
	t     *testing.T
	conn  *dbus.Conn
	icons chan *Icon
}

// NewPanel begins to show the icons of the session of Bus.
func NewPanel(t *testing.T) *Panel {
	t.Helper()
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	p := &Panel{t: t, conn: conn, icons: make(chan *Icon, 10)}
	t.Cleanup(p.Close)
	err = conn.ExportMethodTable(map[string]any{"RegisterStatusNotifierItem": func(sender dbus.Sender, path string) *dbus.Error {
		p.icons <- &Icon{p, conn.Object(string(sender), dbus.ObjectPath(path))}
		return nil
	}}, "/StatusNotifierWatcher", watcher)
	if err != nil {
		t.Fatal(err)
	}
	if reply, err := conn.RequestName(watcher, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatalf("the panel's name: %v, %v", reply, err)
	}
	return p
}

// Close ends the panel, as when a desktop is restarted.
func (p *Panel) Close() { _ = p.conn.Close() } // again, at the end of the test

// Icon waits for an icon that wants to be shown.
func (p *Panel) Icon() *Icon {
	p.t.Helper()
	select {
	case i := <-p.icons:
		return i
	case <-time.After(limit):
		p.t.Fatal("no icon comes")
		return nil
	}
}

// Icon is an icon of another program's.
type Icon struct {
	panel *Panel
	of    dbus.BusObject
}

// Property returns what the icon says of itself.
func (i *Icon) Property(name string) any {
	i.panel.t.Helper()
	v, err := i.of.GetProperty(itemFace + "." + name)
	if err != nil {
		i.panel.t.Fatalf("%s: %v", name, err)
	}
	return v.Value()
}

// Press clicks the icon itself.
func (i *Icon) Press() {
	i.panel.t.Helper()
	if err := i.of.Call(itemFace+".Activate", 0, int32(1), int32(1)).Err; err != nil {
		i.panel.t.Fatal(err)
	}
}

// Line is a line of an icon's menu.
type Line struct {
	ID        int32
	Label     string
	Enabled   bool
	Separator bool
}

// Menu is the menu of the icon, for calls.
func (i *Icon) Menu() dbus.BusObject {
	i.panel.t.Helper()
	path, ok := i.Property("Menu").(dbus.ObjectPath)
	if !ok {
		i.panel.t.Fatal("the icon has no menu")
	}
	return i.panel.conn.Object(i.of.Destination(), path)
}

// Lines are the lines of the icon's menu.
func (i *Icon) Lines() []Line {
	i.panel.t.Helper()
	var revision uint32
	var root struct {
		ID         int32
		Properties map[string]dbus.Variant
		Below      []dbus.Variant
	}
	if err := i.Menu().Call(menuFace+".GetLayout", 0, int32(0), int32(-1), []string{}).Store(&revision, &root); err != nil {
		i.panel.t.Fatal(err)
	}
	all := make([]Line, len(root.Below))
	for n, below := range root.Below {
		var one struct {
			ID         int32
			Properties map[string]dbus.Variant
			Below      []dbus.Variant
		}
		if err := dbus.Store([]any{below}, &one); err != nil {
			i.panel.t.Fatal(err)
		}
		all[n].ID = one.ID
		all[n].Label, _ = one.Properties["label"].Value().(string)
		all[n].Enabled, _ = one.Properties["enabled"].Value().(bool)
		all[n].Separator = one.Properties["type"].Value() == "separator"
	}
	return all
}

// Until waits until the icon's menu has a line.
func (i *Icon) Until(label string) Line {
	i.panel.t.Helper()
	late := time.After(limit)
	for tick := time.NewTicker(10 * time.Millisecond); ; {
		lines := i.Lines()
		for _, l := range lines {
			if l.Label == label {
				return l
			}
		}
		select {
		case <-tick.C:
		case <-late:
			i.panel.t.Fatalf("the menu has no %q: %+v", label, lines)
		}
	}
}

// Choose waits until the menu has a line, and clicks it.
func (i *Icon) Choose(label string) {
	i.panel.t.Helper()
	i.Click(i.Until(label).ID)
}

// Click clicks a line.
func (i *Icon) Click(id int32) {
	i.panel.t.Helper()
	if err := i.Menu().Call(menuFace+".Event", 0, id, "clicked", dbus.MakeVariant(int32(0)), uint32(0)).Err; err != nil {
		i.panel.t.Fatal(err)
	}
}
