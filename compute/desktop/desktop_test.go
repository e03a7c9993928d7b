package desktop

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/desktop/machine"
	"github.com/tasknet/tasknet/compute/worker"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/wire"
)

// fakeNode does one part of a job after the other, each until it is told that it is done.
type fakeNode struct {
	tell  func(worker.Event)
	of    Settings
	done  chan worker.Event // how the part at hand ends
	left  chan struct{}
	leave sync.Once
	idle  bool // it has no work, and tells what it is told
}

func (n *fakeNode) Run(ctx context.Context) error {
	n.tell(worker.Event{Kind: worker.Joined, Node: &wire.Node{Capability: wire.Capability{DiskRate: 1, Down: 2, Up: 3}}})
	for i := range 1000 {
		select {
		case <-ctx.Done():
			return nil
		case <-n.left:
			return nil
		default:
		}
		if n.idle {
			select {
			case <-ctx.Done():
			case <-n.left:
			case e := <-n.done:
				n.tell(e)
			}
			continue
		}
		id := "lea_" + string(rune('a'+i%26))
		n.tell(worker.Event{Kind: worker.Began, Lease: id, Job: "job_1", Took: &wire.WorkLease{ID: id, Job: "job_1", Title: "Rings", Work: []byte(`{"kind":"train"}`)}})
		loss := 0.5
		n.tell(worker.Event{Kind: worker.Advanced, Lease: id, Job: "job_1", Progress: compute.Report{Step: 1, Of: 10, Loss: &loss}})
		select {
		case <-ctx.Done():
			n.tell(worker.Event{Kind: worker.Failed, Lease: id, Job: "job_1", Problem: "The node stops."})
			return nil
		case e := <-n.done:
			e.Lease, e.Job = id, "job_1"
			n.tell(e)
		}
	}
	return nil
}

func (n *fakeNode) Leave() { n.leave.Do(func() { close(n.left) }) }

func (n *fakeNode) Earnings(context.Context) (wire.Earnings, error) {
	return wire.Earnings{Symbol: "tUSD", Yours: tasknet.Micro(2_070_000)}, nil
}

func (n *fakeNode) Stake(context.Context) (*wire.MyStake, error) {
	return &wire.MyStake{Staked: tasknet.Micro(50_000_000), Counts: tasknet.Micro(30_000_000)}, nil
}

// computer is a Desktop on a computer of the test's.
type computer struct {
	*Desktop
	t     *testing.T
	nodes chan *fakeNode

	mu    sync.Mutex // guards what follows
	state machine.State
	away  error
	auto  bool
	idle  bool
}

