package store

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/polls"
)

// jobOutline are the columns of a job without its work, which is long: what is looked at to find something for a node.
const jobOutline = `id, org, title, importance, kind, trainer, gpu, memory, disk, max_time, total, part_rows, cut, parts, finished, waiting, each, state, problem, created_at, ended_at, inputs, number, price, fee, replicas, audit_ppm, seed, settled_at, hidden, unjudged, live, min_stake`

const jobColumns = jobOutline + `, work`

func scanOutline(r row, more ...any) (*compute.Job, error) {
	var j compute.Job
	var gpu, live int
	var maxTime, created, ended, price, fee, settled, stake int64
	var inputs, hidden string
	var seed []byte
	if err := r.Scan(append([]any{
		&j.ID, &j.Org, &j.Title, &j.Importance, &j.Kind, &j.Needs.Trainer, &gpu, &j.Needs.Memory, &j.Needs.Disk, &maxTime,
		&j.Rows, &j.PartRows, &j.Cut, &j.Parts, &j.Finished, &j.Waiting, &j.Each, &j.State, &j.Problem, &created, &ended, &inputs,
		&j.Number, &price, &fee, &j.Terms.Replicas, &j.Terms.AuditPPM, &seed, &settled, &hidden, &j.Terms.Unjudged, &live, &stake,
	}, more...)...); err != nil {
		return nil, err
	}
	j.Live = live == 1
	j.Needs.GPU, j.MaxTime, j.CreatedAt, j.EndedAt = gpu == 1, time.Duration(maxTime)*time.Microsecond, timeOf(created), timeOf(ended)
	j.Terms.Price, j.Terms.Fee, j.Terms.MinStake, j.SettledAt = tasknet.Micro(price), tasknet.Micro(fee), tasknet.Micro(stake), timeOf(settled)
	copy(j.Terms.Seed[:], seed)
	if err := json.Unmarshal([]byte(inputs), &j.Inputs); err != nil {
		return nil, fmt.Errorf("inputs of %s: %w", j.ID, err)
	}
	if hidden == "" {
		return &j, nil
	}
	if err := json.Unmarshal([]byte(hidden), &j.Terms.Hidden); err != nil {
		return nil, fmt.Errorf("hidden part of %s: %w", j.ID, err)
	}
	return &j, nil
}

