package interchange

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// Media opens a picture or a clip by its hash.
type Media func(ctx context.Context, hash string) (io.ReadCloser, error)

// Limits of Parquet files: readers fetch a row group at once, and shards of half a gigabyte are what hubs advise.
const (
	groupRows      = 10_000
	groupRowsMedia = 100
	groupBytes     = 64 << 20
	partBytes      = 512 << 20
)

// hfFile is a picture or a clip as Hugging Face's library keeps it.
type hfFile struct {
	Bytes []byte `parquet:"bytes,optional"`
	Path  string `parquet:"path,optional"`
}

// Numbers are not optional: the library writes nothing in place of an optional 0.
type parquetObject struct {
	Category int64   `parquet:"category"`
	Bbox     []int64 `parquet:"bbox,list"`
}

type parquetPolygon struct {
	Category int64   `parquet:"category"`
	Points   []int64 `parquet:"points,list"`
}

type parquetMask struct {
	Category int64   `parquet:"category"`
	Size     []int64 `parquet:"size,list"`
	Counts   string  `parquet:"counts,optional"`
}

type parquetSpan struct {
	Category int64  `parquet:"category"`
	Start    int64  `parquet:"start"`
	End      int64  `parquet:"end"`
	Text     string `parquet:"text,optional"`
}

type parquetAnswer struct {
	Worker string    `parquet:"worker,optional,dict"`
	Label  string    `parquet:"label,optional"`
	Time   time.Time `parquet:"time,optional,timestamp(millisecond)"`
}

// exported has every column that a dataset may have. A file has those of About.features; of the columns of labels, whose
// names are the same for several types, that of its type.
type exported struct {
	Key          string   `parquet:"key,zstd"`
	Text         string   `parquet:"text,optional,dict,zstd"`
	Passage      string   `parquet:"passage,optional,zstd"`
	Image        *hfFile  `parquet:"image,optional"`
	ImageAlt     string   `parquet:"image_alt,optional,zstd"`
	Width        int64    `parquet:"width,optional"`
	Height       int64    `parquet:"height,optional"`
	Audio        *hfFile  `parquet:"audio,optional"`
	Choices      []string `parquet:"choices,list,zstd"`
	ChoiceImages []hfFile `parquet:"choice_images,list"`

	Choice    *int64           `parquet:"label,optional"`
	Selection []int64          `parquet:"label,list"`
	Number    *float64         `parquet:"label,optional"`
	Words     *string          `parquet:"label,optional,zstd"`
	Boxes     []parquetObject  `parquet:"objects,list"`
	Polygons  []parquetPolygon `parquet:"objects,list"`
	Masks     []parquetMask    `parquet:"objects,list"`
	Spans     []parquetSpan    `parquet:"spans,list"`

	SoftLabel  []float64       `parquet:"soft_label,list"`
	Weight     float64         `parquet:"weight"`
	LabelValue *string         `parquet:"label_value,optional,zstd"`
	Truth      *string         `parquet:"truth,optional,zstd"`
	Confidence float64         `parquet:"confidence"`
	Method     string          `parquet:"method,optional,dict"`
	Answers    []parquetAnswer `parquet:"answers,list"`
	Question   string          `parquet:"question_id,optional,zstd"`
	Hash       string          `parquet:"hash,optional,zstd"`
}

// labelField names the field of exported that holds labels of a type.
func labelField(t polls.Type) string {
	switch t {
	case polls.Multiple, polls.Ranking:
		return "Selection"
	case polls.Number:
		return "Number"
	case polls.Text:
		return "Words"
	case polls.Boxes:
		return "Boxes"
	case polls.Polygons:
		return "Polygons"
	case polls.Mask:
		return "Masks"
	case polls.Spans:
		return "Spans"
	}
	return "Choice"
}

