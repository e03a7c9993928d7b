package client

import (
	"context"
	"iter"
	"net/url"

	"github.com/tasknet/tasknet/server/wire"
)

// Money returns the organisation's money, with where it came from and went.
func (r *Requester) Money(ctx context.Context) (wire.Money, error) {
	return fetch[wire.Money](ctx, r.client, r.get("money"))
}

// Spending returns what was spent by day, month or project, from one day to another as 2026-11-21. Empty days are the
// server's defaults.
func (r *Requester) Spending(ctx context.Context, by, from, to string) (wire.Spending, error) {
	get := r.get("money", "spending")
	get.query = url.Values{"by": {by}}
	for name, day := range map[string]string{"from": from, "to": to} {
		if day != "" {
			get.query.Set(name, day)
		}
	}
	return fetch[wire.Spending](ctx, r.client, get)
}

// Refunds yields what came back of what was set aside, newest first.
func (r *Requester) Refunds(ctx context.Context) iter.Seq2[wire.Line, error] {
	return list(ctx, r.client, r.get("money", "refunds"), pageSize, func(p *wire.Refunds) ([]wire.Line, string) { return p.Refunds, p.Next })
}

// Invoice returns what a month, as 2026-11, cost, without its lines.
func (r *Requester) Invoice(ctx context.Context, month string) (wire.Invoice, error) {
	get := r.get("invoices", month)
	get.query = url.Values{"limit": {"1"}}
	out, err := fetch[wire.Invoice](ctx, r.client, get)
	out.Lines, out.Next = nil, ""
	if err == nil && out.All == nil {
		err = ErrProtocol
	}
	return out, err
}

// InvoiceLines yields the transactions of a month, oldest first.
func (r *Requester) InvoiceLines(ctx context.Context, month string) iter.Seq2[wire.Line, error] {
	return list(ctx, r.client, r.get("invoices", month), pageSize, func(p *wire.Invoice) ([]wire.Line, string) { return p.Lines, p.Next })
}

// PayBonus pays a bonus for an answer to a closed question. The idempotency key is as with Ask.
func (r *Requester) PayBonus(ctx context.Context, question string, b wire.NewBonus, key string) (wire.Bonus, error) {
	return fetch[wire.Bonus](ctx, r.client, r.post(orRandom(key), b, "questions", question, "bonuses"))
}
