// Package task does a part of a job on files in a folder. It is what a node's child process runs, which may be killed at any moment
// and then goes on from its newest checkpoint.
package task

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/corpus"
	"github.com/tasknet/tasknet/compute/folder"
)

// What a folder has. Outputs lie in Out under the names of their roles; In has the inputs under theirs.
const (
	WorkFile = "work.json"   // the work, as the server gave it
	PartFile = "part.json"   // a Part
	Asked    = "asked.jsonl" // rows that were asked live, which are to be answered again
	In       = "in"
	Out      = "out"
	Training = "training" // of a model, which keeps its checkpoint there
)

// Part is which rows of the work are to be done.
type Part struct {
	From   int  `json:"from"`
	To     int  `json:"to"`
	Serves bool `json:"serves,omitempty"` // no rows are known yet: see Serve
}

// Do does the part of a folder's work, and tells how far it is. Errors of kind Invalid are about the work; compute.ErrDiverged.
func Do(ctx context.Context, dir string, t compute.Trainer, code string, tell func(compute.Report)) error {
	whole, err := os.ReadFile(filepath.Join(dir, WorkFile))
	if err != nil {
		return err
	}
	work, plan, err := compute.ReadWork(whole)
	if err != nil {
		return err
	}
	part, err := readPart(dir)
	if err != nil {
		return err
	}
	if work.Kind == compute.CustomJob {
		if err := os.MkdirAll(filepath.Join(dir, Out), 0o700); err != nil {
			return err
		}
		return run(ctx, dir, work, sha256.Sum256(whole), part, tell)
	}
	labels := ""
	if in := work.Input(compute.LabelsRole); in != nil {
		labels = filepath.Join(dir, In, in.Name)
	}
	data := filepath.Join(dir, Asked)
	if !work.Live {
		data = filepath.Join(dir, In, work.Input(compute.DataRole).Name)
	}
	file, err := corpus.Open(data, labels)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(dir, Out), 0o700); err != nil {
		return err
	}
	w := &doing{dir: dir, work: work, plan: plan, part: part, file: file, trainer: t, code: code, tell: tell}
	switch work.Kind {
	case compute.TrainJob:
		return w.train(ctx)
	case compute.EvaluateJob:
		return w.evaluate(ctx)
	default:
		return w.infer(ctx)
	}
}

func readPart(dir string) (part Part, err error) {
	raw, err := os.ReadFile(filepath.Join(dir, PartFile))
	if err != nil {
		return part, err
	}
	if err := json.Unmarshal(raw, &part); err != nil {
		return part, fmt.Errorf("%s: %w", PartFile, err)
	}
	return part, nil
}

// doing is a part that is being done.
type doing struct {
	dir     string
	work    *compute.Work
	plan    *compute.Plan
	part    Part
	file    *corpus.File
	trainer compute.Trainer
	code    string
	tell    func(compute.Report)
}

func (w *doing) out(role compute.Role) string { return filepath.Join(w.dir, Out, string(role)) }

func (w *doing) train(ctx context.Context) error {
	if _, err := w.file.Classes(w.plan.Spec.Classes); err != nil {
		return err
	}
	if err := w.file.Scale(w.plan); err != nil {
		return err
	}
	examples, err := w.file.Examples(ctx, w.plan, func(int, int) {})
	if err != nil {
		return err
	}
	split, err := compute.NewSplit(w.plan, examples)
	if err != nil {
		return err
	}
	at := filepath.Join(w.dir, Training)
	if err := os.MkdirAll(at, 0o700); err != nil {
		return err
	}
	options := compute.Options{
		Save:   func(c compute.Checkpoint) error { return folder.SaveCheckpoint(at, w.plan, w.file.Hash, c) },
		Report: func(p compute.Progress) { w.tell(reportOf(p)) },
	}
	if options.From, err = folder.LoadCheckpoint(at, w.plan, w.file.Hash); err != nil && !errors.Is(err, fs.ErrNotExist) {
		options.From = nil // another node wrote it: begin anew
		if err := os.RemoveAll(filepath.Join(at, folder.CheckpointFolder)); err != nil {
			return err
		}
	}
	model, err := compute.Train(ctx, w.trainer, w.plan, split, options)
	if err != nil {
		return err
	}
	if err := folder.WriteJSON(filepath.Join(at, folder.SpecFile), w.plan.Spec); err != nil {
		return err
	}
	card := compute.NewCard(model, split, w.file.Hash, w.code)
	for _, role := range []compute.Role{compute.DataRole, compute.LabelsRole} {
		if in := w.work.Input(role); in != nil {
			card.Artefacts = append(card.Artefacts, in.Artefact)
		}
	}
	if err := folder.SaveModel(at, model, card); err != nil {
		return err
	}
	for role, name := range map[compute.Role]string{
		compute.SpecRole: folder.SpecFile, compute.WeightsRole: folder.WeightsFile, compute.CardRole: folder.CardFile,
		compute.ReportRole: folder.ReportFile, compute.LossRole: folder.LossFile, compute.ReliabilityRole: folder.ReliabilityFile,
	} {
		if err := os.Rename(filepath.Join(at, name), w.out(role)); err != nil {
			return err
		}
	}
	return nil
}

// reportOf tells of training. What is not known yet is left out.
func reportOf(p compute.Progress) compute.Report {
	known := func(f float64) *float64 {
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return nil
		}
		return &f
	}
	return compute.Report{Step: p.Step, Of: p.Steps, Epoch: p.Epoch, Loss: known(p.Loss), Validation: known(p.Validation), Accuracy: known(p.Accuracy)}
}

// model is the model that the work names, with its weights or as a module.
func (w *doing) model() (*compute.Model, error) {
	if script := w.work.Input(compute.ScriptRole); script != nil {
		return &compute.Model{Plan: w.plan, Script: filepath.Join(w.dir, In, script.Name), Temperature: w.work.Temperature}, nil
	}
	weights, err := folder.ReadWeights(filepath.Join(w.dir, In, w.work.Input(compute.WeightsRole).Name), w.plan)
	if err != nil {
		return nil, err
	}
	return &compute.Model{Plan: w.plan, Weights: weights, Temperature: w.work.Temperature}, nil
}

func (w *doing) evaluate(ctx context.Context) error {
	m, err := w.model()
	if err != nil {
		return err
	}
	examples, err := w.file.Examples(ctx, w.plan, func(done, of int) { w.tell(compute.Report{Step: done / 2, Of: of}) })
	if err != nil {
		return err
	}
	metrics, err := m.Measure(ctx, w.trainer, examples)
	if err != nil {
		return err
	}
	return folder.WriteJSON(w.out(compute.MetricsRole), metrics)
}

// errRows reports a part that the data does not have.
var errRows = tasknet.NewError(tasknet.Invalid, "no_such_rows", "The data has fewer rows than the job says.")

func (w *doing) infer(ctx context.Context) error {
	m, err := w.model()
	if err != nil {
		return err
	}
	rows := w.file.All()
	from, to := w.part.From, w.part.To
	if w.work.Live { // the file has the part alone
		from, to = 0, to-from
	}
	if from < 0 || from >= to || to > len(rows) || w.work.Live && to != len(rows) {
		return errRows
	}
	tell := func(done, of int) { w.tell(compute.Report{Step: done, Of: of}) }
	return folder.WriteFile(w.out(compute.PredictionsRole), func(out io.Writer) error {
		return Predict(ctx, out, m, w.trainer, w.file, rows[from:to], tell)
	})
}
