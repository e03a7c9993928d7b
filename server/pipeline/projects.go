package pipeline

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
)

// workBatch is how many tasks of a project are paused, resumed, closed or asked anew in one transaction.
const workBatch = 500

// ChangeProject changes a project of an organisation in one transaction, and has the work that follows done.
// labeling.ErrNoProject when there is none, or it is somebody else's; otherwise what change returns.
func (p *Pipeline) ChangeProject(ctx context.Context, org polls.OrgID, id labeling.ProjectID, change func(*labeling.Project) error) (*labeling.Project, error) {
	var project *labeling.Project
	err := p.stores.InTx(ctx, func(tx Tx) (err error) {
		if project, err = tx.Projects().LockProject(ctx, id); err != nil {
			return err
		}
		if project.Org != org {
			return labeling.ErrNoProject
		}
		wished := project.Help != nil
		if err := change(project); err != nil {
			return err
		}
		if wished != (project.Help != nil) {
			if err := p.endHelping(ctx, tx, id); err != nil {
				return err
			}
		}
		return tx.Projects().SaveProject(ctx, project)
	})
	if err == nil {
		p.wakeProjects()
	}
	return project, err
}

// OwnProject returns a project of an organisation. Somebody else's is reported as none.
func (p *Pipeline) OwnProject(ctx context.Context, org polls.OrgID, id labeling.ProjectID) (*labeling.Project, error) {
	project, err := p.stores.Projects().Project(ctx, id)
	if err == nil && project.Org != org {
		return nil, labeling.ErrNoProject
	}
	return project, err
}

func (p *Pipeline) wakeProjects() {
	select {
	case p.projects <- struct{}{}:
	default:
	}
}

