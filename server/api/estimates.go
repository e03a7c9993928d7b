package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/wire"
)

type estimateInput struct {
	Body wire.NewEstimate
}

var errEstimateOf = tasknet.NewError(tasknet.Invalid, "bad_estimate", "Give one of question, project and project_id; a question is one task, and open is of a project that there is, without tasks.")

func (s *Server) estimateRoutes() {
	estimate := op(http.MethodPost, "/v1/estimates", tagMoney, "estimate", "Tell what a question or a project would cost")
	estimate.Description = "Takes the body that would make it, and makes nothing. What it expects stands on questions that are closed, and it says on which."
	forRequester(s, estimate, s.estimate)
}

func (s *Server) estimate(ctx context.Context, who requester, in *estimateInput) (*of[wire.Estimate], error) {
	q, fairness, err := s.estimated(ctx, who, in.Body)
	if err != nil {
		return nil, err
	}
	tasks, given := max(in.Body.Tasks, 1), 0
	if in.Body.Open {
		if tasks, given, err = s.openTasks(ctx, who, in.Body); err != nil {
			return nil, err
		}
	}
	e, err := s.Pipeline.Estimate(ctx, q, tasks, given, statedTime(fairness))
	if err != nil {
		return nil, err
	}
	if fairness.TopUp && q.Price.Cmp(e.Least) < 0 {
		q.Price = e.Least
	}
	q.Fee = q.Price.BasisPoints(s.FeeBasisPoints)
	out := wire.Estimate{
		Tasks: tasks, Given: given, Price: q.Price, Fee: q.Fee, Symbol: s.Chain.Symbol,
		Each: wire.EstimatedNeed{Low: e.Need.Low, Expected: thousandths(e.Need.MeanMilli), High: e.Need.High, Basis: string(e.Basis), Questions: e.Need.Questions},
		All:  wire.EstimatedTotal(e.Answers), Fair: s.fairPay(q.Price, e),
	}
	for _, part := range []struct {
		cost    *tasknet.Amount
		answers int
	}{{&out.Cost.Low, e.Answers.Low}, {&out.Cost.Expected, e.Answers.Expected}, {&out.Cost.High, e.Answers.High}, {&out.Cost.Most, max(q.Policy.Max*tasks-given, tasks)}} {
		if *part.cost, err = q.Cost(part.answers); err != nil {
			return nil, err
		}
	}
	if e.Pace > 0 {
		out.Pace = wire.EstimatedPace{Known: true, PerHour: thousandths(e.Pace), Seconds: e.Seconds}
	}
	return &of[wire.Estimate]{out}, nil
}

// estimated returns the question that stands for all that are estimated.
func (s *Server) estimated(ctx context.Context, who requester, b wire.NewEstimate) (*polls.Question, wire.Fairness, error) {
	switch {
	case b.Question != nil && b.Project == nil && b.ProjectID == "" && b.Tasks <= 1:
		d, err := s.draft(ctx, who.org.ID, *b.Question)
		if err != nil {
			return nil, wire.Fairness{}, err
		}
		q, err := polls.NewQuestion(d, s.Instance, s.Now())
		return q, b.Question.Fairness, err
	case b.Project != nil && b.Question == nil && b.ProjectID == "":
		d, err := s.projectDraft(ctx, who.org.ID, *b.Project)
		if err != nil {
			return nil, wire.Fairness{}, err
		}
		p, err := labeling.NewProject(d, s.Now())
		if err != nil {
			return nil, wire.Fairness{}, err
		}
		q, err := p.StandIn(s.Now())
		if err == nil {
			q.Project = "" // which nobody has answered anything of
		}
		return q, b.Project.Fairness, err
	case b.ProjectID != "" && b.Question == nil && b.Project == nil:
		p, err := s.ownProject(ctx, who, b.ProjectID)
		if err != nil {
			return nil, wire.Fairness{}, err
		}
		q, err := p.StandIn(s.Now())
		return q, wire.Fairness{}, err
	}
	return nil, wire.Fairness{}, errEstimateOf
}

