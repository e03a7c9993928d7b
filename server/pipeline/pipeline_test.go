package pipeline_test

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/store"
	"github.com/tasknet/tasknet/server/store/storetest"
)

const instance = "5bd0a5c1e3f2476d8899aabbccddeeff00112233445566778899aabbccddeeff"

var start = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// feed remembers notices.
type feed struct {
	mu      sync.Mutex
	notices []pipeline.Notice
	told    chan struct{}
}

func (f *feed) Publish(n pipeline.Notice) {
	f.mu.Lock()
	f.notices = append(f.notices, n)
	f.mu.Unlock()
	select {
	case f.told <- struct{}{}:
	default:
	}
}

// bench is a pipeline over a real store, with an organisation that has ten tokens and a clock.
type bench struct {
	*pipeline.Pipeline
	stores  *store.DB
	stopper *labeling.Stopper
	feed    *feed
	files   *taskFiles
	org     polls.OrgID
	people  int

	mu  sync.Mutex
	now time.Time // guarded by mu
}

func (b *bench) clock() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}

func (b *bench) pass(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(d)
}

func newBench(t *testing.T) *bench {
	t.Helper()
	db, err := store.Open(t.Context(), store.Config{Path: storetest.File(t)})
	check(t, err)
	t.Cleanup(func() { check(t, db.Close()) })
	b := &bench{stores: db, stopper: labeling.NewStopper(db.Labels()), feed: &feed{told: make(chan struct{}, 1)}, files: new(taskFiles), now: start}
	b.Pipeline, err = pipeline.New(db, b.stopper, b.feed, nil, pipeline.Config{
		Instance: instance, ChainID: 7, FeeBasisPoints: 1500, Sweep: 5 * time.Millisecond, Learn: 5 * time.Millisecond, Files: b.files, Media: uploads{}, Now: b.clock,
	})
	check(t, err)
	org, err := b.NewOrg(t.Context(), "Somebody")
	check(t, err)
	b.org = org.ID
	check(t, db.Rewards().Post(t.Context(), rewards.Credit(string(org.ID), "first", tasknet.Micro(10*tasknet.MicroPerToken), start)))
	return b
}

func (b *bench) draft(policy string) polls.Draft {
	p, err := polls.ParsePolicy(policy, 0, 0)
	if err != nil {
		panic(err)
	}
	return polls.Draft{Org: b.org, Type: polls.Choice, Text: "Is this spam?", Choices: []string{"yes", "no"}, Policy: p, Price: tasknet.Micro(18_000), Lifetime: time.Hour}
}

func (b *bench) ask(t *testing.T, d polls.Draft) *polls.Question {
	t.Helper()
	var q *polls.Question
	check(t, b.stores.InTx(t.Context(), func(tx pipeline.Tx) (err error) {
		q, err = b.Ask(t.Context(), tx, d)
		return err
	}))
	return q
}

// answer records an answer of somebody new, past the checks of its signature.
func (b *bench) answer(t *testing.T, q *polls.Question, choice int) {
	t.Helper()
	b.people++
	b.answerOf(t, b.people, q, choice, false)
}

// answerOf records an answer of the person with a number. maybe says that they may not be given the question.
func (b *bench) answerOf(t *testing.T, person int, q *polls.Question, choice int, maybe bool) {
	t.Helper()
	b.record(t, person, q, polls.Answer{Choice: choice}, maybe)
}

