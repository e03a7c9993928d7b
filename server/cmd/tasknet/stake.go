package main

import (
	"context"
	"errors"
	"math/big"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
	"github.com/tasknet/tasknet/server/client"
)

const aboutStake = `Owners of nodes stake tokens for the work of their nodes: some jobs ask for it. When a check
refutes a result of theirs, a case is prepared, and the court of the stakes decides whether
it takes what the case asks for: for the organisation whose job it was, and for the owners
who did the part rightly.

  tasknet stake deploy    makes the contract for a vault
  tasknet stake lock      stakes tokens of a key
  tasknet stake release   asks for a stake back, which does not count from then on
  tasknet stake unlock    takes it, when its time has come
  tasknet stake show      shows what is at stake
  tasknet stake collect   takes what was awarded of others' stakes
  tasknet stake cases     lists cases
  tasknet stake freeze    opens a case, as the court: the stake is frozen
  tasknet stake slash     takes what a case asks for, as the court
  tasknet stake dismiss   closes a case with nothing taken, as the court

The wallet of a node is in keys.json in its folder: name that with --node. A transaction costs
gas, which the key pays: send its address some of the chain's coin first.`

func (p *program) stake() *cobra.Command {
	cmd := &cobra.Command{
		Use: "stake", Short: "Stakes of who owns nodes, and cases about them", Long: aboutStake, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.stakeDeploy(), p.stakeLock(), p.stakeRelease(), p.stakeUnlock(), p.stakeShow(), p.stakeCollect(), p.stakeCases(), p.stakeFreeze(), p.stakeSlash(), p.stakeDismiss())
	return cmd
}

// staking is a key that does something with a contract of stakes.
type staking struct {
	acting
	stake, node string
}

func (s *staking) flags(cmd *cobra.Command, whose string, node bool) {
	s.acting.flags(cmd, whose)
	f := cmd.Flags()
	f.StringVar(&s.stake, "stake", "", "the address of the contract of stakes")
	env(f, "stake", "CHAIN_STAKE")
	if node {
		f.StringVar(&s.node, "node", "", "in place of --key-file: a node's keys.json, whose wallet it is")
	}
}

// does opens the wallet, does something with it, and lets go of it.
func (s *staking) does(ctx context.Context, p *program, do func(*eth.Wallet) error) error {
	key, err := keyFromEnv("CHAIN_KEY")
	if err != nil {
		return err
	}
	key.File = s.key.File
	if s.node != "" {
		if key != (eth.Key{}) {
			return usagef("name one key, with --node or with --key-file")
		}
		if _, err := os.Stat(s.node); err != nil { // LoadKeys makes a file where there is none
			return usagef("--node: %v", err)
		}
		keys, err := client.LoadKeys(s.node)
		if err != nil {
			return err
		}
		wallet, _ := keys.Secrets()
		key.Secret = eth.Secret(wallet)
	}
	vault, vaultErr := polls.ParseWallet(s.vault)
	stake, stakeErr := polls.ParseWallet(s.stake)
	if s.rpc == "" || key == (eth.Key{}) || vaultErr != nil || stakeErr != nil {
		return usagef("name a node of the chain with --rpc, a file with the key with --key-file, and the addresses with --vault and --stake; a server tells them at /v1/instance")
	}
	depth, err := confirmations(ctx, s.confirmations, s.rpc)
	if err != nil {
		return err
	}
	w, err := eth.OpenWallet(ctx, eth.ViewConfig{URL: s.rpc, Vault: rewards.Address(vault), Stake: rewards.Address(stake), Confirmations: depth, Progress: p.sending()}, key)
	if err != nil {
		return err
	}
	return errors.Join(do(w), w.Close())
}

