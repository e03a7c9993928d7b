package store

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

const (
	questionColumns = `q.id, q.org, q.type, q.text, q.choices, q.image, q.policy, q.min, q.max, q.price, q.fee, q.deadline, q.snapshot, q.salt, q.hash, q.sample, q.created_at, q.project, q.extras, q.content`
	progressColumns = `p.status, p.answers, p.struck, p.counts, p.wanted, p.state, p.closed_at, p.skills, p.witness, p.opinion`
	selectQuestion  = `SELECT ` + questionColumns + `, ` + progressColumns + ` FROM questions q JOIN progress p ON p.question = q.id`
)

// storedImage is polls.Image as it is stored.
type storedImage struct {
	Hash   string `json:"hash"`
	Type   string `json:"type"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
	Bytes  int    `json:"bytes"`
	Alt    string `json:"alt,omitempty"`
}

// storedExtras is what only some questions have, as it is stored.
type storedExtras struct {
	Passage      string        `json:"passage,omitempty"`
	Audio        *storedAudio  `json:"audio,omitempty"`
	ChoiceImages []storedImage `json:"choice_images,omitempty"`
	Number       *storedRange  `json:"number,omitempty"`
	Least        int           `json:"least,omitempty"`
	Most         int           `json:"most,omitempty"`
	Length       int           `json:"length,omitempty"`
}

type storedAudio struct {
	Hash  string `json:"hash"`
	Type  string `json:"type"`
	Bytes int    `json:"bytes"`
}

type storedRange struct {
	Min      polls.Decimal `json:"min"`
	Max      polls.Decimal `json:"max"`
	Decimals int           `json:"decimals"`
	Unit     string        `json:"unit"`
}

// encodeExtras returns a question's storedExtras in JSON; nothing when it has none.
func encodeExtras(q *polls.Question) (string, error) {
	extras := storedExtras{
		Passage: q.Passage, Audio: (*storedAudio)(q.Audio), Number: (*storedRange)(q.Number), Least: q.Least, Most: q.Most, Length: q.Length,
	}
	for _, i := range q.ChoiceImages {
		extras.ChoiceImages = append(extras.ChoiceImages, storedImage(i))
	}
	b, err := json.Marshal(extras)
	if err != nil || string(b) == "{}" {
		return "", err
	}
	return string(b), nil
}

func decodeExtras(s string, q *polls.Question) error {
	if s == "" {
		return nil
	}
	var extras storedExtras
	if err := json.Unmarshal([]byte(s), &extras); err != nil {
		return err
	}
	q.Passage, q.Audio = extras.Passage, (*polls.Audio)(extras.Audio)
	q.Options = polls.Options{Number: (*polls.NumberRange)(extras.Number), Least: extras.Least, Most: extras.Most, Length: extras.Length}
	for _, i := range extras.ChoiceImages {
		q.ChoiceImages = append(q.ChoiceImages, polls.Image(i))
	}
	return nil
}

// scannedQuestion takes a question's columns.
type scannedQuestion struct {
	q                           polls.Question
	choices, image, policy      string
	extras                      string
	price, fee                  int64
	deadline, created, closedAt int64
	sample                      int
	content                     int64
	counts, opinion             string
	state                       []byte
}

// dest are pointers for the columns of selectQuestion.
func (s *scannedQuestion) dest() []any {
	q := &s.q
	return []any{
		&q.ID, &q.Org, &q.Type, &q.Text, &s.choices, &s.image, &s.policy, &q.Policy.Min, &q.Policy.Max, &s.price, &s.fee,
		&s.deadline, &q.Snapshot, &q.Salt, &q.Hash, &s.sample, &s.created, &q.Project, &s.extras, &s.content,
		&q.Status, &q.Answers, &q.Struck, &s.counts, &q.Wanted, &s.state, &s.closedAt, &q.Skills, &q.Witness, &s.opinion,
	}
}

func (s *scannedQuestion) question() (*polls.Question, error) {
	q := s.q
	if err := json.Unmarshal([]byte(s.choices), &q.Choices); err != nil {
		return nil, fmt.Errorf("choices of %s: %w", q.ID, err)
	}
	if s.image != "" {
		var stored storedImage
		if err := json.Unmarshal([]byte(s.image), &stored); err != nil {
			return nil, fmt.Errorf("image of %s: %w", q.ID, err)
		}
		image := polls.Image(stored)
		q.Image = &image
	}
	if err := decodeExtras(s.extras, &q); err != nil {
		return nil, fmt.Errorf("extras of %s: %w", q.ID, err)
	}
	least, most := q.Policy.Min, q.Policy.Max
	var err error
	if q.Policy, err = polls.ParsePolicy(s.policy, least, most); err != nil {
		return nil, fmt.Errorf("policy of %s: %w", q.ID, err)
	}
	if q.Counts, err = decodeInts(s.counts); err != nil {
		return nil, fmt.Errorf("counts of %s: %w", q.ID, err)
	}
	if q.Opinion, err = decodeOpinion(s.opinion); err != nil {
		return nil, fmt.Errorf("opinion on %s: %w", q.ID, err)
	}
	q.Price, q.Fee = tasknet.Micro(s.price), tasknet.Micro(s.fee)
	q.Deadline, q.CreatedAt, q.ClosedAt = timeOf(s.deadline), timeOf(s.created), timeOf(s.closedAt)
	q.Sample, q.State, q.Content = s.sample == 1, s.state, polls.Content(s.content)
	return &q, nil
}

func scanQuestion(r row, more ...any) (*polls.Question, error) {
	var s scannedQuestion
	if err := r.Scan(append(s.dest(), more...)...); err != nil {
		return nil, err
	}
	return s.question()
}

// CreateQuestions implements polls.Store.
func (st pollStore) CreateQuestions(ctx context.Context, questions ...*polls.Question) error {
	batch := make([]statement, 0, 2*len(questions))
	for _, q := range questions {
		inserts, err := insertQuestion(q)
		if err != nil {
			return err
		}
		batch = append(batch, inserts...)
	}
	return st.write(ctx, func(db querier) error {
		_, err := db.execAll(ctx, batch)
		return err
	})
}

// insertQuestion are the statements that save a question with its progress.
func insertQuestion(q *polls.Question) ([]statement, error) {
	choices, err := json.Marshal(q.Choices)
	if err != nil {
		return nil, err
	}
	extras, err := encodeExtras(q)
	if err != nil {
		return nil, err
	}
	image := ""
	if q.Image != nil {
		b, err := json.Marshal(storedImage(*q.Image))
		if err != nil {
			return nil, err
		}
		image = string(b)
	}
	sample := 0
	if q.Sample {
		sample = 1
	}
	family, _, err := labeling.FamilyOf(q.Org, q.Project, q.Type, q.Choices)
	if err != nil {
		return nil, err
	}
	due := micros(q.Deadline)
	if q.Project != "" { // they have their deadline in common, and no order that anybody could know
		due += rand.Int64N(polls.MixedFor.Microseconds())
	}
	return []statement{
		{`INSERT INTO questions (id, org, type, text, choices, image, policy, min, max, price, fee, deadline, snapshot, salt, hash, sample, created_at, project, extras, family, content)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`, []any{
			q.ID, q.Org, q.Type, q.Text, string(choices), image, q.Policy.String(), q.Policy.Min, q.Policy.Max, q.Price.Micro(), q.Fee.Micro(),
			micros(q.Deadline), q.Snapshot, q.Salt, q.Hash, sample, micros(q.CreatedAt), q.Project, extras, family, int64(q.Content),
		}},
		{`INSERT INTO progress (question, org, deadline, status, answers, counts, wanted, state, closed_at, leases, lease_ends)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10)`, []any{
			q.ID, q.Org, due, q.Status, q.Answers, encodeInts(q.Counts), q.Wanted, []byte(q.State), micros(q.ClosedAt), int64(noLease),
		}},
	}, nil
}

// Question implements polls.Store.
func (st pollStore) Question(ctx context.Context, id polls.QuestionID) (q *polls.Question, err error) {
	err = st.read(ctx, func(db querier) error {
		q, err = questionOf(ctx, db, id)
		return err
	})
	return q, err
}

// LockQuestion implements polls.Store.
func (st pollStore) LockQuestion(ctx context.Context, id polls.QuestionID) (q *polls.Question, err error) {
	err = st.write(ctx, func(db querier) error {
		// First the lock, then the reading: a statement that waits for a lock has looked at the other tables before.
		if suffix := db.forUpdate(); suffix != "" {
			var locked string
			if _, err := get(ctx, db, []any{&locked}, `SELECT question FROM progress WHERE question = $1`+suffix, id); err != nil {
				return err
			}
		}
		q, err = questionOf(ctx, db, id)
		return err
	})
	return q, err
}

func questionOf(ctx context.Context, db querier, id polls.QuestionID) (*polls.Question, error) {
	var q *polls.Question
	err := db.query(ctx, func(r row) (err error) {
		q, err = scanQuestion(r)
		return err
	}, selectQuestion+` WHERE q.id = $1`, id)
	if err == nil && q == nil {
		return nil, polls.ErrNoQuestion
	}
	return q, err
}

func scanProgress(r row, more ...any) (*polls.Progress, error) {
	var p polls.Progress
	var counts, opinion string
	var state []byte
	var closedAt int64
	err := r.Scan(append([]any{&p.Status, &p.Answers, &p.Struck, &counts, &p.Wanted, &state, &closedAt, &p.Skills, &p.Witness, &opinion}, more...)...)
	if err != nil {
		return nil, err
	}
	p.State, p.ClosedAt = state, timeOf(closedAt)
	if p.Opinion, err = decodeOpinion(opinion); err != nil {
		return nil, err
	}
	p.Counts, err = decodeInts(counts)
	return &p, err
}

// Questions implements polls.Store.
func (st pollStore) Questions(ctx context.Context, filter polls.QuestionFilter, page tasknet.Page) ([]*polls.Question, string, error) {
	var where conditions
	if filter.Org != "" && filter.Status != "" {
		where.add(`p.org = $`, filter.Org) // the index has both
	} else if filter.Org != "" {
		where.add(`q.org = $`, filter.Org)
	}
	if filter.Status != "" {
		where.add(`p.status = $`, filter.Status)
	}
	key := `q.id`
	if filter.Status != "" {
		key = `p.question`
	}
	if page.After != "" {
		where.add(key+` < $`, page.After)
	}
	return readPage(ctx, st, page, func(r row) (*polls.Question, string, error) {
		q, err := scanQuestion(r)
		if err != nil {
			return nil, "", err
		}
		return q, string(q.ID), nil
	}, selectQuestion+where.text()+` ORDER BY `+key+` DESC`, where.args...)
}

// DueQuestions implements polls.Store.
func (st pollStore) DueQuestions(ctx context.Context, at time.Time, limit int) (ids []polls.QuestionID, err error) {
	err = st.read(ctx, func(db querier) error {
		ids = nil
		return db.query(ctx, func(r row) error {
			var id polls.QuestionID
			var deadline int64
			err := r.Scan(&id, &deadline)
			ids = append(ids, id)
			return err
		}, `SELECT question, deadline FROM (SELECT question, deadline FROM progress WHERE status = 'closing' ORDER BY deadline, question LIMIT $2) closing
			UNION ALL
			SELECT question, deadline FROM (SELECT question, deadline FROM progress WHERE status = 'open' AND deadline <= $1 ORDER BY deadline, question LIMIT $2) late
			UNION ALL
			SELECT question, deadline FROM (SELECT question, deadline FROM progress WHERE status = 'paused' AND deadline <= $1 ORDER BY deadline, question LIMIT $2) paused
			ORDER BY deadline, question LIMIT $2`, micros(at), limit)
	})
	return ids, err
}

// LatestDeadline implements polls.Store.
func (st pollStore) LatestDeadline(ctx context.Context) (time.Time, error) {
	latest := int64(0)
	err := st.read(ctx, func(db querier) error {
		_, err := get(ctx, db, []any{&latest}, `SELECT COALESCE(MAX(latest), 0) FROM (
			SELECT MAX(deadline) AS latest FROM progress WHERE status = 'open'
			UNION ALL SELECT MAX(deadline) FROM progress WHERE status = 'paused'
			UNION ALL SELECT MAX(deadline) FROM progress WHERE status = 'closing') each`)
		return err
	})
	if err != nil || latest == 0 {
		return time.Time{}, err
	}
	return timeOf(latest), nil
}

// SaveProgress implements polls.Store.
func (st pollStore) SaveProgress(ctx context.Context, q *polls.Question) error {
	return st.write(ctx, func(db querier) error {
		_, err := db.exec(ctx, `UPDATE progress SET status = $2, struck = $3, counts = $4, wanted = $5, state = $6 WHERE question = $1`,
			string(q.ID), string(q.Status), q.Struck, encodeInts(q.Counts), q.Wanted, []byte(q.State))
		return err
	})
}

// CloseQuestion implements polls.Store.
func (st pollStore) CloseQuestion(ctx context.Context, id polls.QuestionID, at time.Time) error {
	return st.write(ctx, func(db querier) error {
		n, err := db.exec(ctx, `UPDATE progress SET status = 'closed', wanted = 0, closed_at = $2 WHERE question = $1 AND status <> 'closed'`, id, micros(at))
		if err != nil || n == 1 {
			return err
		}
		if _, err := questionOf(ctx, db, id); err != nil {
			return err
		}
		return polls.ErrClosed
	})
}

// conditions collects the parts of a WHERE.
type conditions struct {
	parts []string
	args  []any
}

// add adds a condition that ends in the $ of its argument.
func (c *conditions) add(part string, arg any) {
	c.args = append(c.args, arg)
	c.parts = append(c.parts, part+strconv.Itoa(len(c.args)))
}

func (c *conditions) text() string {
	if len(c.parts) == 0 {
		return ""
	}
	return ` WHERE ` + strings.Join(c.parts, ` AND `)
}

// readPage runs a query, to which it adds a limit, and returns a page of its rows with the cursor of the next one: that of
// the page's last item.
func readPage[T any](ctx context.Context, st runner, page tasknet.Page, scan func(row) (T, string, error), text string, args ...any) (items []T, next string, err error) {
	limit := page.Limit
	if limit = min(limit, tasknet.PageLimitMax); limit <= 0 {
		limit = tasknet.PageLimitDefault
	}
	err = st.read(ctx, func(db querier) error {
		items, next = nil, ""
		last := ""
		return db.query(ctx, func(r row) error {
			if len(items) == limit { // the one row more that tells that there is another page
				next = last
				return nil
			}
			item, cursor, err := scan(r)
			items, last = append(items, item), cursor
			return err
		}, text+` LIMIT $`+strconv.Itoa(len(args)+1), append(args, limit+1)...)
	})
	if err != nil {
		return nil, "", err
	}
	return items, next, nil
}

// errCursor reports a cursor that this store did not give.
var errCursor = tasknet.NewError(tasknet.Invalid, "bad_cursor", "The cursor is not one that a page came with; begin without one.")

// cursorNumber returns the number that a page's cursor holds; start when it has none.
func cursorNumber(page tasknet.Page, start int64) (int64, error) {
	if page.After == "" {
		return start, nil
	}
	n, err := strconv.ParseInt(page.After, 10, 64)
	if err != nil {
		return 0, errCursor
	}
	return n, nil
}

// encodeInts writes a JSON array.
func encodeInts(ns []int) string {
	b := make([]byte, 0, 2+8*len(ns))
	b = append(b, '[')
	for i, n := range ns {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(n), 10)
	}
	return string(append(b, ']'))
}

func decodeInts(s string) ([]int, error) {
	body, ok := strings.CutPrefix(s, "[")
	body, closed := strings.CutSuffix(body, "]")
	if !ok || !closed {
		return nil, fmt.Errorf("%q is no array", s)
	}
	if body == "" {
		return []int{}, nil
	}
	ns := make([]int, 0, 1+strings.Count(body, ","))
	for part := range strings.SplitSeq(body, ",") {
		n, err := strconv.Atoi(part)
		if err != nil {
			return nil, err
		}
		ns = append(ns, n)
	}
	return ns, nil
}
