package tray

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/tasknet/tasknet/compute/desktop/tray/traytest"
)

// program shows an icon.
type program struct {
	views  chan View
	did    chan string
	cancel func()
	ended  chan error
	log    *lines
}

// lines is a log that may be read while it is written.
type lines struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *lines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(line)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

func begin(t *testing.T) *program {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	p := &program{views: make(chan View), did: make(chan string, 10), cancel: cancel, ended: make(chan error, 1), log: &lines{}}
	t.Cleanup(cancel)
	go func() {
		p.ended <- Show(ctx, slog.New(slog.NewTextHandler(p.log, nil)), p.views, Menu{
			Open:  func() { p.did <- "open" },
			Pause: func(pause bool) { p.did <- map[bool]string{true: "pause", false: "resume"}[pause] },
			Quit:  func() { p.did <- "quit" },
		})
	}()
	return p
}

func (p *program) wants(t *testing.T, want string) {
	t.Helper()
	select {
	case did := <-p.did:
		if did != want {
			t.Errorf("it did %s, not %s", did, want)
		}
	case <-time.After(time.Minute):
		t.Errorf("it did not %s", want)
	}
}

func TestShow(t *testing.T) {
	traytest.Bus(t)
	panel := traytest.NewPanel(t)
	p := begin(t)
	p.views <- View{Look: Working, Says: "41 %: roof_damage"}
	icon := panel.Icon()
	for name, want := range map[string]any{"Category": "ApplicationStatus", "Id": "tasknet-node", "Title": "TaskNet node", "Status": "Active", "ItemIsMenu": false} {
		if got := icon.Property(name); got != want {
			t.Errorf("%s is %v", name, got)
		}
	}
	picture := func() []byte {
		t.Helper()
		all, ok := icon.Property("IconPixmap").([][]any)
		if !ok || len(all) != len(sizes) {
			t.Fatalf("the pictures are %T", icon.Property("IconPixmap"))
		}
		pixels, _ := all[0][2].([]byte)
		if all[0][0] != int32(16) || all[0][1] != int32(16) || len(pixels) != 4*16*16 {
			t.Fatalf("the first picture is %v by %v, of %d bytes", all[0][0], all[0][1], len(pixels))
		}
		return pixels
	}
	at := 4 * (16*8 + 1) // the ground, at the left
	if got := picture()[at : at+4]; !bytes.Equal(got, []byte{ink.A, ink.R, ink.G, ink.B}) {
		t.Errorf("the ground is % x", got)
	}
	if tip, ok := icon.Property("ToolTip").([]any); !ok || tip[2] != "TaskNet node: working" || tip[3] != "" {
		t.Errorf("a pointer over it is told %v", icon.Property("ToolTip"))
	}
	want := []traytest.Line{
		{ID: 1, Label: "41 %: roof__damage"},
		{ID: 2, Separator: true},
		{ID: 3, Label: "Open the page", Enabled: true},
		{ID: 4, Label: "Pause now", Enabled: true},
		{ID: 5, Label: "Quit", Enabled: true},
	}
	if got := icon.Lines(); !slices.Equal(got, want) {
		t.Errorf("the menu is %+v", got)
	}
	icon.Press()
	p.wants(t, "open")
	icon.Choose("Open the page")
	p.wants(t, "open")
	icon.Click(1) // says something, and does nothing
	icon.Click(2)
	icon.Choose("Pause now")
	p.wants(t, "pause")
	before := picture()
	p.views <- View{Look: Waiting, Says: "Waiting for work"}
	icon.Until("Waiting for work")
	if tip, ok := icon.Property("ToolTip").([]any); !ok || tip[2] != "TaskNet node: waiting for work" || bytes.Equal(before, picture()) {
		t.Errorf("when it waits, a pointer over it is told %v", icon.Property("ToolTip"))
	}
	before = picture()
	p.views <- View{Look: Trouble, Says: "Paused", Paused: true}
	icon.Choose("Resume")
	p.wants(t, "resume")
	if icon.Property("Status") != "NeedsAttention" || bytes.Equal(before, picture()) {
		t.Errorf("trouble looks like before, %v", icon.Property("Status"))
	}
	icon.Choose("Quit")
	p.wants(t, "quit")

	menu := icon.Menu()
	if err := menu.Call(menuFace+".Event", 0, int32(9), "clicked", dbus.MakeVariant(""), uint32(0)).Err; err == nil || !strings.Contains(err.Error(), "no line 9") {
		t.Errorf("a line that is not there: %v", err)
	}
	var unknown []int32
	if err := menu.Call(menuFace+".EventGroup", 0, []happened{{3, "hovered", dbus.MakeVariant(""), 0}, {9, "clicked", dbus.MakeVariant(""), 0}, {3, "clicked", dbus.MakeVariant(""), 0}}).Store(&unknown); err != nil || len(unknown) != 1 || unknown[0] != 9 {
		t.Errorf("of several, %v are not known: %v", unknown, err)
	}
	p.wants(t, "open")
	var some []entry
	if err := menu.Call(menuFace+".GetGroupProperties", 0, []int32{4, 9}, []string{"label"}).Store(&some); err != nil || len(some) != 1 || len(some[0].Properties) != 1 || some[0].Properties["label"].Value() != "Resume" {
		t.Errorf("the properties are %+v: %v", some, err)
	}
	var one dbus.Variant
	if err := menu.Call(menuFace+".GetProperty", 0, int32(5), "label").Store(&one); err != nil || one.Value() != "Quit" {
		t.Errorf("the property is %v: %v", one, err)
	}
	if err := menu.Call("org.freedesktop.DBus.Properties.Set", 0, menuFace, "Status", dbus.MakeVariant("notice")).Err; err == nil {
		t.Error("others can change it")
	}
	p.cancel()
	if err := <-p.ended; err != nil {
		t.Error(err)
	}
	if len(p.did) > 0 {
		t.Errorf("it also did %s", <-p.did)
	}
}

// TestPanels has the panel come after the program, as when somebody logs in, and come back.
func TestPanels(t *testing.T) {
	endBus := traytest.Bus(t)
	p := begin(t)
	p.views <- View{Says: "Waiting for work"}
	for end := time.Now().Add(time.Minute); !strings.Contains(p.log.String(), "no panel shows icons now"); time.Sleep(time.Millisecond) { //nolint:forbidigo // what is written tells nobody
		if time.Now().After(end) {
			t.Fatalf("nothing is said of it: %s", p.log)
		}
	}
	for range 2 {
		panel := traytest.NewPanel(t)
		panel.Icon().Until("Waiting for work")
		panel.Close()
	}
	endBus()
	if err := <-p.ended; err == nil || !strings.Contains(err.Error(), "the D-Bus session ended") {
		t.Errorf("with the session's end: %v", err)
	}
}

// TestNoSession shows an icon where nobody can see one.
func TestNoSession(t *testing.T) {
	folder := t.TempDir()
	for address, want := range map[string]string{"": "there is no D-Bus session here", "unix:path=" + folder + "/none": "cannot be reached", "nonsense": "cannot be reached"} {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
		t.Setenv("XDG_RUNTIME_DIR", folder)
		p := begin(t)
		if err := <-p.ended; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", address, err)
		}
	}
}
