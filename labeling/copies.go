package labeling

import (
	"cmp"
	"container/heap"
	"maps"
	"slices"

	"github.com/tasknet/tasknet/polls"
)

// copies returns people who answer as one: groups in which hardly anybody ever contradicts another, though gold shows that
// they make mistakes which people who answer by themselves would not share. Whoever copies has to be told from whoever is
// good, since both agree with others; so what a group's agreement says is counted by how often the group is right on gold,
// and with none nobody copies.
//
// Of two people with accuracy p who answer by themselves, a share of p^2 + (1-p)^2/(choices-1) of the answers agree, and
// more where some questions are harder than others, by as much as all people agree more than that. Those who copy agree
// but for a slip in fifty. Each question that both answered adds the logarithm of the ratio to the pair's evidence. The
// groups are made by joining, again and again, the two between whom there is the most evidence. A group stands when its
// evidence passes the logarithm of the number of groups of its size among so many people, and luck; and everybody in it
// when theirs with the others passes luck.
//
// To lose one's pay takes all of that. That a group answers alike, which costs its members nothing but that half of the
// questions that one of them has open to the others last, takes only the evidence of its pairs.
type copies struct {
	choices int
	pairs   map[[2]int32]together
	golds   []GoldRecord
	closed  []Closed
	number  map[polls.RespondentID]int32
	excess  int64 // by which share of what could disagree people agree more than their accuracy says, in parts per million
}

// together is how often two people answered the same question, and agreed.
type together struct{ both, agreed int }

const (
	slip         = 20_000       // parts per million
	copyLuck     = 20 * logUnit // bits
	copiersLeast = 3
	wrongOdds    = 200 // luck makes a group as wrong together once in so many times
	goldBelief   = 5   // golds of the crowd's accuracy that everybody is taken to have answered before

	// Beyond so many answers to a question, or pairs, nobody looks for copies: there are other ways to read a poll.
	copiesAnswersMax = 100
)

// findCopies returns the groups, as numbers of people; and the groups that answer alike, which may copy or not.
func findCopies(choices int, closed []Closed, number map[polls.RespondentID]int32) (copying, alike [][]int32) {
	c := &copies{choices: choices, closed: closed, number: number, pairs: make(map[[2]int32]together), golds: make([]GoldRecord, len(number))}
	all := c.count()
	if all.Seen() < known {
		return nil, nil
	}
	crowd := (int64(all.Right)*million + goldBelief*unknownAccuracy) / int64(all.Seen()+goldBelief)
	accuracy := make([]int64, len(c.golds))
	for i, g := range c.golds {
		accuracy[i] = (int64(g.Right)*million + goldBelief*crowd) / int64(g.Seen()+goldBelief)
	}
	c.measureExcess(accuracy)
	for _, group := range c.join(func(i, j int32) int64 { return c.alone(accuracy[i], accuracy[j]) }) {
		in := make(map[int32]bool, len(group))
		for _, i := range group {
			in[i] = true
		}
		best, known := c.bestOf(in)
		if !known {
			continue
		}
		if members := c.members(group, in, best); len(members) > 0 {
			copying = append(copying, members)
		}
		if c.together(group, c.alone(best, best)) >= c.luck(group) {
			alike = append(alike, group)
		}
	}
	return copying, alike
}

// together is what the pairs of a group say together, when people who answer by themselves agree in a share.
func (c *copies) together(group []int32, alone int64) (sum int64) {
	for n, i := range group {
		for _, j := range group[:n] {
			sum += c.pairs[[2]int32{min(i, j), max(i, j)}].evidence(alone)
		}
	}
	return sum
}

// luck is what the evidence of a group must pass, as there are many groups of its size.
func (c *copies) luck(group []int32) int64 {
	return copyLuck + int64(len(group))*log2Ratio(3*uint64(len(c.golds)), uint64(len(group)))
}

// count counts pairs, and what each answered to gold.
func (c *copies) count() (all GoldRecord) {
	for _, q := range c.closed {
		for i, v := range q.Votes {
			a := c.number[v.Respondent]
			c.golds[a].count(v.Choice, q.Gold)
			all.count(v.Choice, q.Gold)
			if v.Choice < 0 || len(q.Votes) > copiesAnswersMax {
				continue
			}
			for _, w := range q.Votes[:i] {
				if w.Choice < 0 {
					continue
				}
				pair := [2]int32{min(a, c.number[w.Respondent]), max(a, c.number[w.Respondent])}
				t := c.pairs[pair]
				t.both++
				if v.Choice == w.Choice {
					t.agreed++
				}
				c.pairs[pair] = t
			}
		}
	}
	return all
}

// alone returns how often two people who answer by themselves agree, by their accuracies.
func (c *copies) alone(p, q int64) int64 {
	agree := p*q/million + (million-p)*(million-q)/million/int64(c.choices-1)
	return agree + (million-agree)*c.excess/million
}

func (c *copies) measureExcess(accuracy []int64) {
	agreed, expected, both := int64(0), int64(0), int64(0)
	for pair, t := range c.pairs {
		both += int64(t.both)
		agreed += int64(t.agreed) * million
		expected += int64(t.both) * c.alone(accuracy[pair[0]], accuracy[pair[1]])
	}
	if free := both*million - expected; free > 0 && agreed > expected {
		c.excess = (agreed - expected) / (free/million + 1)
	}
}

