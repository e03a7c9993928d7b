package corpus

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tasknet/tasknet"
)

// Row is a task of a file with its label.
type Row struct {
	Key     string
	Text    string // with the passage that was shown, if any
	Image   string // path below the file's folder, or a data URL in base64
	Numbers map[string]string

	Label      string
	Soft       []float64 // posterior of each choice in the order of the dataset's; nil where there is the label alone
	Confidence float64   // in the label; 0 where nothing is said of it
	Weight     float64   // how much it counts in training; 0 in files that do not say

	pixels *picture // of IDX files, which hold their pictures
}

// File is what a file of labels says.
type File struct {
	Rows      []Row
	Columns   []string // of numbers, in a table
	Unlabeled []Row    // those without a label, to be predicted
	Hash      string   // SHA-256 in hex of the file, of IDX files of both; an export names its pictures by their hashes

	folder string // of pictures
}

// Limits of files.
const (
	rowsMax = 5_000_000
	lineMax = 16 << 20
)

// ErrBadFile reports a file that cannot be read as labels.
var ErrBadFile = tasknet.NewError(tasknet.Invalid, "bad_file", "The file cannot be read as labels.")

func badFile(format string, args ...any) error {
	return tasknet.NewError(tasknet.Invalid, ErrBadFile.Code, fmt.Sprintf(format, args...))
}

// Open reads a file: rows.jsonl of an export or the folder that has it, a table (.csv with a header), or IDX (its labels are then
// in the file at labels). Errors of the file say the line.
func Open(path, labels string) (*File, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, "rows.jsonl")
	}
	name := strings.TrimSuffix(strings.ToLower(path), ".gz")
	switch {
	case strings.HasSuffix(name, "-ubyte") || strings.HasSuffix(name, ".idx"):
		return openIDX(path, labels)
	case labels != "":
		return nil, badFile("Only IDX files have their labels in another.")
	case strings.HasSuffix(name, ".jsonl"):
		return openText(path, (*File).lines)
	case strings.HasSuffix(name, ".csv"):
		return openText(path, (*File).table)
	}
	return nil, badFile("%s is none of rows.jsonl, a .csv table and IDX files.", path)
}

// All returns all rows, those that have labels first.
func (f *File) All() []Row { return slices.Concat(f.Rows, f.Unlabeled) }

func openText(path string, read func(*File, io.Reader) error) (_ *File, err error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	f := &File{folder: filepath.Dir(path)}
	hashed := newHash(in)
	if err := read(f, hashed); err != nil {
		return nil, err
	}
	f.Hash = hashed.sum()
	return f, f.check()
}

// check checks what all files have in common.
func (f *File) check() error {
	if len(f.Rows)+len(f.Unlabeled) == 0 {
		return badFile("The file has no rows.")
	}
	seen := make(map[string]bool, len(f.Rows))
	for _, rows := range [][]Row{f.Rows, f.Unlabeled} {
		for _, r := range rows {
			if seen[r.Key] {
				return badFile("Two rows are of the task %q.", r.Key)
			}
			seen[r.Key] = true
		}
	}
	return nil
}

func (f *File) add(r Row) error {
	if len(f.Rows)+len(f.Unlabeled) == rowsMax {
		return badFile("A file has at most %d rows.", rowsMax)
	}
	if r.Label == "" {
		f.Unlabeled = append(f.Unlabeled, r)
	} else {
		f.Rows = append(f.Rows, r)
	}
	return nil
}

// jsonRow is a line of rows.jsonl, as far as it matters here.
type jsonRow struct {
	Key        string    `json:"key"`
	Text       string    `json:"text"`
	Passage    string    `json:"passage"`
	Image      string    `json:"image"`
	Choices    []string  `json:"choices"`
	Label      *string   `json:"label"`
	Soft       []float64 `json:"soft_label"`
	Confidence float64   `json:"confidence"`
	Weight     *float64  `json:"weight"`

	Numbers map[string]json.Number `json:"numbers"` // in columns, as of a table
}

func (f *File) lines(in io.Reader) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, lineMax)
	for n := 1; lines.Scan(); n++ {
		if len(strings.TrimSpace(lines.Text())) == 0 {
			continue
		}
		row, err := readRow(lines.Bytes(), n)
		if err != nil {
			return err
		}
		if err := f.add(row); err != nil {
			return err
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return badFile("A line is longer than %d bytes.", lineMax)
	} else if err != nil {
		return err
	}
	return nil
}

// Single is a file of one row that is at hand, a line of rows.jsonl.
func Single(line []byte) (*File, error) {
	row, err := readRow(line, 1)
	if err != nil {
		return nil, err
	}
	f := &File{}
	return f, f.add(row)
}

// readRow reads a line of rows.jsonl, of a number.
func readRow(line []byte, n int) (Row, error) {
	var r jsonRow
	if err := json.Unmarshal(line, &r); err != nil {
		return Row{}, badFile("Line %d is not a row: %v.", n, err)
	}
	if r.Choices != nil {
		return Row{}, badFile("Line %d has choices of its own: a model tells the same classes apart in all tasks.", n)
	}
	row := Row{Key: r.Key, Text: strings.TrimSpace(r.Text + "\n" + r.Passage), Image: r.Image, Soft: r.Soft, Confidence: r.Confidence}
	if r.Label != nil {
		row.Label = *r.Label
	}
	if r.Weight != nil {
		if row.Weight = *r.Weight; !(row.Weight > 0) {
			return Row{}, badFile("Line %d has the weight %v; it is a number above 0.", n, row.Weight)
		}
	}
	for column, v := range r.Numbers {
		if row.Numbers == nil {
			row.Numbers = make(map[string]string, len(r.Numbers))
		}
		row.Numbers[column] = v.String()
	}
	if row.Key == "" {
		row.Key = fmt.Sprintf("line %d", n)
	}
	return row, nil
}

// The columns of a table that are no numbers.
var tableColumns = []string{"key", "text", "image", "label", "confidence"}

func (f *File) table(in io.Reader) error {
	records := csv.NewReader(in)
	header, err := records.Read()
	if err != nil {
		return badFile("The table has no header: %v.", err)
	}
	header = slices.Clone(header)
	for i, name := range header {
		header[i] = strings.TrimSpace(strings.TrimPrefix(name, "\ufeff"))
		if slices.Contains(header[:i], header[i]) {
			return badFile("Two columns have the name %q.", header[i])
		}
		if !slices.Contains(tableColumns, header[i]) {
			f.Columns = append(f.Columns, header[i])
		}
	}
	for n := 2; ; n++ {
		cells, err := records.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return badFile("The table cannot be read: %v.", err)
		}
		row := Row{Key: fmt.Sprintf("line %d", n), Numbers: make(map[string]string, len(f.Columns))}
		for i, cell := range cells {
			switch cell = strings.TrimSpace(cell); header[i] {
			case "key":
				row.Key = cell
			case "text":
				row.Text = cell
			case "image":
				row.Image = cell
			case "label":
				row.Label = cell
			case "confidence":
				if cell == "" {
					break
				}
				if row.Confidence, err = number(cell); err != nil || row.Confidence < 0 || row.Confidence > 1 {
					return badFile("Line %d: the confidence %q is not a number from 0 to 1.", n, cell)
				}
			default:
				row.Numbers[header[i]] = cell
			}
		}
		if err := f.add(row); err != nil {
			return err
		}
	}
}
