package main

import (
	"errors"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/server/pipeline"
)

const aboutPushes = `Say what became of the pushes that woke people, by day of UTC and channel: how many were
sent, with those that were tried again; taken by a push service; sent to devices that
were no more; given up; and tapped by a person.

It reads the database, not a server, and may run beside one: give the same --data, or
DATABASE_URL. The cost of waking people is what was sent: push services charge nothing for
it, but bound how much they take.`

func (p *program) pushes() *cobra.Command {
	var s server
	asJSON := false
	cmd := &cobra.Command{
		Use: "pushes", Short: "Say what became of the pushes that woke people", Long: aboutPushes, Args: cobra.NoArgs,
		Example: "  tasknet pushes --data ~/tasknet --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			db, err := p.openDatabase(cmd.Context(), &s)
			if err != nil {
				return err
			}
			days, err := db.Pushes().PushDays(cmd.Context())
			if err == nil {
				err = p.tellPushes(days, asJSON)
			}
			return errors.Join(err, db.Close())
		},
	}
	s.dataFlags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// pushDay is a line of the output, for programs.
type pushDay struct {
	Date    string `json:"date"`
	Channel string `json:"channel"`
	Sent    int    `json:"sent"`
	Taken   int    `json:"taken"`
	Gone    int    `json:"gone"`
	Failed  int    `json:"given_up"`
	Opened  int    `json:"opened"`
}

func (p *program) tellPushes(days []pipeline.PushDay, asJSON bool) error {
	if asJSON {
		list := make([]pushDay, len(days)) // never null
		for i, d := range days {
			list[i] = pushDay{d.Date, string(d.Channel), d.Sent, d.Taken, d.Gone, d.Failed, d.Opened}
		}
		return p.printJSON(list)
	}
	if len(days) == 0 {
		_, err := fmt.Fprintln(p.out, "Nobody was woken yet.")
		return err
	}
	w := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "day\tchannel\tsent\ttaken\tgone\tgiven up\topened\t")
	for _, d := range days {
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%d\t%d\t\n", d.Date, d.Channel, d.Sent, d.Taken, d.Gone, d.Failed, d.Opened)
	}
	return w.Flush()
}
