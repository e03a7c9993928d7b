package sdk

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// foundLogged is what the public log was found to have of an answer.
type foundLogged struct {
	State      string `json:"state"`
	Checkpoint string `json:"checkpoint,omitempty"` // that shows it, as the log's key signed it
}

// That the log has an answer; that it has none though it was promised by then; that it has something else in its place.
const (
	loggedYes     = "yes"
	loggedMissing = "missing"
	loggedOther   = "other"
)

// logState is what is known here of an instance's log.
type logState struct {
	Key        string     `json:"key"`                  // that signs its checkpoints: the first that this device was told, or one that came after it by its word
	Checkpoint []byte     `json:"checkpoint,omitempty"` // the newest that was seen and found right
	Looked     wire.Time  `json:"looked"`               // when a look last came through
	Doubts     int        `json:"doubts,omitempty"`     // looks in a row that found something wrong which is not proven
	Broken     *brokenLog `json:"broken,omitempty"`     // what was first found wrong with the log as a whole
}

// brokenLog is what is wrong with a log as a whole, with the checkpoints that show it.
type brokenLog struct {
	Instance string  `json:"instance"`
	Kind     string  `json:"kind"`
	Seen     string  `json:"seen"` // before; "" for none
	Now      string  `json:"now"`
	Anchor   *anchor `json:"anchor,omitempty"` // what the chain has, where that is what differs
}

// That a checkpoint is not signed by the key that the log had; that what a log had is not in it any more; that it is not the log
// whose checkpoint is on chain.
const (
	logUnsigned   = "unsigned"
	logForked     = "forked"
	logUnanchored = "unanchored"
)

func logFile(instance string) string { return "log-" + instance }

func (s *Session) readLogState(instance string) (logState, error) {
	var state logState
	err := s.folder.read(&state, knownFolder, logFile(instance))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errBadFile) {
		return logState{}, nil
	}
	return state, err
}

// logLook is one look into a log.
type logLook struct {
	s      *Session
	in     wire.Instance
	log    *client.LogReader
	files  client.LogFiles
	anchor *anchor // nil where there is none, or it cannot be had now
	state  logState
}

// lookInLog checks that the log has what receipts promise, that it only grows, and that it is the one that is on chain. What it
// finds is kept; an error is that it could not be read, or that it is wrong in a way that proves nothing yet.
func (s *Session) lookInLog(ctx context.Context, person *client.Respondent) error {
	s.mu.Lock()
	in := s.known.Instance
	s.mu.Unlock()
	server, err := s.newClient()
	if err != nil {
		return err
	}
	l := &logLook{s: s, in: in, files: &heldFiles{server, map[string][]byte{}}}
	if l.state, err = s.readLogState(in.Instance); err != nil {
		return err
	}
	if l.state.Key == "" {
		l.state.Key = in.Log.Key
	}
	now, err := server.Instance(ctx) // the log's key may be another since
	if err != nil {
		return err
	}
	if now.Instance != in.Instance {
		now = in
	}
	if l.log, err = client.OpenLogOf(l.files, now, l.state.Key); err != nil {
		return err
	}
	// Before the checkpoint, which then cannot be older. Where it cannot be had the receipts are looked for all the same.
	if l.anchor, err = s.newestAnchor(ctx, server, person, in); err != nil && ctx.Err() != nil {
		return err
	}
	at, err := l.follow(ctx)
	if err == nil && at.Raw != nil {
		err = l.findReceipts(ctx, at)
	}
	if err == nil {
		l.state.Looked, l.state.Doubts = wire.At(s.clock.now()), 0
	}
	return errors.Join(err, s.folder.write(l.state, knownFolder, logFile(in.Instance)))
}

// follow returns the newest checkpoint, which has all that the last one had that was seen, and all that is on chain; or none, when
// the log is noted as broken.
func (l *logLook) follow(ctx context.Context) (client.Checkpoint, error) {
	raw, err := l.files.LogFile(ctx, "checkpoint")
	if err != nil {
		return client.Checkpoint{}, err
	}
	broken := func(kind string, err error) (client.Checkpoint, error) {
		if l.state.Broken != nil { // a later lie does not take the place of what shows the first
			return client.Checkpoint{}, nil
		}
		if !errors.Is(err, client.ErrForked) && !l.sure() {
			return client.Checkpoint{}, err
		}
		l.state.Broken = &brokenLog{Instance: l.in.Instance, Kind: kind, Seen: string(l.state.Checkpoint), Now: string(raw)}
		if kind == logUnanchored {
			l.state.Broken.Anchor = l.anchor
		}
		return client.Checkpoint{}, nil
	}
	at, err := l.log.Checkpoint(ctx) // of the same file
	if err != nil {
		if len(raw) > checkpointMost || !strings.HasPrefix(string(raw), l.log.Name()+"\n") { // something on the way said that
			return at, err
		}
		return broken(logUnsigned, err)
	}
	if seen, err := l.log.ParseCheckpoint(l.state.Checkpoint); err == nil {
		if err := l.log.CheckConsistent(ctx, seen, at); withheld(err) {
			return broken(logForked, err)
		} else if err != nil {
			return at, err
		}
	}
	if l.anchor != nil {
		err := error(errNotOnChain)
		if l.anchor.Agrees {
			err = l.log.CheckConsistent(ctx, l.anchor.checkpoint(), at)
		}
		if withheld(err) {
			return broken(logUnanchored, err)
		} else if err != nil {
			return at, err
		}
	}
	l.state.Checkpoint = at.Raw
	if key := l.log.Signer(at); key != "" {
		l.state.Key = key
	}
	return at, nil
}

