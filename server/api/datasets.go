package api

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"net/http"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/wire"
)

type newDatasetInput struct {
	Idempotent
	ProjectPath
	Body wire.NewDataset
}

type datasetsInput struct {
	ProjectPath
	Paging
}

// DatasetPath is the path of all that is of a version of a dataset.
type DatasetPath struct {
	ID string `path:"id" doc:"The dataset's id"`
}

type datasetRowsInput struct {
	DatasetPath
	Paging
}

type datasetDiffInput struct {
	DatasetPath
	Paging
	From string `query:"from" required:"true" doc:"The id of the version to compare with, of the same project"`
}

var errOtherProject = tasknet.NewError(tasknet.Invalid, "other_project", "The two datasets are of different projects; compare versions of one.")

func (s *Server) datasetRoutes() {
	create := op(http.MethodPost, "/v1/projects/{id}/datasets", tagProjects, "create-dataset", "Make a dataset of a project's closed tasks")
	create.Description = "Its rows are collected in the background; it is sealed when its state says so, and never changes then."
	create.DefaultStatus = http.StatusCreated
	forRequester(s, create, s.createDataset)
	forRequester(s, op(http.MethodGet, "/v1/projects/{id}/datasets", tagProjects, "list-datasets", "List a project's datasets, newest first"), s.listDatasets)
	forRequester(s, op(http.MethodGet, "/v1/datasets/{id}", tagProjects, "get-dataset", "Get a dataset with its manifest"), s.getDataset)
	rows := op(http.MethodGet, "/v1/datasets/{id}/rows", tagProjects, "list-dataset-rows", "List the rows of a dataset by their keys")
	forRequester(s, rows, s.listDatasetRows)
	diff := op(http.MethodGet, "/v1/datasets/{id}/diff", tagProjects, "diff-datasets", "List how a dataset differs from another version")
	forRequester(s, diff, s.diffDatasets)
	report := op(http.MethodGet, "/v1/projects/{id}/report", tagProjects, "get-report", "Report on the quality of a project's labels")
	report.Description = "Agreement, confusion, skills, who agrees with whom, answers saved, cost, calibration on known truths, suspicious pairs of people, and the tasks that people disagree on most; of the first 200,000 closed tasks by their keys, left_out being how many more there are. Answers that are values have a likeness in place of agreement and confusion. Why people gave tasks back is told of all tasks, open ones too."
	forRequester(s, report, s.getReport)
	s.exportRoute()
}

func (s *Server) createDataset(ctx context.Context, who requester, in *newDatasetInput) (*replayed[wire.Dataset], error) {
	once, err := in.once(who, "POST /v1/projects/"+in.ID+"/datasets", in.Body)
	if err != nil {
		return nil, err
	}
	if err := tasknet.CheckID(labeling.ProjectPrefix, in.ID); err != nil {
		return nil, err
	}
	source, err := labeling.ParseLabelSource(in.Body.Labels)
	if err != nil {
		return nil, err
	}
	out, err := do(ctx, s, once, http.StatusCreated, func(tx pipeline.Tx) (wire.Dataset, error) {
		d, err := s.Pipeline.NewDataset(ctx, tx, who.org.ID, labeling.ProjectID(in.ID), source)
		if err != nil {
			return wire.Dataset{}, err
		}
		return datasetOf(d), nil
	})
	s.Pipeline.WakeSealing()
	return out, err
}

