package sdk

import (
	"context"

	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// Me returns who the person is, with their numbers and devices, as a wire.Me.
func (s *Session) Me(c *Cancel) (string, error) {
	return ask(s, c, func(ctx context.Context, p *client.Respondent) (wire.Me, error) { return p.Me(ctx) })
}

// Earnings returns where the person's money is, as a wire.Earnings.
func (s *Session) Earnings(c *Cancel) (string, error) {
	return ask(s, c, func(ctx context.Context, p *client.Respondent) (wire.Earnings, error) { return p.Earnings(ctx) })
}

// History returns a page of the person's answers, newest first, as a wire.MyAnswers: the first when the cursor is "", else the one
// whose cursor the page before it has as next. A page has 1 to 200.
func (s *Session) History(c *Cancel, cursor string, limit int) (string, error) {
	if limit < 1 || limit > pageMost {
		return "", errPage
	}
	return ask(s, c, func(ctx context.Context, p *client.Respondent) (wire.MyAnswers, error) {
		return p.AnswersPage(ctx, cursor, limit)
	})
}

// Payouts is History for payouts, as a wire.Payouts, newest epoch first, with the proofs to claim them by.
func (s *Session) Payouts(c *Cancel, cursor string, limit int) (string, error) {
	if limit < 1 || limit > pageMost {
		return "", errPage
	}
	return ask(s, c, func(ctx context.Context, p *client.Respondent) (wire.Payouts, error) {
		return p.PayoutsPage(ctx, cursor, limit)
	})
}

const pageMost = 200

// RevokeDevice ends a device of the person, as one that was lost, by its public key.
func (s *Session) RevokeDevice(c *Cancel, device string) error {
	_, err := reply(s, c, func(ctx context.Context, p *client.Respondent) (struct{}, error) {
		return struct{}{}, p.EndDevice(ctx, device)
	})
	return err
}
