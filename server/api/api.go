package api

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/singleflight"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/cache"
	"github.com/tasknet/tasknet/server/media"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/rates"
	"github.com/tasknet/tasknet/server/wire"
)

// Deps are what a server answers requests with.
type Deps struct {
	Pipeline *pipeline.Pipeline
	Polls    *polls.Service
	Stores   pipeline.Stores
	Hub      *cache.Hub // which Shutdown closes
	Media    *media.Library
	Web      fs.FS // the built web app
	LogFiles fs.FS // of the public log, as C2SP tlog-tiles names them

	Instance       string // the instance's id, 64 hex digits
	Version        string
	Chain          rewards.ChainInfo
	Node           string // JSON-RPC address of a node of the chain that pages may ask; may be empty
	FeeBasisPoints int
	RelayShare     int // rewards.Relay.Share
	DefaultPrice   tasknet.Amount
	ArtefactMax    int64              // bytes of one artefact
	Rate           func() *rates.Rate // what the token is worth; it may be nil, as what it returns
	ReceiptKeys    func() *polls.ServerKeys
	LogKeys        func() *polls.ServerKeys
	LogStart       *polls.LogStart // see pipeline.StartLog; it may be nil
	TokenSecret    []byte          // of 32 bytes; whoever has it can act for every respondent

	// Push is how people are woken.
	Push Push

	// Presence is told of every request and stream of a respondent, and closed by Shutdown. It may be nil.
	Presence *cache.Presence

	// Moves are where phones find each other. Default: those that come to this server.
	Moves cache.Moves

	// Ready are asked by /readyz.
	Ready []Check

	// Doing says in a line what is under way beside the answers to requests, for /readyz; nothing when nothing is. It may
	// be nil.
	Doing func() string

	// Limits bound how often somebody may ask. The zero value does not limit.
	Limits Limits

	// Limiter makes what counts for them, by name. Default: each server counts for itself.
	Limiter func(name string, r cache.Rate) cache.Limiter

	// TrustProxy says that a proxy in front sets X-Forwarded-For, whose last entry is then the client.
	TrustProxy bool

	// Bare keeps an unsigned answer without any rule. It is set for benchmarks only, and adds the addresses that they
	// compare the path of answers with.
	Bare func(ctx context.Context, question, respondent string, choice int) error

	// HoldLog stops the public log, or has it go on, when it has caught up. It is set together with Bare.
	HoldLog func(ctx context.Context, held bool) error

	// Heartbeat is how often a stream tells its client that it is alive, and finds out whether its API key or token still
	// serves. The default is 15 seconds; proxies end streams that are silent for longer than a minute or so.
	Heartbeat time.Duration

	Log *slog.Logger
	Now func() time.Time // default time.Now
}

// Check is a part of the server that must work for it to be ready.
type Check struct {
	Name  string
	Check func(context.Context) error
}

const (
	readTime       = 30 * time.Second // for a request to arrive
	idleTime       = 75 * time.Second // between two requests of a connection
	idleWorkerTime = 2 * time.Second  // for which a goroutine of a burst, with its stack, is kept for the next request
	shutdownTime   = 4 * time.Second  // for requests under way when Serve's context ends
	headerBytes    = 8 << 10

	// connectionsMax bounds what waiting requests take. Streams of events are not among them.
	connectionsMax = 20_000

	// streamsMax bounds what streams, and nodes that wait for work, take of this server: some kilobytes each.
	streamsMax = 50_000
)

// Server serves the API and the web app.
type Server struct {
	Deps
	app    *fiber.App
	huma   huma.API
	limits limiters
	tokens signer
	web    webApp

	logName string // of the public log
	bodies  *bodies
	drips   keyedMutex

	flights   singleflight.Group // what many read at once is read once
	heavy     chan struct{}      // of as many as may run at a time of what takes long
	trees     *lru.Cache[int64, *payoutTree]
	snapshots *lru.Cache[string, *wire.Snapshot]
	sums      atomic.Pointer[sums]

	operations []*huma.Operation // in the order in which they were registered

	// base is the parent of every request's context. It ends when Shutdown has waited long enough.
	base  context.Context
	abort context.CancelFunc

	streams sync.WaitGroup // event streams, which go on after their handlers

	stopped   chan struct{} // closed when Shutdown is done
	stopError error         // what it returned; set before stopped is closed

	mu       sync.Mutex // guards all below
	listener *listener
	stopping bool
	open     map[string]int // streams by the API key or the respondent that has them
	total    int            // all of them
}

