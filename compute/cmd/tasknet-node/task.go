package main

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/worker"
	"github.com/tasknet/tasknet/server/wire"
)

// task is what a worker's child process runs. People do not call it, so it is not in the help.
func (p *program) task() *cobra.Command {
	var memory int64
	code := ""
	var with trainerFlags
	cmd := &cobra.Command{
		Use: "task DIR", Short: "Do the part of a job in a folder, for a worker", Args: cobra.ExactArgs(1), Hidden: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := errors.Join(limitMemory(memory), lowerPriority()); err != nil {
				return err
			}
			trainer, err := with.trainer()
			if err != nil {
				return err
			}
			lines := json.NewEncoder(p.out)
			err = worker.Task(cmd.Context(), args[0], trainer, code, os.Stdin, func(l worker.Line) error { return lines.Encode(l) })
			if err != nil {
				err = errors.Join(err, lines.Encode(worker.Line{Failure: failureOf(err)}))
			}
			return err
		},
	}
	cmd.Flags().Int64Var(&memory, "memory", 0, "bytes that it may take; 0: all that there are")
	cmd.Flags().StringVar(&code, "code", currentVersion(), "what cards name as the program")
	with.add(cmd.Flags())
	return cmd
}

// failureOf says what was in the way, as a server is told of it.
func failureOf(err error) *wire.JobFailure {
	f := &wire.JobFailure{Code: string(compute.Crashed), Message: "The work failed on this machine."}
	known, ok := errors.AsType[*tasknet.Error](err)
	switch {
	case errors.Is(err, compute.ErrDiverged):
		f.Code, f.Message = string(compute.Diverged), err.Error()
	case errors.Is(err, compute.ErrNoScripts):
		f.Code, f.Message = string(compute.Resources), err.Error()
	case ok && known.Kind == tasknet.Invalid:
		f.Code, f.Message = string(compute.BadInput), err.Error()
	case errors.Is(err, fs.ErrNotExist): // a picture that the file of rows names
		f.Code, f.Message = string(compute.BadInput), "A file that the data names is not there."
	case errors.Is(err, context.Canceled):
		f.Code, f.Message = string(compute.Stopped), "The node stops."
	}
	f.Message = f.Message[:min(len(f.Message), 1000)]
	return f
}
