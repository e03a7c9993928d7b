package verify

import (
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// golds are how people did on golds that are values, by the records, in the order in which their questions closed. A snapshot is
// learned from all that had closed by then; it follows from them who is void in it, while where answers are choices that is
// learned from all questions, in floats.
type golds struct {
	families  map[labeling.FamilyID]*labeling.ValueRecords
	explained map[string]bool // snapshots, by their hash
}

func newGolds() golds {
	return golds{families: make(map[labeling.FamilyID]*labeling.ValueRecords), explained: make(map[string]bool)}
}

// add adds a question's gold, if it has one that is a value and counts, with all answers.
func (g *golds) add(family labeling.FamilyID, gold *labeling.Gold, q *polls.Question, votes []polls.Vote) error {
	if gold == nil || gold.State != labeling.GoldOpened || q.Type.IsLabel() {
		return nil
	}
	if g.families[family] == nil {
		g.families[family] = labeling.NewValueRecords(q.Type)
	}
	return g.families[family].Add(gold, q, votes)
}

// explained checks that a snapshot by which somebody is void tells of everybody what the golds before it tell, where these are
// values: of a type, or of one that is not known here. What closed after the list of records was read is not in it, and cannot be
// compared. A snapshot does not say from how many it was learned: that one is left out of the records is seen only where the others
// do not explain it.
func (v *verification) explained(s *labeling.Snapshot, of polls.Type) error {
	records := v.golds.families[s.Family]
	if v.golds.explained[s.Hash] || v.recordsEnded || records == nil && (of == "" || of.IsLabel()) {
		return nil
	}
	if records == nil {
		records = labeling.NewValueRecords(of)
	}
	v.golds.explained[s.Hash] = true
	if unlike, ok := records.Explain(s); !ok {
		return &Mismatch{"snapshot", s.Hash, "skills", "what the known answers of " + string(s.Family) + " tell", "another record of " + string(unlike)}
	}
	return nil
}
