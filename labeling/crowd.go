package labeling

import (
	"fmt"
	"math/rand/v2"

	"github.com/tasknet/tasknet/polls"
)

// Sort is how made-up people answer.
type Sort string

// The sorts of made-up people.
const (
	Skilled  Sort = "skilled"  // right in 70 to 95 of 100 answers, with mistakes of their own
	Careless Sort = "careless" // right half as often above a guess as somebody skilled
	Random   Sort = "random"   // any choice
	Constant Sort = "constant" // always the same choice, each their own
	Bloc     Sort = "bloc"     // all the same wrong choice
	Sly      Sort = "sly"      // all the same wrong choice to three of ten questions, and skilled at the others
	Copier   Sort = "copier"   // all what one skilled person answers
	Turned   Sort = "turned"   // skilled until half of the questions are over, and then any choice
	Renewed  Sort = "renewed"  // any choice, under a new name after every 20 answers
)

// Sorts returns all sorts of made-up people.
func Sorts() []Sort {
	return []Sort{Skilled, Careless, Random, Constant, Bloc, Sly, Copier, Turned, Renewed}
}

// How made-up people are.
const (
	renewedAfter = 20  // answers under one name
	slyShare     = 0.3 // of the questions
	hardShare    = 0.1 // of the questions: people are half as often right above a guess
	firstSkill   = 0.7
	lastSkill    = 0.95
)

// being is a made-up person.
type being struct {
	sort    Sort
	number  uint64
	name    polls.RespondentID
	matrix  []float64 // of a skilled person: how probable each answer is given each truth
	always  int       // the choice of who always gives the same
	renewed int       // how often the name is another
}

// population makes people of the groups. The same number of a sort gives the same people, whoever else is there.
func population(groups map[Sort]int, choices int, seed uint64) []*being {
	var people []*being
	for i, sort := range Sorts() {
		for n := range groups[sort] {
			number := uint64(i)<<32 | uint64(n)
			rng := rand.New(rand.NewPCG(seed, number))
			b := &being{sort: sort, number: number, matrix: skill(rng, choices), always: rng.IntN(choices)}
			b.name = b.called()
			people = append(people, b)
		}
	}
	return people
}

func (b *being) called() polls.RespondentID {
	return polls.RespondentID(fmt.Sprintf("rsp_%s_%05d_%03d", b.sort, b.number&0xffff, b.renewed))
}

// renew gives somebody another name, as if they had thrown their wallet away.
func (b *being) renew() {
	b.renewed++
	b.name = b.called()
}

// skill makes the matrix of a skilled person: how often they are right depends on the truth a little, and each of their
// mistakes is more or less likely.
func skill(rng *rand.Rand, k int) []float64 {
	m := make([]float64, k*k)
	accuracy := firstSkill + (lastSkill-firstSkill)*rng.Float64()
	for z := range k {
		right := min(accuracy+0.1*(rng.Float64()-0.5), 0.98)
		sum := 0.0
		for a := range k {
			if a != z {
				m[z*k+a] = 0.2 + rng.Float64()
				sum += m[z*k+a]
			}
		}
		for a := range k {
			m[z*k+a] *= (1 - right) / sum
		}
		m[z*k+z] = right
	}
	return m
}

// task is a made-up question.
type task struct {
	number    uint64
	truth     int
	lie       int // what a bloc agrees on
	gold      bool
	hard, sly bool
	late      bool // half of the questions are over
}

// tasks makes questions, of which a share is gold.
func tasks(n, choices int, gold float64, seed uint64) []task {
	rng := rand.New(rand.NewPCG(seed, 1<<60))
	out := make([]task, n)
	golds := 0
	for i := range out {
		truth := rng.IntN(choices)
		rate := gold
		if golds < known {
			rate = min(3*gold, 1)
		}
		out[i] = task{
			number: uint64(i), truth: truth, lie: (truth + 1 + rng.IntN(choices-1)) % choices,
			hard: rng.Float64() < hardShare, sly: rng.Float64() < slyShare, gold: rng.Float64() < rate, late: i >= n/2,
		}
		if out[i].gold {
			golds++
		}
	}
	return out
}

// answer is what somebody answers to a question: always the same.
func (b *being) answer(t task, choices int, seed uint64) int {
	who, sort := b.number, b.sort
	if sort == Copier {
		who = uint64(len(Sorts())) << 32 // whom they copy
	}
	rng := rand.New(rand.NewPCG(seed^who<<8, t.number))
	switch {
	case sort == Constant:
		return b.always
	case sort == Bloc || sort == Sly && t.sly:
		return t.lie
	case sort == Random || sort == Renewed || sort == Turned && t.late:
		return rng.IntN(choices)
	case sort == Careless && rng.Float64() < 0.5 || t.hard && rng.Float64() < 0.5:
		return rng.IntN(choices)
	}
	matrix := b.matrix
	if sort == Copier {
		matrix = skill(rand.New(rand.NewPCG(seed, who)), choices)
	}
	u := rng.Float64()
	for a, p := range matrix[t.truth*choices : (t.truth+1)*choices] {
		if u -= p; u < 0 {
			return a
		}
	}
	return t.truth
}
