package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tasknet/tasknet/mobile/sdk"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/store"
	"github.com/tasknet/tasknet/server/wire"
)

// Crowd is how phones are measured.
type Crowd struct {
	Phones    int           // a multiple of 8, from 160 on
	Answers   int           // that they give, about
	Drop      float64       // the share of requests whose connection ends
	KillEvery time.Duration // after which the server's process is killed each time that it runs; 0: never
}

// Survived is what came of answers that phones gave over a bad network to a server that was killed.
type Survived struct {
	Sent         int     `json:"sent"`         // answers that a phone has kept: its call returned
	Acknowledged int     `json:"acknowledged"` // of which it has a signed receipt that is right
	Stored       int     `json:"stored"`       // in the server's database
	Lost         int     `json:"lost"`         // sent and not stored as the phone gave it, or acknowledged as something else
	Doubled      int     `json:"doubled"`      // stored or counted beyond the first of a person to a question
	Kills        int     `json:"kills"`
	Seconds      float64 `json:"seconds"`

	AnswerP50 float64 `json:"answer_ms_p50"` // of a call that keeps an answer, on one phone while the others have not begun

	Faults int `json:"-"` // requests that had one
}

// Phones has phones answer: each is the SDK with a folder of its own, and they share a network with faults and a server that is
// killed again and again. It ends when all answers are acknowledged, and looks into the database then.
func Phones(ctx context.Context, cfg Config, crowd Crowd) (Survived, error) {
	var in wire.Instance
	err := cfg.withServer(ctx, func(c *client.Client, _ string, _ int) (err error) {
		in, err = c.Instance(ctx)
		return err
	})
	if err != nil {
		return Survived{}, err
	}
	w := &writer{
		count: (crowd.Answers + answersEach - 1) / answersEach, wanted: 2 * answersEach, instance: in.Instance, chain: in.ChainID, now: time.Now().UTC().Truncate(time.Millisecond),
		progress: func(done, of int) { cfg.tell("preparing", done, of) },
	}
	if err := inStore(ctx, cfg, func(db *store.DB) error {
		w.db = db
		return w.begin(ctx, crowd.Phones)
	}); err != nil {
		return Survived{}, fmt.Errorf("prepare: %w", err)
	}
	folders, err := os.MkdirTemp(cfg.Data, "phones-")
	if err != nil {
		return Survived{}, err
	}
	run := &phonesRun{cfg: cfg, crowd: crowd, writer: w, folders: folders, faults: &Faults{Drop: crowd.Drop, Twice: 0.02, Slow: 0.02, Cut: 0.02, Fail: 0.02, Portal: 0.01, Seed: 1}, given: make(map[string]string)}
	wave := heldAtATime * crowd.Phones / answersEach
	for from := 0; from < len(w.questions); from += wave {
		err := inStore(ctx, cfg, func(db *store.DB) error {
			w.db = db
			return w.lease(ctx, from, min(from+wave, len(w.questions)))
		})
		if err != nil {
			return Survived{}, err
		}
		if err := run.all(ctx); err != nil {
			return Survived{}, err
		}
	}
	slices.Sort(run.alone)
	out := Survived{Kills: run.kills, Seconds: run.took.Seconds(), AnswerP50: ms(run.alone[len(run.alone)/2]), Faults: run.faults.Count(), Sent: len(run.given)}
	for _, record := range run.given {
		if record != "" {
			out.Acknowledged++
		}
	}
	err = inStore(ctx, cfg, func(db *store.DB) error { return out.count(ctx, db, w.questions, run.given) })
	return out, err
}

// heldAtATime is how many leases a person has at most. Nobody has so many more than the ten that are given at a time, and what a
// server does for somebody takes longer with each.
const heldAtATime = 40

// count compares what phones have with the database.
func (s *Survived) count(ctx context.Context, db *store.DB, questions []*polls.Question, given map[string]string) error {
	stored := 0 // of those that were given
	for _, asked := range questions {
		q, err := db.Polls().Question(ctx, asked.ID)
		if err != nil {
			return err
		}
		answers, err := db.Polls().AnswersTo(ctx, q.ID)
		if err != nil {
			return err
		}
		s.Stored += len(answers)
		s.Doubled += max(0, q.Answers-len(answers))
		by := make(map[polls.RespondentID]bool)
		for _, a := range answers {
			if by[a.Respondent] {
				s.Doubled++
			}
			by[a.Respondent] = true
			if record, ok := given[string(a.Assignment)]; ok && (record == "" || record == fmt.Sprintf("%x", a.Hash)) {
				stored++
			}
		}
	}
	s.Lost = len(given) - stored
	return nil
}

// phonesRun is one run of a crowd.
type phonesRun struct {
	cfg     Config
	crowd   Crowd
	writer  *writer
	folders string
	faults  *Faults
	kills   int
	alone   []time.Duration // of the calls that keep an answer, by the first phone before the others began
	took    time.Duration   // all phones together

	mu    sync.Mutex
	given map[string]string // guarded by mu: record hashes by assignment, empty while there is no receipt
	acked atomic.Int64
}

