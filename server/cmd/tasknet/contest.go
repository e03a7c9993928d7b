package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

const aboutContest = `Look after rankings that were begun by tasknet rank.

The API key is read from TASKNET_KEY, the server's address from TASKNET_URL.`

func (p *program) contest() *cobra.Command {
	cmd := &cobra.Command{
		Use: "contest", Short: "Show, list and end rankings", Long: aboutContest, Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.contestShow(), p.contestList(), p.contestCancel())
	return cmd
}

func (p *program) contestShow() *cobra.Command {
	return simply(&cobra.Command{
		Use: "show CONTEST", Short: "Tell how a ranking stands", Args: cobra.ExactArgs(1),
	}, func(ctx context.Context, requester *client.Requester, args []string, asJSON bool) error {
		c, err := requester.Contest(ctx, args[0])
		if err != nil {
			return err
		}
		return p.printContest(c, asJSON)
	})
}

func (p *program) contestList() *cobra.Command {
	return simply(&cobra.Command{
		Use: "list", Short: "List rankings, newest first", Args: cobra.NoArgs,
	}, func(ctx context.Context, requester *client.Requester, _ []string, asJSON bool) error {
		all, err := listed(requester.Contests(ctx))
		if err != nil {
			return err
		}
		if asJSON {
			return p.printJSON(all)
		}
		for _, c := range all {
			if err := p.printf("%s  %-9s  %4d items, %d of %d comparisons asked  %s\n", c.ID, c.Status, len(c.Items), c.Asked, c.Max, cut(spaced(c.Text), listMost)); err != nil {
				return err
			}
		}
		return nil
	})
}

const aboutContestCancel = `End a ranking with what is known. Comparisons that are open are closed, and what was set
aside for them comes back. A ranking that is over stays as it is.`

func (p *program) contestCancel() *cobra.Command {
	return simply(&cobra.Command{
		Use: "cancel CONTEST", Short: "End a ranking with what is known", Long: aboutContestCancel, Args: cobra.ExactArgs(1),
	}, func(ctx context.Context, requester *client.Requester, args []string, asJSON bool) error {
		c, err := requester.CancelContest(ctx, args[0])
		if err != nil {
			return err
		}
		return p.printContest(c, asJSON)
	})
}

func (p *program) printContest(c wire.Contest, asJSON bool) error {
	if asJSON {
		return p.printJSON(c)
	}
	wanted := "the order of all"
	if c.Top > 0 {
		wanted = fmt.Sprintf("the best %d", c.Top)
	}
	err := p.printf("%s\n%s, %s\n\n%d items, of which %s are to be known with confidence %s\n%d of at most %d comparisons asked, each for %s and a fee of %s\n",
		c.Text, c.ID, c.Status, len(c.Items), wanted, c.Confidence, c.Asked, c.Max, c.Price, c.Fee)
	switch c.Problem {
	case "":
	case "cancelled":
		err = errors.Join(err, p.printf("Its open comparisons are being closed.\n"))
	default:
		err = errors.Join(err, p.printf("It waits: %s. It goes on by itself when that is mended.\n", c.Problem))
	}
	if c.Ranking == nil {
		return err
	}
	return errors.Join(err, p.printf("\n"), p.printRanking(c, false))
}
