package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
)

const (
	// earlierFor is for how long somebody who was woken may still come.
	earlierFor = 2 * time.Hour

	// lackingLooked is at how many open tasks of a project is looked to see what it lacks: nobody needs to know more.
	lackingLooked = 200

	// eachOfProject is how many tasks somebody does who comes for a project, as it is reckoned.
	eachOfProject = 10

	wholeChance = 1_000_000
)

// Lack implements pipeline.Wakings.
func (st pushStore) Lack(ctx context.Context, at time.Time, subjects ...string) error {
	batch := make([]statement, len(subjects))
	for i, s := range subjects {
		batch[i] = statement{`INSERT INTO wakings (subject, next_at, step) VALUES ($1, $2, 0) ON CONFLICT (subject) DO NOTHING`, []any{s, micros(at)}}
	}
	return st.write(ctx, func(db querier) error {
		_, err := db.execAll(ctx, batch)
		return err
	})
}

// DueWakings implements pipeline.Wakings.
func (st pushStore) DueWakings(ctx context.Context, at time.Time, limit int) (list []pipeline.Waking, err error) {
	err = st.read(ctx, func(db querier) error {
		list = nil
		return db.query(ctx, func(r row) error {
			var w pipeline.Waking
			var next int64
			err := r.Scan(&w.Subject, &next, &w.Step)
			w.Next = timeOf(next)
			list = append(list, w)
			return err
		}, `SELECT subject, next_at, step FROM wakings WHERE next_at <= $1 ORDER BY next_at, subject LIMIT $2`, micros(at), limit)
	})
	return list, err
}

// CallOf implements pipeline.Wakings.
func (st pushStore) CallOf(ctx context.Context, subject string, at time.Time) (c pipeline.Calling, err error) {
	err = st.read(ctx, func(db querier) error {
		c = pipeline.Calling{Question: polls.QuestionID(subject), Call: polls.Call{At: at, Each: 1, Draw: rand.Uint64()}}
		lacking, project := -1, strings.HasPrefix(subject, projectPrefix)
		if project {
			c.Each, c.Round = eachOfProject, at.Unix()/secondsPerDay
			if lacking, err = lackOf(ctx, db, subject, &c); err != nil {
				return err
			}
		}
		var status polls.Status
		var in string
		k := candidate{id: subject}
		var began, wanted, leases, ends, deadline, price, content int64
		found, err := get(ctx, db, []any{&status, &wanted, &leases, &ends, &deadline, &c.Type, &price, &c.Family, &in, &content, &k.policy, &k.least, &k.most, &k.state, &began},
			`SELECT p.status, p.wanted, p.leases, p.lease_ends, q.deadline, q.type, q.price, q.family, q.project, q.content | COALESCE(j.content, 0), q.policy, q.min, q.max, p.state, `+askedAt(`j.lifetime`)+`
				FROM progress p JOIN questions q ON q.id = p.question LEFT JOIN projects j ON j.id = q.project WHERE p.question = $1`, c.Question)
		if err != nil {
			return err
		}
		c.Deadline, c.Price, c.Content = timeOf(deadline), tasknet.Micro(price), polls.Content(content)
		if !found || status == polls.Closed || !at.Before(c.Deadline) {
			return pipeline.ErrNotFound
		}
		switch {
		case project:
			c.Lacking = lacking
		case status == polls.Open:
			if c.Open, err = k.leftOpen(); err != nil {
				return err
			}
			c.Apart = at.Before(labeling.OpensApart(c.Question, timeOf(began), c.Deadline))
			if ends <= micros(at) {
				if _, err := get(ctx, db, []any{&leases, &ends}, `SELECT COUNT(*), COALESCE(MIN(l.expires_at), $3) `+openLeases, c.Question, micros(at), int64(noLease)); err != nil {
					return err
				}
			}
			c.Lacking = int(max(wanted-leases, 0))
		}
		if in != "" {
			if err := db.query(ctx, appendTo(&c.Languages), `SELECT language FROM project_languages WHERE project = $1 ORDER BY language`, in); err != nil {
				return err
			}
		}
		return db.query(ctx, func(r row) error {
			var w polls.Woken
			var woken, chance, after, came int64
			err := r.Scan(&woken, &chance, &after, &came)
			w.At, w.Chance, w.After, w.Came = timeOf(woken), float64(chance)/wholeChance, time.Duration(after)*time.Millisecond, came == 1
			c.Earlier = append(c.Earlier, w)
			return err
		}, `SELECT w.at, w.chance, w.after_ms, CASE WHEN s.seen_at > w.at THEN 1 ELSE 0 END FROM wakes w JOIN sleepers s ON s.respondent = w.respondent
			WHERE w.subject = $1 AND w.at > $2 ORDER BY w.respondent, w.round`, subject, micros(at.Add(-earlierFor)))
	})
	return c, err
}

