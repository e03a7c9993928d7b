package bundle

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/ordered"
	"github.com/tasknet/tasknet/server/verify"
	"github.com/tasknet/tasknet/server/wire"
)

// Summary is what was written.
type Summary struct {
	Manifest     string `json:"manifest"` // the SHA-256 that stands for all of it
	Instance     string `json:"instance"`
	Files        int    `json:"files"`
	Bytes        int64  `json:"bytes"`
	Questions    int    `json:"questions"`
	Answers      int    `json:"answers"`
	Transactions int    `json:"transactions"`
	Epochs       int    `json:"epochs"`
	Snapshots    int    `json:"snapshots"`
	Witnesses    int    `json:"witnesses"`
	Leaves       int    `json:"leaves"` // of the public log
}

// ErrMoving reports a server whose epochs came faster than they could be read.
var ErrMoving = tasknet.NewError(tasknet.Conflict, "epochs_moving", "Epochs closed while they were copied, again and again; try again when less is going on.")

// epochTries is how often the newest epoch is read anew because another one came meanwhile.
const epochTries = 10

// Write copies the public records of a source into a new folder, which appears whole or not at all. It may be cancelled; what
// was written is then removed. A process that is killed leaves it, in a folder beside dir whose name begins with a dot, that
// of dir and .part. progress is told what is copied, and how much of how much. ErrExists, ErrMoving.
//
// The source may go on working. What is written is the state of one moment: epochs are read first, then the ledger up to
// where the next epoch closes, so that all that epochs say was claimed is in it, and then the questions that it settles.
func Write(ctx context.Context, s verify.Source, dir string, progress func(what string, done, of int)) (Summary, error) {
	return write(ctx, s, dir, progress, createSynced)
}

func write(ctx context.Context, s verify.Source, dir string, progress func(string, int, int), create func(string) (io.WriteCloser, error)) (_ Summary, err error) {
	f, err := newFolder(dir, create)
	if err != nil {
		return Summary{}, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.drop())
		}
	}()
	c := &copying{source: s, folder: f, progress: progress, snapshots: make(map[string]bool), witnesses: make(map[string]bool), unlisted: make(map[[16]byte]struct{})}
	for _, part := range []func(context.Context) error{c.start, c.epochs, c.addresses, c.ledger, c.jobs, c.cases, c.questions, c.skills, c.words, c.log, c.describe} {
		if err := part(ctx); err != nil {
			return Summary{}, err
		}
	}
	sum := c.sum
	if sum.Manifest, err = f.finish(); err != nil {
		return Summary{}, err
	}
	sum.Files = len(f.manifest.files)
	for _, file := range f.manifest.files {
		sum.Bytes += file.Bytes
	}
	return sum, nil
}

// copying is a bundle that is being written.
type copying struct {
	source    verify.Source
	folder    *folder
	progress  func(what string, done, of int)
	sum       Summary
	instance  wire.Instance
	totals    wire.Totals
	snapshots map[string]bool       // named so far
	witnesses map[string]bool       // likewise
	unlisted  map[[16]byte]struct{} // questions that the ledger settles, whose record has not come; fingerprints
	keys      [][32]byte            // leaves of the log about the server's keys
}

func (c *copying) start(ctx context.Context) error {
	in, err := c.source.Instance(ctx)
	if err != nil {
		return err
	}
	requests, err := collect(c.source.OracleRequests(ctx)) // before the totals, which then count the questions of those that are closed
	if err != nil {
		return err
	}
	if len(requests) > 0 {
		if err := c.folder.save(requestsFile, func(w *writer) error { return lines(w, each(requests)) }); err != nil {
			return err
		}
	}
	if c.totals, err = c.source.Totals(ctx); err != nil {
		return err
	}
	c.instance, c.sum.Instance = in, in.Instance
	c.folder.manifest.head = head{Format: format, Instance: in.Instance, At: in.Time}
	return c.folder.record(totalsFile, c.totals)
}

