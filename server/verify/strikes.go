package verify

import (
	"context"
	"fmt"
	"strconv"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/wire"
)

// strikes checks that each answer that does not count was given by somebody who is void in a public snapshot of the question's
// family, which is no older than the one that weighs the others. None does, and weighing is nil, when answers are values. by are
// those snapshots, which known answers must explain.
func (v *verification) strikes(ctx context.Context, q *polls.Question, r wire.Record, family labeling.FamilyID, weighing *labeling.Snapshot) (strikes labeling.Strikes, by []*labeling.Snapshot, err error) {
	versions := make(map[string]int) // of snapshots
	for _, w := range r.Answers {
		if w.Struck == nil {
			continue
		}
		wrong := func(expected, got string) error { return &Mismatch{"answer", w.ID, "struck", expected, got} }
		snapshot, err := v.snapshot(ctx, w.Struck.Snapshot)
		if err != nil {
			return nil, nil, err
		}
		if snapshot.Family != family {
			return nil, nil, wrong("by a snapshot of "+string(family), string(snapshot.Family))
		}
		if weighing != nil && weighing.Family == family && snapshot.Version < weighing.Version {
			return nil, nil, wrong(fmt.Sprintf("by version %d or later, as that one weighs its answers", weighing.Version), strconv.Itoa(snapshot.Version))
		}
		if !snapshot.Known.Void(polls.RespondentID(w.Respondent)) {
			return nil, nil, wrong("a respondent who is void in snapshot "+snapshot.Hash, w.Respondent)
		}
		by = append(by, snapshot)
		versions[snapshot.Hash] = snapshot.Version
		strikes = append(strikes, labeling.Strike{
			Question: q.ID, Respondent: polls.RespondentID(w.Respondent), Snapshot: snapshot.Hash, Answers: w.Struck.Answers, Counted: w.Struck.Counted, At: w.Struck.At.Time,
		})
	}
	return strikes, by, checkVersions(r.Question.ID, strikes.Passes(), versions)
}

// checkVersions checks that those who were struck together were struck by the same snapshot, the newest of its time: none is
// older than that of the time before.
func checkVersions(question string, passes []labeling.Strikes, versions map[string]int) error {
	wrong := func(expected, got string) error {
		return &Mismatch{"question", question, "snapshots by which some were struck", expected, got}
	}
	newest := 0
	for _, pass := range passes {
		for _, s := range pass {
			if s.Snapshot != pass[0].Snapshot {
				return wrong("one each time, "+pass[0].Snapshot, s.Snapshot)
			}
		}
		version := versions[pass[0].Snapshot]
		if version < newest {
			return wrong(fmt.Sprintf("version %d or later", newest), strconv.Itoa(version))
		}
		newest = version
	}
	return nil
}

// checkPasses replays how answers were struck, since what is forfeited follows from it. Each time but the last the policy
// had stopped the question, and went on without them. last says whether the question closed when answers were struck for the
// last time.
func checkPasses(q *polls.Question, all []polls.Vote, strikes labeling.Strikes, snapshot *labeling.Snapshot, wrong func(string, any, any) error) (last bool, err error) {
	var before labeling.Strikes
	passes := strikes.Passes()
	for i, pass := range passes {
		answers, counted := pass[0].Answers, pass[0].Counted
		if answers < 1 || answers > len(all) {
			return false, wrong("answers when some were struck", fmt.Sprintf("1 to %d", len(all)), answers)
		}
		votes := before.Counting(all[:answers])
		if counted != len(votes) {
			return false, wrong("answers that counted when some were struck", len(votes), counted)
		}
		before = append(before, pass...)
		left := before.Counting(all[:answers])
		if len(votes)-len(left) != len(pass) {
			return false, wrong("answers when some were struck", "those that were struck among them", answers)
		}
		n, stops, err := labeling.Stopped(q, votes, snapshot)
		if err != nil {
			return false, err
		}
		if n < len(votes) {
			return false, wrong("answers that counted when some were struck", n, len(votes))
		}
		_, ends, err := labeling.Stopped(q, left, snapshot)
		if err != nil {
			return false, err
		}
		last = i == len(passes)-1 && answers == len(all)
		if !last && (stops == "" || ends != "") {
			return false, wrong("answers when some were struck", "as many as stop it, and would not without those", answers)
		}
	}
	return last, nil
}
