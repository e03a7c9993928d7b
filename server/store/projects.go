package store

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

const (
	projectColumns = `j.id, j.org, j.name, j.instructions, j.examples, j.type, j.text, j.choices, j.options, j.policy, j.min, j.max, j.price, j.lifetime, j.gold_ppm,
		j.languages, j.most_per_person, j.difficulty_ppm, j.content, j.created_at, s.status, s.work, s.work_after, s.problem, s.imports, s.tasks, s.open, s.done, s.ended, s.answers, s.paid, s.fees, s.forfeited, j.help, s.helped, s.helped_answers`
	selectProject = `SELECT ` + projectColumns + ` FROM projects j JOIN project_progress s ON s.project = j.id`
)

func scanProject(r row) (*labeling.Project, error) {
	var p labeling.Project
	var examples, choices, options, policy, languages, help string
	var price, lifetime, content, created, paid, fees, forfeited int64
	c := &p.Counts
	if err := r.Scan(&p.ID, &p.Org, &p.Name, &p.Instructions, &examples, &p.Type, &p.Text, &choices, &options, &policy, &p.Policy.Min, &p.Policy.Max,
		&price, &lifetime, &p.GoldPPM, &languages, &p.MostPerPerson, &p.DifficultyPPM, &content, &created, &p.Status, &p.Work, &p.WorkAfter, &p.Problem, &p.Imports,
		&c.Tasks, &c.Open, &c.Done, &c.Ended, &c.Answers, &paid, &fees, &forfeited, &help, &c.Helped, &c.HelpedAnswers); err != nil {
		return nil, err
	}
	for text, into := range map[string]any{examples: &p.Examples, choices: &p.Choices, languages: &p.Languages} {
		if err := json.Unmarshal([]byte(text), into); err != nil {
			return nil, fmt.Errorf("project %s: %w", p.ID, err)
		}
	}
	if help != "" {
		if err := json.Unmarshal([]byte(help), &p.Help); err != nil {
			return nil, fmt.Errorf("help of %s: %w", p.ID, err)
		}
	}
	var q polls.Question
	if err := decodeExtras(options, &q); err != nil {
		return nil, fmt.Errorf("options of %s: %w", p.ID, err)
	}
	p.Options = q.Options
	var err error
	if p.Policy, err = polls.ParsePolicy(policy, p.Policy.Min, p.Policy.Max); err != nil {
		return nil, fmt.Errorf("policy of %s: %w", p.ID, err)
	}
	p.Price, c.Paid, c.Fees, c.Forfeited = tasknet.Micro(price), tasknet.Micro(paid), tasknet.Micro(fees), tasknet.Micro(forfeited)
	p.Content = polls.Content(content)
	p.Lifetime, p.CreatedAt = time.Duration(lifetime)*time.Microsecond, timeOf(created)
	return &p, nil
}

// projectArgs are the columns of projects from name to help.
func projectArgs(p *labeling.Project) ([]any, error) {
	examples, err := jsonArray(p.Examples)
	if err != nil {
		return nil, err
	}
	choices, err := jsonArray(p.Choices)
	if err != nil {
		return nil, err
	}
	languages, err := jsonArray(p.Languages)
	if err != nil {
		return nil, err
	}
	help := []byte{}
	if p.Help != nil {
		if help, err = json.Marshal(p.Help); err != nil {
			return nil, err
		}
	}
	options, err := encodeExtras(&polls.Question{Options: p.Options})
	return []any{
		p.Name, p.Instructions, examples, p.Type, p.Text, choices, options, p.Policy.String(), p.Policy.Min, p.Policy.Max, p.Price.Micro(),
		p.Lifetime.Microseconds(), p.GoldPPM, languages, p.MostPerPerson, p.DifficultyPPM, int64(p.Content), string(help),
	}, err
}

func jsonArray[T any](list []T) (string, error) {
	if list == nil {
		return "[]", nil
	}
	b, err := json.Marshal(list)
	return string(b), err
}

