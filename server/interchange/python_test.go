package interchange_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/interchange"
)

// report is what the packages made of what was exported of a type, see testdata/roundtrip.py.
type report struct {
	HuggingFace struct {
		Features map[string]string `json:"features"`
		Card     map[string]any    `json:"card"`
		Rows     []map[string]any  `json:"rows"`
	} `json:"hugging_face"`
	LabelStudio []struct {
		Key  string `json:"key"`
		Meta struct {
			Soft    map[string]float64 `json:"soft_label"`
			Workers []string           `json:"workers"`
		} `json:"meta"`
		Annotations []struct {
			Truth   bool             `json:"truth"`
			Skipped bool             `json:"skipped"`
			Values  []map[string]any `json:"values"`
			Masks   [][]int          `json:"masks"`
		} `json:"annotations"`
	} `json:"label_studio"`
	COCO []struct {
		Key     string `json:"key"`
		Regions []struct {
			Class   string  `json:"class"`
			Bbox    []int   `json:"bbox"`
			Box     []int   `json:"box"`
			Area    float64 `json:"area"`
			Pixels  int     `json:"pixels"`
			Columns []int   `json:"columns"`
		} `json:"regions"`
	} `json:"coco"`
	CrowdKit struct {
		Answers    int            `json:"answers"`
		Majority   map[string]any `json:"majority"`
		DawidSkene map[string]any `json:"dawid_skene"`
	} `json:"crowd_kit"`
	Counts []int `json:"counts"` // of the mask that the packages wrote
}

