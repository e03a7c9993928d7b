package verify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// A server that had records before it had a log states when the log began to take them (polls.LogStart). For a day from then on they may
// be missing, and never again: the statement's leaf is in the log, and there is no second one. While the log has no leaf at all, the
// statement stands on its signature alone. A server that made it anew each day would have a log that stays empty, which proves as much as
// none, and is told so; and it would have signed two statements that cannot both be true.

// stated takes what an instance states of when its log began.
func (v *verification) stated(in wire.Instance) error {
	wrong := func(expected, got string) error {
		return &Mismatch{"instance", v.instance, "log start", expected, got}
	}
	start, err := client.LogStart(in)
	switch {
	case errors.Is(err, client.ErrBadInstance):
		return wrong("a statement that a key of the log signed, of a day", "another")
	case err != nil || start == nil:
		return err
	case v.log == nil:
		return wrong("none, as the instance says that it has no log", timeText(start.At))
	case start.At.After(v.startAt.Add(clocksApart)) || v.clock().ahead(start.At):
		return wrong("one of before the records were read", timeText(start.At))
	}
	v.log.start = start
	v.log.startLeaf, err = start.Leaf(v.instance)
	return err
}

// started reports whether what an instance states of when its log began holds, given the log as it was read last.
func (l *publicLog) started() bool {
	return l.start != nil && (l.at.Size == 0 || l.hasLeaf(l.startLeaf))
}

const (
	startSoon  = time.Minute // from the statement on the log has its leaf, whatever holds it up for a moment
	startEvery = 200 * time.Millisecond
	startTries = 50 // the server's clock may be ahead of ours
)

// awaitStart waits a few seconds for the leaf of a statement that was made a moment ago. An empty log comes with it, but one that has had
// records of some kinds gets it by its next checkpoint. Till then the statement excuses nothing: it could be made anew for each who asks.
// Where records do not change any more there is nothing to wait for.
func (v *verification) awaitStart(ctx context.Context) error {
	if v.log == nil || v.log.start == nil || v.cfg.Now == nil {
		return nil
	}
	for range startTries {
		if v.log.started() || v.cfg.Now().After(v.log.start.At.Add(startSoon)) {
			return nil
		}
		if err := client.Pause(ctx, startEvery); err != nil {
			return err
		}
		if err := v.log.follow(ctx); err != nil {
			return err
		}
	}
	return nil
}

// due returns by when the log must have a record: when its server promised it, or never mind when, if what came after it is there.
func (l *publicLog) due(m logLeaf) (by time.Time, passed bool) {
	by = m.at.Add(polls.MergeDelay)
	if l.started() && m.at.Before(l.start.At) {
		by = l.start.By()
		// Answers are in the log's order from the moment on at which they are accepted: those of before are before the statement.
		passed = m.kind == "answer" && l.at.Size > 0 && m.at.Before(l.start.At.Add(-clocksApart))
	}
	return by, passed || m.kind == "answer" && l.newest.After(m.at.Add(clocksApart))
}

// clock is what time it is while records are verified.
type clock struct {
	latest time.Time // that it can be said to be: by the server, by the newest transaction, and by the verifier's own clock
	own    time.Time // by the verifier's own clock; zero when it does not count
}

func (v *verification) clock() clock {
	c := clock{latest: v.startAt}
	if v.cfg.Now != nil {
		c.own = v.cfg.Now()
	}
	for _, at := range []time.Time{v.ledger.newest, c.own} {
		if at.After(c.latest) {
			c.latest = at
		}
	}
	return c
}

// aheadOfClock is how far ahead of the verifier's own clock something may be dated: that may be wrong, too, and a change of a key is
// stated a minute before it counts.
const aheadOfClock = 5 * time.Minute

// ahead reports whether a time has not come by the verifier's own clock: what is promised from there on would never be due.
func (c clock) ahead(at time.Time) bool { return !c.own.IsZero() && at.After(c.own.Add(aheadOfClock)) }

// unproven returns what the log does not show yet, and never will.
func (l *publicLog) unproven(r Report) (all []Unproven) {
	if l == nil {
		return []Unproven{{Code: "no_log", Text: "that records are what they were before: the server says that it has no public log"}}
	}
	if r.UnloggedBy != nil {
		all = append(all, Unproven{Code: "not_in_log", Text: fmt.Sprintf("that the %d records which are not in the public log yet stay what they are: the server promises to have the last of them there by %s; verify again then", r.Unlogged, r.UnloggedBy.UTC().Format(time.RFC3339))})
	}
	if l.at.Size == 0 && r.Unlogged > 0 {
		all = append(all, Unproven{Code: "empty_log", Text: "anything by the public log, which is empty: so far it is as if there were none"})
	}
	switch {
	case l.started():
		all = append(all, Unproven{Code: "log_start", Text: fmt.Sprintf("that what was recorded before %s is what it was then: the public log began only there", l.start.At.UTC().Format(time.RFC3339))})
	case l.starts > 0:
		all = append(all, Unproven{Code: "log_start", Text: "that what was recorded before the public log began is what it was then: the log has a leaf about that, and the server does not state when it was"})
	}
	if len(l.keys) == 0 {
		all = append(all, Unproven{Code: "first_keys", Text: "that the server signed by no other keys before those that it says were the first: its public log does not have them"})
	}
	return all
}