// CreateProject implements labeling.ProjectStore.
func (st projectStore) CreateProject(ctx context.Context, p *labeling.Project) error {
	args, err := projectArgs(p)
	if err != nil {
		return err
	}
	return st.write(ctx, func(db querier) error {
		_, err := db.execAll(ctx, []statement{
			{`INSERT INTO projects (id, org, created_at, name, instructions, examples, type, text, choices, options, policy, min, max, price, lifetime, gold_ppm, languages, most_per_person, difficulty_ppm, content, help)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`, append([]any{p.ID, p.Org, micros(p.CreatedAt)}, args...)},
			{`INSERT INTO project_progress (project, status, work, work_after, problem, imports, tasks, open, done, ended, answers, paid, fees)
				VALUES ($1, $2, $3, $4, $5, 0, 0, 0, 0, 0, 0, 0, 0)`, []any{p.ID, p.Status, p.Work, p.WorkAfter, p.Problem}},
		})
		if err != nil {
			return err
		}
		return setLanguages(ctx, db, p)
	})
}

// setLanguages keeps in which languages a project is for claims, which look at them with every question.
func setLanguages(ctx context.Context, db querier, p *labeling.Project) error {
	languages, err := polls.Languages(p.Languages)
	if err != nil {
		return err
	}
	writes := []statement{{`DELETE FROM project_languages WHERE project = $1`, []any{p.ID}}}
	for _, l := range languages {
		writes = append(writes, statement{`INSERT INTO project_languages (project, language) VALUES ($1, $2)`, []any{p.ID, l}})
	}
	_, err = db.execAll(ctx, writes)
	return err
}

// Project implements labeling.ProjectStore.
func (st projectStore) Project(ctx context.Context, id labeling.ProjectID) (p *labeling.Project, err error) {
	err = st.read(ctx, func(db querier) error {
		p, err = projectOf(ctx, db, id)
		return err
	})
	return p, err
}

// LockProject implements labeling.ProjectStore.
func (st projectStore) LockProject(ctx context.Context, id labeling.ProjectID) (p *labeling.Project, err error) {
	err = st.write(ctx, func(db querier) error {
		if suffix := db.forUpdate(); suffix != "" {
			var locked string
			if _, err := get(ctx, db, []any{&locked}, `SELECT project FROM project_progress WHERE project = $1`+suffix, id); err != nil {
				return err
			}
		}
		p, err = projectOf(ctx, db, id)
		return err
	})
	return p, err
}

func projectOf(ctx context.Context, db querier, id labeling.ProjectID) (p *labeling.Project, err error) {
	err = db.query(ctx, func(r row) (err error) {
		p, err = scanProject(r)
		return err
	}, selectProject+` WHERE j.id = $1`, id)
	if err == nil && p == nil {
		return nil, labeling.ErrNoProject
	}
	return p, err
}

// Projects implements labeling.ProjectStore.
func (st projectStore) Projects(ctx context.Context, org polls.OrgID, status labeling.ProjectStatus, page tasknet.Page) ([]*labeling.Project, string, error) {
	var where conditions
	where.add(`j.org = $`, org)
	if status != "" {
		where.add(`s.status = $`, status)
	}
	if page.After != "" {
		where.add(`j.id < $`, page.After)
	}
	return readPage(ctx, st, page, func(r row) (*labeling.Project, string, error) {
		p, err := scanProject(r)
		if err != nil {
			return nil, "", err
		}
		return p, string(p.ID), nil
	}, selectProject+where.text()+` ORDER BY j.id DESC`, where.args...)
}

// SaveProject implements labeling.ProjectStore.
func (st projectStore) SaveProject(ctx context.Context, p *labeling.Project) error {
	args, err := projectArgs(p)
	if err != nil {
		return err
	}
	return st.write(ctx, func(db querier) error {
		var before string
		found, err := get(ctx, db, []any{&before}, `SELECT languages FROM projects WHERE id = $1`, p.ID)
		if err != nil {
			return err
		}
		if !found {
			return labeling.ErrNoProject
		}
		if _, err = db.execAll(ctx, []statement{
			{`UPDATE projects SET name = $2, instructions = $3, examples = $4, type = $5, text = $6, choices = $7, options = $8, policy = $9, min = $10, max = $11,
				price = $12, lifetime = $13, gold_ppm = $14, languages = $15, most_per_person = $16, difficulty_ppm = $17, content = $18, help = $19 WHERE id = $1`, append([]any{p.ID}, args...)},
			{`UPDATE project_progress SET status = $2, work = $3, work_after = $4, problem = $5 WHERE project = $1`, []any{p.ID, p.Status, p.Work, p.WorkAfter, p.Problem}},
		}); err != nil {
			return err
		}
		if now, err := jsonArray(p.Languages); err != nil || now == before {
			return err // as with each batch of work on it
		}
		return setLanguages(ctx, db, p)
	})
}

