package api

import (
	"context"
	"crypto/ecdh"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/wire"
)

// Push is what clients must know to be woken by this server.
type Push struct {
	Key      string // the public VAPID key, base64url
	Channels []pipeline.Channel
}

// authSize is the size of the secret that a browser shares with senders, by RFC 8291.
const authSize = 16

// clock is how a time of day is written.
const clock = "15:04"

var (
	errSubscription = tasknet.NewError(tasknet.Invalid, "bad_subscription", "Give one subscription: web, with an https address and the keys as the browser gives them; or fcm, with a token.")
	errChannel      = tasknet.NewError(tasknet.NotSupported, "no_such_channel", "This server does not send on that channel; GET /v1/me/push lists those that there are.")
	errClock        = tasknet.NewError(tasknet.Invalid, "bad_quiet_hours", "Quiet hours are two times of day such as 22:00 and 07:00.")
)

type (
	subscribeInput struct{ Body wire.Subscribe }
	wishesInput    struct{ Body wire.Wishes }
	openedInput    struct{ Body wire.Opened }
	subscriptionID struct {
		ID string `path:"id" doc:"The subscription's id"`
	}
)

func (s *Server) pushRoutes() {
	forRespondent(s, op(http.MethodGet, "/v1/me/push", tagMe, "my-push", "Where and for what I am woken"), s.myPush)
	subscribe := op(http.MethodPost, "/v1/me/push/subscriptions", tagMe, "subscribe", "Have this device woken when there is something to answer")
	subscribe.Description = "A device has one subscription of each channel, its newest. Given again, a subscription is the same one."
	subscribe.DefaultStatus = http.StatusCreated
	forRespondent(s, subscribe, s.subscribe)
	forRespondent(s, op(http.MethodDelete, "/v1/me/push/subscriptions/{id}", tagMe, "unsubscribe", "Have a device not woken any more"), s.unsubscribe)
	forRespondent(s, op(http.MethodPut, "/v1/me/push/wishes", tagMe, "set-wishes", "Say for what and when I want to be woken"), s.setWishes)
	forRespondent(s, op(http.MethodPost, "/v1/me/push/opened", tagMe, "opened", "Say that I came because of a push"), s.opened)
}

func (s *Server) myPush(ctx context.Context, who respondent, _ *empty) (*of[wire.Push], error) {
	list, err := s.Stores.Subscriptions().SubscriptionsOf(ctx, who.id)
	if err != nil {
		return nil, err
	}
	wishes, err := s.Stores.Subscriptions().WishesOf(ctx, who.id)
	if err != nil {
		return nil, err
	}
	out := wire.Push{
		Key: s.Push.Key, Channels: make([]string, len(s.Push.Channels)), Most: pipeline.SubscriptionsMax,
		Subscriptions: make([]wire.Subscription, len(list)), Wishes: wireWishes(wishes),
	}
	for i, c := range s.Push.Channels {
		out.Channels[i] = string(c)
	}
	for i, one := range list {
		out.Subscriptions[i] = wireSubscription(one)
	}
	return &of[wire.Push]{out}, nil
}

func (s *Server) subscribe(ctx context.Context, who respondent, in *subscribeInput) (*of[wire.Subscription], error) {
	now := s.Now().UTC().Truncate(time.Millisecond)
	one := pipeline.Subscription{ID: tasknet.NewID(pipeline.SubscriptionPrefix, now), Respondent: who.id, Device: who.device, At: now}
	switch web, fcm := in.Body.Web, in.Body.FCM; {
	case web != nil && fcm == nil:
		if err := webSubscription(&one, web); err != nil {
			return nil, err
		}
	case fcm != nil && web == nil:
		if strings.ContainsFunc(fcm.Token, func(r rune) bool { return r < 0x21 || r > 0x7e }) {
			return nil, errSubscription
		}
		one.Channel, one.Target = pipeline.FCM, pipeline.Secret(fcm.Token)
	default:
		return nil, errSubscription
	}
	if !slices.Contains(s.Push.Channels, one.Channel) {
		return nil, errChannel
	}
	kept, err := s.Stores.Subscriptions().Subscribe(ctx, one)
	return &of[wire.Subscription]{wireSubscription(kept)}, err
}

