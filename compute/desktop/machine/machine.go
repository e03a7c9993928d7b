// Package machine reads what the computer has that a node runs on, and how it is doing. What a system does not tell is unknown,
// and is said to be.
package machine

import (
	"context"
	"os/exec"
	"strings"
	"time"
)

// Answer is an answer of the system to a question that it may not be able to answer.
type Answer string

// The answers.
const (
	Unknown Answer = "unknown"
	Yes     Answer = "yes"
	No      Answer = "no"
)

// State is how the computer is doing. What is nil cannot be read here.
type State struct {
	Mains       Answer   `json:"mains"`                  // it does not live on a battery
	Metered     Answer   `json:"metered"`                // the network is paid by volume
	IdleSeconds *int64   `json:"idle_seconds,omitempty"` // since somebody last used it
	Celsius     *float64 `json:"celsius,omitempty"`      // the hottest of the processor's sensors
	Load        *float64 `json:"load,omitempty"`         // share of the processors that others take, 0 to 1: not what has low priority, as work has
}

// Reader reads how the computer is doing.
type Reader struct {
	root string // of the files that the system shows itself by
	run  func(ctx context.Context, name string, args ...string) (string, error)
	now  func() time.Time
	last times
}

// times is what processors have done so far, in units that only their ratio is used of.
type times struct{ others, all uint64 }

// NewReader returns a Reader. It is for one goroutine.
func NewReader() *Reader { return &Reader{root: "/", run: ask, now: time.Now} }

// askTime bounds how long a program of the system may take to answer.
const askTime = 3 * time.Second

// ask runs a program of the system and returns what it says.
func ask(ctx context.Context, name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.WaitDelay = time.Second
	hideWindow(cmd)
	out, err := cmd.Output()
	return strings.TrimSpace(string(out)), err
}

// since returns for how many seconds it has been idle. A clock that was set back makes it used just now.
func since(now, then time.Time) *int64 {
	s := max(int64(now.Sub(then)/time.Second), 0)
	return &s
}
