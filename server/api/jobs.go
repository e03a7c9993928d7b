package api

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/wire"
)

type newJobInput struct {
	Idempotent
	Body wire.NewJob
}

// JobPath is the path of all that is of a job.
type JobPath struct {
	ID string `path:"id" doc:"The job's id"`
}

type jobsInput struct {
	Paging
	State string `query:"state" enum:"open,done,failed,cancelled" doc:"Left out: all"`
}

type jobListInput struct {
	JobPath
	Paging
}

type planInput struct{ Body wire.NewPlan }

func (s *Server) jobRoutes() {
	create := op(http.MethodPost, "/v1/jobs", tagCompute, "create-job", "Have a model trained, measured or asked, or a program run")
	create.Description = "Nodes do it: one of them what cannot be split, many of them the parts of what can. What it costs at the most is set aside; it is shared out a while after the end."
	create.DefaultStatus = http.StatusCreated
	forRequester(s, create, s.createJob)
	forRequester(s, op(http.MethodGet, "/v1/jobs", tagCompute, "list-jobs", "List my jobs, newest first"), s.listJobs)
	forRequester(s, op(http.MethodGet, "/v1/jobs/{id}", tagCompute, "get-job", "Get a job"), s.getJob)
	forRequester(s, op(http.MethodGet, "/v1/jobs/{id}/parts", tagCompute, "list-parts", "List the parts of a job in their order, with what they made"), s.listParts)
	leases := op(http.MethodGet, "/v1/jobs/{id}/leases", tagCompute, "list-leases", "List who worked on a job, newest first")
	leases.Description = "With how far they are, the curve of the loss, and why they were given what they were given."
	forRequester(s, leases, s.listLeases)
	cancel := op(http.MethodPost, "/v1/jobs/{id}/cancel", tagCompute, "cancel-job", "Cancel a job")
	cancel.Description = "Nodes learn of it when they next report progress. What is done stays, and a live job is done by that. Cancelling it again changes nothing."
	forRequester(s, cancel, s.cancelJob)
	plan := op(http.MethodPost, "/v1/plans", tagCompute, "plan-model", "Check the spec of a model, and tell what it costs")
	plan.Description = "Makes nothing. The error says which layer does not fit, and why."
	forAnybody(s, plan, s.planModel)
}

func (s *Server) createJob(ctx context.Context, who requester, in *newJobInput) (*replayed[wire.Job], error) {
	once, err := in.once(who, "POST /v1/jobs", in.Body)
	if err != nil {
		return nil, err
	}
	d := compute.JobDraft{
		Title: in.Body.Title, Importance: in.Body.Importance, MaxTime: time.Duration(in.Body.MaxSeconds) * time.Second, Trainer: in.Body.Trainer, GPU: in.Body.GPU, PartRows: in.Body.PartRows, Servers: in.Body.Servers, Price: in.Body.Price, Replicas: in.Body.Replicas, MinStake: in.Body.MinStake,
		Work: compute.Work{Kind: compute.JobKind(in.Body.Kind), Program: (*compute.Program)(in.Body.Program), Temperature: in.Body.Temperature, Rows: in.Body.Rows, Live: in.Body.Live},
	}
	if len(in.Body.Model) > 0 {
		model, err := compute.ReadSpec(bytes.NewReader(in.Body.Model))
		if err != nil {
			return nil, err
		}
		d.Work.Model = &model
	}
	for _, f := range in.Body.Inputs {
		id, err := compute.ParseArtefactID(f.Artefact)
		if err != nil {
			return nil, err
		}
		d.Work.Inputs = append(d.Work.Inputs, compute.JobFile{Role: compute.Role(f.Role), Artefact: id, Name: f.Name})
	}
	divided, err := s.divide(ctx, who, once, &d)
	if err != nil {
		return nil, err
	}
	out, err := do(ctx, s, once, http.StatusCreated, func(tx pipeline.Tx) (wire.Job, error) {
		j, err := s.Pipeline.NewJob(ctx, tx, who.org.ID, d)
		if err != nil {
			return wire.Job{}, err
		}
		if err := divided.Hidden(ctx, tx, j); err != nil {
			return wire.Job{}, err
		}
		return s.jobOf(j)
	})
	if err == nil {
		s.Pipeline.WorkWaits()
	}
	if err != nil || out.Replayed != "" {
		err = errors.Join(err, s.Pipeline.Undivide(ctx, who.org.ID, divided))
	}
	return out, err
}

