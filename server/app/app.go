package app

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
	"github.com/tasknet/tasknet/server/api"
	"github.com/tasknet/tasknet/server/artefact"
	"github.com/tasknet/tasknet/server/cache"
	"github.com/tasknet/tasknet/server/exam"
	"github.com/tasknet/tasknet/server/media"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/push"
	"github.com/tasknet/tasknet/server/rates"
	"github.com/tasknet/tasknet/server/store"
	"github.com/tasknet/tasknet/server/tlog"
	"github.com/tasknet/tasknet/web"
)

// Settings that belong to an instance for good.
const (
	instanceSetting = "instance" // its id
	genesisSetting  = "genesis"  // the chain that its money is on
	vaultSetting    = "vault"    // the contract there
)

// shutdownGrace is how long all parts together may take to stop.
const shutdownGrace = 5 * time.Second

// rateBytes is the most that a document with the token's rate may have.
const rateBytes = 64 << 10

// App is an instance, built and not yet running.
type App struct {
	cfg      Config
	stores   *store.DB
	chain    chain
	payer    *rewards.Payer
	log      *tlog.Log
	redis    *cache.Redis // nil without
	pipeline *pipeline.Pipeline
	media    *media.Library
	listener net.Listener
	group    group
	webBuilt bool // into this binary
}

// chain is the part of package eth that both kinds of chain have.
type chain interface {
	rewards.Chain
	rewards.OracleChain
	rewards.StakeChain
	Status() eth.Status
	Close() error
}

// verdicts is what a courier needs of the stores.
type verdicts struct {
	rewards.RequestStore
	rewards.EpochStore
}

// First is what is told once, at the start at which it was made.
type First struct {
	Key string // the secret of an API key that was made at this start; empty when none was
}

// ErrOtherChain reports a database whose money is on another chain.
var ErrOtherChain = tasknet.NewError(tasknet.Invalid, "other_chain", "The database belongs to another chain than the one that was given; bring back the chain's folder, or start with an empty database.")

// ErrOtherVault reports a database whose money is in another vault.
var ErrOtherVault = tasknet.NewError(tasknet.Invalid, "other_vault", "The database belongs to another vault than the one that was given; set CHAIN_VAULT to that one, or start with an empty database.")

// ErrInUse reports a data folder that another server has open.
var ErrInUse = tasknet.NewError(tasknet.Conflict, "data_in_use", "Another server has this data folder open; stop it first, or give this one a folder of its own. Servers share one only with a PostgreSQL database.")

// ErrListen reports an address that the server cannot have.
var ErrListen = tasknet.NewError(tasknet.Conflict, "cannot_listen", "The server cannot listen there; is another one running? Choose another address with --listen or LISTEN.")

