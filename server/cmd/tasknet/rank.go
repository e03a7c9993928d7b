package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

const aboutRank = `Have people compare items two by two until their ranking is settled, with the
confidence that is asked for. Each comparison is paid by itself; which pair is asked
next is chosen by what the answer is expected to tell, so that far fewer are needed
than to ask about all pairs.

The API key is read from TASKNET_KEY, the server's address from TASKNET_URL.

With --wait the ranking is printed when it is there. The exit status is 4 when it is
not settled: it had --max comparisons before, or the --timeout is over, after which
the contest goes on without being watched.`

func (p *program) rank() *cobra.Command {
	var r remote
	var pays price
	var in wire.NewContest
	var names []string
	var file, key string
	var timeout time.Duration
	var wait, asJSON bool
	cmd := &cobra.Command{
		Use: "rank TEXT", Short: "Have items compared until their ranking is settled", Long: aboutRank, Args: cobra.ExactArgs(1),
		Example: `  tasknet rank "Which headline would you rather read?" --item "Storm ahead" --item "A storm is coming" --item "Rain" --top 1 --max 100 --wait
  tasknet rank "Which text is easier to read?" --items texts.txt --max 2000 --confidence 0.9`,
		RunE: func(cmd *cobra.Command, args []string) error {
			in.Text, in.Price = args[0], pays.value
			if file != "" {
				raw, err := os.ReadFile(file)
				if err != nil {
					return usagef("--items: %v", err)
				}
				for line := range strings.Lines(string(raw)) {
					if line = strings.TrimSpace(line); line != "" {
						names = append(names, line)
					}
				}
			}
			if len(names) < 2 {
				return usagef("give at least two items by --item or --items")
			}
			if in.Max == 0 {
				return usagef("--max says how many comparisons you pay for at the most")
			}
			for _, n := range names {
				in.Items = append(in.Items, wire.ContestItem{Name: n})
			}
			requester, err := r.requester()
			if err != nil {
				return err
			}
			contest, err := requester.StartContest(cmd.Context(), in, key)
			if err != nil {
				return err
			}
			if !wait {
				if asJSON {
					return p.printJSON(contest)
				}
				return p.printf("%s has begun with %d items.\n", contest.ID, len(contest.Items))
			}
			return p.awaitRanking(cmd.Context(), requester, contest, timeout, asJSON)
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&names, "item", nil, "the name of an item; give it 2 to 1000 times")
	f.StringVar(&file, "items", "", "`file` with the name of an item in each line")
	f.IntVar(&in.Top, "top", 0, "how many best items are to be known (default: the order of all)")
	f.StringVar(&in.Confidence, "confidence", "0.95", "how probable it must be that the ranking is right")
	f.IntVar(&in.Max, "max", 0, "the most comparisons, of all pairs together")
	f.IntVar(&in.AtOnce, "at-once", 10, "how many comparisons are open at a time; fewer need fewer in all")
	f.Var(&pays, "price", "what a comparison pays (default: the server's)")
	f.BoolVar(&wait, "wait", false, "wait for the ranking")
	f.DurationVar(&timeout, "timeout", time.Hour, "with --wait: stop waiting after this long")
	f.StringVar(&key, "idempotency-key", "", "a `name` for this contest: the same one again gets the same contest, not a second")
	f.BoolVar(&asJSON, "json", false, "print the contest as JSON")
	r.flags(cmd, defaultServer)
	r.keyFlags(cmd)
	return cmd
}

// rankingLook is how often is looked how a contest stands.
const rankingLook = 2 * time.Second

// awaitRanking watches a contest until it is over, and prints what came of it.
func (p *program) awaitRanking(ctx context.Context, requester *client.Requester, c wire.Contest, timeout time.Duration, asJSON bool) error {
	waiting, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	bar := p.newBar(asJSON)
	defer bar.end()
	tick := time.NewTicker(rankingLook)
	defer tick.Stop()
	for problem := ""; c.Status == "running"; {
		if c.Ranking != nil {
			bar.show("comparisons", c.Ranking.Comparisons, c.Max)
		}
		if c.Problem != problem && !asJSON {
			if problem = c.Problem; problem != "" {
				fmt.Fprintf(p.err, "%s waits: %s\n", c.ID, problem)
			}
		}
		select {
		case <-waiting.Done():
			return errors.Join(ctx.Err(), fmt.Errorf("%w The contest %s goes on.", errNoVerdict, c.ID))
		case <-tick.C:
		}
		now, err := requester.Contest(waiting, c.ID)
		if err != nil && waiting.Err() == nil {
			return err
		}
		if err == nil {
			c = now
		}
	}
	bar.end()
	if err := p.printRanking(c, asJSON); err != nil {
		return err
	}
	if c.Status != "settled" {
		return fmt.Errorf("%w The contest %s is %s before its ranking was settled.", errNoVerdict, c.ID, c.Status)
	}
	return nil
}

func (p *program) printRanking(c wire.Contest, asJSON bool) error {
	if asJSON || c.Ranking == nil {
		return p.printJSON(c)
	}
	var printed error
	for i, place := range c.Ranking.Places {
		printed = errors.Join(printed, p.printf("%4d  %-40s %8s  (%s to %s)\n", i+1, place.Name, place.Score, place.Low, place.High))
	}
	return errors.Join(printed, p.printf("\n%s, confidence %s, from %d comparisons; people are reliable to %s\n", c.Status, c.Ranking.Confidence, c.Ranking.Comparisons, c.Ranking.Reliability))
}