// divide checks a TorchScript module, or hides some of a training's data from nodes, before the transaction in which the job is made: it
// takes as long as to read them. What was asked for before has its reply, and is not read again.
func (s *Server) divide(ctx context.Context, who requester, once pipeline.Once, d *compute.JobDraft) (*pipeline.Dividing, error) {
	if _, err := s.Stores.Replies().Reply(ctx, once.Scope, once.Key); err == nil || tasknet.Describe(err).Kind != tasknet.NotFound {
		return nil, err
	}
	if err := s.Pipeline.CheckScript(ctx, who.org.ID, d); err != nil {
		return nil, err
	}
	return s.Pipeline.Divide(ctx, who.org.ID, d)
}

func (s *Server) listJobs(ctx context.Context, who requester, in *jobsInput) (*of[wire.Jobs], error) {
	list := "jobs " + string(who.org.ID) + " " + in.State
	page, err := s.page(list, in.Paging)
	if err != nil {
		return nil, err
	}
	jobs, next, err := s.Stores.Jobs().Jobs(ctx, who.org.ID, compute.JobState(in.State), page)
	if err != nil {
		return nil, err
	}
	out := wire.Jobs{Page: s.next(list, next), Jobs: make([]wire.Job, len(jobs))}
	for i, j := range jobs {
		if out.Jobs[i], err = s.jobOf(j); err != nil {
			return nil, err
		}
	}
	return &of[wire.Jobs]{out}, nil
}

// ownJob returns a job of the caller's. Somebody else's is reported as none.
func (s *Server) ownJob(ctx context.Context, who requester, id string) (*compute.Job, error) {
	if err := tasknet.CheckID(compute.JobPrefix, id); err != nil {
		return nil, err
	}
	return s.Pipeline.OwnJob(ctx, who.org.ID, compute.JobID(id))
}

