package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/pipeline"
)

// lineKey is where a line stands in an invoice.
type lineKey struct {
	at    int64
	cause string
}

func (k lineKey) compare(o lineKey) int {
	return cmp.Or(cmp.Compare(k.at, o.at), strings.Compare(k.cause, o.cause))
}

func (k lineKey) String() string { return strconv.FormatInt(k.at, 10) + " " + k.cause }

// lineKeyOf reads the cursor of a page of lines.
func lineKeyOf(page tasknet.Page) (k lineKey, err error) {
	if page.After == "" {
		return k, nil
	}
	at, cause, ok := strings.Cut(page.After, " ")
	if k.at, err = strconv.ParseInt(at, 10, 64); err != nil || !ok {
		return k, errCursor
	}
	k.cause = cause
	return k, nil
}

// Lines implements pipeline.Spending.
func (st spendingStore) Lines(ctx context.Context, org polls.OrgID, span pipeline.Span, page tasknet.Page) (lines []pipeline.Line, next string, err error) {
	after, err := lineKeyOf(page)
	if err != nil {
		return nil, "", err
	}
	limit := min(page.Limit, tasknet.PageLimitMax)
	if limit <= 0 {
		limit = tasknet.PageLimitDefault
	}
	err = st.read(ctx, func(db querier) error {
		var keys []lineKey
		for _, text := range []string{
			`SELECT closed_at, question FROM progress WHERE org = $1 AND status = 'closed' AND closed_at >= $2 AND closed_at < $3 AND (closed_at, question) > ($4, $5) ORDER BY closed_at, question LIMIT $6`,
			`SELECT at, id FROM bonuses WHERE org = $1 AND at >= $2 AND at < $3 AND (at, id) > ($4, $5) ORDER BY at, id LIMIT $6`,
		} {
			if err := db.query(ctx, func(r row) error {
				var k lineKey
				err := r.Scan(&k.at, &k.cause)
				keys = append(keys, k)
				return err
			}, text, org, micros(span.From), micros(span.Until), after.at, after.cause, limit+1); err != nil {
				return err
			}
		}
		slices.SortFunc(keys, lineKey.compare)
		next = ""
		if len(keys) > limit {
			keys = keys[:limit]
			next = keys[limit-1].String()
		}
		lines, err = linesOf(ctx, db, org, keys)
		return err
	})
	return lines, next, err
}

// linesOf reads the lines with some keys, in their order.
func linesOf(ctx context.Context, db querier, org polls.OrgID, keys []lineKey) ([]pipeline.Line, error) {
	causes := make([]string, len(keys))
	lines := make([]pipeline.Line, len(keys))
	index := make(map[string]*pipeline.Line, len(keys))
	for i, k := range keys {
		causes[i] = k.cause
		lines[i] = pipeline.Line{At: timeOf(k.at), Cause: k.cause}
		index[k.cause] = &lines[i]
	}
	const columns = `SELECT t.cause, t.id, t.kind, q.id, q.project, COALESCE(j.name, q.text), e.account, e.amount FROM transactions t JOIN entries e ON e.seq = t.seq `
	const about = ` LEFT JOIN projects j ON j.id = q.project WHERE t.kind = `
	in, list, err := db.inList("t.cause", 1, causes)
	if err != nil {
		return nil, err
	}
	for _, text := range []string{
		columns + `JOIN questions q ON q.id = t.cause` + about + `'settlement' AND ` + in,
		columns + `JOIN bonuses b ON b.id = t.cause JOIN questions q ON q.id = b.question` + about + `'bonus' AND ` + in,
	} {
		if err := db.query(ctx, func(r row) error {
			var cause, account string
			var amount int64
			var l pipeline.Line
			if err := r.Scan(&cause, &l.Tx, &l.Kind, &l.Question, &l.Project, &l.About, &account, &amount); err != nil {
				return err
			}
			into := index[cause]
			l.At, l.Cause, l.Costs = into.At, into.Cause, into.Costs
			*into = l
			bookCost(&into.Costs, l.Kind, org, rewards.Account(account), tasknet.Micro(amount))
			return nil
		}, text, list); err != nil {
			return nil, err
		}
	}
	return lines, nil
}

// bookCost adds an entry of a settlement or a bonus to what it cost.
func bookCost(c *pipeline.Costs, kind rewards.TxKind, org polls.OrgID, account rewards.Account, amount tasknet.Amount) {
	switch {
	case kind == rewards.BonusTx && amount.Sign() > 0:
		c.Bonuses++
		c.Bonus = c.Bonus.Add(amount)
	case kind == rewards.BonusTx:
	case amount.Sign() < 0: // what was set aside
		c.Questions++
	case account == rewards.FeesAccount:
		c.Fee = c.Fee.Add(amount)
	case account == rewards.ForfeitsAccount:
		c.Forfeited = c.Forfeited.Add(amount)
	case account == rewards.Requester(string(org)):
		c.Refunded = c.Refunded.Add(amount)
	default:
		c.Answers++
		c.Paid = c.Paid.Add(amount)
	}
}

