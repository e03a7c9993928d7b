package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/rewards/eth"
	"github.com/tasknet/tasknet/server/bench"
)

const aboutBenchAnswers = `Measure how many signed answers a server makes durable in a second.

It starts a server of its own in another process on this machine, without rate limits,
on SQLite or an empty PostgreSQL database. People, questions that get 20 answers each,
and leases are written straight into the database, and the answers are signed, before
anything is measured. Then many clients send POST /v1/answers over connections that
stay open, each the next when its last is acknowledged, which is after the commit.

What is measured includes: HTTP, reading the JSON, the signature, the rules of leases and
quorum, and the commit with its receipt. Not included: asking, taking leases, signing, and
the closing of questions. With --closing every question closes at its 20th answer, and its
verdict and everybody's pay are posted while the other answers come, on the same cores and
the same disk; that is what a server does that has to keep up for hours.

In the same run, taking turns, the same server keeps the same answers unsigned and without
any rule (one insert in a group commit), and only reads and acknowledges them. And half of
the signed answers come while the public log stands still. The ratios are to those three.
Client and server share the machine's cores.`

func (p *program) bench() *cobra.Command {
	cmd := &cobra.Command{
		Use: "bench", Short: "Measure a server", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.benchAnswers(), p.benchStart(), p.benchEpoch(), p.benchAggregate(), p.benchImport(), p.benchAttacks(), p.benchGas(), p.benchVerify(), p.benchPhones(), p.benchPool(), p.benchLoop(), p.benchChecks(), p.benchStreams(), p.benchArtefacts(), p.benchCompute(),
		p.benchServer(), p.benchVerifier())
	return cmd
}

func (p *program) benchAnswers() *cobra.Command {
	var cfg bench.Config
	asJSON := false
	cmd := &cobra.Command{
		Use: "answers", Short: "Measure signed, durable answers a second", Long: aboutBenchAnswers, Args: cobra.NoArgs,
		Example: `  tasknet bench answers
  tasknet bench answers --answers 1000000 --json
  tasknet bench answers --db postgres://me@127.0.0.1/scratch`,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if cfg.Clients < 1 || cfg.Answers < 1000 {
				return usagef("--clients is at least 1, and --answers at least 1000")
			}
			if cfg.Data, err = os.MkdirTemp("", "tasknet-bench-"); err != nil {
				return err
			}
			defer func() { err = errors.Join(err, os.RemoveAll(cfg.Data)) }()
			bar := p.newBar(asJSON)
			cfg.Start, cfg.Progress = p.startBenchServer, bar.show
			report, err := bench.Answers(cmd.Context(), cfg)
			bar.end()
			if err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(report)
			}
			return p.printBench(report)
		},
	}
	f := cmd.Flags()
	f.StringVar(&cfg.DatabaseURL, "db", "", "an empty PostgreSQL database, postgres://...; it is left full (default: SQLite)")
	f.IntVar(&cfg.Clients, "clients", 256, "connections that send answers")
	f.IntVar(&cfg.Answers, "answers", 200_000, "answers to send")
	f.BoolVar(&cfg.Closing, "closing", false, "questions close and pay while answers are measured")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

const aboutBenchStart = `Measure how long a server takes from being run to the reply to a first request.

It makes an instance in a temporary folder, and then starts and stops a server on it
again and again, in another process. The dev chain is a node of its own and is opened by
itself in between; what is left is the time of the server.`

