package interchange

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/tasknet/tasknet"
)

// ErrBadFile is what every error about the content of a whole file is.
var ErrBadFile = tasknet.NewError(tasknet.Invalid, "bad_file", "The file does not have a form that can be read.")

// badFile says what is wrong.
type badFile string

func (b badFile) Error() string { return string(b) }

func (b badFile) Unwrap() error { return ErrBadFile }

func badf(format string, args ...any) error { return badFile(fmt.Sprintf(format, args...)) }

// MalformedMax is how many malformed rows are kept for a report.
const MalformedMax = 20

// Malformed is the rows that could not be read.
type Malformed struct {
	First []Row // at most MalformedMax
	Count int
}

// Row is what is wrong with a row.
type Row struct {
	Line    int // where it begins, from 1; of a Parquet file, the number of the row
	Problem string
}

func (m *Malformed) add(line int, format string, args ...any) {
	m.Count++
	m.First = append(m.First, Row{line, fmt.Sprintf(format, args...)})
	if len(m.First) == 2*MalformedMax {
		m.cut()
	}
}

// cut keeps the first rows by line: duplicates are found after all else.
func (m *Malformed) cut() {
	slices.SortStableFunc(m.First, func(a, b Row) int { return cmp.Compare(a.Line, b.Line) })
	m.First = m.First[:min(len(m.First), MalformedMax)]
}

// shown shortens a value for a message.
func shown(value []byte) string {
	const most = 60
	if len(value) > most {
		return fmt.Sprintf("%q...", value[:most])
	}
	return fmt.Sprintf("%q", value)
}

// join takes over the rows of another report.
func (m *Malformed) join(other Malformed) {
	m.Count += other.Count
	m.First = append(m.First, other.First...)
	m.cut()
}