func newComputer(t *testing.T, folder string) *computer {
	t.Helper()
	c := &computer{t: t, nodes: make(chan *fakeNode, 10), state: machine.State{Mains: machine.Yes, Metered: machine.Unknown}}
	journal, err := OpenJournal(JournalPath(folder), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defaults := Defaults("attic", 4, 8<<30, 100<<30)
	defaults.Server = "https://tasknet.example"
	c.Desktop, err = New(Config{
		Folder: folder, Defaults: defaults, Has: Has{Cores: 4, Memory: 8 << 30, Disk: 100 << 30, Graphics: "None found.", System: "linux/amd64"}, Wallet: "0xabc", Version: "v0.1.0",
		Journal: journal, LookEvery: 5 * time.Millisecond,
		Machine: func(context.Context) machine.State {
			c.mu.Lock()
			defer c.mu.Unlock()
			return c.state
		},
		Join: func(_ context.Context, s Settings, tell func(worker.Event)) (Node, error) {
			c.mu.Lock()
			defer c.mu.Unlock()
			if c.away != nil {
				return nil, c.away
			}
			n := &fakeNode{tell: tell, of: s, done: make(chan worker.Event), left: make(chan struct{}), idle: c.idle}
			c.nodes <- n
			return n, nil
		},
		Autostart: func() (bool, error) { return c.auto, nil },
		SetAutostart: func(on bool) error {
			c.auto = on
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		c.Run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
		if err := journal.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// until waits until what the page shows is as it should be.
func (c *computer) until(what string, is func(Live) bool) Live {
	c.t.Helper()
	changed, end := c.watch()
	defer end()
	late := time.After(time.Minute)
	for {
		l := c.Live()
		if is(l) {
			return l
		}
		select {
		case <-changed:
		case <-late:
			c.t.Fatalf("%s did not happen: %+v", what, l)
		}
	}
}

func (c *computer) at(phase Phase) Live {
	c.t.Helper()
	return c.until(string(phase), func(l Live) bool { return l.Phase == phase })
}

func (c *computer) set(change func(*machine.State)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(&c.state)
}

func TestPause(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	c := newComputer(t, folder)
	live := c.until("work", func(l Live) bool { return l.Phase == Working && len(l.Now.Curve) == 1 && l.Earned != nil })
	if live.Now.Title != "Rings" || live.Now.Kind != "train" || live.Now.Curve[0] != (Point{1, 0.5}) || live.Earned.Yours.Micro() != 2_070_000 {
		t.Errorf("%+v", live)
	}
	if live.Measured == nil || *live.Measured != (Measured{Disk: 1, Down: 2, Up: 3}) {
		t.Errorf("measured when it joined: %+v", live.Measured)
	}
	if err := c.Pause(false); err != nil {
		t.Fatal(err)
	}
	live = c.at(Held)
	if live.Why != IsPaused || live.Now != nil || len(live.History) != 1 || live.History[0].Outcome != GivenUp || live.History[0].Problem != "" {
		t.Errorf("after a pause: %+v", live)
	}
	kept, err := LoadSettings(filepath.Join(folder, settingsFile), Settings{})
	if err != nil || !kept.Paused {
		t.Errorf("a pause is not kept: %+v, %v", kept, err)
	}
	if err := c.Resume(); err != nil {
		t.Fatal(err)
	}
	c.at(Working)
	if history, err := readHistory(filepath.Join(folder, historyFile)); err != nil || len(history) != 1 || history[0].Title != "Rings" {
		t.Errorf("%+v, %v", history, err)
	}
}

// TestFinish lets what is worked on be done, and pauses then.
func TestFinish(t *testing.T) {
	t.Parallel()
	c := newComputer(t, t.TempDir())
	c.at(Working)
	n := <-c.nodes
	if err := c.Pause(true); err != nil {
		t.Fatal(err)
	}
	c.at(Finishing)
	<-n.left
	n.done <- worker.Event{Kind: worker.Finished}
	live := c.at(Held)
	if live.Why != IsPaused && !live.Settings.Paused || live.History[0].Outcome != Done {
		t.Errorf("%+v", live)
	}
	c.until("the pause", func(l Live) bool { return l.Settings.Paused && l.Why == IsPaused })
	// with nothing to finish it is paused at once, and a pause that waits is ended by resuming
	if err := errors.Join(c.Pause(true), c.Resume()); err != nil {
		t.Fatal(err)
	}
	c.at(Working)
	if err := c.Pause(true); err != nil {
		t.Fatal(err)
	}
	c.at(Finishing)
	if err := c.Resume(); err != nil {
		t.Fatal(err)
	}
	c.at(Working)
}

// TestSchedule takes the computer's plug out while it works.
func TestSchedule(t *testing.T) {
	t.Parallel()
	c := newComputer(t, t.TempDir())
	c.at(Working)
	c.set(func(m *machine.State) { m.Mains = machine.No })
	if live := c.at(Held); live.Why != OnBattery || live.History[0].Outcome != GivenUp {
		t.Errorf("%+v", live)
	}
	c.set(func(m *machine.State) { m.Mains = machine.Yes })
	c.at(Working)
}

// TestCrash has work crash: that is something that happened, and the next part begins.
func TestCrash(t *testing.T) {
	t.Parallel()
	c := newComputer(t, t.TempDir())
	c.at(Working)
	n := <-c.nodes
	n.done <- worker.Event{Kind: worker.Failed, Problem: "The process ended: signal: killed."}
	live := c.until("the next part", func(l Live) bool { return l.Phase == Working && len(l.History) == 1 })
	if p := live.History[0]; p.Outcome != Failed || !strings.Contains(p.Problem, "killed") || live.Now.Lease == p.Lease {
		t.Errorf("%+v", live)
	}
	n.done <- worker.Event{Kind: worker.Dropped}
	live = c.until("another part", func(l Live) bool { return len(l.History) == 2 })
	if live.History[0].Outcome != Unwanted {
		t.Errorf("%+v", live.History)
	}
}

// TestOtherSize changes what work may use: it joins anew when what it works on is done.
func TestOtherSize(t *testing.T) {
	t.Parallel()
	c := newComputer(t, t.TempDir())
	c.at(Working)
	first := <-c.nodes
	s := c.Live().Settings
	s.IdleMinutes = 7
	if err := c.Set(s); err != nil {
		t.Fatal(err)
	}
	s.Cores = 1
	if err := c.Set(s); err != nil {
		t.Fatal(err)
	}
	<-first.left
	first.done <- worker.Event{Kind: worker.Finished}
	second := <-c.nodes
	if first.of.Cores != 2 || second.of.Cores != 1 || second.of.IdleMinutes != 7 {
		t.Errorf("first %+v, then %+v", first.of, second.of)
	}
	c.at(Working)
	s.Cores = 0
	if err := c.Set(s); tasknet.Describe(err).Code != "bad_settings" || c.Live().Settings.Cores != 1 {
		t.Errorf("no cores: %v", err)
	}
}

// TestChoice chooses whose work is done: it joins anew when what it works on is done, and says when there is work of others alone.
func TestChoice(t *testing.T) {
	t.Parallel()
	c := newComputer(t, t.TempDir())
	c.at(Working)
	first := <-c.nodes
	id := tasknet.NewID(polls.OrgPrefix, time.Now())
	s := c.Live().Settings
	s.Only, s.Not = []string{id}, []string{id}
	if err := c.Set(s); tasknet.Describe(err).Code != "bad_settings" || len(c.Live().Settings.Only) != 0 {
		t.Errorf("the same for and against: %v", err)
	}
	first.done <- worker.Event{Kind: worker.Unchosen} // ends nothing
	first.done <- worker.Event{Kind: worker.Finished}
	c.until("the next part", func(l Live) bool { return l.Phase == Working && len(l.History) == 1 && l.History[0].Outcome == Done })
	c.mu.Lock()
	c.idle = true
	c.mu.Unlock()
	s.Not = []string{}
	if err := c.Set(s); err != nil {
		t.Fatal(err)
	}
	<-first.left
	first.done <- worker.Event{Kind: worker.Finished}
	second := <-c.nodes
	if len(first.of.Only) != 0 || !slices.Equal(second.of.Only, []string{id}) {
		t.Errorf("first %+v, then %+v", first.of, second.of)
	}
	if live := c.at(Waiting); live.Others {
		t.Error("it says that there is work of others, and nobody told it")
	}
	for range 2 { // again each time that it asks
		second.done <- worker.Event{Kind: worker.Unchosen}
		live := c.until("work of others", func(l Live) bool { return l.Others })
		if v := live.view(); live.Phase != Waiting || v.Says != "There is work, but none that you chose" {
			t.Errorf("%+v", live)
		}
	}
	if log, err := c.cfg.Journal.Read(t.Context()); err != nil || strings.Count(string(log), "is=unchosen") != 2 {
		t.Errorf("the log is %s, %v", log, err)
	}
}

func TestAway(t *testing.T) {
	t.Parallel()
	c := newComputer(t, t.TempDir())
	c.at(Working)
	c.mu.Lock()
	c.away = tasknet.NewError(tasknet.Unavailable, "x", "It is closed.")
	c.mu.Unlock()
	s := c.Live().Settings
	s.Server = "https://other.example"
	if err := c.Set(s); err != nil {
		t.Fatal(err)
	}
	n := <-c.nodes
	<-n.left
	n.done <- worker.Event{Kind: worker.Finished}
	if live := c.at(Away); live.Problem != "It is closed." {
		t.Errorf("%+v", live)
	}
	if err := c.Pause(false); err != nil {
		t.Fatal(err)
	}
	if live := c.at(Held); live.Problem != "" {
		t.Errorf("%+v", live)
	}
}

// TestRestart begins with what was kept, and with a history that is damaged.
func TestRestart(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := Defaults("attic", 4, 8<<30, 1<<30)
	s.Paused = true
	if err := errors.Join(s.Save(filepath.Join(folder, settingsFile)), os.WriteFile(filepath.Join(folder, historyFile), []byte("{"), 0o600)); err != nil {
		t.Fatal(err)
	}
	c := newComputer(t, folder)
	if live := c.at(Held); live.Why != IsPaused || len(live.History) != 0 {
		t.Errorf("%+v", live)
	}
	if err := os.WriteFile(filepath.Join(folder, settingsFile), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := New(c.cfg); tasknet.Describe(err).Code != "bad_settings" || !strings.Contains(err.Error(), settingsFile) {
		t.Errorf("settings that make no sense: %v", err)
	}
}

func TestCurve(t *testing.T) {
	t.Parallel()
	var d Doing
	for i := range 5000 {
		loss := 1 / float64(i+1)
		d.advance(compute.Report{Step: i, Of: 5000, Loss: &loss})
		d.advance(compute.Report{Step: i, Of: 5000, Loss: &loss}) // again
	}
	if n := len(d.Curve); n < curveMax/2 || n > curveMax || d.Curve[n-1].Step != 4999 || d.Curve[0].Step != 0 || d.Last.Step != 4999 {
		t.Errorf("%d points, from %+v", n, d.Curve[0])
	}
	if !slices.IsSortedFunc(d.Curve, func(a, b Point) int { return a.Step - b.Step }) {
		t.Error("the steps are not in order")
	}
}

func TestHistory(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), historyFile)
	var all []Past
	var err error
	for i := range historyMax + 5 {
		if all, err = remember(path, all, Past{Part: i}); err != nil {
			t.Fatal(err)
		}
	}
	if again, err := readHistory(path); err != nil || len(again) != historyMax || again[0].Part != historyMax+4 {
		t.Errorf("%d kept, %v", len(again), err)
	}
}

func TestJournal(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), journalFile)
	var also strings.Builder
	j, err := OpenJournal(path, &also)
	if err != nil {
		t.Fatal(err)
	}
	j.Hide("5ecre7", "(hidden)")
	j.Hide("/home/ada", "~")
	j.Hide("", "nothing")
	j.Log().Info("the key 5ecre7 is in /home/ada/keys.json")
	if all, err := j.Read(t.Context()); err != nil || !strings.Contains(string(all), "the key (hidden) is in ~/keys.json") || strings.Contains(string(all)+also.String(), "5ecre7") {
		t.Errorf("%s, %v", all, err)
	}
	line := strings.Repeat("x", 1000) + "\n"
	for range 5 * journalMax / 2 / len(line) {
		if _, err := io.WriteString(j, line); err != nil {
			t.Fatal(err)
		}
	}
	all, err := j.Read(t.Context())
	if err != nil || len(all) > 2*journalMax || len(all) < journalMax {
		t.Errorf("%d bytes are kept, %v", len(all), err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
}
