package replay

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/verify"
	"github.com/tasknet/tasknet/server/wire"
)

// Config is a replay.
type Config struct {
	Client    *client.Client // patient enough for a server that is restarted on the way
	Requester *client.Requester
	Answers   []Answer
	Truth     map[string]string // by question; those without one do not count for the accuracy
	Quorum    wire.Quorum

	// Seed decides the order of the answers and the keys of the workers. Another one makes other people of them.
	Seed uint64

	// Rate is how many answers are given in a second. Default: as many as the server takes.
	Rate float64

	// Concurrency is how many answers are under way at once. Default 64.
	Concurrency int

	// PayPatience is for how long nothing may change while the last pay is on its way to the chain. It must be longer
	// than the server's epochs. Default 5 minutes.
	PayPatience time.Duration

	// Progress is told how far the replay is, by many goroutines, one at a time. Default: nobody is told.
	Progress func(Progress)
}

// Stage is a part of a replay.
type Stage string

// The stages, in order.
const (
	Asking    Stage = "asking"
	Answering Stage = "answering"
	Closing   Stage = "closing"
	Paying    Stage = "paying"
	Verifying Stage = "verifying"
)

// Progress says how far a stage is.
type Progress struct {
	Stage    Stage
	Done, Of int
}

// Report is what a replay measured.
type Report struct {
	Questions       int      `json:"questions"`
	Closed          int      `json:"closed"`
	Accuracy        *float64 `json:"accuracy"` // null without truths
	AnswersUsed     int      `json:"answers_used"`
	VerdictP50      float64  `json:"verdict_ms_p50"` // from the reply to the last answer to the closing event
	VerdictP99      float64  `json:"verdict_ms_p99"`
	RespondentsPaid int      `json:"respondents_paid"`
	PaidMicro       int64    `json:"paid_micro"`
	Gas             int64    `json:"gas"`
	Verified        bool     `json:"verified"`

	NotNeeded int            `json:"-"` // answers of the file without which their question closed
	Cancelled int            `json:"-"` // questions that had too few answers to close by themselves
	Elapsed   time.Duration  `json:"-"` // of the answering
	Records   verify.Report  `json:"-"`
	Paid      tasknet.Amount `json:"-"`
}

// Errors of a replay.
var (
	ErrStuck   = tasknet.NewError(tasknet.Conflict, "replay_stuck", "Other people hold the questions of this replay and do not answer them; start it again later.")
	ErrNotPaid = tasknet.NewError(tasknet.Unavailable, "not_paid", "The pay does not arrive on the chain; look at the server's log.")
)

const (
	defaultConcurrency = 64
	defaultPayPatience = 5 * time.Minute

	// stuckAfter is for how long no answer may be taken.
	stuckAfter = 60 * time.Second

	// faucetMost is what the faucet gives at once.
	faucetMost = 1000 * tasknet.MicroPerToken
)

// Run replays. When the records of the server do not fit, the report is whole and the error is a verify.Mismatch.
func Run(ctx context.Context, cfg Config) (Report, error) {
	if cfg.Concurrency == 0 {
		cfg.Concurrency = defaultConcurrency
	}
	if cfg.PayPatience == 0 {
		cfg.PayPatience = defaultPayPatience
	}
	if cfg.Progress == nil {
		cfg.Progress = func(Progress) {}
	}
	r := newReplay(cfg)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	connected, listened := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(listened)
		if err := r.listen(ctx, sync.OnceFunc(func() { close(connected) })); err != nil {
			cancel(err)
		}
	}()
	err := r.run(ctx, connected)
	if err != nil && ctx.Err() != nil {
		err = cmp.Or(context.Cause(ctx), err)
	}
	cancel(nil)
	<-listened
	return r.report, err
}

// replay is one run.
type replay struct {
	cfg       Config
	choices   []string
	questions []*question
	byID      map[string]*question // set when all are asked
	jobs      []job
	workers   map[string]*worker
	report    Report

	fund sync.Mutex // held while money is fetched

	mu      sync.Mutex // guards all below, and what says so
	stage   Progress
	takenAt time.Time // when an answer was last taken
}

