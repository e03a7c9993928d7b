package bench

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/store"
)

// ImportSize is what a task costs when a project has some number of them.
type ImportSize struct {
	Tasks    int  `json:"tasks"`    // that the project counts in the end
	Import   Cost `json:"import"`   // of those that came since the size before
	Answer   Cost `json:"answer"`   // to be given out, answered, closed and paid, of the answered ones
	Pause    Cost `json:"pause"`    // and resumed, of all that are open
	Answered int  `json:"answered"` // how many tasks were answered at this size

	// What the project counts in the end, from its first task on.
	Closed int            `json:"closed"`
	Paid   tasknet.Amount `json:"paid"` // to the people who answered those that are closed
}

// Cost is what one task takes, in microseconds. On a machine that does other things as well, the time of the processor says
// more than that of the clock.
type Cost struct {
	Clock     float64 `json:"clock_us"`
	Processor float64 `json:"processor_us"`
}

// answeredEach is how many tasks are answered at each size.
const answeredEach = 1000

// Imports grows one project to each of some sizes, ascending, and measures at each of them: by the store and the pipeline
// of a server, without HTTP and signatures. cfg.Data is an empty folder.
func Imports(ctx context.Context, cfg Config, sizes []int) (report []ImportSize, err error) {
	target := store.Config{Path: filepath.Join(cfg.Data, "tasknet.db")}
	if cfg.DatabaseURL != "" {
		target = store.Config{URL: cfg.DatabaseURL}
	}
	db, err := store.Open(ctx, target)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	stopper := labeling.NewStopper(db.Labels())
	files := new(madeRows)
	p, err := pipeline.New(db, stopper, deaf{}, nil, pipeline.Config{Instance: instanceID, ChainID: 1, FeeBasisPoints: 1500, Files: files})
	if err != nil {
		return nil, err
	}
	running, stop := context.WithCancel(ctx)
	loops := new(errgroup.Group)
	loops.Go(func() error { return p.RunProjects(running) })
	loops.Go(func() error { return p.RunClosing(running) })
	defer func() {
		stop()
		err = errors.Join(err, loops.Wait())
	}()
	g := &growing{cfg: cfg, db: db, stopper: stopper, pipeline: p, files: files}
	if err := g.begin(ctx); err != nil {
		return nil, err
	}
	for _, size := range sizes {
		s, err := g.grow(ctx, size)
		if err != nil {
			return nil, err
		}
		report = append(report, s)
	}
	return report, nil
}

// instanceID is any instance's.
const instanceID = "5bd0a5c1e3f2476d8899aabbccddeeff00112233445566778899aabbccddeeff"

// deaf takes notices, and tells nobody.
type deaf struct{}

func (deaf) Publish(pipeline.Notice) {}

// madeRows makes the rows of imports up: from one number to another.
type madeRows struct{ from, to int }

func (m *madeRows) Write(context.Context, labeling.ImportID, int64, []byte) error { return nil }

func (m *madeRows) Rows(context.Context, *labeling.Import, *labeling.Project) iter.Seq2[labeling.TaskRow, error] {
	from, to := m.from, m.to
	return func(yield func(labeling.TaskRow, error) bool) {
		for i := from; i < to; i++ {
			if !yield(labeling.TaskRow{Line: i + 2, Key: fmt.Sprintf("messages/%09d.txt", i), Text: fmt.Sprintf("You have won phone number %d. Click here to claim it before midnight.", i)}, nil) {
				return
			}
		}
	}
}

func (m *madeRows) Remove(context.Context, labeling.ImportID) error { return nil }

// growing is a project that becomes larger.
type growing struct {
	cfg      Config
	db       *store.DB
	stopper  *labeling.Stopper
	pipeline *pipeline.Pipeline
	files    *madeRows
	project  *labeling.Project
	people   []polls.RespondentID
	nonces   int
}

func (g *growing) begin(ctx context.Context) error {
	now := time.Now()
	org, err := g.pipeline.NewOrg(ctx, "Bench")
	if err != nil {
		return err
	}
	if err := g.db.Rewards().Post(ctx, rewards.Credit(string(org.ID), "bench", tasknet.Micro(1_000_000*tasknet.MicroPerToken), now)); err != nil {
		return err
	}
	g.project, err = labeling.NewProject(labeling.ProjectDraft{
		Org: org.ID, Name: "Bench", Template: labeling.Template{Type: polls.YesNo, Text: "Is this spam?"}, Policy: polls.Policy{Kind: polls.Fixed, Min: 1, Max: 1},
		Price: price, Lifetime: labeling.TaskLifetimeDefault,
	}, now)
	if err != nil {
		return err
	}
	for i := range 10 {
		id := polls.RespondentID(tasknet.NewID(polls.RespondentPrefix, now))
		d := polls.Device{RegisteredAt: now, Delegation: polls.Delegation{Wallet: polls.Wallet{byte(i), 1}, Device: polls.DeviceKey{byte(i), 1}, Issued: now, Expires: now.Add(leaseTime)}}
		if _, err := g.db.Polls().Register(ctx, polls.Respondent{ID: id, Wallet: d.Wallet, CreatedAt: now}, d); err != nil {
			return err
		}
		if err := g.db.Rewards().SetPayee(ctx, string(id), rewards.Address(d.Wallet)); err != nil {
			return err
		}
		g.people = append(g.people, id)
	}
	return g.db.Projects().CreateProject(ctx, g.project)
}

