package polls_test

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/store"
	"github.com/tasknet/tasknet/server/store/storetest"
)

// person is a respondent with a device.
type person struct {
	id  polls.RespondentID
	key ed25519.PrivateKey
}

// bench is a service over a real store, with people.
type bench struct {
	store   polls.Store
	service *polls.Service
	receipt ed25519.PublicKey
	people  []person
	closing atomic.Int32 // questions that Recorded told were closing
	now     atomic.Int64 // Unix milliseconds
}

func newBench(t *testing.T, people, stopAt int) *bench {
	t.Helper()
	db, err := store.Open(t.Context(), store.Config{Path: storetest.File(t)})
	check(t, err)
	public, key, err := ed25519.GenerateKey(nil)
	check(t, err)
	b := &bench{store: db.Polls(), receipt: public}
	b.now.Store(now.UnixMilli())
	check(t, b.store.CreateOrg(t.Context(), polls.Org{ID: "org_1", Name: "Somebody", CreatedAt: now}))
	b.service = polls.NewService(b.store, counter(stopAt), polls.ServiceConfig{
		Instance: instance, ReceiptKey: func() ed25519.PrivateKey { return key }, Margin: people, Lease: time.Minute,
		Now: func() time.Time { return time.UnixMilli(b.now.Load()) },
		Recorded: func(touched []*polls.Question) {
			for _, q := range touched {
				if q.Status == polls.Closing {
					b.closing.Add(1)
				}
			}
		},
	})
	for i := range people {
		p := person{id: polls.RespondentID(fmt.Sprintf("rsp_%d", i))}
		public, p.key, err = ed25519.GenerateKey(nil)
		check(t, err)
		d := polls.Device{Delegation: polls.Delegation{Wallet: polls.Wallet{19: byte(i + 1)}, Device: polls.DeviceKey(public), Issued: now, Expires: now.Add(time.Hour)}, RegisteredAt: now}
		_, err = b.store.Register(t.Context(), polls.Respondent{ID: p.id, Wallet: d.Wallet, CreatedAt: now}, d)
		check(t, err)
		b.people = append(b.people, p)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- b.service.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := errors.Join(<-done, db.Close()); err != nil {
			t.Error(err)
		}
	})
	return b
}

func (b *bench) ask(t *testing.T) *polls.Question {
	t.Helper()
	q, err := polls.NewQuestion(draft(), instance, time.UnixMilli(b.now.Load()))
	check(t, err)
	check(t, b.store.CreateQuestions(t.Context(), q))
	return q
}

// lease takes the question for a person and returns their signed answer, not sent yet.
func (b *bench) lease(t *testing.T, p person, q *polls.Question, choice int) polls.Answer {
	t.Helper()
	leases, err := b.service.Assign(t.Context(), p.id, polls.Taste{}, 1, q.ID)
	check(t, err)
	return sign(p, q, leases[0].Assignment.ID, choice)
}

func sign(p person, q *polls.Question, asg polls.AssignmentID, choice int) polls.Answer {
	a := polls.Answer{
		Question: q.ID, Assignment: asg, Device: polls.DeviceKey(p.key.Public().(ed25519.PublicKey)), Choice: choice,
		Nonce: hex.EncodeToString(make([]byte, 16)), ClientMS: now.UnixMilli(),
	}
	digest := a.Digest(instance, q.Hash)
	copy(a.Signature[:], ed25519.Sign(p.key, digest[:]))
	return a
}

// TestAnswersAtOnce sends good and bad answers together, so that they share batches: the bad ones fail alone, and the
// question closes once.
func TestAnswersAtOnce(t *testing.T) {
	const people, needed = 60, 25
	b := newBench(t, people, needed)
	q := b.ask(t)
	answers := make([]polls.Answer, people)
	for i, p := range b.people {
		answers[i] = b.lease(t, p, q, i%2)
		if i%6 == 5 {
			answers[i].Signature[40] ^= 1
		}
	}
	var accepted, closed, forged atomic.Int32
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() {
			got, err := b.service.Answer(t.Context(), answers[i])
			switch {
			case err == nil && got.Fresh && got.Pays == q.Price && got.Receipt.Check(instance, b.receipt) && got.Receipt.Record == got.Answer.RecordHash(instance, q.Hash):
				accepted.Add(1)
			case errors.Is(err, polls.ErrClosed):
				closed.Add(1)
			case errors.Is(err, polls.ErrBadSignature):
				forged.Add(1)
			default:
				t.Errorf("answer %d: %+v, %v", i, got, err)
			}
		})
	}
	wg.Wait()
	if accepted.Load() != needed || forged.Load() != people/6 || closed.Load() != people-needed-people/6 {
		t.Fatalf("%d accepted, %d too late, %d forged", accepted.Load(), closed.Load(), forged.Load())
	}
	stored, err := b.store.AnswersTo(t.Context(), q.ID)
	check(t, err)
	if len(stored) != needed || b.closing.Load() != 1 {
		t.Fatalf("%d answers are stored, and the question closed %d times", len(stored), b.closing.Load())
	}
}

