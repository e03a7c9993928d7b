package bench

import (
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/polls"
)

// Checks is a simulation of nodes that are honest and nodes that are not, whose parts are audited by the server's own rules. Time
// stands still: each part is done by somebody drawn from those who are not excluded.
type Checks struct {
	Runs  int // with other nodes and seeds
	Parts int // that are done in each
	Seed  uint64

	// Programs: what nodes do the server does not do again where they differ, as with programs; only they decide among themselves.
	Programs bool
}

// DefaultChecks is the one of which figures are told.
func DefaultChecks() Checks { return Checks{Runs: 400, Parts: 4000, Seed: 1} }

// CheckedKind is how nodes of one kind fared, in all runs together.
type CheckedKind struct {
	Kind    string  `json:"kind"`
	Nodes   int     `json:"nodes"`
	Refuted int     `json:"refuted"` // nodes
	Half    float64 `json:"half"`    // parts of their own after which half of those that were refuted were
	Most    float64 `json:"most"`    // likewise 95 in 100
	Parts   int     `json:"parts"`   // that they did and that were not refuted one by one
}

// Checked is what came of a simulation.
type Checked struct {
	Kinds    []CheckedKind `json:"kinds"`
	Within   float64       `json:"within"`   // of nodes that always cheat, how many were refuted within 59 parts
	Audits   float64       `json:"audits"`   // share of all that was computed that second owners did of audited parts
	Disputes float64       `json:"disputes"` // likewise, that others did because two differed
	Wronged  int           `json:"wronged"`  // honest nodes that were refuted
	Unpaid   int           `json:"unpaid"`   // parts of honest nodes that were not paid since nothing was decided
}

// checksGoal is within how many parts who always cheats is found.
const checksGoal = 59

// The kinds of nodes, and how many of each are in a run.
var checkedKinds = []struct {
	name  string
	nodes int
	says  func(n *checkedNode, truth []float64, r *rand.Rand) []float64
}{
	{"honest", 10, func(_ *checkedNode, truth []float64, _ *rand.Rand) []float64 { return truth }},
	{"honest, rounds differently", 10, func(_ *checkedNode, truth []float64, r *rand.Rand) []float64 {
		return each(truth, func(p float64) float64 { return min(max(p+4e-5*(r.Float64()-0.5), 0), 1) }) // ten times what was seen between machines
	}},
	{"lazy: always unsure", 3, func(_ *checkedNode, truth []float64, _ *rand.Rand) []float64 {
		return each(truth, func(float64) float64 { return 0.5 })
	}},
	{"copies what it did before", 2, func(n *checkedNode, truth []float64, _ *rand.Rand) []float64 {
		if n.kept == nil {
			n.kept = truth
		}
		return n.kept
	}},
	{"lies always", 3, func(_ *checkedNode, truth []float64, r *rand.Rand) []float64 {
		return each(truth, func(float64) float64 { return r.Float64() })
	}},
	{"lies in one of ten", 2, func(_ *checkedNode, truth []float64, r *rand.Rand) []float64 {
		if r.IntN(10) > 0 {
			return truth
		}
		return each(truth, func(p float64) float64 { return 1 - p })
	}},
}

const (
	honestKinds    = 2 // the first of them
	alwaysKinds    = 5 // up to here, those after honestKinds cheat in every part
	checkedRows    = 4 // of a part
	partsSimulated = 20
)

func each(in []float64, f func(float64) float64) []float64 {
	out := make([]float64, len(in))
	for i, v := range in {
		out[i] = f(v)
	}
	return out
}

type checkedNode struct {
	kind  int
	owner polls.RespondentID
	kept  []float64 // of who copies
	done  int
	fine  int
	out   bool
}

// Run runs the simulation.
func (c Checks) Run() (*Checked, error) {
	out := &Checked{}
	after := make([][]float64, len(checkedKinds))
	for _, k := range checkedKinds {
		out.Kinds = append(out.Kinds, CheckedKind{Kind: k.name})
	}
	var executions, audits, disputes, cheats, within int
	for run := range c.Runs {
		f := &checkedRun{programs: c.Programs, random: rand.New(rand.NewPCG(c.Seed, uint64(run))), work: &compute.Work{Kind: compute.InferJob, Model: &compute.Spec{Classes: []string{"yes", "no"}}}}
		for kind, k := range checkedKinds {
			for range k.nodes {
				f.nodes = append(f.nodes, &checkedNode{kind: kind, owner: polls.RespondentID(fmt.Sprint("rsp_", len(f.nodes)))})
			}
		}
		var terms compute.Terms
		for part := range c.Parts {
			if part%partsSimulated == 0 {
				terms = compute.Terms{Replicas: 1, AuditPPM: compute.AuditMost}
				for i := range terms.Seed {
					terms.Seed[i] = byte(f.random.Uint32())
				}
			}
			audited, err := terms.Audited("job_simulated", part%partsSimulated)
			if err != nil {
				return nil, err
			}
			n, err := f.part(audited)
			if err != nil {
				return nil, err
			}
			executions += n
			audits += min(n-1, 1)
			disputes += max(n-2, 0)
		}
		for _, n := range f.nodes {
			k := &out.Kinds[n.kind]
			k.Nodes++
			k.Parts += n.fine
			if n.out {
				k.Refuted++
				after[n.kind] = append(after[n.kind], float64(n.done))
			}
			switch always := n.kind >= honestKinds && n.kind < alwaysKinds; {
			case n.kind < honestKinds && n.out:
				out.Wronged++
			case always && (n.done >= checksGoal || n.out):
				cheats++
				if n.out && n.done <= checksGoal {
					within++
				}
			}
		}
		out.Unpaid += f.unpaid
	}
	for i, list := range after {
		if slices.Sort(list); len(list) > 0 {
			out.Kinds[i].Half, out.Kinds[i].Most = list[len(list)/2], list[len(list)*95/100]
		}
	}
	out.Within = float64(within) / float64(max(cheats, 1))
	out.Audits, out.Disputes = float64(audits)/float64(executions), float64(disputes)/float64(executions)
	return out, nil
}

