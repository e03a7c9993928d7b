package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/corpus"
	"github.com/tasknet/tasknet/compute/folder"
)

const aboutTrain = `Learn from labels, and write a model to a folder.

LABELS is the folder or the rows.jsonl that "tasknet dataset export --format jsonl" wrote,
a .csv table with the column label (and key, text, image, confidence; any other column is
a number), or grey pictures in the IDX format with their labels in the file of --labels.

Soft labels and confidences are learned as they are. A tenth of the tasks says when to stop
and how sure the model may be, another tenth how good it is; neither is trained on. The
folder gets the spec, the weights as safetensors, and a card with metrics and plots.

What was interrupted goes on with --resume, to the same model.`

type trainFlags struct {
	preset, spec, labels, out string
	choices                   []string
	seed                      uint64
	epochs                    int
	resume, asJSON            bool
	with                      trainerFlags
}

func (p *program) train() *cobra.Command {
	var flags trainFlags
	cmd := &cobra.Command{
		Use: "train LABELS", Short: "Learn from labels", Long: aboutTrain, Args: cobra.ExactArgs(1),
		Example: `  tasknet-node train birds --preset image --out model
  tasknet-node train posts.csv --preset text --out model --epochs 10
  tasknet-node train digits-images-idx3-ubyte.gz --labels digits-labels-idx1-ubyte.gz \
    --preset image --out model`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.runTrain(cmd.Context(), args[0], flags, cmd.Flags().Changed("seed"))
		},
	}
	f := cmd.Flags()
	f.StringVar(&flags.preset, "preset", "", "a model that does well on most: image, text or tabular")
	f.StringVar(&flags.spec, "spec", "", "a `file` with the spec of a model; the classes, and columns of numbers, may be left out")
	f.StringVar(&flags.labels, "labels", "", "the `file` with the labels of IDX pictures")
	f.StringSliceVar(&flags.choices, "choices", nil, "the choices in the order of the soft labels, where the file does not tell")
	f.StringVar(&flags.out, "out", "", "the `folder` to write, which is empty or new")
	f.Uint64Var(&flags.seed, "seed", 0, "decides the first weights, the order, and what is held out")
	f.IntVar(&flags.epochs, "epochs", 0, "how often over all labels, at most (default: the preset's or spec's)")
	f.BoolVar(&flags.resume, "resume", false, "go on with what was interrupted in the folder")
	f.BoolVar(&flags.asJSON, "json", false, "print the card as JSON")
	flags.with.add(f)
	return cmd
}

