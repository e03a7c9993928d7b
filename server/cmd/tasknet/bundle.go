package main

import (
	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/server/bundle"
)

const aboutBundle = `Copy all public records of a server into a new folder, from which they can be verified
without the server: closed questions with their answers, the skill snapshots that they
name, the ledger, epochs with their payouts and what requesters had spent, totals, and
the public log. The folder appears when it is whole; a run that is killed leaves what it
had in .FOLDER.part-..., which can be removed.

It prints one hash that stands for all of it. Keep the hash, or publish it: whoever
verifies the folder and was told the hash knows that theirs is the same.

No key is needed, and nothing is in it that the server does not give to everybody. The
files are JSON, one record a line, compressed by Zstandard where the name ends in .zst;
of the log there is its signed checkpoint, and its leaves, 32 bytes each.`

func (p *program) bundle() *cobra.Command {
	var r remote
	asJSON := false
	cmd := &cobra.Command{
		Use: "bundle FOLDER", Short: "Copy a server's public records into a folder", Long: aboutBundle, Args: cobra.ExactArgs(1),
		Example: `  tasknet bundle records-2026-11 --server https://tasknet.example.org
  tasknet verify --bundle records-2026-11`,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := r.client(verifyPatience)
			if err != nil {
				return err
			}
			bar := p.newBar(asJSON)
			sum, err := bundle.Write(cmd.Context(), c, args[0], bar.show)
			bar.end()
			if err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(sum)
			}
			return p.printf(`All public records of %s are in %s.
  closed questions: %d, with answers: %d; transactions: %d; epochs: %d; skill snapshots: %d
  leaves of the public log: %d
  files: %d, %.1f MB
  manifest %s
`, r.server, args[0], sum.Questions, sum.Answers, sum.Transactions, sum.Epochs, sum.Snapshots, sum.Leaves, sum.Files, float64(sum.Bytes)/1e6, sum.Manifest)
		},
	}
	r.flags(cmd, defaultServer)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
