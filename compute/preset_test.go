package compute

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPresetVectors: the console offers the same presets, and reads them here in its own test.
func TestPresetVectors(t *testing.T) {
	const golden = "testdata/presets.json"
	got := map[string]Spec{}
	for _, name := range []string{"image", "tabular", "text"} {
		s, err := Preset(name, Input{Height: 28, Width: 28}, nil)
		if err != nil {
			t.Fatal(err)
		}
		got[name] = s
	}
	if *update {
		raw, err := json.MarshalIndent(got, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, append(raw, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]Spec
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
