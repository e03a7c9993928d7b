package verify

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
)

// ErrNotPublished reports a root whose epoch is not in the records, which may be older than the root.
var ErrNotPublished = tasknet.NewError(tasknet.NotFound, "epoch_not_published", "The records do not have the epoch of this root, or its header, yet.")

// Root verifies an instance as Run does, and that a header which was posted is the one that its records give. The error is a
// *Mismatch when it is not, or when a record before it does not fit; ErrNotPublished when the records do not have it.
func Root(ctx context.Context, s Source, cfg Config, posted rewards.Header) error {
	var given *rewards.Header
	cfg.header = func(h rewards.Header) {
		if h.Epoch == posted.Epoch {
			given = &h
		}
	}
	cfg.otherRoots = true
	if _, err := Run(ctx, s, cfg); err != nil {
		return err
	}
	if given == nil {
		return fmt.Errorf("epoch %d: %w", posted.Epoch, ErrNotPublished)
	}
	for _, f := range []struct {
		field         string
		expected, got any
	}{
		{"payouts", hashText(given.Payouts), hashText(posted.Payouts)},
		{"total", given.Total.String(), posted.Total.String()},
		{"spending", hashText(given.Spending), hashText(posted.Spending)},
		{"spent", given.Spent.String(), posted.Spent.String()},
		{"verdicts", hashText(given.Verdicts), hashText(posted.Verdicts)},
		{"through", given.Through, posted.Through},
		{"log size", given.LogSize, posted.LogSize},
		{"log root", hashText(given.LogRoot), hashText(posted.LogRoot)},
	} {
		if f.expected != f.got {
			return &Mismatch{"epoch", fmt.Sprint(posted.Epoch), "posted " + f.field, fmt.Sprint(f.expected), fmt.Sprint(f.got)}
		}
	}
	return nil
}

// Stake is a vault on a chain, with a key that has a bond there.
type Stake interface {
	Chain

	// Posted returns the header with which a root was posted.
	Posted(ctx context.Context, epoch int64, header rewards.Hash) (rewards.Header, error)

	// Left returns how long it is until the pending root takes effect unless it is blocked, of how long in all.
	Left(ctx context.Context) (left, delay time.Duration, err error)

	// BlockRoot stops the pending root, whose header is given, and puts the bond at stake for that.
	BlockRoot(ctx context.Context, h rewards.Header, evidence rewards.Hash) (rewards.Mined, error)
}

// Open opens the records for one look.
type Open func(ctx context.Context) (s Source, closes func() error, err error)

// WatcherConfig tunes a Watcher.
type WatcherConfig struct {
	// Keep saves the evidence against a root before it is blocked: a file for the adjudicator, of which the vault keeps the
	// SHA-256. Required.
	Keep func(name string, evidence []byte) error

	// Room is how long before a root takes effect it is blocked when the records do not explain it. It has to be enough for two
	// looks and a transaction. Default: a quarter of the vault's delay.
	Room time.Duration
}

// Watcher blocks roots that are not what the public records give, and tells of one in force that is not.
type Watcher struct {
	stake   Stake
	cfg     WatcherConfig
	met     rewards.Hash // the header that waits, or waited last
	late    bool         // it was met when less than Room was left
	fits    rewards.Hash // the header that was found right last while it waited
	right   rewards.Hash // the one that was found right last in force
	doubt   Evidence     // what was found wrong last with a root that waits
	doubted Evidence     // what was found wrong last with one in force
	wrong   Look         // at the root in force that was found wrong twice
}

// NewWatcher returns a Watcher.
func NewWatcher(stake Stake, cfg WatcherConfig) *Watcher {
	return &Watcher{stake: stake, cfg: cfg}
}

// Evidence says what is wrong with a root.
type Evidence struct {
	Chain  int64     `json:"chain"`
	Vault  string    `json:"vault"`
	Epoch  int64     `json:"epoch"`
	Header string    `json:"header"` // its hash
	Wrong  *Mismatch `json:"wrong"`
}

// Finding says what a look at a root came to.
type Finding string

// The findings.
const (
	NoRoot         Finding = "no_root"         // there is none
	Fits           Finding = "fits"            // it is what the records give
	Unread         Finding = "unread"          // the records could not be read, or do not show whether it is right
	Doubted        Finding = "doubted"         // it is wrong; the next look says so for good, if that finds the same
	Blocked        Finding = "blocked"         // it was wrong twice, and is blocked by this look
	BlockedAlready Finding = "blocked_already" // it was blocked before
	WrongInForce   Finding = "wrong_in_force"  // it was wrong twice, and cannot be blocked any more
)

