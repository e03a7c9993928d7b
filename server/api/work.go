package api

import (
	"context"
	"encoding/hex"
	"net/http"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/wire"
)

func (s *Server) workRoutes() {
	forRespondent(s, op(http.MethodGet, "/v1/me/work", tagMe, "my-work", "What my nodes delivered, newest first, and what becomes of its pay"), s.myWork)
	records := op(http.MethodGet, "/v1/records/jobs", tagRecords, "job-records", "All settled jobs, in the order in which they were settled")
	records.Description = "With all that is needed to recompute who was paid what, and which parts had to be audited. A page may have fewer items than asked for."
	forAnybody(s, records, s.jobRecords)
}

func (s *Server) myWork(ctx context.Context, who respondent, in *Paging) (*of[wire.MyWork], error) {
	list := "work " + string(who.id)
	page, err := s.page(list, *in)
	if err != nil {
		return nil, err
	}
	work := s.Stores.Work()
	own, next, err := work.DeliveriesOf(ctx, who.id, page)
	if err != nil {
		return nil, err
	}
	out := wire.MyWork{Page: s.next(list, next), Symbol: s.Chain.Symbol, Work: make([]wire.MyDelivery, len(own))}
	for i, d := range own {
		out.Work[i] = wire.MyDelivery{
			Lease: string(d.Lease), Job: string(d.Job), Kind: string(d.Kind), Node: string(d.Node), Rows: d.To - d.From, At: wire.At(d.At), Pay: d.Pay, State: string(d.State), Why: string(d.Why),
		}
		if d.State == compute.PayHeld && !d.Ended.IsZero() {
			out.Work[i].Until = timeOf(s.Pipeline.HeldUntil(d.Ended))
		}
	}
	for state, sum := range map[compute.PayState]*tasknet.Amount{compute.PayHeld: &out.Held, compute.PayPaid: &out.Paid, compute.PayRefused: &out.Refused} {
		if *sum, err = work.Earned(ctx, who.id, state); err != nil {
			return nil, err
		}
	}
	standing, err := work.Standing(ctx, who.id)
	if err != nil {
		return nil, err
	}
	if standing.Until.After(s.Now()) {
		out.Excluded = timeOf(standing.Until)
	}
	out.Stake, err = s.stakeOf(ctx, who.id)
	return &of[wire.MyWork]{out}, err
}

// wholeJob is a job with where its money is and, when it is settled, how it was checked.
func (s *Server) wholeJob(ctx context.Context, j *compute.Job) (wire.Job, error) {
	out, err := s.jobOf(j)
	if err != nil {
		return out, err
	}
	if !j.SettledAt.IsZero() {
		if out.Checks, err = s.checksOf(ctx, j.ID); err != nil {
			return out, err
		}
		cases, err := s.Stores.Stakes().CasesOf(ctx, string(j.ID))
		if err != nil {
			return out, err
		}
		for i := range cases {
			out.Cases = append(out.Cases, caseOf(&cases[i]))
		}
		if j.Terms.Hidden != nil {
			secret, err := s.Stores.Work().Secret(ctx, j.ID)
			if err != nil {
				return out, err
			}
			out.Judged.Salt = hex.EncodeToString(secret.Salt[:])
		}
	}
	if j.Live {
		if out.Serving, err = s.servingOf(ctx, j.ID); err != nil {
			return out, err
		}
	}
	if j.Terms.Price.IsZero() {
		return out, nil
	}
	out.Money = &wire.JobMoney{}
	if j.SettledAt.IsZero() {
		out.Money.Held, err = s.Stores.Rewards().Balance(ctx, rewards.HoldFor(string(j.ID)))
		return out, err
	}
	t, err := s.Stores.Rewards().Transaction(ctx, rewards.WorkTx, string(j.ID))
	for _, e := range t.Entries {
		switch e.Account {
		case rewards.HoldFor(string(j.ID)):
		case rewards.FeesAccount:
			out.Money.Fee = e.Amount
		case rewards.Requester(string(j.Org)):
			out.Money.Returned = e.Amount
		default:
			out.Money.Paid = out.Money.Paid.Add(e.Amount)
		}
	}
	return out, err
}

