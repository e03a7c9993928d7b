package exam

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/corpus"
	"github.com/tasknet/tasknet/compute/train/gomlx"
	"github.com/tasknet/tasknet/server/pipeline"
)

// files are artefacts by their ids.
type files map[compute.ArtefactID][]byte

func (f files) open(id compute.ArtefactID) (io.ReadCloser, error) {
	content, there := f[id]
	if !there {
		return nil, pipeline.ErrNoArtefact
	}
	return io.NopCloser(bytes.NewReader(content)), nil
}

// rings are points in two rings, one of which may have another label than it should.
func rings(rows int, wrong float64) []byte {
	random := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	b.WriteString("key,x,y,label\n")
	for i := range rows {
		angle, ring := random.Float64()*2*math.Pi, i%2
		r := float64(ring) + 0.6 + 0.2*random.Float64()
		if random.Float64() < wrong {
			ring = 1 - ring
		}
		fmt.Fprintf(&b, "row %d,%.4f,%.4f,%s\n", i, r*math.Cos(angle), r*math.Sin(angle), []string{"inner", "outer"}[ring])
	}
	return []byte(b.String())
}

func trainWork(t *testing.T, id compute.ArtefactID, epochs int) *compute.Work {
	t.Helper()
	spec, err := compute.Preset("tabular", compute.Input{Columns: []string{"x", "y"}}, []string{"inner", "outer"})
	if err != nil {
		t.Fatal(err)
	}
	spec.Training.Epochs = epochs
	return &compute.Work{Kind: compute.TrainJob, Model: &spec, Inputs: []compute.JobFile{{Role: compute.DataRole, Artefact: id, Name: "rings.csv"}}}
}

// halve draws every third task.
func halve(tasks []string) (hidden []int, err error) {
	for i := 0; i < len(tasks); i += 3 {
		hidden = append(hidden, i)
	}
	return hidden, nil
}