// Look is what a watcher sees.
type Look struct {
	Finding  Finding      `json:"finding"`
	InForce  bool         `json:"in_force"`       // it is about the root in force, not the one that waits
	Late     bool         `json:"late,omitempty"` // the watcher met the root too late to read the records, and does not block for that
	Epoch    int64        `json:"epoch,omitempty"`
	Wrong    *Mismatch    `json:"wrong,omitempty"`
	Unread   error        `json:"-"`
	File     string       `json:"file,omitempty"` // with the evidence
	Evidence rewards.Hash `json:"-"`
	Tx       rewards.Hash `json:"-"`
}

// Open reports whether another look at the same root may find something else.
func (l Look) Open() bool { return l.Finding == Unread || l.Finding == Doubted }

// errLate reports records that were not read before a look had to end.
var errLate = tasknet.NewError(tasknet.Unavailable, "records_late", "The records could not be read in the time that was left for it.")

// Look looks at the root that waits, if one does, and blocks it when it is wrong by the records, and was already wrong at the look
// before: what a server shows while it works, or a node that is behind, may be wrong once. What could not be read, or is not there,
// is no reason to block until the root is about to take effect: a server writes a root down in its records before it posts it, and
// to withhold them must not be a way to get a wrong one through. A watcher that met the root with less than Room left does not block
// it because the records took longer: that may be its own fault, and cost it the bond. The error is of the chain.
func (w *Watcher) Look(ctx context.Context, open Open) (Look, error) {
	roots, err := w.stake.Roots(ctx)
	switch {
	case err != nil:
		return Look{}, err
	case roots.NextEpoch == 0:
		w.met = rewards.Hash{} // a void root may be posted again
		return Look{Finding: NoRoot}, nil
	case roots.Blocked:
		return Look{Finding: BlockedAlready, Epoch: roots.NextEpoch}, nil
	case roots.Next == w.fits:
		return Look{Finding: Fits, Epoch: roots.NextEpoch}, nil
	}
	posted, err := w.stake.Posted(ctx, roots.NextEpoch, roots.Next)
	if err != nil {
		return Look{}, err
	}
	left, delay, err := w.stake.Left(ctx)
	if err != nil {
		return Look{}, err
	}
	room := w.Room(delay)
	if w.met != roots.Next {
		w.met, w.late = roots.Next, left <= room
	}
	node := &node{Stake: w.stake}
	err = reading(ctx, max(left-room, left/3), open, func(ctx context.Context, s Source) error {
		return Root(ctx, s, Config{Chain: node}, posted)
	})
	wrong, isWrong := errors.AsType[*Mismatch](err)
	switch {
	case err == nil:
		w.fits = roots.Next
		return Look{Finding: Fits, Epoch: posted.Epoch}, nil
	case ctx.Err() != nil:
		return Look{}, ctx.Err()
	case isWrong && wrong.aboutMoney():
	case node.failed != nil && !errors.Is(err, errLate):
		return Look{}, node.failed
	case left > room:
		return Look{Finding: Unread, Epoch: posted.Epoch, Wrong: wrong, Unread: err}, nil
	case w.late && errors.Is(err, errLate):
		return Look{Finding: Unread, Late: true, Epoch: posted.Epoch, Unread: err}, nil
	default:
		wrong = &Mismatch{"records", fmt.Sprintf("of epoch %d", posted.Epoch), "header", "one that can be recomputed before the root takes effect", err.Error()}
	}
	found := w.evidence(posted.Epoch, roots.Next, wrong)
	if !w.doubt.confirmed(found) && (left > room || w.doubt.Header != found.Header) { // records that are wrong in another way each time gain no time
		w.doubt = found
		return Look{Finding: Doubted, Epoch: posted.Epoch, Wrong: wrong}, nil
	}
	return w.block(ctx, posted, found)
}

