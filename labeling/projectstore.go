package labeling

import (
	"context"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// ProjectStore keeps projects, their tasks and imports. Each method is one transaction, or part of the caller's when the
// store was given by one. None takes longer because a project has many tasks.
//
// A transaction that changes an import does so first, and one that writes to the ledger or saves verdicts does so before it
// changes a project: all wait for others that do the same.
type ProjectStore interface {
	// CreateProject saves a new project.
	CreateProject(ctx context.Context, p *Project) error

	// Project returns a project, or ErrNoProject.
	Project(ctx context.Context, id ProjectID) (*Project, error)

	// LockProject is Project, and keeps others from changing it until the transaction ends.
	LockProject(ctx context.Context, id ProjectID) (*Project, error)

	// Projects lists an organisation's projects, newest first: those with a status, or all.
	Projects(ctx context.Context, org polls.OrgID, status ProjectStatus, page tasknet.Page) ([]*Project, string, error)

	// SaveProject saves all of a project but its counts. ErrNoProject.
	SaveProject(ctx context.Context, p *Project) error

	// CountTasks adds to a project's counts. When tasks are added it is ErrProjectPaused or ErrProjectOver when the project
	// is that; a completed one runs again.
	CountTasks(ctx context.Context, id ProjectID, change ProjectCounts) error

	// CompleteProject makes a project completed that is running, without open tasks, imports or work, and has tasks.
	CompleteProject(ctx context.Context, id ProjectID) error

	// OpenAnswers counts the answers that a project's open tasks have.
	OpenAnswers(ctx context.Context, id ProjectID) (int, error)

	// BusyProjects returns projects with work to do that no problem has stopped.
	BusyProjects(ctx context.Context, limit int) ([]ProjectID, error)

	// AddTasks saves new tasks. ErrTaskExists when the project has one of their keys.
	AddTasks(ctx context.Context, tasks []Task) error

	// SomeOpen returns up to limit of its open questions by chance, none of which is a gold, before their deadlines; it may
	// miss some where most are closed.
	SomeOpen(ctx context.Context, p *Project, at time.Time, limit int) ([]*polls.Question, error)

	// KnownKeys returns those of some keys that tasks of the project have, with the import that brought each; empty where
	// none did.
	KnownKeys(ctx context.Context, id ProjectID, keys []string) (map[string]ImportID, error)

	// Task returns a task by its key, or ErrNoTask.
	Task(ctx context.Context, id ProjectID, key string) (Task, error)

	// Tasks lists a project's tasks by their keys: those in a state, or all.
	Tasks(ctx context.Context, id ProjectID, state TaskState, page tasknet.Page) ([]Task, string, error)

	// EndTask moves the task of a question that closed to a state, and returns its project. ErrNoTask when the question is
	// of no task any more.
	EndTask(ctx context.Context, q polls.QuestionID, state TaskState) (ProjectID, error)

	// AskAgain gives an ended task a new question and makes it open. ErrNoTask when it is not ended.
	AskAgain(ctx context.Context, t Task, q polls.QuestionID) error

	// MoveQuestions moves questions from one of the states open and paused to the other; those in another state stay. It
	// keeps others from changing them until the transaction ends.
	MoveQuestions(ctx context.Context, ids []polls.QuestionID, from, to polls.Status) error

	// CreateImport saves a new import and counts it as under way in its project.
	CreateImport(ctx context.Context, i *Import) error

	// Import returns an import, or ErrNoImport.
	Import(ctx context.Context, id ImportID) (*Import, error)

	// Imports lists a project's imports, newest first.
	Imports(ctx context.Context, id ProjectID, page tasknet.Page) ([]*Import, string, error)

	// RunningImports returns imports that are to be read, oldest first.
	RunningImports(ctx context.Context, limit int) ([]ImportID, error)

	// SaveImport saves an import that was read as before: it is ErrImportMoved when its state, bytes or rows are others by
	// now. One that is over is counted as under way no more.
	SaveImport(ctx context.Context, before, after *Import) error
}