// New builds an instance. It opens the database and the chain and listens, so that what is wrong shows at once; Run
// starts it, and must be called, also to release what was opened.
func New(ctx context.Context, cfg Config) (_ *App, err error) {
	cfg, err = cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	a := &App{cfg: cfg, group: group{log: cfg.Log, grace: shutdownGrace}}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.group.closeAll())
		}
	}()

	// Files.
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, err
	}
	if err := a.lockFolder(); err != nil {
		return nil, err
	}
	tokenSecret, err := secret(filepath.Join(cfg.Data, "keys", "token"))
	if err != nil {
		return nil, err
	}
	pushKey, err := vapidKey(cfg)
	if err != nil {
		return nil, err
	}
	folder, err := media.NewFolder(filepath.Join(cfg.Data, "media"))
	if err != nil {
		return nil, err
	}
	a.media = media.New(folder)
	files, err := newTaskFiles(filepath.Join(cfg.Data, "imports"))
	if err != nil {
		return nil, err
	}
	pieces, err := openPieces(ctx, cfg)
	if err != nil {
		return nil, err
	}

	// Database.
	database, err := cfg.Database()
	if err != nil {
		return nil, err
	}
	if a.stores, err = store.Open(ctx, database); err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	a.group.add("database", nil, a.stores.Close)
	instance, err := a.setting(ctx, instanceSetting, newInstance)
	if err != nil {
		return nil, err
	}

	// Chain.
	if cfg.Chain.URL != "" && cfg.Relay.Share == 0 {
		cfg.Log.Warn("all claims are relayed, whatever their gas costs: for small sums to wait, set COIN_PRICE, and RELAY_SHARE where 1000 ten-thousandths are not right")
	}
	var faucet rewards.Faucet
	if a.chain, faucet, err = openChain(ctx, cfg); err != nil {
		return nil, fmt.Errorf("open the chain: %w", err)
	}
	a.group.add("chain", nil, a.chain.Close)
	if err := a.belongs(ctx); err != nil {
		return nil, err
	}

	// Waking people.
	senders, channels, err := cfg.senders(ctx, pushKey)
	if err != nil {
		return nil, err
	}
	office := push.NewOffice(a.stores, senders, a.chain.Info().Symbol, cfg.now, cfg.Log)
	presence := cache.NewPresence(a.stores.Subscriptions().Seen, cfg.now, cfg.Log)

	// Domains, and what spans them.
	hub := cache.NewHub()
	var feed pipeline.Feed = hub
	var limiter func(name string, r cache.Rate) cache.Limiter
	var moves cache.Moves
	if cfg.RedisURL != "" {
		if a.redis, err = cache.OpenRedis(cfg.RedisURL, instance, cfg.Log); err != nil {
			return nil, err
		}
		a.group.add("redis", nil, a.redis.Close)
		relay := a.redis.Relay(hub, a.stores.Polls().Question)
		a.group.add("notices of other servers", relay.Run, nil)
		a.redis.Share(presence)
		moves = a.redis.Moves(cfg.now)
		feed, limiter = relay, func(name string, r cache.Rate) cache.Limiter { return a.redis.Limiter(name, r, cfg.now) }
	}
	stopper := labeling.NewStopper(a.stores.Labels())
	a.pipeline, err = pipeline.New(a.stores, stopper, feed, faucet, pipeline.Config{
		Instance: instance, ChainID: a.chain.Info().ID, FeeBasisPoints: cfg.FeeBasisPoints, Files: files, Media: taskMedia{a.media}, Artefacts: pipeline.ArtefactConfig{Pieces: pieces, Max: cfg.ArtefactMax, Quota: cfg.ArtefactQuota}, Now: cfg.now, Log: cfg.Log,
		HoldNewcomers: cfg.HoldNewcomers, Hold: cfg.HoldFor, FairPay: cfg.FairPay, AddressDelay: cfg.AddressDelay, Work: cfg.Work, Stakes: a.chain.Info().Stake, Exam: exam.New(""), Woken: office.Trigger, Presence: presence,
	})
	if err != nil {
		return nil, err
	}
	// Its own keys.
	receiptKeys := &keyRing{use: polls.ReceiptKeys, file: keyFile(cfg.Data, polls.ReceiptKeys), instance: instance, changes: a.pipeline, now: cfg.now, log: cfg.Log}
	logKeys := &keyRing{use: polls.LogKeys, file: keyFile(cfg.Data, polls.LogKeys), together: logKeysTogether, instance: instance, changes: a.pipeline, now: cfg.now, log: cfg.Log}
	for _, keys := range []*keyRing{receiptKeys, logKeys} {
		if err := keys.open(ctx); err != nil {
			return nil, err
		}
		a.group.add("keys for "+string(keys.use), keys.run, nil)
	}
	same, err := a.pipeline.FirstKeys(ctx, receiptKeys.keys().Key(1), logKeys.keys().Key(1))
	if err != nil {
		return nil, err
	}
	if !same {
		return nil, fmt.Errorf("%w (%s)", ErrOtherKey, filepath.Join(cfg.Data, "keys"))
	}

	// Public log.
	logStart, err := a.pipeline.StartLog(ctx, logKeys.signer())
	if err != nil {
		return nil, err
	}
	witnesses, err := cfg.witnesses()
	if err != nil {
		return nil, err
	}
	log, err := tlog.Open(ctx, a.stores.Log(), tlog.Config{
		Dir: filepath.Join(cfg.Data, "log"), Name: polls.LogName(instance), Keys: logKeys.logKeys, Witnesses: witnesses, Gather: a.pipeline.Log, Log: cfg.Log,
	})
	if err != nil {
		return nil, fmt.Errorf("open the public log: %w", err)
	}
	// What one of the servers of a database does for all.
	alone := group{log: cfg.Log, grace: shutdownGrace}
	a.group.add("what one server does", func(ctx context.Context) error { return a.stores.Lead(ctx, alone.run) }, nil)
	alone.add("public log", log.Run, nil)
	a.log = log

	// People, and their money.
	var pendingMost tasknet.Amount
	if cfg.HoldNewcomers {
		pendingMost = cfg.HoldMost
	}
	people := polls.NewService(a.stores.Polls(), stopper, polls.ServiceConfig{
		Instance: instance, ReceiptKey: receiptKeys.signer, Lease: cfg.Lease, PendingMost: pendingMost, Now: cfg.now, Prepare: stopper.Prepare, Recorded: a.pipeline.Recorded, Refused: a.pipeline.Refused,
	})
	a.payer = rewards.NewPayer(a.stores.Rewards(), a.chain, rewards.PayerConfig{
		Every: cfg.EpochEvery, Poll: cfg.Chain.Poll, Known: a.knowsOrg, Relay: cfg.Relay, Now: cfg.now, Log: cfg.Log,
		Checkpoint: func(ctx context.Context) (c rewards.Checkpoint, err error) {
			c.Size, c.Root, err = log.Checkpoint(ctx)
			return c, err
		},
		Verdicts: func(ctx context.Context, epoch int64) (rewards.Hash, error) {
			return rewards.VerdictsRoot(ctx, a.stores.Requests(), epoch, cfg.now())
		},
		Uncovered: func(ctx context.Context, u rewards.Uncovered) error {
			return a.pipeline.CloseUncovered(ctx, polls.OrgID(u.Org), u.Amount)
		},
		VerdictsWait: func(ctx context.Context) (bool, error) { return a.stores.Requests().VerdictsWait(ctx, cfg.now()) },
	})
	courier := rewards.NewCourier(verdicts{a.stores.Requests(), a.stores.Rewards()}, a.chain, rewards.CourierConfig{
		Poll: cfg.Chain.Poll, Retry: 30 * cfg.Chain.Poll, Recheck: 1800 * cfg.Chain.Poll, Relay: cfg.Relay, Now: cfg.now, Log: cfg.Log,
	})
	alone.add("payer", a.payer.Run, nil)
	alone.add("questions of contracts", a.pipeline.RunRequests, nil)
	alone.add("verdicts for contracts", courier.Run, nil)
	if a.chain.Info().Stake.Contract != (rewards.Address{}) {
		alone.add("stakes", a.bailiff().Run, nil)
	}
	alone.add("learning", a.pipeline.RunLearning, nil)
	alone.add("projects", a.pipeline.RunProjects, nil)
	alone.add("sealing", a.pipeline.RunSealing, nil)
	alone.add("contests", a.pipeline.RunContests, nil)
	alone.add("artefacts", a.pipeline.RunArtefacts, nil)
	alone.add("leases", a.pipeline.RunLeases, nil)
	alone.add("work of nodes", a.pipeline.RunWork, nil)
	alone.add("trials of models", a.pipeline.RunTrials, nil)
	alone.add("models that help", a.pipeline.RunHelping, nil)
	a.group.add("closing", a.pipeline.RunClosing, nil)
	a.group.add("work that opens", a.pipeline.RunOpenings, nil)
	alone.add("waking", a.pipeline.RunWaking, nil)
	alone.add("pushes", office.Run, nil)
	a.group.add("presence", presence.Run, nil)
	a.group.add("answers", people.Run, nil)

	// What the token is worth.
	rate, err := rates.New(cfg.TokenRate, func(ctx context.Context, address string) ([]byte, error) {
		return media.FetchJSON(ctx, address, rateBytes)
	}, cfg.now, cfg.Log)
	if err != nil {
		return nil, err
	}
	a.group.add("token rate", rate.Run, nil)

	// Edge.
	app, built := web.Files()
	a.webBuilt = built
	limits := api.DefaultLimits()
	if cfg.Unlimited {
		limits = api.Limits{}
	}
	var bare func(ctx context.Context, question, respondent string, choice int) error
	var holdLog func(ctx context.Context, held bool) error
	if cfg.Bench {
		stage, err := newBareStage(ctx, a.stores)
		if err != nil {
			return nil, err
		}
		a.group.add("bare answers", stage.run, nil)
		bare, holdLog = stage.insert, log.Hold
	}
	edge, err := api.New(api.Deps{
		Pipeline: a.pipeline, Polls: people, Stores: a.stores, Hub: hub, Media: a.media, Web: app, LogFiles: log.Files(),
		Instance: instance, Version: cfg.Version, Chain: a.chain.Info(), Node: cfg.Chain.PublicRPC, FeeBasisPoints: cfg.FeeBasisPoints, RelayShare: cfg.Relay.Share, DefaultPrice: cfg.DefaultPrice, ArtefactMax: cfg.ArtefactMax, Rate: rate.Current,
		ReceiptKeys: receiptKeys.keys, LogKeys: logKeys.keys, LogStart: logStart, TokenSecret: tokenSecret,
		Push: api.Push{Key: pushKey.Public(), Channels: channels}, Presence: presence, Moves: moves,
		Ready:  []api.Check{{Name: "database", Check: a.checkDatabase}, {Name: "chain", Check: a.checkChain}},
		Doing:  a.doing,
		Limits: limits, Limiter: limiter, TrustProxy: cfg.TrustProxy, Bare: bare, HoldLog: holdLog, Log: cfg.Log, Now: cfg.now,
	})
	if err != nil {
		return nil, err
	}
	if a.listener, err = new(net.ListenConfig).Listen(ctx, "tcp", cfg.Listen); err != nil {
		return nil, errors.Join(ErrListen, err)
	}
	a.group.add("edge", func(ctx context.Context) error { return edge.Serve(ctx, a.listener) }, nil)
	return a, nil
}

