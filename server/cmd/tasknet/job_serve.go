package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

const aboutJobServe = `Have nodes keep a model loaded, so that "tasknet job ask" and POST /v1/jobs/{id}/ask get an
answer at once. It ends when --rows are answered, or by "tasknet job cancel"; what was
answered is paid by rows out of --price. A node serves in sessions of about a minute, so that
others have their turn: two --servers or more answer while one is away.

` + aboutModel

func (p *program) jobServe() *cobra.Command {
	var n newJob
	rows, servers := 0, 0
	cmd := &cobra.Command{
		Use: "serve MODEL", Short: "Have nodes answer single rows at once", Long: aboutJobServe, Args: cobra.ExactArgs(1),
		Example: `  tasknet job serve model --rows 10000 --servers 2 --price 20`,
		RunE: func(cmd *cobra.Command, args []string) error {
			j, weights, err := ofModel("infer", args[0])
			if err != nil {
				return err
			}
			j.Live, j.Rows, j.Servers = true, rows, servers
			return p.runJob(cmd.Context(), &n, j, weights)
		},
	}
	f := cmd.Flags()
	f.IntVar(&rows, "rows", 1000, "rows that it answers at the most")
	f.IntVar(&servers, "servers", 1, "nodes that serve at a time, 1 to 16")
	n.nodeFlags(cmd)
	n.anyFlags(cmd)
	return cmd
}

const aboutJobAsk = `Ask the model of a job of "tasknet job serve" about one row: a --text, a --picture, or
numbers in columns by --number, once for each.`

func (p *program) jobAsk() *cobra.Command {
	text, picture := "", ""
	var numbers []string
	wait := 10 * time.Second
	cmd := &cobra.Command{
		Use: "ask JOB", Short: "Ask a served model about one row", Long: aboutJobAsk, Args: cobra.ExactArgs(1),
		Example: "  tasknet job ask job_... --text 'win a phone'\n  tasknet job ask job_... --number x=0.3 --number y=1.2",
	}
	f := cmd.Flags()
	f.StringVar(&text, "text", "", "what a model of texts reads")
	f.StringVar(&picture, "picture", "", "the `file` that a model of pictures looks at, PNG or JPEG")
	f.StringArrayVar(&numbers, "number", nil, "a number of a model of tables, as `column=1.5`")
	f.DurationVar(&wait, "wait", wait, "for the answer, at most a minute")
	return simply(cmd, func(ctx context.Context, requester *client.Requester, args []string, asJSON bool) error {
		ask := wire.NewAsk{Text: text, Wait: int(wait / time.Millisecond)}
		for _, n := range numbers {
			column, value, ok := strings.Cut(n, "=")
			v, err := strconv.ParseFloat(value, 64)
			if !ok || err != nil {
				return usagef("--number %s: give it as column=1.5", n)
			}
			if ask.Numbers == nil {
				ask.Numbers = make(map[string]float64)
			}
			ask.Numbers[column] = v
		}
		if picture != "" {
			var err error
			if ask.Picture, err = os.ReadFile(picture); err != nil {
				return usagef("--picture: %v", err)
			}
		}
		said, err := requester.AskModel(ctx, args[0], ask)
		if err != nil {
			return err
		}
		if asJSON {
			return p.printJSON(said)
		}
		return p.printf("%s, sure to %.1f %%, by %s in %d ms\n", said.Label, 100*said.Confidence, said.Node, said.Took)
	})
}

// printServing says how a job is asked that is live.
func (p *program) printServing(j wire.Job) error {
	s := j.Serving
	if s == nil {
		return nil
	}
	text := fmt.Sprintf("%d nodes serve, %d rows wait.", s.Nodes, s.Waiting)
	if s.Answers > 0 {
		text += fmt.Sprintf(" Of %d answers half took at most %.1f ms, 99 of 100 at most %.1f ms.", s.Answers, s.Half, s.Most)
	}
	return p.printf("%s\n", text)
}
