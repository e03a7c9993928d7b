package sdk

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/tasknet/tasknet"
)

// Receipt returns an answer that was given here as it is kept, by its assignment: {"instance", "assignment", "answer", and, when
// the server has acknowledged it, "accepted", a wire.Accepted with its signed receipt, or "refused"}. "logged" is what the public log
// was found to have of it, once that was found: {"state", "checkpoint"}, yes, missing or other, and what shows the latter two.
func (s *Session) Receipt(assignment string) (string, error) {
	if tasknet.CheckID(assignmentPrefix, assignment) != nil {
		return "", errNoReceipt
	}
	if kept, waits := s.outbox.find(assignment); waits {
		return text(kept), nil
	}
	for _, in := range settledFolders {
		kept, err := s.kept(in, assignment)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return "", typed(err)
		}
		return text(kept), nil
	}
	return "", errNoReceipt
}

const assignmentPrefix = "asg"

// kept reads an answer out of a folder.
func (s *Session) kept(in, assignment string) (keptAnswer, error) {
	var kept keptAnswer
	err := s.folder.read(&kept, in, assignment)
	if in == loggedFolder {
		kept.Logged = &foundLogged{State: loggedYes}
	}
	return kept, err
}

// settledMost is how many answers Settled returns of each kind.
const settledMost = 200

// Settled returns the newest answers that were given here and that the server has taken, and those that it has not, up to 200 of
// each, newest first: {"accepted", "refused"}, lists of what Receipt returns. Files that cannot be read are left out.
func (s *Session) Settled() (string, error) {
	_, end, err := s.begin(nil)
	if err != nil {
		return "", err
	}
	defer end()
	var out struct {
		Accepted []keptAnswer `json:"accepted"`
		Refused  []keptAnswer `json:"refused"`
	}
	if out.Accepted, err = s.newest(receiptsFolder, loggedFolder); err == nil {
		out.Refused, err = s.newest(refusedFolder)
	}
	if err != nil {
		return "", typed(err)
	}
	return text(out), nil
}

// newest returns what is newest in folders. Assignments are named by when they were made.
func (s *Session) newest(folders ...string) ([]keptAnswer, error) {
	type file struct{ in, name string }
	var files []file
	for _, in := range folders {
		names, err := s.folder.list(in)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			files = append(files, file{in, name})
		}
	}
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(b.name, a.name) })
	out := []keptAnswer{}
	for _, f := range files[:min(len(files), settledMost)] {
		if kept, err := s.kept(f.in, f.name); err == nil { // else it has moved on meanwhile, or is damaged
			out = append(out, kept)
		}
	}
	return out, nil
}
