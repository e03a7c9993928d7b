package labeling

import (
	"context"
	"slices"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// ModelHelp is a project's wish that a model helps. A question still closes with no fewer people's answers than its policy's Min.
type ModelHelp struct {
	Labels   int    // as of Help
	AuditPPM int    // likewise
	Model    []byte // what it looks like, as JSON that package compute reads; its classes are the project's choices
}

// ErrModelHelps reports a project that no model can help.
var ErrModelHelps = tasknet.NewError(tasknet.Invalid, "model_cannot_help", "A model helps projects whose answer is one of their choices (choice, yes_no or scale), with a confidence quorum.")

// For returns the help for questions with a policy.
func (m *ModelHelp) For(p polls.Policy) Help {
	return Help{Labels: m.Labels, AuditPPM: m.AuditPPM, Least: p.Min}
}

func (m *ModelHelp) check(p *Project) error {
	if p.Type != polls.Choice && p.Type != polls.YesNo && p.Type != polls.Scale || p.Policy.Kind != polls.Confidence {
		return ErrModelHelps
	}
	return m.For(p.Policy).Check(p.Policy)
}

// HelpStage is what is being done for a model that helps.
type HelpStage string

// The stages. While a model is trained or asked, one that was there before goes on helping.
const (
	HelpIdle     HelpStage = ""         // labels are gathered, or the model helps
	HelpTraining HelpStage = "training" // a node learns a model
	HelpAsking   HelpStage = "asking"   // nodes ask it about tasks
)

// Helping is how far the model of a project is.
//
//	gathering ──▶ training ──▶ asking ──▶ helping      labels half as many again: training, while the one before helps
//	                  │           │          │
//	                  ▼           ▼          ▼
//	              Problem: tried again   Off: gold says that it hurts, and it helps no more until its
//	              with more labels       requester switches it off and on again
type Helping struct {
	Project ProjectID
	Version int      // of this row: it is saved in place of the one that was read
	Seed    [32]byte // decides which tasks people answer all the same

	Stage   HelpStage
	Job     string // of the stage
	Data    string // artefact that the job reads
	Tasks   int    // that the project had when all that were open had been looked at
	Past    int    // likewise, that had ended
	Learned int    // with how many labels the newest training began
	Problem string // why the newest training or asking came to nothing; empty when it did not

	// What was found when it was last looked: of so many tasks that were done.
	Labels, Golds, Done int

	Round int          // of the newest training: 1, 2, 3
	Next  *HelpTrained // it was trained and is being asked; nil otherwise
	Now   *HelpTrained // it helps, or did before it was switched off; nil before

	Witness  string // the newest, empty when no model helps
	Skills   string // that it was learned with
	Versions int    // of witnesses
	Heard    int    // references that it was learned from
	Since    int    // that were compared since
	Known    int    // known answers among them
	Right    int    // of these, on which the model's likeliest choice is the true one

	Trial        Trial
	Audits       int // that closed while a model helped
	AuditAnswers int // that these took

	Off   string // why it was switched off by itself; empty while it was not
	OffAt time.Time
	Ended bool // its requester switched it off
}

// HelpTrained is a model that was trained.
type HelpTrained struct {
	Round       int
	Model       HelpModel
	Spec        []byte // as it was trained, JSON
	Temperature float64
}

// Saved estimates how many answers the model has saved: if the tasks that it helped with were like those that people answer all
// the same, these would have taken so many more.
func (h *Helping) Saved(c ProjectCounts) int {
	if h.Audits == 0 {
		return 0
	}
	return max(c.Helped*h.AuditAnswers/h.Audits-c.HelpedAnswers, 0)
}

// Measured is a gold or an audit with what a model said of it in a round.
type Measured struct {
	Question *polls.Question
	Opinion  Opinion
	Gold     int // the choice that is known to be true, or NoChoice
	Votes    []polls.Vote
}

// Right reports whether what the model says of a gold is likeliest is true. known: it is a gold, and the model says something of it.
func (m *Measured) Right() (right, known bool) {
	if m.Gold == NoChoice || len(m.Opinion) == 0 {
		return false, false
	}
	choice, _ := Likeliest(m.Opinion)
	return choice == m.Gold, true
}

// Said is what a model says of a question.
type Said struct {
	Question polls.QuestionID
	Opinion  Opinion // nil for nothing
	Audited  bool    // people close it alone, as they do golds
}

// ErrHelpingMoved reports that another server did the same.
var ErrHelpingMoved = tasknet.NewError(tasknet.Conflict, "helping_moved", "Another server has gone on with the project's model.")

// HelpStore keeps how far the models of projects are, and what they say. Each method is one transaction, or part of the caller's
// when the store was given by one.
type HelpStore interface {
	// HelpedProjects lists, by their ids, running projects that want a model's help.
	HelpedProjects(ctx context.Context, page tasknet.Page) ([]ProjectID, string, error)

	// Helping returns how far a project's model is; nil before there was any wish for one.
	Helping(ctx context.Context, id ProjectID) (*Helping, error)

	// SaveHelping saves it in place of the version that was read, and moves its version on. ErrHelpingMoved when there is another
	// by now.
	SaveHelping(ctx context.Context, h *Helping) error

	// SaveOpinions saves what a model says in a round, in place of what it said before.
	SaveOpinions(ctx context.Context, id ProjectID, round int, said []Said) error

	// ForgetOpinions forgets what models said in all rounds before one.
	ForgetOpinions(ctx context.Context, id ProjectID, round int) error

	// Unheard lists tasks by their keys with their questions of which nothing was said in a round: open ones that nobody has been
	// given yet, or closed ones.
	Unheard(ctx context.Context, id ProjectID, round int, closed bool, page tasknet.Page) ([]AskedTask, string, error)

	// Measured lists, by their questions, the closed golds and audits of which something was said in a round, with the
	// votes that count; golds that are suspended are not among them.
	// untried: only those of them.
	Measured(ctx context.Context, id ProjectID, round int, untried bool, page tasknet.Page) ([]Measured, string, error)

	// SetTried notes that some of these were compared.
	SetTried(ctx context.Context, round int, questions []polls.QuestionID) error
}

// Reference returns it as what a model is measured by, when that is known of the people who answered.
func (m *Measured) Reference(f *Family) Reference {
	r := Reference{Opinion: m.Opinion, Votes: m.Votes, Gold: m.Gold}
	if m.Gold == NoChoice {
		r.Posterior = f.Posterior(m.Votes)
	}
	return r
}

// Likeliest is the choice that people's answers make likeliest, with its posterior, the first of several.
func Likeliest(posterior []int) (choice, ppm int) {
	ppm = slices.Max(posterior)
	return slices.Index(posterior, ppm), ppm
}
