package bench

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/store"
)

// serverFolder names the data folder to a process that is only a server.
const serverFolder = "TASKNET_TEST_BENCH_SERVER"

func TestMain(m *testing.M) {
	data := os.Getenv(serverFolder)
	if data == "" {
		os.Exit(m.Run())
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	if err := Serve(ctx, data, "", os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// inProcessOfItsOwn starts the server in a process that can be killed.
func inProcessOfItsOwn(ctx context.Context, data, _ string) (string, int, func() error, error) {
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), serverFolder+"="+data)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return "", 0, nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", 0, nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", 0, nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	return strings.TrimSpace(line), cmd.Process.Pid, func() error { in.Close(); return cmd.Wait() }, err
}

// TestPhonesLoseNothing: 0 lost and 0 doubled over a network that drops 30 of 100 requests, to a server that is killed.
func TestPhonesLoseNothing(t *testing.T) {
	crowd := Crowd{Phones: 160, Answers: 6600, Drop: 0.3, KillEvery: 3 * time.Second}
	if os.Getenv("TASKNET_TEST_LONG") != "" {
		crowd = Crowd{Phones: 504, Answers: 100_000, Drop: 0.3, KillEvery: 3 * time.Second}
	}
	cfg := Config{Data: t.TempDir(), Start: inProcessOfItsOwn}
	got, err := Phones(t.Context(), cfg, crowd)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", got)
	if n := crowd.Answers; got.Sent != n || got.Acknowledged != n || got.Stored != n || got.Lost != 0 || got.Doubled != 0 {
		t.Errorf("of %d answers: %+v", n, got)
	}
	if got.AnswerP50 <= 0 {
		t.Errorf("keeping an answer took %v ms", got.AnswerP50)
	}
	if got.Kills == 0 || got.Faults < crowd.Answers/3 {
		t.Errorf("nothing was survived: %+v", got)
	}

	// What is counted is what is there: with an answer that was never given, and one whose receipt is of another.
	if err := inStore(t.Context(), cfg, func(db *store.DB) error {
		questions, _, err := db.Polls().Questions(t.Context(), polls.QuestionFilter{}, tasknet.Page{Limit: 1})
		if err != nil {
			return err
		}
		answers, err := db.Polls().AnswersTo(t.Context(), questions[0].ID)
		if err != nil {
			return err
		}
		var again Survived
		err = again.count(t.Context(), db, questions, map[string]string{
			"asg_never": "", string(answers[0].Assignment): "", string(answers[1].Assignment): "00",
		})
		if again.Lost != 2 || again.Stored != len(answers) {
			t.Errorf("counted %+v of %d answers", again, len(answers))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
