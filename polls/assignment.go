package polls

import (
	"time"

	"github.com/tasknet/tasknet"
)

// AssignmentStatus is where an assignment is on its way.
type AssignmentStatus string

// The states of an assignment.
const (
	Leased   AssignmentStatus = "open"
	Answered AssignmentStatus = "answered"
	Skipped  AssignmentStatus = "skipped"
)

// Assignment is a lease on a question for one respondent. There is never a second one for the same two.
type Assignment struct {
	ID         AssignmentID
	Question   QuestionID
	Respondent RespondentID
	Status     AssignmentStatus
	CreatedAt  time.Time
	ExpiresAt  time.Time
	SkipReason string
}

// Lease is an assignment with its question and the name of who asks.
type Lease struct {
	Assignment Assignment
	Question   *Question
	AskedBy    string
	Content    Content // the question's, and that of its project
}

// Claim asks the store for leases. The rules: only open questions before their deadline; never one that the respondent
// was assigned before; no more open leases on a question than answers wanted plus Margin; no more tasks of a project than
// one person may have; nothing against the respondent's taste, unless the question is named, and what they like first; the oldest
// deadline first, and of those of a project that have the same one in an order that is chance. Golds come as Draw has it, in
// that order, and when there is nothing else. Where the store chooses, a question is given to those only to whom it is open
// by their share of its family and what its answers have left open, and a claim may look at a few hundred questions and no further for
// one that is. To who answers alike to somebody who has the question, or has answered it, half of the questions open last, named or not.
type Claim struct {
	Respondent RespondentID
	Question   QuestionID // this one and no other; empty: the store chooses
	Count      int        // how many leases the respondent shall hold; the ones held are returned first
	At         time.Time
	ExpiresAt  time.Time
	Margin     int
	Taste

	// PendingMost is from how much pending pay on, with that of open questions that they have answered, a newcomer gets no
	// question that is asked among golds: the first golds that they answer decide about it. Zero: however much.
	PendingMost tasknet.Amount
	Draw        int // at random, in parts per million: of those to whom it is under a project's gold rate the next question is a gold
}
