package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/folder"
)

const aboutExport = `Write a model as TorchScript, for PyTorch and what runs its modules. The module's forward takes
examples as float32, [n, height, width, channels], [n, columns], [n, buckets] or [n, length],
and returns the calibrated probability of each class. Its spec is written beside it, as .json,
so that "tasknet job infer" takes the two. It needs a program built with libtorch.`

func (p *program) export() *cobra.Command {
	out := ""
	cmd := &cobra.Command{
		Use: "export MODEL", Short: "Write a model as TorchScript", Long: aboutExport, Args: cobra.ExactArgs(1),
		Example: `  tasknet-node export model --out model.pt`,
		RunE: func(_ *cobra.Command, args []string) error {
			if out == "" {
				return usagef("Name the file to write with --out.")
			}
			spec := folder.ScriptSpec(out)
			if spec == out {
				return usagef("%s is where the spec goes; call the module something like model.pt.", out)
			}
			for _, file := range []string{out, spec} {
				if _, err := os.Stat(file); err == nil {
					return usagef("%s is there already.", file)
				}
			}
			m, err := folder.LoadModel(args[0])
			if err != nil {
				return err
			}
			if m.Script != "" {
				return usagef("%s is TorchScript already.", m.Script)
			}
			part := out + ".part"
			if err := saveScript(m, part); err != nil {
				_ = os.Remove(part) // which may not be there
				return err
			}
			if err := os.Rename(part, out); err != nil {
				return err
			}
			if err := folder.WriteJSON(spec, compute.Spec{
				Input: m.Plan.Spec.Input, Classes: m.Plan.Spec.Classes, Script: &compute.Script{Gives: compute.Probabilities, MulAdds: m.Plan.MulAdds},
			}); err != nil {
				return err
			}
			_, err = fmt.Fprintf(p.out, "The module is in %s, and its spec in %s.\n", out, spec)
			return err
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "the `file` to write, which is new")
	return cmd
}
