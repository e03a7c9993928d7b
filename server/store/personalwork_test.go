package store

import (
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/polls"
)

// told is what an owner is told of a table.
func (f *floor) told(n *compute.Node, of string) (rows []map[string]any) {
	f.t.Helper()
	for table := 0; ; table++ {
		part, err := f.db.Personal().Known(f.t.Context(), n.Owner, table, "", 100)
		f.check(err)
		if part.Table == "" {
			return rows
		}
		if part.Table != of {
			continue
		}
		for _, fields := range part.Rows {
			row := make(map[string]any)
			for _, field := range fields {
				row[field.Name] = field.Value
			}
			rows = append(rows, row)
		}
	}
}

// TestOwnersAreTold: who owns nodes is told of them and of all that they did, but not which work was checked before all are.
func TestOwnersAreTold(t *testing.T) {
	eachFloor(t, func(t *testing.T, plain *floor) {
		f, org := newPaidFloor(t, plain.db)
		a, b := f.newNode(1e9, inNetwork("x")), f.newNode(1e9, inNetwork("y"))
		f.check(f.db.Jobs().PlaceNode(t.Context(), b.ID, "y", compute.Choice{Only: []string{string(org)}}))
		j := f.paidJob(org, 10, 2, 1000)
		one, two := f.part(a), f.part(b)
		f.check(f.deliver(a, one, said(one, 0.9)))
		f.check(f.deliver(b, two, said(two, 0.9)))
		f.work()
		nodes, leases, pay := f.told(b, "nodes"), f.told(b, "leases"), f.told(b, "deliveries")
		if len(nodes) != 1 || nodes[0]["id"] != string(b.ID) || nodes[0]["domain"] != "y" || nodes[0]["choice"] != `{"only":["`+string(org)+`"]}` {
			t.Errorf("of nodes b is told %v", nodes)
		}
		if len(leases) != 1 || leases[0]["id"] != string(two.ID) || leases[0]["copy"] != int64(-1) || leases[0]["why"] != "" || leases[0]["domain"] != "y" {
			t.Errorf("of leases b is told %v", leases)
		}
		if len(pay) != 1 || pay[0]["lease"] != string(two.ID) || pay[0]["state"] != "held" {
			t.Errorf("of pay b is told %v", pay)
		}
		f.now = f.now.Add(holdBack)
		f.work()
		if leases = f.told(b, "leases"); leases[0]["copy"] != int64(1) || !strings.Contains(leases[0]["why"].(string), `"network":"apart"`) || leases[0]["domain"] != "" {
			t.Errorf("of leases of %s, which is settled, b is told %v", j.ID, leases)
		}
		if standing := f.told(b, "node_owners"); len(standing) != 1 || standing[0]["accepted"] != int64(1) {
			t.Errorf("of how they stand b is told %v", standing)
		}
	})
}

// TestOwnersAreErased: nodes go with their owner, with where they were and what they said; what they did stays, and so do others'.
func TestOwnersAreErased(t *testing.T) {
	eachFloor(t, func(t *testing.T, f *floor) {
		org := f.newOrg("A")
		ann, bob := f.newNode(1e6, inNetwork("ann's network")), f.newNode(1e6, inNetwork("bob's network"))
		ended := f.newJob(org, f.draft(org, compute.TrainJob, 0))
		fail := func(n *compute.Node, says string) {
			t.Helper()
			_, err := f.Fail(t.Context(), n, f.part(n).ID, compute.Diverged, says)
			f.check(err)
		}
		fail(bob, "/home/bob/x is full")
		fail(ann, "/home/ann/x is full")
		if j := f.job(ended.ID); j.Problem != "/home/ann/x is full" {
			t.Fatalf("the job ended for %q", j.Problem)
		}
		open := f.newJob(org, f.draft(org, compute.TrainJob, 0))
		l := f.part(ann)
		for range 2 {
			_, err := f.db.Personal().Erase(t.Context(), polls.Erasure{Respondent: ann.Owner, At: f.now}, [65]byte{7}, f.now)
			f.check(err)
		}
		dump := dumpOf(t.Context(), t, f.db)
		for text, want := range map[string]bool{"/home/ann": false, "ann's network": false, ann.Name: false, "/home/bob": true, "bob's network": true, bob.Name: true, string(l.ID): true} {
			if strings.Contains(dump, text) != want {
				t.Errorf("%q is in the database: %t", text, !want)
			}
		}
		if p, err := f.db.Jobs().Part(t.Context(), ended.ID, 0, 0); err != nil || len(p.Failures) != 2 || p.Failures[1].Owner != ann.Owner || p.Failures[1].Message != erasedProblem {
			t.Errorf("the part failed for %+v, %v", p, err)
		}
		if rows := f.told(ann, "nodes"); len(rows) != 0 {
			t.Errorf("nodes are left: %v", rows)
		}
		if rows := f.told(bob, "nodes"); len(rows) != 1 {
			t.Errorf("of bob's nodes are left: %v", rows)
		}

		// What she had runs out, and is another's.
		f.now = f.now.Add(compute.LeaseTime + time.Second)
		f.check(f.DropLeases(t.Context()))
		if got := f.part(bob); got.Job != open.ID || got.Why.Again != "lost" {
			t.Errorf("bob got %+v", got)
		}
	})
}
