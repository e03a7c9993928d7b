package cache

import (
	"context"
	"crypto/subtle"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/tasknet/tasknet"
)

// MoveMessages is how many messages a move has: the new phone says the first, the old one the others.
const MoveMessages = 3

// movesMost is how many moves a server keeps by itself: at most some 6 kB each.
const movesMost = 10_000

// movesSweep is how often a server looks through them for those that are over.
const movesSweep = time.Minute

var (
	// ErrNoMove reports a move that is over, or never was, or is another person's.
	ErrNoMove = tasknet.NewError(tasknet.NotFound, "no_such_move", "This code was used or is older than five minutes; show a new one on the old phone.")

	// ErrMoveTaken reports that another device was first.
	ErrMoveTaken = tasknet.NewError(tasknet.Conflict, "move_taken", "Another device has used this code already; show a new one on the old phone, where nobody else can see it.")

	// ErrMoveTurn reports a message that does not follow those that there are.
	ErrMoveTurn = tasknet.NewError(tasknet.Conflict, "not_your_turn", "This is not the next message of the move; read how far it is.")

	// ErrMovesAway reports that moves cannot be kept now.
	ErrMovesAway = tasknet.NewError(tasknet.Unavailable, "moves_unavailable", "The server cannot bring two phones together just now; try again in a minute.")
)

// Move is what two phones of a person say to each other while one hands its key to the other. It is sealed by them: whoever
// passes it on understands nothing of it.
type Move struct {
	Owner    string    `json:"owner"`              // the person whose phone began it
	Ticket   string    `json:"ticket,omitempty"`   // of the device that was first to claim it
	Messages []string  `json:"messages,omitempty"` // gone when it is done
	Done     bool      `json:"done,omitempty"`     // the new phone has the key
	Expires  time.Time `json:"expires"`
}

// Claim notes the first message, of the device with the ticket, which has until then. Again changes nothing; ErrMoveTaken for
// every other device, and for another message.
func (m *Move) Claim(ticket, message string, until time.Time) error {
	if m.Ticket == "" {
		m.Ticket, m.Messages, m.Expires = ticket, []string{message}, until
		return nil
	}
	if subtle.ConstantTimeCompare([]byte(m.Ticket), []byte(ticket)) == 0 || !m.Done && m.Messages[0] != message {
		return ErrMoveTaken
	}
	return nil
}

// Say notes a message of the old phone, by its number, which is 2 for its first. The same again changes nothing. ErrMoveTurn.
func (m *Move) Say(number int, message string) error {
	switch said := len(m.Messages); {
	case number < 2 || number > MoveMessages:
		return ErrMoveTurn
	case m.Done: // all was said
	case said == 0 || number > said+1:
		return ErrMoveTurn
	case number <= said && m.Messages[number-1] != message:
		return ErrMoveTurn
	case number == said+1:
		m.Messages = append(m.Messages, message)
	}
	return nil
}

// Finish notes that the new phone has the key, and forgets what was said. Again changes nothing. ErrMoveTurn.
func (m *Move) Finish() error {
	if !m.Done && len(m.Messages) < MoveMessages {
		return ErrMoveTurn
	}
	m.Messages, m.Done = nil, true
	return nil
}

// Moves keep what phones say to each other until it expires.
type Moves interface {
	// Open keeps a new move. ErrMovesAway.
	Open(ctx context.Context, id string, m Move) error

	// Read returns a move. ErrNoMove, ErrMovesAway.
	Read(ctx context.Context, id string) (Move, error)

	// Change has a move changed, by one at a time, and returns it. When change returns an error nothing changes; it may be called
	// more than once. ErrNoMove, ErrMovesAway.
	Change(ctx context.Context, id string, change func(*Move) error) (Move, error)

	// End forgets a move, if there is one. ErrMovesAway.
	End(ctx context.Context, id string) error
}

// NewMoves returns moves between phones that come to this server.
func NewMoves(now func() time.Time) Moves {
	return &localMoves{now: now, all: make(map[string]Move)}
}

// localMoves keeps moves in memory.
type localMoves struct {
	now func() time.Time

	mu    sync.Mutex // guards all below
	all   map[string]Move
	swept time.Time
}

// Open implements Moves.
func (l *localMoves) Open(_ context.Context, id string, m Move) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := l.now(); len(l.all) >= movesMost || now.Sub(l.swept) >= movesSweep {
		l.swept = now
		maps.DeleteFunc(l.all, func(_ string, m Move) bool { return !now.Before(m.Expires) })
	}
	if len(l.all) >= movesMost {
		return ErrMovesAway
	}
	l.all[id] = m
	return nil
}

// Read implements Moves.
func (l *localMoves) Read(_ context.Context, id string) (Move, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.get(id)
}

// Change implements Moves.
func (l *localMoves) Change(_ context.Context, id string, change func(*Move) error) (Move, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	m, err := l.get(id)
	if err != nil {
		return Move{}, err
	}
	if err := change(&m); err != nil {
		return Move{}, err
	}
	l.all[id] = m
	m.Messages = slices.Clone(m.Messages)
	return m, nil
}

// End implements Moves.
func (l *localMoves) End(_ context.Context, id string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.all, id)
	return nil
}

// get returns a copy of a move. The caller holds mu.
func (l *localMoves) get(id string) (Move, error) {
	m, ok := l.all[id]
	if !ok || !l.now().Before(m.Expires) {
		return Move{}, ErrNoMove
	}
	m.Messages = slices.Clone(m.Messages)
	return m, nil
}