// evidence is what so many answers together say for copying, when people who answer by themselves agree in a share.
func (t together) evidence(alone int64) int64 {
	alone = min(max(alone, slip), million-slip)
	return int64(t.agreed)*log2Ratio(million-slip, uint64(alone)) + int64(t.both-t.agreed)*log2Ratio(slip, uint64(million-alone))
}

// bestOf returns how good a group is at best: the upper end of what its golds leave open, each gold counted once whoever of it
// answered, two standard errors up. Nothing is known without golds.
func (c *copies) bestOf(in map[int32]bool) (accuracy int64, known bool) {
	seen, right := int64(0), int64(0) // parts per million
	for _, q := range c.closed {
		if q.Gold == NoChoice {
			continue
		}
		answers, hits := int64(0), int64(0)
		for _, v := range q.Votes {
			if v.Choice >= 0 && in[c.number[v.Respondent]] {
				answers++
				if v.Choice == q.Gold {
					hits++
				}
			}
		}
		if answers > 0 {
			seen++
			right += hits * million / answers
		}
	}
	const errors = 2
	p := right / (seen + 1)
	return min(p+errors*root(p*(million-p)/(seen+1)), million), seen > 0
}

// members returns those of a group who surely copy, if it does at all, though it is as good as it may be.
func (c *copies) members(group []int32, in map[int32]bool, accuracy int64) []int32 {
	if len(group) < copiersLeast || !c.wrongTogether(in) {
		return nil
	}
	all, alone := int64(0), c.alone(accuracy, accuracy)
	members := slices.DeleteFunc(slices.Clone(group), func(i int32) bool {
		own := int64(0)
		for _, j := range group {
			own += c.pairs[[2]int32{min(i, j), max(i, j)}].evidence(alone)
		}
		all += own / 2 // each pair is in two of them
		return own < copyLuck
	})
	if len(members) < copiersLeast || all < c.luck(group) {
		return nil
	}
	return members
}

// wrongTogether says whether a group is wrong together on gold beyond what hard questions explain. People who are good agree
// with each other too, but not on their mistakes: where one of the group is wrong, the next one must have the same wrong
// answer clearly more often than three quarters of the way from how often two people are wrong together, of whom not both are of the group, to
// always.
func (c *copies) wrongTogether(in map[int32]bool) bool {
	inside, outside := together{}, together{both: 2, agreed: 1}
	for _, q := range c.closed {
		if q.Gold == NoChoice {
			continue
		}
		counted := false
		for i, v := range q.Votes {
			for _, w := range q.Votes[:i] {
				if v.Choice < 0 || w.Choice < 0 || v.Choice == q.Gold && w.Choice == q.Gold {
					continue
				}
				of := &outside
				if in[c.number[v.Respondent]] && in[c.number[w.Respondent]] {
					if counted {
						continue // the others of the group are no further evidence on this question
					}
					of, counted = &inside, true
				}
				of.both++
				if v.Choice == w.Choice {
					of.agreed++
				}
			}
		}
	}
	return tail(inside.both-inside.agreed, inside.both, int64(outside.both-outside.agreed), int64(4*outside.both), wrongOdds)
}

// root returns the square root, rounded down.
func root(x int64) int64 {
	r := int64(0)
	for bit := int64(1) << 31; bit > 0; bit >>= 1 {
		if (r+bit)*(r+bit) <= x {
			r += bit
		}
	}
	return r
}

// link is evidence between two groups.
type link struct {
	evidence int64
	a, b     int32
}

// links is a heap with the most evidence on top.
type links []link

func (l links) Len() int { return len(l) }
func (l links) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(l[j].evidence, l[i].evidence), cmp.Compare(l[i].a, l[j].a), cmp.Compare(l[i].b, l[j].b)) < 0
}
func (l links) Swap(i, j int) { l[i], l[j] = l[j], l[i] }
func (l *links) Push(x any)   { *l = append(*l, x.(link)) }
func (l *links) Pop() any {
	last := (*l)[len(*l)-1]
	*l = (*l)[:len(*l)-1]
	return last
}

// join joins people to groups while there is evidence for it.
func (c *copies) join(alone func(i, j int32) int64) [][]int32 {
	n := int32(len(c.golds))
	groups, between := make([][]int32, n), make([]map[int32]int64, n)
	for i := range n {
		groups[i], between[i] = []int32{i}, make(map[int32]int64)
	}
	var best links
	for pair, t := range c.pairs {
		e := t.evidence(alone(pair[0], pair[1]))
		between[pair[0]][pair[1]], between[pair[1]][pair[0]] = e, e
		if e > 0 {
			best = append(best, link{e, pair[0], pair[1]})
		}
	}
	heap.Init(&best)
	for best.Len() > 0 {
		l := heap.Pop(&best).(link)
		a, b := l.a, l.b
		if groups[a] == nil || groups[b] == nil || between[a][b] != l.evidence {
			continue // one of them has been joined to another
		}
		if len(between[a]) < len(between[b]) {
			a, b = b, a
		}
		groups[a] = append(groups[a], groups[b]...)
		groups[b] = nil
		delete(between[a], b)
		for _, other := range slices.Sorted(maps.Keys(between[b])) {
			e := between[b][other]
			delete(between[other], b)
			if other == a {
				continue
			}
			e += between[a][other]
			between[a][other], between[other][a] = e, e
			if e > 0 {
				heap.Push(&best, link{e, min(a, other), max(a, other)})
			}
		}
		between[b] = nil
	}
	return slices.DeleteFunc(groups, func(g []int32) bool { return len(g) < 2 })
}