// trained trains on what is given, as a node does.
func trained(t *testing.T, w *compute.Work, given []byte) (*compute.Plan, *compute.Model) {
	t.Helper()
	plan, err := compute.NewPlan(*w.Model)
	if err != nil {
		t.Fatal(err)
	}
	path := t.TempDir() + "/rings.csv"
	if err := save(path, "x", files{"x": given}.open); err != nil {
		t.Fatal(err)
	}
	file, err := corpus.Open(path, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := file.Scale(plan); err != nil {
		t.Fatal(err)
	}
	examples, err := file.Examples(t.Context(), plan, nil)
	if err != nil {
		t.Fatal(err)
	}
	split, err := compute.NewSplit(plan, examples)
	if err != nil {
		t.Fatal(err)
	}
	model, err := compute.Train(t.Context(), gomlx.Trainer{}, plan, split, compute.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return plan, model
}

// TestRoom: data are divided, and a model that learned from what is given beats guessing on what is held, while one that was not trained,
// and rubbish, do not.
func TestRoom(t *testing.T) {
	room := New(t.TempDir())
	all := files{"data": rings(900, 0.05)}
	work := trainWork(t, "data", 12)
	divided, err := room.Divide(t.Context(), work, all.open, halve)
	if err != nil {
		t.Fatal(err)
	}
	if len(divided.Guess) != 300 || math.Abs(float64(divided.Guess[0])-1e6*math.Ln2) > 5e4 || bytes.Count(divided.Held[compute.DataRole], []byte("\n")) != 301 || bytes.Count(divided.Given[compute.DataRole], []byte("\n")) != 601 {
		t.Fatalf("the guess is %d losses of %v", len(divided.Guess), divided.Guess[0])
	}
	all["held"] = divided.Held[compute.DataRole]
	plan, model := trained(t, work, divided.Given[compute.DataRole])
	exam := &compute.Work{Kind: compute.EvaluateJob, Temperature: model.Temperature, Inputs: []compute.JobFile{{Role: compute.DataRole, Artefact: "held", Name: "rings.csv"}}}
	measure := func(w compute.Weights) (compute.Losses, int) {
		t.Helper()
		var b bytes.Buffer
		if err := w.Write(&b, plan); err != nil {
			t.Fatal(err)
		}
		all["weights"] = b.Bytes()
		losses, right, err := room.Measure(t.Context(), exam, plan, "weights", all.open)
		if err != nil {
			t.Fatal(err)
		}
		return losses, right
	}
	losses, right := measure(model.Weights)
	mean, _, _ := losses.Interval()
	if !losses.Beats(divided.Guess) || right < 270 || mean > 0.3 {
		t.Errorf("a trained model is right in %d of 300, and loses %v", right, mean)
	}
	if fresh, _ := measure(compute.NewWeights(plan)); fresh.Beats(divided.Guess) || !fresh.WorseThan(losses) {
		t.Error("a model that was not trained is accepted")
	}
	all["weights"] = []byte("\x80\x02}q\x00.")
	if _, _, err := room.Measure(t.Context(), exam, plan, "weights", all.open); tasknet.Describe(err).Kind != tasknet.Invalid {
		t.Errorf("a pickle: %v", err)
	}
	if _, _, err := room.Measure(t.Context(), exam, plan, "gone", all.open); !errors.Is(err, pipeline.ErrNoArtefact) {
		t.Errorf("weights that are gone: %v", err)
	}
}

// TestAsk: a model says of single rows, which have no labels, in the order in which it is asked, what it says of them elsewhere; and it is
// not asked about rows that are not there, nor when it is no model.
func TestAsk(t *testing.T) {
	room := New(t.TempDir())
	plan, model := trained(t, trainWork(t, "data", 12), rings(600, 0))
	var weights, points bytes.Buffer
	if err := model.Weights.Write(&weights, plan); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(rings(60, 0))) {
		fmt.Fprintln(&points, line[:strings.LastIndexByte(line, ',')])
	}
	all := files{"points": points.Bytes(), "weights": weights.Bytes(), "pickle": []byte("\x80\x02}q\x00.")}
	work := func(weights compute.ArtefactID) *compute.Work {
		return &compute.Work{Kind: compute.InferJob, Model: &plan.Spec, Temperature: model.Temperature, Rows: 60, Inputs: []compute.JobFile{
			{Role: compute.DataRole, Artefact: "points", Name: "points.csv"}, {Role: compute.WeightsRole, Artefact: weights, Name: "weights.safetensors"},
		}}
	}
	rows := []int{7, 0, 59, 24, 33}
	says, err := room.Ask(t.Context(), work("weights"), plan, rows, all.open)
	if err != nil || len(says) != len(rows) {
		t.Fatalf("%v, %v", says, err)
	}
	for i, row := range rows {
		fields := strings.Split(strings.Split(points.String(), "\n")[1+row], ",")
		inputs := make([]float32, 2)
		for c := range inputs {
			v, err := strconv.ParseFloat(fields[1+c], 64)
			if err != nil {
				t.Fatal(err)
			}
			inputs[c] = float32((v - plan.Spec.Input.Mean[c]) / plan.Spec.Input.Deviation[c])
		}
		likely, err := model.Predict(t.Context(), gomlx.Trainer{}, inputs)
		if err != nil {
			t.Fatal(err)
		}
		label := plan.Spec.Classes[row%2]
		if p := says[i]; p.Key != fmt.Sprint("row ", row) || p.Label != label || p.Confidence != p.Probabilities[label] || math.Abs(p.Confidence-float64(likely[row%2])) > 1e-4 {
			t.Errorf("of row %d, %s, it says %+v, elsewhere %v", row, label, p, likely)
		}
	}
	if _, err := room.Ask(t.Context(), work("weights"), plan, []int{0, 60}, all.open); !errors.Is(err, errNoRow) {
		t.Errorf("a row that is not there: %v", err)
	}
	if _, err := room.Ask(t.Context(), work("pickle"), plan, rows, all.open); tasknet.Describe(err).Kind != tasknet.Invalid {
		t.Errorf("a pickle: %v", err)
	}
	if _, err := room.Ask(t.Context(), work("gone"), plan, rows, all.open); !errors.Is(err, pipeline.ErrNoArtefact) {
		t.Errorf("weights that are gone: %v", err)
	}
	if left, err := os.ReadDir(room.Folder); err != nil || len(left) > 0 {
		t.Errorf("left are %v, %v", left, err)
	}
}

// TestKeys: the keys of rows come in the order in which nodes number them, those with labels first.
func TestKeys(t *testing.T) {
	room := New(t.TempDir())
	work := func(name string) *compute.Work {
		return &compute.Work{Kind: compute.InferJob, Inputs: []compute.JobFile{{Role: compute.DataRole, Artefact: "data", Name: name}, {Role: compute.WeightsRole, Artefact: "weights", Name: "w"}}}
	}
	for name, content := range map[string]string{
		"t.csv":   "key,x,label\nb,1,\na,2,yes\nd,3,\n",
		"t.jsonl": `{"key":"b"}` + "\n" + `{"key":"a","label":"yes"}` + "\n" + `{"key":"d"}` + "\n",
	} {
		var keys []string
		all := files{"data": []byte(content)}
		if err := room.Keys(t.Context(), work(name), all.open, func(key string) { keys = append(keys, key) }); err != nil || !slices.Equal(keys, []string{"a", "b", "d"}) {
			t.Errorf("%s has %q, %v", name, keys, err)
		}
		file, err := corpus.Open(writeFile(t, name, content), "")
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range file.All() {
			if row.Key != keys[i] {
				t.Errorf("%s: a node's row %d is %q", name, i, row.Key)
			}
		}
	}
	if err := room.Keys(t.Context(), work("t.csv"), files{"data": []byte("\x00")}.open, nil); tasknet.Describe(err).Kind != tasknet.Invalid {
		t.Errorf("no table: %v", err)
	}
}

func writeFile(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestRoomRefuses: data that cannot be read, now or when a model is asked about it, are not divided; what draw says is returned.
func TestRoomRefuses(t *testing.T) {
	room := New(t.TempDir())
	for name, content := range map[string]string{
		"no table":      "\x00",
		"another class": "x,y,label\n1,2,middle\n1,2,inner\n",
		"no number":     "x,y,label\none,2,inner\n1,2,outer\n1,2,outer\n",
		"no label":      "x,y\n1,2\n",
	} {
		if _, err := room.Divide(t.Context(), trainWork(t, "data", 1), files{"data": []byte(content)}.open, halve); tasknet.Describe(err).Kind != tasknet.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	outside := trainWork(t, "data", 1)
	outside.Inputs[0].Name = "../../rings.csv"
	if _, err := room.Divide(t.Context(), outside, files{"data": rings(10, 0)}.open, halve); tasknet.Describe(err).Kind != tasknet.Invalid {
		t.Errorf("a file outside: %v", err)
	}
	if left, err := os.ReadDir(room.Folder); err != nil || len(left) > 0 {
		t.Errorf("left are %v, %v", left, err)
	}
	if _, err := ask(t.Context(), &compute.Model{}, []float32{1}); !errors.Is(err, pipeline.ErrUnasked) {
		t.Errorf("what makes the library panic: %v", err)
	}
	no := errors.New("no")
	if _, err := room.Divide(t.Context(), trainWork(t, "data", 1), files{"data": rings(10, 0)}.open, func([]string) ([]int, error) { return nil, no }); !errors.Is(err, no) {
		t.Errorf("what draw says: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	room.desk <- struct{}{}
	cancel()
	if _, err := room.Divide(ctx, trainWork(t, "data", 1), files{}.open, halve); !errors.Is(err, context.Canceled) {
		t.Errorf("two at a time: %v", err)
	}
}

// TestHonestTrainingsAreAlike: of trainings that differ by their seeds, which is more than machines differ by, none is worse than another;
// one that was ended after its first epoch is worse than all, or is not accepted. On data where labels are mostly right, and where many are
// wrong.
func TestHonestTrainingsAreAlike(t *testing.T) {
	seeds, all := 4, files{}
	if os.Getenv("TASKNET_TEST_LONG") != "" {
		seeds = 25
	}
	for _, wrong := range []float64{0.02, 0.15} {
		room := New(t.TempDir())
		all["data"] = rings(1200, wrong)
		work := trainWork(t, "data", 30)
		divided, err := room.Divide(t.Context(), work, all.open, halve)
		if err != nil {
			t.Fatal(err)
		}
		all["held"] = divided.Held[compute.DataRole]
		losses := func(epochs int, seed uint64) compute.Losses {
			work.Model.Training.Epochs, work.Model.Training.Seed = epochs, seed
			plan, model := trained(t, work, divided.Given[compute.DataRole])
			var b bytes.Buffer
			if err := model.Weights.Write(&b, plan); err != nil {
				t.Fatal(err)
			}
			all["weights"] = b.Bytes()
			exam := &compute.Work{Kind: compute.EvaluateJob, Temperature: model.Temperature, Inputs: []compute.JobFile{{Role: compute.DataRole, Artefact: "held", Name: "rings.csv"}}}
			out, _, err := room.Measure(t.Context(), exam, plan, "weights", all.open)
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		lazy := losses(1, 1)
		var honest []compute.Losses
		for seed := range seeds {
			honest = append(honest, losses(30, uint64(seed+1)))
		}
		for i, one := range honest {
			mean, low, high := one.Interval()
			t.Logf("wrong %.2f, seed %d: %.4f (%.4f to %.4f)", wrong, i+1, mean, low, high)
			if !one.Beats(divided.Guess) {
				t.Errorf("with %.2f wrong labels an honest model is not accepted: %.3f", wrong, mean)
			}
			if lazy.Beats(divided.Guess) && !lazy.WorseThan(one) {
				was, _, _ := lazy.Interval()
				t.Errorf("with %.2f wrong labels one epoch, with the loss %.3f, is as good as all, with %.3f", wrong, was, mean)
			}
			for _, other := range honest {
				if one.WorseThan(other) {
					t.Errorf("with %.2f wrong labels an honest model, with the loss %.3f, is worse than another", wrong, mean)
				}
			}
		}
	}
}
