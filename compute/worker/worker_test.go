package worker

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/folder"
	"github.com/tasknet/tasknet/compute/task"
	"github.com/tasknet/tasknet/server/wire"
)

// childFolder names the folder with a part of a job: the test's own program is then the child process of a worker.
const childFolder = "TASKNET_TEST_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		beChild(dir)
	}
	if os.Getenv(servingFolder) != "" {
		beServing()
	}
	os.Exit(m.Run())
}

// beChild keeps a checkpoint of step 7, tells of it, and then works until a file beside its folder says that it is done.
func beChild(dir string) {
	at := filepath.Join(dir, task.Training, folder.CheckpointFolder)
	must(os.MkdirAll(at, 0o700))
	must(os.MkdirAll(filepath.Join(dir, task.Out), 0o700))
	must(os.WriteFile(filepath.Join(at, "progress.json"), []byte(`{"steps": 7}`), 0o600))
	must(json.NewEncoder(os.Stdout).Encode(Line{Progress: &compute.Report{Step: 7, Of: 10}}))
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt)
	look := time.NewTicker(5 * time.Millisecond)
	for {
		select {
		case <-interrupted:
		case <-look.C:
		}
		if _, err := os.Stat(filepath.Join(filepath.Dir(dir), "..", "done")); err == nil {
			must(os.WriteFile(filepath.Join(dir, task.Out, string(compute.MetricsRole)), []byte("{}"), 0o600))
			os.Exit(0)
		}
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// oneLease is a server that has one lease to give, and keeps what it is told.
type oneLease struct {
	Server
	given    bool
	taken    chan struct{} // asked for work after the lease was given
	stored   []string
	failed   []string
	finished int
}

func (s *oneLease) Join(context.Context, string, wire.Capability) (wire.Node, error) {
	return wire.Node{ID: "node"}, nil
}

func (s *oneLease) SeekWork(ctx context.Context, _ wire.TakeWork) (wire.Work, error) {
	if s.given {
		close(s.taken)
		<-ctx.Done()
		return wire.Work{}, ctx.Err()
	}
	s.given = true
	work := []byte(`{"kind":"evaluate","temperature":1,"model":{"input":{"kind":"words"},"classes":["no","yes"]},"inputs":[` +
		`{"role":"data","artefact":"` + artefact + `","name":"rows.jsonl","bytes":1},{"role":"weights","artefact":"` + artefact + `","name":"w.safetensors","bytes":1}]}`)
	return wire.Work{Lease: &wire.WorkLease{ID: tasknet.NewID(compute.LeasePrefix, time.Now()), Job: "job", Title: "Rings", Work: work, To: 1, BeatEvery: 60, MaxSeconds: 600}}, nil
}

func (s *oneLease) Beat(context.Context, string, wire.Beat) (wire.Beaten, error) {
	return wire.Beaten{}, nil
}

func (s *oneLease) Finish(context.Context, *compute.Receipt) (wire.WorkReceipt, error) {
	s.finished++
	return wire.WorkReceipt{}, nil
}

func (s *oneLease) Fail(_ context.Context, _ string, f wire.JobFailure) error {
	s.failed = append(s.failed, f.Code)
	return nil
}

func (s *oneLease) Fetch(_ context.Context, _ string, _ compute.ArtefactID, path string) error {
	return os.WriteFile(path, []byte("x"), 0o600)
}

func (s *oneLease) Store(_ context.Context, _, _, name string) (compute.JobFile, error) {
	s.stored = append(s.stored, name)
	return compute.JobFile{}, nil
}

const artefact = "art_0000000000000000000000000000000000000000000000000000000000000000"

// begun runs a worker until its child has told how far it is.
func begun(t *testing.T) (s *oneLease, w *Worker, dir string, stop context.CancelFunc, ended <-chan error) {
	t.Helper()
	s, dir = &oneLease{taken: make(chan struct{})}, t.TempDir()
	advanced := make(chan struct{}, 1)
	w, err := New(Config{
		Server: s, Name: "n", Folder: dir, Capability: wire.Capability{Slots: 1, Disk: 1 << 20, Trainers: []string{"test"}}, CheckpointEvery: time.Hour,
		Child: func(ctx context.Context, dir string) *exec.Cmd {
			cmd := exec.CommandContext(ctx, os.Args[0])
			cmd.Env = append(os.Environ(), childFolder+"="+dir)
			return cmd
		},
		Tell: func(e Event) {
			switch e.Kind {
			case Began:
				if e.Took == nil || e.Took.Title != "Rings" {
					t.Errorf("the worker took %+v", e.Took)
				}
			case Advanced:
				advanced <- struct{}{}
			case Failed:
				advanced <- struct{}{}
				t.Log(e.Problem)
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	running := make(chan error, 1)
	go func() { running <- w.Run(ctx) }()
	select {
	case <-advanced:
	case err := <-running:
		t.Fatalf("the worker ended before its child told anything: %v", err)
	case <-time.After(time.Minute):
		t.Fatal("the child told nothing")
	}
	return s, w, dir, stop, running
}

func end(t *testing.T, ended <-chan error) {
	t.Helper()
	select {
	case err := <-ended:
		if err != nil {
			t.Fatal(err)
		}
	case <-time.After(time.Minute):
		t.Fatal("the worker did not end")
	}
}

// TestStop stops a worker: its child, which never ends by itself, is killed, and the lease is given back with the newest checkpoint.
func TestStop(t *testing.T) {
	t.Parallel()
	s, _, dir, stop, ended := begun(t)
	stop()
	end(t, ended)
	if !slices.Equal(s.stored, []string{"checkpoint"}) || !slices.Equal(s.failed, []string{string(compute.Stopped)}) || s.finished != 0 {
		t.Errorf("the server was given %v, told of failures %v, and of %d ends", s.stored, s.failed, s.finished)
	}
	if left, err := os.ReadDir(filepath.Join(dir, "leases")); err != nil || len(left) != 0 {
		t.Errorf("%d leases are left: %v", len(left), err)
	}
}

// TestLeave has a worker leave: it does what it has, and takes nothing more.
func TestLeave(t *testing.T) {
	t.Parallel()
	s, w, dir, _, ended := begun(t)
	w.Leave()
	w.Leave()
	select {
	case <-ended:
		t.Fatal("a worker that leaves did not do what it had")
	default:
	}
	if err := os.WriteFile(filepath.Join(dir, "done"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	end(t, ended)
	if s.finished != 1 || len(s.failed) != 0 {
		t.Errorf("%d leases were done, and %v failed", s.finished, s.failed)
	}
	select {
	case <-s.taken:
		t.Error("a worker that leaves asked for more")
	default:
	}
}

// TestLeaveWaiting has a worker leave while it waits for work.
func TestLeaveWaiting(t *testing.T) {
	t.Parallel()
	s, w, dir, _, ended := begun(t)
	if err := os.WriteFile(filepath.Join(dir, "done"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	select {
	case <-s.taken:
	case <-time.After(time.Minute):
		t.Fatal("nothing more was asked for")
	}
	w.Leave()
	end(t, ended)
}

// TestTooLarge gives a node work whose files are ten times what it has: it says so, and fetches nothing.
func TestTooLarge(t *testing.T) {
	t.Parallel()
	s := &oneLease{taken: make(chan struct{})}
	given, err := s.SeekWork(t.Context(), wire.TakeWork{})
	if err != nil {
		t.Fatal(err)
	}
	l := given.Lease
	l.Work = []byte(strings.Replace(string(l.Work), `"bytes":1}`, `"bytes":10737418240}`, 1))
	dir := t.TempDir()
	failed := make(chan Event, 1)
	w, err := New(Config{
		Server: s, Name: "n", Folder: dir, Capability: wire.Capability{Slots: 1, Disk: 1 << 30, Trainers: []string{"test"}},
		Child: func(context.Context, string) *exec.Cmd { panic("there is nothing to do") },
		Tell: func(e Event) {
			if e.Kind == Failed {
				failed <- e
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if fine, next := w.lease(t.Context(), l); fine || next != nil {
		t.Error("the lease is done")
	}
	if e := <-failed; e.Problem != errTooLarge.Message || !slices.Equal(s.failed, []string{string(compute.Resources)}) {
		t.Errorf("it failed of %q, and the server was told %v", e.Problem, s.failed)
	}
	if files, err := os.ReadDir(filepath.Join(dir, "files")); err != nil || len(files) != 0 {
		t.Errorf("%d files were fetched: %v", len(files), err)
	}
}
