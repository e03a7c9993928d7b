package rewards

import (
	"context"
	"encoding/hex"
	"math/big"
	"slices"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards/merkle"
)

// Ask is what a contract asked an oracle, as the oracle's event says it.
type Ask struct {
	Oracle      Address  `json:"oracle"`
	Text        string   `json:"text"`    // bytes that are not UTF-8 are replaced
	Content     Hash     `json:"content"` // of the image or clip that is asked about; zero when there is none
	Options     []string `json:"options"`
	Garbled     bool     `json:"garbled"` // something of the text or the options was replaced
	MinAnswers  int      `json:"min_answers"`
	MaxAnswers  int      `json:"max_answers"`
	TargetPPM   int      `json:"target_ppm"`   // zero: as many answers as there may be
	Deadline    int64    `json:"deadline"`     // Unix time in seconds, at most DeadlineMost
	Payment     *big.Int `json:"payment"`      // in base units
	CallbackGas int64    `json:"callback_gas"` // zero: the asker is not called
}

// DeadlineMost is the end of the year 9999; what is later is read as this.
const DeadlineMost = 253_402_300_799

// Outcome is how a contract's question ended. The numbers are the oracle's.
type Outcome int

// The outcomes.
const (
	OutcomeNone       Outcome = iota // it has not
	OutcomeDecided                   // the confidence asked for was reached
	OutcomeUndecided                 // it was not, and the choice is the likeliest
	OutcomeUnanswered                // there was no quorum by the deadline, and there is no choice
)

var outcomes = []string{"none", "decided", "undecided", "unanswered"}

// String names the outcome in a word.
func (o Outcome) String() string {
	if o < 0 || int(o) >= len(outcomes) {
		return "unknown"
	}
	return outcomes[o]
}

// ParseOutcome reads a word that String gives; OutcomeNone when there is no such outcome.
func ParseOutcome(s string) Outcome { return Outcome(max(0, slices.Index(outcomes, s))) }

// OracleVerdict is a verdict as an oracle takes it.
type OracleVerdict struct {
	Outcome       Outcome
	Choice        int // index into the options
	ConfidencePPM int
	Answers       int
	Record        Hash // of the public record by which it can be recomputed
}

// Leaf returns the verdict's leaf under a header's verdicts:
// keccak256(keccak256(abi.encode(oracle, id, outcome, choice, confidence, answers, record))).
func (v OracleVerdict) Leaf(oracle Address, id Hash) Hash {
	var asker [32]byte
	copy(asker[12:], oracle[:])
	number := func(n int) [32]byte { return word(big.NewInt(int64(n))) }
	return merkle.Keccak(merkle.Keccak(asker, id, number(int(v.Outcome)), number(v.Choice), number(v.ConfidencePPM), number(v.Answers), v.Record))
}

// RequestState is where a contract's question is on its way.
type RequestState string

// The states of a request.
const (
	RequestAsked     RequestState = "asked"     // it is paid for, and nobody has looked at it
	RequestOpen      RequestState = "open"      // people answer
	RequestClosed    RequestState = "closed"    // its verdict is fixed, or the word that there is none
	RequestFulfilled RequestState = "fulfilled" // the oracle has that
)

// Request is a contract's question.
type Request struct {
	ID       Hash // the oracle's number of it, and the reference of its payment
	Asker    Address
	Org      string // whose money its payment is; see OrgOf
	Tx       Hash
	LogIndex int // of the payment
	Block    int64
	Ask      Ask
	State    RequestState
	Gone     bool   // the chain has taken it back
	Question string // id of the question that people answer; empty before
	Reason   string // a code, of why it was not put to people; empty when it was
	Verdict  OracleVerdict
	At       time.Time // when the verdict was fixed
	Epoch    int64     // the newest whose tree has the verdict; zero before

	Delivered bool      // the asker was called, and took it
	Tries     int       // at bringing the verdict
	Next      time.Time // not tried before
}

// Leaf returns the leaf of the request's verdict.
func (r *Request) Leaf() Hash { return r.Verdict.Leaf(r.Ask.Oracle, r.ID) }

// Errors of requests.
var (
	ErrNoRequest    = tasknet.NewError(tasknet.NotFound, "no_such_request", "No contract has asked a question of this id here; check the id, and wait for its confirmations.")
	ErrRequestMoved = tasknet.NewError(tasknet.Conflict, "request_moved", "The request is in another state by now.")
)

