package interchange

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
)

// File is where rows are read from, once and in one go.
type File struct {
	io.Reader

	// Name is the file's. Its ending says what it is, where the content does not.
	Name string

	// Progress, if not nil, is called now and then with how many bytes were read.
	Progress func(done int64)
}

// kind is a form of files.
type kind int

const (
	separated kind = iota // by commas, tabs or semicolons
	jsonLines
	columnar // Parquet
)

// read calls each for every row that has all columns, and collects the others.
func (f form) read(ctx context.Context, file File, each each) (Malformed, error) {
	s := &source{ctx: ctx, file: file}
	in := bufio.NewReaderSize(s, lineMax)
	head, err := in.Peek(4096)
	if err != nil && !errors.Is(err, io.EOF) {
		return Malformed{}, err
	}
	kind, err := sniff(head, file.Name)
	if err != nil {
		return Malformed{}, err
	}
	r := &reading{form: f, each: each}
	switch kind {
	case columnar:
		err = r.parquet(ctx, s, in)
	case jsonLines:
		err = r.json(in)
	case separated:
		err = r.text(in)
	}
	r.malformed.cut()
	return r.malformed, err
}

// sniff finds out what a file is from its beginning and its name.
func sniff(head []byte, name string) (kind, error) {
	ending := strings.ToLower(filepath.Ext(name))
	switch {
	case len(head) == 0:
		return 0, badf("The file is empty.")
	case bytes.HasPrefix(head, []byte("PAR1")) || ending == ".parquet":
		return columnar, nil
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return 0, badf("The file is compressed; unpack it with gzip -d.")
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return 0, badf("The file is UTF-16; save it as UTF-8.")
	case bytes.IndexByte(head, 0) >= 0:
		return 0, badf("The file is neither text nor Parquet.")
	case ending == ".jsonl" || ending == ".ndjson":
		return jsonLines, nil
	case ending == ".csv" || ending == ".tsv":
		return separated, nil
	}
	switch text := bytes.TrimSpace(bytes.TrimPrefix(head, byteOrderMark)); {
	case bytes.HasPrefix(text, []byte("{")):
		return jsonLines, nil
	case bytes.HasPrefix(text, []byte("[")):
		return 0, badf("The file is a JSON array; write an object a line, without the brackets.")
	}
	return separated, nil
}

var byteOrderMark = []byte("\ufeff")

// reading is what the readers of all kinds have in common.
type reading struct {
	form      form
	each      each
	malformed Malformed
}

// row passes on cells that were read, if they say something.
func (r *reading) row(line int, cells [][]byte) {
	if problem := r.form.clean(cells); problem != "" {
		r.malformed.add(line, "%s", problem)
		return
	}
	r.each(line, cells)
}

// source counts what is read, and ends it with the context.
type source struct {
	ctx  context.Context
	file File
	done int64
}

func (s *source) Read(b []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := s.file.Read(b)
	s.count(n)
	return n, err
}

func (s *source) count(n int) {
	s.done += int64(n)
	if s.file.Progress != nil {
		s.file.Progress(s.done)
	}
}

// random returns what can be read at any place: the file itself, or all of what is a pipe.
func (s *source) random(in io.Reader) (io.ReaderAt, int64, error) {
	if f, ok := s.file.Reader.(interface {
		io.ReaderAt
		Stat() (fs.FileInfo, error)
	}); ok {
		info, err := f.Stat()
		if err != nil {
			return nil, 0, err
		}
		if info.Mode().IsRegular() {
			s.done = 0
			return &anywhere{f, s}, info.Size(), nil
		}
	}
	all, err := io.ReadAll(in)
	if err != nil {
		return nil, 0, err
	}
	return bytes.NewReader(all), int64(len(all)), nil
}

// anywhere counts what is read of a file at any place.
type anywhere struct {
	io.ReaderAt
	source *source
}

func (a *anywhere) ReadAt(b []byte, at int64) (int, error) {
	if err := a.source.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := a.ReaderAt.ReadAt(b, at)
	a.source.count(n)
	return n, err
}
