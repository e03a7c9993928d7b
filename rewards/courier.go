package rewards

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"slices"
	"time"

	"github.com/tasknet/tasknet/rewards/merkle"
)

// OracleChain is what bringing verdicts needs of an EVM chain; see Chain for what its methods have in common.
type OracleChain interface {
	Info() ChainInfo
	Roots(ctx context.Context) (Roots, error)
	GasPrice(ctx context.Context) (*big.Int, error)

	// OracleVerdict returns what an oracle has of a contract's question, and whether the asker was called with it and took it.
	OracleVerdict(ctx context.Context, oracle Address, id Hash) (v OracleVerdict, delivered bool, err error)

	// Fulfil brings a verdict, with its proof under the header of the root in force. The asker is called once; that this fails is
	// no error. ErrNotInForce when another root has come into force.
	Fulfil(ctx context.Context, oracle Address, h Header, id Hash, v OracleVerdict, proof [][32]byte) (Mined, error)

	// Deliver has the oracle call an asker again that did not take its verdict.
	Deliver(ctx context.Context, oracle Address, id Hash) (Mined, error)
}

// CourierStore is what a Courier needs of a store.
type CourierStore interface {
	RequestStore
	Epoch(ctx context.Context, number int64) (Epoch, error)
}

// CourierConfig tunes a Courier.
type CourierConfig struct {
	// Poll is how often verdicts are looked for that can be brought. Default 2 seconds.
	Poll time.Duration

	// Retry is how long to wait before a failed call of an asker is tried again, or a failed Recheck, doubled with each try. Default
	// one minute.
	Retry time.Duration

	// Recheck is how often oracles are asked whether they still have the verdicts that were brought last. A re-organisation that
	// goes deeper than the confirmations takes some back. Shorter costs more reads. Default one hour.
	Recheck time.Duration

	// Relay says whose verdicts are worth their gas, by what the asker paid in. Default: all of those that people answered. The
	// word that there is no verdict is brought on the dev chain only: nobody was paid for it, and anybody can bring it.
	Relay Relay

	// Now is the clock. Default time.Now.
	Now func() time.Time

	// Log gets what an operator should see. Default: nothing is logged.
	Log *slog.Logger
}

// Courier brings verdicts to the contracts that asked, once the header is in force that proves them. What it does can be
// done by anybody: the oracle takes a verdict once, whoever brings it, and a Courier that starts anew looks there first.
type Courier struct {
	store  CourierStore
	chain  OracleChain
	cfg    CourierConfig
	unread map[Hash]bool // requests whose verdicts could not be looked at again; of who runs Recheck
}

const (
	// deliverTries is how often an asker is called again that does not take its verdict; from then on it is others' to do.
	deliverTries = 5

	// broughtAtOnce is how many requests are looked at in one go.
	broughtAtOnce = 100

	// rechecked is how many verdicts are looked at again, those that were fixed last.
	rechecked = 200

	// uncheckedMost is how many of them may fail in one go: each may take as long as a node that is away is waited for.
	uncheckedMost = 3

	// fulfilGas is what a verdict costs at most beside the call of the asker.
	fulfilGas = 200_000

	// dearWait is how long a verdict waits that costs too much, before the price of gas is looked at again.
	dearWait = 10 * time.Minute
)

