package bench

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/store"
	"github.com/tasknet/tasknet/server/wire"
)

// Config is a measurement.
type Config struct {
	// Data is an empty folder for the server.
	Data string

	// DatabaseURL is an empty PostgreSQL database. Default: SQLite in Data.
	DatabaseURL string

	// Clients is how many connections send answers at once, each the next when the last is acknowledged. Default 256.
	Clients int

	// Answers is how many signed answers are sent. Default 200,000.
	Answers int

	// Closing has the questions close, with their verdicts and pay, while answers are measured. Default: they want more
	// answers than they get, so that what is measured is the path of an answer alone.
	Closing bool

	// Start starts a server on the folder and database once they are prepared. In a process of its own, the client's
	// memory does not count as the server's, and neither collects the other's garbage.
	Start Start

	// Progress is told how far the preparation and the rounds are. Default: nobody is told.
	Progress func(stage string, done, of int)
}

func (cfg Config) tell(stage string, done, of int) {
	if cfg.Progress != nil {
		cfg.Progress(stage, done, of)
	}
}

// Start starts a server in bench mode. stop ends it and waits.
type Start func(ctx context.Context, data, databaseURL string) (address string, pid int, stop func() error, err error)

// Report is what was measured.
type Report struct {
	AnswersPerS float64 `json:"answers_per_s"`
	P50         float64 `json:"p50_ms"`
	P99         float64 `json:"p99_ms"`
	Ratio       float64 `json:"ratio"`      // to bare inserts
	NullRatio   float64 `json:"null_ratio"` // to doing nothing
	LogRatio    float64 `json:"log_ratio"`  // to the same answers while the public log stands still
	CPU         float64 `json:"cpu_us"`     // of the server for an answer, without the database's where that is a process of its own; 0 where it cannot be read
	RSS         int64   `json:"rss_bytes"`  // of the server, at the end; 0 where it cannot be read

	Answers  int           `json:"-"`
	Bare     Rate          `json:"-"`
	Null     Rate          `json:"-"`
	NoLog    Rate          `json:"-"`
	Closed   int           `json:"-"` // questions that closed and were paid on the way
	Trailing time.Duration `json:"-"` // until the last of them, after the last reply of each round
}

// Rate is how one of the others did.
type Rate struct {
	PerS     float64
	P50, P99 float64 // milliseconds
	CPU      float64 // microseconds of the server's processor time for each; 0 where it cannot be read
}

// Rounds is how often the three take turns.
const Rounds = 8

const (
	defaultClients = 256
	defaultAnswers = 200_000
	warmUpShare    = 20 // one in so many is sent before anything is measured

	// settleTime is for how long the server may take to close what was answered.
	settleTime = 5 * time.Minute
)

// side is one of the three that take turns.
type side struct {
	path  string
	pid   int // of the server
	took  time.Duration
	cpu   time.Duration // of the server's process meanwhile
	times histogram
}

