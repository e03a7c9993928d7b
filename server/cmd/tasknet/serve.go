package main

import (
	"log/slog"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
	"github.com/tasknet/tasknet/server/app"
)

const aboutServe = `Start a server: the API, the web app, and what they need, in one process. Without
settings it keeps everything in a folder of yours, on SQLite and a development
chain with test money, and can be reached from this machine only.

It prints its address, the first API key (once; it is stored hashed) and a line
that asks a question. Ctrl-C stops it within five seconds, and the next start
goes on where it was.

Settings are flags or the environment variables named beside them; flags win.
What is secret is an environment variable or a file only:
  DATABASE_URL      PostgreSQL in place of SQLite: postgres://user:password@host/name
  REDIS_URL         Redis that servers of one database share: redis://user:password@host:6379/0
  CHAIN_RPC_URL     an EVM chain in place of the development chain; several addresses with
                    commas between count by majority
  CHAIN_VAULT       there: address of the vault's contract, see tasknet vault deploy
  CHAIN_ORACLE      there: address at which contracts ask, see tasknet oracle deploy
  CHAIN_STAKE       there: address of the contract of stakes, see tasknet stake deploy
  CHAIN_KEY_FILE    there: file with the key that posts payout roots, in hex or as a
                    keystore (then with CHAIN_KEY_PASSPHRASE_FILE); read again when it changes
  CHAIN_KEY         or: that key itself, in hex
  CHAIN_KEY_SIGNER, CHAIN_KEY_ACCOUNT
                    or: address of clef or web3signer, and the account it signs for
  CHAIN_RELAY_KEY_FILE and so on   there: the key that sends claims (default: the same)
  CHAIN_CONFIRMATIONS    blocks before a transaction counts (default 12; development chain 2)
  CHAIN_MAX_FEE_GWEI     highest price for a unit of gas (default 200); above it nothing is sent
  CHAIN_PUBLIC_RPC  address of a node that the web app may ask, so that phones can compare what
                    this server says with the chain
  CHAIN_DEV_RPC     loopback address at which to serve the development chain as JSON-RPC
  AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION
                    with --artefact-s3: a key that may put, get and delete objects there
  PUSH_VAPID_KEY    private key by which push services know this server, in base64url; servers
                    of one database share one (default: made at the first start)`

func (p *program) serve() *cobra.Command {
	var s server
	cmd := &cobra.Command{
		Use: "serve", Short: "Start a server", Long: aboutServe, Args: cobra.NoArgs,
		Example: `  tasknet serve
  tasknet serve --listen 0.0.0.0:8080        reachable from phones in your network
  tasknet serve --new-key "my script"        make another API key, then serve
  DATABASE_URL=postgres://tasknet@db/tasknet tasknet serve`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := s.config()
			if err != nil {
				return err
			}
			cfg.Log = slog.New(slog.NewTextHandler(p.err, nil))
			collectSeldom(cmd.Context())
			return app.Serve(cmd.Context(), cfg, p.out)
		},
	}
	s.flags(cmd)
	return cmd
}

// server is the settings of a server.
type server struct {
	app.Config
	samples string
	price   price

	artefactMax   size
	artefactQuota size

	holdMost  amount
	coinPrice amount
	fairPay   amount
}

