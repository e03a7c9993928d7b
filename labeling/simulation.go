package labeling

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/labeling/aggregate"
	"github.com/tasknet/tasknet/polls"
)

// Simulation asks recorded questions again under a confidence policy, as a server would: one after the other, each until
// the policy stops it or there is no further answer to it, by what was learned of the questions before it. How good people
// are, and what may be claimed, is never learned from Truth but for the gold.
type Simulation struct {
	Answers aggregate.Columns // of each task, in the order of the file
	Truth   []int32           // of each task; NoVerdict where it is not known, and any class above where nobody answers it

	// GoldRate is the share of the tasks with a truth that are gold. They are drawn by the seed and asked first, of as many
	// people as the policy has at most; and what is reported leaves them out.
	GoldRate float64

	Policy    polls.Policy
	Seeds     int  // how often it is done, in another order each time
	FileOrder bool // tasks and their answers come as in the file, and the seeds draw gold alone

	// Routed has a question's answers come in the order in which it opens to those who gave them, and not at random: by
	// Shares, ShareOf, Opens and OpensApart, as on a server. Everybody waits for it from when it is asked.
	Routed bool

	// Progress, if not nil, is called after each seed with how many are done and how many there are.
	Progress func(done, of int)
}

// Simulated is what a simulation shows, over all seeds.
type Simulated struct {
	AnswersPerTask     float64
	Accuracy           float64 // of the tasks with a truth; NaN without any, as everything that is a share of nothing
	FullAnswersPerTask float64
	FullAccuracy       float64 // of the majority of all answers
	Stated             float64 // the mean confidence of the verdicts that claim one
	ClaimedShare       float64 // of the verdicts
	RealisedError      float64 // of the verdicts that claim a confidence
	UnsettledShare     float64 // of the verdicts on questions that ended because more answers would not have paid

	Golds     int  // that an order's verdicts were told by in the end
	Corrected bool // whether the model's confidence was corrected by them then, and not only lowered

	Claims, Errors int // the verdicts on tasks with a truth that claim a confidence, and those of them that are wrong
}

// ErrBadSimulation reports a simulation that makes no sense.
var ErrBadSimulation = tasknet.NewError(tasknet.Invalid, "bad_simulation", "A simulation takes 1 to 1000 seeds, a gold rate from 0 to below 1, 2 to 20 classes, a confidence policy, and a truth or NoVerdict for each task.")

func (s Simulation) check() error {
	known := func(k int32) bool { return k == aggregate.NoVerdict || k >= 0 }
	switch {
	case s.Seeds < 1 || s.Seeds > 1000,
		!(s.GoldRate >= 0 && s.GoldRate < 1),
		s.Policy.Kind != polls.Confidence,
		s.Answers.Classes < polls.ChoicesMin || s.Answers.Classes > polls.ChoicesMax,
		len(s.Truth) != s.Answers.Tasks || slices.ContainsFunc(s.Truth, func(k int32) bool { return !known(k) }):
		return ErrBadSimulation
	}
	return nil
}

// Run does the simulation. It ends with the context's error when that does.
func (s Simulation) Run(ctx context.Context) (*Simulated, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	votes, err := aggregate.NewVotes(s.Answers)
	if err != nil {
		return nil, err
	}
	full, err := aggregate.Fit(ctx, aggregate.Majority, votes, aggregate.Options{})
	if err != nil {
		return nil, err
	}
	asked := make([]recorded, s.Answers.Tasks)
	for t := range asked {
		asked[t] = recorded{truth: int(s.Truth[t]), majority: int(full.Class[t]), first: math.MaxInt}
	}
	for i, t := range s.Answers.Task {
		asked[t].first = min(asked[t].first, i)
		respondent := polls.RespondentID(fmt.Sprintf("%010d", s.Answers.Worker[i]))
		asked[t].votes = append(asked[t].votes, polls.Vote{Respondent: respondent, Choice: int(s.Answers.Class[i])})
	}
	asked = slices.DeleteFunc(asked, func(r recorded) bool { return len(r.votes) == 0 })
	slices.SortFunc(asked, func(a, b recorded) int { return a.first - b.first })
	var sum tally
	for seed := range s.Seeds {
		if err := s.once(ctx, asked, rand.New(rand.NewPCG(uint64(seed), 0)), &sum); err != nil {
			return nil, err
		}
		if s.Progress != nil {
			s.Progress(seed+1, s.Seeds)
		}
	}
	return sum.shares(), nil
}

// recorded is a task with all its answers.
type recorded struct {
	votes           []polls.Vote
	truth, majority int
	first           int // row of the file
}

