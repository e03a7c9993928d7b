package interchange

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// lsMeta is what a task of Label Studio says beside its annotations.
type lsMeta struct {
	Soft       map[string]float64 `json:"soft_label,omitempty"`
	Regions    []float64          `json:"region_confidence,omitempty"` // of each of the label's, in their order
	Confidence float64            `json:"confidence"`
	Method     string             `json:"method"`
	Question   string             `json:"question,omitempty"`
	Hash       string             `json:"hash,omitempty"`
	Truth      any                `json:"truth,omitempty"` // a choice's word, or a value as ours are written
	Workers    []string           `json:"workers"`         // of the annotations after the label's, in their order
}

// WriteLabelStudio writes a JSON array of tasks that Label Studio imports into a project with the configuration of
// NewLabelConfig. The label is an annotation and marked as ground truth; each answer is one too, skipped when the person
// could not tell. Nothing is in completed_by, because Label Studio refuses files that name somebody whom it does not know.
func WriteLabelStudio(w io.Writer, about About, rows Labeled) error {
	config, err := NewLabelConfig(about)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	fmt.Fprint(out, "[")
	comma := ""
	for row, err := range about.checked(rows) {
		if err != nil {
			return err
		}
		task, err := config.task(&about, row)
		if err != nil {
			return fmt.Errorf("dataset row %s: %w", shown([]byte(row.Key)), err)
		}
		text, err := json.Marshal(task)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s\n%s", comma, text)
		comma = ","
	}
	fmt.Fprint(out, "\n]\n")
	return out.Flush()
}

func (c *LabelConfig) task(about *About, row *labeling.Labeled) (*lsTask, error) {
	choices := about.choices(row)
	data := map[string]any{"key": row.Key, "text": row.Text}
	if about.Passage {
		data["passage"] = row.Passage
	}
	width, height := 0, 0
	if about.Image {
		data["image"] = ""
		if row.Image != nil {
			data["image"] = imagePlace(row.Image)
			width, height = row.Image.Width, row.Image.Height
		}
	}
	if about.Audio {
		data["audio"] = ""
		if row.Audio != nil {
			data["audio"] = audioPlace(row.Audio)
		}
	}
	switch about.Type {
	case polls.Pair:
		data["left"], data["right"] = choices[0], choices[1]
		if about.ChoiceImages {
			data["left"], data["right"] = "", ""
			if len(row.ChoiceImages) == 2 {
				data["left"], data["right"] = imagePlace(&row.ChoiceImages[0]), imagePlace(&row.ChoiceImages[1])
			}
		}
	case polls.Ranking:
		items := []lsItem{}
		for i, choice := range choices {
			items = append(items, lsItem{ID: strconv.Itoa(i), Title: choice})
		}
		data["choices"] = items
	}
	for i := range row.ChoiceImages {
		data["choice_image_"+strconv.Itoa(i)] = imagePlace(&row.ChoiceImages[i])
	}
	task := &lsTask{Data: map[string]json.RawMessage{}, Annotations: []lsAnnotation{}}
	for name, value := range data {
		text, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		task.Data[name] = text
	}
	add := func(choice int, value polls.Value, truth bool) error {
		results, err := c.results(choice, value, choices, row.Passage, width, height)
		skipped := value == "" && choice == polls.CannotTell
		task.Annotations = append(task.Annotations, lsAnnotation{Result: results, GroundTruth: truth, WasCancelled: skipped})
		return err
	}
	if row.Value != "" || row.Choice != labeling.NoChoice {
		if err := add(row.Choice, row.Value, true); err != nil {
			return nil, err
		}
	}
	meta := lsMeta{Regions: fractions(row.Regions), Confidence: float64(row.Confidence) / million, Method: row.Method, Question: string(row.Question), Hash: row.Hash, Truth: truth(row, choices), Workers: []string{}}
	for _, a := range row.Answers {
		meta.Workers = append(meta.Workers, a.Worker)
		if err := add(a.Choice, a.Value, false); err != nil {
			return nil, err
		}
	}
	if row.Soft != nil {
		meta.Soft = map[string]float64{}
		for i, p := range fractions(row.Soft) {
			meta.Soft[choices[i]] = p
		}
	}
	task.Meta = meta
	return task, nil
}
