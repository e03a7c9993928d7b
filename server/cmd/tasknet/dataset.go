package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/interchange"
	"github.com/tasknet/tasknet/server/wire"
)

const aboutDataset = `A dataset is a version of a project's labels: those of all tasks that were closed when
it was made. It never changes; its hash covers every task, label and answer.

The API key is read from TASKNET_KEY, the server's address from TASKNET_URL.`

// errNotSealed reports a dataset that could not be made.
var errNotSealed = tasknet.NewError(tasknet.Conflict, "not_sealed", "The dataset was not sealed.")

func (p *program) dataset() *cobra.Command {
	cmd := &cobra.Command{
		Use: "dataset", Short: "Make and export datasets of labels", Long: aboutDataset, Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.datasetSeal(), p.datasetList(), p.datasetDiff(), p.datasetExport())
	return cmd
}

func (p *program) datasetSeal() *cobra.Command {
	var r remote
	labels, key, asJSON := "", "", false
	cmd := &cobra.Command{
		Use: "seal PROJECT", Short: "Make a dataset of a project's closed tasks", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			requester, err := r.requester()
			if err != nil {
				return err
			}
			d, err := requester.NewDataset(cmd.Context(), args[0], labels, key)
			for err == nil && d.State == "sealing" {
				if err = client.Pause(cmd.Context(), lookEvery); err == nil {
					d, err = requester.Dataset(cmd.Context(), d.ID)
				}
			}
			switch {
			case err != nil:
				return err
			case d.State == "failed":
				return fmt.Errorf("%w %s", errNotSealed, d.Problem)
			case asJSON:
				return p.printJSON(d)
			}
			err = p.printf("%s is sealed: %d tasks, hash %s\n", d.ID, d.Rows, d.Hash)
			if d.Reason != "" {
				err = errors.Join(err, p.printf("Labels by %s: %s\n", d.Method, d.Reason))
			}
			return err
		},
	}
	cmd.Flags().StringVar(&labels, "labels", "auto", "auto: all answers together, by the method that does best; verdicts: what each question closed with")
	cmd.Flags().StringVar(&key, "idempotency-key", "", "a `name` for this: the same one again gets the same dataset, not a second")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	r.flags(cmd, defaultServer)
	r.keyFlags(cmd)
	return cmd
}

