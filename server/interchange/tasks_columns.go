package interchange

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// Columns of tasks, by the names that they go by in files, the best first; in lower case.
var taskColumns = map[string][]string{
	"key":           {"key", "task", "task_id", "id", "item"},
	"text":          {"text", "prompt", "question"},
	"passage":       {"passage", "document", "context", "article"},
	"image":         {"image", "image_url", "img", "file_name", "picture"},
	"image_alt":     {"image_alt", "alt"},
	"audio":         {"audio", "audio_url", "clip"},
	"choices":       {"choices"},
	"left":          {"left"},
	"right":         {"right"},
	"choice_images": {"choice_images"},
	"importance":    {"importance"},
	"truth":         {"truth", "gold", "ground_truth", "label_value", "label", "answer"},
}

// taskFields are the columns that a task consists of besides its key and its truth.
var taskFields = []string{"text", "passage", "image", "image_alt", "audio", "choices", "left", "right", "choice_images"}

// locateTask finds for each column of tasks where it is among the names of a file's columns, or leaves it out. It is an
// error when there is nothing that a respondent could be shown.
func locateTask(names []string) (map[string]int, error) {
	at := make(map[string]int)
	for column, aliases := range taskColumns {
		for _, alias := range aliases {
			i := slices.IndexFunc(names, func(s string) bool { return strings.EqualFold(strings.TrimSpace(s), alias) })
			if i >= 0 {
				at[column] = i
				break
			}
		}
	}
	if !slices.ContainsFunc(taskFields, func(f string) bool { _, ok := at[f]; return ok }) {
		return nil, badf("There is no column for what a task shows (text, passage, image, audio or choices) among %s.", shown([]byte(strings.Join(names, ", "))))
	}
	return at, nil
}

// cell is what a row says in a column: some text, or texts.
type cell struct {
	text string
	list []string
}

// rowOf makes a task of cells. The problem is "" unless there is one.
func rowOf(cells map[string]cell) (row labeling.TaskRow, problem string) {
	for column, c := range cells {
		for _, s := range append(c.list, c.text) {
			if !utf8.ValidString(s) {
				return row, fmt.Sprintf("the %s %s is not UTF-8", column, shown([]byte(s)))
			}
		}
	}
	row = labeling.TaskRow{
		Key: cells["key"].text, Text: cells["text"].text, Passage: cells["passage"].text, Image: cells["image"].text,
		ImageAlt: cells["image_alt"].text, Audio: cells["audio"].text, Choices: cells["choices"].texts(),
		ChoiceImages: cells["choice_images"].texts(), Truth: cells["truth"].text, Importance: cells["importance"].text,
	}
	if left, right := cells["left"].text, cells["right"].text; row.Choices == nil && left != "" && right != "" {
		row.Choices = []string{left, right}
	}
	if list := cells["truth"].list; list != nil && row.Truth == "" {
		row.Truth = jsonOf(list)
	}
	if row.Text == "" && row.Passage == "" && row.Image == "" && row.Audio == "" && row.Choices == nil && row.ChoiceImages == nil {
		return row, "there is nothing to show: no text, passage, image, audio or choices"
	}
	return row, ""
}

// texts returns a list, also of a cell that has one as JSON, or with bars between its texts.
func (c cell) texts() []string {
	switch {
	case c.list != nil || c.text == "":
		return c.list
	case strings.HasPrefix(c.text, "["):
		var list []string
		if json.Unmarshal([]byte(c.text), &list) == nil {
			return list
		}
	}
	list := strings.Split(c.text, "|")
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return list
}

// cellOf reads what JSON says in a column. A truth may be any value, and is canonical JSON unless it is a text, a number
// or a list of texts.
func cellOf(value json.RawMessage) (c cell, ok bool) {
	value = bytes.TrimSpace(value)
	if len(value) == 0 {
		return c, false
	}
	switch value[0] {
	case 'n': // null
		return c, true
	case '"':
		return c, json.Unmarshal(value, &c.text) == nil
	case '[':
		if json.Unmarshal(value, &c.list) == nil {
			return c, true
		}
		c.list = nil
		fallthrough
	case '{':
		canonical, err := tasknet.Canonical(value)
		c.text = string(canonical)
		return c, err == nil
	}
	c.text = string(value)
	return c, json.Valid(value)
}

// normal is a truth in the form that its type has in answers, as far as it can be brought into that.
func (r *taskReading) normal(row *labeling.TaskRow) string {
	truth := row.Truth
	if truth == "" {
		return truth
	}
	switch r.options.Type {
	case polls.YesNo:
		switch truth {
		case "true", "True":
			return "Yes"
		case "false", "False":
			return "No"
		}
	case polls.Text:
		if !isText(truth) {
			return jsonOf(truth)
		}
	case polls.Number:
		if d, ok := decimalOf(truth); ok {
			return jsonOf(d.String())
		}
	case polls.Multiple, polls.Ranking:
		var words []any
		if json.Unmarshal([]byte(truth), &words) != nil {
			for _, word := range (cell{text: truth}).texts() {
				words = append(words, word)
			}
		}
		numbers := []int{}
		for _, word := range words {
			i, ok := r.place(row, word)
			if !ok {
				return truth
			}
			numbers = append(numbers, i)
		}
		if r.options.Type == polls.Multiple {
			slices.Sort(numbers)
		}
		return jsonOf(numbers)
	}
	return truth
}

// place is the index of a choice by its word or its index.
func (r *taskReading) place(row *labeling.TaskRow, word any) (int, bool) {
	switch word := word.(type) {
	case float64:
		i := int(min(max(word, -1), polls.ChoicesMax))
		return i, word == float64(i)
	case string:
		if i := slices.Index(row.Choices, word); i >= 0 {
			return i, true
		}
		if i, ok := r.class(word); ok {
			return i, true
		}
		i, err := strconv.Atoi(word)
		return i, err == nil && i >= 0 && i < polls.ChoicesMax
	}
	return 0, false
}

// isText says whether s is a text as JSON has it.
func isText(s string) bool {
	var text string
	return json.Unmarshal([]byte(s), &text) == nil
}

// jsonOf writes what can be written as canonical JSON.
func jsonOf(v any) string {
	b, err := tasknet.Canonical(v)
	if err != nil {
		panic(err) // of integers and texts, which always can
	}
	return string(b)
}
