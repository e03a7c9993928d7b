package interchange_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/interchange"
)

// Every type comes back from Label Studio's JSON, with the configuration that belongs to it.
func TestLabelStudioThereAndBack(t *testing.T) {
	for name, s := range samples(t) {
		kind := s.about.Type
		made, err := interchange.NewLabelConfig(s.about)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		config, err := interchange.ParseLabelConfig([]byte(made.XML()))
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, made.XML())
		}
		wantType := kind
		if kind == polls.Scale { // which is not told from choices
			wantType = polls.Choice
		}
		if config.Type != wantType || !slices.Equal(config.Choices, s.about.Choices) {
			t.Errorf("%s: read as %s of %q", name, config.Type, config.Choices)
		}
		if kind == polls.Number {
			want := *s.about.Options.Number
			want.Unit = ""
			if diff := cmp.Diff(&want, config.Options.Number); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
		var file bytes.Buffer
		if err := interchange.WriteLabelStudio(&file, s.about, s.labeled()); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		tasks, bad := readTasks(t, "", file.String(), interchange.TasksOptions{Type: kind, Config: config})
		if bad != nil || len(tasks) != len(s.rows) {
			t.Fatalf("%s: %v, %v", name, tasks, bad)
		}
		for i, row := range s.rows {
			if s.about.ChoiceImages { // the images are the choices
				row.Choices = []string{"Left", "Right"}
			}
			if got := tasks[i]; got.Key != row.Key || got.Passage != row.Passage || got.Text != row.Text || !slices.Equal(got.Choices, row.Choices) {
				t.Errorf("%s: %+v", name, got)
			}
			if got := tasks[i].Truth; got != truthOf(s, row) {
				t.Errorf("%s: %s has truth %s, want %s", name, row.Key, got, truthOf(s, row))
			}
		}
	}
}

// truthOf is a row's label as a reader of tasks gives it from Label Studio's or COCO's files.
func truthOf(s *sample, row *labeling.Labeled) string {
	switch {
	case row.Value == `[]` && s.about.Type == polls.Multiple: // nothing chosen is no result
		return ""
	case row.Value != "":
		return string(row.Value)
	case row.Choice == labeling.NoChoice:
		return ""
	case s.about.Type == polls.Pair:
		return fmt.Sprint(row.Choice)
	}
	return s.about.Choices[row.Choice]
}

// Truths that are known stand beside the labels, and cards count them.
func TestExportsHaveTruths(t *testing.T) {
	for name, s := range samples(t) {
		var studio bytes.Buffer
		if err := interchange.WriteLabelStudio(&studio, s.about, s.labeled()); err != nil {
			t.Fatal(err)
		}
		var tasks []struct{ Meta struct{ Truth any } }
		if err := json.Unmarshal(studio.Bytes(), &tasks); err != nil {
			t.Fatal(err)
		}
		for i, row := range s.rows {
			if diff := cmp.Diff(jsonTruth(t, s, row), tasks[i].Meta.Truth); diff != "" {
				t.Errorf("%s: %s of Label Studio (-want +got):\n%s", name, row.Key, diff)
			}
		}
		folder := t.TempDir()
		if err := interchange.WriteParquet(t.Context(), outputOf(t, folder), s.open, s.about, s.labeled()); err != nil {
			t.Fatal(err)
		}
		card, err := os.ReadFile(filepath.Join(folder, "README.md"))
		if err != nil {
			t.Fatal(err)
		}
		for _, says := range []string{"  truths: 1\n", "| Tasks whose truth the requester gave | 1 |", "`truth` is what", "- name: \"truth\"\n    dtype: string\n"} {
			if strings.Contains(string(card), says) != s.about.Truth {
				t.Errorf("%s: the card has %q: %v\n%s", name, says, !s.about.Truth, card)
			}
		}
	}
	s := samples(t)["boxes"]
	var coco bytes.Buffer
	if err := interchange.WriteCOCO(&coco, s.about, s.labeled()); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Truth []map[string]any `json:"tasknet_truth"`
	}
	if err := json.Unmarshal(coco.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	want := again(t, []map[string]any{{"image_id": 1, "regions": []map[string]any{{
		"id": 1, "image_id": 1, "category_id": 2, "bbox": []int{2, 3, 4, 1}, "area": 4, "segmentation": [][]int{{2, 3, 6, 3, 6, 4, 2, 4}}, "iscrowd": 0, "tasknet_confidence": 1,
	}}}})
	if diff := cmp.Diff(want, again(t, got.Truth)); diff != "" {
		t.Errorf("COCO (-want +got):\n%s", diff)
	}
}

