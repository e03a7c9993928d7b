package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
)

// encodeOpinion writes what a model says, nothing as nothing.
func encodeOpinion(o []int) string {
	if len(o) == 0 {
		return ""
	}
	return encodeInts(o)
}

func decodeOpinion(s string) ([]int, error) {
	if s == "" {
		return nil, nil
	}
	return decodeInts(s)
}

// SaveWitness implements labeling.Store.
func (st labelStore) SaveWitness(ctx context.Context, w *labeling.WitnessSnapshot) error {
	body, err := w.MarshalText()
	if err != nil {
		return err
	}
	return st.write(ctx, func(db querier) error {
		_, err := db.exec(ctx, `INSERT INTO witnesses (hash, at, body) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING`, w.Hash, micros(w.At), string(body))
		return err
	})
}

// Witness implements labeling.Store.
func (st labelStore) Witness(ctx context.Context, hash string) (*labeling.WitnessSnapshot, error) {
	var body string
	var at int64
	var found bool
	err := st.read(ctx, func(db querier) (err error) {
		found, err = get(ctx, db, []any{&at, &body}, `SELECT at, body FROM witnesses WHERE hash = $1`, hash)
		return err
	})
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, pipeline.ErrNotFound
	}
	w, err := labeling.ParseWitnessSnapshot([]byte(body), timeOf(at))
	if err == nil && w.Hash != hash {
		return nil, fmt.Errorf("witness %s: what is stored has the hash %s", hash, w.Hash)
	}
	return w, err
}

// HelpedProjects implements labeling.HelpStore.
func (st helpStore) HelpedProjects(ctx context.Context, page tasknet.Page) ([]labeling.ProjectID, string, error) {
	return readPage(ctx, st, page, func(r row) (id labeling.ProjectID, cursor string, err error) {
		err = r.Scan(&id)
		return id, string(id), err
	}, `SELECT j.id FROM projects j JOIN project_progress s ON s.project = j.id WHERE j.id > $1 AND j.help <> '' AND s.status = 'running' ORDER BY j.id`, page.After)
}

// Helping implements labeling.HelpStore.
func (st helpStore) Helping(ctx context.Context, id labeling.ProjectID) (h *labeling.Helping, err error) {
	err = st.read(ctx, func(db querier) error {
		h = nil
		var version int
		var body string
		found, err := get(ctx, db, []any{&version, &body}, `SELECT version, body FROM helpings WHERE project = $1`, id)
		if err != nil || !found {
			return err
		}
		if err := json.Unmarshal([]byte(body), &h); err != nil {
			return fmt.Errorf("model of %s: %w", id, err)
		}
		h.Version = version
		return nil
	})
	return h, err
}

// SaveHelping implements labeling.HelpStore.
func (st helpStore) SaveHelping(ctx context.Context, h *labeling.Helping) error {
	body, err := json.Marshal(h)
	if err != nil {
		return err
	}
	round := 0
	if h.Now != nil {
		round = h.Now.Round
	}
	return st.write(ctx, func(db querier) error {
		n, err := db.exec(ctx, `INSERT INTO helpings (project, version, round, witness, skills, body) VALUES ($1, $2 + 1, $3, $4, $5, $6)
			ON CONFLICT (project) DO UPDATE SET version = excluded.version, round = excluded.round, witness = excluded.witness, skills = excluded.skills, body = excluded.body
			WHERE helpings.version = $2`, h.Project, h.Version, round, h.Witness, h.Skills, string(body))
		if err == nil && n == 0 {
			return labeling.ErrHelpingMoved
		}
		return err
	})
}

// SaveOpinions implements labeling.HelpStore.
func (st helpStore) SaveOpinions(ctx context.Context, id labeling.ProjectID, round int, said []labeling.Said) error {
	writes := make([]statement, len(said))
	for i, s := range said {
		writes[i] = statement{`INSERT INTO opinions (question, round, project, opinion, measures, tried)
			VALUES ($1, $2, $3, $4, CASE WHEN $5 = 1 OR EXISTS (SELECT 1 FROM golds g WHERE g.question = $1) THEN 1 ELSE 0 END, 0)
			ON CONFLICT (question, round) DO UPDATE SET opinion = excluded.opinion`, []any{string(s.Question), int64(round), string(id), encodeOpinion(s.Opinion), int64(bit(s.Audited))}}
	}
	return st.write(ctx, func(db querier) error {
		_, err := db.execAll(ctx, writes)
		return err
	})
}

