package api

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/interchange"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/wire"
)

type newProjectInput struct {
	Idempotent
	Body wire.NewProject
}

// ProjectPath is the path of all that is of a project.
type ProjectPath struct {
	ID string `path:"id" doc:"The project's id"`
}

type projectsInput struct {
	Paging
	Status string `query:"status" enum:"running,paused,cancelled,completed" doc:"Left out: all"`
}

type changeProjectInput struct {
	ProjectPath
	Body wire.ChangeProject
}

type addTasksInput struct {
	Idempotent
	ProjectPath
	Body wire.AddTasks
}

type tasksInput struct {
	ProjectPath
	Paging
	State string `query:"state" enum:"open,done,ended" doc:"Left out: all"`
}

type taskInput struct {
	ProjectPath
	Key string `query:"key" required:"true" doc:"The task's key"`
}

func (s *Server) projectRoutes() {
	create := op(http.MethodPost, "/v1/projects", tagProjects, "create-project", "Create a project")
	create.Description = "A project is a template for questions. Each row of data that is put into it becomes a task, which is one question."
	create.DefaultStatus = http.StatusCreated
	forRequester(s, create, s.createProject)
	forRequester(s, op(http.MethodGet, "/v1/projects", tagProjects, "list-projects", "List my projects, newest first"), s.listProjects)
	forRequester(s, op(http.MethodGet, "/v1/projects/{id}", tagProjects, "get-project", "Get a project with its counts"), s.getProject)
	change := op(http.MethodPatch, "/v1/projects/{id}", tagProjects, "change-project", "Change a project")
	change.Description = "Questions that are open keep what they have: price, quorum and deadline are those of tasks to come."
	forRequester(s, change, s.changeProject)
	for _, move := range []struct {
		verb, summary, description string
		do                         func(*labeling.Project) error
	}{
		{"pause", "Give the project's questions to nobody", "Answers under leases that are out still count, and deadlines go on. An import waits.", (*labeling.Project).Pause},
		{"resume", "Take back a pause", "It also has work go on that was stopped by a problem, once that is mended.", (*labeling.Project).Resume},
		{"cancel", "Close the project's open questions with the answers that they have", "The answers that there are, are paid; the rest of the holds comes back.", (*labeling.Project).Cancel},
		{"reopen", "Ask the tasks anew that closed before they had enough answers", "Of a project that is cancelled or completed. Each gets a new question, by the project's price and quorum of now.", (*labeling.Project).Reopen},
	} {
		o := op(http.MethodPost, "/v1/projects/{id}/"+move.verb, tagProjects, move.verb+"-project", move.summary)
		o.Description = move.description
		forRequester(s, o, func(ctx context.Context, who requester, in *ProjectPath) (*of[wire.Project], error) {
			return s.moveProject(ctx, who, in.ID, move.do)
		})
	}
	forRespondent(s, op(http.MethodGet, "/v1/projects/{id}/guide", tagAnswer, "get-guide", "Get what a project says to respondents"), s.getGuide)

	add := op(http.MethodPost, "/v1/projects/{id}/tasks", tagProjects, "add-tasks", "Add up to 500 tasks")
	add.Description = "All rows that are tasks are added, or none when the balance does not cover what they may cost. For more rows, and for files, see the imports."
	add.DefaultStatus = http.StatusCreated
	forRequester(s, add, s.addTasks)
	forRequester(s, op(http.MethodGet, "/v1/projects/{id}/tasks", tagProjects, "list-tasks", "List a project's tasks by their keys"), s.listTasks)
	forRequester(s, op(http.MethodGet, "/v1/projects/{id}/task", tagProjects, "get-task", "Get a task with its question and verdict"), s.getTask)
	s.importRoutes()
	s.datasetRoutes()
}

