package client

import (
	"context"
	"encoding/hex"
	"errors"
	"net/http"
	"os"
	"time"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/server/wire"
)

// Node computes as the machine whom a pair of keys stands for: the wallet is its owner's. It is safe for use by many goroutines.
type Node struct {
	respondent *Respondent
	keys       Keys
}

// Node returns a client that acts by keys; see Respondent.
func (c *Client) Node(ctx context.Context, keys Keys) (*Node, error) {
	r, err := c.Respondent(ctx, keys)
	if err != nil {
		return nil, err
	}
	return &Node{r, keys}, nil
}

// Join measures the network to the server, does a benchmark with as many goroutines as there are cores to be used, and joins with what
// that says. Doing so again says anew what the node has.
func (n *Node) Join(ctx context.Context, name string, has wire.Capability) (wire.Node, error) {
	has.Down, has.Up = n.rates(ctx)
	challenge, err := fetch[wire.NodeChallenge](ctx, n.respondent, call{method: http.MethodPost, path: []string{"nodes", "challenge"}})
	if err != nil {
		return wire.Node{}, err
	}
	seed, err := hex.DecodeString(challenge.Seed)
	if err != nil || len(seed) != 32 || challenge.Operations != compute.BenchOperations {
		return wire.Node{}, ErrProtocol
	}
	body := wire.NewNode{Name: name, Capability: has, Challenge: challenge.Challenge, Product: compute.Bench([32]byte(seed), has.Cores)}
	return fetch[wire.Node](ctx, n.respondent, call{method: http.MethodPost, path: []string{"nodes"}, body: body})
}

// TakeWork takes work, or waits for some as long as it says. The lease is nil when there is none.
func (n *Node) TakeWork(ctx context.Context, t wire.TakeWork) (*wire.WorkLease, error) {
	out, err := n.SeekWork(ctx, t)
	return out.Lease, err
}

// SeekWork is TakeWork that tells as well what a larger stake would bring.
func (n *Node) SeekWork(ctx context.Context, t wire.TakeWork) (wire.Work, error) {
	return fetch[wire.Work](ctx, n.respondent, call{method: http.MethodPost, path: []string{"work"}, body: t, wait: time.Duration(t.Wait) * time.Second})
}

// Beat reports progress. compute.ErrLeaseOver when nothing is wanted of it any more.
func (n *Node) Beat(ctx context.Context, lease string, b wire.Beat) (wire.Beaten, error) {
	return fetch[wire.Beaten](ctx, n.respondent, call{method: http.MethodPost, path: []string{"leases", lease, "progress"}, body: b})
}

// Finish signs a receipt and hands work in. compute.ErrLeaseOver, compute.ErrBadReceipt.
func (n *Node) Finish(ctx context.Context, r *compute.Receipt) (wire.WorkReceipt, error) {
	if err := r.Sign(n.respondent.instance.Instance, n.keys.Device); err != nil {
		return wire.WorkReceipt{}, err
	}
	body := wire.WorkReceipt{
		Lease: string(r.Lease), Job: string(r.Job), Part: r.Part, Work: hex.EncodeToString(r.Work[:]), Code: r.Code, Trainer: r.Trainer, Class: r.Class,
		Began: r.Began.UnixMilli(), Ended: r.Ended.UnixMilli(), Signature: hex.EncodeToString(r.Signature[:]), Outputs: make([]wire.JobFile, len(r.Outputs)),
	}
	for i, o := range r.Outputs {
		body.Outputs[i] = wire.JobFile{Role: string(o.Role), Artefact: string(o.Artefact), Bytes: o.Bytes}
	}
	return fetch[wire.WorkReceipt](ctx, n.respondent, call{method: http.MethodPost, path: []string{"leases", string(r.Lease), "receipt"}, body: body})
}

// Serve says what a row was answered with, unless said is nil, and waits for the next. The answer is signed for the lease of a job.
func (n *Node) Serve(ctx context.Context, job, lease string, asked *wire.AskedRow, said []byte, wait time.Duration) (wire.Served, error) {
	body := wire.Serve{Wait: int(wait / time.Second)}
	if asked != nil {
		signature, err := compute.SignAnswer(n.respondent.instance.Instance, compute.JobID(job), compute.LeaseID(lease), compute.AskID(asked.ID), []byte(asked.Row), said, n.keys.Device)
		if err != nil {
			return wire.Served{}, err
		}
		body.Answer = &wire.ModelAnswer{Ask: asked.ID, Said: string(said), Signature: hex.EncodeToString(signature[:])}
	}
	return fetch[wire.Served](ctx, n.respondent, call{method: http.MethodPost, path: []string{"leases", lease, "asks"}, body: body, wait: wait})
}

// Fail gives work back that cannot be done here.
func (n *Node) Fail(ctx context.Context, lease string, f wire.JobFailure) error {
	return n.respondent.do(ctx, call{method: http.MethodPost, path: []string{"leases", lease, "failure"}, body: f}, nil)
}

func (n *Node) keeper(lease string) keeper { return keeper{to: n.respondent, lease: lease} }

// Fetch writes a file that a lease reads, each piece of it checked. What is there already of it is not fetched again. ErrArtefact.
func (n *Node) Fetch(ctx context.Context, lease string, id compute.ArtefactID, path string) (err error) {
	m, err := n.keeper(lease).manifest(ctx, id)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := f.Truncate(m.Length); err != nil {
		return err
	}
	if err := n.keeper(lease).download(ctx, m, f, Transfer{}); err != nil {
		return err
	}
	return f.Sync() // who has the file believes it from now on
}

// Store uploads a file that was made under a lease.
func (n *Node) Store(ctx context.Context, lease, path, name string) (_ compute.JobFile, err error) {
	f, err := os.Open(path)
	if err != nil {
		return compute.JobFile{}, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return compute.JobFile{}, err
	}
	a, err := n.keeper(lease).upload(ctx, f, info.Size(), Transfer{Name: name})
	return compute.JobFile{Artefact: compute.ArtefactID(a.ID), Bytes: a.Length}, err
}
