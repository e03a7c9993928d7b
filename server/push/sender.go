package push

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/tasknet/tasknet/server/pipeline"
)

// Sender sends messages on one channel.
type Sender interface {
	// Send gives a message to the push service of a subscription. The error says why, when the outcome is not PushTaken; it never
	// names the subscription's target.
	Send(ctx context.Context, to pipeline.Subscription, m *Message) (Result, error)
}

// Result is what a push service said.
type Result struct {
	Outcome pipeline.Outcome
	After   time.Duration // when PushLater: not sooner, or 0 when it did not say
}

// retryAfter reads the header of that name: seconds, or a date.
func retryAfter(h http.Header, now time.Time) time.Duration {
	text := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(text); err == nil && seconds > 0 {
		return time.Duration(min(seconds, 24*60*60)) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil && at.After(now) {
		return min(at.Sub(now), 24*time.Hour)
	}
	return 0
}