const projectPrefix = labeling.ProjectPrefix + "_"

// lackOf returns how many answers a project's tasks lack, of those that it looks at, and puts one of these that can be answered now into
// the call; when none can, one that is open.
func lackOf(ctx context.Context, db querier, project string, c *pipeline.Calling) (lacking int, err error) {
	c.Question = ""
	err = db.query(ctx, func(r row) error {
		var id polls.QuestionID
		var wanted, leases int
		err := r.Scan(&id, &wanted, &leases)
		if c.Question == "" || lacking == 0 {
			c.Question = id
		}
		lacking += max(wanted-leases, 0)
		return err
	}, `SELECT k.question, p.wanted, p.leases FROM tasks k CROSS JOIN progress p WHERE k.project = $1 AND k.state = 'open' AND p.question = k.question AND p.status = 'open' AND p.deadline > $2
		ORDER BY k.key LIMIT $3`, project, micros(c.At), lackingLooked)
	return lacking, err
}

// lately is for how long somebody may be here since that was written down.
const lately = 3 * time.Minute

// Sleepers implements pipeline.Wakings.
func (st pushStore) Sleepers(ctx context.Context, subject string, c pipeline.Calling, after string, limit int) (people []polls.Sleeper, next string, err error) {
	seen, id := int64(noLease), ""
	if after != "" {
		at, who, _ := strings.Cut(after, " ")
		if seen, err = strconv.ParseInt(at, 10, 64); err != nil {
			return nil, "", errCursor
		}
		id = who
	}
	apart := 0
	if c.Apart {
		apart = 1
	}
	err = st.read(ctx, func(db querier) error {
		people, next = nil, ""
		return db.query(ctx, func(r row) error {
			var w scannedWishes
			var s polls.Sleeper
			var seen, woken, after int64
			var ways int
			if err := r.Scan(append([]any{&s.ID, &seen, &woken, &s.Today, &s.Wakes, &s.Came, &after, &ways, &s.Share}, w.dest()...)...); err != nil {
				return err
			}
			s.Seen, s.Woken, s.After = timeOf(seen), timeOf(woken), time.Duration(after)*time.Millisecond
			s.Mute, s.Share = ways == 0, labeling.ShareOf(s.Share, c.Open)
			if s.Wishes, err = w.wishes(); err != nil {
				return fmt.Errorf("wishes of %s: %w", s.ID, err)
			}
			if people = append(people, s); len(people) == limit {
				next = strconv.FormatInt(seen, 10) + " " + string(s.ID)
			}
			return nil
		}, `SELECT p.respondent, p.seen_at, p.woken_at, p.today, p.wakes, p.came, p.after_ms,
				CASE WHEN EXISTS (SELECT 1 FROM subscriptions s WHERE s.respondent = p.respondent) THEN 1 ELSE 0 END,
				COALESCE((SELECT h.share FROM shares h WHERE h.family = $1 AND h.respondent = p.respondent), (SELECT f.newcomer FROM families f WHERE f.id = $1), $2), `+wishColumns+`
			FROM sleepers p WHERE (p.seen_at, p.respondent) < ($3, $4) AND (p.seen_at > $9 OR EXISTS (SELECT 1 FROM subscriptions s WHERE s.respondent = p.respondent))
				AND NOT EXISTS (SELECT 1 FROM wakes w WHERE w.subject = $5 AND w.respondent = p.respondent AND w.round = $6)
				AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.question = $7 AND a.respondent = p.respondent)
				AND ($10 = 0 OR NOT `+hasAlike(`$7`, `p.respondent`, `$1`, `$11`)+`)
			ORDER BY p.seen_at DESC, p.respondent DESC LIMIT $8`, c.Family, int64(fullShare), seen, id, subject, c.Round, c.Question, limit, micros(c.At.Add(-lately)), apart, micros(c.At))
	})
	return people, next, err
}

