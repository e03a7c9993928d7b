package sdk

import (
	"cmp"
	"encoding/json"
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// CannotTell as a choice says that one looked and cannot tell, to a question of any type.
const CannotTell = -1

// keptAnswer is an answer as it is kept: what was asked and given, and what came of it.
type keptAnswer struct {
	Instance   string          `json:"instance"` // that the signature names
	Assignment wire.Assignment `json:"assignment"`
	Answer     wire.Answer     `json:"answer"`
	Accepted   *wire.Accepted  `json:"accepted,omitempty"` // the server's reply, with its receipt
	Refused    *refusedFile    `json:"refused,omitempty"`
	Logged     *foundLogged    `json:"logged,omitempty"`  // what the public log was found to have of it
	Damaged    string          `json:"damaged,omitempty"` // of what cannot be read: the assignment, or unknown
}

// refusedFile is why an answer will not be recorded.
type refusedFile struct {
	Code      string        `json:"code"`
	Text      string        `json:"text"`
	Statement *wire.Refusal `json:"statement,omitempty"` // the server's, where it made one
	Proven    bool          `json:"proven"`              // its key signed the statement
}

func refusedFor(err error) *refusedFile {
	e := describe(err)
	out := &refusedFile{Code: e.code, Text: e.text}
	if said, ok := errors.AsType[*client.Refused](err); ok {
		out.Statement, out.Proven = said.Statement, said.Proven
	}
	return out
}

// outbox holds the answers that the server has not acknowledged.
type outbox struct {
	log     *outboxLog
	damaged []keptAnswer  // what could not be read
	wake    chan struct{} // of capacity 1

	mu      sync.Mutex
	waiting []*waiting // guarded by mu, oldest first
	quiet   time.Time  // guarded by mu: nothing is sent before
	tries   int        // guarded by mu: how often in a row the server was not reached
	delayed string     // guarded by mu: why answers wait, by the code that was told
}

// waiting is an answer in the outbox.
type waiting struct {
	keptAnswer           // all but the last two is guarded by outbox.mu; the first two change by the sender alone, which may read them
	line       *logLine  // nil for one that an earlier version put into a file of its own
	next       time.Time // not sent before
	sent       bool      // the sender has had it: it cannot be taken back
	tries      int       // that failed

	doubts  int            // replies that may be final and may be something on the way
	doubted *wire.Accepted // the last of them, where its receipt proves nothing
}

func (s *Session) loadOutbox() (err error) {
	o := &s.outbox
	o.wake = make(chan struct{}, 1)
	var all []*waiting
	if o.log, all, o.damaged, err = openLog(filepath.Join(s.folder.path, outboxFolder)); err != nil {
		return err
	}
	if err = s.loadLog(all); err == nil {
		err = s.loadFiles()
	}
	if err != nil {
		return errors.Join(err, o.log.close())
	}
	slices.SortStableFunc(o.waiting, func(a, b *waiting) int { return cmp.Compare(a.Answer.Time, b.Answer.Time) })
	return nil
}

// loadLog has what waits in the log wait. Of an assignment the last answer counts: one that was signed anew comes after the first.
func (s *Session) loadLog(all []*waiting) error {
	last := make(map[string]*waiting)
	for _, w := range all {
		last[w.Assignment.ID] = w
	}
	for _, w := range all {
		if last[w.Assignment.ID] == w {
			s.outbox.waiting = append(s.outbox.waiting, w)
		} else if err := s.outbox.log.drop(w.line, false); err != nil {
			return err
		}
	}
	return nil
}

// loadFiles has the answers wait that an earlier version put into files.
func (s *Session) loadFiles() error {
	names, err := s.folder.list(outboxFolder)
	if err != nil {
		return err
	}
	for _, name := range names {
		if _, anew := s.outbox.find(name); anew { // signed since, and in the log
			if err := s.folder.remove(outboxFolder, name); err != nil {
				return err
			}
			continue
		}
		w := &waiting{}
		err := s.folder.read(&w.keptAnswer, outboxFolder, name)
		if errors.Is(err, errBadFile) {
			if err := s.folder.setAside(outboxFolder, name); err != nil {
				return err
			}
			s.outbox.damaged = append(s.outbox.damaged, keptAnswer{Damaged: name, Refused: refusedFor(err)})
			continue
		}
		if err != nil {
			return err
		}
		s.outbox.waiting = append(s.outbox.waiting, w)
	}
	return nil
}

// Answer signs a choice, by its index or CannotTell, and keeps it. When it returns the answer is on the disk, and will be sent
// however often the app or the phone is stopped; Accepted or Refused tell the rest. It does not wait for the network.
func (s *Session) Answer(assignment string, choice int) error {
	return s.give(assignment, wire.Given{Choice: &choice}, 0)
}

// AnswerValue is Answer for questions whose answers are values, as JSON in the form of the question's type.
func (s *Session) AnswerValue(assignment, value string) error {
	return s.give(assignment, wire.Given{Value: wire.Value(value)}, 0)
}

// Give is Answer or AnswerValue for what is said as a wire.Given, {"choice": n} or {"value": v}, by somebody who may take it back:
// it is not sent for so many milliseconds, unless Release is called or the session is opened again.
func (s *Session) Give(assignment, said string, holdMillis int64) error {
	var given wire.Given
	if json.Unmarshal([]byte(said), &given) != nil || (given.Choice == nil) == (len(given.Value) == 0) || holdMillis < 0 || holdMillis > holdMost.Milliseconds() {
		return errGiven
	}
	return s.give(assignment, given, time.Duration(holdMillis)*time.Millisecond)
}

// holdMost is the longest time to take an answer back.
const holdMost = time.Minute

// Undo takes an answer back that was not sent yet; its assignment is held again. too_late when it may be on its way.
func (s *Session) Undo(assignment string) error {
	_, end, err := s.begin(nil)
	if err != nil {
		return err
	}
	defer end()
	w, err := s.outbox.takeBack(assignment, func(w *waiting) error { return s.forget(w, true) })
	if err != nil {
		return typed(err)
	}
	s.hold([]wire.Assignment{w.Assignment})
	return nil
}

// takeBack takes an answer out that the sender has not had, if forget has taken it off the disk.
func (o *outbox) takeBack(assignment string, forget func(*waiting) error) (*waiting, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	w := o.findLocked(assignment)
	if w == nil || w.sent {
		return nil, errTooLate
	}
	if err := forget(w); err != nil {
		return nil, err
	}
	o.remove(w)
	return w, nil
}

// forget takes an answer off the disk that is not to be sent any more. With keep that is so after a loss of power, too.
func (s *Session) forget(w *waiting, keep bool) error {
	if w.line == nil {
		return s.folder.remove(outboxFolder, w.Assignment.ID)
	}
	return s.outbox.log.drop(w.line, keep)
}

// Release has what may be taken back sent now, as when the app is left.
func (s *Session) Release() {
	o := &s.outbox
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, w := range o.waiting {
		if !w.sent {
			w.next = time.Time{}
		}
	}
	o.ring()
}

func (s *Session) give(assignment string, given wire.Given, hold time.Duration) error {
	_, end, err := s.begin(nil)
	if err != nil {
		return err
	}
	defer end()
	a, err := s.takeOut(assignment)
	if err != nil {
		return err
	}
	kept := false
	defer func() { s.putBack(assignment, kept) }()
	w := &waiting{}
	if w.keptAnswer, err = s.sign(a, given); err != nil {
		return typed(err)
	}
	if w.line, err = s.outbox.log.put(w.keptAnswer); err != nil {
		return typed(err)
	}
	kept = true
	if hold > 0 {
		w.next = time.Now().Add(hold)
	}
	s.outbox.put(w)
	return nil
}

func (s *Session) sign(a wire.Assignment, given wire.Given) (keptAnswer, error) {
	signer, instance, err := s.signer()
	if err != nil {
		return keptAnswer{}, err
	}
	signed, err := signer.SignGiven(a, given)
	return keptAnswer{Instance: instance, Assignment: a, Answer: signed}, err
}

// signAnew keeps an answer that waits signed by the device's key of today, in place of the one before.
func (s *Session) signAnew(w *waiting) error {
	signed, err := s.sign(w.Assignment, w.Answer.Given)
	if err != nil {
		return err
	}
	line, err := s.outbox.log.put(signed)
	if err != nil {
		return err
	}
	before := *w
	s.outbox.mu.Lock()
	w.keptAnswer, w.line = signed, line
	s.outbox.mu.Unlock()
	return s.forget(&before, false)
}

// Waiting returns how many answers the server has not acknowledged yet.
func (s *Session) Waiting() int {
	s.outbox.mu.Lock()
	defer s.outbox.mu.Unlock()
	return len(s.outbox.waiting)
}

// Unsent returns those answers, oldest first, as {"answers": [...]} of what Receipt returns.
func (s *Session) Unsent() string {
	s.outbox.mu.Lock()
	defer s.outbox.mu.Unlock()
	out := keptAnswers{Answers: make([]keptAnswer, 0, len(s.outbox.waiting))}
	for _, w := range s.outbox.waiting {
		out.Answers = append(out.Answers, w.keptAnswer)
	}
	return text(out)
}

// keptAnswers is a list of answers.
type keptAnswers struct {
	Answers []keptAnswer `json:"answers"`
}

// Online says that there may be a network again: what waits is sent now, and the public log is looked into if that is due. Call it when the platform tells so, and when the app
// comes to the front.
func (s *Session) Online() {
	o := &s.outbox
	o.mu.Lock()
	for _, w := range o.waiting {
		w.next, w.tries = time.Time{}, 0
	}
	o.ring()
	o.mu.Unlock()
	o.hurry()
	s.lookSoon()
}

func (o *outbox) put(w *waiting) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.waiting = append(o.waiting, w)
	o.ring()
}

