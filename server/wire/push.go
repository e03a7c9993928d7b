package wire

import "github.com/tasknet/tasknet"

// Push is how somebody is woken when there is something to answer.
type Push struct {
	Key           string         `json:"key" doc:"The server's public VAPID key, for PushManager.subscribe: a point on P-256, base64url"`
	Channels      []string       `json:"channels" doc:"On which a subscription is taken here: web, fcm"`
	Most          int            `json:"most" doc:"How many subscriptions one person may have"`
	Subscriptions []Subscription `json:"subscriptions" doc:"Oldest first"`
	Wishes        Wishes         `json:"wishes"`
}

// Subscription is a browser or an app that can be woken. Where its pushes go is never told again.
type Subscription struct {
	ID      string `json:"id"`
	Channel string `json:"channel" enum:"web,fcm"`
	Device  string `json:"device" doc:"Whose it is"`
	Created Time   `json:"created_at"`
}

// Subscribe is the body of POST /v1/me/push/subscriptions: one of both.
type Subscribe struct {
	Web *WebSubscription `json:"web,omitempty" doc:"What PushSubscription.toJSON returns, without its expirationTime"`
	FCM *FCMSubscription `json:"fcm,omitempty"`
}

// WebSubscription is a browser's subscription.
type WebSubscription struct {
	Endpoint string      `json:"endpoint" maxLength:"1000" doc:"An https address on the public internet, of the browser's push service"`
	Keys     WebPushKeys `json:"keys"`
}

// WebPushKeys are the keys of a browser's subscription.
type WebPushKeys struct {
	P256dh string `json:"p256dh" maxLength:"100" doc:"The browser's public key: a point on P-256 of 65 bytes, base64url"`
	Auth   string `json:"auth" maxLength:"50" doc:"16 bytes, base64url"`
}

// FCMSubscription is an app's subscription at Firebase Cloud Messaging.
type FCMSubscription struct {
	Token string `json:"token" minLength:"1" maxLength:"1000" doc:"The registration token of the app"`
}

// Wishes say for what and when somebody wants to be woken.
type Wishes struct {
	Languages []string       `json:"languages" maxItems:"20" doc:"As BCP 47 tags: only for work in one of these; empty: in any" example:"en,pt-BR"`
	Types     []string       `json:"types" maxItems:"20" doc:"Only for these types of questions; empty: for any" example:"yes_no"`
	Avoids    []string       `json:"avoids,omitempty" maxItems:"60" doc:"Never for what has one of these warnings or topics, or is of one of these types" example:"adult"`
	Least     tasknet.Amount `json:"least" doc:"Only for answers that pay so much"`
	Quiet     Quiet          `json:"quiet"`
	PerDay    int            `json:"per_day" minimum:"1" maximum:"50" doc:"At most so often in a day"`
}

// Quiet is the time of day in which somebody is never woken. The same time twice: there is none.
type Quiet struct {
	From  string `json:"from" doc:"A time of day, HH:MM" example:"22:00"`
	Until string `json:"until" doc:"A time of day, HH:MM; on the next day when it is not later than from" example:"07:00"`
	Zone  string `json:"zone" maxLength:"64" doc:"Name of a time zone in the IANA database" example:"Europe/Lisbon"`
}

// Opened is the body of POST /v1/me/push/opened.
type Opened struct {
	Wake string `json:"wake" doc:"The wake that the push named"`
}

// Offer is the data of the event question.offered: there is something to answer.
type Offer struct {
	Question string `json:"question,omitempty" doc:"Left out where any will do, as of a project"`
}