func (p *program) stakeDeploy() *cobra.Command {
	var a acting
	terms := rewards.StakeTerms{}
	court := ""
	cmd := &cobra.Command{
		Use: "deploy", Short: "Make a contract of stakes for a vault", Args: cobra.NoArgs,
		Long: `Make a contract of stakes for a vault, and wait until it is confirmed. The key in --key-file
pays for it and has no part in it later. Its court is the vault's adjudicator; where the vault
has none, name one with --court. Who posts roots to the vault now, and the court, never get
anything of a stake. Give the address to tasknet serve as CHAIN_STAKE. None of its terms can
be changed.`,
		Example: "  tasknet stake deploy --rpc http://127.0.0.1:8545 --vault 0x... --key-file mine.key",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if court != "" {
				address, err := polls.ParseWallet(court)
				if err != nil {
					return usagef("--court is an address, 0x and 40 hex digits")
				}
				terms.Court = rewards.Address(address)
			}
			return a.does(cmd.Context(), p, func(w *eth.Wallet) error {
				at, mined, err := w.DeployStake(cmd.Context(), terms)
				if err != nil {
					return err
				}
				return p.printf("The contract of stakes is in block %d.\nCHAIN_STAKE=%s\n", mined.Block, polls.Wallet(at))
			})
		},
	}
	a.flags(cmd, "any")
	f := cmd.Flags()
	f.StringVar(&court, "court", "", "address of who decides cases: a court contract or a multisig (default: the vault's adjudicator)")
	f.DurationVar(&terms.Delay, "delay", 14*24*time.Hour, "time from asking a stake back to taking it; not shorter than a case")
	f.DurationVar(&terms.CaseTime, "case-time", 7*24*time.Hour, "time for which a case freezes a stake at the most")
	f.IntVar(&terms.CapPPM, "cap", eth.StakeCapPPM, "the most that a case takes, in millionths of the stake")
	return cmd
}

func (p *program) stakeLock() *cobra.Command {
	var s staking
	cmd := &cobra.Command{
		Use: "lock AMOUNT", Short: "Stake tokens for the work of your nodes", Args: cobra.ExactArgs(1),
		Long: `Stake tokens of a key: a node's wallet, for its work. It counts for jobs that ask for a
stake as soon as the server has seen it confirmed. A case of a proven lie takes at most the
contract's share of it.`,
		Example: "  tasknet stake lock 50 --node ~/.config/tasknet-node/keys.json --rpc http://127.0.0.1:8545 --vault 0x... --stake 0x...",
		RunE: func(cmd *cobra.Command, args []string) error {
			amount, err := tokens(args[0])
			if err != nil {
				return err
			}
			return s.does(cmd.Context(), p, func(w *eth.Wallet) error {
				mined, err := w.Lock(cmd.Context(), w.Info().Base(amount))
				if err != nil {
					return err
				}
				return p.printf("%s has %s %s more at stake since block %d.\n", polls.Wallet(w.Address()), amount, w.Info().Symbol, mined.Block)
			})
		},
	}
	s.flags(cmd, "the staker's", true)
	return cmd
}

func (p *program) stakeRelease() *cobra.Command {
	var s staking
	cmd := &cobra.Command{
		Use: "release AMOUNT", Short: "Ask for a stake back", Args: cobra.ExactArgs(1),
		Long: `Ask for so much of a stake back. It does not count any more, and it can still be slashed
until it is taken with tasknet stake unlock; asking for more begins the time for all of it
anew.`,
		Example: "  tasknet stake release 50 --node ~/.config/tasknet-node/keys.json --rpc http://127.0.0.1:8545 --vault 0x... --stake 0x...",
		RunE: func(cmd *cobra.Command, args []string) error {
			amount, err := tokens(args[0])
			if err != nil {
				return err
			}
			return s.does(cmd.Context(), p, func(w *eth.Wallet) error {
				if _, err := w.RequestUnlock(cmd.Context(), w.Info().Base(amount)); err != nil {
					return err
				}
				stake, _, err := w.StakeNow(cmd.Context(), w.Address())
				if err != nil {
					return err
				}
				return p.printf("Take it from %s on, with tasknet stake unlock.\n", stake.ReadyAt.Local().Format(time.DateTime))
			})
		},
	}
	s.flags(cmd, "the staker's", true)
	return cmd
}

func (p *program) stakeUnlock() *cobra.Command {
	var s staking
	cmd := &cobra.Command{
		Use: "unlock", Short: "Take back what was asked back", Args: cobra.NoArgs,
		Long: `Take back what was asked back, when its time has come and no case freezes the stake.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.does(cmd.Context(), p, func(w *eth.Wallet) error {
				mined, err := w.Unlock(cmd.Context())
				if err != nil {
					return err
				}
				return p.printf("It is back at %s, by transaction 0x%x.\n", polls.Wallet(w.Address()), mined.Tx)
			})
		},
	}
	s.flags(cmd, "the staker's", true)
	return cmd
}

func (p *program) stakeCollect() *cobra.Command {
	var s staking
	cmd := &cobra.Command{
		Use: "collect", Short: "Take what was awarded to you of others' stakes", Args: cobra.NoArgs,
		Long: `Take what cases have awarded to a key: of an organisation that was harmed that which
deposited first, and of the owners who did the part rightly their nodes' wallets.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.does(cmd.Context(), p, func(w *eth.Wallet) error {
				mined, err := w.Collect(cmd.Context())
				if err != nil {
					return err
				}
				return p.printf("It is at %s, by transaction 0x%x.\n", polls.Wallet(w.Address()), mined.Tx)
			})
		},
	}
	s.flags(cmd, "the recipient's", true)
	return cmd
}

