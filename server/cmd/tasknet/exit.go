package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
	"github.com/tasknet/tasknet/rewards/merkle"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

const aboutExit = `Take what is yours out of a vault, with the operator gone for good: from files that anybody
can keep, a node of the chain, and your key.

  tasknet exit save       keeps the public files of the newest epochs, while there is a server,
                          or takes that of the newest out of a bundle
  tasknet exit claim      pays a respondent what the root in force gives
  tasknet exit notice     says that a requester will take its money back
  tasknet exit withdraw   takes it back, when the notice is over

The files are what GET /v1/records/epochs/N/tree gives, one epoch each, named epoch-N.json.
They need not be believed: the vault takes only what its root in force proves. Beside them is
exit.html, a page that does the same in a browser, with its wallet or without.`

func (p *program) exit() *cobra.Command {
	cmd := &cobra.Command{
		Use: "exit", Short: "Take your money out of a vault without its operator", Long: aboutExit, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.exitSave(), p.exitClaim(), p.exitNotice(), p.exitWithdraw())
	return cmd
}

// exiting is what the commands of exit share.
type exiting struct {
	rpc, vault, keyFile, records string
	confirmations                int
}

func (x *exiting) flags(cmd *cobra.Command, records bool) {
	f := cmd.Flags()
	f.StringVar(&x.rpc, "rpc", "", "JSON-RPC address of a node of the chain")
	env(f, "rpc", "CHAIN_RPC_URL")
	f.StringVar(&x.vault, "vault", "", "the vault's address")
	env(f, "vault", "CHAIN_VAULT")
	f.StringVar(&x.keyFile, "key-file", "", "file with your key, 64 hex digits, mode 600; it pays the gas")
	f.IntVar(&x.confirmations, "confirmations", 1, "blocks on top of a transaction to wait for")
	if records {
		f.StringVar(&x.records, "records", "records", "folder with epoch-N.json files")
	}
}

func (x *exiting) open(ctx context.Context, p *program) (*eth.Wallet, error) {
	vault, err := polls.ParseWallet(x.vault)
	if x.rpc == "" || x.keyFile == "" || err != nil {
		return nil, usagef("name a node with --rpc, the vault's address with --vault, and a file with your key with --key-file")
	}
	return eth.OpenWallet(ctx, eth.ViewConfig{URL: x.rpc, Vault: rewards.Address(vault), Confirmations: x.confirmations, Progress: p.sending()}, eth.Key{File: x.keyFile})
}

// errNoTree reports a folder without the epoch that is in force.
var errNoTree = errors.New("no file in the folder is of the root that is in force; get newer ones (tasknet exit save, or from whoever keeps them)")

// inForce reads the file of the root that is in force.
func (x *exiting) inForce(ctx context.Context, w *eth.Wallet) (wire.EpochTree, rewards.Header, error) {
	roots, err := w.Roots(ctx)
	if err != nil {
		return wire.EpochTree{}, rewards.Header{}, err
	}
	if roots.Epoch == 0 {
		return wire.EpochTree{}, rewards.Header{}, nil
	}
	if _, err := os.Stat(x.records); errors.Is(err, os.ErrNotExist) {
		return wire.EpochTree{}, rewards.Header{}, usagef("there is no folder %s; name the one with the epoch-N.json files with --records", x.records)
	}
	text, err := os.ReadFile(filepath.Join(x.records, fmt.Sprintf("epoch-%d.json", roots.Epoch)))
	if errors.Is(err, os.ErrNotExist) {
		return wire.EpochTree{}, rewards.Header{}, fmt.Errorf("%w (it is of epoch %d)", errNoTree, roots.Epoch)
	} else if err != nil {
		return wire.EpochTree{}, rewards.Header{}, err
	}
	var tree wire.EpochTree
	if err := json.Unmarshal(text, &tree); err != nil {
		return tree, rewards.Header{}, usagef("epoch-%d.json: %v", roots.Epoch, err)
	}
	header, err := headerOf(tree.Epoch)
	if err != nil {
		return tree, header, err
	}
	if hash := header.Hash(); hash != roots.Header {
		return tree, header, fmt.Errorf("%w: the header in epoch-%d.json is %x, the vault's is %x", errNoTree, roots.Epoch, hash, roots.Header)
	}
	return tree, header, nil
}

// headerOf is client.EpochHeader of what somebody has given.
func headerOf(e wire.Epoch) (rewards.Header, error) {
	h, err := client.EpochHeader(e)
	if err != nil {
		return h, usagef("%v", err)
	}
	return h, nil
}