// all runs the network, the server and all phones until they have answered what is leased to them. The first time one begins alone.
func (r *phonesRun) all(ctx context.Context) error {
	var listen net.ListenConfig
	l, err := listen.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	network := &http.Server{Handler: r.faults, ReadHeaderTimeout: time.Minute}
	var served sync.WaitGroup
	served.Go(func() { _ = network.Serve(l) }) // until it is closed
	defer served.Wait()
	defer network.Close()
	server, err := r.start(ctx)
	if err != nil {
		return err
	}
	c, err := client.New(server.address, client.Config{})
	if err != nil {
		return errors.Join(err, server.stop())
	}
	people := "http://" + l.Addr().String()
	if r.alone == nil {
		if err := c.Requester(r.writer.key).Faucet(ctx, r.writer.cost, ""); err != nil {
			return errors.Join(err, server.stop())
		}
		if r.alone, err = r.phone(ctx, people, 0, (r.writer.leases[0]+1)/2); err != nil {
			return errors.Join(err, server.stop())
		}
		r.writer.leases[0] -= len(r.alone)
	}
	began := time.Now()
	defer func() { r.took += time.Since(began) }()
	g, ctx := errgroup.WithContext(ctx)
	phones, end := context.WithCancel(ctx)
	g.Go(func() error { return r.killer(phones, server) })
	g.Go(func() error {
		defer end()
		var all errgroup.Group
		for i := range r.writer.people {
			all.Go(func() error {
				_, err := r.phone(ctx, people, i, r.writer.leases[i])
				return err
			})
		}
		return all.Wait()
	})
	return g.Wait()
}

// running is a server's process.
type running struct {
	address string
	pid     int
	stop    func() error
}

func (r *phonesRun) start(ctx context.Context) (s running, err error) {
	if s.address, s.pid, s.stop, err = r.cfg.Start(ctx, r.cfg.Data, r.cfg.DatabaseURL); err != nil {
		return s, fmt.Errorf("start the server: %w", err)
	}
	return s, r.faults.Target(s.address)
}

// killer kills the server each time that it has run for a while, and starts it again, until ctx ends; the last one stops by itself.
func (r *phonesRun) killer(ctx context.Context, s running) error {
	if r.crowd.KillEvery == 0 {
		<-ctx.Done()
		return s.stop()
	}
	for client.Pause(ctx, r.crowd.KillEvery) == nil {
		process, err := os.FindProcess(s.pid)
		if err == nil {
			err = process.Kill()
		}
		if err != nil {
			return errors.Join(err, s.stop())
		}
		_ = s.stop() // says that it was killed
		r.kills++
		if s, err = r.start(context.WithoutCancel(ctx)); err != nil {
			return err
		}
	}
	return s.stop()
}

// phone gives so many answers of those that one person was assigned, and returns how long it took to keep each.
func (r *phonesRun) phone(ctx context.Context, server string, i, left int) (took []time.Duration, err error) {
	who := &onePhone{run: r, accepted: make(chan struct{}, 1)}
	who.wallet, who.device = r.writer.people[i].keys.Secrets()
	s, err := sdk.Open(filepath.Join(r.folders, strconv.Itoa(i)), server, who, who)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	for left > 0 {
		var got wire.Assignments
		text, err := s.Assignments(nil, min(left, 10), "")
		if err != nil { // of the network
			if err := client.Pause(ctx, 100*time.Millisecond); err != nil {
				return nil, err
			}
			continue
		}
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			return nil, err
		}
		for _, a := range got.Assignments {
			who.keep(a.ID)
			began := time.Now()
			if err := s.Answer(a.ID, i%len(a.Question.Choices)); err != nil {
				return nil, err
			}
			took = append(took, time.Since(began))
			left--
		}
		for int(who.acked.Load()) < len(took) && who.refused.Load() == nil {
			select {
			case <-ctx.Done():
				return nil, ctx.Err()
			case <-who.accepted:
			}
		}
		if refused := who.refused.Load(); refused != nil {
			return nil, errors.New("an answer was refused: " + *refused)
		}
	}
	return took, nil
}

// onePhone is the platform of a phone: its keystore, and who is told.
type onePhone struct {
	run            *phonesRun
	wallet, device string
	accepted       chan struct{} // of capacity 1
	acked          atomic.Int64
	refused        atomic.Pointer[string]
}

// keep notes that an answer is given.
func (p *onePhone) keep(assignment string) {
	p.run.mu.Lock()
	defer p.run.mu.Unlock()
	p.run.given[assignment] = ""
}

// Get implements sdk.SecureStore.
func (p *onePhone) Get(name string) (string, error) {
	return map[string]string{sdk.WalletSecret: p.wallet, sdk.DeviceSecret: p.device}[name], nil
}

// Set implements sdk.SecureStore: there is nothing to set.
func (p *onePhone) Set(string, string) error { return nil }

// Delete implements sdk.SecureStore: there is nothing to delete.
func (p *onePhone) Delete(string) error { return nil }

// Accepted implements sdk.Listener.
func (p *onePhone) Accepted(answer string) {
	var kept struct {
		Answer   wire.Answer   `json:"answer"`
		Accepted wire.Accepted `json:"accepted"`
	}
	if err := json.Unmarshal([]byte(answer), &kept); err != nil {
		p.Refused(err.Error())
		return
	}
	r := p.run
	r.mu.Lock()
	r.given[kept.Answer.Assignment] = kept.Accepted.Receipt.Record
	r.mu.Unlock()
	p.acked.Add(1)
	r.cfg.tell("answering", int(r.acked.Add(1)), r.writer.count*answersEach)
	p.ring()
}

// Refused implements sdk.Listener.
func (p *onePhone) Refused(answer string) {
	p.refused.Store(&answer)
	p.ring()
}

// Expired implements sdk.Listener: leases are longer than this lasts.
func (p *onePhone) Expired(string) {}

// Delayed implements sdk.Listener: what is delayed is sent later.
func (p *onePhone) Delayed(string, string) {}

// Found implements sdk.Listener: what the public log has is not measured here.
func (p *onePhone) Found(string) {}

func (p *onePhone) ring() {
	select {
	case p.accepted <- struct{}{}:
	default:
	}
}
