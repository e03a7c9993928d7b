package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

const aboutImport = `Import a file of tasks: CSV, JSON lines, Parquet, Label Studio's JSON, COCO, or a
zip or tar archive of images or sound. A folder is packed into an archive first: each
image and each clip in it is a task; when there is one table in it, each of the table's
rows is, and may name files in the folder. It is uploaded in pieces, and the server
makes tasks of it in the background. A row whose key the project has changes nothing,
so that a file may be imported again.

When it is interrupted, --resume goes on with an upload or an import that was begun,
and --cancel ends it; the tasks that it made stay. So it is with an import that stopped
because your balance was spent: deposit more, and --resume goes on at the row where it
stopped, without the file. A project is not completed while an import of it is
unfinished: tasknet project imports lists them.`

func (p *program) projectImport() *cobra.Command {
	var r remote
	resume, cancelled, asJSON := "", "", false
	cmd := &cobra.Command{
		Use: "import PROJECT FILE", Short: "Import a file or a folder of tasks", Long: aboutImport, Args: cobra.RangeArgs(1, 2),
		Example: `  tasknet project import prj_... birds.csv
  tasknet project import prj_... pictures
  tasknet project import prj_... --resume imp_...`,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case cancelled != "" && (len(args) == 2 || resume != ""):
				return usagef("--cancel ends an import that was begun; leave the FILE and --resume out")
			case len(args) < 2 && resume == "" && cancelled == "":
				return usagef("name the FILE, or an import to --resume or to --cancel")
			}
			requester, err := r.requester()
			if err != nil {
				return err
			}
			if cancelled != "" {
				i, err := requester.CancelImport(cmd.Context(), args[0], cancelled)
				if err != nil {
					return err
				}
				return p.printImport(i, asJSON)
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
					return interrupted{err, fmt.Sprintf("the import goes on: %s project import %s --resume %s", p.name, i.Project, i.ID)}
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
	cmd.Flags().StringVar(&cancelled, "cancel", "", "an import (imp_...) to end; the tasks that it made stay")
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
		return i, interrupted{err, fmt.Sprintf("go on with %s project import %s %s --resume %s", p.name, i.Project, typed(args[1]), i.ID)}
	}
	return i, nil
}

// goOn says how an import that was stopped goes on.
func (p *program) goOn(i wire.Import) string {
	if i.Problem == rewards.ErrInsufficient.Code {
		return fmt.Sprintf("%s deposits says how to deposit. Then go on: %[1]s project import %s --resume %s", p.name, i.Project, i.ID)
	}
	return fmt.Sprintf("Mend the file and import it again: rows that are tasks already change nothing. End this one: %s project import %s --cancel %s", p.name, i.Project, i.ID)
}

// printable is what came from a file, without what would change how a terminal writes.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '\ufffd'
		}
		return r
	}, text)
}

func (p *program) printImport(i wire.Import, asJSON bool) error {
	var err error
	if asJSON {
		err = p.printJSON(i)
	} else {
		repeated := ""
		if i.Repeated > 0 {
			repeated = fmt.Sprintf(", %d that repeat a key of this file", i.Repeated)
		}
		err = p.printf("%s is %s: %d rows, %d tasks made, %d that the project had before%s, %d malformed\n", i.ID, i.State, i.Rows, i.Made, i.Known, repeated, i.Malformed)
		for _, bad := range i.First {
			where := fmt.Sprintf("line %d", bad.Line)
			if bad.File != "" {
				where = printable(bad.File)
			}
			fmt.Fprintf(p.err, "%s: %s\n", where, printable(bad.Problem))
		}
		if more := i.Malformed - len(i.First); more > 0 {
			fmt.Fprintf(p.err, "and %d more\n", more)
		}
	}
	if err == nil && i.State == "stopped" {
		return fmt.Errorf("%w %s %s", errStopped, i.Detail, p.goOn(i))
	}
	return err
}

func (p *program) projectImports() *cobra.Command {
	var r remote
	asJSON := false
	cmd := &cobra.Command{
		Use: "imports PROJECT", Short: "List a project's imports, newest first", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			requester, err := r.requester()
			if err != nil {
				return err
			}
			all, err := listed(requester.Imports(cmd.Context(), args[0]))
			if err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(all)
			}
			for _, i := range all {
				if err := p.printf("%s  %-9s  %8d rows  %8d tasks made  %s\n", i.ID, i.State, i.Rows, i.Made, i.Name); err != nil {
					return err
				}
				if i.Problem != "" {
					err = p.printf("    %s: %s\n    %s\n", i.Problem, i.Detail, p.goOn(i))
				}
				if err != nil {
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
