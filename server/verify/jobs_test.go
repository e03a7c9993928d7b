package verify_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/labeling"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/verify"
	"github.com/tasknet/tasknet/server/wire"
)

// jobs has nodes do a job that is paid and checked, of which one result is refuted, and one that is not paid; and one is cancelled
// before anybody has done it.
func (b *builder) jobs() {
	b.t.Helper()
	b.job(compute.Terms{Price: tasknet.Micro(6007), Fee: tasknet.Micro(901), Replicas: 2, Seed: [32]byte{0x5e}}, 4, 0, 1, 2)
	b.job(compute.Terms{Replicas: 1, Seed: [32]byte{0x5f}}, 3)
	b.job(compute.Terms{Price: tasknet.Micro(1009), Fee: tasknet.Micro(151), Replicas: 2, Seed: [32]byte{0x60}})
}

// job has people's nodes do the only part of a job. Where there are several, the first is refuted by the others.
func (b *builder) job(terms compute.Terms, nodes ...int) {
	b.t.Helper()
	j := &compute.Job{ID: compute.JobID(tasknet.NewID(compute.JobPrefix, b.tick())), Org: alice, Kind: compute.InferJob, Hash: [32]byte{0x0b}, Rows: 10, CreatedAt: b.at, Terms: terms}
	bill := rewards.Bill{Org: alice, Cause: string(j.ID)}
	var err error
	bill.Hold, err = j.Hold()
	b.check(err)
	if !bill.Hold.IsZero() {
		b.post(rewards.Hold(alice, bill.Cause, bill.Hold, b.at))
	}
	w := wire.JobRecord{
		ID: string(j.ID), Org: alice, Kind: string(j.Kind), Work: hex.EncodeToString(j.Hash[:]), Rows: j.Rows, Price: terms.Price, Fee: terms.Fee, Replicas: terms.Replicas,
		Seed: hex.EncodeToString(terms.Seed[:]), CreatedAt: j.CreatedAt.UnixMilli(), Receipts: []wire.ReceiptRecord{}, Checks: []wire.JobCheck{},
	}
	check := compute.Check{Job: j.ID, State: compute.CheckAgreed}
	for i, node := range nodes {
		h := b.people[node]
		r := &compute.Receipt{
			Lease: compute.LeaseID(tasknet.NewID(compute.LeasePrefix, b.tick())), Job: j.ID, Work: j.Hash, Code: "test", Trainer: "gomlx", Class: "amd64", Began: b.at, Ended: b.at,
			Outputs: []compute.JobFile{{Role: compute.PredictionsRole, Artefact: compute.ArtefactID(fmt.Sprintf("art_%d", i)), Bytes: 7 + int64(i)}},
		}
		b.check(r.Sign(b.r.Instance.Instance, h.keys.Device))
		out := wire.ReceiptRecord{
			WorkReceipt: wire.WorkReceipt{
				Lease: string(r.Lease), Job: string(j.ID), Work: w.Work, Code: r.Code, Trainer: r.Trainer, Class: r.Class, Began: r.Began.UnixMilli(), Ended: r.Ended.UnixMilli(),
				Outputs:   []wire.JobFile{{Role: string(r.Outputs[0].Role), Artefact: string(r.Outputs[0].Artefact), Bytes: r.Outputs[0].Bytes}},
				Signature: hex.EncodeToString(r.Signature[:]),
			},
			Copy: i, To: j.Rows, Owner: h.id, At: b.tick().UnixMilli(), State: string(compute.PayPaid), Delegation: wireDelegation(h.delegation),
		}
		group := 0
		if len(nodes) > 1 && i == 0 {
			group, out.State, out.Why = 1, string(compute.PayRefused), string(compute.Refuted)
		} else {
			pay, fee := j.SharePay(0, j.Rows)
			bill.Pays, bill.Fee = append(bill.Pays, rewards.Pay{Payee: h.id, Amount: pay}), bill.Fee.Add(fee)
		}
		check.Results = append(check.Results, compute.CheckResult{Lease: r.Lease, Owner: polls.RespondentID(h.id), Group: group, Outputs: r.Outputs})
		w.Receipts = append(w.Receipts, out)
	}
	if terms.Replicas > 1 {
		if len(nodes) == 0 {
			check.State = compute.CheckAlone
		}
		evidence, err := check.Evidence(b.r.Instance.Instance)
		b.check(err)
		c := wire.JobCheck{State: string(check.State), Evidence: hex.EncodeToString(evidence[:])}
		for _, r := range check.Results {
			c.Results = append(c.Results, wire.CheckResult{Lease: string(r.Lease), Group: r.Group})
		}
		w.Checks = append(w.Checks, c)
	}
	w.SettledAt = wire.At(b.tick())
	if !bill.Hold.IsZero() {
		s, err := rewards.SettleWork(bill, b.at)
		b.check(err)
		b.post(s.Transaction)
		b.spent[alice] = b.spent[alice].Add(s.Paid).Add(s.Fee)
	}
	b.r.Jobs = append(b.r.Jobs, w)
}

