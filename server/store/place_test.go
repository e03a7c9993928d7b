package store

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
)

// inNetwork has a node be in a network domain.
func inNetwork(domain string) func(*compute.Node) {
	return func(n *compute.Node) { n.Domain = domain }
}

// could reports which nodes there is work for now.
func (f *floor) could(nodes []*compute.Node) (some []int) {
	f.t.Helper()
	for i, n := range nodes {
		there, err := f.db.Jobs().SomeWork(f.t.Context(), n, f.now)
		f.check(err)
		if there {
			some = append(some, i)
		}
	}
	return some
}

// TestCopiesGoApart: a copy of a part is done in another network than the part where there is one, for a while for nobody else's; the
// record tells how many networks the results came from, and when the job is settled nothing else is left of that.
func TestCopiesGoApart(t *testing.T) {
	eachFloor(t, func(t *testing.T, plain *floor) {
		f, org := newPaidFloor(t, plain.db)
		a, b, c := f.newNode(1e9, inNetwork("x")), f.newNode(1e9, inNetwork("x")), f.newNode(1e9, inNetwork("y"))
		j := f.paidJob(org, 20, 2, 1000)
		networks := func(part int) int {
			t.Helper()
			checks, err := f.db.Work().Checks(t.Context(), j.ID)
			f.check(err)
			return checks[part].Networks
		}
		done := func(n *compute.Node, l *compute.Lease) {
			t.Helper()
			f.check(f.deliver(n, l, said(l, 0.9)))
			f.work()
		}

		one := f.part(a)
		first := f.part(b) // the next part: the copy of a's is not for b
		if one.Part != 0 || first.Part != 1 || first.Copy != 0 {
			t.Fatalf("a and b got %+v, %+v", one, first)
		}
		two := f.part(c)
		if two.Copy != 1 || two.Why.Copy != "open" || two.Why.Network != "apart" {
			t.Fatalf("c got %+v", two)
		}
		done(a, one)
		if l := f.take(a); l != nil {
			t.Fatalf("who is in b's network got the copy of b's part at once: %+v", l)
		}
		done(b, first)
		done(c, two)
		f.want("networks of the first part", int64(networks(two.Part)), 2)

		// Nobody comes from elsewhere: after a while the owner alone must be another.
		f.now = f.now.Add(compute.ApartWait - time.Second)
		if got := f.could([]*compute.Node{a, b, c}); !slices.Equal(got, []int{2}) {
			t.Errorf("before its time the second copy is for %v", got)
		}
		f.now = f.now.Add(time.Second)
		shares, of := a, 1-two.Part
		if of == 0 {
			shares = b
		}
		last := f.part(shares)
		if last.Copy != 1 || last.Why.Network != "shared" {
			t.Fatalf("%s got %+v", shares.Name, last)
		}
		done(shares, last)
		f.want("networks of the second part", int64(networks(of)), 1)
		if j = f.job(j.ID); j.State != compute.JobDone {
			t.Fatalf("the job is %s", j.State)
		}
		kept := func() (some int) {
			leases, _, err := f.db.Jobs().Leases(t.Context(), j.ID, tasknet.Page{})
			f.check(err)
			for _, l := range leases {
				some += len(l.Domain)
			}
			return some
		}
		f.want("domains of leases", int64(kept()), 4)
		f.now = f.now.Add(holdBack)
		f.work()
		f.want("domains of leases of a settled job", int64(kept()), 0)
		f.want("networks of the first part, after", int64(networks(two.Part)), 2)
	})
}

// TestAuditsGoApart: who checks a single part that was drawn in secret is in another network than who did it, where somebody is.
func TestAuditsGoApart(t *testing.T) {
	eachFloor(t, func(t *testing.T, plain *floor) {
		f, org := newPaidFloor(t, plain.db)
		liar, friend, other := f.newNode(1e9, inNetwork("x")), f.newNode(1e9, inNetwork("x")), f.newNode(1e9, inNetwork("y"))
		f.drawn(org, 10, 1000, true)
		l := f.part(liar)
		moved := *liar
		moved.Domain = "z" // where the liar goes afterwards changes nothing
		f.check(f.deliver(&moved, l, said(l, 0.1)))
		if l := f.take(friend); l != nil {
			t.Fatalf("a friend in the same network checks it: %+v", l)
		}
		if audit := f.part(other); audit.Copy != 1 || audit.Why.Network != "apart" {
			t.Errorf("it is checked by %+v", audit)
		}
	})
}

