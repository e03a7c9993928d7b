package aggregate

import "context"

// Progress is called now and then with how much of the work is done, and how much there is at most. It may be nil.
type Progress func(done, most int)

// step shows progress, or returns the error of a context that has ended: work goes on only from step to step.
func (p Progress) step(ctx context.Context, done, most int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if p != nil {
		p(done, most)
	}
	return nil
}
