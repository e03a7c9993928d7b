package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/wire"
)

const (
	recordsBytes = 2 << 20 // about the most that a page of records has, or one record when that alone has more
	recordBytes  = 1 << 10 // about what a record has, and each of its answers, without the parts whose size people choose
)

const (
	sumsAge       = time.Second // how old the totals may be: summing up takes longer the more there was
	snapshotsKept = 16          // one of 20,000 people has about 3 MB
)

var errNoSnapshot = tasknet.NewError(tasknet.NotFound, "no_such_snapshot", "There is no such snapshot; use the hash that a verdict names.")

var errNoWitness = tasknet.NewError(tasknet.NotFound, "no_such_witness", "There is no such witness; use the hash that a verdict names.")

type snapshotHash struct {
	Hash string `path:"hash" doc:"As a verdict names it"`
}

type epochInput struct {
	Paging
	Number int64 `path:"n" minimum:"1" doc:"The epoch's number"`
}

func (s *Server) recordRoutes() {
	list := op(http.MethodGet, "/v1/records/questions", tagRecords, "records", "All closed questions, in the order in which they closed")
	list.Description = "With all that is needed to recompute their verdicts and payments, but for the texts that their respondents had erased. A page may have fewer items than asked for."
	forAnybody(s, list, s.records)
	forAnybody(s, op(http.MethodGet, "/v1/records/questions/{id}", tagRecords, "record", "One closed question"), s.record)
	forAnybody(s, op(http.MethodGet, "/v1/records/snapshots/{hash}", tagRecords, "snapshot", "What was known of a verdict's questions and people"), s.snapshot)
	forAnybody(s, op(http.MethodGet, "/v1/records/witnesses/{hash}", tagRecords, "witness", "What the word was worth of a model that helped with a verdict"), s.witness)
	forAnybody(s, op(http.MethodGet, "/v1/records/epochs", tagRecords, "epochs", "All epochs, oldest first"), s.epochs)
	forAnybody(s, op(http.MethodGet, "/v1/records/epochs/{n}/payouts", tagRecords, "epoch-payouts", "The leaves of an epoch's tree, in its order"), s.epochPayouts)
	forAnybody(s, op(http.MethodGet, "/v1/records/epochs/{n}/spending", tagRecords, "epoch-spending", "What accounts in the vault had spent by an epoch, in the order of its tree"), s.epochSpending)
	forAnybody(s, op(http.MethodGet, "/v1/records/epochs/{n}/tree", tagRecords, "epoch-tree", "All that is needed to claim or withdraw under an epoch's root without this server"), s.epochTree)
	forAnybody(s, op(http.MethodGet, "/v1/records/ledger", tagRecords, "ledger", "The ledger, in the order in which it was posted"), s.ledger)
	forAnybody(s, op(http.MethodGet, "/v1/records/totals", tagRecords, "totals", "The sums that the ledger must reproduce, up to a second old"), s.totals)
}

func (s *Server) record(ctx context.Context, _ address, in *questionID) (*of[wire.Record], error) {
	if err := tasknet.CheckID(polls.QuestionPrefix, in.ID); err != nil {
		return nil, err
	}
	v, err := s.Stores.Labels().Verdict(ctx, polls.QuestionID(in.ID))
	if err != nil {
		return nil, err
	}
	out, err := newRecorder(s).record(ctx, v)
	return &of[wire.Record]{out}, err
}

func (s *Server) records(ctx context.Context, _ address, in *Paging) (*of[wire.Records], error) {
	const list = "records"
	page, err := s.page(list, *in)
	if err != nil {
		return nil, err
	}
	verdicts, next, err := s.Stores.Labels().Verdicts(ctx, page)
	if err != nil {
		return nil, err
	}
	out := wire.Records{Records: make([]wire.Record, 0, len(verdicts))}
	r := newRecorder(s)
	bytes := 0
	for _, v := range verdicts {
		record, err := r.record(ctx, v)
		if err != nil {
			return nil, err
		}
		if bytes += sizeOf(record); bytes > recordsBytes && len(out.Records) > 0 {
			break
		}
		out.Records = append(out.Records, record)
	}
	if page.Limit = len(out.Records); page.Limit < len(verdicts) { // the store alone knows the cursor of a shorter page
		if _, next, err = s.Stores.Labels().Verdicts(ctx, page); err != nil {
			return nil, err
		}
	}
	out.Page = s.next(list, next)
	return &of[wire.Records]{out}, nil
}

