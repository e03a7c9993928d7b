package labeling

import (
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// partTasks is how many tasks of a project have ids that sort by chance: so few that their pages stay in memory, where an
// import with ids by chance among all tasks of a large project would write each page anew for each task.
const partTasks = 2048

// Parts returns how many parts there are of a project with so many tasks, when another one comes: see polls.Draft.Part.
func Parts(tasks int) int { return tasks/partTasks + 1 }

// Task is a row of data that was put into a project's template: one question.
type Task struct {
	Project  ProjectID
	Key      string // the requester's own word for it, unique in the project
	Question polls.QuestionID
	State    TaskState
	Truth    string // what its requester knows to be the answer, in the form of TruthOf; empty when nothing
	Import   ImportID
	Asked    int // how often it was asked: 1, and more when it was reopened

	// Importance is how many times the project's price it pays, in parts per million.
	Importance int
}

// TaskState says how far a task is.
type TaskState string

// The states of a task.
const (
	TaskOpen  TaskState = "open"
	TaskDone  TaskState = "done"  // its question got the answers that its policy wants
	TaskEnded TaskState = "ended" // its question closed before, by its deadline or because it was cancelled
)

// StateOf returns the state of a task whose question closed for a reason.
func StateOf(r Reason) TaskState {
	if r == Deadline || r == Cancelled {
		return TaskEnded
	}
	return TaskDone
}

// TaskKeyMax is how many bytes a task's key has at most.
const TaskKeyMax = 512

// Errors of tasks.
var (
	ErrTaskExists = tasknet.NewError(tasknet.Conflict, "task_exists", "The project has a task with this key.")

	errTaskKey    = tasknet.NewError(tasknet.Invalid, "bad_key", "A task's key has at most 512 bytes of UTF-8, without control characters.")
	errEmptyRow   = tasknet.NewError(tasknet.Invalid, "empty_task", "The task has no content: give it a text, a passage, an image or an audio clip.")
	errTwoTexts   = tasknet.NewError(tasknet.Invalid, "two_texts", "The project has one question for all its tasks, so that a task's text is read as its passage; this one has both.")
	errRowChoices = tasknet.NewError(tasknet.Invalid, "bad_choices", "The choices are the project's; leave them out of its tasks.")
	errNoItems    = tasknet.NewError(tasknet.Invalid, "bad_choices", "Each task of this project brings the items that are compared; give it its choices.")
)

// Media are the stored files that a row names.
type Media struct {
	Image        *polls.Image
	Audio        *polls.Audio
	ChoiceImages []polls.Image
}

// KeyOf returns the row's key; one that has none gets one of its content, so that the same row is the same task.
func (r *TaskRow) KeyOf() (string, error) {
	if r.Key != "" {
		if len(r.Key) > TaskKeyMax || !polls.PlainText(r.Key, TaskKeyMax) || strings.Contains(r.Key, "\n") {
			return "", errTaskKey
		}
		return r.Key, nil
	}
	h, err := tasknet.Hash("tasknet/task-key/v1", map[string]any{
		"audio": r.Audio, "choice_images": r.ChoiceImages, "choices": r.Choices, "image": r.Image, "image_alt": r.ImageAlt, "passage": r.Passage, "text": r.Text,
	})
	return hex.EncodeToString(h[:16]), err
}

// Draft returns the question that a row of some importance makes of the project's template. What makes a good one is decided
// by polls.NewQuestion.
func (p *Project) Draft(r *TaskRow, m Media, importance int) (polls.Draft, error) {
	d := p.draft()
	d.Price = p.PriceOf(importance)
	d.Passage, d.Image, d.Audio, d.ChoiceImages = r.Passage, m.Image, m.Audio, m.ChoiceImages
	switch {
	case r.Text == "" && r.Passage == "" && r.Image == "" && r.Audio == "" && len(r.Choices)+len(r.ChoiceImages) == 0:
		return d, errEmptyRow
	case p.Text == "":
		d.Text = r.Text
	case r.Text != "" && r.Passage != "":
		return d, errTwoTexts
	case r.Text != "":
		d.Passage = r.Text
	}
	switch {
	case p.itemsVary() && len(r.Choices) == 0:
		return d, errNoItems
	case p.itemsVary():
		d.Choices = slices.Clone(r.Choices)
	case len(r.Choices) != 0 && !slices.Equal(r.Choices, p.Choices):
		return d, errRowChoices
	}
	return d, nil
}

// Again returns the question of a task of some importance that is asked anew, by what the project pays and wants now.
func (p *Project) Again(q *polls.Question, importance int) polls.Draft {
	d := p.draft()
	d.Price = p.PriceOf(importance)
	d.Text, d.Passage, d.Choices, d.Options = q.Text, q.Passage, q.Choices, q.Options
	d.Image, d.Audio, d.ChoiceImages = q.Image, q.Audio, q.ChoiceImages
	return d
}

// ImportID is the id of an import.
type ImportID string

// ImportPrefix is the prefix of an ImportID.
const ImportPrefix = "imp"

// ImportState says how far an import is.
type ImportState string

// The states of an import.
//
//	receiving ──▶ running ──▶ done
//	                │  ▲
//	                ▼  │ resume
//	              stopped        Problem says why: there is no money, or the file cannot be read further
//
//	all but done ──cancel──▶ cancelled    the tasks that were made stay
const (
	Receiving       ImportState = "receiving" // its file is being uploaded
	Importing       ImportState = "running"
	ImportStopped   ImportState = "stopped"
	ImportDone      ImportState = "done"
	ImportCancelled ImportState = "cancelled"
)

// Import is a file of tasks on its way into a project.
type Import struct {
	ID        ImportID
	Project   ProjectID
	Org       polls.OrgID
	Name      string // the file's; its ending says what it is, where the content does not
	State     ImportState
	Problem   string // the code of the error that stopped it
	Detail    string // the same as a sentence
	Bytes     int64  // received
	Rows      int    // read, with those that are malformed
	Made      int    // tasks
	Known     int    // rows whose key the project had before the import, which changed nothing
	Malformed int
	First     []BadRow // of the malformed, at most MalformedKept
	CreatedAt time.Time
	EndedAt   time.Time
}

// Limits of imports.
const (
	MalformedKept   = 20
	ImportBytesMax  = 4 << 30
	ImportNameMax   = 200
	ImportBatch     = 500 // tasks in one transaction
	ImportChunkMax  = 8 << 20
	ImportsUnderWay = 20 // in a project at a time
)

// Errors of imports.
var (
	ErrNoImport    = tasknet.NewError(tasknet.NotFound, "no_such_import", "There is no such import; check the id.")
	ErrImportOver  = tasknet.NewError(tasknet.Conflict, "import_over", "The import is over; start a new one.")
	ErrImportMoved = tasknet.NewError(tasknet.Conflict, "import_moved", "The import is at another place by now; read where it is and go on from there.")
	ErrImportState = tasknet.NewError(tasknet.Conflict, "import_state", "The import is not at this step: its file is uploaded first, then it is started once.")
	ErrImportLarge = tasknet.NewError(tasknet.TooLarge, "import_too_large", "A file of tasks may have 4 GiB; cut it into several imports.")
	ErrImportsMany = tasknet.NewError(tasknet.Conflict, "too_many_imports", "The project has 20 imports under way; wait for one of them, or cancel one.")
	errImportName  = tasknet.NewError(tasknet.Invalid, "bad_name", "Give the file's name with its ending, at most 200 characters.")
	ErrImportEmpty = tasknet.NewError(tasknet.Invalid, "import_empty", "The import has no content; upload the file first.")
)

// NewImport checks and makes an import that waits for its file.
func NewImport(p *Project, name string, now time.Time) (*Import, error) {
	if strings.TrimSpace(name) == "" || !polls.PlainText(name, ImportNameMax) {
		return nil, errImportName
	}
	if p.Status == ProjectCancelled {
		return nil, ErrProjectOver
	}
	if p.Imports >= ImportsUnderWay {
		return nil, ErrImportsMany
	}
	now = now.UTC().Truncate(time.Millisecond)
	return &Import{ID: ImportID(tasknet.NewID(ImportPrefix, now)), Project: p.ID, Org: p.Org, Name: name, State: Receiving, CreatedAt: now}, nil
}

// Repeated returns how many rows have the key of an earlier row of the file, which changed nothing: those that are nothing
// else.
func (i *Import) Repeated() int { return i.Rows - i.Made - i.Known - i.Malformed }

// Over reports whether nothing more will happen to the import.
func (i *Import) Over() bool { return i.State == ImportDone || i.State == ImportCancelled }

// Reject notes a row that is no task.
func (i *Import) Reject(bad BadRow) {
	i.Malformed++
	if len(i.First) < MalformedKept {
		i.First = append(slices.Clip(i.First), bad)
	}
}