// rowType is exported with the columns of the dataset only.
func (a *About) rowType() reflect.Type {
	var fields []reflect.StructField
	all := reflect.TypeFor[exported]()
	columns := a.features()
	isLabel := map[string]bool{"Choice": true, "Selection": true, "Number": true, "Words": true, "Boxes": true, "Polygons": true, "Masks": true, "Spans": true}
	for i := range all.NumField() {
		f := all.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("parquet"), ",")
		wanted := slices.ContainsFunc(columns, func(c feature) bool { return c.name == name })
		if isLabel[f.Name] {
			wanted = f.Name == labelField(a.Type)
		}
		if wanted {
			fields = append(fields, f)
		}
	}
	return reflect.StructOf(fields)
}

// WriteParquet writes a dataset as a folder that Hugging Face's library opens: Parquet files in data with pictures and
// clips in them, and a card in README.md. Files have a page index; row groups have 100 rows when there are media.
func WriteParquet(ctx context.Context, out Output, media Media, about About, rows Labeled) error {
	w := &parquetWriting{ctx: ctx, out: out, media: media, about: about, row: about.rowType()}
	w.schema = parquet.SchemaOf(reflect.New(w.row).Interface())
	count := newCounting(&about)
	for row, err := range about.checked(rows) {
		if err == nil {
			err = w.write(row)
		}
		if err != nil {
			return errors.Join(err, w.abandon())
		}
		count.add(row)
	}
	if w.parts == 0 { // a file without rows has columns at least
		if err := w.begin(); err != nil {
			return err
		}
	}
	if err := w.end(); err != nil {
		return err
	}
	f, err := out.Create("README.md")
	if err != nil {
		return err
	}
	_, err = io.WriteString(f, card(about, count))
	return errors.Join(err, f.Close())
}

type parquetWriting struct {
	ctx    context.Context
	out    Output
	media  Media
	about  About
	row    reflect.Type
	schema *parquet.Schema

	parts  int
	file   io.WriteCloser
	writer *parquet.GenericWriter[any]
	rows   int // of the row group
	bytes  int // about, of the row group
	part   int // about, bytes of the file
}

func (w *parquetWriting) begin() (err error) {
	if w.file, err = w.out.Create(fmt.Sprintf("data/part-%05d.parquet", w.parts)); err != nil {
		return err
	}
	w.parts++
	w.rows, w.bytes, w.part = 0, 0, 0
	w.writer = parquet.NewGenericWriter[any](w.file, w.schema,
		parquet.CreatedBy("tasknet", "", ""),
		parquet.KeyValueMetadata("huggingface", hugging(w.about.features())),
		parquet.SkipPageBounds("image", "bytes"), parquet.SkipPageBounds("audio", "bytes"), parquet.SkipPageBounds("choice_images", "list", "element", "bytes"),
	)
	return nil
}

func (w *parquetWriting) end() error {
	err := errors.Join(w.writer.Close(), w.file.Close())
	w.writer, w.file = nil, nil
	return err
}

// abandon closes a file that will not be whole.
func (w *parquetWriting) abandon() error {
	if w.file == nil {
		return nil
	}
	return w.file.Close()
}

func (w *parquetWriting) write(row *labeling.Labeled) error {
	if w.writer == nil {
		if err := w.begin(); err != nil {
			return err
		}
	}
	e, size, err := w.export(row)
	if err != nil {
		return fmt.Errorf("dataset row %s: %w", shown([]byte(row.Key)), err)
	}
	value := reflect.New(w.row).Elem()
	from := reflect.ValueOf(e).Elem()
	for i := range w.row.NumField() {
		value.Field(i).Set(from.FieldByName(w.row.Field(i).Name))
	}
	if _, err := w.writer.Write([]any{value.Interface()}); err != nil {
		return err
	}
	w.rows++
	w.bytes += size
	w.part += size
	most := groupRows
	if w.about.Image || w.about.Audio || w.about.ChoiceImages {
		most = groupRowsMedia
	}
	if w.rows >= most || w.bytes >= groupBytes {
		if err := w.writer.Flush(); err != nil {
			return err
		}
		w.rows, w.bytes = 0, 0
	}
	if w.part >= partBytes {
		return w.end()
	}
	return nil
}

