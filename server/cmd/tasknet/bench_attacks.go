package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
)

const aboutBenchAttacks = `Measure what dishonest people do to verdicts, and what they get for it.

A made-up crowd of honest people, one in six of whom is careless, is asked made-up
questions under a confidence policy, as a server would ask them: one after the other,
with gold among them, each until its answers are enough. The same is done with dishonest
people added to the same honest ones:

  random     any choice
  constant   always the same choice, each their own
  bloc       all the same wrong choice
  sly        all the same wrong choice to three questions of ten, honest otherwise
  copier     all what one honest person answers
  turned     honest for half of the questions, and then any choice
  renewed    any choice, under a new name after every 20 answers

Each line says how many answers a question took, how right the verdicts were, and by how
many points that differs from the crowd without dishonest people, in all and (late) in the
second half, when most people are known; which share of the verdicts claims the confidence,
and how many of those are wrong; and of the dishonest, how many answers each gave, of how
many of them the pay was final, what an answer of theirs weighed at the end (in bits, where
one of a skilled person weighs 2 to 3), and which share of their names was found to be
worthless. Everything is done with people chosen by what they are known to be worth, and
with people chosen at random. The former is the rule of a server: a question is open to a
share of the people at first, to fewer of those who are worth less while its answers leave
much open, and to the others one after the other in the hour after, when all of them wait
for it; so those come last. And so does, to half of the questions, who answers much like
somebody who has answered.

What is asked of the rule is that less than half of the people, whatever they do, move the
verdicts by less than a point. The last column of each line says if they do, and the last
line which attacks pass and which do not, with people chosen by what they are worth.`

// siege is a crowd of which some are dishonest.
type siege struct {
	sort  labeling.Sort // none in a crowd that is honest
	share float64       // of all people
}

// attacksBench is what bench attacks is told.
type attacksBench struct {
	people, choices, questions, seeds int
	share, goldRate, confidence       float64
	most                              int
}

// attacked is a line of what bench attacks reports.
type attacked struct {
	Attack            string   `json:"attack"`
	Share             float64  `json:"share"`
	Routing           string   `json:"routing"`
	AnswersPerTask    float64  `json:"answers_per_task"`
	Accuracy          float64  `json:"accuracy"`
	Moved             float64  `json:"moved"` // accuracy, against the honest crowd
	LateAccuracy      float64  `json:"late_accuracy"`
	LateMoved         float64  `json:"late_moved"` // of the second half of the questions
	ClaimedShare      float64  `json:"claimed_share"`
	RealisedError     *float64 `json:"realised_error"`
	AnswersPerPerson  *float64 `json:"answers_per_attacker"`
	PaidPerPerson     *float64 `json:"paid_per_attacker"`
	Weight            *float64 `json:"weight"`
	FoundShare        *float64 `json:"found_share"` // of the names
	AnswersPerSkilled float64  `json:"answers_per_skilled"`
	PaidPerSkilled    float64  `json:"paid_per_skilled"`
	SkilledWeight     float64  `json:"skilled_weight"`
	SkilledFound      int      `json:"skilled_found"` // honest people who were taken for worthless, in all seeds
}

