package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"

	"github.com/tasknet/tasknet/server/wire"
)

// rowPage is how many rows of a dataset, which hold all their answers, make a page.
const rowPage = 100

// NewDataset makes a dataset of a project's closed tasks, with labels by verdicts or auto. The idempotency key is as with
// Ask.
func (r *Requester) NewDataset(ctx context.Context, project, labels, key string) (wire.Dataset, error) {
	return fetch[wire.Dataset](ctx, r.client, r.post(orRandom(key), wire.NewDataset{Labels: labels}, "projects", project, "datasets"))
}

// Datasets yields a project's datasets, newest first.
func (r *Requester) Datasets(ctx context.Context, project string) iter.Seq2[wire.Dataset, error] {
	return list(ctx, r.client, r.get("projects", project, "datasets"), pageSize, func(p *wire.Datasets) ([]wire.Dataset, string) { return p.Datasets, p.Next })
}

// Dataset returns a dataset.
func (r *Requester) Dataset(ctx context.Context, id string) (wire.Dataset, error) {
	return fetch[wire.Dataset](ctx, r.client, r.get("datasets", id))
}

// DatasetRows yields the rows of a dataset by their keys.
func (r *Requester) DatasetRows(ctx context.Context, id string) iter.Seq2[wire.DatasetRow, error] {
	return list(ctx, r.client, r.get("datasets", id, "rows"), rowPage, func(p *wire.DatasetRows) ([]wire.DatasetRow, string) { return p.Rows, p.Next })
}

// DatasetDiff yields how a dataset differs from another version, by keys.
func (r *Requester) DatasetDiff(ctx context.Context, from, to string) iter.Seq2[wire.DatasetChange, error] {
	get := r.get("datasets", to, "diff")
	get.query = url.Values{"from": {from}}
	return list(ctx, r.client, get, pageSize, func(p *wire.DatasetDiff) ([]wire.DatasetChange, string) { return p.Changes, p.Next })
}

// Report reports on the quality of a project's labels, as JSON of labeling.Report. It takes a while for a large project.
func (r *Requester) Report(ctx context.Context, project string) (json.RawMessage, error) {
	get := r.get("projects", project, "report")
	get.wait = waitMost
	return fetch[json.RawMessage](ctx, r.client, get)
}

// Media opens an image or a clip by its hash. It is not tried again when the server is away.
func (c *Client) Media(ctx context.Context, hash string) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base.JoinPath("media", hash).String(), nil)
	if err != nil {
		return nil, err
	}
	resp, err := c.cfg.HTTP.Do(req)
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", ErrUnreachable, err)
	}
	if resp.StatusCode != http.StatusOK {
		body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
		return nil, errors.Join(problem(resp.StatusCode, body), err, resp.Body.Close())
	}
	return resp.Body, nil
}