func (s *Server) createProject(ctx context.Context, who requester, in *newProjectInput) (*replayed[wire.Project], error) {
	once, err := in.once(who, "POST /v1/projects", in.Body)
	if err != nil {
		return nil, err
	}
	d, err := s.projectDraft(ctx, who.org.ID, in.Body)
	if err != nil {
		return nil, err
	}
	unfair := s.fairProject(ctx, &d, "", in.Body.Fairness)
	return do(ctx, s, once, http.StatusCreated, func(tx pipeline.Tx) (wire.Project, error) {
		if unfair != nil { // what was made before stays made
			return wire.Project{}, unfair
		}
		p, err := labeling.NewProject(d, s.Now())
		if err != nil {
			return wire.Project{}, err
		}
		if err := tx.Projects().CreateProject(ctx, p); err != nil {
			return wire.Project{}, err
		}
		return s.project(p)
	})
}

// projectDraft reads a project that is to be made. What makes a good one is decided by package labeling.
func (s *Server) projectDraft(ctx context.Context, org polls.OrgID, b wire.NewProject) (labeling.ProjectDraft, error) {
	d := labeling.ProjectDraft{
		Org: org, Name: b.Name, Instructions: b.Instructions, Price: s.DefaultPrice, Lifetime: labeling.TaskLifetimeDefault, GoldPPM: labeling.GoldPPMDefault, Languages: b.Languages, MostPerPerson: b.MostEach,
		Template: labeling.Template{
			Type: polls.Type(b.Type), Text: b.Text, Choices: b.Choices, Options: polls.Options{Least: b.Least, Most: b.Most, Length: b.Length},
		},
	}
	if b.Quorum.Policy == "" {
		b.Quorum.Policy = defaultPolicy
	}
	if b.LabelConfig != "" {
		if err := setTemplate(&d.Template, b.LabelConfig); err != nil {
			return d, err
		}
	}
	if d.Type == "" {
		d.Type = polls.Choice
	}
	var err error
	if d.Content, err = polls.ParseContent(b.Warnings, b.Topics); err != nil {
		return d, err
	}
	if b.Number != nil {
		number, err := polls.ParseNumberRange(b.Number.Min, b.Number.Max, b.Number.Decimals, b.Number.Unit)
		if err != nil {
			return d, err
		}
		d.Number = number
	}
	return d, s.setProject(ctx, &d, wire.ChangeProject{
		Examples: &b.Examples, Quorum: &b.Quorum, Price: b.Price, Deadline: b.Deadline, GoldRate: b.GoldRate, Difficulty: b.Difficulty, ModelHelps: b.ModelHelps,
	})
}

// setTemplate puts into a template what a label configuration asks, where nothing is said yet.
func setTemplate(t *labeling.Template, labelConfig string) error {
	c, err := interchange.ParseLabelConfig([]byte(labelConfig))
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n") // of all that cannot be asked
		return tasknet.NewError(tasknet.Invalid, "bad_label_config", first)
	}
	t.Type, t.Text = cmp.Or(t.Type, c.Type), cmp.Or(t.Text, c.Text)
	if t.Type == c.Type {
		t.Number, t.Length = c.Options.Number, cmp.Or(t.Length, c.Options.Length)
	}
	if len(t.Choices) == 0 {
		t.Choices = c.Choices
	}
	return nil
}

