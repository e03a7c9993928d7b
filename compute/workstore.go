package compute

import (
	"context"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// WorkStore keeps deliveries and checks. Each method is one transaction, or part of the caller's when the store was given by one.
type WorkStore interface {
	// AddDelivery saves a delivery under the next number: whoever sees one sees all before it.
	AddDelivery(ctx context.Context, d *Delivery) error

	// SaveDeliveries saves what changes of deliveries: the state of their pay. Those that are no longer held stay as they are.
	SaveDeliveries(ctx context.Context, list ...*Delivery) error

	// Deliveries lists a job's deliveries in the order in which they were accepted. What others change of them waits from the first
	// write of this store's in a transaction until its end.
	Deliveries(ctx context.Context, id JobID) ([]*Delivery, error)

	// DeliveriesAfter returns up to limit deliveries after a number.
	DeliveriesAfter(ctx context.Context, number int64, limit int) ([]*Delivery, error)

	// DeliveriesOf lists an owner's deliveries, newest first.
	DeliveriesOf(ctx context.Context, owner polls.RespondentID, page tasknet.Page) ([]OwnDelivery, string, error)

	// Earned sums the pay of an owner's deliveries in a state.
	Earned(ctx context.Context, owner polls.RespondentID, s PayState) (tasknet.Amount, error)

	// RefuseHeld refuses all of an owner's pay that is held.
	RefuseHeld(ctx context.Context, owner polls.RespondentID, why Refusal) error

	// SaveCheck saves a check, new or known.
	SaveCheck(ctx context.Context, c *Check) error

	// Checks lists a job's checks in the order of their parts.
	Checks(ctx context.Context, id JobID) ([]*Check, error)

	// ReadyChecks returns up to limit open checks for which nothing is to be waited for: no copy of the part waits or runs, or the
	// check was opened before a moment, or its job ended without being done. No model of the part is still to be judged.
	ReadyChecks(ctx context.Context, before time.Time, limit int) ([]*Check, error)

	// CopiesOf lists a part and its copies.
	CopiesOf(ctx context.Context, id JobID, number int) ([]*Part, error)

	// JobsAfter returns up to limit jobs after a number, in the order in which they were made.
	JobsAfter(ctx context.Context, number int64, limit int) ([]*Job, error)

	// DueJobs returns up to limit jobs that ended before a moment, are not settled and have no open check or trial; live ones, no session
	// that runs.
	DueJobs(ctx context.Context, before time.Time, limit int) ([]JobID, error)

	// StalledJobs returns up to limit open jobs that pay and of which nothing was delivered since a moment.
	StalledJobs(ctx context.Context, before time.Time, limit int) ([]JobID, error)

	// SettleJob notes that a locked job is settled, and gives it its number among those.
	SettleJob(ctx context.Context, j *Job) error

	// SettledJobs lists jobs in the order in which they were settled.
	SettledJobs(ctx context.Context, page tasknet.Page) ([]*Job, string, error)

	// SaveSecret saves what is told later of the hidden part of a new job.
	SaveSecret(ctx context.Context, id JobID, s *Secret) error

	// Secret returns that. ErrNoJob when the job has none.
	Secret(ctx context.Context, id JobID) (*Secret, error)

	// SaveTrial saves a trial, new or known.
	SaveTrial(ctx context.Context, t *Trial) error

	// Trials lists a job's trials in the order of their deliveries.
	Trials(ctx context.Context, id JobID) ([]*Trial, error)

	// OpenTrials returns up to limit open trials, the oldest first.
	OpenTrials(ctx context.Context, limit int) ([]*Trial, error)

	// Standing returns what is known of an owner.
	Standing(ctx context.Context, owner polls.RespondentID) (Standing, error)

	// AddStanding adds to what is known of an owner; Until is moved on, never back.
	AddStanding(ctx context.Context, owner polls.RespondentID, more Standing) error
}

// OwnDelivery is a delivery with what its owner may know of its job.
type OwnDelivery struct {
	Delivery
	Kind  JobKind
	Ended time.Time // of the job; zero before
}
