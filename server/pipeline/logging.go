package pipeline

import (
	"context"
	"errors"
	"strconv"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/rewards"
)

// loggedAtOnce is how many verdicts, epochs, changes of addresses, jobs or deliveries enter the public log in one transaction.
const loggedAtOnce = 64

// Log has all refusals, verdicts, opened golds, epochs, changes of payout addresses, jobs and deliveries that there are enter the public log, all but
// refusals in the order of their numbers. Those of before there was a log are no different from those of now.
func (p *Pipeline) Log(ctx context.Context) error {
	if err := p.logRefusals(ctx); err != nil {
		return err
	}
	for _, what := range []struct {
		is   Loggable
		next func(context.Context, int64) (int, [][32]byte, error)
	}{{LoggedVerdicts, p.nextVerdicts}, {LoggedEpochs, p.nextEpochs}, {LoggedChanges, p.nextChanges}, {LoggedJobs, p.nextJobs}, {LoggedDelivery, p.nextDeliveries}} {
		for n := loggedAtOnce; n == loggedAtOnce; {
			through, err := p.stores.Log().Logged(ctx, what.is)
			if err != nil {
				return err
			}
			var leaves [][32]byte
			if n, leaves, err = what.next(ctx, through); err != nil {
				return err
			}
			if err := p.logLeaves(ctx, what.is, through, n, leaves); err != nil {
				return err
			}
		}
	}
	return nil
}

// logLeaves has leaves of the next n of something enter the log, unless another server was faster.
func (p *Pipeline) logLeaves(ctx context.Context, what Loggable, through int64, n int, leaves [][32]byte) error {
	if n == 0 {
		return nil
	}
	return p.stores.InTx(ctx, func(tx Tx) error {
		now, err := tx.Log().Logged(ctx, what)
		if err != nil || now != through {
			return err
		}
		if _, err := tx.Log().AppendLeaves(ctx, leaves, p.now()); err != nil {
			return err
		}
		return tx.Log().SetLogged(ctx, what, through+int64(n))
	})
}

// nextVerdicts returns the leaves of the next verdicts, each before that of its question's gold, and how many verdicts they are of.
func (p *Pipeline) nextVerdicts(ctx context.Context, through int64) (n int, leaves [][32]byte, err error) {
	verdicts, _, err := p.stores.Labels().Verdicts(ctx, tasknet.Page{After: strconv.FormatInt(through, 10), Limit: loggedAtOnce})
	if err != nil {
		return 0, nil, err
	}
	for _, v := range verdicts {
		of, err := p.leavesOf(ctx, v)
		if err != nil {
			return 0, nil, err
		}
		leaves = append(leaves, of...)
	}
	return len(verdicts), leaves, nil
}

// leavesOf returns the leaf of a verdict, and of its question's gold if it had one.
func (p *Pipeline) leavesOf(ctx context.Context, v *labeling.Verdict) ([][32]byte, error) {
	q, err := p.stores.Polls().Question(ctx, v.Question)
	if err != nil {
		return nil, err
	}
	answers, err := p.stores.Polls().AnswersTo(ctx, v.Question)
	if err != nil {
		return nil, err
	}
	records := make([][32]byte, len(answers))
	for i, a := range answers {
		records[i] = a.Hash
	}
	leaf, err := v.Hash(p.cfg.Instance, q.Hash, records)
	if err != nil {
		return nil, err
	}
	gold, err := p.stores.Labels().Gold(ctx, v.Question)
	if err != nil || gold == nil {
		return [][32]byte{leaf}, err
	}
	opened, err := gold.Hash(p.cfg.Instance, q.Hash)
	return [][32]byte{leaf, opened}, err
}

// nextEpochs returns the leaves of the next epochs, and how many there are.
func (p *Pipeline) nextEpochs(ctx context.Context, through int64) (n int, leaves [][32]byte, err error) {
	for n < loggedAtOnce {
		e, err := p.stores.Rewards().Epoch(ctx, through+int64(n)+1)
		if errors.Is(err, rewards.ErrNoEpoch) {
			break
		}
		if err != nil {
			return 0, nil, err
		}
		leaf, err := e.Hash(p.cfg.Instance)
		if err != nil {
			return 0, nil, err
		}
		leaves = append(leaves, leaf)
		n++
	}
	return n, leaves, nil
}

// nextChanges returns the leaves of the next changes of payout addresses, and how many changes they are of. That one is cancelled
// later enters the log by CancelAddress.
func (p *Pipeline) nextChanges(ctx context.Context, through int64) (n int, leaves [][32]byte, err error) {
	changes, _, err := p.stores.Rewards().AddressChanges(ctx, tasknet.Page{After: strconv.FormatInt(through, 10), Limit: loggedAtOnce})
	if err != nil {
		return 0, nil, err
	}
	for _, c := range changes {
		of, err := c.Leaves(p.cfg.Instance)
		if err != nil {
			return 0, nil, err
		}
		leaves = append(leaves, of...)
	}
	return len(changes), leaves, nil
}

// nextJobs returns the leaves of the next jobs.
func (p *Pipeline) nextJobs(ctx context.Context, through int64) (n int, leaves [][32]byte, err error) {
	jobs, err := p.stores.Work().JobsAfter(ctx, through, loggedAtOnce)
	return leavesOfAll(jobs, err, p.cfg.Instance)
}

// nextDeliveries returns the leaves of the next deliveries.
func (p *Pipeline) nextDeliveries(ctx context.Context, through int64) (n int, leaves [][32]byte, err error) {
	deliveries, err := p.stores.Work().DeliveriesAfter(ctx, through, loggedAtOnce)
	return leavesOfAll(deliveries, err, p.cfg.Instance)
}

func leavesOfAll[T interface {
	Leaf(string) ([32]byte, error)
}](list []T, err error, instance string) (int, [][32]byte, error) {
	leaves := make([][32]byte, len(list))
	for i, item := range list {
		if leaves[i], err = item.Leaf(instance); err != nil {
			break
		}
	}
	return len(list), leaves, err
}
