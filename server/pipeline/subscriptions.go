package pipeline

import (
	"context"
	"log/slog"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// SubscriptionPrefix begins the id of a subscription.
const SubscriptionPrefix = "sub"

// SubscriptionsMax is how many subscriptions one person may have.
const SubscriptionsMax = 5

// Channel is the way on which a push gets to a device.
type Channel string

// The channels.
const (
	WebPush Channel = "web" // RFC 8030
	FCM     Channel = "fcm" // Firebase Cloud Messaging
)

// Secret is what must not be seen in logs: whoever has a subscription's target can send to it, or try to.
type Secret string

// String keeps it out of what is formatted.
func (Secret) String() string { return "hidden" }

// GoString keeps it out of what is formatted.
func (Secret) GoString() string { return "hidden" }

// LogValue implements slog.LogValuer.
func (Secret) LogValue() slog.Value { return slog.StringValue("hidden") }

// MarshalText keeps it out of what is encoded.
func (Secret) MarshalText() ([]byte, error) { return []byte("hidden"), nil }

// Subscription is a browser, or an app on a phone, that can be woken.
type Subscription struct {
	ID         string
	Respondent polls.RespondentID
	Device     polls.DeviceKey
	Channel    Channel
	Target     Secret // of WebPush the address, of FCM the token
	Key        Secret // of WebPush: the browser's public key, 65 bytes; else empty
	Auth       Secret // of WebPush: the secret that it shares with senders, 16 bytes; else empty
	At         time.Time
}

// Errors of subscriptions.
var (
	ErrSubscriptions  = tasknet.NewError(tasknet.Conflict, "too_many_subscriptions", "You can be woken on five devices; remove one first.")
	ErrNoSubscription = tasknet.NewError(tasknet.NotFound, "no_such_subscription", "You have no such subscription.")
)

// Subscriptions keeps who can be woken where, and what they wish.
type Subscriptions interface {
	// Subscribe saves a subscription and returns it as it is kept. A device has one of a channel, its newest. A target is kept
	// once: given again it keeps its id, and is whose it was given last. ErrSubscriptions.
	Subscribe(ctx context.Context, s Subscription) (Subscription, error)

	// Unsubscribe removes a subscription of the respondent, with the pushes to it that wait. ErrNoSubscription.
	Unsubscribe(ctx context.Context, who polls.RespondentID, id string) error

	// SubscriptionsOf lists a respondent's subscriptions, oldest first.
	SubscriptionsOf(ctx context.Context, who polls.RespondentID) ([]Subscription, error)

	// WishesOf returns what a respondent wishes, or polls.NewWishes.
	WishesOf(ctx context.Context, who polls.RespondentID) (polls.Wishes, error)

	// SetWishes saves what a respondent wishes.
	SetWishes(ctx context.Context, who polls.RespondentID, w polls.Wishes) error

	// Visited notes that a respondent opened a stream, so that they are offered questions while they are here, although nobody can
	// wake them.
	Visited(ctx context.Context, who polls.RespondentID, at time.Time) error

	// Seen notes when respondents last asked something of a server. Who was never to be woken, nor opened a stream, is not kept.
	Seen(ctx context.Context, at map[polls.RespondentID]time.Time) error
}