// New returns a server that is not serving yet.
func New(d Deps) (*Server, error) {
	if d.Now == nil {
		d.Now = time.Now
	}
	if d.Limiter == nil {
		d.Limiter = func(_ string, r cache.Rate) cache.Limiter { return cache.NewLimiter(r, d.Now) }
	}
	if d.Moves == nil {
		d.Moves = cache.NewMoves(d.Now)
	}
	if d.Heartbeat == 0 {
		d.Heartbeat = lookAgain
	}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	if len(d.TokenSecret) != 32 {
		return nil, tasknet.NewError(tasknet.Internal, "bad_token_secret", "The token secret must have 32 bytes.")
	}
	web, err := newWebApp(d.Web, d.Node)
	if err != nil {
		return nil, err
	}
	trees, err := lru.New[int64, *payoutTree](treesKept)
	if err != nil {
		return nil, err
	}
	snapshots, err := lru.New[string, *wire.Snapshot](snapshotsKept)
	if err != nil {
		return nil, err
	}
	s := &Server{
		Deps: d, logName: polls.LogName(d.Instance), limits: newLimiters(d.Limits, d.Limiter), tokens: newSigner(d.TokenSecret), web: web, bodies: newBodies(largeBodies, d.Now),
		heavy: make(chan struct{}, heavyAtOnce), trees: trees, snapshots: snapshots, stopped: make(chan struct{}), open: make(map[string]int),
	}
	s.base, s.abort = context.WithCancel(context.Background()) //nolint:forbidigo // requests may outlast the context of whoever builds or runs the server
	s.app = fiber.New(fiber.Config{
		StrictRouting:                true,
		CaseSensitive:                true,
		Immutable:                    true, // strings of a request are kept: in caches, by subscriptions
		DisableStartupMessage:        true,
		DisablePreParseMultipartForm: true, // it would put uploads into temporary files
		BodyLimit:                    jsonBytesMax,
		ReadBufferSize:               headerBytes,
		ReadTimeout:                  readTime,
		IdleTimeout:                  idleTime,
		Concurrency:                  connectionsMax,
		ErrorHandler:                 s.handleError,
	})
	s.app.Server().HeaderReceived = s.bodyLimit
	s.app.Server().KeepHijackedConns = true // takeOver closes them
	s.app.Server().MaxIdleWorkerDuration = idleWorkerTime
	s.app.Use(s.edge)
	s.routes()
	return s, nil
}

// Serve answers requests that come to ln until ctx ends or Shutdown is called, and then stops as Shutdown does.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	perAddress := s.Limits.Connections
	if s.TrustProxy {
		perAddress = 0
	}
	l := newListener(ln, perAddress)
	s.mu.Lock()
	s.listener = l
	if s.stopping {
		l.Close()
	}
	s.mu.Unlock()

	s.app.Handler() // makes Fiber build its routing tables
	server := s.app.Server()
	server.Handler = onlyKnownMethods(server.Handler, s.app)
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	select {
	case err := <-served:
		return errors.Join(err, s.stop(ctx))
	case <-ctx.Done():
		return errors.Join(s.stop(ctx), <-served)
	}
}

func (s *Server) stop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	return s.Shutdown(ctx)
}

// Shutdown ends streams and long polls, takes no more connections, and waits for requests that are under way. What is
// not done when ctx ends is cut off, which is logged and no error: a client can be as slow as it likes. Calling it before
// Serve is fine; calling it again waits for the first.
func (s *Server) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	first := !s.stopping
	s.stopping = true
	l := s.listener
	s.mu.Unlock()
	if !first {
		select {
		case <-s.stopped:
			return s.stopError
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	s.stopError = s.shutdown(ctx, l)
	close(s.stopped)
	return s.stopError
}

func (s *Server) shutdown(ctx context.Context, l *listener) error {
	defer s.abort()
	s.Hub.Close()
	s.Presence.Close()
	if s.Pipeline != nil { // some tests do without
		s.Pipeline.EndWaits()
	}
	if l == nil {
		return nil
	}
	l.Close()
	l.closeUnused() // browsers open connections ahead of time
	err := errors.Join(s.app.Server().ShutdownWithContext(ctx), s.waitForStreams(ctx))
	if err != nil {
		s.Log.Warn("requests were cut off by the shutdown", "error", err)
		s.abort()
		l.closeAll()
		if errors.Is(err, ctx.Err()) {
			err = nil
		}
	}
	s.streams.Wait() // which have lost their connections
	return err
}

// waitForStreams waits until all streams have ended, which the server below does not wait for, or ctx has.
func (s *Server) waitForStreams(ctx context.Context) error {
	ended := make(chan struct{})
	go func() {
		s.streams.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// isStopping reports whether the server takes no more requests.
func (s *Server) isStopping() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stopping
}

// startStream counts a stream in of an API key or a respondent, or reports that the server is stopping or that they, or all, have
// as many as they may; zero does not limit them.
func (s *Server) startStream(owner string, most int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping {
		return cache.ErrHubClosed
	}
	if most > 0 && s.open[owner] >= most || s.total >= streamsMax {
		return &limited{errStreams, s.Heartbeat} // by then a stream whose client is gone has ended
	}
	s.open[owner]++
	s.total++
	s.streams.Add(1)
	return nil
}

// endStream counts a stream out.
func (s *Server) endStream(owner string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.total--
	if s.open[owner]--; s.open[owner] == 0 {
		delete(s.open, owner)
	}
	s.streams.Done()
}
