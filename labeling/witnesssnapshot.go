package labeling

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tasknet/tasknet"
)

// WitnessSnapshot is a version of what the word of a model is worth that helps a project. A question is given the newest before
// its first answer, with the skill snapshot that it was learned with, so that what is weighed how is known before they come.
type WitnessSnapshot struct {
	Hash    string
	Project ProjectID
	Version int    // 1, 2, 3, ... of its project
	Skills  string // hash of the skill snapshot with which it was learned: no other goes with it
	Model   HelpModel
	Audits  string // tasknet/audit-seed/v1 of the seed that decides which tasks people answer all the same
	Share   int    // of the tasks that these are, in parts per million
	At      time.Time
	Known   *Witness
}

// HelpModel says where a model comes from, whose word is weighed.
type HelpModel struct {
	Weights string `json:"weights"` // artefact
	Data    string `json:"data"`    // artefact: the labels that it learned from
	Job     string `json:"job"`     // that trained it
	Receipt string `json:"receipt"` // tasknet/compute-receipt/v1 of the node's word on that
}

// NewWitnessSnapshot completes a version by its hash, which is tasknet/witness/v1 over all but its time.
func NewWitnessSnapshot(s WitnessSnapshot) (*WitnessSnapshot, error) {
	hash, err := tasknet.Hash("tasknet/witness/v1", s.stored())
	if err != nil {
		return nil, err
	}
	s.Hash = hex.EncodeToString(hash[:])
	return &s, nil
}

// Leaf returns tasknet/witness-record/v1, the version's leaf in the public log, which tells its time, too.
func (s *WitnessSnapshot) Leaf(instance string) ([32]byte, error) {
	return tasknet.Hash("tasknet/witness-record/v1", map[string]any{"at_ms": s.At.UnixMilli(), "instance": instance, "witness": s.Hash})
}

// AuditSeedHash returns tasknet/audit-seed/v1 in hex.
func AuditSeedHash(project ProjectID, seed [32]byte) (string, error) {
	h, err := tasknet.Hash("tasknet/audit-seed/v1", map[string]any{"project": project, "seed": hex.EncodeToString(seed[:])})
	return hex.EncodeToString(h[:]), err
}

// storedWitness is what the hash of a WitnessSnapshot is over.
type storedWitness struct {
	Project ProjectID `json:"project"`
	Version int       `json:"version"`
	Skills  string    `json:"skills"`
	Model   HelpModel `json:"model"`
	Audits  string    `json:"audits"`
	Share   int       `json:"audit_ppm"`
	Choices int       `json:"choices"`
	Counts  [][]int   `json:"counts"`
	Golds   int       `json:"golds"`
	Steps   []step    `json:"steps"`
}

func (s *WitnessSnapshot) stored() storedWitness {
	c := s.Known.Calibration
	out := storedWitness{
		Project: s.Project, Version: s.Version, Skills: s.Skills, Model: s.Model, Audits: s.Audits, Share: s.Share,
		Choices: s.Known.Choices, Counts: s.Known.Counts, Golds: c.Golds, Steps: make([]step, len(c.Steps)),
	}
	for i, s := range c.Steps {
		out.Steps[i] = step(s)
	}
	return out
}

// MarshalText writes all of a version but its hash and its time, as its hash is over it.
func (s *WitnessSnapshot) MarshalText() ([]byte, error) { return tasknet.Canonical(s.stored()) }

// ParseWitnessSnapshot reads what MarshalText writes.
func ParseWitnessSnapshot(text []byte, at time.Time) (*WitnessSnapshot, error) {
	var in storedWitness
	if err := json.Unmarshal(text, &in); err != nil {
		return nil, fmt.Errorf("witness: %w", err)
	}
	w := Witness{Choices: in.Choices, Counts: in.Counts, Calibration: Calibration{Golds: in.Golds, Steps: make([]Step, len(in.Steps))}}
	for i, s := range in.Steps {
		w.Calibration.Steps[i] = Step(s)
	}
	known, err := NewWitness(w)
	if err != nil {
		return nil, err
	}
	return NewWitnessSnapshot(WitnessSnapshot{
		Project: in.Project, Version: in.Version, Skills: in.Skills, Model: in.Model, Audits: in.Audits, Share: in.Share, At: at, Known: known,
	})
}

// HelpedBy returns the snapshot as a model helps it whose word is worth that, for questions that close with as many people's answers
// as without it.
func (s *Snapshot) HelpedBy(w *WitnessSnapshot) (*Snapshot, error) {
	if w.Skills != s.Hash || w.Known.Choices != s.Known.Choices {
		return nil, fmt.Errorf("witness %s does not go with snapshot %s", w.Hash, s.Hash)
	}
	out := *s
	out.Known, out.Witness = s.Known.HelpedBy(w.Known, 0).family, w
	return &out, nil
}

// Hearing returns the snapshot for a question of which its model says something, which must be an opinion on as many choices. A
// snapshot that no model helps is returned as it is.
func (s *Snapshot) Hearing(o Opinion) *Snapshot {
	if s.Witness == nil {
		return s
	}
	out, family := *s, *s.Known
	family.start = append(scores(nil), family.start...)
	s.Witness.Known.weigh(family.start, o)
	out.Known, out.Opinion = &family, o
	return &out
}
