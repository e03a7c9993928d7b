package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
)

// TestFailureOf: a server is told what is the job's own fault, and nothing of the machine.
func TestFailureOf(t *testing.T) {
	long := tasknet.NewError(tasknet.Invalid, "bad_spec", strings.Repeat("x", 5000))
	for _, c := range []struct {
		err  error
		code compute.FailureCode
		says string
	}{
		{compute.ErrDiverged, compute.Diverged, compute.ErrDiverged.Error()},
		{fmt.Errorf("epoch 3: %w", compute.ErrDiverged), compute.Diverged, "epoch 3: " + compute.ErrDiverged.Error()},
		{compute.ErrBadExamples, compute.BadInput, compute.ErrBadExamples.Error()},
		{long, compute.BadInput, long.Error()[:1000]},
		{fmt.Errorf("loading: %w", compute.ErrNoScripts), compute.Resources, "loading: " + compute.ErrNoScripts.Error()},
		{&fs.PathError{Op: "open", Path: "/home/somebody/picture.png", Err: fs.ErrNotExist}, compute.BadInput, "A file that the data names is not there."},
		{fmt.Errorf("training: %w", context.Canceled), compute.Stopped, "The node stops."},
		{errors.New("open /home/somebody/keys.json: permission denied"), compute.Crashed, "The work failed on this machine."},
		{tasknet.NewError(tasknet.NotFound, "no_such_thing", "/home/somebody"), compute.Crashed, "The work failed on this machine."},
	} {
		if f := failureOf(c.err); f.Code != string(c.code) || f.Message != c.says {
			t.Errorf("%.80v is told as %+v", c.err, f)
		}
	}
}
