package labeling

import (
	"cmp"
	"encoding/hex"
	"slices"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// Skill is how often one respondent's answers agreed with the verdict, among those to closed questions.
type Skill struct {
	Respondent polls.RespondentID
	Agreed     int
	Answered   int
}

// The prior on everybody's accuracy: as if they had agreed 3 times of 4 before their first answer. A newcomer's answer
// counts, and a few answers move it.
const (
	priorAgreed   = 3
	priorAnswered = 4
)

// Bounds on the accuracy that an answer is weighed by. Nobody counts as surer than 99 in 100, so that no single answer
// decides alone; and nobody as worse than chance, so that being wrong on purpose has no weight.
const (
	accuracyMaxNum = 99
	accuracyMaxDen = 100
)

// weight returns by how much an answer of somebody with this skill raises the score of its choice among k, in log2
// units: log2(p (k-1) / (1-p)), where p is their accuracy.
func (s Skill) weight(k int) int64 {
	num, den := uint64(s.Agreed+priorAgreed), uint64(s.Answered+priorAnswered)
	if num*accuracyMaxDen > den*accuracyMaxNum {
		num, den = accuracyMaxNum, accuracyMaxDen
	}
	if num*uint64(k) <= den {
		return 0
	}
	return log2Ratio(num*uint64(k-1), den-num)
}

// Snapshot is a version of everybody's skill. Questions name one by its hash when they are asked, so that what their
// answers weigh is known before the first of them.
type Snapshot struct {
	Hash   string
	At     time.Time
	Skills []Skill // by respondent

	byRespondent map[polls.RespondentID]Skill
}

// NewSnapshot returns the snapshot of skills, in any order; each respondent once.
func NewSnapshot(skills []Skill, at time.Time) (*Snapshot, error) {
	s := &Snapshot{At: at, Skills: slices.Clone(skills), byRespondent: make(map[polls.RespondentID]Skill, len(skills))}
	slices.SortFunc(s.Skills, func(a, b Skill) int { return cmp.Compare(a.Respondent, b.Respondent) })
	rows := make([][3]any, len(s.Skills))
	for i, skill := range s.Skills {
		s.byRespondent[skill.Respondent] = skill
		rows[i] = [3]any{skill.Respondent, skill.Agreed, skill.Answered}
	}
	hash, err := tasknet.Hash("tasknet/skills/v1", rows)
	if err != nil {
		return nil, err
	}
	s.Hash = hex.EncodeToString(hash[:])
	return s, nil
}

// Of returns a respondent's skill; a newcomer's when the snapshot does not have them.
func (s *Snapshot) Of(id polls.RespondentID) Skill { return s.byRespondent[id] }
