package compute

import (
	"math"
	"slices"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// Offer is a node that asks for work.
type Offer struct {
	Node *Node
	Has  []ArtefactID // files that it need not fetch; at most HasMax
}

// HasMax is how many files a node may say that it has.
const HasMax = 64

// Turn is an organisation with work that a node could do, in the order of its turn: the one that got the least so far comes first.
type Turn struct {
	Org  polls.OrgID
	Jobs []Candidate // the most important first
}

// Candidate is a job with work that waits.
type Candidate struct {
	Job  *Job
	Part *Part // that waits; nil where rows wait that no part was made of
}

// Pick is what a node is given.
type Pick struct {
	Job  *Job
	Part *Part // a new one has no copies yet
	Why  Why
}

// Why says how it came that a node was given a part.
type Why struct {
	Turn     int    `json:"turn"`                    // how many organisations' turn came before, and nothing of theirs could be given
	Waiting  int    `json:"waiting"`                 // organisations that had work that the node could do
	Again    string `json:"again,omitempty"`         // what became of the part before: "lost", "failed" or "slow"
	Local    int64  `json:"local_bytes"`             // of its files, which the node has
	Fetch    int    `json:"fetch_seconds,omitempty"` // that the others are expected to take it; 0 when that is not known
	Rows     int    `json:"rows"`                    // of the part
	Seconds  int    `json:"seconds,omitempty"`       // that they are expected to take this node
	FromStep int    `json:"from_step,omitempty"`     // of a checkpoint
	Copy     string `json:"copy,omitempty"`          // of a part that another owner does as well: "drawn" when its owner was drawn for it, else "open"
	Network  string `json:"network,omitempty"`       // likewise: "apart" when nobody else did the part in the node's network domain, else "shared"

	Trainer string `json:"trainer,omitempty"` // that the job has to be done by

	Stake tasknet.Amount `json:"stake,omitzero"`     // that counted of the owner's, of a job that asks for one
	Pays  tasknet.Amount `json:"pays,omitzero"`      // the job, for the part; zero where it pays nothing
	Hour  tasknet.Amount `json:"pays_hour,omitzero"` // likewise for an hour of the node's work; zero where it is not known how long the part takes
	Least tasknet.Amount `json:"min_price,omitzero"` // that the node's owner asked for an hour then

	Operations int64 `json:"operations"`      // that are counted against the organisation's share
	Speed      int64 `json:"speed,omitempty"` // that the node was taken to do a second
}

// Sizes of parts.
const (
	partTime  = time.Minute // that a part is to take the node that gets it
	partLeast = 5           // seconds likewise, unless nothing is left: to begin one costs about a second
	tailShare = 2           // a part is at most the rows that are left over so many times the nodes that are here, so that all end together
)

// A job whose files a node would take longer to fetch than fetchTime is left to others for a while, and for good when nothing would
// be left of the time that the job allows.
const (
	fetchTime  = 2 * time.Minute
	fetchLeave = 10 * time.Minute // since the job was made
)

// Choose picks what to give to a node, by these rules in their order: the organisation whose turn it is; the most important of its
// jobs; among equals the one that pays most for its work, then the one whose files the node has most of, then the oldest. So price
// moves nobody else's turn: who pays nothing gets as large a share. What would take the node too long to fetch is not there for it, nor
// is what pays less than its owner asks for (Capability.MinPrice). A part that was lost or failed goes before new
// rows of its job. Of rows that wait the node gets as many as it does in about a minute, by how fast it did parts before, so that a weak machine gets a small part.
// nodes is how many there are. It returns nil when nothing fits.
func Choose(o Offer, turns []Turn, nodes int, now time.Time) *Pick {
	for n, turn := range turns {
		var best *Candidate
		var bestLocal int64
		var bestPay float64
		for i := range turn.Jobs {
			c := &turn.Jobs[i]
			if best != nil && c.Job.Importance < best.Job.Importance {
				break
			}
			if c.Part != nil && !c.Part.fits(o.Node, now) {
				if c.Job.Cut == c.Job.Rows {
					continue
				}
				c.Part = nil
			}
			if c.Part == nil && (c.Job.Cut == c.Job.Rows || c.Job.State != JobOpen) || !o.canFetch(c.Job, now) {
				continue
			}
			local, pay := o.local(c.Job), c.Job.payPerWork()
			if best == nil || pay > bestPay || pay == bestPay && local > bestLocal {
				best, bestLocal, bestPay = c, local, pay
			}
		}
		if best != nil {
			p := take(o, *best, nodes)
			p.Why.Turn, p.Why.Waiting, p.Why.Local = n, len(turns), bestLocal
			return p
		}
	}
	return nil
}

// payPerWork is what a job pays for an operation, in micro-units, by what its rows are taken to need. Of a training that is what one of
// its examples needs.
func (j *Job) payPerWork() float64 {
	return float64(j.Terms.Price.Micro()) / (float64(j.Rows) * float64(max(j.Each, 1)))
}

// Without returns the turns without a job.
func Without(turns []Turn, id JobID) []Turn {
	out := make([]Turn, 0, len(turns))
	for _, t := range turns {
		t.Jobs = slices.DeleteFunc(slices.Clone(t.Jobs), func(c Candidate) bool { return c.Job.ID == id })
		out = append(out, t)
	}
	return out
}

// Double picks a part of those that are late for a node to do as well, or nil. The first to be done counts.
func Double(o Offer, late []Candidate) *Pick {
	for _, c := range late {
		if c.Part.Copies == 1 && o.fetch(c.Job) <= fetchTime {
			p := take(o, c, 1)
			p.Why.Again = "slow"
			return p
		}
	}
	return nil
}

// fits reports whether a part that waits may be given to a node: not at once to the owner who failed at it or lost it last.
func (p *Part) fits(n *Node, now time.Time) bool {
	return len(p.Failures) == 0 || p.Failures[len(p.Failures)-1].Owner != n.Owner || !now.Before(p.NextAt)
}

// local is how many bytes of a job's files the node has.
func (o Offer) local(j *Job) (bytes int64) {
	if len(o.Has) == 0 {
		return 0
	}
	for _, in := range j.Inputs {
		if slices.Contains(o.Has, in.Artefact) {
			bytes += in.Bytes
		}
	}
	return bytes
}

// session reports whether what is taken is a session of a live job.
func (c *Candidate) session() bool { return c.Job.Live && (c.Part == nil || c.Part.Copy == 0) }

// fetch is how long the node is expected to take for a job's files that it has not; 0 when that is not known.
func (o Offer) fetch(j *Job) time.Duration {
	rate := o.Node.Capability.fetchRate()
	if rate == 0 {
		return 0
	}
	missing := -o.local(j)
	for _, in := range j.Inputs {
		missing += in.Bytes
	}
	return time.Duration(float64(missing) / float64(rate) * float64(time.Second))
}

// canFetch reports whether a job may be given to the node as far as its files are concerned.
func (o Offer) canFetch(j *Job, now time.Time) bool {
	took := o.fetch(j)
	return took <= fetchTime || took < j.MaxTime/2 && now.Sub(j.CreatedAt) >= fetchLeave
}

func take(o Offer, c Candidate, nodes int) *Pick {
	j, p := c.Job, c.Part
	if p == nil {
		rows := j.Rows - j.Cut
		if j.splits() {
			fast := int(min(float64(o.Node.Speed())*partTime.Seconds()/float64(j.Each), math.MaxInt32))
			least := int(min(float64(o.Node.Speed())*partLeast/float64(j.Each), math.MaxInt32))
			fair := (rows + tailShare*max(nodes, 1) - 1) / (tailShare * max(nodes, 1))
			rows = min(rows, max(min(fast, max(fair, least)), 1))
			if j.PartRows > 0 {
				rows = min(rows, j.PartRows)
			}
		}
		p = &Part{Job: j.ID, Number: j.Parts, From: j.Cut, To: j.Cut + rows, State: PartWaiting}
	}
	pick := &Pick{Job: j, Part: p, Why: Why{Rows: p.To - p.From, FromStep: p.Step, Fetch: int(math.Ceil(o.fetch(j).Seconds()))}}
	if j.splits() && !c.session() {
		pick.Why.Seconds = int(math.Ceil(float64(pick.Why.Rows) * float64(j.Each) / float64(max(o.Node.Speed(), 1))))
	}
	pick.Why.Trainer = j.Needs.Trainer
	if !j.Terms.MinStake.IsZero() {
		pick.Why.Stake = o.Node.Stake
	}
	pick.Why.Pays, pick.Why.Least = share(j.Terms.Price, p.From, p.To, j.Rows), o.Node.Capability.MinPrice
	pick.Why.Speed = o.Node.Speed()
	if j.splits() {
		pick.Why.Hour = tasknet.Micro(int64(min(j.payPerWork()*float64(o.Node.Speed())*time.Hour.Seconds(), float64(PriceMax.Micro()))))
	}
	pick.Why.Operations = int64(min(float64(pick.Why.Rows)*float64(j.Each), math.MaxInt64/4))
	switch {
	case len(p.Failures) > 0 && p.Failures[len(p.Failures)-1].Code == Vanished:
		pick.Why.Again = "lost"
	case len(p.Failures) > 0:
		pick.Why.Again = "failed"
	}
	return pick
}

// lateAfter is how many times longer than expected a part may take before another node does it as well.
const lateAfter = 2

// Give makes the lease of a pick, and notes in job and part that it runs.
func (p *Pick) Give(id LeaseID, n *Node, now time.Time) *Lease {
	j, part := p.Job, p.Part
	switch {
	case part.Number == j.Parts && part.Copy == 0:
		j.Parts, j.Cut = j.Parts+1, part.To
	case part.State == PartWaiting:
		j.Waiting--
	}
	if part.Copy > 0 {
		p.Why.Copy = "open"
		if slices.Contains(part.Place.Drawn, n.Owner) {
			p.Why.Copy = "drawn"
		}
	}
	part.Place.Drawn, part.Place.DrawnAt = nil, time.Time{} // who does it after this one need not be drawn: nobody can make it fall to them
	part.State, part.Copies = PartRunning, part.Copies+1
	part.DueAt = time.Time{}
	if j.splits() && (!j.Live || part.Copy > 0) { // a session is never late
		part.DueAt = now.Add(max(lateAfter*time.Duration(p.Why.Seconds+p.Why.Fetch)*time.Second, LeaseTime))
	}
	return &Lease{
		ID: id, Job: j.ID, Part: part.Number, Copy: part.Copy, From: part.From, To: part.To, Node: n.ID, Owner: n.Owner, Domain: n.Domain, State: LeaseRunning, Why: p.Why,
		BeganAt: now, ExpiresAt: now.Add(TakeTime), Resumed: part.Step,
	}
}
