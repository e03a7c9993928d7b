package pipeline

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// What is done for models that help at once.
const (
	helpedAtOnce   = 100
	measuredAtOnce = 500
	jobImportance  = 5
)

// RunHelping has models learn from labels, asks them, and measures what they say, until ctx ends. Nobody waits for it: people are
// asked all the time, and what a model says is heard when it is there.
func (p *Pipeline) RunHelping(ctx context.Context) error {
	look := time.NewTicker(p.cfg.Sweep)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
			if err := p.Help(ctx); err != nil && ctx.Err() == nil {
				p.cfg.Log.Error("projects that models help were not found", "error", err)
			}
		}
	}
}

// Help does the next step for each project that wants a model's help.
func (p *Pipeline) Help(ctx context.Context) error {
	for page := (tasknet.Page{Limit: helpedAtOnce}); ; {
		ids, next, err := p.stores.Helps().HelpedProjects(ctx, page)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := p.helpOnce(ctx, id); err != nil && ctx.Err() == nil && !errors.Is(err, labeling.ErrHelpingMoved) {
				p.cfg.Log.Error("the model of a project did not go on", "project", id, "error", err)
			}
		}
		if page.After = next; next == "" {
			return nil
		}
	}
}

// helpOnce does the next step for a project.
func (p *Pipeline) helpOnce(ctx context.Context, id labeling.ProjectID) error {
	project, err := p.stores.Projects().Project(ctx, id)
	if err != nil || project.Help == nil {
		return err
	}
	h, err := p.stores.Helps().Helping(ctx, id)
	if err != nil {
		return err
	}
	switch {
	case h == nil || h.Ended: // it is wished for, perhaps again
		begun := &labeling.Helping{Project: id}
		if h != nil {
			begun.Version, begun.Round, begun.Versions = h.Version, h.Round, h.Versions
		}
		rand.Read(begun.Seed[:])
		return p.saveHelping(ctx, begun, nil)
	case h.Off != "":
		return nil
	}
	if err := p.compare(ctx, project, h); err != nil || h.Off != "" {
		return err
	}
	if h.Stage == labeling.HelpIdle {
		if begun, err := p.beginTraining(ctx, project, h); err != nil || begun {
			return err
		}
		return p.askAbout(ctx, project, h)
	}
	job, err := p.stores.Jobs().Job(ctx, compute.JobID(h.Job))
	if err != nil {
		return err
	}
	switch {
	case job.State == compute.JobOpen:
		return nil
	case job.State != compute.JobDone:
		return p.failHelping(ctx, h, fmt.Errorf("the job %s: %s", job.State, job.Problem))
	case h.Stage == labeling.HelpTraining:
		err = p.takeModel(ctx, project, h, job)
	default:
		err = p.takeOpinions(ctx, project, h, job)
	}
	if known, ok := errors.AsType[*tasknet.Error](err); ok && isWorkers(known) {
		return p.failHelping(ctx, h, err)
	}
	return err
}

// isWorkers reports whether an error is about what a job made or may take, so that to do the same again would not help.
func isWorkers(err *tasknet.Error) bool {
	switch err.Kind {
	case tasknet.Invalid, tasknet.NotFound, tasknet.TooLarge, tasknet.NotSupported:
		return true
	}
	return false
}

// saveHelping saves how far a model is, with what belongs to it.
func (p *Pipeline) saveHelping(ctx context.Context, h *labeling.Helping, also func(Tx) error) error {
	err := p.stores.InTx(ctx, func(tx Tx) error {
		if also != nil {
			if err := also(tx); err != nil {
				return err
			}
		}
		return tx.Helps().SaveHelping(ctx, h)
	})
	if err == nil {
		h.Version++
	}
	return err
}

// failHelping ends a round that came to nothing. The next one comes with more labels; a model that helps goes on.
func (p *Pipeline) failHelping(ctx context.Context, h *labeling.Helping, why error) error {
	p.cfg.Log.Warn("a model that was to help came to nothing", "project", h.Project, "job", h.Job, "reason", why)
	h.Stage, h.Job, h.Data, h.Next, h.Problem = labeling.HelpIdle, "", "", nil, why.Error()
	return p.saveHelping(ctx, h, nil)
}

