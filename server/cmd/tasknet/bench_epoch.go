package main

import (
	"context"
	"errors"
	"os"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/rewards/eth"
	"github.com/tasknet/tasknet/server/bench"
)

const aboutBenchEpoch = `Measure an epoch that pays many people, from the payer's first look to its root on chain:
what is due is read from the database, fixed in the ledger, made a tree, signed, posted to
a chain in this process, and confirmed there. An epoch for half of the people came before.
Claims, which come after, are not included; "tasknet bench gas" has their costs.`

func (p *program) benchEpoch() *cobra.Command {
	people, asJSON := 100_000, false
	var cfg bench.Config
	cmd := &cobra.Command{
		Use: "epoch", Short: "Measure an epoch from the plan to the posted root", Long: aboutBenchEpoch, Args: cobra.NoArgs,
		Example: "  tasknet bench epoch --people 10000 --json",
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if people < 2 || people > 1<<24 {
				return usagef("--people is 2 to %d", 1<<24)
			}
			if cfg.Data, err = os.MkdirTemp("", "tasknet-bench-"); err != nil {
				return err
			}
			defer func() { err = errors.Join(err, os.RemoveAll(cfg.Data)) }()
			bar := p.newBar(asJSON)
			cfg.Progress = bar.show
			r, err := bench.Epoch(cmd.Context(), cfg, people, func(ctx context.Context, dir string) (bench.EpochChain, error) {
				return eth.OpenDev(ctx, eth.DevConfig{Dir: dir})
			})
			bar.end()
			if err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(r)
			}
			return p.printf("An epoch for %d people: %.1f s, of which %.1f s fix the money, %.1f s make the header, and %.1f s post it.\n",
				r.People, r.Whole/1000, r.Plan/1000, r.Build/1000, r.Post/1000)
		},
	}
	f := cmd.Flags()
	f.IntVar(&people, "people", people, "people who are paid")
	f.StringVar(&cfg.DatabaseURL, "db", "", "an empty PostgreSQL database (default: SQLite)")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