func (p *program) benchStart() *cobra.Command {
	var cfg bench.Config
	starts, asJSON := 0, false
	cmd := &cobra.Command{
		Use: "start", Short: "Measure how long a start takes", Long: aboutBenchStart, Args: cobra.NoArgs,
		Example: `  tasknet bench start
  tasknet bench start --starts 50 --json`,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if starts < 1 {
				return usagef("--starts is at least 1")
			}
			if cfg.Data, err = os.MkdirTemp("", "tasknet-bench-"); err != nil {
				return err
			}
			defer func() { err = errors.Join(err, os.RemoveAll(cfg.Data)) }()
			bar := p.newBar(asJSON)
			cfg.Start, cfg.Progress = p.startBenchServer, bar.show
			report, err := bench.Starts(cmd.Context(), cfg, starts, func(ctx context.Context, dir string) (io.Closer, error) {
				return eth.OpenDev(ctx, eth.DevConfig{Dir: dir})
			})
			bar.end()
			if err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(report)
			}
			return p.printf("%d starts: median %.0f ms, longest %.0f ms; without the chain, which takes %.0f ms, median %.0f ms\n",
				report.Starts, report.P50, report.Most, report.Chain, report.Rest)
		},
	}
	f := cmd.Flags()
	f.IntVar(&starts, "starts", 20, "starts to measure")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (p *program) printBench(r bench.Report) error {
	err := p.printf(`signed answers     %8.0f a second   median %.1f ms, 99 of 100 within %.1f ms, %.1f us of processor time each
bare inserts       %8.0f a second   median %.1f ms, 99 of 100 within %.1f ms, %.1f us   ratio %.2f
doing nothing      %8.0f a second   median %.1f ms, 99 of 100 within %.1f ms, %.1f us   ratio %.2f
without the log    %8.0f a second   median %.1f ms, 99 of 100 within %.1f ms, %.1f us   ratio %.2f
%d answers measured; the server holds %.0f MiB of memory at the end
`, r.AnswersPerS, r.P50, r.P99, r.CPU, r.Bare.PerS, r.Bare.P50, r.Bare.P99, r.Bare.CPU, r.Ratio, r.Null.PerS, r.Null.P50, r.Null.P99, r.Null.CPU, r.NullRatio,
		r.NoLog.PerS, r.NoLog.P50, r.NoLog.P99, r.NoLog.CPU, r.LogRatio,
		r.Answers, float64(r.RSS)/(1<<20))
	if err != nil || r.Closed == 0 {
		return err
	}
	return p.printf("%d questions closed and paid, the last of each round %.0f ms after its last reply on average\n",
		r.Closed, float64(r.Trailing.Microseconds())/1000/bench.Rounds)
}

// benchServer is the process that is measured. It ends with its standard input, so that it does not outlive the other.
func (p *program) benchServer() *cobra.Command {
	data := ""
	cmd := &cobra.Command{
		Use: "server", Short: "The server that bench measures", Hidden: true, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, cancel := context.WithCancel(cmd.Context())
			defer cancel()
			go func() {
				_, _ = io.Copy(io.Discard, os.Stdin) // its end is what matters
				cancel()
			}()
			collectSeldom(ctx)
			return bench.Serve(ctx, data, os.Getenv("DATABASE_URL"), p.out)
		},
	}
	cmd.Flags().StringVar(&data, "data", "", "folder that was prepared")
	return cmd
}

// benchStopTime is how long the server may take to stop.
const benchStopTime = 20 * time.Second

func (p *program) startBenchServer(ctx context.Context, data, databaseURL string) (address string, pid int, stop func() error, err error) {
	self, err := os.Executable()
	if err != nil {
		return "", 0, nil, err
	}
	cmd := exec.CommandContext(ctx, self, "bench", "server", "--data", data)
	cmd.Env = append(os.Environ(), "DATABASE_URL="+databaseURL)
	cmd.Stderr = p.err
	cmd.WaitDelay = benchStopTime
	in, err := cmd.StdinPipe()
	if err != nil {
		return "", 0, nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", 0, nil, err
	}
	cmd.Cancel = in.Close
	if err := cmd.Start(); err != nil {
		return "", 0, nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return "", 0, nil, errors.Join(fmt.Errorf("it ended before it listened"), in.Close(), cmd.Wait())
	}
	return strings.TrimSpace(line), cmd.Process.Pid, func() error {
		kill := time.AfterFunc(benchStopTime, func() { _ = cmd.Process.Kill() }) // Wait tells of it
		defer kill.Stop()
		return errors.Join(in.Close(), cmd.Wait())
	}, nil
}