func (s *server) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&s.Listen, "listen", "127.0.0.1:8080", "address to listen on")
	env(f, "listen", "LISTEN")
	f.StringVar(&s.PublicURL, "public-url", "", "address that clients use, when it is not that, as behind a proxy")
	env(f, "public-url", "PUBLIC_URL")
	f.BoolVar(&s.TrustProxy, "trust-proxy", false, "a proxy in front sets X-Forwarded-For")
	env(f, "trust-proxy", "TRUST_PROXY")
	s.dataFlags(cmd)
	f.StringVar(&s.samples, "samples", "auto", "offer sample questions at the first start: true, false, or auto, which is on the development chain")
	f.Lookup("samples").NoOptDefVal = "true"
	env(f, "samples", "SAMPLES")
	f.BoolVar(&s.HoldNewcomers, "hold-newcomers", true, "hold the pay of people back who have not shown yet that they do not guess, where questions with a known answer could show it")
	env(f, "hold-newcomers", "HOLD_NEWCOMERS")
	f.DurationVar(&s.HoldFor, "hold-for", 0, "for how long at the most (default 168h, 7 days)")
	env(f, "hold-for", "HOLD_FOR")
	f.Var(&s.holdMost, "hold-most", "from how much held pay on they get no more questions there (default 2)")
	env(f, "hold-most", "HOLD_MOST")
	f.StringVar(&s.NewKey, "new-key", "", "make another API key with this `name` and print it")
	f.Var(&s.price, "price", "what an answer pays when the requester does not say (default 0.018)")
	env(f, "price", "DEFAULT_PRICE")
	f.Var(&s.fairPay, "fair-pay", "what work must pay in an hour at least: prices that pay less, by how long answers take, are refused (default none)")
	env(f, "fair-pay", "FAIR_PAY")
	f.IntVar(&s.FeeBasisPoints, "fee", 1500, "the operator's fee on each answer, in ten-thousandths of its price")
	env(f, "fee", "FEE_BASIS_POINTS")
	f.DurationVar(&s.Lease, "lease", 15*time.Minute, "how long somebody has a question to themselves")
	env(f, "lease", "LEASE")
	f.DurationVar(&s.EpochEvery, "epoch-every", 0, "least time between payouts (default 1h; development chain 5s)")
	env(f, "epoch-every", "EPOCH_EVERY")
	f.DurationVar(&s.AddressDelay, "address-delay", 0, "how long a change of somebody's payout address waits that only their wallet signed (default 72h)")
	env(f, "address-delay", "ADDRESS_DELAY")
	f.DurationVar(&s.Work.HoldBack, "work-hold", 0, "how long nodes' pay is held back after a job has ended (default 24h)")
	env(f, "work-hold", "WORK_HOLD")
	f.BoolVar(&s.Work.Apart, "work-apart", false, "have work that is done twice be done in different networks only, also where that takes days")
	env(f, "work-apart", "WORK_APART")
	f.BoolVar(&s.JudgeStakes, "judge-stakes", false, "open and slash each case about a stake at once, on the development chain")
	env(f, "judge-stakes", "JUDGE_STAKES")
	f.IntVar(&s.Relay.Share, "relay-share", 0, "the most that the gas of somebody's claim may cost of it, in ten-thousandths; who gets less waits, or claims alone (default 1000 with --coin-price; without it all are relayed)")
	env(f, "relay-share", "RELAY_SHARE")
	f.Var(&s.coinPrice, "coin-price", "what one of the chain's coins costs in the token, for --relay-share")
	env(f, "coin-price", "COIN_PRICE")
	f.StringVar(&s.TokenRate, "token-rate", "", "what a token is worth, shown beside amounts: EUR:0.93, or EUR:https://host/path#a.b where a.b leads to the number in the JSON there (default nothing is shown)")
	env(f, "token-rate", "TOKEN_RATE")
	f.Var(&s.artefactMax, "artefact-max", "the largest artefact that is taken, such as 500MiB (default 64GiB)")
	env(f, "artefact-max", "ARTEFACT_MAX")
	f.Var(&s.artefactQuota, "artefact-quota", "what all artefacts of an organisation may take (default 100GiB)")
	env(f, "artefact-quota", "ARTEFACT_QUOTA")
	f.StringVar(&s.ArtefactS3.URL, "artefact-s3", "", "keep artefacts in a bucket that speaks S3, not in the data folder: https://host/bucket/prefix")
	env(f, "artefact-s3", "ARTEFACT_S3")
	f.StringVar(&s.LogWitnesses, "log-witnesses", "", "file that says which witnesses sign the public log's checkpoints too, as a policy of Sigsum's")
	env(f, "log-witnesses", "LOG_WITNESSES")
	f.StringVar(&s.PushContact, "push-contact", "", "whom push services may write to: an address of mail, or an https address (default: --public-url, where that is https)")
	env(f, "push-contact", "PUSH_CONTACT")
	f.StringVar(&s.PushFCM, "push-fcm", "", "file of a service account of a Firebase project, by which apps are woken (default: browsers only are)")
	env(f, "push-fcm", "PUSH_FCM_FILE")
	f.BoolVar(&s.Unlimited, "unlimited", false, "no rate limits, for tests on a machine of your own")
	env(f, "unlimited", "UNLIMITED")
}

// dataFlags are those that say where the data is.
func (s *server) dataFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&s.Data, "data", "", "folder for all data (default tasknet in your data folder)")
	env(cmd.Flags(), "data", "DATA")
}

