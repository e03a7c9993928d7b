package labeling

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/tasknet/tasknet/polls"
)

// Like says which closed questions are like one that is to be asked: of its type and with as many choices; of one
// organisation, or of all when Org is empty; of one of its projects, or of all when Project is empty.
type Like struct {
	Org     polls.OrgID
	Project ProjectID
	Type    polls.Type
	Choices int
}

// Past is how a question went that is closed.
type Past struct {
	Question polls.QuestionID
	Policy   polls.Policy
	Answers  int
	Reason   Reason
	AskedAt  time.Time
	ClosedAt time.Time
}

// Timing is when somebody was given a question, and when they answered it.
type Timing struct {
	Respondent polls.RespondentID
	Device     polls.DeviceKey
	Given      time.Time // by the server's clock
	Accepted   time.Time // by the server's clock
	ClientMS   int64     // by the device's clock, Unix milliseconds
}

// HistoryStore tells how questions went. What it looks at is bounded: it may miss what is like where most is not.
type HistoryStore interface {
	// Past returns up to limit closed questions that are like what is asked for, the newest first.
	Past(ctx context.Context, l Like, limit int) ([]Past, error)

	// Timings returns those of up to limit answers to some questions, in no order.
	Timings(ctx context.Context, questions []polls.QuestionID, limit int) ([]Timing, error)
}

// What a median of working times is of, at least, and how long an answer takes at most: a question that lies open while
// its respondent is away was not worked on all the time.
const (
	TimedAnswersMin = 30
	TimedPeopleMin  = 3
	WorkTimeMax     = 10 * time.Minute
)

// WorkTime returns how long an answer takes: the median over people of the median of each, so that nobody counts for more
// because they answer more or faster. It is zero when there are fewer than TimedAnswersMin answers or TimedPeopleMin
// people.
//
// How long an answer took is at most the time since its respondent was given the question, and at most that since they
// answered another one on the same device: people are given several questions at once, and answer one after the other.
// The first is by the server's clock alone, the second by the device's alone.
func WorkTime(timings []Timing) (each time.Duration, answers, people int) {
	ordered := slices.Clone(timings)
	slices.SortFunc(ordered, func(a, b Timing) int { return cmp.Compare(a.ClientMS, b.ClientMS) })
	last := make(map[polls.DeviceKey]int64)
	took := make(map[polls.RespondentID][]time.Duration)
	for _, t := range ordered {
		d := min(t.Accepted.Sub(t.Given), WorkTimeMax)
		if before, ok := last[t.Device]; ok {
			d = min(d, time.Duration(t.ClientMS-before)*time.Millisecond)
		}
		last[t.Device] = t.ClientMS
		took[t.Respondent] = append(took[t.Respondent], max(d, 0))
	}
	if len(timings) < TimedAnswersMin || len(took) < TimedPeopleMin {
		return 0, len(timings), len(took)
	}
	medians := make([]time.Duration, 0, len(took))
	for _, of := range took {
		medians = append(medians, median(of))
	}
	return median(medians), len(timings), len(took)
}

// median returns the middle one, or the mean of the middle two.
func median(of []time.Duration) time.Duration {
	slices.Sort(of)
	n := len(of)
	return (of[(n-1)/2] + of[n/2]) / 2
}

// Pace returns how many answers an hour came to some closed questions, in thousandths, from when the first of them was
// asked until now. Zero when there are fewer than TimedAnswersMin.
func Pace(past []Past, now time.Time) (perHourMilli int) {
	answers, first := 0, now
	for _, p := range past {
		answers += p.Answers
		if p.AskedAt.Before(first) {
			first = p.AskedAt
		}
	}
	if answers < TimedAnswersMin {
		return 0
	}
	return int(int64(answers) * thousand * int64(time.Hour/time.Millisecond) / max(now.Sub(first).Milliseconds(), 1))
}