// setProject puts into a draft what a change has.
func (s *Server) setProject(ctx context.Context, d *labeling.ProjectDraft, c wire.ChangeProject) (err error) {
	if c.Name != nil {
		d.Name = *c.Name
	}
	if c.Instructions != nil {
		d.Instructions = *c.Instructions
	}
	if c.Examples != nil {
		d.Examples = make([]labeling.Example, len(*c.Examples))
		for i, e := range *c.Examples {
			d.Examples[i] = labeling.Example(e)
			if e.Image != "" {
				if _, err := s.image(ctx, e.Image, ""); err != nil {
					return err
				}
			}
		}
	}
	if c.Quorum != nil {
		if d.Policy, err = polls.ParsePolicy(c.Quorum.Policy, c.Quorum.Min, c.Quorum.Max); err != nil {
			return err
		}
		d.Policy = d.Policy.WithFallback()
	}
	if c.Price != nil {
		d.Price = *c.Price
	}
	if c.Deadline != 0 {
		d.Lifetime = time.Duration(c.Deadline) * time.Second
	}
	if c.GoldRate != nil {
		rate, err := polls.ParseDecimal(*c.GoldRate)
		if err != nil {
			return err
		}
		d.GoldPPM = int(min(max(rate, -1), labeling.GoldPPMMax+1)) // a Decimal is in millionths, too
	}
	if c.Difficulty != nil {
		rate, err := polls.ParseDecimal(*c.Difficulty)
		if err != nil {
			return err
		}
		d.DifficultyPPM = int(min(max(rate, -1), labeling.DifficultyMax+1))
	}
	if c.Languages != nil {
		d.Languages = *c.Languages
	}
	if c.Warnings != nil || c.Topics != nil {
		warned, about := d.Content.Warnings(), d.Content.Topics()
		if c.Warnings != nil {
			warned = *c.Warnings
		}
		if c.Topics != nil {
			about = *c.Topics
		}
		if d.Content, err = polls.ParseContent(warned, about); err != nil {
			return err
		}
	}
	if c.MostEach != nil {
		d.MostPerPerson = *c.MostEach
	}
	if c.ModelHelps != nil {
		d.Help, err = modelHelp(*c.ModelHelps)
	}
	return err
}

func (s *Server) listProjects(ctx context.Context, who requester, in *projectsInput) (*of[wire.Projects], error) {
	list := "projects " + string(who.org.ID) + " " + in.Status
	page, err := s.page(list, in.Paging)
	if err != nil {
		return nil, err
	}
	projects, next, err := s.Stores.Projects().Projects(ctx, who.org.ID, labeling.ProjectStatus(in.Status), page)
	if err != nil {
		return nil, err
	}
	out := wire.Projects{Page: s.next(list, next), Projects: make([]wire.Project, len(projects))}
	for i, p := range projects {
		if out.Projects[i], err = s.project(p); err != nil {
			return nil, err
		}
	}
	return &of[wire.Projects]{out}, nil
}

// ownProject returns a project of the caller's. Somebody else's is reported as none.
func (s *Server) ownProject(ctx context.Context, who requester, id string) (*labeling.Project, error) {
	if err := tasknet.CheckID(labeling.ProjectPrefix, id); err != nil {
		return nil, err
	}
	return s.Pipeline.OwnProject(ctx, who.org.ID, labeling.ProjectID(id))
}

