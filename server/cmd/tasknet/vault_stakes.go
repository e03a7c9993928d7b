package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
	"github.com/tasknet/tasknet/server/store"
)

// acting is a key that does something with a vault.
type acting struct {
	rpc, vault    string
	key           eth.Key
	confirmations int
}

func (a *acting) flags(cmd *cobra.Command, whose string) {
	f := cmd.Flags()
	f.StringVar(&a.rpc, "rpc", "", "JSON-RPC address of a node of the chain")
	env(f, "rpc", "CHAIN_RPC_URL")
	f.StringVar(&a.vault, "vault", "", "the vault's address")
	env(f, "vault", "CHAIN_VAULT")
	f.StringVar(&a.key.File, "key-file", "", "file with "+whose+" key, mode 600")
	env(f, "key-file", "CHAIN_KEY_FILE")
	f.IntVar(&a.confirmations, "confirmations", 0, "blocks on top of a transaction to wait for (default: 2 on a development chain, else 12)")
	env(f, "confirmations", "CHAIN_CONFIRMATIONS")
}

func (a *acting) open(ctx context.Context, p *program) (*eth.Wallet, error) {
	key, err := keyFromEnv("CHAIN_KEY")
	if err != nil {
		return nil, err
	}
	key.File = a.key.File
	vault, err := polls.ParseWallet(a.vault)
	if a.rpc == "" || key == (eth.Key{}) || err != nil {
		return nil, usagef("name a node with --rpc, a file with the key with --key-file, and the vault's address with --vault")
	}
	depth, err := confirmations(ctx, a.confirmations, a.rpc)
	if err != nil {
		return nil, err
	}
	return eth.OpenWallet(ctx, eth.ViewConfig{URL: a.rpc, Vault: rewards.Address(vault), Confirmations: depth, Progress: p.sending()}, key)
}

// does opens the wallet, does something with it, and lets go of it.
func (a *acting) does(ctx context.Context, p *program, do func(*eth.Wallet) error) error {
	w, err := a.open(ctx, p)
	if err != nil {
		return err
	}
	return errors.Join(do(w), w.Close())
}

const aboutVaultBond = `Put tokens at stake for the payout roots that the key in --key-file posts, or blocks. The
vault takes no root, and no objection to one, while less than its bond is at stake. Who
blocks a root that is judged wrong gets half of the poster's bond, and the poster of one
that is judged good half of the watcher's; the other half is the adjudicator's.`

func (p *program) vaultBond() *cobra.Command {
	var a acting
	take := false
	cmd := &cobra.Command{
		Use: "bond BASE_UNITS", Short: "Put up the bond for payout roots, or take it back", Long: aboutVaultBond, Args: cobra.ExactArgs(1),
		Example: "  tasknet vault bond 1000000000 --rpc http://127.0.0.1:8545 --key-file poster.key --vault 0x...",
		RunE: func(cmd *cobra.Command, args []string) error {
			amount, err := baseUnits("bond", args[0])
			if err != nil {
				return err
			}
			return a.does(cmd.Context(), p, func(w *eth.Wallet) error {
				if take {
					mined, err := w.TakeBond(cmd.Context(), amount)
					if err != nil {
						return err
					}
					return p.printf("%s base units are back since block %d.\n", amount, mined.Block)
				}
				mined, err := w.PutBond(cmd.Context(), amount)
				if err != nil {
					return err
				}
				return p.printf("%s base units are at stake since block %d.\n", amount, mined.Block)
			})
		},
	}
	a.flags(cmd, "the poster's or watcher's")
	cmd.Flags().BoolVar(&take, "take", false, "take so much back that is not at stake for a root which waits")
	return cmd
}

const aboutVaultPostAgain = `Have the server build the root of an epoch anew and post it again. A root that was judged
wrong, or that nobody judged in time, is void; the server posts it again only when it is
told to, because a wrong one costs the poster's bond each time, and what it pays out is
fixed in the ledger. Look at the evidence in the watcher's transaction first, and let
"tasknet verify" recompute the records. Until then people claim under the root before.

It writes to the database, and may run beside the server: give the same --data, or
DATABASE_URL.`

func (p *program) vaultPostAgain() *cobra.Command {
	var s server
	cmd := &cobra.Command{
		Use: "post-again EPOCH", Short: "Have a voided payout root posted again", Long: aboutVaultPostAgain, Args: cobra.ExactArgs(1),
		Example: "  tasknet vault post-again 12 --data ~/tasknet",
		RunE: func(cmd *cobra.Command, args []string) error {
			number, err := epochNumber(args[0])
			if err != nil {
				return err
			}
			db, err := p.openDatabase(cmd.Context(), &s)
			if err != nil {
				return err
			}
			if err := errors.Join(rewards.PostAgain(cmd.Context(), db.Rewards(), number), db.Close()); err != nil {
				return err
			}
			return p.printf("The server builds the root of epoch %d anew and posts it.\n", number)
		},
	}
	s.dataFlags(cmd)
	return cmd
}

func epochNumber(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return 0, usagef("EPOCH is the number of an epoch, 1 or more, not %q", text)
	}
	return n, nil
}