// CountTasks implements labeling.ProjectStore.
func (st projectStore) CountTasks(ctx context.Context, id labeling.ProjectID, c labeling.ProjectCounts) error {
	return st.write(ctx, func(db querier) error {
		text := `UPDATE project_progress SET tasks = tasks + $2, open = open + $3, done = done + $4, ended = ended + $5, answers = answers + $6, paid = paid + $7, fees = fees + $8, forfeited = forfeited + $9,
			helped = helped + $10, helped_answers = helped_answers + $11`
		args := []any{id, c.Tasks, c.Open, c.Done, c.Ended, c.Answers, c.Paid.Micro(), c.Fees.Micro(), c.Forfeited.Micro(), c.Helped, c.HelpedAnswers}
		if c.Tasks == 0 {
			_, err := db.exec(ctx, text+` WHERE project = $1`, args...)
			return err
		}
		n, err := db.exec(ctx, text+`, status = 'running' WHERE project = $1 AND status IN ('running', 'completed')`, args...)
		if err != nil || n == 1 {
			return err
		}
		p, err := projectOf(ctx, db, id)
		if err != nil {
			return err
		}
		return p.AddTasks()
	})
}

// CompleteProject implements labeling.ProjectStore.
func (st projectStore) CompleteProject(ctx context.Context, id labeling.ProjectID) error {
	return st.write(ctx, func(db querier) error {
		_, err := db.exec(ctx, `UPDATE project_progress SET status = 'completed' WHERE project = $1 AND status = 'running' AND work = '' AND open = 0 AND imports = 0 AND tasks > 0`, id)
		return err
	})
}

// BusyProjects implements labeling.ProjectStore.
func (st projectStore) BusyProjects(ctx context.Context, limit int) (ids []labeling.ProjectID, err error) {
	err = st.read(ctx, func(db querier) error {
		ids = nil
		return db.query(ctx, appendTo(&ids), `SELECT project FROM project_progress WHERE work <> '' AND problem = '' ORDER BY project LIMIT $1`, limit)
	})
	return ids, err
}

// appendTo returns what collects rows of one id each.
func appendTo[T ~string](ids *[]T) func(row) error {
	return func(r row) error {
		var id T
		err := r.Scan(&id)
		*ids = append(*ids, id)
		return err
	}
}

const taskColumns = `project, key, question, state, truth, import, asked, importance`

// taskDest are pointers for taskColumns.
func taskDest(t *labeling.Task) []any {
	return []any{&t.Project, &t.Key, &t.Question, &t.State, &t.Truth, &t.Import, &t.Asked, &t.Importance}
}

func scanTask(r row) (t labeling.Task, err error) {
	err = r.Scan(taskDest(&t)...)
	return t, err
}