func (p *program) datasetList() *cobra.Command {
	var r remote
	asJSON := false
	cmd := &cobra.Command{
		Use: "list PROJECT", Short: "List a project's datasets, newest first", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			requester, err := r.requester()
			if err != nil {
				return err
			}
			all, err := listed(requester.Datasets(cmd.Context(), args[0]))
			if err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(all)
			}
			for _, d := range all {
				if err := p.printf("%s  %-7s  %s  %8d tasks  %s\n", d.ID, d.State, d.CreatedAt.Format("2006-01-02 15:04"), d.Rows, d.Hash); err != nil {
					return err
				}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	r.flags(cmd, defaultServer)
	r.keyFlags(cmd)
	return cmd
}

func (p *program) datasetDiff() *cobra.Command {
	var r remote
	asJSON := false
	cmd := &cobra.Command{
		Use: "diff FROM TO", Short: "Tell how two datasets of a project differ", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			requester, err := r.requester()
			if err != nil {
				return err
			}
			all := []wire.DatasetChange{}
			counts := map[string]int{}
			for c, err := range requester.DatasetDiff(cmd.Context(), args[0], args[1]) {
				if err != nil {
					return err
				}
				counts[c.Change]++
				if asJSON {
					all = append(all, c)
					continue
				}
				if err := p.printf("%-10s %s  %s -> %s\n", c.Change, c.Key, shownLabel(c.From), shownLabel(c.To)); err != nil {
					return err
				}
			}
			if asJSON {
				return p.printJSON(all)
			}
			return p.printf("%d added, %d removed, %d relabeled, %d with the same label by other answers\n", counts["added"], counts["removed"], counts["relabeled"], counts["recounted"])
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	r.flags(cmd, defaultServer)
	r.keyFlags(cmd)
	return cmd
}

func shownLabel(l *wire.DatasetLabel) string {
	switch {
	case l == nil:
		return "none"
	case l.Choice != nil:
		return fmt.Sprintf("%d (%s)", *l.Choice, l.Confidence)
	}
	return string(l.Value)
}

func (p *program) datasetExport() *cobra.Command {
	var r remote
	format, out, license := "", "", ""
	cmd := &cobra.Command{
		Use: "export DATASET", Short: "Write a dataset to a folder", Args: cobra.ExactArgs(1),
		Example: `  tasknet dataset export ds_06gz... --out birds
  tasknet dataset export ds_06gz... --format coco --out birds-coco`,
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := interchange.ParseFormat(format)
			if err != nil {
				return usagef("--format: %v", err)
			}
			if out == "" {
				return usagef("name the folder with --out")
			}
			if there, err := os.ReadDir(out); len(there) > 0 || (err != nil && !errors.Is(err, fs.ErrNotExist)) {
				return usagef("--out: %s is there already; name a folder that is empty, or new", out)
			}
			requester, err := r.requester()
			if err != nil {
				return err
			}
			folder, err := os.MkdirTemp(filepath.Dir(filepath.Clean(out)), ".tasknet-export-")
			if err != nil {
				return usagef("--out: %v", err)
			}
			defer os.RemoveAll(folder) // when it was renamed there is nothing to remove
			c, err := r.client(0)
			if err != nil {
				return err
			}
			d, err := requester.Dataset(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			project, err := requester.Project(cmd.Context(), d.Project)
			if err != nil {
				return err
			}
			about, err := aboutDatasetOf(cmd.Context(), requester, d, project, license)
			if err != nil {
				return err
			}
			bar := p.newBar(false)
			defer bar.end()
			if err := interchange.Export(cmd.Context(), interchange.OutputFolder(folder), f, c.Media, about, labeled(cmd.Context(), requester, d, bar)); err != nil {
				return err
			}
			bar.end()
			if err := os.Chmod(folder, 0o755); err != nil {
				return err
			}
			if err := os.Rename(folder, out); err != nil {
				return usagef("--out: %v", err)
			}
			return p.printf("%d tasks are in %s\n", d.Rows, out)
		},
	}
	cmd.Flags().StringVar(&format, "format", "parquet", "parquet (with a card, as Hugging Face reads it), jsonl, csv (raw answers), label-studio or coco")
	cmd.Flags().StringVar(&out, "out", "", "the `folder` to write, which is empty or new")
	cmd.Flags().StringVar(&license, "license", "", "as Hugging Face names it, such as cc-by-4.0, for the card")
	r.flags(cmd, defaultServer)
	r.keyFlags(cmd)
	return cmd
}

// aboutDatasetOf tells about a dataset as a whole. What its tasks show is told by its first row.
func aboutDatasetOf(ctx context.Context, requester *client.Requester, d wire.Dataset, project wire.Project, license string) (interchange.About, error) {
	about := interchange.About{
		Name: project.Name, License: license, Languages: project.Languages, Version: d.ID, Manifest: d.Hash, Root: d.Root, Created: d.CreatedAt.Time,
		Type: polls.Type(project.Type), Choices: project.Choices, Options: polls.Options{Least: project.Least, Most: project.Most, Length: project.Length},
		Text: project.Text, Instructions: project.Instructions,
	}
	if len(about.Choices) == 0 {
		about.Choices = nil
	}
	if n := project.Number; n != nil {
		number, err := polls.ParseNumberRange(n.Min, n.Max, n.Decimals, n.Unit)
		if err != nil {
			return about, err
		}
		about.Options.Number = number
	}
	for row, err := range requester.DatasetRows(ctx, d.ID) {
		if err != nil {
			return about, err
		}
		about.Passage, about.Image, about.Audio, about.ChoiceImages = about.Passage || row.Passage != "", about.Image || row.Image != nil, about.Audio || row.Audio != nil, about.ChoiceImages || len(row.ChoiceImages) > 0
		about.Truth = about.Truth || row.Truth != nil
	}
	return about, nil
}

// labeled yields the rows of a dataset as they come from the server, each checked against its hash.
func labeled(ctx context.Context, requester *client.Requester, d wire.Dataset, bar *bar) interchange.Labeled {
	return func(yield func(*labeling.Labeled, error) bool) {
		done := 0
		for row, err := range requester.DatasetRows(ctx, d.ID) {
			var out *labeling.Labeled
			if err == nil {
				out, err = labeledOf(row)
			}
			if !yield(out, err) || err != nil {
				return
			}
			done++
			bar.show("tasks", done, d.Rows)
		}
	}
}

func labeledOf(row wire.DatasetRow) (*labeling.Labeled, error) {
	stored := labeling.DatasetRow{Key: row.Key, Content: string(row.Record)}
	if err := stored.SetHash(row.Hash); err != nil {
		return nil, err
	}
	if err := stored.Check(); err != nil {
		return nil, err
	}
	record, err := stored.Record()
	if err != nil {
		return nil, err
	}
	l := record.Label()
	out := &labeling.Labeled{
		Key: row.Key, Question: record.Question, Hash: row.Hash, Text: row.Text, Passage: row.Passage, Image: imageOf(row.Image), Choices: row.Choices,
		Choice: l.Choice, Value: l.Value, Soft: l.Soft, Regions: l.Regions, Confidence: l.Confidence, Method: l.Method,
	}
	if row.Audio != nil {
		out.Audio = &polls.Audio{Hash: row.Audio.Hash, Type: row.Audio.Type, Bytes: row.Audio.Bytes}
	}
	for _, i := range row.ChoiceImages {
		out.ChoiceImages = append(out.ChoiceImages, *imageOf(&i))
	}
	if row.Truth != nil {
		choice, value, err := row.Truth.Read()
		if err != nil {
			return nil, err
		}
		out.Truth = &labeling.Truth{Choice: choice, Value: polls.Value(value)}
	}
	for _, a := range row.Answers {
		choice, value, err := a.Read()
		if err != nil {
			return nil, err
		}
		out.Answers = append(out.Answers, labeling.LabeledAnswer{Worker: a.Worker, Choice: choice, Value: polls.Value(value), At: a.At.Time})
	}
	return out, nil
}

func imageOf(i *wire.Image) *polls.Image {
	if i == nil {
		return nil
	}
	return &polls.Image{Hash: i.Hash, Type: i.Type, Width: i.Width, Height: i.Height, Bytes: i.Bytes, Alt: i.Alt}
}