// sizeOf returns about how many bytes a record has. An answer may have 64 KiB, and a record has up to a thousand.
func sizeOf(r wire.Record) int {
	bytes := recordBytes + len(r.Question.Text) + len(r.Question.Passage) + len(r.Verdict.Value)
	for _, a := range r.Answers {
		bytes += recordBytes + len(a.Value)
	}
	return bytes
}

// recorder writes records, and looks up what they share once.
type recorder struct {
	s        *Server
	orgs     map[polls.OrgID]polls.Org
	devices  map[polls.DeviceKey]wire.Delegation
	erasures map[polls.RespondentID]*wire.Erasure
}

func newRecorder(s *Server) *recorder {
	return &recorder{s, make(map[polls.OrgID]polls.Org), make(map[polls.DeviceKey]wire.Delegation), make(map[polls.RespondentID]*wire.Erasure)}
}

// record writes all of a closed question that anybody needs to recompute it.
func (r *recorder) record(ctx context.Context, v *labeling.Verdict) (wire.Record, error) {
	q, err := r.s.Stores.Polls().Question(ctx, v.Question)
	if err != nil {
		return wire.Record{}, err
	}
	verdict, settlement, err := r.s.settled(ctx, q, v)
	if err != nil {
		return wire.Record{}, err
	}
	org, ok := r.orgs[q.Org]
	if !ok {
		if org, err = r.s.Stores.Polls().Org(ctx, q.Org); err != nil {
			return wire.Record{}, err
		}
		r.orgs[q.Org] = org
	}
	answers, err := r.s.Stores.Polls().AnswersTo(ctx, q.ID)
	if err != nil {
		return wire.Record{}, err
	}
	strikes, err := r.s.strikes(ctx, q)
	if err != nil {
		return wire.Record{}, err
	}
	asked := askedQuestion(q, org.Name)
	asked.Answers = q.Answers
	out := wire.Record{
		Question: asked, Org: string(q.Org), Fee: q.Fee, ClosedAt: wire.At(q.ClosedAt), Verdict: verdict,
		Settlement: string(settlement), Answers: make([]wire.AnswerRecord, len(answers)),
	}
	if out.Gold, err = r.s.gold(ctx, q); err != nil {
		return wire.Record{}, err
	}
	for i, a := range answers {
		delegation, err := r.delegation(ctx, a.Device)
		if err != nil {
			return wire.Record{}, err
		}
		w := wire.AnswerRecord{
			ID: string(a.ID), Respondent: string(a.Respondent), Assignment: string(a.Assignment), Time: a.ClientMS, At: a.AcceptedAt.UnixMilli(),
			Hash: hex.EncodeToString(a.Hash[:]), Delegation: delegation,
		}
		if a.Erased {
			if w.Erased, err = r.erasure(ctx, a.Respondent); err != nil {
				return wire.Record{}, err
			}
		} else {
			w.Given, w.Nonce, w.Signature = wire.Give(a.Choice, string(a.Value)), a.Nonce, hex.EncodeToString(a.Signature[:])
		}
		out.Answers[i] = w
		if s := strikes.Of(a.Respondent); s != nil {
			out.Answers[i].Struck = &wire.Strike{Snapshot: s.Snapshot, Answers: s.Answers, Counted: s.Counted, At: wire.At(s.At)}
		}
	}
	return out, nil
}

// strikes returns those of a question. Most have none, which their progress tells.
func (s *Server) strikes(ctx context.Context, q *polls.Question) (labeling.Strikes, error) {
	if q.Struck == 0 {
		return nil, nil
	}
	return s.Stores.Labels().Strikes(ctx, q.ID)
}

// gold returns the known answer of a question that has closed, or nil.
func (s *Server) gold(ctx context.Context, q *polls.Question) (*wire.Gold, error) {
	if q.Status != polls.Closed {
		return nil, nil
	}
	g, err := s.Stores.Labels().Gold(ctx, q.ID)
	if err != nil || g == nil {
		return nil, err
	}
	return &wire.Gold{Given: wire.Give(g.Choice, string(g.Value)), Suspended: g.State == labeling.GoldSuspended}, nil
}

