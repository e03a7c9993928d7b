package autostart

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

var entry = Entry{Name: "TaskNet node", ID: "tasknet-node", Program: `/opt/my "apps"/tasknet-node`, Args: []string{"desktop", "--data", `/home/a\b/100%/$HOME & <more>\`}}

func TestContents(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, got, want string }{
		{"XDG", entry.desktopFile(), `[Desktop Entry]
Type=Application
Name=TaskNet node
Exec="/opt/my \\"apps\\"/tasknet-node" "desktop" "--data" "/home/a\\\\b/100%%/\\$HOME & <more>\\\\"
Terminal=false
X-GNOME-Autostart-enabled=true
`},
		{"launchd", entry.launchAgent(), `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>Label</key>
	<string>tasknet-node</string>
	<key>ProgramArguments</key>
	<array>
		<string>/opt/my &#34;apps&#34;/tasknet-node</string>
		<string>desktop</string>
		<string>--data</string>
		<string>/home/a\b/100%/$HOME &amp; &lt;more&gt;\</string>
	</array>
	<key>RunAtLoad</key>
	<true/>
	<key>ProcessType</key>
	<string>Background</string>
</dict>
</plist>
`},
		{"Windows", entry.commandLine(), `"/opt/my \"apps\"/tasknet-node" "desktop" "--data" "/home/a\b/100%/$HOME & <more>\\"`},
	} {
		if c.got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, c.got, c.want)
		}
	}
}

func TestSet(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("elsewhere this would change what the user's computer starts")
	}
	settings := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", settings)
	path := filepath.Join(settings, "autostart", "tasknet-node.desktop")
	for _, on := range []bool{false, true, true, false, false} {
		if err := entry.Set(on); err != nil {
			t.Fatal(err)
		}
		if got, err := entry.On(); err != nil || got != on {
			t.Errorf("after %v it is %v, %v", on, got, err)
		}
		if got, err := os.ReadFile(path); on != (err == nil) || on && string(got) != entry.desktopFile() {
			t.Errorf("%s, %v", got, err)
		}
	}
	bad := entry
	bad.Args = []string{"--data", "/tmp/x\nHidden=true"}
	if err := bad.Set(true); !errors.Is(err, ErrArgument) {
		t.Errorf("a line break: %v", err)
	}
	if on, err := bad.On(); on || err != nil {
		t.Errorf("it is on: %v", err)
	}
}
