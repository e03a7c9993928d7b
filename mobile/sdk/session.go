package sdk

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/tasknet/tasknet/server/client"
)

// Session is a person with a device at a server. All of its methods may be called by any thread. Those that take a Cancel wait
// for the server, so that no thread that draws a screen may call them; Answer and AnswerValue wait for the disk.
type Session struct {
	server  string
	secrets SecureStore
	tell    Listener
	folder  *folder
	http    *http.Client
	clock   *clock
	bell    *bell

	ctx    context.Context // ends with the session
	end    context.CancelFunc
	life   sync.WaitGroup // of goroutines and calls
	shut   func()         // ends all that is under way, once
	closed func() error   // shuts and gives the folder back, once

	reaching turn // while the server is being reached
	looking  turn // while the public log is being looked into: two at once could keep the older checkpoint

	look chan struct{} // of capacity 1: the log may be looked into soon

	mu      sync.Mutex
	ending  bool               // guarded by mu: nothing may begin any more
	keys    client.Keys        // guarded by mu
	known   known              // guarded by mu
	taste   client.Taste       // guarded by mu: its lists are never written to
	person  *client.Respondent // guarded by mu: nil while nothing is known of the server
	node    string             // guarded by mu: of the chain, that the app trusts; "" for none
	reached bool               // guarded by mu: the server was asked since the session was opened, and the device is registered there

	leases leases
	outbox outbox
}

// Open opens the session that a folder keeps, or begins one: it makes a wallet and a device key where the store has none, and
// sends what waits, and looks into the server's public log now and then. It does not wait for the server. Every session needs a folder of its own; it holds no secret. Close it.
func Open(folder, server string, secrets SecureStore, listener Listener) (*Session, error) {
	s, err := open(folder, server, secrets, listener, time.Now, lookRest)
	return s, typed(err)
}

func open(path, server string, secrets SecureStore, listener Listener, wall func() time.Time, rest time.Duration) (*Session, error) {
	s := &Session{server: server, secrets: secrets, tell: listener, reaching: make(turn, 1), looking: make(turn, 1), look: make(chan struct{}, 1)}
	transport := &http.Transport{
		Proxy: http.ProxyFromEnvironment, DialContext: (&net.Dialer{Timeout: 10 * time.Second}).DialContext, TLSHandshakeTimeout: 10 * time.Second,
		MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true,
	}
	s.clock = &clock{next: transport, wall: wall}
	s.http = &http.Client{Transport: s.clock}
	if _, err := s.newClient(); err != nil {
		return nil, err
	}
	var err error
	if s.folder, err = openFolder(path); err != nil {
		return nil, err
	}
	if err := finishErasure(s.folder, secrets); err != nil {
		return nil, errors.Join(err, s.folder.close())
	}
	s.ctx, s.end = context.WithCancel(context.Background()) //nolint:forbidigo // a platform's caller has no context to give
	if err := s.load(); err != nil {
		s.end()
		return nil, errors.Join(err, s.folder.close())
	}
	s.bell = newBell()
	s.shut = sync.OnceFunc(func() {
		s.mu.Lock()
		s.ending = true
		s.mu.Unlock()
		s.end()
		s.life.Wait()
		s.bell.close()
		transport.CloseIdleConnections()
	})
	s.closed = sync.OnceValue(func() error {
		s.shut()
		return errors.Join(s.outbox.log.close(), s.folder.close())
	})
	for _, kept := range s.outbox.damaged {
		s.say(func() { s.tell.Refused(text(kept)) })
	}
	s.life.Go(s.send)
	s.life.Go(s.watchLeases)
	s.life.Go(func() { s.watchLog(rest) })
	return s, nil
}

// load reads the keys and all that the folder keeps.
func (s *Session) load() (err error) {
	if s.keys, err = loadKeys(s.secrets); err != nil {
		return err
	}
	if err := s.loadKnown(); err != nil {
		return err
	}
	if err := s.loadTaste(); err != nil {
		return err
	}
	if err := s.loadOutbox(); err != nil {
		return err
	}
	if err := s.loadLeases(); err != nil {
		return errors.Join(err, s.outbox.log.close())
	}
	return nil
}

// Close ends what is under way and all background work, and waits for it; no listener is called after it, though a call that is
// under way may go on. What waits is sent when the session is opened again.
func (s *Session) Close() error { return typed(s.closed()) }

// Device returns the device's public key, 64 hex digits.
func (s *Session) Device() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.keys.DeviceKey().String()
}

// BackUpWallet returns the wallet's key, 64 hex digits, with which RestoreWallet makes a session of the same person on another
// phone. Who has it has the money.
func (s *Session) BackUpWallet() (string, error) {
	secret, err := s.secrets.Get(WalletSecret)
	return secret, typed(err)
}

// newClient returns a client of the server that knows nothing of it yet.
func (s *Session) newClient() (*client.Client, error) {
	return client.New(s.server, client.Config{HTTP: s.http, Now: s.clock.now})
}

// begin counts a call in. errClosed.
func (s *Session) begin(c *Cancel) (ctx context.Context, end func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ending {
		return nil, nil, errClosed
	}
	s.life.Add(1)
	ctx, cancel := c.under(s.ctx)
	return ctx, func() { cancel(); s.life.Done() }, nil
}

// turn is of those who come one after the other; its capacity is 1. Who waits for it can be cancelled.
type turn chan struct{}

func (t turn) take(ctx context.Context) error {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t turn) pass() { <-t }

// say has the listener called.
func (s *Session) say(f func()) { s.bell.ring(f) }

// ask has the server asked by the person, and returns its reply as JSON.
func ask[T any](s *Session, c *Cancel, f func(context.Context, *client.Respondent) (T, error)) (string, error) {
	out, err := reply(s, c, f)
	if err != nil {
		return "", err
	}
	return text(out), nil
}

func reply[T any](s *Session, c *Cancel, f func(context.Context, *client.Respondent) (T, error)) (out T, err error) {
	ctx, end, err := s.begin(c)
	if err != nil {
		return out, err
	}
	defer end()
	person, err := s.reach(ctx)
	if err == nil {
		out, err = f(ctx, person)
	}
	if err != nil && s.ctx.Err() != nil {
		err = errClosed
	}
	if err == nil {
		s.outbox.hurry() // there is a network
	}
	return out, typed(err)
}

// text writes JSON of a type that can always be written.
func text(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(raw)
}
