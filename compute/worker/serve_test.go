package worker

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/server/wire"
)

// servingFolder makes the test's own program a child that serves: it answers each row with itself, but for one at which it ends.
const servingFolder = "TASKNET_TEST_SERVING"

func beServing() {
	lines := json.NewEncoder(os.Stdout)
	must(lines.Encode(Line{Progress: &compute.Report{Of: compute.SessionRows}}))
	rows := bufio.NewScanner(os.Stdin)
	for rows.Scan() {
		if rows.Text() == "end" {
			os.Exit(3)
		}
		must(lines.Encode(Line{Said: "said of " + rows.Text()}))
	}
	os.Exit(0)
}

// asking is a server that gives sessions of one job, and asks by a script: "row" counts, "late row" does not, "" ends the session.
type asking struct {
	oneLease
	script  []string
	stop    func() // called when the script is over
	said    []string
	handed  []string // what was stored
	kept    string   // of the ask that is answered next
	leases  int
	waiting bool
}

func (s *asking) SeekWork(_ context.Context, _ wire.TakeWork) (wire.Work, error) {
	if len(s.script) == 0 && s.leases > 0 {
		s.stop()
		return wire.Work{}, nil
	}
	s.leases++
	work := []byte(`{"kind":"infer","live":true,"rows":9,"temperature":1,"model":{"input":{"kind":"words"},"classes":["no","yes"]},"inputs":[{"role":"weights","artefact":"` + artefact + `","name":"w.safetensors","bytes":1}]}`)
	return wire.Work{Lease: &wire.WorkLease{ID: tasknet.NewID(compute.LeasePrefix, time.Now()), Job: "job", Title: "Rings", Work: work, Serves: true, BeatEvery: 60, MaxSeconds: 600}}, nil
}

func (s *asking) Serve(ctx context.Context, _, _ string, asked *wire.AskedRow, said []byte, _ time.Duration) (wire.Served, error) {
	out := wire.Served{}
	if asked != nil {
		out.Counted = !strings.HasPrefix(s.kept, "late ")
		s.said = append(s.said, string(said))
	}
	if len(s.script) == 0 {
		if s.waiting { // until the worker leaves, which then asks once more whether its answer counted
			s.waiting = false
			s.stop()
			<-ctx.Done()
			return wire.Served{}, ctx.Err()
		}
		out.End = true
		return out, nil
	}
	next := s.script[0]
	s.script = s.script[1:]
	if next == "" {
		out.End = true
		return out, nil
	}
	s.kept = next
	out.Ask = &wire.AskedRow{ID: "ask", Row: strings.TrimPrefix(next, "late ")}
	return out, nil
}

func (s *asking) Store(_ context.Context, _, path, _ string) (compute.JobFile, error) {
	raw, err := os.ReadFile(path)
	s.handed = append(s.handed, string(raw))
	return compute.JobFile{}, err
}

// served runs a worker by a script until that is over.
func (s *asking) run(t *testing.T) (children int) {
	t.Helper()
	var w *Worker
	s.stop = func() { w.Leave() }
	w, err := New(Config{
		Server: s, Name: "n", Folder: t.TempDir(), Capability: wire.Capability{Slots: 1, Disk: 1 << 20, Trainers: []string{"test"}},
		Child: func(ctx context.Context, _ string) *exec.Cmd {
			children++
			cmd := exec.CommandContext(ctx, os.Args[0])
			cmd.Env = append(os.Environ(), servingFolder+"=yes")
			return cmd
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := errors.Join(w.Run(ctx), ctx.Err()); err != nil {
		t.Fatal(err)
	}
	return children
}

// TestServe: what counted is handed in, in its order, session after session by one child; a session without any is given back.
func TestServe(t *testing.T) {
	t.Parallel()
	s := &asking{script: []string{"a", "late b", "c", "", "d", "", ""}}
	if children := s.run(t); children != 1 {
		t.Errorf("%d children served three sessions", children)
	}
	if want := []string{"said of a", "said of b", "said of c", "said of d"}; !slices.Equal(s.said, want) {
		t.Errorf("said was %q", s.said)
	}
	if want := []string{"said of a\nsaid of c\n", "said of d\n"}; !slices.Equal(s.handed, want) || s.finished != 2 || !slices.Equal(s.failed, []string{string(compute.Stopped)}) {
		t.Errorf("handed in was %q in %d receipts, and given back %q", s.handed, s.finished, s.failed)
	}
}

// TestServeLeaves: a worker that leaves hands in what it has said.
func TestServeLeaves(t *testing.T) {
	t.Parallel()
	s := &asking{script: []string{"a"}, waiting: true}
	s.run(t)
	if !slices.Equal(s.handed, []string{"said of a\n"}) || s.finished != 1 || len(s.failed) != 0 {
		t.Errorf("handed in was %q in %d receipts, and given back %q", s.handed, s.finished, s.failed)
	}
}

// TestServeCrashes: a child that ends by itself is an event: the lease is given back as crashed, and nothing is handed in for it.
func TestServeCrashes(t *testing.T) {
	t.Parallel()
	s := &asking{script: []string{"a", "end"}}
	s.run(t)
	if len(s.handed) != 0 || s.finished != 0 || !slices.Equal(s.failed, []string{string(compute.Crashed)}) {
		t.Errorf("handed in was %q in %d receipts, and failed %q", s.handed, s.finished, s.failed)
	}
}
