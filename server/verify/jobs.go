package verify

import (
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/wire"
)

// jobs are the records of settled jobs as the ledger comes to them: both are in the order in which jobs were settled.
type jobs struct {
	next func() (wire.JobRecord, error, bool)
	stop func()
	read int
	seen map[string]bool // by their ids

	refuted map[string]bool // owners of nodes of whom a result was
	lied    map[string]int  // how many deliveries were refused for that elsewhere
	against map[refuted]refutation
}

func newJobs() jobs {
	return jobs{seen: make(map[string]bool), refuted: make(map[string]bool), lied: make(map[string]int), against: make(map[refuted]refutation)}
}

// nextJob returns the next record; nil when there is none.
func (v *verification) nextJob(ctx context.Context) (*wire.JobRecord, error) {
	for range 2 { // one that was settled after the last page was read comes when the list is read anew
		if v.jobs.next == nil {
			v.jobs.next, v.jobs.stop = iter.Pull2(v.source.JobRecords(ctx))
			for range v.jobs.read {
				if _, err, ok := v.jobs.next(); err != nil || !ok {
					return nil, err
				}
			}
		}
		r, err, ok := v.jobs.next()
		if err != nil {
			return nil, err
		}
		if ok {
			v.jobs.read++
			return &r, nil
		}
		v.endJobs()
	}
	return nil, nil //nolint:nilnil // there is none, and nothing failed
}

func (v *verification) endJobs() {
	if v.jobs.stop != nil {
		v.jobs.stop()
	}
	v.jobs.next, v.jobs.stop = nil, nil
}

// sharesOut checks that a job's price went to those whose receipts were accepted and not refuted.
func (v *verification) sharesOut(ctx context.Context, t rewards.Transaction, from []rewards.Entry, wrong func(string, any, any) error) error {
	hold := rewards.HoldFor(t.Cause)
	if len(from) != 1 || from[0].Account != hold {
		return wrong("entries", "from "+string(hold), names(t))
	}
	if left := v.ledger.balances[hold]; !left.IsZero() {
		return wrong("entry of "+string(hold), "all that was set aside", "it leaves "+left.String())
	}
	for {
		r, err := v.nextJob(ctx)
		if err != nil {
			return err
		}
		if r == nil {
			return wrong("cause", "a settled job", t.Cause+", which has no record")
		}
		bill, err := v.job(*r)
		if err != nil {
			return err
		}
		if bill.Hold.IsZero() {
			continue
		}
		if r.ID != t.Cause {
			return wrong("cause", r.ID+", which was settled next", t.Cause)
		}
		return v.paysJob(t, *r, bill, wrong)
	}
}

// paysJob compares a transaction with what a job's record says.
func (v *verification) paysJob(t rewards.Transaction, r wire.JobRecord, bill rewards.Bill, wrong func(string, any, any) error) error {
	if org := v.ledger.holders[t.Cause]; org != r.Org {
		return &Mismatch{"job", r.ID, "org", org, r.Org}
	}
	delete(v.ledger.holders, t.Cause)
	want, err := rewards.SettleWork(bill, t.At)
	if err != nil {
		return wrong("entries", "at most what was set aside", err)
	}
	order := func(a, b rewards.Entry) int { return cmp.Compare(a.Account, b.Account) }
	got := slices.SortedFunc(slices.Values(t.Entries), order)
	slices.SortFunc(want.Entries, order)
	if !slices.Equal(want.Entries, got) {
		return wrong("entries", names(want.Transaction), names(t))
	}
	if !r.SettledAt.Equal(t.At) {
		return &Mismatch{"job", r.ID, "settled_at", timeText(t.At), timeText(r.SettledAt.Time)}
	}
	v.report.Paid = v.report.Paid.Add(want.Paid)
	return nil
}

// finishJobs looks at jobs that the ledger does not settle: those without a price, and those that were settled since it was read.
func (v *verification) finishJobs(ctx context.Context) error {
	for range newMost {
		r, err := v.nextJob(ctx)
		if err != nil {
			return err
		}
		if r == nil {
			break
		}
		bill, err := v.job(*r)
		if err != nil {
			return err
		}
		if !bill.Hold.IsZero() && r.SettledAt.Before(v.startAt.Add(-clocksApart)) {
			return &Mismatch{"job", r.ID, "settlement", "a transaction in the ledger", "none"}
		}
	}
	v.endJobs()
	for owner, n := range v.jobs.lied {
		if !v.jobs.refuted[owner] {
			v.report.Withheld += n
		}
	}
	return nil
}

