package wire

import (
	"strconv"
	"strings"
)

// InvoiceColumns are the titles of an invoice's columns as CSV.
func InvoiceColumns() []string {
	return []string{"date", "transaction", "kind", "question", "project", "about", "answers", "pay", "bonus", "fee", "forfeited", "cost", "refund", "token"}
}

// Cells is a line of an invoice as CSV.
func (l Line) Cells(symbol string) []string {
	return []string{
		l.At.UTC().Format(TimeLayout), l.Tx, l.Kind, l.Question, l.Project, cell(l.About),
		strconv.Itoa(l.Answers), l.Paid.String(), l.Bonus.String(), l.Fee.String(), l.Forfeited.String(), l.Cost.String(), l.Refunded.String(), symbol,
	}
}

// Add adds a line to what an invoice sums to.
func (c *Costs) Add(l Line) {
	if l.Kind == "bonus" {
		c.Bonuses++
	} else {
		c.Questions++
	}
	c.Answers += l.Answers
	c.Paid, c.Bonus, c.Fee, c.Forfeited = c.Paid.Add(l.Paid), c.Bonus.Add(l.Bonus), c.Fee.Add(l.Fee), c.Forfeited.Add(l.Forfeited)
	c.Refunded, c.Cost = c.Refunded.Add(l.Refunded), c.Cost.Add(l.Cost)
}

// Cells is the last line of an invoice as CSV: the sum of the others.
func (c Costs) Cells(symbol string) []string {
	return []string{
		"total", "", "", "", "", "", strconv.Itoa(c.Answers), c.Paid.String(), c.Bonus.String(), c.Fee.String(), c.Forfeited.String(), c.Cost.String(), c.Refunded.String(), symbol,
	}
}

// cell is a text that no spreadsheet takes for a formula.
func cell(text string) string {
	if text != "" && strings.ContainsAny(text[:1], "=+-@\t\r") {
		return "'" + text
	}
	return text
}
