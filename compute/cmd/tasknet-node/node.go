package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"github.com/gofrs/flock"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/worker"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// home is the folder of a node, with its keys. One program works in it at a time.
type home struct {
	folder string
	keys   client.Keys
	lock   *flock.Flock
}

// errInUse reports a folder in which another program works.
var errInUse = tasknet.NewError(tasknet.Conflict, "node_in_use", "Another tasknet-node works in this folder; end it first, or name another folder with --data.")

// homeFolder is a folder of a node: by default one in the user's folder for settings.
func homeFolder(folder string) (string, error) {
	if folder != "" {
		return filepath.Abs(folder)
	}
	settings, err := os.UserConfigDir()
	if err != nil {
		return "", usagef("There is no folder for settings here (%v); name one with --data.", err)
	}
	return filepath.Join(settings, "tasknet-node"), nil
}

// openHome opens the folder of a node, and makes keys at the first start. errInUse.
func openHome(folder string) (*home, error) {
	folder, err := homeFolder(folder)
	if err != nil {
		return nil, err
	}
	h := &home{folder: folder, lock: flock.New(filepath.Join(folder, "lock"), flock.SetPermissions(0o600))}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	locked, err := h.lock.TryLock()
	if err != nil {
		return nil, err
	}
	if !locked {
		return h, errInUse
	}
	if h.keys, err = client.LoadKeys(filepath.Join(folder, "keys.json")); err != nil {
		return nil, errors.Join(err, h.lock.Close())
	}
	return h, nil
}

// share is what of the computer is for work, and for whose.
type share struct {
	cores        int
	memory, disk int64          // bytes
	least        tasknet.Amount // that an hour of it is to pay
	choice       compute.Choice
}

// child is this program again, which does the task of a folder with no more than the share.
func (s share) child(ctx context.Context, program, code string, with trainerFlags, dir string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, append([]string{"task", "--memory", strconv.FormatInt(s.memory, 10), "--code", code, dir}, with.args()...)...)
	cmd.Env = append(os.Environ(), "GOMAXPROCS="+strconv.Itoa(s.cores))
	return cmd
}

// stay is a worker at a server.
type stay struct {
	*worker.Worker
	owner *client.Respondent
}

// Earnings is what the owner's wallet has earned at the server.
func (s *stay) Earnings(ctx context.Context) (wire.Earnings, error) { return s.owner.Earnings(ctx) }

// Stake is what that wallet has at stake there.
func (s *stay) Stake(ctx context.Context) (*wire.MyStake, error) {
	work, err := s.owner.Work(ctx)
	return work.Stake, err
}

const (
	// patience is for how long a node waits for a server that is away before it gives its work up.
	patience = 2 * time.Minute

	// firstPatience is for how long one waits that has no work yet.
	firstPatience = 15 * time.Second
)

// stayAt asks a server who it is, and returns a worker for it.
func stayAt(ctx context.Context, at *home, server, name string, of share, with trainerFlags, log *slog.Logger, tell func(worker.Event)) (*stay, error) {
	trainer, err := with.trainer()
	if err != nil {
		return nil, err
	}
	first, err := client.New(server, client.Config{Patience: firstPatience})
	if err != nil {
		return nil, err
	}
	if _, err := first.Instance(ctx); err != nil {
		return nil, err
	}
	c, err := client.New(server, client.Config{Patience: patience})
	if err != nil {
		return nil, err
	}
	node, err := c.Node(ctx, at.keys)
	if err != nil {
		return nil, err
	}
	owner, err := c.Respondent(ctx, at.keys)
	if err != nil {
		return nil, err
	}
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	code, err := codeHere()
	if err != nil {
		return nil, err
	}
	w, err := worker.New(worker.Config{
		Server: node, Name: name, Code: code, Folder: at.folder, Capability: capability(of, with, trainer), Choice: of.choice, Log: log, Tell: tell,
		Child: func(ctx context.Context, dir string) *exec.Cmd { return of.child(ctx, program, code, with, dir) },
	})
	return &stay{w, owner}, err
}

// capability says what of the machine is for work.
func capability(of share, with trainerFlags, trainer compute.Trainer) wire.Capability {
	class, gpu := runtime.GOOS+"/"+runtime.GOARCH+" "+trainer.Name(), ""
	if with.device == "cuda" {
		class, gpu = class+" cuda", "CUDA"
	}
	if with.bfloat16 {
		class += " bf16"
	}
	return wire.Capability{
		Class: class, GPU: gpu, Cores: of.cores, Memory: of.memory, Disk: of.disk, Trainers: namesOf(trainer), Slots: 1, Version: currentVersion(), MinPrice: of.least,
	}
}

// hostname is what a computer is called, where nobody says so.
func hostname() string {
	name, err := os.Hostname()
	if err != nil || name == "" {
		return "node"
	}
	return name
}

// describe says in a line what is for work.
func (s share) describe() string {
	out := fmt.Sprintf("%d cores, %s of memory, %s of disk", s.cores, size(s.memory), size(s.disk))
	if !s.least.IsZero() {
		out += fmt.Sprintf(", for %s an hour and more", s.least)
	}
	return out
}
