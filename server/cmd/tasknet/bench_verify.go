package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/server/bench"
)

const aboutBenchVerify = `Measure how long it takes to verify the records of an instance, and how much memory.

It makes a bundle of an instance that never was: questions with five answers each, signed
by --people people whose skills a snapshot has, the ledger that pays them, and five epochs
with their trees, by which all is paid out and claimed. Then another process verifies the
bundle, as tasknet verify --bundle does; that is what is measured.

With --folder the bundle is kept, and one that is there already is measured as it is.`

func (p *program) benchVerify() *cobra.Command {
	answers, people, folder, asJSON := 0, 0, "", false
	cmd := &cobra.Command{
		Use: "verify", Short: "Measure how long verifying takes", Long: aboutBenchVerify, Args: cobra.NoArgs,
		Example: `  tasknet bench verify
  tasknet bench verify --answers 1000000 --folder /tmp/million --json`,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if answers < 5 || people < 5 {
				return usagef("--answers and --people are at least 5")
			}
			if folder == "" {
				var parent string
				if parent, err = os.MkdirTemp("", "tasknet-bench-"); err != nil {
					return err
				}
				defer func() { err = errors.Join(err, os.RemoveAll(parent)) }()
				folder = filepath.Join(parent, "bundle")
			}
			if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
				bar := p.newBar(asJSON)
				err := bench.MakeBundle(cmd.Context(), folder, answers, people, bar.show)
				bar.end()
				if err != nil {
					return err
				}
			}
			report, err := p.measureVerifier(cmd.Context(), folder)
			if err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(report)
			}
			return p.printf("%d answers to %d questions by %d people in a bundle of %.0f MB: %.1f s on %d cores, %.0f answers a second, at most %.0f MiB of memory\n",
				report.Answers, report.Questions, report.People, float64(report.Bytes)/1e6, report.Seconds, report.Cores, report.AnswersPS, float64(report.PeakRSS)/(1<<20))
		},
	}
	f := cmd.Flags()
	f.IntVar(&answers, "answers", 100_000, "answers to verify")
	f.IntVar(&people, "people", 10_000, "people who gave them")
	f.StringVar(&folder, "folder", "", "bundle to make and keep, or to measure when it is there")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// measureVerifier runs the process that is measured.
func (p *program) measureVerifier(ctx context.Context, folder string) (report bench.VerifyReport, err error) {
	self, err := os.Executable()
	if err != nil {
		return report, err
	}
	cmd := exec.CommandContext(ctx, self, "bench", "verifier", folder)
	cmd.Stderr = p.err
	out, err := cmd.Output()
	if err != nil {
		return report, fmt.Errorf("the process that verifies: %w", err)
	}
	return report, json.Unmarshal(out, &report)
}

// benchVerifier is the process that is measured.
func (p *program) benchVerifier() *cobra.Command {
	return &cobra.Command{
		Use: "verifier FOLDER", Short: "The process that bench verify measures", Hidden: true, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			report, err := bench.VerifyBundle(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return p.printJSON(report)
		},
	}
}
