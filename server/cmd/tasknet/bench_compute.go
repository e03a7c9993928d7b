package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/server/bench"
)

const aboutBenchCompute = `Measure jobs, nodes, artefacts, and models that are made of labels, all in one table.

leases     64 nodes ask the store for work at the same time and hand it in with a signed
           receipt; each lease is two transactions that wait for the disk. No HTTP is in it.
           On SQLite, and with --db on an empty PostgreSQL database as well.
nodes      Nodes wait for work, each by a request of its own, at a server in another
           process, whose resident memory is read. Then a job of one part comes, and who
           gets a reply is counted. The limit on open files must be above their number.
artefacts  A file is uploaded and downloaded, against a plain copy in the same run.
checks     Nodes that cheat are simulated; see tasknet bench checks.
digits     A model learns from 8,000 digits, with true labels and with those of made-up
           crowds, and is asked about 2,000 others.
loop       A model helps these crowds; see tasknet bench loop.
trainers   What --trainers says, which is run: .ci/torch-bench of a clone times steps of
           the trainers on libtorch and in Go, and of PyTorch where PYTHON has it.

Digits and loop need --data, a folder with t10k-images-idx3-ubyte.gz and
t10k-labels-idx1-ubyte.gz, and take minutes. What a part needs and is not there is said, and
the others are measured; so they are when one fails, which is an error in the end.`

// computeBench is what is to be measured.
type computeBench struct {
	cfg      bench.Config
	only     []string
	leases   int
	nodes    int
	stay     time.Duration
	bytes    size
	digits   string    // folder
	trainers string    // program
	told     io.Writer // what the program tells while it runs

	loop []bench.Looped // for a plot of its own
}

// measuredPart is a part of the measurement.
type measuredPart struct {
	name  string
	lacks func(*computeBench) string // what it needs and has not; empty: nothing
	run   func(context.Context, *computeBench) ([]bench.Row, error)
}

// measured are the parts of the measurement, in their order.
var measured = []measuredPart{
	{"leases", nothing, func(ctx context.Context, b *computeBench) ([]bench.Row, error) {
		cfg := b.onSQLite()
		row, err := bench.Leases(ctx, cfg, "leases through SQLite", b.leases)
		if err != nil || b.cfg.DatabaseURL == "" {
			return []bench.Row{row}, err
		}
		cfg.DatabaseURL = b.cfg.DatabaseURL
		other, err := bench.Leases(ctx, cfg, "leases through PostgreSQL", b.leases)
		return []bench.Row{row, other}, err
	}},
	{"nodes", nothing, func(ctx context.Context, b *computeBench) ([]bench.Row, error) {
		return bench.Nodes(ctx, b.onSQLite(), b.nodes, b.stay)
	}},
	{"artefacts", nothing, func(ctx context.Context, b *computeBench) ([]bench.Row, error) {
		return bench.Artefacts(ctx, b.onSQLite(), int64(b.bytes), 4)
	}},
	{"checks", nothing, func(context.Context, *computeBench) ([]bench.Row, error) {
		out, err := bench.DefaultChecks().Run()
		if err != nil {
			return nil, err
		}
		return out.Rows(), nil
	}},
	{"digits", digitsFolder, func(ctx context.Context, b *computeBench) ([]bench.Row, error) {
		return b.loops().Digits(ctx)
	}},
	{"loop", digitsFolder, func(ctx context.Context, b *computeBench) (rows []bench.Row, err error) {
		b.loop, err = b.loops().Run(ctx)
		return loopFigures(b.loop), err
	}},
	{"trainers", trainersProgram, func(ctx context.Context, b *computeBench) (rows []bench.Row, err error) {
		cmd := exec.CommandContext(ctx, b.trainers, "--json")
		cmd.Stderr = b.told
		out, err := cmd.Output()
		if err == nil {
			err = json.Unmarshal(out, &rows)
		}
		if err != nil {
			return nil, fmt.Errorf("%s --json: %w", b.trainers, err)
		}
		return rows, nil
	}},
}

func nothing(*computeBench) string { return "" }

func digitsFolder(b *computeBench) string {
	if b.digits == "" {
		return "--data"
	}
	return b.loops().Lacks()
}

func trainersProgram(b *computeBench) string {
	if b.trainers == "" {
		return "--trainers"
	}
	if _, err := exec.LookPath(b.trainers); err != nil {
		return b.trainers + " as a program"
	}
	return ""
}

func (b *computeBench) onSQLite() bench.Config {
	cfg := b.cfg
	cfg.DatabaseURL = ""
	return cfg
}

func (b *computeBench) loops() bench.Loops {
	l := bench.DefaultLoops()
	l.Folder, l.Targets, l.Told = b.digits, []int{950_000}, b.cfg.Progress
	return l
}