// endHelping has a project be helped no more, in the transaction in which its requester says so, or says so no more.
func (p *Pipeline) endHelping(ctx context.Context, tx Tx, id labeling.ProjectID) error {
	h, err := tx.Helps().Helping(ctx, id)
	if err != nil || h == nil || h.Ended {
		return err
	}
	job := h.Job
	h.Ended, h.Stage, h.Job, h.Witness, h.Skills = true, labeling.HelpIdle, "", "", ""
	if err := tx.Helps().SaveHelping(ctx, h); err != nil {
		return err
	}
	return p.dropJob(ctx, tx, job)
}

// dropJob cancels a job that nobody needs any more, if there is one.
func (p *Pipeline) dropJob(ctx context.Context, tx Tx, id string) error {
	if id == "" {
		return nil
	}
	j, err := tx.Jobs().LockJob(ctx, compute.JobID(id))
	if err != nil || j.State != compute.JobOpen {
		return err
	}
	return p.cancelJob(ctx, tx, j)
}

// compare looks at golds and audits that closed since the last time: whether the model would have settled them otherwise than
// people did. It switches off one that hurts, and otherwise learns anew what its word is worth when there is enough to learn.
func (p *Pipeline) compare(ctx context.Context, project *labeling.Project, h *labeling.Helping) error {
	if h.Witness == "" {
		return nil
	}
	measured, err := p.measured(ctx, h.Project, h.Now.Round, true)
	if err != nil {
		return err
	}
	if len(measured) > 0 {
		if err := p.compareAll(ctx, project, h, measured); err != nil || h.Off != "" {
			return err
		}
	}
	skills, err := p.skillsOf(ctx, project)
	if err != nil || skills == h.Skills && h.Since < max(h.Heard/4, 10) {
		return err
	}
	return p.learnWitness(ctx, project, h, h.Now)
}

// measured reads what a model is measured by.
func (p *Pipeline) measured(ctx context.Context, id labeling.ProjectID, round int, untried bool) (all []labeling.Measured, err error) {
	for page := (tasknet.Page{Limit: measuredAtOnce}); ; {
		some, next, err := p.stores.Helps().Measured(ctx, id, round, untried, page)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
		if page.After = next; next == "" {
			return all, nil
		}
	}
}

func (p *Pipeline) skillsOf(ctx context.Context, project *labeling.Project) (string, error) {
	family, choices, err := labeling.FamilyOf(project.Org, string(project.ID), project.Type, project.Choices)
	if err != nil {
		return "", err
	}
	return p.stores.Labels().LastSnapshot(ctx, family, choices)
}

// compareAll counts golds and audits in the model's trial.
func (p *Pipeline) compareAll(ctx context.Context, project *labeling.Project, h *labeling.Helping, measured []labeling.Measured) error {
	w, err := p.stores.Labels().Witness(ctx, h.Witness)
	if err != nil {
		return err
	}
	s, err := p.stopper.Snapshot(ctx, w.Skills)
	if err != nil {
		return err
	}
	ids := make([]polls.QuestionID, len(measured))
	for i := range measured {
		m := &measured[i]
		ids[i] = m.Question.ID
		if len(m.Votes) == 0 || m.Question.Policy.Kind != polls.Confidence {
			continue
		}
		h.Since++
		if m.Gold == labeling.NoChoice {
			h.Audits, h.AuditAnswers = h.Audits+1, h.AuditAnswers+len(m.Votes)
		}
		h.Trial.See(s.Known.HelpedBy(w.Known, m.Question.Policy.Min), m.Question.Policy, m.Reference(s.Known))
	}
	job := ""
	if h.Trial.Hurts() {
		job = h.Job
		h.Off = fmt.Sprintf("of %d known answers and audits that it would have settled, it would have settled %d otherwise than people", h.Trial.Settled, h.Trial.Differ)
		h.OffAt, h.Stage, h.Job, h.Next, h.Witness, h.Skills = p.now(), labeling.HelpIdle, "", nil, "", ""
		p.cfg.Log.Warn("a model that hurts helps no more", "project", h.Project, "reason", h.Off)
	}
	round := h.Now.Round
	return p.saveHelping(ctx, h, func(tx Tx) error {
		if h.Off != "" {
			if err := p.dropJob(ctx, tx, job); err != nil {
				return err
			}
			if err := tx.Events().Append(ctx, Event{Kind: ModelSwitchedOff, Org: project.Org, Subject: string(h.Project), At: h.OffAt}); err != nil {
				return err
			}
		}
		return tx.Helps().SetTried(ctx, round, ids)
	})
}

