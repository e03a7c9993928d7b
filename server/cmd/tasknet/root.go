package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/verify"
)

// What the program ends with, as its help says.
const (
	exitOK = iota
	exitFailed
	exitUsage
	exitMismatch
	exitNoVerdict
	exitUnreachable
)

const about = `TaskNet asks people questions for machines, decides when their answers are
enough, and pays them on an EVM chain.

  tasknet serve       starts a server that you can use at once: it prints its
                      address, an API key and a line that asks a question
  tasknet ask         asks a question and waits for the verdict
  tasknet rank        has items compared until their ranking is settled
  tasknet project     asks many questions of one kind, imported from files
  tasknet dataset     makes datasets of the labels, and exports them
  tasknet artefact    keeps files of any size on a server, by their hash
  tasknet job         has models trained from labels, and asks them, on nodes
  tasknet question    shows, lists and ends questions
  tasknet contest     shows, lists and ends rankings
  tasknet balance     tells what money there is to spend
  tasknet deposits    tells how to deposit money, and what came of it
  tasknet faucet      deposits test money, on the development chain
  tasknet spending    tells what was spent, by day, month or project
  tasknet invoice     writes what a month cost, as CSV
  tasknet bonus       pays more for an answer than its price
  tasknet exit        takes money out of a vault without its operator
  tasknet verify      recomputes all that a server ever decided and paid
  tasknet bundle      copies its public records into a folder, to verify without it
  tasknet aggregate   makes one label of the answers in a file, without a server

Exit status:
  0  it worked
  1  it failed; the last line on stderr says why
  2  the command line, a setting or a file of answers makes no sense
  3  a public record does not fit the others (verify, replay)
  4  there was no verdict in time (ask --wait)
  5  the server does not answer`

// program is what every command needs of its surroundings.
type program struct {
	name     string // by which it was called, for commands that it prints
	out, err io.Writer
	began    bool // a command has begun: what fails from here on is not the command line
}

// Main runs the program, which was called by args[0] with the others, and returns what it ends with.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	p := &program{name: called(args[0]), out: stdout, err: stderr}
	root := p.root()
	root.SetArgs(args[1:])
	err := root.ExecuteContext(ctx)
	if _, rest, unknown := root.Find(args[1:]); unknown != nil {
		err = noCommand(root, rest)
	}
	code := p.exitCode(err)
	if err != nil {
		fmt.Fprintf(stderr, "tasknet: %s\n", oneLine(err))
		if code == exitUsage && !p.began {
			fmt.Fprintf(stderr, "Run %s --help, or a command with --help, to see what there is.\n", p.name)
		}
	}
	return code
}

// called is how the program can be called again: as it was, but where that is a name that nobody typed, as of go run, or
// one that a shell takes apart.
func called(arg string) string {
	if typed(arg) != arg || strings.HasPrefix(arg, os.TempDir()+string(os.PathSeparator)) {
		return "tasknet"
	}
	return arg
}

// typed is a word of a command line as a shell takes it.
func typed(arg string) string {
	if arg != "" && !strings.ContainsAny(arg, " \t\n'\"\\$`*?[]~#()&|;<>") {
		return arg
	}
	return "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
}

func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use: p.name, Short: "Ask people questions, and pay them for answers", Long: about, Version: currentVersion(), SilenceErrors: true, SilenceUsage: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if err := readEnvironment(cmd.Flags()); err != nil {
				return err
			}
			p.began = true
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetOut(p.out)
	root.SetErr(p.err)
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(p.serve(), p.ask(), p.question(), p.rank(), p.contest(), p.project(), p.dataset(), p.artefact(), p.job(), p.balance(), p.deposits(), p.faucet(), p.spending(), p.invoice(), p.bonus(),
		p.verify(), p.bundle(), p.replay(), p.aggregate(), p.bench(), p.migrate(), p.keys(), p.ledger(), p.pushes(), p.vault(), p.exit(), p.oracle(), p.stake(), p.version())
	root.SetFlagErrorFunc(flagError)
	p.finish(root)
	return root
}

func (p *program) exitCode(err error) int {
	_, usage := errors.AsType[usageError](err)
	switch {
	case err == nil:
		return exitOK
	case !p.began || usage:
		return exitUsage
	case errors.Is(err, verify.ErrMismatch):
		return exitMismatch
	case errors.Is(err, errNoVerdict):
		return exitNoVerdict
	case errors.Is(err, client.ErrUnreachable):
		return exitUnreachable
	case tasknet.Describe(err).Kind == tasknet.Invalid:
		return exitUsage
	}
	return exitFailed
}

// usageError is about what was asked of the program.
type usageError string

func (e usageError) Error() string { return string(e) }

func usagef(format string, args ...any) error { return usageError(fmt.Sprintf(format, args...)) }

// interrupted is an error after which the work goes on as how says.
type interrupted struct {
	err error
	how string
}

func (i interrupted) Error() string { return i.err.Error() + "; " + i.how }
func (i interrupted) Unwrap() error { return i.err }

func oneLine(err error) string {
	if errors.Is(err, context.Canceled) {
		if i, ok := errors.AsType[interrupted](err); ok {
			return "stopped; " + i.how
		}
		return "stopped"
	}
	text := strings.ReplaceAll(spaced(err.Error()), ".: ", ": ") // a sentence of ours, and what it is about
	return strings.ReplaceAll(text, context.DeadlineExceeded.Error(), "no answer in time")
}

// spaced is a text on one line, with single spaces.
func spaced(text string) string { return strings.Join(strings.Fields(text), " ") }

// listMost is how many characters a list shows of a text, which may be as long as somebody pays for.
const listMost = 60

// cut returns the beginning of a text that is longer than so many characters.
func cut(text string, most int) string {
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most-3]) + "..."
	}
	return text
}

// envName is the annotation of a flag that an environment variable sets too. The command line wins.
const envName = "environment variable"

// env lets an environment variable set a flag.
func env(flags *pflag.FlagSet, flag, name string) {
	f := flags.Lookup(flag)
	f.Usage += " (" + name + ")"
	f.Annotations = map[string][]string{envName: {name}}
}

func readEnvironment(flags *pflag.FlagSet) error {
	var first error
	flags.VisitAll(func(f *pflag.Flag) {
		names := f.Annotations[envName]
		if first != nil || f.Changed || len(names) == 0 {
			return
		}
		if value := os.Getenv(names[0]); value != "" {
			if err := flags.Set(f.Name, value); err != nil {
				first = usagef("%s", unfitValue(names[0], err))
			}
		}
	})
	return first
}

// printJSON writes what a program reads.
func (p *program) printJSON(v any) error {
	enc := json.NewEncoder(p.out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

func (p *program) printf(format string, args ...any) error {
	_, err := fmt.Fprintf(p.out, format, args...)
	return err
}

// amount is a flag that holds money.
type amount struct{ value *tasknet.Amount }

func (a *amount) String() string {
	if a.value == nil {
		return ""
	}
	return a.value.String()
}

func (a *amount) Set(s string) error {
	v, err := tasknet.ParseAmount(s)
	if err != nil {
		return err
	}
	a.value = &v
	return nil
}

func (*amount) Type() string { return "tokens" }

// price is an amount that one answer pays.
type price struct{ amount }

func (p *price) Set(s string) error {
	err := p.amount.Set(s)
	if errors.Is(err, tasknet.ErrAmountRange) { // whose words name a limit that no price comes near
		return polls.ErrPrice
	}
	return err
}
