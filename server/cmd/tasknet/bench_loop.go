package main

import (
	"fmt"
	"math"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/server/bench"
)

const aboutBenchLoop = `Measure how many answers of people a model saves that learns from them and helps them.

FOLDER holds pictures of digits and their labels, in the IDX format and by the names that
they are published with: t10k-images-idx3-ubyte.gz and t10k-labels-idx1-ubyte.gz. The first
of them are labeled by made-up people, each of whom is right in 70 to 90 of 100 answers,
drawn for each of them and each digit, and otherwise says some other digit, one more often
than another. In a second crowd every other person answers at random. Time stands still,
and the network, pay and phones are left out; who is asked, when a question stops and what
it may claim is decided by the server's own code. One task in twenty is a gold.

The people are asked alone under policies from 0.7 to 0.995, and then with a model, under
--targets. It is trained by the trainer in Go when people have labeled 200 tasks, and again
when there are half as many labels more. What it says of a task counts as one respondent,
by what its word was worth on golds and audits, of which it never learns; a task closes
when its posterior may claim the target, after at least --least people's answers, and of
the others the most open one is asked first. One task in twenty is an audit, which people
answer all the same; no more closes early than 20 tasks for each audit that is over.

All answers count, to golds and audits as well. The last column is the share of answers
that is needed with the model, of those that people alone need for the same accuracy,
between their policies on either side. The same --seed gives the same numbers on one kind
of machine.`

func (p *program) benchLoop() *cobra.Command {
	l := bench.DefaultLoops()
	targets, plotFile, asJSON := []float64{0.95}, "", false
	cmd := &cobra.Command{
		Use: "loop FOLDER", Short: "Measure how many answers a model saves that helps people", Long: aboutBenchLoop, Args: cobra.ExactArgs(1),
		Example: `  tasknet bench loop ~/mnist
  tasknet bench loop ~/mnist --least 1 --targets 0.9,0.95,0.98 --plot loop.svg
  tasknet bench loop ~/mnist --json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if l.Tasks < 1500 || l.Tasks > 10_000 || l.People < 10 || l.People > 10_000 || l.Least < 0 || l.Least > 2 || len(targets) == 0 {
				return usagef("--tasks is 1500 to 10000, --people 10 to 10000, --least 0 to 2, and --targets one number at least")
			}
			for _, target := range targets {
				if !(target >= 0.7 && target <= 0.98) {
					return usagef("--targets are from 0.7 to 0.98: there is too little gold to claim more")
				}
				l.Targets = append(l.Targets, int(target*1e6+0.5))
			}
			l.Folder = args[0]
			bar := p.newBar(asJSON)
			l.Told = bar.show
			rows, err := l.Run(cmd.Context())
			bar.end()
			if err != nil {
				return err
			}
			if plotFile != "" {
				if err := os.WriteFile(plotFile, []byte(loopPlot(rows)), 0o644); err != nil {
					return err
				}
			}
			if asJSON {
				return p.printJSON(loopFigures(rows))
			}
			return p.printLoops(rows)
		},
	}
	f := cmd.Flags()
	f.IntVar(&l.Tasks, "tasks", l.Tasks, "digits to label")
	f.IntVar(&l.People, "people", l.People, "people in each crowd")
	f.IntVar(&l.Least, "least", l.Least, "answers of people that a task needs at least when the model helps")
	f.Float64SliceVar(&targets, "targets", targets, "confidence that the policies ask for with the model")
	f.Uint64Var(&l.Seed, "seed", l.Seed, "of everything that is random")
	f.StringVar(&plotFile, "plot", "", "SVG file to draw answers and accuracy into")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// loopShare is the share of people's answers that a model is to leave at most.
const loopShare = 0.5

// loopFigures are the numbers of each crowd that a model helps.
func loopFigures(rows []bench.Looped) []bench.Row {
	var out []bench.Row
	for _, r := range rows {
		if !r.Model {
			continue
		}
		of := fmt.Sprintf("digits, crowd %s, target %g: ", r.Crowd, r.Target)
		out = append(out,
			bench.Row{What: of + "people's answers with the model, of those without for equal accuracy", Value: r.Ratio, Goal: loopShare, Unit: "share", Better: bench.Lower},
			bench.Row{What: of + "people's answers with the model", Value: r.PerTask, Goal: bench.NoGoal, Unit: "answers per task", Better: bench.Lower},
			bench.Row{What: of + "people's answers without it for equal accuracy", Value: r.Equal, Goal: bench.NoGoal, Unit: "answers per task", Better: bench.Lower},
			bench.Row{What: of + "accuracy with the model", Value: r.Accuracy, Goal: bench.NoGoal, Unit: "share", Better: bench.Higher},
			bench.Row{What: of + "wrong verdicts of those that claim the target", Value: r.Wrong, Goal: bench.Goal(math.Round((1-r.Target)*1e6) / 1e6), Unit: "share", Better: bench.Lower},
		)
	}
	return out
}

func (p *program) printLoops(rows []bench.Looped) error {
	var b strings.Builder
	for i, r := range rows {
		if i == 0 || r.Crowd != rows[i-1].Crowd {
			if i > 0 {
				b.WriteByte('\n')
			}
			fmt.Fprintf(&b, "%d digits, crowd %s\n%-7s %6s %9s %9s %8s %6s | %6s %6s %6s  %-22s | %9s %6s\n", r.Tasks, r.Crowd,
				"asked", "target", "answers", "accuracy", "claimed", "wrong", "audits", "model", "alone", "trained with", "equal", "ratio")
		}
		who := "people"
		if r.Model {
			who = "model"
		}
		fmt.Fprintf(&b, "%-7s %6g %9.2f %8.2f%% %7.1f%% %5.1f%%", who, r.Target, r.PerTask, r.Accuracy*100, r.Claimed*100, r.Wrong*100)
		if r.Model {
			trained := strings.Trim(fmt.Sprint(r.Trainings), "[]")
			if r.Off {
				trained += " off"
			}
			fmt.Fprintf(&b, " | %6d %6d %6d  %-22s | %9.2f %6.2f", r.Audits, r.Assisted, r.Alone, trained, r.Equal, r.Ratio)
		}
		b.WriteByte('\n')
	}
	return p.printf("%s", b.String())
}
