// Package cachetest runs a Redis for a test, which the test may end and begin. Only tests import it.
package cachetest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// Redis is a server on a socket of its own, which keeps nothing on the disk.
type Redis struct {
	URL string

	t       testing.TB
	program string
	socket  string
	process *exec.Cmd // nil when it was killed
}

// startTime is how long a server may take to answer: far more than it needs, on a loaded machine too.
const startTime = 30 * time.Second

// StartRedis starts a server that ends with the test. It skips the test where there is no redis-server.
func StartRedis(t testing.TB) *Redis {
	t.Helper()
	program, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("there is no redis-server here: install the package redis-server")
	}
	dir, err := os.MkdirTemp("/tmp", "tasknet-redis.") //nolint:usetesting // a socket's path has 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	r := &Redis{t: t, program: program, socket: filepath.Join(dir, "s")}
	r.URL = "unix://" + r.socket
	t.Cleanup(func() {
		r.Kill()
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	r.Start()
	return r
}

// Start starts the server again, empty, at the same address, and waits until it answers.
func (r *Redis) Start() {
	r.t.Helper()
	r.process = exec.CommandContext(context.WithoutCancel(r.t.Context()), r.program, "--port", "0", "--unixsocket", r.socket, "--unixsocketperm", "700", "--save", "", "--dir", filepath.Dir(r.socket))
	if err := r.process.Start(); err != nil {
		r.t.Fatal(err)
	}
	client := redis.NewClient(&redis.Options{Network: "unix", Addr: r.socket})
	defer client.Close()
	for end := time.Now().Add(startTime); client.Ping(r.t.Context()).Err() != nil; <-time.After(10 * time.Millisecond) {
		if time.Now().After(end) {
			r.t.Fatal("redis-server did not start")
		}
	}
}

// Kill ends the server by SIGKILL. When there is none it does nothing.
func (r *Redis) Kill() {
	if r.process == nil {
		return
	}
	_ = r.process.Process.Kill()
	_ = r.process.Wait() // it was killed
	r.process = nil
}
