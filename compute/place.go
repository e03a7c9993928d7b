package compute

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// Present is who has a node that is here, and the network domain in which the server sees it.
type Present struct {
	Owner  polls.RespondentID
	Domain string // an opaque name; empty: not known, and so of no use as another one
}

// Place says who may do a copy of a part, and from when on. Owners who do or did another copy may not, ever. The zero value lets all
// others at once.
type Place struct {
	Drawn   []polls.RespondentID // who may before others, one after the other; none: all may
	DrawnAt time.Time            // from when on the first of them may, the next DrawnStep later
	ApartAt time.Time            // from when on nodes may that are in the network domain of another copy; zero: at once
}

// How copies are placed.
const (
	// DrawnOwners is how many owners are drawn for a copy. Where there are no more anyway, all may do it.
	DrawnOwners = 3

	// DrawnStep is for how long a copy waits for each owner who was drawn: most that work end a part within a minute, and those that
	// wait ask every half.
	DrawnStep = 40 * time.Second

	// ApartWait is for how long a copy waits for a node in another network domain, where there was one when it was made.
	ApartWait = 10 * time.Minute
)

// PlaceCopy says who may do a copy of a part. taken are those who do or did other copies, waiting is how many copies wait for others,
// this one with them, and here are those who could do the job and are here. apartFor is for how long it waits for a network domain apart:
// ApartWait when there are such; zero, and it does not wait where there are none.
//
// The owners are drawn by rendezvous hashing. The network domains come in the order of their hash with the job's seed, the part and the
// copy; of each domain, one after the other, the owners in the order of theirs. So many owners in one network are drawn no more often
// than one.
//
// Nobody can aim at a copy of a friend's part. The hash of a name cannot be computed by who does not know the seed, which nobody learns
// before the job is settled (its hash is in the log from the start, so the server cannot choose it later either); the server chooses the
// ids of jobs and of owners; and to ask more often, with more nodes, or under more owners of one network changes nothing. Whoever holds
// addresses in k of n networks is drawn first for k of n copies: that they can buy, and nothing else. Who is drawn tells nothing of which
// parts are audited: that is drawn by another hash of the seed.
func (j *Job) PlaceCopy(part, copied, waiting int, taken, here []Present, apartFor time.Duration, now time.Time) (Place, error) {
	others := slices.DeleteFunc(slices.Clone(here), func(p Present) bool {
		return slices.ContainsFunc(taken, func(t Present) bool { return t.Owner == p.Owner })
	})
	shared := func(p Present) bool {
		return p.Domain == "" || slices.ContainsFunc(taken, func(t Present) bool { return t.Domain == p.Domain })
	}
	place := Place{DrawnAt: now}
	if apartFor > 0 || networks(slices.DeleteFunc(slices.Clone(others), shared)) >= waiting {
		others = slices.DeleteFunc(others, shared)
		place.ApartAt = now.Add(cmp.Or(apartFor, ApartWait))
	}
	seed, err := tasknet.Hash("tasknet/copy-draw/v1", map[string]any{"copy": copied, "job": string(j.ID), "part": part, "seed": hex.EncodeToString(j.Terms.Seed[:])})
	if err != nil {
		return Place{}, err
	}
	if place.Drawn = drawn(seed, others, shared); len(place.Drawn) <= DrawnOwners {
		place.Drawn, place.DrawnAt = nil, time.Time{}
		return place, nil
	}
	place.Drawn = place.Drawn[:DrawnOwners]
	return place, nil
}

// network is a domain in a draw.
type network struct {
	shared bool
	weight [32]byte
	first  []candidate // the heaviest of its owners
}

type candidate struct {
	owner  polls.RespondentID
	weight [32]byte
}

func heavier(a, b [32]byte) int { return bytes.Compare(b[:], a[:]) }

// drawn returns the first owners in their order, one more than are drawn where there are so many: the heaviest of each domain, those
// that are not shared before others; then the second of each, and so on.
func drawn(seed [32]byte, list []Present, shared func(Present) bool) (order []polls.RespondentID) {
	weight := func(kind, name string) [32]byte { return sha256.Sum256(append(append(seed[:], kind...), name...)) }
	known := make(map[string]*network)
	var domains []*network
	for _, p := range list {
		d := known[p.Domain]
		if d == nil {
			d = &network{shared: shared(p), weight: weight("domain ", p.Domain)}
			known[p.Domain], domains = d, append(domains, d)
		}
		c := candidate{p.Owner, weight("owner ", string(p.Owner))}
		at, there := slices.BinarySearchFunc(d.first, c, func(a, b candidate) int { return heavier(a.weight, b.weight) })
		if !there && at <= DrawnOwners {
			d.first = slices.Insert(d.first, at, c)
			d.first = d.first[:min(len(d.first), DrawnOwners+1)]
		}
	}
	slices.SortFunc(domains, func(a, b *network) int {
		if a.shared != b.shared {
			return cmp.Compare(number(a.shared), number(b.shared))
		}
		return heavier(a.weight, b.weight)
	})
	for n := range DrawnOwners + 1 {
		for _, d := range domains {
			if n < len(d.first) && len(order) <= DrawnOwners && !slices.Contains(order, d.first[n].owner) { // who is in several comes once
				order = append(order, d.first[n].owner)
			}
		}
	}
	return order
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// networks counts domains.
func networks(list []Present) int {
	seen := make(map[string]bool)
	for _, p := range list {
		seen[p.Domain] = true
	}
	return len(seen)
}

// Could reports whether a node could do a job as far as is known of both before it asks: it has what the job needs, its owner chose it,
// is paid enough and has the stake that it asks for, and its files take it no too long to fetch.
func (n *Node) Could(j *Job, now time.Time) bool {
	c := &n.Capability
	return c.Memory >= j.Needs.Memory && c.Disk >= j.Needs.Disk && (c.GPU != "" || !j.Needs.GPU) && (j.Needs.Trainer == "" || slices.Contains(c.TrainerNames(), j.Needs.Trainer)) &&
		n.isPaid(j) && n.Stake.Cmp(j.Terms.MinStake) >= 0 && n.Choice.Takes(j) && Offer{Node: n}.canFetch(j, now)
}

// isPaid reports whether a job pays what the node's owner asks for an hour, see Capability.MinPrice.
func (n *Node) isPaid(j *Job) bool {
	least := n.Capability.MinPrice
	if !j.splits() {
		return j.Terms.Price.Cmp(least) >= 0
	}
	return float64(j.Terms.Price.Micro())*float64(n.Speed())*time.Hour.Seconds() >= float64(j.Rows)*float64(j.Each)*float64(least.Micro())
}
