package labeling

import (
	"slices"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// ProjectID is the id of a project.
type ProjectID string

// ProjectPrefix is the prefix of a ProjectID.
const ProjectPrefix = "prj"

// ProjectStatus says what happens to a project.
type ProjectStatus string

// The states of a project.
//
//	running ──▶ completed    when no task is open and no import is under way; new tasks make it run again
//	  │  ▲
//	  ▼  │ resume
//	paused                   its questions are given to nobody; answers under leases that are out still count
//
//	running, paused ──cancel──▶ cancelled     its open questions close with the answers that they have
//	cancelled, completed ──reopen──▶ running  tasks that closed before they had enough answers are asked anew
const (
	Running          ProjectStatus = "running"
	Paused           ProjectStatus = "paused"
	ProjectCancelled ProjectStatus = "cancelled"
	Completed        ProjectStatus = "completed"
)

// Work is what is being done to all tasks of a project, in batches. It survives a restart.
type Work string

// The kinds of work.
const (
	NoWork     Work = ""
	Pausing    Work = "pausing"
	Resuming   Work = "resuming"
	Cancelling Work = "cancelling"
	Reopening  Work = "reopening"
)

// Template is what all questions of a project have in common.
type Template struct {
	Type    polls.Type
	Text    string   // the question; empty when each task brings its own
	Choices []string // or classes; for pairs and rankings empty when each task brings its own
	polls.Options
}

// Example shows what a good answer is, or a bad one, and why.
type Example struct {
	Good   bool   `json:"good"`
	Text   string `json:"text,omitempty"`
	Image  string `json:"image,omitempty"` // the hash of a stored image
	Answer string `json:"answer"`          // in words
	Why    string `json:"why,omitempty"`
}

// ProjectDraft is what a requester says of a project.
type ProjectDraft struct {
	Org          polls.OrgID
	Name         string
	Instructions string
	Examples     []Example
	Template
	Policy    polls.Policy
	Price     tasknet.Amount // what one answer pays
	Lifetime  time.Duration  // of a task's question, from asking to its deadline
	GoldPPM   int            // how many of the questions that somebody gets are golds, in parts per million
	Languages []string       // one of which respondents read, as BCP 47 tags; empty: any
	Content   polls.Content  // of all of its tasks, whatever they were asked with

	// MostPerPerson is how many of its tasks one person may answer; 0 for any number. A task counts that was ever given to
	// them, but for those that they skipped: an answer may still come when the time for it is over.
	MostPerPerson int

	// DifficultyPPM is by how much of itself, in parts per million, the price of tasks to come rises with each answer that the
	// tasks which closed took on average beyond the policy's fewest: see PriceOf. 0: it does not.
	DifficultyPPM int

	// Help, if not nil, has a model answer with the crowd.
	Help *ModelHelp
}

// Project is a template, and the tasks that are put into it. Each task is one question.
type Project struct {
	ID ProjectID
	ProjectDraft
	Status    ProjectStatus
	Work      Work
	WorkAfter string // the key of the last task that the work is done for
	Problem   string // the code of the error that keeps the work from going on; empty when it does
	Imports   int    // under way
	Counts    ProjectCounts
	CreatedAt time.Time
}

// ProjectCounts sums the tasks of a project up. Answers and money are those of closed questions.
type ProjectCounts struct {
	Tasks   int // Open, Done and Ended
	Open    int
	Done    int
	Ended   int
	Answers int
	Paid    tasknet.Amount // to respondents
	Fees    tasknet.Amount // to the operator

	// Forfeited went to nobody, for answers that were struck and that no others took the place of.
	Forfeited tasknet.Amount

	// Helped closed with a verdict in which a model's word counts, after so many answers.
	Helped        int
	HelpedAnswers int
}

// Cost is what the tasks that closed cost their requester.
func (c ProjectCounts) Cost() tasknet.Amount { return c.Paid.Add(c.Fees).Add(c.Forfeited) }

// Limits of a project.
const (
	ProjectNameMax      = 120
	InstructionsMax     = 20_000
	ExamplesMax         = 20
	ExampleLengthMax    = 2000
	LanguagesMax        = 10
	GoldPPMDefault      = 100_000
	GoldPPMMax          = 500_000
	MostPerPersonMax    = 1_000_000
	TaskLifetimeDefault = polls.DeadlineMax
)

// Errors of projects.
var (
	ErrNoProject      = tasknet.NewError(tasknet.NotFound, "no_such_project", "There is no such project; check the id.")
	ErrNoTask         = tasknet.NewError(tasknet.NotFound, "no_such_task", "The project has no task with this key.")
	ErrProjectPaused  = tasknet.NewError(tasknet.Conflict, "project_paused", "The project is paused; resume it first.")
	ErrProjectOver    = tasknet.NewError(tasknet.Conflict, "project_cancelled", "The project is cancelled; reopen it first.")
	ErrProjectBusy    = tasknet.NewError(tasknet.Conflict, "project_busy", "The questions of the project are still being closed; wait until its work is done.")
	ErrNothingToPause = tasknet.NewError(tasknet.Conflict, "project_completed", "The project is completed: no task is open.")
	ErrNothingEnded   = tasknet.NewError(tasknet.Conflict, "nothing_to_reopen", "No task of the project closed before it had enough answers; import new tasks instead.")

	errProjectName  = tasknet.NewError(tasknet.Invalid, "bad_name", "Give the project a name of 1 to 120 characters, without control characters.")
	errInstructions = tasknet.NewError(tasknet.Invalid, "bad_instructions", "Instructions may have at most 20000 characters, in UTF-8 and without control characters.")
	errExamples     = tasknet.NewError(tasknet.Invalid, "bad_examples", "Give at most 20 examples, each with an answer, and a text, an image or both; no text may have more than 2000 characters.")
	errGoldRate     = tasknet.NewError(tasknet.Invalid, "bad_gold_rate", "The gold rate is a decimal from 0 to 0.5.")
	errMostEach     = tasknet.NewError(tasknet.Invalid, "bad_most_per_person", "How many tasks one person may answer is a number from 1 to 1000000, or 0 for any number.")
	errLanguages    = tasknet.NewError(tasknet.Invalid, "bad_languages", `Give at most 10 languages as BCP 47 tags, such as "en" or "pt-BR".`)
)

// standIn is the content of a task that a template is tried with.
var standIn = polls.Draft{Text: "?", Passage: "?", Image: &polls.Image{Width: 1, Height: 1}}

// NewProject checks a draft and makes a project of it.
func NewProject(d ProjectDraft, now time.Time) (*Project, error) {
	now = now.UTC().Truncate(time.Millisecond)
	p := &Project{ID: ProjectID(tasknet.NewID(ProjectPrefix, now)), ProjectDraft: d, Status: Running, CreatedAt: now}
	return p, p.check(now)
}

// Change replaces what may be changed of a project: all but its template. Questions that are open keep what they have;
// price, policy and lifetime are those of tasks to come.
func (p *Project) Change(d ProjectDraft, now time.Time) error {
	changed := *p
	changed.ProjectDraft = d
	changed.Org, changed.Template = p.Org, p.Template
	if err := changed.check(now); err != nil {
		return err
	}
	*p = changed
	return nil
}

// check reports what is wrong with a project, and completes its template.
func (p *Project) check(now time.Time) error {
	switch {
	case strings.TrimSpace(p.Name) == "" || !polls.PlainText(p.Name, ProjectNameMax):
		return errProjectName
	case !polls.PlainText(p.Instructions, InstructionsMax):
		return errInstructions
	case len(p.Examples) > ExamplesMax || slices.ContainsFunc(p.Examples, badExample):
		return errExamples
	case p.Price.Cmp(polls.PriceMax) > 0: // what its tasks pay is never more, see PriceOf
		return polls.ErrPrice
	case p.GoldPPM < 0 || p.GoldPPM > GoldPPMMax:
		return errGoldRate
	case p.MostPerPerson < 0 || p.MostPerPerson > MostPerPersonMax:
		return errMostEach
	case p.DifficultyPPM < 0 || p.DifficultyPPM > DifficultyMax:
		return errDifficulty
	case len(p.Languages) > LanguagesMax || slices.ContainsFunc(p.Languages, badLanguage):
		return errLanguages
	case p.Help != nil:
		if err := p.Help.check(p); err != nil {
			return err
		}
	}
	q, err := p.StandIn(now)
	if err != nil {
		return err
	}
	p.Options = q.Options
	if !p.itemsVary() {
		p.Choices = q.Choices
	}
	return nil
}

// StandIn returns a question as the project's tasks ask them, about nothing.
func (p *Project) StandIn(now time.Time) (*polls.Question, error) {
	d := p.draft()
	d.Image, d.Passage = standIn.Image, standIn.Passage
	if d.Text == "" {
		d.Text = standIn.Text
	}
	if p.itemsVary() {
		d.Choices = []string{"a", "b"}
	}
	return polls.NewQuestion(d, "", now)
}

// itemsVary reports whether each task brings the items that are compared.
func (p *Project) itemsVary() bool {
	return len(p.Choices) == 0 && (p.Type == polls.Pair || p.Type == polls.Ranking)
}

// draft returns what all questions of the project have in common.
func (p *Project) draft() polls.Draft {
	return polls.Draft{
		Org: p.Org, Project: string(p.ID), Type: p.Type, Text: p.Text, Choices: p.Choices, Options: p.Options,
		Policy: p.Policy, Price: p.PriceOf(Important), Lifetime: p.Lifetime, Began: p.CreatedAt,
	}
}

func badExample(e Example) bool {
	for _, text := range []string{e.Text, e.Answer, e.Why} {
		if !polls.PlainText(text, ExampleLengthMax) {
			return true
		}
	}
	return strings.TrimSpace(e.Answer) == "" || (strings.TrimSpace(e.Text) == "" && e.Image == "")
}

// badLanguage reports whether a text is no tag of a language.
func badLanguage(tag string) bool {
	_, ok := polls.Language(tag)
	return !ok
}

// AddTasks reports why no tasks can be added to the project now.
func (p *Project) AddTasks() error {
	switch p.Status {
	case Paused:
		return ErrProjectPaused
	case ProjectCancelled:
		return ErrProjectOver
	}
	return nil
}

// Pause has the project's questions given to nobody. Again changes nothing.
func (p *Project) Pause() error {
	switch p.Status {
	case ProjectCancelled:
		return ErrProjectOver
	case Completed:
		return ErrNothingToPause
	case Running:
		p.begin(Paused, Pausing)
	}
	return nil
}

// Resume takes back a pause, or has work go on that a problem stopped.
func (p *Project) Resume() error {
	switch p.Status {
	case ProjectCancelled:
		return ErrProjectOver
	case Paused:
		p.begin(Running, Resuming)
	default:
		p.Problem = ""
	}
	return nil
}

// Cancel closes the project's open questions with the answers that they have. Again changes nothing.
func (p *Project) Cancel() error {
	if p.Status != ProjectCancelled {
		p.begin(ProjectCancelled, Cancelling)
	}
	return nil
}

// Reopen asks the tasks anew that closed before they had enough answers: because the project was cancelled, or by their
// deadline.
func (p *Project) Reopen() error {
	switch {
	case p.Status == Paused:
		return ErrProjectPaused
	case p.Work == Cancelling:
		return ErrProjectBusy
	case p.Work == Reopening:
		p.Problem = ""
	case p.Counts.Ended == 0 && p.Status != ProjectCancelled:
		return ErrNothingEnded
	default:
		p.begin(Running, Reopening)
	}
	return nil
}

func (p *Project) begin(status ProjectStatus, work Work) {
	p.Status, p.Work, p.WorkAfter, p.Problem = status, work, "", ""
}
