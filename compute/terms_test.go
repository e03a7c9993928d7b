package compute_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/polls"
)

const testInstance = "5bd0a5c1e3f2476d8899aabbccddeeff00112233445566778899aabbccddeeff"

// TestComputeVector: jobs and receipts are hashed as the shared vectors say.
func TestComputeVector(t *testing.T) {
	raw, err := os.ReadFile("../testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Compute struct {
			JobLeaf   string `json:"job_leaf"`
			Digest    string `json:"receipt_digest"`
			Signature string `json:"signature"`
			Record    string `json:"record_leaf"`
		} `json:"compute"`
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	want := all.Compute
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{13}, 32))
	h, err := hex.DecodeString(testInstance)
	if err != nil {
		t.Fatal(err)
	}
	hash := [32]byte(h)
	at := func(ms int64) time.Time { return time.UnixMilli(1_795_262_400_000 + ms) }
	j := &compute.Job{
		ID: "job_06gzyx07y42bpy28rk7sej8mgr", Org: "org_06gzyx07y42bpy28rk7sej8mgr", Kind: compute.InferJob, Hash: hash, Rows: 100, CreatedAt: at(123),
		Terms: compute.Terms{Price: tasknet.Micro(1_000_000), Fee: tasknet.Micro(150_000), Replicas: 1, AuditPPM: 50_000, Seed: hash},
	}
	r := &compute.Receipt{
		Lease: "lse_06gzyx07y42bpy28rk7sej8mgr", Job: j.ID, Part: 3, Work: hash, Code: "1.0", Trainer: "gomlx", Class: "amd64", Began: at(200), Ended: at(300),
		Outputs: []compute.JobFile{{Role: compute.PredictionsRole, Artefact: "art_" + testInstance, Bytes: 7}},
	}
	if err := r.Sign(testInstance, key); err != nil {
		t.Fatal(err)
	}
	d := &compute.Delivery{Lease: r.Lease, From: 30, To: 40, Key: polls.DeviceKey(key.Public().(ed25519.PublicKey)), Owner: "rsp_06gzyx07y42bpy28rk7sej8mgr", Receipt: r, At: at(400)}
	for _, v := range []struct {
		name string
		make func(string) ([32]byte, error)
		want string
	}{{"job", j.Leaf, want.JobLeaf}, {"receipt", r.Digest, want.Digest}, {"record", d.Leaf, want.Record}} {
		if got, err := v.make(testInstance); err != nil || hex.EncodeToString(got[:]) != v.want {
			t.Errorf("%s: %x, want %s, %v", v.name, got, v.want, err)
		}
	}
	if got := hex.EncodeToString(r.Signature[:]); got != want.Signature {
		t.Errorf("signature %s, want %s", got, want.Signature)
	}
}

// TestSharePay: the shares of all rows sum to the whole, however they are cut.
func TestSharePay(t *testing.T) {
	for _, price := range []int64{0, 1, 999, 1_000_000_000_000} {
		j := compute.Job{Rows: 997, Terms: compute.Terms{Price: tasknet.Micro(price), Fee: tasknet.Micro(price / 7)}}
		var pay, fee tasknet.Amount
		for from, step := 0, 1; from < j.Rows; step++ {
			to := min(from+step, j.Rows)
			p, f := j.SharePay(from, to)
			if p.Sign() < 0 || f.Sign() < 0 {
				t.Fatalf("rows %d to %d of %d cost %s and %s", from, to, price, p, f)
			}
			pay, fee, from = pay.Add(p), fee.Add(f), to
		}
		if pay != j.Terms.Price || fee != j.Terms.Fee {
			t.Errorf("the shares of %d sum to %s and %s", price, pay, fee)
		}
	}
}

// TestAudited: the draw is about as often as the terms say, and follows from the seed.
// TestStakedLeaf: what a job asks to be staked is in its leaf, and the leaf of one that asks for nothing is as it was.
func TestStakedLeaf(t *testing.T) {
	j := &compute.Job{
		ID: "job_06gzyx07y42bpy28rk7sej8mgr", Org: "org_06gzyx07y42bpy28rk7sej8mgr", Kind: compute.InferJob, Rows: 100, CreatedAt: time.UnixMilli(5),
		Terms: compute.Terms{Price: tasknet.Micro(1_000_000), Replicas: 2, MinStake: tasknet.Micro(2_500_000)},
	}
	seed, err := j.Terms.SeedHash(j.ID)
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]any{
		"at_ms": 5, "audit_ppm": 0, "fee": "0", "instance": testInstance, "job": string(j.ID), "kind": "infer", "min_stake": "2.5", "org": string(j.Org), "price": "1", "replicas": 2, "rows": 100,
		"seed": hex.EncodeToString(seed[:]), "work": strings.Repeat("0", 64),
	}
	for stake, tag := range map[int64]string{2_500_000: "tasknet/compute-job/v3", 0: "tasknet/compute-job/v1"} {
		if j.Terms.MinStake = tasknet.Micro(stake); stake == 0 {
			delete(said, "min_stake")
		} else {
			said["min_stake"] = "2.5"
		}
		want, err := tasknet.Hash(tag, said)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := j.Leaf(testInstance); err != nil || got != want {
			t.Errorf("with a stake of %d the leaf is %x, want %x, %v", stake, got, want, err)
		}
	}
}

