package store

import (
	"context"

	"github.com/tasknet/tasknet/labeling"
)

// OpenAnswers implements labeling.ProjectStore.
func (st projectStore) OpenAnswers(ctx context.Context, id labeling.ProjectID) (n int, err error) {
	err = st.read(ctx, func(db querier) error {
		_, err := get(ctx, db, []any{&n}, `SELECT CAST(COALESCE(SUM(p.answers), 0) AS BIGINT) FROM tasks t JOIN progress p ON p.question = t.question WHERE t.project = $1 AND t.state = 'open'`, id)
		return err
	})
	return n, err
}