// secrets reads what has no flag: other users of a machine see command lines.
func (s *server) secrets() error {
	s.DatabaseURL, s.RedisURL, s.PushKey = os.Getenv("DATABASE_URL"), os.Getenv("REDIS_URL"), os.Getenv("PUSH_VAPID_KEY")
	s.Chain.URL, s.Chain.DevRPC, s.Chain.PublicRPC = os.Getenv("CHAIN_RPC_URL"), os.Getenv("CHAIN_DEV_RPC"), os.Getenv("CHAIN_PUBLIC_RPC")
	s.ArtefactS3.KeyID, s.ArtefactS3.Secret = os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY")
	s.ArtefactS3.Token, s.ArtefactS3.Region = os.Getenv("AWS_SESSION_TOKEN"), os.Getenv("AWS_REGION")
	var err error
	if s.Chain.Key, err = keyFromEnv("CHAIN_KEY"); err != nil {
		return err
	}
	if s.Chain.RelayKey, err = keyFromEnv("CHAIN_RELAY_KEY"); err != nil {
		return err
	}
	if n := os.Getenv("CHAIN_CONFIRMATIONS"); n != "" {
		if s.Chain.Confirmations, err = strconv.Atoi(n); err != nil || s.Chain.Confirmations < 1 {
			return usagef("CHAIN_CONFIRMATIONS is a number of blocks, at least 1")
		}
	}
	if n := os.Getenv("CHAIN_MAX_FEE_GWEI"); n != "" {
		if s.Chain.MaxFeeGwei, err = strconv.Atoi(n); err != nil || s.Chain.MaxFeeGwei < 1 {
			return usagef("CHAIN_MAX_FEE_GWEI is a price for a unit of gas, at least 1")
		}
	}
	if v := os.Getenv("CHAIN_VAULT"); v != "" {
		vault, err := polls.ParseWallet(v)
		if err != nil {
			return usagef("CHAIN_VAULT is the vault's address, 0x and 40 hex digits")
		}
		s.Chain.Vault = rewards.Address(vault)
	}
	if v := os.Getenv("CHAIN_ORACLE"); v != "" {
		oracle, err := polls.ParseWallet(v)
		if err != nil {
			return usagef("CHAIN_ORACLE is the oracle's address, 0x and 40 hex digits")
		}
		s.Chain.Oracle = rewards.Address(oracle)
	}
	if v := os.Getenv("CHAIN_STAKE"); v != "" {
		stake, err := polls.ParseWallet(v)
		if err != nil {
			return usagef("CHAIN_STAKE is the address of the contract of stakes, 0x and 40 hex digits")
		}
		s.Chain.Stake = rewards.Address(stake)
	}
	return nil
}

// config returns the settings as the server takes them.
func (s *server) config() (app.Config, error) {
	if err := s.secrets(); err != nil {
		return app.Config{}, err
	}
	if s.Chain.URL != "" && s.Chain.Key == (eth.Key{}) { // what only opens the database does without
		return app.Config{}, usagef("CHAIN_RPC_URL needs CHAIN_KEY_FILE, the file with the key that posts payout roots")
	}
	cfg := s.Config
	switch s.samples {
	case "auto":
		cfg.Samples = cfg.Chain.URL == ""
	case "true", "false":
		cfg.Samples = s.samples == "true"
	default:
		return cfg, usagef("--samples is true, false or auto")
	}
	if s.FeeBasisPoints < 1 || s.FeeBasisPoints > 10_000 {
		return cfg, usagef("--fee is between 1 and 10000 ten-thousandths")
	}
	if s.price.value != nil {
		if s.price.value.Sign() <= 0 {
			return cfg, usagef("--price is more than 0")
		}
		cfg.DefaultPrice = *s.price.value
	}
	if s.holdMost.value != nil {
		if s.holdMost.value.Sign() <= 0 {
			return cfg, usagef("--hold-most is more than 0")
		}
		cfg.HoldMost = *s.holdMost.value
	}
	if s.coinPrice.value != nil {
		cfg.Relay.CoinPrice = *s.coinPrice.value
	}
	if s.fairPay.value != nil {
		cfg.FairPay = *s.fairPay.value
	}
	cfg.ArtefactMax, cfg.ArtefactQuota = int64(s.artefactMax), int64(s.artefactQuota)
	cfg.Version = currentVersion()
	return cfg, nil
}
