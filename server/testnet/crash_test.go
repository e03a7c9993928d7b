package testnet_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/replay"
	"github.com/tasknet/tasknet/server/store"
	"github.com/tasknet/tasknet/server/wire"
)

// longTests is set by `make test-long`.
const longTests = "TASKNET_TEST_LONG"

// Seeds of what is played and of when the server is killed. A failure names no other input.
const (
	playSeed = 20
	killSeed = 9
)

// TestKilled plays recorded answers against the program, kills it again and again with SIGKILL, and compares what comes
// out with a run in which nothing happened. A kill loses what a process has, and not what it gave to the system: that
// commits reach the disk is for the store to set, and for no test of a process to see.
func TestKilled(t *testing.T) {
	binary := build(t)
	answers, truth := crowd(60, 20, 7)
	killedAsUndisturbed(t, binary, play{answers: answers, truth: truth, policy: "fixed:7", used: 420}, 5)
}

// TestKilledDogs does so with the answers of 109 real people.
func TestKilledDogs(t *testing.T) {
	if os.Getenv(longTests) == "" {
		t.Skip(longTests + " is not set: the short test of the same is TestKilled")
	}
	folder := os.Getenv("TASKNET_TEST_DATA")
	if folder == "" {
		t.Skip("TASKNET_TEST_DATA does not name the folder with the recorded answers")
	}
	p := play{policy: "fixed:10", used: 8070}
	p.answers = read(t, filepath.Join(folder, "crowd", "dogs", "answers.csv"), replay.ReadAnswers)
	p.truth = read(t, filepath.Join(folder, "crowd", "dogs", "truth.csv"), replay.ReadTruth)
	got := killedAsUndisturbed(t, build(t), p, 12)
	if a := *got.Report.Accuracy; a < 0.8 || a > 0.84 || got.Report.Questions != 807 || got.Report.RespondentsPaid != 109 {
		t.Errorf("of 807 questions to 109 people: %+v with accuracy %f", got.Report, a)
	}
}

func killedAsUndisturbed(t *testing.T, binary string, p play, kills int) outcome {
	var undisturbed outcome
	t.Run("undisturbed", func(t *testing.T) { undisturbed = p.run(t, newServer(t, binary, "", plan{})) })
	if t.Failed() {
		t.FailNow()
	}
	again := func(t *testing.T, database string) {
		random := mathrand.New(mathrand.NewPCG(killSeed, 0))
		s := newServer(t, binary, database, plan{
			asked:    moments(random, 1, undisturbed.Report.Questions),
			accepted: moments(random, kills, p.used),
			paying:   delays(random, 16),
		})
		got := p.run(t, s)
		if diff := cmp.Diff(undisturbed, got, amounts); diff != "" {
			t.Errorf("what came out is not what comes out undisturbed (-want +got):\n%s", diff)
		}
		t.Logf("killed %d times, while pay was under way at %q", s.kills, s.cut)
		if s.kills < 1+kills+1 {
			t.Errorf("the server was killed %d times", s.kills)
		}
		if len(s.cut) == 0 {
			t.Error("no kill came while pay was on its way to the chain")
		}
	}
	t.Run("sqlite", func(t *testing.T) { again(t, "") })
	t.Run("postgres", func(t *testing.T) { again(t, postgres(t)) })
	return undisturbed
}

// delays returns n times that sweep over the pay of an epoch: the first is none, when nothing is on the chain; the others
// come at a random moment of each step after that, so that some are between what the chain and the ledger know.
func delays(random *mathrand.Rand, n int) []time.Duration {
	const step = 1500 * time.Microsecond
	out := make([]time.Duration, n)
	for i := range out[1:] {
		out[i+1] = time.Duration(i)*step + 1 + time.Duration(random.Int64N(int64(step)))
	}
	return out
}

// moments returns n numbers, one at random in each n-th part of the numbers up to of.
func moments(random *mathrand.Rand, n, of int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i*of/n + 1 + random.IntN(of/n)
	}
	return out
}

// play is what is played: every question has exactly the answers that its policy wants, so that one that is lost shows.
type play struct {
	answers []replay.Answer
	truth   map[string]string
	policy  string
	used    int
}

