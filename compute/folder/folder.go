// Package folder keeps models, and training that has not ended, in folders of files.
package folder

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
)

// Files of a model's folder. The card is written last: a folder without it holds training that has not ended.
const (
	SpecFile         = "spec.json"
	WeightsFile      = "weights.safetensors"
	CardFile         = "card.json"
	ReportFile       = "README.md"
	LossFile         = "loss.svg"
	ReliabilityFile  = "reliability.svg"
	CheckpointFolder = "checkpoint"
)

// WriteFile writes a file whole or not at all.
func WriteFile(path string, write func(io.Writer) error) (err error) {
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

// WriteJSON is WriteFile of indented JSON.
func WriteJSON(path string, v any) error {
	return WriteFile(path, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(v)
	})
}

func writeText(path, text string) error {
	return WriteFile(path, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

// bad reports a folder that does not hold what it should.
func bad(format string, args ...any) error {
	return tasknet.NewError(tasknet.Invalid, "bad_folder", fmt.Sprintf(format, args...))
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

// CheckpointFiles are the files of a checkpoint. Some optimisers do without the second moments.
var CheckpointFiles = []string{keptFile, "weights.safetensors", "best.safetensors", "first.safetensors", "second.safetensors"}

// CheckpointStep returns which step the checkpoint in a folder is of, and the file that says so. fs.ErrNotExist when there is none.
func CheckpointStep(checkpoint string) (step int, raw []byte, err error) {
	if raw, err = os.ReadFile(filepath.Join(checkpoint, keptFile)); err != nil {
		return 0, nil, err
	}
	var k kept
	if err := json.Unmarshal(raw, &k); err != nil {
		return 0, nil, fmt.Errorf("%s: %w", keptFile, err)
	}
	return k.Steps, raw, nil
}

// arrays are a checkpoint's files of numbers.
func arrays(c *compute.Checkpoint) map[string]*compute.Weights {
	return map[string]*compute.Weights{
		"weights.safetensors": &c.State.Weights, "best.safetensors": &c.Best, "first.safetensors": &c.State.Moments.First, "second.safetensors": &c.State.Moments.Second,
	}
}

// SaveCheckpoint keeps the newest checkpoint. Whatever happens on the way, it or the one before is whole.
func SaveCheckpoint(folder string, p *compute.Plan, data string, c compute.Checkpoint) error {
	next, now, before := filepath.Join(folder, CheckpointFolder+".new"), filepath.Join(folder, CheckpointFolder), filepath.Join(folder, CheckpointFolder+".old")
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
		if err := WriteFile(filepath.Join(next, name), func(out io.Writer) error { return w.Write(out, p) }); err != nil {
			return err
		}
	}
	if err := WriteJSON(filepath.Join(next, keptFile), kept{data, c.Epoch, c.BestAt, c.State.Moments.Steps, c.History}); err != nil {
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

// LoadCheckpoint reads the newest whole checkpoint of a folder. fs.ErrNotExist when there is none.
func LoadCheckpoint(folder string, p *compute.Plan, data string) (*compute.Checkpoint, error) {
	at := filepath.Join(folder, CheckpointFolder)
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
		return nil, bad("The checkpoint is of training on other labels: their SHA-256 begins with %.8s, and that of these with %.8s.", k.Data, data)
	}
	c := &compute.Checkpoint{Epoch: k.Epoch, BestAt: k.BestAt, History: k.History}
	c.State.Moments.Steps = k.Steps
	for name, w := range arrays(c) {
		if name == "second.safetensors" && p.Spec.Optimizer.Type != compute.AdamW {
			continue
		}
		if *w, err = ReadWeights(filepath.Join(at, name), p); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// ReadWeights reads the weights of a plan from a file.
func ReadWeights(path string, p *compute.Plan) (_ compute.Weights, err error) {
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

// ReadSpec reads a spec from a file, and plans it.
func ReadSpec(path string) (_ *compute.Plan, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return compute.ParseSpec(f)
}

// SaveModel writes all that a model is.
func SaveModel(folder string, m *compute.Model, card compute.Card) error {
	if err := WriteFile(filepath.Join(folder, WeightsFile), func(out io.Writer) error { return m.Weights.Write(out, m.Plan) }); err != nil {
		return err
	}
	for name, text := range map[string]string{
		ReportFile: card.Markdown(m.Plan.Spec.Classes), LossFile: compute.LossPlot(m.History, m.BestEpoch), ReliabilityFile: compute.ReliabilityPlot(m.Metrics),
	} {
		if err := writeText(filepath.Join(folder, name), text); err != nil {
			return err
		}
	}
	if err := WriteJSON(filepath.Join(folder, CardFile), card); err != nil {
		return err
	}
	return os.RemoveAll(filepath.Join(folder, CheckpointFolder))
}

// ScriptSpec is the file with the spec of a TorchScript module, beside it.
func ScriptSpec(module string) string {
	return strings.TrimSuffix(module, filepath.Ext(module)) + ".json"
}

// loadScript reads the spec of a TorchScript module, and no more.
func loadScript(module string) (*compute.Model, error) {
	f, err := os.Open(ScriptSpec(module))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, bad(`%s has no spec: write what it looks at and tells apart into %s, such as {"input": {"kind": "image", "height": 28, "width": 28}, "classes": ["cat", "dog"], "script": {"gives": "logits"}}.`, module, ScriptSpec(module))
	}
	if err != nil {
		return nil, err
	}
	spec, err := compute.ReadSpec(f)
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	if spec.Script == nil {
		spec.Script = &compute.Script{}
	}
	p, err := compute.NewPlan(spec)
	return &compute.Model{Plan: p, Script: module, Temperature: 1}, err
}

// LoadModel reads a model that SaveModel wrote, or that is a TorchScript module with its spec beside it.
func LoadModel(folder string) (*compute.Model, error) {
	if info, err := os.Stat(folder); err == nil && info.Mode().IsRegular() {
		return loadScript(folder)
	}
	raw, err := os.ReadFile(filepath.Join(folder, CardFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, bad("%s holds no model: it has no %s.", folder, CardFile)
	}
	if err != nil {
		return nil, err
	}
	var card compute.Card
	if err := json.NewDecoder(bytes.NewReader(raw)).Decode(&card); err != nil {
		return nil, fmt.Errorf("%s: %w", CardFile, err)
	}
	if !(card.Temperature > 0) {
		return nil, bad("%s has the temperature %v, which is not over 0.", CardFile, card.Temperature)
	}
	p, err := ReadSpec(filepath.Join(folder, SpecFile))
	if err != nil {
		return nil, err
	}
	w, err := ReadWeights(filepath.Join(folder, WeightsFile), p)
	if err != nil {
		return nil, err
	}
	return &compute.Model{Plan: p, Weights: w, Temperature: card.Temperature, Metrics: card.Metrics, BestEpoch: card.BestEpoch, Trainer: card.Trainer}, nil
}
