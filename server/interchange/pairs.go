package interchange

import (
	"bytes"
	"context"

	"github.com/tasknet/tasknet/labeling/aggregate"
)

// Pairs are recorded comparisons of two items, a row each, in the order of the file.
type Pairs struct {
	Items   *Names
	Workers *Names

	Left    []int32
	Right   []int32
	Worker  []int32
	Outcome []aggregate.PairsOutcome

	Malformed Malformed
}

// ReadPairs reads the columns worker, left, right and answer, in any order and among any others. The answer is the name of
// one of the two items, or "left", "right" or "tie". cannotTell is as in AnswersOptions.
func ReadPairs(ctx context.Context, file File, cannotTell string) (*Pairs, error) {
	unsure := meaning(cannotTell)
	p := &Pairs{Items: newNames(), Workers: newNames()}
	var problems Malformed
	malformed, err := form{columns: []column{workerColumn, leftColumn, rightColumn, labelColumn}}.read(ctx, file, func(line int, cells [][]byte) {
		outcome := aggregate.PairsTie
		switch left, right, answer := cells[1], cells[2], cells[3]; {
		case bytes.Equal(left, right):
			problems.add(line, "item %s is compared with itself", shown(left))
			return
		case bytes.Equal(answer, left):
			outcome = aggregate.PairsLeft
		case bytes.Equal(answer, right):
			outcome = aggregate.PairsRight
		case unsure(answer):
			outcome = aggregate.PairsCannotTell
		case string(answer) == "left":
			outcome = aggregate.PairsLeft
		case string(answer) == "right":
			outcome = aggregate.PairsRight
		case string(answer) != "tie":
			problems.add(line, "the answer %s is neither item, and not left, right or tie", shown(answer))
			return
		}
		p.Worker = append(p.Worker, p.Workers.add(cells[0]))
		p.Left, p.Right = append(p.Left, p.Items.add(cells[1])), append(p.Right, p.Items.add(cells[2]))
		p.Outcome = append(p.Outcome, outcome)
	})
	if err != nil {
		return nil, err
	}
	p.Malformed = malformed
	p.Malformed.join(problems)
	renumbered := p.Items.sort()
	renumber(p.Left, renumbered)
	renumber(p.Right, renumbered)
	renumber(p.Worker, p.Workers.sort())
	return p, nil
}