func (p *program) benchAttacks() *cobra.Command {
	b := attacksBench{people: 60, choices: 3, questions: 2000, seeds: 8, share: 0.3, goldRate: 0.1, confidence: 0.95, most: 10}
	asJSON := false
	cmd := &cobra.Command{
		Use: "attacks", Short: "Measure what dishonest people do to verdicts", Long: aboutBenchAttacks, Args: cobra.NoArgs,
		Example: `  tasknet bench attacks
  tasknet bench attacks --choices 2 --share 0.5 --seeds 20 --json`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !(b.share > 0 && b.share < 1) || b.people < 6 || b.seeds < 1 || b.seeds > 1000 {
				return usagef("--share is above 0 and below 1, --people at least 6, and --seeds 1 to 1000")
			}
			bar := p.newBar(asJSON)
			lines, err := b.run(cmd.Context(), bar)
			bar.end()
			if err != nil {
				return err
			}
			if asJSON {
				return p.printJSON(lines)
			}
			return p.printAttacks(lines)
		},
	}
	f := cmd.Flags()
	f.IntVar(&b.people, "people", b.people, "honest people")
	f.Float64Var(&b.share, "share", b.share, "of the people who are dishonest")
	f.IntVar(&b.choices, "choices", b.choices, "of each question")
	f.IntVar(&b.questions, "questions", b.questions, "to ask")
	f.Float64Var(&b.goldRate, "gold-rate", b.goldRate, "share of the questions that are gold")
	f.Float64Var(&b.confidence, "confidence", b.confidence, "at which a question stops")
	f.IntVar(&b.most, "max", b.most, "answers to a question at most")
	f.IntVar(&b.seeds, "seeds", b.seeds, "crowds to make")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (b attacksBench) run(ctx context.Context, bar *bar) ([]attacked, error) {
	policy, err := polls.ParsePolicy(fmt.Sprintf("confidence:%g", b.confidence), 2, b.most)
	if err != nil {
		return nil, usagef("--confidence and --max: %v", err)
	}
	policy = policy.WithFallback()
	sieges := []siege{{}}
	for _, sort := range labeling.Sorts() {
		if sort != labeling.Skilled && sort != labeling.Careless {
			sieges = append(sieges, siege{sort, b.share})
		}
	}
	const most = 0.6
	if b.share < most {
		sieges = append(sieges, siege{labeling.Random, most}, siege{labeling.Bloc, most})
	}
	var lines []attacked
	for _, routed := range []bool{true, false} {
		honest, late := 0.0, 0.0
		for _, s := range sieges {
			line, err := b.lay(ctx, s, policy, routed, bar)
			if err != nil {
				return nil, err
			}
			if s.sort == "" {
				honest, late = line.Accuracy, line.LateAccuracy
			}
			line.Moved, line.LateMoved = line.Accuracy-honest, line.LateAccuracy-late
			lines = append(lines, line)
		}
	}
	return lines, nil
}

