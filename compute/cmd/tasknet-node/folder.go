package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tasknet/tasknet/compute"
)

// Files of a model's folder. The card is written last: a folder without it holds training that has not ended.
const (
	specFile        = "spec.json"
	weightsFile     = "weights.safetensors"
	cardFile        = "card.json"
	readmeFile      = "README.md"
	lossFile        = "loss.svg"
	reliabilityFile = "reliability.svg"
	checkpointPart  = "checkpoint"
)

// writeFile writes a file whole or not at all.
func writeFile(path string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Chmod(0o644); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return f.Close()
}

func writeJSON(path string, v any) error {
	return writeFile(path, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(v)
	})
}

func writeText(path, text string) error {
	return writeFile(path, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

// kept is what a checkpoint's file says besides the weights.
type kept struct {
	Data    string             `json:"data_sha256"`
	Epoch   int                `json:"epoch"`
	BestAt  int                `json:"best_epoch"`
	Steps   int                `json:"steps"`
	History []compute.Progress `json:"history"`
}

const keptFile = "progress.json"

// arrays are a checkpoint's files of numbers.
func arrays(c *compute.Checkpoint) map[string]*compute.Weights {
	return map[string]*compute.Weights{
		"weights.safetensors": &c.State.Weights, "best.safetensors": &c.Best, "first.safetensors": &c.State.Moments.First, "second.safetensors": &c.State.Moments.Second,
	}
}

// saveCheckpoint keeps the newest checkpoint. Whatever happens on the way, it or the one before is whole.
func saveCheckpoint(folder string, p *compute.Plan, data string, c compute.Checkpoint) error {
	next, now, before := filepath.Join(folder, checkpointPart+".new"), filepath.Join(folder, checkpointPart), filepath.Join(folder, checkpointPart+".old")
	if err := os.RemoveAll(next); err != nil {
		return err
	}
	if err := os.Mkdir(next, 0o755); err != nil {
		return err
	}
	for name, w := range arrays(&c) {
		if *w == nil {
			continue
		}
		if err := writeFile(filepath.Join(next, name), func(out io.Writer) error { return w.Write(out, p) }); err != nil {
			return err
		}
	}
	if err := writeJSON(filepath.Join(next, keptFile), kept{data, c.Epoch, c.BestAt, c.State.Moments.Steps, c.History}); err != nil {
		return err
	}
	if err := os.RemoveAll(before); err != nil {
		return err
	}
	if err := os.Rename(now, before); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(next, now); err != nil {
		return err
	}
	return os.RemoveAll(before)
}

// loadCheckpoint reads the newest whole checkpoint of a folder. fs.ErrNotExist when there is none.
func loadCheckpoint(folder string, p *compute.Plan, data string) (*compute.Checkpoint, error) {
	at := filepath.Join(folder, checkpointPart)
	if _, err := os.Stat(at); errors.Is(err, fs.ErrNotExist) {
		at += ".old" // it ended between two renames
	}
	raw, err := os.ReadFile(filepath.Join(at, keptFile))
	if err != nil {
		return nil, err
	}
	var k kept
	if err := json.Unmarshal(raw, &k); err != nil {
		return nil, fmt.Errorf("%s: %w", keptFile, err)
	}
	if k.Data != data {
		return nil, usagef("The checkpoint is of training on other labels: their SHA-256 begins with %.8s, and that of these with %.8s.", k.Data, data)
	}
	c := &compute.Checkpoint{Epoch: k.Epoch, BestAt: k.BestAt, History: k.History}
	c.State.Moments.Steps = k.Steps
	for name, w := range arrays(c) {
		if name == "second.safetensors" && p.Spec.Optimizer.Type != compute.AdamW {
			continue
		}
		if *w, err = readWeights(filepath.Join(at, name), p); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func readWeights(path string, p *compute.Plan) (_ compute.Weights, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w, err := compute.ReadWeights(f, p)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return w, nil
}

func readSpec(path string) (_ *compute.Plan, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return compute.ParseSpec(f)
}

// saveModel writes all that a model is.
func saveModel(folder string, m *compute.Model, card compute.Card) error {
	if err := writeFile(filepath.Join(folder, weightsFile), func(out io.Writer) error { return m.Weights.Write(out, m.Plan) }); err != nil {
		return err
	}
	for name, text := range map[string]string{
		readmeFile: card.Markdown(m.Plan.Spec.Classes), lossFile: compute.LossPlot(m.History, m.BestEpoch), reliabilityFile: compute.ReliabilityPlot(m.Metrics),
	} {
		if err := writeText(filepath.Join(folder, name), text); err != nil {
			return err
		}
	}
	if err := writeJSON(filepath.Join(folder, cardFile), card); err != nil {
		return err
	}
	return os.RemoveAll(filepath.Join(folder, checkpointPart))
}

// loadModel reads a model that saveModel wrote.
func loadModel(folder string) (*compute.Model, error) {
	raw, err := os.ReadFile(filepath.Join(folder, cardFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usagef("%s holds no model: it has no %s.", folder, cardFile)
	}
	if err != nil {
		return nil, err
	}
	var card compute.Card
	if err := json.NewDecoder(bytes.NewReader(raw)).Decode(&card); err != nil {
		return nil, fmt.Errorf("%s: %w", cardFile, err)
	}
	if !(card.Temperature > 0) {
		return nil, usagef("%s has the temperature %v, which is not over 0.", cardFile, card.Temperature)
	}
	p, err := readSpec(filepath.Join(folder, specFile))
	if err != nil {
		return nil, err
	}
	w, err := readWeights(filepath.Join(folder, weightsFile), p)
	if err != nil {
		return nil, err
	}
	return &compute.Model{Plan: p, Weights: w, Temperature: card.Temperature, Metrics: card.Metrics, BestEpoch: card.BestEpoch, Trainer: card.Trainer}, nil
}