// describe writes what the instance said of itself at the beginning, with the changes of its keys that its log had at the end. If it does
// not state all of them, who verifies finds it.
func (c *copying) describe(ctx context.Context) error {
	if len(c.keys) > 0 {
		in, _, err := client.StatedKeys(ctx, c.source, c.keys)
		switch {
		case errors.Is(err, polls.ErrBadKeys), errors.Is(err, client.ErrBadInstance):
		case err != nil:
			return err
		default:
			c.instance.KeyChanges = in.KeyChanges
		}
	}
	return c.folder.record(instanceFile, c.instance)
}

// epochs copies epochs and their payouts until no epoch comes while the newest one's are read.
func (c *copying) epochs(ctx context.Context) error {
	for range epochTries {
		all, err := collect(c.source.Epochs(ctx))
		if err != nil {
			return err
		}
		if len(all) == c.sum.Epochs {
			return c.folder.save(epochsFile, func(w *writer) error { return lines(w, each(all)) })
		}
		for c.sum.Epochs < len(all) {
			e := all[c.sum.Epochs]
			c.sum.Epochs++
			c.progress("copying epochs", c.sum.Epochs, len(all))
			if err := errors.Join(c.payouts(ctx, e.Number, c.sum.Epochs == len(all)), c.spending(ctx, e.Number), c.verdicts(ctx, e)); err != nil {
				return err
			}
		}
	}
	return ErrMoving
}

// payouts copies the leaves that an epoch added to, which come first, or all of them.
func (c *copying) payouts(ctx context.Context, epoch int64, all bool) error {
	return c.folder.save(payoutsFile(epoch), func(w *writer) error {
		return lines(w, func(yield func(wire.Payout, error) bool) {
			for p, err := range c.source.EpochPayouts(ctx, epoch) {
				if err == nil && !all && p.Epoch != epoch || !yield(p, err) {
					return
				}
			}
		})
	})
}

// spending copies what accounts in the vault had spent by an epoch.
func (c *copying) spending(ctx context.Context, epoch int64) error {
	return c.folder.save(spendingFile(epoch), func(w *writer) error { return lines(w, c.source.EpochSpending(ctx, epoch)) })
}

// addresses copies the changes of where people's pay goes. Those that come after the epochs change nothing of them.
func (c *copying) addresses(ctx context.Context) error {
	return c.folder.save(addressesFile, func(w *writer) error { return lines(w, c.source.AddressChanges(ctx)) })
}

// jobs copies settled jobs, if there are any, among them all that the ledger settles, which was copied before.
func (c *copying) jobs(ctx context.Context) error {
	next, stop := iter.Pull2(c.source.JobRecords(ctx))
	_, err, ok := next()
	stop()
	if err != nil || !ok {
		return err
	}
	return c.folder.save(jobsFile, func(w *writer) error { return lines(w, c.source.JobRecords(ctx)) })
}

// cases copies cases about stakes, if there are any, among them all of the jobs that were copied.
func (c *copying) cases(ctx context.Context) error {
	cases, err := collect(c.source.StakeCases(ctx))
	if err != nil || len(cases) == 0 {
		return err
	}
	return c.folder.save(casesFile, func(w *writer) error { return lines(w, each(cases)) })
}

// verdicts copies the verdicts for contracts in an epoch's tree, if there are any.
func (c *copying) verdicts(ctx context.Context, e wire.Epoch) error {
	if e.Header == nil || strings.Trim(e.Header.Verdicts, "0") == "" {
		return nil
	}
	return c.folder.save(verdictsFile(e.Number), func(w *writer) error { return lines(w, c.source.EpochVerdicts(ctx, e.Number)) })
}

