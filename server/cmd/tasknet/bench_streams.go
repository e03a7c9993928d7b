package main

import (
	"errors"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/server/bench"
)

const aboutBenchStreams = `Measure what phones cost a server that are connected and wait.

It starts a server in another process, signs many people in, and starts the server anew.
Each phone then opens a stream of events with a token of its own, over a connection of its
own, and keeps it open. Meanwhile questions are asked that want one answer, and answered:
the event is the verdict in the asker's stream, and its time begins with the sending of
the answer. Memory is the resident memory of the server's process, some heartbeats later,
less that of the same server before the first phone, for each phone. What the kernel holds
for connections is not in it.

The limit on open files (ulimit -n) must be above the number of phones, for the server and
for this process.`

func (p *program) benchStreams() *cobra.Command {
	v, asJSON := bench.Visits{Phones: 10_000, Events: 300, Stay: 45 * time.Second}, false
	var cfg bench.Config
	cmd := &cobra.Command{
		Use: "streams", Short: "Measure what connected phones cost a server", Long: aboutBenchStreams, Args: cobra.NoArgs,
		Example: `  tasknet bench streams
  tasknet bench streams --phones 2000 --json`,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if v.Phones < 1 || v.Phones > bench.StreamsMost {
				return usagef("--phones is 1 to %d", bench.StreamsMost)
			}
			if cfg.Data, err = os.MkdirTemp("", "tasknet-bench-"); err != nil {
				return err
			}
			defer func() { err = errors.Join(err, os.RemoveAll(cfg.Data)) }()
			bar := p.newBar(asJSON)
			cfg.Start, cfg.Progress = p.startBenchServer, bar.show
			r, err := bench.Streams(cmd.Context(), cfg, v)
			bar.end()
			if err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(r)
			}
			return p.printf(`%d phones: %.1f kB of memory each, %d MB in all with %d goroutines; %d streams were lost
verdicts at the asker: median %.1f ms, 99 of 100 within %.1f ms, of %d
`, r.Phones, float64(r.BytesPerPhone)/1000, r.RSS/1_000_000, r.Goroutines, r.Lost, r.EventP50, r.EventP99, r.Events)
		},
	}
	f := cmd.Flags()
	f.IntVar(&v.Phones, "phones", v.Phones, "phones to connect")
	f.DurationVar(&v.Stay, "stay", v.Stay, "time for which they are connected at least")
	f.StringVar(&cfg.DatabaseURL, "db", "", "an empty PostgreSQL database, postgres://...; it is left full (default: SQLite)")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
