package task

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/folder"
	"github.com/tasknet/tasknet/compute/wasi"
	"github.com/tasknet/tasknet/compute/wasm"
)

// errProgramSize reports a program that is too long to be read.
var errProgramSize = tasknet.NewError(tasknet.Invalid, "bad_program", "The program cannot be run: it has more than 64 MiB.")

// run runs the program of a custom job for a part. What it takes for chance follows from the work and the part.
func run(ctx context.Context, dir string, work *compute.Work, hash [32]byte, part Part, tell func(compute.Report)) error {
	if part.From < 0 || part.To != part.From+1 || part.To > work.Rows {
		return errRows
	}
	tell(compute.Report{Of: 1})
	p := wasi.Program{
		Args: work.Program.Args, Memory: work.Program.Memory, Fuel: work.Program.Fuel, Output: work.Program.Output, Inputs: map[string]string{},
		Env:  [][2]string{{"TASKNET_PART", strconv.Itoa(part.From)}, {"TASKNET_PARTS", strconv.Itoa(work.Rows)}},
		Seed: sha256.Sum256(binary.BigEndian.AppendUint64(hash[:], uint64(part.From))),
	}
	for _, in := range work.Inputs {
		path := filepath.Join(dir, In, in.Name)
		if in.Role == compute.InputRole {
			p.Inputs[in.Name] = path
			continue
		}
		if in.Bytes > wasm.BytesMax {
			return errProgramSize
		}
		var err error
		if p.Module, err = os.ReadFile(path); err != nil {
			return err
		}
	}
	made, err := wasi.Run(ctx, p)
	if err != nil {
		return err
	}
	if err := folder.WriteFile(filepath.Join(dir, Out, string(compute.OutputRole)), func(to io.Writer) error { return pack(to, made) }); err != nil {
		return err
	}
	tell(compute.Report{Step: 1, Of: 1})
	return nil
}

// pack writes what a program made as a tar: its files in the folder out, and what it said in stdout and stderr. The same makes the
// same bytes.
func pack(to io.Writer, made *wasi.Made) error {
	out := tar.NewWriter(to)
	files := make([]wasi.File, 0, len(made.Files)+2)
	for _, f := range made.Files {
		files = append(files, wasi.File{Name: "out/" + f.Name, Data: f.Data})
	}
	files = append(files, wasi.File{Name: "stderr", Data: made.Stderr}, wasi.File{Name: "stdout", Data: made.Stdout})
	for _, f := range files {
		if err := out.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: f.Name, Mode: 0o644, Size: int64(len(f.Data)), Format: tar.FormatPAX}); err != nil {
			return err
		}
		if _, err := out.Write(f.Data); err != nil {
			return err
		}
	}
	return out.Close()
}