// openTasks counts the open tasks of a project, and the answers that they have.
func (s *Server) openTasks(ctx context.Context, who requester, b wire.NewEstimate) (tasks, given int, err error) {
	if b.ProjectID == "" || b.Tasks != 0 {
		return 0, 0, errEstimateOf
	}
	p, err := s.ownProject(ctx, who, b.ProjectID)
	if err != nil {
		return 0, 0, err
	}
	given, err = s.Stores.Projects().OpenAnswers(ctx, p.ID)
	return p.Counts.Open, given, err
}

func statedTime(f wire.Fairness) time.Duration { return time.Duration(f.Seconds) * time.Second }

// thousandths writes a number of thousandths as a decimal.
func thousandths(n int) string { return fmt.Sprintf("%d.%03d", n/1000, n%1000) }

// fairPay says what a price pays in an hour, and what it must.
func (s *Server) fairPay(price tasknet.Amount, e pipeline.Estimate) wire.FairPay {
	out := wire.FairPay{Basis: string(e.Work.Basis), Answers: e.Work.Answers, Fair: price.Cmp(e.Least) >= 0}
	if floor := s.Pipeline.FairPay(); !floor.IsZero() {
		out.Floor = &floor
		if e.Work.Each > 0 {
			out.Least = &e.Least
		}
	}
	if e.Work.Each >= time.Millisecond {
		out.Seconds = thousandths(int(e.Work.Each.Milliseconds()))
		if hour, err := price.Times(int(time.Hour / time.Millisecond)); err == nil {
			hour = tasknet.Micro(hour.Micro() / e.Work.Each.Milliseconds())
			out.PerHour = &hour
		}
	}
	return out
}

// fairPrice returns the price of a question that is to be asked: its own, or the least that it must be when its requester
// wants to be held to that. An error of the code price_too_low says what the least is.
func (s *Server) fairPrice(ctx context.Context, q *polls.Question, f wire.Fairness) (tasknet.Amount, error) {
	least, err := s.Pipeline.LeastPrice(ctx, q, statedTime(f))
	if err != nil || q.Price.Cmp(least) >= 0 {
		return q.Price, err
	}
	if f.TopUp {
		return least, nil
	}
	return q.Price, tasknet.NewError(tasknet.Invalid, "price_too_low", fmt.Sprintf("An answer to this pays %s, and by the time that it takes must pay %s at least; pay that, or set top_up.", q.Price, least))
}

// fairDraft sets the price of a draft as fairPrice says.
func (s *Server) fairDraft(ctx context.Context, d *polls.Draft, f wire.Fairness) error {
	if s.Pipeline.FairPay().IsZero() {
		return nil
	}
	q, err := polls.NewQuestion(*d, s.Instance, s.Now())
	if err != nil {
		return err
	}
	d.Price, err = s.fairPrice(ctx, q, f)
	return err
}

// fairProject sets the price of a project's draft as fairPrice says. id is that of the project that is changed; empty for a
// new one.
func (s *Server) fairProject(ctx context.Context, d *labeling.ProjectDraft, id labeling.ProjectID, f wire.Fairness) error {
	if s.Pipeline.FairPay().IsZero() {
		return nil
	}
	p, err := labeling.NewProject(*d, s.Now())
	if err != nil {
		return err
	}
	q, err := p.StandIn(s.Now())
	if err != nil {
		return err
	}
	q.Project = string(id)
	d.Price, err = s.fairPrice(ctx, q, f)
	return err
}

// fairContest sets what a contest's comparisons pay as fairPrice says.
func (s *Server) fairContest(ctx context.Context, d *labeling.ContestDraft, f wire.Fairness) (err error) {
	pair := &polls.Question{Org: d.Org, Type: polls.Pair, Choices: []string{"a", "b"}, Price: d.Price}
	d.Price, err = s.fairPrice(ctx, pair, f)
	return err
}