// ForgetOpinions implements labeling.HelpStore.
func (st helpStore) ForgetOpinions(ctx context.Context, id labeling.ProjectID, round int) error {
	return st.write(ctx, func(db querier) error {
		_, err := db.exec(ctx, `DELETE FROM opinions WHERE project = $1 AND round < $2`, id, round)
		return err
	})
}

// Unheard implements labeling.HelpStore.
func (st helpStore) Unheard(ctx context.Context, id labeling.ProjectID, round int, closed bool, page tasknet.Page) ([]labeling.AskedTask, string, error) {
	states := `p.status IN ('open', 'paused') AND p.skills = ''`
	if closed {
		states = `p.status = 'closed'`
	}
	return readPage(ctx, st, page, func(r row) (t labeling.AskedTask, cursor string, err error) {
		var q scannedQuestion
		if err := r.Scan(slices.Concat(taskDest(&t.Task), q.dest())...); err != nil {
			return t, "", err
		}
		t.Question, err = q.question()
		return t, t.Task.Key, err
	}, `SELECT t.project, t.key, t.question, t.state, t.truth, t.import, t.asked, t.importance, `+questionColumns+`, `+progressColumns+`
		FROM tasks t JOIN progress p ON p.question = t.question JOIN questions q ON q.id = t.question LEFT JOIN opinions o ON o.question = t.question AND o.round = $2
		WHERE t.project = $1 AND t.key > $3 AND o.question IS NULL AND `+states+` ORDER BY t.key`, id, round, page.After)
}

// Measured implements labeling.HelpStore.
func (st helpStore) Measured(ctx context.Context, id labeling.ProjectID, round int, untried bool, page tasknet.Page) ([]labeling.Measured, string, error) {
	before := 2
	if untried {
		before = 1
	}
	measured, next, err := readPage(ctx, st, page, func(r row) (m labeling.Measured, cursor string, err error) {
		var opinion string
		var q polls.Question
		if err := r.Scan(&q.ID, &opinion, &m.Gold); err != nil {
			return m, "", err
		}
		m.Question = &q
		m.Opinion, err = decodeOpinion(opinion)
		return m, string(q.ID), err
	}, `SELECT o.question, o.opinion, COALESCE(g.choice, -1) FROM opinions o JOIN progress p ON p.question = o.question LEFT JOIN golds g ON g.question = o.question
		WHERE o.project = $1 AND o.round = $2 AND o.measures = 1 AND o.opinion <> '' AND o.question > $3 AND o.tried < $4 AND p.status = 'closed' AND COALESCE(g.state, 'opened') = 'opened'
		ORDER BY o.question`, id, round, page.After, before)
	if err != nil {
		return nil, "", err
	}
	tasks := make([]*labeling.ClosedTask, len(measured))
	for i := range measured {
		tasks[i] = &labeling.ClosedTask{Task: labeling.Task{Question: measured[i].Question.ID}}
	}
	if err := datasetStore(st).complete(ctx, tasks); err != nil {
		return nil, "", err
	}
	for i, t := range tasks {
		measured[i].Question = t.Question
		for _, a := range t.Answers {
			measured[i].Votes = append(measured[i].Votes, polls.Vote{Respondent: a.Respondent, Choice: a.Choice})
		}
	}
	return measured, next, nil
}

// SetTried implements labeling.HelpStore.
func (st helpStore) SetTried(ctx context.Context, round int, questions []polls.QuestionID) error {
	writes := make([]statement, len(questions))
	for i, q := range questions {
		writes[i] = statement{`UPDATE opinions SET tried = 1 WHERE question = $1 AND round = $2`, []any{string(q), int64(round)}}
	}
	return st.write(ctx, func(db querier) error {
		_, err := db.execAll(ctx, writes)
		return err
	})
}
