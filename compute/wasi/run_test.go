package wasi

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/tetratelabs/wazero"

	"github.com/tasknet/tasknet"
)

// guest is the program of testdata, which is compiled once.
var guest = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "tasknet-guest")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "guest.wasm")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", path, "./testdata/guest")
	build.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "GOFLAGS=")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, errors.Join(err, errors.New(string(out)))
	}
	return os.ReadFile(path)
})

var cache = sync.OnceValue(wazero.NewCompilationCache)

func program(t *testing.T, args ...string) Program {
	t.Helper()
	module, err := guest()
	if err != nil {
		t.Fatal(err)
	}
	words := filepath.Join(t.TempDir(), "words")
	if err := os.WriteFile(words, []byte("one two three"), 0o600); err != nil {
		t.Fatal(err)
	}
	return Program{
		Module: module, Args: args, Inputs: map[string]string{"words.txt": words}, Env: [][2]string{{"TASKNET_PART", "2"}, {"TASKNET_PARTS", "5"}},
		Memory: 64 << 20, Fuel: 1e8, Output: 4 << 20, Cache: cache(),
	}
}

func TestRun(t *testing.T) {
	p := program(t, "work", "nine")
	made, err := Run(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Run(t.Context(), p)
	if err != nil || !reflect.DeepEqual(made, again) {
		t.Errorf("the same program made something else the second time: %v\n%v\n%v", err, made, again)
	}
	if len(made.Files) != 2 || made.Files[0].Name != "chance" || made.Files[1].Name != "count" {
		t.Fatalf("it made %v", made.Files)
	}
	if got := string(made.Files[1].Data); !strings.HasPrefix(got, "13 bytes, part 2 of 5, argument nine, 2 variables, 2022-01-01T00:00:00") || !strings.HasSuffix(got, "\nmore\n") {
		t.Errorf("it says %q", got)
	}
	if string(made.Stdout) != "done\n" || !strings.HasSuffix(string(made.Stderr), " 2 chance\n") || made.Fuel < 1000 {
		t.Errorf("it said %q and %q, and took %d units", made.Stdout, made.Stderr, made.Fuel)
	}
	p.Seed[0] = 1
	other, err := Run(t.Context(), p)
	if err != nil || bytes.Equal(other.Files[0].Data, made.Files[0].Data) {
		t.Errorf("another seed made the same chance: %v", err)
	}
	p.Fuel = made.Fuel // which is just enough
	if p.Seed[0] = 0; err != nil {
		t.Fatal(err)
	}
	if _, err := Run(t.Context(), p); err != nil {
		t.Errorf("with as much fuel as it took before: %v", err)
	}
	p.Fuel--
	if _, err := Run(t.Context(), p); code(err) != "program_fuel" {
		t.Errorf("with a unit less: %v", err)
	}
}

func code(err error) string {
	if known, ok := errors.AsType[*tasknet.Error](err); ok && known.Kind == tasknet.Invalid {
		return known.Code
	}
	return ""
}

// TestRunRefuses has programs do what they should not. Each is one error, and what comes after works.
func TestRunRefuses(t *testing.T) {
	for _, c := range []struct{ what, code, text string }{
		{"loop", "program_fuel", "100000000 calls"},
		{"grow", "program_status", "out of memory"},
		{"fill", "program_output", "more than 4194304 bytes"},
		{"sparse", "program_output", "more than 4194304 bytes"},
		{"files", "program_output", "1000 files"},
		{"exit", "program_status", "status 3. This is why."},
		{"escape", "", ""},
		{"shout", "", ""},
	} {
		t.Run(c.what, func(t *testing.T) {
			made, err := Run(t.Context(), program(t, c.what))
			if c.code == "" {
				if err != nil || len(made.Files) > 0 || len(made.Stdout) > saidMax {
					t.Errorf("%v, %v", err, made)
				}
				return
			}
			if code(err) != c.code || !strings.Contains(err.Error(), c.text) {
				t.Errorf("it ended with %v", err)
			}
		})
	}
	t.Run("small", func(t *testing.T) {
		p := program(t, "work", "")
		p.Memory = page
		if _, err := Run(t.Context(), p); code(err) != "bad_program" {
			t.Errorf("with a page of memory: %v", err)
		}
	})
	t.Run("stopped", func(t *testing.T) {
		p := program(t, "loop")
		p.Fuel = 1e15
		ctx, cancel := context.WithCancelCause(t.Context())
		stopped := errors.New("stopped")
		done := make(chan error)
		go func() {
			_, err := Run(ctx, p)
			done <- err
		}()
		cancel(stopped)
		if err := <-done; !errors.Is(err, stopped) && !errors.Is(err, context.Canceled) {
			t.Errorf("it ended with %v", err)
		}
	})
}
