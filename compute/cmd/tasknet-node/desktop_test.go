package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet/compute/desktop"
	"github.com/tasknet/tasknet/compute/desktop/tray/traytest"
	"github.com/tasknet/tasknet/compute/desktop/update"
)

// TestDesktop starts a desktop without a server: it has a page, for the owner of its folder alone, and there is one in a folder.
func TestDesktop(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	type end struct {
		code   int
		failed string
	}
	ended := make(chan end, 1)
	var out bytes.Buffer // read after its end
	go func() {
		var failed bytes.Buffer
		code := Main(ctx, []string{"desktop", "--data", folder, "--no-browser", "--tray=false"}, &out, &failed)
		ended <- end{code, failed.String()}
	}()
	var link string
	for tick := time.NewTicker(10 * time.Millisecond); link == ""; {
		select {
		case e := <-ended:
			t.Fatalf("it ended: %+v", e)
		case <-tick.C:
		}
		var err error
		if link, err = desktop.Link(folder); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	if code, said, failed := run(ctx, "page", "--data", folder); code != exitOK || strings.TrimSpace(said) != link {
		t.Errorf("page: %d, %s%s", code, said, failed)
	}
	if code, said, failed := run(ctx, "desktop", "--data", folder, "--no-browser"); code != exitOK || strings.TrimSpace(said) != link {
		t.Errorf("a second desktop: %d, %s%s", code, said, failed)
	}
	if code, _, failed := run(ctx, "work", "--data", folder); code != exitFailed || !strings.Contains(failed, "Another tasknet-node") {
		t.Errorf("work beside it: %d, %s", code, failed)
	}
	base, _, _ := strings.Cut(link, "#")
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, base, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(got.Body)
	if err != nil || got.Body.Close() != nil || !bytes.Contains(page, []byte("Node on this computer")) {
		t.Errorf("%s, %v", page, err)
	}
	cancel()
	if e := <-ended; e.code != exitOK || strings.Contains(out.String()+e.failed, link) {
		t.Errorf("it ended with %+v, and said %s", e, out.String())
	}
	if code, _, failed := run(context.Background(), "page", "--data", folder); code != exitUsage || !strings.Contains(failed, "No tasknet-node desktop runs") {
		t.Errorf("after its end: %d, %s", code, failed)
	}
	for args, want := range map[string]string{
		"desktop --listen 0.0.0.0:80 --data " + folder:   "for this computer alone",
		"desktop --server nowhere --data " + t.TempDir(): "https://tasknet.example",
		"desktop --device tpu":                           "cpu and cuda",
		"autostart maybe":                                "on and off",
	} {
		if code, _, failed := run(context.Background(), strings.Fields(args)...); code != exitUsage || !strings.Contains(failed, want) {
			t.Errorf("%s: %d, %s", args, code, failed)
		}
	}
	if err := os.WriteFile(filepath.Join(folder, "settings.json"), []byte(`{"version":9}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, failed := run(context.Background(), "desktop", "--data", folder, "--no-browser"); code != exitUsage || !strings.Contains(failed, "version 9") {
		t.Errorf("settings of a newer program: %d, %s", code, failed)
	}
}

// TestTray has a desktop's icon end it, and a line in the log where there is none.
func TestTray(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("elsewhere the test would need a screen")
	}
	folder := t.TempDir()
	start := func(args ...string) (cancel func(), end func() string) {
		ctx, cancel := context.WithCancel(context.Background())
		t.Cleanup(cancel)
		ended := make(chan int, 1)
		var failed bytes.Buffer // read after its end
		go func() {
			ended <- Main(ctx, append([]string{"desktop", "--data", folder, "--no-browser"}, args...), io.Discard, &failed)
		}()
		return cancel, func() string {
			if code := <-ended; code != exitOK {
				t.Errorf("%v: %d, %s", args, code, failed.String())
			}
			return failed.String()
		}
	}
	logged := func(text string) bool {
		log, err := os.ReadFile(desktop.JournalPath(folder))
		return err == nil && strings.Contains(string(log), text)
	}
	const none = "there is no icon beside the clock"
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(folder, "none"))
	cancel, end := start("--tray=false")
	for late := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) { //nolint:forbidigo // a file tells nobody
		if _, err := desktop.Link(folder); err == nil || time.Now().After(late) {
			break
		}
	}
	cancel()
	if end(); logged(none) {
		t.Error("an icon was looked for that was not wanted")
	}
	cancel, end = start()
	for late := time.Now().Add(time.Minute); !logged(none) && time.Now().Before(late); time.Sleep(time.Millisecond) { //nolint:forbidigo // a file tells nobody
	}
	cancel()
	if said := end(); !strings.Contains(said, none) {
		t.Errorf("without a session it says %s", said)
	}
	traytest.Bus(t)
	panel := traytest.NewPanel(t)
	_, end = start()
	icon := panel.Icon()
	icon.Until("No server is chosen yet")
	icon.Choose("Pause now")
	icon.Until("Paused")
	icon.Choose("Quit")
	end()
	if kept, err := desktop.LoadSettings(filepath.Join(folder, "settings.json"), desktop.Settings{}); err != nil || !kept.Paused {
		t.Errorf("the pause is not kept: %+v, %v", kept, err)
	}
}

func TestAutostart(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("elsewhere this would change what the user's computer starts")
	}
	settings := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", settings)
	for _, c := range [][2]string{{"", "off"}, {"on", "on"}, {"", "on"}, {"off", "off"}, {"on --tray=false", "on"}} {
		code, said, failed := run(t.Context(), strings.Fields("autostart "+c[0])...)
		if code != exitOK || strings.TrimSpace(said) != c[1] {
			t.Errorf("autostart %s: %d, %s%s", c[0], code, said, failed)
		}
		if !strings.HasPrefix(c[0], "on") {
			continue
		}
		file, err := os.ReadFile(filepath.Join(settings, "autostart", "tasknet-node.desktop"))
		if want := `" "desktop" "--no-browser" "--data=` + filepath.Join(settings, "tasknet-node") + `" "--trainer=gomlx"`; err != nil || !strings.Contains(string(file), want) || strings.Contains(string(file), `"--tray=false"`) != (c[0] != "on") {
			t.Errorf("%s, %v", file, err)
		}
	}
}

func TestUpdate(t *testing.T) {
	if code, _, failed := run(t.Context(), "update", "--check", "--from", "list.json"); code != exitFailed || !strings.Contains(failed, "no key of releases") {
		t.Errorf("without a key: %d, %s", code, failed)
	}
	dir := t.TempDir()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	hash := sha256.Sum256([]byte("next"))
	list, err := update.Sign(update.Manifest{Version: "v1.1.0", Expires: time.Now().Add(time.Hour).Unix(), Files: []update.File{{
		System: runtime.GOOS + "/" + runtime.GOARCH, URL: "next", Bytes: 4, SHA256: hex.EncodeToString(hash[:]),
	}}}, private)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"list.json": raw, "key": []byte(base64.StdEncoding.EncodeToString(public)), "next": []byte("next")} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before := version
	t.Cleanup(func() { version = before })
	for current, want := range map[string]string{"v1.0.0": "v1.1.0 is newer than v1.0.0", "v1.1.0": "v1.1.0 is the newest", "unknown": "is not a release"} {
		version = current
		_, said, failed := run(t.Context(), "update", "--check", "--from", filepath.Join(dir, "list.json"), "--key", filepath.Join(dir, "key"))
		if !strings.Contains(said+failed, want) {
			t.Errorf("%s: %s%s", current, said, failed)
		}
	}
}