func (s *Server) getProject(ctx context.Context, who requester, in *ProjectPath) (*of[wire.Project], error) {
	p, err := s.ownProject(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	out, err := s.project(p)
	if err == nil {
		out.ModelStatus, err = s.modelStatus(ctx, p)
	}
	return &of[wire.Project]{out}, err
}

func (s *Server) changeProject(ctx context.Context, who requester, in *changeProjectInput) (*of[wire.Project], error) {
	if (in.Body.Price != nil || in.Body.TopUp) && !s.Pipeline.FairPay().IsZero() {
		p, err := s.ownProject(ctx, who, in.ID)
		if err != nil {
			return nil, err
		}
		d := p.ProjectDraft
		if err := s.setProject(ctx, &d, in.Body); err != nil {
			return nil, err
		}
		if err := s.fairProject(ctx, &d, p.ID, in.Body.Fairness); err != nil {
			return nil, err
		}
		in.Body.Price = &d.Price
	}
	return s.moveProject(ctx, who, in.ID, func(p *labeling.Project) error {
		d := p.ProjectDraft
		if err := s.setProject(ctx, &d, in.Body); err != nil {
			return err
		}
		return p.Change(d, s.Now())
	})
}

func (s *Server) moveProject(ctx context.Context, who requester, id string, change func(*labeling.Project) error) (*of[wire.Project], error) {
	if err := tasknet.CheckID(labeling.ProjectPrefix, id); err != nil {
		return nil, err
	}
	p, err := s.Pipeline.ChangeProject(ctx, who.org.ID, labeling.ProjectID(id), change)
	if err != nil {
		return nil, err
	}
	out, err := s.project(p)
	if err == nil {
		out.ModelStatus, err = s.modelStatus(ctx, p)
	}
	return &of[wire.Project]{out}, err
}

// project writes a project as its requester sees it.
func (s *Server) project(p *labeling.Project) (wire.Project, error) {
	price := p.PriceOf(labeling.Important)
	fee := price.BasisPoints(s.FeeBasisPoints)
	hold, err := price.Add(fee).Times(p.Policy.Max)
	out := wire.Project{
		ID: string(p.ID), Name: p.Name, Instructions: p.Instructions, Examples: make([]wire.ProjectExample, len(p.Examples)),
		Type: string(p.Type), Text: p.Text, Choices: listOf(p.Choices), Number: numberOf(p.Number), Least: p.Least, Most: p.Most, Length: p.Length,
		Quorum: quorumOf(p.Policy), Price: p.Price, PriceNow: price, Difficulty: polls.Decimal(p.DifficultyPPM).String(), Fee: fee, Hold: hold, Deadline: int(p.Lifetime / time.Second),
		GoldRate: polls.Decimal(p.GoldPPM).String(), Languages: listOf(p.Languages), Warnings: p.Content.Warnings(), Topics: p.Content.Topics(), MostEach: p.MostPerPerson, ModelHelps: modelHelps(p.Help), Status: string(p.Status), Work: string(p.Work), Problem: p.Problem,
		Tasks:   wire.ProjectTasks{All: p.Counts.Tasks, Open: p.Counts.Open, Done: p.Counts.Done, Ended: p.Counts.Ended},
		Answers: p.Counts.Answers, Paid: p.Counts.Paid, Fees: p.Counts.Fees, Forfeited: p.Counts.Forfeited, Imports: p.Imports, CreatedAt: wire.At(p.CreatedAt),
	}
	for i, e := range p.Examples {
		out.Examples[i] = wire.ProjectExample(e)
	}
	return out, err
}

func numberOf(n *polls.NumberRange) *wire.NumberRange {
	if n == nil {
		return nil
	}
	return &wire.NumberRange{Min: n.Min.String(), Max: n.Max.String(), Decimals: n.Decimals, Unit: n.Unit}
}

func (s *Server) getGuide(ctx context.Context, _ respondent, in *ProjectPath) (*guideReply, error) {
	if err := tasknet.CheckID(labeling.ProjectPrefix, in.ID); err != nil {
		return nil, err
	}
	p, err := s.Stores.Projects().Project(ctx, labeling.ProjectID(in.ID))
	if err != nil {
		return nil, err
	}
	out := wire.Guide{Project: string(p.ID), Name: p.Name, Instructions: p.Instructions, Examples: make([]wire.GuideExample, len(p.Examples)), Languages: listOf(p.Languages)}
	for i, e := range p.Examples {
		out.Examples[i] = wire.GuideExample{Good: e.Good, Text: e.Text, Answer: e.Answer, Why: e.Why}
		if e.Image != "" {
			image, err := s.image(ctx, e.Image, "")
			if err != nil {
				return nil, err
			}
			out.Examples[i].Image = imageOf(image)
		}
	}
	return &guideReply{CacheControl: "private, max-age=60", Body: out}, nil
}

type guideReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         wire.Guide
}

