package worker

import (
	"context"
	"io"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/task"
	"github.com/tasknet/tasknet/server/wire"
)

// Line is a line that a child process writes.
type Line struct {
	Progress *compute.Report  `json:"progress,omitempty"` // of one that serves, the first: the model is loaded
	Said     string           `json:"said,omitempty"`     // to the row that it was asked
	Failure  *wire.JobFailure `json:"failure,omitempty"`  // the last
}

// Task is what a child process does: the part in a folder. One that serves reads rows, until there are no more.
func Task(ctx context.Context, dir string, t compute.Trainer, code string, rows io.Reader, tell func(Line) error) error {
	var untold error // that there is nobody to tell any more
	progress := func(r compute.Report) {
		if err := tell(Line{Progress: &r}); err != nil {
			untold = err
		}
	}
	serves, err := task.Serves(dir)
	if err != nil {
		return err
	}
	if serves {
		err = task.Serve(ctx, dir, t, rows, func() { progress(compute.Report{Of: compute.SessionRows}) }, func(said string) error { return tell(Line{Said: said}) })
	} else {
		err = task.Do(ctx, dir, t, code, progress)
	}
	if err == nil {
		err = untold
	}
	return err
}
