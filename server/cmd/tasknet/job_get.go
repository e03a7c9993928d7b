package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/folder"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// outputNames are the files that what a job makes is saved in, by its role: those of a model as tasknet-node has them.
var outputNames = map[string]string{
	string(compute.SpecRole): folder.SpecFile, string(compute.WeightsRole): folder.WeightsFile, string(compute.CardRole): folder.CardFile,
	string(compute.ReportRole): folder.ReportFile, string(compute.LossRole): folder.LossFile, string(compute.ReliabilityRole): folder.ReliabilityFile,
	string(compute.MetricsRole): "metrics.json", string(compute.PredictionsRole): "predictions.jsonl",
}

// isNew refuses a path that is there.
func isNew(path string) error {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return usagef("-o: %s is there already; name a folder that is not", path)
	}
	return nil
}

func (p *program) jobGet() *cobra.Command {
	var t transfer
	out := ""
	cmd := &cobra.Command{
		Use: "get JOB", Short: "Download what a job made", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if out == "" {
				return usagef("name the folder with -o")
			}
			if err := isNew(out); err != nil {
				return err
			}
			bar := p.newBar(t.asJSON)
			defer bar.end()
			requester, transfer, err := t.begin(bar)
			if err != nil {
				return err
			}
			j, err := requester.Job(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if j.State != "done" {
				return fmt.Errorf("%w: it is %s %s", errJobFailed, j.State, j.Problem)
			}
			if err := p.saveJob(cmd.Context(), requester, j, out, transfer); err != nil {
				return err
			}
			bar.end()
			if t.asJSON {
				return p.printJSON(j)
			}
			return p.printf("what %s made is in %s\n", j.ID, out)
		},
	}
	cmd.Flags().StringVarP(&out, "out", "o", "", "the `folder` to write, which is not there yet")
	t.flags(cmd)
	return cmd
}

// saveJob saves what a job made in a folder: of a job in parts, their files one after the other, but of a program a file for each.
func (p *program) saveJob(ctx context.Context, requester *client.Requester, j wire.Job, out string, t client.Transfer) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return usagef("-o: %v", err)
	}
	for part, err := range requester.JobParts(ctx, j.ID) {
		if err != nil {
			return err
		}
		for _, o := range part.Outputs {
			name, known := outputNames[o.Role]
			if o.Role == string(compute.OutputRole) { // tars do not follow one another
				name, known = fmt.Sprintf("part-%05d.tar", part.Number), true
			}
			if !known {
				continue
			}
			if err := appendArtefact(ctx, requester, compute.ArtefactID(o.Artefact), filepath.Join(out, name), t); err != nil {
				return err
			}
		}
	}
	return nil
}

// appendArtefact writes an artefact at the end of a file, or as one that is not there yet.
func appendArtefact(ctx context.Context, requester *client.Requester, id compute.ArtefactID, path string, t client.Transfer) (err error) {
	m, err := requester.ArtefactManifest(ctx, id)
	if err != nil {
		return err
	}
	piece := path + ".part"
	if err := download(ctx, requester, m, piece, t); err != nil {
		return err
	}
	to, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	from, err := os.Open(piece)
	if err != nil {
		return errors.Join(err, to.Close())
	}
	_, err = io.Copy(to, from)
	return errors.Join(err, from.Close(), to.Close(), os.Remove(piece))
}
