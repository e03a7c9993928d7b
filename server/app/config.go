package app

import (
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/store"
)

// Config sets an instance up. The zero value, with defaults, is a whole instance in one process: SQLite and a dev chain
// in a folder of the user's, reachable from this machine only.
type Config struct {
	// Data is the folder of everything that an instance keeps: the database unless DatabaseURL is set, media, keys, and
	// the dev chain. Back it up whole; two servers must not share one. Default: tasknet in the user's data folder.
	Data string

	// Listen is the address of the API and the web app. An address beyond this machine needs HTTPS in front of it, or
	// phones can neither install the app nor get pushes. Default: 127.0.0.1:8080.
	Listen string

	// PublicURL is how clients reach the server, when that differs from Listen, as behind a proxy. Default: made from
	// Listen.
	PublicURL string

	// DatabaseURL is a PostgreSQL database, as postgres://user:password@host/name. Default: SQLite in Data.
	DatabaseURL string

	// TrustProxy says that a proxy in front sets X-Forwarded-For. Set it behind one, or all clients share one rate limit;
	// never set it without one, or clients choose their address. Default: false.
	TrustProxy bool

	// Unlimited turns off rate limits, for replays and benchmarks on a machine of one's own. Default: false.
	Unlimited bool

	// Bench adds what the path of answers is measured against, for benchmarks on a scratch database: anybody can write
	// there. Default: false.
	Bench bool

	// Samples offers the sample questions at the first start. They need the dev chain. Default: false; the serve command
	// sets it.
	Samples bool

	// HoldNewcomers keeps the pay of people back who have not shown yet that they do not guess, where questions with a known
	// answer could show it, for HoldFor at the most; from HoldMost on they get no more questions there. Default: false; the
	// serve command sets it.
	HoldNewcomers bool
	HoldFor       time.Duration  // default: 7 days
	HoldMost      tasknet.Amount // default: 2

	// NewKey makes another API key with this name for the first organisation, at start. Default: none.
	NewKey string

	// FeeBasisPoints is the operator's fee on the price of each answer, in ten-thousandths, for questions asked from now
	// on. Default: 1500.
	FeeBasisPoints int

	// DefaultPrice is what an answer pays when the requester does not say. Default: 0.018.
	DefaultPrice tasknet.Amount

	// Lease is how long a respondent has a question to themselves. Default: 15 minutes.
	Lease time.Duration

	// EpochEvery is the least time between two payouts. Each costs the gas of a root. Default: one hour; 5 seconds on the
	// dev chain.
	EpochEvery time.Duration

	// Chain is an EVM chain with a vault. Default: a dev chain in this process.
	Chain ChainConfig

	// Version is the program's, as it tells clients. Default: unknown.
	Version string

	// Log gets what an operator should see. Default: nothing is logged.
	Log *slog.Logger

	// now is the clock, for tests.
	now func() time.Time
}

// ChainConfig names an EVM chain. A URL of "" is the dev chain, to which DevRPC alone applies.
type ChainConfig struct {
	URL           string          // JSON-RPC address of a node that the operator trusts
	KeyFile       string          // private key that posts roots, in hex, mode 600
	RelayKeyFile  string          // private key that sends claims; default KeyFile
	Vault         rewards.Address // the vault's contract
	Confirmations int             // default 12; 2 on the dev chain

	// DevRPC is a loopback address at which the dev chain is served as JSON-RPC. Every program on this machine can use
	// it. Default: none.
	DevRPC string
}

// devEpochEvery is the default of EpochEvery on the dev chain, where people look on and gas costs nothing.
const devEpochEvery = 5 * time.Second

// withDefaults returns the config with defaults in place of zeros.
func (c Config) withDefaults() (Config, error) {
	if c.Data == "" {
		dir, err := dataFolder()
		if err != nil {
			return c, err
		}
		c.Data = dir
	}
	if c.Listen == "" {
		c.Listen = "127.0.0.1:8080"
	}
	if c.FeeBasisPoints == 0 {
		c.FeeBasisPoints = 1500
	}
	if c.DefaultPrice.IsZero() {
		c.DefaultPrice = tasknet.Micro(18_000)
	}
	if c.Lease == 0 {
		c.Lease = 15 * time.Minute
	}
	if c.HoldFor == 0 {
		c.HoldFor = pipeline.HoldDefault
	}
	if c.HoldMost.IsZero() {
		c.HoldMost = tasknet.Micro(2 * tasknet.MicroPerToken)
	}
	if c.EpochEvery == 0 {
		c.EpochEvery = time.Hour
		if c.Chain.URL == "" {
			c.EpochEvery = devEpochEvery
		}
	}
	if c.Version == "" {
		c.Version = "unknown"
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.now == nil {
		c.now = time.Now
	}
	return c, c.validate()
}

// Database says where the database of an instance with this config is.
func (c Config) Database() (store.Config, error) {
	c, err := c.withDefaults()
	if err != nil || c.DatabaseURL != "" {
		return store.Config{URL: c.DatabaseURL, Log: c.Log}, err
	}
	return store.Config{Path: filepath.Join(c.Data, "tasknet.db"), Log: c.Log}, nil
}

func (c Config) validate() error {
	bad := func(message string) error { return tasknet.NewError(tasknet.Invalid, "bad_config", message) }
	switch {
	case c.FeeBasisPoints < 0 || c.FeeBasisPoints > 10_000:
		return bad("The fee must be between 0 and 10000 ten-thousandths of the price.")
	case c.DefaultPrice.Sign() < 0 || c.DefaultPrice.Cmp(polls.PriceMax) > 0:
		return bad("The default price must be more than nothing, and at most 1000 tokens.")
	case c.HoldFor < time.Second || c.HoldMost.Sign() < 0:
		return bad("Newcomers' pay is held for a second or more, and the sum from which on they get no more of such questions is not negative.")
	case c.Lease < time.Second || c.EpochEvery < time.Second:
		return bad("A lease, and the time between epochs, must be a second or more.")
	case c.Samples && c.Chain.URL != "":
		return bad("The sample questions are paid with test money: leave them out on a real chain (--samples=false).")
	case c.Chain.URL != "" && c.Chain.DevRPC != "":
		return bad("CHAIN_DEV_RPC serves the dev chain, which CHAIN_RPC_URL replaces; set one of them.")
	}
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		return bad("Write the address to listen on as host:port, such as 127.0.0.1:8080 or 0.0.0.0:8080.")
	}
	if c.PublicURL != "" {
		if u, err := url.Parse(c.PublicURL); err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
			return bad("Write the public address with its scheme, such as https://ask.example.org.")
		}
	}
	return nil
}

// dataFolder is $XDG_DATA_HOME/tasknet, or .local/share/tasknet in the home folder.
func dataFolder() (string, error) {
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "tasknet"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", tasknet.NewError(tasknet.Invalid, "no_data_folder", "There is no home folder to keep data in; name one with --data or DATA.")
	}
	return filepath.Join(home, ".local", "share", "tasknet"), nil
}
