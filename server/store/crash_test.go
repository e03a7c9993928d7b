package store

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/polls/pollstest"
	"github.com/tasknet/tasknet/server/pipeline"
)

// crashPath and crashURL are set in the environment of the child that TestCrash kills.
const (
	crashPath = "TASKNET_TEST_CRASH_PATH"
	crashURL  = "TASKNET_TEST_CRASH_URL"
)

func TestMain(m *testing.M) {
	if cfg := (Config{Path: os.Getenv(crashPath), URL: os.Getenv(crashURL)}); cfg != (Config{}) {
		if err := crashChild(context.Background(), cfg); err != nil {
			fmt.Println("failed:", err)
			os.Exit(1)
		}
		return
	}
	code := m.Run()
	if postgresTemplate != "" {
		if err := dropPostgres(postgresTemplate); err != nil {
			fmt.Println("drop the template:", err)
			code = 1
		}
	}
	os.Exit(code)
}

// crashChild records answers until it is killed. It prints each that it was told is durable, by its question, and the id.
func crashChild(ctx context.Context, cfg Config) error {
	db, err := Open(ctx, cfg)
	if err != nil {
		return err
	}
	var print sync.Mutex
	failed := make(chan error)
	for range 8 {
		go func() { failed <- crashWorker(ctx, db, &print) }()
	}
	return <-failed
}

func crashWorker(ctx context.Context, db *DB, print *sync.Mutex) error {
	for {
		now := time.Now().UTC().Truncate(time.Millisecond)
		org := polls.Org{ID: polls.OrgID(tasknet.NewID(polls.OrgPrefix, now)), Name: "Crash", CreatedAt: now}
		id := polls.RespondentID(tasknet.NewID(polls.RespondentPrefix, now))
		d := polls.Device{Delegation: polls.Delegation{Issued: now, Expires: now.Add(time.Hour)}}
		copy(d.Wallet[:], id[6:])
		copy(d.Device[:], id)
		q, err := polls.NewQuestion(polls.Draft{
			Org: org.ID, Type: polls.Choice, Text: "?", Choices: []string{"a", "b"}, Policy: polls.Policy{Kind: polls.Fixed, Min: 1, Max: 1},
			Price: tasknet.Micro(1), Lifetime: time.Hour,
		}, pollstest.Instance, now)
		if err != nil {
			return err
		}
		err = db.InTx(ctx, func(tx pipeline.Tx) error {
			if err := tx.Polls().CreateOrg(ctx, org); err != nil {
				return err
			}
			if _, err := tx.Polls().Register(ctx, polls.Respondent{ID: id, Wallet: d.Wallet, CreatedAt: now}, d); err != nil {
				return err
			}
			return tx.Polls().CreateQuestions(ctx, q)
		})
		if err != nil {
			return err
		}
		leases, err := db.Polls().ClaimAssignments(ctx, polls.Claim{Respondent: id, Question: q.ID, Count: 1, At: now, ExpiresAt: now.Add(time.Hour)})
		if err != nil {
			return err
		}
		s := &polls.Submission{Question: q, Answer: polls.Answer{Question: q.ID, Assignment: leases[0].Assignment.ID, Respondent: id, Nonce: strings.Repeat("0", 32)}}
		b := &polls.Batch{Instance: pollstest.Instance, At: now, Submissions: []*polls.Submission{s}}
		if err := db.Polls().RecordAnswers(ctx, b, pollstest.Count{}); err != nil {
			return err
		}
		if s.Err != nil {
			return s.Err
		}
		print.Lock()
		fmt.Println(q.ID, s.Answer.ID, b.Commit.ID)
		print.Unlock()
	}
}

// TestCrash kills a process that records answers, several times, and finds every answer that it was told is durable.
func TestCrash(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		cfg := config(t)
		var told [][3]string
		for range 3 {
			child := exec.CommandContext(t.Context(), os.Args[0])
			child.Env = append(os.Environ(), crashPath+"="+cfg.Path, crashURL+"="+cfg.URL)
			child.Stderr = os.Stderr
			out, err := child.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := child.Start(); err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewScanner(out)
			for n := 0; lines.Scan(); n++ {
				ids := strings.Fields(lines.Text())
				if len(ids) != 3 || ids[0] == "failed:" {
					t.Fatal(lines.Text())
				}
				told = append(told, [3]string(ids))
				if n == 60 {
					if err := child.Process.Kill(); err != nil {
						t.Fatal(err)
					}
				}
			}
			if err := child.Wait(); err == nil {
				t.Fatal("the child ended before it was killed")
			}
		}
		db := open(t, cfg)
		for _, ids := range told {
			answers, err := db.Polls().AnswersTo(t.Context(), polls.QuestionID(ids[0]))
			if err != nil || len(answers) != 1 || string(answers[0].ID) != ids[1] || string(answers[0].Receipt) != ids[2] {
				t.Errorf("answer %s to %s: %+v, %v", ids[1], ids[0], answers, err)
			}
			q, err := db.Polls().Question(t.Context(), polls.QuestionID(ids[0]))
			if err != nil || q.Answers != 1 || q.Status != polls.Closing {
				t.Errorf("question %s: %+v, %v", ids[0], q, err)
			}
			if _, err := db.Polls().Commit(t.Context(), polls.ReceiptID(ids[2])); err != nil {
				t.Errorf("commit %s: %v", ids[2], err)
			}
		}
		// And what nobody was told is whole or not there.
		if answers, events := count(t, db, "answers"), len(allAccepted(t, db)); answers != events || answers < len(told) {
			t.Errorf("%d answers and %d events, %d told", answers, events, len(told))
		}
	})
}

// allAccepted returns all accepted answers by the events.
func allAccepted(t *testing.T, db *DB) (events []pipeline.Event) {
	t.Helper()
	page := tasknet.Page{Limit: tasknet.PageLimitMax}
	for {
		orgs, next, err := db.Polls().Orgs(t.Context(), page)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range orgs {
			events = append(events, follow(t, db, o.ID, pipeline.AnswerAccepted)...)
		}
		if next == "" {
			return events
		}
		page.After = next
	}
}
