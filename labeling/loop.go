package labeling

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// TrainingLabel is what people say of a task that a model may learn from.
type TrainingLabel struct {
	Task      int
	Posterior []int // of each choice, in parts per million, by people's answers alone
}

// Learner trains a model on labels, and returns what it says of every task.
type Learner func(ctx context.Context, labels []TrainingLabel) ([]Opinion, error)

// Loop labels tasks whose truth is known with made-up people under a confidence policy, by the rules of a server: golds first,
// then tasks in a random order, each until the policy stops it, by what was learned of the questions before. With a Learner a
// model helps as Help says, and who is asked next is asked what is most open. Whom to ask is decided by what people are known
// to be worth, see Opens; who is found to be worthless is asked no more.
type Loop struct {
	Truth   []int // of each task
	Choices int

	// People answer with errors of their own: right in a share of the tasks with each truth that is drawn between SkillLeast and
	// SkillMost for each of them and each truth, and otherwise with the other choices, each more or less often. RandomShare of
	// them answer any choice.
	People                int
	SkillLeast, SkillMost float64
	RandomShare           float64

	GoldShare float64 // of the tasks
	Policy    polls.Policy
	Help      Help
	Learner   Learner // nil: people alone
	Seed      uint64

	// Progress, if not nil, is called with how many tasks are closed of how many, and how many answers that took.
	Progress func(closed, of, answers int)
}

// Looped is what came of it. Golds count for nothing but Answers.
type Looped struct {
	Tasks   int // that are no golds
	Answers int // of people, to golds and audits as well
	Right   int // verdicts
	Claims  int // verdicts that claim the policy's confidence
	Errors  int // of these, wrong ones

	Golds, Audits int
	Assisted      int   // verdicts in which the model's word counts
	Alone         int   // of these, those that no person answered
	Wrong         int   // of the assisted ones
	Trainings     []int // with how many labels each
	Trial         Trial
	Off           bool // it was switched off, because it hurts

	Labels []TrainingLabel // what people made of the tasks that they were asked about, golds too
}

// ErrBadLoop reports a loop that makes no sense.
var ErrBadLoop = tasknet.NewError(tasknet.Invalid, "bad_loop", "A loop takes 2 to 20 choices, tasks with a truth of them, people with a skill from 0 to 1, shares from 0 to below 1, and a confidence policy.")

func (l Loop) check() error {
	share := func(v float64) bool { return v >= 0 && v < 1 }
	switch {
	case l.Choices < polls.ChoicesMin || l.Choices > polls.ChoicesMax, len(l.Truth) == 0, l.People < 1, l.Policy.Kind != polls.Confidence,
		!share(l.RandomShare), !share(l.GoldShare), !(l.SkillLeast >= 0 && l.SkillLeast <= l.SkillMost && l.SkillMost <= 1),
		slices.ContainsFunc(l.Truth, func(z int) bool { return z < 0 || z >= l.Choices }):
		return ErrBadLoop
	}
	if l.Learner == nil {
		return nil
	}
	return l.Help.Check(l.Policy)
}

// looped is a loop under way.
type looped struct {
	Loop
	rng    *rand.Rand
	people []*annotator
	tasks  []loopTask
	golds  []int // tasks
	audits []int // that are to be asked
	open   []int // others that are not closed
	closed []Closed
	record map[polls.RespondentID]*GoldRecord

	family  *Family
	shares  Shares
	learned int // closed questions

	helped  *Helped // nil before there is a model, and after it was switched off
	labels  int     // closed tasks that a model may learn from
	trained int     // with how many labels
	audited int     // audits that closed since the first model
	early   int     // tasks that closed since with fewer people's answers than the policy's Min
	out     *Looped
}

// annotator is a made-up person.
type annotator struct {
	name   polls.RespondentID
	number uint64
	matrix []float64 // how probable each answer is given each truth
}

// loopTask is a task in a loop.
type loopTask struct {
	gold, audit bool
	votes       []polls.Vote
	opinion     Opinion
	over        bool
	odds        int64 // before any person's answer, of the newest model

	settled, missed bool // of a gold, see Reference.Over
}

