package compute_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
)

const scriptInput = `{"input":{"kind":"image","height":4,"width":2,"channels":3}` + classes

func TestScriptPlan(t *testing.T) {
	p := plan(t, scriptInput+`,"script":{}}`)
	if !slices.Equal(p.Input, []int{4, 2, 3}) || p.Params != 0 || p.MulAdds != 1e9 || p.Memory != 1<<30 || p.Spec.Script.Gives != compute.Logits || p.Spec.Training != (compute.Training{}) {
		t.Errorf("%+v", p)
	}
	numbers := plan(t, `{"input":{"kind":"numbers","columns":["a","b"]}`+classes+`,"layers":[],"script":{"gives":"probabilities","multiply_adds":7}}`)
	if in := numbers.Spec.Input; numbers.MulAdds != 7 || !slices.Equal(in.Mean, []float64{0, 0}) || !slices.Equal(in.Deviation, []float64{1, 1}) {
		t.Errorf("numbers are not given as they are: %+v", in)
	}
	for _, p := range []*compute.Plan{p, numbers} {
		raw, err := json.Marshal(p.Spec)
		if err != nil {
			t.Fatal(err)
		}
		if again := plan(t, string(raw)); !reflect.DeepEqual(again, p) {
			t.Errorf("a spec that is written and read is another: %+v, and was %+v", again.Spec, p.Spec)
		}
	}
	for spec, want := range map[string]string{
		scriptInput + `,"script":{},"layers":[{"type":"flatten"}]}`:                  "input, classes and script",
		scriptInput + `,"script":{},"training":{"epochs":3}}`:                        "input, classes and script",
		scriptInput + `,"script":{"gives":"scores"}}`:                                "scores",
		scriptInput + `,"script":{"multiply_adds":-1}}`:                              "multiply_adds",
		scriptInput + `,"script":{"memory_bytes":1}}`:                                "memory_bytes",
		`{"input":{"kind":"words"}` + classes + `,"script":{"channels_first":true}}`: "channels",
		`{"input":{"kind":"sound"}` + classes + `,"script":{}}`:                      "sound",
		`{"input":{"kind":"words"},"classes":["a"],"script":{}}`:                     "classes",
		scriptInput + `,"script":{"device":"cuda"}}`:                                 "device",
	} {
		if _, err := parse(spec); tasknet.Describe(err).Code != "bad_spec" || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", spec, err)
		}
	}
}

// scriptDraft is of a job that asks a module.
func scriptDraft(t *testing.T, kind compute.JobKind) compute.JobDraft {
	t.Helper()
	d := draft(t, compute.InferJob)
	if d.Work.Kind = kind; kind != compute.InferJob {
		d.Work.Rows = 0
	}
	p := plan(t, scriptInput+`,"script":{}}`)
	d.Work.Model = &p.Spec
	for i := range d.Work.Inputs {
		if in := &d.Work.Inputs[i]; in.Role == compute.WeightsRole {
			in.Role, in.Name, in.Bytes = compute.ScriptRole, "net.pt", 1000
		}
	}
	return d
}