func (g *growing) grow(ctx context.Context, size int) (ImportSize, error) {
	now, err := g.db.Projects().Project(ctx, g.project.ID)
	if err != nil {
		return ImportSize{}, err
	}
	before := now.Counts.Tasks
	if size <= before {
		return ImportSize{}, fmt.Errorf("bench: the sizes do not ascend: %d after %d", size, before)
	}
	began := startClock()
	if err := g.importTo(ctx, before, size); err != nil {
		return ImportSize{}, fmt.Errorf("import: %w", err)
	}
	out := ImportSize{Import: began.perTask(size - before), Answered: min(answeredEach, size/2)}
	began = startClock()
	if err := g.answer(ctx, out.Answered); err != nil {
		return out, fmt.Errorf("answer: %w", err)
	}
	out.Answer = began.perTask(out.Answered)
	began = startClock()
	for _, move := range []func(*labeling.Project) error{(*labeling.Project).Pause, (*labeling.Project).Resume} {
		if _, err := g.pipeline.ChangeProject(ctx, g.project.Org, g.project.ID, move); err != nil {
			return out, err
		}
		if err := g.until(ctx, "pausing", size, func(p *labeling.Project) (int, bool) { return 0, p.Work == labeling.NoWork }); err != nil {
			return out, err
		}
	}
	out.Pause = began.perTask(size - out.Answered)
	now, err = g.db.Projects().Project(ctx, g.project.ID)
	if err != nil {
		return out, err
	}
	out.Tasks, out.Closed, out.Paid = now.Counts.Tasks, now.Counts.Done, now.Counts.Paid
	return out, nil
}

// stopwatch is a moment, and what this process had used of the processor by then.
type stopwatch struct {
	at   time.Time
	used time.Duration
}

func startClock() stopwatch { return stopwatch{time.Now(), processorTime()} }

func (s stopwatch) perTask(tasks int) Cost {
	return Cost{float64(time.Since(s.at).Microseconds()) / float64(tasks), float64((processorTime() - s.used).Microseconds()) / float64(tasks)}
}

// processorTime is what this process has used of the processor, for itself and in the system for it.
func processorTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func (g *growing) importTo(ctx context.Context, from, to int) error {
	g.files.from, g.files.to = from, to
	var i *labeling.Import
	err := g.db.InTx(ctx, func(tx pipeline.Tx) (err error) {
		i, err = g.pipeline.NewImport(ctx, tx, g.project.Org, g.project.ID, "made.csv")
		return err
	})
	if err != nil {
		return err
	}
	if i, err = g.pipeline.ReceiveImport(ctx, i, 0, []byte("rows")); err != nil {
		return err
	}
	if _, err := g.pipeline.StartImport(ctx, i); err != nil {
		return err
	}
	return g.until(ctx, "importing", to, func(p *labeling.Project) (int, bool) { return p.Counts.Tasks, p.Imports == 0 })
}

// until waits for a project to be as it should.
func (g *growing) until(ctx context.Context, what string, of int, done func(*labeling.Project) (int, bool)) error {
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	for {
		p, err := g.db.Projects().Project(ctx, g.project.ID)
		if err != nil {
			return err
		}
		n, over := done(p)
		g.cfg.tell(what, n, of)
		if over {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-look.C:
		}
	}
}

// answer has people take tasks and answer them, and waits until all of those are closed.
func (g *growing) answer(ctx context.Context, n int) error {
	now, err := g.db.Projects().Project(ctx, g.project.ID)
	if err != nil {
		return err
	}
	want := now.Counts.Done + n
	for done := 0; done < n; {
		by := g.people[(done/10)%len(g.people)]
		at := time.Now().UTC().Truncate(time.Millisecond)
		leases, err := g.db.Polls().ClaimAssignments(ctx, polls.Claim{Respondent: by, Count: min(10, n-done), At: at, ExpiresAt: at.Add(leaseTime), Margin: 1})
		if err != nil {
			return err
		}
		if len(leases) == 0 {
			return fmt.Errorf("%d tasks were answered, and no other can be", done)
		}
		batch := &polls.Batch{Instance: instanceID, At: at}
		for _, l := range leases {
			if err := g.stopper.Prepare(ctx, l.Question); err != nil {
				return err
			}
			g.nonces++
			batch.Submissions = append(batch.Submissions, &polls.Submission{Question: l.Question, Answer: polls.Answer{
				Question: l.Question.ID, Assignment: l.Assignment.ID, Respondent: by, Choice: g.nonces % 2, Nonce: fmt.Sprintf("%032x", g.nonces), ClientMS: at.UnixMilli(),
			}})
		}
		if err := g.db.Polls().RecordAnswers(ctx, batch, g.stopper); err != nil {
			return err
		}
		for _, s := range batch.Submissions {
			if s.Err != nil {
				return s.Err
			}
		}
		g.pipeline.Recorded(batch.Touched)
		done += len(leases)
	}
	return g.until(ctx, "answering", want, func(p *labeling.Project) (int, bool) { return p.Counts.Done, p.Counts.Done == want })
}
