package interchange

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/tasknet/tasknet/labeling"
)

// text reads separated text with a header.
func (r *taskReading) text() error {
	if head, err := r.in.Peek(len(byteOrderMark)); err == nil && bytes.Equal(head, byteOrderMark) {
		if _, err := r.in.Discard(len(head)); err != nil {
			return err
		}
	}
	t := &table{in: r.in}
	if err := t.row(); errors.Is(err, io.EOF) {
		return badf("The file is empty.")
	} else if err != nil {
		return err
	}
	if t.problem != "" {
		return badf("Line %d: %s.", t.begins, t.problem)
	}
	var header []string
	for _, c := range t.cells {
		if !utf8.Valid(c) {
			return badf("Line %d is not UTF-8.", t.begins)
		}
		header = append(header, string(c))
	}
	at, err := locateTask(header)
	if err != nil {
		return err
	}
	cells := make(map[string]cell, len(at))
	for err = t.row(); err == nil; err = t.row() {
		problem := t.problem
		if problem == "" && len(t.cells) != len(header) {
			problem = fmt.Sprintf("there are %d cells, and %d in the first line", len(t.cells), len(header))
		}
		var row labeling.TaskRow
		if problem == "" {
			for column, i := range at {
				cells[column] = cell{text: strings.TrimSpace(string(t.cells[i]))}
			}
			row, problem = rowOf(cells)
		}
		if err := r.rowOr(row, t.begins, problem); err != nil {
			return err
		}
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// rowOr passes on a row, or what is wrong with it.
func (r *taskReading) rowOr(row labeling.TaskRow, line int, problem string) error {
	if problem != "" {
		return r.bad(&labeling.BadRow{Line: line, Problem: problem})
	}
	row.Line = line
	return r.row(row)
}
