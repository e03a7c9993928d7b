package bench

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/big"
	mathrand "math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/store"
	"github.com/tasknet/tasknet/server/wire"
)

const (
	answersEach = 20   // that a question gets
	peopleMost  = 2000 // who answer
	perTx       = 250  // things that are written in one transaction
	inPlay      = 256  // questions, about, that are being answered at a time
	leaseTime   = 24 * time.Hour

	// groups of people and questions are written side by side; nobody of one answers a question of another, so that they
	// do not wait for each other.
	groups = 8
)

// price is so low that one visit to the faucet pays for a measurement of any size.
var price = tasknet.Micro(100)

// answer is an answer that is ready to be sent, in few bytes, as there are many.
type answer struct {
	assignment [26]byte // its id without the prefix
	nonce      [16]byte
	signature  [64]byte
	question   int32
	device     int32
	choice     int8
}

// prepared is what a measurement sends.
type prepared struct {
	questions []string // ids
	devices   []string // keys in hex
	answers   []answer
	timeMS    int64
	key       string         // an API key of the one who asks
	cost      tasknet.Amount // of all questions, which is not on the chain yet
}

// person is somebody who will answer.
type person struct {
	id   polls.RespondentID
	keys client.Keys
}

// prepare writes people and questions straight into the store of an instance, and makes at least n answers: leased,
// signed, and in an order in which some hundreds of questions are answered at a time and, when closing is wanted, close
// all along; else they want more than they get.
func prepare(ctx context.Context, db *store.DB, in wire.Instance, n int, closing bool, progress func(done, of int)) (*prepared, error) {
	w := &writer{db: db, count: (n + answersEach - 1) / answersEach, wanted: 2 * answersEach, instance: in.Instance, chain: in.ChainID, now: time.Now().UTC().Truncate(time.Millisecond), progress: progress}
	if closing {
		w.wanted = answersEach
	}
	if err := w.prepare(ctx, min(peopleMost, max(groups*answersEach, n/50))); err != nil {
		return nil, err
	}
	return w.sign()
}

// prepare writes all but the answers.
func (w *writer) prepare(ctx context.Context, people int) error {
	if err := w.begin(ctx, people); err != nil {
		return err
	}
	return w.lease(ctx, 0, len(w.questions))
}

// begin writes all but the leases and the answers.
func (w *writer) begin(ctx context.Context, people int) error {
	if err := w.ask(ctx); err != nil {
		return fmt.Errorf("ask: %w", err)
	}
	if err := w.register(ctx, people); err != nil {
		return fmt.Errorf("register: %w", err)
	}
	w.answers = make([][]answer, len(w.questions))
	return nil
}

// writer prepares.
type writer struct {
	db        *store.DB
	count     int // questions
	wanted    int // answers to a question
	instance  string
	chain     int64
	now       time.Time
	key       string         // an API key of the one who asks
	cost      tasknet.Amount // of all questions
	questions []*polls.Question
	people    []person
	answers   [][]answer // by question

	mu       sync.Mutex // held while progress is told
	leased   int        // guarded by mu
	leases   []int      // guarded by mu: of each of the people, that were made last
	progress func(done, of int)
}

var choices = []string{"yes", "no", "not sure"}