func (p *program) exitClaim() *cobra.Command {
	var x exiting
	of := ""
	cmd := &cobra.Command{
		Use: "claim", Short: "Claim what the root in force gives an address", Args: cobra.NoArgs,
		Long: `Claim what the root in force gives an address. The money goes to that address, whoever
sends the claim; by default it is that of your key.`,
		Example: "  tasknet exit claim --records records --rpc http://127.0.0.1:8545 --vault 0x... --key-file mine.key",
		RunE: func(cmd *cobra.Command, _ []string) error {
			w, err := x.open(cmd.Context(), p)
			if err != nil {
				return err
			}
			defer w.Close()
			who := polls.Wallet(w.Address())
			if of != "" {
				if who, err = polls.ParseWallet(of); err != nil {
					return usagef("--address is an address, 0x and 40 hex digits")
				}
			}
			tree, header, err := x.inForce(cmd.Context(), w)
			if err != nil {
				return err
			}
			leaves := make([]merkle.Leaf, len(tree.Payouts))
			at := -1
			for i, l := range tree.Payouts {
				address, err := polls.ParseWallet(l.Address)
				if err != nil {
					return usagef("the file of epoch %d: %v", header.Epoch, err)
				}
				if leaves[i] = (merkle.Leaf{Address: address, Cumulative: w.Info().Base(l.Cumulative)}); address == who {
					at = i
				}
			}
			if at < 0 {
				return fmt.Errorf("the root in force has nothing for %s", who)
			}
			payouts, err := merkle.New(leaves)
			if err != nil || payouts.Root() != header.Payouts {
				return fmt.Errorf("the leaves in the file of epoch %d are not those of its root: get it anew (%w)", header.Epoch, errors.Join(errNoTree, err))
			}
			mined, err := w.ClaimOne(cmd.Context(), header, leaves[at], payouts.Proof(at))
			if err != nil {
				return err
			}
			return p.printf("%s has been paid %s %s in all, by transaction 0x%x.\n", who, tree.Payouts[at].Cumulative, w.Info().Symbol, mined.Tx)
		},
	}
	x.flags(cmd, true)
	cmd.Flags().StringVar(&of, "address", "", "whose claim it is (default: your key's)")
	return cmd
}

func (p *program) exitNotice() *cobra.Command {
	var x exiting
	cancel := false
	cmd := &cobra.Command{
		Use: "notice", Short: "Say that you will take back what is not spent of your deposits", Args: cobra.NoArgs,
		Long: `Say that you will take back what is not spent of what you deposited for an organisation.
From then on its server takes no new questions for that money, and closes open ones that
nothing else pays for, with the answers that they have. The notice ends by the withdrawal,
or with --cancel.`,
		Example: "  tasknet exit notice --reference org_... --rpc http://127.0.0.1:8545 --vault 0x... --key-file mine.key",
	}
	x.flags(cmd, false)
	cmd.Flags().BoolVar(&cancel, "cancel", false, "take the notice back")
	x.ofOwner(cmd, p, func(ctx context.Context, w *eth.Wallet, reference [32]byte) error {
		if since, err := w.Since(ctx, reference); err != nil {
			return err
		} else if since == 0 {
			return fmt.Errorf("%s has no deposits under this reference: the account is another's, whose key gives notice", polls.Wallet(w.Address()))
		}
		until, given, err := w.NoticeUntil(ctx, reference)
		switch {
		case err != nil:
			return err
		case cancel && !given:
			return errors.New("no notice is given")
		case given && !cancel:
			return fmt.Errorf("the notice is given, and over from %s on: withdraw then, or take it back with --cancel", until.Local().Format(time.DateTime))
		case cancel:
			if _, err := w.CancelNotice(ctx, reference); err != nil {
				return err
			}
			return p.printf("The notice is cancelled.\n")
		}
		if _, until, err = w.GiveNotice(ctx, reference); err != nil {
			return err
		}
		return p.printf("Notice is given; withdraw from %s on.\n", until.Local().Format(time.DateTime))
	})
	return cmd
}