// TestAnswerRefuses attacks one thing at a time, and sees that nothing was changed.
func TestAnswerRefuses(t *testing.T) {
	b := newBench(t, 4, 3)
	q, other := b.ask(t), b.ask(t)
	good := b.lease(t, b.people[0], q, 1)
	theirs := b.lease(t, b.people[1], q, 1)
	elsewhere := b.lease(t, b.people[0], other, 1)
	stranger := person{key: ed25519.NewKeyFromSeed(make([]byte, 32))}
	for name, c := range map[string]struct {
		answer polls.Answer
		want   error
	}{
		"a stranger's key":               {sign(stranger, q, good.Assignment, 1), polls.ErrUnknownDevice},
		"a choice that does not exist":   {sign(b.people[0], q, good.Assignment, 2), polls.ErrNoSuchChoice},
		"a negative choice":              {sign(b.people[0], q, good.Assignment, -2), polls.ErrNoSuchChoice},
		"another's lease":                {sign(b.people[0], q, theirs.Assignment, 1), polls.ErrNotYours},
		"a lease on another question":    {sign(b.people[0], q, elsewhere.Assignment, 1), polls.ErrWrongQuestion},
		"a changed choice":               {with(good, func(a *polls.Answer) { a.Choice = 0 }), polls.ErrBadSignature},
		"a changed nonce":                {with(good, func(a *polls.Answer) { a.Nonce = "f" + a.Nonce[1:] }), polls.ErrBadSignature},
		"a changed time":                 {with(good, func(a *polls.Answer) { a.ClientMS++ }), polls.ErrBadSignature},
		"replayed on another question":   {with(good, func(a *polls.Answer) { a.Question = other.ID }), polls.ErrBadSignature},
		"replayed on another lease":      {with(good, func(a *polls.Answer) { a.Assignment = elsewhere.Assignment }), polls.ErrBadSignature},
		"replayed by another device":     {with(good, func(a *polls.Answer) { a.Device = theirs.Device }), polls.ErrBadSignature},
		"a nonce that is not hex":        {with(good, func(a *polls.Answer) { a.Nonce = `"` + a.Nonce[1:] }), polls.ErrBadAnswer},
		"a clock of another century":     {with(good, func(a *polls.Answer) { a.ClientMS = 0 }), polls.ErrBadAnswer},
		"a question that does not exist": {with(good, func(a *polls.Answer) { a.Question = "q_none" }), polls.ErrNoQuestion},
	} {
		if got, err := b.service.Answer(t.Context(), c.answer); !errors.Is(err, c.want) {
			t.Errorf("%s: %+v, %v; want %v", name, got, err, c.want)
		}
	}
	for _, id := range []polls.QuestionID{q.ID, other.ID} {
		if after, err := b.store.Question(t.Context(), id); err != nil || after.Answers != 0 {
			t.Fatalf("%d answers were counted, %v", after.Answers, err)
		}
	}
	if got, err := b.service.Answer(t.Context(), good); err != nil || !got.Fresh {
		t.Fatalf("the good answer gave %+v, %v", got, err)
	}
}

func with(a polls.Answer, change func(*polls.Answer)) polls.Answer {
	change(&a)
	return a
}

// TestAnswerAgain sends an answer again, and a changed one, while the question is open and after it stopped.
func TestAnswerAgain(t *testing.T) {
	b := newBench(t, 2, 2)
	q := b.ask(t)
	a, last := b.lease(t, b.people[0], q, 1), b.lease(t, b.people[1], q, 1)
	first, err := b.service.Answer(t.Context(), a)
	check(t, err)
	for range 2 {
		again, err := b.service.Answer(t.Context(), a)
		if err != nil || again.Fresh || again.Answer.ID != first.Answer.ID || again.Receipt.Signature != first.Receipt.Signature || !again.Receipt.Check(instance, b.receipt) {
			t.Fatalf("sent again: %+v, %v", again, err)
		}
		if _, err := b.service.Answer(t.Context(), sign(b.people[0], q, a.Assignment, 0)); !errors.Is(err, polls.ErrAnswered) {
			t.Fatalf("changed: %v", err)
		}
		if _, err := b.service.Answer(t.Context(), last); err != nil {
			t.Fatal(err)
		}
	}
	if n := b.closing.Load(); n != 1 {
		t.Fatalf("the question closed %d times", n)
	}
}

