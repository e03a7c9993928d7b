package main

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// trainersSaying makes a program that says rows of trainers, or whatever else. Tests with it are not parallel to others: a file that
// another process still has open for writing cannot be run.
func trainersSaying(t *testing.T, says string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("a shell script is no program there")
	}
	path := filepath.Join(t.TempDir(), "trainers")
	if err := os.WriteFile(path, []byte("#!/bin/sh\necho building >&2\n"+says), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

const saysTrainers = `cat <<END
[{"what": "training step, conv", "value": 1.4, "goal": 1.0, "unit": "times", "better": "higher"},
 {"what": "training step, gomlx", "value": 26, "goal": null, "unit": "times", "better": "lower"}]
END
`

// TestBenchComputeRows: every row has the five keys, a goal that is none is null, and what lacks its data is said and keeps nothing else
// from being measured.
func TestBenchComputeRows(t *testing.T) {
	plots := filepath.Join(t.TempDir(), "plots")
	for lacks, args := range map[string][]string{
		"digits, which needs --data.":                      nil,
		filepath.Join("none", "t10k-images-idx3-ubyte.gz"): {"--data", "none"},
	} {
		code, stdout, stderr := run(t, append([]string{"bench", "compute", "--only", "trainers,digits", "--trainers", trainersSaying(t, saysTrainers), "--json", "--plots", plots}, args...)...)
		if code != 0 || strings.Count(stderr, "Left out: ") != 1 || !strings.Contains(stderr, lacks) || !strings.Contains(stderr, "building") {
			t.Errorf("%d, %s", code, stderr)
		}
		var rows []map[string]any
		if err := json.Unmarshal([]byte(stdout), &rows); err != nil || len(rows) != 2 {
			t.Fatalf("%v: %s", err, stdout)
		}
		for _, r := range rows {
			if keys := slices.Sorted(maps.Keys(r)); !slices.Equal(keys, []string{"better", "goal", "unit", "value", "what"}) {
				t.Errorf("%v", keys)
			}
		}
		if rows[0]["goal"] != 1.0 || rows[1]["goal"] != nil {
			t.Errorf("%s", stdout)
		}
	}
	plot, err := os.ReadFile(filepath.Join(plots, "compute.svg"))
	if err != nil || strings.Count(string(plot), "goal") != 1 || strings.Contains(string(plot), "NaN") {
		t.Errorf("%v: %s", err, plot)
	}
}

// TestBenchComputeFails: what fails is an error in the end, and the other figures are told.
func TestBenchComputeFails(t *testing.T) {
	for says, want := range map[string]string{"exit 3\n": "exit status 3", "echo none\n": "invalid character", "echo '[]'\n": "nothing was measured"} {
		code, stdout, stderr := run(t, "bench", "compute", "--only", "trainers", "--trainers", trainersSaying(t, says))
		if code == 0 || stdout != "" || !strings.Contains(stderr, want) {
			t.Errorf("%d, %s, %s", code, stdout, stderr)
		}
	}
	if code, _, stderr := run(t, "bench", "compute", "--only", "trainers", "--trainers", filepath.Join(t.TempDir(), "none")); code == 0 || !strings.Contains(stderr, "as a program") {
		t.Errorf("%d, %s", code, stderr)
	}
	// Files that are no digits.
	b := computeBench{only: []string{"digits", "trainers"}, digits: t.TempDir(), trainers: trainersSaying(t, saysTrainers), told: os.Stderr}
	for _, name := range []string{"t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"} {
		if err := os.WriteFile(filepath.Join(b.digits, name), []byte("no digits"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	rows, left, err := b.measure(t.Context())
	if len(rows) != 2 || len(left) != 0 || err == nil || !strings.HasPrefix(err.Error(), "digits: ") {
		t.Errorf("%v, %v, %v", rows, left, err)
	}
}
