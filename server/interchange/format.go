package interchange

import (
	"context"
	"errors"
	"io"
	"maps"
	"slices"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// Format is a form in which datasets go out.
type Format string

// The formats.
const (
	Parquet     Format = "parquet"      // data/*.parquet with pictures and clips in them, and README.md: see WriteParquet
	JSONL       Format = "jsonl"        // rows.jsonl
	CSV         Format = "csv"          // answers.csv: raw answers, and no labels
	LabelStudio Format = "label-studio" // tasks.json, and config.xml
	COCO        Format = "coco"         // annotations.json; for boxes, polygons and masks
)

// Formats lists them all.
func Formats() []Format { return []Format{Parquet, JSONL, CSV, LabelStudio, COCO} }

// ParseFormat reads a format.
func ParseFormat(s string) (Format, error) {
	if f := Format(s); slices.Contains(Formats(), f) {
		return f, nil
	}
	return "", tasknet.NewError(tasknet.Invalid, "bad_format", "A format is parquet, jsonl, csv, label-studio or coco.")
}

// Export writes a dataset in a format, with the pictures and clips that it names in folders images and audio, each once.
// They are left out when media is nil, which Parquet does not allow. The names of all are held in memory.
func Export(ctx context.Context, out Output, f Format, media Media, about About, rows Labeled) error {
	named := mediaNames{}
	rows = named.of(rows)
	var err error
	switch f {
	case Parquet:
		return WriteParquet(ctx, out, media, about, rows)
	case JSONL:
		err = into(out, "rows.jsonl", func(w io.Writer) error { return WriteJSONL(w, about, rows) })
	case CSV:
		return into(out, "answers.csv", func(w io.Writer) error { return WriteAnswers(w, about, rows) })
	case LabelStudio:
		config, bad := NewLabelConfig(about)
		if bad != nil {
			return bad
		}
		write := func(w io.Writer) error {
			_, err := io.WriteString(w, config.XML())
			return err
		}
		if err := into(out, "config.xml", write); err != nil {
			return err
		}
		err = into(out, "tasks.json", func(w io.Writer) error { return WriteLabelStudio(w, about, rows) })
	case COCO:
		if !about.marksRegions() {
			return errNoFormat
		}
		err = into(out, "annotations.json", func(w io.Writer) error { return WriteCOCO(w, about, rows) })
	default:
		_, err = ParseFormat(string(f))
	}
	if err != nil || media == nil {
		return err
	}
	return named.write(ctx, out, media)
}

// into writes a file.
func into(out Output, name string, write func(io.Writer) error) error {
	f, err := out.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

// mediaNames are the hashes of pictures and clips, by the places that rows name.
type mediaNames map[string]string

// of passes rows on and notes what they name.
func (m mediaNames) of(rows Labeled) Labeled {
	return func(yield func(*labeling.Labeled, error) bool) {
		for row, err := range rows {
			if err == nil {
				m.note(row)
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

func (m mediaNames) note(row *labeling.Labeled) {
	image := func(i *polls.Image) { m[imagePlace(i)] = i.Hash }
	if row.Image != nil {
		image(row.Image)
	}
	if row.Audio != nil {
		m[audioPlace(row.Audio)] = row.Audio.Hash
	}
	for i := range row.ChoiceImages {
		image(&row.ChoiceImages[i])
	}
}

func (m mediaNames) write(ctx context.Context, out Output, media Media) error {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		in, err := media(ctx, m[name])
		if err != nil {
			return err
		}
		err = into(out, name, func(w io.Writer) error {
			_, err := io.Copy(w, &source{ctx: ctx, file: File{Reader: in}})
			return err
		})
		if err := errors.Join(err, in.Close()); err != nil {
			return err
		}
	}
	return nil
}
