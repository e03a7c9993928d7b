package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"sync"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/compute/desktop"
	"github.com/tasknet/tasknet/compute/desktop/machine"
	"github.com/tasknet/tasknet/compute/worker"
)

const aboutDesktop = `Be a node on a computer that people use: work when its owner lets it, and show on a page of this
computer's own what it does and has earned. The page says when to work: at certain hours, only on
mains power, only when nobody uses the computer, up to a temperature. It runs until Ctrl-C.

The page opens in the browser; its link lets one browser in, once. Where the program runs already in
the folder of --data, this opens the page again, or prints its link. On Linux and Windows an icon
beside the clock says how it is, opens the page, pauses and quits.`

type desktopFlags struct {
	server, data, listen string
	quiet, tray          bool
	with                 trainerFlags
}

func (p *program) desktop() *cobra.Command {
	var flags desktopFlags
	cmd := &cobra.Command{
		Use: "desktop", Short: "Be a node on a computer that people use, with a page", Long: aboutDesktop, Args: cobra.NoArgs,
		Example: `  tasknet-node desktop --server https://tasknet.example`,
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.runDesktop(cmd.Context(), flags) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.server, "server", "", "the server's `address` at the first start; later the page has it")
	f.StringVar(&flags.data, "data", "", "the `folder` of keys and files (default: tasknet-node in the user's folder for settings)")
	f.StringVar(&flags.listen, "listen", "127.0.0.1:0", "the page's `address`, on this computer; port 0 is any that is free")
	f.BoolVar(&flags.quiet, "no-browser", false, "open no browser")
	f.BoolVar(&flags.tray, "tray", true, "show an icon beside the clock, where there is a place for one")
	flags.with.add(f)
	return cmd
}

func (p *program) runDesktop(ctx context.Context, flags desktopFlags) (err error) {
	if _, err := flags.with.trainer(); err != nil {
		return err
	}
	at, err := openHome(flags.data)
	if errors.Is(err, errInUse) {
		link, linkErr := desktop.Link(at.folder)
		if linkErr != nil { // it is no desktop that works there
			return err
		}
		if flags.quiet {
			fmt.Fprintln(p.out, link)
			return nil
		}
		return browse(ctx, link)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, at.lock.Close()) }()
	journal, err := desktop.OpenJournal(desktop.JournalPath(at.folder), p.err)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, journal.Close()) }()
	wallet, device := at.keys.Secrets()
	journal.Hide(wallet, "(hidden)")
	journal.Hide(device, "(hidden)")
	if user, err := os.UserHomeDir(); err == nil && len(user) > 1 {
		journal.Hide(user, "~")
	}
	memory, disk, err := machine.Room(at.folder)
	if err != nil {
		return err
	}
	reader := machine.NewReader()
	defaults := desktop.Defaults(hostname(), runtime.NumCPU(), memory, disk)
	defaults.Server = flags.server
	if err := defaults.Check(); err != nil {
		return err
	}
	cfg := desktop.Config{
		Folder: at.folder, Defaults: defaults, Wallet: at.keys.WalletAddress().String(), Version: currentVersion(), Journal: journal, Machine: reader.Read,
		Has: desktop.Has{Cores: runtime.NumCPU(), Memory: memory, Disk: disk, Graphics: reader.Graphics(ctx).Say(flags.with.device, torchBuilt), System: runtime.GOOS + "/" + runtime.GOARCH},
		Join: func(ctx context.Context, s desktop.Settings, tell func(worker.Event)) (desktop.Node, error) {
			of := share{cores: min(s.Cores, runtime.NumCPU()), memory: s.MemoryMiB << 20, disk: s.DiskMiB << 20, least: s.MinPrice, choice: s.Choice()}
			return stayAt(ctx, at, s.Server, s.Name, of, flags.with, journal.Log(), tell)
		},
	}
	service := os.Getenv("STATE_DIRECTORY") != "" // it starts as the system says, and nobody sees an icon of it
	if !service {
		entry, err := startEntry(at.folder, flags.tray, flags.with)
		if err != nil {
			return err
		}
		cfg.Autostart, cfg.SetAutostart = entry.On, entry.Set
	}
	d, err := desktop.New(cfg)
	if err != nil {
		return err
	}
	l, err := desktop.Listen(ctx, flags.listen)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var group sync.WaitGroup
	group.Go(func() {
		defer cancel()
		d.Run(ctx)
	})
	err = d.Serve(ctx, l, func(link string) {
		if isTerminal(p.out) { // others may read what a service says
			fmt.Fprintln(p.out, link)
		}
		if !flags.quiet {
			if err := browse(ctx, link); err != nil {
				journal.Log().Warn("no browser could be opened", "error", err)
			}
		}
		if flags.tray && !service {
			group.Go(func() { d.Icon(ctx, browse, cancel) })
		}
	})
	cancel()
	group.Wait()
	return err
}

// page prints the link of a page that is served already, for the owner of the folder.
func (p *program) page() *cobra.Command {
	var data string
	cmd := &cobra.Command{
		Use: "page", Short: "Print a link to the page of a desktop that runs", Args: cobra.NoArgs,
		Long:    "Print a link to the page of a tasknet-node desktop that runs, which lets one browser in, once.",
		Example: `  sudo tasknet-node page --data /var/lib/tasknet-node`,
		RunE: func(*cobra.Command, []string) error {
			folder, err := homeFolder(data)
			if err != nil {
				return err
			}
			link, err := desktop.Link(folder)
			if errors.Is(err, fs.ErrNotExist) {
				return usagef("No tasknet-node desktop runs in %s.", folder)
			}
			if err != nil {
				return err
			}
			fmt.Fprintln(p.out, link)
			return nil
		},
	}
	cmd.Flags().StringVar(&data, "data", "", "the `folder` of keys and files (default: tasknet-node in the user's folder for settings)")
	return cmd
}
