package interchange

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/parquet-go/parquet-go"

	"github.com/tasknet/tasknet/labeling"
)

// leaf is what a column of a Parquet file's leaves is for a task.
type leaf struct {
	column string // of tasks; "" when it is not wanted
	list   bool
	bytes  bool // of an image or a clip, and not its name
}

// parquet reads a Parquet file. A column of files may be text, or have bytes and path, as those of data sets do.
func (r *taskReading) parquet() (err error) {
	defer func() {
		if broken := recover(); broken != nil { // the library does not check all that a broken file may say
			err = badf("The Parquet file is broken: %v.", broken)
		}
	}()
	at, size, err := r.random()
	if err != nil {
		return err
	}
	file, err := parquet.OpenFile(at, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return brokenParquet(r.ctx, err)
	}
	leaves, err := leavesOf(file.Schema())
	if err != nil {
		return err
	}
	line := 0
	buffer := make([]parquet.Row, 16)
	for _, group := range file.RowGroups() {
		err := func() (err error) {
			rows := group.Rows()
			defer func() { err = errors.Join(err, rows.Close()) }()
			for {
				n, err := rows.ReadRows(buffer)
				for _, values := range buffer[:n] {
					line++
					row, problem := parquetRow(leaves, values)
					if err := r.rowOr(row, line, problem); err != nil {
						return err
					}
				}
				if errors.Is(err, io.EOF) {
					return nil
				}
				if err == nil && n == 0 {
					err = io.ErrNoProgress
				}
				if err != nil {
					return brokenParquet(r.ctx, fmt.Errorf("row %d: %w", line+1, err))
				}
			}
		}()
		if err != nil {
			return err
		}
	}
	return nil
}

func leavesOf(schema *parquet.Schema) ([]leaf, error) {
	paths := schema.Columns()
	tops := make([]string, len(paths))
	for i, path := range paths {
		tops[i] = path[0]
	}
	at, err := locateTask(tops)
	if err != nil {
		return nil, err
	}
	leaves := make([]leaf, len(paths))
	for i, path := range paths {
		for column, first := range at {
			if path[0] != tops[first] {
				continue
			}
			node, ok := schema.Lookup(path...)
			if !ok {
				continue
			}
			l := leaf{column: column, list: node.MaxRepetitionLevel > 0}
			member := "" // of a column of files, or of a list of files
			switch len(path) {
			case 2, 4:
				member = path[len(path)-1]
			}
			switch {
			case member == "bytes":
				l.bytes = true
			case member != "" && member != "path", len(path) > 4:
				continue // of a column that is no text, no file and no list
			}
			leaves[i] = l
		}
	}
	return leaves, nil
}

func parquetRow(leaves []leaf, values parquet.Row) (row labeling.TaskRow, problem string) {
	cells := make(map[string]cell)
	bodies := make(map[string][][]byte) // of files, by their columns
	for _, v := range values {
		l := leaves[v.Column()]
		if l.column == "" || v.IsNull() {
			continue
		}
		if l.bytes {
			bodies[l.column] = append(bodies[l.column], bytes.Clone(v.ByteArray()))
			continue
		}
		text, err := textOf(nil, v)
		if err != nil {
			return row, fmt.Sprintf("the %s is of a type that cannot be read", l.column)
		}
		c := cells[l.column]
		if l.list {
			c.list = append(c.list, string(text))
		} else {
			c.text = strings.TrimSpace(string(text))
		}
		cells[l.column] = c
	}
	files := make(map[string][]byte)
	for column, body := range bodies {
		c := cells[column]
		switch {
		case column == "choice_images":
			for i := len(c.list); i < len(body); i++ { // files need no names
				c.list = append(c.list, fmt.Sprintf("%s %d", column, i+1))
			}
			for i := range body {
				files[c.list[i]] = body[i]
			}
		case c.text == "":
			c.text = column
			fallthrough
		default:
			files[c.text] = body[0]
		}
		cells[column] = c
	}
	row, problem = rowOf(cells)
	if problem != "" || len(files) == 0 {
		return row, problem
	}
	row.File = func(_ context.Context, name string) ([]byte, error) {
		body, ok := files[name]
		if !ok {
			return nil, errNoFile
		}
		return body, nil
	}
	return row, ""
}
