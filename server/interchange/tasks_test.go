package interchange_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/interchange"
)

// collect reads all rows. The files of rows are read as they come.
func collect(rows interchange.Rows) (tasks []labeling.TaskRow, bad []labeling.BadRow, files map[string]string, err error) {
	files = map[string]string{}
	last := 0
	for row, err := range rows {
		var b *labeling.BadRow
		switch {
		case errors.As(err, &b):
			bad = append(bad, *b)
			continue
		case err != nil:
			return tasks, bad, files, err
		}
		for _, name := range append([]string{row.Image, row.Audio}, row.ChoiceImages...) {
			if row.File == nil || name == "" {
				continue
			}
			body, err := row.File(context.Background(), name)
			if err != nil {
				files[name] = err.Error()
				continue
			}
			files[name] = string(body)
		}
		if row.Line < 1 || row.Line < last {
			return tasks, bad, files, fmt.Errorf("row %d is on line %d, after line %d", len(tasks)+1, row.Line, last)
		}
		last = row.Line
		row.Line, row.File = 0, nil
		tasks = append(tasks, row)
	}
	return tasks, bad, files, nil
}

func readTasks(t *testing.T, name, text string, o interchange.TasksOptions) ([]labeling.TaskRow, []labeling.BadRow) {
	t.Helper()
	tasks, bad, _, err := collect(interchange.Tasks(t.Context(), interchange.File{Reader: strings.NewReader(text), Name: name}, o))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return tasks, bad
}

func TestFormsOfTasks(t *testing.T) {
	want := []labeling.TaskRow{
		{Key: "t1", Text: "Is it blue?", Image: "https://example.org/1.png", Truth: "yes"},
		{Key: "t2", Text: `"Or" green,`, Image: "2.png"},
	}
	for name, tt := range map[string]struct{ file, text string }{
		"csv":            {"a.csv", "key,text,image,truth\nt1,Is it blue?,https://example.org/1.png,yes\nt2,\"\"\"Or\"\" green,\",2.png,\n"},
		"other names":    {"", "Label;IMG;note;Task_ID;prompt\nyes;https://example.org/1.png;x;t1;Is it blue?\n;2.png;y;t2;\"\"\"Or\"\" green,\"\n"},
		"tabs, bom":      {"a.tsv", "\ufeffkey\ttext\timage\ttruth\r\nt1\tIs it blue?\thttps://example.org/1.png\tyes\r\nt2\t\"\"\"Or\"\" green,\"\t2.png\t\r\n"},
		"json lines":     {"a.jsonl", `{"key":"t1","text":"Is it blue?","image":"https://example.org/1.png","truth":"yes"}` + "\n\n" + `{"text":"\"Or\" green,","id":"t2","truth":null,"file_name":"2.png"}`},
		"json array":     {"a.json", `[ {"key":"t1","text":"Is it blue?","image":"https://example.org/1.png","truth":"yes"},` + "\n" + `{"text":"\"Or\" green,","key":"t2","image":"2.png"} ]`},
		"label studio":   {"", `[{"id":"t1","data":{"text":"Is it blue?","image":"https://example.org/1.png","truth":"yes"}},{"id":7,"data":{"key":"t2","text":"\"Or\" green,","image":"2.png"},"annotations":[]}]`},
		"studio's lines": {"a.jsonl", `{"id":"t1","data":{"text":"Is it blue?","image":"https://example.org/1.png","truth":"yes"}}` + "\n" + `{"data":{"key":"t2","text":"\"Or\" green,","image":"2.png"}}`},
	} {
		tasks, bad := readTasks(t, tt.file, tt.text, interchange.TasksOptions{})
		if diff := cmp.Diff(want, tasks); diff != "" || bad != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, bad, diff)
		}
	}
}

