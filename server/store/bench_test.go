package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/polls/pollstest"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/pipeline"
)

// benchBackends runs a benchmark in batches of several sizes on SQLite, and on PostgreSQL when TASKNET_TEST_POSTGRES_URL
// names a database. Its times are those of one answer.
func benchBackends(b *testing.B, bench func(b *testing.B, cfg Config, size int)) {
	for _, backend := range []struct {
		name   string
		config func(testing.TB) Config
	}{{"sqlite", sqliteConfig}, {"postgres", postgresConfig}} {
		for _, size := range []int{1, 64, 256} {
			b.Run(backend.name+"/"+strconv.Itoa(size), func(b *testing.B) {
				if backend.name == "postgres" && os.Getenv("TASKNET_TEST_POSTGRES_URL") == "" {
					b.Skip("TASKNET_TEST_POSTGRES_URL is not set")
				}
				bench(b, backend.config(b), size)
			})
		}
	}
}

// crowd are people with leases, and their answers.
type crowd struct {
	db       *DB
	now      time.Time
	people   []polls.RespondentID
	prepared []*polls.Submission
}

// newCrowd prepares n leases by people on questions that want answersEach answers, written directly: claims are
// measured elsewhere.
func newCrowd(b *testing.B, cfg Config, n, people, answersEach int) *crowd {
	b.Helper()
	ctx := context.Background()
	c := &crowd{db: open(b, cfg), now: time.Now().UTC().Truncate(time.Millisecond)}
	org := polls.Org{ID: polls.OrgID(tasknet.NewID(polls.OrgPrefix, c.now)), Name: "Bench", CreatedAt: c.now}
	fatal(b, c.db.Polls().CreateOrg(ctx, org))
	for i := range people {
		c.people = append(c.people, polls.RespondentID(tasknet.NewID(polls.RespondentPrefix, c.now)))
		d := polls.Device{Delegation: polls.Delegation{Wallet: polls.Wallet{byte(i), byte(i >> 8), byte(i >> 16)}, Device: polls.DeviceKey{byte(i), byte(i >> 8), byte(i >> 16)}, Issued: c.now, Expires: c.now}}
		_, err := c.db.Polls().Register(ctx, polls.Respondent{ID: c.people[i], Wallet: d.Wallet}, d)
		fatal(b, err)
	}
	var q *polls.Question
	var asked []*polls.Question
	var statements []statement
	at := 0
	for i := range n {
		if i%answersEach == 0 {
			at = rand.IntN(people)
			var err error
			q, err = polls.NewQuestion(polls.Draft{
				Org: org.ID, Type: polls.Choice, Text: "Is there a heron in this picture?", Choices: []string{"yes", "no"},
				Policy: polls.Policy{Kind: polls.Fixed, Min: answersEach + 1, Max: answersEach + 1}, Price: tasknet.Micro(18_000), Fee: tasknet.Micro(2_700), Lifetime: 24 * time.Hour,
			}, pollstest.Instance, c.now.Add(time.Duration(i)*time.Millisecond))
			fatal(b, err)
			asked = append(asked, q)
		}
		at = (at + 1) % people
		s := &polls.Submission{Question: q, Answer: polls.Answer{
			Question: q.ID, Assignment: polls.AssignmentID(tasknet.NewID(polls.AssignmentPrefix, c.now.Add(time.Duration(i)*time.Millisecond))), Respondent: c.people[at],
			Choice: i % 2, Nonce: fmt.Sprintf("%032x", i), ClientMS: c.now.UnixMilli(),
		}}
		c.prepared = append(c.prepared, s)
		statements = append(statements, statement{
			`INSERT INTO assignments (` + assignmentColumns + `, listed) VALUES ($1, $2, $3, 'open', $4, $5, '', 1)`,
			[]any{s.Answer.Assignment, q.ID, s.Answer.Respondent, micros(c.now), micros(c.now.Add(time.Hour))},
		})
		if len(statements) == 1000 || i == n-1 {
			fatal(b, c.db.backend.write(ctx, func(db querier) error {
				for _, q := range asked {
					if err := (pollStore{within{db}}).CreateQuestions(ctx, q); err != nil {
						return err
					}
				}
				_, err := db.execAll(ctx, statements)
				return err
			}))
			asked, statements = asked[:0], statements[:0]
		}
	}
	if cfg.URL != "" {
		fatal(b, c.db.backend.read(ctx, func(db querier) error {
			_, err := db.exec(ctx, "ANALYZE")
			return err
		}))
	}
	return c
}

