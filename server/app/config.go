package app

import (
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
	"github.com/tasknet/tasknet/server/artefact"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/store"
)

// Config sets an instance up. The zero value, with defaults, is a whole instance in one process: SQLite and a dev chain
// in a folder of the user's, reachable from this machine only.
type Config struct {
	// Data is the folder of everything that an instance keeps: the database unless DatabaseURL is set, media, keys, and
	// the dev chain. Back it up whole. Servers of one PostgreSQL database share it; no others may. Default: tasknet in the user's
	// data folder.
	Data string

	// Listen is the address of the API and the web app. An address beyond this machine needs HTTPS in front of it, or
	// phones can neither install the app nor get pushes. Default: 127.0.0.1:8080.
	Listen string

	// PublicURL is how clients reach the server, when that differs from Listen, as behind a proxy. Default: made from
	// Listen.
	PublicURL string

	// DatabaseURL is a PostgreSQL database, as postgres://user:password@host/name. Default: SQLite in Data.
	DatabaseURL string

	// RedisURL is a Redis that servers of one database share, as redis://user:password@host:port/database: events reach the
	// streams of all of them at once, and rates are limited together. Default: none, which is right for one server.
	RedisURL string

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

	// AddressDelay is how long a change of where somebody's pay goes waits that only their wallet signed, so that they can
	// cancel one that they did not make. Default: 72 hours.
	AddressDelay time.Duration

	// Work says how the work of nodes is checked, and for how long their pay is held back after a job has ended. Default: 5 % of the
	// parts are audited, pay is held for 24 hours, a check waits 7 days for another owner, who lied gets no work for 30, and work that
	// is done twice is done in one network where nodes of others do not come.
	Work pipeline.WorkConfig

	// JudgeStakes has the server open and slash each case about a stake that a check of nodes' work gives cause for. On the dev chain
	// only, whose court is the server's own. Default: false; cases are decided with tasknet stake.
	JudgeStakes bool

	// LogWitnesses is a file with a policy in Sigsum's format: who is asked to sign the public log's checkpoints too. Default:
	// nobody.
	LogWitnesses string

	// PushKey is the private VAPID key by which push services know this server, in base64url. Servers of one database share
	// one; when it changes, all browsers must subscribe anew. Default: one that is made at the first start, in Data.
	PushKey string `json:"-"`

	// PushContact is whom push services may write to about what this server sends: an address of mail, or an https address.
	// Some refuse servers that name nobody. Default: PublicURL, where that is https.
	PushContact string

	// PushFCM is the file of a Firebase project's service account, by which apps are woken. Default: none are.
	PushFCM string

	// ArtefactMax is how many bytes one artefact may have, and ArtefactQuota how many all of an organisation's. The disk must have
	// room for as many organisations as are given keys. Default: 64 GiB and 100 GiB.
	ArtefactMax   int64
	ArtefactQuota int64

	// ArtefactS3 is a bucket that keeps artefacts in place of Data; what is kept in the one is not found in the other. Default: none.
	ArtefactS3 artefact.S3Config

	// NewKey makes another API key with this name for the first organisation, at start. Default: none.
	NewKey string

	// FeeBasisPoints is the operator's fee on the price of each answer, in ten-thousandths, for questions asked from now
	// on. Default: 1500.
	FeeBasisPoints int

	// DefaultPrice is what an answer pays when the requester does not say. Default: 0.018.
	DefaultPrice tasknet.Amount

	// FairPay is what work must pay in an hour at least, in tokens: a price is refused that pays less for the time
	// that answers take. Where nobody knows how long they take, nothing is refused. Default: none.
	FairPay tasknet.Amount

	// TokenRate says what the token is worth, for people to read: as EUR:0.93, or as EUR:https://host/path#a.b, where a.b leads
	// to the number in the JSON that is there. Default: nobody knows.
	TokenRate string

	// Lease is how long a respondent has a question to themselves. Default: 15 minutes.
	Lease time.Duration

	// EpochEvery is the least time between two payouts. Each costs the gas of a root. Default: one hour; 5 seconds on the
	// dev chain.
	EpochEvery time.Duration

	// Relay says whose claims are worth their gas. Default: everybody's, which is right where gas costs nothing; a share of 1000
	// where there is a price of the coin.
	Relay rewards.Relay

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
	URL           string          // JSON-RPC address of a node, or of several, with commas between; most of them count
	Key           eth.Key         // posts roots
	RelayKey      eth.Key         // sends claims; default Key
	Vault         rewards.Address // the vault's contract
	Oracle        rewards.Address // where contracts ask; zero: they cannot. The dev chain has its own
	Stake         rewards.Address // the contract of stakes; zero: owners of nodes stake nothing. The dev chain has its own
	Confirmations int             // default 12; 2 on the dev chain
	MaxFeeGwei    int             // the highest price for a unit of gas; default 200

	// Poll is how often the chain is looked at for deposits, claims and verdicts, and twice as often for a new block. What failed is
	// tried again at the next look, and with verdicts for contracts after some looks. Default: 2 seconds.
	Poll time.Duration

	// DevRPC is a loopback address at which the dev chain is served as JSON-RPC. Every program on this machine can use
	// it. Default: none.
	DevRPC string

	// PublicRPC is the JSON-RPC address of a node that everybody may know, and that answers pages from elsewhere: the web app
	// reads the chain from it, so that people need not believe this server. Default: none.
	PublicRPC string
}

