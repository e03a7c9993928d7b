package main

import (
	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/server/bench"
)

const aboutBenchChecks = `Simulate nodes that are honest, lazy, copying and lying, and tell who is caught.

Each run has 30 nodes, of as many owners: ten honest, ten honest that round otherwise (ten
times as much as machines were seen to), three that are always unsure, two that hand in what
they did before, three that say something random, and two that lie in one part of ten. Parts
are drawn for audits, compared and judged by the server's own code; who is refuted gets no
more work. Where results differ, the server does the rows again in which they do; with
--programs it does not, as with programs, and the nodes decide among themselves. Time stands still, and nobody comes back under another name. A node counts among
those that were caught in time when it was refuted within 59 parts of its own, and among
those that were not when it did so many. The same --seed gives the same numbers.`

func (p *program) benchChecks() *cobra.Command {
	c := bench.DefaultChecks()
	asJSON := false
	cmd := &cobra.Command{
		Use: "checks", Short: "Simulate who is caught that cheats with work, and who is wronged", Long: aboutBenchChecks, Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if c.Runs < 1 || c.Runs > 100_000 || c.Parts < 100 || c.Parts > 1_000_000 {
				return usagef("--runs is 1 to 100000, and --parts 100 to 1000000")
			}
			out, err := c.Run()
			if err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(out.Rows())
			}
			if err := p.printf("%-28s %6s %8s %18s %18s\n", "nodes", "in all", "refuted", "half after parts", "95 %% after parts"); err != nil {
				return err
			}
			for _, k := range out.Kinds {
				if err := p.printf("%-28s %6d %8d %18.0f %18.0f\n", k.Kind, k.Nodes, k.Refuted, k.Half, k.Most); err != nil {
					return err
				}
			}
			return p.printf("\nOf those that always cheat, %.2f %% were caught within 59 parts. Audits were %.2f %% of what was computed, disputes %.2f %%.\n"+
				"%d honest nodes were refuted; %d parts of honest nodes were not paid since nothing was decided.\n", 100*out.Within, 100*out.Audits, 100*out.Disputes, out.Wronged, out.Unpaid)
		},
	}
	f := cmd.Flags()
	f.IntVar(&c.Runs, "runs", c.Runs, "times that it is done, with other nodes")
	f.IntVar(&c.Parts, "parts", c.Parts, "that are done in a run")
	f.Uint64Var(&c.Seed, "seed", c.Seed, "of everything that is random")
	f.BoolVar(&c.Programs, "programs", false, "the server does nothing again: nodes decide among themselves")
	f.BoolVar(&asJSON, "json", false, "write rows of figures as JSON")
	return cmd
}
