package main

import (
	"math/big"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
)

const aboutVaultMint = `Make test tokens. It works only where the vault's token is the test token that tasknet
vault deploy makes when no --token is named, and only with the key that deployed it; on
the development chain with the file chain/keys/minter in the server's data folder.

Deposit them with tasknet vault deposit, and they pay for questions.`

func (p *program) vaultMint() *cobra.Command {
	var a acting
	to := ""
	cmd := &cobra.Command{
		Use: "mint AMOUNT", Short: "Make test tokens, on a test chain", Long: aboutVaultMint, Args: cobra.ExactArgs(1),
		Example: "  tasknet vault mint 1000 --rpc http://127.0.0.1:8545 --key-file poster.key --vault 0x...",
		RunE: func(cmd *cobra.Command, args []string) error {
			amount, err := tokens(args[0])
			if err != nil {
				return err
			}
			var receiver polls.Wallet
			if to != "" {
				if receiver, err = polls.ParseWallet(to); err != nil {
					return usagef("--to is an address, 0x and 40 hex digits")
				}
			}
			return a.does(cmd.Context(), p, func(w *eth.Wallet) error {
				if to == "" {
					receiver = polls.Wallet(w.Address())
				}
				mined, err := w.Mint(cmd.Context(), rewards.Address(receiver), w.Info().Base(amount))
				if err != nil {
					return err
				}
				return p.printf("%s has %s %s more since block %d.\n", receiver, amount, w.Info().Symbol, mined.Block)
			})
		},
	}
	a.flags(cmd, "the minter's")
	cmd.Flags().StringVar(&to, "to", "", "who gets them (default: your key's address)")
	return cmd
}

const aboutVaultDeposit = `Deposit tokens of your key for an organisation, to pay for its questions. The key is the
deposit's owner: it alone can take back what is not spent (tasknet exit withdraw). The
server credits the deposit after its confirmations; tasknet deposits tells the reference,
and lists what came.`

func (p *program) vaultDeposit() *cobra.Command {
	var x exiting
	ref := ""
	cmd := &cobra.Command{
		Use: "deposit AMOUNT", Short: "Deposit tokens for an organisation", Long: aboutVaultDeposit, Args: cobra.ExactArgs(1),
		Example: "  tasknet vault deposit 100 --reference org_... --rpc http://127.0.0.1:8545 --vault 0x... --key-file mine.key",
		RunE: func(cmd *cobra.Command, args []string) error {
			amount, err := tokens(args[0])
			if err != nil {
				return err
			}
			reference, err := referenceOf(ref)
			if err != nil {
				return err
			}
			w, err := x.open(cmd.Context(), p)
			if err != nil {
				return err
			}
			defer w.Close()
			mined, err := w.Deposit(cmd.Context(), reference, w.Info().Base(amount))
			if err != nil {
				return err
			}
			return p.printf("%s %s are deposited in block %d, by transaction 0x%x.\n", amount, w.Info().Symbol, mined.Block, mined.Tx)
		},
	}
	x.flags(cmd, false)
	cmd.Flags().StringVar(&ref, "reference", "", "whom it is for: an organisation's id, or 32 bytes in hex")
	return cmd
}

// tokens reads a sum of the vault's token that is more than none.
func tokens(text string) (tasknet.Amount, error) {
	amount, err := tasknet.ParseAmount(text)
	if err == nil && amount.Sign() <= 0 {
		err = usagef("AMOUNT is more than 0 tokens, not %s", text)
	}
	return amount, err
}

// baseUnits reads a sum of a token whose decimals are not known.
func baseUnits(name, text string) (*big.Int, error) {
	n, ok := new(big.Int).SetString(text, 10)
	if !ok || n.Sign() < 0 || n.BitLen() > 96 {
		return nil, usagef("%s is a whole number of the token's base units, not %q", name, text)
	}
	return n, nil
}
