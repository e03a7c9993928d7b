package store

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// How many leases a question has out is counted in its progress, so that neither a claim nor an answer counts rows:
// leases is the number of those that are open and end at lease_ends or later, and no open one ended before that when it
// was counted. A claim after lease_ends counts again. An answer or a skip takes its lease off the count if it is in it.

// noLease is the end of leases when there are none.
const noLease = math.MaxInt64

// openLeases selects the leases of question $1 that are open at $2.
const openLeases = `FROM assignments l WHERE l.question = $1 AND l.status = 'open' AND l.expires_at > $2
	AND NOT EXISTS (SELECT 1 FROM answers w WHERE w.assignment = l.id)`

// ClaimAssignments implements polls.Store. Questions are chosen first, beside the writer, because somebody who has
// answered thousands of those that are open is passed over thousands. Then their progress is locked and the rules are
// checked again: so two servers that choose the same one agree.
func (st pollStore) ClaimAssignments(ctx context.Context, c polls.Claim) (leases []polls.Lease, err error) {
	var chosen choice
	if c.Question == "" {
		if chosen, err = st.choose(ctx, c); err != nil {
			return nil, err
		}
	}
	var held []polls.Assignment
	err = st.write(ctx, func(db querier) error {
		// The respondent's lock keeps two claims of one person from getting twice the leases.
		var known string
		found, err := get(ctx, db, []any{&known}, `SELECT id FROM respondents WHERE id = $1`+db.forUpdate(), c.Respondent)
		switch {
		case err != nil:
			return err
		case !found:
			return polls.ErrNoRespondent
		case c.Question != "":
			held, err = claimOne(ctx, db, c)
		default:
			held, err = claimAny(ctx, db, c, chosen)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	err = st.read(ctx, func(db querier) error {
		leases, err = leasesOf(ctx, db, held)
		return err
	})
	return leases, err
}

// choice are questions that a respondent could get.
type choice struct {
	ids []string
	all bool // there are no others, or a claim looks no further
}

// choose returns questions that the respondent could get, or none of them when they hold enough.
func (st pollStore) choose(ctx context.Context, c polls.Claim) (chosen choice, err error) {
	err = st.read(ctx, func(db querier) error {
		held, err := heldBy(ctx, db, c)
		if err != nil || len(held) >= c.Count {
			return err
		}
		chosen, err = chooseAny(ctx, db, c, c.Count-len(held))
		return err
	})
	return chosen, err
}

// chooseAny chooses lockSpare questions more than are needed, for those that somebody else has locked or takes first. What
// is no gold comes first, but for as many golds of the same project as the draw has; the other golds come when there is
// nothing else.
func chooseAny(ctx context.Context, db querier, c polls.Claim, need int) (choice, error) {
	is, err := standingOf(ctx, db, c)
	if err != nil {
		return choice{}, err
	}
	ids, bounded, err := chooseLiked(ctx, db, c, is, need+lockSpare)
	if err != nil {
		return choice{}, err
	}
	if len(ids) > 0 {
		if ids, err = mixGolds(ctx, db, c, is, need, ids); err != nil {
			return choice{}, err
		}
	}
	if bounded || len(ids) >= need+lockSpare {
		return choice{ids, bounded}, nil
	}
	every, _, err := available(ctx, db, c, is, need+lockSpare, "")
	for _, id := range every {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return choice{ids, len(every) < need+lockSpare}, err
}

// chooseLiked returns up to limit questions that are no golds: those first that are about what the respondent likes.
func chooseLiked(ctx context.Context, db querier, c polls.Claim, is standing, limit int) (ids []string, bounded bool, err error) {
	if c.Likes != 0 {
		// What is not marked comes after this. Where questions are kept from somebody it is looked no further for what they like.
		liked := ` AND EXISTS (SELECT 1 FROM questions y LEFT JOIN projects j ON j.id = y.project WHERE y.id = p.question AND (` + contentOf + ` & $5) <> 0)`
		if ids, _, err = availableOf(ctx, db, c, is, limit, `progress p`, `p.deadline > $2`+notGold+liked, `p.deadline, p.question`, int64(c.Likes)); err != nil || len(ids) == limit {
			return ids, false, err
		}
	}
	others, bounded, err := available(ctx, db, c, is, limit, notGold)
	for _, id := range others {
		if len(ids) < limit && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, bounded, err
}

// contentOf are the marks of a question y of a project j, if it has one.
const contentOf = `(y.content | COALESCE(j.content, 0))`

// mixGolds puts golds among questions that are none, where the claim's draw has them: golds of the project that the first
// of these is of, or of its organisation outside projects. No place tells that a gold is on it.
func mixGolds(ctx context.Context, db querier, c polls.Claim, is standing, need int, plain []string) ([]string, error) {
	var scope string
	var rate, deadline, began, tasks int64
	found, err := get(ctx, db, []any{&scope, &rate, &deadline, &began, &tasks}, `SELECT x.scope, COALESCE(j.gold_ppm, $2), x.deadline, COALESCE(j.created_at, 0), COALESCE(r.tasks, 0) FROM
			(SELECT q.project, q.deadline, CASE WHEN q.project <> '' THEN q.project ELSE q.org END AS scope FROM questions q WHERE q.id = $1) x LEFT JOIN projects j ON j.id = x.project
			LEFT JOIN project_progress r ON r.project = x.project
		WHERE EXISTS (SELECT 1 FROM golds g WHERE g.scope = x.scope AND g.state = 'hidden')`, plain[0], int64(labeling.GoldPPMDefault))
	if err != nil || !found {
		return plain, err
	}
	var places []int
	for i := range need {
		if int64((c.Draw+i*goldenSection)%wholeDraw) < rate {
			places = append(places, i)
		}
	}
	// One is looked for even where none comes: the time that a claim takes says nothing.
	golds, err := goldsOf(ctx, db, c, is, max(len(places), 1), scope, timeOf(deadline), timeOf(began), labeling.Parts(int(tasks)))
	for i, id := range golds[:min(len(places), len(golds))] {
		plain = slices.Insert(plain, min(places[i], len(plain)), id)
	}
	return plain, err
}

// goldsOf returns up to limit golds of a scope that the respondent could get, which nobody can tell by their place from
// the questions of a deadline beside which they are asked: they come in the same order, as long as there is one among the
// next few hundred. Where golds are rarer they come from anywhere in the project, which began then and has so many parts. Its ids
// are random within each part, so that they say nothing but which part is richer in golds; a deadline says more, when theirs is another.
func goldsOf(ctx context.Context, db querier, c polls.Claim, is standing, limit int, scope string, deadline, began time.Time, parts int) (ids []string, err error) {
	add := func(from, condition, order string, args ...any) error {
		if len(ids) == limit {
			return nil
		}
		more, _, err := availableOf(ctx, db, c, is, limit, from, condition, order, args...)
		for _, id := range more {
			if len(ids) < limit && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
		return err
	}
	end := micros(deadline.Add(polls.MixedFor))
	// The last of those that are looked at may be sooner.
	if _, err := get(ctx, db, []any{&end}, `SELECT p.deadline FROM progress p WHERE p.status = 'open' AND p.deadline > $1 AND p.deadline < $2 ORDER BY p.deadline, p.question LIMIT 1 OFFSET $3`,
		micros(c.At), end, lookedAt); err != nil {
		return nil, err
	}
	const of = `g.scope = $5 AND g.state = 'hidden'`
	if err := add(`progress p`, `p.deadline > $2 AND p.deadline < $6 AND EXISTS (SELECT 1 FROM golds g WHERE g.question = p.question AND `+of+`)`, `p.deadline, p.question`, scope, end); err != nil {
		return nil, err
	}
	const golds, open = `golds g CROSS JOIN progress p`, `p.deadline > $2 AND p.question = g.question AND ` + of
	if !began.IsZero() {
		from := tasknet.NewIDWithin(polls.QuestionPrefix, began.Add(time.Duration(rand.IntN(parts))*time.Millisecond))
		if err := add(golds, open+` AND g.question > $6`, `g.question`, scope, from); err != nil {
			return nil, err
		}
	}
	return ids, add(golds, open, `g.question`, scope)
}

// A draw is out of so many, and draws that are the golden section apart are far apart, however many.
const wholeDraw, goldenSection = 1_000_000, 618_034

// notGold leaves golds out of available.
const notGold = ` AND NOT EXISTS (SELECT 1 FROM golds g WHERE g.question = p.question)`

const lockSpare = 4

func claimOne(ctx context.Context, db querier, c polls.Claim) ([]polls.Assignment, error) {
	if _, err := db.lockFree(ctx, []string{string(c.Question)}, 1); err != nil {
		return nil, err
	}
	var held []polls.Assignment
	err := db.query(ctx, func(r row) error {
		a, err := scanAssignment(r)
		held = append(held, a)
		return err
	}, selectHeld+` AND a.question = $3`, c.Respondent, micros(c.At), c.Question)
	if err != nil || len(held) > 0 {
		return held, err
	}
	var one int64
	void, err := get(ctx, db, []any{&one}, voidIn+`$2 LIMIT 1`, c.Respondent, c.Question)
	if err != nil {
		return nil, err
	}
	if void {
		return nil, polls.ErrNotAvailable
	}
	is, err := standingOf(ctx, db, c)
	if err != nil {
		return nil, err
	}
	if is.capped {
		among, err := isNewAmongGolds(ctx, db, c.Respondent, c.Question)
		if err != nil {
			return nil, err
		}
		if among {
			return nil, polls.ErrCapped
		}
	}
	a, err := lease(ctx, db, c, string(c.Question))
	if err != nil {
		return nil, err
	}
	if a == nil {
		return nil, polls.ErrNotAvailable
	}
	return []polls.Assignment{*a}, nil
}

// selectHeld selects the leases that respondent $1 holds at $2 and can use. CROSS JOIN keeps SQLite from looking at every
// open question first.
var selectHeld = `SELECT ` + qualified(assignmentColumns, "a") + ` FROM assignments a CROSS JOIN progress p
	WHERE p.question = a.question AND a.respondent = $1 AND a.listed = 1 AND a.status = 'open' AND a.expires_at > $2 AND p.status = 'open' AND p.deadline > $2
	AND NOT EXISTS (SELECT 1 FROM answers w WHERE w.assignment = a.id)`

// heldBy returns at most c.Count leases that the respondent holds.
func heldBy(ctx context.Context, db querier, c polls.Claim) (held []polls.Assignment, err error) {
	err = db.query(ctx, func(r row) error {
		a, err := scanAssignment(r)
		held = append(held, a)
		return err
	}, selectHeld+` ORDER BY p.deadline, p.question LIMIT $3`, c.Respondent, micros(c.At), c.Count)
	return held, err
}

func claimAny(ctx context.Context, db querier, c polls.Claim, chosen choice) ([]polls.Assignment, error) {
	if _, err := db.exec(ctx, `UPDATE assignments SET listed = 0 WHERE respondent = $1 AND listed = 1 AND (status <> 'open' OR expires_at <= $2
		OR EXISTS (SELECT 1 FROM answers w WHERE w.assignment = assignments.id))`,
		c.Respondent, micros(c.At)); err != nil {
		return nil, err
	}
	held, err := heldBy(ctx, db, c)
	if err != nil {
		return nil, err
	}
	for again := false; len(held) < c.Count; again = true {
		need := c.Count - len(held)
		if again { // others were faster: choose anew, where most of them wait
			if chosen, err = chooseAny(ctx, db, c, need); err != nil {
				return nil, err
			}
		}
		taken, err := leaseAny(ctx, db, c, chosen.ids, need)
		if err != nil {
			return nil, err
		}
		held = append(held, taken...)
		if again || chosen.all {
			break
		}
	}
	return held, nil
}

// leaseAny saves up to need leases on the questions in turn.
func leaseAny(ctx context.Context, db querier, c polls.Claim, chosen []string, need int) (taken []polls.Assignment, err error) {
	if chosen, err = db.lockFree(ctx, chosen, need); err != nil {
		return nil, err
	}
	for _, id := range chosen {
		if len(taken) == need {
			break
		}
		a, err := lease(ctx, db, c, id)
		if err != nil && !errors.Is(err, polls.ErrMostTasks) {
			return nil, err
		}
		if a != nil {
			taken = append(taken, *a)
		}
	}
	return taken, nil
}

// available returns up to limit questions that the respondent could get under the rules of Claim, the oldest deadline
// first, and under one more condition. From whom questions are kept, and who finds too few others among those that a claim
// looks at, gets some of somewhere behind these, or of other projects: they do not wait in vain while there is work. It is
// bounded when that was so.
func available(ctx context.Context, db querier, c polls.Claim, is standing, limit int, condition string) (ids []string, bounded bool, err error) {
	const from, order = `progress p`, `p.deadline, p.question`
	ids, last, err := availableOf(ctx, db, c, is, limit, from, `p.deadline > $2`+condition, order)
	if err != nil || last == 0 {
		return ids, false, err
	}
	seen := make(map[string]bool, limit)
	for _, id := range ids {
		seen[id] = true
	}
	add := func(from, condition, order string, arg any) error {
		more, _, err := availableOf(ctx, db, c, is, limit, from, condition, order, arg)
		for _, id := range more {
			if len(ids) < limit && !seen[id] {
				ids, seen[id] = append(ids, id), true
			}
		}
		return err
	}
	var end int64
	if _, err := get(ctx, db, []any{&end}, `SELECT deadline FROM progress WHERE status = 'open' ORDER BY deadline DESC LIMIT 1`); err != nil {
		return nil, false, err
	}
	if end > last {
		behind := last + int64(float64(end-last)*float64(c.Draw*goldenSection%wholeDraw)/wholeDraw)
		if err := add(from, `p.deadline > $5`+condition, order, behind); err != nil {
			return nil, false, err
		}
	}
	others, err := otherProjects(ctx, db, c.Respondent)
	for _, project := range others {
		if err != nil || len(ids) == limit {
			break
		}
		err = add(`tasks k CROSS JOIN progress p`, `p.deadline > $2 AND k.project = $5 AND k.state = 'open' AND p.question = k.question`+condition, `k.key`, project)
	}
	return ids, true, err
}

// availableOf is available among what from names, under all of its conditions, in an order, with the arguments from $5 on.
// When it has looked at as many questions as a claim may, and found too few, it returns the last one's deadline.
func availableOf(ctx context.Context, db querier, c polls.Claim, is standing, limit int, from, condition, order string, args ...any) (ids []string, last int64, err error) {
	columns, look := `p.question`, limit
	if is.void {
		condition += notVoid
	}
	if is.kept { // of most people little is kept
		columns, from, condition, look = columns+is.columns(), from+keptTables, condition+keptWhere, min(2*limit, lookedAt)
	}
	args = append([]any{c.Respondent, micros(c.At), c.Margin, look}, args...)
	if len(c.Reads) > 0 {
		theirs, list, err := db.inList("l.language", len(args)+1, c.Reads)
		if err != nil {
			return nil, 0, err
		}
		condition += ` AND EXISTS (SELECT 1 FROM questions y WHERE y.id = p.question AND (EXISTS (SELECT 1 FROM project_languages l WHERE l.project = y.project AND ` + theirs + `)
			OR NOT EXISTS (SELECT 1 FROM project_languages l WHERE l.project = y.project)))`
		args = append(args, list)
	}
	if !c.Avoids.None() {
		types := make([]string, len(c.Avoids.Types))
		for i, t := range c.Avoids.Types {
			types[i] = string(t)
		}
		args = append(args, int64(c.Avoids.Content))
		marked := len(args)
		theirs, list, err := db.inList("y.type", marked+1, types)
		if err != nil {
			return nil, 0, err
		}
		args = append(args, list)
		condition += ` AND NOT EXISTS (SELECT 1 FROM questions y LEFT JOIN projects j ON j.id = y.project WHERE y.id = p.question
			AND ((` + contentOf + ` & $` + strconv.Itoa(marked) + `) <> 0 OR ` + theirs + `))`
	}
	text := `SELECT ` + columns + ` FROM ` + from + ` WHERE p.status = 'open'
		AND (p.leases < p.wanted + $3 OR (p.lease_ends <= $2 AND (SELECT COUNT(*) FROM assignments l WHERE l.question = p.question AND l.status = 'open' AND l.expires_at > $2
			AND NOT EXISTS (SELECT 1 FROM answers w WHERE w.assignment = l.id)) < p.wanted + $3))
		AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.question = p.question AND a.respondent = $1) AND ` + condition + `
		ORDER BY ` + order + ` LIMIT $4`
	for {
		if !is.kept {
			err := db.query(ctx, appendTo(&ids), text, args...)
			return ids, 0, err
		}
		var looked []candidate
		err := db.query(ctx, func(r row) error {
			k, err := scanCandidate(r)
			looked = append(looked, k)
			return err
		}, text, args...)
		if err != nil {
			return nil, 0, err
		}
		if ids, err = is.open(ctx, db, c, looked); err != nil {
			return nil, 0, err
		}
		switch {
		case len(ids) >= limit:
			return ids[:limit], 0, nil
		case len(looked) < look:
			return ids, 0, nil
		case look == lookedAt:
			return ids, looked[len(looked)-1].deadline, nil
		}
		look, args[3] = lookedAt, lookedAt
	}
}

// lease saves an assignment on a question whose progress is locked, or returns nil when the rules of Claim forbid it;
// ErrMostTasks when that is because of how many tasks of its project the respondent has had.
func lease(ctx context.Context, db querier, c polls.Claim, question string) (*polls.Assignment, error) {
	var status polls.Status
	var project, skills, asked, choices string
	var family labeling.FamilyID
	var began, deadline, wanted, leases, ends, most, taken, alike int64
	found, err := get(ctx, db, []any{&status, &began, &deadline, &wanted, &leases, &ends, &skills, &project, &asked, &family, &choices, &most, &taken, &alike}, `SELECT
			p.status, `+askedAt(`j.lifetime`)+`, p.deadline, p.wanted, p.leases, p.lease_ends, p.skills, q.project, q.snapshot, q.family, q.choices, COALESCE(j.most_per_person, 0), COALESCE(w.tasks, 0), COALESCE(h.alike, 0)
		FROM progress p JOIN questions q ON q.id = p.question LEFT JOIN projects j ON j.id = q.project LEFT JOIN taken w ON w.respondent = $2 AND w.project = q.project
			LEFT JOIN shares h ON h.family = q.family AND h.respondent = $2
		WHERE p.question = $1`, question, c.Respondent)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, polls.ErrNoQuestion
	}
	if status != polls.Open || deadline <= micros(c.At) {
		return nil, nil
	}
	if ends <= micros(c.At) {
		if _, err := get(ctx, db, []any{&leases, &ends}, `SELECT COUNT(*), COALESCE(MIN(l.expires_at), $3) `+openLeases, question, micros(c.At), int64(noLease)); err != nil {
			return nil, err
		}
	}
	if leases >= wanted+int64(c.Margin) {
		return nil, nil
	}
	if most > 0 && taken >= most {
		return nil, polls.ErrMostTasks
	}
	if alike != 0 && c.At.Before(labeling.OpensApart(polls.QuestionID(question), timeOf(began), timeOf(deadline))) {
		if theirs, err := withAlike(ctx, db, c, []string{question}); err != nil || len(theirs) > 0 {
			return nil, err
		}
	}
	a := polls.Assignment{
		ID: polls.AssignmentID(tasknet.NewID(polls.AssignmentPrefix, c.At)), Question: polls.QuestionID(question), Respondent: c.Respondent,
		Status: polls.Leased, CreatedAt: c.At, ExpiresAt: c.ExpiresAt,
	}
	n, err := db.exec(ctx, `INSERT INTO assignments (`+assignmentColumns+`, listed) VALUES ($1, $2, $3, $4, $5, $6, '', 1) ON CONFLICT (question, respondent) DO NOTHING`,
		string(a.ID), question, string(a.Respondent), string(a.Status), micros(a.CreatedAt), micros(a.ExpiresAt))
	if err != nil || n == 0 {
		return nil, err
	}
	writes := []statement{{`UPDATE progress SET leases = $2, lease_ends = $3 WHERE question = $1`, []any{question, leases + 1, min(ends, micros(c.ExpiresAt))}}}
	if skills == "" && asked != "" { // nobody has had it
		if skills, err = newestSkills(ctx, db, family, choices, asked); err != nil {
			return nil, err
		}
		word, err := wordOn(ctx, db, question, project, asked)
		if err != nil {
			return nil, err
		}
		writes = append(writes, statement{`UPDATE progress SET skills = $2, witness = $3, opinion = $4 WHERE question = $1`, []any{question, cmp.Or(word.skills, skills), word.witness, word.opinion}})
	}
	if project != "" {
		writes = append(writes, statement{`INSERT INTO taken (respondent, project, tasks) VALUES ($1, $2, 1) ON CONFLICT (respondent, project) DO UPDATE SET tasks = taken.tasks + 1`, []any{string(c.Respondent), project}})
	}
	_, err = db.execAll(ctx, writes)
	return &a, err
}

// newestSkills returns the hash of the newest snapshot for a question of a family with these choices, a JSON array: the one
// that it was asked with when there is none.
func newestSkills(ctx context.Context, db querier, family labeling.FamilyID, choices, asked string) (string, error) {
	var names []string
	if err := json.Unmarshal([]byte(choices), &names); err != nil {
		return "", err
	}
	newest, err := lastSnapshot(ctx, db, family, len(names))
	return cmp.Or(newest, asked), err
}

// word is what the model says of a question that helps its project, what that is worth, and the skills that go with it: those that it
// was measured with, which may be a moment older than the newest. All are empty when no model helps.
type word struct{ witness, opinion, skills string }

// wordOn returns the word on a question that was asked with some skills. No older ones may weigh it.
func wordOn(ctx context.Context, db querier, question, project, asked string) (w word, err error) {
	if project == "" {
		return w, nil
	}
	_, err = get(ctx, db, []any{&w.witness, &w.opinion, &w.skills}, `SELECT h.witness, o.opinion, h.skills FROM helpings h JOIN opinions o ON o.question = $2 AND o.round = h.round
		WHERE h.project = $1 AND h.witness <> '' AND o.measures = 0 AND o.opinion <> ''
			AND (SELECT s.at FROM snapshots s WHERE s.hash = h.skills) >= (SELECT s.at FROM snapshots s WHERE s.hash = $3)`, project, question, asked)
	return w, err
}

// leasesOf adds to assignments their questions and who asks them.
func leasesOf(ctx context.Context, db querier, held []polls.Assignment) ([]polls.Lease, error) {
	if len(held) == 0 {
		return nil, nil
	}
	ids := make([]any, len(held))
	for i, a := range held {
		ids[i] = a.Question
	}
	type asked struct {
		question *polls.Question
		by       string
		content  int64
	}
	found := make(map[polls.QuestionID]asked, len(held))
	err := db.query(ctx, func(r row) (err error) {
		var a asked
		if a.question, err = scanQuestion(r, &a.by, &a.content); err != nil {
			return err
		}
		found[a.question.ID] = a
		return nil
	}, `SELECT `+questionColumns+`, `+progressColumns+`, o.name, q.content | COALESCE(j.content, 0) FROM questions q JOIN progress p ON p.question = q.id JOIN orgs o ON o.id = q.org LEFT JOIN projects j ON j.id = q.project
		WHERE q.id IN (`+placeholders(len(ids))+`)`, ids...)
	if err != nil {
		return nil, err
	}
	leases := make([]polls.Lease, len(held))
	for i, a := range held {
		f := found[a.Question]
		leases[i] = polls.Lease{Assignment: a, Question: f.question, AskedBy: f.by, Content: polls.Content(f.content)}
	}
	return leases, nil
}

// SkipAssignment implements polls.Store.
func (st pollStore) SkipAssignment(ctx context.Context, by polls.RespondentID, id polls.AssignmentID, reason string, _ time.Time) error {
	return st.write(ctx, func(db querier) error {
		// A claim locks the respondent before questions, and changes after them what is counted here.
		if suffix := db.forUpdate(); suffix != "" {
			var known string
			if _, err := get(ctx, db, []any{&known}, `SELECT id FROM respondents WHERE id = $1`+suffix, by); err != nil {
				return err
			}
		}
		var question string
		var respondent polls.RespondentID
		found, err := get(ctx, db, []any{&question, &respondent}, `SELECT question, respondent FROM assignments WHERE id = $1`, id)
		switch {
		case err != nil:
			return err
		case !found || respondent != by:
			return polls.ErrNoAssignment
		}
		// An answer to the question waits for this lock, or has been recorded when it is got.
		if _, err := db.lockFree(ctx, []string{question}, 1); err != nil {
			return err
		}
		var status polls.AssignmentStatus
		var answers, expires int64
		if _, err := get(ctx, db, []any{&status, &expires, &answers}, `SELECT a.status, a.expires_at,
			(SELECT COUNT(*) FROM answers w WHERE w.assignment = a.id) FROM assignments a WHERE a.id = $1`, id); err != nil {
			return err
		}
		switch {
		case answers > 0:
			return polls.ErrAnswered
		case status == polls.Skipped:
			return nil
		}
		_, err = db.execAll(ctx, []statement{
			{`UPDATE assignments SET status = 'skipped', skip_reason = $2 WHERE id = $1`, []any{id, reason}},
			{`UPDATE progress SET leases = leases - 1 WHERE question = $1 AND lease_ends <= $2`, []any{question, expires}},
			{`UPDATE taken SET tasks = tasks - 1 WHERE respondent = $1 AND project = (SELECT q.project FROM questions q WHERE q.id = $2)`, []any{string(by), question}},
		})
		return err
	})
}