// Wake implements pipeline.Wakings.
func (st pushStore) Wake(ctx context.Context, was pipeline.Waking, c pipeline.Calling, next time.Time, wakes []pipeline.Wake) error {
	return st.write(ctx, func(db querier) error {
		decided := 0 // where nobody was lacking there was nothing to decide
		if c.Lacking > 0 {
			decided = 1
		}
		n, err := db.exec(ctx, `UPDATE wakings SET next_at = $4, step = step + $5 WHERE subject = $1 AND step = $2 AND next_at = $3`, was.Subject, was.Step, micros(was.Next), micros(next), decided)
		if err != nil || n == 0 {
			return err
		}
		wakes = slices.Clone(wakes)
		slices.SortFunc(wakes, func(a, b pipeline.Wake) int { return strings.Compare(string(a.Roused.ID), string(b.Roused.ID)) }) // one order of locks
		for _, w := range wakes {
			who, at := string(w.Roused.ID), micros(c.At)
			n, err := db.exec(ctx, `UPDATE sleepers SET today = CASE WHEN day = $4 THEN today + 1 ELSE 1 END, day = $4, woken_at = $3, wakes = wakes + 1
				WHERE respondent = $1 AND woken_at = $2`, who, micros(w.Was), at, w.Day)
			if err != nil {
				return err
			}
			if n == 0 {
				continue
			}
			if _, err := db.execAll(ctx, []statement{
				{`INSERT INTO wakes (id, subject, respondent, round, at, chance, after_ms, opened_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0)`, []any{
					w.ID, was.Subject, who, c.Round, at, int64(w.Chance * wholeChance), w.After.Milliseconds(),
				}},
				{`INSERT INTO pushes (wake, subscription, next_at, tries) SELECT CAST($1 AS TEXT), s.id, CAST($2 AS BIGINT), 0 FROM subscriptions s WHERE s.respondent = $3`, []any{w.ID, at, who}},
			}); err != nil {
				return err
			}
		}
		return nil
	})
}

// Rest implements pipeline.Wakings.
func (st pushStore) Rest(ctx context.Context, subject string) error {
	return st.write(ctx, func(db querier) error {
		_, err := db.exec(ctx, `DELETE FROM wakings WHERE subject = $1`, subject)
		return err
	})
}

// Warn implements pipeline.Pushes.
func (st pushStore) Warn(ctx context.Context, w pipeline.Warning) error {
	return st.write(ctx, func(db querier) error {
		told, err := db.exec(ctx, `INSERT INTO wakes (id, subject, respondent, round, at, chance, after_ms, opened_at)
			SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS BIGINT), CAST($5 AS BIGINT), 0, 0, 0
			WHERE EXISTS (SELECT 1 FROM subscriptions s WHERE s.respondent = $3) ON CONFLICT (subject, respondent, round) DO NOTHING`,
			w.ID, w.Subject, string(w.Respondent), w.Round, micros(w.At))
		if err != nil || told == 0 {
			return err
		}
		_, err = db.exec(ctx, `INSERT INTO pushes (wake, subscription, next_at, tries) SELECT CAST($1 AS TEXT), s.id, CAST($2 AS BIGINT), 0 FROM subscriptions s WHERE s.respondent = $3`,
			w.ID, micros(w.At), string(w.Respondent))
		return err
	})
}

// TakePushes implements pipeline.Pushes.
func (st pushStore) TakePushes(ctx context.Context, at, until time.Time, limit int) (taken []pipeline.Push, err error) {
	var due []pipeline.Push
	var next []int64
	err = st.read(ctx, func(db querier) error {
		due, next = nil, nil
		return db.query(ctx, func(r row) error {
			var p pipeline.Push
			var when, woken int64
			s, err := scanSubscription(r, &p.Wake, &p.Tries, &when, &p.Subject, &woken)
			p.Subscription, p.Woken = s, timeOf(woken)
			due, next = append(due, p), append(next, when)
			return err
		}, `SELECT `+subscriptionColumns+`, x.wake, x.tries, x.next_at, w.subject, w.at FROM pushes x CROSS JOIN wakes w CROSS JOIN subscriptions s
			WHERE x.next_at <= $1 AND w.id = x.wake AND s.id = x.subscription AND s.respondent = w.respondent ORDER BY x.next_at, x.wake, x.subscription LIMIT $2`, micros(at), limit)
	})
	if err != nil || len(due) == 0 {
		return nil, err
	}
	err = st.write(ctx, func(db querier) error {
		taken = nil
		batch := make([]statement, len(due))
		for i, p := range due {
			batch[i] = statement{`UPDATE pushes SET next_at = $4 WHERE wake = $1 AND subscription = $2 AND next_at = $3`, []any{p.Wake, p.Subscription.ID, next[i], micros(until)}}
		}
		changed, err := db.execAll(ctx, batch)
		for i, n := range changed {
			if n == 1 { // else another server has it
				taken = append(taken, due[i])
			}
		}
		return err
	})
	return taken, err
}