// ring has the sender look.
func (o *outbox) ring() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// hurry ends the waiting for the network, which there is.
func (o *outbox) hurry() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.quiet.IsZero() {
		return
	}
	o.quiet, o.tries = time.Time{}, 0
	o.ring()
}

// due returns an answer to send now, or nil and how long to wait for one.
func (o *outbox) due(now time.Time) (*waiting, time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	wait := longestWait
	for _, w := range o.waiting {
		at := w.next
		if at.Before(o.quiet) {
			at = o.quiet
		}
		left := at.Sub(now)
		if left <= 0 {
			w.sent = true
			return w, 0
		}
		wait = min(wait, left)
	}
	return nil, wait
}

// settle takes an answer out.
func (o *outbox) settle(w *waiting) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.remove(w)
}

// remove takes an answer out. o.mu is held.
func (o *outbox) remove(w *waiting) {
	o.waiting = slices.DeleteFunc(o.waiting, func(other *waiting) bool { return other == w })
}

// find returns what waits of an assignment.
func (o *outbox) find(assignment string) (keptAnswer, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if w := o.findLocked(assignment); w != nil {
		return w.keptAnswer, true
	}
	return keptAnswer{}, false
}

func (o *outbox) findLocked(assignment string) *waiting {
	if i := slices.IndexFunc(o.waiting, func(w *waiting) bool { return w.Assignment.ID == assignment }); i >= 0 {
		return o.waiting[i]
	}
	return nil
}