func (p *program) runTrain(ctx context.Context, labels string, flags trainFlags, seeded bool) error {
	if flags.out == "" {
		return usagef("Name the folder to write with --out.")
	}
	given := 0
	for _, set := range []bool{flags.preset != "", flags.spec != "", flags.resume} {
		if set {
			given++
		}
	}
	if given != 1 {
		return usagef("Give one of --preset, --spec and --resume.")
	}
	if flags.resume && (seeded || flags.epochs != 0 || flags.choices != nil) {
		return usagef("What goes on has the seed, the epochs and the choices that it began with.")
	}
	trainer, err := flags.with.trainer()
	if err != nil {
		return err
	}
	file, err := corpus.Open(labels, flags.labels)
	if err != nil {
		return err
	}
	plan, err := planFor(file, flags, seeded)
	if err != nil {
		return err
	}
	if err := file.Scale(plan); err != nil {
		return err
	}
	bar := p.newBar(flags.asJSON)
	examples, err := file.Examples(ctx, plan, func(done, of int) { bar.show("reading", done, of) })
	bar.clear()
	if err != nil {
		return err
	}
	split, err := compute.NewSplit(plan, examples)
	if err != nil {
		return err
	}
	options := compute.Options{}
	if flags.resume {
		if options.From, err = folder.LoadCheckpoint(flags.out, plan, file.Hash); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	} else if err := begin(flags.out, plan); err != nil {
		return err
	}
	if !flags.asJSON {
		fmt.Fprintf(p.out, "%d classes, %d labels, of which %d are held out and %d are without; %d parameters, about %s of memory\n",
			len(plan.Spec.Classes), examples.Len(), examples.Len()-split.Train.Len(), len(file.Unlabeled), plan.Params, size(plan.Memory))
	}
	started := time.Now()
	options.Save = func(c compute.Checkpoint) error { return folder.SaveCheckpoint(flags.out, plan, file.Hash, c) }
	options.Report = func(at compute.Progress) {
		if whole := at.Epoch > 0 && at.Step == at.Epoch*(at.Steps/at.Epochs); whole && !flags.asJSON {
			bar.clear()
			fmt.Fprintf(p.out, "epoch %2d  loss %.4f, on tasks held out %.4f, right in %.2f %%\n", at.Epoch, at.Loss, at.Validation, 100*at.Accuracy)
		}
		bar.show(fmt.Sprintf("epoch %d, loss %.3f", min(at.Epoch+1, at.Epochs), at.Loss), at.Step, at.Steps)
	}
	model, err := compute.Train(ctx, trainer, plan, split, options)
	bar.clear()
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("interrupted; go on with: tasknet-node train %s --out %s --resume", labels, flags.out)
	}
	if err != nil {
		return err
	}
	code, err := codeHere()
	if err != nil {
		return err
	}
	card := compute.NewCard(model, split, file.Hash, code)
	if err := folder.SaveModel(flags.out, model, card); err != nil {
		return err
	}
	if flags.asJSON {
		return p.printJSON(card)
	}
	m := card.Metrics
	fmt.Fprintf(p.out, "The best was after epoch %d of %d (%s). On %d tasks that it has not seen it is right in %.2f %%; calibration error %.2f %%, before %.2f %%.\n",
		card.BestEpoch, card.Epochs, time.Since(started).Round(time.Second/10), m.Examples, 100*m.Accuracy, 100*m.Error, 100*m.Before)
	fmt.Fprintf(p.out, "The model is in %s; %s has the metrics and plots.\n", flags.out, filepath.Join(flags.out, folder.ReportFile))
	return nil
}

// planFor makes the plan of what the flags ask for.
func planFor(file *corpus.File, flags trainFlags, seeded bool) (*compute.Plan, error) {
	if flags.resume {
		plan, err := folder.ReadSpec(filepath.Join(flags.out, folder.SpecFile))
		if errors.Is(err, fs.ErrNotExist) {
			return nil, usagef("Nothing was begun in %s.", flags.out)
		}
		if err != nil {
			return nil, err
		}
		if _, err := file.Classes(plan.Spec.Classes); err != nil {
			return nil, err
		}
		if _, err := os.Stat(filepath.Join(flags.out, folder.CardFile)); err == nil {
			return nil, usagef("The model in %s is done.", flags.out)
		}
		return plan, nil
	}
	var spec compute.Spec
	var err error
	if flags.preset != "" {
		spec, err = file.Preset(flags.preset, flags.choices)
	} else {
		spec, err = specOf(flags.spec, file, flags.choices)
	}
	if err != nil {
		return nil, err
	}
	if seeded {
		spec.Training.Seed = flags.seed
	}
	if flags.epochs != 0 {
		spec.Training.Epochs = flags.epochs
	}
	return compute.NewPlan(spec)
}

// specOf reads a spec, with the classes and columns of the file where it has none.
func specOf(path string, file *corpus.File, choices []string) (spec compute.Spec, err error) {
	in, err := os.Open(path)
	if err != nil {
		return spec, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	if spec, err = compute.ReadSpec(in); err != nil {
		return spec, err
	}
	return file.Complete(spec, choices)
}

// begin makes the folder, and keeps the spec in it.
func begin(path string, plan *compute.Plan) error {
	if err := os.MkdirAll(path, 0o755); err != nil {
		return err
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return err
	}
	if len(entries) > 0 {
		return usagef("%s is not empty; name a new folder, or go on with --resume.", path)
	}
	return folder.WriteJSON(filepath.Join(path, folder.SpecFile), plan.Spec)
}

// size is a number of bytes as people say it.
func size(bytes int64) string {
	switch {
	case bytes >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(bytes)/(1<<30))
	case bytes >= 1<<20:
		return fmt.Sprintf("%.0f MiB", float64(bytes)/(1<<20))
	}
	return fmt.Sprintf("%.0f KiB", float64(bytes)/(1<<10))
}
