package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
)

// browse opens a link in the browser of whoever is at the screen. The link is good once: other users of this computer see it in the list
// of processes.
func browse(ctx context.Context, link string) error {
	program := []string{"xdg-open", link}
	switch runtime.GOOS {
	case "windows":
		program = []string{"rundll32", "url.dll,FileProtocolHandler", link}
	case "darwin":
		program = []string{"open", link}
	default:
		if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
			return errors.New("there is no screen here; tasknet-node page prints the link")
		}
	}
	cmd := exec.CommandContext(context.WithoutCancel(ctx), program[0], program[1:]...) // a browser outlives this program
	if err := cmd.Start(); err != nil {
		return err
	}
	return cmd.Process.Release()
}
