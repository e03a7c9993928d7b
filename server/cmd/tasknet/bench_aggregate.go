package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/labeling/aggregate"
)

const aboutBenchAggregate = `Measure tasknet aggregate: how fast it is, how much memory it takes, how right it is.

Speed is that of made-up answers: 3 classes, 2,413 workers of whom each has a confusion
matrix of their own, and 6 answers to a task. Each line is tasknet aggregate in a process
of its own on a CSV file, with --method and, but for majority and wawa, --iterations, all
of which it has to take. Reading is reported apart from computing; memory is the most
that the process ever had, reading and all.

Accuracy is that of every method on folders that hold answers.csv and truth.csv, until
nothing changes. The last line is of the method that auto chose without any truth.`

// aggregateBench is what bench aggregate reports.
type aggregateBench struct {
	Speed    []speed    `json:"speed"`
	Accuracy []accuracy `json:"accuracy"`
}

// speed is how a method did on made-up answers.
type speed struct {
	Method      string  `json:"method"`
	Answers     int     `json:"answers"`
	Tasks       int     `json:"tasks"`
	Workers     int     `json:"workers"`
	Classes     int     `json:"classes"`
	Iterations  int     `json:"iterations"`
	ReadSeconds float64 `json:"read_seconds"`
	Seconds     float64 `json:"seconds"`
	PeakRSS     int64   `json:"peak_rss_bytes"`
}

// accuracy is how right each method is on recorded answers.
type accuracy struct {
	Set     string             `json:"set"`
	Tasks   int                `json:"tasks"` // with truth
	Answers int                `json:"answers"`
	Methods map[string]float64 `json:"methods"` // without those that do not fit the answers
	Chosen  string             `json:"chosen"`  // by auto
}

func (p *program) benchAggregate() *cobra.Command {
	var folders []string
	var sizes []int
	methods := []string{"majority", "wawa", "zbs", "onecoin", "ds", "glad", "mace"}
	iterations, asJSON := 50, false
	cmd := &cobra.Command{
		Use: "aggregate", Short: "Measure the making of one label of several answers", Long: aboutBenchAggregate, Args: cobra.NoArgs,
		Example: `  tasknet bench aggregate --answers-folder crowd/dogs --answers-folder crowd/product
  tasknet bench aggregate --sizes 6000000 --methods ds --json`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if iterations < 1 {
				return usagef("--iterations is at least 1")
			}
			for _, m := range methods {
				if _, err := aggregate.ParseMethod(m); err != nil {
					return usagef("--methods: %v", err)
				}
			}
			for _, n := range sizes {
				if n < 1000 && n != 0 {
					return usagef("--sizes are at least 1000, or 0")
				}
			}
			bar := p.newBar(asJSON)
			report, err := p.runBenchAggregate(cmd.Context(), folders, sizes, methods, iterations, bar)
			bar.end()
			if err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(report)
			}
			return p.printBenchAggregate(report)
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&folders, "answers-folder", nil, "`folder` with answers.csv and truth.csv; may be given more than once")
	f.IntSliceVar(&sizes, "sizes", []int{10_000, 100_000, 1_000_000, 6_000_000}, "how many made-up answers; 0 for none")
	f.StringSliceVar(&methods, "methods", methods, "to measure the speed of")
	f.IntVar(&iterations, "iterations", iterations, "that each method has to take")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (p *program) runBenchAggregate(ctx context.Context, folders []string, sizes []int, methods []string, iterations int, bar *bar) (aggregateBench, error) {
	report := aggregateBench{Speed: []speed{}, Accuracy: []accuracy{}}
	for _, folder := range folders {
		a, err := p.measureAccuracy(ctx, folder, bar)
		if err != nil {
			return report, err
		}
		report.Accuracy = append(report.Accuracy, a)
	}
	for _, n := range slices.DeleteFunc(sizes, func(n int) bool { return n == 0 }) {
		speeds, err := measureSpeed(ctx, n, methods, iterations, bar)
		if err != nil {
			return report, err
		}
		report.Speed = append(report.Speed, speeds...)
	}
	return report, nil
}

