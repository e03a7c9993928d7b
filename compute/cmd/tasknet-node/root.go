package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet"
)

// What the program ends with, as its help says.
const (
	exitOK = iota
	exitFailed
	exitUsage
)

const about = `Turn labels into models on this machine.

  tasknet-node train    learns from labels, as tasknet dataset export writes them
  tasknet-node predict  asks a model about tasks
  tasknet-node export   writes a model as TorchScript
  tasknet-node plan     works out the shapes and the cost of a model
  tasknet-node work     joins a TaskNet and does its work
  tasknet-node desktop  does so on a computer that people use, when they let it, and shows a page

Exit status:
  0  it worked
  1  it failed; the last line on stderr says why
  2  the command line or a file makes no sense`

// program is what every command needs of its surroundings.
type program struct {
	out, err io.Writer
	began    bool // a command has begun: what fails from here on is not the command line
}

// Main runs the program with its arguments and returns what it ends with.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	p := &program{out: stdout, err: stderr}
	root := &cobra.Command{
		Use: "tasknet-node", Short: "Turn labels into models", Long: about, Version: currentVersion(), SilenceErrors: true, SilenceUsage: true,
		PersistentPreRun: func(*cobra.Command, []string) { p.began = true },
		RunE:             func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		Args:             cobra.NoArgs,
	}
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetArgs(args)
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(p.train(), p.predict(), p.export(), p.plan(), p.work(), p.earnings(), p.desktop(), p.page(), p.autostart(), p.update(), p.task())
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	fmt.Fprintf(stderr, "tasknet-node: %s\n", strings.TrimSpace(err.Error()))
	if !p.began {
		fmt.Fprintln(stderr, "Run tasknet-node --help, or a command with --help, to see what there is.")
	}
	if _, usage := errors.AsType[usageError](err); usage || !p.began || tasknet.Describe(err).Kind == tasknet.Invalid {
		return exitUsage
	}
	return exitFailed
}

// usageError is about what was asked of the program.
type usageError string

func (e usageError) Error() string { return string(e) }

func usagef(format string, args ...any) error { return usageError(fmt.Sprintf(format, args...)) }

func (p *program) printJSON(v any) error {
	e := json.NewEncoder(p.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// codeHere is how receipts and cards name this program: its version, and the SHA-256 of its file, by which who has that can tell that it
// is the one.
func codeHere() (_ string, err error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return "", err
	}
	return currentVersion() + " sha256:" + hex.EncodeToString(hash.Sum(nil)), nil
}

// currentVersion is what the program was built as, or the revision that it was built from.
func currentVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				return s.Value
			}
		}
	}
	return "unknown"
}
