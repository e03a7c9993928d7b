package store

import (
	"context"
	"errors"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
)

// sharesOf are the statements that put the shares of a family's newest snapshot in place of those before. What is known in
// general is of no question, and a family that is not known has none.
func sharesOf(l labeling.Learned) []statement {
	if l.Snapshot == nil || l.IsGeneral() {
		return nil
	}
	shares, family := l.Snapshot.Known.Shares(), string(l.Family)
	out := []statement{
		{`DELETE FROM shares WHERE family = $1`, []any{family}},
		{`UPDATE families SET newcomer = $2 WHERE id = $1`, []any{family, int64(shares.Newcomer())}},
	}
	here := make(map[polls.RespondentID]bool, len(l.Errors))
	for _, e := range l.Errors {
		here[e.Respondent] = true
	}
	for _, id := range shares.People() {
		share, told := shares.Of(id), shares.Newcomer()
		if here[id] {
			told = fullShare
		}
		if share != told {
			out = append(out, statement{`INSERT INTO shares (family, respondent, share) VALUES ($1, $2, $3)`, []any{family, string(id), int64(share)}})
		}
	}
	return out
}

// fullShare is the share of those who are asked everything.
const fullShare = 1000

// lookedAt is at how many questions a claim of somebody looks at once who is not asked everything: to those who are asked
// least some twenty of them are open, and no claim goes through all that there are.
const lookedAt = 400

// errEnough ends the reading of questions of which enough are found.
var errEnough = errors.New("enough")

// standing is what keeps questions from somebody.
type standing struct {
	void bool // there is a snapshot by which their answers weigh nothing
	kept bool // there is a family of which they may not be asked everything, or a project of which they have had enough, or they are capped

	capped bool // too much of their pay is pending, or will be, for questions among golds; they are kept from these
}

// standingOf returns what there is to be asked about each question; for most people it is nothing.
func standingOf(ctx context.Context, db querier, c polls.Claim) (s standing, err error) {
	var void, kept, newcomer int
	var pending int64
	if _, err := get(ctx, db, []any{&void, &kept, &newcomer, &pending}, `SELECT CASE WHEN EXISTS (SELECT 1 FROM voids WHERE respondent = $1) THEN 1 ELSE 0 END,
		CASE WHEN EXISTS (SELECT 1 FROM shares WHERE respondent = $1) OR EXISTS (SELECT 1 FROM families WHERE newcomer < 1000)
			OR EXISTS (SELECT 1 FROM projects j CROSS JOIN taken w WHERE w.respondent = $1 AND `+enough+`) THEN 1 ELSE 0 END,
		CASE WHEN EXISTS (SELECT 1 FROM golds) AND NOT EXISTS (SELECT 1 FROM proven WHERE respondent = $1) THEN 1 ELSE 0 END,
		COALESCE((SELECT balance FROM accounts WHERE account = $2), 0)`, c.Respondent, string(rewards.Pending(string(c.Respondent)))); err != nil {
		return s, err
	}
	s = standing{void: void == 1, kept: kept == 1}
	if newcomer == 1 && !c.PendingMost.IsZero() {
		s.capped, err = isCapped(ctx, db, c, pending)
	}
	s.kept = s.kept || s.capped
	return s, err
}

// enough is said of a project j of which a respondent's row w of taken says that they have had as many tasks as one person
// may.
const enough = `w.project = j.id AND j.most_per_person > 0 AND w.tasks >= j.most_per_person`

// columns are the share that respondent $1 has of the questions p.question, with what else labeling.Opens asks for, and 1
// when they may get none of them: they have had enough of the project, or are capped and it is asked among golds.
func (s standing) columns() string {
	golds := ""
	if s.capped {
		golds = ` OR EXISTS (SELECT 1 FROM golds g WHERE g.scope = ` + scopeOf + `)`
	}
	return `, q.created_at, p.deadline, COALESCE(s.share, CASE WHEN m.respondent IS NULL THEN f.newcomer END, 1000),
		CASE WHEN EXISTS (SELECT 1 FROM projects j JOIN taken w ON w.respondent = $1 AND ` + enough + ` WHERE j.id = q.project)` + golds + ` THEN 1 ELSE 0 END`
}

// What columns reads, and how it is joined.
const (
	keptTables = ` CROSS JOIN questions q LEFT JOIN shares s ON s.family = q.family AND s.respondent = $1
		LEFT JOIN mistakes m ON m.family = q.family AND m.respondent = $1 LEFT JOIN families f ON f.id = q.family`
	keptWhere = ` AND q.id = p.question`
)

// otherProjects returns running projects with open tasks for somebody who has had enough of any; none for others.
func otherProjects(ctx context.Context, db querier, id polls.RespondentID) (projects []string, err error) {
	const most = 16 // one claim after the other looks at the same: more hardly ever matter
	err = db.query(ctx, func(r row) error {
		var p string
		err := r.Scan(&p)
		projects = append(projects, p)
		return err
	}, `SELECT s.project FROM project_progress s WHERE s.status = 'running' AND s.open > 0
		AND EXISTS (SELECT 1 FROM projects j CROSS JOIN taken w WHERE w.respondent = $1 AND `+enough+`)
		AND NOT EXISTS (SELECT 1 FROM projects j JOIN taken w ON w.respondent = $1 AND `+enough+` WHERE j.id = s.project) ORDER BY s.project LIMIT $2`, id, most)
	return projects, err
}