func (p *program) measureAccuracy(ctx context.Context, folder string, shown *bar) (accuracy, error) {
	out := accuracy{Set: filepath.Base(folder), Methods: make(map[string]float64)}
	a := aggregation{answers: filepath.Join(folder, "answers.csv"), truth: filepath.Join(folder, "truth.csv"), seed: 1}
	for _, method := range append(aggregate.Methods(), "auto") {
		a.method = string(method)
		if err := a.resolve(); err != nil {
			return out, err
		}
		shown.show(out.Set+" "+a.method, 0, 1)
		r, err := p.runAggregate(ctx, a, &bar{})
		if errors.Is(err, aggregate.ErrNotBinary) || errors.Is(err, aggregate.ErrTooManyClasses) {
			continue
		}
		if err != nil {
			return out, err
		}
		if r.Accuracy == nil {
			return out, usagef("%s: no task has both an answer and a truth", folder)
		}
		out.Tasks, out.Answers, out.Methods[a.method], out.Chosen = r.Judged, r.Answers, *r.Accuracy, r.Method
	}
	return out, nil
}

// measureSpeed runs this program once for each method, so that each has its own memory.
func measureSpeed(ctx context.Context, n int, methods []string, iterations int, bar *bar) (out []speed, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "tasknet-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	file := filepath.Join(folder, "answers.csv")
	bar.show("making up answers", 0, 1)
	if err := makeUpAnswers(file, n); err != nil {
		return nil, err
	}
	for i, method := range methods {
		bar.show(fmt.Sprintf("%d answers, %s", n, method), i, len(methods))
		args := []string{"aggregate", "--answers", file, "--method", method, "--json"}
		if m := aggregate.Method(method); m != aggregate.Majority && m != aggregate.Wawa {
			args = append(args, "--iterations", strconv.Itoa(iterations))
		}
		cmd := exec.CommandContext(ctx, self, args...)
		var said bytes.Buffer
		cmd.Stderr = &said
		printed, err := cmd.Output()
		if err != nil {
			return nil, errors.Join(ctx.Err(), fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, said.String()))
		}
		var s speed
		if err := json.Unmarshal(printed, &s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

const (
	madeUpWorkers = 2413
	madeUpPerTask = 6
)

// makeUpAnswers writes a file of answers, always the same for a number of them.
func makeUpAnswers(name string, n int) (err error) {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	rng := rand.New(rand.NewPCG(1, 2))
	var knows [madeUpWorkers][3]float64 // of each worker, how often they recognise each class
	for w := range knows {
		for k := range knows[w] {
			knows[w][k] = 0.4 + 0.6*rng.Float64()
		}
	}
	out := bufio.NewWriter(f)
	if _, err := out.WriteString("task,worker,label\n"); err != nil {
		return err
	}
	first, step := 0, 0 // of the workers of a task, of whom no two are the same
	for i := range n {
		if i%madeUpPerTask == 0 {
			first, step = rng.IntN(madeUpWorkers), 1+rng.IntN(madeUpWorkers/madeUpPerTask)
		}
		task := i / madeUpPerTask
		truth, worker := task%3, (first+i%madeUpPerTask*step)%madeUpWorkers
		label := truth
		if rng.Float64() > knows[worker][truth] {
			label = (truth + 1 + rng.IntN(2)) % 3
		}
		if _, err := fmt.Fprintf(out, "t%07d,w%04d,%c\n", task, worker, 'a'+label); err != nil {
			return err
		}
	}
	return out.Flush()
}

func (p *program) printBenchAggregate(r aggregateBench) error {
	var b strings.Builder
	if len(r.Speed) > 0 {
		fmt.Fprintf(&b, "%-10s %10s %10s %10s %12s %12s %12s\n", "method", "answers", "tasks", "iterations", "reading (s)", "compute (s)", "memory (MiB)")
		for _, s := range r.Speed {
			fmt.Fprintf(&b, "%-10s %10d %10d %10d %12.2f %12.3f %12.0f\n", s.Method, s.Answers, s.Tasks, s.Iterations, s.ReadSeconds, s.Seconds, float64(s.PeakRSS)/(1<<20))
		}
	}
	if len(r.Speed) > 0 && len(r.Accuracy) > 0 {
		b.WriteByte('\n')
	}
	if len(r.Accuracy) > 0 {
		fmt.Fprintf(&b, "%-10s", "accuracy")
		for _, a := range r.Accuracy {
			fmt.Fprintf(&b, " %14s", a.Set)
		}
		b.WriteByte('\n')
		for _, m := range append(aggregate.Methods(), "auto") {
			fmt.Fprintf(&b, "%-10s", m)
			for _, a := range r.Accuracy {
				cell := "-"
				if share, ok := a.Methods[string(m)]; ok {
					cell = fmt.Sprintf("%.4f", share)
				}
				if m == "auto" {
					cell = a.Chosen + " " + cell
				}
				fmt.Fprintf(&b, " %14s", cell)
			}
			b.WriteByte('\n')
		}
	}
	return p.printf("%s", b.String())
}
