package api

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/wire"
)

type invoiceInput struct {
	Paging
	Month string `path:"month" doc:"Of UTC" example:"2026-11"`
}

func (s *Server) invoiceRoutes() {
	forRequester(s, op(http.MethodGet, "/v1/invoices/{month}", tagMoney, "invoice", "What a month cost, transaction by transaction"), s.invoice)
	file := op(http.MethodGet, "/v1/invoices/{month}/csv", tagMoney, "invoice-csv", "Download what a month cost, as CSV")
	file.Description = "One line for each transaction, oldest first. A file that does not end in a line that begins with total was cut off: download it again."
	file.Security = []map[string][]string{{schemeKey: {}}}
	file.Parameters = []*huma.Param{{Name: "month", In: "path", Required: true, Description: "Of UTC", Example: "2026-11", Schema: &huma.Schema{Type: huma.TypeString}}}
	file.Responses["200"] = &huma.Response{Description: "The file", Content: map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}}}
	s.plain(file, s.invoiceCSV)
}

// begun reads a month that has begun: of another there is no invoice.
func (s *Server) begun(month string) (pipeline.Span, error) {
	span, err := monthOf(month)
	if now := s.Now().UTC(); err == nil && span.From.After(now) {
		err = tasknet.NewError(tasknet.Invalid, "bad_month", fmt.Sprintf("The month %s has not begun; the newest is %s.", month, now.Format(monthLayout)))
	}
	return span, err
}

func (s *Server) invoice(ctx context.Context, who requester, in *invoiceInput) (*of[wire.Invoice], error) {
	span, err := s.begun(in.Month)
	if err != nil {
		return nil, err
	}
	list := "invoice " + string(who.org.ID) + " " + in.Month
	page, err := s.page(list, in.Paging)
	if err != nil {
		return nil, err
	}
	lines, next, err := s.Stores.Spending().Lines(ctx, who.org.ID, span, page)
	if err != nil {
		return nil, err
	}
	out := wire.Invoice{
		Page: s.next(list, next), Organisation: string(who.org.ID), Name: who.org.Name, Month: in.Month, Over: !s.Now().Before(span.Until), Symbol: s.Chain.Symbol,
		Lines: linesOf(lines),
	}
	if in.Cursor == "" { // it takes as long as all pages together
		days, err := s.costsByDay(ctx, who.org.ID, span)
		if err != nil {
			return nil, err
		}
		var sum pipeline.Costs
		for _, c := range days {
			sum.Add(c)
		}
		all := costsOf(sum)
		out.All = &all
	}
	return &of[wire.Invoice]{out}, nil
}

func (s *Server) invoiceCSV(c *fiber.Ctx) error {
	who, err := s.requester(c)
	if err != nil {
		return err
	}
	month := c.Params("month")
	span, err := s.begun(month)
	if err != nil {
		return err
	}
	if err := s.startStream(string(who.key), s.Limits.Streams); err != nil {
		return err
	}
	id := requestID(c.UserContext())
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf(`attachment; filename="tasknet-%s.csv"`, month))
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		defer s.endStream(string(who.key))
		err := s.writeInvoice(context.WithValue(s.base, requestKey{}, id), w, who.org.ID, span)
		if err == nil {
			err = w.Flush()
		}
		if err != nil && s.base.Err() == nil {
			s.Log.Error("an invoice was cut off", "request_id", id, "month", month, "error", err)
		}
	})
	return nil
}

// writeInvoice writes the lines of an invoice, and their sum.
func (s *Server) writeInvoice(ctx context.Context, w io.Writer, org polls.OrgID, span pipeline.Span) error {
	out := csv.NewWriter(w)
	if err := out.Write(wire.InvoiceColumns()); err != nil {
		return err
	}
	var all pipeline.Costs
	for page := (tasknet.Page{Limit: exportPage}); ; {
		lines, next, err := s.Stores.Spending().Lines(ctx, org, span, page)
		if err != nil {
			return err
		}
		for _, l := range lines {
			all.Add(l.Costs)
		}
		for _, l := range linesOf(lines) {
			if err := out.Write(l.Cells(s.Chain.Symbol)); err != nil {
				return err
			}
		}
		if next == "" {
			break
		}
		page.After = next
	}
	if err := out.Write(costsOf(all).Cells(s.Chain.Symbol)); err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}
