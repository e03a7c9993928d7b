package compute

import (
	"fmt"
	"strings"
)

// Card says where a model comes from and how good it is.
type Card struct {
	Data        string  `json:"data_sha256"` // of the file of labels
	Code        string  `json:"code"`        // the program that trained it: its version, and its SHA-256
	Trainer     string  `json:"trainer"`
	Seed        uint64  `json:"seed"`
	Params      int     `json:"parameters"`
	Trained     int     `json:"trained_on"` // examples
	Held        int     `json:"held_out"`   // examples that stopped and calibrated it, besides those it is measured on
	Epochs      int     `json:"epochs"`
	BestEpoch   int     `json:"best_epoch"`
	Temperature float64 `json:"temperature"`
	Metrics     Metrics `json:"metrics"`

	Artefacts []ArtefactID `json:"data_artefacts,omitempty"` // of the data that a job read, and of IDX pictures' labels
	Hidden    *OnHidden    `json:"hidden,omitempty"`         // what the server found, where it has judged the model
}

// NewCard describes a model that was trained on a split.
func NewCard(m *Model, s *Split, data, code string) Card {
	return Card{
		Data: data, Code: code, Trainer: m.Trainer, Seed: m.Plan.Spec.Training.Seed, Params: m.Plan.Params, Trained: s.Train.Len(), Held: s.Validation.Len(),
		Epochs: len(m.History), BestEpoch: m.BestEpoch, Temperature: m.Temperature, Metrics: m.Metrics,
	}
}

// Markdown is the card as people read it. Its plots are loss.svg and reliability.svg beside it.
func (c *Card) Markdown(classes []string) string {
	var b strings.Builder
	m := c.Metrics
	fmt.Fprintf(&b, `# Model

It tells %d classes apart: %s.

| on %d tasks that it has not seen | |
|---|---|
| right | %.2f %% |
| log loss | %.4f |
| calibration error | %.2f %%, before calibration %.2f %% |

Trained on %d examples by %s, and stopped and calibrated by %d others. %d parameters, %d epochs, the best after %d; temperature
%.3f, seed %d, code %s. SHA-256 of the labels: %s%s.

%s"Right" means as its labels say, which are people's. What it has not seen was drawn from the same tasks: on others it may do worse.

![Loss after each epoch](loss.svg)
![How often it is right, by how sure it is](reliability.svg)

## Labels and what it says

`, len(classes), strings.Join(escaped(classes), ", "), m.Examples, 100*m.Accuracy, m.LogLoss, 100*m.Error, 100*m.Before,
		c.Trained, c.Trainer, c.Held, c.Params, c.Epochs, c.BestEpoch, c.Temperature, c.Seed, c.Code, c.Data, c.artefacts(), c.Hidden.sentence())
	if len(classes) > confusionMost {
		fmt.Fprintf(&b, "The table of %d classes is in card.json.\n", len(classes))
		return b.String()
	}
	fmt.Fprintf(&b, "| label | %s |\n|---%s|\n", strings.Join(escaped(classes), " | "), strings.Repeat("|---:", len(classes)))
	for i, row := range m.Confusion {
		fmt.Fprintf(&b, "| %s |", escaped(classes)[i])
		for _, n := range row {
			fmt.Fprintf(&b, " %d |", n)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// artefacts names those of the data; of a model that no job trained there are none.
func (c *Card) artefacts() (out string) {
	for _, id := range c.Artefacts {
		out += ", " + string(id)
	}
	return out
}

// sentence says how the model did on tasks that no node had; nothing where there are none.
func (h *OnHidden) sentence() string {
	if h == nil {
		return ""
	}
	return fmt.Sprintf(`On %d tasks that the server kept from the machine that trained it, its log loss is %.4f (%.4f to %.4f in 95 of 100 cases) and it is
right in %.2f %%; who only knows how frequent each class is has the log loss %.4f.

`, h.Tasks, h.LogLoss, h.Low, h.High, 100*h.Accuracy, h.Guess)
}

// confusionMost is how many classes a table has room for.
const confusionMost = 30

// escaped takes from names what would be something else in a table of Markdown.
func escaped(names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;", "`", "'").Replace(name)
	}
	return out
}