// webSubscription reads a browser's subscription. Where its address leads is checked when something is sent there.
func webSubscription(one *pipeline.Subscription, in *wire.WebSubscription) error {
	u, err := url.Parse(in.Endpoint)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Fragment != "" || (u.Port() != "" && u.Port() != "443") {
		return errSubscription
	}
	key, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(in.Keys.P256dh, "="))
	if err != nil {
		return errSubscription
	}
	if _, err := ecdh.P256().NewPublicKey(key); err != nil {
		return errSubscription
	}
	auth, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(in.Keys.Auth, "="))
	if err != nil || len(auth) != authSize {
		return errSubscription
	}
	one.Channel, one.Target, one.Key, one.Auth = pipeline.WebPush, pipeline.Secret(u.String()), pipeline.Secret(key), pipeline.Secret(auth)
	return nil
}

func (s *Server) unsubscribe(ctx context.Context, who respondent, in *subscriptionID) (*empty, error) {
	if err := tasknet.CheckID(pipeline.SubscriptionPrefix, in.ID); err != nil {
		return nil, err
	}
	return nil, s.Stores.Subscriptions().Unsubscribe(ctx, who.id, in.ID)
}

func (s *Server) setWishes(ctx context.Context, who respondent, in *wishesInput) (*of[wire.Wishes], error) {
	w := polls.Wishes{Languages: in.Body.Languages, Types: make([]polls.Type, len(in.Body.Types)), Least: in.Body.Least, PerDay: in.Body.PerDay}
	for i, t := range in.Body.Types {
		w.Types[i] = polls.Type(t)
	}
	var err error
	if w.Avoids, err = polls.ParseAvoids(in.Body.Avoids); err != nil {
		return nil, err
	}
	if w.Quiet.From, err = minuteOf(in.Body.Quiet.From); err != nil {
		return nil, err
	}
	if w.Quiet.Until, err = minuteOf(in.Body.Quiet.Until); err != nil {
		return nil, err
	}
	if w.Quiet.Zone, err = polls.Zone(in.Body.Quiet.Zone); err != nil {
		return nil, err
	}
	if w, err = w.Check(); err != nil {
		return nil, err
	}
	if err := s.Stores.Subscriptions().SetWishes(ctx, who.id, w); err != nil {
		return nil, err
	}
	return &of[wire.Wishes]{wireWishes(w)}, nil
}

func (s *Server) opened(ctx context.Context, who respondent, in *openedInput) (*empty, error) {
	if err := tasknet.CheckID(pipeline.WakePrefix, in.Body.Wake); err != nil {
		return nil, err
	}
	return nil, s.Stores.Pushes().OpenWake(ctx, who.id, who.device, in.Body.Wake, s.Now())
}

// minuteOf returns a time of day in minutes after midnight.
func minuteOf(text string) (int, error) {
	at, err := time.Parse(clock, text)
	if err != nil || len(text) != len(clock) {
		return 0, errClock
	}
	return at.Hour()*60 + at.Minute(), nil
}

func wireSubscription(one pipeline.Subscription) wire.Subscription {
	return wire.Subscription{ID: one.ID, Channel: string(one.Channel), Device: one.Device.String(), Created: wire.At(one.At)}
}

func wireWishes(w polls.Wishes) wire.Wishes {
	out := wire.Wishes{Languages: listOf(w.Languages), Types: make([]string, len(w.Types)), Least: w.Least, PerDay: w.PerDay, Avoids: w.Avoids.Names()}
	for i, t := range w.Types {
		out.Types[i] = string(t)
	}
	at := func(minute int) string { return time.Time{}.Add(time.Duration(minute) * time.Minute).Format(clock) }
	out.Quiet = wire.Quiet{From: at(w.Quiet.From), Until: at(w.Quiet.Until), Zone: w.Quiet.Zone.String()}
	return out
}