// record records what the person with a number says. maybe is as in answerOf.
func (b *bench) record(t *testing.T, person int, q *polls.Question, said polls.Answer, maybe bool) {
	t.Helper()
	id := polls.RespondentID(fmt.Sprintf("rsp_%03d", person))
	d := polls.Device{Delegation: polls.Delegation{Wallet: polls.Wallet{19: byte(person)}, Device: polls.DeviceKey{byte(person)}, Issued: start, Expires: start.Add(time.Hour)}, RegisteredAt: start}
	_, err := b.stores.Polls().Register(t.Context(), polls.Respondent{ID: id, Wallet: d.Wallet, CreatedAt: start}, d)
	check(t, err)
	check(t, b.stores.Rewards().SetPayee(t.Context(), string(id), rewards.Address(d.Wallet)))
	now := b.clock()
	leases, err := b.stores.Polls().ClaimAssignments(t.Context(), polls.Claim{Respondent: id, Question: q.ID, Count: 1, At: now, ExpiresAt: now.Add(time.Minute), Margin: 1})
	if maybe && errors.Is(err, polls.ErrNotAvailable) {
		return
	}
	check(t, err)
	q = leases[0].Question
	check(t, b.stopper.Prepare(t.Context(), q))
	s := &polls.Submission{Question: q, Answer: polls.Answer{Question: q.ID, Assignment: leases[0].Assignment.ID, Respondent: id, Device: d.Device, Choice: said.Choice, Value: said.Value, Nonce: "00"}}
	batch := &polls.Batch{Instance: instance, At: now, Submissions: []*polls.Submission{s}}
	check(t, b.stores.Polls().RecordAnswers(t.Context(), batch, b.stopper))
	check(t, s.Err)
	b.Recorded(batch.Touched)
}

// closing runs the closing loop until a question is closed, and returns its verdict.
func (b *bench) closing(t *testing.T, id polls.QuestionID) (v *labeling.Verdict) {
	t.Helper()
	b.runs(t, func() bool {
		var err error
		if v, err = b.stores.Labels().Verdict(t.Context(), id); err != nil && !errors.Is(err, labeling.ErrNoVerdict) {
			t.Fatal(err)
		}
		return err == nil
	})
	return v
}

// runs keeps the closing loop going until something is so.
func (b *bench) runs(t *testing.T, until func() bool) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- b.RunClosing(ctx) }()
	defer func() {
		stop()
		check(t, <-done)
	}()
	for !until() {
		select {
		case <-b.feed.told:
		case <-time.After(20 * time.Second):
			t.Fatal("the closing loop did not get there")
		}
	}
}

func (b *bench) balance(t *testing.T, a rewards.Account) tasknet.Amount {
	t.Helper()
	got, err := b.stores.Rewards().Balance(t.Context(), a)
	check(t, err)
	return got
}

func TestQuorumClosesAndPays(t *testing.T) {
	b := newBench(t)
	q := b.ask(t, b.draft("fixed:3"))
	if held := b.balance(t, rewards.HoldFor(string(q.ID))); held != tasknet.Micro(3*20_700) {
		t.Fatalf("%s is held", held)
	}
	for _, choice := range []int{1, 0, 1} {
		b.answer(t, q, choice)
	}
	v := b.closing(t, q.ID)
	if v.Choice != 1 || v.Outcome != labeling.Decided || v.Reason != labeling.Quorum {
		t.Fatalf("verdict %+v", v)
	}
	for account, want := range map[rewards.Account]int64{
		rewards.Requester(string(b.org)): 10*tasknet.MicroPerToken - 3*20_700, rewards.HoldFor(string(q.ID)): 0, rewards.FeesAccount: 3 * 2_700,
		rewards.Payee("rsp_001"): 18_000, rewards.Payee("rsp_002"): 18_000, rewards.Payee("rsp_003"): 18_000,
	} {
		if got := b.balance(t, account); got != tasknet.Micro(want) {
			t.Errorf("%s has %s, want %s", account, got, tasknet.Micro(want))
		}
	}
	events, err := b.stores.Events().EventsAfter(t.Context(), b.org, pipeline.QuestionClosed, 0, 10)
	check(t, err)
	if len(events) != 1 || events[0].Question != q.ID || events[0].Subject != string(v.ID) {
		t.Fatalf("events %+v", events)
	}
	var kinds []pipeline.EventKind
	for _, n := range b.feed.notices {
		kinds = append(kinds, n.Kind)
	}
	if diff := cmp.Diff([]pipeline.EventKind{pipeline.AnswerAccepted, pipeline.AnswerAccepted, pipeline.AnswerAccepted, pipeline.QuestionClosed}, kinds); diff != "" {
		t.Fatalf("notices (-want +got):\n%s", diff)
	}
}