// job recomputes who is to be paid what for a job.
func (v *verification) job(r wire.JobRecord) (rewards.Bill, error) {
	wrong := func(field string, expected, got any) error {
		return &Mismatch{"job", r.ID, field, fmt.Sprint(expected), fmt.Sprint(got)}
	}
	if v.jobs.seen[r.ID] {
		return rewards.Bill{}, wrong("id", "a job that is listed once", "another record of it")
	}
	v.jobs.seen[r.ID] = true
	j, err := v.jobOf(r, wrong)
	if err != nil {
		return rewards.Bill{}, err
	}
	leaf, err := j.Leaf(v.instance)
	if err != nil {
		return rewards.Bill{}, err
	}
	v.log.has(logLeaf{"job", r.ID, leaf, j.CreatedAt})
	deliveries := make([]*compute.Delivery, len(r.Receipts))
	for i, w := range r.Receipts {
		if deliveries[i], err = v.receipt(j, w); err != nil {
			return rewards.Bill{}, err
		}
		if r.SettledAt.Before(deliveries[i].At.Add(-clocksApart)) {
			return rewards.Bill{}, wrong("settled_at", "not before "+timeText(deliveries[i].At)+", when a receipt came", timeText(r.SettledAt.Time))
		}
	}
	models, err := v.trials(r)
	if err != nil {
		return rewards.Bill{}, err
	}
	if err := v.parts(j, r, deliveries, models, wrong); err != nil {
		return rewards.Bill{}, err
	}
	bill := rewards.Bill{Org: r.Org, Cause: r.ID}
	if bill.Hold, err = j.Hold(); err != nil {
		return bill, wrong("price", "one that can exist", r.Price)
	}
	at := make(map[polls.RespondentID]int)
	for _, d := range deliveries {
		if d.State != compute.PayPaid {
			continue
		}
		if _, known := at[d.Owner]; !known {
			at[d.Owner] = len(bill.Pays)
			bill.Pays = append(bill.Pays, rewards.Pay{Payee: string(d.Owner)})
		}
		p := &bill.Pays[at[d.Owner]]
		p.Amount, bill.Fee = p.Amount.Add(d.Pay), bill.Fee.Add(d.Fee)
	}
	v.report.Jobs++
	v.report.Receipts += len(deliveries)
	return bill, nil
}

// jobOf reads what a job's record says of its terms.
func (v *verification) jobOf(r wire.JobRecord, wrong func(string, any, any) error) (*compute.Job, error) {
	work, workErr := lowerHex(r.Work, 32)
	seed, seedErr := lowerHex(r.Seed, 32)
	if tasknet.CheckID(compute.JobPrefix, r.ID) != nil || workErr != nil || seedErr != nil {
		return nil, wrong("id, work and seed", "the id of a job, and 32 bytes in hex each", r.Work+" and "+r.Seed)
	}
	audited := r.Replicas == 1 && r.Price.Sign() > 0
	if r.Rows < 1 || r.Rows > 1<<31 || r.Price.Sign() < 0 || r.Price.Cmp(compute.PriceMax) > 0 || r.Fee.Sign() < 0 || r.Fee.Cmp(r.Price) > 0 || r.Replicas < 1 || r.Replicas > compute.ReplicasMax {
		return nil, wrong("terms", "rows, price, fee and replicas that a job may have", fmt.Sprint(r.Rows, r.Price, r.Fee, r.Replicas))
	}
	if r.MinStake.Sign() < 0 || r.MinStake.Cmp(compute.StakeMax) > 0 {
		return nil, wrong("min_stake", "a stake that a job may ask for", r.MinStake)
	}
	if audited && (r.AuditPPM < compute.AuditLeast || r.AuditPPM > compute.AuditMost) || !audited && r.AuditPPM != 0 {
		return nil, wrong("audit_ppm", fmt.Sprintf("%d to %d of single parts that are paid, none of others", compute.AuditLeast, compute.AuditMost), r.AuditPPM)
	}
	hidden, err := hiddenOf(r, [32]byte(seed))
	if err != nil {
		return nil, err
	}
	return &compute.Job{
		ID: compute.JobID(r.ID), Org: polls.OrgID(r.Org), Kind: compute.JobKind(r.Kind), Hash: [32]byte(work), Rows: r.Rows, CreatedAt: time.UnixMilli(r.CreatedAt).UTC(),
		Terms: compute.Terms{Price: r.Price, Fee: r.Fee, Replicas: r.Replicas, AuditPPM: r.AuditPPM, MinStake: r.MinStake, Seed: [32]byte(seed), Hidden: hidden},
	}, nil
}