func TestAudited(t *testing.T) {
	terms := compute.Terms{AuditPPM: compute.AuditMost, Seed: [32]byte{1}}
	other := compute.Terms{AuditPPM: compute.AuditMost, Seed: [32]byte{2}}
	n, both := 0, 0
	for part := range 20_000 {
		a, err := terms.Audited("job_a", part)
		if err != nil {
			t.Fatal(err)
		}
		b, err := other.Audited("job_a", part)
		if err != nil {
			t.Fatal(err)
		}
		if a {
			n++
		}
		if a && b {
			both++
		}
	}
	if n < 900 || n > 1100 || both > 100 {
		t.Errorf("%d of 20000 parts are audited, %d of them by another seed too", n, both)
	}
}

func predictionsOf(yes ...float64) string {
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

// TestCompare: what machines round differently is alike, also where it decides about a label; anything else is not.
func TestCompare(t *testing.T) {
	infer := &compute.Work{Kind: compute.InferJob, Model: &compute.Spec{Classes: []string{"yes", "no"}}}
	evaluate := &compute.Work{Kind: compute.EvaluateJob, Model: infer.Model}
	metrics := func(examples int, accuracy, loss float64, confusion string) string {
		return fmt.Sprintf(`{"examples":%d,"accuracy":%v,"log_loss":%v,"confusion":%s}`, examples, accuracy, loss, confusion)
	}
	base := predictionsOf(0.9, 0.2, 0.5001)
	for name, c := range map[string]struct {
		work *compute.Work
		a, b string
		want compute.Likeness
	}{
		"equal":                    {infer, base, base, compute.Alike},
		"rounded":                  {infer, base, predictionsOf(0.900009, 0.199998, 0.500090), compute.Alike},
		"rounded over a near tie":  {infer, base, predictionsOf(0.9, 0.2, 0.4999), compute.Alike},
		"another answer":           {infer, base, predictionsOf(0.9, 0.8, 0.5001), compute.Unlike},
		"a little more":            {infer, base, predictionsOf(0.9, 0.2015, 0.5001), compute.Unlike},
		"of other tasks":           {infer, base, strings.ReplaceAll(base, `"key":"1"`, `"key":"7"`), compute.Unlike},
		"shorter":                  {infer, base, predictionsOf(0.9, 0.2), compute.Unlike},
		"equal metrics":            {evaluate, metrics(1000, 0.9, 0.3, `[[450,50],[50,450]]`), metrics(1000, 0.9, 0.3, `[[450,50],[50,450]]`), compute.Alike},
		"metrics, a near tie":      {evaluate, metrics(1000, 0.9, 0.3, `[[450,50],[50,450]]`), metrics(1000, 0.901, 0.30001, `[[451,49],[50,450]]`), compute.Alike},
		"better than it is":        {evaluate, metrics(1000, 0.9, 0.3, `[[450,50],[50,450]]`), metrics(1000, 0.95, 0.3, `[[475,25],[25,475]]`), compute.Unlike},
		"another loss":             {evaluate, metrics(1000, 0.9, 0.3, `[[450,50],[50,450]]`), metrics(1000, 0.9, 0.29, `[[450,50],[50,450]]`), compute.Unlike},
		"of other labels":          {evaluate, metrics(1000, 0.9, 0.3, `[[450,50],[50,450]]`), metrics(1000, 0.9, 0.3, `[[500,0],[100,400]]`), compute.Unlike},
		"of fewer examples":        {evaluate, metrics(1000, 0.9, 0.3, `[[450,50],[50,450]]`), metrics(100, 0.9, 0.3, `[[45,5],[5,45]]`), compute.Unlike},
		"without a confusion":      {evaluate, metrics(1000, 0.9, 0.3, `[[450,50],[50,450]]`), metrics(1000, 0.9, 0.3, `[]`), compute.Unlike},
		"metrics of two confusion": {evaluate, metrics(1000, 0.9, 0.3, `[[450,50],[50,450]]`), metrics(1000, 0.9, 0.3, `[[450],[50,450]]`), compute.Unlike},
	} {
		got, err := c.work.Compare(strings.NewReader(c.a), strings.NewReader(c.b))
		if err != nil || got != c.want {
			t.Errorf("%s: %v, want %v, %v", name, got, c.want, err)
		}
		if back, err := c.work.Compare(strings.NewReader(c.b), strings.NewReader(c.a)); err != nil || back != got {
			t.Errorf("%s: %v the other way round, %v", name, back, err)
		}
	}
}

// TestLikeFiles: models are alike when they are equal to the bit, and nobody is refuted when they are not; of what has no tolerance,
// such as programs whose outputs are exact, anything but equal bytes is another result.
func TestLikeFiles(t *testing.T) {
	files := func(weights string) []compute.JobFile {
		return []compute.JobFile{{Role: compute.SpecRole, Artefact: "art_s"}, {Role: compute.WeightsRole, Artefact: compute.ArtefactID(weights)}, {Role: compute.CardRole, Artefact: compute.ArtefactID("card of " + weights)}}
	}
	train := &compute.Work{Kind: compute.TrainJob}
	if train.LikeFiles(files("a"), files("a")) != compute.Alike || train.LikeFiles(files("a"), files("b")) != compute.Unknown {
		t.Error("models are not compared by their weights")
	}
	made := func(output string) []compute.JobFile {
		return []compute.JobFile{{Role: compute.OutputRole, Artefact: compute.ArtefactID(output)}}
	}
	program := &compute.Work{Kind: compute.CustomJob}
	if program.LikeFiles(made("a"), made("a")) != compute.Alike || program.LikeFiles(made("a"), made("b")) != compute.Unlike {
		t.Error("programs are not compared by every bit")
	}
	said := func(predictions string) []compute.JobFile {
		return []compute.JobFile{{Role: compute.PredictionsRole, Artefact: compute.ArtefactID(predictions)}}
	}
	infer := &compute.Work{Kind: compute.InferJob}
	if infer.LikeFiles(said("a"), said("a")) != compute.Alike || infer.LikeFiles(said("a"), said("b")) != compute.Unknown {
		t.Error("predictions that differ are not looked into")
	}
}

// TestJudge: who is refuted is so by three who agree; where results differ others are asked, up to a bound.
func TestJudge(t *testing.T) {
	for _, c := range []struct {
		results string // one letter for each owner: equal letters agree
		more    bool
		state   compute.CheckState
		groups  string
	}{
		{"a", false, compute.CheckAlone, "0"},
		{"aa", false, compute.CheckAgreed, "00"},
		{"ab", true, compute.CheckOpen, ""},
		{"aaa", false, compute.CheckAgreed, "000"},
		{"aba", true, compute.CheckOpen, ""},
		{"abaa", false, compute.CheckAgreed, "0100"},
		{"abbb", false, compute.CheckAgreed, "1000"},
		{"abcc", true, compute.CheckOpen, ""},
		{"abccc", false, compute.CheckAgreed, "12000"},
		{"aabb", true, compute.CheckOpen, ""},
		{"aabbc", false, compute.CheckUndecided, "00112"},
		{"abcde", false, compute.CheckUndecided, "01234"},
		{"??", false, compute.CheckUnknown, "00"},
	} {
		var results []*compute.Delivery
		for i := range c.results {
			results = append(results, &compute.Delivery{Lease: compute.LeaseID(fmt.Sprint("lse_", i)), Owner: polls.RespondentID(fmt.Sprint("rsp_", i)), Receipt: &compute.Receipt{}})
		}
		k := &compute.Check{State: compute.CheckOpen}
		more, err := k.Judge(results, func(a, b int) (compute.Likeness, error) {
			switch c.results[a] {
			case '?':
				return compute.Unknown, nil
			case c.results[b]:
				return compute.Alike, nil
			}
			return compute.Unlike, nil
		}, time.Now())
		groups := ""
		for _, r := range k.Results {
			groups += fmt.Sprint(r.Group)
		}
		if err != nil || more != c.more || k.State != c.state || groups != c.groups {
			t.Errorf("%s: more %t, %s, groups %s; want %t, %s, %s; %v", c.results, more, k.State, groups, c.more, c.state, c.groups, err)
		}
	}
}