// TestRefusal: that an answer is refused for good is signed, for this answer and reason alone; what says nothing of an answer is not.
func TestRefusal(t *testing.T) {
	b := newBench(t, 1, 1)
	q := b.ask(t)
	a := b.lease(t, b.people[0], q, 1)
	_, err := b.service.Answer(t.Context(), a)
	check(t, err)
	other := sign(b.people[0], q, a.Assignment, 0)
	_, err = b.service.Answer(t.Context(), other)
	refused, ok := errors.AsType[*polls.RefusedError](err)
	if !ok || !errors.Is(err, polls.ErrAnswered) || err.Error() != polls.ErrAnswered.Error() {
		t.Fatalf("%v", err)
	}
	r := refused.Refusal
	if !r.Check(instance, b.receipt) || r.Answer != other.Digest(instance, q.Hash) || r.Device != other.Device || r.Code != polls.ErrAnswered.Code {
		t.Errorf("%+v", r)
	}
	for name, change := range map[string]func(*polls.Refusal){
		"answer": func(r *polls.Refusal) { r.Answer[1] ^= 1 },
		"device": func(r *polls.Refusal) { r.Device[1] ^= 1 },
		"code":   func(r *polls.Refusal) { r.Code = polls.ErrClosed.Code },
		"time":   func(r *polls.Refusal) { r.At = r.At.Add(time.Millisecond) },
	} {
		bad := r
		change(&bad)
		if bad.Check(instance, b.receipt) {
			t.Errorf("a refusal with another %s holds", name)
		}
	}
	if r.Check("other", b.receipt) {
		t.Error("a refusal by another instance holds")
	}
	other.Signature[3] ^= 1
	if _, err = b.service.Answer(t.Context(), other); !errors.Is(err, polls.ErrBadSignature) {
		t.Errorf("%v", err)
	}
	if _, ok := errors.AsType[*polls.RefusedError](err); ok {
		t.Error("the refusal of an answer that nobody signed is signed")
	}
}

func TestLateAnswerCountsWhileTheQuestionIsOpen(t *testing.T) {
	b := newBench(t, 1, 2)
	q := b.ask(t)
	a := b.lease(t, b.people[0], q, 0)
	b.now.Add((2 * time.Minute).Milliseconds())
	if got, err := b.service.Answer(t.Context(), a); err != nil || !got.Fresh {
		t.Fatalf("an answer after its lease gave %+v, %v", got, err)
	}
}

func TestRevokedDeviceIsRefused(t *testing.T) {
	b := newBench(t, 1, 2)
	q := b.ask(t)
	a := b.lease(t, b.people[0], q, 0)
	if _, err := b.service.Device(t.Context(), a.Device); err != nil {
		t.Fatal(err)
	}
	check(t, b.service.RevokeDevice(t.Context(), b.people[0].id, a.Device))
	if _, err := b.service.Answer(t.Context(), a); !errors.Is(err, polls.ErrDeviceEnded) {
		t.Fatalf("a revoked device: %v", err)
	}
}

// TestAnswersKeepTheirOrder has commits follow each other within a millisecond, where neither the time nor a random id
// tells which was first.
func TestAnswersKeepTheirOrder(t *testing.T) {
	const people = 20
	b := newBench(t, people, people)
	q := b.ask(t)
	var want []polls.AnswerID
	for i, p := range b.people {
		got, err := b.service.Answer(t.Context(), b.lease(t, p, q, i%2))
		check(t, err)
		want = append(want, got.Answer.ID)
	}
	stored, err := b.store.AnswersTo(t.Context(), q.ID)
	check(t, err)
	for i, a := range stored {
		if a.ID != want[i] || a.Place != i {
			t.Fatalf("answer %d is at place %d", i, a.Place)
		}
	}
}

func TestExpiredDeviceIsRefused(t *testing.T) {
	b := newBench(t, 1, 2)
	q := b.ask(t)
	a := b.lease(t, b.people[0], q, 0)
	b.now.Add((2 * time.Hour).Milliseconds())
	if _, err := b.service.Answer(t.Context(), a); !errors.Is(err, polls.ErrDeviceEnded) {
		t.Fatalf("an expired device: %v", err)
	}
}