// TestCopiesMustGoApart: where an operator wants it so, a copy waits for another network until the check is given up.
func TestCopiesMustGoApart(t *testing.T) {
	eachFloor(t, func(t *testing.T, plain *floor) {
		plain.apart = true
		f, org := plain, plain.newRichOrg()
		a, b := f.newNode(1e9, inNetwork("x")), f.newNode(1e9, inNetwork("x"))
		j := f.paidJob(org, 10, 2, 1000)
		l := f.part(a)
		f.check(f.deliver(a, l, said(l, 0.9)))
		for _, after := range []time.Duration{0, compute.ApartWait, patience - compute.ApartWait - time.Second} {
			f.now = f.now.Add(after)
			f.work()
			if got := f.could([]*compute.Node{a, b}); got != nil {
				t.Fatalf("a copy is for %v in the same network", got)
			}
		}
		f.now = f.now.Add(time.Second)
		f.work()
		if checks, err := f.db.Work().Checks(t.Context(), j.ID); err != nil || checks[0].State != compute.CheckAlone {
			t.Errorf("the check is %+v, %v", checks[0], err)
		}
	})
}

// TestCopiesAreDrawn: a copy is for the owners who were drawn, one after the other, and then for all; where a node goes meanwhile
// does not help it.
func TestCopiesAreDrawn(t *testing.T) {
	eachFloor(t, func(t *testing.T, plain *floor) {
		f, org := newPaidFloor(t, plain.db)
		holder := f.newNode(1e9, inNetwork("x"))
		var others []*compute.Node
		for i := range 8 {
			others = append(others, f.newNode(1e9, inNetwork(fmt.Sprint("y", i))))
		}
		f.paidJob(org, 10, 2, 1000)
		l := f.part(holder)
		f.check(f.deliver(holder, l, said(l, 0.9)))
		began := f.now
		before := f.could(others)
		if len(before) != 1 {
			t.Fatalf("at first the copy is for %v", before)
		}
		for step := 1; step <= compute.DrawnOwners; step++ {
			f.now = began.Add(time.Duration(step)*compute.DrawnStep - time.Millisecond)
			if got := f.could(others); !slices.Equal(got, before) {
				t.Errorf("before step %d it is for %v, after the one before it was for %v", step, got, before)
			}
			f.now = began.Add(time.Duration(step) * compute.DrawnStep)
			got := f.could(others)
			want := step + 1
			if step == compute.DrawnOwners {
				want = len(others)
			}
			if len(got) != want || slices.ContainsFunc(before, func(i int) bool { return !slices.Contains(got, i) }) {
				t.Errorf("after step %d it is for %v, before it was for %v", step, got, before)
			}
			before = got
		}
		f.now = began
		who := f.could(others)[0]
		moved := *others[(who+1)%len(others)]
		moved.Domain = others[who].Domain
		if there, err := f.db.Jobs().SomeWork(t.Context(), &moved, f.now); err != nil || there {
			t.Errorf("who goes to the network of one who is drawn gets the copy: %t, %v", there, err)
		}
		drawn := f.part(others[who])
		if drawn.Copy != 1 || drawn.Why.Copy != "drawn" || drawn.Why.Network != "apart" {
			t.Errorf("who was drawn got %+v", drawn)
		}
		_, err := f.Fail(t.Context(), others[who], drawn.ID, compute.Stopped, "")
		f.check(err)
		if got := f.could(others); len(got) != len(others) {
			t.Errorf("when it was given back, it is for %v", got)
		}
	})
}

