package interchange

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/parquet-go/parquet-go"
)

// parquet reads the top-level columns of a Parquet file that are wanted, and no other.
func (r *reading) parquet(ctx context.Context, s *source, in *bufio.Reader) (err error) {
	defer func() {
		if broken := recover(); broken != nil { // the library does not check all that a broken file may say
			err = badf("The Parquet file is broken: %v.", broken)
		}
	}()
	at, size, err := s.random(in)
	if err != nil {
		return err
	}
	file, err := parquet.OpenFile(at, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return brokenParquet(ctx, err)
	}
	var names []string
	var leaves []parquet.LeafColumn
	for _, path := range file.Schema().Columns() {
		if leaf, ok := file.Schema().Lookup(path...); ok && len(path) == 1 && !leaf.Node.Repeated() {
			names, leaves = append(names, path[0]), append(leaves, leaf)
		}
	}
	wanted, err := r.form.locate(names)
	if err != nil {
		return err
	}
	line := 0
	columns := make([]cellReader, len(wanted))
	cells := make([][]byte, len(wanted))
	for _, group := range file.RowGroups() {
		for i, w := range wanted {
			columns[i] = cellReader{pages: group.ColumnChunks()[leaves[w].ColumnIndex].Pages(), text: columns[i].text}
		}
		for range group.NumRows() {
			line++
			for i := range columns {
				if cells[i], err = columns[i].next(); err != nil {
					return brokenParquet(ctx, fmt.Errorf("row %d: %w", line, err))
				}
			}
			r.row(line, cells)
		}
		for i := range columns {
			if err := columns[i].pages.Close(); err != nil {
				return err
			}
		}
	}
	return nil
}

// brokenParquet tells an error of the file from the end of the caller's patience.
func brokenParquet(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return badf("The Parquet file is broken: %v.", err)
}

// cellReader reads the values of a column of a row group as text.
type cellReader struct {
	pages  parquet.Pages
	page   parquet.Page
	values parquet.ValueReader
	ahead  []parquet.Value // that were read
	at     int             // of the next of them
	text   []byte
}

func (c *cellReader) next() ([]byte, error) {
	for c.at == len(c.ahead) {
		if err := c.more(); err != nil {
			return nil, err
		}
	}
	v := c.ahead[c.at]
	c.at++
	if v.Kind() == parquet.ByteArray || v.Kind() == parquet.FixedLenByteArray {
		return v.ByteArray(), nil
	}
	text, err := textOf(c.text[:0], v)
	c.text = text
	return text, err
}

// textOf appends a value as text.
func textOf(text []byte, v parquet.Value) ([]byte, error) {
	switch {
	case v.IsNull():
	case v.Kind() == parquet.ByteArray, v.Kind() == parquet.FixedLenByteArray:
		return append(text, v.ByteArray()...), nil
	case v.Kind() == parquet.Boolean:
		return strconv.AppendBool(text, v.Boolean()), nil
	case v.Kind() == parquet.Int32:
		return strconv.AppendInt(text, int64(v.Int32()), 10), nil
	case v.Kind() == parquet.Int64:
		return strconv.AppendInt(text, v.Int64(), 10), nil
	case v.Kind() == parquet.Float:
		return appendFloat(text, float64(v.Float()), 32), nil
	case v.Kind() == parquet.Double:
		return appendFloat(text, v.Double(), 64), nil
	default:
		return nil, errors.New("a column is of a type that cannot be read")
	}
	return text, nil
}

// appendFloat writes whole numbers without a point, as other columns that are joined with them have it. NaN is what
// data frames write where there is nothing.
func appendFloat(text []byte, f float64, bits int) []byte {
	if math.IsNaN(f) {
		return text
	}
	return strconv.AppendFloat(text, f, 'f', -1, bits)
}

// more reads values ahead.
func (c *cellReader) more() error {
	if c.values == nil {
		var err error
		if c.page, err = c.pages.ReadPage(); errors.Is(err, io.EOF) {
			return io.ErrUnexpectedEOF
		} else if err != nil {
			return err
		}
		c.values = c.page.Values()
	}
	if c.ahead == nil {
		c.ahead = make([]parquet.Value, 1024)
	}
	n, err := c.values.ReadValues(c.ahead[:cap(c.ahead)])
	c.ahead, c.at = c.ahead[:n], 0
	if errors.Is(err, io.EOF) {
		c.values, err = nil, nil
	}
	return err
}
