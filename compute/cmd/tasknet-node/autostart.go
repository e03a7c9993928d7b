package main

import (
	"fmt"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/compute/desktop/autostart"
)

// startEntry is what starts a desktop of a folder when its user logs in.
func startEntry(folder string, tray bool, with trainerFlags) (*autostart.Entry, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	args := slices.Concat([]string{"desktop", "--no-browser", "--data=" + folder}, with.args())
	if !tray {
		args = append(args, "--tray=false")
	}
	return &autostart.Entry{Name: "TaskNet node", ID: "tasknet-node", Program: program, Args: args}, nil
}

func (p *program) autostart() *cobra.Command {
	var data string
	tray := true
	var with trainerFlags
	cmd := &cobra.Command{
		Use: "autostart [on|off]", Short: "Start the desktop when its user logs in, or say whether it does", Args: cobra.MaximumNArgs(1), ValidArgs: []string{"on", "off"},
		Long: `Have tasknet-node desktop start when its user logs in, without a browser, or not any more; or say
whether it does. The page of the desktop has the same switch. Linux: a file in the folder autostart
of the user's settings; macOS: a LaunchAgent; Windows: a value of the user's key Run.`,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 && args[0] != "on" && args[0] != "off" {
				return usagef("There are on and off, and nothing to see how it is.")
			}
			if _, err := with.trainer(); err != nil {
				return err
			}
			folder, err := homeFolder(data)
			if err != nil {
				return err
			}
			entry, err := startEntry(folder, tray, with)
			if err != nil {
				return err
			}
			if len(args) == 1 {
				if err := entry.Set(args[0] == "on"); err != nil {
					return err
				}
			}
			on, err := entry.On()
			if err != nil {
				return err
			}
			fmt.Fprintln(p.out, map[bool]string{true: "on", false: "off"}[on])
			return nil
		},
	}
	cmd.Flags().StringVar(&data, "data", "", "the `folder` of keys and files (default: tasknet-node in the user's folder for settings)")
	cmd.Flags().BoolVar(&tray, "tray", true, "show an icon beside the clock, where there is a place for one")
	with.add(cmd.Flags())
	return cmd
}
