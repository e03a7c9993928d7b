package store

import (
	"context"
	"slices"

	"github.com/tasknet/tasknet/compute"
)

// SaveSecret implements compute.WorkStore.
func (st jobStore) SaveSecret(ctx context.Context, id compute.JobID, s *compute.Secret) error {
	return st.write(ctx, func(db querier) error {
		_, err := db.exec(ctx, `INSERT INTO job_secrets (job, salt, marks, guess) VALUES ($1, $2, $3, $4)`, string(id), s.Salt[:], s.Marks, s.Guess.Bytes())
		return err
	})
}

// Secret implements compute.WorkStore.
func (st jobStore) Secret(ctx context.Context, id compute.JobID) (s *compute.Secret, err error) {
	err = st.read(ctx, func(db querier) error {
		s = nil
		return db.query(ctx, func(r row) error {
			var salt, marks, guess []byte
			if err := r.Scan(&salt, &marks, &guess); err != nil {
				return err
			}
			s = &compute.Secret{Salt: [32]byte(salt), Marks: slices.Clone(marks), Guess: compute.ReadLosses(guess)}
			return nil
		}, `SELECT salt, marks, guess FROM job_secrets WHERE job = $1`, string(id))
	})
	if err == nil && s == nil {
		err = compute.ErrNoJob
	}
	return s, err
}

// SaveTrial implements compute.WorkStore.
func (st jobStore) SaveTrial(ctx context.Context, t *compute.Trial) error {
	return st.write(ctx, func(db querier) error {
		_, err := db.exec(ctx, `INSERT INTO trials (lease, job, part, state, losses, correct, problem, at, card, report) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
			ON CONFLICT (lease) DO UPDATE SET state = $4, losses = $5, correct = $6, problem = $7, at = $8, card = $9, report = $10`,
			string(t.Lease), string(t.Job), t.Part, string(t.State), t.Losses.Bytes(), t.Right, t.Problem, micros(t.At), string(t.Card), string(t.Report))
		return err
	})
}

func (st jobStore) trials(ctx context.Context, text string, arg any) (list []*compute.Trial, err error) {
	err = st.read(ctx, func(db querier) error {
		list = nil
		return db.query(ctx, func(r row) error {
			var t compute.Trial
			var losses []byte
			var at int64
			if err := r.Scan(&t.Lease, &t.Job, &t.Part, &t.State, &losses, &t.Right, &t.Problem, &at, &t.Card, &t.Report); err != nil {
				return err
			}
			t.Losses, t.At = compute.ReadLosses(losses), timeOf(at)
			list = append(list, &t)
			return nil
		}, `SELECT t.lease, t.job, t.part, t.state, t.losses, t.correct, t.problem, t.at, t.card, t.report FROM trials t`+text, arg)
	})
	return list, err
}

// Trials implements compute.WorkStore.
func (st jobStore) Trials(ctx context.Context, id compute.JobID) ([]*compute.Trial, error) {
	return st.trials(ctx, ` JOIN deliveries d ON d.lease = t.lease WHERE t.job = $1 ORDER BY d.number`, string(id))
}

// OpenTrials implements compute.WorkStore.
func (st jobStore) OpenTrials(ctx context.Context, limit int) ([]*compute.Trial, error) {
	return st.trials(ctx, ` WHERE t.state = 'open' ORDER BY t.at, t.lease LIMIT $1`, limit)
}
