package store

import (
	"context"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
)

// SaveBonus implements pipeline.Bonuses.
func (st spendingStore) SaveBonus(ctx context.Context, b pipeline.Bonus) error {
	return st.write(ctx, func(db querier) error {
		_, err := db.exec(ctx, `INSERT INTO bonuses (id, org, question, project, answer, respondent, amount, reason, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			b.ID, b.Org, b.Question, b.Project, b.Answer, b.Respondent, b.Amount.Micro(), b.Reason, micros(b.At))
		return err
	})
}

// BonusesTo implements pipeline.Bonuses.
func (st spendingStore) BonusesTo(ctx context.Context, to polls.RespondentID, page tasknet.Page) ([]pipeline.BonusWithOrg, string, error) {
	var where conditions
	where.add(`b.respondent = $`, to)
	if page.After != "" {
		where.add(`b.id < $`, page.After)
	}
	return readPage(ctx, st, page, func(r row) (b pipeline.BonusWithOrg, cursor string, err error) {
		var amount, at int64
		err = r.Scan(&b.ID, &b.Org, &b.Question, &b.Project, &b.Answer, &b.Respondent, &amount, &b.Reason, &at, &b.By)
		b.Amount, b.At = tasknet.Micro(amount), timeOf(at)
		return b, string(b.ID), err
	}, `SELECT b.id, b.org, b.question, b.project, b.answer, b.respondent, b.amount, b.reason, b.at, o.name FROM bonuses b JOIN orgs o ON o.id = b.org`+where.text()+` ORDER BY b.id DESC`, where.args...)
}
