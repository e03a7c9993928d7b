package main

import "github.com/spf13/cobra"

func (p *program) bench() *cobra.Command {
	return &cobra.Command{Use: "bench", Short: "Measure a server"}
}