// Refunds implements pipeline.Spending. A refund's key is its own: the number of its transaction.
func (st spendingStore) Refunds(ctx context.Context, org polls.OrgID, page tasknet.Page) (lines []pipeline.Line, next string, err error) {
	before, err := lineKeyOf(page)
	if err != nil {
		return nil, "", err
	}
	where := ``
	args := []any{rewards.Requester(string(org))}
	if page.After != "" {
		where = ` AND (e.at, e.seq) < ($2, $3)`
		seq, err := strconv.ParseInt(before.cause, 10, 64)
		if err != nil {
			return nil, "", errCursor
		}
		args = append(args, before.at, seq)
	}
	keys, next, err := readPage(ctx, st, page, func(r row) (k lineKey, cursor string, err error) {
		var seq int64
		err = r.Scan(&k.at, &seq, &k.cause)
		return k, lineKey{k.at, strconv.FormatInt(seq, 10)}.String(), err
	}, `SELECT e.at, e.seq, t.cause FROM entries e CROSS JOIN transactions t WHERE e.account = $1 AND e.kind = 'settlement' AND e.amount > 0 AND t.seq = e.seq`+where+` ORDER BY e.at DESC, e.seq DESC`, args...)
	if err != nil {
		return nil, "", err
	}
	err = st.read(ctx, func(db querier) error {
		lines, err = linesOf(ctx, db, org, keys)
		return err
	})
	return lines, next, err
}

// Ledger implements pipeline.Spending. It reads the whole ledger, which has no index by time: an export may take a while.
func (st spendingStore) Ledger(ctx context.Context, span pipeline.Span, each func(pipeline.LedgerEntry) error) error {
	return st.read(ctx, func(db querier) error {
		return db.query(ctx, func(r row) error {
			var e pipeline.LedgerEntry
			var at, amount int64
			if err := r.Scan(&e.Number, &e.Tx, &e.Kind, &e.Cause, &at, &e.Account, &amount); err != nil {
				return err
			}
			e.At, e.Amount = timeOf(at), tasknet.Micro(amount)
			return each(e)
		}, `SELECT exported.seq, exported.id, exported.kind, exported.cause, exported.at, e.account, e.amount FROM transactions exported CROSS JOIN entries e
			WHERE exported.at >= $1 AND exported.at < $2 AND e.seq = exported.seq ORDER BY exported.seq, e.n`, micros(span.From), micros(span.Until))
	})
}

// CostsByDay implements pipeline.Spending.
func (st spendingStore) CostsByDay(ctx context.Context, org polls.OrgID, span pipeline.Span) (map[string]pipeline.Costs, error) {
	var days map[string]pipeline.Costs
	err := st.read(ctx, func(db querier) error {
		days = make(map[string]pipeline.Costs)
		add := func(day int64, c pipeline.Costs) {
			date := time.Unix(day*secondsPerDay, 0).UTC().Format(time.DateOnly)
			sum := days[date]
			sum.Add(c)
			days[date] = sum
		}
		var day int64
		return costsBy(ctx, db, "p.closed_at / 86400000000", "b.at / 86400000000", &day, func(c pipeline.Costs) { add(day, c) }, org, span)
	})
	return days, err
}

// CostsByProject implements pipeline.Spending.
func (st spendingStore) CostsByProject(ctx context.Context, org polls.OrgID, span pipeline.Span) (map[string]pipeline.Costs, error) {
	var projects map[string]pipeline.Costs
	err := st.read(ctx, func(db querier) error {
		projects = make(map[string]pipeline.Costs)
		var project string
		return costsBy(ctx, db, "q.project", "b.project", &project, func(c pipeline.Costs) {
			sum := projects[project]
			sum.Add(c)
			projects[project] = sum
		}, org, span)
	})
	return projects, err
}

// costsBy sums settlements and bonuses by what they have in common, which is put into group before add is called.
func costsBy(ctx context.Context, db querier, ofSettlement, ofBonus string, group any, add func(pipeline.Costs), org polls.OrgID, span pipeline.Span) error {
	scan := func(r row) error {
		var c pipeline.Costs
		var paid, bonus, fee, forfeited, refunded int64
		if err := r.Scan(group, &c.Questions, &c.Answers, &c.Bonuses, &paid, &bonus, &fee, &forfeited, &refunded); err != nil {
			return err
		}
		c.Paid, c.Bonus, c.Fee, c.Forfeited, c.Refunded = tasknet.Micro(paid), tasknet.Micro(bonus), tasknet.Micro(fee), tasknet.Micro(forfeited), tasknet.Micro(refunded)
		add(c)
		return nil
	}
	sum := func(when, what string) string {
		return `CAST(SUM(CASE WHEN ` + when + ` THEN ` + what + ` ELSE 0 END) AS BIGINT)`
	}
	const person = `e.amount > 0 AND e.account NOT IN ($4, $5, $6)`
	from := ` FROM progress p CROSS JOIN transactions t CROSS JOIN entries e`
	where := ` WHERE p.org = $1 AND p.status = 'closed' AND p.closed_at >= $2 AND p.closed_at < $3 AND t.kind = 'settlement' AND t.cause = p.question AND e.seq = t.seq`
	if strings.HasPrefix(ofSettlement, "q.") {
		from, where = from+` CROSS JOIN questions q`, where+` AND q.id = p.question`
	}
	if err := db.query(ctx, scan, `SELECT `+ofSettlement+`, `+sum(`e.amount < 0`, `1`)+`, `+sum(person, `1`)+`, 0, `+sum(person, `e.amount`)+`, 0, `+
		sum(`e.account = $4`, `e.amount`)+`, `+sum(`e.account = $5`, `e.amount`)+`, `+sum(`e.account = $6`, `e.amount`)+
		from+where+` GROUP BY `+ofSettlement, org, micros(span.From), micros(span.Until), rewards.FeesAccount, rewards.ForfeitsAccount, rewards.Requester(string(org))); err != nil {
		return fmt.Errorf("sum settlements: %w", err)
	}
	return db.query(ctx, scan, `SELECT `+ofBonus+`, 0, 0, COUNT(*), 0, CAST(SUM(b.amount) AS BIGINT), 0, 0, 0 FROM bonuses b WHERE b.org = $1 AND b.at >= $2 AND b.at < $3 GROUP BY `+ofBonus,
		org, micros(span.From), micros(span.Until))
}