func (p *program) exitWithdraw() *cobra.Command {
	var x exiting
	to := ""
	cmd := &cobra.Command{
		Use: "withdraw", Short: "Take back what is not spent of your deposits", Args: cobra.NoArgs,
		Long: `Take back what the root in force does not prove spent of what you deposited for an
organisation, when your notice is over.`,
		Example: "  tasknet exit withdraw --reference org_... --records records --rpc http://127.0.0.1:8545 --vault 0x... --key-file mine.key",
	}
	x.flags(cmd, true)
	cmd.Flags().StringVar(&to, "to", "", "who gets the money (default: your key's address)")
	x.ofOwner(cmd, p, func(ctx context.Context, w *eth.Wallet, reference [32]byte) (err error) {
		receiver := polls.Wallet(w.Address())
		if to != "" {
			if receiver, err = polls.ParseWallet(to); err != nil {
				return usagef("--to is an address, 0x and 40 hex digits")
			}
		}
		header, spent, proof, err := x.spentOf(ctx, w, reference)
		if err != nil {
			return err
		}
		if err := p.noticeIsOver(ctx, w, reference); err != nil {
			return err
		}
		mined, err := w.Withdraw(ctx, header, reference, spent, proof, rewards.Address(receiver))
		if err != nil {
			return err
		}
		return p.printf("What was left is withdrawn to %s, by transaction 0x%x.\n", receiver, mined.Tx)
	})
	return cmd
}

// noticeIsOver waits while a notice is over by the clock and not by the chain, whose time is that of its newest block. It fails
// when the clock is before the notice's end.
func (p *program) noticeIsOver(ctx context.Context, w *eth.Wallet, reference [32]byte) error {
	until, given, err := w.NoticeUntil(ctx, reference)
	if err != nil || !given {
		return err // the vault says that none was given
	}
	now, err := w.Time(ctx)
	if err != nil || !now.Before(until) {
		return err
	}
	if time.Now().Before(until) {
		return fmt.Errorf("the notice is given, and over from %s on; withdraw then", until.Local().Format(time.DateTime))
	}
	_, _ = fmt.Fprintln(p.err, "The notice is over by the clock, but not by the chain's newest block; waiting for the next.")
	return w.AwaitTime(ctx, until)
}

// ofOwner has a command do something with the deposits of the key's owner that name somebody.
func (x *exiting) ofOwner(cmd *cobra.Command, p *program, do func(ctx context.Context, w *eth.Wallet, reference [32]byte) error) {
	ref := ""
	cmd.Flags().StringVar(&ref, "reference", "", "whom the deposits named: an organisation's id, or 32 bytes in hex")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		reference, err := referenceOf(ref)
		if err != nil {
			return err
		}
		w, err := x.open(cmd.Context(), p)
		if err != nil {
			return err
		}
		defer w.Close()
		return do(cmd.Context(), w, reference)
	}
}

// spentOf returns the leaf of the wallet's account under a reference, and its proof. An account that is younger than the
// root in force has none: nothing of it is spent.
func (x *exiting) spentOf(ctx context.Context, w *eth.Wallet, reference [32]byte) (h rewards.Header, spent *big.Int, proof [][32]byte, err error) {
	since, err := w.Since(ctx, reference)
	if err != nil {
		return h, nil, nil, err
	}
	tree, h, err := x.inForce(ctx, w)
	if err != nil {
		return h, nil, nil, err
	}
	if h.Epoch == 0 || since > h.Through {
		return h, new(big.Int), nil, nil
	}
	accounts := make([]rewards.VaultAccount, len(tree.Accounts))
	for i, a := range tree.Accounts {
		key, err := hex.DecodeString(a.Account)
		if err != nil || len(key) != 32 {
			return h, nil, nil, usagef("the file of epoch %d: account %q is not 32 bytes in hex", h.Epoch, a.Account)
		}
		accounts[i] = rewards.VaultAccount{Key: rewards.Hash(key), Spent: a.Spent}
	}
	spending, err := rewards.SpendingTree(accounts, w.Info())
	if err != nil || spending.Root() != h.Spending {
		return h, nil, nil, fmt.Errorf("the accounts in the file of epoch %d are not those of its root: get it anew (%w)", h.Epoch, errors.Join(errNoTree, err))
	}
	mine := rewards.AccountOf(w.Address(), reference)
	at := slices.IndexFunc(accounts, func(a rewards.VaultAccount) bool { return a.Key == mine })
	if at < 0 {
		return h, nil, nil, fmt.Errorf("%w: the root in force has no account of %s under this reference", eth.ErrNothing, polls.Wallet(w.Address()))
	}
	return h, w.Info().Base(accounts[at].Spent), spending.Proof(at), nil
}

// referenceOf reads an organisation's id, or 32 bytes in hex.
func referenceOf(text string) (ref [32]byte, err error) {
	if raw, err := hex.DecodeString(strings.TrimPrefix(text, "0x")); err == nil && len(raw) == len(ref) {
		return [32]byte(raw), nil
	}
	if !strings.HasPrefix(text, polls.OrgPrefix+"_") || len(text) > len(ref) {
		return ref, usagef("--reference is an organisation's id, org_..., or 32 bytes in hex")
	}
	return rewards.Reference(text), nil
}
