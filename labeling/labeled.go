package labeling

import (
	"time"

	"github.com/tasknet/tasknet/polls"
)

// Labeled is a closed task with its label: a row of a dataset, as writers of files take it.
type Labeled struct {
	Key      string
	Question polls.QuestionID
	Hash     string // of the task's record in the manifest, in hex

	Text         string
	Passage      string
	Image        *polls.Image
	Audio        *polls.Audio
	ChoiceImages []polls.Image
	Choices      []string // of this task alone, as the two items of a pair; nil when they are the dataset's

	// The label is Choice, or Value when that is not "". Choice is NoChoice when nobody answered, or nobody could tell.
	Choice int
	Value  polls.Value

	Soft       []int // posterior of each choice in parts per million, of a Multiple the share that selected it; nil for other values
	Regions    []int // of each region of the label, how surely it is there, in parts per million; nil when not known
	Confidence int   // in the label, in parts per million: the posterior, or for a value the agreement
	Method     string
	Truth      *Truth          // as its requester knows it; nil when they do not
	Answers    []LabeledAnswer // in the order in which they were accepted
}

// LabeledAnswer is what one respondent answered.
type LabeledAnswer struct {
	Worker string // a pseudonym: the same person has the same within a dataset, and another in another
	Choice int    // polls.CannotTell, or 0 when there is a Value
	Value  polls.Value
	At     time.Time
}