// ledger copies the ledger up to where an epoch closes that is not among those that were copied.
func (c *copying) ledger(ctx context.Context) error {
	epochs := 0
	return c.folder.save(ledgerFile, func(w *writer) error {
		return lines(w, func(yield func(wire.Transaction, error) bool) {
			for t, err := range c.source.Ledger(ctx) {
				if err == nil {
					c.progress("copying the ledger", c.sum.Transactions, 0)
					switch rewards.TxKind(t.Kind) {
					case rewards.EpochTx:
						if epochs++; epochs > c.sum.Epochs {
							return
						}
					case rewards.SettlementTx:
						c.unlisted[fingerprint(t.Cause)] = struct{}{}
					case rewards.ForfeitTx:
						c.named(strings.Fields(t.Cause)...)
					}
					c.sum.Transactions++
				}
				if !yield(t, err) {
					return
				}
			}
		})
	})
}

// questions copies closed questions until those are there that the totals count and the ledger settles.
func (c *copying) questions(ctx context.Context) error {
	return c.folder.save(questionsFile, func(w *writer) error {
		return lines(w, func(yield func(wire.Record, error) bool) {
			if c.totals.Questions == 0 && len(c.unlisted) == 0 {
				return
			}
			for r, err := range c.source.Records(ctx) {
				if err == nil {
					c.sum.Questions++
					c.sum.Answers += len(r.Answers)
					c.progress("copying questions", c.sum.Questions, c.totals.Questions)
					delete(c.unlisted, fingerprint(r.Question.ID))
					c.named(r.Question.Snapshot, r.Verdict.Snapshot)
					if m := r.Verdict.Model; m != nil && IsHash(m.Witness) {
						c.witnesses[m.Witness] = true
					}
					for _, a := range r.Answers {
						if a.Struck != nil {
							c.named(a.Struck.Snapshot)
						}
					}
				}
				if !yield(r, err) || c.sum.Questions >= c.totals.Questions && len(c.unlisted) == 0 {
					return
				}
			}
		})
	})
}

// named notes hashes of snapshots. What is none is no snapshot.
func (c *copying) named(hashes ...string) {
	for _, h := range hashes {
		if IsHash(h) {
			c.snapshots[h] = true
		}
	}
}

// skills copies the snapshots that were named. One that the source does not have is left out; who verifies finds it.
func (c *copying) skills(ctx context.Context) error {
	for i, hash := range slices.Sorted(maps.Keys(c.snapshots)) {
		c.progress("copying snapshots", i+1, len(c.snapshots))
		s, err := c.source.Snapshot(ctx, hash)
		if e, ok := errors.AsType[*tasknet.Error](err); ok && e.Kind == tasknet.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		c.sum.Snapshots++
		if err := c.folder.record(snapshotFile(hash), s); err != nil {
			return err
		}
	}
	return nil
}

// words copies what the words of models were worth, as skills copies snapshots.
func (c *copying) words(ctx context.Context) error {
	for _, hash := range slices.Sorted(maps.Keys(c.witnesses)) {
		w, err := c.source.Witness(ctx, hash)
		if e, ok := errors.AsType[*tasknet.Error](err); ok && e.Kind == tasknet.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		c.sum.Witnesses++
		if err := c.folder.record(witnessFile(hash), w); err != nil {
			return err
		}
	}
	return nil
}

// lines writes records in their order. They are put into canonical form on all processors, which takes longer than to write
// them.
func lines[T any](w *writer, records iter.Seq2[T, error]) error {
	canonical := func(v T) ([]byte, error) {
		line, err := tasknet.Canonical(v)
		if err != nil {
			err = fmt.Errorf("write %s: %w", w.entry.Name, err)
		}
		return line, err
	}
	for line, err := range ordered.Map(records, canonical) {
		if err != nil {
			return err
		}
		if err := w.line(line); err != nil {
			return err
		}
	}
	return nil
}

func each[T any](all []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range all {
			if !yield(v, nil) {
				return
			}
		}
	}
}

func collect[T any](list iter.Seq2[T, error]) (all []T, err error) {
	for v, err := range list {
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}

func fingerprint(s string) [16]byte {
	sum := sha256.Sum256([]byte(s))
	return [16]byte(sum[:16])
}