// ask asks questions. The money for them is in the ledger only; the server's faucet brings as much to the chain.
func (w *writer) ask(ctx context.Context) error {
	snapshot, err := labeling.Unknown(len(choices), w.now)
	if err != nil {
		return err
	}
	if err := w.db.Labels().SaveSnapshot(ctx, snapshot); err != nil {
		return err
	}
	policy, err := polls.ParsePolicy(fmt.Sprintf("fixed:%d", w.wanted), 0, 0)
	if err != nil {
		return err
	}
	org := polls.Org{ID: polls.OrgID(tasknet.NewID(polls.OrgPrefix, w.now)), Name: "bench", CreatedAt: w.now}
	if err := w.db.Polls().CreateOrg(ctx, org); err != nil {
		return err
	}
	var raw [26]byte
	rand.Read(raw[:])
	w.key = "tn_" + hex.EncodeToString(raw[:])
	key := polls.Key{ID: polls.KeyID(tasknet.NewID(polls.KeyPrefix, w.now)), Org: org.ID, Name: "bench", SecretHash: sha256.Sum256([]byte(w.key)), CreatedAt: w.now}
	if err := w.db.Polls().CreateKey(ctx, key); err != nil {
		return err
	}
	draft := polls.Draft{
		Org: org.ID, Type: polls.Choice, Choices: choices, Policy: policy, Price: price, Fee: price.BasisPoints(1500),
		Lifetime: leaseTime, Snapshot: snapshot.Hash,
	}
	for i := range w.count {
		draft.Text = fmt.Sprintf("Is number %d well written?", i)
		q, err := polls.NewQuestion(draft, w.instance, w.asked(i))
		if err != nil {
			return err
		}
		w.questions = append(w.questions, q)
	}
	hold, err := w.questions[0].Hold()
	if err != nil {
		return err
	}
	all, err := hold.Times(w.count)
	if err != nil {
		return err
	}
	w.cost = all
	// A deposit from before the vault, which holds as much once the faucet was asked: so the payer leaves it alone.
	deposit := rewards.Event{Kind: rewards.Deposited, Owner: rewards.Address{1}, Reference: rewards.Reference(string(org.ID)), Base: big.NewInt(all.Micro())}
	look, err := w.firstLook(ctx)
	if err != nil {
		return err
	}
	if err := w.db.Rewards().BookEvents(ctx, []rewards.Booking{{Event: deposit, Org: string(org.ID), Amount: all}}, look, w.now); err != nil {
		return err
	}
	for part := range slices.Chunk(w.questions, perTx) {
		err := w.db.InTx(ctx, func(tx pipeline.Tx) error {
			for _, q := range part {
				if err := tx.Polls().CreateQuestions(ctx, q); err != nil {
					return err
				}
				if err := tx.Rewards().Post(ctx, rewards.Hold(string(org.ID), string(q.ID), hold, w.now)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// firstLook returns the chain's first block, in which what is prepared is booked: the payer compares blocks with the chain's.
func (w *writer) firstLook(ctx context.Context) (look rewards.Look, err error) {
	genesis, err := w.db.Settings().Setting(ctx, "genesis")
	if err != nil {
		return look, err
	}
	_, err = hex.Decode(look.Hash[:], []byte(genesis))
	return look, err
}

// asked returns when a question was asked: one a millisecond, up to now. Ids sort by time, and a database writes fewer
// pages for rows that were made at about the same time, as those that are in play are.
func (w *writer) asked(i int) time.Time {
	return w.now.Add(time.Duration(i-w.count) * time.Millisecond)
}

// register makes people, each with a device.
func (w *writer) register(ctx context.Context, n int) error {
	id, err := hex.DecodeString(w.instance)
	if err != nil {
		return err
	}
	domain := polls.Domain{Instance: [32]byte(id), ChainID: w.chain}
	devices := make([]polls.Device, n)
	for i := range n {
		keys, err := client.DeriveKeys(id, strconv.Itoa(i))
		if err != nil {
			return err
		}
		d := polls.Delegation{Device: keys.DeviceKey(), Issued: w.now.Truncate(time.Second), Expires: w.now.Truncate(time.Second).Add(leaseTime)}
		d.Sign(domain, keys.Wallet)
		devices[i] = polls.Device{Delegation: d, RegisteredAt: w.now}
		w.people = append(w.people, person{polls.RespondentID(tasknet.NewID(polls.RespondentPrefix, w.now)), keys})
	}
	for start := 0; start < n; start += perTx {
		err := w.db.InTx(ctx, func(tx pipeline.Tx) error {
			for i := start; i < min(start+perTx, n); i++ {
				r := polls.Respondent{ID: w.people[i].id, Wallet: devices[i].Wallet, CreatedAt: w.now}
				if _, err := tx.Polls().Register(ctx, r, devices[i]); err != nil {
					return err
				}
				if err := tx.Rewards().SetPayee(ctx, string(r.ID), rewards.Address(r.Wallet)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// lease assigns questions, from one to before another, to answersEach people each.
func (w *writer) lease(ctx context.Context, from, to int) error {
	w.leases = make([]int, len(w.people))
	g, ctx := errgroup.WithContext(ctx)
	for group := range groups {
		var questions []int
		for i := from; i < to; i++ {
			if i%groups == group {
				questions = append(questions, i)
			}
		}
		g.Go(func() error {
			place := 0
			for part := range slices.Chunk(questions, max(1, perTx/answersEach)) {
				if err := w.leasePart(ctx, group, part, place); err != nil {
					return fmt.Errorf("lease: %w", err)
				}
				place += len(part) * answersEach
			}
			return nil
		})
	}
	return g.Wait()
}

// leasePart assigns some questions of a group to people of the group, taking turns from a place on.
func (w *writer) leasePart(ctx context.Context, group int, part []int, place int) error {
	size := len(w.people) / groups
	err := w.db.InTx(ctx, func(tx pipeline.Tx) error {
		at := place
		for _, i := range part {
			q := w.questions[i]
			w.answers[i] = make([]answer, 0, answersEach)
			for turn := range answersEach {
				who := at%size*groups + group
				at++
				leases, err := tx.Polls().ClaimAssignments(ctx, polls.Claim{
					Respondent: w.people[who].id, Question: q.ID, Count: 1, At: w.asked(i + turn*inPlay/answersEach), ExpiresAt: w.now.Add(leaseTime),
				})
				if err != nil {
					return err
				}
				a := answer{question: int32(i), device: int32(who), choice: int8((i + who) % len(q.Choices))}
				copy(a.assignment[:], leases[0].Assignment.ID[len(polls.AssignmentPrefix)+1:])
				rand.Read(a.nonce[:])
				w.answers[i] = append(w.answers[i], a)
			}
		}
		return nil
	})
	w.mu.Lock()
	defer w.mu.Unlock()
	w.leased += len(part) * answersEach
	for _, i := range part {
		for _, a := range w.answers[i] {
			w.leases[a.device]++
		}
	}
	w.progress(w.leased, len(w.questions)*answersEach)
	return err
}

// sign signs all answers and puts them in order.
func (w *writer) sign() (*prepared, error) {
	p := &prepared{timeMS: w.now.UnixMilli(), key: w.key, cost: w.cost, answers: make([]answer, 0, len(w.questions)*answersEach)}
	for _, q := range w.questions {
		p.questions = append(p.questions, string(q.ID))
	}
	for _, who := range w.people {
		p.devices = append(p.devices, who.keys.DeviceKey().String())
	}
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, q := range w.questions {
		g.Go(func() error {
			for k := range w.answers[i] {
				a := &w.answers[i][k]
				full := polls.Answer{Assignment: polls.AssignmentID(a.assignmentID()), Choice: int(a.choice), Nonce: hex.EncodeToString(a.nonce[:]), ClientMS: p.timeMS}
				digest := full.Digest(w.instance, q.Hash)
				copy(a.signature[:], ed25519.Sign(w.people[a.device].keys.Device, digest[:]))
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	for _, answers := range w.answers {
		p.answers = append(p.answers, answers...)
	}
	random := mathrand.New(mathrand.NewPCG(1, uint64(len(p.answers))))
	for part := range slices.Chunk(p.answers, inPlay*answersEach) {
		random.Shuffle(len(part), func(i, j int) { part[i], part[j] = part[j], part[i] })
	}
	return p, nil
}

func (a *answer) assignmentID() string { return polls.AssignmentPrefix + "_" + string(a.assignment[:]) }

// appendJSON writes the body that sends an answer.
func (p *prepared) appendJSON(b []byte, a *answer) []byte {
	b = append(append(b, `{"assignment":"`+polls.AssignmentPrefix+`_`...), a.assignment[:]...)
	b = append(append(b, `","question":"`...), p.questions[a.question]...)
	b = append(append(b, `","device":"`...), p.devices[a.device]...)
	b = strconv.AppendInt(append(b, `","choice":`...), int64(a.choice), 10)
	b = hex.AppendEncode(append(b, `,"nonce":"`...), a.nonce[:])
	b = strconv.AppendInt(append(b, `","time_ms":`...), p.timeMS, 10)
	b = hex.AppendEncode(append(b, `,"signature":"`...), a.signature[:])
	return append(b, `"}`...)
}
