package main

import (
	"errors"
	"os"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/server/bench"
)

const aboutBenchImport = `Measure what a task costs in projects of different sizes: to import it, to give it out,
answer, close and pay it, and to pause and resume it.

One project grows to 1,000, 10,000, 100,000 and so on up to --most tasks. It runs in this
process on a database of its own, with the store and the pipeline of a server, without
HTTP and signatures; what is measured does not depend on the size when the figures of all
lines are alike.`

func (p *program) benchImport() *cobra.Command {
	var cfg bench.Config
	most, asJSON := 0, false
	cmd := &cobra.Command{
		Use: "import", Short: "Measure what a task costs in projects of different sizes", Long: aboutBenchImport, Args: cobra.NoArgs,
		Example: `  tasknet bench import
  tasknet bench import --most 1000000 --json`,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if most < 1000 {
				return usagef("--most is at least 1000")
			}
			var sizes []int
			for size := 1000; size < most; size *= 10 {
				sizes = append(sizes, size)
			}
			sizes = append(sizes, most)
			if cfg.Data, err = os.MkdirTemp("", "tasknet-bench-"); err != nil {
				return err
			}
			defer func() { err = errors.Join(err, os.RemoveAll(cfg.Data)) }()
			bar := p.newBar(asJSON)
			cfg.Progress = bar.show
			report, err := bench.Imports(cmd.Context(), cfg, sizes)
			bar.end()
			if err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(report)
			}
			err = p.printf("microseconds a task\n     tasks    import    answer, close and pay    pause and resume\n")
			for _, s := range report {
				err = errors.Join(err, p.printf("%10d  %8.0f  %23.0f  %18.1f\n", s.Tasks, s.Import, s.Answer, s.Pause))
			}
			return err
		},
	}
	f := cmd.Flags()
	f.StringVar(&cfg.DatabaseURL, "db", "", "an empty PostgreSQL database, postgres://...; it is left full (default: SQLite)")
	f.IntVar(&most, "most", 100_000, "the size of the largest project")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
