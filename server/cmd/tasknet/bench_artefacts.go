package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/server/bench"
)

const aboutBenchArtefacts = `Measure how fast a file of many bytes moves to a server and back.

It starts a server of its own in another process on this machine, and takes turns: it
copies a file of random bytes by reading and writing it, uploads it, and downloads it, each
until the bytes are on the same disk. The medians of three rounds count. An upload reads
and hashes the file, then sends it; the server checks each piece and waits for the disk.
Client and server share the machine's cores. That the server's memory is flat shows in
how little it grows after a small transfer.`

func (p *program) benchArtefacts() *cobra.Command {
	var cfg bench.Config
	bytes := size(1 << 30)
	parallel, asJSON := 4, false
	cmd := &cobra.Command{
		Use: "artefacts", Short: "Measure how fast artefacts move, and in how much memory", Long: aboutBenchArtefacts, Args: cobra.NoArgs,
		Example: `  tasknet bench artefacts
  tasknet bench artefacts --size 4GiB --dir /srv --json`,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if bytes > compute.ArtefactBytesMax || parallel < 1 {
				return usagef("--size is at most 256GiB, and --parallel at least 1")
			}
			if cfg.Data, err = os.MkdirTemp(cfg.Data, "tasknet-bench-"); err != nil {
				return err
			}
			defer func() { err = errors.Join(err, os.RemoveAll(cfg.Data)) }()
			bar := p.newBar(asJSON)
			cfg.Start, cfg.Progress = p.startBenchServer, bar.show
			rows, err := bench.Artefacts(cmd.Context(), cfg, int64(bytes), parallel)
			bar.end()
			if err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(rows)
			}
			return p.printRows(rows)
		},
	}
	f := cmd.Flags()
	f.Var(&bytes, "size", "of the file; four times as much must fit on the disk")
	f.IntVar(&parallel, "parallel", 4, "how many pieces travel at a time")
	f.StringVar(&cfg.Data, "dir", "", "a `folder` on the disk to measure (default: that of temporary files)")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// printRows prints figures as a table.
func (p *program) printRows(rows []bench.Row) error {
	wide := 0
	for _, r := range rows {
		wide = max(wide, len(r.What))
	}
	for _, r := range rows {
		goal := ""
		switch {
		case r.Goal.Is() && r.Better == bench.Lower:
			goal = fmt.Sprintf("  goal: at most %.2f", r.Goal)
		case r.Goal.Is():
			goal = fmt.Sprintf("  goal: at least %.2f", r.Goal)
		}
		if err := p.printf("%-*s %10.2f %-6s%s\n", wide, r.What, r.Value, r.Unit, goal); err != nil {
			return err
		}
	}
	return nil
}
