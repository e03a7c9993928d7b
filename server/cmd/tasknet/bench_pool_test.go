package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/tasknet/tasknet/server/bench"
)

var testPools = []bench.Pool{
	{People: 10, P50: 259_200, P95: 259_200},
	{People: 10, Warm: true, InTime: 0.41, P50: 3730, P95: 12_610, WokenPerAnswer: 1.93, Came: 0.1, WokenPerDay: 5.42, Leases: 1.06},
	{People: 1_000_000, InTime: 1, P50: 15.6, P95: 44.7},
	{People: 1_000_000, Warm: true, InTime: 1, P50: 16.3, P95: 48.6},
}

func TestPoolsArePrinted(t *testing.T) {
	var out bytes.Buffer
	if err := (&program{out: &out}).printPools(testPools[:2]); err != nil {
		t.Fatal(err)
	}
	const want = `   people  woken        p50        p95  in time    woken   came  a day   leases
       10  no        72h00m     72h00m       0%     0.00     0%   0.00     0.00
       10  yes        1h02m      3h30m      41%     1.93    10%   5.42     1.06
`
	if out.String() != want {
		t.Errorf("printed:\n%s", out.String())
	}
	for seconds, want := range map[float64]string{0: "0.0s", 59.9: "59.9s", 60: "1m00s", 610: "10m10s", 3599.7: "1h00m", 3600: "1h00m"} {
		if got := shortTime(seconds); got != want {
			t.Errorf("%g s is written %q, want %q", seconds, got, want)
		}
	}
}

// TestPoolPlot: the picture is whole XML, and each line has a point for each size, within the picture.
func TestPoolPlot(t *testing.T) {
	for name, rows := range map[string][]bench.Pool{"several": testPools, "one": testPools[:2], "at once": {{People: 10}, {People: 10, Warm: true}}} {
		lines := 0
		dec := xml.NewDecoder(strings.NewReader(poolPlot(rows)))
		for {
			token, err := dec.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			start, ok := token.(xml.StartElement)
			if !ok || start.Name.Local != "polyline" {
				continue
			}
			lines++
			for _, a := range start.Attr {
				if a.Name.Local == "points" && (len(strings.Fields(a.Value)) != len(rows)/2 || strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf") || strings.Contains(a.Value, "-")) {
					t.Errorf("%s: points %s", name, a.Value)
				}
			}
		}
		if lines != 4 {
			t.Errorf("%s: %d lines", name, lines)
		}
	}
}
