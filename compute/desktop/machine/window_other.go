//go:build !windows

package machine

import "os/exec"

func hideWindow(*exec.Cmd) {}