// question is a question of the file, and what became of it.
type question struct {
	name string
	id   string

	closed    *wire.Question // guarded by replay.mu
	closedAt  time.Time      // guarded by replay.mu: when the event came; zero when another reply told
	lastReply time.Time      // guarded by replay.mu: to an answer
}

// job is an answer that is to be given.
type job struct {
	question *question
	worker   *worker
	choice   int
}

// worker is somebody who answers.
type worker struct {
	name string

	mu       sync.Mutex // held while they sign in, or their answers are listed
	person   *client.Respondent
	answered map[string]bool // guarded by mu: questions, as the server knew when it was first asked
}

func newReplay(cfg Config) *replay {
	r := &replay{cfg: cfg, choices: labelsOf(cfg.Answers), workers: make(map[string]*worker)}
	questions := make(map[string]*question)
	for _, a := range cfg.Answers {
		if questions[a.Question] == nil {
			questions[a.Question] = &question{name: a.Question}
			r.questions = append(r.questions, questions[a.Question])
		}
		if r.workers[a.Worker] == nil {
			r.workers[a.Worker] = &worker{name: a.Worker}
		}
		r.jobs = append(r.jobs, job{questions[a.Question], r.workers[a.Worker], slices.Index(r.choices, a.Label)})
	}
	random := rand.New(rand.NewPCG(cfg.Seed, 0x7461736b6e6574))
	random.Shuffle(len(r.jobs), func(i, j int) { r.jobs[i], r.jobs[j] = r.jobs[j], r.jobs[i] })
	r.report.Questions = len(r.questions)
	return r
}

func (r *replay) run(ctx context.Context, connected <-chan struct{}) error {
	epochs, err := r.countEpochs(ctx)
	if err != nil {
		return err
	}
	select {
	case <-connected:
	case <-ctx.Done():
		return ctx.Err()
	}
	for _, stage := range []func(context.Context) error{r.ask, r.answer, r.close} {
		if err := stage(ctx); err != nil {
			return err
		}
	}
	r.judge()
	if err := r.awaitPay(ctx); err != nil {
		return err
	}
	for e, err := range r.cfg.Client.Epochs(ctx) {
		if err != nil {
			return err
		}
		if e.Number > epochs {
			r.report.Gas += e.Gas
		}
	}
	return r.verify(ctx)
}

func (r *replay) countEpochs(ctx context.Context) (last int64, err error) {
	for e, err := range r.cfg.Client.Epochs(ctx) {
		if err != nil {
			return 0, err
		}
		last = e.Number
	}
	return last, nil
}

// begin starts a stage, and step tells that another of its parts is done.
func (r *replay) begin(stage Stage, of int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stage = Progress{Stage: stage, Of: of}
	r.cfg.Progress(r.stage)
}

func (r *replay) step() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stage.Done++
	r.cfg.Progress(r.stage)
}

// each runs f for every item, some at a time.
func each[T any](ctx context.Context, items []T, at int, f func(context.Context, T) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(at)
	for _, item := range items {
		if ctx.Err() != nil {
			break
		}
		g.Go(func() error { return f(ctx, item) })
	}
	return g.Wait()
}

// ask asks every question. The idempotency keys follow from what is asked, so that a replay that is started again goes
// on with the questions of the one before.
func (r *replay) ask(ctx context.Context) error {
	r.begin(Asking, len(r.questions))
	err := each(ctx, r.questions, min(r.cfg.Concurrency, 16), func(ctx context.Context, q *question) error {
		defer r.step()
		ask := wire.Ask{Text: q.name, Choices: r.choices, Quorum: r.cfg.Quorum}
		sum, err := tasknet.Hash("tasknet/replay/v1", []any{strconv.FormatUint(r.cfg.Seed, 10), ask})
		if err != nil {
			return err
		}
		key := "replay-" + hex.EncodeToString(sum[:16])
		asked, err := r.cfg.Requester.Ask(ctx, ask, key)
		for errors.Is(err, rewards.ErrInsufficient) {
			if err = r.fetchMoney(ctx, ask, key, &asked); err == nil {
				break
			}
		}
		if err != nil {
			return fmt.Errorf("ask %q: %w", q.name, err)
		}
		q.id = asked.ID
		return nil
	})
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.byID = make(map[string]*question, len(r.questions))
	for _, q := range r.questions {
		r.byID[q.id] = q
	}
	return nil
}

