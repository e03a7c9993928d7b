package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

const aboutAsk = `Ask people a question over a text, an image or an audio clip. They choose one of 2 to 20
choices or, with --type, give another kind of answer. The most that it can cost is set
aside when it is asked; what the answers did not use comes back when it closes.

The API key is read from TASKNET_KEY, the server's address from TASKNET_URL.

With --wait the verdict is printed when it is there. The exit status is 4 when there
is none: nobody answered before the question's deadline, or the --timeout is over,
after which the question goes on without being watched.`

// errNoVerdict reports that waiting for a verdict was in vain.
var errNoVerdict = tasknet.NewError(tasknet.Conflict, "no_verdict_in_time", "There is no verdict.")

func (p *program) ask() *cobra.Command {
	var r remote
	var ask wire.Ask
	var template templateFlags
	var media askedMedia
	var key string
	var timeout time.Duration
	var wait, estimate, asJSON bool
	cmd := &cobra.Command{
		Use: "ask [TEXT]", Short: "Ask a question", Long: aboutAsk, Args: cobra.MaximumNArgs(1),
		Example: `  tasknet ask "Is this spam? You have won a phone." --choice yes --choice no --wait
  tasknet ask "What is this?" --image photo.jpg --choice cat --choice dog --policy confidence:0.95 --wait
  tasknet ask "Left or right?" --choice left --choice right --price 0.05 --deadline 10m --json
  tasknet ask "How heavy is it?" --type number --range-min 0 --range-max 100 --decimals 1 --unit kg --image scale.jpg
  tasknet ask "Mark every heron." --type boxes --choice heron --image pond.jpg --policy fixed:5 --wait`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				ask.Text = args[0]
			}
			if ask.Text == "" && ask.Passage == "" && media.image == "" && media.audio == "" {
				return usagef("write what to ask, or give an --image, an --audio clip or a --passage")
			}
			if template.kind == string(polls.Choice) && len(template.choices) < 2 {
				return usagef("give --choice at least twice, or another --type")
			}
			var err error
			if ask.Number, err = template.numberRange(); err != nil {
				return err
			}
			if ask.Deadline, err = template.seconds(); err != nil {
				return err
			}
			ask.Type, ask.Choices, ask.Least, ask.Most, ask.Length = template.kind, template.choices, template.least, template.most, template.length
			ask.Quorum, ask.Price = template.quorum, template.price.value
			requester, err := r.requester()
			if err != nil {
				return err
			}
			if err := media.upload(cmd.Context(), requester, &ask); err != nil {
				return err
			}
			if estimate {
				return p.estimate(cmd.Context(), requester, wire.NewEstimate{Question: &ask}, asJSON)
			}
			q, err := requester.Ask(cmd.Context(), ask, key)
			if err != nil {
				return err
			}
			if !wait {
				if asJSON {
					return p.printJSON(q)
				}
				return p.printf("%s is asked. It holds %s of your balance; its deadline is %s.\n", q.ID, q.Hold, q.Deadline.Local().Format(time.DateTime))
			}
			return p.awaitVerdict(cmd.Context(), requester, q, timeout, asJSON)
		},
	}
	f := cmd.Flags()
	template.register(f, "24h")
	f.StringVar(&ask.Passage, "passage", "", "a longer text that the question is about")
	f.StringVar(&media.image, "image", "", "`file` of an image to ask about (JPEG, PNG, GIF or WebP)")
	f.StringVar(&media.audio, "audio", "", "`file` of an audio clip to ask about (MP3, Ogg, WAV or M4A)")
	f.StringArrayVar(&media.choices, "choice-image", nil, "`file` of an image of a choice; as many as there are choices, in their order")
	f.StringVar(&ask.ImageAlt, "alt", "", "what the image shows, for people who do not see it")
	contentFlags(f, &ask.Warnings, &ask.Topics)
	fairnessFlags(f, &ask.Fairness)
	f.BoolVar(&estimate, "estimate", false, "ask nothing; tell what it would take, and what it would cost")
	f.BoolVar(&wait, "wait", false, "wait for the verdict")
	f.DurationVar(&timeout, "timeout", 0, "with --wait: stop waiting after this long (default: at the question's deadline)")
	f.StringVar(&key, "idempotency-key", "", "a `name` for this asking: the same one again gets the same question, not a second")
	f.BoolVar(&asJSON, "json", false, "print the question, or with --wait the closed question, as JSON")
	r.flags(cmd, defaultServer)
	r.keyFlags(cmd)
	return cmd
}

// awaitVerdict watches a question until it closes, and prints what came of it.
func (p *program) awaitVerdict(ctx context.Context, requester *client.Requester, q wire.Question, timeout time.Duration, asJSON bool) error {
	if timeout == 0 {
		timeout = time.Until(q.Deadline.Time) + time.Minute // the server closes it, not we
	}
	waiting, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if !asJSON {
		fmt.Fprintf(p.err, "%s is asked. Waiting for answers...\n", q.ID) // the output is the verdict alone
	}
	bar := p.newBar(asJSON)
	defer bar.end()
	for e, err := range requester.QuestionEvents(waiting, q.ID) {
		switch {
		case err != nil && waiting.Err() == nil:
			return fmt.Errorf("%w The question goes on: %s question show %s tells how it stands.", err, p.name, q.ID)
		case e.Kind == client.Progress:
			bar.show("answers", e.Progress.Answers, e.Progress.Answers+e.Progress.Wanted)
		case e.Kind == client.Closed:
			bar.end()
			return p.printVerdict(e.Question, asJSON)
		}
	}
	if ctx.Err() != nil {
		return interrupted{ctx.Err(), fmt.Sprintf("the question goes on: %s question show %s", p.name, q.ID)}
	}
	if asJSON {
		now, err := requester.Question(ctx, q.ID)
		if err != nil {
			return err
		}
		if err := p.printJSON(now); err != nil {
			return err
		}
	}
	return fmt.Errorf("%w The question %s is still open.", errNoVerdict, q.ID)
}

func (p *program) printVerdict(q wire.Question, asJSON bool) error {
	v := q.Verdict
	if v == nil {
		return client.ErrProtocol
	}
	var printed error
	switch {
	case asJSON:
		printed = p.printJSON(q)
	case v.Value != nil:
		value, err := shownValue(q)
		printed = errors.Join(err, p.printf("%s\n\n%s by %s, agreement %s, from %d answers; paid %s, fee %s,%s back %s\n",
			value, v.Outcome, v.Method, v.Agreement, v.Answers, v.Paid, v.Fee, forfeited(v), v.Released))
	case v.Choice != nil:
		printed = p.printf("%s\n\n", v.Label)
		for i, choice := range q.Choices {
			printed = errors.Join(printed, p.printf("%4d  %s\n", v.Counts[i], choice))
		}
		printed = errors.Join(printed, p.printf("\n%s by %s, confidence %s, from %d answers; paid %s, fee %s,%s back %s\n",
			v.Outcome, v.Method, v.Confidence, v.Answers, v.Paid, v.Fee, forfeited(v), v.Released))
	}
	if v.Outcome == "none" {
		return errors.Join(printed, fmt.Errorf("%w Nobody answered %s, or nobody could tell.", errNoVerdict, q.ID))
	}
	return printed
}

// forfeited says what nobody was paid for worthless answers, if anything.
func forfeited(v *wire.Verdict) string {
	if v.Forfeited.IsZero() {
		return ""
	}
	return " forfeited " + v.Forfeited.String() + ","
}
