package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
	"github.com/tasknet/tasknet/server/bundle"
	"github.com/tasknet/tasknet/server/verify"
)

const aboutVerify = `Read the public records of a server, or of a folder that "tasknet bundle" wrote, and
recompute all of it: the hash of every closed question, the signature of every answer,
every verdict, every movement of money, every payout root, and the root of the public
log, in which all of these must be. The first record that does not fit is named, with
what it should say and what it says; the exit status is then 3. What is sealed until
later, what is not in the log yet and by when it must be, and what no record can prove,
is listed.

No key is needed, and nothing on the server is believed. What no record can prove is
above all whether its respondents are people, and whether it refused answers that it
should have taken.

Without --rpc, deposits, withdrawals and claims are the server's word too. With --rpc,
a node of the server's chain that you trust, they are compared with the vault that the
server names, and the vault's payout roots, in force and waiting, with the records': a root
that the records have otherwise, or do not have, fits them as little as a changed one.
Every deposit of the ledger must be there, and everybody must have been paid what the
ledger says. A server's own
development chain has such an address when the server was started with
CHAIN_DEV_RPC=127.0.0.1:8545.

With --bundle no server is asked. --manifest is the hash that "tasknet bundle" printed,
as you were told it; without it, somebody who changed the files and wrote their
manifest anew is found only by what the records say of each other.`

// verified is what verify prints for programs.
type verified struct {
	Verified bool             `json:"verified"`
	Report   verify.Report    `json:"report"` // as far as it came
	Mismatch *verify.Mismatch `json:"mismatch,omitempty"`
	Others   []string         `json:"others,omitempty"` // files in the bundle's folder that are not of it
}

func (p *program) verify() *cobra.Command {
	var r remote
	rpc, folder, manifest, asJSON := "", "", "", false
	cmd := &cobra.Command{
		Use: "verify", Short: "Recompute all that a server decided and paid", Long: aboutVerify, Args: cobra.NoArgs,
		Example: `  tasknet verify --server https://tasknet.example.org
  tasknet verify --rpc http://127.0.0.1:8545
  tasknet verify --bundle records-2026-11 --manifest 5f0c...`,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if manifest != "" && folder == "" {
				return usagef("--manifest is the hash of a --bundle")
			}
			if manifest != "" && !bundle.IsHash(manifest) {
				return usagef("--manifest is the hash that tasknet bundle printed, 64 hex digits in lower case, not %q", manifest)
			}
			if folder != "" && cmd.Flags().Changed("server") && r.server != os.Getenv("TASKNET_URL") {
				return usagef("with --bundle no server is asked; leave out --server or --bundle")
			}
			bar := p.newBar(asJSON)
			var report verify.Report
			vault := "" // on which chain
			var others []string
			source, closes, err := r.source(cmd.Context(), folder, manifest)
			if err == nil {
				defer func() { err = errors.Join(err, closes()) }()
				if b, ok := source.(*bundle.Bundle); ok {
					if others, err = b.Others(); err != nil {
						return err
					}
				}
				report, vault, err = verifyFrom(cmd.Context(), source, rpc, bar, folder == "")
			}
			bar.end()
			mismatch, found := errors.AsType[*verify.Mismatch](err)
			if err != nil && !found {
				return err
			}
			if folder != "" && manifest == "" {
				report.Unproven = append(report.Unproven, verify.Unproven{Code: "manifest", Text: "that nobody has put other files that fit each other in the place of all of these, as no --manifest says which were written"})
			}
			if asJSON {
				return errors.Join(p.printJSON(verified{!found, report, mismatch, others}), err)
			}
			if len(others) > 0 {
				if err := p.printf("Not of the bundle, and not looked at: %s\n", strings.Join(others, ", ")); err != nil {
					return err
				}
			}
			if found {
				return err
			}
			return p.printVerified(cmp.Or(folder, r.server), vault, report)
		},
	}
	r.flags(cmd, defaultServer)
	cmd.Flags().StringVar(&folder, "bundle", "", "folder to read instead of asking a server")
	cmd.Flags().StringVar(&manifest, "manifest", "", "hash of the bundle, as you were told it")
	cmd.Flags().StringVar(&rpc, "rpc", "", "JSON-RPC address of a node of the server's chain, to compare with")
	env(cmd.Flags(), "rpc", "CHAIN_RPC_URL")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// verifyPatience is for how long a server that is away is waited for.
const verifyPatience = 30 * time.Second

// source returns where records are read: a folder, or the server when none is named.
func (r *remote) source(ctx context.Context, folder, manifest string) (verify.Source, func() error, error) {
	if folder == "" {
		c, err := r.client(verifyPatience)
		return c, func() error { return nil }, err
	}
	b, err := bundle.Open(ctx, folder, manifest)
	if err != nil {
		return nil, nil, err
	}
	return b, b.Close, nil
}

