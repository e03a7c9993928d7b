package pipeline

import (
	"context"
	"encoding/hex"
	"errors"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
)

// requestsAtOnce is how many requests of a kind are read at a time.
const requestsAtOnce = 64

// Errors of requests, whose codes are the reasons for which contracts' questions are not put to people.
var (
	errContent       = tasknet.NewError(tasknet.Invalid, "content_not_here", "The question is about content that this server does not have; upload it first, and ask with the hash that you get.")
	errGarbled       = tasknet.NewError(tasknet.Invalid, "bad_text", "The text and the options must be UTF-8.")
	errRequestPolicy = tasknet.NewError(tasknet.Invalid, "bad_policy", "The target must be 0, for as many answers as there may be, or between 0.5 and 1, and at most 1000 answers can be asked for.")
	errUnderpaid     = tasknet.NewError(tasknet.Invalid, "underpaid", "The payment does not pay so many answers.")
)

// RunRequests puts questions of contracts to people, and fixes what the contracts are told when they have closed, until ctx
// ends. Whatever step it dies at, the next run goes on from there.
func (p *Pipeline) RunRequests(ctx context.Context) error {
	sweep := time.NewTicker(p.cfg.Sweep)
	defer sweep.Stop()
	for {
		if err := p.Requests(ctx); err != nil && ctx.Err() == nil {
			p.cfg.Log.Error("questions of contracts will be looked at again", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-sweep.C:
		}
	}
}

// Requests takes every contract's question as far as it goes now.
func (p *Pipeline) Requests(ctx context.Context) error {
	requests := p.stores.Requests()
	asked := func(ctx context.Context, limit int) ([]rewards.Request, error) {
		return requests.RequestsIn(ctx, rewards.RequestAsked, limit)
	}
	var failed error
	for _, step := range []struct {
		find func(context.Context, int) ([]rewards.Request, error)
		do   func(context.Context, *rewards.Request) error
	}{{requests.RequestsGone, p.callOff}, {asked, p.putRequest}, {requests.RequestsAnswered, p.closeRequest}} {
		for more := true; more; {
			list, err := step.find(ctx, requestsAtOnce)
			if err != nil {
				return errors.Join(failed, err)
			}
			more = len(list) == requestsAtOnce
			for i := range list {
				if err := step.do(ctx, &list[i]); err != nil && !errors.Is(err, rewards.ErrRequestMoved) {
					failed, more = errors.Join(failed, err), false // it stays in the list: the others come with the next sweep
				}
			}
		}
	}
	return failed
}

// callOff closes the question of a request that the chain has taken back, for which there is no money any more. Answers that came
// are paid.
func (p *Pipeline) callOff(ctx context.Context, r *rewards.Request) error {
	p.cfg.Log.Warn("the chain has taken back what a contract asked; its question is cancelled", "request", hex.EncodeToString(r.ID[:]), "question", r.Question)
	if err := p.Cancel(ctx, polls.OrgID(r.Org), polls.QuestionID(r.Question)); err != nil {
		return err
	}
	return p.stores.Requests().CallOffRequest(ctx, r.ID)
}

// putRequest puts a contract's question to people, or says why not.
func (p *Pipeline) putRequest(ctx context.Context, r *rewards.Request) error {
	d, err := p.draftOf(ctx, r)
	if err == nil {
		err = p.stores.InTx(ctx, func(tx Tx) error {
			q, err := p.Ask(ctx, tx, d)
			if err != nil {
				return err
			}
			return tx.Requests().OpenRequest(ctx, r.ID, string(q.ID))
		})
	}
	if e, ok := errors.AsType[*tasknet.Error](err); ok && (e.Kind == tasknet.Invalid || e.Kind == tasknet.NoFunds) {
		return p.refuse(ctx, r, e.Code)
	}
	return err
}

// refuse closes a request that cannot be put to people. Its money stays the asker's, who takes it out of the vault.
func (p *Pipeline) refuse(ctx context.Context, r *rewards.Request, reason string) error {
	r.Reason, r.At = reason, p.now()
	record, err := r.RefusalHash(p.cfg.Instance)
	if err != nil {
		return err
	}
	p.cfg.Log.Info("a contract's question is refused", "request", hex.EncodeToString(r.ID[:]), "reason", reason)
	return p.stores.Requests().CloseRequest(ctx, r.ID, rewards.RequestAsked, rewards.OracleVerdict{Outcome: rewards.OutcomeUnanswered, Record: record}, reason, r.At)
}

// draftOf returns the question that a request is. An error of kind Invalid says why it is none.
func (p *Pipeline) draftOf(ctx context.Context, r *rewards.Request) (d polls.Draft, err error) {
	a := r.Ask
	if a.Garbled {
		return d, errGarbled
	}
	d = polls.Draft{Org: polls.OrgID(r.Org), Type: polls.Choice, Choices: a.Options, Deadline: time.Unix(a.Deadline, 0).UTC()}
	if polls.PlainText(a.Text, polls.TextLengthMax) {
		d.Text = a.Text
	} else {
		d.Passage = a.Text
	}
	if a.Content != (rewards.Hash{}) {
		if d.Image, d.Audio, err = p.contentOf(ctx, a.Content); err != nil {
			return d, err
		}
	}
	d.Lifetime = d.Deadline.Sub(p.now())
	if d.Policy, err = policyOf(a); err != nil {
		return d, err
	}
	money, err := p.stores.Rewards().Balance(ctx, rewards.Requester(r.Org))
	if err != nil {
		return d, err
	}
	if d.Price = priceFor(money, d.Policy.Max, p.cfg.FeeBasisPoints); d.Price.Sign() <= 0 {
		return d, errUnderpaid
	}
	q, err := p.newQuestion(d, "", p.now())
	if err != nil {
		return d, err
	}
	least, err := p.LeastPrice(ctx, q, 0)
	if err == nil && d.Price.Cmp(least) < 0 {
		err = errUnderpaid
	}
	return d, err
}

// contentOf returns what somebody has uploaded whose hash a contract gives: an image or a clip.
func (p *Pipeline) contentOf(ctx context.Context, content rewards.Hash) (image *polls.Image, clip *polls.Audio, err error) {
	name := hex.EncodeToString(content[:])
	if image, err = p.cfg.Media.Image(ctx, name, nil); err == nil {
		return image, nil, nil
	}
	if isOf(err, tasknet.Invalid) { // it is no image
		if clip, err = p.cfg.Media.Audio(ctx, name, nil); err == nil {
			return nil, clip, nil
		}
	}
	if isOf(err, tasknet.NotFound) {
		err = errContent
	}
	return nil, nil, err
}

func isOf(err error, kind tasknet.Kind) bool {
	e, ok := errors.AsType[*tasknet.Error](err)
	return ok && e.Kind == kind
}

func policyOf(a rewards.Ask) (polls.Policy, error) {
	policy := polls.Policy{Kind: polls.Confidence, TargetPPM: a.TargetPPM, Min: a.MinAnswers, Max: a.MaxAnswers}
	if a.TargetPPM == 0 {
		policy = polls.Policy{Kind: polls.Fixed, Min: a.MaxAnswers, Max: a.MaxAnswers}
	}
	target := a.TargetPPM == 0 || a.TargetPPM >= polls.TargetPPMMin && a.TargetPPM <= polls.TargetPPMMax
	if !target || a.MinAnswers < 1 || a.MinAnswers > a.MaxAnswers || a.MaxAnswers > polls.AnswersMax {
		return policy, errRequestPolicy
	}
	return policy.WithFallback(), nil
}

// priceFor returns the most that each of so many answers can be paid, with the operator's fee on it, and at most polls.PriceMax.
func priceFor(money tasknet.Amount, answers, fee int) tasknet.Amount {
	each := money.Micro() / int64(answers)
	if most := polls.PriceMax.Add(polls.PriceMax.BasisPoints(fee)).Micro(); each > most {
		each = most
	}
	price := tasknet.Micro(each * 10_000 / int64(10_000+fee))
	for price.Sign() > 0 && price.Add(price.BasisPoints(fee)).Micro() > each { // a fee is rounded
		price = price.Sub(tasknet.Micro(1))
	}
	return price
}

// closeRequest fixes what a contract is told of its question, which is closed.
func (p *Pipeline) closeRequest(ctx context.Context, r *rewards.Request) error {
	v, err := p.stores.Labels().Verdict(ctx, polls.QuestionID(r.Question))
	if err != nil {
		return err
	}
	leaves, err := p.leavesOf(ctx, v)
	if err != nil {
		return err
	}
	verdict := rewards.VerdictFor(v.Outcome == labeling.Decided, v.Choice, v.Confidence(), v.Answers, r.Ask.MinAnswers, leaves[0])
	return p.stores.Requests().CloseRequest(ctx, r.ID, rewards.RequestOpen, verdict, "", p.now())
}
