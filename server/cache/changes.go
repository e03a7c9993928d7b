package cache

import (
	"strings"
	"sync"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
)

// change says what happened to a question.
type change struct {
	kind     pipeline.EventKind
	org      polls.OrgID
	question polls.QuestionID
}

// line is how a change travels.
func (c change) line() string {
	return string(c.kind) + " " + string(c.org) + " " + string(c.question)
}

func parseChange(line string) (c change, ok bool) {
	words := strings.Split(line, " ")
	if len(words) != 3 {
		return c, false
	}
	return change{pipeline.EventKind(words[0]), polls.OrgID(words[1]), polls.QuestionID(words[2])}, true
}

// changesMost bounds how many questions wait. It is many times what one server has at work.
const changesMost = 10_000

// changes wait to be told, one for each question: who is told reads what is newest.
type changes struct {
	wake chan struct{} // of capacity 1: there is something to take

	mu    sync.Mutex // guards all below
	order []polls.QuestionID
	of    map[polls.QuestionID]change
	lost  bool
}

func newChanges() *changes {
	return &changes{wake: make(chan struct{}, 1), of: make(map[polls.QuestionID]change)}
}

// add never waits. When too many wait, it is lost, and that is known.
func (w *changes) add(c change) {
	w.mu.Lock()
	before, waits := w.of[c.question]
	switch {
	case waits && before.kind == pipeline.QuestionClosed: // nothing comes after that
	case waits:
		w.of[c.question] = c
	case len(w.order) == changesMost:
		w.lost = true
	default:
		w.order = append(w.order, c.question)
		w.of[c.question] = c
	}
	w.mu.Unlock()
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// take returns up to most changes, those that have waited longest, and whether others were lost since the last call.
func (w *changes) take(most int) (out []change, lost bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := min(most, len(w.order))
	for _, id := range w.order[:n] {
		out = append(out, w.of[id])
		delete(w.of, id)
	}
	w.order = append(w.order[:0], w.order[n:]...)
	lost, w.lost = w.lost, false
	return out, lost
}
