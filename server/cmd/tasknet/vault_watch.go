package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards/eth"
	"github.com/tasknet/tasknet/server/verify"
)

const aboutVaultWatch = `Watch over the payout roots of a server: whenever one is posted, recompute it from the
public records, with all that "tasknet verify" does, and block it when it is wrong, before
it takes effect. The records are a server's, or with --bundle a folder that "tasknet
bundle" writes anew. Anybody can watch who has put up the vault's bond with "tasknet vault
bond", with a key of their own and a node that they trust. Who blocks a root that the
adjudicator finds good loses half of the bond to its poster and half to the adjudicator.

A root is blocked when two looks in a row find the same thing wrong. When the records
cannot be read, or do not have its epoch, that is said, and is for you to look at; a server
writes a root down before it posts it, so a root that the records still do not explain when
only --room is left of its delay is blocked for that. Keep a --bundle up to date, or it will
cost you the bond. A watch that is started in that time, and cannot read the records in what
is left of it, does not block for that. What is wrong is printed, and saved in --evidence as
a file for the adjudicator; its SHA-256 stands in the vault.

The root in force is looked at too. Nobody can block it any more: when it is not what the
records give, that is said, the evidence is saved, and the exit status is 3.

It can be stopped and started at any time, and one of it runs for an --evidence folder.
With --once it looks until the root that waits is known to be right or is blocked, and the
one in force to be right or wrong; the exit status is 3 when one was blocked too.`

// watching is what vault watch was asked for.
type watching struct {
	remote
	acting
	folder, evidence string
	every, room      time.Duration
	once, asJSON     bool
}

func (p *program) vaultWatch() *cobra.Command {
	var w watching
	cmd := &cobra.Command{
		Use: "watch", Short: "Recompute each payout root, and block a wrong one", Long: aboutVaultWatch, Args: cobra.NoArgs,
		Example: "  tasknet vault watch --server https://tasknet.example.org --rpc http://127.0.0.1:8545 --key-file watcher.key --vault 0x...",
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if w.every < time.Millisecond {
				return usagef("--every is a time such as 30s")
			}
			if w.room < 0 {
				return usagef("--room is a time such as 6h")
			}
			wallet, err := w.acting.open(cmd.Context(), p)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, wallet.Close()) }()
			if err := os.MkdirAll(w.evidence, 0o755); err != nil {
				return err
			}
			lock := flock.New(filepath.Join(w.evidence, "watch.lock"))
			if alone, err := lock.TryLock(); err != nil {
				return err
			} else if !alone {
				return usagef("another watch has %s; stop it, or give this one an --evidence folder of its own", w.evidence)
			}
			defer func() { err = errors.Join(err, lock.Unlock()) }()
			if err := mayBlock(cmd.Context(), wallet); err != nil {
				return err
			}
			return p.watch(cmd.Context(), wallet, &w)
		},
	}
	w.remote.flags(cmd, defaultServer)
	w.acting.flags(cmd, "the watcher's")
	f := cmd.Flags()
	f.StringVar(&w.folder, "bundle", "", "folder to read instead of asking a server; read anew at each look")
	f.StringVar(&w.evidence, "evidence", "evidence", "folder for what is wrong with roots")
	f.DurationVar(&w.every, "every", 30*time.Second, "time between two looks, a quarter of --room at most")
	f.DurationVar(&w.room, "room", 0, "block a root that the records do not explain so long before it takes effect (default: a quarter of the delay)")
	f.BoolVar(&w.once, "once", false, "end when the root that waits is known to be right or is blocked, or none waits")
	f.BoolVar(&w.asJSON, "json", false, "print JSON for each look that finds something else than the one before")
	return cmd
}

// mayBlock fails when the wallet could not block a root.
func mayBlock(ctx context.Context, w *eth.Wallet) error {
	terms, poster, err := w.TermsOf(ctx)
	if err != nil {
		return err
	}
	if terms.Bond.Sign() == 0 || poster == w.Address() {
		return eth.ErrNotWatcher
	}
	has, err := w.BondOf(ctx, w.Address())
	if err != nil {
		return err
	}
	if has.Cmp(terms.Bond) < 0 {
		return fmt.Errorf("%s has %s base units at stake, of %s: %w", polls.Wallet(w.Address()), has, terms.Bond, eth.ErrBond)
	}
	return nil
}