// TestPackagesRead exports every type, lets the packages that people use read it, and imports what those packages write.
func TestPackagesRead(t *testing.T) {
	python := os.Getenv("TASKNET_TEST_PYTHON")
	if python == "" {
		t.Skip("TASKNET_TEST_PYTHON is not set to what .ci/python prints")
	}
	all := samples(t)
	folder := t.TempDir()
	for name, s := range all {
		export(t, filepath.Join(folder, name), s)
	}
	tally := disputed(t, filepath.Join(folder, "disputed.csv"))
	script := exec.CommandContext(t.Context(), python, "testdata/roundtrip.py", folder)
	script.Env = append(os.Environ(), "HF_HUB_OFFLINE=1", "HF_DATASETS_OFFLINE=1", "HF_HOME="+t.TempDir(), "HF_DATASETS_DISABLE_PROGRESS_BARS=1", "PYTHONDONTWRITEBYTECODE=1")
	if out, err := script.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	text, err := os.ReadFile(filepath.Join(folder, "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	var reports map[string]*report
	if err := json.Unmarshal(text, &reports); err != nil {
		t.Fatal(err)
	}
	for name, s := range all {
		t.Run(name, func(t *testing.T) {
			r := reports[name]
			checkHuggingFace(t, s, r)
			checkLabelStudio(t, s, r)
			checkCOCO(t, s, r)
			checkCrowdKit(t, s, r)
		})
	}
	t.Run("disputed", func(t *testing.T) { tally.check(t, reports["disputed"]) })
	t.Run("theirs", func(t *testing.T) { checkTheirs(t, filepath.Join(folder, "theirs"), reports["theirs"].Counts) })
}

// export writes a dataset in all formats.
func export(t *testing.T, folder string, s *sample) {
	t.Helper()
	if err := interchange.WriteParquet(t.Context(), outputOf(t, filepath.Join(folder, "dataset")), s.open, s.about, s.labeled()); err != nil {
		t.Fatal(err)
	}
	config, err := interchange.NewLabelConfig(s.about)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]func(io.Writer) error{
		"config.xml":  func(w io.Writer) error { _, err := io.WriteString(w, config.XML()); return err },
		"studio.json": func(w io.Writer) error { return interchange.WriteLabelStudio(w, s.about, s.labeled()) },
		"answers.csv": func(w io.Writer) error { return interchange.WriteAnswers(w, s.about, s.labeled()) },
		"rows.jsonl":  func(w io.Writer) error { return interchange.WriteJSONL(w, s.about, s.labeled()) },
	}
	if s.about.Type == polls.Boxes || s.about.Type == polls.Polygons || s.about.Type == polls.Mask {
		files["coco.json"] = func(w io.Writer) error { return interchange.WriteCOCO(w, s.about, s.labeled()) }
	}
	for name, write := range files {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// again is what JSON makes of a value.
func again(t *testing.T, v any) any {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out any
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func checkHuggingFace(t *testing.T, s *sample, r *report) {
	t.Helper()
	type object = map[string]any
	var want []map[string]any
	for _, row := range s.rows {
		w := object{
			"key": row.Key, "text": row.Text, "confidence": float64(row.Confidence) / 1e6, "method": row.Method,
			"question_id": string(row.Question), "hash": row.Hash,
		}
		for _, empty := range []string{"question_id", "hash", "text"} { // an optional column has nothing in place of an empty text
			if w[empty] == "" {
				w[empty] = nil
			}
		}
		if s.about.Passage {
			w["passage"] = row.Passage
		}
		if s.about.Image {
			w["image"] = object{"size": []int{row.Image.Width, row.Image.Height}, "pixel": shadeOf(row.Image)}
			w["image_alt"], w["width"], w["height"] = row.Image.Alt, row.Image.Width, row.Image.Height
		}
		if row.Audio != nil {
			w["audio"] = object{"bytes": string(s.media[row.Audio.Hash]), "path": "audio/" + row.Audio.Hash + ".wav"}
		}
		if row.Choices != nil {
			w["choices"] = row.Choices
		}
		var pictures []object
		for _, c := range row.ChoiceImages {
			pictures = append(pictures, object{"size": []int{c.Width, c.Height}, "pixel": shadeOf(&c)})
		}
		if pictures != nil {
			w["choice_images"] = pictures
		}
		if s.about.Type.IsLabel() || s.about.Type == polls.Multiple {
			soft := []float64{}
			for _, p := range row.Soft {
				soft = append(soft, float64(p)/1e6)
			}
			w["soft_label"] = soft
		}
		if s.about.Type.IsLabel() {
			w["weight"] = 0.0 // of what is no label
			if row.Choice != labeling.NoChoice {
				w["weight"] = labeling.LabelWeight(row.Confidence, len(row.Choices)+len(s.about.Choices))
			}
		}
		if !s.about.Type.IsLabel() {
			w["label_value"] = nil
			if row.Value != "" {
				w["label_value"] = string(row.Value)
			}
		}
		if s.about.Truth {
			w["truth"] = nil
			if known := row.Truth; known != nil && known.Value != "" {
				w["truth"] = string(known.Value)
			} else if known != nil {
				w["truth"] = append(slices.Clone(row.Choices), s.about.Choices...)[known.Choice]
			}
		}
		column, label := hugLabel(t, s, row)
		w[column] = label
		answers := []object{}
		for _, a := range row.Answers {
			answers = append(answers, object{"worker": a.Worker, "label": wordOf(s, row, a.Choice, a.Value), "time": a.At.Format("2006-01-02T15:04:05.000+00:00")})
		}
		w["answers"] = answers
		want = append(want, again(t, w).(map[string]any))
	}
	if diff := cmp.Diff(want, r.HuggingFace.Rows); diff != "" {
		t.Errorf("datasets (-want +got):\n%s", diff)
	}
	card := again(t, object{
		"pretty_name": s.about.Name, "license": "cc-by-4.0", "language": []string{"en", "no"}, "size_categories": []string{"n<1K"},
		"annotations_creators": []string{"crowdsourced"}, "tags": []string{"tasknet", "human-feedback", "soft-labels"},
		"configs": []object{{"config_name": "default", "data_files": []object{{"split": "train", "path": "data/*.parquet"}}}},
	}).(object)
	if task := map[polls.Type]string{
		polls.Choice: "text-classification", polls.YesNo: "text-classification", polls.Scale: "text-classification", polls.Multiple: "image-classification",
		polls.Pair: "text-ranking", polls.Ranking: "text-ranking", polls.Boxes: "object-detection", polls.Polygons: "image-segmentation",
		polls.Mask: "image-segmentation", polls.Spans: "token-classification",
	}[s.about.Type]; task != "" {
		card["task_categories"] = []any{task}
	}
	if s.about.Audio {
		card["task_categories"] = []any{"audio-classification"}
	}
	ours, _ := r.HuggingFace.Card["tasknet"].(object)
	delete(r.HuggingFace.Card, "tasknet")
	labels := 0.0
	for _, n := range s.about.Choices {
		counted, _ := ours["labels"].(object)
		n, ok := counted[n].(float64)
		if !ok && s.about.Type != polls.Ranking {
			t.Errorf("the card has no count of every label: %v", ours)
		}
		labels += n
	}
	if agreement, _ := ours["agreement"].(object); ours["tasks"] != float64(len(s.rows)) || ours["people"] != 3.0 || ours["manifest"] != s.about.Manifest || agreement["percent"] != 1.0 ||
		s.about.Type == polls.Choice && !s.about.Audio && (labels != 3 || agreement["krippendorff_alpha"] != 1.0) {
		t.Errorf("the card says %v", ours)
	}
	if diff := cmp.Diff(card, r.HuggingFace.Card); diff != "" {
		t.Errorf("the card (-want +got):\n%s", diff)
	}
	if s.about.Type == polls.Choice && r.HuggingFace.Features["label"] != `ClassLabel(names=['cat & dog', '"mouse"', 'bird'])` {
		t.Errorf("datasets has the label as %s", r.HuggingFace.Features["label"])
	}
}

func shadeOf(i *polls.Image) int {
	var shade int
	fmt.Sscanf(i.Alt, "shade %d", &shade)
	return shade
}

// hugLabel is the column of the label and what it says.
func hugLabel(t *testing.T, s *sample, row *labeling.Labeled) (string, any) {
	t.Helper()
	type object = map[string]any
	empty := []object{}
	switch v := row.Value; s.about.Type {
	case polls.Multiple, polls.Ranking:
		return "label", json.RawMessage(v)
	case polls.Number:
		n, _ := v.Number()
		return "label", float64(n) / 1e6
	case polls.Text:
		return "label", json.RawMessage(v)
	case polls.Boxes:
		boxes, _ := v.Boxes()
		for _, b := range boxes {
			empty = append(empty, object{"category": b.Class, "bbox": []int{b.X, b.Y, b.W, b.H}})
		}
		return "objects", empty
	case polls.Polygons:
		polygons, _ := v.Polygons()
		for _, p := range polygons {
			empty = append(empty, object{"category": p.Class, "points": p.Points})
		}
		return "objects", empty
	case polls.Mask:
		// What the packed counts say is checked by the package of COCO.
		packed := map[int]string{0: "038OV2", 1: `\9a0Xk0`, 2: "b1Y1"}
		masks, _ := v.Masks()
		for _, m := range masks {
			empty = append(empty, object{"category": m.Class, "size": []int{row.Image.Height, row.Image.Width}, "counts": packed[m.Class]})
		}
		return "objects", empty
	case polls.Spans:
		spans, _ := v.Spans()
		points := []rune(row.Passage)
		for _, p := range spans {
			empty = append(empty, object{"category": p.Class, "start": p.Start, "end": p.End, "text": string(points[p.Start:p.End])})
		}
		return "spans", empty
	}
	if row.Choice == labeling.NoChoice {
		return "label", nil
	}
	return "label", row.Choice
}

// runs are the run lengths of bits.
func runs(bits []int) (counts []int) {
	run, last := 0, 0
	for _, bit := range bits {
		if bit != last {
			counts, run, last = append(counts, run), 0, bit
		}
		run++
	}
	return append(counts, run)
}

func checkLabelStudio(t *testing.T, s *sample, r *report) {
	t.Helper()
	if len(r.LabelStudio) != len(s.rows) {
		t.Fatalf("Label Studio has %d tasks", len(r.LabelStudio))
	}
	for i, row := range s.rows {
		task := r.LabelStudio[i]
		want := len(row.Answers)
		if row.Value != "" || row.Choice != labeling.NoChoice {
			want++
		}
		if task.Key != row.Key || len(task.Annotations) != want {
			t.Fatalf("Label Studio: %s has %d annotations, want %d", task.Key, len(task.Annotations), want)
		}
		for j, a := range task.Annotations {
			skipped := j > 0 && row.Answers[j-1].Choice == polls.CannotTell
			if a.Truth != (j == 0) || a.Skipped != skipped || j > 0 && task.Meta.Workers[j-1] != row.Answers[j-1].Worker {
				t.Errorf("Label Studio: annotation %d of %s: ground truth is %v, skipped %v, by %v", j, row.Key, a.Truth, a.Skipped, task.Meta.Workers)
			}
		}
		for i, p := range row.Soft {
			if choice := append(slices.Clone(row.Choices), s.about.Choices...)[i]; task.Meta.Soft[choice] != float64(p)/1e6 {
				t.Errorf("Label Studio: %s has soft labels %v, want %v", row.Key, task.Meta.Soft, row.Soft)
			}
		}
		if s.about.Type == polls.Mask {
			masks, _ := row.Value.Masks()
			for j, m := range masks {
				if diff := cmp.Diff(m.Counts, runs(task.Annotations[0].Masks[j])); diff != "" {
					t.Errorf("Label Studio: mask %d of %s (-want +got):\n%s", j, row.Key, diff)
				}
			}
		}
	}
}

func checkCOCO(t *testing.T, s *sample, r *report) {
	t.Helper()
	if s.about.Type != polls.Boxes && s.about.Type != polls.Polygons && s.about.Type != polls.Mask {
		return
	}
	if len(r.COCO) != len(s.rows) {
		t.Fatalf("pycocotools has %d images", len(r.COCO))
	}
	for i, row := range s.rows {
		image := r.COCO[i]
		var boxes []polls.Box
		var polygons []polls.Polygon
		var masks []polls.ClassMask
		switch s.about.Type {
		case polls.Boxes:
			boxes, _ = row.Value.Boxes()
		case polls.Polygons:
			polygons, _ = row.Value.Polygons()
		case polls.Mask:
			masks, _ = row.Value.Masks()
		}
		if image.Key != row.Key || len(image.Regions) != len(boxes)+len(polygons)+len(masks) {
			t.Fatalf("pycocotools: image %s has %d regions", image.Key, len(image.Regions))
		}
		for j, region := range image.Regions {
			switch s.about.Type {
			case polls.Boxes:
				b := boxes[j]
				if want := []int{b.X, b.Y, b.W, b.H}; region.Class != s.about.Choices[b.Class] || !slices.Equal(region.Bbox, want) || !slices.Equal(region.Box, want) || region.Pixels != b.W*b.H || region.Area != float64(b.W*b.H) {
					t.Errorf("pycocotools: %+v, want %+v", region, b)
				}
			case polls.Polygons:
				// Its own outline of pixels is half a pixel wider or narrower here and there.
				if p := polygons[j]; region.Class != s.about.Choices[p.Class] || float64(region.Pixels) < 0.8*region.Area || float64(region.Pixels) > 1.2*region.Area {
					t.Errorf("pycocotools: %d pixels of an area of %v", region.Pixels, region.Area)
				}
			case polls.Mask:
				m := masks[j]
				if diff := cmp.Diff(m.Counts, runs(region.Columns)); diff != "" || region.Class != s.about.Choices[m.Class] {
					t.Errorf("pycocotools: a mask of %s (-want +got):\n%s", region.Class, diff)
				}
				if !slices.Equal(region.Bbox, region.Box) || region.Area != float64(region.Pixels) {
					t.Errorf("pycocotools: box %v and area %v, want %v and %v", region.Bbox, region.Area, region.Box, region.Pixels)
				}
			}
		}
	}
}

// checkCrowdKit: all who can tell agree, so that every method says what they said. See disputed for answers that differ.
func checkCrowdKit(t *testing.T, s *sample, r *report) {
	t.Helper()
	want, answers := map[string]string{}, 0
	for _, row := range s.rows {
		answers += len(row.Answers)
		if len(row.Answers) > 0 {
			want[row.Key] = wordOf(s, row, row.Choice, row.Value)
		}
	}
	if r.CrowdKit.Answers != answers {
		t.Errorf("crowd-kit has %d answers, want %d", r.CrowdKit.Answers, answers)
	}
	for method, labels := range map[string]map[string]any{"majority": r.CrowdKit.Majority, "Dawid-Skene": r.CrowdKit.DawidSkene} {
		if diff := cmp.Diff(want, words(labels)); diff != "" {
			t.Errorf("crowd-kit, %s (-want +got):\n%s", method, diff)
		}
	}
}

// dispute is answers that differ, and what is to be made of them.
type dispute struct {
	answers              int
	majority, dawidSkene map[string]string
}

// disputed exports answers of three people who are mostly right and five who are mostly not. Tasks on which a majority is
// no clear one are left out.
func disputed(t *testing.T, file string) dispute {
	t.Helper()
	s := samples(t)[string(polls.Choice)]
	s.rows = nil
	random := rand.New(rand.NewPCG(11, 2))
	d := dispute{majority: map[string]string{}, dawidSkene: map[string]string{}}
	a := aggregate.Columns{Workers: 8, Classes: len(s.about.Choices)}
	for len(s.rows) < 300 {
		row := &labeling.Labeled{Key: fmt.Sprintf("task %03d", len(s.rows)), Text: "x", Choice: random.IntN(a.Classes), Soft: make([]int, a.Classes)}
		votes := make([]int, a.Classes)
		for w := range a.Workers {
			choice := row.Choice
			if w < 3 && random.IntN(10) == 0 || w >= 3 && random.IntN(10) > 0 {
				choice = random.IntN(a.Classes)
			}
			votes[choice]++
			row.Answers = append(row.Answers, labeling.LabeledAnswer{Worker: fmt.Sprint("w", w), Choice: choice})
		}
		order := slices.Sorted(slices.Values(votes))
		if order[len(order)-1] == order[len(order)-2] {
			continue
		}
		for w, answer := range row.Answers {
			a.Task, a.Worker, a.Class = append(a.Task, int32(len(s.rows))), append(a.Worker, int32(w)), append(a.Class, int32(answer.Choice))
		}
		d.majority[row.Key] = s.about.Choices[slices.Index(votes, slices.Max(votes))]
		d.answers += len(row.Answers)
		s.rows = append(s.rows, row)
	}
	a.Tasks = len(s.rows)
	v, err := aggregate.NewVotes(a)
	if err != nil {
		t.Fatal(err)
	}
	r, err := aggregate.Fit(t.Context(), aggregate.DawidSkene, v, aggregate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	differ := 0
	for i, row := range s.rows {
		d.dawidSkene[row.Key] = s.about.Choices[r.Class[i]]
		if d.dawidSkene[row.Key] != d.majority[row.Key] {
			differ++
		}
	}
	if differ < 5 {
		t.Fatalf("methods differ on %d tasks: these answers tell none from another", differ)
	}
	var b bytes.Buffer
	if err := interchange.WriteAnswers(&b, s.about, s.labeled()); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return d
}

// check wants of crowd-kit what is made of the same answers here.
func (d dispute) check(t *testing.T, r *report) {
	t.Helper()
	if r.CrowdKit.Answers != d.answers {
		t.Errorf("crowd-kit has %d answers, want %d", r.CrowdKit.Answers, d.answers)
	}
	if diff := cmp.Diff(d.majority, words(r.CrowdKit.Majority)); diff != "" {
		t.Errorf("crowd-kit, majority (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(d.dawidSkene, words(r.CrowdKit.DawidSkene)); diff != "" {
		t.Errorf("crowd-kit, Dawid-Skene (-want +got):\n%s", diff)
	}
}

// words writes labels as text.
func words(labels map[string]any) map[string]string {
	out := map[string]string{}
	for task, label := range labels {
		out[task] = fmt.Sprint(label)
	}
	return out
}

// checkTheirs reads what the packages wrote.
func checkTheirs(t *testing.T, folder string, counts []int) {
	t.Helper()
	read := func(name string, o interchange.TasksOptions) ([]labeling.TaskRow, map[string]string) {
		t.Helper()
		f, err := os.Open(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		tasks, bad, files, err := collect(interchange.Tasks(t.Context(), interchange.File{Reader: f, Name: name}, o))
		if err != nil || bad != nil {
			t.Fatalf("%s: %v, %v", name, bad, err)
		}
		return tasks, files
	}
	mask := func(classes ...int) string {
		var masks []polls.ClassMask
		for _, c := range classes {
			masks = append(masks, polls.ClassMask{Class: c, Counts: counts})
		}
		return string(valueOf(t, masks))
	}
	tasks, _ := read("coco.json", interchange.TasksOptions{Type: polls.Mask, Choices: []string{"bird", "cat"}})
	if diff := cmp.Diff([]labeling.TaskRow{{Key: "9", Image: "a/9.png", Width: 37, Height: 23, Truth: mask(0, 1)}}, tasks); diff != "" {
		t.Errorf("coco (-want +got):\n%s", diff)
	}
	made, err := interchange.NewLabelConfig(samples(t)["mask"].about)
	if err != nil {
		t.Fatal(err)
	}
	config, err := interchange.ParseLabelConfig([]byte(made.XML()))
	if err != nil {
		t.Fatal(err)
	}
	tasks, _ = read("studio.json", interchange.TasksOptions{Config: config})
	if diff := cmp.Diff([]labeling.TaskRow{{Key: "4", Text: "?", Image: "9.png", Width: 37, Height: 23, Truth: mask(2)}}, tasks); diff != "" {
		t.Errorf("label studio (-want +got):\n%s", diff)
	}
	tasks, files := read("hugging.parquet", interchange.TasksOptions{})
	want := []labeling.TaskRow{{Text: "one", Truth: "1", Image: "image"}, {Text: "two", Truth: "0", Image: "image"}}
	if diff := cmp.Diff(want, tasks); diff != "" || !strings.HasPrefix(files["image"], "\x89PNG") {
		t.Errorf("datasets' Parquet (-want +got):\n%s", diff)
	}
	for i := range want {
		want[i].Image = ""
	}
	for _, name := range []string{"hugging.jsonl", "hugging.csv"} {
		tasks, _ = read(name, interchange.TasksOptions{})
		if diff := cmp.Diff(want, tasks); diff != "" {
			t.Errorf("datasets' %s (-want +got):\n%s", name, diff)
		}
	}
}
