package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
)

// sharesOf are the statements that put the shares of a family's newest snapshot in place of those before. What is known in
// general is of no question, a family that is not known has none, and neither has one whose answers are values: nothing says what
// one of these is worth, unless it is worth nothing.
func sharesOf(l labeling.Learned) []statement {
	if l.Snapshot == nil || l.IsGeneral() || l.IsOfValues() {
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
		if alike := shares.Alike(id); share != told || alike != 0 {
			out = append(out, statement{`INSERT INTO shares (family, respondent, share, alike) VALUES ($1, $2, $3, $4)`, []any{family, string(id), int64(share), int64(alike)}})
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

	shares map[string]share // by family, of those that a claim has looked at
	full   map[string]bool  // projects of which they have had enough, once it has looked at any
}

// share is of which share of a family's questions somebody is asked, and the number of their group if others answer alike.
type share struct{ of, alike int }

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
	s = standing{void: void == 1, kept: kept == 1, shares: make(map[string]share), full: make(map[string]bool)}
	if newcomer == 1 && !c.PendingMost.IsZero() {
		s.capped, err = isCapped(ctx, db, c, pending)
	}
	s.kept = s.kept || s.capped
	return s, err
}

// enough is said of a project j of which a respondent's row w of taken says that they have had as many tasks as one person
// may.
const enough = `w.project = j.id AND j.most_per_person > 0 AND w.tasks >= j.most_per_person`

// candidate is a question that somebody could get unless it is kept from them.
type candidate struct {
	id              string
	asked, deadline int64
	family, project string
	capped          bool
	policy          string
	least, most     int
	state           []byte
}

func scanCandidate(r row) (k candidate, err error) {
	var capped int
	err = r.Scan(&k.id, &k.asked, &k.deadline, &k.family, &k.project, &k.policy, &k.least, &k.most, &k.state, &capped)
	k.capped = capped == 1
	return k, err
}

// leftOpen returns what its answers have left open, in thousandths.
func (k candidate) leftOpen() (int, error) {
	p, err := polls.ParsePolicy(k.policy, k.least, k.most)
	if err != nil {
		return 0, fmt.Errorf("policy of %s: %w", k.id, err)
	}
	return labeling.LeftOpen(p, k.state), nil
}

// columns are those of a candidate after its id.
func (s standing) columns() string {
	capped := `0`
	if s.capped {
		capped = `CASE WHEN ` + newAmongGolds + ` THEN 1 ELSE 0 END`
	}
	return `, ` + askedAt(`(SELECT j.lifetime FROM projects j WHERE j.id = q.project)`) + `, p.deadline, q.family, q.project, q.policy, q.min, q.max, p.state, ` + capped
}

// askedAt is when a question q was asked, or when one of its project with this deadline is: a gold has the deadline of a task that was
// asked before it, and must not open later than that.
func askedAt(lifetime string) string { return `COALESCE(p.deadline - ` + lifetime + `, q.created_at)` }

// What columns reads, and how it is joined.
const (
	keptTables = ` CROSS JOIN questions q`
	keptWhere  = ` AND q.id = p.question`
)

// open returns which of some candidates are open to the respondent. Shares are read for all that have not been: questions have
// few families.
func (s standing) open(ctx context.Context, db querier, c polls.Claim, looked []candidate) (ids []string, err error) {
	var families []string
	for _, k := range looked {
		if _, ok := s.shares[k.family]; !ok {
			families = append(families, k.family)
			s.shares[k.family] = share{of: fullShare}
		}
	}
	if len(families) > 0 {
		if err := s.read(ctx, db, c.Respondent, families); err != nil {
			return nil, err
		}
	}
	var alike []string
	for _, k := range looked {
		share := s.shares[k.family]
		if k.capped || s.full[k.project] {
			continue
		}
		open, err := k.leftOpen()
		if err != nil {
			return nil, err
		}
		asked, deadline := timeOf(k.asked), timeOf(k.deadline)
		if c.At.Before(labeling.Opens(polls.QuestionID(k.id), c.Respondent, labeling.ShareOf(share.of, open), asked, deadline)) {
			continue
		}
		if ids = append(ids, k.id); share.alike != 0 && c.At.Before(labeling.OpensApart(polls.QuestionID(k.id), asked, deadline)) {
			alike = append(alike, k.id)
		}
	}
	if len(alike) == 0 {
		return ids, nil
	}
	theirs, err := withAlike(ctx, db, c, alike)
	return slices.DeleteFunc(ids, func(id string) bool { return slices.Contains(theirs, id) }), err
}

// hasAlike says that somebody who answers alike to a respondent in a family has a question, or has answered it, at a moment.
func hasAlike(question, respondent, family, at string) string {
	return `EXISTS (SELECT 1 FROM shares i JOIN shares m ON m.family = i.family AND m.alike = i.alike JOIN assignments a ON a.question = ` + question + ` AND a.respondent = m.respondent
		WHERE i.family = ` + family + ` AND i.respondent = ` + respondent + ` AND i.alike > 0 AND m.respondent <> i.respondent
			AND ((a.status = 'open' AND a.expires_at > ` + at + `) OR EXISTS (SELECT 1 FROM answers w WHERE w.assignment = a.id)))`
}

// withAlike returns those of some questions that somebody has who answers alike to the respondent.
func withAlike(ctx context.Context, db querier, c polls.Claim, questions []string) (theirs []string, err error) {
	in, list, err := db.inList("q.id", 3, questions)
	if err != nil {
		return nil, err
	}
	err = db.query(ctx, appendTo(&theirs), `SELECT q.id FROM questions q WHERE `+in+` AND `+hasAlike(`q.id`, `$1`, `q.family`, `$2`), c.Respondent, micros(c.At), list)
	return theirs, err
}

// read reads a respondent's shares of families, and the projects of which they have had enough.
func (s standing) read(ctx context.Context, db querier, by polls.RespondentID, families []string) error {
	in, list, err := db.inList("family", 2, families)
	if err != nil {
		return err
	}
	byID, _, err := db.inList("id", 2, families)
	if err != nil {
		return err
	}
	return db.query(ctx, func(r row) error {
		var of share
		var family, project string
		err := r.Scan(&family, &project, &of.of, &of.alike)
		if project != "" {
			s.full[project] = true
		} else {
			s.shares[family] = of
		}
		return err
	}, `SELECT w.project AS family, w.project, 0, 0 FROM projects j CROSS JOIN taken w WHERE w.respondent = $1 AND `+enough+`
		UNION ALL SELECT id, '', newcomer, 0 FROM families WHERE `+byID+` AND newcomer < 1000
			AND NOT EXISTS (SELECT 1 FROM mistakes m WHERE m.family = families.id AND m.respondent = $1) AND NOT EXISTS (SELECT 1 FROM shares x WHERE x.family = families.id AND x.respondent = $1)
		UNION ALL SELECT family, '', share, alike FROM shares WHERE respondent = $1 AND `+in, by, list)
}

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