// lay does one attack for all seeds.
func (b attacksBench) lay(ctx context.Context, s siege, policy polls.Policy, routed bool, bar *bar) (attacked, error) {
	crowd := map[labeling.Sort]int{labeling.Careless: b.people / 6}
	crowd[labeling.Skilled] = b.people - crowd[labeling.Careless]
	if s.sort != "" {
		crowd[s.sort] = int(float64(b.people)*s.share/(1-s.share) + 0.5)
	}
	line := attacked{Attack: "none", Share: s.share, Routing: "skill"}
	if s.sort != "" {
		line.Attack = string(s.sort)
	}
	if !routed {
		line.Routing = "random"
	}
	done := make([]*labeling.Withstood, b.seeds)
	over := new(atomic.Int32)
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(2)
	for seed := range b.seeds {
		g.Go(func() (err error) {
			done[seed], err = labeling.Attack{
				Crowd: crowd, Choices: b.choices, Questions: b.questions, GoldRate: b.goldRate, Policy: policy, Routed: routed, Seed: uint64(seed),
			}.Run(ctx)
			bar.show(line.Attack+", "+line.Routing, int(over.Add(1)), b.seeds)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return line, err
	}
	line.sum(done, s.sort)
	return line, nil
}

// sum fills a line from what came of an attack for each seed.
func (a *attacked) sum(done []*labeling.Withstood, sort labeling.Sort) {
	var all labeling.Withstood
	groups := make(map[labeling.Sort]labeling.Group)
	for _, w := range done {
		all.Asked += w.Asked
		all.Answers += w.Answers
		all.Right += w.Right
		all.Late += w.Late
		all.LateRight += w.LateRight
		all.Claims += w.Claims
		all.Errors += w.Errors
		for _, sort := range slices.Sorted(maps.Keys(w.Groups)) {
			g, of := w.Groups[sort], groups[sort]
			of.People += g.People
			of.Names += g.Names
			of.Found += g.Found
			of.Answers += g.Answers
			of.Paid += g.Paid
			of.Weight += g.Weight / float64(len(done))
			groups[sort] = of
		}
	}
	ratio := func(n, of int) float64 { return float64(n) / float64(max(of, 1)) }
	a.AnswersPerTask, a.Accuracy, a.ClaimedShare = ratio(all.Answers, all.Asked), ratio(all.Right, all.Asked), ratio(all.Claims, all.Asked)
	a.LateAccuracy = ratio(all.LateRight, all.Late)
	if all.Claims > 0 {
		a.RealisedError = share(ratio(all.Errors, all.Claims))
	}
	skilled := groups[labeling.Skilled]
	a.AnswersPerSkilled, a.PaidPerSkilled = ratio(skilled.Answers, skilled.People), ratio(skilled.Paid, skilled.People)
	a.SkilledWeight, a.SkilledFound = skilled.Weight, skilled.Found+groups[labeling.Careless].Found
	if sort != "" {
		g := groups[sort]
		a.AnswersPerPerson, a.PaidPerPerson = share(ratio(g.Answers, g.People)), share(ratio(g.Paid, g.People))
		a.Weight, a.FoundShare = share(g.Weight), share(ratio(g.Found, g.Names))
	}
}

// movedMost is by how much of the accuracy less than half of the people may move it.
const movedMost = 0.01

// bar says whether an attack moves the verdicts by less than it may: ok or over, and nothing for what is not judged.
func (a attacked) bar() string {
	switch {
	case a.Attack == "none" || a.Share >= 0.5:
		return ""
	case a.Moved > -movedMost:
		return "ok"
	}
	return "over"
}

// passes says in a line which attacks on a server move the verdicts by less than they may, and which do not.
func passes(lines []attacked) string {
	named := map[string][]string{"ok": nil, "over": nil}
	for _, l := range lines {
		if l.Routing == "skill" && l.bar() != "" {
			named[l.bar()] = append(named[l.bar()], l.Attack)
		}
	}
	list := func(names []string) string {
		if len(names) == 0 {
			return "none"
		}
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("moved by less than %g point: %s; by more: %s\n", movedMost*100, list(named["ok"]), list(named["over"]))
}

func (p *program) printAttacks(lines []attacked) error {
	var b strings.Builder
	cell := func(v *float64, times float64, digits int) string {
		if v == nil {
			return "-"
		}
		return fmt.Sprintf("%.*f", digits, *v*times)
	}
	routing := ""
	for _, l := range lines {
		if l.Routing != routing {
			if routing != "" {
				b.WriteByte('\n')
			}
			routing = l.Routing
			fmt.Fprintf(&b, "people chosen by %s\n%-9s %6s %9s %9s %7s %7s %9s %7s | %7s %6s %7s %7s | %7s %6s %7s | %s\n", routing, "attack", "share", "answers", "accuracy", "moved", "late", "claimed", "wrong",
				"answers", "paid", "weight", "found", "skilled", "paid", "weight", "bar")
		}
		fmt.Fprintf(&b, "%-9s %5.0f%% %9.2f %8.2f%% %+7.2f %+7.2f %8.1f%% %6s%% | %7s %6s %7s %6s%% | %7.0f %6.0f %7.2f | %s\n", l.Attack, l.Share*100, l.AnswersPerTask, l.Accuracy*100, l.Moved*100, l.LateMoved*100, l.ClaimedShare*100,
			cell(l.RealisedError, 100, 1), cell(l.AnswersPerPerson, 1, 0), cell(l.PaidPerPerson, 1, 0), cell(l.Weight, 1, 2), cell(l.FoundShare, 100, 0),
			l.AnswersPerSkilled, l.PaidPerSkilled, l.SkilledWeight, l.bar())
	}
	b.WriteByte('\n')
	b.WriteString(passes(lines))
	return p.printf("%s", b.String())
}