// TestExportsHaveRegions writes how sure each region of a label is, and of all together where that is not known.
func TestExportsHaveRegions(t *testing.T) {
	s := samples(t)["boxes"]
	first := s.rows[0]
	boxes, err := first.Value.Boxes()
	if err != nil {
		t.Fatal(err)
	}
	for i := range boxes {
		first.Regions = append(first.Regions, 900_000-i*100_000)
	}
	var coco, studio bytes.Buffer
	if err := errors.Join(interchange.WriteCOCO(&coco, s.about, s.labeled()), interchange.WriteLabelStudio(&studio, s.about, s.labeled())); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Annotations []struct {
			Image      int     `json:"image_id"`
			Confidence float64 `json:"tasknet_confidence"`
		}
	}
	var tasks []struct {
		Meta struct {
			Each []float64 `json:"region_confidence"`
		}
	}
	if err := errors.Join(json.Unmarshal(coco.Bytes(), &got), json.Unmarshal(studio.Bytes(), &tasks)); err != nil {
		t.Fatal(err)
	}
	for i, a := range got.Annotations {
		if want := 0.9 - float64(i)/10; a.Image == 1 && math.Abs(a.Confidence-want) > 1e-9 || a.Image > 1 && a.Confidence != float64(s.rows[a.Image-1].Confidence)/1e6 {
			t.Errorf("region %d of image %d has confidence %v", i, a.Image, a.Confidence)
		}
	}
	if len(boxes) == 0 || len(tasks[0].Meta.Each) != len(boxes) || tasks[0].Meta.Each[0] != 0.9 || tasks[1].Meta.Each != nil {
		t.Errorf("of %d boxes, Label Studio has %+v", len(boxes), tasks)
	}
}

// jsonTruth is a row's truth as JSON has it: a choice's word, or the value.
func jsonTruth(t *testing.T, s *sample, row *labeling.Labeled) any {
	t.Helper()
	switch known := row.Truth; {
	case known == nil:
		return nil
	case known.Value != "":
		return again(t, json.RawMessage(known.Value))
	default:
		return append(slices.Clone(row.Choices), s.about.Choices...)[known.Choice]
	}
}

