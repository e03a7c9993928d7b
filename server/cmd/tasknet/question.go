package main

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

const aboutQuestion = `Look after questions that were asked: by tasknet ask, by a project or by a ranking.

The API key is read from TASKNET_KEY, the server's address from TASKNET_URL.`

func (p *program) question() *cobra.Command {
	cmd := &cobra.Command{
		Use: "question", Short: "Show, list and end questions", Long: aboutQuestion, Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.questionShow(), p.questionList(), p.questionCancel())
	return cmd
}

func (p *program) questionShow() *cobra.Command {
	return simply(&cobra.Command{
		Use: "show QUESTION", Short: "Tell how a question stands, or what its verdict is", Args: cobra.ExactArgs(1),
	}, func(ctx context.Context, requester *client.Requester, args []string, asJSON bool) error {
		q, err := requester.Question(ctx, args[0])
		if err != nil {
			return err
		}
		return p.printQuestion(q, asJSON)
	})
}

func (p *program) questionList() *cobra.Command {
	var r remote
	status, most, asJSON := "", 0, false
	cmd := &cobra.Command{
		Use: "list", Short: "List questions, newest first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if most < 0 {
				return usagef("--most is how many questions to list, and not under 0")
			}
			requester, err := r.requester()
			if err != nil {
				return err
			}
			all := []wire.Question{}
			for q, err := range requester.Questions(cmd.Context(), status) {
				if err != nil {
					return err
				}
				all = append(all, q)
				if len(all) == most {
					break
				}
			}
			if asJSON {
				return p.printJSON(all)
			}
			for _, q := range all {
				if err := p.printf("%s  %-7s  %3d answers  %s\n", q.ID, q.Status, q.Answers, cut(inShort(q), listMost)); err != nil {
					return err
				}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&status, "status", "", "open, paused, closing or closed (default: all)")
	cmd.Flags().IntVar(&most, "most", 100, "how many to list; 0 for all")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	r.flags(cmd, defaultServer)
	r.keyFlags(cmd)
	return cmd
}

const aboutQuestionCancel = `End a question. The answers that it has are paid and make a verdict, and what is left of
the money that it holds comes back. To cancel a closed question changes nothing.`

func (p *program) questionCancel() *cobra.Command {
	return simply(&cobra.Command{
		Use: "cancel QUESTION", Short: "Close a question with the answers that it has", Long: aboutQuestionCancel, Args: cobra.ExactArgs(1),
	}, func(ctx context.Context, requester *client.Requester, args []string, asJSON bool) error {
		q, err := requester.Cancel(ctx, args[0])
		if err != nil {
			return err
		}
		return p.printQuestion(q, asJSON)
	})
}

// inShort is what a question asks, on one line.
func inShort(q wire.Question) string {
	switch {
	case q.Text != "":
		return spaced(q.Text)
	case q.Image != nil:
		return "an image"
	case q.Audio != nil:
		return "a clip"
	}
	return spaced(q.Passage)
}

func (p *program) printQuestion(q wire.Question, asJSON bool) error {
	if asJSON {
		return p.printJSON(q)
	}
	err := p.printf("%s\n%s, %s\n\n", inShort(q), q.ID, q.Status)
	if q.Verdict != nil {
		if q.Verdict.Outcome == "none" {
			return errors.Join(err, p.printf("There is no verdict: nobody answered, or nobody could tell. Back %s\n", q.Verdict.Released))
		}
		return errors.Join(err, p.printVerdict(q, false))
	}
	for i, n := range q.Counts {
		err = errors.Join(err, p.printf("%4d  %s\n", n, q.Choices[i]))
	}
	return errors.Join(err, p.printf("%d of about %d answers, wanted by %s\nAn answer pays %s, with a fee of %s; %s of your balance are held\n",
		q.Answers, q.Answers+q.Wanted, q.Deadline.Local().Format(time.DateTime), q.Price, q.Fee, q.Hold))
}
