package polls

import (
	"context"
	"time"

	"github.com/tasknet/tasknet"
)

// Store keeps polls. Each method is one transaction, or part of the caller's when the store was given by one.
// A method that returns a list returns with it the cursor of the next page, empty at the end.
type Store interface {
	QuestionStore
	AnswerStore
	PeopleStore
	RequesterStore
}

// QuestionStore keeps questions.
type QuestionStore interface {
	// CreateQuestions saves new questions.
	CreateQuestions(ctx context.Context, questions ...*Question) error

	// Question returns a question, or ErrNoQuestion.
	Question(ctx context.Context, id QuestionID) (*Question, error)

	// LockQuestion is Question, and keeps others from changing it until the transaction ends.
	LockQuestion(ctx context.Context, id QuestionID) (*Question, error)

	// Questions lists an organisation's questions, newest first.
	Questions(ctx context.Context, filter QuestionFilter, page tasknet.Page) ([]*Question, string, error)

	// DueQuestions returns up to limit questions that are closing, or open or paused past their deadline at a moment, oldest
	// deadline first.
	DueQuestions(ctx context.Context, at time.Time, limit int) ([]QuestionID, error)

	// LatestDeadline returns the latest deadline of the questions that are not closed, zero when all are.
	LatestDeadline(ctx context.Context) (time.Time, error)

	// SaveProgress sets a question's status, how many of its answers are struck, its counts, state and how many more it wants,
	// in the transaction that has locked it.
	SaveProgress(ctx context.Context, q *Question) error

	// CloseQuestion moves a question that is open or closing to closed. ErrClosed when it is closed.
	CloseQuestion(ctx context.Context, id QuestionID, at time.Time) error
}

// QuestionFilter selects questions. Zero fields select all.
type QuestionFilter struct {
	Org    OrgID
	Status Status
}

// AnswerStore keeps assignments and answers.
type AnswerStore interface {
	// ClaimAssignments returns the leases that the respondent then holds, at most c.Count: first those held already,
	// then new ones under the rules of Claim. With c.Question set it returns that lease or ErrNotAvailable (also when
	// it was answered or skipped), ErrMostTasks, or ErrNoQuestion.
	ClaimAssignments(ctx context.Context, c Claim) ([]Lease, error)

	// SkipAssignment gives a lease back for good. Skipping again changes nothing. ErrNoAssignment (also when it is
	// somebody else's), ErrAnswered.
	SkipAssignment(ctx context.Context, by RespondentID, id AssignmentID, reason string, at time.Time) error

	// RecordAnswers completes the batch, lets it Resolve, and writes: answers, their assignments, the questions'
	// progress, the commit, and an event answer.accepted each; and question.closing for each that stopped.
	RecordAnswers(ctx context.Context, b *Batch, stopper Stopper) error

	// Commit returns the commit with a receipt's id, or ErrNoAnswer.
	Commit(ctx context.Context, id ReceiptID) (*Commit, error)

	// AnswersTo returns all answers to a question in the order in which they were accepted: by Place.
	AnswersTo(ctx context.Context, id QuestionID) ([]Answer, error)

	// AnswersBy lists a respondent's answers, each with its question; those to what they were assigned last come first.
	AnswersBy(ctx context.Context, id RespondentID, page tasknet.Page) ([]AnswerWithQuestion, string, error)

	// Standing counts what a respondent has answered, what a claim could get (at most its Count), and what they earn at
	// questions that are not closed: nothing by answers that are struck.
	Standing(ctx context.Context, c Claim) (Standing, error)
}

// AnswerWithQuestion is an answer and what it answered.
type AnswerWithQuestion struct {
	Answer   Answer
	Question *Question
}

// Standing sums a respondent up.
type Standing struct {
	Answered  int
	Available int
	Held      tasknet.Amount
	Capped    bool // their pending pay keeps them from questions among golds
	Refused   int  // kinds of questions that are not given to them any more, since what they answer is worth nothing
}

// PeopleStore keeps respondents and their devices.
type PeopleStore interface {
	// Register saves a device of the wallet's respondent and returns the respondent, whom it creates as r when the
	// wallet is new. The same delegation again changes nothing. A newer one of the same wallet replaces the device's
	// dates and lifts its revocation. ErrDeviceTaken when the key belongs to another wallet.
	Register(ctx context.Context, r Respondent, d Device) (Respondent, error)

	// Respondent returns a respondent, or ErrNoRespondent.
	Respondent(ctx context.Context, id RespondentID) (Respondent, error)

	// Device returns a device, or ErrUnknownDevice.
	Device(ctx context.Context, key DeviceKey) (*Device, error)

	// Devices lists a respondent's devices, oldest first.
	Devices(ctx context.Context, id RespondentID) ([]Device, error)

	// RevokeDevice ends a device of the respondent. Again changes nothing. ErrUnknownDevice.
	RevokeDevice(ctx context.Context, id RespondentID, key DeviceKey, at time.Time) error
}

// RequesterStore keeps organisations and their API keys.
type RequesterStore interface {
	// CreateOrg saves a new organisation.
	CreateOrg(ctx context.Context, o Org) error

	// Org returns an organisation, or ErrNoOrg.
	Org(ctx context.Context, id OrgID) (Org, error)

	// Orgs lists organisations, oldest first.
	Orgs(ctx context.Context, page tasknet.Page) ([]Org, string, error)

	// CreateKey saves a new API key.
	CreateKey(ctx context.Context, k Key) error

	// Key returns a key by its secret's hash, revoked or not, or ErrNoKey.
	Key(ctx context.Context, secretHash [32]byte) (Key, error)

	// Keys lists an organisation's keys, newest first.
	Keys(ctx context.Context, org OrgID, page tasknet.Page) ([]Key, string, error)

	// RevokeKey ends a key of the organisation. Again changes nothing. ErrNoKey.
	RevokeKey(ctx context.Context, org OrgID, id KeyID, at time.Time) error

	// UseKey notes that a key was used.
	UseKey(ctx context.Context, id KeyID, at time.Time) error
}