func (p *program) benchCompute() *cobra.Command {
	b := computeBench{bytes: 256 << 20}
	plots, asJSON := "", false
	cmd := &cobra.Command{
		Use: "compute", Short: "Measure jobs, nodes, artefacts and models", Long: aboutBenchCompute, Args: cobra.NoArgs,
		Example: `  tasknet bench compute --data ~/mnist --trainers .ci/torch-bench --plots figures
  tasknet bench compute --only leases --db postgres://me@127.0.0.1/scratch --json`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if b.leases < 64 || b.nodes < 1 || b.nodes > bench.StreamsMost || b.bytes > compute.ArtefactBytesMax {
				return usagef("--leases is at least 64, --nodes 1 to %d, and --size at most 256GiB", bench.StreamsMost)
			}
			for _, name := range b.only {
				if !slices.ContainsFunc(measured, func(m measuredPart) bool { return m.name == name }) {
					return usagef("--only: there is no %q", name)
				}
			}
			bar := p.newBar(asJSON)
			b.cfg.Start, b.cfg.Progress, b.told = p.startBenchServer, bar.show, p.err
			rows, left, failed := b.measure(cmd.Context())
			bar.end()
			for _, l := range left {
				fmt.Fprintln(p.err, l)
			}
			if len(rows) == 0 {
				return cmp.Or(failed, errors.New("nothing was measured"))
			}
			if plots != "" {
				failed = errors.Join(failed, b.plot(plots, rows))
			}
			if asJSON {
				return errors.Join(p.printJSON(rows), failed)
			}
			return errors.Join(p.printRows(rows), failed)
		},
	}
	f := cmd.Flags()
	f.StringSliceVar(&b.only, "only", nil, "measure only these: leases, nodes, artefacts, checks, ... (default: all)")
	f.IntVar(&b.leases, "leases", 5000, "leases to give")
	f.IntVar(&b.nodes, "nodes", 10_000, "nodes that wait")
	f.DurationVar(&b.stay, "stay", 75*time.Second, "time for which they have waited at least")
	f.Var(&b.bytes, "size", "of the file; four times as much must fit on the disk")
	f.StringVar(&b.cfg.DatabaseURL, "db", "", "an empty PostgreSQL database, postgres://..., for leases; it is left full")
	f.StringVar(&b.digits, "data", "", "the `folder` of the digits")
	f.StringVar(&b.trainers, "trainers", "", "a `program` that with --json writes rows of the trainers: .ci/torch-bench")
	f.StringVar(&plots, "plots", "", "draw the figures into files in this `folder`")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// measure measures each part in a folder of its own. left says what is left out, and why; the error, which parts failed.
func (b *computeBench) measure(ctx context.Context) (rows []bench.Row, left []string, failed error) {
	for _, m := range measured {
		if len(b.only) > 0 && !slices.Contains(b.only, m.name) {
			continue
		}
		if lacks := m.lacks(b); lacks != "" {
			left = append(left, fmt.Sprintf("Left out: %s, which needs %s.", m.name, lacks))
			continue
		}
		if ctx.Err() != nil {
			break
		}
		var err error
		if b.cfg.Data, err = os.MkdirTemp("", "tasknet-bench-"); err != nil {
			return rows, left, errors.Join(failed, err)
		}
		got, err := m.run(ctx, b)
		if err = errors.Join(err, os.RemoveAll(b.cfg.Data)); err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", m.name, err))
			continue
		}
		rows = append(rows, got...)
	}
	return rows, left, failed
}

// plot draws the figures into files.
func (b *computeBench) plot(folder string, rows []bench.Row) error {
	if err := errors.Join(os.MkdirAll(folder, 0o755), os.WriteFile(filepath.Join(folder, "compute.svg"), []byte(rowsPlot(rows)), 0o644)); err != nil || b.loop == nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "loop.svg"), []byte(loopPlot(b.loop)), 0o644)
}

// rowsPlot draws figures as bars, each against its goal, which is the line. One without a goal is written only.
func rowsPlot(rows []bench.Row) string {
	const wide, high, goal = 720, 26, 200
	left := 200
	for _, r := range rows {
		left = max(left, 7*len(r.What)) // a letter is less than 7 wide
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12"><rect width="100%%" height="100%%" fill="#fff"/>`, wide+left, high*len(rows)+20)
	for i, r := range rows {
		y := 10 + i*high
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="end">%s</text>`, left-8, y+15, html.EscapeString(r.What))
		said := fmt.Sprintf("%.4g %s", r.Value, r.Unit)
		if r.Goal.Is() {
			colour, share := "#2a9d64", r.Value/float64(r.Goal)
			if r.Misses() {
				colour = "#c8553d"
			}
			if r.Goal == 0 {
				share = r.Value
			}
			said += fmt.Sprintf(", goal %s %.4g", map[string]string{bench.Higher: "at least", bench.Lower: "at most"}[r.Better], r.Goal)
			fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%.1f" height="%d" fill="%s"/>`, left, y+4, min(max(share*goal, 1), 2*goal), high-10, colour)
		}
		fmt.Fprintf(&b, `<text x="%d" y="%d">%s</text>`, left+2*goal+10, y+15, html.EscapeString(said))
	}
	fmt.Fprintf(&b, `<line x1="%d" y1="6" x2="%d" y2="%d" stroke="#444" stroke-dasharray="3 3"/></svg>`, left+goal, left+goal, high*len(rows)+12)
	return b.String()
}