// RunProjects imports tasks and does the work on projects, until ctx ends; what is left then goes on at the next start. All
// take turns, a batch each.
func (p *Pipeline) RunProjects(ctx context.Context) error {
	look := time.NewTicker(p.cfg.Sweep)
	defer look.Stop()
	readings := make(map[labeling.ImportID]*reading)
	defer func() {
		for _, r := range readings {
			r.close()
		}
	}()
	for {
		again := p.workOn(ctx)
		if p.importOn(ctx, readings) || again {
			if ctx.Err() == nil {
				continue
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-p.projects:
		case <-look.C:
		}
	}
}

// workOn does a batch of the work on each project that has some, and reports whether there is more.
func (p *Pipeline) workOn(ctx context.Context) (more bool) {
	const atOnce = 100
	ids, err := p.stores.Projects().BusyProjects(ctx, atOnce)
	if err != nil {
		if ctx.Err() == nil {
			p.cfg.Log.Error("projects with work were not found", "error", err)
		}
		return false
	}
	for _, id := range ids {
		if err := p.workOnce(ctx, id); err != nil {
			if ctx.Err() == nil {
				p.cfg.Log.Error("the work on a project did not go on", "project", id, "error", err)
			}
			continue
		}
		more = true
	}
	return more && ctx.Err() == nil
}

// workOnce does a batch of the work on a project.
func (p *Pipeline) workOnce(ctx context.Context, id labeling.ProjectID) error {
	project, err := p.stores.Projects().Project(ctx, id)
	if err != nil || project.Work == labeling.NoWork {
		return err
	}
	state := labeling.TaskOpen
	if project.Work == labeling.Reopening {
		state = labeling.TaskEnded
	}
	tasks, next, err := p.stores.Projects().Tasks(ctx, id, state, tasknet.Page{After: project.WorkAfter, Limit: workBatch})
	if err != nil {
		return err
	}
	if len(tasks) > 0 {
		switch project.Work {
		case labeling.Pausing:
			err = p.stores.Projects().MoveQuestions(ctx, questionsOf(tasks), polls.Open, polls.Paused)
		case labeling.Resuming:
			err = p.stores.Projects().MoveQuestions(ctx, questionsOf(tasks), polls.Paused, polls.Open)
		case labeling.Cancelling:
			err = p.cancelAll(ctx, questionsOf(tasks))
		case labeling.Reopening:
			err = p.askAgain(ctx, project, tasks)
		}
	}
	if known, ok := errors.AsType[*tasknet.Error](err); ok && known.Kind == tasknet.NoFunds {
		return p.advance(ctx, project, func(now *labeling.Project) { now.Problem = known.Code })
	}
	if err != nil {
		return err
	}
	return p.advance(ctx, project, func(now *labeling.Project) {
		if len(tasks) > 0 {
			now.WorkAfter = tasks[len(tasks)-1].Key
		}
		if next == "" {
			now.Work, now.WorkAfter = labeling.NoWork, ""
		}
	})
}

// advance notes how far the work on a project is, unless other work has taken its place.
func (p *Pipeline) advance(ctx context.Context, was *labeling.Project, change func(*labeling.Project)) error {
	return p.stores.InTx(ctx, func(tx Tx) error {
		now, err := tx.Projects().LockProject(ctx, was.ID)
		if err != nil || now.Work != was.Work || now.WorkAfter != was.WorkAfter {
			return err
		}
		change(now)
		if err := tx.Projects().SaveProject(ctx, now); err != nil {
			return err
		}
		return tx.Projects().CompleteProject(ctx, was.ID)
	})
}

func questionsOf(tasks []labeling.Task) []polls.QuestionID {
	ids := make([]polls.QuestionID, len(tasks))
	for i, t := range tasks {
		ids[i] = t.Question
	}
	return ids
}

// cancelAll closes questions with the answers that they have.
func (p *Pipeline) cancelAll(ctx context.Context, ids []polls.QuestionID) error {
	for len(ids) > 0 {
		n := min(len(ids), closeBatch)
		if err := p.closeTogether(ctx, ids[:n], true); err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}

// askAgain asks ended tasks anew: what their questions asked, by the project's price and policy of now.
func (p *Pipeline) askAgain(ctx context.Context, project *labeling.Project, tasks []labeling.Task) error {
	now, snapshot := p.now(), ""
	questions := make([]*polls.Question, len(tasks))
	for i, t := range tasks {
		before, err := p.stores.Polls().Question(ctx, t.Question)
		if err != nil {
			return err
		}
		d := project.Again(before, t.Importance)
		if d.Type.IsLabel() && snapshot == "" { // the same for all tasks of a project
			if snapshot, err = p.snapshot(ctx, p.stores, d); err != nil {
				return err
			}
		}
		if questions[i], err = p.newQuestion(d, snapshot, now); err != nil {
			return err
		}
	}
	return p.stores.InTx(ctx, func(tx Tx) error {
		if err := p.askAll(ctx, tx, questions, now); err != nil {
			return err
		}
		for i, t := range tasks {
			if err := tx.Projects().AskAgain(ctx, t, questions[i].ID); err != nil {
				return err
			}
		}
		if err := tx.Projects().CountTasks(ctx, project.ID, labeling.ProjectCounts{Open: len(tasks), Ended: -len(tasks)}); err != nil {
			return err
		}
		at, err := tx.Projects().LockProject(ctx, project.ID)
		if err == nil && at.Status != labeling.Running {
			return labeling.ErrProjectBusy // it was paused or cancelled in the meantime; that work comes first
		}
		return err
	})
}

// projectChanges are how projects change in a transaction.
type projectChanges map[labeling.ProjectID]*projectChange

type projectChange struct {
	counts   labeling.ProjectCounts
	reopened []polls.QuestionID
}

func (c projectChanges) of(id labeling.ProjectID) *projectChange {
	if c[id] == nil {
		c[id] = new(projectChange)
	}
	return c[id]
}

// reopen notes that a question was opened again, if it is a project's.
func (c projectChanges) reopen(q *polls.Question) {
	if q.Project != "" {
		change := c.of(labeling.ProjectID(q.Project))
		change.reopened = append(change.reopened, q.ID)
	}
}

// add moves the task of a question that closed, if it is of one, and counts it.
func (c projectChanges) add(ctx context.Context, tx Tx, q *polls.Question, v *labeling.Verdict, s rewards.Settlement) error {
	if q.Project == "" {
		return nil
	}
	state := labeling.StateOf(v.Reason)
	id, err := tx.Projects().EndTask(ctx, q.ID, state)
	if errors.Is(err, labeling.ErrNoTask) {
		return nil // it belongs to the project, and is no task of it
	}
	if err != nil {
		return err
	}
	n := &c.of(id).counts
	n.Open--
	if state == labeling.TaskDone {
		n.Done++
	} else {
		n.Ended++
	}
	n.Answers += v.Answers
	if v.Witness != "" {
		n.Helped++
		n.HelpedAnswers += v.Answers
	}
	n.Paid, n.Fees, n.Forfeited = n.Paid.Add(s.Paid), n.Fees.Add(s.Fee), n.Forfeited.Add(s.Forfeited)
	return nil
}

// save saves the counts, the last thing in a transaction: others that close questions wait for it. What was opened again
// in a project that is paused, or is about to be, is paused with the rest of it.
func (c projectChanges) save(ctx context.Context, tx Tx) error {
	for _, id := range slices.Sorted(maps.Keys(c)) {
		if err := tx.Projects().CountTasks(ctx, id, c[id].counts); err != nil {
			return err
		}
		if len(c[id].reopened) > 0 {
			project, err := tx.Projects().LockProject(ctx, id)
			if err != nil {
				return err
			}
			if project.Status == labeling.Paused {
				if err := tx.Projects().MoveQuestions(ctx, c[id].reopened, polls.Open, polls.Paused); err != nil {
					return err
				}
			}
		}
		if err := tx.Projects().CompleteProject(ctx, id); err != nil {
			return err
		}
	}
	return nil
}