type checkedRun struct {
	random   *rand.Rand
	work     *compute.Work
	programs bool
	nodes    []*checkedNode
	unpaid   int // parts of honest nodes
}

// part has a part done, and by others too while a check wants more. It returns how often it was done.
func (f *checkedRun) part(audited bool) (executions int, err error) {
	truth := make([]float64, checkedRows)
	for i := range truth {
		truth[i] = f.random.Float64()
	}
	check := compute.Check{State: compute.CheckOpen}
	var who []*checkedNode
	var results []*compute.Delivery
	var said []string
	for more := true; more; {
		n := f.another(who)
		if n == nil {
			check.Abandon(results, check.OpenedAt)
			break
		}
		n.done++
		n.fine++
		who = append(who, n)
		said = append(said, predictionLines(checkedKinds[n.kind].says(n, truth, f.random)))
		results = append(results, &compute.Delivery{Lease: compute.LeaseID(fmt.Sprint("lse_", len(results))), Owner: n.owner, Receipt: &compute.Receipt{}})
		if !audited {
			return 1, nil
		}
		if len(results) > 1 && !f.programs {
			decided, err := f.decide(&check, results, said, truth)
			if err != nil {
				return 0, err
			}
			if decided {
				break
			}
		}
		if len(results) > 1 {
			if more, err = check.Judge(results, func(a, b int) (compute.Likeness, error) {
				return f.work.Compare(strings.NewReader(said[a]), strings.NewReader(said[b]))
			}, check.OpenedAt); err != nil {
				return 0, err
			}
		}
	}
	for i, r := range check.Results {
		switch why, _ := check.Refuses(r); {
		case why == compute.Refuted:
			who[i].out = true
			who[i].fine--
		case why == compute.Undecided && who[i].kind < honestKinds:
			f.unpaid++
		}
	}
	return len(results), nil
}

// decide has the server do the rows again in which results differ, as it does with models: it comes to the truth.
func (f *checkedRun) decide(check *compute.Check, results []*compute.Delivery, said []string, truth []float64) (bool, error) {
	readers := make([]io.Reader, len(said))
	for i := range said {
		readers[i] = strings.NewReader(said[i])
	}
	differ, err := f.work.Differ(readers)
	if err != nil || len(differ.Rows) == 0 {
		return false, err
	}
	server := make([]compute.Prediction, len(differ.Rows))
	for i, row := range differ.Rows {
		server[i] = compute.NewPrediction(strconv.Itoa(row), f.work.Model.Classes, []float32{float32(truth[row]), float32(1 - truth[row])})
	}
	return check.Decide(results, differ.Confirmed(server), check.OpenedAt), nil
}

// another draws a node that works and has not done the part.
func (f *checkedRun) another(who []*checkedNode) *checkedNode {
	var free []*checkedNode
	for _, n := range f.nodes {
		if !n.out && !slices.Contains(who, n) {
			free = append(free, n)
		}
	}
	if len(free) == 0 {
		return nil
	}
	return free[f.random.IntN(len(free))]
}

func predictionLines(yes []float64) string {
	var b strings.Builder
	for i, p := range yes {
		label := "yes"
		if p < 0.5 {
			label = "no"
		}
		fmt.Fprintf(&b, `{"key":"%d","label":%q,"confidence":%.6f,"probabilities":{"yes":%.6f,"no":%.6f}}`+"\n", i, label, max(p, 1-p), p, 1-p)
	}
	return b.String()
}

// Rows are the figures that have goals.
func (c *Checked) Rows() []Row {
	return []Row{
		{"nodes that always cheat and are refuted within 59 parts", c.Within, 0.95, "share", Higher},
		{"audits' share of what is computed", c.Audits, 0.05, "share", Lower},
		{"honest nodes refuted", float64(c.Wronged), 0, "nodes", Lower},
		{"what disputes cost beside audits", c.Disputes, 0.05, "share", Lower},
	}
}