func (p *program) stakeShow() *cobra.Command {
	var s staking
	of := ""
	cmd := &cobra.Command{
		Use: "show", Short: "Show what is at stake", Args: cobra.NoArgs,
		Long: `Show what a key has at stake by the newest block, and what was awarded to it.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.does(cmd.Context(), p, func(w *eth.Wallet) error {
				who := polls.Wallet(w.Address())
				if of != "" {
					var err error
					if who, err = polls.ParseWallet(of); err != nil {
						return usagef("--address is an address, 0x and 40 hex digits")
					}
				}
				return p.printStake(cmd.Context(), w, who)
			})
		},
	}
	s.flags(cmd, "your", true)
	cmd.Flags().StringVar(&of, "address", "", "whose stake to show (default: your key's)")
	return cmd
}

func (p *program) printStake(ctx context.Context, w *eth.Wallet, who polls.Wallet) error {
	stake, owed, err := w.StakeNow(ctx, rewards.Address(who))
	if err != nil {
		return err
	}
	info := w.Info()
	err = p.printf("%s has %s %s at stake, of which %s counts.\n", who, inTokens(info, stake.Staked), info.Symbol, inTokens(info, stake.Counts()))
	if stake.Case != 0 {
		err = errors.Join(err, p.printf("Case %d of the contract freezes it.\n", stake.Case))
	}
	if stake.Asked.Sign() > 0 {
		err = errors.Join(err, p.printf("%s can be taken from %s on, with tasknet stake unlock.\n", inTokens(info, stake.Asked), stake.ReadyAt.Local().Format(time.DateTime)))
	}
	if owed.Sign() > 0 {
		err = errors.Join(err, p.printf("%s of others' stakes waits, for tasknet stake collect.\n", inTokens(info, owed)))
	}
	return err
}

// inTokens writes base units in tokens, where an amount holds them.
func inTokens(info rewards.ChainInfo, base *big.Int) string {
	amount, err := info.Amount(base)
	if err != nil {
		return base.String() + " base units of"
	}
	return amount.String()
}

func (p *program) stakeCases() *cobra.Command {
	var r remote
	asJSON := false
	cmd := &cobra.Command{
		Use: "cases", Short: "List cases about stakes", Args: cobra.NoArgs, Example: "  tasknet stake cases",
		Long: `List the cases that a server has prepared about stakes, with what became of them. tasknet
verify recomputes that each follows from the check of a settled job, and for whom and how much
it asks.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := r.client(0)
			if err != nil {
				return err
			}
			all, err := listed(c.StakeCases(cmd.Context()))
			if err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(all)
			}
			if len(all) == 0 {
				return p.printf("There are no cases.\n")
			}
			for _, one := range all {
				if err := p.printf("%d  %-9s  %s  %s of %s, part %d of %s\n", one.Number, one.State, one.At.Local().Format(time.DateTime), one.Amount, one.Staker, one.Part, one.Job); err != nil {
					return err
				}
			}
			return nil
		},
	}
	r.flags(cmd, defaultServer)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// Errors of who decides cases.
var (
	errCaseTaken   = tasknet.NewError(tasknet.Conflict, "case_taken", "The stake was slashed for this before; that is done once.")
	errCaseNotOpen = tasknet.NewError(tasknet.Conflict, "case_not_open", "No such case is open in the contract; tasknet stake freeze opens one.")
	errOtherStake  = tasknet.NewError(tasknet.Invalid, "other_stake", "The case is about a stake in another contract than --stake.")
	errNothingLeft = tasknet.NewError(tasknet.Conflict, "stake_gone", "The case can take nothing of the stake, which is too small; dismiss it.")
)

// deciding is a court that decides a case of a server's.
type deciding struct {
	staking
	remote
}