func (s *Server) checksOf(ctx context.Context, id compute.JobID) ([]wire.JobCheck, error) {
	checks, err := s.Stores.Work().Checks(ctx, id)
	if err != nil {
		return nil, err
	}
	out := make([]wire.JobCheck, len(checks))
	for i, c := range checks {
		evidence, err := c.Evidence(s.Deps.Instance)
		if err != nil {
			return nil, err
		}
		out[i] = wire.JobCheck{Part: c.Part, Audit: c.Audit, State: string(c.State), Results: make([]wire.CheckResult, len(c.Results)), Networks: c.Networks, Evidence: hex.EncodeToString(evidence[:])}
		for k, r := range c.Results {
			out[i].Results[k] = wire.CheckResult{Lease: string(r.Lease), Group: r.Group}
		}
	}
	return out, nil
}

func (s *Server) jobRecords(ctx context.Context, _ address, in *Paging) (*of[wire.JobRecords], error) {
	const list = "job records"
	page, err := s.page(list, *in)
	if err != nil {
		return nil, err
	}
	one := tasknet.Page{After: page.After, Limit: 1} // some have very many receipts
	out := wire.JobRecords{Jobs: []wire.JobRecord{}}
	keys := newRecorder(s)
	for receipts := 0; len(out.Jobs) < max(page.Limit, 1) && receipts < recordsBytes/recordBytes; {
		jobs, next, err := s.Stores.Work().SettledJobs(ctx, one)
		if err != nil {
			return nil, err
		}
		for _, j := range jobs {
			r, err := keys.job(ctx, j)
			if err != nil {
				return nil, err
			}
			receipts += 1 + len(r.Receipts)
			if r.Hidden != nil {
				receipts += len(r.Hidden.Marks) / recordBytes
			}
			out.Jobs = append(out.Jobs, r)
		}
		out.Page = s.next(list, next)
		if one.After = next; next == "" {
			break
		}
	}
	return &of[wire.JobRecords]{out}, nil
}

// job writes all of a settled job that anybody needs to recompute who was paid.
func (r *recorder) job(ctx context.Context, j *compute.Job) (wire.JobRecord, error) {
	out := wire.JobRecord{
		ID: string(j.ID), Org: string(j.Org), Kind: string(j.Kind), Work: hex.EncodeToString(j.Hash[:]), Rows: j.Rows, Price: j.Terms.Price, Fee: j.Terms.Fee, Replicas: j.Terms.Replicas, MinStake: j.Terms.MinStake,
		AuditPPM: j.Terms.AuditPPM, Seed: hex.EncodeToString(j.Terms.Seed[:]), CreatedAt: j.CreatedAt.UnixMilli(), SettledAt: wire.At(j.SettledAt),
	}
	deliveries, err := r.s.Stores.Work().Deliveries(ctx, j.ID)
	if err != nil {
		return out, err
	}
	out.Receipts = make([]wire.ReceiptRecord, len(deliveries))
	for i, d := range deliveries {
		delegation, err := r.delegation(ctx, d.Key)
		if err != nil {
			return out, err
		}
		out.Receipts[i] = wire.ReceiptRecord{
			WorkReceipt: receiptOf(d.Receipt), Copy: d.Copy, From: d.From, To: d.To, Owner: string(d.Owner), At: d.At.UnixMilli(), State: string(d.State), Why: string(d.Why), Delegation: delegation,
		}
	}
	if out.Checks, err = r.s.checksOf(ctx, j.ID); err != nil || j.Terms.Hidden == nil {
		return out, err
	}
	return out, r.trials(ctx, j, &out)
}

// trials adds how the models of a job were judged.
func (r *recorder) trials(ctx context.Context, j *compute.Job, out *wire.JobRecord) error {
	secret, err := r.s.Stores.Work().Secret(ctx, j.ID)
	if err != nil {
		return err
	}
	h := j.Terms.Hidden
	out.Hidden = &wire.HiddenRecord{
		Tasks: h.Tasks, Held: h.Held, Data: string(h.Data), Labels: string(h.Labels), Marks: secret.Marks, Drawn: compute.Drawn(j.Terms.Seed, secret.Marks, h.Held), Guess: secret.Guess.Bytes(),
	}
	trials, err := r.s.Stores.Work().Trials(ctx, j.ID)
	if err != nil {
		return err
	}
	for _, t := range trials {
		for i := range out.Receipts {
			if out.Receipts[i].Lease == string(t.Lease) {
				out.Receipts[i].Trial = &wire.TrialRecord{State: string(t.State), Losses: t.Losses.Bytes(), Problem: t.Problem}
			}
		}
	}
	return nil
}