// crowd makes answers of people who are right three times in four.
func crowd(questions, people, each int) (answers []replay.Answer, truth map[string]string) {
	random := mathrand.New(mathrand.NewPCG(playSeed, 0))
	labels := []string{"cat", "dog", "owl"}
	truth = make(map[string]string)
	for q := range questions {
		name := fmt.Sprintf("photo %d", q)
		right := random.IntN(len(labels))
		truth[name] = labels[right]
		for _, who := range random.Perm(people)[:each] {
			label := labels[right]
			if random.IntN(4) == 0 {
				label = labels[(right+1+random.IntN(2))%len(labels)]
			}
			answers = append(answers, replay.Answer{Question: name, Worker: fmt.Sprintf("person %d", who), Label: label})
		}
	}
	return answers, truth
}

// outcome is what must be the same in every run.
type outcome struct {
	Report   replay.Report // without what is measured
	Verdicts map[string]verdict
	OnChain  map[string]tasknet.Amount // by wallet
	Totals   wire.Totals               // without what the faucet gave
}

type verdict struct {
	Outcome, Label, Confidence string
	Counts                     []int
}

var amounts = cmp.AllowUnexported(tasknet.Amount{})

// run plays against a server, and checks all that can be checked within one run.
func (p play) run(t *testing.T, s *server) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeoutCause(t.Context(), 5*time.Minute, errors.New("the replay did not end in time"))
	defer cancel()
	ctx, key := s.start(t, ctx)
	accepted := &acceptances{next: http.DefaultTransport.(*http.Transport).Clone(), each: s.accepted, records: make(map[string]string)}
	c, err := client.New(s.url, client.Config{HTTP: &http.Client{Transport: accepted}, Patience: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	report, err := replay.Run(ctx, replay.Config{
		Client: c, Requester: c.Requester(key), Answers: p.answers, Truth: p.truth, Quorum: wire.Quorum{Policy: p.policy},
		Seed: 1, Concurrency: 16, PayPatience: 30 * time.Second,
		Progress: func(at replay.Progress) {
			if at.Stage == replay.Asking {
				s.asked(at.Done)
			}
		},
	})
	s.disarm()
	if err != nil {
		t.Fatal(errors.Join(err, context.Cause(ctx)))
	}
	if report.Cancelled != 0 || report.NotNeeded != 0 || report.Closed != report.Questions || report.AnswersUsed != p.used || !report.Verified {
		t.Errorf("%d of %d questions closed, %d of them cancelled, with %d answers; %d were not needed; verified: %t",
			report.Closed, report.Questions, report.Cancelled, report.AnswersUsed, report.NotNeeded, report.Verified)
	}
	out := outcome{
		Report: replay.Report{
			Questions: report.Questions, Closed: report.Closed, Accuracy: report.Accuracy, AnswersUsed: report.AnswersUsed,
			RespondentsPaid: report.RespondentsPaid, PaidMicro: report.PaidMicro, Verified: report.Verified,
		},
		Verdicts: make(map[string]verdict),
	}

	earned := make(map[string]tasknet.Amount)
	recorded := make(map[string]string)
	for r, err := range c.Records(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		out.Verdicts[r.Question.Text] = verdict{r.Verdict.Outcome, r.Verdict.Label, r.Verdict.Confidence, r.Verdict.Counts}
		for _, a := range r.Answers {
			recorded[a.ID] = a.Hash
			earned[a.Delegation.Wallet] = earned[a.Delegation.Wallet].Add(r.Question.Price)
		}
	}
	if len(recorded) != p.used {
		t.Errorf("%d answers are in the public records, want %d", len(recorded), p.used)
	}
	for id, record := range accepted.records {
		if recorded[id] != record {
			t.Errorf("answer %s was accepted with the record %s; the public records have %q", id, record, recorded[id])
		}
	}

	if out.Totals, err = c.Totals(ctx); err != nil {
		t.Fatal(err)
	}
	n := out.Totals
	if sum := n.Requesters.Add(n.Held).Add(n.Respondents).Add(n.InEpoch).Add(n.Claimed).Add(n.Operator); sum != n.Deposited {
		t.Errorf("of %s deposited %s are left: %+v", n.Deposited, sum, n)
	}
	deposited := n.Deposited
	out.Totals.Deposited, out.Totals.Requesters = tasknet.Amount{}, tasknet.Amount{}
	balance, err := c.Requester(key).Balance(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if balance.Available != n.Requesters || balance.Available.Add(balance.Spent) != deposited || !balance.Held.IsZero() {
		t.Errorf("the requester has %+v of %+v", balance, n)
	}

	s.stop(t)
	out.OnChain = s.onChain(t, ctx, earned, deposited)
	if diff := cmp.Diff(earned, out.OnChain, amounts); diff != "" {
		t.Errorf("what people earned is not what they were paid (-earned +paid):\n%s", diff)
	}
	return out
}

// onChain asks the chain of a server that has stopped what wallets were paid, and compares its deposits.
func (s *server) onChain(t *testing.T, ctx context.Context, earned map[string]tasknet.Amount, deposited tasknet.Amount) map[string]tasknet.Amount {
	t.Helper()
	chain, err := eth.OpenDev(ctx, eth.DevConfig{Dir: filepath.Join(s.data, "chain")})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := chain.Close(); err != nil {
			t.Error(err)
		}
	}()
	amount := func(base *big.Int) tasknet.Amount {
		a, err := chain.Info().Amount(base)
		if err != nil || chain.Info().Base(a).Cmp(base) != 0 {
			t.Fatalf("%d base units are not whole micro-units: %v", base, err)
		}
		return a
	}
	deposits, _, err := chain.Events(ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	sum := new(big.Int)
	for _, d := range deposits {
		sum.Add(sum, d.Base)
	}
	if amount(sum) != deposited {
		t.Errorf("%s was deposited on the chain, and %s credited", amount(sum), deposited)
	}
	paid := make(map[string]tasknet.Amount)
	for text := range earned {
		wallet, err := polls.ParseWallet(text)
		if err != nil {
			t.Fatal(err)
		}
		claimed, err := chain.Claimed(ctx, []rewards.Address{rewards.Address(wallet)})
		if err != nil {
			t.Fatal(err)
		}
		paid[text] = amount(claimed[0])
	}
	return paid
}

// acceptances are the answers that the server told a client it has.
type acceptances struct {
	next http.RoundTripper
	each func(n int) // called for each, with how many there are

	mu      sync.Mutex
	records map[string]string // guarded by mu: record hashes by answer
}

// RoundTrip implements http.RoundTripper.
func (a *acceptances) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := a.next.RoundTrip(r)
	if err != nil || r.Method != http.MethodPost || r.URL.Path != "/v1/answers" || resp.StatusCode >= 300 {
		return resp, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	var got wire.Accepted
	if err := json.Unmarshal(body, &got); err != nil {
		return resp, nil // the client says what is wrong with it
	}
	a.mu.Lock()
	a.records[got.Answer] = got.Receipt.Record
	n := len(a.records)
	a.mu.Unlock()
	a.each(n)
	return resp, nil
}

// plan says when a server is killed. What a moment has been used for is taken out.
type plan struct {
	asked    []int           // when so many questions have been asked
	accepted []int           // when so many answers have been accepted
	paying   []time.Duration // so long after an epoch was closed, or after a start with one that is not settled
	started  []time.Duration // so long after a start
}

// server is a server in a process of its own, which is started again on the same data each time that it was killed.
type server struct {
	url      string
	data     string
	database string // empty: SQLite
	binary   string
	env      []string // on top of the database's address
	log      io.Writer
	keys     chan string // gets the API key of the first start
	ended    chan error  // gets what ended the last process

	mu       sync.Mutex // guards all below
	plan     plan
	process  *os.Process
	killing  bool // a signal is on its way
	paying   bool // an epoch is not settled
	stopping bool
	kills    int
	starts   int
	cut      []string // states in which kills left epochs
	left     []string // states in which each kill left questions of contracts, where there were some
}

func newServer(t *testing.T, binary, database string, p plan) *server {
	return &server{
		url: freeAddress(t), data: filepath.Join(t.TempDir(), "data"), database: database, binary: binary, log: t.Output(), plan: p,
		keys: make(chan string, 1), ended: make(chan error, 1),
	}
}

// freeAddress finds an address outside of the range from which the system gives ports to connections: those to a server
// that is away must not take its port.
func freeAddress(t *testing.T) string {
	t.Helper()
	for range 100 {
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(20_000+mathrand.IntN(10_000)))
		var listen net.ListenConfig
		l, err := listen.Listen(t.Context(), "tcp", address)
		if err != nil {
			continue
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		return "http://" + address
	}
	t.Fatal("there is no free port")
	return ""
}

// start starts the server, and returns its first API key. It goes on until stop, or until ctx ends; the context that is
// returned ends with it when it fails.
func (s *server) start(t *testing.T, ctx context.Context) (while context.Context, key string) {
	t.Helper()
	while, fail := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		err := s.keepUp(while)
		if err != nil {
			fail(err)
		}
		s.ended <- err
	}()
	t.Cleanup(func() {
		fail(nil)
		<-done
	})
	select {
	case key = <-s.keys:
	case err := <-s.ended:
		t.Fatalf("the server did not start: %v", err)
	}
	return while, key
}

// keepUp runs processes one after the other until one ends that was not killed.
func (s *server) keepUp(ctx context.Context) error {
	for {
		cmd := exec.CommandContext(ctx, s.binary, "serve", "--data", s.data, "--listen", strings.TrimPrefix(s.url, "http://"),
			"--samples=false", "--unlimited", "--epoch-every", "1s")
		cmd.Env = append([]string{"DATABASE_URL=" + s.database}, s.env...)
		cmd.Stdout, cmd.Stderr = &lines{each: s.printed}, &lines{each: s.logged}
		s.mu.Lock()
		err := cmd.Start()
		s.process, s.killing = cmd.Process, false
		s.mu.Unlock()
		if err != nil {
			return err
		}
		err = cmd.Wait()
		s.mu.Lock()
		killed, stopping := s.killing, s.stopping
		s.process = nil
		s.mu.Unlock()
		switch {
		case stopping:
			return err
		case !killed:
			return fmt.Errorf("the server ended by itself: %w", err)
		}
		if err := s.look(ctx); err != nil {
			return fmt.Errorf("look at what a kill left: %w", err)
		}
	}
}

// look finds out whether a kill came while pay was on its way. It looks at copies, so that the next process finds what
// the kill left.
func (s *server) look(ctx context.Context) (err error) {
	parent, err := os.MkdirTemp("", "tasknet-killed-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(parent)) }()
	folder := filepath.Join(parent, "data")
	if out, err := exec.CommandContext(ctx, "cp", "-Rp", s.data, folder).CombinedOutput(); err != nil { // with modes: keys are secret
		return fmt.Errorf("cp: %w: %s", err, out)
	}
	at := store.Config{URL: s.database}
	if s.database == "" {
		at.Path = filepath.Join(folder, "tasknet.db")
	}
	db, err := store.Open(ctx, at)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	requests, _, err := db.Requests().Requests(ctx, tasknet.Page{Limit: 100})
	if err != nil {
		return err
	}
	var states []string
	for _, r := range requests {
		states = append(states, string(r.State))
	}
	s.mu.Lock()
	if len(states) > 0 {
		s.left = append(s.left, strings.Join(states, " "))
	}
	s.mu.Unlock()
	e, err := db.Rewards().LastEpoch(ctx)
	if errors.Is(err, rewards.ErrNoEpoch) {
		return nil
	}
	if err != nil {
		return err
	}
	state := string(e.State)
	if e.State == rewards.Planned || e.State == rewards.Built {
		chain, err := eth.OpenDev(ctx, eth.DevConfig{Dir: filepath.Join(folder, "chain")})
		if err != nil {
			return err
		}
		posted, err := chain.Roots(ctx)
		if err := errors.Join(err, chain.Close()); err != nil {
			return err
		}
		if posted.Epoch == e.Number {
			state = "posted, which the ledger did not know"
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.paying = e.State != rewards.Settled; s.paying {
		s.cut = append(s.cut, state)
	}
	return nil
}

// printed is called with each line of the server's standard output.
func (s *server) printed(line string) {
	if key := strings.TrimSpace(line); strings.HasPrefix(key, "tn_") {
		s.keys <- key
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if strings.HasPrefix(line, "TaskNet is at") {
		s.starts++
		s.killAfter(&s.plan.started)
		if s.paying {
			s.killAfter(&s.plan.paying)
		}
	}
}

// logged is called with each line of the server's log.
func (s *server) logged(line string) {
	if !strings.Contains(line, "level=INFO") {
		fmt.Fprintln(s.log, line)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if strings.Contains(line, `msg="epoch closed"`) {
		s.killAfter(&s.plan.paying)
	}
}

// killAfter kills the server after the next of some delays. s.mu is held.
func (s *server) killAfter(delays *[]time.Duration) {
	if len(*delays) == 0 {
		return
	}
	after, process := (*delays)[0], s.process
	*delays = (*delays)[1:]
	if after == 0 {
		s.kill()
		return
	}
	time.AfterFunc(after, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.process == process {
			s.kill()
		}
	})
}

// asked is called when n questions have been asked.
func (s *server) asked(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.killAt(&s.plan.asked, n)
}

// accepted is called when n answers have been accepted.
func (s *server) accepted(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.killAt(&s.plan.accepted, n)
}

// killAt kills the server when the next of some numbers is reached. s.mu is held.
func (s *server) killAt(at *[]int, n int) {
	if len(*at) > 0 && n >= (*at)[0] && s.kill() {
		*at = (*at)[1:]
	}
}

// kill kills the process that runs, if one does. s.mu is held.
func (s *server) kill() bool {
	if s.process == nil || s.killing || s.stopping || s.process.Kill() != nil {
		return false
	}
	s.killing = true
	s.kills++
	return true
}

// disarm ends the killing. The process that runs then, or that is on its way, stays.
func (s *server) disarm() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.plan = plan{}
}

// stop has the server stop, which it must do cleanly.
func (s *server) stop(t *testing.T) {
	t.Helper()
	s.mu.Lock()
	s.stopping = true
	err := s.process.Signal(syscall.SIGTERM)
	s.mu.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	if err := <-s.ended; err != nil {
		t.Errorf("the server did not stop cleanly: %v", err)
	}
}

// lines is a writer that gives on whole lines.
type lines struct {
	each func(string)
	rest []byte
}

// Write implements io.Writer.
func (l *lines) Write(p []byte) (int, error) {
	l.rest = append(l.rest, p...)
	for {
		line, rest, ok := bytes.Cut(l.rest, []byte("\n"))
		if !ok {
			return len(p), nil
		}
		l.each(string(line))
		l.rest = rest
	}
}

// programs is a folder for what tests build together.
var programs string

func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		beChild(dir)
	}
	var err error
	if programs, err = os.MkdirTemp("", "tasknet-testnet-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(programs)
	os.Exit(code)
}

// built is the program, which linking takes half a minute for at times.
var built = sync.OnceValues(func() (string, error) {
	binary := filepath.Join(programs, "tasknet")
	cmd := exec.Command("go", "build", "-ldflags=-s -w", "-o", binary, "github.com/tasknet/tasknet/server/cmd/tasknet")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return binary, nil
})

// build builds the program, once for all tests.
func build(t *testing.T) string {
	t.Helper()
	binary, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return binary
}

func read[T any](t *testing.T, name string, as func(context.Context, io.Reader) (T, error)) T {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	v, err := as(t.Context(), f)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return v
}

// postgres returns the address of a schema of its own in the test database.
func postgres(t *testing.T) string {
	t.Helper()
	given := os.Getenv("TASKNET_TEST_POSTGRES_URL")
	if given == "" {
		t.Skip("TASKNET_TEST_POSTGRES_URL is not set")
	}
	ctx := context.WithoutCancel(t.Context())
	conn, err := pgx.Connect(ctx, given)
	if err != nil {
		t.Fatal(err)
	}
	var random [8]byte
	rand.Read(random[:])
	schema := "t_" + hex.EncodeToString(random[:])
	if _, err := conn.Exec(ctx, "CREATE SCHEMA "+schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := conn.Exec(ctx, "DROP SCHEMA "+schema+" CASCADE"); err != nil {
			t.Error(err)
		}
		conn.Close(ctx)
	})
	u, err := url.Parse(given)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set("search_path", schema)
	u.RawQuery = query.Encode()
	return u.String()
}
