package main

import (
	"errors"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/server/bench"
)

const aboutBenchPhones = `Measure whether answers are lost or doubled on bad networks.

It starts a server in another process, and kills it again and again as it runs (SIGKILL).
Phones answer all the while: each is the SDK of the apps, with a folder of its own on this
disk. Between them and the server stands a proxy that drops connections before or after
the server has seen a request, and in smaller shares sends requests twice, holds them up,
cuts bodies in the middle, answers with 5xx, or with a page of HTML.

When all answers are acknowledged, the server's database is compared with what the phones
have. sent are answers that a phone has kept; lost are those of them that the database
does not have as they were given; doubled is what it has beyond one answer of a person to
a question. answer_ms_p50 is how long it takes a phone to keep an answer, on the disk: the
median of about 20 that one gives before the others begin.`

func (p *program) benchPhones() *cobra.Command {
	var cfg bench.Config
	crowd, asJSON := bench.Crowd{}, false
	cmd := &cobra.Command{
		Use: "phones", Short: "Measure whether answers are lost on bad networks", Long: aboutBenchPhones, Args: cobra.NoArgs,
		Example: `  tasknet bench phones
  tasknet bench phones --answers 1000000 --drop 0.3 --kill-every 3s --json`,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if crowd.Answers < 1 || crowd.Phones < 160 || crowd.Phones%8 != 0 || crowd.Drop < 0 || crowd.Drop > 0.8 || crowd.KillEvery < 0 {
				return usagef("--answers is at least 1, --phones a multiple of 8 from 160 on, --drop 0 to 0.8, and --kill-every not negative")
			}
			if cfg.Data, err = os.MkdirTemp("", "tasknet-bench-"); err != nil {
				return err
			}
			defer func() { err = errors.Join(err, os.RemoveAll(cfg.Data)) }()
			bar := p.newBar(asJSON)
			cfg.Start, cfg.Progress = p.startBenchServer, bar.show
			r, err := bench.Phones(cmd.Context(), cfg, crowd)
			bar.end()
			if err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(r)
			}
			return p.printf(`sent           %9d
acknowledged   %9d
stored         %9d
lost           %9d
doubled        %9d
kills          %9d
seconds        %9.1f
answer ms p50  %9.2f
%d requests had a fault
`, r.Sent, r.Acknowledged, r.Stored, r.Lost, r.Doubled, r.Kills, r.Seconds, r.AnswerP50, r.Faults)
		},
	}
	f := cmd.Flags()
	f.IntVar(&crowd.Answers, "answers", 100_000, "answers to give, to a multiple of 20")
	f.IntVar(&crowd.Phones, "phones", 504, "phones that give them")
	f.Float64Var(&crowd.Drop, "drop", 0.3, "share of requests whose connection is dropped")
	f.DurationVar(&crowd.KillEvery, "kill-every", 3*time.Second, "time that the server runs until it is killed; 0: never")
	f.StringVar(&cfg.DatabaseURL, "db", "", "an empty PostgreSQL database, postgres://...; it is left full (default: SQLite)")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
