package store

import "context"

// dialect is what differs between the databases beyond how they are opened.
type dialect interface {
	// forUpdate ends a query whose rows are to be locked until the transaction ends.
	forUpdate() string

	// lockFree locks the progress of those questions, of the ones given, that nobody else has locked, and returns them.
	// When they are fewer than want it waits for the others.
	lockFree(ctx context.Context, ids []string, want int) ([]string, error)

	// orderLock keeps others from appending to what is read in order, until the transaction ends.
	orderLock() []statement

	// inList returns a condition that a column is one of many texts, which are argument n, and that argument.
	inList(column string, n int, texts []string) (condition string, arg any, err error)

	// readBatch fills in a batch's Assignments, Progress and Previous, and the ends of leases, and locks the progress.
	readBatch(ctx context.Context, r *recording) error

	// batchWrites save a resolved batch's answers and the questions' progress.
	batchWrites(r *recording) []statement

	// insertBare saves rows of Bare.
	insertBare(ctx context.Context, rows []BareRow) error
}

func lockOrder(ctx context.Context, db querier) error {
	_, err := db.execAll(ctx, db.orderLock())
	return err
}
