package machine

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// Graphics is what is known of graphics cards.
type Graphics struct {
	Ready []string // by their names, those whose driver answers
	Found []string // by their makers, those that are built in
	Asked bool     // Found is known
}

// makers are those whose cards computers have, by the number that the bus knows them by.
var makers = map[string]string{"0x10de": "NVIDIA", "0x1002": "AMD", "0x8086": "Intel"}

// Graphics asks NVIDIA's driver for its cards, and Linux for what is built in.
func (r *Reader) Graphics(ctx context.Context) Graphics {
	var g Graphics
	if said, err := r.run(ctx, "nvidia-smi", "--query-gpu=name", "--format=csv,noheader"); err == nil {
		for line := range strings.Lines(said) {
			if name := strings.TrimSpace(line); name != "" {
				g.Ready = append(g.Ready, name)
			}
		}
	}
	classes, err := filepath.Glob(filepath.Join(r.root, "sys/bus/pci/devices/*/class"))
	if err != nil || len(classes) == 0 {
		return g
	}
	g.Asked = true
	for _, path := range classes {
		class, err := os.ReadFile(path)
		if err != nil || !strings.HasPrefix(string(class), "0x03") { // what draws
			continue
		}
		vendor, err := os.ReadFile(filepath.Join(filepath.Dir(path), "vendor"))
		if err != nil {
			continue
		}
		if maker, known := makers[strings.TrimSpace(string(vendor))]; known {
			g.Found = append(g.Found, maker)
		}
	}
	return g
}

// Say says whether work is done on a graphics card, or why not. device is where the trainer computes, and torch whether the program
// was built with libtorch, which knows how to.
func (g Graphics) Say(device string, torch bool) string {
	ready := strings.Join(g.Ready, ", ")
	switch {
	case device == "cuda" && ready != "":
		return ready + "."
	case device == "cuda":
		return "One is meant to be used, but the driver of NVIDIA names none (nvidia-smi)."
	case ready != "" && torch:
		return ready + " is here, and not used: that takes --trainer torch --device cuda."
	case ready != "":
		return ready + " is here, and not used: this program was built without libtorch (make gpu-binary builds one with it)."
	case slices.Contains(g.Found, "NVIDIA"):
		return "One of NVIDIA is here, and not used: its driver does not answer (nvidia-smi)."
	case len(g.Found) > 0:
		return "One of " + g.Found[0] + " is here, and not used: only cards of NVIDIA are."
	case g.Asked:
		return "None found."
	case runtime.GOOS == "darwin":
		return "Not used on macOS: only cards of NVIDIA are."
	}
	return "None of NVIDIA found (nvidia-smi), and others are not used."
}
