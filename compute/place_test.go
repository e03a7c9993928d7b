package compute_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/polls"
)

func TestPlaceCopy(t *testing.T) {
	now := time.Unix(1e9, 0)
	j := &compute.Job{ID: "job_1", Terms: compute.Terms{Seed: [32]byte{1}}}
	at := func(owner, domain string) compute.Present {
		return compute.Present{Owner: polls.RespondentID(owner), Domain: domain}
	}
	place := func(waiting int, taken, here []compute.Present, apartFor time.Duration) compute.Place {
		t.Helper()
		p, err := j.PlaceCopy(0, 1, waiting, taken, here, apartFor, now)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	taken := []compute.Present{at("a", "x")}
	apart := now.Add(compute.ApartWait)
	for _, c := range []struct {
		name     string
		waiting  int
		here     []compute.Present
		apartFor time.Duration
		want     time.Time
	}{
		{"nobody is here", 1, nil, 0, time.Time{}},
		{"others are in the same network", 1, []compute.Present{at("a", "y"), at("b", "x")}, 0, time.Time{}},
		{"of others it is not known", 1, []compute.Present{at("b", "x"), at("c", "")}, 0, time.Time{}},
		{"one is in another", 1, []compute.Present{at("b", "x"), at("c", "y")}, 0, apart},
		{"two copies wait, for one network", 2, []compute.Present{at("c", "y"), at("d", "y")}, 0, time.Time{}},
		{"two copies wait, for two", 2, []compute.Present{at("c", "y"), at("d", "z")}, 0, apart},
		{"it must be another, and there is none", 1, []compute.Present{at("b", "x")}, time.Hour, now.Add(time.Hour)},
	} {
		if p := place(c.waiting, taken, c.here, c.apartFor); !p.ApartAt.Equal(c.want) || p.Drawn != nil || !p.DrawnAt.IsZero() {
			t.Errorf("%s: %+v", c.name, p)
		}
	}

	// Many: three are drawn, of three networks, none of which is a holder's.
	var here []compute.Present
	for i := range 40 {
		here = append(here, at(fmt.Sprint("owner ", i), fmt.Sprint("network ", i/4)))
	}
	taken = []compute.Present{here[0], at("gone", "network 7")}
	first := place(1, taken, here, 0)
	if len(first.Drawn) != compute.DrawnOwners || !first.DrawnAt.Equal(now) {
		t.Fatalf("drawn are %+v", first)
	}
	networks := make(map[string]bool)
	for _, owner := range first.Drawn {
		i := slices.IndexFunc(here, func(p compute.Present) bool { return p.Owner == owner })
		if domain := here[i].Domain; domain == "network 0" || domain == "network 7" || networks[domain] {
			t.Errorf("%s of %s is drawn", owner, domain)
		}
		networks[here[i].Domain] = true
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(here), func(a, b int) { here[a], here[b] = here[b], here[a] })
	if again := place(1, taken, append(here, here...), 0); !slices.Equal(again.Drawn, first.Drawn) {
		t.Errorf("in another order %v are drawn, and not %v", again.Drawn, first.Drawn)
	}
	j.Terms.Seed[0] = 2
	if other := place(1, taken, here, 0); slices.Equal(other.Drawn, first.Drawn) {
		t.Errorf("another seed draws %v, too", other.Drawn)
	}

	// One network alone: those drawn are of it, and so are others.
	for i := range here {
		here[i].Domain = "network"
	}
	if p := place(1, []compute.Present{at("a", "network")}, here, 0); len(p.Drawn) != compute.DrawnOwners || !p.ApartAt.IsZero() {
		t.Errorf("in one network: %+v", p)
	}
}

// TestDrawnByNetwork: of who is drawn first each network has its share, and within one each owner; how many owners or nodes one has
// changes nothing.
func TestDrawnByNetwork(t *testing.T) {
	const networks, crowd, copies = 10, 200, 3000
	var here []compute.Present
	for i := range networks - 1 {
		here = append(here, compute.Present{Owner: polls.RespondentID(fmt.Sprint("honest ", i)), Domain: fmt.Sprint("network ", i)})
	}
	for i := range crowd {
		here = append(here, compute.Present{Owner: polls.RespondentID(fmt.Sprint("crowd ", i)), Domain: "crowd's"}, compute.Present{Owner: "crowd 0", Domain: "crowd's"})
	}
	j := &compute.Job{ID: "job_1", Terms: compute.Terms{Seed: [32]byte{7}}}
	first := make(map[polls.RespondentID]int)
	byCrowd, most := 0, 0
	for part := range copies {
		p, err := j.PlaceCopy(part, 1, 1, []compute.Present{{Owner: "another", Domain: "elsewhere"}}, here, 0, time.Unix(1e9, 0))
		if err != nil {
			t.Fatal(err)
		}
		owner := p.Drawn[0]
		if first[owner]++; owner[0] == 'c' {
			byCrowd++
			most = max(most, first[owner])
		}
	}
	if byCrowd < copies/networks*3/4 || byCrowd > copies/networks*5/4 || most > 15 {
		t.Errorf("of %d copies %d owners in one of %d networks are drawn first for %d, one of them for %d", copies, crowd, networks, byCrowd, most)
	}
	for i := range networks - 1 {
		if n := first[polls.RespondentID(fmt.Sprint("honest ", i))]; n < copies/networks*3/4 || n > copies/networks*5/4 {
			t.Errorf("who is alone in one of %d networks is drawn first for %d of %d copies", networks, n, copies)
		}
	}
}

// TestCould: only who has what a job needs, chose it, and has the stake that it asks for, is drawn for it.
func TestCould(t *testing.T) {
	now := time.Unix(1e9, 0)
	j := &compute.Job{ID: "job_1", Org: "org_1", Kind: compute.InferJob, Rows: 3600, Each: 1, Needs: compute.Needs{Memory: 100}, Terms: compute.Terms{Price: tasknet.Micro(10), MinStake: tasknet.Micro(50)}}
	for _, c := range []struct {
		node compute.Node
		want bool
	}{
		{compute.Node{Capability: compute.Capability{Memory: 100}, Stake: tasknet.Micro(50)}, true},
		{compute.Node{Capability: compute.Capability{Memory: 99}, Stake: tasknet.Micro(50)}, false},
		{compute.Node{Capability: compute.Capability{Memory: 100}, Stake: tasknet.Micro(49)}, false},
		{compute.Node{Capability: compute.Capability{Memory: 100}, Stake: tasknet.Micro(50), Choice: compute.Choice{Not: []string{"org_1"}}}, false},
		{compute.Node{Capability: compute.Capability{Memory: 100, MinPrice: tasknet.Micro(10)}, Stake: tasknet.Micro(50), Rate: 1}, true},
		{compute.Node{Capability: compute.Capability{Memory: 100, MinPrice: tasknet.Micro(11)}, Stake: tasknet.Micro(50), Rate: 1}, false},
	} {
		if got := c.node.Could(j, now); got != c.want {
			t.Errorf("%+v: %t", c.node, got)
		}
	}
}
