package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

const aboutImport = `Import a file of tasks: CSV, JSON lines, Parquet, Label Studio's JSON, COCO, or a
zip or tar archive of images or sound. A folder is packed into an archive first: each
image and each clip in it is a task; when there is one table in it, each of the table's
rows is, and may name files in the folder. It is uploaded in pieces, and the server
makes tasks of it in the background. A row whose key the project has changes nothing,
so that a file may be imported again.

When it is interrupted, --resume goes on with an upload or an import that was begun.`

func (p *program) projectImport() *cobra.Command {
	var r remote
	resume, asJSON := "", false
	cmd := &cobra.Command{
		Use: "import PROJECT FILE", Short: "Import a file or a folder of tasks", Long: aboutImport, Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) < 2 && resume == "" {
				return usagef("name the FILE, or an import to --resume")
			}
			requester, err := r.requester()
			if err != nil {
				return err
			}
			bar := p.newBar(asJSON)
			defer bar.end()
			i, err := p.upload(cmd.Context(), requester, args, resume, bar)
			if err != nil {
				return err
			}
			if i, err = requester.StartImport(cmd.Context(), i.Project, i.ID); err != nil {
				return err
			}
			for i.State == "running" {
				bar.show("tasks", i.Rows, 0)
				if err := client.Pause(cmd.Context(), lookEvery); err != nil {
					return fmt.Errorf("%w; the import goes on: tasknet project import %s --resume %s", err, i.Project, i.ID)
				}
				if i, err = requester.Import(cmd.Context(), i.Project, i.ID); err != nil {
					return err
				}
			}
			bar.end()
			return p.printImport(i, asJSON)
		},
	}
	cmd.Flags().StringVar(&resume, "resume", "", "an import (imp_...) that was begun; the FILE is needed when it was not uploaded to the end")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	r.flags(cmd, defaultServer)
	r.keyFlags(cmd)
	return cmd
}

// upload uploads the file of an import, or what is missing of it.
func (p *program) upload(ctx context.Context, requester *client.Requester, args []string, resume string, bar *bar) (i wire.Import, err error) {
	if resume != "" {
		if i, err = requester.Import(ctx, args[0], resume); err != nil || len(args) < 2 || i.State != "receiving" {
			return i, err
		}
	}
	file, err := openTasks(ctx, args[1], bar)
	if err != nil {
		return i, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if resume == "" {
		if i, err = requester.NewImport(ctx, args[0], file.title, ""); err != nil {
			return i, err
		}
	}
	i, err = requester.UploadImport(ctx, i, file, file.size, func(done int64) { bar.show("bytes", int(done), int(file.size)) })
	if err != nil {
		return i, fmt.Errorf("%w; go on with --resume %s", err, i.ID)
	}
	return i, nil
}

func (p *program) printImport(i wire.Import, asJSON bool) error {
	var err error
	if asJSON {
		err = p.printJSON(i)
	} else {
		err = p.printf("%s: %d rows, %d tasks made, %d known before, %d malformed\n", i.ID, i.Rows, i.Made, i.Known, i.Malformed)
		for _, bad := range i.First {
			fmt.Fprintf(p.err, "line %d: %s\n", bad.Line, bad.Problem)
		}
		if more := i.Malformed - len(i.First); more > 0 {
			fmt.Fprintf(p.err, "and %d more\n", more)
		}
	}
	if err == nil && i.State == "stopped" {
		if i.Problem == "insufficient_funds" {
			return fmt.Errorf("%w %s Then: tasknet project import %s --resume %s", errStopped, i.Detail, i.Project, i.ID)
		}
		return fmt.Errorf("%w %s Mend the file and import it again: rows that are tasks already change nothing.", errStopped, i.Detail)
	}
	return err
}