// watch looks until ctx ends, or with --once until it knows.
func (p *program) watch(ctx context.Context, wallet *eth.Wallet, w *watching) error {
	watcher := verify.NewWatcher(wallet, verify.WatcherConfig{Room: w.room, Keep: func(name string, evidence []byte) error {
		return writeFile(filepath.Join(w.evidence, name), func(f io.Writer) error {
			_, err := f.Write(evidence)
			return err
		})
	}})
	_, delay, err := wallet.Left(ctx)
	if err != nil {
		return err
	}
	if often := watcher.Room(delay) / 4; often > 0 {
		w.every = min(w.every, often)
	}
	tick := time.NewTicker(w.every)
	defer tick.Stop()
	said := make(map[bool]string) // of the root in force, and of the one that waits
	for {
		waits := w.look(ctx, watcher.Look)
		looks := []verify.Look{waits}
		if !waits.Open() {
			inForce := w.look(ctx, watcher.InForce)
			inForce.InForce = true
			looks = append(looks, inForce)
		}
		var wrong error
		open := ""
		for _, l := range looks {
			line := describe(l)
			if ctx.Err() == nil && line != said[l.InForce] {
				said[l.InForce] = line
				if err := p.tellLook(w, l, line); err != nil {
					return err
				}
			}
			switch l.Finding {
			case verify.WrongInForce:
				wrong = l.Wrong
			case verify.Blocked:
				if w.once {
					wrong = l.Wrong
				}
			case verify.Unread, verify.Doubted:
				open = line
			}
		}
		switch {
		case ctx.Err() != nil:
			return wrong
		case !w.once:
		case open == "":
			return wrong
		case looks[len(looks)-1].Finding == verify.Unread:
			return errors.Join(wrong, errors.New("not all is known: "+open))
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return wrong
		}
	}
}

// look looks at a root, at records that are opened anew: a folder's may be others by now.
func (w *watching) look(ctx context.Context, at func(context.Context, verify.Open) (verify.Look, error)) verify.Look {
	look, err := at(ctx, func(ctx context.Context) (verify.Source, func() error, error) { return w.source(ctx, w.folder, "") })
	if err != nil {
		return verify.Look{Finding: verify.Unread, Unread: err}
	}
	return look
}

// describe says in a line what a look found.
func describe(l verify.Look) string {
	which := fmt.Sprintf("The root of epoch %d", l.Epoch)
	if l.InForce {
		which = fmt.Sprintf("The root of epoch %d, which is in force,", l.Epoch)
	}
	switch l.Finding {
	case verify.NoRoot:
		if l.InForce {
			return "No root is in force."
		}
		return "No root waits."
	case verify.Fits:
		return which + " is what the records give."
	case verify.Doubted:
		return fmt.Sprintf("%s seems wrong, and is looked at again: %s.", which, unended(l.Wrong))
	case verify.Blocked:
		return fmt.Sprintf("%s is wrong: %s. It is blocked by transaction 0x%x, with the evidence %x in %s.", which, unended(l.Wrong), l.Tx, l.Evidence, l.File)
	case verify.BlockedAlready:
		return which + " is blocked, and the adjudicator decides."
	case verify.WrongInForce:
		return fmt.Sprintf("WRONG: %s is not what the records give, and nobody can block it any more: %s. The evidence %x is in %s.", which, unended(l.Wrong), l.Evidence, l.File)
	}
	switch {
	case l.Epoch == 0 && l.InForce:
		return fmt.Sprintf("It is not known whether the root in force is right: %s.", unended(l.Unread))
	case l.Epoch == 0:
		return fmt.Sprintf("It is not known whether a root waits, or it could not be blocked: %s.", unended(l.Unread))
	case l.Late:
		return fmt.Sprintf("%s waits, and this watch began too late to read the records before it takes effect: %s. Look yourself: it is not blocked for that.", which, unended(l.Unread))
	case l.InForce:
		return fmt.Sprintf("%s may be right or wrong, the records do not show it: %s. Look yourself.", which, unended(l.Unread))
	}
	return fmt.Sprintf("%s waits, and the records do not show whether it is right: %s. Look yourself: it is blocked when they still do not as its delay ends (--room).", which, unended(l.Unread))
}

// unended returns what an error says, to go on after it or end it.
func unended(err error) string { return strings.TrimSuffix(err.Error(), ".") }

func (p *program) tellLook(w *watching, l verify.Look, line string) error {
	if !w.asJSON {
		return p.printf("%s %s\n", time.Now().Format(time.DateTime), line)
	}
	return p.printJSON(struct {
		verify.Look
		Text string `json:"text"`
	}{l, line})
}
