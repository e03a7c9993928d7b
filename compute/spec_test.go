package compute_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
)

const classes = `,"classes":["no","yes"]`

func parse(spec string) (*compute.Plan, error) { return compute.ParseSpec(strings.NewReader(spec)) }

func plan(t *testing.T, spec string) *compute.Plan {
	t.Helper()
	p, err := parse(spec)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPlan(t *testing.T) {
	p := plan(t, `{"input":{"kind":"image","height":28,"width":27},"layers":[{"type":"conv","filters":8},{"type":"max_pool"},
		{"type":"conv","filters":4,"kernel":5,"stride":2},{"type":"flatten"},{"type":"dropout","rate":0.5},{"type":"dense","units":10}]`+classes+`}`)
	want := [][]int{{28, 27, 8}, {14, 13, 8}, {7, 7, 4}, {196}, {196}, {10}, {2}}
	for i, step := range p.Steps {
		if !reflect.DeepEqual(step.Out, want[i]) {
			t.Errorf("layer %d (%s) gives %v, want %v", i+1, step.Layer.Type, step.Out, want[i])
		}
	}
	if params := 3*3*8 + 8 + 5*5*8*4 + 4 + 196*10 + 10 + 10*2 + 2; p.Params != params {
		t.Errorf("%d parameters, want %d", p.Params, params)
	}
	if adds := int64(28*27*9*8 + 28*27*8 + 7*7*200*4 + 1960 + 20); p.MulAdds != adds {
		t.Errorf("%d multiplications, want %d", p.MulAdds, adds)
	}
	raw, err := json.Marshal(p.Spec)
	if err != nil {
		t.Fatal(err)
	}
	if again := plan(t, string(raw)); !reflect.DeepEqual(again, p) {
		t.Errorf("a spec that is written and read is another: %+v, and was %+v", again.Spec, p.Spec)
	}
}

func TestPresets(t *testing.T) {
	names := []string{"no", "yes"}
	for _, c := range []struct {
		name  string
		input compute.Input
		want  []int
	}{
		{"image", compute.Input{Height: 28, Width: 20}, []int{28, 20, 1}},
		{"image", compute.Input{Height: 480, Width: 20}, []int{64, 64, 3}},
		{"text", compute.Input{}, []int{8192}},
		{"tabular", compute.Input{Columns: []string{"a", "b"}}, []int{2}},
	} {
		s, err := compute.Preset(c.name, c.input, names)
		if err != nil {
			t.Fatal(err)
		}
		if p, err := compute.NewPlan(s); err != nil || !reflect.DeepEqual(p.Input, c.want) {
			t.Errorf("preset %s of %+v: %v, %+v", c.name, c.input, err, p)
		}
	}
	if _, err := compute.Preset("video", compute.Input{}, names); !errors.Is(err, compute.ErrNoPreset) {
		t.Errorf("no preset: %v", err)
	}
}

func TestBadSpecs(t *testing.T) {
	numbers, picture := `{"input":{"kind":"numbers","columns":["a"]}`, `{"input":{"kind":"image","height":8,"width":8}`
	tokens := `{"input":{"kind":"tokens"}`
	for spec, want := range map[string]string{
		``:                                  "cannot be read",
		`{"inputs":{}}`:                     "inputs",
		numbers + classes + `} {}`:          "Something follows",
		numbers + `,"classes":["no"]}`:      "not 1",
		numbers + `,"classes":["no","no"]}`: "there twice",
		`{"input":{"kind":"sound"}` + classes + `}`:                                                `kind "sound"`,
		`{"input":{"kind":"numbers"}` + classes + `}`:                                              "names its columns",
		`{"input":{"kind":"numbers","columns":["a"],"height":3}` + classes + `}`:                   "not its own",
		`{"input":{"kind":"numbers","columns":["a"],"mean":[1],"deviation":[0]}` + classes + `}`:   "deviation over 0",
		`{"input":{"kind":"image","height":8}` + classes + `}`:                                     "height and a width",
		`{"input":{"kind":"words","buckets":4}` + classes + `}`:                                    "buckets",
		`{"input":{"kind":"tokens","length":5000}` + classes + `}`:                                 "length",
		numbers + `,"layers":[{"type":"dense"}]` + classes + `}`:                                   "Layer 1 (dense): it needs units",
		numbers + `,"layers":[{"type":"dense","units":3,"rate":0.1}]` + classes + `}`:              "not its own",
		numbers + `,"layers":[{"type":"dense","units":3,"activation":"gelu"}]` + classes + `}`:     `activation "gelu"`,
		numbers + `,"layers":[{"type":"lstm"}]` + classes + `}`:                                    `type "lstm"`,
		numbers + `,"layers":[{"type":"conv","filters":3}]` + classes + `}`:                        "looks at images, and gets 1",
		numbers + `,"layers":[{"type":"dropout","rate":1}]` + classes + `}`:                        "between 0 and 1",
		numbers + `,"layers":[{"type":"recurrent","units":3}]` + classes + `}`:                     "looks at sequences",
		numbers + `,"layers":[{"type":"embedding","units":3}]` + classes + `}`:                     "on an input of tokens",
		numbers + `,"layers":[{"type":"global_pool"}]` + classes + `}`:                             "images and sequences",
		numbers + `,"layers":[{"type":"dense","units":2000000000}]` + classes + `}`:                "too large",
		picture + `,"layers":[{"type":"conv","filters":3}]` + classes + `}`:                        "8x8x3, and the classes need one row",
		picture + `,"layers":[{"type":"conv","filters":3,"kernel":4}]` + classes + `}`:             "odd kernel",
		picture + `,"layers":[{"type":"conv","filters":3,"kernel":99}]` + classes + `}`:            "odd kernel",
		picture + `,"layers":[{"type":"max_pool","size":9}]` + classes + `}`:                       "smaller side",
		tokens + `,"layers":[{"type":"dense","units":3}]` + classes + `}`:                          "needs an embedding",
		tokens + `,"layers":[{"type":"embedding","units":6},{"type":"attention"}]` + classes + `}`: "not a multiple of its 4 heads",
		numbers + `,"training":{"epochs":-1}` + classes + `}`:                                      "epochs is from 1",
		numbers + `,"training":{"hold_out":0.6}` + classes + `}`:                                   "hold_out",
		numbers + `,"optimizer":{"type":"lion"}` + classes + `}`:                                   `optimiser "lion"`,
		numbers + `,"optimizer":{"momentum":0.5}` + classes + `}`:                                  "Only sgd",
		numbers + `,"optimizer":{"learning_rate":1e300}` + classes + `}`:                           "learning_rate",
		numbers + `,"loss":{"type":"hinge"}` + classes + `}`:                                       `loss "hinge"`,
		numbers + `,"loss":{"type":"brier","gamma":2}` + classes + `}`:                             "Only the loss focal",
		numbers + `,"loss":{"gamma":2}` + classes + `}`:                                            "Only the loss focal",
		numbers + `,"loss":{"type":"focal","gamma":11}` + classes + `}`:                            "gamma is from 0.1 to 10",
		numbers + `,"schedule":{"type":"steps"}` + classes + `}`:                                   `schedule "steps"`,
		numbers + `,"augment":{"flip":true}` + classes + `}`:                                       "Only images",
		`{"x":"` + strings.Repeat("x", 1<<20) + `"}`:                                               "longer than",
	} {
		_, err := parse(spec)
		if err == nil || !strings.Contains(err.Error(), want) || tasknet.Describe(err).Code != "bad_spec" {
			t.Errorf("%.90s\n\tsays %v, want %q", spec, err, want)
		}
	}
}
