package interchange

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"path"
	"strings"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// TasksOptions is how tasks are to be read.
type TasksOptions struct {
	// Type is that of the questions that tasks become. It says what truths look like in Label Studio's and COCO's files,
	// and may be empty when no truth is wanted of those.
	Type polls.Type

	// Choices are the project's choices or classes, in whose order truths of regions count. When it is nil, the order is
	// that of the file: of the label configuration, or of COCO's categories by id.
	Choices []string

	// Config says what is what in Label Studio's JSON. When it is nil, names of data are taken as those of columns are.
	Config *LabelConfig
}

// Rows are the tasks of a file. With an error of type *labeling.BadRow, a row is no task and the next follows; any other
// error is the last. No more is held in memory than a row, but for COCO, see Tasks.
type Rows iter.Seq2[labeling.TaskRow, error]

// Tasks reads tasks from a file in one of these forms, told by its content:
//
//   - CSV or tab-separated text with a header, JSON lines, a JSON array of objects, and Parquet: a row is a task, with the
//     columns key, text, passage, image, image_alt, audio, choices, choice_images and truth, some under other names too
//   - Label Studio's JSON, an array of tasks or one a line: data, and of the annotations the ground truth, or the first
//   - COCO's JSON: an image is a task, and its annotations are its truth. 24 bytes for each annotation are held in memory
//   - zip and tar, also with gzip: an image or a clip is a task
//
// The rows can be ranged over once.
func Tasks(ctx context.Context, file File, o TasksOptions) Rows {
	return func(yield func(labeling.TaskRow, error) bool) {
		r := &taskReading{ctx: ctx, source: &source{ctx: ctx, file: file}, options: o, yield: yield}
		r.in = bufio.NewReaderSize(r.source, lineMax)
		if err := r.read(file.Name); err != nil && !errors.Is(err, errEnough) {
			yield(labeling.TaskRow{}, err)
		}
	}
}

// taskReading is what the readers of tasks have in common.
type taskReading struct {
	ctx     context.Context
	source  *source
	in      *bufio.Reader
	options TasksOptions
	yield   func(labeling.TaskRow, error) bool
}

// errEnough ends the reading when nobody wants more rows.
var errEnough = errors.New("no more rows are wanted")

func (r *taskReading) row(row labeling.TaskRow) error {
	row.Truth = r.normal(&row)
	inline(&row)
	if !r.yield(row, nil) {
		return errEnough
	}
	return nil
}

// heldMax is how many bytes of a file that cannot be read at any place, being packed or a pipe, are held in memory.
const heldMax = 512 << 20

// random returns what can be read at any place.
func (r *taskReading) random() (io.ReaderAt, int64, error) {
	at, size, err := r.source.random(io.LimitReader(r.in, heldMax+1))
	if _, held := at.(*bytes.Reader); held && size > heldMax {
		return nil, 0, badf("The file is read from a pipe or an archive, and larger than %d bytes; unpack it, and read it from a disk.", heldMax)
	}
	return at, size, err
}

// bad passes on what is wrong with a row.
func (r *taskReading) bad(b *labeling.BadRow) error {
	if !r.yield(labeling.TaskRow{}, b) {
		return errEnough
	}
	return nil
}

func (r *taskReading) read(name string) error {
	head, err := r.in.Peek(4096)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	text := bytes.TrimSpace(bytes.TrimPrefix(head, byteOrderMark))
	switch ending := strings.ToLower(path.Ext(name)); {
	case len(head) == 0:
		return badf("The file is empty.")
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return r.zip()
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return r.gzip()
	case len(head) > 262 && string(head[257:262]) == "ustar":
		return r.tar(r.in)
	case bytes.HasPrefix(head, []byte("PAR1")):
		return r.parquet()
	case ending == ".jsonl", ending == ".ndjson":
		return r.json()
	case ending != ".csv" && ending != ".tsv" && bytes.HasPrefix(text, []byte("[")):
		return r.json()
	case ending != ".csv" && ending != ".tsv" && bytes.HasPrefix(text, []byte("{")):
		if likeCOCO(text) {
			return r.coco()
		}
		return r.json()
	}
	if _, err := sniff(head, name); err != nil {
		return err
	}
	return r.text()
}