// AddTasks implements labeling.ProjectStore.
func (st projectStore) AddTasks(ctx context.Context, tasks []labeling.Task) error {
	batch := make([]statement, len(tasks))
	for i, t := range tasks {
		batch[i] = statement{
			`INSERT INTO tasks (` + taskColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (project, key) DO NOTHING`,
			[]any{string(t.Project), t.Key, string(t.Question), string(t.State), t.Truth, string(t.Import), t.Asked, t.Importance},
		}
	}
	return st.write(ctx, func(db querier) error {
		return db.savepoint(ctx, func() error {
			added, err := db.execAll(ctx, batch)
			if err == nil && slices.Contains(added, 0) {
				return labeling.ErrTaskExists
			}
			return err
		})
	})
}

// SomeOpen implements labeling.ProjectStore. The ids of a project's questions are random within each of its parts, so those
// that follow one another from a place in any part are some by chance.
func (st projectStore) SomeOpen(ctx context.Context, p *labeling.Project, at time.Time, limit int) (some []*polls.Question, err error) {
	err = st.read(ctx, func(db querier) error {
		parts := labeling.Parts(p.Counts.Tasks)
		end := tasknet.NewIDWithin(polls.QuestionPrefix, p.CreatedAt.Add(time.Duration(parts+1)*time.Millisecond))
		for _, part := range []int{rand.IntN(parts), -1} { // from the beginning where there are none behind
			from := tasknet.NewIDWithin(polls.QuestionPrefix, p.CreatedAt.Add(time.Duration(part)*time.Millisecond))
			some = nil
			err := db.query(ctx, func(r row) error {
				q, err := scanQuestion(r)
				some = append(some, q)
				return err
			}, `SELECT `+questionColumns+`, `+progressColumns+` FROM (SELECT n.id FROM questions n WHERE n.id > $1 AND n.id < $2 ORDER BY n.id LIMIT $3) near
				CROSS JOIN questions q CROSS JOIN progress p WHERE q.id = near.id AND p.question = near.id AND q.project = $4 AND p.status IN ('open', 'paused')
				AND q.deadline > $5`+notGold+` LIMIT $6`, from, end, lookedAt, p.ID, micros(at), limit)
			if err != nil || len(some) > 0 {
				return err
			}
		}
		return nil
	})
	return some, err
}

// KnownKeys implements labeling.ProjectStore.
func (st projectStore) KnownKeys(ctx context.Context, id labeling.ProjectID, keys []string) (known map[string]labeling.ImportID, err error) {
	err = st.read(ctx, func(db querier) error {
		known = make(map[string]labeling.ImportID)
		text, list, err := db.inList("t.key", 2, keys)
		if err != nil {
			return err
		}
		return db.query(ctx, func(r row) error {
			var key string
			var by labeling.ImportID
			err := r.Scan(&key, &by)
			known[key] = by
			return err
		}, `SELECT t.key, t.import FROM tasks t WHERE t.project = $1 AND `+text, id, list)
	})
	return known, err
}

// Task implements labeling.ProjectStore.
func (st projectStore) Task(ctx context.Context, id labeling.ProjectID, key string) (t labeling.Task, err error) {
	found := false
	err = st.read(ctx, func(db querier) error {
		return db.query(ctx, func(r row) (err error) {
			found = true
			t, err = scanTask(r)
			return err
		}, `SELECT `+taskColumns+` FROM tasks WHERE project = $1 AND key = $2`, id, key)
	})
	if err == nil && !found {
		return t, labeling.ErrNoTask
	}
	return t, err
}

// Tasks implements labeling.ProjectStore.
func (st projectStore) Tasks(ctx context.Context, id labeling.ProjectID, state labeling.TaskState, page tasknet.Page) ([]labeling.Task, string, error) {
	var where conditions
	where.add(`project = $`, id)
	if state != "" {
		where.add(`state = $`, state)
	}
	if page.After != "" {
		where.add(`key > $`, page.After)
	}
	return readPage(ctx, st, page, func(r row) (labeling.Task, string, error) {
		t, err := scanTask(r)
		return t, t.Key, err
	}, `SELECT `+taskColumns+` FROM tasks`+where.text()+` ORDER BY key`, where.args...)
}

// EndTask implements labeling.ProjectStore.
func (st projectStore) EndTask(ctx context.Context, q polls.QuestionID, state labeling.TaskState) (id labeling.ProjectID, err error) {
	err = st.write(ctx, func(db querier) error {
		found, err := get(ctx, db, []any{&id}, `UPDATE tasks SET state = $2 WHERE question = $1 AND state = 'open' RETURNING project`, q, state)
		if err == nil && !found {
			return labeling.ErrNoTask
		}
		return err
	})
	return id, err
}

// AskAgain implements labeling.ProjectStore.
func (st projectStore) AskAgain(ctx context.Context, t labeling.Task, q polls.QuestionID) error {
	return st.write(ctx, func(db querier) error {
		n, err := db.exec(ctx, `UPDATE tasks SET state = 'open', question = $3, asked = asked + 1 WHERE project = $1 AND key = $2 AND state = 'ended' AND question = $4`,
			t.Project, t.Key, q, t.Question)
		if err == nil && n == 0 {
			return labeling.ErrNoTask
		}
		return err
	})
}

// MoveQuestions implements labeling.ProjectStore.
func (st projectStore) MoveQuestions(ctx context.Context, ids []polls.QuestionID, from, to polls.Status) error {
	sorted := make([]string, len(ids))
	for i, id := range ids {
		sorted[i] = string(id)
	}
	slices.Sort(sorted) // the order in which everybody waits for questions
	return st.write(ctx, func(db querier) error {
		locked, err := db.lockFree(ctx, sorted, len(sorted))
		if err != nil {
			return err
		}
		batch := make([]statement, len(locked))
		for i, id := range locked {
			batch[i] = statement{`UPDATE progress SET status = $3 WHERE question = $1 AND status = $2`, []any{id, string(from), string(to)}}
		}
		_, err = db.execAll(ctx, batch)
		return err
	})
}

const importColumns = `id, project, org, name, state, problem, detail, bytes, read, made, known, malformed, first, created_at, ended_at`

func scanImport(r row) (*labeling.Import, error) {
	var i labeling.Import
	var first string
	var created, ended int64
	if err := r.Scan(&i.ID, &i.Project, &i.Org, &i.Name, &i.State, &i.Problem, &i.Detail, &i.Bytes, &i.Rows, &i.Made, &i.Known, &i.Malformed, &first, &created, &ended); err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(first), &i.First); err != nil {
		return nil, fmt.Errorf("malformed rows of %s: %w", i.ID, err)
	}
	i.CreatedAt, i.EndedAt = timeOf(created), timeOf(ended)
	return &i, nil
}

// CreateImport implements labeling.ProjectStore.
func (st projectStore) CreateImport(ctx context.Context, i *labeling.Import) error {
	first, err := jsonArray(i.First)
	if err != nil {
		return err
	}
	return st.write(ctx, func(db querier) error {
		_, err := db.execAll(ctx, []statement{
			{`UPDATE project_progress SET imports = imports + 1 WHERE project = $1`, []any{i.Project}},
			{`INSERT INTO imports (` + importColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`, []any{
				i.ID, i.Project, i.Org, i.Name, i.State, i.Problem, i.Detail, i.Bytes, i.Rows, i.Made, i.Known, i.Malformed, first, micros(i.CreatedAt), micros(i.EndedAt),
			}},
		})
		return err
	})
}

