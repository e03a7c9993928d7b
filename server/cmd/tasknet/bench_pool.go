package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/tasknet/tasknet/server/bench"
)

const aboutBenchPool = `Simulate how soon a question has its answers, in pools of people of many sizes, with and
without waking people by pushes.

Time is virtual, people are made up, and whom to wake and when is decided by the server's
own code: its widening steps, quiet hours, leases and what it learns of each person. The
same --seed gives the same numbers.

People live in eleven time zones and open the app by themselves now and then, by the hours
of their day: half of them less than once in two and a half days, a few many times a day
(assumed), for 72 s on average (what is known of apps in general: Böhmer et al.,
MobileHCI 2011). They follow 20 of 100 pushes on average, each person with a share of
their own (apps that are no messengers: 15 to 25 of 100; Pielot, Vradi and Park, MobileHCI
2018); half of those who do within 40 s, five in six within five minutes (assumed).
An answer takes 9 s in the middle; one in twenty leaves without it, and the lease runs out
(assumed). Three in ten have left for good at the start and nobody knows it; others leave
after 50 days on average, and as many join (assumed). An open app asks each minute, or
hears at once where it has a stream (--streams).

Of small pools fewer questions are asked than --questions: eight answers of a person in a
day. A question needs --answers answers; its time is from asking to the last of them, or the
--deadline. woken is how many people are woken for each answer; came, which share of these
come; a day, how often somebody is woken in a day.`

// poolSizes are those that are simulated up to the largest.
var poolSizes = []int{10, 100, 1000, 10_000, 100_000, 1_000_000}

func (p *program) benchPool() *cobra.Command {
	c := bench.Crowds{Questions: 240, Days: 2, Answers: 5, Deadline: 72 * time.Hour, Seed: 1}
	most, plotFile, asJSON := 1_000_000, "", false
	cmd := &cobra.Command{
		Use: "pool", Short: "Simulate how soon pools of people answer", Long: aboutBenchPool, Args: cobra.NoArgs,
		Example: `  tasknet bench pool
  tasknet bench pool --people 10000 --streams 1 --json
  tasknet bench pool --plot pool.svg`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if most < 10 || most > 1<<22 || c.Questions < 1 || c.Questions > 100_000 || c.Days < 1 || c.Days > 365 || c.Answers < 1 || c.Answers > 1000 ||
				c.Deadline < time.Minute || c.Deadline > 30*24*time.Hour || !(c.Streams >= 0 && c.Streams <= 1) {
				return usagef("--people is 10 to %d, --questions 1 to 100000, --days 1 to 365, --answers 1 to 1000, --deadline 1m to 720h, and --streams 0 to 1", 1<<22)
			}
			bar := p.newBar(asJSON)
			rows, err := simulatePools(cmd.Context(), c, most, bar)
			bar.end()
			if err != nil {
				return err
			}
			if plotFile != "" {
				if err := os.WriteFile(plotFile, []byte(poolPlot(rows)), 0o644); err != nil {
					return err
				}
			}
			if asJSON {
				return p.printJSON(rows)
			}
			return p.printPools(rows)
		},
	}
	f := cmd.Flags()
	f.IntVar(&most, "people", most, "the largest pool")
	f.IntVar(&c.Questions, "questions", c.Questions, "questions to ask in each")
	f.IntVar(&c.Days, "days", c.Days, "days over which they are asked")
	f.IntVar(&c.Answers, "answers", c.Answers, "answers that a question needs")
	f.DurationVar(&c.Deadline, "deadline", c.Deadline, "of a question")
	f.Float64Var(&c.Streams, "streams", c.Streams, "share of open apps that have a stream")
	f.Uint64Var(&c.Seed, "seed", c.Seed, "of everything that is random")
	f.StringVar(&plotFile, "plot", "", "SVG file to draw the times into")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// simulatePools does each size of pool twice, the largest first, which take longest.
func simulatePools(ctx context.Context, c bench.Crowds, most int, bar *bar) ([]bench.Pool, error) {
	var sizes []int
	for _, n := range poolSizes {
		if n < most {
			sizes = append(sizes, n)
		}
	}
	sizes = append(sizes, most)
	rows := make([]bench.Pool, 2*len(sizes))
	var mu sync.Mutex                  // guards done
	done := make([]float64, len(rows)) // the share of each
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := len(rows) - 1; i >= 0; i-- {
		g.Go(func() (err error) {
			rows[i], err = c.Simulate(ctx, sizes[i/2], i%2 == 1, func(n, of int) {
				mu.Lock()
				defer mu.Unlock()
				done[i] = float64(n) / float64(of)
				sum := 0.0
				for _, d := range done {
					sum += d
				}
				bar.show("simulating", int(sum*100), 100*len(done))
			})
			return err
		})
	}
	return rows, g.Wait()
}

func (p *program) printPools(rows []bench.Pool) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%9s  %-5s %10s %10s %8s %8s %6s %6s %8s\n", "people", "woken", "p50", "p95", "in time", "woken", "came", "a day", "leases")
	for _, r := range rows {
		warm := "no"
		if r.Warm {
			warm = "yes"
		}
		fmt.Fprintf(&b, "%9d  %-5s %10s %10s %7.0f%% %8.2f %5.0f%% %6.2f %8.2f\n", r.People, warm, shortTime(r.P50), shortTime(r.P95), r.InTime*100, r.WokenPerAnswer, r.Came*100, r.WokenPerDay, r.Leases)
	}
	return p.printf("%s", b.String())
}

// shortTime writes seconds with the two units that fit them.
func shortTime(seconds float64) string {
	switch whole := int(seconds + 0.5); {
	case seconds < 60:
		return fmt.Sprintf("%.1fs", seconds)
	case whole < 3600:
		return fmt.Sprintf("%dm%02ds", whole/60, whole%60)
	default:
		return fmt.Sprintf("%dh%02dm", whole/3600, whole/60%60)
	}
}
