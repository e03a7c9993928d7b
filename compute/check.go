package compute

import (
	"slices"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// CheckState is what came of comparing the results of a part.
type CheckState string

// The states of a check. All but the first are ends.
const (
	CheckOpen      CheckState = "open"
	CheckAgreed    CheckState = "agreed"    // all owners came to the same result, or three did against fewer, who are refuted
	CheckUndecided CheckState = "undecided" // not enough owners came to the same result: nobody is refuted, nobody is paid
	CheckUnknown   CheckState = "unknown"   // the results cannot be compared, as models of machines that round differently: they count
	CheckAlone     CheckState = "alone"     // no other owner did the part in time: its only result counts
	CheckDecided   CheckState = "decided"   // they differed, and the server did the rows again in which they did: who is not confirmed is refuted
	CheckBest      CheckState = "best"      // of models that differ in how good they are, the best are paid: nobody is refuted
)

// Check is the comparison of what several owners made of a part.
type Check struct {
	Job      JobID
	Part     int
	Audit    bool // of a part that was drawn, which counts before the check; otherwise it is one of replicas
	State    CheckState
	OpenedAt time.Time
	ClosedAt time.Time
	Results  []CheckResult // once it is closed, in the order in which they were delivered
	Networks int           // likewise: how many network domains they came from; 0: not known
}

// CheckResult is one of the results that were compared.
type CheckResult struct {
	Lease   LeaseID            `json:"lease"`
	Owner   polls.RespondentID `json:"owner"`
	Group   int                `json:"group"` // those of one group agree; 0 is the largest
	Outputs []JobFile          `json:"outputs"`
}

// Refuters is how many owners must agree against a result for it to be refuted: two who are lazy in the same way are not enough.
// OwnersMax is how many owners do a part at the most before nothing is decided.
const (
	Refuters  = 3
	OwnersMax = 5
)

// Evidence returns tasknet/compute-evidence/v1: what a stake is slashed by, and what a judge compares with the outputs.
func (c *Check) Evidence(instance string) ([32]byte, error) {
	results := make([]any, len(c.Results))
	for i, r := range c.Results {
		results[i] = map[string]any{"group": r.Group, "lease": string(r.Lease), "outputs": outputsOf(r.Outputs), "owner": string(r.Owner)}
	}
	return tasknet.Hash("tasknet/compute-evidence/v1", map[string]any{
		"audit": c.Audit, "instance": instance, "job": string(c.Job), "part": c.Part, "results": results, "state": string(c.State),
	})
}

// Likeness is how two results compare.
type Likeness int

// How two results compare.
const (
	Unlike  Likeness = iota
	Alike            // but for what machines round differently
	Unknown          // it cannot be told
)

// Decide closes the check by which results the server has confirmed, in which it did again what they differ in, or reports that it cannot:
// it confirms none, as when all lie, or machines round more than they may. So whoever refutes another has the server on their side, however
// many others say the same.
func (c *Check) Decide(results []*Delivery, confirmed []bool, now time.Time) bool {
	groups := make([][]int, 2)
	for i, right := range confirmed {
		if right {
			groups[0] = append(groups[0], i)
		} else {
			groups[1] = append(groups[1], i)
		}
	}
	if len(groups[0]) == 0 {
		return false
	}
	c.close(CheckDecided, results, groups, now)
	return true
}

// Judge closes the check by its deliveries, at most one of an owner, or says that another owner is wanted. like compares two by their
// numbers.
func (c *Check) Judge(results []*Delivery, like func(a, b int) (Likeness, error), now time.Time) (more bool, err error) {
	groups := [][]int{}
	for i := range results {
		in := -1
		for g, group := range groups {
			l, err := like(group[0], i)
			if err != nil {
				return false, err
			}
			if l == Unknown && len(groups) == 1 {
				c.close(CheckUnknown, results, [][]int{upTo(len(results))}, now)
				return false, nil
			}
			if l == Alike {
				in = g
				break
			}
		}
		if in < 0 {
			groups = append(groups, nil)
			in = len(groups) - 1
		}
		groups[in] = append(groups[in], i)
	}
	slices.SortStableFunc(groups, func(a, b []int) int { return len(b) - len(a) })
	switch {
	case len(results) < 2:
		c.close(CheckAlone, results, groups, now)
	case len(groups) == 1 || len(groups[0]) >= Refuters && len(groups[0]) > len(groups[1]):
		c.close(CheckAgreed, results, groups, now)
	case len(results) >= OwnersMax:
		c.close(CheckUndecided, results, groups, now)
	default:
		return true, nil
	}
	return false, nil
}

// Abandon closes the check by what there is, since no other owner came in time.
func (c *Check) Abandon(results []*Delivery, now time.Time) {
	if len(results) < 2 {
		c.close(CheckAlone, results, [][]int{upTo(len(results))}, now)
		return
	}
	each := make([][]int, len(results))
	for i := range each {
		each[i] = []int{i}
	}
	c.close(CheckUndecided, results, each, now)
}

func upTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func (c *Check) close(s CheckState, results []*Delivery, groups [][]int, now time.Time) {
	c.State, c.ClosedAt, c.Results, c.Networks = s, now, make([]CheckResult, len(results)), networksOf(results)
	for g, group := range groups {
		for _, i := range group {
			c.Results[i] = CheckResult{Lease: results[i].Lease, Owner: results[i].Owner, Group: g, Outputs: results[i].Receipt.Outputs}
		}
	}
}

// networksOf counts the network domains of deliveries; 0 when one is not known.
func networksOf(list []*Delivery) int {
	from := make([]Present, len(list))
	for i, d := range list {
		if from[i].Domain = d.Domain; d.Domain == "" {
			return 0
		}
	}
	return networks(from)
}

// Refuses returns why a result of a closed check is not paid, if it is not.
func (c *Check) Refuses(r CheckResult) (Refusal, bool) {
	switch {
	case (c.State == CheckAgreed || c.State == CheckDecided) && r.Group > 0:
		return Refuted, true
	case c.State == CheckUndecided, c.State == CheckBest && r.Group > 0:
		return Undecided, true
	}
	return "", false
}

// outputsOf writes outputs as they are hashed.
func outputsOf(files []JobFile) []any {
	out := make([]any, len(files))
	for i, o := range files {
		out[i] = map[string]any{"artefact": string(o.Artefact), "bytes": o.Bytes, "role": string(o.Role)}
	}
	return out
}
