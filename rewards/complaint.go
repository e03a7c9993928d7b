package rewards

import (
	"time"

	"github.com/tasknet/tasknet"
)

// complaint tells an operator of what fails in a loop, without a line for each turn: at once when something else fails than
// before, again after pauses that double, and when it has passed.
type complaint struct {
	code  string // of what fails; empty while nothing does
	times int    // in a row, whatever it was
	pause time.Duration
	again time.Time
}

const (
	complaintFirst = time.Minute
	complaintMost  = time.Hour
)

// about takes what came of a turn. It reports whether that is to be told, as failing or as passed, and how often it failed in a row.
func (c *complaint) about(err error, now time.Time) (tell bool, failures int) {
	if err == nil {
		failures = c.times
		*c = complaint{}
		return failures > 0, failures
	}
	c.times++
	switch code := tasknet.Describe(err).Code; {
	case code != c.code:
		c.code, c.pause = code, complaintFirst
	case now.Before(c.again):
		return false, c.times
	default:
		c.pause = min(2*c.pause, complaintMost)
	}
	c.again = now.Add(c.pause)
	return true, c.times
}