// bailiff follows stakes, and decides cases about them where that is the server's own to do.
func (a *App) bailiff() *rewards.Bailiff {
	cfg := rewards.BailiffConfig{Poll: a.cfg.Chain.Poll, Now: a.cfg.now, Log: a.cfg.Log}
	if court, has := a.chain.(*eth.Dev); has && a.cfg.JudgeStakes {
		cfg.Court = court
	}
	return rewards.NewBailiff(a.stores.Stakes(), a.chain, cfg)
}

// lockFolder takes the data folder until the instance is closed: for itself on SQLite, and together with other servers of the
// same PostgreSQL database. The system gives it back when the process ends, however it does. ErrInUse.
func (a *App) lockFolder() error {
	lock := flock.New(filepath.Join(a.cfg.Data, "lock"), flock.SetPermissions(0o600))
	take := lock.TryLock
	if a.cfg.DatabaseURL != "" {
		take = lock.TryRLock
	}
	got, err := take()
	if err != nil {
		return fmt.Errorf("the data folder: %w", err)
	}
	if !got {
		return ErrInUse
	}
	a.group.add("data folder", nil, lock.Close)
	return nil
}

// doing says what is under way with money, what holds it up, and what holds up the public log.
func (a *App) doing() string {
	parts := []string{a.payer.Waiting(), a.chain.Status().String(), a.log.Waiting()}
	if a.redis != nil {
		parts = append(parts, a.redis.Status())
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "; ")
}

