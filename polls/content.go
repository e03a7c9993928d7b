package polls

import (
	"slices"

	"github.com/tasknet/tasknet"
)

// Content is what a question shows that not everybody wants to see, and what it is about: a set of warnings and topics, as who asks
// has marked it. The zero value is no mark at all. It is kept as the number that it is: a mark never changes its bit.
type Content uint64

// warnings and topics by their bits: 0 to 15 are of warnings, 16 to 47 of topics. New ones come at the end.
var (
	warnings = []string{"violence", "blood", "adult", "hate", "self_harm", "drugs"}
	topics   = []string{
		"animals", "arts", "food", "health", "home", "language", "nature", "news", "people", "places", "politics", "religion", "science", "shopping", "sport", "technology",
	}
)

const topicsFrom = 16

var (
	errContent = tasknet.NewError(tasknet.Invalid, "bad_content", "Name warnings and topics that there are, each once.")
	errAvoids  = tasknet.NewError(tasknet.Invalid, "bad_avoids", "What somebody does not want to see is warnings, topics and types of questions that there are, each once.")
)

// ParseContent returns the marks with some names.
func ParseContent(warned, about []string) (c Content, err error) {
	add := func(names, known []string, from int) {
		for _, name := range names {
			i := slices.Index(known, name)
			if i < 0 || c&(1<<(from+i)) != 0 {
				err = errContent
				return
			}
			c |= 1 << (from + i)
		}
	}
	add(warned, warnings, 0)
	add(about, topics, topicsFrom)
	if err != nil {
		return 0, err
	}
	return c, nil
}

// Warnings returns the names of what is shown that not everybody wants to see.
func (c Content) Warnings() []string { return c.names(warnings, 0) }

// Topics returns the names of what it is about.
func (c Content) Topics() []string { return c.names(topics, topicsFrom) }

func (c Content) names(known []string, from int) []string {
	out := []string{}
	for i, name := range known {
		if c&(1<<(from+i)) != 0 {
			out = append(out, name)
		}
	}
	return out
}

// Avoids is what somebody does not want to be asked: questions with any of these marks, and of these types.
type Avoids struct {
	Content Content
	Types   []Type // ascending
}

// ParseAvoids reads names of warnings, topics and types: no two of them have the same.
func ParseAvoids(names []string) (a Avoids, err error) {
	for _, name := range names {
		switch {
		case slices.Contains(warnings, name):
			a.Content, err = a.Content.with([]string{name}, nil)
		case slices.Contains(topics, name):
			a.Content, err = a.Content.with(nil, []string{name})
		case Type(name).Known() && !slices.Contains(a.Types, Type(name)):
			a.Types = append(a.Types, Type(name))
		default:
			err = errAvoids
		}
		if err != nil {
			return Avoids{}, errAvoids
		}
	}
	slices.Sort(a.Types)
	return a, nil
}

func (c Content) with(warned, about []string) (Content, error) {
	more, err := ParseContent(warned, about)
	if err != nil || c&more != 0 {
		return 0, errContent
	}
	return c | more, nil
}

// Names returns what ParseAvoids reads.
func (a Avoids) Names() []string {
	names := append(a.Content.Warnings(), a.Content.Topics()...)
	for _, t := range a.Types {
		names = append(names, string(t))
	}
	return names
}

// None reports whether somebody avoids nothing.
func (a Avoids) None() bool { return a.Content == 0 && len(a.Types) == 0 }

// Hold reports whether somebody does not want a question of a type and with some marks.
func (a Avoids) Hold(t Type, c Content) bool { return a.Content&c != 0 || slices.Contains(a.Types, t) }

// Taste is what somebody says of themselves where the store chooses their questions.
type Taste struct {
	Reads  []string // languages, as Languages returns them: of projects in others they get nothing; empty: not said, so that any will do
	Avoids Avoids
	Likes  Content // topics: questions about any of these come first
}

// NewTaste reads a taste as people say it.
func NewTaste(reads, avoids, likes []string) (t Taste, err error) {
	if t.Reads, err = Languages(reads); err != nil {
		return Taste{}, err
	}
	if t.Avoids, err = ParseAvoids(avoids); err != nil {
		return Taste{}, err
	}
	t.Likes, err = ParseContent(nil, likes)
	return t, err
}
