package rewards

import (
	"log/slog"
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

// about logs what came of a turn, if it is to be told: as failing with the error, or as passed.
func (c *complaint) about(log *slog.Logger, now time.Time, err error, failing, passed string, args ...any) {
	if err == nil {
		if c.times > 0 {
			log.Info(passed, append(args, "failures", c.times)...)
		}
		*c = complaint{}
		return
	}
	c.times++
	switch code := tasknet.Describe(err).Code; {
	case code != c.code:
		c.code, c.pause = code, complaintFirst
	case now.Before(c.again):
		return
	default:
		c.pause = min(2*c.pause, complaintMost)
	}
	c.again = now.Add(c.pause)
	log.Error(failing, append(args, "error", err, "failures", c.times)...)
}
