package bundle

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/zstd"

	"github.com/tasknet/tasknet/server/ordered"
)

const (
	// chunkSize is about how much of a file is read and decoded at a time.
	chunkSize = 1 << 18

	// lineMost is the longest line that is read. A question with a thousand answers of 64 KiB each has half of it.
	lineMost = 128 << 20

	// windowMost is how far back compressed bytes may refer, which is memory of the reader.
	windowMost = 8 << 20
)

// chunk is some whole lines of a file.
type chunk struct {
	first int // line, from 1
	text  []byte
}

// list yields the records of a file, decoded on all processors.
func list[T any](ctx context.Context, b *Bundle, name string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		n := 0
		for records, err := range ordered.Map(b.chunks(ctx, name), func(c chunk) ([]T, error) { return decode[T](name, c) }) {
			if err != nil {
				yield(none, err)
				return
			}
			for _, r := range records {
				if n++; !yield(r, nil) {
					return
				}
			}
		}
		if want := b.manifest.byName[name].Items; n != want {
			yield(none, mismatch(name, "items", fmt.Sprint(want), fmt.Sprint(n)))
		}
	}
}

// one reads a file of one record.
func one[T any](ctx context.Context, b *Bundle, name string) (out T, err error) {
	n := 0
	for r, err := range list[T](ctx, b, name) {
		if err != nil {
			return out, err
		}
		if n++; n > 1 {
			return out, mismatch(name, "items", "1", "more")
		}
		out = r
	}
	if n == 0 {
		return out, mismatch(name, "items", "1", "0")
	}
	return out, nil
}

func decode[T any](name string, c chunk) ([]T, error) {
	out := make([]T, 0, bytes.Count(c.text, []byte("\n")))
	for line := range bytes.Lines(c.text) {
		var r T
		if err := json.Unmarshal(line, &r); err != nil {
			return nil, mismatch(fmt.Sprintf("%s line %d", name, c.first+len(out)), "record", fmt.Sprintf("a %T", r), err.Error())
		}
		out = append(out, r)
	}
	return out, nil
}

// chunks yields the lines of a file in their order.
func (b *Bundle) chunks(ctx context.Context, name string) iter.Seq2[chunk, error] {
	return func(yield func(chunk, error) bool) {
		if b.manifest.byName[name] == nil {
			yield(chunk{}, mismatch(name, "file", "one", "none in the manifest"))
			return
		}
		f, err := b.root.Open(filepath.FromSlash(name))
		if err != nil {
			yield(chunk{}, err)
			return
		}
		defer f.Close()
		in := io.Reader(f)
		if strings.HasSuffix(name, ".zst") {
			zip, err := zstd.NewReader(f, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(windowMost))
			if err != nil {
				yield(chunk{}, err)
				return
			}
			defer zip.Close()
			in = zip
		}
		c := &cutter{name: name, in: in, most: lineMost, line: 1}
		for {
			next, err := c.next()
			if err == nil {
				err = ctx.Err()
			}
			if errors.Is(err, io.EOF) || !yield(next, err) || err != nil {
				return
			}
		}
	}
}

// cutter cuts what it reads into chunks.
type cutter struct {
	name string
	in   io.Reader
	most int    // bytes of a line
	line int    // the next
	rest []byte // of a line whose end was not read
	end  bool
}

// next returns the next lines. io.EOF after the last.
func (c *cutter) next() (chunk, error) {
	text := append(make([]byte, 0, max(chunkSize, 2*len(c.rest))), c.rest...)
	for !c.end {
		n, err := io.ReadFull(c.in, text[len(text):cap(text)])
		from := len(text)
		text = text[:from+n]
		if c.end = errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF); err != nil && !c.end {
			if _, onDisk := errors.AsType[*fs.PathError](err); onDisk {
				return chunk{}, err
			}
			return chunk{}, mismatch(c.name, "content", "bytes that Zstandard compressed", err.Error())
		}
		if cut := from + bytes.LastIndexByte(text[from:], '\n') + 1; cut > from {
			out := chunk{c.line, text[:cut:cut]}
			c.line += bytes.Count(out.text, []byte("\n"))
			c.rest = text[cut:]
			return out, nil
		}
		if len(text) > c.most {
			return chunk{}, mismatch(fmt.Sprintf("%s line %d", c.name, c.line), "length", fmt.Sprintf("at most %d bytes", c.most), "more")
		}
		if len(text) == cap(text) {
			text = append(make([]byte, 0, 2*cap(text)), text...)
		}
	}
	if len(text) > 0 {
		return chunk{}, mismatch(fmt.Sprintf("%s line %d", c.name, c.line), "end", "a line break", "none")
	}
	return chunk{}, io.EOF
}
