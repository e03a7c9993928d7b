package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

const aboutEarnings = `Show what this machine's owner earned with nodes: what is held back and until when, what was
paid, and what was refused and why. What is paid is claimed like any other pay of the wallet.

What the wallet has at stake is shown, too: tokens that it locks in a contract (tasknet stake lock).
Some jobs go only to nodes whose owners have a stake, and a proven lie costs up to half of it.`

func (p *program) earnings() *cobra.Command {
	var server, data string
	asJSON := false
	cmd := &cobra.Command{
		Use: "earnings", Short: "Show what its owner earned with nodes", Long: aboutEarnings, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			work, err := p.ownWork(cmd.Context(), server, data)
			if err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(work)
			}
			return p.printWork(work)
		},
	}
	f := cmd.Flags()
	f.StringVar(&server, "server", "http://127.0.0.1:8080", "the server's `address`")
	f.StringVar(&data, "data", "", "the `folder` of keys and files (default: tasknet-node in the user's folder for settings)")
	f.BoolVar(&asJSON, "json", false, "write JSON")
	return cmd
}

func (p *program) ownWork(ctx context.Context, server, data string) (wire.MyWork, error) {
	data, err := homeFolder(data)
	if err != nil {
		return wire.MyWork{}, err
	}
	keys, err := client.LoadKeys(filepath.Join(data, "keys.json"))
	if err != nil {
		return wire.MyWork{}, err
	}
	c, err := client.New(server, client.Config{})
	if err != nil {
		return wire.MyWork{}, err
	}
	owner, err := c.Respondent(ctx, keys)
	if err != nil {
		return wire.MyWork{}, err
	}
	return owner.Work(ctx)
}

func (p *program) printWork(w wire.MyWork) error {
	_, err := fmt.Fprintf(p.out, "Held back %s, paid %s, refused %s %s.\n", w.Held, w.Paid, w.Refused, w.Symbol)
	if err == nil && w.Excluded != nil {
		_, err = fmt.Fprintf(p.out, "A result was refuted: no work before %s.\n", w.Excluded.Format(time.DateTime))
	}
	if s := w.Stake; err == nil && s != nil {
		err = p.printStake(s, w.Symbol)
	}
	for _, d := range w.Work {
		if err != nil {
			return err
		}
		state := d.State
		if d.Until != nil {
			state += " until " + d.Until.Format(time.DateTime)
		}
		if d.Why != "" {
			state += ": " + d.Why
		}
		_, err = fmt.Fprintf(p.out, "%s  %s  %-8s  %d rows  %s  %s\n", d.At.Format(time.DateTime), d.Job, d.Kind, d.Rows, d.Pay, state)
	}
	return err
}

// printStake says what the owner has at stake for the work of nodes.
func (p *program) printStake(s *wire.MyStake, symbol string) error {
	_, err := fmt.Fprintf(p.out, "Staked by %s: %s %s, of which %s counts.\n", s.Wallet, s.Staked, symbol, s.Counts)
	if err == nil && s.Case != 0 {
		_, err = fmt.Fprintf(p.out, "It is frozen by case %d of the contract of stakes.\n", s.Case)
	}
	if err == nil && s.Ready != nil {
		_, err = fmt.Fprintf(p.out, "%s was asked back, and can be taken from %s on (tasknet stake unlock).\n", s.Asked, s.Ready.Format(time.DateTime))
	}
	if err == nil && !s.Wanted.IsZero() {
		_, err = fmt.Fprintf(p.out, "Jobs wait that ask for a stake of %s or more (tasknet stake lock).\n", s.Wanted)
	}
	return err
}