func (s *Server) addTasks(ctx context.Context, who requester, in *addTasksInput) (*replayed[wire.AddedTasks], error) {
	once, err := in.once(who, "POST /v1/projects/"+in.ID+"/tasks", in.Body)
	if err != nil {
		return nil, err
	}
	p, err := s.ownProject(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	rows := make([]labeling.TaskRow, len(in.Body.Tasks))
	for i, t := range in.Body.Tasks {
		rows[i] = labeling.TaskRow{
			Line: i + 1, Key: t.Key, Text: t.Text, Passage: t.Passage, Image: t.Image, ImageAlt: t.ImageAlt, Audio: t.Audio, ChoiceImages: t.ChoiceImages,
			Choices: t.Choices, Truth: truthText(t.Truth), Importance: t.Importance,
		}
	}
	batch, err := s.Pipeline.PrepareTasks(ctx, rows)
	if err != nil {
		return nil, err
	}
	return do(ctx, s, once, http.StatusCreated, func(tx pipeline.Tx) (wire.AddedTasks, error) {
		made, err := s.Pipeline.AddTasks(ctx, tx, p, batch)
		if err != nil {
			return wire.AddedTasks{}, err
		}
		return wire.AddedTasks{Made: made.Made, Known: made.Known, Repeated: made.Repeated, Malformed: made.Malformed, First: badRows(made.First)}, nil
	})
}

// truthText returns a truth as labeling.TaskRow has it: a string without its quotes.
func truthText(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	return string(raw)
}

func badRows(rows []labeling.BadRow) []wire.BadRow {
	out := make([]wire.BadRow, len(rows))
	for i, r := range rows {
		out[i] = wire.BadRow(r)
	}
	return out
}

func (s *Server) listTasks(ctx context.Context, who requester, in *tasksInput) (*of[wire.Tasks], error) {
	p, err := s.ownProject(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	list := "tasks " + string(p.ID) + " " + in.State
	page, err := s.page(list, in.Paging)
	if err != nil {
		return nil, err
	}
	tasks, next, err := s.Stores.Datasets().AskedTasks(ctx, p.ID, labeling.TaskState(in.State), page)
	if err != nil {
		return nil, err
	}
	out := wire.Tasks{Page: s.next(list, next), Tasks: make([]wire.Task, len(tasks))}
	for i, t := range tasks {
		if out.Tasks[i], err = s.listedTask(ctx, p, t); err != nil {
			return nil, err
		}
	}
	return &of[wire.Tasks]{out}, nil
}

// listedTask writes a task with its verdict in short, so that a list needs no request for each of its tasks.
func (s *Server) listedTask(ctx context.Context, p *labeling.Project, t labeling.AskedTask) (wire.Task, error) {
	out := taskOf(t.Task)
	out.Shows, out.Answers = t.Shows(p), t.Question.Counting()
	v := t.Verdict
	if v == nil {
		return out, nil
	}
	cost, err := t.Question.Price.Add(t.Question.Fee).Times(v.Answers)
	if err != nil {
		return out, err
	}
	strikes, err := s.strikes(ctx, t.Question)
	if err != nil {
		return out, err
	}
	forfeited, err := t.Question.Price.Times(strikes.Forfeited(v.Answers))
	cost = cost.Add(forfeited)
	out.Verdict = &wire.TaskVerdict{
		Outcome: string(v.Outcome), Says: v.Says(t.Question), Confidence: wire.Probability(v.Confidence()), For: v.For(), Reason: string(v.Reason), Cost: cost,
	}
	if v.Value != "" {
		out.Verdict.Agreement = wire.Probability(v.Agreement)
	}
	return out, err
}

func taskOf(t labeling.Task) wire.Task {
	return wire.Task{Key: t.Key, State: string(t.State), Question: string(t.Question), Asked: t.Asked, Import: string(t.Import), Truth: t.Truth}
}

func (s *Server) getTask(ctx context.Context, who requester, in *taskInput) (*of[wire.Task], error) {
	p, err := s.ownProject(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	t, err := s.Stores.Projects().Task(ctx, p.ID, in.Key)
	if err != nil {
		return nil, err
	}
	q, err := s.Stores.Polls().Question(ctx, t.Question)
	if err != nil {
		return nil, err
	}
	asking, err := s.question(ctx, q)
	out := taskOf(t)
	out.Asking = &asking
	return &of[wire.Task]{out}, err
}
