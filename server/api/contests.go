package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/wire"
)

// defaultRankingConfidence is that of a contest whose requester does not say, in parts per million.
const defaultRankingConfidence = 950_000

type newContestInput struct {
	Idempotent
	Body wire.NewContest
}

type contestInput struct {
	ID string `path:"id" doc:"The contest's id"`
}

func (s *Server) contestRoutes() {
	start := op(http.MethodPost, "/v1/contests", tagAsk, "start-contest", "Have items compared two by two")
	start.Description = "Until the ranking that is asked for is settled. Each comparison is a question of type pair for one person; which pair is asked next is chosen by what " +
		"its answer is expected to tell. Only comparisons that are open are set aside for."
	start.DefaultStatus = http.StatusCreated
	forRequester(s, start, s.startContest)
	forRequester(s, op(http.MethodGet, "/v1/contests", tagAsk, "list-contests", "List my contests, newest first"), s.listContests)
	forRequester(s, op(http.MethodGet, "/v1/contests/{id}", tagAsk, "get-contest", "Get a contest with its ranking so far"), s.getContest)
	cancel := op(http.MethodPost, "/v1/contests/{id}/cancel", tagAsk, "cancel-contest", "End a contest with what is known")
	cancel.Description = "Its open comparisons are closed, and what was set aside for them comes back. A contest that is over stays as it is."
	forRequester(s, cancel, s.cancelContest)
}

func (s *Server) startContest(ctx context.Context, who requester, in *newContestInput) (*replayed[wire.Contest], error) {
	once, err := in.once(who, "POST /v1/contests", in.Body)
	if err != nil {
		return nil, err
	}
	d, err := s.contestDraft(ctx, who.org.ID, in.Body)
	if err != nil {
		return nil, err
	}
	unfair := s.fairContest(ctx, &d, in.Body.Fairness)
	out, err := do(ctx, s, once, http.StatusCreated, func(tx pipeline.Tx) (wire.Contest, error) {
		if unfair != nil { // what was started before stays started
			return wire.Contest{}, unfair
		}
		c, err := s.Pipeline.StartContest(ctx, tx, d)
		if err != nil {
			return wire.Contest{}, err
		}
		return s.contest(c), nil
	})
	if err == nil {
		s.Pipeline.ContestStarted()
	}
	return out, err
}

// contestDraft reads a contest that is to be started. What makes a good one is decided by package labeling.
func (s *Server) contestDraft(ctx context.Context, org polls.OrgID, b wire.NewContest) (labeling.ContestDraft, error) {
	d := labeling.ContestDraft{
		Org: org, Text: b.Text, Goal: labeling.Goal{Top: b.Top, TargetPPM: defaultRankingConfidence, Max: b.Max}, AtOnce: b.AtOnce,
		Price: s.DefaultPrice, Lifetime: defaultDeadline,
	}
	if b.Confidence != "" {
		confidence, err := polls.ParseDecimal(b.Confidence)
		if err != nil {
			return d, err
		}
		d.TargetPPM = int(max(min(confidence, 1_000_000), 0)) // a Decimal is in millionths, too
	}
	if b.Price != nil {
		d.Price = *b.Price
	}
	if b.Deadline != 0 {
		d.Lifetime = time.Duration(b.Deadline) * time.Second
	}
	for _, i := range b.Items {
		item := labeling.Item{Name: i.Name}
		if i.Image != "" {
			var err error
			if item.Image, err = s.image(ctx, i.Image, i.Alt); err != nil {
				return d, err
			}
		}
		d.Items = append(d.Items, item)
	}
	return d, nil
}

func (s *Server) listContests(ctx context.Context, who requester, in *Paging) (*of[wire.Contests], error) {
	list := "contests " + string(who.org.ID)
	page, err := s.page(list, *in)
	if err != nil {
		return nil, err
	}
	contests, next, err := s.Stores.Contests().Contests(ctx, who.org.ID, page)
	if err != nil {
		return nil, err
	}
	out := wire.Contests{Page: s.next(list, next), Contests: make([]wire.Contest, len(contests))}
	for i, c := range contests {
		out.Contests[i] = s.contest(c)
	}
	return &of[wire.Contests]{out}, nil
}

func (s *Server) getContest(ctx context.Context, who requester, in *contestInput) (*of[wire.Contest], error) {
	if err := tasknet.CheckID(labeling.ContestPrefix, in.ID); err != nil {
		return nil, err
	}
	c, err := s.Pipeline.OwnContest(ctx, who.org.ID, labeling.ContestID(in.ID))
	if err != nil {
		return nil, err
	}
	return &of[wire.Contest]{s.contest(c)}, nil
}

func (s *Server) cancelContest(ctx context.Context, who requester, in *contestInput) (*of[wire.Contest], error) {
	if err := tasknet.CheckID(labeling.ContestPrefix, in.ID); err != nil {
		return nil, err
	}
	c, err := s.Pipeline.CancelContest(ctx, who.org.ID, labeling.ContestID(in.ID))
	if err != nil {
		return nil, err
	}
	return &of[wire.Contest]{s.contest(c)}, nil
}

// contest writes a contest as its requester sees it.
func (s *Server) contest(c *labeling.Contest) wire.Contest {
	out := wire.Contest{
		ID: string(c.ID), Text: c.Text, Items: make([]wire.ContestItem, len(c.Items)), Top: c.Top, Confidence: polls.Decimal(c.TargetPPM).String(),
		Max: c.Max, AtOnce: c.AtOnce, Price: c.Price, Fee: c.Price.BasisPoints(s.FeeBasisPoints), Deadline: int(c.Lifetime / time.Second), Status: string(c.Status),
		Problem: c.Problem, Asked: c.Asked, CreatedAt: wire.At(c.CreatedAt), EndedAt: timeOf(c.EndedAt),
	}
	for i, item := range c.Items {
		out.Items[i].Name = item.Name
		if item.Image != nil {
			out.Items[i].Image, out.Items[i].Alt = item.Image.Hash, item.Image.Alt
		}
	}
	if r := c.Ranking; r != nil {
		out.Ranking = &wire.Ranking{
			Confidence: fraction(r.Confidence), Comparisons: r.Comparisons, CannotTell: r.CannotTell, Reliability: fraction(r.Reliability), Places: make([]wire.RankedItem, len(r.Order)),
		}
		for place, i := range r.Order {
			score := r.Scores[i]
			out.Ranking.Places[place] = wire.RankedItem{Item: i, Name: c.Items[i].Name, Score: fraction(score.Value), Low: fraction(score.Low), High: fraction(score.High)}
		}
	}
	return out
}

// fraction writes a number with four digits after the point.
func fraction(x float64) string { return strconv.FormatFloat(x, 'f', 4, 64) }
