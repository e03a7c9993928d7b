package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/cache"
	"github.com/tasknet/tasknet/server/media"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/wire"
)

// What a question gets when its requester does not say.
const (
	defaultPolicy   = "fixed:3"
	defaultDeadline = 24 * time.Hour
)

var errBadWait = tasknet.NewError(tasknet.Invalid, "bad_wait", "Write the wait as a duration of at most 60s, such as 30s.")

type askInput struct {
	Idempotent
	Body wire.Ask
}

type questionInput struct {
	ID   string `path:"id" doc:"The question's id"`
	Wait string `query:"wait" example:"30s" doc:"Wait up to this long, at most 60s, for the question to close"`
}

type questionID struct {
	ID string `path:"id" doc:"The question's id"`
}

type questionsInput struct {
	Paging
	Status string `query:"status" enum:"open,paused,closing,closed" doc:"Left out: all"`
}

func (s *Server) questionRoutes() {
	ask := op(http.MethodPost, "/v1/questions", tagAsk, "ask", "Ask a question")
	ask.Description = "Sets the most that the question can cost aside. What is not used comes back when it closes."
	ask.DefaultStatus = http.StatusCreated
	forRequester(s, ask, s.ask)
	forRequester(s, op(http.MethodGet, "/v1/questions", tagAsk, "list-questions", "List my questions, newest first"), s.listQuestions)
	get := op(http.MethodGet, "/v1/questions/{id}", tagAsk, "get-question", "Get a question, or wait for its verdict")
	forRequester(s, get, s.getQuestion)
	cancel := op(http.MethodPost, "/v1/questions/{id}/cancel", tagAsk, "cancel-question", "Close a question with the answers that it has")
	cancel.Description = "The answers that there are, are paid; the rest of the hold comes back. Cancelling a closed question changes nothing."
	forRequester(s, cancel, s.cancelQuestion)
}

func (s *Server) ask(ctx context.Context, who requester, in *askInput) (*replayed[wire.Question], error) {
	once, err := in.once(who, "POST /v1/questions", in.Body)
	if err != nil {
		return nil, err
	}
	draft, err := s.draft(ctx, who.org.ID, in.Body)
	if err != nil {
		return nil, err
	}
	unfair := s.fairDraft(ctx, &draft, in.Body.Fairness)
	return do(ctx, s, once, http.StatusCreated, func(tx pipeline.Tx) (wire.Question, error) {
		if unfair != nil { // what was asked before stays asked
			return wire.Question{}, unfair
		}
		q, err := s.askDraft(ctx, tx, draft, in.Body.Gold)
		if err != nil {
			return wire.Question{}, err
		}
		return openQuestion(q)
	})
}

var errBadGold = tasknet.NewError(tasknet.Invalid, "bad_gold", "The known answer is written as answers are: give the index of a choice, or a value of the question's type.")

func (s *Server) askDraft(ctx context.Context, tx pipeline.Tx, d polls.Draft, gold *wire.Given) (*polls.Question, error) {
	if gold == nil {
		return s.Pipeline.Ask(ctx, tx, d)
	}
	choice, value, err := gold.Read()
	if err != nil {
		return nil, errBadGold
	}
	return s.Pipeline.AskGold(ctx, tx, d, labeling.Truth{Choice: choice, Value: polls.Value(value)})
}

// draft reads a question that is to be asked. What makes a good one is decided by package polls.
func (s *Server) draft(ctx context.Context, org polls.OrgID, a wire.Ask) (polls.Draft, error) {
	if a.Quorum.Policy == "" {
		a.Quorum.Policy = defaultPolicy
	}
	policy, err := polls.ParsePolicy(a.Quorum.Policy, a.Quorum.Min, a.Quorum.Max)
	if err != nil {
		return polls.Draft{}, err
	}
	d := polls.Draft{
		Org: org, Type: polls.Type(a.Type), Text: a.Text, Passage: a.Passage, Choices: a.Choices, Policy: policy.WithFallback(), Price: s.DefaultPrice, Lifetime: defaultDeadline,
		Options: polls.Options{Least: a.Least, Most: a.Most, Length: a.Length},
	}
	if d.Content, err = polls.ParseContent(a.Warnings, a.Topics); err != nil {
		return polls.Draft{}, err
	}
	if a.Number != nil {
		if d.Number, err = polls.ParseNumberRange(a.Number.Min, a.Number.Max, a.Number.Decimals, a.Number.Unit); err != nil {
			return polls.Draft{}, err
		}
	}
	if a.Price != nil {
		d.Price = *a.Price
	}
	if a.Deadline != 0 {
		d.Lifetime = time.Duration(a.Deadline) * time.Second
	}
	if a.Image != "" {
		if d.Image, err = s.image(ctx, a.Image, a.ImageAlt); err != nil {
			return polls.Draft{}, err
		}
	}
	for _, c := range a.ChoiceImages {
		i, err := s.image(ctx, c.Image, c.Alt)
		if err != nil {
			return polls.Draft{}, err
		}
		d.ChoiceImages = append(d.ChoiceImages, *i)
	}
	if a.Audio != "" {
		clip, err := s.medium(ctx, a.Audio)
		if err != nil {
			return polls.Draft{}, err
		}
		if !clip.IsAudio() {
			return polls.Draft{}, errNoAudio
		}
		d.Audio = &polls.Audio{Hash: clip.Hash, Type: clip.Type, Bytes: clip.Bytes}
	}
	return d, nil
}

