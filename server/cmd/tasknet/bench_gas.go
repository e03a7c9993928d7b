package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/rewards/eth/gas"
)

const aboutBenchGas = `Measure what it costs to pay people on chain, in gas.

It runs two EVMs in this process, one by the rules of Osaka and one by those of
Amsterdam, and pays people on each in every way: by the vault (root is the epoch's root
with the checkpoint of the log, for everybody in the tree; steady and first are one
relayed claim of people who were paid before, and of people who never were), by a
transfer to each, by a contract that transfers to all (disperse: cheaper, but it keeps no
books and proves nothing), and by a claim of each alone.

Each figure is what a block says that the transactions used.`

func (p *program) benchGas() *cobra.Command {
	cfg, asJSON := gas.Default, false
	cmd := &cobra.Command{
		Use: "gas", Short: "Measure what paying people costs on chain", Long: aboutBenchGas, Args: cobra.NoArgs,
		Example: `  tasknet bench gas
  tasknet bench gas --tree 1000 --people 100 --answers-per-person 50 --json`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cfg.Batch < 1 || cfg.Tree < cfg.Batch+gas.Alone || cfg.AnswersPerPerson < 1 {
				return usagef("--people and --answers-per-person are at least 1, and --tree at least %d more than --people", gas.Alone)
			}
			rows, epochs := []gas.Row{}, time.Duration(0)
			bar := p.newBar(asJSON)
			for i, fork := range gas.Forks {
				bar.show(fmt.Sprintf("the rules of %s", fork), i, len(gas.Forks))
				r, err := gas.Measure(cmd.Context(), fork, cfg)
				if err != nil {
					bar.end()
					return err
				}
				rows, epochs = append(rows, r.Rows...), max(epochs, r.Epoch)
			}
			bar.end()
			if asJSON {
				return p.printJSON(rows)
			}
			err := p.printf("%-10s %-15s %8s %14s %14s %12s\n", "rules", "what", "people", "gas", "per person", "per answer")
			for _, r := range rows {
				err = errors.Join(err, p.printf("%-10s %-15s %8d %14d %14.1f %12.4f\n", r.Fork, r.What, r.People, r.Gas, float64(r.Gas)/float64(r.People), r.GasPerAnswer))
			}
			return errors.Join(err, p.printf("\n%s\n", strings.TrimSpace(fmt.Sprintf(`The tree has %d people, each paid for %d answers. To make an epoch's tree, sign and post its
root took %.1f s.`, cfg.Tree, cfg.AnswersPerPerson, epochs.Seconds()))))
		},
	}
	f := cmd.Flags()
	f.IntVar(&cfg.Tree, "tree", cfg.Tree, "people in an epoch's tree")
	f.IntVar(&cfg.Batch, "people", cfg.Batch, "people in one relayed claim; as many get transfers")
	f.IntVar(&cfg.AnswersPerPerson, "answers-per-person", cfg.AnswersPerPerson, "answers that one payout is for")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
