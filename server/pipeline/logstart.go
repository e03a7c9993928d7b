package pipeline

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
)

// logStart is how a polls.LogStart is kept.
type logStart struct {
	At        int64  `json:"at_ms"`
	Signature []byte `json:"signature"`
}

const logStartSetting = "log start"

// StartLog states, once and signed by a key of the log, that the public log begins to take what was recorded before there was one, or before
// it took records of that kind, and has the statement enter it. It returns the statement; nil when nothing was recorded before.
func (p *Pipeline) StartLog(ctx context.Context, key ed25519.PrivateKey) (*polls.LogStart, error) {
	text, err := p.stores.Settings().Setting(ctx, logStartSetting)
	if errors.Is(err, ErrNotFound) {
		text, err = p.startLog(ctx, key)
	}
	if err != nil || text == "" {
		return nil, err
	}
	var kept logStart
	if err := json.Unmarshal([]byte(text), &kept); err != nil {
		return nil, fmt.Errorf("the start of the public log: %w", err)
	}
	s := &polls.LogStart{At: time.UnixMilli(kept.At).UTC()}
	copy(s.Signature[:], kept.Signature)
	return s, nil
}

// startLog makes the statement and saves it, and returns it as it is kept: another server may have been faster.
func (p *Pipeline) startLog(ctx context.Context, key ed25519.PrivateKey) (kept string, err error) {
	if had, err := p.hadRecords(ctx); err != nil || !had {
		return "", err
	}
	s := polls.LogStart{At: p.now().UTC().Truncate(time.Millisecond)}
	if err := s.Sign(p.cfg.Instance, key); err != nil {
		return "", err
	}
	leaf, err := s.Leaf(p.cfg.Instance)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(logStart{s.At.UnixMilli(), s.Signature[:]})
	if err != nil {
		return "", err
	}
	err = p.stores.InTx(ctx, func(tx Tx) error {
		if kept, err = tx.Settings().SetSetting(ctx, logStartSetting, string(text)); err != nil || kept != string(text) {
			return err
		}
		_, err := tx.Log().AppendLeaves(ctx, [][32]byte{leaf}, p.now())
		return err
	})
	return kept, err
}

// loggedSoon is how long before it enters the log a record may be there: what is older, and of a kind that never has, is from before
// that kind entered it.
const loggedSoon = time.Minute

// hadRecords reports whether there are records of a kind from before any of it entered the log.
func (p *Pipeline) hadRecords(ctx context.Context) (bool, error) {
	first := tasknet.Page{Limit: 1}
	for what, oldest := range map[Loggable]func() (time.Time, error){
		LoggedVerdicts: func() (at time.Time, err error) {
			verdicts, _, err := p.stores.Labels().Verdicts(ctx, first)
			for _, v := range verdicts {
				at = v.At
			}
			return at, err
		},
		LoggedEpochs: func() (time.Time, error) {
			e, err := p.stores.Rewards().Epoch(ctx, 1)
			if errors.Is(err, rewards.ErrNoEpoch) {
				err = nil
			}
			return e.At, err
		},
		LoggedChanges: func() (at time.Time, err error) {
			changes, _, err := p.stores.Rewards().AddressChanges(ctx, first)
			for _, c := range changes {
				at = c.At
			}
			return at, err
		},
	} {
		through, err := p.stores.Log().Logged(ctx, what)
		if err != nil {
			return false, err
		}
		at, err := oldest()
		if err != nil {
			return false, err
		}
		if through == 0 && !at.IsZero() && at.Before(p.now().Add(-loggedSoon)) {
			return true, nil
		}
	}
	return false, nil
}
