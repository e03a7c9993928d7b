package compute

import (
	"context"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// JobStore keeps jobs, nodes and leases. Each method is one transaction, or part of the caller's when the store was given by one.
// A method that returns a list returns with it the cursor of the next page, empty at the end.
type JobStore interface {
	// CreateJob saves a new job. An organisation of which nothing waited is counted at least what the least of those got that wait: it
	// does not get at once all that it did not ask for.
	CreateJob(ctx context.Context, j *Job) error

	// Job returns a job, or ErrNoJob.
	Job(ctx context.Context, id JobID) (*Job, error)

	// LockJob is Job, and keeps others from changing it until the transaction ends.
	LockJob(ctx context.Context, id JobID) (*Job, error)

	// SaveJob saves what changes of a job, in the transaction that has locked it. Of a job that has ended no part runs any more, but
	// of one that is done for copies.
	SaveJob(ctx context.Context, j *Job) error

	// Jobs lists an organisation's jobs, newest first; state may be empty.
	Jobs(ctx context.Context, org polls.OrgID, state JobState, page tasknet.Page) ([]*Job, string, error)

	// SomeWork reports whether it is worth to look for something for a node: it has a lease, or something waits or is late that its
	// capability meets and that its owner chose. It locks nothing.
	SomeWork(ctx context.Context, n *Node, at time.Time) (bool, error)

	// Opened reports whether something was opened to more nodes by time alone, after a moment and until another: a copy of a part to the
	// next owner who was drawn for it, to all, or to those in the network domain of another copy; a part to the owner who failed at it; a
	// part that is late to a second node. It locks nothing.
	Opened(ctx context.Context, after, until time.Time) (bool, error)

	// Turns returns what a node could be given, in the order of turns: of so many organisations at the most the jobs of which
	// something waits that it may do, whose needs it meets and that its owner chose, without their work; and what else decides. Of each
	// organisation they are so many: the most important, among equals those that pay most for their work, then the oldest. likely are
	// organisations whose turn it probably is: what waits of theirs is looked for at once. While the transaction of the caller has its
	// turn nobody else gives work.
	Turns(ctx context.Context, n *Node, at time.Time, orgs, jobs int, likely []polls.OrgID) (Turns, error)

	// StakeAsked returns the least stake above an amount that a job asks for of which something waits; nothing when none does.
	StakeAsked(ctx context.Context, above tasknet.Amount) (tasknet.Amount, error)

	// LateParts returns some parts that run since before they were due, of jobs that the node could work on and of which no rows are
	// left, without those that the node's owner has to do with or may not do, longest due first. The jobs are without their work.
	LateParts(ctx context.Context, n *Node, at time.Time, limit int) ([]Candidate, error)

	// Charge counts operations against an organisation's share, which its turn follows; negative ones are given back.
	Charge(ctx context.Context, org polls.OrgID, operations int64) error

	// SavePart saves a part, new or known.
	SavePart(ctx context.Context, p *Part) error

	// WholeLease returns a lease with its job and part. ErrNoLease.
	WholeLease(ctx context.Context, id LeaseID) (*Job, *Part, *Lease, error)

	// LockLease is WholeLease, and keeps others from changing them until the transaction ends.
	LockLease(ctx context.Context, id LeaseID) (*Job, *Part, *Lease, error)

	// SaveWork saves what changes of a job, in the transaction that has locked it, with a part and a lease of it, new or known.
	SaveWork(ctx context.Context, j *Job, p *Part, l *Lease) error

	// Part returns a part of a job, or a copy of it. ErrNoJob.
	Part(ctx context.Context, id JobID, number, of int) (*Part, error)

	// Parts lists a job's parts in their order, without copies, each with its result where it is done.
	Parts(ctx context.Context, id JobID, page tasknet.Page) ([]PartResult, string, error)

	// Checkpointed returns up to limit parts that have a checkpoint, of jobs that were settled before a moment.
	Checkpointed(ctx context.Context, before time.Time, limit int) ([]*Part, error)

	// SaveLease saves a lease, new or known.
	SaveLease(ctx context.Context, l *Lease) error

	// Lease returns a lease, or ErrNoLease.
	Lease(ctx context.Context, id LeaseID) (*Lease, error)

	// Leases lists a job's leases, newest first.
	Leases(ctx context.Context, id JobID, page tasknet.Page) ([]*Lease, string, error)

	// Expired returns up to limit leases that run, and of which nothing was heard until a moment.
	Expired(ctx context.Context, at time.Time, limit int) ([]LeaseID, error)

	// Running returns the leases of a job that run.
	Running(ctx context.Context, id JobID) ([]*Lease, error)

	// SaveNode saves a node, new or known by its key, whose id it then has. ErrNodes.
	SaveNode(ctx context.Context, n *Node) (*Node, error)

	// Node returns the node with a key, with its owner's stake, or ErrNoNode.
	Node(ctx context.Context, key polls.DeviceKey) (*Node, error)

	// NodesOf lists an owner's nodes, newest first.
	NodesOf(ctx context.Context, owner polls.RespondentID, page tasknet.Page) ([]*Node, string, error)

	// RemoveNode forgets a node of an owner; its leases and receipts stay. ErrNoNode.
	RemoveNode(ctx context.Context, owner polls.RespondentID, id NodeID) error

	// SeeNode notes that a node was here.
	SeeNode(ctx context.Context, id NodeID, at time.Time) error

	// PlaceNode notes in which network domain a node is, and what work it takes.
	PlaceNode(ctx context.Context, id NodeID, domain string, c Choice) error

	// PaceNode multiplies the pace of a node by so many millionths, within its limits.
	PaceNode(ctx context.Context, id NodeID, ppm int64) error

	// Present returns the nodes that were here since a moment and whose owners get work at another.
	Present(ctx context.Context, since, at time.Time) ([]*Node, error)

	// Holders returns who does or did a part or a copy of it, but for one copy.
	Holders(ctx context.Context, id JobID, part, but int) ([]Present, error)

	// NodesSince counts the nodes that were here since a moment.
	NodesSince(ctx context.Context, since time.Time) (int, error)
}

// Turns is what decides what a node is given.
type Turns struct {
	Of       []Turn
	Held     []*Lease  // that the node has, newest first
	Excluded time.Time // until when its owner gets no work
}

// PartResult is a part with the lease whose outputs are its own; nil before it is done.
type PartResult struct {
	Part   *Part
	Result *Lease
}