func (s *side) rate() Rate {
	return Rate{float64(s.times.total) / s.took.Seconds(), ms(s.times.quantile(0.5)), ms(s.times.quantile(0.99)), float64(s.cpu.Microseconds()) / float64(s.times.total)}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// Answers measures.
func Answers(ctx context.Context, cfg Config) (Report, error) {
	if cfg.Clients == 0 {
		cfg.Clients = defaultClients
	}
	if cfg.Answers == 0 {
		cfg.Answers = defaultAnswers
	}
	if err := inStore(ctx, cfg, func(db *store.DB) error {
		_, err := db.Settings().Setting(ctx, "instance")
		if e, ok := errors.AsType[*tasknet.Error](err); ok && e.Kind == tasknet.NotFound {
			return nil
		}
		return cmp.Or(err, error(ErrNotEmpty))
	}); err != nil {
		return Report{}, err
	}

	// A first start makes the instance and its chain; what is prepared names them.
	var in wire.Instance
	err := cfg.withServer(ctx, func(c *client.Client, _ string, _ int) (err error) {
		in, err = c.Instance(ctx)
		return err
	})
	if err != nil {
		return Report{}, err
	}
	var p *prepared
	err = inStore(ctx, cfg, func(db *store.DB) (err error) {
		p, err = prepare(ctx, db, in, cfg.Answers, cfg.Closing, func(done, of int) { cfg.tell("preparing", done, of) })
		return err
	})
	if err != nil {
		return Report{}, fmt.Errorf("prepare: %w", err)
	}
	var report Report
	err = cfg.withServer(ctx, func(c *client.Client, host string, pid int) (err error) {
		report, err = measure(ctx, cfg, p, c, host, pid)
		return err
	})
	return report, err
}

// ErrNotEmpty reports a database that an instance has used.
var ErrNotEmpty = tasknet.NewError(tasknet.Conflict, "not_empty", "The database is not empty; give one that nothing else uses, and that may be thrown away.")

// withServer runs f while the server runs.
func (cfg Config) withServer(ctx context.Context, f func(c *client.Client, host string, pid int) error) error {
	address, pid, stop, err := cfg.Start(ctx, cfg.Data, cfg.DatabaseURL)
	if err != nil {
		return fmt.Errorf("start the server: %w", err)
	}
	err = func() error {
		u, err := url.Parse(address)
		if err != nil {
			return err
		}
		c, err := client.New(address, client.Config{})
		if err != nil {
			return err
		}
		return f(c, u.Host, pid)
	}()
	if stopErr := stop(); err == nil && stopErr != nil {
		err = fmt.Errorf("stop the server: %w", stopErr)
	}
	return err
}

// inStore runs f on the store, which a server opens before and after.
func inStore(ctx context.Context, cfg Config, f func(*store.DB) error) error {
	where := store.Config{URL: cfg.DatabaseURL}
	if where.URL == "" {
		where.Path = filepath.Join(cfg.Data, "tasknet.db")
	}
	db, err := store.Open(ctx, where)
	if err != nil {
		return err
	}
	return errors.Join(f(db), db.Close())
}

// measure has the sides take turns: in each round each sends its share of the same answers, one after the other, beginning with
// another one each time. Signed answers are sent in two halves: while the public log grows beside them, as far behind in the end
// as it was in the beginning, and while it stands still.
func measure(ctx context.Context, cfg Config, p *prepared, c *client.Client, host string, pid int) (Report, error) {
	if err := c.Requester(p.key).Faucet(ctx, p.cost, ""); err != nil {
		return Report{}, err
	}
	l, err := dial(ctx, host, cfg.Clients)
	if err != nil {
		return Report{}, err
	}
	defer l.close() // the replies were read: nothing can be lost by it
	report := Report{}
	sides := []*side{{path: "/v1/answers", pid: pid}, {path: "/bench/bare", pid: pid}, {path: "/bench/null", pid: pid}}
	noLog := &side{path: "/v1/answers", pid: pid}
	sent := len(p.answers) / warmUpShare
	for _, side := range sides {
		if _, _, err := l.send(ctx, side.path, p, p.answers[:sent]); err != nil {
			return report, err
		}
	}
	if err := l.order(logStops); err != nil {
		return report, err
	}
	if _, err := settle(ctx, c, cfg.complete(p.answers[:sent])); err != nil {
		return report, err
	}
	for round := range Rounds {
		part := p.answers[sent : sent+(len(p.answers)-sent)/(Rounds-round)]
		for i := range sides {
			s := sides[(round+i)%len(sides)]
			if s != sides[0] {
				if err := s.send(ctx, l, p, part); err != nil {
					return report, err
				}
				continue
			}
			with, without := part[:len(part)/2], part[len(part)/2:]
			logged := func() error { return s.sendLogged(ctx, l, p, with) }
			still := func() error { return noLog.send(ctx, l, p, without) }
			if round%2 == 1 {
				logged, still = still, logged
			}
			if err := logged(); err != nil {
				return report, err
			}
			if err := still(); err != nil {
				return report, err
			}
			trailing, err := settle(ctx, c, cfg.complete(p.answers[:sent+len(part)]))
			if err != nil {
				return report, err
			}
			report.Trailing += trailing
		}
		sent += len(part)
		cfg.tell("measuring", round+1, Rounds)
	}
	totals, err := c.Totals(ctx)
	if err != nil {
		return report, err
	}
	answers := sides[0].rate()
	report.AnswersPerS, report.P50, report.P99, report.CPU = answers.PerS, answers.P50, answers.P99, answers.CPU
	report.Bare, report.Null, report.NoLog = sides[1].rate(), sides[2].rate(), noLog.rate()
	report.Ratio, report.NullRatio, report.LogRatio = answers.PerS/report.Bare.PerS, answers.PerS/report.Null.PerS, answers.PerS/report.NoLog.PerS
	report.Answers, report.Closed, report.RSS = int(sides[0].times.total+noLog.times.total), totals.Questions, memoryOf(pid, "VmRSS")
	return report, nil
}

// Orders to the public log: tlog.Log.Hold says what they do.
const (
	logStops  = "/bench/log/off"
	logGoesOn = "/bench/log/on"
)

// send sends answers to the side, and counts them.
func (s *side) send(ctx context.Context, l *load, p *prepared, answers []answer) error {
	before := cpuOf(s.pid)
	took, times, err := l.send(ctx, s.path, p, answers)
	if err != nil {
		return err
	}
	s.took += took
	s.cpu += cpuOf(s.pid) - before
	s.times.merge(times)
	return nil
}

// sendLogged is send while the public log grows beside it.
func (s *side) sendLogged(ctx context.Context, l *load, p *prepared, answers []answer) error {
	if err := l.order(logGoesOn); err != nil {
		return err
	}
	if err := s.send(ctx, l, p, answers); err != nil {
		return err
	}
	return l.order(logStops)
}

// settle waits until so many questions are closed and paid, so that what comes next does not pay for them, and says how
// long that took.
func settle(ctx context.Context, c *client.Client, questions int) (time.Duration, error) {
	start := time.Now()
	for {
		totals, err := c.Totals(ctx)
		if err != nil {
			return 0, err
		}
		took := time.Since(start)
		if totals.Questions >= questions {
			return took, nil
		}
		if took > settleTime {
			return 0, fmt.Errorf("%d questions have all their answers, and %d of them are closed after %s", questions, totals.Questions, took)
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// complete returns how many questions have all that they want among answers that were sent.
func (cfg Config) complete(sent []answer) (questions int) {
	if !cfg.Closing {
		return 0
	}
	counts := make(map[int32]int)
	for i := range sent {
		if counts[sent[i].question]++; counts[sent[i].question] == answersEach {
			questions++
		}
	}
	return questions
}

// memoryOf returns the memory that a process holds (VmRSS) or held at most (VmHWM), where the system says so.
func memoryOf(pid int, what string) int64 {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	lines := strings.Split(string(raw), "\n")
	i := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, what+":") })
	if i < 0 {
		return 0
	}
	kilobytes, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(strings.TrimPrefix(lines[i], what+":")), " kB"), 10, 64)
	if err != nil {
		return 0
	}
	return kilobytes << 10
}

// clockTicks is how many parts of a second Linux counts processor time in, on all of its platforms (USER_HZ).
const clockTicks = 100

// cpuOf returns the processor time that a process has used, where the system says so: fields 14 and 15 of proc(5)'s stat, which
// are the 12th and 13th after its name in parentheses.
func cpuOf(pid int) time.Duration {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
	if len(fields) < 13 {
		return 0
	}
	var ticks int64
	for _, field := range fields[11:13] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0
		}
		ticks += n
	}
	return time.Duration(ticks) * (time.Second / clockTicks)
}
