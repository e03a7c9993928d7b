package api

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/wire"
)

// monthLayout is how a month is written: 2026-11.
const monthLayout = "2006-01"

type statementInput struct {
	Paging
	Month string `query:"month" required:"true" doc:"Of UTC" example:"2026-11"`
}

func (s *Server) statementRoutes() {
	forRespondent(s, op(http.MethodGet, "/v1/me/statement", tagMe, "my-statement", "What I was paid for in a month"), s.statement)
	file := op(http.MethodGet, "/v1/me/statement.csv", tagMe, "my-statement-file", "The same as a CSV file, all of it")
	file.Security = []map[string][]string{{schemeToken: {}}}
	file.Parameters = []*huma.Param{{Name: "month", In: "query", Required: true, Description: "Of UTC", Example: "2026-11", Schema: &huma.Schema{Type: huma.TypeString}}}
	file.Responses["200"] = &huma.Response{Description: "The file", Content: map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}}}
	s.plain(file, s.statementFile)
}

// monthOf reads a month.
func monthOf(text string) (pipeline.Span, error) {
	at, err := time.Parse(monthLayout, text)
	if err != nil || at.Year() < 1970 {
		return pipeline.Span{}, errBadMonth
	}
	return pipeline.Month(at), nil
}

func (s *Server) statement(ctx context.Context, who respondent, in *statementInput) (*of[wire.Statement], error) {
	span, err := monthOf(in.Month)
	if err != nil {
		return nil, err
	}
	list := "statement " + in.Month + " " + string(who.id)
	page, err := s.page(list, in.Paging)
	if err != nil {
		return nil, err
	}
	person, err := s.Stores.Polls().Respondent(ctx, who.id)
	if err != nil {
		return nil, err
	}
	sums, err := s.Stores.Rewards().Sums(ctx, string(who.id), span.From, span.Until)
	if err != nil {
		return nil, err
	}
	lines, next, err := s.Stores.Rewards().Lines(ctx, string(who.id), span.From, span.Until, page)
	if err != nil {
		return nil, err
	}
	out := wire.Statement{
		Page: s.next(list, next), Month: in.Month, Since: person.CreatedAt.UTC().Format(monthLayout), Respondent: string(who.id), Symbol: s.Chain.Symbol,
		Earned: sums.Final, Waited: sums.Waited, Forfeited: sums.Forfeited, Count: sums.Lines, Lines: make([]wire.StatementLine, len(lines)),
	}
	for i, l := range lines {
		out.Lines[i] = statementLine(l)
	}
	return &of[wire.Statement]{out}, nil
}

func statementLine(l rewards.Line) wire.StatementLine {
	out := wire.StatementLine{At: wire.At(l.At), What: "answer", Amount: l.Final, State: "yours", Epoch: l.Epoch, Entry: string(l.Tx)}
	switch l.Kind {
	case rewards.ReleaseTx:
		out.What = "released"
	case rewards.BonusTx:
		out.What = "bonus"
	case rewards.WorkTx:
		out.What = "work"
	case rewards.ForfeitTx:
		out.What, out.State, out.Amount = "forfeited", "forfeited", l.Pending.Neg()
	default:
		out.Question = l.Cause
		if !l.Pending.IsZero() {
			out.State, out.Amount = "waiting", l.Pending
		}
	}
	if l.Epoch != 0 {
		out.State = "in_epoch"
	}
	if l.Claimed {
		out.State = "on_chain"
	}
	if l.ClaimTx != (rewards.Hash{}) {
		out.Tx = "0x" + hex.EncodeToString(l.ClaimTx[:])
	}
	return out
}

// statementFile sends the whole month. It is written before it is sent: a file that is cut off would look like one of less pay.
func (s *Server) statementFile(c *fiber.Ctx) error {
	who, err := s.respondent(c)
	if err != nil {
		return err
	}
	span, err := monthOf(c.Query("month"))
	if err != nil {
		return err
	}
	var file bytes.Buffer
	out := csv.NewWriter(&file)
	rows := [][]string{{"at", "what", "question", "amount", "token", "state", "epoch", "transaction", "ledger_entry"}}
	for page := (tasknet.Page{Limit: tasknet.PageLimitMax}); ; {
		lines, next, err := s.Stores.Rewards().Lines(c.UserContext(), string(who.id), span.From, span.Until, page)
		if err != nil {
			return err
		}
		for _, l := range lines {
			w := statementLine(l)
			epoch := ""
			if w.Epoch != 0 {
				epoch = strconv.FormatInt(w.Epoch, 10)
			}
			rows = append(rows, []string{w.At.UTC().Format(time.RFC3339), w.What, w.Question, w.Amount.String(), s.Chain.Symbol, w.State, epoch, w.Tx, w.Entry})
		}
		if err := out.WriteAll(rows); err != nil {
			return err
		}
		if rows, page.After = rows[:0], next; next == "" {
			break
		}
	}
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf(`attachment; filename="tasknet-%s.csv"`, span.From.Format(monthLayout)))
	return c.Send(file.Bytes())
}