// InForce looks at the root in force, which nobody can block: a watcher that came too late, or was outwitted, says so. Like Look it
// takes two looks to call a root wrong; the evidence is saved. The error is of the chain.
func (w *Watcher) InForce(ctx context.Context, open Open) (Look, error) {
	roots, err := w.stake.Roots(ctx)
	switch {
	case err != nil:
		return Look{}, err
	case roots.Epoch == 0:
		return Look{Finding: NoRoot, InForce: true}, nil
	case roots.Header == w.right || roots.Header == w.fits:
		w.right = roots.Header
		return Look{Finding: Fits, InForce: true, Epoch: roots.Epoch}, nil
	case w.wrong.Epoch == roots.Epoch:
		return w.wrong, nil
	}
	_, delay, err := w.stake.Left(ctx)
	if err != nil {
		return Look{}, err
	}
	node := &node{Stake: w.stake}
	given := false
	cfg := Config{Chain: node, header: func(h rewards.Header) { given = given || h.Epoch == roots.Epoch && h.Hash() == roots.Header }}
	err = reading(ctx, w.Room(delay), open, func(ctx context.Context, s Source) error { // the next root may be posted meanwhile
		_, err := Run(ctx, s, cfg)
		return err
	})
	wrong, isWrong := errors.AsType[*Mismatch](err)
	switch {
	case err == nil, given && isWrong && wrong.Kind != "chain": // what is wrong comes after it
		w.right = roots.Header
		return Look{Finding: Fits, InForce: true, Epoch: roots.Epoch}, nil
	case ctx.Err() != nil:
		return Look{}, ctx.Err()
	case node.failed != nil && !errors.Is(err, errLate):
		return Look{}, node.failed
	case !isWrong || !wrong.aboutMoney():
		return Look{Finding: Unread, InForce: true, Epoch: roots.Epoch, Wrong: wrong, Unread: err}, nil
	}
	found := w.evidence(roots.Epoch, roots.Header, wrong)
	if !w.doubted.confirmed(found) {
		w.doubted = found
		return Look{Finding: Doubted, InForce: true, Epoch: roots.Epoch, Wrong: wrong}, nil
	}
	out := Look{Finding: WrongInForce, InForce: true, Epoch: roots.Epoch, Wrong: wrong}
	if _, err := w.save(&out, found); err != nil {
		return Look{}, err
	}
	w.wrong = out
	return out, nil
}

// Room returns how long before a root takes effect it is blocked when the records do not explain it, in a vault with a delay.
func (w *Watcher) Room(delay time.Duration) time.Duration {
	if w.cfg.Room > 0 {
		return w.cfg.Room
	}
	return delay / 4
}

// reading opens the records and reads them, for so long at most.
func reading(ctx context.Context, most time.Duration, open Open, read func(context.Context, Source) error) (err error) {
	within, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	defer func() {
		if err != nil && within.Err() != nil && ctx.Err() == nil {
			err = fmt.Errorf("%w (%w)", errLate, err)
		}
	}()
	s, closes, err := open(within)
	if err != nil {
		return err
	}
	return errors.Join(read(within, s), closes())
}

// node is a vault that remembers that it could not be asked, which is not the fault of records. What waits in it is for the watcher
// to compare.
type node struct {
	Stake
	failed error
}

func (n *node) Roots(ctx context.Context) (rewards.Roots, error) {
	roots, err := n.Stake.Roots(ctx)
	n.failed = errors.Join(n.failed, err)
	return rewards.Roots{Epoch: roots.Epoch, Header: roots.Header}, err
}

func (n *node) Claimed(ctx context.Context, addresses []rewards.Address) ([]*big.Int, error) {
	claimed, err := n.Stake.Claimed(ctx, addresses)
	n.failed = errors.Join(n.failed, err)
	return claimed, err
}

func (n *node) Events(ctx context.Context, from int64) ([]rewards.Event, rewards.Look, error) {
	events, through, err := n.Stake.Events(ctx, from)
	n.failed = errors.Join(n.failed, err)
	return events, through, err
}

func (w *Watcher) evidence(epoch int64, header rewards.Hash, wrong *Mismatch) Evidence {
	info := w.stake.Info()
	return Evidence{info.ID, polls.Wallet(info.Vault).String(), epoch, hashText(header), wrong}
}

// confirmed reports whether another look at the same root found the same.
func (e Evidence) confirmed(by Evidence) bool {
	return e.Header == by.Header && e.Wrong.Kind == by.Wrong.Kind && e.Wrong.ID == by.Wrong.ID && e.Wrong.Field == by.Wrong.Field
}

func (w *Watcher) block(ctx context.Context, posted rewards.Header, found Evidence) (Look, error) {
	out := Look{Finding: Blocked, Epoch: posted.Epoch, Wrong: found.Wrong}
	evidence, err := w.save(&out, found)
	if err != nil {
		return Look{}, err
	}
	mined, err := w.stake.BlockRoot(ctx, posted, evidence)
	out.Tx = mined.Tx
	return out, err
}

// save keeps the evidence that a look found.
func (w *Watcher) save(l *Look, found Evidence) (rewards.Hash, error) {
	text, err := json.MarshalIndent(found, "", "  ")
	if err != nil {
		return rewards.Hash{}, err
	}
	l.Evidence = sha256.Sum256(text)
	l.File = fmt.Sprintf("evidence-%d-%s.json", found.Epoch, hashText(l.Evidence)[:16])
	return l.Evidence, w.cfg.Keep(l.File, text)
}

// aboutMoney reports whether a record that does not fit makes a root wrong. What an instance says of itself, sums for its front
// page, its log and a damaged file do not.
func (m *Mismatch) aboutMoney() bool {
	switch m.Kind {
	case "instance", "totals", "log", "file":
		return false
	}
	return m.Field != "log"
}
