package labeling

import (
	"context"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// Store keeps verdicts and skill snapshots. Each method is one transaction, or part of the caller's when the store was
// given by one.
type Store interface {
	// SaveVerdict saves the verdict on a question that has none, and counts the question to its family, if it has any, and to
	// the general one if its answers are choices. A Conflict when there is a verdict.
	SaveVerdict(ctx context.Context, v *Verdict) error

	// Verdict returns the verdict on a question, or ErrNoVerdict.
	Verdict(ctx context.Context, q polls.QuestionID) (*Verdict, error)

	// Verdicts lists all verdicts in the order in which they were made.
	Verdicts(ctx context.Context, page tasknet.Page) ([]*Verdict, string, error)

	// CountVerdicts returns how many questions are closed, and how many answers they had.
	CountVerdicts(ctx context.Context) (questions, answers int, err error)

	// AddGolds saves the known answers of questions that have none, in the transaction that asks them.
	AddGolds(ctx context.Context, golds ...Gold) error

	// Gold returns the known answer of a question, or nil when there is none.
	Gold(ctx context.Context, q polls.QuestionID) (*Gold, error)

	// CloseGold sets the state of a gold, in the transaction that closes its question, and whose answers are not as known
	// where they are values.
	CloseGold(ctx context.Context, q polls.QuestionID, state GoldState, missed []polls.RespondentID) error

	// Worthless returns whose answers to a question weigh nothing by the newest snapshot of its family, with its hash. Nobody,
	// and no hash, when there is none.
	Worthless(ctx context.Context, q polls.QuestionID) (snapshot string, people []polls.RespondentID, err error)

	// Strikes returns the strikes of a question.
	Strikes(ctx context.Context, q polls.QuestionID) (Strikes, error)

	// SaveStrikes adds strikes. None is ever taken back.
	SaveStrikes(ctx context.Context, strikes Strikes) error

	// Newcomers returns who answered a question and has not passed in any family of its organisation yet, if anybody could:
	// where there is gold among what the question is asked with, in its project or its organisation outside projects. Nobody
	// otherwise.
	Newcomers(ctx context.Context, q polls.QuestionID) ([]polls.RespondentID, error)

	// Unproven returns those of some people who have not passed in any family of an organisation.
	Unproven(ctx context.Context, org polls.OrgID, people []polls.RespondentID) ([]polls.RespondentID, error)

	// Prove notes that somebody has passed in a family of an organisation, and says whether they had not before in any.
	Prove(ctx context.Context, org polls.OrgID, family FamilyID, id polls.RespondentID, at time.Time) (fresh bool, err error)

	// VoidBy returns the hash of the newest snapshot of a family if somebody's answers weigh nothing by it, or nothing.
	VoidBy(ctx context.Context, family FamilyID, id polls.RespondentID) (snapshot string, err error)

	// DueFamilies returns up to limit families of which more can be learned than is: those with as many closed questions
	// as NextLesson asked for, and all with any more that were learned, or had their first, before a moment.
	DueFamilies(ctx context.Context, before time.Time, limit int) ([]FamilyProgress, error)

	// ClosedQuestions lists the closed questions of a family, the newest first, with their votes in order and what is known
	// to be true by gold that nobody contradicts. Votes that were struck are among them: they are what proves somebody
	// worthless. Where answers are values these are golds only; the choice 0 is known to be true, which is that of those who
	// gave the known answer, and that of the others is 1.
	ClosedQuestions(ctx context.Context, family FamilyID, page tasknet.Page) ([]Closed, string, error)

	// Elsewhere returns how people err in all families but one: everybody with answers in that one, and of others up to
	// limit, those with the most answers first.
	Elsewhere(ctx context.Context, family FamilyID, limit int) ([]Errors, error)

	// Calibrations returns those of all other families with gold and as many choices as one.
	Calibrations(ctx context.Context, family FamilyID, choices int) ([]Calibration, error)

	// SaveLearned saves what was learned of a family in place of what was known. A Conflict when it was learned anew
	// since the progress in it was read.
	SaveLearned(ctx context.Context, l Learned) error

	// SaveSnapshot saves a snapshot. Saving it again changes nothing.
	SaveSnapshot(ctx context.Context, s *Snapshot) error

	// Snapshot returns a snapshot by hash, or an error of kind NotFound.
	Snapshot(ctx context.Context, hash string) (*Snapshot, error)

	// SaveWitness saves what a model's word is worth. Saving it again changes nothing.
	SaveWitness(ctx context.Context, w *WitnessSnapshot) error

	// Witness returns it by its hash, or an error of kind NotFound.
	Witness(ctx context.Context, hash string) (*WitnessSnapshot, error)

	// LastSnapshot returns the hash of the newest snapshot of a family or, when it has none, of the general one of
	// questions with so many choices; or an error of kind NotFound.
	LastSnapshot(ctx context.Context, family FamilyID, choices int) (string, error)
}

// FamilyProgress is how much of a family is learned.
type FamilyProgress struct {
	Family  FamilyID
	Org     polls.OrgID // whose its questions are; empty for what is known of no family in particular
	Type    polls.Type  // of its questions; empty likewise
	Choices int         // 0 when answers are values
	Closed  int         // questions; golds, when answers are values
	Learned int         // how many of them had closed when it was last learned
	Version int         // of its newest snapshot; 0 when it has none
}

// IsOfValues reports whether answers to its questions are values.
func (p FamilyProgress) IsOfValues() bool { return p.Choices == 0 }

// IsGeneral reports whether it is what is known of no family in particular.
func (p FamilyProgress) IsGeneral() bool { return p.Family == General(p.Choices) }

// Known reports whether enough questions have closed for a snapshot of the family's own. Those of others are weighed by
// what is known in general.
func (p FamilyProgress) Known() bool { return p.IsGeneral() || p.Closed >= LessonMin }

// Learned is what was learned of a family.
type Learned struct {
	FamilyProgress // as it was when the learning began
	At             time.Time
	Errors         []Errors             // of people in this family
	Passed         []polls.RespondentID // whom gold of the family shows to be none that guess
	Calibration    Calibration          // by its own gold
	Snapshot       *Snapshot            // of the version after that of the progress; nil for none
}

// NextLesson says from how many closed questions on a family is worth learning anew, when so many were closed at the
// last time: a quarter more. What is learned changes less and less, and all of it costs as much as a few of the last.
func NextLesson(learned int) int { return learned + max(learned/4, LessonMin) }

// LessonMost is from how many of its questions, the newest, a family is learned.
const LessonMost = 20_000

// LessonMin is how many questions must have closed before a family is better known by its own than in general.
const LessonMin = 10
