package labeling

import (
	"context"

	"github.com/tasknet/tasknet"
)

// DatasetStore keeps versions of datasets. Each method is one transaction, or part of the caller's when the store was given
// by one.
type DatasetStore interface {
	// AskedTasks lists a project's tasks by their keys, those in a state or all, with their questions and verdicts.
	AskedTasks(ctx context.Context, id ProjectID, state TaskState, page tasknet.Page) ([]AskedTask, string, error)

	// ClosedTasks lists a project's closed tasks by their keys, with all that was said.
	ClosedTasks(ctx context.Context, id ProjectID, page tasknet.Page) ([]*ClosedTask, string, error)

	// Skips counts how often a project's tasks were given back for good: by reason, and of each task by those reasons which say
	// that something is wrong with it, the most frequent first, up to limit.
	Skips(ctx context.Context, id ProjectID, limit int) (all, tasks []ReportSkip, err error)

	// TasksOf returns what was said of the tasks of some rows, in their order: what their questions asked when the rows were
	// made, even if they have been asked anew. The tasks in it have their keys, questions and truths alone.
	TasksOf(ctx context.Context, rows []DatasetRow) ([]*ClosedTask, error)

	// CreateDataset saves a new version.
	CreateDataset(ctx context.Context, d *Dataset) error

	// Dataset returns a version, or ErrNoDataset.
	Dataset(ctx context.Context, id DatasetID) (*Dataset, error)

	// Datasets lists a project's versions, newest first.
	Datasets(ctx context.Context, id ProjectID, page tasknet.Page) ([]*Dataset, string, error)

	// SealingDatasets returns versions whose rows are to be collected, oldest first.
	SealingDatasets(ctx context.Context, limit int) ([]DatasetID, error)

	// SaveDataset saves a version that is stored as one that is being sealed. ErrDatasetSealed when it is not.
	SaveDataset(ctx context.Context, d *Dataset) error

	// AddDatasetRows adds rows to a version that is being sealed. ErrDatasetSealed when it is not.
	AddDatasetRows(ctx context.Context, id DatasetID, rows []DatasetRow) error

	// DropDatasetRows removes up to limit rows of a version that is being sealed, and returns how many. ErrDatasetSealed.
	DropDatasetRows(ctx context.Context, id DatasetID, limit int) (int, error)

	// DatasetRows lists the rows of a version by their keys.
	DatasetRows(ctx context.Context, id DatasetID, page tasknet.Page) ([]DatasetRow, string, error)
}
