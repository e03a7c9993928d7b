package pollstest

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// Instance is the id of the instance that World plays in.
const Instance = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

// World makes organisations, people and questions in a store, all at times that it chooses: an hour's steps from a fixed
// day, so that outcomes are exact.
type World struct {
	T     *testing.T
	Store polls.Store
	Now   time.Time
	Org   polls.Org

	people uint64
	nonces uint64
}

// NewWorld returns a world with one organisation.
func NewWorld(t *testing.T, store polls.Store) *World {
	w := &World{T: t, Store: store, Now: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)}
	w.Org = w.NewOrg("Heron Counts")
	return w
}

// NewOrg saves an organisation.
func (w *World) NewOrg(name string) polls.Org {
	w.T.Helper()
	o := polls.Org{ID: polls.OrgID(tasknet.NewID(polls.OrgPrefix, w.Now)), Name: name, CreatedAt: w.Now}
	w.must(w.Store.CreateOrg(w.T.Context(), o))
	return o
}

// Person saves a respondent with a device.
func (w *World) Person() polls.Device {
	w.T.Helper()
	w.people++
	seed := sha256.Sum256(binary.BigEndian.AppendUint64([]byte("person"), w.people))
	d := polls.Device{RegisteredAt: w.Now, Delegation: polls.Delegation{
		Wallet: polls.Wallet(seed[:20]), Device: sha256.Sum256(seed[:]), Issued: w.Now, Expires: w.Now.Add(1000 * time.Hour),
	}}
	copy(d.Signature[:], seed[:])
	r, err := w.Store.Register(w.T.Context(), polls.Respondent{ID: polls.RespondentID(tasknet.NewID(polls.RespondentPrefix, w.Now)), Wallet: d.Wallet, CreatedAt: w.Now}, d)
	w.must(err)
	d.Respondent = r.ID
	return d
}

// People saves n respondents.
func (w *World) People(n int) []polls.Device {
	w.T.Helper()
	people := make([]polls.Device, n)
	for i := range people {
		people[i] = w.Person()
	}
	return people
}

// Draft returns a question with two choices that wants n answers.
func (w *World) Draft(n int) polls.Draft {
	return polls.Draft{
		Org: w.Org.ID, Type: polls.Choice, Text: "Is there a heron in this picture?", Choices: []string{"yes", "no"},
		Policy: polls.Policy{Kind: polls.Fixed, Min: n, Max: n}, Price: tasknet.Micro(18_000), Fee: tasknet.Micro(2_700), Lifetime: 24 * time.Hour,
		Snapshot: "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9",
	}
}

// Ask saves a question.
func (w *World) Ask(d polls.Draft) *polls.Question {
	w.T.Helper()
	q, err := polls.NewQuestion(d, Instance, w.Now)
	w.must(err)
	w.must(w.Store.CreateQuestions(w.T.Context(), q))
	return q
}

// Claim returns a claim of count questions now, with a lease of 15 minutes and a margin of 1.
func (w *World) Claim(by polls.Device, count int) polls.Claim {
	return polls.Claim{Respondent: by.Respondent, Count: count, At: w.Now, ExpiresAt: w.Now.Add(15 * time.Minute), Margin: 1}
}

// Take leases a question for somebody.
func (w *World) Take(by polls.Device, q *polls.Question) polls.Assignment {
	w.T.Helper()
	c := w.Claim(by, 1)
	c.Question = q.ID
	leases, err := w.Store.ClaimAssignments(w.T.Context(), c)
	w.must(err)
	if len(leases) != 1 || leases[0].Assignment.Question != q.ID {
		w.T.Fatalf("a claim of %s gave %+v", q.ID, leases)
	}
	return leases[0].Assignment
}

// Submission returns an answer under an assignment.
func (w *World) Submission(by polls.Device, q *polls.Question, a polls.Assignment, choice int) *polls.Submission {
	w.nonces++
	nonce := sha256.Sum256(binary.BigEndian.AppendUint64([]byte("nonce"), w.nonces))
	s := &polls.Submission{Question: q, Answer: polls.Answer{
		Question: q.ID, Assignment: a.ID, Respondent: by.Respondent, Device: by.Device, Choice: choice,
		Nonce: hexOf(nonce[:16]), ClientMS: w.Now.UnixMilli(),
	}}
	copy(s.Answer.Signature[:], nonce[:])
	return s
}

// Batch returns a batch of submissions now.
func (w *World) Batch(submissions ...*polls.Submission) *polls.Batch {
	return &polls.Batch{Instance: Instance, At: w.Now, Submissions: submissions}
}

// Record records a batch of submissions now.
func (w *World) Record(submissions ...*polls.Submission) *polls.Batch {
	w.T.Helper()
	b := w.Batch(submissions...)
	w.must(w.Store.RecordAnswers(w.T.Context(), b, Count{}))
	return b
}

// Answer takes a question and answers it.
func (w *World) Answer(by polls.Device, q *polls.Question, choice int) polls.Answer {
	w.T.Helper()
	s := w.Submission(by, q, w.Take(by, q), choice)
	w.Record(s)
	w.must(s.Err)
	return s.Answer
}

func (w *World) must(err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
}

// want checks that err is an error that is expected, and nothing else.
func (w *World) want(what string, err, want error) {
	w.T.Helper()
	if !errors.Is(err, want) {
		w.T.Errorf("%s: error %v, want %v", what, err, want)
	}
}

// same checks that two values are equal.
func (w *World) same(what string, got, want any) {
	w.T.Helper()
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b tasknet.Amount) bool { return a == b })); diff != "" {
		w.T.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// Count is a Stopper that stops at the policy's most answers. Its state is how many it has seen.
type Count struct{}

// Step implements polls.Stopper.
func (Count) Step(q *polls.Question, state polls.State, _ polls.Vote) (polls.State, polls.Decision, error) {
	n := 1
	if state != nil {
		n = int(state[0])<<8 + int(state[1]) + 1
	}
	return polls.State{byte(n >> 8), byte(n)}, polls.Decision{Stop: n >= q.Policy.Max, Wanted: max(0, q.Policy.Max-n)}, nil
}

func hexOf(b []byte) string {
	const digits = "0123456789abcdef"
	out := make([]byte, 0, 2*len(b))
	for _, c := range b {
		out = append(out, digits[c>>4], digits[c&15])
	}
	return string(out)
}