func TestCellsOfTasks(t *testing.T) {
	long := strings.Repeat("0123456789", 1000)
	for name, tt := range map[string]struct {
		text string
		o    interchange.TasksOptions
		want labeling.TaskRow
	}{
		"10 kB key":        {"key,text\n" + long + ",a\n", interchange.TasksOptions{}, labeling.TaskRow{Key: long, Text: "a"}},
		"pair":             {"left,right\nthis one,that one\n", interchange.TasksOptions{}, labeling.TaskRow{Choices: []string{"this one", "that one"}}},
		"choices":          {"text,choices,choice_images\na,b | c,\"[\"\"x.png\"\",\"\"y.png\"\"]\"\n", interchange.TasksOptions{}, labeling.TaskRow{Text: "a", Choices: []string{"b", "c"}, ChoiceImages: []string{"x.png", "y.png"}}},
		"json choices":     {`{"text":"a","choices":["b","c"],"truth":1}`, interchange.TasksOptions{}, labeling.TaskRow{Text: "a", Choices: []string{"b", "c"}, Truth: "1"}},
		"json truth":       {`{"image":"a.png","truth":[{"w":3,"x":1,"h":4,"class":0,"y":2}]}`, interchange.TasksOptions{}, labeling.TaskRow{Image: "a.png", Truth: `[{"class":0,"h":4,"w":3,"x":1,"y":2}]`}},
		"importance":       {"text,importance\na,2.5\n", interchange.TasksOptions{}, labeling.TaskRow{Text: "a", Importance: "2.5"}},
		"json importance":  {`{"text":"a","importance":3}`, interchange.TasksOptions{}, labeling.TaskRow{Text: "a", Importance: "3"}},
		"json list":        {`{"text":"a","truth":[0, 2]}`, interchange.TasksOptions{}, labeling.TaskRow{Text: "a", Truth: "[0,2]"}},
		"true":             {`{"text":"a","truth":true}`, interchange.TasksOptions{}, labeling.TaskRow{Text: "a", Truth: "true"}},
		"true is yes":      {`{"text":"a","truth":true}`, interchange.TasksOptions{Type: polls.YesNo}, labeling.TaskRow{Text: "a", Truth: "Yes"}},
		"false is no":      {"text,truth\na,False\n", interchange.TasksOptions{Type: polls.YesNo}, labeling.TaskRow{Text: "a", Truth: "No"}},
		"passage, audio":   {"document,audio_url,alt\n\"a\nb\",c.wav,d\n", interchange.TasksOptions{}, labeling.TaskRow{Passage: "a\nb", Audio: "c.wav", ImageAlt: "d"}},
		"question":         {"id,question\n1,Is it blue?\n", interchange.TasksOptions{}, labeling.TaskRow{Key: "1", Text: "Is it blue?"}},
		"best name is set": {"id,key,text\n1,k,a\n", interchange.TasksOptions{}, labeling.TaskRow{Key: "k", Text: "a"}},
	} {
		tasks, bad := readTasks(t, "", tt.text, tt.o)
		if diff := cmp.Diff([]labeling.TaskRow{tt.want}, tasks); diff != "" || bad != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, bad, diff)
		}
	}
}

