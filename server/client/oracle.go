package client

import (
	"context"
	"iter"
	"net/http"
	"strconv"

	"github.com/tasknet/tasknet/server/wire"
)

// OracleRequests yields all questions of contracts, in the order in which they came.
func (c *Client) OracleRequests(ctx context.Context) iter.Seq2[wire.OracleRequest, error] {
	return list(ctx, c, call{method: http.MethodGet, path: []string{"oracle", "requests"}}, pageSize,
		func(p *wire.OracleRequests) ([]wire.OracleRequest, string) { return p.Requests, p.Next })
}

// OracleRequest returns a contract's question by the oracle's number of it, in hex.
func (c *Client) OracleRequest(ctx context.Context, id string) (wire.OracleStanding, error) {
	return fetch[wire.OracleStanding](ctx, c, call{method: http.MethodGet, path: []string{"oracle", "requests", id}})
}

// EpochVerdicts yields the verdicts for contracts in an epoch's tree, in the order of the tree.
func (c *Client) EpochVerdicts(ctx context.Context, epoch int64) iter.Seq2[wire.OracleRequest, error] {
	return list(ctx, c, call{method: http.MethodGet, path: []string{"records", "epochs", strconv.FormatInt(epoch, 10), "verdicts"}}, pageSize,
		func(p *wire.EpochVerdicts) ([]wire.OracleRequest, string) { return p.Verdicts, p.Next })
}
