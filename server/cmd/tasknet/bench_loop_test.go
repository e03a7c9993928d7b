package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tasknet/tasknet/server/bench"
)

var testLoops = []bench.Looped{
	{Crowd: "skilled", Target: 0.9, Tasks: 3800, PerTask: 2.5, Accuracy: 0.92, Claimed: 1, Wrong: 0.08},
	{Crowd: "skilled", Target: 0.95, Tasks: 3800, PerTask: 2.75, Accuracy: 0.97, Claimed: 1, Wrong: 0.03},
	{Crowd: "skilled", Target: 0.95, Model: true, Tasks: 3800, PerTask: 0.7, Accuracy: 0.95, Claimed: 0.99, Wrong: 0.04, Audits: 190, Assisted: 3410, Alone: 2900, Trainings: []int{200, 300}, Off: true, Equal: 2.65, Ratio: 0.264},
	{Crowd: "half at random", Target: 0.95, Tasks: 3800, PerTask: 3.1, Accuracy: 0.96, Claimed: 1, Wrong: 0.04},
}

func TestLoopsArePrinted(t *testing.T) {
	var out bytes.Buffer
	if err := (&program{out: &out}).printLoops(testLoops); err != nil {
		t.Fatal(err)
	}
	const want = `3800 digits, crowd skilled
asked   target   answers  accuracy  claimed  wrong | audits  model  alone  trained with           |     equal  ratio
people     0.9      2.50    92.00%   100.0%   8.0%
people    0.95      2.75    97.00%   100.0%   3.0%
model     0.95      0.70    95.00%    99.0%   4.0% |    190   3410   2900  200 300 off            |      2.65   0.26

3800 digits, crowd half at random
asked   target   answers  accuracy  claimed  wrong | audits  model  alone  trained with           |     equal  ratio
people    0.95      3.10    96.00%   100.0%   4.0%
`
	if out.String() != want {
		t.Errorf("printed:\n%s", out.String())
	}
	rows, err := json.Marshal(loopFigures(testLoops))
	if err != nil {
		t.Fatal(err)
	}
	const first = `[{"what":"digits, crowd skilled, target 0.95: people's answers with the model, of those without for equal accuracy","value":0.264,"goal":0.5,"unit":"share","better":"lower"},`
	if !strings.HasPrefix(string(rows), first) || strings.Count(string(rows), `"what"`) != 5 || !strings.Contains(string(rows), `"goal":0.05,`) {
		t.Errorf("rows: %s", rows)
	}
}

// TestLoopPlot: the picture is whole XML, with a line for each crowd, a dot for each policy and a square for each model.
func TestLoopPlot(t *testing.T) {
	plot := loopPlot(testLoops)
	dec := xml.NewDecoder(strings.NewReader(plot))
	for {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	for what, want := range map[string]int{"<polyline": 2, "<circle": 3, "with the model, skilled": 1, "NaN": 0, "Inf": 0} {
		if got := strings.Count(plot, what); got != want {
			t.Errorf("%d times %s, want %d", got, what, want)
		}
	}
}

// TestBenchLoopIsRefused: what cannot be measured is one error, before anything is read.
func TestBenchLoopIsRefused(t *testing.T) {
	for _, args := range [][]string{{"--tasks", "100"}, {"--people", "3"}, {"--least", "3"}, {"--targets", "0.999"}, {"--targets", ""}} {
		code, _, stderr := run(t, append([]string{"bench", "loop", filepath.Join(t.TempDir(), "none")}, args...)...)
		if code == 0 || strings.Contains(stderr, "none") {
			t.Errorf("%v: %d, %s", args, code, stderr)
		}
	}
}
