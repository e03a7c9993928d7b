package main

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

const aboutSpending = `Tell what was spent, by day, month or project, in days of UTC. What is spent went to
respondents and to the operator, or was forfeited: what struck answers would have got goes
to nobody. What came back of what was set aside is no part of it.

The API key is read from TASKNET_KEY, the server's address from TASKNET_URL.`

func (p *program) spending() *cobra.Command {
	var by, from, to string
	cmd := simply(&cobra.Command{
		Use: "spending", Short: "Tell what was spent", Long: aboutSpending, Args: cobra.NoArgs,
		Example: "  tasknet spending --by project --from 2026-11-01 --to 2026-11-30",
	}, func(ctx context.Context, requester *client.Requester, _ []string, asJSON bool) error {
		s, err := requester.Spending(ctx, by, from, to)
		if err != nil {
			return err
		}
		if asJSON {
			return p.printJSON(s)
		}
		row := func(title string, c wire.Costs, name string) error {
			return p.printf("%-30s  %12s  %6d questions  %6d answers  %s\n", title, c.Cost, c.Questions, c.Answers, name)
		}
		for _, part := range s.Parts {
			title := part.Day + part.Month + part.Project
			if title == "" {
				title = "of no project"
			}
			err = errors.Join(err, row(title, part.Costs, part.Name))
		}
		return errors.Join(err, row("all, in "+s.Symbol, s.All, s.From+" to "+s.To))
	})
	cmd.Flags().StringVar(&by, "by", "day", "day, month or project")
	cmd.Flags().StringVar(&from, "from", "", "the first day, such as 2026-11-01 (default: 29 days before the last, or a year before it by month or project)")
	cmd.Flags().StringVar(&to, "to", "", "the last day (default today)")
	return cmd
}

const aboutInvoice = `Write what a month of UTC cost, transaction by transaction, as CSV: settlements of
questions, and bonuses. The last line is their sum.

The API key is read from TASKNET_KEY, the server's address from TASKNET_URL.`

func (p *program) invoice() *cobra.Command {
	var month, file string
	cmd := simply(&cobra.Command{
		Use: "invoice", Short: "Write what a month cost, as CSV", Long: aboutInvoice, Args: cobra.NoArgs,
		Example: "  tasknet invoice --month 2026-11 --out november.csv",
	}, func(ctx context.Context, requester *client.Requester, _ []string, asJSON bool) error {
		if month == "" {
			month = time.Now().UTC().Format("2006-01")
		}
		head, err := requester.Invoice(ctx, month)
		if err != nil {
			return err
		}
		if asJSON {
			if head.Lines, err = listed(requester.InvoiceLines(ctx, month)); err != nil {
				return err
			}
			return p.printJSON(head)
		}
		write := func(w io.Writer) error { return writeInvoice(ctx, w, requester, head) }
		if file == "" {
			return write(p.out)
		}
		return writeFile(file, write)
	})
	cmd.Flags().StringVar(&month, "month", "", "the month, such as 2026-11 (default: this one)")
	cmd.Flags().StringVar(&file, "out", "", "`file` to write to (default: standard output)")
	return cmd
}

// writeInvoice writes an invoice as the server does, from its lines: so it has all of them, or fails.
func writeInvoice(ctx context.Context, w io.Writer, requester *client.Requester, head wire.Invoice) error {
	out := csv.NewWriter(w)
	if err := out.Write(wire.InvoiceColumns()); err != nil {
		return err
	}
	var all wire.Costs
	for l, err := range requester.InvoiceLines(ctx, head.Month) {
		if err != nil {
			return err
		}
		all.Add(l)
		if err := out.Write(l.Cells(head.Symbol)); err != nil {
			return err
		}
	}
	if err := out.Write(all.Cells(head.Symbol)); err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// writeFile writes a file whole, or leaves what is there. Only its owner may read it: what is written are accounts.
func writeFile(name string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	err = write(f)
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

const aboutBonus = `Pay a bonus for an answer to a closed question of yours, on top of its price. It goes to
who gave the answer at once, without a fee, and they read the reason. The ids of answers
are in the question's public record.

The API key is read from TASKNET_KEY, the server's address from TASKNET_URL.`

func (p *program) bonus() *cobra.Command {
	var reason, key string
	cmd := simply(&cobra.Command{
		Use: "bonus QUESTION ANSWER AMOUNT", Short: "Pay a bonus for an answer", Long: aboutBonus, Args: cobra.ExactArgs(3),
		Example: `  tasknet bonus q_... ans_... 0.5 --reason "You found the rare one."`,
	}, func(ctx context.Context, requester *client.Requester, args []string, asJSON bool) error {
		sum, err := tasknet.ParseAmount(args[2])
		if err != nil {
			return err
		}
		b, err := requester.PayBonus(ctx, args[0], wire.NewBonus{Answer: args[1], Amount: sum, Reason: reason}, key)
		if err != nil {
			return err
		}
		if asJSON {
			return p.printJSON(b)
		}
		return p.printf("%s pays %s for %s.\n", b.ID, b.Amount, b.Answer)
	})
	cmd.Flags().StringVar(&reason, "reason", "", "what it is for: the respondent reads it")
	cmd.Flags().StringVar(&key, "idempotency-key", "", "a `name` for this: the same one again pays once")
	return cmd
}
