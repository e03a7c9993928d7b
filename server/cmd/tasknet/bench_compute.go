package main

import (
	"context"
	"errors"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/server/bench"
)

const aboutBenchCompute = `Measure what jobs, nodes and artefacts cost a server.

leases     64 nodes ask the store for work at the same time and hand it in with a signed
           receipt; each lease is two transactions that wait for the disk. No HTTP is in it.
           On SQLite, and with --db on an empty PostgreSQL database as well.
nodes      Nodes wait for work, each by a request of its own, at a server in another
           process, whose resident memory is read. Then a job of one part comes, and who
           gets a reply is counted. The limit on open files must be above their number.
artefacts  A file is uploaded and downloaded, against a plain copy in the same run.`

// computeBench is what is to be measured.
type computeBench struct {
	cfg    bench.Config
	only   []string
	leases int
	nodes  int
	stay   time.Duration
	bytes  size
}

// measuredPart is a part of the measurement.
type measuredPart struct {
	name string
	run  func(context.Context, computeBench) ([]bench.Row, error)
}

// measured are the parts of the measurement, in their order.
var measured = []measuredPart{
	{"leases", func(ctx context.Context, b computeBench) ([]bench.Row, error) {
		url := b.cfg.DatabaseURL
		b.cfg.DatabaseURL = ""
		row, err := bench.Leases(ctx, b.cfg, "leases through SQLite", b.leases)
		if err != nil || url == "" {
			return []bench.Row{row}, err
		}
		b.cfg.DatabaseURL = url
		other, err := bench.Leases(ctx, b.cfg, "leases through PostgreSQL", b.leases)
		return []bench.Row{row, other}, err
	}},
	{"nodes", func(ctx context.Context, b computeBench) ([]bench.Row, error) {
		b.cfg.DatabaseURL = ""
		return bench.Nodes(ctx, b.cfg, b.nodes, b.stay)
	}},
	{"artefacts", func(ctx context.Context, b computeBench) ([]bench.Row, error) {
		b.cfg.DatabaseURL = ""
		return bench.Artefacts(ctx, b.cfg, int64(b.bytes), 4)
	}},
}

func (p *program) benchCompute() *cobra.Command {
	var b computeBench
	b.bytes = 256 << 20
	plots, asJSON := "", false
	cmd := &cobra.Command{
		Use: "compute", Short: "Measure what jobs, nodes and artefacts cost a server", Long: aboutBenchCompute, Args: cobra.NoArgs,
		Example: `  tasknet bench compute
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
			b.cfg.Start, b.cfg.Progress = p.startBenchServer, bar.show
			rows, err := b.measure(cmd.Context())
			bar.end()
			if err != nil {
				return err
			}
			if plots != "" {
				if err := errors.Join(os.MkdirAll(plots, 0o755), os.WriteFile(filepath.Join(plots, "compute.svg"), []byte(rowsPlot(rows)), 0o644)); err != nil {
					return err
				}
			}
			if asJSON {
				return p.printJSON(rows)
			}
			return p.printRows(rows)
		},
	}
	f := cmd.Flags()
	f.StringSliceVar(&b.only, "only", nil, "measure only these: leases, nodes, artefacts (default: all)")
	f.IntVar(&b.leases, "leases", 5000, "leases to give")
	f.IntVar(&b.nodes, "nodes", 10_000, "nodes that wait")
	f.DurationVar(&b.stay, "stay", 75*time.Second, "time for which they have waited at least")
	f.Var(&b.bytes, "size", "of the file; four times as much must fit on the disk")
	f.StringVar(&b.cfg.DatabaseURL, "db", "", "an empty PostgreSQL database, postgres://..., for leases; it is left full")
	f.StringVar(&plots, "plots", "", "draw the figures into a file in this `folder`")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// measure measures each part in a folder of its own.
func (b computeBench) measure(ctx context.Context) (rows []bench.Row, err error) {
	for _, m := range measured {
		if len(b.only) > 0 && !slices.Contains(b.only, m.name) {
			continue
		}
		if b.cfg.Data, err = os.MkdirTemp("", "tasknet-bench-"); err != nil {
			return nil, err
		}
		got, err := m.run(ctx, b)
		if err = errors.Join(err, os.RemoveAll(b.cfg.Data)); err != nil {
			return nil, fmt.Errorf("%s: %w", m.name, err)
		}
		rows = append(rows, got...)
	}
	return rows, nil
}

// rowsPlot draws figures as bars, each against its goal, which is the line.
func rowsPlot(rows []bench.Row) string {
	const left, wide, high, goal = 300, 720, 26, 200
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12"><rect width="100%%" height="100%%" fill="#fff"/>`, wide+left, high*len(rows)+20)
	for i, r := range rows {
		y := 10 + i*high
		colour := "#2a9d64"
		if r.Better == bench.Higher && r.Value < r.Goal || r.Better == bench.Lower && r.Value > r.Goal {
			colour = "#c8553d"
		}
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="end">%s</text><rect x="%d" y="%d" width="%.1f" height="%d" fill="%s"/><text x="%d" y="%d">%.4g %s, goal %s %.4g</text>`,
			left-8, y+15, html.EscapeString(r.What), left, y+4, min(max(r.Value/r.Goal*goal, 1), 2*goal), high-10, colour, left+2*goal+10, y+15, r.Value, html.EscapeString(r.Unit),
			map[string]string{bench.Higher: "at least", bench.Lower: "at most"}[r.Better], r.Goal)
	}
	fmt.Fprintf(&b, `<line x1="%d" y1="6" x2="%d" y2="%d" stroke="#444" stroke-dasharray="3 3"/></svg>`, left+goal, left+goal, high*len(rows)+12)
	return b.String()
}