func (a *App) checkDatabase(ctx context.Context) error {
	_, err := a.stores.Settings().Setting(ctx, instanceSetting)
	return err
}

func (a *App) checkChain(ctx context.Context) error {
	_, err := a.chain.Roots(ctx)
	return err
}

// URL is where the server can be reached.
func (a *App) URL() string {
	if a.cfg.PublicURL != "" {
		return a.cfg.PublicURL
	}
	return "http://" + reachable(a.listener.Addr())
}

// Run starts the instance and blocks until ctx ends and everything has stopped, or until a part of it fails.
func (a *App) Run(ctx context.Context) error { return a.group.run(ctx) }

// setting returns a setting of the instance, which it makes when there is none.
func (a *App) setting(ctx context.Context, name string, make func() (string, error)) (string, error) {
	value, err := a.stores.Settings().Setting(ctx, name)
	if e, ok := errors.AsType[*tasknet.Error](err); ok && e.Kind == tasknet.NotFound {
		if value, err = make(); err == nil {
			return a.stores.Settings().SetSetting(ctx, name, value)
		}
	}
	return value, err
}

// belongs checks that the money of the database is in the vault that was given.
func (a *App) belongs(ctx context.Context) error {
	info, first := a.chain.Info(), false
	genesis, err := a.setting(ctx, genesisSetting, func() (string, error) {
		first = true
		return hex.EncodeToString(info.Genesis[:]), nil
	})
	if err != nil {
		return err
	}
	if genesis != hex.EncodeToString(info.Genesis[:]) {
		return ErrOtherChain
	}
	vault, err := a.setting(ctx, vaultSetting, func() (string, error) {
		if !first { // from before there were vaults with headers
			return "", eth.ErrOldVault
		}
		return hex.EncodeToString(info.Vault[:]), nil
	})
	if err != nil {
		return err
	}
	if vault != hex.EncodeToString(info.Vault[:]) {
		return fmt.Errorf("%w (it is in 0x%s, not in 0x%x)", ErrOtherVault, vault, info.Vault)
	}
	return nil
}