// checkpointMost is the largest file that can be a checkpoint, with the signatures of many witnesses.
const checkpointMost = 64 << 10

// sure reports whether what is found now was found so often that it is believed, though nothing proves it, and counts it.
func (l *logLook) sure() bool {
	l.state.Doubts++
	return l.state.Doubts >= doubtsMost
}

// withheld reports whether a check failed because of what the log has or does not show, and not because nobody answered.
func withheld(err error) bool {
	e, ok := errors.AsType[*tasknet.Error](err)
	return errors.Is(err, client.ErrForked) || errors.Is(err, client.ErrBadLog) || errors.Is(err, errNotOnChain) || ok && e.Kind == tasknet.NotFound
}

// lookMost is how many receipts are looked for at a time, and as many of those again that the log did not have.
const lookMost = 100

// findReceipts looks for the receipts that were not found before. One that is found needs no look any more.
func (l *logLook) findReceipts(ctx context.Context, at client.Checkpoint) error {
	s := l.s
	fresh, again, err := s.promised(l.in.Instance)
	if err != nil {
		return err
	}
	slices.SortStableFunc(again, func(a, b promise) int { return strings.Compare(a.looked(), b.looked()) })
	for _, p := range slices.Concat(fresh[:min(len(fresh), lookMost)], again[:min(len(again), lookMost)]) {
		var found foundLogged
		receipt, err := client.ParseReceipt(p.kept.Accepted.Receipt)
		if err != nil {
			return err
		}
		switch err := l.log.CheckReceipt(ctx, at, receipt); {
		case err == nil:
			found.State = loggedYes
		case errors.Is(err, client.ErrNotLoggedYet):
			if !s.clock.now().After(p.by) {
				continue
			}
			found = foundLogged{loggedMissing, string(at.Raw)}
		case errors.Is(err, client.ErrNotLogged):
			found = foundLogged{loggedOther, string(at.Raw)}
		case withheld(err):
			if !l.sure() {
				return err
			}
			found = foundLogged{loggedOther, string(at.Raw)}
		default:
			return err
		}
		if err := s.keepLogged(p, found); err != nil {
			return err
		}
	}
	return nil
}

// keepLogged keeps what was found of an answer: it moves on when the log has it.
func (s *Session) keepLogged(p promise, found foundLogged) error {
	name := p.kept.Assignment.ID
	kept := p.kept
	switch {
	case found.State != loggedYes:
		kept.Logged = &found
		return s.folder.write(kept, receiptsFolder, name)
	case kept.Logged == nil:
		return s.folder.move(receiptsFolder, loggedFolder, name)
	}
	kept.Logged = nil // it came, though late
	if err := s.folder.write(kept, loggedFolder, name); err != nil {
		return err
	}
	return s.folder.remove(receiptsFolder, name)
}

// promise is a receipt whose answer the log was not found to have.
type promise struct {
	kept keptAnswer
	by   time.Time
}

// looked orders promises by when they were looked for in vain: the log's size then, filled up with zeros.
func (p promise) looked() string {
	lines := strings.SplitN(p.kept.Logged.Checkpoint, "\n", 3)
	if len(lines) < 3 {
		return ""
	}
	return strings.Repeat("0", max(0, 20-len(lines[1]))) + lines[1]
}

// promised returns the receipts of an instance that nobody has looked for, or that were to come later, and those that the log was
// found not to have, oldest first.
func (s *Session) promised(instance string) (fresh, again []promise, err error) {
	names, err := s.folder.list(receiptsFolder)
	if err != nil {
		return nil, nil, err
	}
	for _, name := range names {
		kept, err := s.kept(receiptsFolder, name)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errBadFile) {
			continue // it has moved on meanwhile, or shows nothing any more
		}
		if err != nil {
			return nil, nil, err
		}
		if kept.Instance != instance || kept.Accepted == nil {
			continue
		}
		receipt, err := client.ParseReceipt(kept.Accepted.Receipt)
		if err != nil {
			continue
		}
		if p := (promise{kept, receipt.By}); kept.Logged == nil {
			fresh = append(fresh, p)
		} else {
			again = append(again, p)
		}
	}
	return fresh, again, nil
}

// heldFiles reads each file of a log once: many receipts are proven by the same ones.
type heldFiles struct {
	from client.LogFiles
	held map[string][]byte
}

// LogFile implements client.LogFiles.
func (f *heldFiles) LogFile(ctx context.Context, name string) ([]byte, error) {
	if raw, ok := f.held[name]; ok {
		return raw, nil
	}
	raw, err := f.from.LogFile(ctx, name)
	if err == nil {
		f.held[name] = raw
	}
	return raw, err
}