// receipt checks that a receipt is of a job's work, and signed by a node of its owner's, and notes its leaf.
func (v *verification) receipt(j *compute.Job, w wire.ReceiptRecord) (*compute.Delivery, error) {
	wrong := func(field string, expected, got any) error {
		return &Mismatch{"receipt", w.Lease, field, fmt.Sprint(expected), fmt.Sprint(got)}
	}
	if tasknet.CheckID(compute.LeasePrefix, w.Lease) != nil || tasknet.CheckID(polls.RespondentPrefix, w.Owner) != nil {
		return nil, wrong("lease and owner", "ids of their kinds", w.Owner)
	}
	d, err := v.delegation(w.Delegation)
	if err != nil {
		return nil, wrong("delegation", "signed by its wallet, for a device, for at most two years", err)
	}
	if !time.UnixMilli(w.At).Before(d.Expires) {
		return nil, wrong("at_ms", fmt.Sprintf("before the delegation's end %d", d.Expires.UnixMilli()), w.At)
	}
	signature, err := lowerHex(w.Signature, 64)
	if err != nil {
		return nil, wrong("signature", "64 bytes in hex", w.Signature)
	}
	if want := hex.EncodeToString(j.Hash[:]); w.Work != want || w.Job != string(j.ID) {
		return nil, wrong("job and work", string(j.ID)+" and "+want, w.Job+" and "+w.Work)
	}
	if w.From < 0 || w.From >= w.To || w.To > j.Rows {
		return nil, wrong("rows", fmt.Sprintf("some of %d", j.Rows), fmt.Sprintf("%d to %d", w.From, w.To))
	}
	r := &compute.Receipt{
		Lease: compute.LeaseID(w.Lease), Job: j.ID, Part: w.Part, Work: j.Hash, Code: w.Code, Trainer: w.Trainer, Class: w.Class, Began: time.UnixMilli(w.Began), Ended: time.UnixMilli(w.Ended),
		Signature: [64]byte(signature),
	}
	for _, o := range w.Outputs {
		r.Outputs = append(r.Outputs, compute.JobFile{Role: compute.Role(o.Role), Artefact: compute.ArtefactID(o.Artefact), Bytes: o.Bytes})
	}
	digest, err := r.Digest(v.instance)
	if err != nil {
		return nil, err
	}
	if !polls.CheckSignature(d.Device, digest, r.Signature) {
		return nil, wrong("signature", "one by node "+d.Device.String(), w.Signature)
	}
	if _, fits := v.knows(w.Owner, d.Wallet); !fits {
		return nil, wrong("owner", "one person for each wallet, and one wallet for each person", w.Owner+" with "+d.Wallet.String())
	}
	out := &compute.Delivery{
		Lease: r.Lease, Job: j.ID, Part: w.Part, Copy: w.Copy, From: w.From, To: w.To, Key: d.Device, Owner: polls.RespondentID(w.Owner), Receipt: r,
		State: compute.PayState(w.State), Why: compute.Refusal(w.Why), At: time.UnixMilli(w.At).UTC(),
	}
	out.Pay, out.Fee = j.SharePay(w.From, w.To)
	leaf, err := out.Leaf(v.instance)
	if err != nil {
		return nil, err
	}
	v.log.has(logLeaf{"receipt", w.Lease, leaf, out.At})
	return out, nil
}

// parts checks that each row was paid for as often as the terms say, by as many owners, and that what was drawn was audited.
func (v *verification) parts(j *compute.Job, r wire.JobRecord, deliveries []*compute.Delivery, models judged, wrong func(string, any, any) error) error {
	checks := make(map[int]*wire.JobCheck, len(r.Checks))
	for i := range r.Checks {
		part := r.Checks[i].Part
		done := slices.ContainsFunc(deliveries, func(d *compute.Delivery) bool { return d.Part == part })
		if checks[part] != nil || !done && len(r.Checks[i].Results) > 0 { // of a job that was cancelled there may be one without results
			return wrong(fmt.Sprintf("check of part %d", part), "one, of receipts of the part", "another")
		}
		checks[part] = &r.Checks[i]
	}
	parts, order := make(map[int][]*compute.Delivery), []*compute.Delivery{}
	for _, d := range deliveries {
		for _, other := range parts[d.Part] {
			if other.From != d.From || other.To != d.To || other.Copy == d.Copy || other.Owner == d.Owner || other.Lease == d.Lease {
				return wrong(fmt.Sprintf("part %d", d.Part), "copies of the same rows, each by another owner", fmt.Sprintf("%s and %s", other.Lease, d.Lease))
			}
		}
		if parts[d.Part] == nil {
			order = append(order, d)
		}
		parts[d.Part] = append(parts[d.Part], d)
	}
	slices.SortFunc(order, func(a, b *compute.Delivery) int { return cmp.Compare(a.From, b.From) })
	for i, d := range order {
		if i > 0 && order[i-1].To > d.From {
			return wrong(fmt.Sprintf("part %d", d.Part), fmt.Sprintf("rows from %d on", order[i-1].To), fmt.Sprintf("from %d", d.From))
		}
		drawn, err := j.Terms.Audited(j.ID, d.Part)
		if err != nil {
			return err
		}
		c := checks[d.Part]
		if j.Terms.Hidden != nil && j.Terms.Replicas == 1 { // only what counts is audited
			drawn = drawn && models.accepted(parts[d.Part])
		}
		if want := drawn || j.Terms.Replicas > 1; want != (c != nil) || c != nil && c.Audit != drawn {
			return wrong(fmt.Sprintf("check of part %d", d.Part), fmt.Sprintf("one, as the seed draws it or it has replicas: %t", want), fmt.Sprint(c != nil))
		}
		if c != nil && c.State == string(compute.CheckDecided) {
			v.report.Decided++
		}
		if c != nil && c.Audit && c.State == string(compute.CheckAlone) {
			v.report.Unaudited++
		}
		if err := v.refusals(j, c, d.Part, parts[d.Part], models, wrong); err != nil {
			return err
		}
	}
	return nil
}