// command is what freeze, slash and dismiss have in common. do gets the case, and what the contract has of it by the newest block.
func (d *deciding) command(p *program, use, short, long string, do func(context.Context, *eth.Wallet, rewards.StakeCase, eth.CaseSoFar) error) *cobra.Command {
	cmd := &cobra.Command{
		Use: use + " CASE", Short: short, Long: long, Args: cobra.ExactArgs(1),
		Example: "  tasknet stake " + use + " 3 --key-file court.key --rpc http://127.0.0.1:8545 --vault 0x... --stake 0x...",
		RunE: func(cmd *cobra.Command, args []string) error {
			number, ok := new(big.Int).SetString(args[0], 10)
			if !ok || number.Sign() <= 0 || !number.IsInt64() {
				return usagef("CASE is the number of a case, 1 or more, not %q", args[0])
			}
			c, err := d.client(0)
			if err != nil {
				return err
			}
			said, err := c.StakeCase(cmd.Context(), number.Int64())
			if err != nil {
				return err
			}
			one, err := client.StakeCaseOf(said)
			if err != nil {
				return err
			}
			return d.staking.does(cmd.Context(), p, func(w *eth.Wallet) error {
				if w.Info().Stake.Contract != one.Contract {
					return errOtherStake
				}
				now, err := w.CaseNow(cmd.Context(), one.Staker, one.Evidence)
				if err == nil && now.Taken {
					err = errCaseTaken
				}
				if err != nil {
					return err
				}
				return do(cmd.Context(), w, one, now)
			})
		},
	}
	d.staking.flags(cmd, "the court's", false)
	d.remote.flags(cmd, defaultServer)
	return cmd
}

func (p *program) stakeFreeze() *cobra.Command {
	var d deciding
	return d.command(p, "freeze", "Open a case, as the court: the stake is frozen", `Open a case in the contract of stakes. From then on the stake cannot be taken back and does not
count, until the case is slashed or dismissed, or its time is over.`,
		func(ctx context.Context, w *eth.Wallet, c rewards.StakeCase, now eth.CaseSoFar) error {
			if now.Open {
				return p.printf("It is frozen already, until %s.\n", now.Until.Local().Format(time.DateTime))
			}
			if _, err := w.OpenCase(ctx, c.Staker, c.Evidence); err != nil {
				return err
			}
			now, err := w.CaseNow(ctx, c.Staker, c.Evidence)
			if err != nil {
				return err
			}
			return p.printf("The stake of %s is frozen until %s. Slash it, or dismiss the case.\n", polls.Wallet(c.Staker), now.Until.Local().Format(time.DateTime))
		})
}

func (p *program) stakeSlash() *cobra.Command {
	var d deciding
	return d.command(p, "slash", "Take what a case asks for, as the court", `Take what a case asks for, up to the share that the contract lets a case take, and award it: half
to the harmed organisation, half to the owners who did the part rightly. It opens the case
first if it is not open. Let "tasknet verify" recompute the case before, and look at the
outputs that its check has compared: what is taken does not come back.`,
		func(ctx context.Context, w *eth.Wallet, c rewards.StakeCase, now eth.CaseSoFar) error {
			if !now.Open {
				if _, err := w.OpenCase(ctx, c.Staker, c.Evidence); err != nil {
					return err
				}
				var err error
				if now, err = w.CaseNow(ctx, c.Staker, c.Evidence); err != nil {
					return err
				}
			}
			amount := c.Takes(w.Info(), now.Most)
			if amount.Sign() == 0 {
				return errNothingLeft
			}
			mined, err := w.Slash(ctx, now.ID, c.Evidence, c.Shares(amount))
			if err != nil {
				return err
			}
			err = p.printf("%s %s of %s are taken, by transaction 0x%x:\n", inTokens(w.Info(), amount), w.Info().Symbol, polls.Wallet(c.Staker), mined.Tx)
			for _, s := range c.Shares(amount) {
				err = errors.Join(err, p.printf("  %s for %s\n", inTokens(w.Info(), s.Amount), polls.Wallet(s.To)))
			}
			return err
		})
}

func (p *program) stakeDismiss() *cobra.Command {
	var d deciding
	return d.command(p, "dismiss", "Close a case with nothing taken, as the court", "Close a case that is open with nothing taken.",
		func(ctx context.Context, w *eth.Wallet, c rewards.StakeCase, now eth.CaseSoFar) error {
			if !now.Open {
				return errCaseNotOpen
			}
			mined, err := w.Dismiss(ctx, now.ID)
			if err != nil {
				return err
			}
			return p.printf("The case is dismissed, by transaction 0x%x; the stake of %s is its own again.\n", mined.Tx, polls.Wallet(c.Staker))
		})
}
