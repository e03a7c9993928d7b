package push

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	firebase "firebase.google.com/go/v4"
	"firebase.google.com/go/v4/errorutils"
	"firebase.google.com/go/v4/messaging"
	"google.golang.org/api/option"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/pipeline"
)

// quotaPause is for how long nothing is sent when a quota is used up and the reply does not say for how long: quotas are by
// the minute.
const quotaPause = time.Minute

// ErrFirebase reports credentials by which nothing can be sent.
var ErrFirebase = tasknet.NewError(tasknet.Invalid, "bad_firebase_credentials", "PUSH_FCM_FILE is the file of a service account of a Firebase project, as its console gives it.")

// Firebase sends by Firebase Cloud Messaging, HTTP v1. Google can read what goes this way: a message names what it is about
// and what it pays, and says nothing of it. The app asks for the rest.
type Firebase struct {
	client *messaging.Client
	now    func() time.Time
}

// NewFirebase returns a sender of a Firebase project. Options say who sends: option.WithAuthCredentialsFile, or
// option.WithHTTPClient with a client that does. An empty project is the credentials'. ErrFirebase.
func NewFirebase(ctx context.Context, project string, now func() time.Time, options ...option.ClientOption) (*Firebase, error) {
	app, err := firebase.NewApp(ctx, &firebase.Config{ProjectID: project}, options...)
	if err != nil {
		return nil, errors.Join(ErrFirebase, err)
	}
	client, err := app.Messaging(ctx)
	if err != nil {
		return nil, errors.Join(ErrFirebase, err)
	}
	return &Firebase{client, now}, nil
}

// Send implements Sender.
func (f *Firebase) Send(ctx context.Context, to pipeline.Subscription, m *Message) (Result, error) {
	now := f.now()
	ttl, priority := m.ttl(now), "normal"
	if m.urgent(now) {
		priority = "high"
	}
	data := map[string]string{"wake": m.Wake, "until_ms": strconv.FormatInt(m.Deadline.UnixMilli(), 10)}
	if m.Notice != "" {
		data["notice"] = m.Notice
	} else {
		data["pays"], data["symbol"] = m.Pays, m.Symbol
	}
	if m.Question != nil {
		data["question"] = string(m.Question.ID)
	}
	_, err := f.client.Send(ctx, &messaging.Message{
		Token: string(to.Target), Data: data, Android: &messaging.AndroidConfig{CollapseKey: m.topic(), Priority: priority, TTL: &ttl},
		APNS: &messaging.APNSConfig{
			Headers: map[string]string{"apns-collapse-id": m.topic(), "apns-expiration": strconv.FormatInt(now.Add(ttl).Unix(), 10)},
			Payload: &messaging.APNSPayload{Aps: &messaging.Aps{ContentAvailable: true, ThreadID: m.topic()}},
		},
	})
	return firebaseResult(err, now)
}

// firebaseResult reads what Firebase said. Its client has tried again when it could not be reached or was not available.
func firebaseResult(err error, now time.Time) (Result, error) {
	if err == nil {
		return Result{Outcome: pipeline.PushTaken}, nil
	}
	if messaging.IsUnregistered(err) || messaging.IsSenderIDMismatch(err) {
		return Result{Outcome: pipeline.PushGone}, err
	}
	reply := errorutils.HTTPResponse(err) //nolint:bodyclose // the client has read and closed it
	if reply == nil {                     // it did not answer
		return Result{Outcome: pipeline.PushLater}, err
	}
	after := retryAfter(reply.Header, now)
	switch {
	case messaging.IsQuotaExceeded(err) || reply.StatusCode == http.StatusTooManyRequests:
		return Result{pipeline.PushLater, max(after, quotaPause)}, err
	case reply.StatusCode >= http.StatusInternalServerError:
		return Result{pipeline.PushLater, after}, err
	}
	return Result{Outcome: pipeline.PushFailed}, err
}
