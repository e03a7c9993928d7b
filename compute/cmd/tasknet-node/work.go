package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/compute/worker"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

const aboutWork = `Join a TaskNet as a node: take work, do it, hand it in. It runs until Ctrl-C, and gives back
then what it works on. It only calls out, so it works behind any router.

Its keys are made at the first start and kept in the folder of --data; what it does is its
owner's, who is whom the wallet stands for. Work runs in a process of its own with no more
memory than --memory; a tenth of the machine's memory and disk stay free by default.`

type workFlags struct {
	server, data, name string
	cores              int
	memory, disk       int64
	with               trainerFlags
}

func (p *program) work() *cobra.Command {
	var flags workFlags
	cmd := &cobra.Command{
		Use: "work", Short: "Join a TaskNet and do its work", Long: aboutWork, Args: cobra.NoArgs,
		Example: `  tasknet-node work --server https://tasknet.example --name attic`,
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.runWork(cmd.Context(), flags) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.server, "server", "http://127.0.0.1:8080", "the server's `address`")
	f.StringVar(&flags.data, "data", "", "the `folder` of keys and files (default: tasknet-node in the user's folder for settings)")
	f.StringVar(&flags.name, "name", "", "what its owner calls it (default: the machine's name)")
	f.IntVar(&flags.cores, "cores", runtime.NumCPU(), "cores that work may use")
	f.Int64Var(&flags.memory, "memory", 0, "`MiB` of memory that work may use")
	f.Int64Var(&flags.disk, "disk", 0, "`MiB` of disk that work may use")
	flags.with.add(f)
	return cmd
}

// patience is for how long a node waits for a server that is away before it gives its work up.
const patience = 2 * time.Minute

func (p *program) runWork(ctx context.Context, flags workFlags) error {
	if flags.cores < 1 || flags.memory < 0 || flags.disk < 0 {
		return usagef("Give at least one core, and no negative sizes.")
	}
	var err error
	if flags.data, err = dataFolder(flags.data); err != nil {
		return err
	}
	if err := os.MkdirAll(flags.data, 0o700); err != nil {
		return err
	}
	keys, err := client.LoadKeys(filepath.Join(flags.data, "keys.json"))
	if err != nil {
		return err
	}
	trainer, err := flags.with.trainer()
	if err != nil {
		return err
	}
	has, err := capability(flags, trainer.Name())
	if err != nil {
		return err
	}
	if flags.name == "" {
		if flags.name, err = os.Hostname(); err != nil {
			flags.name = "node"
		}
	}
	c, err := client.New(flags.server, client.Config{Patience: patience})
	if err != nil {
		return err
	}
	node, err := c.Node(ctx, keys)
	if err != nil {
		return err
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	w, err := worker.New(worker.Config{
		Server: node, Name: flags.name, Folder: flags.data, Capability: has, Log: slog.New(slog.NewTextHandler(p.err, nil)), Tell: p.teller(),
		Child: func(ctx context.Context, dir string) *exec.Cmd {
			cmd := exec.CommandContext(ctx, program, append([]string{"task", "--memory", strconv.FormatInt(has.Memory, 10), dir}, flags.with.args()...)...)
			cmd.Env = append(os.Environ(), "GOMAXPROCS="+strconv.Itoa(flags.cores))
			return cmd
		},
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "Joining %s as %s: %d cores, %s of memory, %s of disk. The wallet is %s.\n", flags.server, flags.name, has.Cores, size(has.Memory), size(has.Disk), keys.WalletAddress())
	return w.Run(ctx)
}

// dataFolder is the folder of keys and files, unless another is named.
func dataFolder(named string) (string, error) {
	if named != "" {
		return named, nil
	}
	settings, err := os.UserConfigDir()
	if err != nil {
		return "", usagef("There is no folder for settings here (%v); name one with --data.", err)
	}
	return filepath.Join(settings, "tasknet-node"), nil
}

// capability says what of the machine is for work.
func capability(flags workFlags, trainer string) (wire.Capability, error) {
	memory, disk, err := room(flags.data)
	if err != nil {
		return wire.Capability{}, err
	}
	memory, disk = memory-memory/10, disk-disk/10
	if flags.memory > 0 {
		memory = flags.memory << 20
	}
	if flags.disk > 0 {
		disk = flags.disk << 20
	}
	class, gpu := runtime.GOOS+"/"+runtime.GOARCH+" "+trainer, ""
	if flags.with.device == "cuda" {
		class, gpu = class+" cuda", "CUDA"
	}
	if flags.with.bfloat16 {
		class += " bf16"
	}
	return wire.Capability{
		Class: class, GPU: gpu, Cores: flags.cores, Memory: memory, Disk: disk, Trainers: []string{trainer}, Slots: 1, Version: currentVersion(),
	}, nil
}

// teller returns what says what happens, a line each: of training, one after each epoch. Nodes have one slot.
func (p *program) teller() func(worker.Event) {
	epoch := 0
	return func(e worker.Event) {
		if e.Kind == worker.Advanced {
			if e.Progress.Epoch <= epoch {
				return
			}
			epoch = e.Progress.Epoch
		} else {
			epoch = 0
		}
		p.tell(e)
	}
}

func (p *program) tell(e worker.Event) {
	now := time.Now().Format(time.TimeOnly)
	switch e.Kind {
	case worker.Joined:
		fmt.Fprintf(p.out, "%s  joined as %s; waiting for work\n", now, e.Problem)
	case worker.Began:
		fmt.Fprintf(p.out, "%s  %s: began %s\n", now, e.Lease, e.Job)
	case worker.Advanced:
		if r := e.Progress; r.Validation != nil && r.Accuracy != nil {
			fmt.Fprintf(p.out, "%s  %s: epoch %d, step %d of %d, loss on tasks held out %.4f, right in %.2f %%\n", now, e.Lease, r.Epoch, r.Step, r.Of, *r.Validation, 100**r.Accuracy)
		}
	case worker.Finished:
		fmt.Fprintf(p.out, "%s  %s: done\n", now, e.Lease)
	case worker.Failed, worker.Dropped:
		fmt.Fprintf(p.out, "%s  %s: %s: %s\n", now, e.Lease, e.Kind, e.Problem)
	}
}
