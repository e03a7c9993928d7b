package labeling

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// FamilyID names a family of questions, so that an answer to one says how the same person answers another.
type FamilyID string

// FamilyOf names the family of questions, and says how many these are: all of a project with as
// many choices, or those of an organisation outside projects with the same type and the same choices in the same order. The
// choices of a pair are its items, which do not matter here. No family spans organisations: what one of them says is true
// decides about nobody's pay from another.
func FamilyOf(org polls.OrgID, project string, t polls.Type, choices []string) (id FamilyID, count int, err error) {
	if count = len(choices); t == polls.YesNo {
		count = 2
	}
	if project != "" {
		return FamilyID(fmt.Sprintf("%s/%d", project, count)), count, nil
	}
	if t == polls.YesNo || t == polls.Pair {
		choices = nil
	}
	h, err := tasknet.Hash("tasknet/family/v2", map[string]any{"choices": choices, "org": string(org), "type": t})
	return FamilyID(hex.EncodeToString(h[:])), count, err
}

// General names what is known of questions with so many choices whatever they are about: it holds for those whose own
// family is not known yet.
func General(choices int) FamilyID { return FamilyID(fmt.Sprintf("general/%d", choices)) }

// Snapshot is a version of what is known of a family. A question is given the newest before its first answer, so
// that what its answers weigh is known before they come.
type Snapshot struct {
	Hash    string
	Family  FamilyID
	Version int // 1, 2, 3, ... of its family; 0 when nothing is known
	At      time.Time
	Known   *Family

	// Of a question that a model helps with: what its word is worth, and what it says. Known has both in it then, and Hash is that
	// of what is known of people alone.
	Witness *WitnessSnapshot
	Opinion Opinion
}

// NewSnapshot returns a version of what is known of a family. Its hash is tasknet/skills/v2 over all but its time.
func NewSnapshot(id FamilyID, version int, known *Family, at time.Time) (*Snapshot, error) {
	s := &Snapshot{Family: id, Version: version, At: at, Known: known}
	hash, err := tasknet.Hash("tasknet/skills/v2", s.skills())
	if err != nil {
		return nil, err
	}
	s.Hash = hex.EncodeToString(hash[:])
	return s, nil
}

// Unknown returns the snapshot of questions with so many choices of which, and of whose people, nothing is known.
func Unknown(choices int, at time.Time) (*Snapshot, error) {
	known, err := NewFamily(Family{Choices: choices, Truths: make([]int, choices)})
	if err != nil {
		return nil, err
	}
	return NewSnapshot(General(choices), 0, known, at)
}

// skills is what the hash of a snapshot is over.
type skills struct {
	Family  FamilyID `json:"family"`
	Version int      `json:"version"`
	Choices int      `json:"choices"`
	Truths  []int    `json:"truths"`
	People  []person `json:"people"`
	Golds   int      `json:"golds"`
	Pooled  bool     `json:"pooled"`
	Steps   []step   `json:"steps"`
}

type person struct {
	Respondent polls.RespondentID `json:"respondent"`
	Wrong      int                `json:"wrong"`
	Expected   int                `json:"expected"`
	Counts     []int              `json:"counts,omitempty"`
	Void       bool               `json:"void,omitempty"`
}

type step struct {
	From   int `json:"from"`
	Golds  int `json:"golds"`
	Missed int `json:"missed"`
	Times  int `json:"times"`
	Wrong  int `json:"wrong"`
}

func (s *Snapshot) skills() skills {
	f, c := s.Known, s.Known.Calibration
	out := skills{
		Family: s.Family, Version: s.Version, Choices: f.Choices, Truths: f.Truths, People: make([]person, len(f.People)),
		Golds: c.Golds, Pooled: c.Pooled, Steps: make([]step, len(c.Steps)),
	}
	for i, p := range f.People {
		out.People[i] = person{p.Respondent, p.Wrong, p.Expected, p.Counts, p.Void}
	}
	for i, s := range c.Steps {
		out.Steps[i] = step(s)
	}
	return out
}

// MarshalText writes all of a snapshot but its hash and its time, as its hash is over it.
func (s *Snapshot) MarshalText() ([]byte, error) { return tasknet.Canonical(s.skills()) }

// ParseSnapshot reads what MarshalText writes.
func ParseSnapshot(text []byte, at time.Time) (*Snapshot, error) {
	var in skills
	if err := json.Unmarshal(text, &in); err != nil {
		return nil, fmt.Errorf("snapshot: %w", err)
	}
	known := Family{Choices: in.Choices, Truths: in.Truths, People: make([]Confusion, len(in.People))}
	for i, p := range in.People {
		known.People[i] = Confusion{Errors{p.Respondent, p.Wrong, p.Expected}, p.Counts, p.Void}
	}
	known.Calibration = Calibration{Golds: in.Golds, Pooled: in.Pooled, Steps: make([]Step, len(in.Steps))}
	for i, s := range in.Steps {
		known.Calibration.Steps[i] = Step(s)
	}
	f, err := NewFamily(known)
	if err != nil {
		return nil, fmt.Errorf("snapshot: %w", err)
	}
	return NewSnapshot(in.Family, in.Version, f, at)
}
