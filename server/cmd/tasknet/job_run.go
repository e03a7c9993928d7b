package main

import (
	"errors"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/wasm"
	"github.com/tasknet/tasknet/server/wire"
)

const aboutJobRun = `Have nodes run a program: a command of WASI preview 1 in WebAssembly, such as
GOOS=wasip1 GOARCH=wasm go build makes. What stands behind -- are its arguments.

It reads the files that are named here in its folder /in, and writes what it makes into
/out. It has no network, its clock is not real, and what it takes for chance follows from
the job, so that it makes the same on every node. With --parts it runs so many times, side
by side, with TASKNET_PART (0, 1, ...) and TASKNET_PARTS in its environment.

It pays a unit of fuel for each call of a function and each pass of a loop. One that uses up
its fuel, wants more memory, makes more than --max-output or ends with a status other than
zero fails. What each part made and said comes as a tar.`

func (p *program) jobRun() *cobra.Command {
	var n newJob
	parts := 1
	memory, output, fuel := size(compute.ProgramMemory), size(compute.ProgramOutput), compute.ProgramFuel
	cmd := &cobra.Command{
		Use: "run PROGRAM.wasm [FILE...] [-- ARG...]", Short: "Have nodes run a program", Long: aboutJobRun, Args: cobra.MinimumNArgs(1),
		Example: `  tasknet job run count.wasm pages.txt --parts 8 -o counts -- --least 3`,
		RunE: func(cmd *cobra.Command, args []string) error {
			var forProgram []string
			if at := cmd.ArgsLenAtDash(); at >= 0 {
				args, forProgram = args[:at], args[at:]
			}
			if len(args) == 0 {
				return usagef("name the program before --")
			}
			if err := checkProgram(args[0]); err != nil { // before anything is uploaded
				return err
			}
			files := []upload{{"program", args[0]}}
			for _, path := range args[1:] {
				files = append(files, upload{"input", path})
			}
			j := wire.NewJob{Kind: "custom", Rows: parts, Program: &wire.JobProgram{Args: forProgram, Memory: int64(memory), Fuel: fuel, Output: int64(output)}}
			return p.runJob(cmd.Context(), &n, j, files...)
		},
	}
	f := cmd.Flags()
	f.IntVar(&parts, "parts", 1, "how many times it runs")
	f.Var(&memory, "memory", "that it may have")
	f.Var(&output, "max-output", "that a part may make")
	f.Int64Var(&fuel, "fuel", fuel, "calls and passes of loops that a part may take")
	n.anyFlags(cmd)
	return cmd
}

// checkProgram refuses a file that nodes do not run.
func checkProgram(path string) (err error) {
	file, err := os.Open(path)
	if err != nil {
		return usagef("%v", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	module, err := io.ReadAll(io.LimitReader(file, wasm.BytesMax+1))
	if err != nil {
		return err
	}
	return wasm.Check(module)
}
