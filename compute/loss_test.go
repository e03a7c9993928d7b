package compute

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

// TestLoss: losses of soft targets by hand, and of what is wholly sure; the default is left out of specs, so that older nodes read them.
func TestLoss(t *testing.T) {
	e := &Examples{Tasks: []string{"a", "b"}, Targets: []float32{0.75, 0.25, 0, 1}}
	says := []float32{0.5, 0.5, 0.2, 0.8}
	for _, c := range []struct {
		loss Loss
		want float64
	}{
		{Loss{}, (math.Log(2) - math.Log(0.8)) / 2},
		{Loss{Type: Brier}, (0.0625 + 0.0625 + 0.04 + 0.04) / 2},
		{Loss{Focal, 2}, (0.25*math.Log(2) - 0.04*math.Log(0.8)) / 2},
		{Loss{Focal, 0.5}, (math.Sqrt(0.5)*math.Log(2) - math.Sqrt(0.2)*math.Log(0.8)) / 2},
	} {
		if got := c.loss.mean(e, says); math.Abs(got-c.want) > 1e-6 {
			t.Errorf("%+v is %v, want %v", c.loss, got, c.want)
		}
		if sure := c.loss.mean(&Examples{Tasks: []string{"a"}, Targets: []float32{1, 0}}, []float32{1, 0}); sure != 0 {
			t.Errorf("%+v of what is sure and right is %v", c.loss, sure)
		}
	}
	for written, want := range map[string]string{`{"type":"cross_entropy"}`: "", `{"type":"focal"}`: `"loss":{"type":"focal","gamma":2}`, `{"type":"brier"}`: `"loss":{"type":"brier"}`} {
		p, err := ParseSpec(strings.NewReader(`{"input":{"kind":"words"},"layers":[],"classes":["no","yes"],"loss":` + written + `}`))
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(p.Spec)
		if err != nil || strings.Contains(string(raw), `"loss"`) != (want != "") || !strings.Contains(string(raw), want) {
			t.Errorf("%s becomes %s, %v", written, raw, err)
		}
	}
}