// TestScriptJob: a job with a module goes to nodes with libtorch, which have room for it, and no other kind of job has one.
func TestScriptJob(t *testing.T) {
	now := time.Unix(1e9, 0)
	for _, kind := range []compute.JobKind{compute.InferJob, compute.EvaluateJob} {
		j, err := compute.NewJob("org_a", scriptDraft(t, kind), now)
		if err != nil {
			t.Fatal(err)
		}
		var files int64
		for _, in := range j.Inputs {
			files += in.Bytes
		}
		if j.Needs.Trainer != "torchscript" || j.Needs.Memory != 1<<30+256<<20+1000+files || j.Each != 1e9 {
			t.Errorf("%s: needs %+v, and %d operations a row", kind, j.Needs, j.Each)
		}
		c := compute.Capability{Memory: 1 << 40, Disk: 1 << 40}
		for trainers, could := range map[string]bool{"gomlx": false, "torch": false, "torch,torchscript": true, "torch on CUDA,torchscript": true} {
			c.Trainers = strings.Split(trainers, ",")
			if n := (&compute.Node{Capability: c}); n.Could(j, now) != could {
				t.Errorf("a node with %s could do it: %v", trainers, !could)
			}
		}
		p := compute.Choose(compute.Offer{Node: &compute.Node{Capability: c, Rate: 1e9}}, []compute.Turn{{Org: "org_a", Jobs: []compute.Candidate{{Job: j}}}}, 1, now)
		if p == nil || p.Why.Trainer != "torchscript" {
			t.Errorf("why it was given to a node: %+v", p)
		}
		work, plan, err := compute.ReadWork(j.Work)
		if err != nil || work.CanDecide(plan, 1) {
			t.Errorf("a server without libtorch decides by asking the module: %v", err)
		}
	}
	for name, c := range map[string]struct {
		code   string
		change func(d *compute.JobDraft)
	}{
		"as it is":      {"", func(*compute.JobDraft) {}},
		"torch":         {"", func(d *compute.JobDraft) { d.Trainer = "torch" }},
		"torchscript":   {"", func(d *compute.JobDraft) { d.Trainer = "torchscript" }},
		"torch on CUDA": {"bad_job", func(d *compute.JobDraft) { d.Trainer = "torch on CUDA" }},
		"gomlx":         {"bad_job", func(d *compute.JobDraft) { d.Trainer = "gomlx" }},
		"a GPU":         {"bad_job", func(d *compute.JobDraft) { d.GPU = true }},
		"weights":       {"bad_job", func(d *compute.JobDraft) { d.Work.Input(compute.ScriptRole).Role = compute.WeightsRole }},
		"layers": {"bad_job", func(d *compute.JobDraft) {
			p := plan(t, scriptInput+`,"layers":[{"type":"flatten"}]}`)
			d.Work.Model = &p.Spec
		}},
		"no temperature":     {"bad_job", func(d *compute.JobDraft) { d.Work.Temperature = 0 }},
		"live, and its data": {"bad_job", func(d *compute.JobDraft) { d.Work.Live = true }},
		"live": {"", func(d *compute.JobDraft) {
			d.Work.Live = true
			d.Work.Inputs = slices.DeleteFunc(d.Work.Inputs, func(f compute.JobFile) bool { return f.Role != compute.ScriptRole })
		}},
		"a training": {"no_script_training", func(d *compute.JobDraft) {
			d.Work.Kind, d.Work.Rows, d.Work.Temperature = compute.TrainJob, 0, 0
			d.Work.Inputs = slices.DeleteFunc(d.Work.Inputs, func(f compute.JobFile) bool { return f.Role == compute.ScriptRole })
		}},
	} {
		d := scriptDraft(t, compute.InferJob)
		c.change(&d)
		if _, err := compute.NewJob("org_a", d, now); (err != nil) != (c.code != "") || c.code != "" && tasknet.Describe(err).Code != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestScriptLogits: what a module gives is what its spec says, or an error.
func TestScriptLogits(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, c := range []struct {
		gives string
		out   []float32
		shape []int
		want  []float32 // nil: an error
	}{
		{"logits", []float32{1, -2, 3, 4}, []int{2, 2}, []float32{1, -2, 3, 4}},
		{"probabilities", []float32{0.25, 0.75, 1, 0}, []int{2, 2}, []float32{-1.3862944, -0.28768207, 0, -27.631021}},
		{"logits", []float32{1, 2, 3, 4}, []int{4}, nil},
		{"logits", []float32{1, 2, 3, 4}, []int{2, 2, 1}, nil},
		{"logits", []float32{1, 2, 3, 4, 5, 6}, []int{2, 3}, nil},
		{"logits", nil, []int{0, 2}, nil},
		{"logits", []float32{1, 2, nan, 4}, []int{2, 2}, nil},
		{"logits", []float32{1, 2, inf, 4}, []int{2, 2}, nil},
		{"probabilities", []float32{nan, 1, 0.5, 0.5}, []int{2, 2}, nil},
		{"probabilities", []float32{-0.5, 1.5, 0.5, 0.5}, []int{2, 2}, nil},
		{"probabilities", []float32{0.5, 0.6, 0.5, 0.5}, []int{2, 2}, nil},
	} {
		p := plan(t, scriptInput+`,"script":{"gives":"`+c.gives+`"}}`)
		got, err := p.ScriptLogits(c.out, c.shape, 2)
		if c.want == nil != errors.Is(err, compute.ErrScriptOutput) || !slices.EqualFunc(got, c.want, func(a, b float32) bool { return math.Abs(float64(a-b)) < 1e-5 }) {
			t.Errorf("%s %v of %v: %v (%v)", c.gives, c.out, c.shape, got, err)
		}
	}
}

func TestScriptInputs(t *testing.T) {
	inputs := []float32{1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16} // two pictures of two places with three channels
	const spec = `{"input":{"kind":"image","height":2,"width":1,"channels":3}` + classes
	if got, shape := plan(t, spec+`,"script":{}}`).ScriptInputs(inputs); !slices.Equal(got, inputs) || !slices.Equal(shape, []int{2, 1, 3}) {
		t.Errorf("%v of %v", got, shape)
	}
	got, shape := plan(t, spec+`,"script":{"channels_first":true}}`).ScriptInputs(inputs)
	if !slices.Equal(got, []float32{1, 4, 2, 5, 3, 6, 11, 14, 12, 15, 13, 16}) || !slices.Equal(shape, []int{3, 2, 1}) {
		t.Errorf("%v of %v", got, shape)
	}
}

// layersOnly is a trainer that runs no modules.
type layersOnly struct{ compute.Trainer }

func TestNoScripts(t *testing.T) {
	p := plan(t, scriptInput+`,"script":{}}`)
	m := &compute.Model{Plan: p, Script: "net.pt", Temperature: 1}
	if _, err := m.Open(layersOnly{}); !errors.Is(err, compute.ErrNoScripts) {
		t.Errorf("asked without libtorch: %v", err)
	}
	if _, err := m.Measure(context.Background(), layersOnly{}, &compute.Examples{}); !errors.Is(err, compute.ErrNoScripts) {
		t.Errorf("measured without libtorch: %v", err)
	}
	if _, err := compute.Train(context.Background(), layersOnly{}, p, &compute.Split{}, compute.Options{}); !errors.Is(err, compute.ErrScriptTraining) {
		t.Errorf("trained: %v", err)
	}
}