// learnWitness learns what a model's word is worth, and has it help from then on.
func (p *Pipeline) learnWitness(ctx context.Context, project *labeling.Project, h *labeling.Helping, model *labeling.HelpTrained) error {
	skills, err := p.skillsOf(ctx, project)
	if err != nil {
		return err
	}
	s, err := p.stopper.Snapshot(ctx, skills)
	if err != nil {
		return err
	}
	measured, err := p.measured(ctx, h.Project, model.Round, false)
	if err != nil {
		return err
	}
	var references []labeling.Reference
	ids := make([]polls.QuestionID, len(measured))
	goldsKnown, goldsRight := 0, 0
	for i := range measured {
		ids[i] = measured[i].Question.ID
		if right, known := measured[i].Right(); known {
			goldsKnown++
			if right {
				goldsRight++
			}
		}
		if len(measured[i].Votes) > 0 {
			references = append(references, measured[i].Reference(s.Known))
		}
	}
	known, err := labeling.LearnWitness(s.Known, references, project.Policy.Min)
	if err != nil {
		return err
	}
	audits, err := labeling.AuditSeedHash(h.Project, h.Seed)
	if err != nil {
		return err
	}
	w, err := labeling.NewWitnessSnapshot(labeling.WitnessSnapshot{
		Project: h.Project, Version: h.Versions + 1, Skills: skills, Model: model.Model, Audits: audits, Share: project.Help.AuditPPM, At: p.now(), Known: known,
	})
	if err != nil {
		return err
	}
	leaf, err := w.Leaf(p.cfg.Instance)
	if err != nil {
		return err
	}
	h.Now, h.Versions, h.Witness, h.Skills, h.Heard, h.Since = model, w.Version, w.Hash, skills, len(references), 0
	h.Known, h.Right = goldsKnown, goldsRight
	if h.Next == model {
		h.Next, h.Stage, h.Job, h.Data, h.Problem = nil, labeling.HelpIdle, "", "", ""
	}
	return p.saveHelping(ctx, h, func(tx Tx) error {
		if _, err := tx.Log().AppendLeaves(ctx, [][32]byte{leaf}, w.At); err != nil {
			return err
		}
		if err := tx.Labels().SaveWitness(ctx, w); err != nil {
			return err
		}
		if err := tx.Helps().ForgetOpinions(ctx, h.Project, model.Round); err != nil {
			return err
		}
		return tx.Helps().SetTried(ctx, model.Round, ids)
	})
}

// beginTraining has a model learn from what people say when there are labels enough.
func (p *Pipeline) beginTraining(ctx context.Context, project *labeling.Project, h *labeling.Helping) (begun bool, err error) {
	help, done := project.Help.For(project.Policy), project.Counts.Done
	due := help.NextTraining(h.Learned)
	if project.Counts.Open == 0 || h.Learned > 0 && done < due || done < h.Done+max(h.Done/50, 1) {
		return false, nil
	}
	skills, err := p.skillsOf(ctx, project)
	if err != nil && tasknet.Describe(err).Kind == tasknet.NotFound {
		return false, nil // nothing is known of the people yet
	}
	if err != nil {
		return false, err
	}
	labels, err := p.labelsFor(ctx, project, h, skills)
	if err != nil {
		return false, err
	}
	h.Labels, h.Golds, h.Done = labels.rows, labels.golds, done
	if labels.rows < due || labels.golds < labeling.GoldsNeeded(project.Policy) || labels.classes() < 2 {
		return false, p.saveHelping(ctx, h, nil)
	}
	h.Round, h.Learned = h.Round+1, labels.rows
	spec := *labels.spec
	spec.Training.Seed = uint64(h.Round)
	err = p.beginJob(ctx, project, h, labeling.HelpTraining, labels.file, compute.Work{Kind: compute.TrainJob, Model: &spec})
	return true, p.orFail(ctx, h, err)
}

// orFail ends a round when its job could not be made, and is to be made no other way.
func (p *Pipeline) orFail(ctx context.Context, h *labeling.Helping, err error) error {
	if known, ok := errors.AsType[*tasknet.Error](err); ok && isWorkers(known) {
		return p.failHelping(ctx, h, err)
	}
	return err
}

