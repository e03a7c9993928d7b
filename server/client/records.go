package client

import (
	"context"
	"iter"
	"net/http"
	"strconv"

	"github.com/tasknet/tasknet/server/wire"
)

// Records yields all closed questions with all that is needed to recompute them, in the order in which they closed.
func (c *Client) Records(ctx context.Context) iter.Seq2[wire.Record, error] {
	return list(ctx, c, call{method: http.MethodGet, path: []string{"records", "questions"}}, recordsSize,
		func(p *wire.Records) ([]wire.Record, string) { return p.Records, p.Next })
}

// Record returns one closed question's record.
func (c *Client) Record(ctx context.Context, question string) (wire.Record, error) {
	return fetch[wire.Record](ctx, c, call{method: http.MethodGet, path: []string{"records", "questions", question}})
}

// Snapshot returns a skill snapshot by its hash.
func (c *Client) Snapshot(ctx context.Context, hash string) (wire.Snapshot, error) {
	return fetch[wire.Snapshot](ctx, c, call{method: http.MethodGet, path: []string{"records", "snapshots", hash}})
}

// Witness returns by its hash what the word of a model was worth.
func (c *Client) Witness(ctx context.Context, hash string) (wire.Witness, error) {
	return fetch[wire.Witness](ctx, c, call{method: http.MethodGet, path: []string{"records", "witnesses", hash}})
}

// Epochs yields all epochs, oldest first.
func (c *Client) Epochs(ctx context.Context) iter.Seq2[wire.Epoch, error] {
	return list(ctx, c, call{method: http.MethodGet, path: []string{"records", "epochs"}}, pageSize,
		func(p *wire.Epochs) ([]wire.Epoch, string) { return p.Epochs, p.Next })
}

// Epoch returns an epoch by its number.
func (c *Client) Epoch(ctx context.Context, number int64) (wire.Epoch, error) {
	get := call{method: http.MethodGet, path: []string{"records", "epochs", strconv.FormatInt(number, 10), "payouts"}, query: paging("", 1)}
	page, err := fetch[wire.EpochPayouts](ctx, c, get)
	return page.Epoch, err
}

// EpochPayouts yields the leaves of an epoch's payout tree, in the order of the tree.
func (c *Client) EpochPayouts(ctx context.Context, epoch int64) iter.Seq2[wire.Payout, error] {
	return list(ctx, c, call{method: http.MethodGet, path: []string{"records", "epochs", strconv.FormatInt(epoch, 10), "payouts"}}, pageSize,
		func(p *wire.EpochPayouts) ([]wire.Payout, string) { return p.Payouts, p.Next })
}

// EpochSpending yields what accounts in the vault had spent by an epoch, in the order of its spending tree.
func (c *Client) EpochSpending(ctx context.Context, epoch int64) iter.Seq2[wire.VaultAccount, error] {
	return list(ctx, c, call{method: http.MethodGet, path: []string{"records", "epochs", strconv.FormatInt(epoch, 10), "spending"}}, pageSize,
		func(p *wire.EpochSpending) ([]wire.VaultAccount, string) { return p.Accounts, p.Next })
}

// AddressChanges yields all changes of where people's pay goes, in the order in which they were made.
func (c *Client) AddressChanges(ctx context.Context) iter.Seq2[wire.AddressChange, error] {
	return list(ctx, c, call{method: http.MethodGet, path: []string{"records", "addresses"}}, pageSize,
		func(p *wire.AddressChanges) ([]wire.AddressChange, string) { return p.Changes, p.Next })
}

// JobRecords yields all settled jobs with all that is needed to recompute who was paid, in the order in which they were settled.
func (c *Client) JobRecords(ctx context.Context) iter.Seq2[wire.JobRecord, error] {
	return list(ctx, c, call{method: http.MethodGet, path: []string{"records", "jobs"}}, recordsSize,
		func(p *wire.JobRecords) ([]wire.JobRecord, string) { return p.Jobs, p.Next })
}

// StakeCases yields all cases about stakes, in the order in which they were prepared.
func (c *Client) StakeCases(ctx context.Context) iter.Seq2[wire.StakeCase, error] {
	return list(ctx, c, call{method: http.MethodGet, path: []string{"records", "cases"}}, pageSize,
		func(p *wire.StakeCases) ([]wire.StakeCase, string) { return p.Cases, p.Next })
}

// StakeCase returns a case about a stake by its number.
func (c *Client) StakeCase(ctx context.Context, number int64) (wire.StakeCase, error) {
	return fetch[wire.StakeCase](ctx, c, call{method: http.MethodGet, path: []string{"records", "cases", strconv.FormatInt(number, 10)}})
}

// EpochTree returns all that is needed to claim or withdraw under an epoch's root without a server.
func (c *Client) EpochTree(ctx context.Context, epoch int64) (wire.EpochTree, error) {
	return fetch[wire.EpochTree](ctx, c, call{method: http.MethodGet, path: []string{"records", "epochs", strconv.FormatInt(epoch, 10), "tree"}})
}

// Ledger yields all transactions of the ledger, in the order in which they were posted.
func (c *Client) Ledger(ctx context.Context) iter.Seq2[wire.Transaction, error] {
	return list(ctx, c, call{method: http.MethodGet, path: []string{"records", "ledger"}}, pageSize,
		func(p *wire.Ledger) ([]wire.Transaction, string) { return p.Transactions, p.Next })
}

// Totals returns the sums that the ledger must reproduce.
func (c *Client) Totals(ctx context.Context) (wire.Totals, error) {
	return fetch[wire.Totals](ctx, c, call{method: http.MethodGet, path: []string{"records", "totals"}})
}