// TestColluders simulates a crowd of owners that want to check each other: they ask all the time, where others ask one time in five. In one
// network they check each other never; each in a network of its own, about as often as they are among the networks. All parts are done all the same.
func TestColluders(t *testing.T) {
	const honest, crowd, parts = 24, 8, 48
	for name, crowdIn := range map[string]func(i int) string{
		"one network": func(int) string { return "crowd" }, "networks of their own": func(i int) string { return fmt.Sprint("crowd ", i) },
	} {
		t.Run(name, func(t *testing.T) {
			if name != "one network" && os.Getenv("TASKNET_TEST_LONG") == "" {
				t.Skip("TASKNET_TEST_LONG is not set")
			}
			eachFloor(t, func(t *testing.T, plain *floor) {
				f, org := newPaidFloor(t, plain.db)
				random := rand.New(rand.NewPCG(3, 9))
				type machine struct {
					*compute.Node
					crowd bool
					lease *compute.Lease
					ends  time.Time
				}
				var machines []*machine
				owners := make(map[string]bool)
				for i := range honest {
					machines = append(machines, &machine{Node: f.newNode(1e9, inNetwork(fmt.Sprint("home ", i)))})
				}
				for i := range crowd {
					m := &machine{Node: f.newNode(1e9, inNetwork(crowdIn(i))), crowd: true}
					owners[string(m.Owner)] = true
					machines = append(machines, m)
				}
				d := f.draft(org, compute.InferJob, parts)
				d.PartRows, d.Replicas, d.Price = 1, 2, tasknet.Micro(10_000)
				j := f.newJob(org, d)
				began := f.now
				for f.job(j.ID).State == compute.JobOpen {
					if f.now.Sub(began) > time.Hour {
						t.Fatal("not done within an hour")
					}
					f.now = f.now.Add(5 * time.Second)
					random.Shuffle(len(machines), func(a, b int) { machines[a], machines[b] = machines[b], machines[a] })
					for _, m := range machines {
						switch {
						case m.lease == nil && (m.crowd || random.IntN(5) == 0):
							if m.lease = f.take(m.Node); m.lease != nil {
								m.ends = f.now.Add(time.Duration(20+random.IntN(40)) * time.Second)
							}
						case m.lease != nil && !f.now.Before(m.ends):
							f.check(f.deliver(m.Node, m.lease, said(m.lease, 0.9)))
							m.lease = nil
						}
					}
					f.work()
				}
				checks, err := f.db.Work().Checks(t.Context(), j.ID)
				f.check(err)
				among, touched, shared := 0, 0, 0
				for _, c := range checks {
					theirs := 0
					for _, r := range c.Results {
						if owners[string(r.Owner)] {
							theirs++
						}
					}
					if theirs > 0 {
						touched++
					}
					if theirs == len(c.Results) {
						among++
					}
					if c.Networks < len(c.Results) {
						shared++
					}
				}
				t.Logf("of %d parts that were done twice, %d by one of the crowd at least, %d by two of it; %d in one network; %s in all", len(checks), touched, among, shared, f.now.Sub(began))
				most := 0
				if !strings.HasPrefix(name, "one") {
					most = parts / 3
				}
				if len(checks) != parts || among > most || shared > 0 || touched == 0 {
					t.Errorf("of %d parts %d were done by two of the crowd, at most %d should, and %d in one network", len(checks), among, most, shared)
				}
			})
		})
	}
}

// TestOpenings: who waits is woken when a copy opens by time to the next owner who was drawn, and when a part opens to who failed at it, and
// not in between.
func TestOpenings(t *testing.T) {
	eachFloor(t, func(t *testing.T, plain *floor) {
		f, org := newPaidFloor(t, plain.db)
		holder := f.newNode(1e9, inNetwork("x"))
		var others []*compute.Node
		for i := range 8 {
			others = append(others, f.newNode(1e9, inNetwork(fmt.Sprint("y", i))))
		}
		f.paidJob(org, 10, 2, 1000)
		l := f.part(holder)
		f.check(f.deliver(holder, l, said(l, 0.9)))
		opened := func(after, until time.Time) bool {
			opened, err := f.db.Jobs().Opened(t.Context(), after, until)
			f.check(err)
			return opened
		}
		began, step := f.now, compute.DrawnStep
		for at := began; at.Before(began.Add(compute.ApartWait + time.Minute)); at = at.Add(step / 4) {
			after := at.Sub(began)
			want := after == step || after == 2*step || after == 3*step || after == compute.ApartWait
			if got := opened(at.Add(-step/4), at); got != want {
				t.Errorf("%v after it was made, it opened: %t", after, got)
			}
		}

		first := f.could(others)
		f.now = began.Add(step)
		second := slices.DeleteFunc(f.could(others), func(i int) bool { return slices.Contains(first, i) })
		f.now = began.Add(step - time.Second)
		_, _, wait, err := f.SeekWork(t.Context(), others[second[0]], nil, nil)
		f.check(err)
		f.check(f.TellOpened(t.Context(), began, f.now))
		f.now = began.Add(step)
		f.check(f.TellOpened(t.Context(), f.now.Add(-time.Second), f.now))
		if !wait.Next(nil) {
			t.Fatal("who is drawn second is not woken when the copy opens to them")
		}
		l, _, err = wait.Look(t.Context())
		if f.check(err); l == nil || l.Copy != 1 || l.Why.Copy != "drawn" {
			t.Fatalf("they get %+v", l)
		}
		_, err = f.Fail(t.Context(), others[second[0]], l.ID, compute.Resources, "no")
		f.check(err)
		failed := f.now
		parts, err := f.db.Work().CopiesOf(t.Context(), l.Job, l.Part)
		f.check(err)
		again := parts[1].NextAt
		if opened(failed, again.Add(-time.Second)) || !opened(failed, again) || opened(again, again.Add(time.Second)) {
			t.Errorf("a part that failed does not open again after %v, or at other times", again.Sub(failed))
		}
	})
}