// image returns an image that was uploaded.
func (s *Server) image(ctx context.Context, hash, alt string) (*polls.Image, error) {
	i, err := s.medium(ctx, hash)
	if err != nil {
		return nil, err
	}
	if i.IsAudio() {
		return nil, errNoPicture
	}
	return &polls.Image{Hash: i.Hash, Type: i.Type, Width: i.Width, Height: i.Height, Bytes: i.Bytes, Alt: alt}, nil
}

func (s *Server) medium(ctx context.Context, hash string) (media.Medium, error) {
	i, err := s.Media.Medium(ctx, hash)
	if errors.Is(err, media.ErrNoMedium) {
		err = errImageUnknown
	}
	return i, err
}

func (s *Server) listQuestions(ctx context.Context, who requester, in *questionsInput) (*of[wire.Questions], error) {
	list := "questions " + string(who.org.ID) + " " + in.Status
	page, err := s.page(list, in.Paging)
	if err != nil {
		return nil, err
	}
	questions, next, err := s.Stores.Polls().Questions(ctx, polls.QuestionFilter{Org: who.org.ID, Status: polls.Status(in.Status)}, page)
	if err != nil {
		return nil, err
	}
	out := wire.Questions{Page: s.next(list, next), Questions: make([]wire.Question, len(questions))}
	for i, q := range questions {
		if out.Questions[i], err = s.question(ctx, q); err != nil {
			return nil, err
		}
	}
	return &of[wire.Questions]{out}, nil
}

