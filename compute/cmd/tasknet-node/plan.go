package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/folder"
)

const aboutPlan = `Work out a model's shapes, parameters and cost before it is trained, from a spec in JSON.
A spec that does not fit is refused with the layer that does not.`

func (p *program) plan() *cobra.Command {
	return &cobra.Command{
		Use: "plan SPEC", Short: "Work out a model's shapes and cost", Long: aboutPlan, Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			plan, err := folder.ReadSpec(args[0])
			if err != nil {
				return err
			}
			w := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', tabwriter.AlignRight)
			fmt.Fprintf(w, "layer\tgives\tparameters\tmultiply-adds\t\n")
			fmt.Fprintf(w, "%s\t%s\t\t\t\n", plan.Spec.Input.Kind, compute.ShapeText(plan.Input))
			for _, step := range plan.Steps {
				params := 0
				for _, param := range step.Params {
					params += param.Size()
				}
				fmt.Fprintf(w, "%s\t%s\t%d\t%d\t\n", step.Layer.Type, compute.ShapeText(step.Out), params, step.MulAdds)
			}
			fmt.Fprintf(w, "together\t\t%d\t%d\t\n", plan.Params, plan.MulAdds)
			if err := w.Flush(); err != nil {
				return err
			}
			_, err = fmt.Fprintf(p.out, "Training needs about %s of memory.\n", size(plan.Memory))
			return err
		},
	}
}