// verifyFrom verifies records and, when rpc is not empty, compares them with the chain, whose vault it then names. live says
// that a server gives them now.
func verifyFrom(ctx context.Context, source verify.Source, rpc string, bar *bar, live bool) (report verify.Report, vault string, err error) {
	cfg := verify.Config{Progress: func(v verify.Progress) { bar.show("verifying", v.Questions, v.OfQuestions) }}
	if live {
		cfg.Now = time.Now
	}
	if rpc != "" {
		view, err := vaultOf(ctx, source, rpc)
		if err != nil {
			return report, "", err
		}
		defer view.Close()
		cfg.Chain = view
		vault = fmt.Sprintf("%s on chain %d", polls.Wallet(view.Info().Vault), view.Info().ID)
	}
	report, err = verify.Run(ctx, source, cfg)
	return report, vault, err
}

// vaultOf looks through a node at the vault that an instance says is its own.
func vaultOf(ctx context.Context, source verify.Source, rpc string) (*eth.View, error) {
	in, err := source.Instance(ctx)
	if err != nil {
		return nil, err
	}
	vault, err := polls.ParseWallet(in.Vault)
	if err != nil {
		return nil, fmt.Errorf("the server's vault %q: %w", in.Vault, err)
	}
	var oracle polls.Wallet
	if in.Oracle != "" {
		if oracle, err = polls.ParseWallet(in.Oracle); err != nil {
			return nil, fmt.Errorf("the server's oracle %q: %w", in.Oracle, err)
		}
	}
	var stake polls.Wallet
	if in.Stake != nil {
		if stake, err = polls.ParseWallet(in.Stake.Contract); err != nil {
			return nil, fmt.Errorf("the server's contract of stakes %q: %w", in.Stake.Contract, err)
		}
	}
	return eth.OpenView(ctx, eth.ViewConfig{URL: rpc, Vault: rewards.Address(vault), Oracle: rewards.Address(oracle), Stake: rewards.Address(stake)})
}

func (p *program) printVerified(of, vault string, r verify.Report) error {
	err := p.printf(`All records of %s fit.
  closed questions: %d, with answers: %d, of respondents: %d; hashes, signatures and verdicts hold
  of these questions had a known answer (gold), which is opened: %d
  transactions: %d; %s deposited, %s paid for answers, %s of it claimed
  payout roots: %d
`, of, r.Questions, r.Answers, r.Respondents, r.Golds, r.Transactions, r.Deposited, r.Paid, r.Claimed, r.Epochs)
	if r.Erased > 0 {
		err = errors.Join(err, p.printf("  answers that were erased: %d, each by the word of its respondent's wallet\n", r.Erased))
	}
	if r.Cases > 0 {
		err = errors.Join(err, p.printf("  cases about stakes of who was refuted: %d\n", r.Cases))
	}
	if r.CasesWait > 0 {
		err = errors.Join(err, p.printf("    %d more are of jobs that are not settled, or of whom no epoch has a deposit: they are not verified yet\n", r.CasesWait))
	}
	if r.Chain {
		err = errors.Join(err, p.printf("  deposits, claims and the roots are those of the vault %s\n", vault))
	}
	if r.Log > 0 {
		err = errors.Join(err, p.printf("  public log: %d leaves under a signed root; %d of them are of the records above\n", r.Log, r.Logged))
	}
	if others := r.Log - int64(r.Logged); others > 0 {
		err = errors.Join(err, p.printf("    the other %d are sealed: answers to open questions, answers that were refused, and what came meanwhile\n", others))
	}
	if r.Unlogged > 0 {
		err = errors.Join(err, p.printf("  not in the log yet: %d records, promised by %s; not proven by it before\n", r.Unlogged, r.UnloggedBy.UTC().Format(time.RFC3339)))
	}
	if len(r.Sealed) > 0 {
		err = errors.Join(err, p.printf("Sealed, and not verified:\n"))
	}
	for _, s := range r.Sealed {
		of := ""
		if s.Count > 0 {
			of = fmt.Sprintf(" (%d)", s.Count)
		}
		until := s.Until
		if s.By != nil {
			until += fmt.Sprintf(" (the last on %s, the server says)", s.By.UTC().Format(time.RFC3339))
		}
		err = errors.Join(err, p.printf("  %s%s, until %s\n", s.What, of, until))
	}
	err = errors.Join(err, p.printf("What records that fit do not prove:\n"))
	for _, u := range r.Unproven {
		err = errors.Join(err, p.printf("  %s\n", u.Text))
	}
	return err
}