// fetchMoney asks again, alone, and has the faucet give what all questions may cost when it must.
func (r *replay) fetchMoney(ctx context.Context, ask wire.Ask, key string, asked *wire.Question) error {
	r.fund.Lock()
	defer r.fund.Unlock()
	var err error
	if *asked, err = r.cfg.Requester.Ask(ctx, ask, key); !errors.Is(err, rewards.ErrInsufficient) {
		return err // another one has fetched it, or something else is wrong
	}
	in, err := r.cfg.Client.Instance(ctx)
	if err != nil {
		return err
	}
	price, err := tasknet.ParseAmount(in.DefaultPrice)
	if err != nil {
		return err
	}
	policy, err := polls.ParsePolicy(r.cfg.Quorum.Policy, r.cfg.Quorum.Min, r.cfg.Quorum.Max)
	if err != nil {
		return err
	}
	cost, err := price.Add(price.BasisPoints(in.FeeBasisPts)).Times(policy.Max * len(r.questions))
	if err != nil {
		return err
	}
	before, err := r.cfg.Requester.Balance(ctx)
	if err != nil {
		return err
	}
	if err := r.cfg.Requester.Faucet(ctx, tasknet.Micro(min(cost.Micro(), faucetMost)), ""); err != nil {
		return err
	}
	for deadline := time.Now().Add(r.cfg.PayPatience); ; {
		now, err := r.cfg.Requester.Balance(ctx)
		if err != nil {
			return err
		}
		if now.Deposited.Cmp(before.Deposited) > 0 {
			*asked, err = r.cfg.Requester.Ask(ctx, ask, key)
			return err
		}
		if time.Now().After(deadline) {
			return ErrNotPaid
		}
		if err := client.Pause(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
}

// listen follows what happens to the questions.
func (r *replay) listen(ctx context.Context, connected func()) error {
	for e, err := range r.cfg.Requester.Events(ctx, "") {
		switch {
		case err != nil:
			return err
		case e.Kind == client.Connected:
			connected()
		case e.Kind == client.Closed:
			r.learn(e.Question, time.Now())
		}
	}
	return nil
}

// learn notes that a question is closed; at is when its event came. Closings that come while questions are being asked
// are those of others, or are learned of later.
func (r *replay) learn(closed wire.Question, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	q := r.byID[closed.ID]
	if q == nil {
		return
	}
	if q.closed == nil {
		q.closed = &closed
	}
	if q.closedAt.IsZero() {
		q.closedAt = at
	}
}

func (r *replay) isClosed(q *question) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return q.closed != nil
}

// answer gives all answers, in the order of the seed. Those for which too many others hold their question wait for the
// next round.
func (r *replay) answer(ctx context.Context) error {
	r.begin(Answering, len(r.jobs))
	start := time.Now()
	r.takenAt = start
	pace := newPace(r.cfg.Rate, start)
	jobs := r.jobs
	for round := 0; len(jobs) > 0; round++ {
		var later []job
		err := each(ctx, jobs, r.cfg.Concurrency, func(ctx context.Context, j job) error {
			if round == 0 {
				if err := pace.wait(ctx); err != nil {
					return err
				}
			}
			again, err := r.give(ctx, j)
			if err != nil {
				return fmt.Errorf("answer %q as %q: %w", j.question.name, j.worker.name, err)
			}
			if !again {
				r.step()
				return nil
			}
			r.mu.Lock()
			defer r.mu.Unlock()
			later = append(later, j)
			return nil
		})
		if err != nil {
			return err
		}
		if len(later) > 0 {
			r.mu.Lock()
			idle := time.Since(r.takenAt)
			r.mu.Unlock()
			if idle > stuckAfter {
				return ErrStuck
			}
			if err := client.Pause(ctx, min(time.Second, 20*time.Millisecond<<min(round, 6))); err != nil {
				return err
			}
		}
		jobs = later
	}
	r.report.Elapsed = time.Since(start)
	return nil
}

// give gives an answer. again says that it cannot be given now.
func (r *replay) give(ctx context.Context, j job) (again bool, err error) {
	if r.isClosed(j.question) {
		return false, nil
	}
	person, err := j.worker.signIn(ctx, r.cfg)
	if err != nil {
		return false, err
	}
	lease, err := person.Assignment(ctx, j.question.id)
	if errors.Is(err, polls.ErrNotAvailable) {
		return r.whyNot(ctx, j)
	}
	if err != nil {
		return false, err
	}
	_, err = person.Answer(ctx, lease, j.choice)
	now := time.Now()
	switch {
	case errors.Is(err, polls.ErrClosed):
		return false, nil
	case errors.Is(err, polls.ErrAnswered): // by the run before this one, which did not hear of it
	case err != nil:
		return false, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.takenAt = now
	if err == nil && now.After(j.question.lastReply) {
		j.question.lastReply = now
	}
	return false, nil
}

// whyNot finds out why a question is not available: it is closed, the worker has answered it in a run before, or others
// hold it just now.
func (r *replay) whyNot(ctx context.Context, j job) (again bool, err error) {
	q, err := r.cfg.Requester.Question(ctx, j.question.id)
	if err != nil {
		return false, err
	}
	if q.Status == string(polls.Closed) {
		r.learn(q, time.Time{})
	}
	if q.Status != string(polls.Open) {
		return false, nil
	}
	answered, err := j.worker.hasAnswered(ctx, j.question.id)
	return !answered, err
}

// signIn returns the client of a worker.
func (w *worker) signIn(ctx context.Context, cfg Config) (*client.Respondent, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.person != nil {
		return w.person, nil
	}
	secret := sha256.Sum256([]byte("tasknet replay " + strconv.FormatUint(cfg.Seed, 10)))
	keys, err := client.DeriveKeys(secret[:], w.name)
	if err != nil {
		return nil, err
	}
	person, err := cfg.Client.Respondent(ctx, keys)
	if err != nil {
		return nil, err
	}
	if _, err := person.Session(ctx, ""); err != nil {
		return nil, err
	}
	w.person = person
	return person, nil
}

// hasAnswered reports whether a worker had answered a question before this run, as the server knows.
func (w *worker) hasAnswered(ctx context.Context, question string) (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.answered == nil {
		all := make(map[string]bool)
		for a, err := range w.person.Answers(ctx) {
			if err != nil {
				return false, err
			}
			all[a.Question] = true
		}
		w.answered = all
	}
	return w.answered[question], nil
}

// close waits for the verdicts. A question to which the file has too few answers is cancelled: it closes with those.
func (r *replay) close(ctx context.Context) error {
	r.begin(Closing, len(r.questions))
	err := each(ctx, r.questions, min(r.cfg.Concurrency, 16), func(ctx context.Context, q *question) error {
		defer r.step()
		for !r.isClosed(q) {
			now, err := r.cfg.Requester.Question(ctx, q.id)
			if err == nil && now.Status == string(polls.Open) {
				if now, err = r.cfg.Requester.Cancel(ctx, q.id); err == nil {
					r.mu.Lock()
					r.report.Cancelled++
					q.lastReply = time.Time{}
					r.mu.Unlock()
				}
			}
			if err == nil && now.Status == string(polls.Closing) {
				now, err = r.cfg.Requester.Wait(ctx, q.id, 10*time.Second)
			}
			if err != nil {
				return fmt.Errorf("close %q: %w", q.name, err)
			}
			if now.Status == string(polls.Closed) {
				r.learn(now, time.Time{})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for end := time.Now().Add(lateEvents); time.Now().Before(end) && r.eventsMissing(); {
		if err := client.Pause(ctx, 10*time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

// lateEvents is how long closing events may come after their verdict was read. Those that do not come were told on a
// connection that broke, and their questions do not count for the latency.
const lateEvents = 2 * time.Second

func (r *replay) eventsMissing() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.ContainsFunc(r.questions, func(q *question) bool { return q.closedAt.IsZero() && !q.lastReply.IsZero() })
}

// judge sums the verdicts up.
func (r *replay) judge() {
	r.mu.Lock()
	defer r.mu.Unlock()
	right, known := 0, 0
	var latencies []time.Duration
	for _, q := range r.questions {
		v := q.closed.Verdict
		if v == nil {
			continue
		}
		r.report.Closed++
		r.report.AnswersUsed += v.Answers
		r.report.Paid = r.report.Paid.Add(v.Paid)
		if truth, ok := r.cfg.Truth[q.name]; ok {
			known++
			if v.Choice != nil && v.Label == truth {
				right++
			}
		}
		if !q.closedAt.IsZero() && !q.lastReply.IsZero() {
			latencies = append(latencies, max(0, q.closedAt.Sub(q.lastReply)))
		}
	}
	r.report.NotNeeded = len(r.jobs) - r.report.AnswersUsed
	r.report.PaidMicro = r.report.Paid.Micro()
	if known > 0 {
		accuracy := float64(right) / float64(known)
		r.report.Accuracy = &accuracy
	}
	slices.Sort(latencies)
	r.report.VerdictP50, r.report.VerdictP99 = quantile(latencies, 50), quantile(latencies, 99)
}

// quantile returns the value that percent of the sorted ones do not exceed, in milliseconds.
func quantile(sorted []time.Duration, percent int) float64 {
	if len(sorted) == 0 {
		return 0
	}
	d := sorted[(len(sorted)*percent+99)/100-1]
	return float64(d.Microseconds()) / 1000
}

// awaitPay waits until all that the workers have earned is in their wallets.
func (r *replay) awaitPay(ctx context.Context) error {
	var waiting []*worker
	for _, w := range r.workers {
		waiting = append(waiting, w)
	}
	slices.SortFunc(waiting, func(a, b *worker) int { return cmp.Compare(a.name, b.name) })
	r.begin(Paying, len(waiting))
	changed, sum := time.Now(), tasknet.Amount{}
	for {
		var left []*worker
		onChain := tasknet.Amount{}
		err := each(ctx, waiting, min(r.cfg.Concurrency, 16), func(ctx context.Context, w *worker) error {
			person, err := w.signIn(ctx, r.cfg)
			if err != nil {
				return err
			}
			e, err := person.Earnings(ctx)
			if err != nil {
				return err
			}
			r.mu.Lock()
			onChain = onChain.Add(e.OnChain)
			done := e.Held.IsZero() && e.Yours.IsZero() && e.InEpoch.IsZero()
			if !done {
				left = append(left, w)
			} else if !e.OnChain.IsZero() {
				r.report.RespondentsPaid++
			}
			r.mu.Unlock()
			if done {
				r.step()
			}
			return nil
		})
		if err != nil || len(left) == 0 {
			return err
		}
		if onChain != sum || len(left) < len(waiting) {
			changed, sum = time.Now(), onChain
		}
		if time.Since(changed) > r.cfg.PayPatience {
			return ErrNotPaid
		}
		waiting = left
		if err := client.Pause(ctx, 500*time.Millisecond); err != nil {
			return err
		}
	}
}

// verify has the records recomputed.
func (r *replay) verify(ctx context.Context) error {
	r.begin(Verifying, 0)
	report, err := verify.Run(ctx, r.cfg.Client, verify.Config{Progress: func(p verify.Progress) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.stage = Progress{Verifying, p.Questions, p.OfQuestions}
		r.cfg.Progress(r.stage)
	}})
	r.report.Records, r.report.Verified = report, err == nil
	return err
}

// pace spaces answers out.
type pace struct {
	every time.Duration // zero: as they come

	mu   sync.Mutex
	next time.Time // guarded by mu
}

func newPace(rate float64, start time.Time) *pace {
	p := &pace{next: start}
	if rate > 0 {
		p.every = time.Duration(float64(time.Second) / rate)
	}
	return p
}

func (p *pace) wait(ctx context.Context) error {
	p.mu.Lock()
	at := p.next
	p.next = at.Add(p.every)
	p.mu.Unlock()
	if p.every == 0 {
		return nil
	}
	return client.Pause(ctx, time.Until(at))
}
