package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

const (
	contestColumns = `id, org, text, items, top, target, max, at_once, price, lifetime, status, problem, asked, ranking, created_at, ended_at`
	selectContest  = `SELECT ` + contestColumns + ` FROM contests`
)

// storedItem is labeling.Item as it is stored.
type storedItem struct {
	Name  string       `json:"name"`
	Image *storedImage `json:"image,omitempty"`
}

// storedRanking is labeling.Ranking as it is stored: what comes of it, not what to ask next.
type storedRanking struct {
	Order         []int        `json:"order"`
	Scores        [][3]float64 `json:"scores"` // value, low, high
	Confidence    float64      `json:"confidence"`
	Reason        string       `json:"reason"`
	LogLikelihood float64      `json:"log_likelihood"`
	Comparisons   int          `json:"comparisons"`
	CannotTell    int          `json:"cannot_tell"`
	Reliability   float64      `json:"reliability"`
}

func encodeRanking(r *labeling.Ranking) (string, error) {
	if r == nil {
		return "", nil
	}
	stored := storedRanking{r.Order, make([][3]float64, len(r.Scores)), r.Confidence, string(r.Reason), r.LogLikelihood, r.Comparisons, r.CannotTell, r.Reliability}
	for i, s := range r.Scores {
		stored.Scores[i] = [3]float64{s.Value, s.Low, s.High}
	}
	b, err := json.Marshal(stored)
	return string(b), err
}

func decodeRanking(text string) (*labeling.Ranking, error) {
	if text == "" {
		return nil, nil
	}
	var s storedRanking
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return nil, err
	}
	r := &labeling.Ranking{
		Order: s.Order, Scores: make([]labeling.Estimate, len(s.Scores)), Confidence: s.Confidence, Reason: labeling.Reason(s.Reason),
		LogLikelihood: s.LogLikelihood, Comparisons: s.Comparisons, CannotTell: s.CannotTell, Reliability: s.Reliability,
	}
	for i, e := range s.Scores {
		r.Scores[i] = labeling.Estimate{Value: e[0], Low: e[1], High: e[2]}
	}
	return r, nil
}

func scanContest(r row) (*labeling.Contest, error) {
	var c labeling.Contest
	var items, ranking string
	var price, lifetime, created, ended int64
	if err := r.Scan(&c.ID, &c.Org, &c.Text, &items, &c.Top, &c.TargetPPM, &c.Max, &c.AtOnce, &price, &lifetime, &c.Status, &c.Problem, &c.Asked, &ranking, &created, &ended); err != nil {
		return nil, err
	}
	var stored []storedItem
	if err := json.Unmarshal([]byte(items), &stored); err != nil {
		return nil, fmt.Errorf("items of %s: %w", c.ID, err)
	}
	for _, i := range stored {
		c.Items = append(c.Items, labeling.Item{Name: i.Name, Image: (*polls.Image)(i.Image)})
	}
	var err error
	if c.Ranking, err = decodeRanking(ranking); err != nil {
		return nil, fmt.Errorf("ranking of %s: %w", c.ID, err)
	}
	c.Price, c.Lifetime = tasknet.Micro(price), time.Duration(lifetime)*time.Microsecond
	c.CreatedAt, c.EndedAt = timeOf(created), timeOf(ended)
	return &c, nil
}

// CreateContest implements labeling.ContestStore.
func (st contestStore) CreateContest(ctx context.Context, c *labeling.Contest) error {
	items := make([]storedItem, len(c.Items))
	for i, item := range c.Items {
		items[i] = storedItem{item.Name, (*storedImage)(item.Image)}
	}
	encoded, err := json.Marshal(items)
	if err != nil {
		return err
	}
	ranking, err := encodeRanking(c.Ranking)
	if err != nil {
		return err
	}
	return st.write(ctx, func(db querier) error {
		_, err := db.exec(ctx, `INSERT INTO contests (`+contestColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
			c.ID, c.Org, c.Text, string(encoded), c.Top, c.TargetPPM, c.Max, c.AtOnce, c.Price.Micro(), c.Lifetime.Microseconds(), c.Status, c.Problem, c.Asked, ranking,
			micros(c.CreatedAt), micros(c.EndedAt))
		return err
	})
}

