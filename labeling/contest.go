package labeling

import (
	"context"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/polls"
)

// ContestID is the id of a contest.
type ContestID string

// ContestPrefix is the prefix of a ContestID.
const ContestPrefix = "cts"

// ContestStatus says what happens to a contest.
type ContestStatus string

// The states of a contest. All but the first are final.
const (
	ContestRunning   ContestStatus = "running"
	ContestSettled   ContestStatus = "settled"   // the ranking has the confidence that was asked for
	ContestSpent     ContestStatus = "spent"     // it had its most comparisons before that
	ContestCancelled ContestStatus = "cancelled" // its open questions were closed with the answers that they had
)

// Item is what is compared with others.
type Item struct {
	Name  string // as a question's choice
	Image *polls.Image
}

// ContestDraft is what a requester says of a contest.
type ContestDraft struct {
	Org   polls.OrgID
	Text  string // what is asked about each pair, such as "Which one reads better?"
	Items []Item
	Goal
	AtOnce   int            // how many comparisons are open at a time
	Price    tasknet.Amount // what a comparison pays
	Lifetime time.Duration  // of a comparison's question
}

// Contest is items that people compare two by two until the ranking that is asked for is settled. Each comparison is a
// question of type polls.Pair for one person.
type Contest struct {
	ID ContestID
	ContestDraft
	Status    ContestStatus
	Problem   string // the code of the error that keeps it from asking; empty when it goes on
	Asked     int    // comparisons
	Ranking   *Ranking
	CreatedAt time.Time
	EndedAt   time.Time // zero while it runs
}

// Pairing is a question that compares two items of a contest.
type Pairing struct {
	Contest  ContestID
	Number   int // 0, 1, 2, ... in the order of asking
	Question polls.QuestionID
	First    int // the item that is choice 0
	Second   int
	Closed   bool // set by the store
}

// ContestStore keeps contests. Each method is one transaction, or part of the caller's when the store was given by one.
type ContestStore interface {
	// CreateContest saves a new contest.
	CreateContest(ctx context.Context, c *Contest) error

	// Contest returns a contest, or ErrNoContest.
	Contest(ctx context.Context, id ContestID) (*Contest, error)

	// LockContest is Contest, and keeps others from changing it until the transaction ends.
	LockContest(ctx context.Context, id ContestID) (*Contest, error)

	// Contests lists an organisation's contests, newest first.
	Contests(ctx context.Context, org polls.OrgID, page tasknet.Page) ([]*Contest, string, error)

	// RunningContests returns contests that run, oldest first.
	RunningContests(ctx context.Context, limit int) ([]ContestID, error)

	// SaveContest saves what changes of a contest: all that is not of its draft. ErrNoContest.
	SaveContest(ctx context.Context, c *Contest) error

	// AddPairings saves new pairings.
	AddPairings(ctx context.Context, pairings []Pairing) error

	// Pairings returns all pairings of a contest by their number.
	Pairings(ctx context.Context, id ContestID) ([]Pairing, error)
}

// Limits of contests.
const (
	ComparisonsMax     = 20_000
	ContestAtOnceMax   = 100
	contestAtOnceUsual = 10
	contestNameMax     = 80 // characters: two of them stand in one question
)

// Errors of contests.
var (
	ErrNoContest   = tasknet.NewError(tasknet.NotFound, "no_such_contest", "There is no such contest; check the id.")
	errItems       = tasknet.NewError(tasknet.Invalid, "bad_items", "Give 2 to 1000 different items, each with a name of 1 to 80 characters.")
	errAtOnce      = tasknet.NewError(tasknet.Invalid, "bad_at_once", "Between 1 and 100 comparisons may be open at once.")
	errComparisons = tasknet.NewError(tasknet.Invalid, "bad_max", "A contest may have up to 20000 comparisons.")
)

// NewContest checks a draft and makes a contest of it. Left out, AtOnce is 10.
func NewContest(d ContestDraft, now time.Time) (*Contest, error) {
	now = now.UTC().Truncate(time.Millisecond)
	if d.AtOnce == 0 {
		d.AtOnce = contestAtOnceUsual
	}
	c := &Contest{ID: ContestID(tasknet.NewID(ContestPrefix, now)), ContestDraft: d, Status: ContestRunning, CreatedAt: now}
	names := make(map[string]bool, len(d.Items))
	for _, i := range d.Items {
		if strings.TrimSpace(i.Name) == "" || !polls.PlainText(i.Name, contestNameMax) || names[i.Name] {
			return nil, errItems
		}
		names[i.Name] = true
	}
	switch {
	case len(d.Items) < 2 || len(d.Items) > aggregate.PairsIntervalsMax:
		return nil, errItems
	case d.AtOnce < 1 || d.AtOnce > ContestAtOnceMax:
		return nil, errAtOnce
	case d.Max > ComparisonsMax:
		return nil, errComparisons
	}
	if err := d.Check(len(d.Items)); err != nil {
		return nil, err
	}
	_, err := polls.NewQuestion(c.Compare(0, 1), "", now) // what is wrong with the text or the price is wrong with all of them
	return c, err
}

// Compare returns the question that compares two items. Images are shown when both have one.
func (c *Contest) Compare(first, second int) polls.Draft {
	a, b := c.Items[first], c.Items[second]
	d := polls.Draft{
		Org: c.Org, Type: polls.Pair, Text: c.Text, Choices: []string{a.Name, b.Name}, Price: c.Price, Lifetime: c.Lifetime,
		Policy: polls.Policy{Kind: polls.Fixed, Min: 1, Max: 1},
	}
	if a.Image != nil && b.Image != nil {
		d.ChoiceImages = []polls.Image{*a.Image, *b.Image}
	}
	return d
}

// contestEnding is the problem of a contest that its requester has cancelled, until its open questions are closed.
const contestEnding = "cancelled"

// AskNoMore notes that the requester cancels a contest. One that is over stays as it is.
func (c *Contest) AskNoMore() {
	if c.Status == ContestRunning {
		c.Problem = contestEnding
	}
}

// Ending says whether a contest is cancelled as soon as its open questions are closed.
func (c *Contest) Ending() bool { return c.Status == ContestRunning && c.Problem == contestEnding }

// Cancel ends a contest. One that is over stays as it is.
func (c *Contest) Cancel(now time.Time) {
	if c.Status == ContestRunning {
		c.Status, c.Problem, c.EndedAt = ContestCancelled, "", now
	}
}

// Know takes in what comparisons say, and ends the contest when they are enough.
func (c *Contest) Know(r *Ranking, now time.Time) {
	c.Ranking = r
	switch r.Reason {
	case Quorum:
		c.Status, c.EndedAt = ContestSettled, now
	case Spent:
		c.Status, c.EndedAt = ContestSpent, now
	}
}
