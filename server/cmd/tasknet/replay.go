package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/server/app"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/replay"
	"github.com/tasknet/tasknet/server/verify"
)

const aboutReplay = `Play recorded answers of real people against a server, through its API: one question
for each that is in the file, one signed device with a wallet of its own for each
worker. Without --server it starts a server for itself, in a temporary folder.

The files are of the kinds that tasknet aggregate reads, with the columns question, worker
and answer, and question and truth. A question's text is its name in the file, its choices
are all the answers that differ, in sorted order.

When all questions are closed and everybody is paid on the chain, it reports how many
verdicts were true, how long the last answer took to become a verdict at the asker
(from the reply to the answer to the event), what was paid, and whether tasknet verify
holds. A question to which the file has fewer answers than the policy wants is
cancelled at the end: it closes with those.

The order of the answers and the keys of the workers follow from --seed. A server that
goes away for up to two minutes is waited for; a replay that was stopped goes on when
it is started again with the same seed.`

// replayPatience is for how long a server that is away is waited for.
const replayPatience = 2 * time.Minute

func (p *program) replay() *cobra.Command {
	var r remote
	var cfg replay.Config
	var answers, truth string
	asJSON := false
	cmd := &cobra.Command{
		Use: "replay", Short: "Play recorded answers against a server", Long: aboutReplay, Args: cobra.NoArgs,
		Example: `  tasknet replay --answers answers.csv --truth truth.csv --policy fixed:10
  tasknet replay --answers answers.csv --policy confidence:0.95 --max 8 --server http://127.0.0.1:8080 --rate 200 --json`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if answers == "" {
				return usagef("give the file of the answers by --answers")
			}
			var err error
			if cfg.Answers, err = readFile(answers, func(r io.Reader) ([]replay.Answer, error) { return replay.ReadAnswers(cmd.Context(), r) }); err != nil {
				return err
			}
			if truth != "" {
				if cfg.Truth, err = readFile(truth, func(r io.Reader) (map[string]string, error) { return replay.ReadTruth(cmd.Context(), r) }); err != nil {
					return err
				}
			}
			if cfg.Rate < 0 || cfg.Concurrency < 1 {
				return usagef("--rate is not under 0, and --concurrency not under 1")
			}
			if r.server == "" {
				return p.withServer(cmd.Context(), func(ctx context.Context, url, key string) error {
					return p.runReplay(ctx, url, key, cfg, asJSON)
				})
			}
			key, err := r.key()
			if err != nil {
				return err
			}
			return p.runReplay(cmd.Context(), r.server, key, cfg, asJSON)
		},
	}
	f := cmd.Flags()
	f.StringVar(&answers, "answers", "", "`file` of the answers (required)")
	f.StringVar(&truth, "truth", "", "`file` of what is true")
	quorumFlags(f, &cfg.Quorum)
	f.Uint64Var(&cfg.Seed, "seed", 1, "decides the order of the answers and the keys of the workers")
	f.Float64Var(&cfg.Rate, "rate", 0, "answers a second (default: as many as the server takes)")
	f.IntVar(&cfg.Concurrency, "concurrency", 64, "answers under way at once")
	f.DurationVar(&cfg.PayPatience, "pay-patience", 5*time.Minute, "how long no pay may arrive at the end; longer than the server's epochs")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	r.flags(cmd, "")
	f.Lookup("server").Usage = "address of a server (default: start one; TASKNET_URL)"
	r.keyFlags(cmd)
	return cmd
}

func readFile[T any](name string, read func(io.Reader) (T, error)) (T, error) {
	var none T
	f, err := os.Open(name)
	if err != nil {
		return none, usagef("%v", err)
	}
	defer f.Close()
	v, err := read(f)
	if err != nil {
		return none, fmt.Errorf("%s: %w", name, err)
	}
	return v, nil
}

// withServer starts a server in a temporary folder, without limits, runs f, and takes it away.
func (p *program) withServer(ctx context.Context, f func(ctx context.Context, url, key string) error) (err error) {
	dir, err := os.MkdirTemp("", "tasknet-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	log := slog.New(slog.NewTextHandler(p.err, &slog.HandlerOptions{Level: slog.LevelError}))
	serving, stop := context.WithCancel(ctx)
	defer stop()
	a, err := app.New(serving, app.Config{Data: dir, Listen: "127.0.0.1:0", Unlimited: true, EpochEvery: time.Second, Version: currentVersion(), Log: log})
	if err != nil {
		return err
	}
	first, err := a.Prepare(serving)
	if err != nil {
		stop()
		return errors.Join(err, a.Run(serving))
	}
	ended := make(chan error, 1)
	go func() { ended <- a.Run(serving) }()
	working, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	done := make(chan error, 1)
	go func() { done <- f(working, a.URL(), first.Key) }()
	select {
	case err = <-done:
		stop()
		return errors.Join(err, <-ended)
	case err = <-ended: // a part of the server failed
		cancel(err)
		return errors.Join(err, <-done)
	}
}

func (p *program) runReplay(ctx context.Context, url, key string, cfg replay.Config, asJSON bool) error {
	c, err := client.New(url, client.Config{Patience: replayPatience})
	if err != nil {
		return usagef("--server: %v", err)
	}
	bar := p.newBar(asJSON)
	cfg.Client, cfg.Requester = c, c.Requester(key)
	cfg.Progress = func(r replay.Progress) { bar.show(string(r.Stage), r.Done, r.Of) }
	report, err := replay.Run(ctx, cfg)
	bar.end()
	if err != nil && !errors.Is(err, verify.ErrMismatch) {
		return err
	}
	if asJSON {
		return errors.Join(p.printJSON(report), err)
	}
	return errors.Join(p.printReplay(report), err)
}

func (p *program) printReplay(r replay.Report) error {
	accuracy := "unknown without --truth"
	if r.Accuracy != nil {
		accuracy = fmt.Sprintf("%.4f", *r.Accuracy)
	}
	holds := "all records fit"
	if !r.Verified {
		holds = "a record does not fit"
	}
	seconds := r.Elapsed.Seconds()
	return p.printf(`questions          %d, %d closed, %d of them cancelled
accuracy           %s
answers used       %d, %d not needed, in %.1f s
verdict            %.1f ms after the last answer (median), %.1f ms (99 of 100)
respondents paid   %d, %s in all
gas                %d
verify             %s
`, r.Questions, r.Closed, r.Cancelled, accuracy, r.AnswersUsed, r.NotNeeded, seconds, r.VerdictP50, r.VerdictP99, r.RespondentsPaid, r.Paid, r.Gas, holds)
}