func (p *program) vaultJudge() *cobra.Command {
	var a acting
	cmd := &cobra.Command{
		Use: "judge EPOCH good|bad", Short: "Decide about a blocked root, as the adjudicator", Args: cobra.ExactArgs(2),
		Long: `Decide about a root that a watcher has blocked: a good one is in force at once, a bad one
is void. The key in --key-file is the adjudicator's; where that is a multisig or a court
contract, it calls judge(epoch, rootIsGood) itself.`,
		Example: "  tasknet vault judge 12 bad --rpc http://127.0.0.1:8545 --key-file adjudicator.key --vault 0x...",
		RunE: func(cmd *cobra.Command, args []string) error {
			number, err := epochNumber(args[0])
			if err != nil {
				return err
			}
			if args[1] != "good" && args[1] != "bad" {
				return usagef("a root is good or bad, not %q", args[1])
			}
			return a.does(cmd.Context(), p, func(w *eth.Wallet) error {
				mined, err := w.Judge(cmd.Context(), number, args[1] == "good")
				if err != nil {
					return err
				}
				return p.printf("The root of epoch %d is judged %s, by transaction 0x%x.\n", number, args[1], mined.Tx)
			})
		},
	}
	a.flags(cmd, "the adjudicator's")
	return cmd
}

const aboutVaultOfferPoster = `Give the place of who posts roots to another key, without stopping the server:

  1. make the new key, and send its address the coin for gas, and the bond
  2. tasknet vault bond          with the new key, when the vault has a bond
  3. tasknet vault offer-poster  with the old key, naming the new one's address
  4. tasknet vault accept-poster with the new key, while no root waits
  5. move the new key's file to the place of the old one's (CHAIN_KEY_FILE)
  6. tasknet vault bond --take   with the old key

Between 4 and 5 the server cannot post, says so in /readyz, and tries again; it takes up
the file by itself. A key that is not in a file needs a restart in place of 5. The zero
address takes an offer back.`

func (p *program) vaultOfferPoster() *cobra.Command {
	var a acting
	cmd := &cobra.Command{
		Use: "offer-poster ADDRESS", Short: "Give the place of who posts roots to another key", Long: aboutVaultOfferPoster, Args: cobra.ExactArgs(1),
		Example: "  tasknet vault offer-poster 0x... --rpc http://127.0.0.1:8545 --key-file old.key --vault 0x...",
		RunE: func(cmd *cobra.Command, args []string) error {
			next, err := polls.ParseWallet(args[0])
			if err != nil {
				return usagef("ADDRESS is an address, 0x and 40 hex digits")
			}
			return a.does(cmd.Context(), p, func(w *eth.Wallet) error {
				if _, err := w.OfferPoster(cmd.Context(), rewards.Address(next)); err != nil {
					return err
				}
				return p.printf("The place is offered to %s, which takes it with tasknet vault accept-poster.\n", next)
			})
		},
	}
	a.flags(cmd, "the poster's")
	return cmd
}

func (p *program) vaultAcceptPoster() *cobra.Command {
	var a acting
	cmd := &cobra.Command{
		Use: "accept-poster", Short: "Take the place of who posts roots, which was offered", Long: aboutVaultOfferPoster, Args: cobra.NoArgs,
		Example: "  tasknet vault accept-poster --rpc http://127.0.0.1:8545 --key-file new.key --vault 0x...",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.does(cmd.Context(), p, func(w *eth.Wallet) error {
				if _, err := w.AcceptPoster(cmd.Context()); err != nil {
					return err
				}
				return p.printf("The vault takes roots from %s now. Give its key to the server (CHAIN_KEY_FILE).\n", polls.Wallet(w.Address()))
			})
		},
	}
	a.flags(cmd, "the new poster's")
	return cmd
}

func (p *program) vaultRecoverPoster() *cobra.Command {
	var a acting
	cmd := &cobra.Command{
		Use: "recover-poster ADDRESS", Short: "Name another poster, as the adjudicator, when the poster is gone", Args: cobra.ExactArgs(1),
		Long: `Name another account that posts roots, when the poster's key is lost. Only the adjudicator
can, and only when no root was posted for as long as the vault's notice. Where it is a
multisig or a court contract, it calls recoverPoster(next) itself.`,
		Example: "  tasknet vault recover-poster 0x... --rpc http://127.0.0.1:8545 --key-file adjudicator.key --vault 0x...",
		RunE: func(cmd *cobra.Command, args []string) error {
			next, err := polls.ParseWallet(args[0])
			if err != nil {
				return usagef("ADDRESS is an address, 0x and 40 hex digits")
			}
			return a.does(cmd.Context(), p, func(w *eth.Wallet) error {
				if _, err := w.RecoverPoster(cmd.Context(), rewards.Address(next)); err != nil {
					return err
				}
				return p.printf("The vault takes roots from %s now.\n", next)
			})
		},
	}
	a.flags(cmd, "the adjudicator's")
	return cmd
}

// openDatabase opens the database of a server that may be running, as it is: bringing it up to date is not for commands that
// do something else.
func (p *program) openDatabase(ctx context.Context, s *server) (*store.DB, error) {
	cfg, err := s.database()
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(cfg.Path); cfg.URL == "" && errors.Is(err, fs.ErrNotExist) {
		return nil, usagef("there is no database at %s; give the server's folder with --data or DATA, or its PostgreSQL with DATABASE_URL", cfg.Path)
	}
	current, newest, err := store.Version(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if current != newest {
		return nil, usagef("the schema is at version %d and this program knows version %d; run %s migrate up first", current, newest, p.name)
	}
	return store.Open(ctx, cfg)
}
