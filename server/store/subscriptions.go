package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
)

// cameWithin is for how long after somebody was woken they are taken to come because of it.
const cameWithin = 30 * time.Minute

const subscriptionColumns = `s.id, s.respondent, s.device, s.channel, s.target, s.key, s.auth, s.created_at`

func scanSubscription(r row, more ...any) (s pipeline.Subscription, err error) {
	var device, key, auth []byte
	var created int64
	err = r.Scan(append([]any{&s.ID, &s.Respondent, &device, &s.Channel, &s.Target, &key, &auth, &created}, more...)...)
	copy(s.Device[:], device)
	s.Key, s.Auth, s.At = pipeline.Secret(key), pipeline.Secret(auth), timeOf(created)
	return s, err
}

// Subscribe implements pipeline.Subscriptions.
func (st pushStore) Subscribe(ctx context.Context, s pipeline.Subscription) (kept pipeline.Subscription, err error) {
	err = st.write(ctx, func(db querier) error {
		return db.savepoint(ctx, func() error {
			// The respondent's lock keeps two devices from both being the fifth.
			var known string
			if _, err := get(ctx, db, []any{&known}, `SELECT id FROM respondents WHERE id = $1`+db.forUpdate(), s.Respondent); err != nil {
				return err
			}
			if _, err := db.execAll(ctx, []statement{
				newSleeper(s.Respondent, polls.NewWishes()),
				{`DELETE FROM subscriptions WHERE respondent = $1 AND device = $2 AND channel = $3 AND target <> $4`, []any{string(s.Respondent), s.Device[:], string(s.Channel), string(s.Target)}},
				{`INSERT INTO subscriptions (id, respondent, device, channel, target, key, auth, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
					ON CONFLICT (target) DO UPDATE SET respondent = $2, device = $3, channel = $4, key = $6, auth = $7`, []any{
					s.ID, string(s.Respondent), s.Device[:], string(s.Channel), string(s.Target), []byte(s.Key), []byte(s.Auth), micros(s.At),
				}},
			}); err != nil {
				return err
			}
			all, err := subscriptionsOf(ctx, db, s.Respondent)
			if err != nil {
				return err
			}
			if len(all) > pipeline.SubscriptionsMax {
				return pipeline.ErrSubscriptions
			}
			for _, one := range all {
				if one.Target == s.Target {
					kept = one
				}
			}
			return nil
		})
	})
	return kept, err
}

// newSleeper is the statement that keeps somebody who can be woken or was here, unless they are kept.
func newSleeper(who polls.RespondentID, w polls.Wishes) statement {
	return statement{`INSERT INTO sleepers (respondent, languages, types, avoids, least, quiet_from, quiet_until, zone, per_day, seen_at, woken_at, day, today, wakes, came, came_at, after_ms)
		VALUES ($1, '', '', '', $2, $3, $4, $5, $6, 0, 0, 0, 0, 0, 0, 0, 0) ON CONFLICT (respondent) DO NOTHING`, []any{
		string(who), w.Least.Micro(), w.Quiet.From, w.Quiet.Until, w.Quiet.Zone.String(), w.PerDay,
	}}
}

// Unsubscribe implements pipeline.Subscriptions.
func (st pushStore) Unsubscribe(ctx context.Context, who polls.RespondentID, id string) error {
	return st.write(ctx, func(db querier) error {
		n, err := db.exec(ctx, `DELETE FROM subscriptions WHERE id = $1 AND respondent = $2`, id, who)
		if err == nil && n == 0 {
			return pipeline.ErrNoSubscription
		}
		if err != nil {
			return err
		}
		_, err = db.exec(ctx, `DELETE FROM pushes WHERE subscription = $1`, id)
		return err
	})
}

// SubscriptionsOf implements pipeline.Subscriptions.
func (st pushStore) SubscriptionsOf(ctx context.Context, who polls.RespondentID) (list []pipeline.Subscription, err error) {
	err = st.read(ctx, func(db querier) error {
		list, err = subscriptionsOf(ctx, db, who)
		return err
	})
	return list, err
}

func subscriptionsOf(ctx context.Context, db querier, who polls.RespondentID) (list []pipeline.Subscription, err error) {
	err = db.query(ctx, func(r row) error {
		s, err := scanSubscription(r)
		list = append(list, s)
		return err
	}, `SELECT `+subscriptionColumns+` FROM subscriptions s WHERE s.respondent = $1 ORDER BY s.created_at, s.id`, who)
	return list, err
}

// unsubscribeDevice are the statements that remove what a device can be woken by.
func unsubscribeDevice(who polls.RespondentID, device polls.DeviceKey) []statement {
	return []statement{
		{`DELETE FROM pushes WHERE subscription IN (SELECT s.id FROM subscriptions s WHERE s.respondent = $1 AND s.device = $2)`, []any{string(who), device[:]}},
		{`DELETE FROM subscriptions WHERE respondent = $1 AND device = $2`, []any{string(who), device[:]}},
	}
}