func newInstance() (string, error) {
	var id [32]byte
	rand.Read(id[:])
	return hex.EncodeToString(id[:]), nil
}

func openChain(ctx context.Context, cfg Config) (chain, rewards.Faucet, error) {
	if cfg.Chain.URL == "" {
		dev, err := eth.OpenDev(ctx, eth.DevConfig{Dir: filepath.Join(cfg.Data, "chain"), RPC: cfg.Chain.DevRPC, Confirmations: cfg.Chain.Confirmations, Log: cfg.Log})
		return dev, dev, err
	}
	c, err := eth.Dial(ctx, eth.Config{
		URL: cfg.Chain.URL, Key: cfg.Chain.Key, RelayKey: cfg.Chain.RelayKey, Vault: cfg.Chain.Vault, Oracle: cfg.Chain.Oracle, Stake: cfg.Chain.Stake,
		Confirmations: cfg.Chain.Confirmations, MaxFeeGwei: cfg.Chain.MaxFeeGwei, Poll: cfg.Chain.Poll / 2, Log: cfg.Log,
	})
	return c, nil, err
}

// openPieces opens where the pieces of artefacts are kept.
func openPieces(ctx context.Context, cfg Config) (pipeline.PieceStore, error) {
	if cfg.ArtefactS3.URL != "" {
		return artefact.NewS3(ctx, cfg.ArtefactS3)
	}
	return artefact.NewFolder(filepath.Join(cfg.Data, "artefacts"))
}

// knowsOrg reports whether an organisation exists. Anybody can write anything into a deposit's reference.
func (a *App) knowsOrg(ctx context.Context, id string) (bool, error) {
	if malformed := tasknet.CheckID(polls.OrgPrefix, id); malformed != nil {
		return false, nil //nolint:nilerr // what is no id names nobody
	}
	_, err := a.stores.Polls().Org(ctx, polls.OrgID(id))
	if errors.Is(err, polls.ErrNoOrg) {
		return false, nil
	}
	return err == nil, err
}

// PayNow has the payer look at once whether somebody is to be paid.
func (a *App) PayNow() { a.payer.Trigger() }
