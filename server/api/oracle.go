package api

import (
	"context"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/wire"
)

type oracleNumber struct {
	ID string `path:"id" doc:"The oracle's number of the question: 32 bytes in hex"`
}

func (s *Server) oracleRoutes() {
	list := op(http.MethodGet, "/v1/oracle/requests", tagRecords, "oracle-requests", "All questions of contracts, in the order in which they came")
	list.Description = "A contract asks by Oracle.ask; its question is here when the chain has confirmed it."
	forAnybody(s, list, s.oracleRequests)
	one := op(http.MethodGet, "/v1/oracle/requests/{id}", tagRecords, "oracle-request", "A contract's question, its verdict, and how to prove it")
	one.Description = "With the header and the proof that Oracle.fulfil takes once the verdict is in the tree of the root in force: anybody can bring it."
	forAnybody(s, one, s.oracleRequest)
	forAnybody(s, op(http.MethodGet, "/v1/records/epochs/{n}/verdicts", tagRecords, "epoch-verdicts", "The verdicts for contracts in an epoch's tree, in its order"), s.epochVerdicts)
}

func (s *Server) oracleRequests(ctx context.Context, _ address, in *Paging) (*of[wire.OracleRequests], error) {
	const list = "oracle requests"
	page, err := s.page(list, *in)
	if err != nil {
		return nil, err
	}
	requests, next, err := s.Stores.Requests().Requests(ctx, page)
	if err != nil {
		return nil, err
	}
	return &of[wire.OracleRequests]{wire.OracleRequests{Page: s.next(list, next), Requests: wireRequests(requests)}}, nil
}

func (s *Server) oracleRequest(ctx context.Context, _ address, in *oracleNumber) (*of[wire.OracleStanding], error) {
	raw, err := hex.DecodeString(strings.TrimPrefix(in.ID, "0x"))
	if err != nil || len(raw) != 32 {
		return nil, rewards.ErrNoRequest
	}
	r, err := s.Stores.Requests().Request(ctx, rewards.Hash(raw))
	if err != nil {
		return nil, err
	}
	out := wire.OracleStanding{OracleRequest: wireRequest(r), Tries: r.Tries}
	if next, due := r.NextTry(); due && !next.IsZero() {
		at := wire.At(next)
		out.NextTry = &at
	}
	switch {
	case r.Gone:
	case r.State == rewards.RequestOpen:
		q, err := s.Stores.Polls().Question(ctx, polls.QuestionID(r.Question))
		if err != nil {
			return nil, err
		}
		answers := q.Counting()
		if r.Ask.TargetPPM > 0 {
			answers = min(answers, r.Ask.MinAnswers)
		}
		out.Answers = &answers
	case r.State == rewards.RequestClosed:
		if out.Proof, err = s.proofOf(ctx, r); err != nil {
			return nil, err
		}
	}
	return &of[wire.OracleStanding]{out}, nil
}

// proofOf returns the proof of a request's verdict under the newest root that people can claim under; nil when it is not there.
func (s *Server) proofOf(ctx context.Context, r rewards.Request) (*wire.OracleProof, error) {
	e, err := s.Stores.Rewards().LastEpoch(ctx)
	if err == nil && !e.State.Claimable() {
		e, err = s.Stores.Rewards().Epoch(ctx, e.Number-1)
	}
	if errors.Is(err, rewards.ErrNoEpoch) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	requests, err := s.Stores.Requests().VerdictsIn(ctx, e.Number)
	if err != nil {
		return nil, err
	}
	for i := range requests {
		if requests[i].ID != r.ID {
			continue
		}
		leaf := r.Leaf()
		out := &wire.OracleProof{Epoch: s.wireEpoch(e), Leaf: hex.EncodeToString(leaf[:]), Proof: []string{}}
		for _, h := range rewards.VerdictsTree(requests).Proof(i) {
			out.Proof = append(out.Proof, hex.EncodeToString(h[:]))
		}
		return out, nil
	}
	return nil, nil
}

// epochVerdicts lists the verdicts in an epoch's tree.
func (s *Server) epochVerdicts(ctx context.Context, _ address, in *epochInput) (*of[wire.EpochVerdicts], error) {
	list := "verdicts " + strconv.FormatInt(in.Number, 10)
	page, err := s.page(list, in.Paging)
	if err != nil {
		return nil, err
	}
	epoch, err := s.Stores.Rewards().Epoch(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	requests, err := s.Stores.Requests().VerdictsIn(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	some, after, err := partOf(requests, page)
	if err != nil {
		return nil, err
	}
	return &of[wire.EpochVerdicts]{wire.EpochVerdicts{Page: s.next(list, after), Epoch: s.wireEpoch(epoch), Verdicts: wireRequests(some)}}, nil
}

// oracleOf returns the oracle's address, or nothing where there is none.
func oracleOf(chain rewards.ChainInfo) string {
	if chain.Oracle == (rewards.Address{}) {
		return ""
	}
	return addressOf(chain.Oracle)
}

func wireRequests(requests []rewards.Request) []wire.OracleRequest {
	out := make([]wire.OracleRequest, len(requests))
	for i, r := range requests {
		out[i] = wireRequest(r)
	}
	return out
}

func wireRequest(r rewards.Request) wire.OracleRequest {
	a := r.Ask
	out := wire.OracleRequest{
		ID: hex.EncodeToString(r.ID[:]), Oracle: addressOf(a.Oracle), Asker: addressOf(r.Asker), Org: r.Org, Tx: hashOf(r.Tx), Block: r.Block,
		Ask: wire.OracleAsk{
			Text: a.Text, Content: hashOf(a.Content), Options: a.Options, Garbled: a.Garbled, MinAnswers: a.MinAnswers, MaxAnswers: a.MaxAnswers,
			TargetPPM: a.TargetPPM, Deadline: a.Deadline, Payment: a.Payment.String(), CallbackGas: a.CallbackGas,
		},
		State: string(r.State), Question: r.Question, Reason: r.Reason, Delivered: r.Delivered, Epoch: r.Epoch,
	}
	if r.Gone {
		out.State = "gone"
	}
	if v := r.Verdict; v.Outcome != rewards.OutcomeNone {
		out.Verdict = &wire.OracleVerdict{Outcome: v.Outcome.String(), Choice: v.Choice, ConfidencePPM: v.ConfidencePPM, Answers: v.Answers, Record: hex.EncodeToString(v.Record[:])}
		at := wire.At(r.At)
		out.At = &at
	}
	return out
}
