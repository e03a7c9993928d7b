package main

import (
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/wire"
)

const aboutLedger = `Write the ledger of a month of UTC as CSV, for the operator's accounts: one line for each
entry, with its transaction, in the order in which they were posted. A negative amount
leaves the account; the entries of a transaction sum to zero. The last line has the
number of entries and, for a check, their sum, which is 0.

It reads the database, not a server, and may run beside one: give the same --data, or
DATABASE_URL.`

func (p *program) ledger() *cobra.Command {
	var s server
	var month, file string
	cmd := &cobra.Command{
		Use: "ledger", Short: "Write the ledger of a month, as CSV", Long: aboutLedger, Args: cobra.NoArgs,
		Example: "  tasknet ledger --month 2026-11 --data ~/tasknet --out november.csv",
		RunE: func(cmd *cobra.Command, _ []string) error {
			at := time.Now()
			if month != "" {
				var err error
				if at, err = time.Parse("2006-01", month); err != nil {
					return usagef("--month is a month such as 2026-11")
				}
			}
			db, err := p.openDatabase(cmd.Context(), &s)
			if err != nil {
				return err
			}
			write := func(w io.Writer) error {
				return writeLedger(w, func(each func(pipeline.LedgerEntry) error) error {
					return db.Spending().Ledger(cmd.Context(), pipeline.Month(at), each)
				})
			}
			if file == "" {
				err = write(p.out)
			} else {
				err = writeFile(file, write)
			}
			return errors.Join(err, db.Close())
		},
	}
	s.dataFlags(cmd)
	cmd.Flags().StringVar(&month, "month", "", "the month, such as 2026-11 (default: this one)")
	cmd.Flags().StringVar(&file, "out", "", "`file` to write to (default: standard output)")
	return cmd
}

// writeLedger writes entries as CSV.
func writeLedger(w io.Writer, entries func(each func(pipeline.LedgerEntry) error) error) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"date", "number", "transaction", "kind", "cause", "account", "amount"}); err != nil {
		return err
	}
	count, sum := 0, tasknet.Amount{}
	if err := entries(func(e pipeline.LedgerEntry) error {
		count++
		sum = sum.Add(e.Amount)
		return out.Write([]string{e.At.UTC().Format(wire.TimeLayout), strconv.FormatInt(e.Number, 10), string(e.Tx), string(e.Kind), e.Cause, string(e.Account), e.Amount.String()})
	}); err != nil {
		return err
	}
	if err := out.Write([]string{"total", strconv.Itoa(count), "", "", "", "", sum.String()}); err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}