func TestCOCOThereAndBack(t *testing.T) {
	for name, s := range samples(t) {
		kind := s.about.Type
		var file bytes.Buffer
		err := interchange.WriteCOCO(&file, s.about, s.labeled())
		if kind != polls.Boxes && kind != polls.Polygons && kind != polls.Mask {
			if err == nil || file.Len() > 0 {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		tasks, bad := readTasks(t, "", file.String(), interchange.TasksOptions{Type: kind, Choices: s.about.Choices})
		if bad != nil || len(tasks) != len(s.rows) {
			t.Fatalf("%s: %v, %v", name, tasks, bad)
		}
		for i, row := range s.rows {
			got := tasks[i]
			if got.Key != fmt.Sprint(i+1) || !strings.HasPrefix(got.Image, "images/"+row.Image.Hash) || got.Width != row.Image.Width || got.Height != row.Image.Height {
				t.Errorf("%s: %+v", name, got)
			}
			if got.Truth != truthOf(s, row) {
				t.Errorf("%s: %s has truth %s, want %s", name, row.Key, got.Truth, truthOf(s, row))
			}
		}
	}
}

// Rows of JSON lines and of Parquet are tasks again, and raw answers are answers again.
func TestExportsAreRead(t *testing.T) {
	for name, s := range samples(t) {
		kind := s.about.Type
		var lines bytes.Buffer
		if err := interchange.WriteJSONL(&lines, s.about, s.labeled()); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		folder := t.TempDir()
		if err := interchange.WriteParquet(t.Context(), outputOf(t, folder), s.open, s.about, s.labeled()); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		part, err := os.ReadFile(filepath.Join(folder, "data/part-00000.parquet"))
		if err != nil {
			t.Fatal(err)
		}
		for file, body := range map[string][]byte{"rows.jsonl": lines.Bytes(), "part.parquet": part} {
			tasks, bad, files, err := collect(interchange.Tasks(t.Context(), interchange.File{Reader: bytes.NewReader(body), Name: file}, interchange.TasksOptions{Type: kind}))
			if err != nil || bad != nil || len(tasks) != len(s.rows) {
				t.Fatalf("%s, %s: %v, %v, %v", name, file, tasks, bad, err)
			}
			for i, row := range s.rows {
				want := labeling.TaskRow{Key: row.Key, Text: row.Text, Passage: row.Passage, Choices: row.Choices, Truth: string(row.Value)}
				if row.Audio != nil {
					want.Audio = "audio/" + row.Audio.Hash + ".wav"
				}
				for _, c := range row.ChoiceImages {
					at := "images/" + c.Hash + ".png"
					want.ChoiceImages = append(want.ChoiceImages, at)
					if file == "part.parquet" && files[at] != string(s.media[c.Hash]) {
						t.Errorf("%s, %s: %d bytes of image %s", name, file, len(files[at]), at)
					}
				}
				if row.Image != nil {
					want.Image, want.ImageAlt = tasks[i].Image, row.Image.Alt
					if !strings.HasPrefix(want.Image, "images/"+row.Image.Hash) {
						t.Errorf("%s, %s: the image is %s", name, file, want.Image)
					}
					if file == "part.parquet" && files[want.Image] != string(s.media[row.Image.Hash]) {
						t.Errorf("%s, %s: %d bytes of image %s", name, file, len(files[want.Image]), want.Image)
					}
				}
				if row.Value == "" && row.Choice != labeling.NoChoice {
					want.Truth = fmt.Sprint(row.Choice)
					if file == "rows.jsonl" {
						want.Truth = append(slices.Clone(row.Choices), s.about.Choices...)[row.Choice]
					}
				}
				switch known := row.Truth; { // which comes before the label
				case known != nil && known.Value != "":
					want.Truth = string(known.Value)
				case known != nil:
					want.Truth = append(slices.Clone(row.Choices), s.about.Choices...)[known.Choice]
				case s.about.Truth && file == "part.parquet":
					want.Truth = ""
				}
				if diff := cmp.Diff(want, tasks[i]); diff != "" {
					t.Errorf("%s, %s (-want +got):\n%s", name, file, diff)
				}
			}
		}

		var answered bytes.Buffer
		if err := interchange.WriteAnswers(&answered, s.about, s.labeled()); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		answers := readAnswers(t, "answers.csv", answered.String(), interchange.AnswersOptions{CannotTell: interchange.CannotTell})
		var want []row
		for _, labeled := range s.rows {
			for _, a := range labeled.Answers {
				word := wordOf(s, labeled, a.Choice, a.Value)
				if word == interchange.CannotTell { // as rowsOf has it
					word = "cannot tell"
				}
				want = append(want, row{labeled.Key, a.Worker, word})
			}
		}
		if diff := cmp.Diff(want, rowsOf(answers)); diff != "" || answers.Malformed.Count != 0 {
			t.Errorf("%s: %v (-want +got):\n%s", name, answers.Malformed, diff)
		}
		table, err := csv.NewReader(&answered).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		truths := map[string]string{}
		for _, line := range table[1:] {
			if s.about.Truth != (len(line) == 5) {
				t.Fatalf("%s: %d columns: %q", name, len(line), line)
			}
			if s.about.Truth {
				truths[line[0]] = line[4]
			}
		}
		for _, labeled := range s.rows {
			want := ""
			if labeled.Truth != nil {
				want = wordOf(s, labeled, labeled.Truth.Choice, labeled.Truth.Value)
			}
			if truths[labeled.Key] != want {
				t.Errorf("%s: %s has truth %q, want %q", name, labeled.Key, truths[labeled.Key], want)
			}
		}
	}
}

// wordOf is an answer as raw answers have it.
func wordOf(s *sample, row *labeling.Labeled, choice int, value polls.Value) string {
	var text string
	switch {
	case value != "" && json.Unmarshal([]byte(value), &text) == nil:
		return text
	case value != "":
		return string(value)
	case choice == polls.CannotTell:
		return interchange.CannotTell
	}
	return append(slices.Clone(row.Choices), s.about.Choices...)[choice]
}

// output writes files below a folder, one at a time.
type output struct {
	t      testing.TB
	folder string
	open   bool
}

func outputOf(t testing.TB, folder string) *output { return &output{t: t, folder: folder} }

type outputFile struct {
	*os.File
	of *output
}

func (f outputFile) Close() error {
	f.of.open = false
	return f.File.Close()
}

func (o *output) Create(name string) (io.WriteCloser, error) {
	if o.open {
		o.t.Errorf("%s is created while another file is open", name)
	}
	path := filepath.Join(o.folder, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	f, err := os.Create(path)
	o.open = err == nil
	return outputFile{f, o}, err
}

// Rows that are not of the dataset's type, and errors of rows, end a writer.
func TestExportsOfBadRows(t *testing.T) {
	s := samples(t)["boxes"]
	broken := errors.New("the database is gone")
	for name, tt := range map[string]struct {
		change func(*labeling.Labeled)
		err    error
		want   string
	}{
		"choice":    {func(r *labeling.Labeled) { r.Value, r.Choice = "", 1 }, nil, "dataset row"},
		"value":     {func(r *labeling.Labeled) { r.Value = `[{"class":7,"h":1,"w":1,"x":0,"y":0}]` }, nil, "Boxes have a class"},
		"answer":    {func(r *labeling.Labeled) { r.Answers = []labeling.LabeledAnswer{{Worker: "ann", Value: `"x"`}} }, nil, "answer of ann"},
		"no image":  {func(r *labeling.Labeled) { r.Image = nil }, nil, "there is no image"},
		"truth":     {func(r *labeling.Labeled) { r.Truth = &labeling.Truth{Choice: 1} }, nil, "dataset row \"task 1, of \\\"boxes\\\"\", truth"},
		"soft":      {func(r *labeling.Labeled) { r.Soft = []int{1} }, nil, "1 soft labels for 3 choices"},
		"its error": {func(*labeling.Labeled) {}, broken, "the database is gone"},
	} {
		row := *s.rows[0]
		tt.change(&row)
		rows := func(yield func(*labeling.Labeled, error) bool) { yield(&row, tt.err) }
		for format, write := range map[string]func() error{
			"jsonl":        func() error { return interchange.WriteJSONL(io.Discard, s.about, rows) },
			"csv":          func() error { return interchange.WriteAnswers(io.Discard, s.about, rows) },
			"label studio": func() error { return interchange.WriteLabelStudio(io.Discard, s.about, rows) },
			"coco":         func() error { return interchange.WriteCOCO(io.Discard, s.about, rows) },
			"parquet": func() error {
				return interchange.WriteParquet(t.Context(), outputOf(t, t.TempDir()), s.open, s.about, rows)
			},
		} {
			if err := write(); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s, %s: %v, want %q", name, format, err, tt.want)
			}
		}
	}
	delete(s.media, s.rows[0].Image.Hash)
	if err := interchange.WriteParquet(t.Context(), outputOf(t, t.TempDir()), s.open, s.about, s.labeled()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without its image: %v", err)
	}
}

// Only regions say how their image lies, and every format calls the moment of an answer its time.
func TestExportedNames(t *testing.T) {
	for name, s := range samples(t) {
		var studio, lines, table bytes.Buffer
		if err := errors.Join(interchange.WriteLabelStudio(&studio, s.about, s.labeled()), interchange.WriteJSONL(&lines, s.about, s.labeled()), interchange.WriteAnswers(&table, s.about, s.labeled())); err != nil {
			t.Fatal(err)
		}
		regions := s.about.Type == polls.Boxes || s.about.Type == polls.Polygons || s.about.Type == polls.Mask
		for _, key := range []string{`"image_rotation":0`, `"original_width":`} {
			if got := strings.Contains(studio.String(), key); got != regions {
				t.Errorf("%s: Label Studio's file has %s: %v", name, key, got)
			}
		}
		row, _, _ := strings.Cut(lines.String(), "\n")
		var got struct{ Answers []map[string]any }
		if err := json.Unmarshal([]byte(row), &got); err != nil || len(got.Answers) == 0 {
			t.Fatalf("%s: %v in %s", name, err, row)
		}
		when := s.rows[0].Answers[0].At.UTC().Format("2006-01-02T15:04:05.000Z")
		if got.Answers[0]["time"] != when || got.Answers[0]["at"] != nil {
			t.Errorf("%s: an answer in JSON lines is %v, and was given at %s", name, got.Answers[0], when)
		}
		header, rest, _ := strings.Cut(table.String(), "\n")
		if column := slices.Index(strings.Split(strings.TrimSpace(header), ","), "time"); column < 0 || !strings.Contains(rest, when) {
			t.Errorf("%s: no time %s in %s\n%s", name, when, header, rest)
		}
	}
}

// TestExportedWeights: a label counts by how sure it is, what is no label not at all, and what is no choice has no weight.
func TestExportedWeights(t *testing.T) {
	all := samples(t)
	s := all[string(polls.Choice)]
	s.rows[1].Confidence, s.rows[1].Soft = 500_000, nil
	s.rows[2].Choice, s.rows[2].Soft = labeling.NoChoice, nil
	for _, c := range []struct {
		of   *sample
		want []float64
	}{{s, []float64{0.868518, 0.25, 0, 0}}, {all[string(polls.Multiple)], []float64{0, 0, 0}}} {
		var b bytes.Buffer
		if err := interchange.WriteJSONL(&b, c.of.about, c.of.labeled()); err != nil {
			t.Fatal(err)
		}
		var got []float64
		for d := json.NewDecoder(&b); d.More(); {
			var row struct{ Weight float64 }
			if err := d.Decode(&row); err != nil {
				t.Fatal(err)
			}
			got = append(got, row.Weight)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("the weights of %s are %v, want %v", c.of.about.Type, got, c.want)
		}
	}
}
