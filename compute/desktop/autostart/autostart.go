// Package autostart has a program start with the computer: when its user logs in, by what the system offers for that, without rights
// of an administrator.
package autostart

import (
	"encoding/xml"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/tasknet/tasknet"
)

// Entry is a program that starts when its user logs in.
type Entry struct {
	Name    string // for people
	ID      string // for the system, in lower case, as in tasknet-node
	Program string // absolute path
	Args    []string
}

// ErrUnsupported reports a system that offers no way that is known here.
var ErrUnsupported = tasknet.NewError(tasknet.NotSupported, "no_autostart", "This system offers no way to start with the computer that is known here.")

// ErrArgument reports a path or an argument that no entry can hold.
var ErrArgument = tasknet.NewError(tasknet.Invalid, "bad_argument", "A path or an argument has a line break; no program starts so.")

func (e *Entry) check() error {
	for _, word := range append([]string{e.Name, e.Program}, e.Args...) {
		if strings.ContainsAny(word, "\r\n\x00") {
			return ErrArgument
		}
	}
	return nil
}

// desktopFile is the entry as XDG's autostart has it.
func (e *Entry) desktopFile() string {
	var command strings.Builder
	for i, word := range append([]string{e.Program}, e.Args...) {
		if i > 0 {
			command.WriteByte(' ')
		}
		// Within quotes some are escaped, then backslashes once more as everywhere in the file; a % begins a field.
		word = strings.NewReplacer(`\`, `\\\\`, `"`, `\\"`, "`", "\\\\`", `$`, `\\$`, `%`, `%%`).Replace(word)
		command.WriteString(`"` + word + `"`)
	}
	return "[Desktop Entry]\nType=Application\nName=" + strings.ReplaceAll(e.Name, `\`, `\\`) + "\nExec=" + command.String() + "\nTerminal=false\nX-GNOME-Autostart-enabled=true\n"
}

// launchAgent is the entry as launchd of macOS has it.
func (e *Entry) launchAgent() string {
	var b strings.Builder
	text := func(s string) string {
		var out strings.Builder
		_ = xml.EscapeText(&out, []byte(s)) // a Builder takes all
		return out.String()
	}
	b.WriteString(xml.Header + `<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">` + "\n<plist version=\"1.0\">\n<dict>\n")
	b.WriteString("\t<key>Label</key>\n\t<string>" + text(e.ID) + "</string>\n\t<key>ProgramArguments</key>\n\t<array>\n")
	for _, word := range append([]string{e.Program}, e.Args...) {
		b.WriteString("\t\t<string>" + text(word) + "</string>\n")
	}
	b.WriteString("\t</array>\n\t<key>RunAtLoad</key>\n\t<true/>\n\t<key>ProcessType</key>\n\t<string>Background</string>\n</dict>\n</plist>\n")
	return b.String()
}

// commandLine is the entry as Windows has it, by the rules by which programs take a line apart: a backslash counts only before a quote.
func (e *Entry) commandLine() string {
	var b strings.Builder
	for i, word := range append([]string{e.Program}, e.Args...) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteByte('"')
		slashes := 0
		for _, c := range []byte(word) {
			switch c {
			case '\\':
				slashes++
			case '"':
				b.WriteString(strings.Repeat(`\`, slashes+1))
				slashes = 0
			default:
				slashes = 0
			}
			b.WriteByte(c)
		}
		b.WriteString(strings.Repeat(`\`, slashes) + `"`)
	}
	return b.String()
}

// setFile writes the file of an entry, or removes it.
func setFile(path, content string, on bool) error {
	if !on {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(content), 0o644)
}

// isFile reports whether the file of an entry is there.
func isFile(path string) (bool, error) {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}
