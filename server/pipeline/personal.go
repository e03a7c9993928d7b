package pipeline

import (
	"context"
	"time"

	"github.com/tasknet/tasknet/polls"
)

// Personal is what is kept of one person, over all domains.
type Personal interface {
	// Known returns rows of the table with a number, from 0 on, that are of a respondent: at most limit of them, those after a cursor.
	// A table without a name ends them.
	Known(ctx context.Context, who polls.RespondentID, table int, after string, limit int) (Kept, error)

	// Erase removes what a respondent wished and where they are woken, when they were, why they skipped what they skipped, and what
	// they typed as answers to questions that are closed, and their nodes, with where these were and what they said when they failed; it
	// keeps the statement that asks for it, ends their devices, and has all that is theirs enter the next epoch however little it is.
	// Again it changes nothing, but for answers that came in between.
	// polls.ErrNoRespondent.
	Erase(ctx context.Context, e polls.Erasure, signature [65]byte, at time.Time) (Erased, error)

	// EraseAnswers removes, from the answers to a question that closes in this transaction, what people typed who asked for their
	// erasure while it was open. It is called after its verdict is saved.
	EraseAnswers(ctx context.Context, q polls.QuestionID) error

	// Erasure returns the newest statement by which a respondent was erased, with the wallet's signature. ErrNotFound.
	Erasure(ctx context.Context, who polls.RespondentID) (e polls.Erasure, signature [65]byte, err error)

	// Checked returns how often a respondent was right where the answer was known: by the week in which the question closed, the
	// oldest first, weeks without any left out. Of questions that are open it tells nothing, nor of golds that are suspended; who
	// could not tell was neither right nor wrong.
	Checked(ctx context.Context, who polls.RespondentID) ([]Checked, error)
}

// Checked is what somebody answered in a week to questions with a known answer.
type Checked struct {
	Week  time.Time // its Monday, UTC
	Known int
	Right int
}

// Kept are rows of a table, or some of them.
type Kept struct {
	Table string
	About string // in a sentence for the person
	Rows  [][]Field
	Next  string // the cursor of the next rows; empty at the end
}

// Field is a named value: a string, an int64, a tasknet.Amount, or nothing for a time that has not come.
type Field struct {
	Name  string
	Value any
}

// Erased is what an erasure did.
type Erased struct {
	Devices []polls.DeviceKey // that are ended
	Answers int               // of which what was typed was removed just now
	Waiting int               // answers that were typed to questions that are open: removed when these close, the last time that they are needed
}

// Erase does what a person's wallet asked for by a polls.Erasure. polls.ErrNoRespondent, and the errors of the statement.
func (p *Pipeline) Erase(ctx context.Context, who polls.RespondentID, at time.Time, signature [65]byte) (Erased, error) {
	person, err := p.stores.Polls().Respondent(ctx, who)
	if err != nil {
		return Erased{}, err
	}
	now := p.now()
	e := polls.Erasure{Respondent: who, Wallet: person.Wallet, At: at}
	if err := e.Check(p.domain, signature, now); err != nil {
		return Erased{}, err
	}
	return p.stores.Personal().Erase(ctx, e, signature, now)
}