// NewCourier returns a Courier over a store and a chain.
func NewCourier(store CourierStore, chain OracleChain, cfg CourierConfig) *Courier {
	if cfg.Poll == 0 {
		cfg.Poll = 2 * time.Second
	}
	if cfg.Retry == 0 {
		cfg.Retry = time.Minute
	}
	if cfg.Recheck == 0 {
		cfg.Recheck = time.Hour
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Courier{store: store, chain: chain, cfg: cfg, unread: make(map[Hash]bool)}
}

// Run brings verdicts until ctx ends. What fails is tried again, and logged when it begins and at growing intervals.
func (c *Courier) Run(ctx context.Context) error {
	tick := time.NewTicker(c.cfg.Poll)
	defer tick.Stop()
	var bringing, looking complaint
	var recheck time.Time
	for {
		if now := c.cfg.Now(); !now.Before(recheck) {
			err := c.Recheck(ctx)
			tell, failures := looking.about(err, now)
			switch {
			case !tell || ctx.Err() != nil:
			case err != nil:
				c.cfg.Log.Error("verdicts that were brought will be looked at again later", "error", err, "failures", failures)
			default:
				c.cfg.Log.Info("verdicts that were brought are all looked at", "failures", failures)
			}
			recheck = now.Add(c.cfg.Recheck)
			if err != nil { // not at each poll: hundreds of verdicts may be read each time
				recheck = now.Add(min(c.cfg.Recheck, c.cfg.Retry<<min(failures-1, 6)))
			}
		}
		err := c.Bring(ctx)
		switch tell, failures := bringing.about(err, c.cfg.Now()); {
		case !tell || ctx.Err() != nil:
		case err != nil:
			c.cfg.Log.Error("verdicts will be brought to contracts later", "error", err, "failures", failures)
		default:
			c.cfg.Log.Info("verdicts are brought to contracts again", "failures", failures)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Bring brings all verdicts that can be brought now.
func (c *Courier) Bring(ctx context.Context) error {
	due, err := c.store.RequestsDue(ctx, c.cfg.Now(), deliverTries, broughtAtOnce)
	if err != nil || len(due) == 0 {
		return err
	}
	proofs, err := c.inForce(ctx)
	if err != nil {
		return err
	}
	var failed error
	for i := range due {
		r := &due[i]
		err := c.bring(ctx, r, proofs)
		if errors.Is(err, ErrNotInForce) { // since it was looked at: the next look has the newer one
			continue
		}
		if err != nil && ctx.Err() == nil {
			failed = errors.Join(failed, fmt.Errorf("request %x: %w", r.ID, err))
			if err := c.store.TriedRequest(ctx, r.ID, c.later(r)); err != nil {
				return errors.Join(failed, err)
			}
		}
	}
	return failed
}

// Recheck looks whether oracles have the verdicts that were brought last, and have them to be brought again that they have no
// more. Whether an asker took its verdict is recorded as it is by now. It gives up when some fail; those come last the next
// time, so that one which always fails hides none.
func (c *Courier) Recheck(ctx context.Context) error {
	brought, err := c.store.RequestsFulfilled(ctx, rechecked)
	if err != nil {
		return err
	}
	last := func(r Request) int {
		if c.unread[r.ID] {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(brought, func(a, b Request) int { return cmp.Compare(last(a), last(b)) })
	for i, failed := 0, 0; i < len(brought) && failed < uncheckedMost; i++ {
		r := &brought[i]
		delete(c.unread, r.ID)
		if one := c.recheck(ctx, r); one != nil {
			c.unread[r.ID] = true
			failed++
			err = errors.Join(err, fmt.Errorf("request %x: %w", r.ID, one))
		}
	}
	return err
}

// recheck looks at one verdict again.
func (c *Courier) recheck(ctx context.Context, r *Request) error {
	has, delivered, err := c.chain.OracleVerdict(ctx, r.Ask.Oracle, r.ID)
	switch {
	case err != nil:
		return err
	case has.Outcome == OutcomeNone:
		c.cfg.Log.Warn("the chain has taken back a contract's verdict; it is brought again", "request", fmt.Sprintf("%x", r.ID))
		err = c.store.UnfulfilRequest(ctx, r.ID)
	case delivered != r.Delivered:
		err = c.store.FulfilRequest(ctx, r.ID, delivered, c.cfg.Now())
	}
	if errors.Is(err, ErrRequestMoved) {
		return nil
	}
	return err
}

// NextTry returns when the Courier tries again to bring a verdict that can be brought, or to have its asker called; false when it
// does not.
func (r *Request) NextTry() (time.Time, bool) {
	waits := r.State == RequestClosed || r.State == RequestFulfilled && r.Ask.CallbackGas > 0 && !r.Delivered && r.Tries < deliverTries
	return r.Next, waits && !r.Gone
}

// later is when something that failed is tried again.
func (c *Courier) later(r *Request) time.Time {
	return c.cfg.Now().Add(c.cfg.Retry << min(r.Tries, 6))
}

// provable is what the root in force proves.
type provable struct {
	header Header
	places map[Hash]int // of requests in the tree
	tree   *merkle.HashTree
}

// inForce returns the verdicts that the root in force proves: none when it is not one of ours.
func (c *Courier) inForce(ctx context.Context) (p provable, err error) {
	roots, err := c.chain.Roots(ctx)
	if err != nil {
		return p, err
	}
	e, err := c.store.Epoch(ctx, roots.Epoch)
	if errors.Is(err, ErrNoEpoch) {
		return p, nil
	}
	if err != nil {
		return p, err
	}
	if p.header = e.Header(c.chain.Info()); p.header.Hash() != roots.Header {
		return p, nil
	}
	requests, err := c.store.VerdictsIn(ctx, e.Number)
	if err != nil {
		return p, err
	}
	p.tree, p.places = VerdictsTree(requests), make(map[Hash]int, len(requests))
	for i := range requests {
		p.places[requests[i].ID] = i
	}
	return p, nil
}

// bring brings one verdict, or has its asker called again. What the chain says is recorded, whoever did it.
func (c *Courier) bring(ctx context.Context, r *Request, proofs provable) error {
	place, provable := proofs.places[r.ID]
	if r.State == RequestClosed && !provable { // its header is not in force yet
		return nil
	}
	has, delivered, err := c.chain.OracleVerdict(ctx, r.Ask.Oracle, r.ID)
	if err != nil {
		return err
	}
	if has.Outcome != OutcomeNone && has != r.Verdict {
		c.cfg.Log.Error("an oracle has another verdict than ours", "request", fmt.Sprintf("%x", r.ID), "has", has, "ours", r.Verdict)
	}
	if has.Outcome == OutcomeNone || r.State == RequestFulfilled && !delivered {
		ready, err := c.worth(ctx, r)
		if err != nil {
			return err
		}
		if !ready {
			return c.store.TriedRequest(ctx, r.ID, c.cfg.Now().Add(dearWait))
		}
		if has.Outcome == OutcomeNone {
			_, err = c.chain.Fulfil(ctx, r.Ask.Oracle, proofs.header, r.ID, r.Verdict, proofs.tree.Proof(place))
		} else {
			_, err = c.chain.Deliver(ctx, r.Ask.Oracle, r.ID)
		}
		if err != nil {
			return err
		}
		if has, delivered, err = c.chain.OracleVerdict(ctx, r.Ask.Oracle, r.ID); err != nil {
			return err
		}
	}
	switch {
	case has.Outcome == OutcomeNone: // the chain took it back
		return c.store.TriedRequest(ctx, r.ID, c.cfg.Now())
	case r.State == RequestClosed || delivered:
		c.cfg.Log.Info("a contract has its verdict", "request", fmt.Sprintf("%x", r.ID), "delivered", delivered)
		return c.store.FulfilRequest(ctx, r.ID, delivered, c.later(r))
	}
	c.cfg.Log.Warn("a contract does not take its verdict", "request", fmt.Sprintf("%x", r.ID), "asker", fmt.Sprintf("0x%x", r.Asker), "tries", r.Tries+1, "of", deliverTries)
	return c.store.TriedRequest(ctx, r.ID, c.later(r))
}

// worth reports whether a verdict is worth the gas, by what was paid for it.
func (c *Courier) worth(ctx context.Context, r *Request) (bool, error) {
	relay := c.cfg.Relay
	if relay.Share == 0 && c.chain.Info().Dev { // where gas costs nothing
		return true, nil
	}
	if relay.Share == 0 || r.Verdict.Answers == 0 {
		return r.Verdict.Answers > 0, nil
	}
	price, err := c.chain.GasPrice(ctx)
	if err != nil {
		return false, err
	}
	paid, err := c.chain.Info().Amount(r.Ask.Payment)
	if err != nil {
		return true, nil //nolint:nilerr // more than an amount can say
	}
	return relay.affords(paid, fulfilGas+r.Ask.CallbackGas, price), nil
}