// model has a model help with a question.
func (b *builder) model() {
	b.t.Helper()
	steps := []labeling.Step{{From: 0, Golds: 64, Missed: 30, Times: 40, Wrong: 18}, {From: 1000, Golds: 63, Missed: 20, Times: 60, Wrong: 4}}
	known := labeling.Witness{Choices: len(choices), Calibration: labeling.Calibration{Golds: 64, Steps: steps}}
	for range 6 {
		known.Counts = append(known.Counts, []int{9000, 500, 300, 200, 7000, 100, 50, 900, 8000})
	}
	learned, err := labeling.NewWitness(known)
	b.check(err)
	seed := strings.Repeat("5a", 32)
	w, err := labeling.NewWitnessSnapshot(labeling.WitnessSnapshot{
		Project: project, Version: 1, Skills: b.snapshot, Model: labeling.HelpModel{Weights: "art_1", Data: "art_2", Job: "job_1", Receipt: seed}, Audits: seed, Share: 50_000, At: b.tick(), Known: learned,
	})
	b.check(err)
	out := wire.Witness{
		Hash: w.Hash, At: wire.At(w.At), Project: project, Version: w.Version, Skills: w.Skills, Model: wire.WitnessModel(w.Model), Audits: w.Audits, AuditPPM: w.Share, Choices: len(choices),
		Counts: learned.Counts, Golds: learned.Calibration.Golds,
	}
	for _, step := range steps {
		out.Steps = append(out.Steps, wire.Step(step))
	}
	b.r.Witnesses = map[string]wire.Witness{w.Hash: out}

	helped, err := b.snapshots[b.snapshot].HelpedBy(w)
	b.check(err)
	opinion := labeling.Opinion{20_000, 30_000, 950_000}
	b.snapshots[w.Hash] = helped.Hearing(opinion)
	before := b.project
	b.project = project
	a := b.ask(alice, "confidence:0.9", 2, 6, nil)
	a.skills = w.Hash
	a.answer(0, 2, 1).answer(2, 2, 0).close(labeling.Quorum)
	b.r.Questions[len(b.r.Questions)-1].Verdict.Model = wire.NewModelWord(w.Hash, opinion)
	b.project = before
}

// TestWorkFlips changes one thing at a time that the records say of jobs and of models that helped. Each must be seen. What stands in
// lists of jobs is left out, and said twice; of all else it is a sixteenth, all of it in the long form.
func TestWorkFlips(t *testing.T) {
	good, _, _ := loggedAs(t, buildWith(t, labeling.General(len(choices)), (*builder).jobs, (*builder).model))
	report, err := good.verify(t)
	if err != nil || report.Jobs != 3 || report.Receipts != 5 {
		t.Fatalf("%+v, %v", report, err)
	}
	raw, err := json.Marshal(good.records)
	if err != nil {
		t.Fatal(err)
	}
	places := func() (tree map[string]any, all []leaf) {
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		if err := d.Decode(&tree); err != nil {
			t.Fatal(err)
		}
		all = slices.DeleteFunc(leaves("", "", any(tree), nil), func(p leaf) bool {
			unproven := strings.HasPrefix(p.path, ".Jobs[2].checks") || p.path == ".Jobs[1].settled_at" // nothing was compared, and no money moved then
			return unproven || !strings.HasPrefix(p.path, ".Jobs") && !strings.HasPrefix(p.path, ".Witnesses") && !strings.Contains(p.path, ".model")
		})
		slices.SortFunc(all, func(a, b leaf) int { return strings.Compare(a.path, b.path) })
		return tree, all
	}
	seen := func(tree map[string]any, what string) {
		t.Helper()
		changed, err := json.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		r := new(records)
		if err := json.Unmarshal(changed, r); err != nil {
			return // the API's own types refuse it
		}
		_, err = logged{r, good.files}.verify(t)
		if _, ok := errors.AsType[*verify.Mismatch](err); !ok {
			t.Errorf("%s was not seen: %v", what, err)
		}
	}
	random := rand.New(rand.NewPCG(20261123, 1))
	_, all := places()
	for i := range all {
		listed := all[i].value == nil && strings.HasPrefix(all[i].path, ".Jobs")
		if !listed && os.Getenv(longTests) == "" && random.IntN(16) > 0 {
			continue
		}
		if tree, all := places(); !listed {
			seen(tree, all[i].path+": "+flip(all[i], random))
			continue
		}
		tree, twice := places()
		twice[i].twice()
		seen(tree, all[i].path+": saying it twice")
		if strings.HasPrefix(all[i].path, ".Jobs[1]") { // nothing else tells of a job that is not paid
			continue
		}
		tree, without := places()
		without[i].drop()
		seen(tree, all[i].path+": leaving it out")
	}
}

// TestSettledTooEarly: a job that is not paid moves no money when it is settled, but is not settled before its work came.
func TestSettledTooEarly(t *testing.T) {
	r, _, _ := loggedAs(t, buildWith(t, labeling.General(len(choices)), (*builder).jobs))
	free := &r.Jobs[1]
	came := time.UnixMilli(free.Receipts[len(free.Receipts)-1].At)
	free.SettledAt = wire.At(came.Add(-time.Minute))
	if _, err := r.verify(t); err != nil {
		t.Errorf("by a clock that is a minute behind: %v", err)
	}
	free.SettledAt = wire.At(came.Add(-time.Minute - time.Millisecond))
	_, err := r.verify(t)
	if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.ID != free.ID || m.Field != "settled_at" {
		t.Errorf("before its work came: %v", err)
	}
}