// Rows know where they begin.
func TestLinesOfTasks(t *testing.T) {
	for name, tt := range map[string]struct {
		file, text string
		want       []int
	}{
		"csv":    {"", "text\n\na\n\"b\nc\"\n\nd\n", []int{3, 4, 7}},
		"lines":  {"a.jsonl", "\n{\"text\":\"a\"}\r\n\n{\"text\":\"b\"}", []int{2, 4}},
		"array":  {"", "[\n{\"text\":\n\"a\"},{\"text\":\"b\"}\n\n,{\"text\":\"c\"}]", []int{2, 3, 5}},
		"images": {"", string(zipOf(t, []entry{{"x", "", false}, {"a.png", "", false}, {"b.png", "", false}})), []int{2, 3}},
	} {
		var got []int
		for row, err := range interchange.Tasks(t.Context(), interchange.File{Reader: strings.NewReader(tt.text), Name: tt.file}, interchange.TasksOptions{}) {
			if err == nil {
				got = append(got, row.Line)
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Images and clips within rows are taken out of them.
func TestInlineFiles(t *testing.T) {
	text := `[{"data":{"image":"data:image/png;base64,bWVvdw==","audio":"data:audio/wav;base64,!!!","choices":["a","b"],"choice_images":["x.png","data:image/png;base64,d29vZg=="]}}]`
	tasks, bad, files, err := collect(interchange.Tasks(t.Context(), interchange.File{Reader: strings.NewReader(text)}, interchange.TasksOptions{}))
	want := []labeling.TaskRow{{Image: "inline image", Audio: "inline audio", Choices: []string{"a", "b"}, ChoiceImages: []string{"x.png", "inline choice image 2"}}}
	if diff := cmp.Diff(want, tasks); diff != "" || bad != nil || err != nil {
		t.Errorf("%v, %v (-want +got):\n%s", bad, err, diff)
	}
	bodies := map[string]string{
		"inline image": "meow", "inline choice image 2": "woof", "inline audio": "The image or clip within the row is not in base 64.",
		"x.png": "There is no file of that name where the task came from.",
	}
	if diff := cmp.Diff(bodies, files); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// A label configuration beside a table says what its data are.
func TestConfigsInArchives(t *testing.T) {
	entries := []entry{
		{"set/config.xml", `<View><Text name="t" value="$review"/><Choices name="c" toName="t"><Choice value="good"/><Choice value="bad"/></Choices></View>`, false},
		{"set/tasks.json", `[{"data":{"review":"I like it."},"annotations":[{"result":[{"from_name":"c","to_name":"t","type":"choices","value":{"choices":["good"]}}]}]}]`, false},
	}
	tasks, bad, _, err := collect(interchange.Tasks(t.Context(), interchange.File{Reader: bytes.NewReader(zipOf(t, entries))}, interchange.TasksOptions{}))
	if diff := cmp.Diff([]labeling.TaskRow{{Passage: "I like it.", Truth: "good"}}, tasks); diff != "" || bad != nil || err != nil {
		t.Errorf("%v, %v (-want +got):\n%s", bad, err, diff)
	}
	entries[0].body = "<View/>"
	_, _, _, err = collect(interchange.Tasks(t.Context(), interchange.File{Reader: bytes.NewReader(zipOf(t, entries))}, interchange.TasksOptions{}))
	if !errors.Is(err, interchange.ErrBadFile) || !strings.Contains(err.Error(), "asks nothing") {
		t.Errorf("a configuration that asks nothing: %v", err)
	}
}

func TestMalformedTasks(t *testing.T) {
	for name, tt := range map[string]struct {
		file, text string
		want       []labeling.BadRow
	}{
		"cells":      {"", "key,text\na,b\n\nc\nd,e\n", []labeling.BadRow{{Line: 4, Problem: "there are 1 cells, and 2 in the first line"}}},
		"nothing":    {"", "key,text\na,\"\"\nd,e\n", []labeling.BadRow{{Line: 2, Problem: "there is nothing to show: no text, passage, image, audio or choices"}}},
		"not utf-8":  {"", "key,text\na,\xff\nd,e\n", []labeling.BadRow{{Line: 2, Problem: `the text "\xff" is not UTF-8`}}},
		"json line":  {"a.jsonl", "{\"text\":1\n{\"text\":\"a\"}\n[]\nnull\n", []labeling.BadRow{{Line: 1, Problem: "it is not a JSON object"}, {Line: 3, Problem: "it is not a JSON object"}, {Line: 4, Problem: "it is not a JSON object"}}},
		"json value": {"a.jsonl", "{\"text\":\"a\"}\n{\"text\":\"a\",\"truth\":1.5e999999}\n{\"key\":\"a\",\"truth\":[0.5]}\n", []labeling.BadRow{{Line: 3, Problem: "the truth is neither a text nor a number nor a list of texts"}}},
		"element":    {"", "[{\"text\":\"a\"},\n\n3,\n{\"text\":\n\"a\",},\n\"}\"]", []labeling.BadRow{{Line: 3, Problem: "it is not a JSON object"}, {Line: 4, Problem: "it is not a JSON object"}, {Line: 6, Problem: "it is not a JSON object"}}},
		"data":       {"", "[{\"data\":{\"text\":\"a\"}},\n{\"data\":{\"text\":{}}},{\"data\":{\"other\":\"x\"}},{\"data\":{\"text\":\"a\"},\"annotations\":{}}]", []labeling.BadRow{{Line: 2, Problem: "there is nothing to show: no text, passage, image, audio or choices"}, {Line: 2, Problem: "it is not a task of Label Studio: json: cannot unmarshal object into Go struct field lsTask.annotations of type []interchange.lsAnnotation"}}},
	} {
		tasks, bad := readTasks(t, tt.file, tt.text, interchange.TasksOptions{})
		if diff := cmp.Diff(tt.want, bad); diff != "" || len(tasks) == 0 {
			t.Errorf("%s: %v (-want +got):\n%s", name, tasks, diff)
		}
	}
}

func TestBadFilesOfTasks(t *testing.T) {
	gzipped := func(text string) string {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		io.WriteString(w, text)
		w.Close()
		return b.String()
	}
	for name, tt := range map[string]struct{ file, text, want string }{
		"empty":          {"", "", "The file is empty"},
		"no column":      {"", "a,b\nc,d\n", "There is no column for what a task shows"},
		"utf-16":         {"", "\xff\xfek\x00", "UTF-16"},
		"binary":         {"", "\x00\x01\x02", "neither text nor Parquet"},
		"cut off":        {"", `[{"text":"a"},{"text":"b"`, "The file ends on line 1, in the middle of a value."},
		"no comma":       {"", `[{"text":"a"} {"text":"b"}]`, "Line 1 is not JSON: values of an array have to be parted by commas."},
		"comma":          {"", `[{"text":"a"},]`, "Line 1 is not JSON: there is a ']' where a value has to be."},
		"more":           {"", "[{\"text\":\"a\"}]\n[", "Line 2 is not JSON: there is more after the end of the array."},
		"open quote":     {"", "key,text\na,\"b\n", "a quoted cell does not end"},
		"twice packed":   {"", gzipped(gzipped("text\na\n")), "compressed twice"},
		"broken gzip":    {"", gzipped("text\na\nb\nc\n")[:20], "The file is broken"},
		"broken zip":     {"a.zip", "PK\x03\x04 and nothing that a zip archive has", "The zip archive is broken"},
		"broken parquet": {"", "PAR1 and nothing that a Parquet file has", "The Parquet file is broken"},
	} {
		_, _, _, err := collect(interchange.Tasks(t.Context(), interchange.File{Reader: strings.NewReader(tt.text), Name: tt.file}, interchange.TasksOptions{}))
		if !errors.Is(err, interchange.ErrBadFile) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
}

// A row that is wanted no more is not read, and a context that ends, ends the reading.
func TestTasksEnd(t *testing.T) {
	text := "text\n" + strings.Repeat("a\n", 3_000_000)
	for range interchange.Tasks(t.Context(), interchange.File{Reader: strings.NewReader(text)}, interchange.TasksOptions{}) {
		break
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	for _, err := range interchange.Tasks(ctx, interchange.File{Reader: strings.NewReader(text)}, interchange.TasksOptions{}) {
		last = err
		cancel()
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("the reading ended with %v", last)
	}
}

func TestParquetOfTasks(t *testing.T) {
	type file struct {
		Bytes []byte  `parquet:"bytes,optional"`
		Path  *string `parquet:"path,optional"`
	}
	type task struct {
		Image   file     `parquet:"image,optional"`
		Choices []string `parquet:"choices,list"`
		ID      int64    `parquet:"id"`
		Label   *int64   `parquet:"label,optional"`
		Other   []file   `parquet:"other,list"`
	}
	path, one := "cat.png", int64(1)
	body := parquetOf(t, []task{
		{file{[]byte("meow"), &path}, []string{"cat", "dog"}, 7, &one, []file{{[]byte("x"), nil}}},
		{file{[]byte("woof"), nil}, nil, 8, nil, nil},
		{file{}, nil, 9, nil, nil},
	})
	tasks, bad, files, err := collect(interchange.Tasks(t.Context(), interchange.File{Reader: bytes.NewReader(body)}, interchange.TasksOptions{}))
	if err != nil {
		t.Fatal(err)
	}
	want := []labeling.TaskRow{{Key: "7", Image: "cat.png", Choices: []string{"cat", "dog"}, Truth: "1"}, {Key: "8", Image: "image"}}
	if diff := cmp.Diff(want, tasks); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"cat.png": "meow", "image": "woof"}, files); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if len(bad) != 1 || bad[0].Line != 3 {
		t.Errorf("malformed: %v", bad)
	}
	for length := range body {
		_, _, _, err := collect(interchange.Tasks(t.Context(), interchange.File{Reader: bytes.NewReader(body[:length]), Name: "a.parquet"}, interchange.TasksOptions{}))
		if !errors.Is(err, interchange.ErrBadFile) {
			t.Fatalf("%d of %d bytes: %v", length, len(body), err)
		}
	}
}

// entry is a file of an archive.
type entry struct {
	name, body string
	link       bool
}

func zipOf(t testing.TB, entries []entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		if e.link {
			h.SetMode(os.ModeSymlink | 0o777)
		}
		f, err := w.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(f, e.body)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func tarOf(t testing.TB, entries []entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		h := &tar.Header{Name: e.name, Size: int64(len(e.body)), Mode: 0o600, Typeflag: tar.TypeReg}
		switch {
		case e.link:
			h.Typeflag, h.Linkname, h.Size, e.body = tar.TypeSymlink, e.body, 0, ""
		case strings.HasSuffix(e.name, "/"):
			h.Typeflag = tar.TypeDir
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, e.body)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestArchivesOfTasks(t *testing.T) {
	entries := []entry{
		{"cat/", "", false},
		{"cat/1.png", "meow", false},
		{"dog/2.JPG", "woof", false},
		{"3.wav", "moo", false},
		{"__MACOSX/1.png", "", false},
		{"cat/.DS_Store", "", false},
		{"notes.txt", "x", false},
		{"../../etc/4.png", "evil", false},
		{"/etc/5.png", "evil", false},
		{"dog/6.png", "/etc/passwd", true},
	}
	want := []labeling.TaskRow{
		{Key: "cat/1.png", Name: "cat/1.png", Image: "cat/1.png"}, {Key: "dog/2.JPG", Name: "dog/2.JPG", Image: "dog/2.JPG"}, {Key: "3.wav", Name: "3.wav", Audio: "3.wav"},
	}
	malformed := []labeling.BadRow{
		{Line: 7, File: "notes.txt", Problem: "it is neither an image nor a clip by its ending"},
		{Line: 8, File: "../../etc/4.png", Problem: "the name does not lead to a place in the archive"},
		{Line: 9, File: "/etc/5.png", Problem: "the name does not lead to a place in the archive"},
		{Line: 10, File: "dog/6.png", Problem: "it is not a plain file"},
	}
	var packed bytes.Buffer
	gz := gzip.NewWriter(&packed)
	gz.Write(tarOf(t, entries))
	gz.Close()
	for name, body := range map[string][]byte{"zip": zipOf(t, entries), "tar": tarOf(t, entries), "tar.gz": packed.Bytes()} {
		tasks, bad, files, err := collect(interchange.Tasks(t.Context(), interchange.File{Reader: bytes.NewReader(body)}, interchange.TasksOptions{}))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, tasks); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(malformed, bad); diff != "" {
			t.Errorf("%s, malformed (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(map[string]string{"cat/1.png": "meow", "dog/2.JPG": "woof", "3.wav": "moo"}, files); diff != "" {
			t.Errorf("%s, files (-want +got):\n%s", name, diff)
		}
	}
}

// One table in an archive names the files that lie beside it.
func TestTablesInArchives(t *testing.T) {
	tasks, bad, files, err := collect(interchange.Tasks(t.Context(), interchange.File{Reader: bytes.NewReader(zipOf(t, []entry{
		{"set/images/1.png", "meow", false},
		{"set/images/2.png", "/etc/hostname", true},
		{"set/tasks.csv", "key,image\na,images/1.png\nb,set/images/1.png\nc,../../etc/passwd\nd,images/2.png\n", false},
	}))}, interchange.TasksOptions{}))
	if err != nil || bad != nil || len(tasks) != 4 {
		t.Fatalf("%v, %v, %v", tasks, bad, err)
	}
	none := "There is no file of that name where the task came from."
	want := map[string]string{"images/1.png": "meow", "set/images/1.png": "meow", "../../etc/passwd": none, "images/2.png": none}
	if diff := cmp.Diff(want, files); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A folder that was packed with its folders' entries has its files as tasks.
func TestFolderOfTasks(t *testing.T) {
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	if err := errors.Join(w.AddFS(fstest.MapFS{"b/2.png": {Data: []byte("woof")}, "a/1.png": {Data: []byte("meow")}, "a/x": {}}), w.Close()); err != nil {
		t.Fatal(err)
	}
	tasks, bad, files, err := collect(interchange.Tasks(t.Context(), interchange.File{Reader: &packed}, interchange.TasksOptions{}))
	if err != nil {
		t.Fatal(err)
	}
	want := []labeling.TaskRow{{Key: "a/1.png", Name: "a/1.png", Image: "a/1.png"}, {Key: "b/2.png", Name: "b/2.png", Image: "b/2.png"}}
	if diff := cmp.Diff(want, tasks); diff != "" || files["b/2.png"] != "woof" {
		t.Errorf("%v (-want +got):\n%s", files, diff)
	}
	if diff := cmp.Diff([]labeling.BadRow{{Line: 3, File: "a/x", Problem: "it is neither an image nor a clip by its ending"}}, bad); diff != "" {
		t.Errorf("malformed (-want +got):\n%s", diff)
	}
}

// zeros is a file of zero bytes.
type zeros struct{ left int64 }

func (z *zeros) Read(b []byte) (int, error) {
	if z.left == 0 {
		return 0, io.EOF
	}
	n := int(min(z.left, int64(len(b))))
	clear(b[:n])
	z.left -= int64(n)
	return n, nil
}

// What unpacks to far more than it is, is not unpacked.
func TestArchivesThatExplode(t *testing.T) {
	var one bytes.Buffer
	w := zip.NewWriter(&one)
	f, _ := w.Create("big.png")
	io.Copy(f, &zeros{interchange.FileBytesMax + 1})
	w.Close()
	tasks, _, files, err := collect(interchange.Tasks(t.Context(), interchange.File{Reader: &one}, interchange.TasksOptions{}))
	if err != nil || len(tasks) != 1 || files["big.png"] != "An image or a clip in an archive may have 32 MiB." {
		t.Errorf("one large file: %v, %v, %.80v", tasks, err, files)
	}

	var bomb bytes.Buffer
	gz, _ := gzip.NewWriterLevel(&bomb, gzip.BestSpeed)
	tw := tar.NewWriter(gz)
	for i := range 12 {
		tw.WriteHeader(&tar.Header{Name: fmt.Sprintf("%d.png", i), Size: interchange.FileBytesMax, Mode: 0o600, Typeflag: tar.TypeReg})
		io.Copy(tw, &zeros{interchange.FileBytesMax})
	}
	tw.Close()
	gz.Close()
	read := 0
	var last error
	for _, err := range interchange.Tasks(t.Context(), interchange.File{Reader: &bomb}, interchange.TasksOptions{}) {
		read, last = read+1, err
	}
	if !errors.Is(last, interchange.ErrBadFile) || !strings.Contains(last.Error(), "unpacks to more than 20 times its size") || read > 10 {
		t.Errorf("after %d of 12 files of zeros: %v", read, last)
	}
}