// Import implements labeling.ProjectStore.
func (st projectStore) Import(ctx context.Context, id labeling.ImportID) (i *labeling.Import, err error) {
	err = st.read(ctx, func(db querier) error {
		return db.query(ctx, func(r row) (err error) {
			i, err = scanImport(r)
			return err
		}, `SELECT `+importColumns+` FROM imports WHERE id = $1`, id)
	})
	if err == nil && i == nil {
		return nil, labeling.ErrNoImport
	}
	return i, err
}

// Imports implements labeling.ProjectStore.
func (st projectStore) Imports(ctx context.Context, id labeling.ProjectID, page tasknet.Page) ([]*labeling.Import, string, error) {
	var where conditions
	where.add(`project = $`, id)
	if page.After != "" {
		where.add(`id < $`, page.After)
	}
	return readPage(ctx, st, page, func(r row) (*labeling.Import, string, error) {
		i, err := scanImport(r)
		if err != nil {
			return nil, "", err
		}
		return i, string(i.ID), nil
	}, `SELECT `+importColumns+` FROM imports`+where.text()+` ORDER BY id DESC`, where.args...)
}

// RunningImports implements labeling.ProjectStore.
func (st projectStore) RunningImports(ctx context.Context, limit int) (ids []labeling.ImportID, err error) {
	err = st.read(ctx, func(db querier) error {
		ids = nil
		return db.query(ctx, appendTo(&ids), `SELECT id FROM imports WHERE state = 'running' ORDER BY id LIMIT $1`, limit)
	})
	return ids, err
}

// SaveImport implements labeling.ProjectStore.
func (st projectStore) SaveImport(ctx context.Context, before, after *labeling.Import) error {
	first, err := jsonArray(after.First)
	if err != nil {
		return err
	}
	return st.write(ctx, func(db querier) error {
		n, err := db.exec(ctx, `UPDATE imports SET state = $5, problem = $6, detail = $7, bytes = $8, read = $9, made = $10, known = $11, malformed = $12, first = $13, ended_at = $14
			WHERE id = $1 AND state = $2 AND bytes = $3 AND read = $4`,
			after.ID, before.State, before.Bytes, before.Rows,
			after.State, after.Problem, after.Detail, after.Bytes, after.Rows, after.Made, after.Known, after.Malformed, first, micros(after.EndedAt))
		if err == nil && n == 0 {
			return labeling.ErrImportMoved
		}
		if err != nil || before.Over() || !after.Over() {
			return err
		}
		_, err = db.exec(ctx, `UPDATE project_progress SET imports = imports - 1 WHERE project = $1`, after.Project)
		return err
	})
}