// refusals checks that of a part those are paid whose results the check accepts, and that no result is refused without a reason.
func (v *verification) refusals(j *compute.Job, c *wire.JobCheck, part int, deliveries []*compute.Delivery, models judged, wrong func(string, any, any) error) error {
	why := make(map[compute.LeaseID]compute.Refusal)
	all := deliveries
	deliveries = slices.DeleteFunc(slices.Clone(all), func(d *compute.Delivery) bool {
		failed := models[d.Lease].state == compute.TrialFailed
		if failed {
			why[d.Lease] = compute.Worthless
		}
		return failed
	})
	if c == nil && len(deliveries) > 1 {
		return wrong(fmt.Sprintf("part %d", part), "one receipt, as it is not checked", len(deliveries))
	}
	if c != nil {
		check := compute.Check{Job: j.ID, Part: part, Audit: c.Audit, State: compute.CheckState(c.State)}
		groups := make(map[int]int)
		for _, r := range c.Results {
			at := slices.IndexFunc(deliveries, func(d *compute.Delivery) bool { return string(d.Lease) == r.Lease })
			if at < 0 {
				return wrong(fmt.Sprintf("check of part %d", part), "results of the part's receipts", r.Lease)
			}
			groups[r.Group]++
			result := compute.CheckResult{Lease: deliveries[at].Lease, Owner: deliveries[at].Owner, Group: r.Group, Outputs: deliveries[at].Receipt.Outputs}
			check.Results = append(check.Results, result)
			if because, refused := check.Refuses(result); refused {
				why[result.Lease] = because
			}
		}
		evidence, err := check.Evidence(v.instance)
		if err != nil {
			return err
		}
		if want := hex.EncodeToString(evidence[:]); c.Evidence != want {
			return wrong(fmt.Sprintf("evidence of part %d", part), want, c.Evidence)
		}
		if err := models.compared(&check, deliveries, wrong); err != nil {
			return err
		}
		if c.Networks < 0 || c.Networks > len(c.Results) {
			return wrong(fmt.Sprintf("networks of the check of part %d", part), fmt.Sprintf("at most %d, one for each result", len(c.Results)), c.Networks)
		}
		if c.Networks > 0 && c.Networks < len(c.Results) {
			v.report.Shared++
		}
		agreed := check.State == compute.CheckAgreed
		for g, n := range groups {
			agreed = agreed && (g == 0 || n < groups[0] && groups[0] >= compute.Refuters)
		}
		if check.State == compute.CheckDecided && (groups[0] == 0 || groups[0] == len(c.Results)) {
			return wrong(fmt.Sprintf("check of part %d", part), "a result that is confirmed, and one that is not", fmt.Sprintf("%d of %d", groups[0], len(c.Results)))
		}
		if len(c.Results) != len(deliveries) || check.State == compute.CheckAgreed && (!agreed || groups[0] < 2) {
			return wrong(fmt.Sprintf("check of part %d", part), "all results of the part, which agree, or three of which do against fewer", fmt.Sprintf("%d of %d, %s", len(c.Results), len(deliveries), c.State))
		}
	}
	for _, d := range all {
		because, refused := why[d.Lease]
		switch {
		case because == compute.Refuted:
			v.jobs.refuted[string(d.Owner)] = true
			v.notes(j, c, d, deliveries)
		case !refused && d.State == compute.PayRefused && d.Why == compute.Lied:
			v.jobs.lied[string(d.Owner)]++
			continue
		}
		if d.State == compute.PayPaid && !refused && d.Why == "" || refused && d.State == compute.PayRefused && (d.Why == because || d.Why == compute.Lied) {
			continue
		}
		return &Mismatch{"receipt", string(d.Lease), "pay", fmt.Sprintf("refused: %t %s", refused, because), string(d.State) + " " + string(d.Why)}
	}
	return nil
}