// SettlePushes implements pipeline.Pushes.
func (st pushStore) SettlePushes(ctx context.Context, settled []pipeline.Settled, at time.Time) error {
	counts := make(map[pipeline.Channel]*pipeline.PushDay)
	var batch []statement
	for _, p := range settled {
		day := counts[p.Subscription.Channel]
		if day == nil {
			day = &pipeline.PushDay{Channel: p.Subscription.Channel}
			counts[p.Subscription.Channel] = day
		}
		day.Sent++
		ended := statement{`DELETE FROM pushes WHERE wake = $1 AND subscription = $2`, []any{p.Wake, p.Subscription.ID}}
		switch p.Outcome {
		case pipeline.PushTaken:
			day.Taken++
		case pipeline.PushGone:
			day.Gone++
			batch = append(batch, statement{`DELETE FROM subscriptions WHERE id = $1 AND target = $2`, []any{p.Subscription.ID, string(p.Subscription.Target)}})
			ended = statement{`DELETE FROM pushes WHERE subscription = $1`, []any{p.Subscription.ID}}
		case pipeline.PushLater:
			ended = statement{`UPDATE pushes SET next_at = $3, tries = tries + 1 WHERE wake = $1 AND subscription = $2`, []any{p.Wake, p.Subscription.ID, micros(p.Again)}}
		case pipeline.PushDropped:
			day.Sent--
		case pipeline.PushHeld:
			day.Sent--
			ended = statement{`UPDATE pushes SET next_at = $3 WHERE wake = $1 AND subscription = $2`, []any{p.Wake, p.Subscription.ID, micros(p.Again)}}
		case pipeline.PushFailed:
			day.Failed++
		}
		batch = append(batch, ended)
	}
	for _, channel := range []pipeline.Channel{pipeline.FCM, pipeline.WebPush} {
		if day := counts[channel]; day != nil {
			batch = append(batch, countPushes(*day, at))
		}
	}
	return st.write(ctx, func(db querier) error {
		_, err := db.execAll(ctx, batch)
		return err
	})
}

// countPushes adds to a day's counts.
func countPushes(d pipeline.PushDay, at time.Time) statement {
	return statement{
		`INSERT INTO push_days (day, channel, sent, taken, gone, failed, opened) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (day, channel) DO UPDATE SET
		sent = push_days.sent + $3, taken = push_days.taken + $4, gone = push_days.gone + $5, failed = push_days.failed + $6, opened = push_days.opened + $7`,
		[]any{at.Unix() / secondsPerDay, string(d.Channel), d.Sent, d.Taken, d.Gone, d.Failed, d.Opened},
	}
}

// OpenWake implements pipeline.Pushes.
func (st pushStore) OpenWake(ctx context.Context, who polls.RespondentID, device polls.DeviceKey, id string, at time.Time) error {
	return st.write(ctx, func(db querier) error {
		var opened int64
		found, err := get(ctx, db, []any{&opened}, `SELECT opened_at FROM wakes WHERE id = $1 AND respondent = $2`+db.forUpdate(), id, who)
		if err != nil {
			return err
		}
		if !found {
			return pipeline.ErrNoWake
		}
		if opened != 0 {
			return nil
		}
		day := pipeline.PushDay{Channel: pipeline.WebPush, Opened: 1}
		if _, err := get(ctx, db, []any{&day.Channel}, `SELECT channel FROM subscriptions WHERE respondent = $1 AND device = $2 ORDER BY created_at DESC, id LIMIT 1`, who, device[:]); err != nil {
			return err
		}
		_, err = db.execAll(ctx, []statement{{`UPDATE wakes SET opened_at = $2 WHERE id = $1`, []any{id, micros(at)}}, countPushes(day, at)})
		return err
	})
}

// PushDays implements pipeline.Pushes.
func (st pushStore) PushDays(ctx context.Context) (days []pipeline.PushDay, err error) {
	err = st.read(ctx, func(db querier) error {
		days = nil
		return db.query(ctx, func(r row) error {
			var d pipeline.PushDay
			var day int64
			err := r.Scan(&day, &d.Channel, &d.Sent, &d.Taken, &d.Gone, &d.Failed, &d.Opened)
			d.Date = time.Unix(day*secondsPerDay, 0).UTC().Format(time.DateOnly)
			days = append(days, d)
			return err
		}, `SELECT day, channel, sent, taken, gone, failed, opened FROM push_days WHERE day >= $1 ORDER BY day, channel`, int64(0))
	})
	return days, err
}

// ForgetWakes implements pipeline.Pushes.
func (st pushStore) ForgetWakes(ctx context.Context, before time.Time) error {
	return st.write(ctx, func(db querier) error {
		_, err := db.execAll(ctx, []statement{
			{`DELETE FROM pushes WHERE next_at < $1`, []any{micros(before)}},
			{`DELETE FROM wakes WHERE at < $1`, []any{micros(before)}},
		})
		return err
	})
}
