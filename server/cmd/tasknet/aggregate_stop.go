package main

import (
	"context"
	"fmt"
	"math"

	"github.com/spf13/pflag"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/polls"
)

// stopping is what --stop asks for: to see how few of the recorded answers would have been enough.
type stopping struct {
	confidence float64
	min, max   int
	fallback   string
	seeds      int
	fileOrder  bool
	routed     bool
}

func (s *stopping) flags(f *pflag.FlagSet) {
	f.Float64Var(&s.confidence, "stop", 0, "see how few answers would have been enough for this `confidence`, see above")
	f.IntVar(&s.min, "min", 0, "with --stop: never stop under this many answers (default 2)")
	f.IntVar(&s.max, "max", 0, "with --stop: never ask more than this many people (default: the most answers of a task)")
	f.StringVar(&s.fallback, "fallback", "", "with --stop: what holds while fewer than 59 golds are known, `fixed:n` answers or the model's posterior as model (default: half of the most, and no fewer than 3)")
	f.IntVar(&s.seeds, "seeds", stopSeeds, "with --stop: how many random orders to take the mean of")
	f.BoolVar(&s.fileOrder, "file-order", false, "with --stop: ask in the order of the file")
	f.BoolVar(&s.routed, "routed", false, "with --stop: a task is open to people by what they are known to be worth, as on a server, and not at random")
}

const stopSeeds = 20

func (s stopping) given() bool {
	return s.min != 0 || s.max != 0 || s.fallback != "" || s.seeds != stopSeeds || s.fileOrder || s.routed
}

// stopped is what came of it. A share of nothing is null.
type stopped struct {
	AnswersPerTask     *float64 `json:"answers_per_task"`
	Accuracy           *float64 `json:"accuracy"`
	FullAnswersPerTask *float64 `json:"full_answers_per_task"`
	FullAccuracy       *float64 `json:"full_accuracy"`
	Stated             *float64 `json:"stated"`
	ClaimedShare       *float64 `json:"claimed_share"`
	RealisedError      *float64 `json:"realised_error"`
	UnsettledShare     *float64 `json:"unsettled_share"`
	Claims             int      `json:"claims"`       // on tasks with a truth, over all seeds
	Errors             int      `json:"errors"`       // of those
	Golds              int      `json:"golds"`        // known, in each order
	GoldsNeeded        int      `json:"golds_needed"` // at the least, before a confidence is claimed
	Skipped            int      `json:"skipped,omitempty"`

	corrected bool // the model's confidence, by golds
	fallback  int  // of the policy
}

func (p *program) runStopping(ctx context.Context, a aggregation, bar *bar) (stopped, error) {
	answers, truth, skipped, err := p.readLabels(ctx, a, bar)
	if err != nil {
		return stopped{}, err
	}
	most, counts := 0, make([]int, answers.Tasks.Len())
	for _, task := range answers.Task {
		counts[task]++
		most = max(most, counts[task])
	}
	if a.stop.max == 0 {
		a.stop.max = max(most, a.stop.min, 2)
	}
	text := fmt.Sprintf("confidence:%g", a.stop.confidence)
	if a.stop.fallback != "" {
		text += "," + a.stop.fallback
	}
	policy, err := polls.ParsePolicy(text, a.stop.min, a.stop.max)
	if err != nil {
		return stopped{}, usagef("--stop, --min, --max and --fallback: %v", err)
	}
	policy = policy.WithFallback()
	simulated, err := labeling.Simulation{
		Answers: aggregate.Columns{
			Task: answers.Task, Worker: answers.Worker, Class: answers.Label,
			Tasks: answers.Tasks.Len(), Workers: answers.Workers.Len(), Classes: answers.Labels.Len(),
		},
		Truth: known(answers, truth), GoldRate: a.goldRate, Policy: policy, Seeds: a.stop.seeds, FileOrder: a.stop.fileOrder, Routed: a.stop.routed,
		Progress: func(done, of int) { bar.show("orders", done, of) },
	}.Run(ctx)
	if err != nil {
		return stopped{}, err
	}
	return stopped{
		AnswersPerTask: share(simulated.AnswersPerTask), Accuracy: share(simulated.Accuracy),
		FullAnswersPerTask: share(simulated.FullAnswersPerTask), FullAccuracy: share(simulated.FullAccuracy),
		Stated: share(simulated.Stated), ClaimedShare: share(simulated.ClaimedShare), RealisedError: share(simulated.RealisedError),
		UnsettledShare: share(simulated.UnsettledShare), Claims: simulated.Claims, Errors: simulated.Errors,
		Golds: simulated.Golds, GoldsNeeded: labeling.GoldsNeeded(policy), Skipped: skipped, corrected: simulated.Corrected, fallback: policy.Fallback,
	}, nil
}

// share is a share, or nil when it is one of nothing.
func share(v float64) *float64 {
	if math.IsNaN(v) {
		return nil
	}
	return &v
}

func (p *program) printStopped(s stopped, confidence float64) error {
	percent := func(v *float64) string {
		if v == nil {
			return "-"
		}
		return fmt.Sprintf("%.2f %%", 100**v)
	}
	err := p.printf(`                    answers per task    accuracy
stopped             %16.2f    %8s
all answers, by majority %11.2f    %8s

`, *s.AnswersPerTask, percent(s.Accuracy), *s.FullAnswersPerTask, percent(s.FullAccuracy))
	switch {
	case err != nil:
	case s.Stated != nil && s.Claims == 0:
		err = p.printf("%s of the verdicts claim a confidence of %g, on average %s; none of those is on a task with a truth\n", percent(s.ClaimedShare), confidence, percent(s.Stated))
	case s.Stated != nil:
		err = p.printf("%s of the verdicts claim a confidence of %g, on average %s; %s of those are wrong (%d of %d)\n",
			percent(s.ClaimedShare), confidence, percent(s.Stated), percent(s.RealisedError), s.Errors, s.Claims)
	default:
		err = p.printf("No verdict claims a confidence of %g: %s.\n"+
			"Tasks were stopped all the same, %s.\n", confidence, whyUnclaimed(s), howStopped(s))
	}
	if err != nil || s.UnsettledShare == nil {
		return err
	}
	return p.printf("%s of the tasks ended because more answers would not have settled them at their price.\n", percent(s.UnsettledShare))
}

// whyUnclaimed says why no verdict claims a confidence.
func whyUnclaimed(s stopped) string {
	switch {
	case s.Golds == 0:
		return fmt.Sprintf("no gold is known, and it takes %d at the least to show that it holds.\nGive more by --truth and --gold-rate", s.GoldsNeeded)
	case s.Golds < s.GoldsNeeded:
		return fmt.Sprintf("%d golds are known, and it takes %d at the least to show that it holds.\nGive more by --truth and --gold-rate", s.Golds, s.GoldsNeeded)
	}
	return fmt.Sprintf("%d golds are known, %d would do if all of them were right,\nand too many of them were answered wrongly to show that it holds", s.Golds, s.GoldsNeeded)
}

// howStopped says what stopped tasks whose verdicts claim nothing.
func howStopped(s stopped) string {
	switch {
	case !s.corrected && s.fallback > 0:
		return fmt.Sprintf("each at %d answers, which is what the policy falls back to", s.fallback)
	case !s.corrected:
		return "when the model of people's skills was so sure after its certainty was lowered\nby a quarter, as long as nothing shows that it holds"
	}
	return "when the model of people's skills was so sure, corrected by what it got right on gold"
}
