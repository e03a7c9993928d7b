package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tasknet/tasknet/compute"
)

const (
	// CheckpointsKept is for how long after it was settled the checkpoints of a job are kept. Nobody goes on from them any more.
	CheckpointsKept = 24 * time.Hour

	// checkpointName is what nodes call them. Nothing else is removed by itself.
	checkpointName = "checkpoint"
)

// DropCheckpoints removes the checkpoints of jobs that were settled a while ago: they count of their organisation's quota, and nodes
// made them.
func (p *Pipeline) DropCheckpoints(ctx context.Context) error {
	parts, err := p.stores.Jobs().Checkpointed(ctx, p.now().Add(-CheckpointsKept), workAtOnce)
	for _, part := range parts {
		if one := p.dropCheckpoints(ctx, part); one != nil {
			err = errors.Join(err, fmt.Errorf("checkpoint of part %d of %s: %w", part.Number, part.Job, one))
		}
	}
	return err
}

func (p *Pipeline) dropCheckpoints(ctx context.Context, part *compute.Part) error {
	j, err := p.stores.Jobs().Job(ctx, part.Job)
	if err != nil {
		return err
	}
	if err := p.dropCheckpoint(ctx, j, part.Checkpoint); err != nil {
		return err
	}
	part.Checkpoint, part.Step = "", 0 // nobody works on it any more
	return p.stores.Jobs().SavePart(ctx, part)
}

// dropCheckpoint removes a checkpoint that a node has made for a job and that nobody goes on from. A node says which artefact that
// is, so that nothing is removed that is older than the job, has another name, or is a result of it.
func (p *Pipeline) dropCheckpoint(ctx context.Context, j *compute.Job, id compute.ArtefactID) error {
	a, err := p.stores.Artefacts().Artefact(ctx, j.Org, id)
	if errors.Is(err, ErrNoArtefact) { // its organisation has removed it
		return nil
	}
	if err != nil || a.Name != checkpointName || a.CreatedAt.Before(j.CreatedAt) {
		return err
	}
	made, err := p.stores.Work().Deliveries(ctx, j.ID)
	if err != nil {
		return err
	}
	for _, d := range made {
		if slices.ContainsFunc(d.Receipt.Outputs, func(f compute.JobFile) bool { return f.Artefact == id }) {
			return nil
		}
	}
	if err := p.RemoveArtefact(ctx, a); !errors.Is(err, ErrNoArtefact) {
		return err
	}
	return nil
}
