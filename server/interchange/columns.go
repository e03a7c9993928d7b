package interchange

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// column is something that each row has to say.
type column struct {
	what  string   // it is, for messages
	names []string // that it goes by in files, the best first; in lower case
}

var (
	taskColumn   = column{"task", []string{"task", "question", "item"}}
	workerColumn = column{"worker", []string{"worker"}}
	labelColumn  = column{"answer", []string{"answer", "label"}}
	truthColumn  = column{"truth", []string{"truth", "label", "answer"}}
	leftColumn   = column{"left item", []string{"left"}}
	rightColumn  = column{"right item", []string{"right"}}
)

// form is what rows look like.
type form struct {
	columns []column

	// headless is where the columns are in tab-separated text without a header; nil if there has to be one.
	headless []int

	// whole says that a JSON object may have arrays and objects, which are passed on as JSON.
	whole bool
}

// What files of answers and of truths look like.
var (
	answersForm = form{columns: []column{taskColumn, workerColumn, labelColumn}, headless: []int{1, 0, 2}}
	truthForm   = form{columns: []column{taskColumn, truthColumn}, headless: []int{0, 1}}
)

func (f form) asJSON() form {
	f.whole = true
	return f
}

// each is called with the cells of each row, in the order of the form's columns. They are valid until it returns.
type each func(line int, cells [][]byte)

// locate finds the columns among names. An error lists those that are missing.
func (f form) locate(names []string) ([]int, error) {
	at := make([]int, len(f.columns))
	var missing []string
	for i, c := range f.columns {
		at[i] = -1
		for _, name := range c.names {
			if at[i] = slices.IndexFunc(names, func(s string) bool { return strings.EqualFold(strings.TrimSpace(s), name) }); at[i] >= 0 {
				break
			}
		}
		if at[i] < 0 {
			missing = append(missing, fmt.Sprintf("the %s (%s)", c.what, strings.Join(c.names, ", ")))
		}
	}
	if len(missing) > 0 {
		return nil, badf("There is no column for %s among %s.", strings.Join(missing, " and "), shown([]byte(strings.Join(names, ", "))))
	}
	return at, nil
}

// named says whether any of the words is the name of a column.
func (f form) named(words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool {
		return slices.ContainsFunc(f.columns, func(c column) bool { return slices.Contains(c.names, strings.ToLower(strings.TrimSpace(word))) })
	})
}

// clean takes the space around cells away, and says what is wrong with them, if anything is.
func (f form) clean(cells [][]byte) (problem string) {
	for i := range cells {
		cells[i] = bytes.TrimSpace(cells[i])
		if len(cells[i]) == 0 {
			return fmt.Sprintf("the %s is empty", f.columns[i].what)
		}
		if !utf8.Valid(cells[i]) {
			return fmt.Sprintf("the %s %s is not UTF-8", f.columns[i].what, shown(cells[i]))
		}
	}
	return ""
}
