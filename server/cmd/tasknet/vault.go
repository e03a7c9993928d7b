package main

import (
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
)

const aboutVault = `The vault is the contract that holds deposits and pays claims. The development chain
makes its own; on any other chain the operator deploys one, once, and tells it to
tasknet serve as CHAIN_VAULT.`

const aboutVaultDeploy = `Deploy a vault for a token, and wait until it is confirmed. The key in --key-file (64
hex digits, mode 600) pays for it, and is from then on the only one that can post
payout roots to it: it cannot be changed, so keep a copy. Give the same file to
tasknet serve as CHAIN_KEY_FILE.

Without --token it first makes a test token, which the same key can mint at will: for
test chains only.`

// deployed is what vault deploy prints for programs.
type deployed struct {
	Vault string `json:"vault"`
	Token string `json:"token"`
	Block int64  `json:"block"`
}

func (p *program) vault() *cobra.Command {
	cmd := &cobra.Command{
		Use: "vault", Short: "Deploy the contract that pays, on a chain of your choice", Long: aboutVault, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.vaultDeploy())
	return cmd
}

func (p *program) vaultDeploy() *cobra.Command {
	var cfg eth.Config
	token, asJSON := "", false
	cmd := &cobra.Command{
		Use: "deploy", Short: "Deploy a vault", Long: aboutVaultDeploy, Args: cobra.NoArgs,
		Example: "  tasknet vault deploy --rpc http://127.0.0.1:8545 --key-file poster.key --token 0x...",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cfg.URL == "" || cfg.KeyFile == "" {
				return usagef("name a node with --rpc, and a file with the key with --key-file")
			}
			var of polls.Wallet
			if token != "" {
				var err error
				if of, err = polls.ParseWallet(token); err != nil {
					return usagef("--token is the token's address, 0x and 40 hex digits")
				}
			}
			cfg.Log = slog.New(slog.NewTextHandler(p.err, nil))
			d, err := eth.Deploy(cmd.Context(), cfg, rewards.Address(of))
			if err != nil {
				return err
			}
			out := deployed{polls.Wallet(d.Vault).String(), polls.Wallet(d.Token).String(), d.Mined.Block}
			if asJSON {
				return p.printJSON(out)
			}
			return p.printf("The vault is in block %d, for the token %s.\nCHAIN_VAULT=%s\n", out.Block, out.Token, out.Vault)
		},
	}
	f := cmd.Flags()
	f.StringVar(&cfg.URL, "rpc", "", "JSON-RPC address of a node of the chain")
	env(f, "rpc", "CHAIN_RPC_URL")
	f.StringVar(&cfg.KeyFile, "key-file", "", "file with the key that pays, and that posts roots later")
	env(f, "key-file", "CHAIN_KEY_FILE")
	f.StringVar(&token, "token", "", "address of the token that answers are paid in (default: makes a test token)")
	f.IntVar(&cfg.Confirmations, "confirmations", 12, "blocks on top of the vault's to wait for")
	env(f, "confirmations", "CHAIN_CONFIRMATIONS")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
