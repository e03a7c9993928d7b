package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// limitedChild has the test's own program take limits as a worker's child does, and then take more memory than it may.
const limitedChild = "TASKNET_TEST_LIMITED"

// echoChild has it print its arguments and how many processors it uses.
const echoChild = "TASKNET_TEST_ECHO"

// mainChild has it be the program itself.
const mainChild = "TASKNET_TEST_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(mainChild) != "" {
		os.Exit(Main(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
	}
	if os.Getenv(limitedChild) != "" {
		beLimited()
	}
	if os.Getenv(echoChild) != "" {
		fmt.Println(runtime.GOMAXPROCS(0), strings.Join(os.Args[1:], " "))
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func beLimited() {
	if err := limitMemory(256 << 20); err != nil {
		panic(err)
	}
	if err := lowerPriority(); err != nil {
		panic(err)
	}
	threads, err := filepath.Glob("/proc/self/task/*/stat")
	if err != nil {
		panic(err)
	}
	for _, thread := range threads {
		stat, err := os.ReadFile(thread)
		if err != nil {
			continue // it has ended
		}
		_, after, _ := strings.Cut(string(stat), ") ")
		fmt.Println("nice", strings.Fields(after)[16])
	}
	var all [][]byte
	for {
		block := make([]byte, 16<<20)
		for i := 0; i < len(block); i += 4096 {
			block[i] = 1
		}
		all = append(all, block)
		fmt.Println("took", len(all)*16)
	}
}

// TestShare: what the owner lets work take is what the child is told, whatever the environment says.
func TestShare(t *testing.T) {
	t.Setenv(echoChild, "1")
	t.Setenv("GOMAXPROCS", "7")
	out, err := share{cores: 3, memory: 5 << 30}.child(t.Context(), os.Args[0], "v1", trainerFlags{name: "torch", device: "cpu"}, "/there").Output()
	if want := "3 task --memory 5368709120 --code v1 /there --trainer=torch --device=cpu --bf16=false --modules=false\n"; err != nil || string(out) != want {
		t.Errorf("%v: %q, want %q", err, out, want)
	}
}

// TestLimits has a child take what it may not: it ends itself, and all of it has low priority before.
func TestLimits(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), limitedChild+"=1")
	var out, failed bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &failed
	if err := cmd.Run(); err == nil || !strings.Contains(failed.String(), "out of memory") {
		t.Errorf("it ended with %v: %.300s", err, failed.String())
	}
	if group, err := syscall.Getpgid(os.Getpid()); err != nil || group == cmd.Process.Pid {
		t.Errorf("the test is in the child's group: %v", err)
	}
	threads, most := 0, 0
	for line := range strings.Lines(out.String()) {
		what, number, _ := strings.Cut(strings.TrimSpace(line), " ")
		n, err := strconv.Atoi(number)
		if err != nil {
			t.Fatal(err)
		}
		switch what {
		case "nice":
			threads++
			if n < niceness {
				t.Errorf("a thread has the niceness %d", n)
			}
		case "took":
			most = n
		}
	}
	if threads < 2 || most < 100 || most > 256 {
		t.Errorf("%d threads, and %d MiB were taken", threads, most)
	}
}
