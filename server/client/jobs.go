package client

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"net/url"
	"time"

	"github.com/tasknet/tasknet/server/wire"
)

// NewJob has a model trained, measured or asked. The idempotency key is as with Ask.
func (r *Requester) NewJob(ctx context.Context, j wire.NewJob, key string) (wire.Job, error) {
	return fetch[wire.Job](ctx, r.client, r.post(orRandom(key), j, "jobs"))
}

// Job returns a job.
func (r *Requester) Job(ctx context.Context, id string) (wire.Job, error) {
	return fetch[wire.Job](ctx, r.client, r.get("jobs", id))
}

// Jobs yields the organisation's jobs, newest first: those in a state, or all when it is empty.
func (r *Requester) Jobs(ctx context.Context, state string) iter.Seq2[wire.Job, error] {
	get := r.get("jobs")
	if state != "" {
		get.query = url.Values{"state": {state}}
	}
	return list(ctx, r.client, get, pageSize, func(p *wire.Jobs) ([]wire.Job, string) { return p.Jobs, p.Next })
}

// JobParts yields the parts of a job in their order, with what they made.
func (r *Requester) JobParts(ctx context.Context, id string) iter.Seq2[wire.JobPart, error] {
	return list(ctx, r.client, r.get("jobs", id, "parts"), pageSize, func(p *wire.JobParts) ([]wire.JobPart, string) { return p.Parts, p.Next })
}

// JobLeases yields who worked on a job, newest first.
func (r *Requester) JobLeases(ctx context.Context, id string) iter.Seq2[wire.JobLease, error] {
	return list(ctx, r.client, r.get("jobs", id, "leases"), recordsSize, func(p *wire.JobLeases) ([]wire.JobLease, string) { return p.Leases, p.Next })
}

// CancelJob cancels a job.
func (r *Requester) CancelJob(ctx context.Context, id string) (wire.Job, error) {
	return fetch[wire.Job](ctx, r.client, r.post("", nil, "jobs", id, "cancel"))
}

// AskModel asks the model of a live job about a row. compute.ErrNobodyHere, compute.ErrAsksFull, compute.ErrAskLate. It is sent once:
// whether a late answer counts is known to nobody who asks again.
func (r *Requester) AskModel(ctx context.Context, job string, a wire.NewAsk) (wire.Answered, error) {
	post := r.post("", a, "jobs", job, "ask")
	post.once, post.wait = true, time.Duration(a.Wait)*time.Millisecond
	return fetch[wire.Answered](ctx, r.client, post)
}

// PlanModel checks the spec of a model, and tells what it costs.
func (c *Client) PlanModel(ctx context.Context, model json.RawMessage) (wire.Plan, error) {
	return fetch[wire.Plan](ctx, c, call{method: http.MethodPost, path: []string{"plans"}, body: wire.NewPlan{Model: model}})
}