func scanJob(r row, more ...any) (*compute.Job, error) {
	var work []byte
	j, err := scanOutline(r, append([]any{&work}, more...)...)
	if err != nil {
		return nil, err
	}
	j.Work, j.Hash = slices.Clone(work), sha256.Sum256(work)
	return j, nil
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// CreateJob implements compute.JobStore.
func (st jobStore) CreateJob(ctx context.Context, j *compute.Job) error {
	inputs, err := json.Marshal(j.Inputs)
	if err != nil {
		return err
	}
	var hidden []byte
	if j.Terms.Hidden != nil {
		if hidden, err = json.Marshal(j.Terms.Hidden); err != nil {
			return err
		}
	}
	return st.write(ctx, func(db querier) error {
		if err := lockOrder(ctx, db); err != nil {
			return err
		}
		if _, err := get(ctx, db, []any{&j.Number}, `SELECT COALESCE(MAX(number), 0) + 1 FROM jobs`); err != nil {
			return err
		}
		_, err := db.execAll(ctx, []statement{
			{`INSERT INTO job_shares (org, used) VALUES ($1, 0) ON CONFLICT (org) DO NOTHING`, []any{string(j.Org)}},
			// Who comes back is not given at once all that it did not ask for meanwhile.
			{`UPDATE job_shares SET used = (SELECT COALESCE(MIN(s.used), 0) FROM job_shares s WHERE s.org IN (SELECT w.org FROM jobs w WHERE ` + waits("w") + `))
				WHERE org = $1 AND NOT EXISTS (SELECT 1 FROM jobs w WHERE w.org = $1 AND ` + waits("w") + `)
				AND used < (SELECT COALESCE(MIN(s.used), 0) FROM job_shares s WHERE s.org IN (SELECT w.org FROM jobs w WHERE ` + waits("w") + `))`, []any{string(j.Org)}},
			{`INSERT INTO jobs (` + jobColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34)`, []any{
				string(j.ID), string(j.Org), j.Title, j.Importance, string(j.Kind), j.Needs.Trainer, number(j.Needs.GPU), j.Needs.Memory, j.Needs.Disk, j.MaxTime.Microseconds(),
				j.Rows, j.PartRows, j.Cut, j.Parts, j.Finished, j.Waiting, j.Each, string(j.State), j.Problem, micros(j.CreatedAt), micros(j.EndedAt), string(inputs),
				j.Number, j.Terms.Price.Micro(), j.Terms.Fee.Micro(), j.Terms.Replicas, j.Terms.AuditPPM, j.Terms.Seed[:], micros(j.SettledAt), string(hidden), string(j.Terms.Unjudged), number(j.Live), j.Terms.MinStake.Micro(), j.Work,
			}},
		})
		return err
	})
}

// waits is the condition that something of a job waits for a node; the index jobs_that_wait has the same. What checks a job's parts
// may wait when it is done.
func waits(table string) string {
	return fmt.Sprintf(`((%[1]s.state = 'open' AND %[1]s.cut < %[1]s.total) OR (%[1]s.state IN ('open', 'done') AND %[1]s.waiting > 0))`, table)
}

// payPerWork is what a job w pays for an operation, as compute.Choose has it, so that those that pay most for their work are looked at
// before others of their importance, however many there are; the index jobs_that_wait has the same.
const payPerWork = `(CAST(w.price AS DOUBLE PRECISION) / (CAST(w.total AS DOUBLE PRECISION) * w.each))`

// asker says which arguments of a statement are the owner and the network domain of a node that asks for work, and the moment.
type asker struct{ owner, domain, at int }

// barred is the condition that a part is no work for who asks: they work or worked on another copy of it, or somebody in their network
// domain does or did while it waits for one apart, or it waits for owners who were drawn, whose names are all equally long.
func (a asker) barred(part string) string {
	return fmt.Sprintf(`(EXISTS (SELECT 1 FROM leases o WHERE o.job = %[1]s.job AND o.part = %[1]s.number AND o.copy <> %[1]s.copy AND o.state IN ('running', 'done')
		AND (o.owner = $%[2]d OR %[1]s.apart_at > $%[4]d AND o.domain = $%[3]d))
		OR %[1]s.drawn <> '' AND %[1]s.drawn_at > $%[4]d - %[5]d AND SUBSTR(%[1]s.drawn, 1, CAST(%[7]d * (1 + ABS($%[4]d - %[1]s.drawn_at) / %[6]d) AS INTEGER)) NOT LIKE '%%' || $%[2]d || '%%')`,
		part, a.owner, a.domain, a.at, (compute.DrawnOwners * compute.DrawnStep).Microseconds(), compute.DrawnStep.Microseconds(), drawnLength)
}

// drawnLength is how much of parts.drawn an owner takes.
var drawnLength = len(tasknet.IDOf(polls.RespondentPrefix, [16]byte{}) + " ")

// waits is the condition that something of a job w waits that who asks may do.
func (a asker) waits() string {
	return waits("w") + ` AND (w.state = 'open' AND w.cut < w.total OR EXISTS (SELECT 1 FROM parts f WHERE f.job = w.id AND f.state = 'waiting' AND NOT ` + a.barred("f") + `))`
}

func (st jobStore) job(ctx context.Context, id compute.JobID, ending func(querier) string) (j *compute.Job, err error) {
	err = st.read(ctx, func(db querier) error {
		return db.query(ctx, func(r row) (err error) {
			j, err = scanJob(r)
			return err
		}, `SELECT `+jobColumns+` FROM jobs WHERE id = $1`+ending(db), string(id))
	})
	if err == nil && j == nil {
		return nil, compute.ErrNoJob
	}
	return j, err
}

// Job implements compute.JobStore.
func (st jobStore) Job(ctx context.Context, id compute.JobID) (*compute.Job, error) {
	return st.job(ctx, id, func(querier) string { return "" })
}

// LockJob implements compute.JobStore.
func (st jobStore) LockJob(ctx context.Context, id compute.JobID) (*compute.Job, error) {
	return st.job(ctx, id, querier.forUpdate)
}

// jobWrites save what changes of a job.
func jobWrites(j *compute.Job) []statement {
	writes := []statement{{`UPDATE jobs SET cut = $2, parts = $3, finished = $4, waiting = $5, each = $6, state = $7, problem = $8, ended_at = $9 WHERE id = $1`, []any{
		string(j.ID), j.Cut, j.Parts, j.Finished, j.Waiting, j.Each, string(j.State), j.Problem, micros(j.EndedAt),
	}}}
	if j.State == compute.JobFailed || j.State == compute.JobCancelled { // of one that is done, checks go on
		writes = append(writes, statement{`UPDATE parts SET state = 'waiting', copies = 0, due_at = 0 WHERE job = $1 AND state = 'running'`, []any{string(j.ID)}})
	}
	return writes
}

// SaveJob implements compute.JobStore.
func (st jobStore) SaveJob(ctx context.Context, j *compute.Job) error {
	return st.write(ctx, func(db querier) error {
		return db.execLater(ctx, jobWrites(j))
	})
}

// SaveWork implements compute.JobStore.
func (st jobStore) SaveWork(ctx context.Context, j *compute.Job, p *compute.Part, l *compute.Lease) error {
	part, err := partWrite(p)
	if err != nil {
		return err
	}
	lease, err := leaseWrite(l)
	if err != nil {
		return err
	}
	return st.write(ctx, func(db querier) error {
		return db.execLater(ctx, append([]statement{lease, part}, jobWrites(j)...)) // the job last: of one that has ended no part runs
	})
}

// WholeLease implements compute.JobStore.
func (st jobStore) WholeLease(ctx context.Context, id compute.LeaseID) (*compute.Job, *compute.Part, *compute.Lease, error) {
	return st.wholeLease(ctx, id, func(querier) string { return "" })
}

// LockLease implements compute.JobStore.
func (st jobStore) LockLease(ctx context.Context, id compute.LeaseID) (*compute.Job, *compute.Part, *compute.Lease, error) {
	return st.wholeLease(ctx, id, querier.forUpdate)
}

// wholeLease first reads the job, locked or not: what others did to its lease under that lock is committed by then.
func (st jobStore) wholeLease(ctx context.Context, id compute.LeaseID, ending func(querier) string) (j *compute.Job, p *compute.Part, l *compute.Lease, err error) {
	err = st.read(ctx, func(db querier) error {
		j, p, l = nil, nil, nil
		return db.queryAll(ctx, question{func(r row) (err error) {
			j, err = scanJob(r)
			return err
		}, statement{`SELECT ` + jobColumns + ` FROM jobs WHERE id = (SELECT job FROM leases WHERE id = $1)` + ending(db), []any{string(id)}}}, question{func(r row) (err error) {
			var s scannedPart
			if l, err = scanLease(r, s.dest()...); err != nil {
				return err
			}
			p, err = s.part()
			return err
		}, statement{`SELECT ` + qualified(leaseColumns, "l") + `, ` + qualified(partColumns, "p") + ` FROM leases l JOIN parts p ON p.job = l.job AND p.number = l.part AND p.copy = l.copy WHERE l.id = $1`, []any{string(id)}}})
	})
	if err == nil && l == nil {
		err = compute.ErrNoLease
	}
	return j, p, l, err
}

// Jobs implements compute.JobStore.
func (st jobStore) Jobs(ctx context.Context, org polls.OrgID, state compute.JobState, page tasknet.Page) ([]*compute.Job, string, error) {
	var where conditions
	where.add(`org = $`, string(org))
	if state != "" {
		where.add(`state = $`, string(state))
	}
	if page.After != "" {
		where.add(`id < $`, page.After)
	}
	return readPage(ctx, st, page, func(r row) (*compute.Job, string, error) {
		j, err := scanJob(r)
		if err != nil {
			return nil, "", err
		}
		return j, string(j.ID), nil
	}, `SELECT `+jobColumns+` FROM jobs`+where.text()+` ORDER BY id DESC`, where.args...)
}

// meets is the condition that a node, in arguments from one on, meets what a job needs, with its owner's stake, and takes its work, and
// those arguments.
func meets(n *compute.Node, from int) (condition string, args []any) {
	args = []any{n.Capability.Memory, n.Capability.Disk, number(n.Capability.GPU != ""), n.Stake.Micro()}
	condition = fmt.Sprintf(`w.memory <= $%d AND w.disk <= $%d AND w.gpu <= $%d AND w.min_stake <= $%d AND w.trainer IN (''`, from, from+1, from+2, from+3)
	list := func(of []string) string {
		var b strings.Builder
		for _, s := range of {
			args = append(args, s)
			fmt.Fprintf(&b, `, $%d`, from+len(args)-1)
		}
		return b.String() + `)`
	}
	condition += list(n.Capability.TrainerNames())
	if of := n.Choice.Only; len(of) > 0 {
		ids := list(of)
		condition += ` AND (w.org IN (''` + ids + ` OR w.id IN (''` + ids + `)`
	}
	if of := n.Choice.Not; len(of) > 0 {
		ids := list(of)
		condition += ` AND NOT (w.org IN (''` + ids + ` OR w.id IN (''` + ids + `)`
	}
	if least := n.Capability.MinPrice.Micro(); least > 0 { // for an hour, or for a job of which it is not known how long it takes
		condition += fmt.Sprintf(` AND CASE WHEN w.kind IN ('infer', 'custom') THEN CAST(w.price AS DOUBLE PRECISION) * CAST($%d AS BIGINT) >= CAST(w.total AS DOUBLE PRECISION) * w.each * CAST($%[2]d AS BIGINT) ELSE w.price >= CAST($%[2]d AS BIGINT) END`,
			from+len(args), from+len(args)+1)
		args = append(args, hourly(n), least)
	}
	return condition, args
}

// hourly is how many operations a node is taken to do in an hour.
func hourly(n *compute.Node) int64 {
	return min(n.Speed(), math.MaxInt64/int64(time.Hour/time.Second)) * int64(time.Hour/time.Second)
}

// SomeWork implements compute.JobStore.
func (st jobStore) SomeWork(ctx context.Context, n *compute.Node, at time.Time) (some bool, err error) {
	needs, args := meets(n, 5)
	err = st.read(ctx, func(db querier) error {
		var one int
		some, err = get(ctx, db, []any{&one}, `SELECT 1 WHERE EXISTS (SELECT 1 FROM leases WHERE node = $1 AND state = 'running')
			OR EXISTS (SELECT 1 FROM jobs w WHERE `+asker{3, 4, 2}.waits()+` AND `+needs+`)
			OR EXISTS (SELECT 1 FROM parts p JOIN jobs w ON w.id = p.job WHERE p.state = 'running' AND p.copies = 1 AND p.due_at > 0 AND p.due_at < $2 AND `+needs+`)`,
			append([]any{string(n.ID), micros(at), string(n.Owner), n.Domain}, args...)...)
		return err
	})
	return some, err
}

// Opened implements compute.JobStore. Each of these has an index of its own, with the few rows that are to open.
func (st jobStore) Opened(ctx context.Context, after, until time.Time) (opened bool, err error) {
	var drawn []string
	for step := range compute.DrawnOwners {
		drawn = append(drawn, fmt.Sprintf(`drawn_at > CAST($1 AS BIGINT) - %[1]d AND drawn_at <= CAST($2 AS BIGINT) - %[1]d`, (time.Duration(step+1)*compute.DrawnStep).Microseconds()))
	}
	err = st.read(ctx, func(db querier) error {
		var one int
		opened, err = get(ctx, db, []any{&one}, `SELECT 1 WHERE EXISTS (SELECT 1 FROM parts WHERE state = 'waiting' AND drawn_at > 0 AND drawn_at > CAST($1 AS BIGINT) - `+fmt.Sprint((compute.DrawnOwners*compute.DrawnStep).Microseconds())+` AND (`+strings.Join(drawn, ` OR `)+`))
			OR EXISTS (SELECT 1 FROM parts WHERE state = 'waiting' AND apart_at > 0 AND apart_at > $1 AND apart_at <= $2)
			OR EXISTS (SELECT 1 FROM parts WHERE state = 'waiting' AND next_at > 0 AND next_at > $1 AND next_at <= $2)
			OR EXISTS (SELECT 1 FROM parts WHERE state = 'running' AND copies = 1 AND due_at > 0 AND due_at >= $1 AND due_at < $2)`, micros(after), micros(until))
		return err
	})
	return opened, err
}

// StakeAsked implements compute.JobStore.
func (st jobStore) StakeAsked(ctx context.Context, above tasknet.Amount) (tasknet.Amount, error) {
	var least int64
	err := st.read(ctx, func(db querier) error {
		_, err := get(ctx, db, []any{&least}, `SELECT COALESCE(MIN(w.min_stake), 0) FROM jobs w WHERE w.min_stake > 0 AND w.min_stake > $1 AND `+waits("w"), above.Micro())
		return err
	})
	return tasknet.Micro(least), err
}

// Turns implements compute.JobStore.
func (st jobStore) Turns(ctx context.Context, n *compute.Node, at time.Time, orgs, jobs int, likely []polls.OrgID) (got compute.Turns, err error) {
	err = st.read(ctx, func(db querier) error {
		got = compute.Turns{}
		needs, args := meets(n, 5)
		look := []question{{func(r row) error {
			var until int64
			err := r.Scan(&until)
			got.Excluded = timeOf(until)
			return err
		}, statement{`SELECT until FROM node_owners WHERE owner = $1`, []any{string(n.Owner)}}}, {func(r row) error {
			l, err := scanLease(r)
			got.Held = append(got.Held, l)
			return err
		}, statement{`SELECT ` + leaseColumns + ` FROM leases WHERE node = $1 AND state = 'running' ORDER BY id DESC`, []any{string(n.ID)}}}, {func(r row) error {
			var t compute.Turn
			err := r.Scan(&t.Org)
			got.Of = append(got.Of, t)
			return err
		}, statement{`SELECT s.org FROM job_shares s WHERE EXISTS (SELECT 1 FROM jobs w WHERE w.org = s.org AND ` + asker{2, 3, 4}.waits() + ` AND ` + needs + `) ORDER BY s.used, s.org LIMIT $1`, append([]any{orgs, string(n.Owner), n.Domain, micros(at)}, args...)}}}
		waiting := map[polls.OrgID][]compute.Candidate{}
		if len(likely) > 0 {
			look = append(look, waitingOf(n, at, jobs, likely, waiting))
		}
		if err := db.queryAll(ctx, look...); err != nil {
			return err
		}
		whose := make([]polls.OrgID, len(got.Of))
		for i, t := range got.Of {
			whose[i] = t.Org
		}
		if slices.ContainsFunc(whose, func(org polls.OrgID) bool { return !slices.Contains(likely, org) }) {
			clear(waiting)
			rest := waitingOf(n, at, jobs, whose, waiting)
			if err := db.query(ctx, rest.each, rest.text, rest.args...); err != nil {
				return err
			}
		}
		for i := range got.Of {
			got.Of[i].Jobs = waiting[whose[i]]
		}
		return nil
	})
	return got, err
}

// waitingOf asks for so many jobs of each of some organisations, of which something waits that a node could do: one query for all, in
// which each goes as far into the index as it must.
func waitingOf(n *compute.Node, at time.Time, jobs int, whose []polls.OrgID, into map[polls.OrgID][]compute.Candidate) question {
	asks := asker{2, 3, 4}
	args := []any{jobs, string(n.Owner), n.Domain, micros(at)}
	for _, org := range whose {
		args = append(args, string(org))
	}
	first := func(column string) string {
		return `(SELECT m.` + column + ` FROM parts m WHERE m.job = w.id AND m.state = 'waiting' AND NOT ` + asks.barred("m") + ` ORDER BY m.number, m.copy LIMIT 1)`
	}
	needs, more := meets(n, len(args)+1)
	var of []string
	for i := range whose {
		of = append(of, fmt.Sprintf(`SELECT * FROM (SELECT %s, %s FROM jobs w LEFT JOIN parts p ON p.job = w.id
			AND p.number = %s AND p.copy = %s
			WHERE w.org = $%d AND %s AND %s ORDER BY w.importance DESC, %s DESC, w.id LIMIT $1) AS of_one`, qualified(jobOutline, "w"), perhapsPart, first("number"), first("copy"), i+5, asks.waits(), needs, payPerWork))
	}
	return question{func(r row) error {
		c, err := scanWaiting(r)
		if err == nil {
			into[c.Job.Org] = append(into[c.Job.Org], c)
		}
		return err
	}, statement{strings.Join(of, ` UNION ALL `) + ` ORDER BY importance DESC, id`, append(args, more...)}}
}

// LateParts implements compute.JobStore.
func (st jobStore) LateParts(ctx context.Context, n *compute.Node, at time.Time, limit int) (late []compute.Candidate, err error) {
	needs, args := meets(n, 5)
	err = st.read(ctx, func(db querier) error {
		late = nil
		return db.query(ctx, func(r row) error {
			c, err := scanWaiting(r)
			late = append(late, c)
			return err
		}, `SELECT `+qualified(jobOutline, "w")+`, `+perhapsPart+` FROM parts p JOIN jobs w ON w.id = p.job
			WHERE p.state = 'running' AND p.copies = 1 AND p.due_at > 0 AND p.due_at < $1 AND w.state = 'open' AND w.cut = w.total AND `+needs+`
			AND NOT EXISTS (SELECT 1 FROM leases l WHERE l.job = p.job AND l.part = p.number AND l.owner = $2 AND (l.state = 'running' OR l.state = 'done' AND l.copy <> p.copy))
			AND NOT `+asker{2, 4, 1}.barred("p")+` ORDER BY p.due_at LIMIT $3`, append([]any{micros(at), string(n.Owner), limit, n.Domain}, args...)...)
	})
	return late, err
}

// Charge implements compute.JobStore.
func (st jobStore) Charge(ctx context.Context, org polls.OrgID, operations int64) error {
	return st.write(ctx, func(db querier) error {
		return db.execLater(ctx, []statement{{`UPDATE job_shares SET used = used + $2 WHERE org = $1`, []any{string(org), operations>>20 + 1}}})
	})
}

const partColumns = `job, number, copy, from_row, to_row, state, copies, failures, lost, next_at, due_at, checkpoint, step, result, asked, drawn, drawn_at, apart_at`

// perhapsPart is partColumns of a part p that may not be.
var perhapsPart = func() string {
	var list []string
	for name := range strings.SplitSeq(partColumns, ", ") {
		none := `0`
		switch name {
		case "job", "state", "failures", "checkpoint", "result", "asked", "drawn":
			none = `''`
		}
		list = append(list, `COALESCE(p.`+name+`, `+none+`)`)
	}
	return strings.Join(list, ", ")
}()

// scannedPart takes partColumns.
type scannedPart struct {
	p                compute.Part
	failures, drawn  string
	next, due        int64
	drawnFrom, apart int64
}

func (s *scannedPart) dest() []any {
	return []any{&s.p.Job, &s.p.Number, &s.p.Copy, &s.p.From, &s.p.To, &s.p.State, &s.p.Copies, &s.failures, &s.p.Lost, &s.next, &s.due, &s.p.Checkpoint, &s.p.Step, &s.p.Result, &s.p.Asked, &s.drawn, &s.drawnFrom, &s.apart}
}

func (s *scannedPart) part() (*compute.Part, error) {
	s.p.NextAt, s.p.DueAt = timeOf(s.next), timeOf(s.due)
	s.p.Place.DrawnAt, s.p.Place.ApartAt = timeOf(s.drawnFrom), timeOf(s.apart)
	for owner := range strings.FieldsSeq(s.drawn) {
		s.p.Place.Drawn = append(s.p.Place.Drawn, polls.RespondentID(owner))
	}
	return &s.p, json.Unmarshal([]byte(s.failures), &s.p.Failures)
}

// scanWaiting takes jobOutline and partColumns.
func scanWaiting(r row) (c compute.Candidate, err error) {
	var s scannedPart
	if c.Job, err = scanOutline(r, s.dest()...); err != nil || s.p.Job == "" {
		return c, err
	}
	c.Part, err = s.part()
	return c, err
}

// partWrite saves a part, new or known.
func partWrite(p *compute.Part) (statement, error) {
	failures, err := json.Marshal(p.Failures)
	var drawn strings.Builder
	for _, owner := range p.Place.Drawn {
		drawn.WriteString(string(owner) + " ")
	}
	return statement{`INSERT INTO parts (` + partColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
		ON CONFLICT (job, number, copy) DO UPDATE SET from_row = $4, to_row = $5, state = $6, copies = $7, failures = $8, lost = $9, next_at = $10, due_at = $11, checkpoint = $12, step = $13, result = $14, asked = $15, drawn = $16, drawn_at = $17, apart_at = $18`, []any{
		string(p.Job), p.Number, p.Copy, p.From, p.To, string(p.State), p.Copies, string(failures), p.Lost, micros(p.NextAt), micros(p.DueAt), string(p.Checkpoint), p.Step, string(p.Result), string(p.Asked), drawn.String(), micros(p.Place.DrawnAt), micros(p.Place.ApartAt),
	}}, err
}

// SavePart implements compute.JobStore.
func (st jobStore) SavePart(ctx context.Context, p *compute.Part) error {
	write, err := partWrite(p)
	if err != nil {
		return err
	}
	return st.write(ctx, func(db querier) error {
		return db.execLater(ctx, []statement{write})
	})
}

// Part implements compute.JobStore.
func (st jobStore) Part(ctx context.Context, id compute.JobID, n, of int) (p *compute.Part, err error) {
	err = st.read(ctx, func(db querier) error {
		return db.query(ctx, func(r row) (err error) {
			var s scannedPart
			if err = r.Scan(s.dest()...); err != nil {
				return err
			}
			p, err = s.part()
			return err
		}, `SELECT `+partColumns+` FROM parts WHERE job = $1 AND number = $2 AND copy = $3`, string(id), n, of)
	})
	if err == nil && p == nil {
		return nil, compute.ErrNoJob
	}
	return p, err
}

// Parts implements compute.JobStore.
func (st jobStore) Parts(ctx context.Context, id compute.JobID, page tasknet.Page) ([]compute.PartResult, string, error) {
	after, err := cursorNumber(page, -1)
	if err != nil {
		return nil, "", err
	}
	parts, next, err := readPage(ctx, st, page, func(r row) (compute.PartResult, string, error) {
		var s scannedPart
		if err := r.Scan(s.dest()...); err != nil {
			return compute.PartResult{}, "", err
		}
		p, err := s.part()
		return compute.PartResult{Part: p}, fmt.Sprint(p.Number), err
	}, `SELECT `+partColumns+` FROM parts WHERE job = $1 AND number > $2 AND copy = 0 ORDER BY number`, string(id), after)
	if err != nil {
		return nil, "", err
	}
	var ids []string
	for _, p := range parts {
		if p.Part.Result != "" {
			ids = append(ids, string(p.Part.Result))
		}
	}
	if len(ids) == 0 {
		return parts, next, nil
	}
	results := map[compute.LeaseID]*compute.Lease{}
	if err := st.read(ctx, func(db querier) error {
		in, list, err := db.inList("id", 1, ids)
		if err != nil {
			return err
		}
		return db.query(ctx, func(r row) error {
			l, err := scanLease(r)
			if err == nil {
				results[l.ID] = l
			}
			return err
		}, `SELECT `+leaseColumns+` FROM leases WHERE `+in, list)
	}); err != nil {
		return nil, "", err
	}
	for i := range parts {
		parts[i].Result = results[parts[i].Part.Result]
	}
	return parts, next, nil
}

// Checkpointed implements compute.JobStore.
func (st jobStore) Checkpointed(ctx context.Context, before time.Time, limit int) (list []*compute.Part, err error) {
	err = st.read(ctx, func(db querier) error {
		list = nil
		return db.query(ctx, func(r row) error {
			var s scannedPart
			if err := r.Scan(s.dest()...); err != nil {
				return err
			}
			p, err := s.part()
			list = append(list, p)
			return err
		}, `SELECT `+qualified(partColumns, "p")+` FROM parts p JOIN jobs j ON j.id = p.job WHERE p.checkpoint <> '' AND j.settled_at > 0 AND j.settled_at <= $1 ORDER BY p.job, p.number, p.copy LIMIT $2`, micros(before), limit)
	})
	return list, err
}

const leaseColumns = `id, job, part, from_row, to_row, node, owner, state, why, began_at, expires_at, ended_at, resumed, progress, curve, problem, receipt, copy, domain`

func scanLease(r row, more ...any) (*compute.Lease, error) {
	var l compute.Lease
	var why, progress, curve, receipt string
	var began, expires, ended int64
	if err := r.Scan(append([]any{
		&l.ID, &l.Job, &l.Part, &l.From, &l.To, &l.Node, &l.Owner, &l.State, &why, &began, &expires, &ended, &l.Resumed, &progress, &curve, &l.Problem, &receipt, &l.Copy, &l.Domain,
	}, more...)...); err != nil {
		return nil, err
	}
	l.BeganAt, l.ExpiresAt, l.EndedAt = timeOf(began), timeOf(expires), timeOf(ended)
	for _, f := range []struct {
		text string
		into any
	}{{why, &l.Why}, {progress, &l.Progress}, {curve, &l.Curve}, {receipt, &l.Receipt}} {
		if f.text == "" {
			continue
		}
		if err := json.Unmarshal([]byte(f.text), f.into); err != nil {
			return nil, fmt.Errorf("lease %s: %w", l.ID, err)
		}
	}
	return &l, nil
}

// leaseWrite saves a lease, new or known.
func leaseWrite(l *compute.Lease) (s statement, err error) {
	var why, progress, curve, receipt []byte
	for _, f := range []struct {
		text *[]byte
		from any
	}{{&why, l.Why}, {&progress, l.Progress}, {&curve, l.Curve}, {&receipt, l.Receipt}} {
		if *f.text, err = json.Marshal(f.from); err != nil {
			return s, err
		}
	}
	if l.Receipt == nil {
		receipt = nil
	}
	return statement{`INSERT INTO leases (` + leaseColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
		ON CONFLICT (id) DO UPDATE SET from_row = $4, to_row = $5, state = $8, expires_at = $11, ended_at = $12, progress = $14, curve = $15, problem = $16, receipt = $17`, []any{
		string(l.ID), string(l.Job), l.Part, l.From, l.To, string(l.Node), string(l.Owner), string(l.State), string(why), micros(l.BeganAt), micros(l.ExpiresAt), micros(l.EndedAt),
		l.Resumed, string(progress), string(curve), l.Problem, string(receipt), l.Copy, l.Domain,
	}}, nil
}

// SaveLease implements compute.JobStore.
func (st jobStore) SaveLease(ctx context.Context, l *compute.Lease) error {
	write, err := leaseWrite(l)
	if err != nil {
		return err
	}
	return st.write(ctx, func(db querier) error {
		return db.execLater(ctx, []statement{write})
	})
}

// Lease implements compute.JobStore.
func (st jobStore) Lease(ctx context.Context, id compute.LeaseID) (l *compute.Lease, err error) {
	err = st.read(ctx, func(db querier) error {
		return db.query(ctx, func(r row) (err error) {
			l, err = scanLease(r)
			return err
		}, `SELECT `+leaseColumns+` FROM leases WHERE id = $1`, string(id))
	})
	if err == nil && l == nil {
		return nil, compute.ErrNoLease
	}
	return l, err
}

func (st jobStore) leases(ctx context.Context, where conditions, page tasknet.Page) ([]*compute.Lease, string, error) {
	if page.After != "" {
		where.add(`id < $`, page.After)
	}
	return readPage(ctx, st, page, func(r row) (*compute.Lease, string, error) {
		l, err := scanLease(r)
		if err != nil {
			return nil, "", err
		}
		return l, string(l.ID), nil
	}, `SELECT `+leaseColumns+` FROM leases`+where.text()+` ORDER BY id DESC`, where.args...)
}

// Leases implements compute.JobStore.
func (st jobStore) Leases(ctx context.Context, id compute.JobID, page tasknet.Page) ([]*compute.Lease, string, error) {
	var where conditions
	where.add(`job = $`, string(id))
	return st.leases(ctx, where, page)
}

// Running implements compute.JobStore.
func (st jobStore) Running(ctx context.Context, id compute.JobID) (list []*compute.Lease, err error) {
	err = st.read(ctx, func(db querier) error {
		list = nil
		return db.query(ctx, func(r row) error {
			l, err := scanLease(r)
			list = append(list, l)
			return err
		}, `SELECT `+leaseColumns+` FROM leases WHERE job = $1 AND state = 'running' ORDER BY id`, string(id))
	})
	return list, err
}

// Expired implements compute.JobStore.
func (st jobStore) Expired(ctx context.Context, at time.Time, limit int) (ids []compute.LeaseID, err error) {
	err = st.read(ctx, func(db querier) error {
		ids = nil
		return db.query(ctx, func(r row) error {
			var id compute.LeaseID
			err := r.Scan(&id)
			ids = append(ids, id)
			return err
		}, `SELECT id FROM leases WHERE state = 'running' AND expires_at <= $1 ORDER BY expires_at LIMIT $2`, micros(at), limit)
	})
	return ids, err
}
