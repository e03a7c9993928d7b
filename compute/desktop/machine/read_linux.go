package machine

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Read reads how the computer is doing, from /sys, /proc, logind, and NetworkManager where they are.
func (r *Reader) Read(ctx context.Context) State {
	s := State{Mains: r.mains(), Metered: Unknown, Celsius: r.celsius(), Load: r.load(), IdleSeconds: r.idle(ctx)}
	// 1 and 3 are yes, known and guessed; 2 and 4 are no.
	if said, err := r.run(ctx, "busctl", "--auto-start=no", "get-property", "org.freedesktop.NetworkManager", "/org/freedesktop/NetworkManager", "org.freedesktop.NetworkManager", "Metered"); err == nil {
		switch said {
		case "u 1", "u 3":
			s.Metered = Yes
		case "u 2", "u 4":
			s.Metered = No
		}
	}
	return s
}

// text returns what a file says, or nothing.
func (r *Reader) text(path ...string) string {
	b, err := os.ReadFile(filepath.Join(append([]string{r.root}, path...)...))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

func (r *Reader) mains() Answer {
	const supplies = "sys/class/power_supply"
	entries, err := os.ReadDir(filepath.Join(r.root, supplies))
	if err != nil {
		return Unknown
	}
	battery, charging := false, false
	for _, e := range entries {
		switch r.text(supplies, e.Name(), "type") {
		case "Mains", "USB":
			if r.text(supplies, e.Name(), "online") == "1" {
				return Yes
			}
		case "Battery":
			if r.text(supplies, e.Name(), "scope") == "Device" { // a mouse's
				continue
			}
			battery = true
			switch r.text(supplies, e.Name(), "status") {
			case "Discharging":
				return No
			case "Charging", "Full", "Not charging":
				charging = true
			}
		}
	}
	if battery && !charging {
		return Unknown
	}
	return Yes
}

// celsius is the hottest of the processor's own sensors, or of all that there are.
func (r *Reader) celsius() *float64 {
	if hottest := r.hottest("sys/class/hwmon/hwmon*/temp*_input", "name", "coretemp", "k10temp", "zenpower", "cpu_thermal"); hottest != nil {
		return hottest
	}
	if hottest := r.hottest("sys/class/thermal/thermal_zone*/temp", "type", "x86_pkg_temp", "cpu-thermal", "cpu_thermal", "soc-thermal"); hottest != nil {
		return hottest
	}
	return r.hottest("sys/class/thermal/thermal_zone*/temp", "type")
}

// hottest returns the greatest of readings in thousandths of a degree, of sensors with one of the names or of all.
func (r *Reader) hottest(pattern, nameFile string, names ...string) *float64 {
	found, err := filepath.Glob(filepath.Join(r.root, pattern))
	if err != nil { // only a malformed pattern fails
		return nil
	}
	var hottest *float64
	for _, path := range found {
		below, err := filepath.Rel(r.root, path)
		if err != nil {
			continue
		}
		if name := r.text(filepath.Dir(below), nameFile); len(names) > 0 && !contains(names, name) {
			continue
		}
		milli, err := strconv.Atoi(r.text(below))
		if err != nil || milli < -20_000 || milli > 150_000 { // a sensor that is not connected says anything
			continue
		}
		if c := float64(milli) / 1000; hottest == nil || c > *hottest {
			hottest = &c
		}
	}
	return hottest
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if strings.HasPrefix(name, n) {
			return true
		}
	}
	return false
}

// load is what others have taken of the processors since the last time. The system counts apart what runs at low priority.
func (r *Reader) load() *float64 {
	line, _, _ := strings.Cut(r.text("proc/stat"), "\n")
	fields := strings.Fields(line) // cpu, user, nice, system, idle, iowait, irq, softirq, steal
	if len(fields) < 9 || fields[0] != "cpu" {
		return nil
	}
	var now times
	for i, field := range fields[1:9] {
		n, err := strconv.ParseUint(field, 10, 64)
		if err != nil {
			return nil
		}
		now.all += n
		switch i {
		case 1, 3, 4: // nice, idle, iowait
		default:
			now.others += n
		}
	}
	before := r.last
	r.last = now
	if before.all == 0 || now.all <= before.all || now.others < before.others {
		return nil
	}
	share := float64(now.others-before.others) / float64(now.all-before.all)
	return &share
}

// idle asks logind, which knows of all who are logged in, and then the screen, where a program is here that does.
func (r *Reader) idle(ctx context.Context) *int64 {
	if said, err := r.run(ctx, "loginctl", "show-session", "--property=IdleHint", "--property=IdleSinceHint"); err == nil {
		hint, at := "", int64(0)
		for line := range strings.Lines(said) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
			switch key {
			case "IdleHint":
				hint = value
			case "IdleSinceHint":
				at, _ = strconv.ParseInt(value, 10, 64) // 0 when it is none
			}
		}
		switch {
		case hint == "no":
			return new(int64)
		case hint == "yes" && at > 0:
			return since(r.now(), time.UnixMicro(at))
		}
	}
	if said, err := r.run(ctx, "xprintidle"); err == nil {
		if ms, err := strconv.ParseInt(said, 10, 64); err == nil && ms >= 0 {
			s := ms / 1000
			return &s
		}
	}
	return nil
}
