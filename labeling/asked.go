package labeling

import (
	"strconv"
	"strings"

	"github.com/tasknet/tasknet/polls"
)

// AskedTask is a task with the question that asks it, as far as that is.
type AskedTask struct {
	Task     Task
	Question *polls.Question
	Verdict  *Verdict // nil while the question is not closed
}

// saysMost is how many characters are told of what a task shows, or of what its verdict says.
const saysMost = 120

// Shows tells what a task shows in a line: what is not the same for all tasks of its project.
func (t *AskedTask) Shows(p *Project) string {
	q := t.Question
	switch {
	case q.Passage != "":
		return brief(q.Passage)
	case q.Text != "" && p.Text == "":
		return brief(q.Text)
	case q.Image != nil && q.Image.Alt != "":
		return brief(q.Image.Alt)
	case q.Image != nil:
		return "A picture"
	case q.Audio != nil:
		return "A clip"
	case p.itemsVary():
		return brief(strings.Join(q.Choices, " / "))
	}
	return brief(q.Text)
}

// Says tells in a line what a verdict on a question says: its choice in words, or what a value amounts to, of marks how
// many there are. It is empty when the outcome is None.
func (v *Verdict) Says(q *polls.Question) string {
	switch {
	case v.Outcome == None:
		return ""
	case v.Choice != NoChoice:
		return brief(q.Choices[v.Choice])
	}
	switch q.Type {
	case polls.Multiple:
		selected, _ := v.Value.Selection() // it was checked when it was made
		if len(selected) == 0 {
			return "None of them"
		}
		return brief(named(q, selected))
	case polls.Ranking:
		order, _ := v.Value.Order()
		return brief(named(q, order))
	case polls.Number:
		n, _ := v.Value.Number()
		return strings.TrimSpace(n.String() + " " + q.Number.Unit)
	case polls.Text:
		text, _ := v.Value.Text()
		return brief(text)
	}
	// No value of marks holds a text, so that this is the key of each and nothing else. A mask may have 64 kB.
	n := strings.Count(string(v.Value), `"class":`)
	switch n {
	case 0:
		return "Nothing to mark"
	case 1:
		return "1 " + marks[q.Type][0]
	}
	return strconv.Itoa(n) + " " + marks[q.Type][1]
}

// For is how many answers are the choice; when there is none, as when answers are values, how many could tell.
func (v *Verdict) For() int {
	if v.Choice == NoChoice {
		return v.Answers - v.CannotTell
	}
	return v.Counts[v.Choice]
}

// marks are the words for one and for several.
var marks = map[polls.Type][2]string{
	polls.Boxes: {"box", "boxes"}, polls.Polygons: {"outline", "outlines"}, polls.Mask: {"painted area", "painted areas"}, polls.Spans: {"mark", "marks"},
}

func named(q *polls.Question, choices []int) string {
	names := make([]string, len(choices))
	for i, c := range choices {
		names[i] = q.Choices[c]
	}
	return strings.Join(names, ", ")
}

// brief cuts a text to a line.
func brief(text string) string {
	line := []rune(strings.Join(strings.Fields(text), " "))
	if len(line) > saysMost {
		return string(line[:saysMost-1]) + "…"
	}
	return string(line)
}