func (s *Server) getJob(ctx context.Context, who requester, in *JobPath) (*of[wire.Job], error) {
	j, err := s.ownJob(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	out, err := s.wholeJob(ctx, j)
	return &of[wire.Job]{out}, err
}

func (s *Server) cancelJob(ctx context.Context, who requester, in *JobPath) (*of[wire.Job], error) {
	if err := tasknet.CheckID(compute.JobPrefix, in.ID); err != nil {
		return nil, err
	}
	j, err := s.Pipeline.CancelJob(ctx, who.org.ID, compute.JobID(in.ID))
	if err != nil {
		return nil, err
	}
	out, err := s.jobOf(j)
	return &of[wire.Job]{out}, err
}

func (s *Server) listParts(ctx context.Context, who requester, in *jobListInput) (*of[wire.JobParts], error) {
	j, err := s.ownJob(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	list := "parts " + in.ID
	page, err := s.page(list, in.Paging)
	if err != nil {
		return nil, err
	}
	parts, next, err := s.Stores.Jobs().Parts(ctx, j.ID, page)
	if err != nil {
		return nil, err
	}
	out := wire.JobParts{Page: s.next(list, next), Parts: make([]wire.JobPart, len(parts))}
	for i, p := range parts {
		out.Parts[i] = partOfJob(p)
	}
	if j.Terms.Hidden != nil {
		err = s.addTrials(ctx, j, out.Parts)
	}
	return &of[wire.JobParts]{out}, err
}

func (s *Server) listLeases(ctx context.Context, who requester, in *jobListInput) (*of[wire.JobLeases], error) {
	j, err := s.ownJob(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	list := "leases " + in.ID
	page, err := s.page(list, in.Paging)
	if err != nil {
		return nil, err
	}
	leases, next, err := s.Stores.Jobs().Leases(ctx, j.ID, page)
	if err != nil {
		return nil, err
	}
	out := wire.JobLeases{Page: s.next(list, next), Leases: make([]wire.JobLease, len(leases))}
	for i, l := range leases {
		out.Leases[i] = leaseOf(l)
	}
	return &of[wire.JobLeases]{out}, nil
}

func (s *Server) planModel(_ context.Context, _ address, in *planInput) (*of[wire.Plan], error) {
	p, err := compute.ParseSpec(bytes.NewReader(in.Body.Model))
	if err != nil {
		return nil, err
	}
	model, err := json.Marshal(p.Spec)
	if err != nil {
		return nil, err
	}
	out := wire.Plan{Model: model, Judged: judgedPlan(p, in.Body.Tasks), Input: p.Input, Layers: make([]wire.PlanLayer, len(p.Steps)), Params: p.Params, MulAdds: p.MulAdds, Memory: p.Memory}
	for i, step := range p.Steps {
		out.Layers[i] = wire.PlanLayer{Type: string(step.Layer.Type), In: step.In, Out: step.Out, MulAdds: step.MulAdds}
		for _, param := range step.Params {
			out.Layers[i].Params += param.Size()
		}
	}
	return &of[wire.Plan]{out}, nil
}

// judgedPlan says how a training of so many tasks would be judged; nothing when nobody asks.
func judgedPlan(p *compute.Plan, tasks int) *wire.JobJudged {
	if tasks == 0 {
		return nil
	}
	held, why := p.HeldOf(tasks)
	return &wire.JobJudged{Tasks: tasks, Hidden: held, Not: string(why)}
}

// judgedJob says how the model of a training is judged; nothing of other jobs.
func judgedJob(j *compute.Job) *wire.JobJudged {
	h := j.Terms.Hidden
	switch {
	case j.Kind != compute.TrainJob:
		return nil
	case h == nil:
		return &wire.JobJudged{Not: string(j.Terms.Unjudged)}
	}
	return &wire.JobJudged{Tasks: h.Tasks, Hidden: h.Held, Data: string(h.Data), Labels: string(h.Labels)}
}

func (s *Server) jobOf(j *compute.Job) (wire.Job, error) {
	seed, err := j.Terms.SeedHash(j.ID)
	out := wire.Job{
		ID: string(j.ID), Title: j.Title, Kind: string(j.Kind), Live: j.Live, State: string(j.State), Problem: j.Problem, Work: j.Work, Importance: j.Importance, Trainer: j.Needs.Trainer,
		GPU: j.Needs.GPU, Memory: j.Needs.Memory, Disk: j.Needs.Disk, MaxSeconds: int(j.MaxTime / time.Second), Rows: j.Rows, Given: j.Cut, Done: j.Finished,
		Parts: j.Parts, Waiting: j.Waiting, CreatedAt: wire.At(j.CreatedAt), EndedAt: timeOf(j.EndedAt),
		Price: j.Terms.Price, Fee: j.Terms.Fee, Replicas: j.Terms.Replicas, MinStake: j.Terms.MinStake, AuditPPM: j.Terms.AuditPPM, SeedHash: hex.EncodeToString(seed[:]), SettledAt: timeOf(j.SettledAt),
		Judged: judgedJob(j),
	}
	if j.Live { // its parts are sessions
		out.Given, out.Waiting = j.Finished, 0
	}
	if j.Terms.Replicas == 1 && j.State != compute.JobOpen && j.SettledAt.IsZero() { // what waits checks parts in secret
		out.Waiting = 0
	}
	switch {
	case !j.SettledAt.IsZero():
		out.Seed = hex.EncodeToString(j.Terms.Seed[:])
	case !j.EndedAt.IsZero():
		out.SettlesAt = timeOf(s.Pipeline.HeldUntil(j.EndedAt))
	}
	return out, err
}

func partOfJob(p compute.PartResult) wire.JobPart {
	out := wire.JobPart{Number: p.Part.Number, From: p.Part.From, To: p.Part.To, State: string(p.Part.State), Lost: p.Part.Lost, Checkpoint: p.Part.Step}
	if p.Part.State == compute.PartDone && p.Part.Result == "" && p.Part.To > p.Part.From { // its replicas are to be compared
		out.State = string(compute.PartRunning)
	}
	for _, f := range p.Part.Failures {
		out.Failures = append(out.Failures, wire.JobFailure{Code: string(f.Code), Message: f.Message})
	}
	if p.Result != nil && p.Result.Receipt != nil {
		receipt := receiptOf(p.Result.Receipt)
		out.Receipt, out.Outputs = &receipt, receipt.Outputs
	}
	return out
}

// addTrials adds to the parts of a job how their models did on hidden tasks, and puts the cards that say so in the place of the nodes'.
func (s *Server) addTrials(ctx context.Context, j *compute.Job, parts []wire.JobPart) error {
	trials, err := s.Stores.Work().Trials(ctx, j.ID)
	if err != nil {
		return err
	}
	secret, err := s.Stores.Work().Secret(ctx, j.ID)
	if err != nil {
		return err
	}
	for i := range parts {
		for _, t := range trials {
			if parts[i].Receipt == nil || parts[i].Receipt.Lease != string(t.Lease) {
				continue
			}
			parts[i].Trial = (*wire.JobTrial)(t.OnHidden(secret.Guess))
			parts[i].Outputs = slices.Clone(parts[i].Outputs) // the receipt has what the node has made
			for role, id := range map[compute.Role]compute.ArtefactID{compute.CardRole: t.Card, compute.ReportRole: t.Report} {
				at := slices.IndexFunc(parts[i].Outputs, func(f wire.JobFile) bool { return f.Role == string(role) })
				if at < 0 || id == "" {
					continue
				}
				a, err := s.Stores.Artefacts().Artefact(ctx, j.Org, id)
				if errors.Is(err, pipeline.ErrNoArtefact) { // its owner has removed it
					continue
				}
				if err != nil {
					return err
				}
				parts[i].Outputs[at] = wire.JobFile{Role: string(role), Artefact: string(id), Bytes: a.Length}
			}
		}
	}
	return nil
}

func filesOf(files []compute.JobFile) []wire.JobFile {
	out := make([]wire.JobFile, len(files))
	for i, f := range files {
		out[i] = wire.JobFile{Role: string(f.Role), Artefact: string(f.Artefact), Name: f.Name, Bytes: f.Bytes}
	}
	return out
}

func leaseOf(l *compute.Lease) wire.JobLease {
	out := wire.JobLease{
		ID: string(l.ID), Part: l.Part, From: l.From, To: l.To, Node: string(l.Node), State: string(l.State), Began: wire.At(l.BeganAt), Expires: wire.At(l.ExpiresAt),
		Ended: timeOf(l.EndedAt), Progress: wire.JobProgress(l.Progress), Curve: make([]wire.JobProgress, len(l.Curve)), Problem: l.Problem,
		Why: wire.LeaseWhy{
			Turn: l.Why.Turn, Waiting: l.Why.Waiting, Again: l.Why.Again, Local: l.Why.Local, Fetch: l.Why.Fetch, Rows: l.Why.Rows, Seconds: l.Why.Seconds, FromStep: l.Why.FromStep, Copy: l.Why.Copy, Network: l.Why.Network, Charged: l.Why.Operations,
			Trainer: l.Why.Trainer, Stake: l.Why.Stake, Pays: l.Why.Pays, Hour: l.Why.Hour, Least: l.Why.Least,
		},
	}
	for i, r := range l.Curve {
		out.Curve[i] = wire.JobProgress(r)
	}
	return out
}
