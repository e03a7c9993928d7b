package machine

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// root writes files of a system, by their paths.
func root(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for path, content := range files {
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// says answers what a program of the system would, by its name.
func says(answers map[string]string) func(context.Context, string, ...string) (string, error) {
	return func(_ context.Context, name string, _ ...string) (string, error) {
		if said, ok := answers[name]; ok {
			return said, nil
		}
		return "", errors.New("not found")
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]Answer{
		"Now drawing from 'AC Power'\n":                            Yes,
		"Now drawing from 'Battery Power'\n -InternalBattery-0 8%": No,
		"": Unknown,
	} {
		if got := parsePmset(said); got != want {
			t.Errorf("%q: %s", said, got)
		}
	}
	if got := parseIoreg(`    | |   "HIDIdleTime" = 93000000000` + "\n"); got == nil || *got != 93 {
		t.Errorf("%v", got)
	}
	if got := parseIoreg("nothing"); got != nil {
		t.Errorf("%v", *got)
	}
}

func TestGraphics(t *testing.T) {
	t.Parallel()
	card := func(vendor string) map[string]string {
		return map[string]string{
			"sys/bus/pci/devices/0000:00:01.0/class": "0x060400", "sys/bus/pci/devices/0000:00:01.0/vendor": "0x10de",
			"sys/bus/pci/devices/0000:01:00.0/class": "0x030000", "sys/bus/pci/devices/0000:01:00.0/vendor": vendor,
		}
	}
	smi := map[string]string{"nvidia-smi": "NVIDIA H100 80GB HBM3"}
	for _, c := range []struct {
		name         string
		files, smi   map[string]string
		device, want string
		torch        bool
	}{
		{"used", nil, smi, "cuda", "NVIDIA H100 80GB HBM3.", true},
		{"wanted, and none", nil, nil, "cuda", "names none", true},
		{"not asked for", nil, smi, "cpu", "takes --trainer torch", true},
		{"another build", nil, smi, "cpu", "built without libtorch", false},
		{"no driver", card("0x10de"), nil, "cpu", "driver does not answer", false},
		{"another maker", card("0x1002"), nil, "cpu", "One of AMD", false},
		{"none", map[string]string{"sys/bus/pci/devices/0000:00:01.0/class": "0x060400"}, nil, "cpu", "None found.", false},
	} {
		r := &Reader{root: root(t, c.files), run: says(c.smi)}
		if got := r.Graphics(t.Context()).Say(c.device, c.torch); !strings.Contains(got, c.want) {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}

// TestHere reads the computer that the test runs on: whatever it is, what it says makes sense.
func TestHere(t *testing.T) {
	t.Parallel()
	s := NewReader().Read(t.Context())
	if s.IdleSeconds != nil && *s.IdleSeconds < 0 || s.Celsius != nil && (*s.Celsius < -20 || *s.Celsius > 150) || s.Load != nil {
		t.Errorf("%+v", s)
	}
	memory, disk, err := Room(t.TempDir())
	if err != nil || memory < 1<<20 || disk < 0 {
		t.Errorf("%d, %d, %v on %s", memory, disk, err, runtime.GOOS)
	}
}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