const wishColumns = `p.languages, p.types, p.avoids, p.least, p.quiet_from, p.quiet_until, p.zone, p.per_day`

// scannedWishes takes wishColumns.
type scannedWishes struct {
	w                              polls.Wishes
	languages, types, avoids, zone string
	least                          int64
}

func (s *scannedWishes) dest() []any {
	return []any{&s.languages, &s.types, &s.avoids, &s.least, &s.w.Quiet.From, &s.w.Quiet.Until, &s.zone, &s.w.PerDay}
}

func (s *scannedWishes) wishes() (w polls.Wishes, err error) {
	w = s.w
	w.Least = tasknet.Micro(s.least)
	if w.Quiet.Zone, err = polls.Zone(s.zone); err != nil {
		return w, fmt.Errorf("zone %q: %w", s.zone, err)
	}
	if s.languages != "" {
		if err := json.Unmarshal([]byte(s.languages), &w.Languages); err != nil {
			return w, fmt.Errorf("languages: %w", err)
		}
	}
	if s.types != "" {
		if err := json.Unmarshal([]byte(s.types), &w.Types); err != nil {
			return w, fmt.Errorf("types: %w", err)
		}
	}
	if s.avoids != "" {
		var names []string
		if err := json.Unmarshal([]byte(s.avoids), &names); err != nil {
			return w, fmt.Errorf("avoids: %w", err)
		}
		if w.Avoids, err = polls.ParseAvoids(names); err != nil {
			return w, fmt.Errorf("avoids %q: %w", names, err)
		}
	}
	return w, nil
}

// WishesOf implements pipeline.Subscriptions.
func (st pushStore) WishesOf(ctx context.Context, who polls.RespondentID) (polls.Wishes, error) {
	var s scannedWishes
	var found bool
	err := st.read(ctx, func(db querier) (err error) {
		found, err = get(ctx, db, s.dest(), `SELECT `+wishColumns+` FROM sleepers p WHERE p.respondent = $1`, who)
		return err
	})
	if err != nil || !found {
		return polls.NewWishes(), err
	}
	return s.wishes()
}

// SetWishes implements pipeline.Subscriptions.
func (st pushStore) SetWishes(ctx context.Context, who polls.RespondentID, w polls.Wishes) error {
	languages, err := encodeWish(w.Languages)
	if err != nil {
		return err
	}
	types, err := encodeWish(w.Types)
	if err != nil {
		return err
	}
	avoids, err := encodeWish(w.Avoids.Names())
	if err != nil {
		return err
	}
	return st.write(ctx, func(db querier) error {
		_, err := db.execAll(ctx, []statement{newSleeper(who, w), {
			`UPDATE sleepers SET languages = $2, types = $3, least = $4, quiet_from = $5, quiet_until = $6, zone = $7, per_day = $8, avoids = $9 WHERE respondent = $1`,
			[]any{string(who), languages, types, w.Least.Micro(), w.Quiet.From, w.Quiet.Until, w.Quiet.Zone.String(), w.PerDay, avoids},
		}})
		return err
	})
}

// encodeWish writes a JSON array; nothing when it is empty.
func encodeWish[T any](list []T) (string, error) {
	if len(list) == 0 {
		return "", nil
	}
	b, err := json.Marshal(list)
	return string(b), err
}

// Visited implements pipeline.Subscriptions.
func (st pushStore) Visited(ctx context.Context, who polls.RespondentID, at time.Time) error {
	return st.write(ctx, func(db querier) error {
		_, err := db.execAll(ctx, []statement{newSleeper(who, polls.NewWishes()), seen(who, at)})
		return err
	})
}

// Seen implements pipeline.Subscriptions.
func (st pushStore) Seen(ctx context.Context, at map[polls.RespondentID]time.Time) error {
	batch := make([]statement, 0, len(at))
	for _, who := range slices.Sorted(maps.Keys(at)) {
		batch = append(batch, seen(who, at[who]))
	}
	return st.write(ctx, func(db querier) error {
		_, err := db.execAll(ctx, batch)
		return err
	})
}

// seen is the statement that notes when somebody was here. Who comes soon after they were woken has come because of it, once.
func seen(who polls.RespondentID, at time.Time) statement {
	const because = `woken_at > came_at AND $2 >= woken_at AND $2 - woken_at <= $3`
	return statement{`UPDATE sleepers SET seen_at = $2,
			after_ms = CASE WHEN ` + because + ` THEN (CASE WHEN after_ms = 0 THEN ($2 - woken_at) / 1000 ELSE (3 * after_ms + ($2 - woken_at) / 1000) / 4 END) ELSE after_ms END,
			came = CASE WHEN ` + because + ` THEN came + 1 ELSE came END, came_at = CASE WHEN ` + because + ` THEN $2 ELSE came_at END
			WHERE respondent = $1 AND seen_at < $2`, []any{string(who), micros(at), cameWithin.Microseconds()}}
}
