package pipeline

import (
	"context"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// WakePrefix begins the id of a wake.
const WakePrefix = "wak"

// ErrNoWake reports a wake that there is not, or that is somebody else's.
var ErrNoWake = tasknet.NewError(tasknet.NotFound, "no_such_wake", "You were not woken by that.")

// Waking is what may lack people: a question, or a project with all of its questions.
type Waking struct {
	Subject string    // its id
	Step    int       // how often it was decided
	Next    time.Time // when it is to be decided again
}

// Calling is a call with what it is for.
type Calling struct {
	polls.Call
	Question polls.QuestionID // of a project, one of those that lack people
	Family   string           // of that question
	Open     int              // what the answers to the question have left open, in thousandths; 0 of a project
	Apart    bool             // the question is not yet for those who answer alike to somebody who has it
	Round    int64            // nobody is woken twice in a round: 0 of a question, the day of a project
}

// Wake is that somebody is woken for something.
type Wake struct {
	polls.Roused
	ID  string
	Was time.Time // when they were woken before, as it was when that was decided
	Day int       // in their zone
}

// Wakings keeps what may lack people, and who was woken.
type Wakings interface {
	// Lack notes that something was asked, within its transaction. What is noted already stays as it is.
	Lack(ctx context.Context, at time.Time, subjects ...string) error

	// DueWakings returns up to limit of what is to be decided at a moment.
	DueWakings(ctx context.Context, at time.Time, limit int) ([]Waking, error)

	// CallOf returns what a subject lacks at a moment. ErrNotFound when nobody can answer it any more, now or later.
	CallOf(ctx context.Context, subject string, at time.Time) (Calling, error)

	// Sleepers returns up to limit people who can be woken, or are here with a stream open, and were not woken in this round, and
	// have not had the question; nor, while it is Apart, has anybody who answers alike. Those seen last come first. The cursor is that of the next ones, empty at the end.
	Sleepers(ctx context.Context, subject string, c Calling, after string, limit int) (people []polls.Sleeper, next string, err error)

	// Wake saves a decision, with the pushes to everybody's subscriptions. It changes nothing when another server has decided, and
	// leaves those out who were woken for something else meanwhile.
	Wake(ctx context.Context, was Waking, c Calling, next time.Time, wakes []Wake) error

	// Rest ends a waking.
	Rest(ctx context.Context, subject string) error
}

// Presence knows who is here, at any server of the instance.
type Presence interface {
	// Here returns when people were last seen, of those who are here or were a moment ago.
	Here(ctx context.Context, people []polls.RespondentID) map[polls.RespondentID]time.Time

	// Offer tells those who have a stream open that there is a question for them; an empty one stands for any.
	Offer(ctx context.Context, question polls.QuestionID, people []polls.RespondentID)
}

// Push is a wake on its way to a subscription.
type Push struct {
	Wake         string
	Subject      string
	Woken        time.Time
	Tries        int // before
	Subscription Subscription
}

// Outcome is what became of a push.
type Outcome string

// The outcomes.
const (
	PushTaken   Outcome = "taken"   // by the push service
	PushGone    Outcome = "gone"    // the subscription is no more
	PushLater   Outcome = "later"   // it is to be tried again
	PushFailed  Outcome = "failed"  // it is given up
	PushHeld    Outcome = "held"    // it was not tried, and is to be
	PushDropped Outcome = "dropped" // it was not needed any more, and not sent
)

// Settled is a push with its outcome.
type Settled struct {
	Push
	Outcome Outcome
	Again   time.Time // when PushLater or PushHeld
}

// PushDay counts the pushes of a UTC day on a channel.
type PushDay struct {
	Date    string // as 2026-11-21
	Channel Channel
	Sent    int // tries
	Taken   int
	Gone    int
	Failed  int
	Opened  int
}

// AddressWarnings is the subject of the wakes by which people are told that their pay is to go to another address, whatever they wish to
// be woken for: it may not have been them. The round is the number of the change.
const AddressWarnings = "payout address"

// Warning is something that a person is told on all their devices, at any time of the day.
type Warning struct {
	ID         string // of its wake
	Subject    string
	Round      int64
	Respondent polls.RespondentID
	At         time.Time
}

// Pushes keeps pushes until they are sent.
type Pushes interface {
	// Warn has a person told something once, within its transaction, if they have any subscriptions.
	Warn(ctx context.Context, w Warning) error

	// TakePushes returns up to limit pushes that are due at a moment, to this caller alone until another moment.
	TakePushes(ctx context.Context, at, until time.Time, limit int) ([]Push, error)

	// SettlePushes saves what became of pushes, and counts it. A subscription that is gone is removed.
	SettlePushes(ctx context.Context, settled []Settled, at time.Time) error

	// OpenWake notes that a person tapped what they were woken by, once. ErrNoWake.
	OpenWake(ctx context.Context, who polls.RespondentID, device polls.DeviceKey, id string, at time.Time) error

	// PushDays counts the pushes of all days on which there were any, oldest first.
	PushDays(ctx context.Context) ([]PushDay, error)

	// ForgetWakes removes who was woken before a moment, with pushes that nobody could send.
	ForgetWakes(ctx context.Context, before time.Time) error
}
