package wasi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"slices"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental/sysfs"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	"github.com/tetratelabs/wazero/sys"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute/wasm"
)

// page is the unit of memory in WebAssembly, in bytes.
const page = 64 << 10

// saidMax is how many bytes of its standard output, and of its standard error, are kept of a program. More is dropped.
const saidMax = 1 << 20

// Program is what is run.
type Program struct {
	Module []byte
	Args   []string          // without the program's own name
	Env    [][2]string       // names and values
	Inputs map[string]string // paths of this machine, by the names under which it finds them in its folder "in"
	Memory int64             // bytes that it may have at most
	Fuel   int64             // calls of functions and passes of loops that it may take
	Output int64             // bytes that it may make
	Seed   [32]byte          // of what it takes for chance

	// Cache keeps programs that were compiled. May be nil.
	Cache wazero.CompilationCache
}

// Made is what a program has made.
type Made struct {
	Files  []File // in the order of their names
	Stdout []byte
	Stderr []byte
	Fuel   int64 // that it took
}

// File is a file that a program made.
type File struct {
	Name string
	Data []byte
}

func failed(code, format string, args ...any) error {
	return tasknet.NewError(tasknet.Invalid, code, fmt.Sprintf(format, args...))
}

// errOutput ends a program that makes too much.
var errOutput = errors.New("it made too much")

// Run runs a program to its end. Errors of kind Invalid are the program's fault: it cannot be run, used up what it was given, or ended
// with a status other than zero.
func Run(ctx context.Context, p Program) (_ *Made, err error) {
	module, err := wasm.Meter(p.Module)
	if err != nil {
		return nil, err
	}
	running, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	files := &tree{room: p.Output, over: func() { cancel(errOutput) }}
	defer func() { err = errors.Join(err, files.close()) }()
	if err := files.openInputs(p.Inputs); err != nil {
		return nil, err
	}
	config := wazero.NewRuntimeConfig().WithMemoryLimitPages(uint32(min(max(p.Memory/page, 1), 1<<16))).WithCloseOnContextDone(true).
		WithCoreFeatures(api.CoreFeaturesV2).WithDebugInfoEnabled(false)
	if p.Cache != nil {
		config = config.WithCompilationCache(p.Cache)
	}
	runtime := wazero.NewRuntimeWithConfig(running, config)
	defer func() { err = errors.Join(err, runtime.Close(context.WithoutCancel(ctx))) }()
	if _, err := wasi_snapshot_preview1.Instantiate(running, runtime); err != nil {
		return nil, err
	}
	code, err := runtime.CompileModule(running, module)
	if err != nil {
		return nil, failed("bad_program", "The program cannot be run: %s.", firstLine(err.Error()))
	}
	var stdout, stderr said
	with := wazero.NewModuleConfig().WithName("").WithArgs(append([]string{"program"}, p.Args...)...).WithStartFunctions().
		WithFSConfig(wazero.NewFSConfig().(sysfs.FSConfig).WithSysFSMount(files, "/")).WithStdout(&stdout).WithStderr(&stderr).
		WithRandSource(mathrand.NewChaCha8(p.Seed))
	now := clock(0)
	with = with.WithWalltime(now.wall, lookTime).WithNanotime(now.passed, lookTime).WithNanosleep(now.sleep)
	for _, e := range p.Env {
		with = with.WithEnv(e[0], e[1])
	}
	instance, err := runtime.InstantiateModule(running, code, with)
	if err != nil {
		return nil, failed("bad_program", "The program cannot be run: %s.", firstLine(err.Error()))
	}
	fuel := instance.ExportedGlobal(wasm.FuelGlobal).(api.MutableGlobal)
	fuel.Set(uint64(p.Fuel))
	_, err = instance.ExportedFunction("_start").Call(running)
	left := int64(fuel.Get())
	exit, ended := errors.AsType[*sys.ExitError](err)
	switch {
	case errors.Is(context.Cause(running), errOutput):
		return nil, failed("program_output", "The program made more than %d bytes or %d files.", p.Output, filesMax)
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case left < 0:
		return nil, failed("program_fuel", "The program used up its fuel: %d calls of functions and passes of loops.", p.Fuel)
	case ended && exit.ExitCode() != 0:
		return nil, failed("program_status", "The program ended with status %d. %s", exit.ExitCode(), stderr.ends())
	case err != nil && !ended:
		return nil, failed("program_stopped", "The program was stopped: %s. %s", firstLine(err.Error()), stderr.ends())
	}
	made := &Made{Stdout: stdout.kept.Bytes(), Stderr: stderr.kept.Bytes(), Fuel: p.Fuel - left}
	for name, m := range files.out {
		made.Files = append(made.Files, File{name, m.data})
	}
	slices.SortFunc(made.Files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return made, nil
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// said keeps the start of what is written.
type said struct{ kept bytes.Buffer }

func (s *said) Write(b []byte) (int, error) {
	s.kept.Write(b[:min(len(b), saidMax-s.kept.Len())])
	return len(b), nil
}

// endMax is how much of the start and of the end of what a program says is told of one that failed. The reason stands in one of them.
const endMax = 300

// ends returns the start and the end of what was said.
func (s *said) ends() string {
	text := strings.ToValidUTF8(strings.TrimSpace(s.kept.String()), "?")
	if len(text) <= 2*endMax {
		return text
	}
	return strings.ToValidUTF8(text[:endMax]+" ... "+text[len(text)-endMax:], "?")
}

// clock is the time that a program sees, in nanoseconds since it began, which was as 2022 did: each look is a microsecond later, and
// sleep is over at once.
type clock int64

const (
	lookTime = 1000          // nanoseconds
	began    = 1_640_995_200 // seconds since 1970
)

func (c *clock) passed() int64 {
	*c += lookTime
	return int64(*c)
}

func (c *clock) wall() (sec int64, nsec int32) {
	ns := c.passed()
	return began + ns/1e9, int32(ns % 1e9)
}

func (c *clock) sleep(ns int64) { *c += clock(max(ns, 0)) }
