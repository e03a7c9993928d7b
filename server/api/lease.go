package api

import (
	"context"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
)

// keeper is who reads and writes artefacts: an organisation, or a node for the organisation whose job it has a lease of.
type keeper struct {
	org   polls.OrgID
	lease *compute.Lease // nil for the organisation itself
	job   *compute.Job   // of the lease
}

// LeaseQuery says under which lease a node reads and writes artefacts.
type LeaseQuery struct {
	Lease string `query:"lease" maxLength:"100" doc:"For nodes: the lease for which the artefact is read or written"`
}

// leaseParam is the same for operations that huma does not handle.
var leaseParam = &huma.Param{
	Name: "lease", In: "query", Description: "For nodes: the lease for which the artefact is read or written", Schema: &huma.Schema{Type: huma.TypeString},
}

// forKeeper registers an operation for callers with an API key, and for nodes with a lease.
func forKeeper[I, O any](s *Server, o huma.Operation, f func(context.Context, keeper, *I) (*O, error)) {
	o.Security = []map[string][]string{{schemeKey: {}}, {schemeToken: {}}}
	register(s, o, s.keeper, f)
}

// keeper finds out for which organisation artefacts are read and written. compute.ErrNoLease, compute.ErrLeaseOver.
func (s *Server) keeper(c *fiber.Ctx) (keeper, error) {
	id := strings.Clone(c.Query("lease"))
	if id == "" {
		who, err := s.requester(c)
		return keeper{org: who.org.ID}, err
	}
	n, err := s.node(c)
	if err != nil {
		return keeper{}, err
	}
	if err := tasknet.CheckID(compute.LeasePrefix, id); err != nil {
		return keeper{}, err
	}
	j, _, l, err := s.Stores.Jobs().WholeLease(c.UserContext(), compute.LeaseID(id))
	if err != nil {
		return keeper{}, err
	}
	if l.Node != n.ID {
		return keeper{}, compute.ErrNoLease
	}
	if l.State != compute.LeaseRunning {
		return keeper{}, compute.ErrLeaseOver
	}
	return keeper{j.Org, l, j}, nil
}

// access is what is done with an artefact.
type access int

const (
	reads  access = iota // its bytes
	writes               // its pieces, or sees which are missing
)

// artefact returns an artefact of an organisation that a caller may read or write. It is the one place where that is decided. An API
// key is for all of its organisation's. A lease is for reading what its job reads, what it goes on from, and what was asked live that it does again, and for writing
// anything: a piece counts by its hash only, and a node that was lost may have begun with the same bytes. What is another's is
// reported as none.
func (s *Server) artefact(ctx context.Context, who keeper, id string, to access) (*pipeline.Artefact, error) {
	known, err := compute.ParseArtefactID(id)
	if err != nil {
		return nil, err
	}
	a, err := s.Stores.Artefacts().Artefact(ctx, who.org, known)
	if err != nil || who.lease == nil {
		return a, err
	}
	if to == writes {
		return a, nil
	}
	for _, in := range who.job.Inputs {
		if in.Artefact == known {
			return a, nil
		}
	}
	part, err := s.Stores.Jobs().Part(ctx, who.job.ID, who.lease.Part, who.lease.Copy)
	if err == nil && part.Checkpoint != known && part.Asked != known {
		err = pipeline.ErrNoArtefact
	}
	return a, err
}
