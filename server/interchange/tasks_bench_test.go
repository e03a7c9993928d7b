package interchange_test

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/server/interchange"
)

// endless is a file that is made while it is read: a head, many rows, and an end.
type endless struct {
	row   func(i int) string
	rows  int
	head  string
	end   string
	i     int
	ahead strings.Reader
}

func (e *endless) Read(b []byte) (int, error) {
	for e.ahead.Len() == 0 {
		var text string
		switch {
		case e.i == 0:
			text = e.head
		case e.i <= e.rows:
			text = e.row(e.i)
		case e.i == e.rows+1:
			text = e.end
		default:
			return 0, io.EOF
		}
		e.i++
		e.ahead.Reset(text)
	}
	return e.ahead.Read(b)
}

// files are forms of files that can be read from front to end, with so many rows.
func files(rows int) map[string]*endless {
	return map[string]*endless{
		"csv": {rows: rows, head: "key,text,image,truth\n", row: func(i int) string {
			return fmt.Sprintf("task-%d,What is in picture %d?,https://images.example.org/%d.jpg,cat\n", i, i, i)
		}},
		"jsonl": {rows: rows, row: func(i int) string {
			return fmt.Sprintf(`{"key":"task-%d","text":"What is in picture %d?","image":"https://images.example.org/%d.jpg","truth":"cat"}`+"\n", i, i, i)
		}},
		"label studio": {rows: rows, head: "[", end: `{"data":{"image":"x"}}]`, row: func(i int) string {
			task := studioTask(fmt.Sprintf(`{"key":"task-%d","image":"https://images.example.org/%d.jpg"}`, i, i), box(`{"x":10.2,"y":20.6,"width":30.1,"height":40,"rectanglelabels":["dog"]}`))
			return task[1:len(task)-1] + ",\n"
		}},
	}
}

// Memory does not grow with the rows that are read.
func TestTasksTakeLittleMemory(t *testing.T) {
	const rows, most = 60_000, 8 << 20
	for name, file := range files(rows) {
		o := interchange.TasksOptions{Config: parseConfig(t, boxConfig)}
		if name != "label studio" {
			o.Config = nil
		}
		runtime.GC()
		var before, now runtime.MemStats
		runtime.ReadMemStats(&before)
		read := 0
		for _, err := range interchange.Tasks(t.Context(), interchange.File{Reader: file}, o) {
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if read++; read%20_000 == 0 {
				runtime.GC()
				runtime.ReadMemStats(&now)
				if grown := int64(now.HeapAlloc) - int64(before.HeapAlloc); grown > most {
					t.Errorf("%s: after %d rows, %d bytes more are held", name, read, grown)
				}
			}
		}
		if read < rows {
			t.Errorf("%s: %d rows", name, read)
		}
	}
}

// BenchmarkTasks tells the time for a task.
func BenchmarkTasks(b *testing.B) {
	config := parseConfig(b, boxConfig)
	for name := range files(0) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			file := files(b.N)[name]
			o := interchange.TasksOptions{}
			if name == "label studio" {
				o.Config = config
			}
			for _, err := range interchange.Tasks(b.Context(), interchange.File{Reader: file}, o) {
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// many are rows of a dataset that are made as they are read.
func many(s *sample, n int) interchange.Labeled {
	return func(yield func(*labeling.Labeled, error) bool) {
		for i := range n {
			row := *s.rows[i%2]
			row.Key = fmt.Sprintf("task-%d", i)
			if !yield(&row, nil) {
				return
			}
		}
	}
}

// discarded counts what is written.
type discarded struct{ bytes int64 }

func (d *discarded) Write(b []byte) (int, error) {
	d.bytes += int64(len(b))
	return len(b), nil
}

func (d *discarded) Close() error { return nil }

func (d *discarded) Create(string) (io.WriteCloser, error) { return d, nil }

// exports writes so many rows in every format.
func exports(tb testing.TB, n int) map[string]func(*discarded) error {
	all := samples(tb)
	choice, boxes := all["choice"], all["boxes"]
	choice.rows = choice.rows[:2]
	return map[string]func(*discarded) error{
		"jsonl":        func(d *discarded) error { return interchange.WriteJSONL(d, choice.about, many(choice, n)) },
		"csv":          func(d *discarded) error { return interchange.WriteAnswers(d, choice.about, many(choice, n)) },
		"label studio": func(d *discarded) error { return interchange.WriteLabelStudio(d, choice.about, many(choice, n)) },
		"coco":         func(d *discarded) error { return interchange.WriteCOCO(d, boxes.about, many(boxes, n)) },
		"parquet": func(d *discarded) error {
			return interchange.WriteParquet(tb.Context(), d, nil, choice.about, many(choice, n))
		},
		"parquet with images": func(d *discarded) error {
			return interchange.WriteParquet(tb.Context(), d, boxes.open, boxes.about, many(boxes, n))
		},
	}
}

// BenchmarkExports tells the time for a task with three answers.
func BenchmarkExports(b *testing.B) {
	for name := range exports(b, 0) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			d := &discarded{}
			if err := exports(b, b.N)[name](d); err != nil {
				b.Fatal(err)
			}
			b.SetBytes(d.bytes / int64(b.N))
		})
	}
}

// What is exported is not held: not its rows, and of Parquet no more than a row group.
func TestExportsTakeLittleMemory(t *testing.T) {
	const most = 96 << 20
	for name, write := range exports(t, 25_000) {
		runtime.GC()
		var before, now runtime.MemStats
		runtime.ReadMemStats(&before)
		d := &discarded{}
		if err := write(d); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		runtime.ReadMemStats(&now)
		if grown := int64(now.HeapSys) - int64(before.HeapSys); grown > most {
			t.Errorf("%s: the heap is %d bytes larger", name, grown)
		}
		if d.bytes < 25_000 {
			t.Errorf("%s: %d bytes", name, d.bytes)
		}
	}
}