func (s *Server) getQuestion(ctx context.Context, who requester, in *questionInput) (*of[wire.Question], error) {
	wait := time.Duration(0)
	if in.Wait != "" {
		var err error
		if wait, err = time.ParseDuration(in.Wait); err != nil || wait < 0 || wait > waitTimeMax {
			return nil, errBadWait
		}
	}
	subscription := s.Hub.Question(polls.QuestionID(in.ID)) // before the question is read, so that nothing is missed
	defer subscription.Close()
	q, err := s.ownQuestion(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	if wait > 0 && q.Status != polls.Closed {
		if q, err = s.await(ctx, subscription, q, wait); err != nil {
			return nil, err
		}
	}
	out, err := s.question(ctx, q)
	return &of[wire.Question]{out}, err
}

// await returns the question when it has closed, or as it is when the time is over or the server stops.
func (s *Server) await(ctx context.Context, subscription *cache.Subscription, q *polls.Question, wait time.Duration) (*polls.Question, error) {
	waiting, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	for {
		looking, stop := context.WithTimeout(waiting, lookAgain)
		notices, _, err := subscription.Next(looking)
		stop()
		if err == nil && len(notices) > 0 && notices[len(notices)-1].Kind != pipeline.QuestionClosed {
			continue
		}
		now, readErr := s.Stores.Polls().Question(ctx, q.ID)
		if readErr != nil {
			return nil, readErr
		}
		if now.Status == polls.Closed || waiting.Err() != nil || errors.Is(err, cache.ErrHubClosed) {
			return now, nil
		}
	}
}

func (s *Server) cancelQuestion(ctx context.Context, who requester, in *questionID) (*of[wire.Question], error) {
	if _, err := s.ownQuestion(ctx, who, in.ID); err != nil {
		return nil, err
	}
	if err := s.Pipeline.Cancel(ctx, who.org.ID, polls.QuestionID(in.ID)); err != nil {
		return nil, err
	}
	q, err := s.ownQuestion(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	out, err := s.question(ctx, q)
	return &of[wire.Question]{out}, err
}

// ownQuestion returns a question of the caller's. Somebody else's is reported as none.
func (s *Server) ownQuestion(ctx context.Context, who requester, id string) (*polls.Question, error) {
	if err := tasknet.CheckID(polls.QuestionPrefix, id); err != nil {
		return nil, err
	}
	q, err := s.Stores.Polls().Question(ctx, polls.QuestionID(id))
	if err != nil {
		return nil, err
	}
	if q.Org != who.org.ID {
		return nil, polls.ErrNoQuestion
	}
	return q, nil
}

// question writes a question as its requester sees it.
func (s *Server) question(ctx context.Context, q *polls.Question) (wire.Question, error) {
	out, err := openQuestion(q)
	if err != nil || q.Status != polls.Closed {
		return out, err
	}
	verdict, _, err := s.verdict(ctx, q)
	closed := wire.At(q.ClosedAt)
	out.Verdict, out.ClosedAt = &verdict, &closed
	return out, err
}

// openQuestion writes all of a question but its verdict.
func openQuestion(q *polls.Question) (wire.Question, error) {
	hold, err := q.Hold()
	return wire.Question{
		ID: string(q.ID), Type: string(q.Type), Text: q.Text, Choices: listOf(q.Choices), Image: imageOf(q.Image), Extras: extrasOf(q),
		Quorum: quorumOf(q.Policy), Price: q.Price, Fee: q.Fee, Hold: hold, Deadline: wire.At(q.Deadline), CreatedAt: wire.At(q.CreatedAt), Status: string(q.Status),
		Answers: q.Counting(), Struck: q.Struck, Counts: q.Counts, Wanted: q.Wanted, Hash: q.Hash, Sample: q.Sample, Content: wire.Content{Warnings: q.Content.Warnings(), Topics: q.Content.Topics()},
	}, err
}

// verdict returns the verdict on a closed question, and the id of the transaction that settled it.
func (s *Server) verdict(ctx context.Context, q *polls.Question) (wire.Verdict, rewards.TxID, error) {
	v, err := s.Stores.Labels().Verdict(ctx, q.ID)
	if err != nil {
		return wire.Verdict{}, "", err
	}
	return s.settled(ctx, q, v)
}

// settled writes a verdict with what the question cost, by the ledger.
func (s *Server) settled(ctx context.Context, q *polls.Question, v *labeling.Verdict) (wire.Verdict, rewards.TxID, error) {
	out := wire.Verdict{
		ID: string(v.ID), Outcome: string(v.Outcome), Confidence: wire.Probability(v.Confidence()), Posterior: make([]string, len(v.Posterior)),
		Claims: v.Claims, Correction: string(v.Correction), Golds: v.Golds, Pooled: v.Pooled,
		Value: wire.Value(v.Value), Counts: v.Counts, CannotTell: v.CannotTell, Answers: v.Answers, Method: string(v.Method), Snapshot: v.Snapshot, Model: wire.NewModelWord(v.Witness, v.Opinion), Reason: string(v.Reason), At: wire.At(v.At),
	}
	for i, p := range v.Posterior {
		out.Posterior[i] = wire.Probability(p)
	}
	if v.Value != "" {
		out.Agreement = wire.Probability(v.Agreement)
	}
	if v.Choice != labeling.NoChoice {
		choice := v.Choice
		out.Choice, out.Label = &choice, q.Choices[choice]
	}
	tx, err := s.Stores.Rewards().Transaction(ctx, rewards.SettlementTx, string(q.ID))
	if err != nil {
		return wire.Verdict{}, "", err
	}
	for _, e := range tx.Entries {
		switch e.Account {
		case rewards.HoldFor(string(q.ID)):
		case rewards.FeesAccount:
			out.Fee = e.Amount
		case rewards.ForfeitsAccount:
			out.Forfeited = e.Amount
		case rewards.Requester(string(q.Org)):
			out.Released = e.Amount
		default:
			out.Paid = out.Paid.Add(e.Amount)
		}
	}
	return out, tx.ID, nil
}

// extrasOf writes what only some questions have.
func extrasOf(q *polls.Question) wire.Extras {
	out := wire.Extras{Project: q.Project, Passage: q.Passage, Least: q.Least, Most: q.Most, Length: q.Length, Number: numberOf(q.Number)}
	if q.Audio != nil {
		out.Audio = &wire.Audio{Hash: q.Audio.Hash, URL: mediaPath + q.Audio.Hash, Type: q.Audio.Type, Bytes: q.Audio.Bytes}
	}
	for _, i := range q.ChoiceImages {
		out.ChoiceImages = append(out.ChoiceImages, *imageOf(&i))
	}
	return out
}

// listOf returns a list that is written as one when it is empty.
func listOf(items []string) []string {
	if items == nil {
		return []string{}
	}
	return items
}

func quorumOf(p polls.Policy) wire.Quorum {
	return wire.Quorum{Policy: p.String(), Min: p.Min, Max: p.Max}
}

func imageOf(i *polls.Image) *wire.Image {
	if i == nil {
		return nil
	}
	return &wire.Image{Hash: i.Hash, URL: mediaPath + i.Hash, Type: i.Type, Width: i.Width, Height: i.Height, Bytes: i.Bytes, Alt: i.Alt}
}
