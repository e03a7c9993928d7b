package sdk

import (
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// clockTolerance is by how much the device's clock may differ from the server's without being corrected: the server's is told to
// the second, and a reply takes its time.
const clockTolerance = 2 * time.Minute

// clock tells the server's time. It learns from replies of the API how wrong the device's clock is, so that what is signed and
// what expires has the right time on a device whose date is wrong.
type clock struct {
	next  http.RoundTripper
	wall  func() time.Time
	ahead atomic.Int64 // of the device, in nanoseconds: what the server has more
}

// RoundTrip implements http.RoundTripper.
func (c *clock) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := c.next.RoundTrip(r)
	if err != nil || !strings.Contains(resp.Header.Get("Content-Type"), "json") { // a captive portal's time is nobody's
		return resp, err
	}
	if at, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		ahead := at.Sub(c.wall().Round(0)) // of wall clocks: a device that slept may have no other
		if ahead.Abs() < clockTolerance {
			ahead = 0
		}
		c.ahead.Store(int64(ahead))
	}
	return resp, nil
}

func (c *clock) now() time.Time { return c.wall().Add(time.Duration(c.ahead.Load())) }

// ClockWrong returns by how many milliseconds the device's clock is behind the server's, negative when it is ahead, and 0 when it
// is as right as it needs to be. The session reckons with it; an app tells the person.
func (s *Session) ClockWrong() int64 { return time.Duration(s.clock.ahead.Load()).Milliseconds() }