// Run labels all tasks. It ends with the context's error when that does.
func (l Loop) Run(ctx context.Context) (*Looped, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	return l.begin().run(ctx)
}

// begin makes the people, and draws the tasks.
func (l Loop) begin() *looped {
	r := &looped{Loop: l, rng: rand.New(rand.NewPCG(l.Seed, 3<<60)), tasks: make([]loopTask, len(l.Truth)), record: make(map[polls.RespondentID]*GoldRecord), out: &Looped{}}
	for i := range l.People {
		a := l.annotator(uint64(i))
		r.people, r.record[a.name] = append(r.people, a), &GoldRecord{}
	}
	r.draw()
	return r
}

func (r *looped) run(ctx context.Context) (*Looped, error) {
	for _, t := range r.golds {
		if err := r.askPeople(ctx, t); err != nil {
			return nil, err
		}
	}
	for len(r.open)+len(r.audits) > 0 {
		if err := r.train(ctx); err != nil {
			return nil, err
		}
		if err := r.next(ctx); err != nil {
			return nil, err
		}
	}
	for t := range r.tasks {
		if votes := r.tasks[t].votes; len(votes) > 0 {
			r.out.Labels = append(r.out.Labels, TrainingLabel{t, r.posterior(votes)})
		}
	}
	return r.out, nil
}

// draw puts the tasks in order, and says which are golds and audits.
func (r *looped) draw() {
	seed := [32]byte{byte(r.Seed), byte(r.Seed >> 8), byte(r.Seed >> 16), byte(r.Seed >> 24)}
	for n, t := range r.rng.Perm(len(r.Truth)) {
		switch {
		case float64(n) < r.GoldShare*float64(len(r.Truth)):
			r.tasks[t].gold = true
			r.golds = append(r.golds, t)
		case r.Learner != nil && r.Help.Audited(seed, fmt.Sprint(t)):
			r.tasks[t].audit = true
			r.audits = append(r.audits, t)
		default:
			r.open = append(r.open, t)
		}
	}
	r.out.Golds, r.out.Audits, r.out.Tasks = len(r.golds), len(r.audits), len(r.tasks)-len(r.golds)
}

// annotator makes a person: the same for the same seed and number, whoever else is there.
func (l Loop) annotator(number uint64) *annotator {
	rng := rand.New(rand.NewPCG(l.Seed, number))
	k := l.Choices
	a := &annotator{name: polls.RespondentID(fmt.Sprintf("rsp_%05d", number)), number: number, matrix: make([]float64, k*k)}
	random := float64(number) < l.RandomShare*float64(l.People)
	for z := range k {
		right, sum := l.SkillLeast+(l.SkillMost-l.SkillLeast)*rng.Float64(), 0.0
		for c := range k {
			if c != z {
				a.matrix[z*k+c] = 0.2 + rng.Float64()
				sum += a.matrix[z*k+c]
			}
		}
		for c := range k {
			a.matrix[z*k+c] *= (1 - right) / sum
		}
		a.matrix[z*k+z] = right
		for c := range k {
			if random {
				a.matrix[z*k+c] = 1 / float64(k)
			}
		}
	}
	return a
}

// answer is what somebody answers to a task: always the same.
func (r *looped) answer(a *annotator, t int) int {
	u := rand.New(rand.NewPCG(r.Seed^(a.number+1)<<20, uint64(t))).Float64()
	truth := r.Truth[t]
	for c, p := range a.matrix[truth*r.Choices : (truth+1)*r.Choices] {
		if u -= p; u < 0 {
			return c
		}
	}
	return truth
}

