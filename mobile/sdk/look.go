package sdk

import (
	"context"
	"time"

	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

const (
	// lookRest is how long after its opening a session leaves the network to what the person waits for.
	lookRest = 30 * time.Second

	// lookEvery is how often the log is looked into while no promise is overdue, and lookAgain how often it is asked whether it is
	// due, and tried again when it could not be read.
	lookEvery = 4 * time.Hour
	lookAgain = time.Hour
)

// logFound is all that looks into a log have found.
type logFound struct {
	Found      found        `json:"found"`
	Log        wire.Log     `json:"log"`         // which one, and the key that its checkpoints are held to
	ReceiptKey string       `json:"receipt_key"` // that has signed the receipts
	Looked     wire.Time    `json:"looked"`      // when a look last came through; zero before the first
	Waiting    int          `json:"waiting"`     // answers that the log may still get
	Broken     *brokenLog   `json:"broken,omitempty"`
	Missed     []keptAnswer `json:"missed"`
}

// found is what they have found wrong, in short.
type found struct {
	Instance string `json:"instance"`
	Log      bool   `json:"log"`     // it is the log as a whole
	Answers  int    `json:"answers"` // that it does not have as the receipts promised
}

// missedMost is how many answers LogFound returns with their evidence.
const missedMost = 100

// LogFound returns what looks into the public log have found, without asking the server: {"found": {"instance", "log", "answers"},
// "log": {"name", "key"}, "receipt_key", "looked", "waiting", "broken", "missed"}. In found are whether it is wrong as a whole, and
// how many answers it lacks; broken and missed have what shows that: {"instance", "kind", "seen", "now", "anchor"}, of a kind of
// unsigned, forked or unanchored, with the checkpoint before, the one after and what is on chain; and answers as Receipt returns
// them, up to 100.
func (s *Session) LogFound() (string, error) {
	_, end, err := s.begin(nil)
	if err != nil {
		return "", err
	}
	defer end()
	out, err := s.logFound()
	if err != nil {
		return "", typed(err)
	}
	return text(out), nil
}

func (s *Session) logFound() (logFound, error) {
	s.mu.Lock()
	in := s.known.Instance
	s.mu.Unlock()
	out := logFound{Found: found{Instance: in.Instance}, Log: in.Log, ReceiptKey: in.ReceiptKey, Missed: []keptAnswer{}}
	if in.Instance == "" {
		return out, nil
	}
	state, err := s.readLogState(in.Instance)
	if err != nil {
		return out, err
	}
	if state.Key != "" {
		out.Log.Key = state.Key
	}
	fresh, missed, err := s.promised(in.Instance)
	for _, p := range missed[:min(len(missed), missedMost)] {
		out.Missed = append(out.Missed, p.kept)
	}
	out.Looked, out.Broken, out.Waiting = state.Looked, state.Broken, len(fresh)
	out.Found.Log, out.Found.Answers = state.Broken != nil, len(missed)
	return out, err
}

// CheckLog looks into the server's public log now: for every receipt that was not found there before, whether it still has all that
// it had at the last look, and whether it is the one whose checkpoint is on chain. It returns what LogFound does. An error is that it
// could not be read. What may be something on the way, as files that do not fit each other, is an error, too, until it was so in
// four looks.
func (s *Session) CheckLog(c *Cancel) (string, error) { return s.checkLog(c, true) }

// CheckLogIfDue is CheckLog if the last look was four hours ago, or a receipt that none has looked for was to be kept by now, or
// else LogFound. An open session does so by itself, with the listener told: it is for what the platform wakes the app for.
func (s *Session) CheckLogIfDue(c *Cancel) (string, error) {
	if due, err := s.lookDue(); err != nil {
		return "", typed(err)
	} else if !due {
		return s.LogFound()
	}
	return s.checkLog(c, false)
}

func (s *Session) checkLog(c *Cancel, atOnce bool) (string, error) {
	return ask(s, c, func(ctx context.Context, person *client.Respondent) (out logFound, err error) {
		if err := s.looking.take(ctx); err != nil {
			return out, err
		}
		defer s.looking.pass()
		due, err := s.lookDue() // another one may have looked meanwhile
		if err != nil {
			return out, err
		}
		if !due && !atOnce {
			return s.logFound()
		}
		before, err := s.logFound()
		if err != nil {
			return out, err
		}
		if err := s.lookInLog(ctx, person); err != nil {
			return out, err
		}
		out, err = s.logFound()
		if err == nil && out.Found != before.Found {
			s.say(func() { s.tell.Found(text(out.Found)) })
		}
		return out, err
	})
}

// lookDue reports whether the log is to be looked into. Of who has never answered here nothing is.
func (s *Session) lookDue() (bool, error) {
	s.mu.Lock()
	instance, respondent := s.known.Instance.Instance, s.known.Respondent
	s.mu.Unlock()
	if respondent == "" {
		return false, nil
	}
	state, err := s.readLogState(instance)
	if err != nil {
		return false, err
	}
	now := s.clock.now()
	if ago := now.Sub(state.Looked.Time); ago >= lookEvery || ago < 0 { // the clock was wrong then, or is now
		return true, nil
	}
	fresh, _, err := s.promised(instance)
	for _, p := range fresh {
		if now.After(p.by) {
			return true, nil
		}
	}
	return false, err
}

// watchLog looks into the log whenever that is due. What fails is tried again.
func (s *Session) watchLog(rest time.Duration) {
	timer := time.NewTimer(rest)
	defer timer.Stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-s.look:
			timer.Reset(rest)
		case <-timer.C:
			_, _ = s.CheckLogIfDue(nil) // what is found is kept and told
			timer.Reset(lookAgain)
		}
	}
}

// lookSoon has it asked soon whether a look is due: timers stand still while a device sleeps.
func (s *Session) lookSoon() {
	select {
	case s.look <- struct{}{}:
	default:
	}
}
