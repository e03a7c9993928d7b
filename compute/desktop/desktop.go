package desktop

import (
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/tasknet/tasknet/compute/desktop/machine"
	"github.com/tasknet/tasknet/compute/worker"
	"github.com/tasknet/tasknet/server/wire"
)

// Node is a stay at a server, which begins with joining it. *worker.Worker is its heart.
type Node interface {
	// Run works until ctx ends, and gives back then what it works on; or until that is done, when Leave was called.
	Run(ctx context.Context) error
	Leave()

	// Earnings is what the owner's wallet has earned at the server.
	Earnings(ctx context.Context) (wire.Earnings, error)

	// Stake is what the wallet has at stake there for the work of its nodes; nil where nobody stakes anything.
	Stake(ctx context.Context) (*wire.MyStake, error)
}

// Config is what a Desktop needs of its surroundings.
type Config struct {
	Folder   string   // of settings, history, and the link of the page
	Defaults Settings // where there is no file of settings yet
	Has      Has
	Wallet   string
	Version  string
	Journal  *Journal

	// Join begins a stay at the server of the settings.
	Join func(ctx context.Context, s Settings, tell func(worker.Event)) (Node, error)

	// Machine reads how the computer is doing; one call at a time.
	Machine func(ctx context.Context) machine.State

	// Autostart says whether the program starts with the computer, and SetAutostart has it so. Nil where that cannot be set.
	Autostart    func() (bool, error)
	SetAutostart func(on bool) error

	// LookEvery is how often the computer is read. Default five seconds.
	LookEvery time.Duration

	// Now is the time, in the computer's zone. Default: time.Now.
	Now func() time.Time
}

// Desktop has a node work when its owner wants it to.
type Desktop struct {
	cfg  Config
	log  *slog.Logger
	keys *keys

	wake chan struct{} // that it should decide anew

	mu       sync.Mutex // guards what follows
	settings Settings
	finish   bool // pause when what it works on is done
	state    machine.State
	read     bool // state is known
	why      Decision
	at       *stay     // nil: at no server
	problem  string    // why the last stay did not begin
	failed   int       // stays that did not begin since one did
	again    time.Time // when one is tried again
	now      *Doing
	earned   *wire.Earnings
	stake    *wire.MyStake
	measured *Measured
	history  []Past
	watchers map[chan struct{}]bool
}

// File names in the folder.
const (
	settingsFile = "settings.json"
	historyFile  = "history.json"
	journalFile  = "log.txt"
	linkFile     = "page.url"
)

// JournalPath is where the journal of a folder lies.
func JournalPath(folder string) string { return filepath.Join(folder, journalFile) }

// New reads the settings and the history. Settings that make no sense are an error, and nothing is done.
func New(cfg Config) (*Desktop, error) {
	if cfg.LookEvery == 0 {
		cfg.LookEvery = 5 * time.Second
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	d := &Desktop{cfg: cfg, log: cfg.Journal.Log(), keys: &keys{path: filepath.Join(cfg.Folder, linkFile)}, wake: make(chan struct{}, 1), watchers: map[chan struct{}]bool{}}
	var err error
	if d.settings, err = LoadSettings(filepath.Join(cfg.Folder, settingsFile), cfg.Defaults); err != nil {
		return nil, err
	}
	if d.history, err = readHistory(filepath.Join(cfg.Folder, historyFile)); err != nil {
		d.log.Warn("what was done before cannot be read, and is forgotten", "error", err)
		d.history = nil
	}
	return d, nil
}

// Live returns all that the page shows.
func (d *Desktop) Live() Live {
	d.mu.Lock()
	defer d.mu.Unlock()
	l := Live{
		Phase: d.phase(), Problem: d.problem, Earned: d.earned, Stake: d.stake, History: d.history[:min(len(d.history), 20)], Machine: d.state, Has: d.cfg.Has, Measured: d.measured,
		Settings: d.settings, Version: d.cfg.Version, Wallet: d.cfg.Wallet,
	}
	if l.Phase == Held {
		l.Why = d.why.Why
		if !d.why.Until.IsZero() {
			l.Until = &d.why.Until
		}
	}
	l.Others = l.Phase == Waiting && d.cfg.Now().Sub(d.at.others) < othersTime
	if d.now != nil {
		now := *d.now
		now.Curve = slices.Clone(now.Curve)
		l.Now = &now
	}
	if d.cfg.Autostart != nil {
		if on, err := d.cfg.Autostart(); err == nil {
			l.Autostart = &on
		}
	}
	return l
}

// phase says what the computer is at. mu is held.
func (d *Desktop) phase() Phase {
	switch at := d.at; {
	case at == nil && d.why.Why != "":
		return Held
	case at == nil && d.problem != "":
		return Away
	case at == nil:
		return Joining
	case at.stopped:
		return Stopping
	case d.now != nil && d.finish:
		return Finishing
	case d.now != nil:
		return Working
	case at.joined:
		return Waiting
	}
	return Joining
}

// Pause stops what the computer works on at once and gives it back, or lets it finish first.
func (d *Desktop) Pause(finish bool) error {
	d.mu.Lock()
	if finish && d.now != nil {
		d.finish = true
		d.mu.Unlock()
		d.decide()
		return nil
	}
	d.mu.Unlock()
	return d.pause(true)
}

// Resume ends a pause.
func (d *Desktop) Resume() error { return d.pause(false) }

func (d *Desktop) pause(paused bool) error {
	return d.change(func(s *Settings) { s.Paused = paused })
}

// Set takes other settings. Whether it is paused stays as it is.
func (d *Desktop) Set(s Settings) error {
	return d.change(func(to *Settings) {
		s.Paused = to.Paused
		*to = s
	})
}

// change changes the settings, once they are kept.
func (d *Desktop) change(change func(*Settings)) error {
	d.mu.Lock()
	next := d.settings
	change(&next)
	err := next.Check()
	if err == nil {
		err = next.Save(filepath.Join(d.cfg.Folder, settingsFile))
	}
	if err == nil {
		d.settings, d.finish = next, false
	}
	d.mu.Unlock()
	if err != nil {
		return err
	}
	d.decide()
	return nil
}

// decide has Run decide anew, and tells who watches.
func (d *Desktop) decide() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
	d.tellWatchers()
}

func (d *Desktop) tellWatchers() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for w := range d.watchers {
		select {
		case w <- struct{}{}:
		default:
		}
	}
}

// watch returns what is sent to whenever something changes, until end is called.
func (d *Desktop) watch() (changed <-chan struct{}, end func()) {
	w := make(chan struct{}, 1)
	w <- struct{}{}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.watchers[w] = true
	return w, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.watchers, w)
	}
}