func (r *recorder) delegation(ctx context.Context, key polls.DeviceKey) (wire.Delegation, error) {
	if known, ok := r.devices[key]; ok {
		return known, nil
	}
	d, err := r.s.Stores.Polls().Device(ctx, key)
	if err != nil {
		return wire.Delegation{}, err
	}
	out := wire.Delegation{
		Wallet: d.Wallet.String(), Device: key.String(), Issued: d.Issued.Unix(), Expires: d.Expires.Unix(), Signature: hex.EncodeToString(d.Signature[:]),
	}
	r.devices[key] = out
	return out, nil
}

// erasure returns the statement by which somebody had their answers erased.
func (r *recorder) erasure(ctx context.Context, who polls.RespondentID) (*wire.Erasure, error) {
	if known, ok := r.erasures[who]; ok {
		return known, nil
	}
	e, signature, err := r.s.Stores.Personal().Erasure(ctx, who)
	if err != nil {
		return nil, fmt.Errorf("erasure of %s: %w", who, err)
	}
	out := &wire.Erasure{At: e.At.Unix(), Signature: hex.EncodeToString(signature[:])}
	r.erasures[who] = out
	return out, nil
}

func (s *Server) snapshot(ctx context.Context, _ address, in *snapshotHash) (*of[wire.Snapshot], error) {
	if raw, err := hex.DecodeString(in.Hash); err != nil || len(raw) != sha256.Size {
		return nil, errNoSnapshot
	}
	if known, ok := s.snapshots.Get(in.Hash); ok { // it never changes
		return &of[wire.Snapshot]{*known}, nil
	}
	out, err := shared(s, "snapshot "+in.Hash, func(ctx context.Context) (*wire.Snapshot, error) { return s.readSnapshot(ctx, in.Hash) })
	if err != nil {
		return nil, err
	}
	return &of[wire.Snapshot]{*out}, nil
}

func (s *Server) witness(ctx context.Context, _ address, in *snapshotHash) (*of[wire.Witness], error) {
	if raw, err := hex.DecodeString(in.Hash); err != nil || len(raw) != sha256.Size {
		return nil, errNoWitness
	}
	w, err := s.Stores.Labels().Witness(ctx, in.Hash)
	if err != nil && tasknet.Describe(err).Kind == tasknet.NotFound {
		err = errNoWitness
	}
	if err != nil {
		return nil, err
	}
	c := w.Known.Calibration
	out := wire.Witness{
		Hash: w.Hash, At: wire.At(w.At), Project: string(w.Project), Version: w.Version, Skills: w.Skills, Model: wire.WitnessModel(w.Model), Audits: w.Audits, AuditPPM: w.Share,
		Choices: w.Known.Choices, Counts: w.Known.Counts, Golds: c.Golds, Steps: make([]wire.Step, len(c.Steps)),
	}
	for i, step := range c.Steps {
		out.Steps[i] = wire.Step(step)
	}
	return &of[wire.Witness]{out}, nil
}

func (s *Server) readSnapshot(ctx context.Context, hash string) (*wire.Snapshot, error) {
	snapshot, err := s.Stores.Labels().Snapshot(ctx, hash)
	if err != nil && tasknet.Describe(err).Kind == tasknet.NotFound {
		err = errNoSnapshot
	}
	if err != nil {
		return nil, err
	}
	known := snapshot.Known
	out := &wire.Snapshot{
		Hash: snapshot.Hash, At: wire.At(snapshot.At), Family: string(snapshot.Family), Version: snapshot.Version, Choices: known.Choices, Truths: known.Truths,
		People: make([]wire.Skill, len(known.People)), Golds: known.Calibration.Golds, Pooled: known.Calibration.Pooled, Steps: make([]wire.Step, len(known.Calibration.Steps)),
	}
	for i, p := range known.People {
		out.People[i] = wire.Skill{Respondent: string(p.Respondent), Wrong: p.Wrong, Expected: p.Expected, Counts: p.Counts, Void: p.Void}
	}
	for i, step := range known.Calibration.Steps {
		out.Steps[i] = wire.Step(step)
	}
	s.snapshots.Add(hash, out)
	return out, nil
}