// train trains a model when there are labels enough, and golds enough to say what its word is worth.
func (r *looped) train(ctx context.Context) error {
	if r.Learner == nil || r.out.Off || r.labels < r.Help.NextTraining(r.trained) || len(r.golds) < GoldsNeeded(r.Policy) || len(r.open) == 0 {
		return nil
	}
	var labels []TrainingLabel
	for t := range r.tasks {
		if task := &r.tasks[t]; task.over && !task.gold && !task.audit && len(task.votes) > 0 {
			labels = append(labels, TrainingLabel{t, r.posterior(task.votes)})
		}
	}
	opinions, err := r.Learner(ctx, labels)
	if err != nil {
		return err
	}
	if len(opinions) != len(r.tasks) || slices.ContainsFunc(opinions, func(o Opinion) bool { return len(o) != r.Choices }) {
		return ErrBadOpinion
	}
	r.trained, r.out.Trainings = r.labels, append(r.out.Trainings, len(labels))
	for t, o := range opinions {
		r.tasks[t].opinion = o
	}
	return r.measure()
}

// posterior returns that of people's votes alone.
func (r *looped) posterior(votes []polls.Vote) []int {
	return r.family.Posterior(votes)
}

// measure learns what the model's word is worth of all golds and audits that are closed, and looks at what is open again.
func (r *looped) measure() error {
	references := make([]Reference, 0, len(r.golds)+r.out.Audits)
	for _, t := range r.golds { // all are closed
		task := &r.tasks[t]
		references = append(references, Reference{Opinion: task.opinion, Votes: task.votes, Gold: r.Truth[t], Over: task.settled, Missed: task.missed})
	}
	for t := range r.tasks {
		switch task := &r.tasks[t]; {
		case !task.over:
		case task.audit:
			references = append(references, Reference{Opinion: task.opinion, Votes: task.votes, Gold: NoChoice, Posterior: r.posterior(task.votes)})
		}
	}
	w, err := LearnWitness(r.family, references, r.Help.Least)
	if err != nil {
		return err
	}
	r.helped = r.family.HelpedBy(w, r.Help.Least)
	r.helped.Closes(r.Policy, references)
	for i, t := range r.golds {
		r.tasks[t].settled, r.tasks[t].missed = references[i].Over, references[i].Missed
	}
	for _, t := range r.open {
		s := r.helped.scores(r.tasks[t].opinion)
		r.tasks[t].odds = s.odds()
	}
	slices.SortFunc(r.open, func(a, b int) int { return cmp.Or(cmp.Compare(r.tasks[a].odds, r.tasks[b].odds), cmp.Compare(a, b)) })
	return nil
}

// next closes what the model is sure of as far as audits allow, and asks people an audit or what is most open. Audits, which are
// asked in any case, come before the others as long as what is sure waits for them, and otherwise at random among them.
func (r *looped) next(ctx context.Context) error {
	waits := false
	for r.helped != nil && !waits && len(r.open) > 0 {
		surest := r.open[len(r.open)-1]
		if _, settled := r.helped.Settles(r.Policy, r.tasks[surest].opinion, nil); !settled {
			break
		}
		if waits = len(r.audits) > 0 && r.Help.MayClose(r.audited, r.early) == 0; !waits {
			r.open = r.open[:len(r.open)-1]
			r.close(surest, r.helped.scores(r.tasks[surest].opinion), true, true)
		}
	}
	left := len(r.open) + len(r.audits)
	switch {
	case left == 0:
		return nil
	case waits || r.rng.IntN(left) < len(r.audits):
		t := r.audits[0]
		r.audits = r.audits[1:]
		return r.audit(ctx, t)
	}
	t := r.open[0]
	r.open = r.open[1:]
	if r.helped == nil {
		return r.askPeople(ctx, t)
	}
	return r.askHelped(ctx, t)
}

// audit asks people alone, and compares what they say with what the model's word would have made of it.
func (r *looped) audit(ctx context.Context, t int) error {
	helped, task := r.helped, &r.tasks[t]
	if err := r.askPeople(ctx, t); err != nil || helped == nil {
		return err
	}
	r.audited++
	r.out.Trial.See(helped, r.Policy, Reference{Opinion: task.opinion, Votes: task.votes, Gold: NoChoice, Posterior: r.posterior(task.votes)})
	if r.out.Trial.Hurts() {
		r.helped, r.out.Off = nil, true
	}
	return nil
}

