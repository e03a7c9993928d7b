package interchange

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"math"
	"path"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// Labeled are the rows of a dataset. An error ends them.
type Labeled iter.Seq2[*labeling.Labeled, error]

// CannotTell is what a raw answer says whose respondent could not tell.
const CannotTell = "cannot_tell"

// million is a whole, in parts per million.
const million = 1_000_000

// choices are those of a row: its own, or the dataset's.
func (a *About) choices(row *labeling.Labeled) []string {
	if row.Choices != nil {
		return row.Choices
	}
	return a.Choices
}

// check reports a row that is not of the dataset's type: writers would write nonsense, or panic.
func (a *About) check(row *labeling.Labeled) error {
	q := &polls.Question{Type: a.Type, Choices: a.choices(row), Options: a.options(row), Passage: row.Passage, Image: row.Image}
	if a.marksRegions() && q.Image == nil {
		return fmt.Errorf("dataset row %s: there is no image", shown([]byte(row.Key)))
	}
	if row.Value != "" || row.Choice != labeling.NoChoice {
		if err := q.CheckAnswer(row.Choice, row.Value); err != nil {
			return fmt.Errorf("dataset row %s: %w", shown([]byte(row.Key)), err)
		}
	}
	if t := row.Truth; t != nil {
		if err := q.CheckAnswer(t.Choice, t.Value); err != nil {
			return fmt.Errorf("dataset row %s, truth: %w", shown([]byte(row.Key)), err)
		}
	}
	for _, answer := range row.Answers {
		if err := q.CheckAnswer(answer.Choice, answer.Value); err != nil {
			return fmt.Errorf("dataset row %s, answer of %s: %w", shown([]byte(row.Key)), answer.Worker, err)
		}
	}
	if row.Soft != nil && len(row.Soft) != len(q.Choices) {
		return fmt.Errorf("dataset row %s: %d soft labels for %d choices", shown([]byte(row.Key)), len(row.Soft), len(q.Choices))
	}
	return nil
}

// options are the dataset's, the widest where it says none.
func (a *About) options(row *labeling.Labeled) polls.Options {
	o := a.Options
	if o.Most == 0 {
		o.Most = len(a.choices(row))
	}
	if o.Length == 0 {
		o.Length = polls.LengthMax
	}
	if o.Number == nil {
		o.Number = &polls.NumberRange{Min: math.MinInt64, Max: math.MaxInt64, Decimals: polls.DecimalsMax}
	}
	return o
}

func (a *About) marksRegions() bool {
	return a.Type == polls.Boxes || a.Type == polls.Polygons || a.Type == polls.Mask
}