func TestDeadlineClosesWithWhatItHas(t *testing.T) {
	b := newBench(t)
	some, none := b.ask(t, b.draft("fixed:3")), b.ask(t, b.draft("confidence:0.9"))
	b.answer(t, some, 1)
	b.pass(time.Hour)
	if v := b.closing(t, some.ID); v.Outcome != labeling.Leaning || v.Choice != 1 || v.Reason != labeling.Deadline {
		t.Fatalf("with one answer: %+v", v)
	}
	if v := b.closing(t, none.ID); v.Outcome != labeling.None || v.Choice != labeling.NoChoice {
		t.Fatalf("with none: %+v", v)
	}
	if got := b.balance(t, rewards.Requester(string(b.org))); got != tasknet.Micro(10*tasknet.MicroPerToken-20_700) {
		t.Fatalf("%s is left of ten for one answer", got)
	}
}

func TestCancelPaysWhatWasAnswered(t *testing.T) {
	b := newBench(t)
	q := b.ask(t, b.draft("fixed:3"))
	b.answer(t, q, 0)
	if err := b.Cancel(t.Context(), "org_other", q.ID); !errors.Is(err, polls.ErrNoQuestion) {
		t.Fatalf("somebody else cancelled: %v", err)
	}
	for range 2 { // again changes nothing
		check(t, b.Cancel(t.Context(), b.org, q.ID))
	}
	v, err := b.stores.Labels().Verdict(t.Context(), q.ID)
	check(t, err)
	if v.Reason != labeling.Cancelled || v.Outcome != labeling.Leaning {
		t.Fatalf("verdict %+v", v)
	}
	if got := b.balance(t, rewards.Requester(string(b.org))); got != tasknet.Micro(10*tasknet.MicroPerToken-20_700) {
		t.Fatalf("%s is left of ten", got)
	}
}

// TestCloseUncovered: as many questions are closed as have the money that is withdrawn set aside, the newest first, with their answers paid.
func TestCloseUncovered(t *testing.T) {
	b := newBench(t)
	var asked []*polls.Question
	for range 3 {
		asked = append(asked, b.ask(t, b.draft("fixed:3"))) // 0.0621 each
	}
	b.answer(t, asked[2], 0)
	check(t, b.CloseUncovered(t.Context(), "org_other", tasknet.Micro(tasknet.MicroPerToken)))
	for _, more := range []int64{62_101, 0} {
		check(t, b.CloseUncovered(t.Context(), b.org, tasknet.Micro(more)))
		for i, want := range []polls.Status{polls.Open, polls.Closed, polls.Closed} {
			q, err := b.stores.Polls().Question(t.Context(), asked[i].ID)
			check(t, err)
			if q.Status != want {
				t.Errorf("question %d is %s, want %s", i, q.Status, want)
			}
		}
	}
	if got := b.balance(t, rewards.Requester(string(b.org))); got != tasknet.Micro(10*tasknet.MicroPerToken-62_100-20_700) {
		t.Errorf("%s is left of ten", got)
	}
}

func TestAskWithoutMoneyChangesNothing(t *testing.T) {
	b := newBench(t)
	d := b.draft("fixed:1000")
	d.Price = tasknet.Micro(1_000_000)
	err := b.stores.InTx(t.Context(), func(tx pipeline.Tx) error {
		_, err := b.Ask(t.Context(), tx, d)
		return err
	})
	if !errors.Is(err, rewards.ErrInsufficient) {
		t.Fatalf("Ask = %v", err)
	}
	asked, _, err := b.stores.Polls().Questions(t.Context(), polls.QuestionFilter{Org: b.org}, tasknet.Page{Limit: 3})
	check(t, err)
	if len(asked) != 0 || b.balance(t, rewards.Requester(string(b.org))) != tasknet.Micro(10*tasknet.MicroPerToken) {
		t.Fatalf("%d questions were saved", len(asked))
	}
}

