package api

import (
	"context"
	"encoding/hex"
	"net/http"
	"slices"
	"time"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/media"
	"github.com/tasknet/tasknet/server/wire"
)

// readyTime is how long a check of /readyz may take.
const readyTime = 3 * time.Second

// health is the reply of /healthz and /readyz.
type health struct {
	Status string            `json:"status" enum:"ok,failing"`
	Checks map[string]string `json:"checks,omitempty" doc:"ok or failing, by name"`
	Doing  string            `json:"doing,omitempty" doc:"what holds up payouts, transactions that are not mined yet, and chain endpoints that are left out"`
}

type healthReply struct {
	Status int
	Body   health
}

func (s *Server) serverRoutes() {
	forAnybody(s, op(http.MethodGet, "/v1/instance", tagServer, "instance", "What a client must know before it signs or spends anything"), s.instance)
	register(s, op(http.MethodGet, "/healthz", tagServer, "healthz", "Whether the server runs"), unlimited, s.healthz)
	ready := op(http.MethodGet, "/readyz", tagServer, "readyz", "Whether the server can do its work")
	ready.Description = "503 when the database or the chain does not answer."
	register(s, ready, unlimited, s.readyz)
}

func (s *Server) instance(_ context.Context, _ address, _ *empty) (*of[wire.Instance], error) {
	now := s.Now()
	receipts, log := s.ReceiptKeys(), s.LogKeys()
	return &of[wire.Instance]{wire.Instance{
		Instance: s.Instance, Version: s.Version, FeeBasisPts: s.FeeBasisPoints, DefaultPrice: s.DefaultPrice.String(), RelayBasisPts: s.RelayShare,
		Token:   wire.Token{Address: addressOf(s.Chain.Token), Symbol: s.Chain.Symbol, Decimals: s.Chain.Decimals, Rate: s.rate()},
		ChainID: s.Chain.ID, Node: s.Node, DevChain: s.Chain.Dev, Vault: addressOf(s.Chain.Vault), Oracle: oracleOf(s.Chain), Stake: stakesOf(s.Chain.Stake),
		ReceiptKey: hex.EncodeToString(receipts.Key(receipts.At(now))), Log: wire.Log{Name: s.logName, Key: hex.EncodeToString(log.Key(log.At(now)))},
		KeyChanges: wireKeyChanges(slices.Concat(receipts.Changes(), log.Changes())), LogStart: wireLogStart(s.LogStart),
		Limits: wire.Limits{
			TextLength: polls.TextLengthMax, ChoiceLength: polls.ChoiceLengthMax, Choices: polls.ChoicesMax, Answers: polls.AnswersMax, Values: polls.ValuesMax,
			BodyBytes: jsonBytesMax, MediaBytes: media.BytesMax, ArtefactBytes: s.ArtefactMax,
			DeadlineMin: int(polls.DeadlineMin / time.Second), DeadlineMax: int(polls.DeadlineMax / time.Second),
		},
		Time: wire.At(now), Policies: []string{"fixed:n", "confidence:p"},
	}}, nil
}

func wireKeyChanges(changes []polls.KeyChange) (out []wire.KeyChange) {
	for _, c := range changes {
		out = append(out, wire.KeyChange{
			Use: string(c.Use), Number: c.Number, Old: hex.EncodeToString(c.Old[:]), New: hex.EncodeToString(c.New[:]), From: wire.At(c.From), Until: wire.At(c.Until),
			Signature: hex.EncodeToString(c.Signature[:]), Proof: hex.EncodeToString(c.Proof[:]),
		})
	}
	return out
}

func wireLogStart(s *polls.LogStart) *wire.LogStart {
	if s == nil {
		return nil
	}
	return &wire.LogStart{At: wire.At(s.At), By: wire.At(s.By()), Signature: hex.EncodeToString(s.Signature[:])}
}

// rate returns what the token is worth, or nil.
func (s *Server) rate() *wire.Rate {
	if s.Rate == nil {
		return nil
	}
	r := s.Rate()
	if r == nil {
		return nil
	}
	return &wire.Rate{Currency: r.Currency, PerToken: r.PerToken, At: timeOf(r.At), Stale: r.Stale}
}

func (s *Server) healthz(context.Context, empty, *empty) (*of[health], error) {
	return &of[health]{health{Status: "ok"}}, nil
}

func (s *Server) readyz(ctx context.Context, _ empty, _ *empty) (*healthReply, error) {
	ctx, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	out := &healthReply{Status: http.StatusOK, Body: health{Status: "ok", Checks: make(map[string]string, len(s.Ready))}}
	if s.Doing != nil {
		out.Body.Doing = s.Doing()
	}
	for _, check := range s.Ready {
		out.Body.Checks[check.Name] = "ok"
		if err := check.Check(ctx); err != nil {
			s.Log.Error("not ready", "check", check.Name, "error", err)
			out.Status, out.Body.Status, out.Body.Checks[check.Name] = http.StatusServiceUnavailable, "failing", "failing"
		}
	}
	return out, nil
}