// Contest implements labeling.ContestStore.
func (st contestStore) Contest(ctx context.Context, id labeling.ContestID) (c *labeling.Contest, err error) {
	err = st.read(ctx, func(db querier) error {
		c, err = contestOf(ctx, db, id, "")
		return err
	})
	return c, err
}

// LockContest implements labeling.ContestStore.
func (st contestStore) LockContest(ctx context.Context, id labeling.ContestID) (c *labeling.Contest, err error) {
	err = st.write(ctx, func(db querier) error {
		c, err = contestOf(ctx, db, id, db.forUpdate())
		return err
	})
	return c, err
}

func contestOf(ctx context.Context, db querier, id labeling.ContestID, lock string) (c *labeling.Contest, err error) {
	err = db.query(ctx, func(r row) (err error) {
		c, err = scanContest(r)
		return err
	}, selectContest+` WHERE id = $1`+lock, id)
	if err == nil && c == nil {
		return nil, labeling.ErrNoContest
	}
	return c, err
}

// Contests implements labeling.ContestStore.
func (st contestStore) Contests(ctx context.Context, org polls.OrgID, page tasknet.Page) ([]*labeling.Contest, string, error) {
	var where conditions
	where.add(`org = $`, org)
	if page.After != "" {
		where.add(`id < $`, page.After)
	}
	return readPage(ctx, st, page, func(r row) (*labeling.Contest, string, error) {
		c, err := scanContest(r)
		if err != nil {
			return nil, "", err
		}
		return c, string(c.ID), nil
	}, selectContest+where.text()+` ORDER BY id DESC`, where.args...)
}

// RunningContests implements labeling.ContestStore.
func (st contestStore) RunningContests(ctx context.Context, limit int) (ids []labeling.ContestID, err error) {
	err = st.read(ctx, func(db querier) error {
		ids = nil
		return db.query(ctx, appendTo(&ids), `SELECT id FROM contests WHERE status = 'running' ORDER BY id LIMIT $1`, limit)
	})
	return ids, err
}

// SaveContest implements labeling.ContestStore.
func (st contestStore) SaveContest(ctx context.Context, c *labeling.Contest) error {
	ranking, err := encodeRanking(c.Ranking)
	if err != nil {
		return err
	}
	return st.write(ctx, func(db querier) error {
		n, err := db.exec(ctx, `UPDATE contests SET status = $2, problem = $3, asked = $4, ranking = $5, ended_at = $6 WHERE id = $1`, c.ID, c.Status, c.Problem, c.Asked, ranking, micros(c.EndedAt))
		if err == nil && n == 0 {
			return labeling.ErrNoContest
		}
		return err
	})
}

// AddPairings implements labeling.ContestStore.
func (st contestStore) AddPairings(ctx context.Context, pairings []labeling.Pairing) error {
	batch := make([]statement, len(pairings))
	for i, p := range pairings {
		batch[i] = statement{`INSERT INTO pairings (contest, n, question, first, second) VALUES ($1, $2, $3, $4, $5)`, []any{string(p.Contest), p.Number, string(p.Question), p.First, p.Second}}
	}
	return st.write(ctx, func(db querier) error {
		_, err := db.execAll(ctx, batch)
		return err
	})
}

// Pairings implements labeling.ContestStore.
func (st contestStore) Pairings(ctx context.Context, id labeling.ContestID) (pairings []labeling.Pairing, err error) {
	err = st.read(ctx, func(db querier) error {
		pairings = nil
		return db.query(ctx, func(r row) error {
			p := labeling.Pairing{Contest: id}
			var status polls.Status
			err := r.Scan(&p.Number, &p.Question, &p.First, &p.Second, &status)
			p.Closed = status == polls.Closed
			pairings = append(pairings, p)
			return err
		}, `SELECT c.n, c.question, c.first, c.second, p.status FROM pairings c JOIN progress p ON p.question = c.question WHERE c.contest = $1 ORDER BY c.n`, id)
	})
	return pairings, err
}