// publicRPC is what an address of a public node looks like. It enters a content security policy, and everybody sees it: no
// password goes into it.
var publicRPC = regexp.MustCompile(`^https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~/-]*)?$`)

// pushContact is what an address of mail or an https address looks like.
var pushContact = regexp.MustCompile(`^(https://[^\s"<>]+|[^\s@"<>:]+@[A-Za-z0-9.-]+)$`)

// devEpochEvery is the default of EpochEvery on the dev chain, where people look on and gas costs nothing.
const devEpochEvery = 5 * time.Second

// relayShare is the default of Relay.Share where the coin has a price, in ten-thousandths.
const relayShare = 1000

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
	if c.AddressDelay == 0 {
		c.AddressDelay = pipeline.AddressDelayDefault
	}
	c.Work = c.Work.WithDefaults()
	if c.ArtefactMax == 0 {
		c.ArtefactMax = pipeline.ArtefactMaxDefault
	}
	if c.ArtefactQuota == 0 {
		c.ArtefactQuota = pipeline.ArtefactQuotaDefault
	}
	if c.EpochEvery == 0 {
		c.EpochEvery = time.Hour
		if c.Chain.URL == "" {
			c.EpochEvery = devEpochEvery
		}
	}
	if c.Chain.Poll == 0 {
		c.Chain.Poll = 2 * time.Second
	}
	if c.Relay.Share == 0 && c.Relay.CoinPrice.Sign() > 0 {
		c.Relay.Share = relayShare
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

// witnesses returns the policy of the public log's witnesses.
func (c Config) witnesses() ([]byte, error) {
	if c.LogWitnesses == "" {
		return nil, nil
	}
	return os.ReadFile(c.LogWitnesses)
}

func (c Config) validate() error {
	bad := func(message string) error { return tasknet.NewError(tasknet.Invalid, "bad_config", message) }
	switch {
	case c.FeeBasisPoints < 0 || c.FeeBasisPoints > 10_000:
		return bad("The fee must be between 0 and 10000 ten-thousandths of the price.")
	case c.DefaultPrice.Sign() < 0 || c.DefaultPrice.Cmp(polls.PriceMax) > 0:
		return bad("The default price must be more than nothing, and at most 1000 tokens.")
	case c.FairPay.Sign() < 0:
		return bad("The least pay for an hour's work is not negative.")
	case c.HoldFor < time.Second || c.HoldMost.Sign() < 0:
		return bad("Newcomers' pay is held for a second or more, and the sum from which on they get no more of such questions is not negative.")
	case c.ArtefactMax < 0 || c.ArtefactMax > compute.ArtefactBytesMax || c.ArtefactQuota < 0:
		return bad("An artefact may have at most 256 GiB, and a quota is not negative.")
	case c.AddressDelay < time.Minute:
		return bad("ADDRESS_DELAY, for which a change of somebody's payout address waits, is a minute or more.")
	case c.Lease < time.Second || c.EpochEvery < time.Second:
		return bad("A lease, and the time between epochs, must be a second or more.")
	case c.Chain.Poll < 2*time.Millisecond:
		return bad("The chain is looked at every 2 milliseconds at the most.")
	case c.Relay.CoinPrice.Sign() < 0:
		return bad("COIN_PRICE, what one of the chain's coins costs in the token, is not negative.")
	case c.Relay.Share < 0 || c.Relay.Share > 10_000 || c.Relay.Share > 0 && c.Relay.CoinPrice.IsZero():
		return bad("The share of a claim that its gas may cost is 1 to 10000 ten-thousandths, and needs the price of the chain's coin in the token.")
	case c.Samples && c.Chain.URL != "":
		return bad("The sample questions are paid with test money: leave them out on a real chain (--samples=false).")
	case c.JudgeStakes && c.Chain.URL != "":
		return bad("Only on the dev chain the server decides about stakes; elsewhere the court of the stakes does (tasknet stake).")
	case c.Chain.URL != "" && c.Chain.DevRPC != "":
		return bad("CHAIN_DEV_RPC serves the dev chain, which CHAIN_RPC_URL replaces; set one of them.")
	case c.Chain.PublicRPC != "" && !publicRPC.MatchString(c.Chain.PublicRPC):
		return bad("CHAIN_PUBLIC_RPC is the address of a node that everybody may ask, such as https://rpc.example.org, without a password.")
	}
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		return bad("Write the address to listen on as host:port, such as 127.0.0.1:8080 or 0.0.0.0:8080.")
	}
	if c.PushContact != "" && !pushContact.MatchString(c.PushContact) {
		return bad("PUSH_CONTACT is an address of mail, such as operator@example.org, or an https address.")
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