// once asks all tasks in one order.
func (s Simulation) once(ctx context.Context, asked []recorded, rng *rand.Rand, sum *tally) error {
	order := rng.Perm(len(asked))
	golds, truths := 0, 0
	mayBeGold := func(r recorded) bool { return r.truth != aggregate.NoVerdict && r.truth < s.Answers.Classes }
	for _, r := range asked {
		if mayBeGold(r) {
			truths++
		}
	}
	var closed []Closed
	var others []int
	for _, t := range order {
		if r := asked[t]; mayBeGold(r) && golds < int(math.Round(s.GoldRate*float64(truths))) {
			golds++
			votes := s.arrive(r.votes, rng)
			closed = append(closed, Closed{Votes: votes[:min(len(votes), s.Policy.Max)], Gold: r.truth})
			continue
		}
		others = append(others, t)
	}
	if s.FileOrder {
		slices.Sort(others)
	}
	var family *Family
	shares := everything
	learned := 0
	for _, t := range others {
		if family == nil || len(closed) >= NextLesson(learned) {
			var err error
			if family, err = Learn(ctx, Lesson{Choices: s.Answers.Classes, Closed: closed, Least: s.Policy.Min}); err != nil {
				return err
			}
			learned = len(closed)
			if s.Routed {
				shares = family.Shares()
			}
		}
		r := asked[t]
		votes := s.arrive(r.votes, rng)
		var q polls.QuestionID
		if s.Routed {
			q = polls.QuestionID(fmt.Sprintf("q_%d", rng.Uint64()))
		}
		turns := newTurns(shares, q, votes, func(v polls.Vote) polls.RespondentID { return v.Respondent })
		answers, verdict := s.ask(family, turns)
		closed = append(closed, Closed{Votes: answers, Gold: NoChoice})
		sum.add(r, len(answers), verdict)
	}
	if family != nil {
		sum.golds = family.Calibration.Golds
	}
	return nil
}

// arrive returns votes in the order in which they come.
func (s Simulation) arrive(votes []polls.Vote, rng *rand.Rand) []polls.Vote {
	if s.FileOrder {
		return votes
	}
	votes = slices.Clone(votes)
	rng.Shuffle(len(votes), func(i, j int) { votes[i], votes[j] = votes[j], votes[i] })
	return votes
}

// simulatedVerdict is what a simulated question closes with.
type simulatedVerdict struct {
	choice    int
	claims    bool
	posterior int64
	reason    Reason
}

// ask gives a question one answer after the other until it stops, and returns those that it took. Whose answers weigh
// nothing is not asked.
func (s Simulation) ask(f *Family, turns *turns[polls.Vote]) (votes []polls.Vote, _ simulatedVerdict) {
	scores := slices.Clone(f.start)
	reason := Deadline
	for v := range turns.all(s.Policy, &scores) {
		if f.void(v.Respondent) {
			continue
		}
		turns.answered(v.Respondent)
		votes = append(votes, v)
		f.weigh(scores, v)
		if d, why := f.decide(s.Policy, scores, len(votes)); d.Stop {
			reason = why
			break
		}
	}
	v := simulatedVerdict{choice: scores.leader(), reason: reason}
	v.posterior, v.claims = f.confidence(s.Policy, scores, len(votes))
	return votes, v
}

// tally sums up verdicts.
type tally struct {
	tasks, answers, fullAnswers       int
	truths, right, fullRight          int
	unsettled, claims, judged, errors int
	golds                             int // of the last order; the others have as many
	stated                            int64
}

func (t *tally) add(r recorded, answers int, v simulatedVerdict) {
	t.tasks++
	t.answers += answers
	t.fullAnswers += len(r.votes)
	if v.reason == Unsettled {
		t.unsettled++
	}
	if v.claims {
		t.claims++
		t.stated += v.posterior
	}
	if r.truth == aggregate.NoVerdict {
		return
	}
	t.truths++
	if v.choice == r.truth {
		t.right++
	}
	if r.majority == r.truth {
		t.fullRight++
	}
	if v.claims {
		t.judged++
		if v.choice != r.truth {
			t.errors++
		}
	}
}

func (t *tally) shares() *Simulated {
	share := func(n, of int) float64 { return float64(n) / float64(of) }
	return &Simulated{
		AnswersPerTask: share(t.answers, t.tasks), Accuracy: share(t.right, t.truths),
		FullAnswersPerTask: share(t.fullAnswers, t.tasks), FullAccuracy: share(t.fullRight, t.truths),
		Stated: float64(t.stated) / float64(t.claims) / million, ClaimedShare: share(t.claims, t.tasks), RealisedError: share(t.errors, t.judged),
		UnsettledShare: share(t.unsettled, t.tasks), Claims: t.judged, Errors: t.errors, Golds: t.golds, Corrected: t.golds >= known,
	}
}