// file reads a picture or a clip.
func (w *parquetWriting) load(hash, path string) (*hfFile, error) {
	if w.media == nil {
		return nil, errors.New("there is nothing to take its files from")
	}
	in, err := w.media(w.ctx, hash)
	if err != nil {
		return nil, err
	}
	body, err := readFile(w.ctx, in)
	return &hfFile{body, path}, err
}

// export makes a row of a task, and says about how many bytes it has.
func (w *parquetWriting) export(row *labeling.Labeled) (*exported, int, error) {
	choices := w.about.choices(row)
	e := &exported{
		Key: row.Key, Text: row.Text, Passage: row.Passage, Choices: row.Choices, SoftLabel: fractions(row.Soft), Weight: w.about.weight(row),
		Confidence: float64(row.Confidence) / million, Method: row.Method, Question: string(row.Question), Hash: row.Hash,
	}
	size := len(row.Passage) + len(row.Value) + 200
	var err error
	keep := func(hash, path string) *hfFile {
		file, e := w.load(hash, path)
		if err = errors.Join(err, e); err != nil {
			return nil
		}
		size += len(file.Bytes)
		return file
	}
	if i := row.Image; i != nil {
		e.Image, e.ImageAlt, e.Width, e.Height = keep(i.Hash, imagePlace(i)), i.Alt, int64(i.Width), int64(i.Height)
	}
	if row.Audio != nil {
		e.Audio = keep(row.Audio.Hash, audioPlace(row.Audio))
	}
	for i := range row.ChoiceImages {
		if file := keep(row.ChoiceImages[i].Hash, imagePlace(&row.ChoiceImages[i])); file != nil {
			e.ChoiceImages = append(e.ChoiceImages, *file)
		}
	}
	if err != nil {
		return nil, 0, err
	}
	for _, a := range row.Answers {
		e.Answers = append(e.Answers, parquetAnswer{a.Worker, label(a.Choice, a.Value, choices), a.At})
		size += len(a.Value) + 100
	}
	if t := row.Truth; t != nil {
		text := string(t.Value)
		if text == "" {
			text = label(t.Choice, "", choices)
		}
		e.Truth = &text
	}
	switch {
	case row.Value != "":
		text := string(row.Value)
		e.LabelValue = &text
		err = w.value(e, row)
	case row.Choice != labeling.NoChoice:
		choice := int64(row.Choice)
		e.Choice = &choice
	}
	return e, size, err
}

func wide(numbers ...int) []int64 {
	out := make([]int64, len(numbers))
	for i, n := range numbers {
		out[i] = int64(n)
	}
	return out
}

// value puts a value into the column of its type.
func (w *parquetWriting) value(e *exported, row *labeling.Labeled) error {
	switch v := row.Value; w.about.Type {
	case polls.Multiple, polls.Ranking:
		selected, err := v.Selection()
		e.Selection = wide(selected...)
		return err
	case polls.Number:
		n, err := v.Number()
		f := float64(n) / million
		e.Number = &f
		return err
	case polls.Text:
		text, err := v.Text()
		e.Words = &text
		return err
	case polls.Boxes:
		boxes, err := v.Boxes()
		for _, b := range boxes {
			e.Boxes = append(e.Boxes, parquetObject{int64(b.Class), wide(b.X, b.Y, b.W, b.H)})
		}
		return err
	case polls.Polygons:
		polygons, err := v.Polygons()
		for _, p := range polygons {
			e.Polygons = append(e.Polygons, parquetPolygon{int64(p.Class), wide(p.Points...)})
		}
		return err
	case polls.Mask:
		masks, err := v.Masks()
		for _, m := range masks {
			e.Masks = append(e.Masks, parquetMask{int64(m.Class), wide(row.Image.Height, row.Image.Width), cocoRuns(m.Counts).packed()})
		}
		return err
	case polls.Spans:
		spans, err := v.Spans()
		points := []rune(row.Passage)
		for _, s := range spans {
			e.Spans = append(e.Spans, parquetSpan{int64(s.Class), int64(s.Start), int64(s.End), string(points[s.Start:s.End])})
		}
		return err
	}
	return errNoFormat
}
