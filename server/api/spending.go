package api

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/wire"
)

// spendingDays is for how many days spending is summed at most, and by default.
const (
	spendingDaysMost = 3660
	spendingDays     = 30
)

var (
	errBadSpan  = tasknet.NewError(tasknet.Invalid, "bad_span", "Write days as 2026-11-21; the last is not before the first, and the time is at most ten years.")
	errBadMonth = tasknet.NewError(tasknet.Invalid, "bad_month", "Write the month as 2026-11; the first is 1970-01.")
)

type spendingInput struct {
	By   string `query:"by" enum:"day,month,project" default:"day"`
	From string `query:"from" doc:"The first day, of UTC. Left out: by day, 29 days before the last; otherwise, a year before it" example:"2026-11-01"`
	To   string `query:"to" doc:"The last day. Left out: today" example:"2026-11-30"`
}

func (s *Server) spendingRoutes() {
	forRequester(s, op(http.MethodGet, "/v1/money", tagMoney, "money", "What there is to spend, and where the rest is"), s.money)
	forRequester(s, op(http.MethodGet, "/v1/money/spending", tagMoney, "spending", "What was spent, by day, month or project"), s.spending)
	forRequester(s, op(http.MethodGet, "/v1/money/refunds", tagMoney, "refunds", "What came back of what was set aside, newest first"), s.refunds)
	s.invoiceRoutes()
}

func (s *Server) money(ctx context.Context, who requester, _ *empty) (*of[wire.Money], error) {
	balance, err := s.balanceOf(ctx, string(who.org.ID))
	if err != nil {
		return nil, err
	}
	out := wire.Money{Balance: balance}
	ledger, account := s.Stores.Rewards(), rewards.Requester(string(who.org.ID))
	if out.Refunded, err = ledger.SumOf(ctx, account, rewards.SettlementTx); err != nil {
		return nil, err
	}
	returned, err := ledger.SumOf(ctx, account, rewards.WorkTx)
	if err != nil {
		return nil, err
	}
	out.Refunded = out.Refunded.Add(returned)
	bonuses, err := ledger.SumOf(ctx, account, rewards.BonusTx)
	out.Bonuses = bonuses.Neg()
	return &of[wire.Money]{out}, err
}

// span reads a time of whole days.
func (in *spendingInput) span(now time.Time) (pipeline.Span, error) {
	last := now.UTC().Truncate(24 * time.Hour)
	var err error
	if in.To != "" {
		if last, err = time.Parse(time.DateOnly, in.To); err != nil {
			return pipeline.Span{}, errBadSpan
		}
	}
	first := last.AddDate(0, 0, 1-spendingDays)
	if in.By != "day" {
		first = last.AddDate(-1, 0, 1)
	}
	if in.From != "" {
		if first, err = time.Parse(time.DateOnly, in.From); err != nil {
			return pipeline.Span{}, errBadSpan
		}
	}
	if last.Before(first) || last.Sub(first) > spendingDaysMost*24*time.Hour {
		return pipeline.Span{}, errBadSpan
	}
	return pipeline.Span{From: first, Until: last.AddDate(0, 0, 1)}, nil
}

func (s *Server) spending(ctx context.Context, who requester, in *spendingInput) (*of[wire.Spending], error) {
	span, err := in.span(s.Now())
	if err != nil {
		return nil, err
	}
	out := wire.Spending{
		From: span.From.Format(time.DateOnly), To: span.Until.AddDate(0, 0, -1).Format(time.DateOnly), By: in.By, Symbol: s.Chain.Symbol, Parts: []wire.SpendingPart{},
	}
	var all pipeline.Costs
	if in.By == "project" {
		err = s.spendingByProject(ctx, who.org.ID, span, &all, &out)
	} else {
		err = s.spendingByTime(ctx, who.org.ID, span, in.By == "month", &all, &out)
	}
	out.All = costsOf(all)
	return &of[wire.Spending]{out}, err
}

