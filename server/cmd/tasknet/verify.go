package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/verify"
)

const aboutVerify = `Download the public records of a server and recompute all of it: the hash of every
closed question, the signature of every answer, every verdict, every movement of
money and every payout root. The first record that does not fit is named, with
what it should say and what it says; the exit status is then 3.

No key is needed. Nothing on the server is believed, but two things cannot be seen
from its records: whether its respondents are people, and whether it refused
answers that it should have taken.

Without --rpc there is a third thing: deposits and claims are the server's word.
With --rpc, a node of the server's chain that you trust, they are compared with the
vault that the server names, and the newest payout root with the vault's: every
deposit of the ledger must be there, and everybody must have been paid what the
ledger says. A server's own development chain has such an address when the server
was started with CHAIN_DEV_RPC=127.0.0.1:8545.`

// verified is what verify prints for programs.
type verified struct {
	Verified bool             `json:"verified"`
	Report   verify.Report    `json:"report"` // as far as it came
	Mismatch *verify.Mismatch `json:"mismatch,omitempty"`
}

func (p *program) verify() *cobra.Command {
	var r remote
	rpc, asJSON := "", false
	cmd := &cobra.Command{
		Use: "verify", Short: "Recompute all that a server decided and paid", Long: aboutVerify, Args: cobra.NoArgs,
		Example: `  tasknet verify --server https://tasknet.example.org
  tasknet verify --rpc http://127.0.0.1:8545`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := r.client(verifyPatience)
			if err != nil {
				return err
			}
			bar := p.newBar(asJSON)
			cfg := verify.Config{Progress: func(v verify.Progress) { bar.show("verifying", v.Questions, v.OfQuestions) }}
			vault := "" // on which chain
			if rpc != "" {
				view, err := vaultOf(cmd.Context(), c, rpc)
				if err != nil {
					return err
				}
				defer view.Close()
				cfg.Chain = view
				vault = fmt.Sprintf("%s on chain %d", polls.Wallet(view.Info().Vault), view.Info().ID)
			}
			report, err := verify.Run(cmd.Context(), c, cfg)
			bar.end()
			mismatch, found := errors.AsType[*verify.Mismatch](err)
			if err != nil && !found {
				return err
			}
			if asJSON {
				return errors.Join(p.printJSON(verified{!found, report, mismatch}), err)
			}
			if found {
				return err
			}
			return p.printVerified(r.server, vault, report)
		},
	}
	r.flags(cmd, defaultServer)
	cmd.Flags().StringVar(&rpc, "rpc", "", "JSON-RPC address of a node of the server's chain, to compare with")
	env(cmd.Flags(), "rpc", "CHAIN_RPC_URL")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// verifyPatience is for how long a server that is away is waited for.
const verifyPatience = 30 * time.Second

// vaultOf looks through a node at the vault that a server says is its own.
func vaultOf(ctx context.Context, c *client.Client, rpc string) (*eth.View, error) {
	in, err := c.Instance(ctx)
	if err != nil {
		return nil, err
	}
	vault, err := polls.ParseWallet(in.Vault)
	if err != nil {
		return nil, fmt.Errorf("the server's vault %q: %w", in.Vault, err)
	}
	return eth.OpenView(ctx, eth.ViewConfig{URL: rpc, Vault: rewards.Address(vault)})
}

func (p *program) printVerified(server, vault string, r verify.Report) error {
	chain := "deposits and claims are the server's word: they were not compared with its chain (--rpc URL does)"
	if r.Chain {
		chain = "deposits, claims and the newest root are those of the vault " + vault
	}
	return p.printf(`All records of %s fit.
  closed questions: %d, with answers: %d, of respondents: %d; hashes, signatures and verdicts hold
  transactions: %d; %s deposited, %s paid for answers, %s of it claimed
  payout roots: %d
  %s
`, server, r.Questions, r.Answers, r.Respondents, r.Transactions, r.Deposited, r.Paid, r.Claimed, r.Epochs, chain)
}
