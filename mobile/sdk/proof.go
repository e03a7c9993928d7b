package sdk

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// logChecked is what a look into the public log found.
type logChecked struct {
	Size    int64       `json:"size"`              // of the log
	Logged  int         `json:"logged"`            // answers of this device that were found now
	Waiting int         `json:"waiting"`           // that the log does not have yet, and was not promised to have by now
	Missing []logBroken `json:"missing,omitempty"` // that it does not have as the server promised
}

// logBroken is an answer that the log does not have, with what shows it.
type logBroken struct {
	Assignment string `json:"assignment"`
	Code       string `json:"code"`
	Text       string `json:"text"`
	Checkpoint string `json:"checkpoint"` // as the log's key signed it
}

// Receipt returns an answer that was given here as it is kept, by its assignment: {"instance", "assignment", "answer", and, when
// the server has acknowledged it, "accepted", a wire.Accepted with its signed receipt, or "refused"}.
func (s *Session) Receipt(assignment string) (string, error) {
	if tasknet.CheckID(assignmentPrefix, assignment) != nil {
		return "", errNoReceipt
	}
	for _, in := range answerFolders {
		var kept keptAnswer
		err := s.folder.read(&kept, in, assignment)
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
		var kept keptAnswer
		if s.folder.read(&kept, f.in, f.name) == nil { // else it has moved on meanwhile, or is damaged
			out = append(out, kept)
		}
	}
	return out, nil
}

// CheckLog looks into the server's public log for every receipt that was not found there before, and proves that the log still
// has all that it had at the last look. It returns {"size", "logged", "waiting", "missing": [{"assignment", "code", "text",
// "checkpoint"}]}. A log that was changed is the error log_forked; both checkpoints are kept.
func (s *Session) CheckLog(c *Cancel) (string, error) {
	return ask(s, c, func(ctx context.Context, _ *client.Respondent) (logChecked, error) {
		if err := s.looking.take(ctx); err != nil {
			return logChecked{}, err
		}
		defer s.looking.pass()
		s.mu.Lock()
		in := s.known.Instance
		s.mu.Unlock()
		files, err := s.newClient()
		if err != nil {
			return logChecked{}, err
		}
		log, err := client.OpenLog(files, in)
		if err != nil {
			return logChecked{}, err
		}
		at, err := s.followLog(ctx, log, in)
		if err != nil {
			return logChecked{}, err
		}
		return s.findReceipts(ctx, log, at, in.Instance)
	})
}

// seenLog is the last checkpoint of an instance's log that was seen here, and one that does not fit it, if there was one.
type seenLog struct {
	Instance   string `json:"instance"`
	Checkpoint []byte `json:"checkpoint"`
	Forked     []byte `json:"forked,omitempty"`
}

// followLog returns the newest checkpoint, which has all that the last one had that was seen.
func (s *Session) followLog(ctx context.Context, log *client.LogReader, in wire.Instance) (client.Checkpoint, error) {
	at, err := log.Checkpoint(ctx)
	if err != nil {
		return at, err
	}
	var seen seenLog
	err = s.folder.read(&seen, knownFolder, "log")
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, errBadFile) {
		return at, err
	}
	if err == nil && seen.Instance == in.Instance {
		before, err := log.ParseCheckpoint(seen.Checkpoint)
		if err != nil {
			return at, err
		}
		if err := log.CheckConsistent(ctx, before, at); err != nil {
			if errors.Is(err, client.ErrForked) {
				seen.Forked = at.Raw
				err = errors.Join(err, s.folder.write(seen, knownFolder, "log"))
			}
			return at, err
		}
	}
	return at, s.folder.write(seenLog{Instance: in.Instance, Checkpoint: at.Raw}, knownFolder, "log")
}

// findReceipts looks for the receipts of an instance that were not found before. One that is found needs no look any more.
func (s *Session) findReceipts(ctx context.Context, log *client.LogReader, at client.Checkpoint, instance string) (logChecked, error) {
	out := logChecked{Size: at.Size}
	names, err := s.folder.list(receiptsFolder)
	if err != nil {
		return out, err
	}
	for _, name := range names {
		var kept keptAnswer
		if err := s.folder.read(&kept, receiptsFolder, name); err != nil {
			return out, err
		}
		if kept.Instance != instance || kept.Accepted == nil {
			continue
		}
		receipt, err := client.ParseReceipt(kept.Accepted.Receipt)
		if err != nil {
			return out, err
		}
		err = log.CheckReceipt(ctx, at, receipt)
		late := errors.Is(err, client.ErrNotLoggedYet) && s.clock.now().After(receipt.By)
		switch {
		case err == nil:
			if err := s.folder.move(receiptsFolder, loggedFolder, name); err != nil {
				return out, err
			}
			out.Logged++
		case errors.Is(err, client.ErrNotLogged) || late:
			e := describe(client.ErrNotLogged)
			out.Missing = append(out.Missing, logBroken{name, e.code, e.text, string(at.Raw)})
		case errors.Is(err, client.ErrNotLoggedYet):
			out.Waiting++
		default:
			return out, err
		}
	}
	return out, nil
}
