package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// runAs runs the program as somebody calls it.
func runAs(t *testing.T, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	Main(t.Context(), args, &out, &err)
	return out.String(), err.String()
}

// What is printed to be typed begins with what was typed.
func TestCommandsAreAsTyped(t *testing.T) {
	alone(t)
	help, _ := runAs(t, "bin/tasknet", "ask", "--help")
	if !strings.Contains(help, "\n  bin/tasknet ask [TEXT] [flags]\n") || !strings.Contains(help, "\n  bin/tasknet ask \"Left or right?\"") || strings.Contains(help, "\n  tasknet ") {
		t.Errorf("the help of bin/tasknet:\n%s", help)
	}
	if help, _ := runAs(t, "bin/tasknet", "serve", "--help"); !strings.Contains(help, "\n  DATABASE_URL=postgres://tasknet@db/tasknet bin/tasknet serve\n") {
		t.Errorf("the help of bin/tasknet serve:\n%s", help)
	}
	if _, stderr := runAs(t, "./tasknet", "migrate", "status", "--data", t.TempDir()); !strings.Contains(stderr, "yet; ./tasknet serve, or ./tasknet migrate up, makes it") {
		t.Errorf("%s", stderr)
	}
	if _, stderr := runAs(t, "bin/tasknet", "asc"); stderr != "tasknet: there is no command \"asc\"; did you mean ask?\nRun bin/tasknet --help, or a command with --help, to see what there is.\n" {
		t.Errorf("%s", stderr)
	}
	for _, name := range []string{"", "my bin/tasknet", "$(x)", filepath.Join(os.TempDir(), "go-build1", "exe", "tasknet")} {
		if got := called(name); got != "tasknet" {
			t.Errorf("called as %q: %q", name, got)
		}
	}
}

func TestTypedWords(t *testing.T) {
	for arg, want := range map[string]string{"": "''", "birds.csv": "birds.csv", "my birds": "'my birds'", "it's": `'it'\''s'`, "$HOME": "'$HOME'"} {
		if got := typed(arg); got != want {
			t.Errorf("%q is quoted as %s, not %s", arg, got, want)
		}
	}
}

// packageWords are those of the packages that read the command line, which say what failed and not what to do.
var packageWords = regexp.MustCompile(`invalid (argument|value)|strconv|parsing|arg\(s\)|unknown (flag|command|shorthand)|syntax|needs an argument`)

// No flag of any command says in the words of a package what is wrong with its value.
func TestWrongValuesOfFlags(t *testing.T) {
	alone(t)
	for _, line := range commandLines((&program{name: "tasknet"}).root()) {
		for _, more := range [][]string{{"--no-such-flag"}, {"-y"}, {"a", "b", "c", "d"}} {
			if len(line) == 0 && len(more) > 1 {
				continue
			}
			if code, stdout, stderr := run(t, append(line, more...)...); code != exitUsage || stdout != "" || packageWords.MatchString(stderr) {
				t.Errorf("tasknet %q %q: status %d, %q, %q", line, more, code, stdout, stderr)
			}
		}
		for _, kind := range []string{"--max", "--price", "--stop", "--deadline", "--json", "--seed", "--epoch-every", "--fee", "--top", "--timeout"} {
			cmd, _, err := (&program{name: "tasknet"}).root().Find(line)
			if err != nil || cmd.Flags().Lookup(kind[2:]) == nil {
				continue
			}
			if code, stdout, stderr := run(t, append(line, kind+"=x")...); code != exitUsage || stdout != "" || packageWords.MatchString(stderr) || !strings.Contains(stderr, kind) {
				t.Errorf("tasknet %q %s=x: status %d, %q, %q", line, kind, code, stdout, stderr)
			}
		}
	}
}
