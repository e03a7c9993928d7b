package pipeline

import (
	"context"
	"encoding/json"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
)

// Tx is every store at one point: within a transaction, or each call in a transaction of its own.
type Tx interface {
	Polls() polls.Store
	Labels() labeling.Store
	Projects() labeling.ProjectStore
	Datasets() labeling.DatasetStore
	Contests() labeling.ContestStore
	Jobs() compute.JobStore
	Work() compute.WorkStore
	Asks() compute.AskStore
	Helps() labeling.HelpStore
	History() labeling.HistoryStore
	Rewards() rewards.Store
	Stakes() rewards.StakeStore
	Requests() rewards.RequestStore
	Spending() Spending
	Bonuses() Bonuses
	Events() Events
	Replies() Replies
	Settings() Settings
	Log() Log
	Subscriptions() Subscriptions
	Wakings() Wakings
	Pushes() Pushes
	Personal() Personal
	Artefacts() Artefacts
}

// Stores are the stores of an instance.
type Stores interface {
	Tx

	// InTx runs f in one transaction over all stores: all of what it wrote is durable when InTx returns nil, and none of
	// it otherwise. f may be run more than once and must keep no state outside. Transactions do not nest.
	InTx(ctx context.Context, f func(Tx) error) error

	// InTurn is InTx for those who give work, take it back, check and pay it, of whom all servers together run one at a time. Those
	// who wait at the same time may share a commit, and fail alone.
	InTurn(ctx context.Context, f func(Tx) error) error
}

// Event is something that happened to a question, written together with it.
type Event struct {
	Seq      int64 // ascending; set by the store
	Kind     EventKind
	Org      polls.OrgID
	Question polls.QuestionID
	Subject  string // the id of what the event is about: an answer, a verdict
	At       time.Time
}

// EventKind is a noun and a verb.
type EventKind string

// The kinds of event.
const (
	QuestionCreated  EventKind = "question.created"
	AnswerAccepted   EventKind = "answer.accepted"
	QuestionClosing  EventKind = "question.closing"
	QuestionReopened EventKind = "question.reopened" // an answer that had stopped it was struck
	QuestionClosed   EventKind = "question.closed"
	ModelSwitchedOff EventKind = "model.switched_off" // it helped a project, the subject, and gold says that it hurts; of no question
)

// Events keeps what happened, in order.
type Events interface {
	// Append saves events; it is called within the transaction of what they tell.
	Append(ctx context.Context, events ...Event) error

	// EventsAfter returns up to limit events of a kind and an organisation after a sequence number, in order.
	EventsAfter(ctx context.Context, org polls.OrgID, kind EventKind, after int64, limit int) ([]Event, error)

	// LastEvent returns the newest sequence number, or 0.
	LastEvent(ctx context.Context) (int64, error)
}

// Reply is what a write with an idempotency key was answered with.
type Reply struct {
	Scope       string // who asked for what: organisation and operation
	Key         string
	RequestHash [32]byte // of the request's body
	Status      int
	Body        json.RawMessage
	At          time.Time
}

// Replies keeps replies, so that a write that is sent again is answered the same and done once.
type Replies interface {
	// Reply returns the reply to a key, or an error of kind NotFound.
	Reply(ctx context.Context, scope, key string) (Reply, error)

	// SaveReply saves a reply, within the transaction of what it tells. ErrReplyExists when the key has one.
	SaveReply(ctx context.Context, r Reply) error

	// ForgetReplies removes replies older than a moment.
	ForgetReplies(ctx context.Context, before time.Time) error
}

// Settings keeps the few facts about an instance that are set once.
type Settings interface {
	// Setting returns a setting, or an error of kind NotFound.
	Setting(ctx context.Context, name string) (string, error)

	// SetSetting sets a setting that is not set, and returns the value that it then has.
	SetSetting(ctx context.Context, name, value string) (string, error)
}

// Log keeps what enters the public log, in its order. Answers get there by polls.Store.RecordAnswers.
type Log interface {
	// AppendLeaves saves leaves at the end of the log, and returns the index of the first.
	AppendLeaves(ctx context.Context, leaves [][32]byte, at time.Time) (first int64, err error)

	// Leaves returns leaves from an index on, in order: all up to limit, or some of them; none at the end.
	Leaves(ctx context.Context, from int64, limit int) ([][32]byte, error)

	// LogSize returns how many leaves there are.
	LogSize(ctx context.Context) (int64, error)

	// Logged returns how far the verdicts, the epochs or the changes of addresses have entered the log, by number from 1. In a transaction it keeps others
	// from moving that until the end.
	Logged(ctx context.Context, what Loggable) (through int64, err error)

	// SetLogged moves that.
	SetLogged(ctx context.Context, what Loggable, through int64) error
}

// Loggable is what has numbers and enters the log after it is saved.
type Loggable string

// What enters the log after it is saved.
const (
	LoggedVerdicts Loggable = "log verdicts"
	LoggedEpochs   Loggable = "log epochs"
	LoggedChanges  Loggable = "log address changes"
	LoggedJobs     Loggable = "log jobs"
	LoggedDelivery Loggable = "log deliveries"
)

// ErrReplyExists reports a second reply to one key: another server has answered the same request a moment before.
var ErrReplyExists = tasknet.NewError(tasknet.Conflict, "reply_exists", "A request with this idempotency key is being answered; send it again.")

// ErrNotFound is what a store returns for a thing that it does not have and no domain has an error for.
var ErrNotFound = tasknet.NewError(tasknet.NotFound, "not_found", "There is no such thing; check the id.")