func (s *Server) spendingByTime(ctx context.Context, org polls.OrgID, span pipeline.Span, months bool, all *pipeline.Costs, out *wire.Spending) error {
	days, err := s.costsByDay(ctx, org, span)
	if err != nil {
		return err
	}
	sums := make(map[string]pipeline.Costs, len(days))
	for day, c := range days {
		all.Add(c)
		if months {
			day = day[:len("2026-11")]
		}
		sum := sums[day]
		sum.Add(c)
		sums[day] = sum
	}
	for _, at := range slices.Sorted(maps.Keys(sums)) {
		part := wire.SpendingPart{Day: at, Costs: costsOf(sums[at])}
		if months {
			part.Day, part.Month = "", at
		}
		out.Parts = append(out.Parts, part)
	}
	return nil
}

func (s *Server) spendingByProject(ctx context.Context, org polls.OrgID, span pipeline.Span, all *pipeline.Costs, out *wire.Spending) error {
	projects, err := shared(s, fmt.Sprintf("spending by project %s %v", org, span), func(ctx context.Context) (map[string]pipeline.Costs, error) {
		return s.Stores.Spending().CostsByProject(ctx, org, span)
	})
	if err != nil {
		return err
	}
	for id, c := range projects {
		all.Add(c)
		part := wire.SpendingPart{Project: id, Costs: costsOf(c)}
		if id != "" {
			p, err := s.Stores.Projects().Project(ctx, labeling.ProjectID(id))
			if err != nil {
				return err
			}
			part.Name = p.Name
		}
		out.Parts = append(out.Parts, part)
	}
	slices.SortFunc(out.Parts, func(a, b wire.SpendingPart) int { return cmp.Or(b.Cost.Cmp(a.Cost), cmp.Compare(a.Project, b.Project)) })
	return nil
}

// costsByDay reads all that was settled in a time, which takes long where that is much.
func (s *Server) costsByDay(ctx context.Context, org polls.OrgID, span pipeline.Span) (map[string]pipeline.Costs, error) {
	return shared(s, fmt.Sprintf("spending by day %s %v", org, span), func(ctx context.Context) (map[string]pipeline.Costs, error) {
		return s.Stores.Spending().CostsByDay(ctx, org, span)
	})
}

func costsOf(c pipeline.Costs) wire.Costs {
	return wire.Costs{
		Questions: c.Questions, Answers: c.Answers, Bonuses: c.Bonuses, Paid: c.Paid, Bonus: c.Bonus, Fee: c.Fee, Forfeited: c.Forfeited, Refunded: c.Refunded, Cost: c.Sum(),
	}
}

func (s *Server) refunds(ctx context.Context, who requester, in *Paging) (*of[wire.Refunds], error) {
	list := "refunds " + string(who.org.ID)
	page, err := s.page(list, *in)
	if err != nil {
		return nil, err
	}
	lines, next, err := s.Stores.Spending().Refunds(ctx, who.org.ID, page)
	if err != nil {
		return nil, err
	}
	return &of[wire.Refunds]{wire.Refunds{Page: s.next(list, next), Refunds: linesOf(lines)}}, nil
}

func linesOf(lines []pipeline.Line) []wire.Line {
	out := make([]wire.Line, len(lines))
	for i, l := range lines {
		out[i] = wire.Line{
			At: wire.At(l.At), Tx: string(l.Tx), Kind: string(l.Kind), Question: string(l.Question), Project: l.Project, About: inShort(l.About),
			Answers: l.Answers, Paid: l.Paid, Bonus: l.Bonus, Fee: l.Fee, Forfeited: l.Forfeited, Refunded: l.Refunded, Cost: l.Sum(),
		}
	}
	return out
}

// aboutMax is how many characters of a question's text stand in a line.
const aboutMax = 120

func inShort(text string) string {
	if r := []rune(text); len(r) > aboutMax {
		return string(r[:aboutMax-1]) + "…"
	}
	return text
}