func (s *Server) listDatasets(ctx context.Context, who requester, in *datasetsInput) (*of[wire.Datasets], error) {
	p, err := s.ownProject(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	list := "datasets " + string(p.ID)
	page, err := s.page(list, in.Paging)
	if err != nil {
		return nil, err
	}
	datasets, next, err := s.Stores.Datasets().Datasets(ctx, p.ID, page)
	if err != nil {
		return nil, err
	}
	out := wire.Datasets{Page: s.next(list, next), Datasets: make([]wire.Dataset, len(datasets))}
	for i, d := range datasets {
		out.Datasets[i] = datasetOf(d)
	}
	return &of[wire.Datasets]{out}, nil
}

// ownDataset returns a dataset of the caller's. Somebody else's is reported as none.
func (s *Server) ownDataset(ctx context.Context, who requester, id string) (*labeling.Dataset, error) {
	if err := tasknet.CheckID(labeling.DatasetPrefix, id); err != nil {
		return nil, err
	}
	return s.Pipeline.OwnDataset(ctx, who.org.ID, labeling.DatasetID(id))
}

func (s *Server) getDataset(ctx context.Context, who requester, in *DatasetPath) (*of[wire.Dataset], error) {
	d, err := s.ownDataset(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	return &of[wire.Dataset]{datasetOf(d)}, nil
}

func (s *Server) listDatasetRows(ctx context.Context, who requester, in *datasetRowsInput) (*of[wire.DatasetRows], error) {
	d, err := s.ownDataset(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	if d.State != labeling.Sealed {
		return nil, labeling.ErrNotSealed
	}
	list := "dataset rows " + string(d.ID)
	page, err := s.page(list, in.Paging)
	if err != nil {
		return nil, err
	}
	rows, next, err := s.Stores.Datasets().DatasetRows(ctx, d.ID, page)
	if err != nil {
		return nil, err
	}
	tasks, err := s.Stores.Datasets().TasksOf(ctx, rows)
	if err != nil {
		return nil, err
	}
	out := wire.DatasetRows{Page: s.next(list, next), Rows: make([]wire.DatasetRow, len(rows))}
	for i, r := range rows {
		if out.Rows[i], err = datasetRow(d, r, tasks[i]); err != nil {
			return nil, err
		}
	}
	return &of[wire.DatasetRows]{out}, nil
}

// datasetRow writes a row with what its task showed and what was said.
func datasetRow(d *labeling.Dataset, r labeling.DatasetRow, t *labeling.ClosedTask) (wire.DatasetRow, error) {
	q, told := t.Question, t.Told()
	out := wire.DatasetRow{
		Key: r.Key, Hash: hex.EncodeToString(r.Hash[:]), Record: json.RawMessage(r.Content), Text: q.Text, Choices: listOf(q.Choices), Image: imageOf(q.Image),
		Extras: extrasOf(q), Answers: make([]wire.DatasetAnswer, len(told)),
	}
	truth, err := labeling.ReadTruth(q, t.Task.Truth)
	if err != nil {
		return out, err
	}
	if truth != nil {
		given := wire.Give(truth.Choice, string(truth.Value))
		out.Truth = &given
	}
	for i, a := range told {
		worker, err := d.Worker(a.Respondent)
		if err != nil {
			return out, err
		}
		out.Answers[i] = wire.DatasetAnswer{Worker: worker, Given: wire.Give(a.Choice, string(a.Value)), At: wire.At(a.AcceptedAt)}
	}
	return out, nil
}

func (s *Server) diffDatasets(ctx context.Context, who requester, in *datasetDiffInput) (*of[wire.DatasetDiff], error) {
	to, err := s.ownDataset(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	from, err := s.ownDataset(ctx, who, in.From)
	if err != nil {
		return nil, err
	}
	if from.Project != to.Project {
		return nil, errOtherProject
	}
	list := "diff " + in.From + " " + in.ID
	page, err := s.page(list, in.Paging)
	if err != nil {
		return nil, err
	}
	changes, next, err := s.Pipeline.Differences(ctx, from, to, page)
	if err != nil {
		return nil, err
	}
	out := wire.DatasetDiff{Page: s.next(list, next), Changes: make([]wire.DatasetChange, len(changes))}
	for i, c := range changes {
		out.Changes[i] = wire.DatasetChange{Key: c.Key, Change: string(c.Change), From: labelOf(c.From), To: labelOf(c.To)}
	}
	return &of[wire.DatasetDiff]{out}, nil
}

func labelOf(l *labeling.Label) *wire.DatasetLabel {
	if l == nil {
		return nil
	}
	return &wire.DatasetLabel{Given: wire.Give(l.Choice, string(l.Value)), Confidence: wire.Probability(l.Confidence), Method: l.Method}
}

func datasetOf(d *labeling.Dataset) wire.Dataset {
	out := wire.Dataset{
		ID: string(d.ID), Project: string(d.Project), State: string(d.State), Labels: string(d.Source), Method: d.Method, Reason: d.Reason, Problem: d.Problem,
		Rows: d.Rows, CreatedAt: wire.At(d.CreatedAt),
	}
	if d.State == labeling.Sealed {
		sealed := wire.At(d.SealedAt)
		out.SealedAt = &sealed
		out.Root, out.Hash, out.Manifest = hex.EncodeToString(d.Root[:]), hex.EncodeToString(d.Hash[:]), json.RawMessage(d.Manifest)
	}
	return out
}

func (s *Server) getReport(ctx context.Context, who requester, in *ProjectPath) (*of[labeling.Report], error) {
	p, err := s.ownProject(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	report, err := shared(s, "report "+in.ID, func(ctx context.Context) (*labeling.Report, error) { return s.Pipeline.Report(ctx, p) })
	if err != nil {
		return nil, err
	}
	return &of[labeling.Report]{*report}, nil
}
