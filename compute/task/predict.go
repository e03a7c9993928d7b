package task

import (
	"bufio"
	"context"
	"encoding/json"
	"io"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/corpus"
)

// Prediction is a line of what Predict writes.
type Prediction = compute.Prediction

// predictAtOnce is how many tasks are read and asked together.
const predictAtOnce = 4096

// Predict asks a model about rows of a file, and writes a line for each.
func Predict(ctx context.Context, w io.Writer, m *compute.Model, t compute.Trainer, file *corpus.File, rows []corpus.Row, tell func(done, of int)) error {
	out := bufio.NewWriter(w)
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	classes := m.Plan.Spec.Classes
	for at := 0; at < len(rows); at += predictAtOnce {
		part := rows[at:min(at+predictAtOnce, len(rows))]
		inputs, err := file.Inputs(ctx, m.Plan.Spec.Input, part, nil)
		if err != nil {
			return err
		}
		probabilities, err := m.Predict(ctx, t, inputs)
		if err != nil {
			return err
		}
		for i := range part {
			line := compute.NewPrediction(part[i].Key, classes, probabilities[i*len(classes):(i+1)*len(classes)])
			if err := lines.Encode(line); err != nil {
				return err
			}
		}
		tell(at+len(part), len(rows))
	}
	return out.Flush()
}