func fatal(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkRecordAnswers records answers by 1,000 people, ten to a question, one question after the other.
func BenchmarkRecordAnswers(b *testing.B) {
	benchBackends(b, func(b *testing.B, cfg Config, size int) {
		c := newCrowd(b, cfg, b.N, 1000, 10)
		c.record(b, size)
	})
}

// BenchmarkRecordAnswersSpread is the worst case: a thousand questions are answered at once, in no order.
func BenchmarkRecordAnswersSpread(b *testing.B) {
	benchBackends(b, func(b *testing.B, cfg Config, size int) {
		c := newCrowd(b, cfg, b.N, 1000, 10)
		for block := range slices.Chunk(c.prepared, 10_000) {
			rand.Shuffle(len(block), func(i, j int) { block[i], block[j] = block[j], block[i] })
		}
		c.record(b, size)
	})
}

func (c *crowd) record(b *testing.B, size int) {
	b.Helper()
	ctx := b.Context()
	started := cpuTime()
	b.ResetTimer()
	for submissions := range slices.Chunk(c.prepared, size) {
		batch := &polls.Batch{Instance: pollstest.Instance, At: c.now, Submissions: submissions}
		fatal(b, c.db.Polls().RecordAnswers(ctx, batch, pollstest.Count{}))
		if len(batch.Accepted) != len(batch.Submissions) {
			b.Fatalf("%d of %d accepted: %v", len(batch.Accepted), len(batch.Submissions), batch.Submissions[0].Err)
		}
	}
	b.StopTimer()
	b.ReportMetric(float64((cpuTime()-started).Nanoseconds())/float64(b.N), "cpu-ns/op")
}

// BenchmarkBare inserts unsigned answers and checks nothing: what RecordAnswers is measured against.
func BenchmarkBare(b *testing.B) {
	benchBackends(b, func(b *testing.B, cfg Config, size int) {
		bare, err := NewBare(b.Context(), open(b, cfg))
		fatal(b, err)
		now := time.Now()
		rows := make([]BareRow, b.N)
		question := ""
		for i := range rows {
			if i%10 == 0 {
				question = tasknet.NewID(polls.QuestionPrefix, now.Add(time.Duration(i)*time.Millisecond))
			}
			rows[i] = BareRow{question, tasknet.NewID(polls.RespondentPrefix, now), i % 2}
		}
		started := cpuTime()
		b.ResetTimer()
		for part := range slices.Chunk(rows, size) {
			fatal(b, bare.InsertBare(b.Context(), part))
		}
		b.StopTimer()
		b.ReportMetric(float64((cpuTime()-started).Nanoseconds())/float64(b.N), "cpu-ns/op")
	})
}

// cpuTime returns the processor time that this process has used; PostgreSQL's is not in it.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkClaim claims one more lease, holding some tens, among 100,000 open questions, by people who have answered thousands of
// those with the oldest deadlines. Its time is one claim's.
func BenchmarkClaim(b *testing.B) {
	for _, answered := range []int{0, 1000, 5000} {
		b.Run("answered="+strconv.Itoa(answered), func(b *testing.B) {
			c := newCrowd(b, sqliteConfig(b), 100_000, 1, 1)
			ctx := b.Context()
			r := polls.RespondentID(tasknet.NewID(polls.RespondentPrefix, c.now))
			_, err := c.db.Polls().Register(ctx, polls.Respondent{ID: r, Wallet: polls.Wallet{9, 9, 9}}, polls.Device{Delegation: polls.Delegation{Wallet: polls.Wallet{9, 9, 9}, Device: polls.DeviceKey{9, 9, 9}}})
			fatal(b, err)
			claim := polls.Claim{Respondent: r, Count: max(answered, 1), At: c.now, ExpiresAt: c.now.Add(time.Hour), Margin: 1}
			_, err = c.db.Polls().ClaimAssignments(ctx, claim)
			fatal(b, err)
			fatal(b, c.db.backend.write(ctx, func(q querier) error {
				_, err := q.exec(ctx, "UPDATE assignments SET status = 'skipped' WHERE respondent = $1", r)
				return err
			}))
			claim.Count = 10
			_, err = c.db.Polls().ClaimAssignments(ctx, claim) // tidies up
			fatal(b, err)
			b.ResetTimer()
			for i := range b.N {
				claim.Count = 11 + i
				leases, err := c.db.Polls().ClaimAssignments(ctx, claim)
				fatal(b, err)
				if len(leases) != claim.Count {
					b.Fatalf("%d leases, want %d", len(leases), claim.Count)
				}
			}
		})
	}
}

// BenchmarkKeptClaim claims ten leases, which are over at once, by somebody from whom questions are kept: who is asked one
// in twenty, and who has had all tasks of the project that the oldest half is of; and where a tenth or a thousandth are
// golds. Its time is one claim's.
func BenchmarkKeptClaim(b *testing.B) {
	for kept, texts := range map[string][]string{
		"nothing": nil,
		"share":   {`INSERT INTO shares (family, respondent, share) VALUES ($2, $1, 50)`},
		"full": {
			`UPDATE questions SET project = 'prj_a' WHERE id <= $4`,
			`INSERT INTO projects (id, org, name, instructions, examples, type, text, choices, options, policy, min, max, price, lifetime, gold_ppm, languages, created_at, most_per_person)
				VALUES ('prj_a', $3, '', '', '[]', 'choice', '', '[]', '', 'fixed:1', 1, 1, 1, 1, 0, '[]', 0, 7)`,
			`INSERT INTO taken (respondent, project, tasks) VALUES ($1, 'prj_a', 7)`,
		},
		"golds":      {`INSERT INTO golds (question, choice, state, at, scope) SELECT id, 0, 'hidden', 0, org FROM questions WHERE substr(id, 28, 1) IN ('0', '1', '2')`},
		"rare golds": {`INSERT INTO golds (question, choice, state, at, scope) SELECT id, 0, 'hidden', 0, org FROM questions WHERE substr(id, 27, 2) = '00'`},
	} {
		for _, open := range []int{1000, 10_000, 100_000} {
			b.Run(fmt.Sprintf("%s/open=%d", kept, open), func(b *testing.B) {
				c := newCrowd(b, sqliteConfig(b), open, 1, 1)
				ctx := b.Context()
				r := polls.RespondentID(tasknet.NewID(polls.RespondentPrefix, c.now))
				_, err := c.db.Polls().Register(ctx, polls.Respondent{ID: r, Wallet: polls.Wallet{9, 9, 9}}, polls.Device{Delegation: polls.Delegation{Wallet: polls.Wallet{9, 9, 9}, Device: polls.DeviceKey{9, 9, 9}}})
				fatal(b, err)
				q := c.prepared[open/2].Question
				family, _, err := labeling.FamilyOf(q.Org, q.Project, q.Type, q.Choices)
				fatal(b, err)
				for _, text := range texts {
					told := strings.NewReplacer("$1", "'"+string(r)+"'", "$2", "'"+string(family)+"'", "$3", "'"+string(q.Org)+"'", "$4", "'"+string(q.ID)+"'").Replace(text)
					fatal(b, c.db.backend.write(ctx, func(db querier) error {
						_, err := db.exec(ctx, told)
						return err
					}))
				}
				c.now = c.now.Add(time.Duration(open) * time.Millisecond) // all are asked
				b.ResetTimer()
				for i := range b.N {
					c.now = c.now.Add(time.Millisecond)
					_, err := c.db.Polls().ClaimAssignments(ctx, polls.Claim{Respondent: r, Count: 10, At: c.now, ExpiresAt: c.now.Add(time.Millisecond), Margin: 1, Draw: i * 7919 % 1_000_000})
					fatal(b, err)
				}
			})
		}
	}
}

// BenchmarkClose closes questions of ten answers, 64 to a transaction, as the pipeline does: a verdict and a settlement
// with thirteen entries each. Its time is one question's.
func BenchmarkClose(b *testing.B) {
	benchBackends(b, func(b *testing.B, cfg Config, size int) {
		c := newCrowd(b, cfg, 10*b.N, 1000, 10)
		c.record(b, 512)
		ctx := b.Context()
		questions := make([]*polls.Question, b.N)
		for i := range questions {
			questions[i] = c.prepared[10*i].Question
		}
		fatal(b, c.db.Rewards().Post(ctx, rewards.Credit(string(questions[0].Org), "0x:0", tasknet.Micro(1_000_000*int64(b.N)), c.now)))
		fatal(b, c.db.InTx(ctx, func(tx pipeline.Tx) error {
			for _, q := range questions {
				if err := tx.Rewards().Post(ctx, rewards.Hold(string(q.Org), string(q.ID), tasknet.Micro(1_000_000), c.now)); err != nil {
					return err
				}
			}
			return nil
		}))
		started := cpuTime()
		b.ResetTimer()
		for part := range slices.Chunk(questions, size) {
			fatal(b, c.db.InTx(ctx, func(tx pipeline.Tx) error {
				for _, q := range part {
					if err := closeQuestion(ctx, tx, q.ID, c.now); err != nil {
						return err
					}
				}
				return nil
			}))
		}
		b.StopTimer()
		b.ReportMetric(float64((cpuTime()-started).Nanoseconds())/float64(b.N), "cpu-ns/op")
	})
}

func closeQuestion(ctx context.Context, tx pipeline.Tx, id polls.QuestionID, at time.Time) error {
	q, err := tx.Polls().LockQuestion(ctx, id)
	if err != nil {
		return err
	}
	answers, err := tx.Polls().AnswersTo(ctx, id)
	if err != nil {
		return err
	}
	if _, _, err := tx.Labels().Worthless(ctx, id); err != nil {
		return err
	}
	if _, err := tx.Labels().Newcomers(ctx, id); err != nil {
		return err
	}
	bill := rewards.Bill{Org: string(q.Org), Cause: string(id), Hold: tasknet.Micro(1_000_000), Fee: tasknet.Micro(27_000)}
	for _, a := range answers {
		bill.Pays = append(bill.Pays, rewards.Pay{Payee: string(a.Respondent), Amount: q.Price})
	}
	settlement, err := rewards.Settle(bill, at)
	if err != nil {
		return err
	}
	verdict := &labeling.Verdict{ID: "vrd", Question: id, Outcome: labeling.Decided, Posterior: []int{1, 1}, Counts: q.Counts, Answers: len(answers), At: at}
	return errors.Join(
		tx.Labels().SaveVerdict(ctx, verdict),
		tx.Rewards().Post(ctx, settlement.Transaction),
		tx.Polls().CloseQuestion(ctx, id, at),
		tx.Events().Append(ctx, pipeline.Event{Kind: pipeline.QuestionClosed, Org: q.Org, Question: id, Subject: string(verdict.ID), At: at}),
	)
}
