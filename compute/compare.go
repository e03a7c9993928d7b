package compute

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/tasknet/tasknet"
)

// Prediction is what a model says of a task, a line of JSON.
type Prediction struct {
	Key           string             `json:"key"`
	Label         string             `json:"label"`
	Confidence    float64            `json:"confidence"`
	Probabilities map[string]float64 `json:"probabilities"`
}

// Tolerance is how far apart honest machines may be: between amd64 and arm64, and between the trainers, probabilities of one model
// differ in the sixth digit; a thousand times that is allowed.
const Tolerance = 1e-3

// predictionMax is the longest line of predictions.
const predictionMax = 1 << 20

// ErrBadOutput reports an output that is not of the form that its kind of job makes.
var ErrBadOutput = tasknet.NewError(tasknet.Invalid, "bad_output", "An output is not of the form that its kind of job makes.")

func badOutput(format string, args ...any) error {
	return fmt.Errorf("%w (%s)", ErrBadOutput, fmt.Sprintf(format, args...))
}

// predictions reads predictions one by one.
type predictions struct {
	lines   *bufio.Scanner
	classes []string
	n       int
}

func newPredictions(r io.Reader, classes []string) *predictions {
	p := &predictions{lines: bufio.NewScanner(r), classes: classes}
	p.lines.Buffer(nil, predictionMax)
	return p
}

// next reads one; there is none at the end.
func (p *predictions) next() (*Prediction, error) {
	if !p.lines.Scan() {
		if p.lines.Err() == nil {
			return nil, nil //nolint:nilnil // the end
		}
		return nil, fmt.Errorf("%w (%w)", ErrBadOutput, p.lines.Err())
	}
	p.n++
	var out Prediction
	if json.Unmarshal(p.lines.Bytes(), &out) != nil || len(out.Probabilities) != len(p.classes) {
		return nil, badOutput("line %d is no prediction", p.n)
	}
	sum := 0.0
	for _, class := range p.classes {
		likely, ok := out.Probabilities[class]
		if !ok || !(likely >= 0 && likely <= 1) {
			return nil, badOutput("line %d has no probability of %q", p.n, class)
		}
		sum += likely
	}
	if !slices.Contains(p.classes, out.Label) || math.Abs(sum-1) > 0.01 || out.Probabilities[out.Label] < slices.Max(values(out.Probabilities))-Tolerance {
		return nil, badOutput("line %d does not name the likeliest class", p.n)
	}
	return &out, nil
}

func values(m map[string]float64) []float64 {
	out := make([]float64, 0, len(m))
	for _, v := range m {
		out = append(out, v)
	}
	return out
}

// Checked reports whether CheckOutput looks into the outputs of a role.
func (r Role) Checked() bool { return r == PredictionsRole || r == MetricsRole || r == CardRole }

// CheckOutput reports whether an output of a part of so many rows has the form that it must have. is reports whether a row of the part,
// counted from 0, has a key; nil where that is not known. ErrBadOutput.
func (w *Work) CheckOutput(role Role, rows int, is func(row int, key string) bool, r io.Reader) error {
	switch role {
	case PredictionsRole:
		p := newPredictions(r, w.Model.Classes)
		for {
			line, err := p.next()
			if err != nil {
				return err
			}
			if line == nil {
				break
			}
			if is != nil && p.n <= rows && !is(p.n-1, line.Key) {
				return badOutput("line %d is of another task", p.n)
			}
		}
		if p.n != rows {
			return badOutput("%d lines for %d rows", p.n, rows)
		}
	case MetricsRole:
		_, err := readMetrics(r)
		return err
	case CardRole:
		var c Card
		if err := json.NewDecoder(io.LimitReader(r, metricsMax)).Decode(&c); err != nil {
			return badOutput("the card cannot be read")
		}
	}
	return nil
}

const metricsMax = 16 << 20

func readMetrics(r io.Reader) (*Metrics, error) {
	var m Metrics
	if err := json.NewDecoder(io.LimitReader(r, metricsMax)).Decode(&m); err != nil || m.Examples < 1 {
		return nil, badOutput("the metrics cannot be read")
	}
	return &m, nil
}

// Compares returns the role whose contents are compared where two results differ; empty where only equal bytes are alike.
func (w *Work) Compares() Role {
	switch w.Kind {
	case InferJob:
		return PredictionsRole
	case EvaluateJob:
		return MetricsRole
	}
	return ""
}

// Compare compares two outputs of the role that Compares returns. An error is about one that cannot be read.
func (w *Work) Compare(a, b io.Reader) (Likeness, error) {
	if w.Kind == EvaluateJob {
		one, err := readMetrics(a)
		if err != nil {
			return Unknown, err
		}
		other, err := readMetrics(b)
		if err != nil {
			return Unknown, err
		}
		return one.like(other), nil
	}
	one, other := newPredictions(a, w.Model.Classes), newPredictions(b, w.Model.Classes)
	for {
		p, err := one.next()
		if err != nil {
			return Unknown, err
		}
		q, err := other.next()
		if err != nil {
			return Unknown, err
		}
		if p == nil || q == nil {
			if p != q {
				return Unlike, nil
			}
			return Alike, nil
		}
		if !p.like(q) {
			return Unlike, nil
		}
	}
}

// like reports whether two machines may have said this of the same task by the same model. Labels may differ where the
// probabilities of both are so close that rounding decides.
func (p *Prediction) like(q *Prediction) bool {
	if p.Key != q.Key || len(p.Probabilities) != len(q.Probabilities) {
		return false
	}
	for class, likely := range p.Probabilities {
		if other, ok := q.Probabilities[class]; !ok || math.Abs(likely-other) > Tolerance {
			return false
		}
	}
	return p.Label == q.Label || math.Abs(p.Probabilities[p.Label]-p.Probabilities[q.Label]) <= 2*Tolerance
}

// like compares what two machines measured of the same model on the same examples: one in a thousand may be on the other side of a
// near tie, and one always.
func (m *Metrics) like(o *Metrics) Likeness {
	if m.Examples != o.Examples || len(m.Confusion) != len(o.Confusion) {
		return Unlike
	}
	flips := Tolerance + 1/float64(m.Examples)
	if !(math.Abs(m.Accuracy-o.Accuracy) <= flips) || !(math.Abs(m.LogLoss-o.LogLoss) <= Tolerance*max(1, m.LogLoss)) {
		return Unlike
	}
	moved := 0
	for i := range m.Confusion {
		if len(m.Confusion[i]) != len(o.Confusion[i]) {
			return Unlike
		}
		for j := range m.Confusion[i] {
			moved += max(m.Confusion[i][j]-o.Confusion[i][j], 0)
		}
	}
	if float64(moved) > flips*float64(m.Examples) {
		return Unlike
	}
	return Alike
}

// LikeFiles compares two results by their files alone: Alike when all that is computed is equal to the bit. Models are Unknown
// otherwise, because two machines of different kinds never train the same; so is what Compare has to look into.
func (w *Work) LikeFiles(a, b []JobFile) Likeness {
	computed := w.Makes()
	if w.Kind == TrainJob {
		computed = []Role{SpecRole, WeightsRole}
	}
	for _, role := range computed {
		if fileOf(a, role) != fileOf(b, role) {
			if w.Kind == TrainJob || w.Compares() != "" {
				return Unknown
			}
			return Unlike
		}
	}
	return Alike
}

func fileOf(files []JobFile, role Role) ArtefactID {
	for _, f := range files {
		if f.Role == role {
			return f.Artefact
		}
	}
	return ""
}