// beginJob makes a job that reads rows, and notes it in the same transaction: no crash makes it twice.
func (p *Pipeline) beginJob(ctx context.Context, project *labeling.Project, h *labeling.Helping, stage labeling.HelpStage, rows []byte, work compute.Work) error {
	id, err := p.keep(ctx, project.Org, fmt.Sprintf("%s of %s, round %d", stage, project.ID, h.Round), rows)
	if err != nil {
		return err
	}
	work.Inputs = append([]compute.JobFile{{Role: compute.DataRole, Artefact: id, Name: rowsFile}}, work.Inputs...)
	h.Stage, h.Data = stage, string(id)
	err = p.saveHelping(ctx, h, func(tx Tx) error {
		j, err := p.NewJob(ctx, tx, project.Org, compute.JobDraft{
			Title: fmt.Sprintf("Model helps %s: %s %d", project.ID, stage, h.Round), Importance: jobImportance, MaxTime: compute.MaxTimeDefault, Work: work,
		})
		if err == nil {
			h.Job = string(j.ID)
		}
		return err
	})
	if err == nil {
		p.WorkWaits()
	}
	return err
}

// takeModel takes what a node has learned, and has it asked about golds, audits and open tasks.
func (p *Pipeline) takeModel(ctx context.Context, project *labeling.Project, h *labeling.Helping, job *compute.Job) error {
	parts, _, err := p.stores.Jobs().Parts(ctx, job.ID, tasknet.Page{Limit: 1})
	if err != nil {
		return err
	}
	if len(parts) == 0 || parts[0].Result == nil || parts[0].Result.Receipt == nil {
		return fmt.Errorf("job %s is done, and has no receipt", job.ID)
	}
	receipt := parts[0].Result.Receipt
	digest, err := receipt.Digest(p.cfg.Instance)
	if err != nil {
		return err
	}
	model, err := p.readModel(ctx, job, receipt)
	if err != nil {
		return err
	}
	model.Round, model.Model.Data, model.Model.Receipt = h.Round, h.Data, hex.EncodeToString(digest[:])
	h.Next = model
	return p.askAbout(ctx, project, h)
}

// askAbout has nodes ask the newest model about tasks of which it has said nothing yet.
func (p *Pipeline) askAbout(ctx context.Context, project *labeling.Project, h *labeling.Helping) error {
	model, first := h.Next, h.Next != nil
	switch {
	case first:
	case h.Witness == "" || project.Counts.Tasks == h.Tasks && project.Counts.Ended == h.Past:
		return nil
	default:
		model = h.Now
	}
	asked, err := p.askFor(ctx, project, h, model, first)
	if err != nil {
		return err
	}
	if !asked.more {
		h.Tasks, h.Past = project.Counts.Tasks, project.Counts.Ended
	}
	for some := range slices.Chunk(asked.unread, measuredAtOnce) {
		if err := p.stores.Helps().SaveOpinions(ctx, h.Project, model.Round, some); err != nil {
			return err
		}
	}
	if asked.rows == 0 && !first {
		return p.saveHelping(ctx, h, nil)
	}
	err = p.beginJob(ctx, project, h, labeling.HelpAsking, asked.file, compute.Work{
		Kind: compute.InferJob, Model: asked.spec, Temperature: model.Temperature, Rows: asked.rows,
		Inputs: []compute.JobFile{{Role: compute.WeightsRole, Artefact: compute.ArtefactID(model.Model.Weights), Name: weightsFile}},
	})
	return p.orFail(ctx, h, err)
}

// takeOpinions takes what a model says, all of it or nothing. A new model is measured by it before it helps.
func (p *Pipeline) takeOpinions(ctx context.Context, project *labeling.Project, h *labeling.Helping, job *compute.Job) error {
	said, err := p.readOpinions(ctx, project, h, job)
	if err != nil {
		return err
	}
	model := h.Now
	if h.Next != nil {
		model = h.Next
	}
	for some := range slices.Chunk(said, measuredAtOnce) {
		if err := p.stores.Helps().SaveOpinions(ctx, h.Project, model.Round, some); err != nil {
			return err
		}
	}
	if h.Next != nil {
		return p.learnWitness(ctx, project, h, h.Next)
	}
	h.Stage, h.Job, h.Data, h.Problem = labeling.HelpIdle, "", "", ""
	return p.saveHelping(ctx, h, nil)
}
