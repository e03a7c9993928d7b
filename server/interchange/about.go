package interchange

import (
	"time"

	"github.com/tasknet/tasknet/polls"
)

// About is what the files of a dataset say of it as a whole.
type About struct {
	Name        string // as people say it
	Description string // some sentences; Markdown
	License     string // as Hugging Face names it: cc-by-4.0, or "other"; "" for unknown
	Languages   []string
	Version     string // ds_...
	Manifest    string // hash of the manifest, in hex
	Root        string // of the Merkle tree over its records, in hex
	Created     time.Time

	Type         polls.Type
	Choices      []string // or classes; nil where each task has its own
	Options      polls.Options
	Text         string // what was asked, where it is the same for all
	Instructions string // that respondents had

	// What tasks show besides their text.
	Passage, Image, Audio, ChoiceImages bool

	Truth bool // of some tasks is known

	Figures []Figure // of agreement and the like, for the card
}

// Figure is a line of a card's table.
type Figure struct{ Name, Value string }
