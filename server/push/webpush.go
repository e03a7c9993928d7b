package push

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	webpush "github.com/SherClockHolmes/webpush-go"

	"github.com/tasknet/tasknet/server/pipeline"
)

// replyMost is how much of a push service's reply is read.
const replyMost = 4 << 10

// Web sends by Web Push: RFC 8030, encrypted by RFC 8291, with VAPID by RFC 8292.
type Web struct {
	key     Key
	contact string // who runs this server: an address of mail, or one that begins with https:
	client  *http.Client
	refused error // what client returns for an address that it does not send to
	now     func() time.Time
}

// NewWeb returns a sender that asks push services, whose addresses strangers choose, by a client that goes nowhere but to
// the public internet; refused is the error by which it says so.
func NewWeb(key Key, contact string, client *http.Client, refused error, now func() time.Time) *Web {
	return &Web{key, contact, client, refused, now}
}

// Send implements Sender.
func (w *Web) Send(ctx context.Context, to pipeline.Subscription, m *Message) (Result, error) {
	text, err := m.encode()
	if err != nil {
		return Result{Outcome: pipeline.PushFailed}, err
	}
	now, urgency := w.now(), webpush.UrgencyNormal
	if m.urgent(now) {
		urgency = webpush.UrgencyHigh
	}
	encode := func(s pipeline.Secret) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	reply, err := webpush.SendNotificationWithContext(ctx, text, &webpush.Subscription{
		Endpoint: string(to.Target), Keys: webpush.Keys{Auth: encode(to.Auth), P256dh: encode(to.Key)},
	}, &webpush.Options{
		HTTPClient: w.client, Subscriber: w.contact, Topic: m.topic(), TTL: int(m.ttl(now) / time.Second), Urgency: urgency,
		VAPIDPublicKey: w.key.Public(), VAPIDPrivateKey: base64.RawURLEncoding.EncodeToString(w.key.private.Bytes()),
	})
	if err != nil {
		if w.refused != nil && errors.Is(err, w.refused) { // it will never lead anywhere
			return Result{Outcome: pipeline.PushGone}, w.refused
		}
		return Result{Outcome: pipeline.PushLater}, withoutAddress(err)
	}
	defer reply.Body.Close()
	_, _ = io.CopyN(io.Discard, reply.Body, replyMost)
	return webResult(reply, now)
}

// webResult reads what a push service said: RFC 8030, sections 5 and 7.3.
func webResult(reply *http.Response, now time.Time) (Result, error) {
	err := fmt.Errorf("the push service said %d", reply.StatusCode)
	switch status := reply.StatusCode; {
	case status >= 200 && status < 300:
		return Result{Outcome: pipeline.PushTaken}, nil
	case status == http.StatusNotFound || status == http.StatusGone:
		return Result{Outcome: pipeline.PushGone}, err
	case status == http.StatusTooManyRequests || status >= 500:
		return Result{pipeline.PushLater, retryAfter(reply.Header, now)}, err
	}
	return Result{Outcome: pipeline.PushFailed}, err
}

// withoutAddress takes the address out of a client's error: it is a secret.
func withoutAddress(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return errors.New("the message could not be made")
}