// RequestStore keeps questions of contracts. They come with their payments, by EventStore.BookEvents, and are gone when these
// are undone; a payment that comes again brings its request back. Each method is one transaction, or part of the caller's.
type RequestStore interface {
	// Request returns a request, or ErrNoRequest.
	Request(ctx context.Context, id Hash) (Request, error)

	// Requests lists requests in the order in which they first came.
	Requests(ctx context.Context, page tasknet.Page) ([]Request, string, error)

	// RequestsIn returns up to limit requests in a state that the chain has, in the order in which they came.
	RequestsIn(ctx context.Context, state RequestState, limit int) ([]Request, error)

	// RequestsAnswered returns up to limit requests that are open, whose question is closed, and that the chain has.
	RequestsAnswered(ctx context.Context, limit int) ([]Request, error)

	// RequestsGone returns up to limit requests that the chain has taken back while they were open, and that are not called off.
	RequestsGone(ctx context.Context, limit int) ([]Request, error)

	// OpenRequest says which question a request became. ErrRequestMoved when it is not RequestAsked, or gone.
	OpenRequest(ctx context.Context, id Hash, question string) error

	// CloseRequest fixes a request's verdict, with the reason when it was not put to people. ErrRequestMoved when the request is
	// not in from, or gone.
	CloseRequest(ctx context.Context, id Hash, from RequestState, v OracleVerdict, reason string, at time.Time) error

	// CallOffRequest says that the question of an open request that is gone takes no answers any more: when the request comes
	// back it is asked anew.
	CallOffRequest(ctx context.Context, id Hash) error

	// PutVerdicts makes the verdicts that wait those of an epoch's tree, in place of any that were put there before: those of
	// closed requests that the chain has, in the order in which they came, up to limit. The word that there is none does not wait
	// before the deadline. It returns them as VerdictsIn does.
	PutVerdicts(ctx context.Context, epoch int64, at time.Time, limit int) ([]Request, error)

	// VerdictsIn returns the requests whose verdicts are in an epoch's tree, in its order.
	VerdictsIn(ctx context.Context, epoch int64) ([]Request, error)

	// VerdictsWait reports whether there are verdicts that PutVerdicts would put, and that are not in the newest epoch's tree.
	VerdictsWait(ctx context.Context, at time.Time) (bool, error)

	// RequestsDue returns up to limit requests that the chain has, and whose Next is not after a moment: closed ones whose verdict
	// was in an epoch's tree, and fulfilled ones that want a call, had none that they took, and were tried less than tries times.
	RequestsDue(ctx context.Context, at time.Time, tries, limit int) ([]Request, error)

	// FulfilRequest says that the oracle has the verdict of a closed or fulfilled request, and whether the asker took it.
	FulfilRequest(ctx context.Context, id Hash, delivered bool, next time.Time) error

	// RequestsFulfilled returns up to limit fulfilled requests that the chain has, those whose verdicts were fixed last first.
	RequestsFulfilled(ctx context.Context, limit int) ([]Request, error)

	// UnfulfilRequest says that the oracle has the verdict of a fulfilled request no more: it is closed again, as if it had never
	// been brought. ErrRequestMoved when it is not fulfilled.
	UnfulfilRequest(ctx context.Context, id Hash) error

	// TriedRequest counts a try at bringing a verdict, and says when the next may be.
	TriedRequest(ctx context.Context, id Hash, next time.Time) error
}

// verdictsMost is how many verdicts an epoch's tree has at the most. The others wait for the next.
const verdictsMost = 10_000

// VerdictsRoot puts the verdicts that wait into an epoch's tree, and returns its root: zero when none do.
func VerdictsRoot(ctx context.Context, s RequestStore, epoch int64, at time.Time) (Hash, error) {
	requests, err := s.PutVerdicts(ctx, epoch, at, verdictsMost)
	return VerdictsTree(requests).Root(), err
}

// VerdictsTree returns the Merkle tree over the verdicts of requests, in the order given.
func VerdictsTree(requests []Request) *merkle.HashTree {
	leaves := make([][32]byte, len(requests))
	for i := range requests {
		leaves[i] = requests[i].Leaf()
	}
	return merkle.NewHashes(leaves)
}

// VerdictFor returns what a contract is told of a question that closed: the choice if there is one, and if it rests on no fewer
// answers than the contract asked for.
func VerdictFor(decided bool, choice, confidencePPM, answers, least int, record Hash) OracleVerdict {
	v := OracleVerdict{Outcome: OutcomeUndecided, Choice: choice, ConfidencePPM: confidencePPM, Answers: answers, Record: record}
	switch {
	case choice < 0 || answers < least:
		v.Outcome, v.Choice, v.ConfidencePPM = OutcomeUnanswered, 0, 0
	case decided:
		v.Outcome = OutcomeDecided
	}
	return v
}

// RefusalHash returns tasknet/request-refusal/v1, the public record of a request that was not put to people.
func (r *Request) RefusalHash(instance string) ([32]byte, error) {
	return tasknet.Hash("tasknet/request-refusal/v1", map[string]any{
		"at_ms": r.At.UnixMilli(), "instance": instance, "oracle": hex.EncodeToString(r.Ask.Oracle[:]), "reason": r.Reason, "request": hex.EncodeToString(r.ID[:]),
	})
}