// checked are rows that are of the dataset's type.
func (a *About) checked(rows Labeled) Labeled {
	return func(yield func(*labeling.Labeled, error) bool) {
		for row, err := range rows {
			if err == nil {
				err = a.check(row)
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// label is a label or an answer as a word: the choice's, CannotTell, or the value as JSON. A text and a number are written
// without quotes, so that what reads numbers can read them.
func label(choice int, value polls.Value, choices []string) string {
	switch {
	case value != "":
		if text, err := value.Text(); err == nil { // numbers are texts too
			return text
		}
		return string(value)
	case choice == polls.CannotTell:
		return CannotTell
	}
	return choices[choice]
}

// place is where a picture or a clip lies beside a dataset's files. Its name is its hash.
func place(folder, hash, kind string) string {
	ending := map[string]string{
		"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp", "image/gif": ".gif", "audio/wav": ".wav", "audio/mpeg": ".mp3",
		"audio/ogg": ".ogg", "audio/flac": ".flac", "audio/mp4": ".m4a", "audio/webm": ".webm",
	}[kind]
	return path.Join(folder, hash+ending)
}

func imagePlace(i *polls.Image) string { return place("images", i.Hash, i.Type) }

func audioPlace(a *polls.Audio) string { return place("audio", a.Hash, a.Type) }

// jsonRow is a row of JSON lines. Nothing but numbers of soft labels is a fraction.
type jsonRow struct {
	Key          string       `json:"key"`
	Text         string       `json:"text,omitempty"`
	Passage      string       `json:"passage,omitempty"`
	Image        string       `json:"image,omitempty"`
	ImageAlt     string       `json:"image_alt,omitempty"`
	Width        int          `json:"width,omitempty"`
	Height       int          `json:"height,omitempty"`
	Audio        string       `json:"audio,omitempty"`
	Choices      []string     `json:"choices,omitempty"`
	ChoiceImages []string     `json:"choice_images,omitempty"`
	Label        *string      `json:"label"` // null when there is none, or it is no choice
	Value        any          `json:"label_value,omitempty"`
	Soft         []float64    `json:"soft_label,omitempty"`
	Weight       float64      `json:"weight,omitempty"`
	Confidence   float64      `json:"confidence"`
	Method       string       `json:"method"`
	Truth        any          `json:"truth,omitempty"` // a choice's word, or a value
	Answers      []jsonAnswer `json:"answers"`
	Question     string       `json:"question_id,omitempty"`
	Hash         string       `json:"hash,omitempty"`
}

type jsonAnswer struct {
	Worker string `json:"worker"`
	Label  string `json:"label,omitempty"`
	Value  any    `json:"label_value,omitempty"`
	Time   string `json:"time"` // by the server's clock, in UTC, as in the other formats
}

// raw writes a value as the JSON that it is.
func raw(v polls.Value) any {
	if v == "" {
		return nil
	}
	return json.RawMessage(v)
}

// truth is a choice's word or the JSON of a value; nil when nothing is known.
func truth(row *labeling.Labeled, choices []string) any {
	switch t := row.Truth; {
	case t == nil:
		return nil
	case t.Value != "":
		return raw(t.Value)
	default:
		return label(t.Choice, "", choices)
	}
}

func fractions(ppm []int) []float64 {
	if ppm == nil {
		return nil
	}
	out := make([]float64, len(ppm))
	for i, n := range ppm {
		out[i] = float64(n) / million
	}
	return out
}

// hard returns the label's word, or nil.
func hard(row *labeling.Labeled, choices []string) *string {
	if row.Value != "" || row.Choice == labeling.NoChoice {
		return nil
	}
	word := label(row.Choice, "", choices)
	return &word
}

// weight is how much a row counts in training; 0 where it has no label that is one of several choices.
func (a *About) weight(row *labeling.Labeled) float64 {
	if !a.hasWeight() || row.Choice == labeling.NoChoice {
		return 0
	}
	return labeling.LabelWeight(row.Confidence, len(a.choices(row)))
}

func at(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// WriteJSONL writes a row a line. Pictures and clips are named by the place where a folder of the dataset has them. It can
// be read as tasks again.
func WriteJSONL(w io.Writer, about About, rows Labeled) error {
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for row, err := range about.checked(rows) {
		if err != nil {
			return err
		}
		choices := about.choices(row)
		line := jsonRow{
			Key: row.Key, Text: row.Text, Passage: row.Passage, Choices: row.Choices, Label: hard(row, choices), Value: raw(row.Value), Soft: fractions(row.Soft), Weight: about.weight(row),
			Confidence: float64(row.Confidence) / million, Method: row.Method, Truth: truth(row, choices), Answers: []jsonAnswer{}, Question: string(row.Question), Hash: row.Hash,
		}
		if row.Image != nil {
			line.Image, line.ImageAlt, line.Width, line.Height = imagePlace(row.Image), row.Image.Alt, row.Image.Width, row.Image.Height
		}
		if row.Audio != nil {
			line.Audio = audioPlace(row.Audio)
		}
		for i := range row.ChoiceImages {
			line.ChoiceImages = append(line.ChoiceImages, imagePlace(&row.ChoiceImages[i]))
		}
		for _, a := range row.Answers {
			answer := jsonAnswer{Worker: a.Worker, Value: raw(a.Value), Time: at(a.At)}
			if a.Value == "" {
				answer.Label = label(a.Choice, "", choices)
			}
			line.Answers = append(line.Answers, answer)
		}
		if err := enc.Encode(line); err != nil {
			return err
		}
	}
	return out.Flush()
}

// WriteAnswers writes all raw answers as CSV with the columns task, worker, label and time, as crowd-kit and ReadAnswers
// read them, and truth where that of some tasks is known. A label is a choice's word, CannotTell, a number, a text, or any
// other value as JSON; so is a truth, or nothing.
func WriteAnswers(w io.Writer, about About, rows Labeled) error {
	out := bufio.NewWriter(w)
	columns := []string{"task", "worker", "label", "time"}
	if about.Truth {
		columns = append(columns, "truth")
	}
	fmt.Fprintln(out, strings.Join(columns, ","))
	for row, err := range about.checked(rows) {
		if err != nil {
			return err
		}
		for _, a := range row.Answers {
			cells := []string{row.Key, a.Worker, label(a.Choice, a.Value, about.choices(row)), at(a.At)}
			switch t := row.Truth; {
			case t != nil:
				cells = append(cells, label(t.Choice, t.Value, about.choices(row)))
			case about.Truth:
				cells = append(cells, "")
			}
			for i, c := range cells {
				if strings.ContainsAny(c, ",\"\r\n;\t") || strings.TrimSpace(c) != c || c == "" {
					cells[i] = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
				}
			}
			fmt.Fprintln(out, strings.Join(cells, ","))
		}
	}
	return out.Flush()
}

var errNoFormat = tasknet.NewError(tasknet.Invalid, "bad_format", "The format has nothing for this type of question.")