func (s *Server) epochs(ctx context.Context, _ address, in *Paging) (*of[wire.Epochs], error) {
	const list = "epochs"
	page, err := s.page(list, *in)
	if err != nil {
		return nil, err
	}
	epochs, next, err := s.Stores.Rewards().Epochs(ctx, page)
	if err != nil {
		return nil, err
	}
	out := wire.Epochs{Page: s.next(list, next), Epochs: make([]wire.Epoch, len(epochs))}
	for i, e := range epochs {
		out.Epochs[i] = s.wireEpoch(e)
	}
	return &of[wire.Epochs]{out}, nil
}

// epochPayouts lists the leaves of an epoch's tree.
func (s *Server) epochPayouts(ctx context.Context, _ address, in *epochInput) (*of[wire.EpochPayouts], error) {
	list := "leaves " + strconv.FormatInt(in.Number, 10)
	page, err := s.page(list, in.Paging)
	if err != nil {
		return nil, err
	}
	epoch, err := s.Stores.Rewards().Epoch(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	tree, err := s.tree(in.Number, leavesAge)
	if err != nil {
		return nil, err
	}
	leaves, after, err := partOf(tree.leaves, page)
	if err != nil {
		return nil, err
	}
	out := wire.EpochPayouts{Page: s.next(list, after), Epoch: s.wireEpoch(epoch), Payouts: make([]wire.Payout, len(leaves))}
	for i, leaf := range leaves {
		if out.Payouts[i], err = tree.payout(leaf, epoch); err != nil {
			return nil, err
		}
	}
	return &of[wire.EpochPayouts]{out}, nil
}

func (s *Server) ledger(ctx context.Context, _ address, in *Paging) (*of[wire.Ledger], error) {
	const list = "ledger"
	page, err := s.page(list, *in)
	if err != nil {
		return nil, err
	}
	transactions, next, err := s.Stores.Rewards().Transactions(ctx, page)
	if err != nil {
		return nil, err
	}
	out := wire.Ledger{Page: s.next(list, next), Transactions: make([]wire.Transaction, len(transactions))}
	for i, t := range transactions {
		entries := make([]wire.Entry, len(t.Entries))
		for j, e := range t.Entries {
			entries[j] = wire.Entry{Account: string(e.Account), Amount: e.Amount}
		}
		out.Transactions[i] = wire.Transaction{ID: string(t.ID), Kind: string(t.Kind), Cause: t.Cause, At: wire.At(t.At), Entries: entries}
	}
	return &of[wire.Ledger]{out}, nil
}

func (s *Server) totals(ctx context.Context, _ address, _ *empty) (*of[wire.Totals], error) {
	if known := s.sums.Load(); known != nil && s.Now().Sub(known.at) < sumsAge {
		return &of[wire.Totals]{known.totals}, nil
	}
	out, err := shared(s, "totals", s.readTotals)
	return &of[wire.Totals]{out}, err
}

// sums are the totals as they were at a moment.
type sums struct {
	totals wire.Totals
	at     time.Time
}

func (s *Server) readTotals(ctx context.Context) (wire.Totals, error) {
	at := s.Now()
	t, err := s.Stores.Rewards().Totals(ctx)
	if err != nil {
		return wire.Totals{}, err
	}
	questions, answers, err := s.Stores.Labels().CountVerdicts(ctx)
	if err != nil {
		return wire.Totals{}, err
	}
	latest, err := s.Stores.Polls().LatestDeadline(ctx)
	if err != nil {
		return wire.Totals{}, err
	}
	out := wire.Totals{
		Deposited: t.Deposited, Withdrawn: t.Withdrawn, Frozen: t.Frozen, Debts: t.Debts, Requesters: t.Requesters, Held: t.Held, Pending: t.Pending, Respondents: t.Payees, InEpoch: t.Unclaimed, Claimed: t.Claimed,
		Operator: t.Operator, Forfeits: t.Forfeits, Questions: questions, Answers: answers,
	}
	if !latest.IsZero() {
		until := wire.At(latest)
		out.OpenUntil = &until
	}
	s.sums.Store(&sums{out, at})
	return out, nil
}
