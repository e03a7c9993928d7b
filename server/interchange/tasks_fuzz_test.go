package interchange_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/interchange"
)

// FuzzTasks reads anything as every type, and checks what always holds of rows.
func FuzzTasks(f *testing.F) {
	entries := []entry{{"a/1.png", "x", false}, {"../2.png", "y", false}, {"t.csv", "key,image\na,a/1.png\n", false}}
	seeds := [][]byte{
		[]byte("key,text,truth,choices\na,\"b\nc\",[0],x|y\n"), []byte("\ufeffleft\tright\nx\ty\n\n\"\n"),
		[]byte(`{"text":"a","truth":[0,1]}` + "\n" + `{"image":"a","truth":"x"}`), []byte(`[{"text":"a"},{},3,"]",[{}]]`), []byte(cocoFile(`{"image_id":5,"category_id":7,"bbox":[0,0,1,1],"segmentation":{"size":[8,10],"counts":"08X2"}}`)),
		[]byte(studioTask(`{"image":"a","text":"b"}`, box(`{"x":1,"y":2,"width":3,"height":4,"rectanglelabels":["cat"],"rle":[0,0,0,64,56,18,27,240]}`))),
		[]byte(studioTask(`{"text":"😀 b"}`, `{"from_name":"l","type":"labels","value":{"start":0,"end":1,"labels":["cat"],"choices":["dog"],"number":1.5,"text":["x"],"ranker":{"a":["0"]},"selected":"left"}}`)),
		zipOf(f, entries), zipOf(f, entries[:2]), tarOf(f, entries),
	}
	for _, seed := range seeds {
		for kind := range polls.Types() {
			f.Add(seed, uint8(kind))
		}
	}
	config := parseConfig(f, boxConfig)
	f.Fuzz(func(t *testing.T, file []byte, kind uint8) {
		if len(file) > 1<<16 {
			t.Skip("long")
		}
		types := append(polls.Types(), "")
		o := interchange.TasksOptions{Type: types[int(kind)%len(types)], Choices: []string{"cat", "dog"}}
		if kind >= 128 {
			o.Config = config
		}
		tasks, bad, _, err := collect(interchange.Tasks(t.Context(), interchange.File{Reader: bytes.NewReader(file)}, o))
		if err != nil && !errors.Is(err, interchange.ErrBadFile) {
			t.Fatal(err)
		}
		for _, b := range bad {
			if b.Line < 1 || b.Problem == "" {
				t.Errorf("a malformed row is on line %d: %s", b.Line, b.Problem)
			}
		}
		for _, row := range tasks {
			for _, s := range slices.Concat([]string{row.Key, row.Text, row.Passage, row.Image, row.ImageAlt, row.Audio, row.Truth}, row.Choices, row.ChoiceImages) {
				if !utf8.ValidString(s) {
					t.Errorf("%q is not UTF-8", s)
				}
			}
			if row.Text+row.Passage+row.Image+row.Audio == "" && row.Choices == nil && row.ChoiceImages == nil {
				t.Errorf("%+v shows nothing", row)
			}
		}
	})
}

// FuzzTasksParquet reads files that are nearly Parquet.
func FuzzTasksParquet(f *testing.F) {
	type file struct {
		Bytes []byte `parquet:"bytes,optional"`
		Path  string `parquet:"path,optional"`
	}
	type task struct {
		Key   string   `parquet:"key,dict"`
		Image file     `parquet:"image,optional"`
		List  []string `parquet:"choices,list,zstd"`
		Truth *int64   `parquet:"truth,optional"`
	}
	one := int64(1)
	f.Add(parquetOf(f, []task{{"a", file{[]byte("x"), "y"}, []string{"p", "q"}, &one}, {"b", file{}, nil, nil}}))
	f.Fuzz(func(t *testing.T, body []byte) {
		if len(body) > 1<<16 {
			t.Skip("long")
		}
		_, _, _, err := collect(interchange.Tasks(t.Context(), interchange.File{Reader: bytes.NewReader(body), Name: "a.parquet"}, interchange.TasksOptions{}))
		if err != nil && !errors.Is(err, interchange.ErrBadFile) {
			t.Fatal(err)
		}
	})
}

// FuzzLabelConfig parses anything. What can be asked can be written as a configuration again, and read.
func FuzzLabelConfig(f *testing.F) {
	for _, xml := range []string{
		boxConfig, spanConfig, `<View><Text name="t" value="$text"/><Choices name="c" toName="t" choice="multiple"><Choice value="a" alias="&lt;"/></Choices></View>`,
		`<List name="l" value="$items"/><Ranker name="r" toName="l"/>`, `<Image name="i" value="$i"/><Number name="n" toName="i" min="-0.5" max="1" step="0.01"/>`, `<a:View xmlns:a="b"><Rating toName="x"/>`,
	} {
		f.Add(xml)
	}
	f.Fuzz(func(t *testing.T, xml string) {
		c, err := interchange.ParseLabelConfig([]byte(xml))
		if err != nil {
			if !errors.Is(err, interchange.ErrBadFile) {
				t.Fatal(err)
			}
			return
		}
		if !c.Type.Known() {
			t.Fatalf("%s is read as %q", xml, c.Type)
		}
		made, err := interchange.NewLabelConfig(interchange.About{Type: c.Type, Choices: c.Choices, Options: c.Options, Image: true})
		if err != nil {
			t.Fatal(err)
		}
		again, err := interchange.ParseLabelConfig([]byte(made.XML()))
		if err != nil {
			t.Fatalf("%v\n%s", err, made.XML())
		}
		if !slices.Equal(c.Choices, again.Choices) {
			t.Errorf("%q became %q", c.Choices, again.Choices)
		}
	})
}

// FuzzMasks writes masks as Label Studio's and COCO's, and reads them back.
func FuzzMasks(f *testing.F) {
	f.Add([]byte{0, 3, 8, 2, 78}, uint16(7))
	f.Add([]byte{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 255, 255, 9}, uint16(13))
	f.Fuzz(func(t *testing.T, lengths []byte, height uint16) {
		counts, total := []int{0}, 0
		for _, n := range lengths {
			if n == 0 {
				continue
			}
			long := int(n)
			if n > 200 {
				long = int(n-200) * 1000
			}
			counts, total = append(counts, long), total+long
		}
		if total == 0 || height == 0 || total > 1<<20 {
			return
		}
		if rest := total % int(height); rest > 0 { // whole columns
			counts, total = append(counts, int(height)-rest), total+int(height)-rest
		}
		s := samples(t)["mask"]
		row := &labeling.Labeled{Key: "k", Image: &polls.Image{Hash: "a", Width: total / int(height), Height: int(height)}, Value: valueOf(t, []polls.ClassMask{{Class: 1, Counts: counts}})}
		s.rows = []*labeling.Labeled{row}
		config := parseConfig(t, func() string { c, _ := interchange.NewLabelConfig(s.about); return c.XML() }())
		var studio, coco bytes.Buffer
		if err := errors.Join(interchange.WriteLabelStudio(&studio, s.about, s.labeled()), interchange.WriteCOCO(&coco, s.about, s.labeled())); err != nil {
			t.Fatal(err)
		}
		for name, file := range map[string]string{"Label Studio": studio.String(), "COCO": coco.String()} {
			tasks, bad := readTasks(t, "", file, interchange.TasksOptions{Type: polls.Mask, Choices: s.about.Choices, Config: config})
			if bad != nil || len(tasks) != 1 || tasks[0].Truth != string(row.Value) {
				t.Fatalf("%s: %v %s, want %s", name, bad, fmt.Sprint(tasks), row.Value)
			}
		}
	})
}
