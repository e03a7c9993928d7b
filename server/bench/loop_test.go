package bench

import (
	"os"
	"path/filepath"
	"testing"
)

// TestEqual: between two policies the answers for an accuracy lie on the line, and beyond the last they are as many as it took.
func TestEqual(t *testing.T) {
	people := []Looped{{PerTask: 4, Accuracy: 0.98}, {PerTask: 2, Accuracy: 0.9}, {PerTask: 3, Accuracy: 0.96}}
	for accuracy, want := range map[float64]float64{0.85: 2, 0.9: 2, 0.93: 2.5, 0.98: 4, 0.99: 4} {
		if got := equal(people, accuracy); got < want-1e-9 || got > want+1e-9 {
			t.Errorf("for %g people need %g answers, want %g", accuracy, got, want)
		}
	}
}

// TestLoopOfDigits: with a model that learns from people the digits need at most half of the answers, also where half of the
// people answer at random.
func TestLoopOfDigits(t *testing.T) {
	folder := filepath.Join(os.Getenv("TASKNET_TEST_DATA"), "mnist")
	if _, err := os.Stat(folder); err != nil || os.Getenv("TASKNET_TEST_LONG") == "" {
		t.Skip("set TASKNET_TEST_LONG=1, and TASKNET_TEST_DATA to a folder with mnist/: it takes minutes")
	}
	l := Loops{Folder: folder, Tasks: 4000, People: 50, Targets: []int{950_000}, Seed: 1, Told: func(string, int, int) {}}
	rows, err := l.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	helped := 0
	for _, r := range rows {
		if !r.Model {
			continue
		}
		helped++
		if r.Ratio > 0.5 || r.Off || r.Wrong > 0.05 {
			t.Errorf("%+v", r)
		}
	}
	if helped != len(loopCrowds) {
		t.Errorf("%d crowds were helped", helped)
	}
}
