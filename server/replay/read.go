package replay

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// Answer is what a worker once answered to a question.
type Answer struct {
	Question string
	Worker   string
	Label    string
}

// ErrBadFile is what every error about the content of a file is.
var ErrBadFile = tasknet.NewError(tasknet.Invalid, "bad_file", "The file does not have the form that a replay reads.")

// badFile says where and what.
type badFile string

func (b badFile) Error() string { return string(b) }

func (b badFile) Unwrap() error { return ErrBadFile }

func bad(line int, format string, args ...any) error {
	return badFile(fmt.Sprintf("line %d: ", line) + fmt.Sprintf(format, args...))
}

// ReadAnswers reads CSV with the columns question, worker and answer, in any order. A worker answers a question once.
func ReadAnswers(r io.Reader) ([]Answer, error) {
	var out []Answer
	first := make(map[[2]string]int)
	labels := make(map[string]bool)
	err := readTable(r, []string{"question", "worker", "answer"}, func(line int, row []string) error {
		a := Answer{Question: row[0], Worker: row[1], Label: row[2]}
		key := [2]string{a.Question, a.Worker}
		if before := first[key]; before != 0 {
			return bad(line, "worker %q has answered question %q on line %d already", a.Worker, a.Question, before)
		}
		first[key] = line
		if len(a.Question) > polls.TextLengthMax || len(a.Label) > polls.ChoiceLengthMax {
			return bad(line, "a question has at most %d characters, and an answer %d", polls.TextLengthMax, polls.ChoiceLengthMax)
		}
		if labels[a.Label] = true; len(labels) > polls.ChoicesMax {
			return bad(line, "%q is answer number %d that differs; a question has at most %d choices", a.Label, len(labels), polls.ChoicesMax)
		}
		out = append(out, a)
		return nil
	})
	if err == nil && len(labels) < polls.ChoicesMin {
		err = badFile("a replay needs at least two answers that differ")
	}
	return out, err
}

// ReadTruth reads CSV with the columns question and truth, in any order.
func ReadTruth(r io.Reader) (map[string]string, error) {
	out := make(map[string]string)
	err := readTable(r, []string{"question", "truth"}, func(line int, row []string) error {
		if before, twice := out[row[0]]; twice && before != row[1] {
			return bad(line, "question %q has the truth %q already", row[0], before)
		}
		out[row[0]] = row[1]
		return nil
	})
	return out, err
}

// readTable gives the named columns of each row, none of them empty.
func readTable(r io.Reader, columns []string, each func(line int, row []string) error) error {
	table := csv.NewReader(r)
	table.TrimLeadingSpace = true
	header, err := table.Read()
	if err == io.EOF {
		return bad(1, "the file is empty; it starts with the columns %s", strings.Join(columns, ","))
	}
	if err != nil {
		return syntax(err)
	}
	header[0] = strings.TrimPrefix(header[0], "\ufeff") // of files that come from a spreadsheet
	at := make([]int, len(columns))
	for i, c := range columns {
		if at[i] = slices.Index(header, c); at[i] < 0 {
			return bad(1, "there is no column %q among %q", c, strings.Join(header, ","))
		}
	}
	for {
		row, err := table.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return syntax(err)
		}
		line, _ := table.FieldPos(0)
		cells := make([]string, len(columns))
		for i, a := range at {
			if cells[i] = strings.TrimSpace(row[a]); cells[i] == "" {
				return bad(line, "the %s is empty", columns[i])
			}
		}
		if err := each(line, cells); err != nil {
			return err
		}
	}
}

// syntax names the line of what is not CSV.
func syntax(err error) error {
	if p, ok := errors.AsType[*csv.ParseError](err); ok {
		if errors.Is(p.Err, csv.ErrFieldCount) {
			return bad(p.Line, "it does not have as many fields as the first line")
		}
		return bad(p.Line, "%v", p.Err)
	}
	return err
}

// labelsOf returns the different answers, sorted.
func labelsOf(answers []Answer) []string {
	seen := make(map[string]bool)
	for _, a := range answers {
		seen[a.Label] = true
	}
	return slices.Sorted(maps.Keys(seen))
}
