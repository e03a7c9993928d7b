package machine

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestMains(t *testing.T) {
	t.Parallel()
	const ac, battery, mouse = "sys/class/power_supply/AC/", "sys/class/power_supply/BAT0/", "sys/class/power_supply/hid-1/"
	for _, c := range []struct {
		name  string
		files map[string]string
		want  Answer
	}{
		{"a desktop", map[string]string{"sys/class/power_supply/.keep": ""}, Yes},
		{"nothing told", nil, Unknown},
		{"plugged in", map[string]string{ac + "type": "Mains", ac + "online": "1", battery + "type": "Battery", battery + "status": "Discharging"}, Yes},
		{"on battery", map[string]string{ac + "type": "Mains", ac + "online": "0", battery + "type": "Battery", battery + "status": "Discharging"}, No},
		{"charging", map[string]string{battery + "type": "Battery", battery + "status": "Charging"}, Yes},
		{"a battery that does not tell", map[string]string{battery + "type": "Battery", battery + "status": "Unknown"}, Unknown},
		{"a mouse's battery", map[string]string{mouse + "type": "Battery", mouse + "scope": "Device", mouse + "status": "Discharging"}, Yes},
	} {
		r := &Reader{root: root(t, c.files), run: says(nil)}
		if got := r.Read(t.Context()).Mains; got != c.want {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}

func TestTemperature(t *testing.T) {
	t.Parallel()
	const chip, disk, zone = "sys/class/hwmon/hwmon2/", "sys/class/hwmon/hwmon0/", "sys/class/thermal/thermal_zone0/"
	for _, c := range []struct {
		name  string
		files map[string]string
		want  float64 // 0: none
	}{
		{"none", nil, 0},
		{"the processor, not the disk", map[string]string{chip + "name": "coretemp", chip + "temp1_input": "61000", chip + "temp2_input": "64500", disk + "name": "nvme", disk + "temp1_input": "80000"}, 64.5},
		{"a zone", map[string]string{zone + "type": "acpitz", zone + "temp": "47800"}, 47.8},
		{"a sensor that is not connected", map[string]string{zone + "type": "acpitz", zone + "temp": "-274000"}, 0},
	} {
		got := (&Reader{root: root(t, c.files), run: says(nil)}).Read(t.Context()).Celsius
		if (got == nil) != (c.want == 0) || got != nil && *got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// TestLoad counts what others take, and not what has low priority.
func TestLoad(t *testing.T) {
	t.Parallel()
	dir := root(t, map[string]string{"proc/stat": "cpu  100 500 50 1000 10 0 0 0 0 0\ncpu0 1 2 3"})
	r := &Reader{root: dir, run: says(nil)}
	if got := r.Read(t.Context()).Load; got != nil {
		t.Errorf("before anything was measured: %v", *got)
	}
	if err := os.WriteFile(filepath.Join(dir, "proc/stat"), []byte("cpu  120 560 60 1005 15 0 0 0 0 0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := r.Read(t.Context()).Load; got == nil || *got != 0.3 {
		t.Errorf("%v", got)
	}
	if got := r.Read(t.Context()).Load; got != nil { // no time has passed
		t.Errorf("%v", *got)
	}
}

func TestIdle(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		files map[string]string
		want  int64 // -1: cannot be told
	}{
		{"nobody tells", nil, -1},
		{"in use", map[string]string{"loginctl": "IdleHint=no\nIdleSinceHint=0"}, 0},
		{"away", map[string]string{"loginctl": "IdleHint=yes\nIdleSinceHint=1795434900000000"}, 300},
		{"away since later", map[string]string{"loginctl": "IdleHint=yes\nIdleSinceHint=1795439999000000"}, 0},
		{"a screen", map[string]string{"xprintidle": "42700"}, 42},
		{"nonsense", map[string]string{"loginctl": "IdleHint=maybe", "xprintidle": "soon"}, -1},
	} {
		r := &Reader{root: root(t, nil), run: says(c.files), now: func() time.Time { return noon }}
		got := r.Read(t.Context()).IdleSeconds
		if (got == nil) != (c.want == -1) || got != nil && *got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	for said, want := range map[string]Answer{"u 1": Yes, "u 3": Yes, "u 4": No, "u 0": Unknown, "": Unknown} {
		r := &Reader{root: root(t, nil), run: says(map[string]string{"busctl": said})}
		if got := r.Read(t.Context()).Metered; got != want {
			t.Errorf("%q: metered %s", said, got)
		}
	}
}