func TestDoRunsOncePerKey(t *testing.T) {
	b := newBench(t)
	once := pipeline.Once{Scope: "org ask", Key: "k", RequestHash: [32]byte{1}}
	ask := func(tx pipeline.Tx) (any, error) {
		q, err := b.Ask(t.Context(), tx, b.draft("fixed:3"))
		if err != nil {
			return nil, err
		}
		return map[string]any{"id": q.ID}, nil
	}
	var wg sync.WaitGroup
	replies := make([]pipeline.Reply, 20)
	for i := range replies {
		wg.Go(func() {
			var err error
			if replies[i], _, err = b.Do(t.Context(), once, 201, ask); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, r := range replies {
		if r.Status != 201 || string(r.Body) != string(replies[0].Body) {
			t.Fatalf("replies %s and %s", r.Body, replies[0].Body)
		}
	}
	asked, _, err := b.stores.Polls().Questions(t.Context(), polls.QuestionFilter{Org: b.org}, tasknet.Page{Limit: 3})
	check(t, err)
	if len(asked) != 1 {
		t.Fatalf("%d questions were asked under one key", len(asked))
	}
	var body struct{ ID polls.QuestionID }
	if check(t, json.Unmarshal(replies[0].Body, &body)); body.ID != asked[0].ID {
		t.Fatalf("the reply names %s, asked was %s", body.ID, asked[0].ID)
	}
	other := once
	other.RequestHash[0]++
	if _, _, err := b.Do(t.Context(), other, 201, ask); !errors.Is(err, pipeline.ErrKeyReused) {
		t.Fatalf("another request under the key: %v", err)
	}
	failing := errors.New("no")
	if _, _, err := b.Do(t.Context(), pipeline.Once{Scope: "org ask", Key: "k2"}, 201, func(pipeline.Tx) (any, error) { return nil, failing }); !errors.Is(err, failing) {
		t.Fatalf("a failing write: %v", err)
	}
	if _, replayed, err := b.Do(t.Context(), pipeline.Once{Scope: "org ask", Key: "k2"}, 201, ask); err != nil || replayed {
		t.Fatalf("a key whose write failed: replayed %t, %v", replayed, err)
	}
}

// TestSkillsAreLearned closes a question, and sees that the next ones name a snapshot that knows who was right: at first
// in general, and when enough have closed, of their family.
func TestSkillsAreLearned(t *testing.T) {
	b := newBench(t)
	closed := func() {
		t.Helper()
		q := b.ask(t, b.draft("fixed:3"))
		b.people = 0 // the same three each time
		for _, choice := range []int{1, 0, 1} {
			b.answer(t, q, choice)
		}
		b.closing(t, q.ID)
	}
	snapshot := func(d polls.Draft) *labeling.Snapshot {
		t.Helper()
		s, err := b.stores.Labels().Snapshot(t.Context(), b.ask(t, d).Snapshot)
		check(t, err)
		return s
	}
	check(t, b.Learn(t.Context()))
	if s := snapshot(b.draft("fixed:3")); s.Version != 0 || len(s.Known.People) != 0 {
		t.Fatalf("something is known of nobody: %+v", s)
	}
	closed()
	check(t, b.Learn(t.Context()))
	if s := snapshot(b.draft("fixed:3")); s.Version != 0 {
		t.Fatal("it was learned too early")
	}
	b.pass(time.Second)
	check(t, b.Learn(t.Context()))
	s := snapshot(b.draft("fixed:3"))
	if s.Family != labeling.General(2) || s.Version != 1 || len(s.Known.People) != 3 || len(s.Known.People[0].Counts) != 0 {
		t.Fatalf("in general: %+v", s)
	}
	for _, p := range s.Known.People {
		if wrong := p.Respondent == "rsp_002"; p.Expected == 0 || wrong != (p.Wrong > p.Expected) {
			t.Errorf("%+v", p)
		}
	}
	for range labeling.NextLesson(1) - 1 {
		closed()
	}
	check(t, b.Learn(t.Context()))
	s = snapshot(b.draft("fixed:3"))
	if s.Family == labeling.General(2) || s.Version != 1 || len(s.Known.People) != 3 || len(s.Known.People[0].Counts) != 4 {
		t.Fatalf("of its family: %+v", s)
	}
	other := b.draft("fixed:3")
	other.Choices = []string{"cat", "dog"}
	if s := snapshot(other); s.Family != labeling.General(2) || s.Version != 2 || s.Known.People[1].Wrong <= s.Known.People[1].Expected {
		t.Fatalf("of another family: %+v", s)
	}
	other.Choices = append(other.Choices, "owl")
	if s := snapshot(other); s.Version != 0 || s.Known.Choices != 3 {
		t.Fatalf("of one with more choices: %+v", s)
	}
	other.Type, other.Choices, other.Number = polls.Number, nil, &polls.NumberRange{Min: 0, Max: 1_000_000}
	if q := b.ask(t, other); q.Snapshot != "" {
		t.Errorf("a question whose answers are numbers names the snapshot %s", q.Snapshot)
	}
}

// TestKnownCrowdNeedsFewerAnswers: of ten people six are good and four guess. While nobody is known it takes more answers
// to settle a question than when it is learned who they are; also one of another family, since people are good or not.
func TestKnownCrowdNeedsFewerAnswers(t *testing.T) {
	b := newBench(t)
	check(t, b.stores.Rewards().Post(t.Context(), rewards.Credit(string(b.org), "second", tasknet.Micro(90*tasknet.MicroPerToken), start)))
	rng := rand.New(rand.NewPCG(7, 9))
	crowd := func(choices []string, questions int) (answers, right int) {
		t.Helper()
		truths := make(map[polls.QuestionID]int)
		for range questions {
			d := b.draft("confidence:0.95")
			d.Choices = choices
			q := b.ask(t, d)
			truth := rng.IntN(len(choices))
			truths[q.ID] = truth
			for n, person := range rng.Perm(10) {
				choice := rng.IntN(len(choices))
				if person < 6 && rng.IntN(20) > 0 {
					choice = truth
				}
				b.people = person
				b.answer(t, q, choice)
				now, err := b.stores.Polls().Question(t.Context(), q.ID)
				check(t, err)
				if now.Status != polls.Open {
					answers += n + 1
					break
				}
			}
		}
		for id, truth := range truths {
			if b.closing(t, id).Choice == truth {
				right++
			}
		}
		return answers, right
	}
	const questions, luck = 40, 2
	animals := []string{"cat", "dog", "owl"}
	before, rightBefore := crowd(animals, questions)
	check(t, b.Learn(t.Context()))
	after, rightAfter := crowd(animals, questions)
	elsewhere, rightElsewhere := crowd([]string{"tea", "milk", "rum"}, questions)
	if after >= before*9/10 || rightAfter < rightBefore-luck {
		t.Errorf("%d answers and %d right before it was learned who is good, %d and %d after", before, rightBefore, after, rightAfter)
	}
	if elsewhere >= before || rightElsewhere < rightBefore-luck {
		t.Errorf("%d answers and %d right while nobody was known, %d and %d where people were known from elsewhere", before, rightBefore, elsewhere, rightElsewhere)
	}
}

// TestGoldLetsVerdictsClaim: 59 golds of a family that people got right, and what they answer next claims the confidence
// that its policy asks for; one gold fewer, and it does not.
func TestGoldLetsVerdictsClaim(t *testing.T) {
	b := newBench(t)
	check(t, b.stores.Rewards().Post(t.Context(), rewards.Credit(string(b.org), "second", tasknet.Micro(90*tasknet.MicroPerToken), start)))
	answered := func(q *polls.Question, choice int) {
		t.Helper()
		b.people = 0 // the same two each time
		b.answer(t, q, choice)
		b.answer(t, q, choice)
	}
	golds := func(n int) {
		t.Helper()
		var last *polls.Question
		for i := range n {
			check(t, b.stores.InTx(t.Context(), func(tx pipeline.Tx) (err error) {
				last, err = b.AskGold(t.Context(), tx, b.draft("fixed:2"), labeling.Truth{Choice: i % 2})
				return err
			}))
			answered(last, i%2)
		}
		b.closing(t, last.ID)
		b.pass(time.Second)
		check(t, b.Learn(t.Context()))
	}
	verdict := func() *labeling.Verdict {
		t.Helper()
		q := b.ask(t, b.draft("confidence:0.95"))
		answered(q, 1)
		return b.closing(t, q.ID)
	}
	golds(58)
	if v := verdict(); v.Claims || v.Golds != 58 || v.Correction != labeling.Discount || v.Outcome != labeling.Decided {
		t.Errorf("by 58 golds: %+v", v)
	}
	golds(1)
	if v := verdict(); !v.Claims || v.Golds != 59 || v.Pooled || v.Correction != labeling.Isotonic || v.Confidence() < 950_000 {
		t.Errorf("by 59 golds: %+v", v)
	}
}

func TestRegister(t *testing.T) {
	b := newBench(t)
	public, device, err := ed25519.GenerateKey(nil)
	check(t, err)
	wallet, err := secp256k1.GeneratePrivateKey()
	check(t, err)
	id, err := hex.DecodeString(instance)
	check(t, err)
	d := polls.Delegation{Device: polls.DeviceKey(public), Issued: start, Expires: start.Add(time.Hour)}
	d.Sign(polls.Domain{Instance: [32]byte(id), ChainID: 7}, wallet)
	prove := func(d polls.Delegation) [64]byte {
		digest, err := d.ProofDigest(instance)
		check(t, err)
		return [64]byte(ed25519.Sign(device, digest[:]))
	}
	first, err := b.Register(t.Context(), d, prove(d))
	check(t, err)
	again, err := b.Register(t.Context(), d, prove(d))
	if err != nil || again != first {
		t.Fatalf("registered again as %+v, %v", again, err)
	}
	stolen := d
	stolen.Device[0] ^= 1
	for name, c := range map[string]struct {
		d     polls.Delegation
		proof [64]byte
		want  error
	}{
		"without the device's key": {d, [64]byte{}, polls.ErrBadProof},
		"another device's key":     {stolen, prove(stolen), polls.ErrBadProof},
		"changed dates":            {later(d), prove(later(d)), polls.ErrBadDelegation},
	} {
		if _, err := b.Register(t.Context(), c.d, c.proof); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func later(d polls.Delegation) polls.Delegation {
	d.Expires = d.Expires.Add(time.Hour)
	return d
}

func TestKeys(t *testing.T) {
	b := newBench(t)
	var key polls.Key
	var secret string
	check(t, b.stores.InTx(t.Context(), func(tx pipeline.Tx) (err error) {
		key, secret, err = b.NewKey(t.Context(), tx, b.org, "phone")
		return err
	}))
	got, org, err := b.Authenticate(t.Context(), secret)
	if err != nil || got.ID != key.ID || org.ID != b.org {
		t.Fatalf("Authenticate = %+v, %+v, %v", got, org, err)
	}
	for _, wrong := range []string{"", "tn_", secret[:len(secret)-1], secret + "a"} {
		if _, _, err := b.Authenticate(t.Context(), wrong); !errors.Is(err, polls.ErrNoKey) {
			t.Errorf("secret %q: %v", wrong, err)
		}
	}
	if err := b.RevokeKey(t.Context(), "org_other", key.ID); !errors.Is(err, polls.ErrNoKey) {
		t.Fatalf("somebody else revoked: %v", err)
	}
	check(t, b.RevokeKey(t.Context(), b.org, key.ID))
	if _, _, err := b.Authenticate(t.Context(), secret); !errors.Is(err, polls.ErrNoKey) {
		t.Fatalf("a revoked key: %v", err)
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
