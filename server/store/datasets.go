package store

import (
	"cmp"
	"context"
	"slices"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

// AskedTasks implements labeling.DatasetStore.
func (st datasetStore) AskedTasks(ctx context.Context, id labeling.ProjectID, state labeling.TaskState, page tasknet.Page) ([]labeling.AskedTask, string, error) {
	var where conditions
	where.add(`t.project = $`, id)
	if state != "" {
		where.add(`t.state = $`, state)
	}
	if page.After != "" {
		where.add(`t.key > $`, page.After)
	}
	return readPage(ctx, st, page, func(r row) (t labeling.AskedTask, cursor string, err error) {
		var q scannedQuestion
		var v scannedVerdict
		if err := r.Scan(slices.Concat(taskDest(&t.Task), q.dest(), v.dest())...); err != nil {
			return t, "", err
		}
		if t.Question, err = q.question(); err != nil || v.v.ID == "" {
			return t, t.Task.Key, err
		}
		t.Verdict, err = v.verdict()
		return t, t.Task.Key, err
	}, `SELECT t.project, t.key, t.question, t.state, t.truth, t.import, t.asked, t.importance, `+questionColumns+`, `+progressColumns+`, `+perhapsVerdict+`
		FROM tasks t JOIN questions q ON q.id = t.question JOIN progress p ON p.question = t.question LEFT JOIN verdicts v ON v.question = t.question`+where.text()+` ORDER BY t.key`, where.args...)
}

// ClosedTasks implements labeling.DatasetStore.
func (st datasetStore) ClosedTasks(ctx context.Context, id labeling.ProjectID, page tasknet.Page) (closed []*labeling.ClosedTask, next string, err error) {
	var where conditions
	where.add(`project = $`, id)
	if page.After != "" {
		where.add(`key > $`, page.After)
	}
	tasks, next, err := readPage(ctx, st, page, func(r row) (*labeling.ClosedTask, string, error) {
		t, err := scanTask(r)
		return &labeling.ClosedTask{Task: t}, t.Key, err
	}, `SELECT `+taskColumns+` FROM tasks`+where.text()+` AND state <> 'open' ORDER BY key`, where.args...)
	if err != nil {
		return nil, "", err
	}
	return tasks, next, st.complete(ctx, tasks)
}

// Skips implements labeling.DatasetStore.
func (st datasetStore) Skips(ctx context.Context, id labeling.ProjectID, limit int) (all, tasks []labeling.ReportSkip, err error) {
	const skips = ` FROM tasks t JOIN assignments s ON s.question = t.question WHERE t.project = $1 AND s.status = 'skipped' AND s.skip_reason <> ''`
	err = st.read(ctx, func(db querier) error {
		all, tasks = nil, nil
		if err := db.query(ctx, func(r row) error {
			var s labeling.ReportSkip
			err := r.Scan(&s.Reason, &s.Times)
			all = append(all, s)
			return err
		}, `SELECT s.skip_reason, COUNT(*) AS times`+skips+` GROUP BY s.skip_reason ORDER BY times DESC, s.skip_reason`, id); err != nil {
			return err
		}
		return db.query(ctx, func(r row) error {
			var s labeling.ReportSkip
			err := r.Scan(&s.Key, &s.Question, &s.Reason, &s.Times)
			tasks = append(tasks, s)
			return err
		}, `SELECT t.key, t.question, s.skip_reason, COUNT(*) AS times`+skips+` AND s.skip_reason NOT IN ('none', 'not_for_me')
			GROUP BY t.key, t.question, s.skip_reason ORDER BY times DESC, t.key, s.skip_reason LIMIT $2`, id, limit)
	})
	return all, tasks, err
}

// TasksOf implements labeling.DatasetStore.
func (st datasetStore) TasksOf(ctx context.Context, rows []labeling.DatasetRow) ([]*labeling.ClosedTask, error) {
	tasks := make([]*labeling.ClosedTask, len(rows))
	for i := range rows {
		rec, err := rows[i].Record()
		if err != nil {
			return nil, err
		}
		tasks[i] = &labeling.ClosedTask{Task: labeling.Task{Key: rec.Key, Question: rec.Question}}
	}
	if err := st.complete(ctx, tasks); err != nil || len(tasks) == 0 {
		return tasks, err
	}
	return tasks, st.read(ctx, func(db querier) error {
		of, keys := make(map[string]*labeling.ClosedTask, len(tasks)), make([]string, len(tasks))
		for i, t := range tasks {
			of[t.Task.Key], keys[i] = t, t.Task.Key
		}
		in, list, err := db.inList("key", 2, keys)
		if err != nil {
			return err
		}
		return db.query(ctx, func(r row) error {
			var key, truth string
			err := r.Scan(&key, &truth)
			if err == nil {
				of[key].Task.Truth = truth
			}
			return err
		}, `SELECT key, truth FROM tasks WHERE project = $1 AND `+in, tasks[0].Question.Project, list)
	})
}

// complete adds to tasks their questions, verdicts and answers.
func (st datasetStore) complete(ctx context.Context, tasks []*labeling.ClosedTask) error {
	of := make(map[polls.QuestionID]*labeling.ClosedTask, len(tasks))
	ids := make([]string, len(tasks))
	for i, t := range tasks {
		of[t.Task.Question], ids[i] = t, string(t.Task.Question)
	}
	return st.read(ctx, func(db querier) error {
		in, list, err := db.inList("q.id", 1, ids)
		if err != nil {
			return err
		}
		if err := db.query(ctx, func(r row) error {
			q, err := scanQuestion(r)
			if err == nil {
				of[q.ID].Question = q
			}
			return err
		}, selectQuestion+` WHERE `+in, list); err != nil {
			return err
		}
		if in, list, err = db.inList("question", 1, ids); err != nil {
			return err
		}
		if err := db.query(ctx, func(r row) error {
			v, err := scanVerdict(r)
			if err == nil {
				of[v.Question].Verdict = v
			}
			return err
		}, `SELECT `+verdictColumns+` FROM verdicts WHERE `+in, list); err != nil {
			return err
		}
		if in, list, err = db.inList("s.question", 1, ids); err != nil {
			return err
		}
		answers := make(map[polls.QuestionID][]loggedAnswer, len(tasks))
		if err := db.query(ctx, func(r row) error {
			var first int64
			a, err := scanAnswer(r, &first)
			answers[a.Question] = append(answers[a.Question], loggedAnswer{a, first + int64(a.Index)})
			return err
		}, `SELECT `+qualified(answerColumns, "a")+`, c.first FROM assignments s JOIN answers a ON a.assignment = s.id JOIN commits c ON c.id = a.receipt
			WHERE `+notStruck+` AND `+in, list); err != nil {
			return err
		}
		for _, t := range tasks {
			to := answers[t.Task.Question]
			slices.SortFunc(to, func(a, b loggedAnswer) int { return cmp.Compare(a.Place, b.Place) })
			t.Answers, t.Leaves = nil, nil
			for _, a := range to {
				t.Answers, t.Leaves = append(t.Answers, a.Answer), append(t.Leaves, a.leaf)
			}
		}
		return nil
	})
}

// loggedAnswer is an answer with the index of its leaf in the public log.
type loggedAnswer struct {
	polls.Answer
	leaf int64
}

const datasetColumns = `id, project, org, state, source, method, reason, problem, rows, root, hash, manifest, created_at, sealed_at`

func scanDataset(r row) (*labeling.Dataset, error) {
	var d labeling.Dataset
	var root, hash []byte
	var created, sealed int64
	if err := r.Scan(&d.ID, &d.Project, &d.Org, &d.State, &d.Source, &d.Method, &d.Reason, &d.Problem, &d.Rows, &root, &hash, &d.Manifest, &created, &sealed); err != nil {
		return nil, err
	}
	copy(d.Root[:], root)
	copy(d.Hash[:], hash)
	d.CreatedAt, d.SealedAt = timeOf(created), timeOf(sealed)
	return &d, nil
}

// CreateDataset implements labeling.DatasetStore.
func (st datasetStore) CreateDataset(ctx context.Context, d *labeling.Dataset) error {
	return st.write(ctx, func(db querier) error {
		_, err := db.exec(ctx, `INSERT INTO datasets (`+datasetColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
			d.ID, d.Project, d.Org, d.State, d.Source, d.Method, d.Reason, d.Problem, d.Rows, d.Root[:], d.Hash[:], d.Manifest, micros(d.CreatedAt), micros(d.SealedAt))
		return err
	})
}

// Dataset implements labeling.DatasetStore.
func (st datasetStore) Dataset(ctx context.Context, id labeling.DatasetID) (d *labeling.Dataset, err error) {
	err = st.read(ctx, func(db querier) error {
		return db.query(ctx, func(r row) (err error) {
			d, err = scanDataset(r)
			return err
		}, `SELECT `+datasetColumns+` FROM datasets WHERE id = $1`, id)
	})
	if err == nil && d == nil {
		return nil, labeling.ErrNoDataset
	}
	return d, err
}

// Datasets implements labeling.DatasetStore.
func (st datasetStore) Datasets(ctx context.Context, id labeling.ProjectID, page tasknet.Page) ([]*labeling.Dataset, string, error) {
	var where conditions
	where.add(`project = $`, id)
	if page.After != "" {
		where.add(`id < $`, page.After)
	}
	return readPage(ctx, st, page, func(r row) (*labeling.Dataset, string, error) {
		d, err := scanDataset(r)
		if err != nil {
			return nil, "", err
		}
		return d, string(d.ID), nil
	}, `SELECT `+datasetColumns+` FROM datasets`+where.text()+` ORDER BY id DESC`, where.args...)
}

// SealingDatasets implements labeling.DatasetStore.
func (st datasetStore) SealingDatasets(ctx context.Context, limit int) (ids []labeling.DatasetID, err error) {
	err = st.read(ctx, func(db querier) error {
		ids = nil
		return db.query(ctx, appendTo(&ids), `SELECT id FROM datasets WHERE state = 'sealing' ORDER BY id LIMIT $1`, limit)
	})
	return ids, err
}

// SaveDataset implements labeling.DatasetStore.
func (st datasetStore) SaveDataset(ctx context.Context, d *labeling.Dataset) error {
	return st.write(ctx, func(db querier) error {
		n, err := db.exec(ctx, `UPDATE datasets SET state = $2, method = $3, reason = $4, problem = $5, rows = $6, root = $7, hash = $8, manifest = $9, sealed_at = $10
			WHERE id = $1 AND state = 'sealing'`, d.ID, d.State, d.Method, d.Reason, d.Problem, d.Rows, d.Root[:], d.Hash[:], d.Manifest, micros(d.SealedAt))
		if err == nil && n == 0 {
			return labeling.ErrDatasetSealed
		}
		return err
	})
}

// beingSealed locks a version, or returns ErrDatasetSealed.
func beingSealed(ctx context.Context, db querier, id labeling.DatasetID) error {
	var locked string
	found, err := get(ctx, db, []any{&locked}, `SELECT id FROM datasets WHERE id = $1 AND state = 'sealing'`+db.forUpdate(), id)
	if err == nil && !found {
		return labeling.ErrDatasetSealed
	}
	return err
}

// AddDatasetRows implements labeling.DatasetStore.
func (st datasetStore) AddDatasetRows(ctx context.Context, id labeling.DatasetID, rows []labeling.DatasetRow) error {
	batch := make([]statement, len(rows))
	for i, r := range rows {
		batch[i] = statement{`INSERT INTO dataset_rows (dataset, key, hash, content) VALUES ($1, $2, $3, $4)`, []any{string(id), r.Key, r.Hash[:], r.Content}}
	}
	return st.write(ctx, func(db querier) error {
		if err := beingSealed(ctx, db, id); err != nil {
			return err
		}
		_, err := db.execAll(ctx, batch)
		return err
	})
}

// DropDatasetRows implements labeling.DatasetStore.
func (st datasetStore) DropDatasetRows(ctx context.Context, id labeling.DatasetID, limit int) (dropped int, err error) {
	err = st.write(ctx, func(db querier) error {
		if err := beingSealed(ctx, db, id); err != nil {
			return err
		}
		n, err := db.exec(ctx, `DELETE FROM dataset_rows WHERE dataset = $1 AND key IN (SELECT key FROM dataset_rows WHERE dataset = $1 ORDER BY key LIMIT $2)`, id, limit)
		dropped = int(n)
		return err
	})
	return dropped, err
}

// DatasetRows implements labeling.DatasetStore.
func (st datasetStore) DatasetRows(ctx context.Context, id labeling.DatasetID, page tasknet.Page) ([]labeling.DatasetRow, string, error) {
	var where conditions
	where.add(`dataset = $`, id)
	if page.After != "" {
		where.add(`key > $`, page.After)
	}
	return readPage(ctx, st, page, func(r row) (d labeling.DatasetRow, cursor string, err error) {
		var hash []byte
		err = r.Scan(&d.Key, &hash, &d.Content)
		copy(d.Hash[:], hash)
		return d, d.Key, err
	}, `SELECT key, hash, content FROM dataset_rows`+where.text()+` ORDER BY key`, where.args...)
}
