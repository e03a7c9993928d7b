package task

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/corpus"
)

// rowMax is the longest row that is asked live.
const rowMax = 1 << 20

// Serves reports whether the model of a folder's work is to be loaded and asked about row after row, by Serve.
func Serves(dir string) (bool, error) {
	part, err := readPart(dir)
	return part.Serves, err
}

// Serve loads the model of a folder's work, and answers rows, each a line of rows.jsonl, in their order until there are no more.
// ready is called when the model is loaded, say with each answer: a line of predictions, without its end.
func Serve(ctx context.Context, dir string, t compute.Trainer, rows io.Reader, ready func(), say func(said string) error) (err error) {
	raw, err := os.ReadFile(filepath.Join(dir, WorkFile))
	if err != nil {
		return err
	}
	work, plan, err := compute.ReadWork(raw)
	if err != nil {
		return err
	}
	m, err := (&doing{dir: dir, work: work, plan: plan}).model()
	if err != nil {
		return err
	}
	asking, err := m.Open(t)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, asking.Close()) }()
	if _, err := asking.Predict(ctx, make([]float32, plan.InputSize())); err != nil { // what is compiled at the first use is compiled now
		return err
	}
	ready()
	lines := bufio.NewScanner(rows)
	lines.Buffer(nil, rowMax)
	var out bytes.Buffer
	said := json.NewEncoder(&out)
	said.SetEscapeHTML(false)
	for lines.Scan() {
		file, err := corpus.Single(lines.Bytes())
		if err != nil {
			return err
		}
		row := file.All()
		inputs, err := file.Inputs(ctx, plan.Spec.Input, row, nil)
		if err != nil {
			return err
		}
		probabilities, err := asking.Predict(ctx, inputs)
		if err != nil {
			return err
		}
		out.Reset()
		if err := said.Encode(compute.NewPrediction(row[0].Key, plan.Spec.Classes, probabilities)); err != nil {
			return err
		}
		if err := say(string(bytes.TrimSuffix(out.Bytes(), []byte{'\n'}))); err != nil {
			return err
		}
	}
	return lines.Err()
}
