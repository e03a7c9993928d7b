package main

import (
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
)

const aboutVault = `The vault is the contract that holds deposits and pays claims. The development chain
makes its own; on any other chain the operator deploys one, once, and tells it to
tasknet serve as CHAIN_VAULT.

  tasknet vault deploy          makes one
  tasknet vault mint            makes test tokens, for a vault of test tokens
  tasknet vault deposit         deposits tokens that pay for questions
  tasknet vault bond            puts up the bond, of who posts roots or blocks them
  tasknet vault watch           recomputes each root, and blocks a wrong one
  tasknet vault judge           decides about a blocked root, as the adjudicator
  tasknet vault post-again      has the server post a root again that was voided
  tasknet vault offer-poster    gives the place of who posts roots to another key
  tasknet vault accept-poster   takes it
  tasknet vault recover-poster  names another, as the adjudicator, when the poster is gone`

const aboutVaultDeploy = `Deploy a vault for a token, and wait until it is confirmed. The key in --key-file (64
hex digits or a keystore, mode 600) pays for it, and is from then on the one that posts
payout roots to it, so keep a copy. Give the same file to tasknet serve as CHAIN_KEY_FILE.
The variables by which tasknet serve takes a key work here too: CHAIN_KEY_PASSPHRASE_FILE,
CHAIN_KEY, CHAIN_KEY_SIGNER with CHAIN_KEY_ACCOUNT.

With --delay a root takes effect only after that time, in which anybody who has put up
the --bond can block it; then the --adjudicator decides within the time of --judgement,
and its silence voids the root. The poster puts up the bond with tasknet vault bond.
A requester takes out what is not spent after --notice, which is three delays and two
judgements at least: so long can watchers hold up what it has spent. None of this can be
changed later.

Without --token it first makes a test token, which the same key can mint at will (tasknet
vault mint): for test chains only.`

// deployed is what vault deploy prints for programs.
type deployed struct {
	Vault string `json:"vault"`
	Token string `json:"token"`
	Block int64  `json:"block"`
}

func (p *program) vault() *cobra.Command {
	cmd := &cobra.Command{
		Use: "vault", Short: "Deploy the contract that pays, and look after it", Long: aboutVault, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.vaultDeploy(), p.vaultMint(), p.vaultDeposit(), p.vaultBond(), p.vaultWatch(), p.vaultPostAgain(),
		p.vaultJudge(), p.vaultOfferPoster(), p.vaultAcceptPoster(), p.vaultRecoverPoster())
	return cmd
}

func (p *program) vaultDeploy() *cobra.Command {
	var cfg eth.Config
	var terms eth.Terms
	token, adjudicator, bond, asJSON := "", "", "0", false
	cmd := &cobra.Command{
		Use: "deploy", Short: "Deploy a vault", Long: aboutVaultDeploy, Args: cobra.NoArgs,
		Example: "  tasknet vault deploy --rpc http://127.0.0.1:8545 --key-file poster.key --token 0x...",
		RunE: func(cmd *cobra.Command, _ []string) error {
			key, err := keyFromEnv("CHAIN_KEY")
			if err != nil {
				return err
			}
			key.File = cfg.Key.File
			if cfg.Key = key; cfg.URL == "" || cfg.Key == (eth.Key{}) {
				return usagef("name a node with --rpc, and a file with the key with --key-file")
			}
			for _, of := range []struct {
				flag, text string
				address    *rewards.Address
			}{{"token", token, &terms.Token}, {"adjudicator", adjudicator, &terms.Adjudicator}} {
				if of.text == "" {
					continue
				}
				address, err := polls.ParseWallet(of.text)
				if err != nil {
					return usagef("--%s is the %s's address, 0x and 40 hex digits", of.flag, of.flag)
				}
				*of.address = rewards.Address(address)
			}
			if terms.Bond, err = baseUnits("bond", bond); err != nil {
				return err
			}
			if cfg.Confirmations, err = confirmations(cmd.Context(), cfg.Confirmations, cfg.URL); err != nil {
				return err
			}
			cfg.Progress = p.sending()
			cfg.Log = slog.New(slog.NewTextHandler(p.err, nil))
			d, err := eth.Deploy(cmd.Context(), cfg, terms)
			if err != nil {
				return err
			}
			out := deployed{polls.Wallet(d.Vault).String(), polls.Wallet(d.Token).String(), d.Mined.Block}
			if asJSON {
				return p.printJSON(out)
			}
			if err := p.printf("The vault is in block %d, for the token %s.\nCHAIN_VAULT=%s\n", out.Block, out.Token, out.Vault); err != nil || token != "" {
				return err
			}
			return p.printf("The token is a test token, which this key makes: %[1]s vault mint 1000 --vault %[2]s\n%[1]s vault deposit puts it into the vault.\n", p.name, out.Vault)
		},
	}
	f := cmd.Flags()
	f.StringVar(&cfg.URL, "rpc", "", "JSON-RPC address of a node of the chain")
	env(f, "rpc", "CHAIN_RPC_URL")
	f.StringVar(&cfg.Key.File, "key-file", "", "file with the key that pays, and that posts roots later")
	env(f, "key-file", "CHAIN_KEY_FILE")
	f.StringVar(&token, "token", "", "address of the token that answers are paid in (default: makes a test token)")
	f.StringVar(&adjudicator, "adjudicator", "", "address of who decides about blocked roots: a court contract or a multisig, not the poster")
	f.DurationVar(&terms.Delay, "delay", 0, "time until a posted root takes effect (default: at once, and nobody can block it)")
	f.DurationVar(&terms.Judgement, "judgement", 0, "time that the adjudicator has")
	f.DurationVar(&terms.Notice, "notice", 7*24*time.Hour, "time before a requester's withdrawal; at least three delays and two judgements")
	f.StringVar(&bond, "bond", "0", "what the poster, and who blocks a root, each put at stake, in the token's base units")
	f.IntVar(&cfg.Confirmations, "confirmations", 0, "blocks on top of the vault's to wait for (default: 2 on a development chain, else 12)")
	env(f, "confirmations", "CHAIN_CONFIRMATIONS")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
