package labeling

import "context"

// TaskRow is a row of data that is put into a project's template: what a reader of files of tasks gives, and what makes a
// question of it takes. Nothing in it was checked.
type TaskRow struct {
	Line    int    // where it begins, as of a BadRow; 0 when its reader does not say
	Name    string // of the file in an archive that the row is, as of a BadRow
	Key     string // the requester's own word for the task, unique in its project; empty: made of the content, see KeyOf
	Text    string // the question; where the project has one for all its tasks, it is read as the passage
	Passage string // a longer text to read

	// Media are names: the hash of a stored file, an http or https address, or a file in the archive that the row came
	// from, which File then opens.
	Image        string
	ImageAlt     string
	Audio        string
	ChoiceImages []string // none, or one for each choice

	// Choices are in place of the template's, as the two items of a pair are; nil when the template's are meant.
	Choices []string

	// Truth is what is known to be the answer: a choice by its words or its index, or a value in the form of its type, as
	// JSON. Empty when nothing is known.
	Truth string

	// Importance is how many times the project's price the task pays, a decimal from 1 to 10. Empty: 1.
	Importance string

	// Width and Height are of the image in pixels, as far as the file says so; 0 otherwise. Regions in Truth are in such
	// pixels, and the image that is kept may be a smaller one.
	Width, Height int

	// File returns the content of a file by the name that one of the fields above gives, when the row came with files.
	// Nil otherwise. It may be called until the next row is read.
	File func(ctx context.Context, name string) ([]byte, error)
}

// BadRow is a row of a file that is no task, and why.
type BadRow struct {
	Line    int    // where it begins, from 1; of a Parquet file, the number of the row; of an archive, of the file in it
	File    string // in an archive, when that is the row; empty when the row is a part of a file
	Problem string
}

func (b *BadRow) Error() string { return b.Problem }
