package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"os"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/compute/corpus"
)

const aboutPredict = `Ask a model about tasks, labeled or not, and write a line of JSON for each:
{"key", "label", "confidence", "probabilities": {"class": 0.97, ...}}.`

func (p *program) predict() *cobra.Command {
	labels, out := "", ""
	var with trainerFlags
	cmd := &cobra.Command{
		Use: "predict MODEL TASKS", Short: "Ask a model about tasks", Long: aboutPredict, Args: cobra.ExactArgs(2),
		Example: `  tasknet-node predict model tasks.csv --out answers.jsonl`,
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if out == "" {
				return p.runPredict(cmd.Context(), args[0], args[1], labels, with, p.out)
			}
			return writeFile(out, func(w io.Writer) error { return p.runPredict(cmd.Context(), args[0], args[1], labels, with, w) })
		},
	}
	cmd.Flags().StringVar(&labels, "labels", "", "the `file` with the labels of IDX pictures")
	cmd.Flags().StringVar(&out, "out", "", "the `file` to write (default: stdout)")
	with.add(cmd.Flags())
	return cmd
}

// predicted is a line of what predict writes.
type predicted struct {
	Key           string             `json:"key"`
	Label         string             `json:"label"`
	Confidence    float64            `json:"confidence"`
	Probabilities map[string]float64 `json:"probabilities"`
}

// predictAtOnce is how many tasks are read and asked together.
const predictAtOnce = 4096

func (p *program) runPredict(ctx context.Context, model, tasks, labels string, with trainerFlags, w io.Writer) (err error) {
	trainer, err := with.trainer()
	if err != nil {
		return err
	}
	m, err := loadModel(model)
	if err != nil {
		return err
	}
	file, err := corpus.Open(tasks, labels)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	defer func() { err = errors.Join(err, out.Flush()) }()
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	bar := p.newBar(w == io.Writer(os.Stdout))
	defer bar.clear()
	rows := append(file.Rows, file.Unlabeled...)
	for at := 0; at < len(rows); at += predictAtOnce {
		part := rows[at:min(at+predictAtOnce, len(rows))]
		inputs, err := file.Inputs(ctx, m.Plan.Spec.Input, part, nil)
		if err != nil {
			return err
		}
		probabilities, err := m.Predict(ctx, trainer, inputs)
		if err != nil {
			return err
		}
		classes := m.Plan.Spec.Classes
		for i := range part {
			line := predicted{Key: part[i].Key, Probabilities: make(map[string]float64, len(classes))}
			for c, name := range classes {
				likely := float64(probabilities[i*len(classes)+c])
				line.Probabilities[name] = math.Round(likely*1e6) / 1e6
				if likely > line.Confidence {
					line.Label, line.Confidence = name, likely
				}
			}
			line.Confidence = line.Probabilities[line.Label]
			if err := lines.Encode(line); err != nil {
				return err
			}
		}
		bar.show("asking", at+len(part), len(rows))
	}
	return nil
}
