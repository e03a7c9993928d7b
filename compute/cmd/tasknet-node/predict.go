package main

import (
	"context"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/compute/corpus"
	"github.com/tasknet/tasknet/compute/folder"
	"github.com/tasknet/tasknet/compute/task"
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
			return folder.WriteFile(out, func(w io.Writer) error { return p.runPredict(cmd.Context(), args[0], args[1], labels, with, w) })
		},
	}
	cmd.Flags().StringVar(&labels, "labels", "", "the `file` with the labels of IDX pictures")
	cmd.Flags().StringVar(&out, "out", "", "the `file` to write (default: stdout)")
	with.add(cmd.Flags())
	return cmd
}

func (p *program) runPredict(ctx context.Context, model, tasks, labels string, with trainerFlags, w io.Writer) error {
	trainer, err := with.trainer()
	if err != nil {
		return err
	}
	m, err := folder.LoadModel(model)
	if err != nil {
		return err
	}
	file, err := corpus.Open(tasks, labels)
	if err != nil {
		return err
	}
	bar := p.newBar(w == io.Writer(os.Stdout))
	defer bar.clear()
	return task.Predict(ctx, w, m, trainer, file, file.All(), func(done, of int) { bar.show("asking", done, of) })
}
