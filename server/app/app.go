package app

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
	"github.com/tasknet/tasknet/server/api"
	"github.com/tasknet/tasknet/server/cache"
	"github.com/tasknet/tasknet/server/media"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/store"
	"github.com/tasknet/tasknet/web"
)

// Settings that belong to an instance for good.
const (
	instanceSetting = "instance" // its id
	genesisSetting  = "genesis"  // the chain that its money is on
)

// shutdownGrace is how long all parts together may take to stop.
const shutdownGrace = 5 * time.Second

// App is an instance, built and not yet running.
type App struct {
	cfg      Config
	stores   *store.DB
	chain    chain
	payer    *rewards.Payer
	pipeline *pipeline.Pipeline
	media    *media.Library
	listener net.Listener
	group    group
	webBuilt bool // into this binary
}

// chain is the part of package eth that both kinds of chain have.
type chain interface {
	rewards.Chain
	Close() error
}

// First is what is told once, at the start at which it was made.
type First struct {
	Key string // the secret of an API key that was made at this start; empty when none was
}

// ErrOtherChain reports a database whose money is on another chain.
var ErrOtherChain = tasknet.NewError(tasknet.Invalid, "other_chain", "The database belongs to another chain than the one that was given; bring back the chain's folder, or start with an empty database.")

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
	receiptSeed, err := secret(filepath.Join(cfg.Data, "keys", "receipt"))
	if err != nil {
		return nil, err
	}
	tokenSecret, err := secret(filepath.Join(cfg.Data, "keys", "token"))
	if err != nil {
		return nil, err
	}
	receiptKey := ed25519.NewKeyFromSeed(receiptSeed)
	folder, err := media.NewFolder(filepath.Join(cfg.Data, "media"))
	if err != nil {
		return nil, err
	}
	a.media = media.New(folder)
	files, err := newTaskFiles(filepath.Join(cfg.Data, "imports"))
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
	var faucet rewards.Faucet
	if a.chain, faucet, err = openChain(ctx, cfg); err != nil {
		return nil, fmt.Errorf("open the chain: %w", err)
	}
	a.group.add("chain", nil, a.chain.Close)
	genesis := a.chain.Info().Genesis
	known, err := a.setting(ctx, genesisSetting, func() (string, error) { return hex.EncodeToString(genesis[:]), nil })
	if err != nil {
		return nil, err
	}
	if known != hex.EncodeToString(genesis[:]) {
		return nil, ErrOtherChain
	}

	// Domains, and what spans them.
	hub := cache.NewHub()
	stopper := labeling.NewStopper(a.stores.Labels())
	a.pipeline, err = pipeline.New(a.stores, stopper, hub, faucet, pipeline.Config{
		Instance: instance, ChainID: a.chain.Info().ID, FeeBasisPoints: cfg.FeeBasisPoints, Files: files, Media: taskMedia{a.media}, Now: cfg.now, Log: cfg.Log,
		HoldNewcomers: cfg.HoldNewcomers, Hold: cfg.HoldFor,
	})
	if err != nil {
		return nil, err
	}
	var pendingMost tasknet.Amount
	if cfg.HoldNewcomers {
		pendingMost = cfg.HoldMost
	}
	people := polls.NewService(a.stores.Polls(), stopper, polls.ServiceConfig{
		Instance: instance, ReceiptKey: receiptKey, Lease: cfg.Lease, PendingMost: pendingMost, Now: cfg.now, Prepare: stopper.Prepare, Recorded: a.pipeline.Recorded,
	})
	a.payer = rewards.NewPayer(a.stores.Rewards(), a.chain, rewards.PayerConfig{
		Every: cfg.EpochEvery, Known: a.knowsOrg, Now: cfg.now, Log: cfg.Log,
	})
	a.group.add("payer", a.payer.Run, nil)
	a.group.add("closing", a.pipeline.RunClosing, nil)
	a.group.add("learning", a.pipeline.RunLearning, nil)
	a.group.add("projects", a.pipeline.RunProjects, nil)
	a.group.add("sealing", a.pipeline.RunSealing, nil)
	a.group.add("contests", a.pipeline.RunContests, nil)
	a.group.add("answers", people.Run, nil)

	// Edge.
	app, built := web.Files()
	a.webBuilt = built
	limits := api.DefaultLimits()
	if cfg.Unlimited {
		limits = api.Limits{}
	}
	var bare func(ctx context.Context, question, respondent string, choice int) error
	if cfg.Bench {
		stage, err := newBareStage(ctx, a.stores)
		if err != nil {
			return nil, err
		}
		a.group.add("bare answers", stage.run, nil)
		bare = stage.insert
	}
	edge, err := api.New(api.Deps{
		Pipeline: a.pipeline, Polls: people, Stores: a.stores, Hub: hub, Media: a.media, Web: app,
		Instance: instance, Version: cfg.Version, Chain: a.chain.Info(), FeeBasisPoints: cfg.FeeBasisPoints, DefaultPrice: cfg.DefaultPrice,
		ReceiptKey: receiptKey.Public().(ed25519.PublicKey), TokenSecret: tokenSecret,
		Ready:  []api.Check{{Name: "database", Check: a.checkDatabase}, {Name: "chain", Check: a.checkChain}},
		Limits: limits, TrustProxy: cfg.TrustProxy, Bare: bare, Log: cfg.Log, Now: cfg.now,
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

func (a *App) checkDatabase(ctx context.Context) error {
	_, err := a.stores.Settings().Setting(ctx, instanceSetting)
	return err
}

func (a *App) checkChain(ctx context.Context) error {
	_, _, err := a.chain.VaultRoot(ctx)
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
		URL: cfg.Chain.URL, KeyFile: cfg.Chain.KeyFile, RelayKeyFile: cfg.Chain.RelayKeyFile, Vault: cfg.Chain.Vault,
		Confirmations: cfg.Chain.Confirmations, Log: cfg.Log,
	})
	return c, nil, err
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
