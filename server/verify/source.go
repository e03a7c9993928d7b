package verify

import (
	"context"
	"iter"

	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// Source is where public records are read: a server (client.Client), or a folder of files (bundle.Bundle). What it gives is
// not believed. It is asked by several goroutines at once. A list is given anew each time, from the beginning; after an error
// nothing more comes. What is asked for by name and is not there is an error of the kind tasknet.NotFound.
type Source interface {
	Instance(ctx context.Context) (wire.Instance, error)
	Totals(ctx context.Context) (wire.Totals, error)

	// Records yields closed questions in the order in which they closed.
	Records(ctx context.Context) iter.Seq2[wire.Record, error]
	// Record returns the record of a question that Records did not yield because it closed since. A source that does not
	// grow has none of these.
	Record(ctx context.Context, question string) (wire.Record, error)

	Snapshot(ctx context.Context, hash string) (wire.Snapshot, error)
	Witness(ctx context.Context, hash string) (wire.Witness, error)

	// Epochs yields epochs, the oldest first.
	Epochs(ctx context.Context) iter.Seq2[wire.Epoch, error]
	// EpochPayouts yields leaves of an epoch's tree in its order: those that the epoch added to at least and, of the newest
	// epoch, all.
	EpochPayouts(ctx context.Context, epoch int64) iter.Seq2[wire.Payout, error]

	// AddressChanges yields changes of where people's pay goes, in the order in which they were made.
	AddressChanges(ctx context.Context) iter.Seq2[wire.AddressChange, error]

	// EpochSpending yields the accounts of an epoch's spending tree in its order.
	EpochSpending(ctx context.Context, epoch int64) iter.Seq2[wire.VaultAccount, error]

	// OracleRequests yields questions of contracts, in the order in which they came.
	OracleRequests(ctx context.Context) iter.Seq2[wire.OracleRequest, error]
	// EpochVerdicts yields those whose verdicts are in an epoch's tree, in its order.
	EpochVerdicts(ctx context.Context, epoch int64) iter.Seq2[wire.OracleRequest, error]

	// JobRecords yields settled jobs in the order in which they were settled.
	JobRecords(ctx context.Context) iter.Seq2[wire.JobRecord, error]

	// StakeCases yields cases about stakes, in the order in which they were prepared.
	StakeCases(ctx context.Context) iter.Seq2[wire.StakeCase, error]

	// Ledger yields transactions in the order in which they were posted.
	Ledger(ctx context.Context) iter.Seq2[wire.Transaction, error]

	// The public log, which may be longer than what was read before.
	client.LogFiles
}
