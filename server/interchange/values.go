package interchange

import (
	"context"
	"slices"
	"strings"
)

// Values are recorded answers of any form, a row each, in the order of the file.
type Values[T any] struct {
	Tasks   *Names
	Workers *Names

	Task       []int32
	Worker     []int32
	Value      []T    // nothing where the worker could not tell
	CannotTell []bool // of each row

	// Malformed are the rows that are in none of the columns. A worker's second answer to a task is one.
	Malformed Malformed
}

// ReadValues reads the columns that ReadAnswers does. parse makes a value of the text of an answer, which is JSON where it
// stands as such in a JSON object, and says what is wrong with it otherwise. cannotTell is as in AnswersOptions.
func ReadValues[T any](ctx context.Context, file File, cannotTell string, parse func(text []byte) (T, error)) (*Values[T], error) {
	v := &Values[T]{Tasks: newNames(), Workers: newNames()}
	unsure := meaning(cannotTell)
	var lines []int32
	var problems Malformed
	malformed, err := answersForm.asJSON().read(ctx, file, func(line int, cells [][]byte) {
		var value T
		cannot := unsure(cells[2])
		if !cannot {
			var err error
			if value, err = parse(cells[2]); err != nil {
				problems.add(line, "the answer %s: %v", shown(cells[2]), err)
				return
			}
		}
		v.Value, v.CannotTell = append(v.Value, value), append(v.CannotTell, cannot)
		v.Task, v.Worker = append(v.Task, v.Tasks.add(cells[0])), append(v.Worker, v.Workers.add(cells[1]))
		lines = append(lines, int32(line))
	})
	if err != nil {
		return nil, err
	}
	v.Malformed = malformed
	v.Malformed.join(problems)
	second := v.Malformed.second(v.Task, v.Worker, v.Tasks, v.Workers, lines)
	v.Task, v.Worker = without(v.Task, second), without(v.Worker, second)
	v.Value, v.CannotTell = without(v.Value, second), without(v.CannotTell, second)
	renumber(v.Task, v.Tasks.sort())
	renumber(v.Worker, v.Workers.sort())
	return v, nil
}

// meaning returns what says whether an answer is the one that says that the worker cannot tell. "cannot_tell" and "cannot
// tell" are one.
func meaning(cannotTell string) func(answer []byte) bool {
	plain := func(s string) string { return strings.ReplaceAll(strings.TrimSpace(s), "_", " ") }
	word := plain(cannotTell)
	return func(answer []byte) bool {
		return word != "" && len(answer) == len(word) && plain(string(answer)) == word
	}
}

// Known is what is true of tasks, in any form. A task is in it once.
type Known[T any] struct {
	Tasks     *Names
	Value     []T       // of each task
	Malformed Malformed // a second truth of a task that differs from the first is one
}

// ReadKnown reads the columns that ReadTruth does, as ReadValues reads answers.
func ReadKnown[T any](ctx context.Context, file File, parse func(text []byte) (T, error), same func(a, b T) bool) (*Known[T], error) {
	k := &Known[T]{Tasks: newNames()}
	var problems Malformed
	malformed, err := truthForm.asJSON().read(ctx, file, func(line int, cells [][]byte) {
		value, err := parse(cells[1])
		if err != nil {
			problems.add(line, "the truth %s: %v", shown(cells[1]), err)
			return
		}
		known := k.Tasks.Len()
		switch task := k.Tasks.add(cells[0]); {
		case int(task) == known:
			k.Value = append(k.Value, value)
		case !same(k.Value[task], value):
			problems.add(line, "task %s has another truth already", shown(cells[0]))
		}
	})
	if err != nil {
		return nil, err
	}
	k.Malformed = malformed
	k.Malformed.join(problems)
	return k, nil
}

// Lists are recorded answers that are lists of named items each: those that were selected, or all in an order.
type Lists struct {
	Values[[]int32]
	Items *Names
}

// ReadLists reads lists as ReadValues does, each as ParseList has it. items are those that could be in a list, and perhaps
// never were.
func ReadLists(ctx context.Context, file File, cannotTell string, separator byte, items []string) (*Lists, error) {
	l := &Lists{Items: newNames()}
	for _, item := range items {
		l.Items.add([]byte(strings.TrimSpace(item)))
	}
	values, err := ReadValues(ctx, file, cannotTell, func(text []byte) ([]int32, error) {
		names, err := ParseList(text, separator)
		if err != nil {
			return nil, err
		}
		list := make([]int32, len(names))
		for i, name := range names {
			list[i] = l.Items.add([]byte(name))
		}
		return list, nil
	})
	if err != nil {
		return nil, err
	}
	l.Values = *values
	renumbered := l.Items.sort()
	for _, list := range l.Value {
		renumber(list, renumbered)
	}
	return l, nil
}

// ParseList reads a JSON array of strings and whole numbers, each once, or else words between separators.
func ParseList(text []byte, separator byte) ([]string, error) {
	var names []string
	if len(text) > 0 && text[0] == '[' {
		var err error
		if names, err = jsonList(text); err != nil {
			return nil, err
		}
	} else {
		names = strings.Split(string(text), string(separator))
	}
	seen := make(map[string]bool, len(names))
	for i, name := range names {
		names[i] = strings.TrimSpace(name)
		switch {
		case names[i] == "":
			return nil, badf("it has an item without a name")
		case seen[names[i]]:
			return nil, badf("it has %s twice", shown([]byte(names[i])))
		}
		seen[names[i]] = true
	}
	return slices.Clip(names), nil
}
