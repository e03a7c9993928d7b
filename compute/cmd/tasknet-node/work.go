package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/desktop/machine"
	"github.com/tasknet/tasknet/compute/worker"
	"github.com/tasknet/tasknet/server/wire"
)

const aboutWork = `Join a TaskNet as a node: take work, do it, hand it in. It runs until Ctrl-C, and gives back
then what it works on. It only calls out, so it works behind any router.

Its keys are made at the first start and kept in the folder of --data; what it does is its
owner's, who is whom the wallet stands for. Work runs in a process of its own with no more
memory than --memory, and at low priority; a tenth of the machine's memory and disk stay free by default.`

type workFlags struct {
	server, data, name string
	cores              int
	memory, disk       int64
	choice             compute.Choice
	minPrice           string
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
	f.StringSliceVar(&flags.choice.Only, "only", nil, "do only the work of these `IDS` of organisations and jobs, with commas")
	f.StringSliceVar(&flags.choice.Not, "not", nil, "do not do the work of these `IDS`, whatever --only says")
	f.StringVar(&flags.minPrice, "min-price", "0", "the least that an hour of work is to pay, in `tokens`: only jobs that pay as much")
	flags.with.add(f)
	return cmd
}

func (p *program) runWork(ctx context.Context, flags workFlags) (err error) {
	if flags.cores < 1 || flags.memory < 0 || flags.disk < 0 {
		return usagef("Give at least one core, and no negative sizes.")
	}
	if err := flags.choice.Check(); err != nil {
		return usagef("%s", tasknet.Describe(err).Message)
	}
	least, err := tasknet.ParseAmount(flags.minPrice)
	if err != nil || least.Sign() < 0 || least.Cmp(compute.PriceMax) > 0 {
		return usagef("--min-price is an amount of tokens from 0 to %s, such as 0.25.", compute.PriceMax)
	}
	if _, err := flags.with.trainer(); err != nil {
		return err
	}
	at, err := openHome(flags.data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, at.lock.Close()) }()
	memory, disk, err := machine.Room(at.folder)
	if err != nil {
		return err
	}
	of := share{cores: flags.cores, memory: memory - memory/10, disk: disk - disk/10, least: least, choice: flags.choice}
	if flags.memory > 0 {
		of.memory = flags.memory << 20
	}
	if flags.disk > 0 {
		of.disk = flags.disk << 20
	}
	name := cmp.Or(flags.name, hostname())
	w, err := stayAt(ctx, at, flags.server, name, of, flags.with, slog.New(slog.NewTextHandler(p.err, nil)), p.teller())
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "Joining %s as %s: %s. The wallet is %s.\n", flags.server, name, of.describe(), at.keys.WalletAddress())
	return w.Run(ctx)
}

// teller returns what says what happens, a line each: of training, one after each epoch. Nodes have one slot.
func (p *program) teller() func(worker.Event) {
	epoch, unchosen := 0, false
	return func(e worker.Event) {
		if again := unchosen; e.Kind == worker.Unchosen && again {
			return
		}
		unchosen = e.Kind == worker.Unchosen
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

// measured says what was measured when a node joined.
func measured(n *wire.Node) string {
	out := fmt.Sprintf("%.3g billion operations a second", float64(n.Rate)/1e9)
	for _, r := range []struct {
		rate int64
		of   string
	}{{n.Capability.DiskRate, "onto the disk"}, {n.Capability.Down, "from the server"}, {n.Capability.Up, "to it"}} {
		if r.rate > 0 {
			out += fmt.Sprintf(", %s/s %s", size(r.rate), r.of)
		}
	}
	return out
}

func (p *program) tell(e worker.Event) {
	now := time.Now().Format(time.TimeOnly)
	switch e.Kind {
	case worker.Joined:
		fmt.Fprintf(p.out, "%s  joined as %s: %s\n", now, e.Node.ID, measured(e.Node))
	case worker.Began:
		fmt.Fprintf(p.out, "%s  %s: began %s\n", now, e.Lease, e.Job)
	case worker.Advanced:
		if r := e.Progress; r.Validation != nil && r.Accuracy != nil {
			fmt.Fprintf(p.out, "%s  %s: epoch %d, step %d of %d, loss on tasks held out %.4f, right in %.2f %%\n", now, e.Lease, r.Epoch, r.Step, r.Of, *r.Validation, 100**r.Accuracy)
		}
	case worker.Finished:
		fmt.Fprintf(p.out, "%s  %s: done\n", now, e.Lease)
	case worker.Unchosen:
		fmt.Fprintf(p.out, "%s  there is work, and --only and --not leave it out\n", now)
	case worker.Failed, worker.Dropped:
		fmt.Fprintf(p.out, "%s  %s: %s: %s\n", now, e.Lease, e.Kind, e.Problem)
	}
}
