package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"

	"github.com/tasknet/tasknet/server/wire"
)

// pieceSize is how much of an import's file is uploaded at a time.
const pieceSize = 4 << 20

// NewProject makes a project. The idempotency key is as with Ask.
func (r *Requester) NewProject(ctx context.Context, p wire.NewProject, key string) (wire.Project, error) {
	return fetch[wire.Project](ctx, r.client, r.post(orRandom(key), p, "projects"))
}

// Project returns a project.
func (r *Requester) Project(ctx context.Context, id string) (wire.Project, error) {
	return fetch[wire.Project](ctx, r.client, r.get("projects", id))
}

// Projects yields the organisation's projects, newest first: those with a status, or all when it is empty.
func (r *Requester) Projects(ctx context.Context, status string) iter.Seq2[wire.Project, error] {
	get := r.get("projects")
	if status != "" {
		get.query = url.Values{"status": {status}}
	}
	return list(ctx, r.client, get, pageSize, func(p *wire.Projects) ([]wire.Project, string) { return p.Projects, p.Next })
}

// ChangeProject changes a project.
func (r *Requester) ChangeProject(ctx context.Context, id string, c wire.ChangeProject) (wire.Project, error) {
	return fetch[wire.Project](ctx, r.client, call{method: http.MethodPatch, path: []string{"projects", id}, token: r.key, body: c})
}

// MoveProject pauses, resumes, cancels or reopens a project: verb is pause, resume, cancel or reopen.
func (r *Requester) MoveProject(ctx context.Context, id, verb string) (wire.Project, error) {
	return fetch[wire.Project](ctx, r.client, r.post("", nil, "projects", id, verb))
}

// AddTasks adds up to 500 tasks. The idempotency key is as with Ask.
func (r *Requester) AddTasks(ctx context.Context, id string, rows []wire.TaskRow, key string) (wire.AddedTasks, error) {
	return fetch[wire.AddedTasks](ctx, r.client, r.post(orRandom(key), wire.AddTasks{Tasks: rows}, "projects", id, "tasks"))
}

// Tasks yields a project's tasks by their keys: those in a state, or all when it is empty.
func (r *Requester) Tasks(ctx context.Context, id, state string) iter.Seq2[wire.Task, error] {
	get := r.get("projects", id, "tasks")
	if state != "" {
		get.query = url.Values{"state": {state}}
	}
	return list(ctx, r.client, get, pageSize, func(p *wire.Tasks) ([]wire.Task, string) { return p.Tasks, p.Next })
}

// Task returns a task with its question.
func (r *Requester) Task(ctx context.Context, id, key string) (wire.Task, error) {
	get := r.get("projects", id, "task")
	get.query = url.Values{"key": {key}}
	return fetch[wire.Task](ctx, r.client, get)
}

// NewImport begins to import a file. The idempotency key is as with Ask.
func (r *Requester) NewImport(ctx context.Context, project, name, key string) (wire.Import, error) {
	return fetch[wire.Import](ctx, r.client, r.post(orRandom(key), wire.NewImport{Name: name}, "projects", project, "imports"))
}

// UploadImport uploads the rest of an import's file, from where the server has it, and calls progress, unless that is nil,
// with how many bytes the server has. With an error comes the import as it was before the piece that failed.
func (r *Requester) UploadImport(ctx context.Context, i wire.Import, file io.ReaderAt, size int64, progress func(done int64)) (wire.Import, error) {
	piece := make([]byte, pieceSize)
	for i.Bytes < size {
		n, err := file.ReadAt(piece[:min(pieceSize, size-i.Bytes)], i.Bytes)
		if err != nil && (!errors.Is(err, io.EOF) || n == 0) {
			return i, fmt.Errorf("read the file: %w", err)
		}
		put := call{method: http.MethodPut, path: []string{"projects", i.Project, "imports", i.ID, "content"}, token: r.key, raw: piece[:n], media: "application/octet-stream"}
		put.query = url.Values{"offset": {strconv.FormatInt(i.Bytes, 10)}}
		received, err := fetch[wire.Import](ctx, r.client, put)
		if err != nil {
			return i, err
		}
		i = received
		if progress != nil {
			progress(i.Bytes)
		}
	}
	return i, nil
}

// Import returns an import.
func (r *Requester) Import(ctx context.Context, project, id string) (wire.Import, error) {
	return fetch[wire.Import](ctx, r.client, r.get("projects", project, "imports", id))
}

// Imports yields a project's imports, newest first.
func (r *Requester) Imports(ctx context.Context, project string) iter.Seq2[wire.Import, error] {
	return list(ctx, r.client, r.get("projects", project, "imports"), pageSize, func(p *wire.Imports) ([]wire.Import, string) { return p.Imports, p.Next })
}

// StartImport has an import read whose file is uploaded, or one go on that was stopped.
func (r *Requester) StartImport(ctx context.Context, project, id string) (wire.Import, error) {
	return fetch[wire.Import](ctx, r.client, r.post("", nil, "projects", project, "imports", id, "start"))
}

// CancelImport ends an import.
func (r *Requester) CancelImport(ctx context.Context, project, id string) (wire.Import, error) {
	return fetch[wire.Import](ctx, r.client, r.post("", nil, "projects", project, "imports", id, "cancel"))
}