// learn learns of the closed questions when there are enough more than at the last time.
func (r *looped) learn(ctx context.Context) (err error) {
	if r.family != nil && len(r.closed) < NextLesson(r.learned) {
		return nil
	}
	if r.family, err = Learn(ctx, Lesson{Choices: r.Choices, Closed: r.closed, Least: r.Policy.Min}); err != nil {
		return err
	}
	r.learned, r.shares = len(r.closed), r.family.Shares()
	if r.helped == nil {
		return nil
	}
	return r.measure()
}

// askPeople asks people until the policy stops the question.
func (r *looped) askPeople(ctx context.Context, t int) error {
	if err := r.learn(ctx); err != nil {
		return err
	}
	s, f := slices.Clone(r.family.start), r.family
	r.ask(t, &s, func(v polls.Vote, answers int) bool {
		f.weigh(s, v)
		d, _ := f.decide(r.Policy, s, answers)
		return d.Stop
	})
	_, claims := f.confidence(r.Policy, s, len(r.tasks[t].votes))
	r.close(t, s, claims, false)
	return nil
}

// askHelped asks people until the policy stops the question, of which the model has said something.
func (r *looped) askHelped(ctx context.Context, t int) error {
	if err := r.learn(ctx); err != nil {
		return err
	}
	h := r.helped
	s := h.scores(r.tasks[t].opinion)
	r.ask(t, &s, func(v polls.Vote, answers int) bool {
		h.family.weigh(s, v)
		d, _ := h.decide(r.Policy, s, answers)
		return d.Stop
	})
	_, claims := h.Settles(r.Policy, r.tasks[t].opinion, r.tasks[t].votes)
	r.close(t, s, claims, true)
	return nil
}

// ask asks people in the order in which the question opens to them by what its answers leave open, until stop says so or all have
// answered.
func (r *looped) ask(t int, s *scores, stop func(v polls.Vote, answers int) bool) {
	people := make([]*annotator, len(r.people))
	for i, n := range r.rng.Perm(len(r.people)) {
		people[i] = r.people[n]
	}
	task := &r.tasks[t]
	turns := newTurns(r.shares, polls.QuestionID(fmt.Sprintf("q_%d_%d", r.Seed, t)), people, func(a *annotator) polls.RespondentID { return a.name })
	for a := range turns.all(r.Policy, s) {
		if r.family.void(a.name) || r.record[a.name].Worthless(r.Choices) {
			continue
		}
		v := polls.Vote{Respondent: a.name, Choice: r.answer(a, t)}
		task.votes = append(task.votes, v)
		turns.answered(a.name)
		if stop(v, len(task.votes)) {
			return
		}
	}
}

// close ends a question.
func (r *looped) close(t int, s scores, claims, assisted bool) {
	task, choice := &r.tasks[t], s.leader()
	task.over = true
	r.out.Answers += len(task.votes)
	if len(task.votes) > 0 {
		c := Closed{Votes: task.votes, Gold: NoChoice}
		if task.gold {
			c.Gold = r.Truth[t]
			for _, v := range task.votes {
				r.record[v.Respondent].count(v.Choice, c.Gold)
			}
		}
		r.closed = append(r.closed, c)
	}
	if task.gold {
		return
	}
	if !task.audit && len(task.votes) > 0 {
		r.labels++
	}
	wrong := choice != r.Truth[t]
	count := func(n *int, when bool) {
		if when {
			*n++
		}
	}
	count(&r.out.Right, !wrong)
	count(&r.out.Claims, claims)
	count(&r.out.Errors, claims && wrong)
	count(&r.out.Assisted, assisted)
	count(&r.out.Alone, assisted && len(task.votes) == 0)
	count(&r.early, assisted && len(task.votes) < r.Policy.Min)
	count(&r.out.Wrong, assisted && wrong)
	if r.Progress != nil {
		r.Progress(r.out.Tasks-len(r.open)-len(r.audits), r.out.Tasks, r.out.Answers)
	}
}
