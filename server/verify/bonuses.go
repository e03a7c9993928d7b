package verify

import (
	"context"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
)

// pays checks that a bonus goes from one requester to somebody who has answered. For which answer it is paid, and why, is
// between these two.
func (v *verification) pays(ctx context.Context, t rewards.Transaction, from, to []rewards.Entry, wrong func(string, any, any) error) error {
	if err := tasknet.CheckID(rewards.BonusPrefix, t.Cause); err != nil {
		return wrong("cause", "the id of a bonus", t.Cause)
	}
	if len(from) != 1 || len(to) != 1 || owner(from[0].Account, rewards.Requester("")) == "" || owner(to[0].Account, rewards.Payee("")) == "" {
		return wrong("entries", "from one requester to one respondent's pay", names(t))
	}
	p, err := v.person(ctx, owner(to[0].Account, rewards.Payee("")))
	if err != nil {
		return err
	}
	if p == nil {
		return wrong("account", "somebody who has answered", to[0].Account)
	}
	return nil
}
