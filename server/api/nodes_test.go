package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/server/cache"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

var testCapability = wire.Capability{Class: "test", Cores: 1, Memory: 1 << 30, Disk: 1 << 30, Trainers: []string{"gomlx"}, Slots: 1, Version: "test"}

// machine is a node with the token that it asks by.
type machine struct {
	*client.Node
	token string
}

func (m machine) take(ctx context.Context, wait int) (*wire.WorkLease, error) {
	got, err := m.TakeWork(ctx, wire.TakeWork{Wait: wait})
	return got.Lease, err
}

func (w *world) machine() machine {
	w.t.Helper()
	keys, err := client.NewKeys()
	w.must(err)
	n, err := w.client.Node(w.t.Context(), keys)
	w.must(err)
	_, err = n.Join(w.t.Context(), "a node", testCapability)
	w.must(err)
	r, err := w.client.Respondent(w.t.Context(), keys)
	w.must(err)
	return machine{n, w.token(r)}
}

// refused checks that a request was refused for a reason.
func (w *world) refused(r reply, code string) {
	w.t.Helper()
	var p wire.Problem
	if err := json.Unmarshal([]byte(r.body), &p); err != nil || p.Code != code {
		w.t.Errorf("status %d, want %s: %.300s", r.status, code, r.body)
	}
}

func training(data string) string {
	return fmt.Sprintf(`{"title": "A job", "kind": "train", "model": {"input": {"kind": "words", "buckets": 64}, "layers": [{"type": "dense", "units": 8}], "classes": ["a", "b"]},
		"inputs": [{"role": "data", "artefact": %q, "name": "rows.jsonl"}]}`, data)
}

func (w *world) newJob(body string) wire.Job {
	w.t.Helper()
	return read[wire.Job](w, w.as(w.key, http.MethodPost, "/v1/jobs", body), http.StatusCreated)
}

func TestJoin(t *testing.T) {
	w := newWorld(t)
	r, other := w.person(), w.person()
	token := w.token(r)
	challenge := read[wire.NodeChallenge](w, w.as(token, http.MethodPost, "/v1/nodes/challenge", ""), http.StatusOK)
	seed, err := hex.DecodeString(challenge.Seed)
	w.must(err)
	product := compute.Bench([32]byte(seed), 1)
	join := func(token string, product []byte, has wire.Capability) reply {
		body, err := json.Marshal(wire.NewNode{Name: "a node", Capability: has, Challenge: challenge.Challenge, Product: product})
		w.must(err)
		return w.as(token, http.MethodPost, "/v1/nodes", string(body))
	}
	w.refused(w.as(token, http.MethodPost, "/v1/work", `{}`), "no_node")
	wrong := append([]byte(nil), product...)
	wrong[100] ^= 1
	w.refused(join(token, wrong, testCapability), "bad_product")
	w.refused(join(w.token(other), product, testCapability), "bad_benchmark")
	boasts := testCapability
	boasts.GPUMemory = 1 << 40 // of no GPU
	w.refused(join(token, product, boasts), "bad_node")
	n := read[wire.Node](w, join(token, product, testCapability), http.StatusCreated)
	if n.Rate <= 0 || n.Rate > 100e9 {
		t.Errorf("the node proved %d operations a second", n.Rate)
	}
	again := read[wire.Node](w, join(token, product, testCapability), http.StatusCreated)
	if again.ID != n.ID {
		t.Errorf("the same device joined as %s and as %s", n.ID, again.ID)
	}
	w.ahead.Add(int64(3 * time.Minute))
	w.refused(join(token, product, testCapability), "bad_benchmark")
	if mine := read[wire.Nodes](w, w.as(token, http.MethodGet, "/v1/me/nodes", ""), http.StatusOK); len(mine.Nodes) != 1 || mine.Nodes[0].ID != n.ID {
		t.Errorf("my nodes are %+v", mine.Nodes)
	}
	w.refused(w.as(w.token(other), http.MethodDelete, "/v1/me/nodes/"+n.ID, ""), "no_node")
	w.as(token, http.MethodDelete, "/v1/me/nodes/"+n.ID, "")
	w.refused(w.as(token, http.MethodPost, "/v1/work", `{}`), "no_node")
}

func TestJobsThatMakeNoSense(t *testing.T) {
	w := newWorld(t)
	data := w.uploadArtefact(w.key, []byte("some rows")).ID
	stranger, err := w.server.Pipeline.NewOrg(t.Context(), "Stranger")
	w.must(err)
	theirs := w.newKey(stranger)
	partial := w.newArtefact(w.key, []byte("some more rows")).ID
	send := func(secret, body string) reply { return w.as(secret, http.MethodPost, "/v1/jobs", body) }
	w.refused(send(theirs, training(data)), "no_such_artefact")
	w.refused(send(w.key, training(partial)), "artefact_incomplete")
	w.refused(send(w.key, training("art_1")), "bad_artefact_id")
	for _, test := range [][2]string{
		{`{"title": "T", "kind": "train", "model": {"input": {"kind": "words", "buckets": 64}, "layers": [{"type": "conv", "filters": 3}], "classes": ["a", "b"]}, "inputs": [{"role": "data", "artefact": "` + data + `", "name": "rows.jsonl"}]}`, "bad_spec"},
		{`{"title": "T", "kind": "train", "model": {"input": {"kind": "words"}, "layers": [], "classes": ["a", "b"]}, "inputs": [{"role": "labels", "artefact": "` + data + `", "name": "rows.jsonl"}]}`, "bad_job"},
		{`{"title": "T", "kind": "train", "model": {"input": {"kind": "words"}, "layers": [], "classes": ["a", "b"]}, "inputs": [{"role": "data", "artefact": "` + data + `", "name": "../rows.jsonl"}]}`, "bad_job"},
		{`{"title": "T", "kind": "infer", "temperature": 1, "model": {"input": {"kind": "words"}, "layers": [], "classes": ["a", "b"]}, "inputs": [{"role": "data", "artefact": "` + data + `", "name": "rows.jsonl"}, {"role": "weights", "artefact": "` + data + `", "name": "w.safetensors"}]}`, "bad_job"},
		{`{"title": "T", "kind": "train", "temperature": 2, "model": {"input": {"kind": "words"}, "layers": [], "classes": ["a", "b"]}, "inputs": [{"role": "data", "artefact": "` + data + `", "name": "rows.jsonl"}]}`, "bad_job"},
	} {
		w.refused(send(w.key, test[0]), test[1])
	}
	if jobs := read[wire.Jobs](w, w.as(w.key, http.MethodGet, "/v1/jobs", ""), http.StatusOK); len(jobs.Jobs) != 0 {
		t.Errorf("jobs that make no sense are kept: %+v", jobs.Jobs)
	}
	j := w.newJob(training(data))
	for _, path := range []string{"", "/parts", "/leases"} {
		w.refused(w.as(theirs, http.MethodGet, "/v1/jobs/"+j.ID+path, ""), "no_job")
	}
	w.refused(w.as(theirs, http.MethodPost, "/v1/jobs/"+j.ID+"/cancel", ""), "no_job")
}

// TestLeaseIsForItsFiles has nodes read and write what they may not.
func TestLeaseIsForItsFiles(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	data, secret := w.uploadArtefact(w.key, []byte("some rows")).ID, w.uploadArtefact(w.key, []byte("a secret")).ID
	w.ahead.Add(int64(time.Second))
	w.newJob(training(data))
	one, two := w.machine(), w.machine()
	l, err := one.take(ctx, 0)
	w.must(err)
	if l == nil {
		t.Fatal("there is no lease")
	}
	get := func(m machine, id, lease string) reply {
		return w.as(m.token, http.MethodGet, "/v1/artefacts/"+id+"/content?lease="+lease, "")
	}
	if got := get(one, data, l.ID); got.body != "some rows" {
		t.Errorf("the job's data is %q", got.body)
	}
	w.refused(get(one, secret, l.ID), "no_such_artefact")
	w.refused(w.as(one.token, http.MethodGet, "/v1/artefacts/"+secret+"/manifest?lease="+l.ID, ""), "no_such_artefact")
	w.refused(get(two, data, l.ID), "no_lease")
	w.refused(get(one, data, ""), "api_key_required")
	w.refused(get(one, data, "lse_1"), "bad_id")
	w.refused(w.as(one.token, http.MethodDelete, "/v1/artefacts/"+data+"?lease="+l.ID, ""), "api_key_required")

	made := []byte("what a node made")
	sum := sha256.Sum256(made)
	body, err := json.Marshal(wire.NewArtefact{Length: int64(len(made)), Pieces: sum[:]})
	w.must(err)
	a := read[wire.Artefact](w, w.as(one.token, http.MethodPost, "/v1/artefacts?lease="+l.ID, string(body), "Idempotency-Key", "made"), http.StatusCreated)
	put := func(m machine) reply {
		return w.as(m.token, http.MethodPut, "/v1/artefacts/"+a.ID+"/pieces/0?lease="+l.ID, string(made), "Content-Type", "application/octet-stream")
	}
	w.refused(put(two), "no_lease")
	read[wire.Artefact](w, put(one), http.StatusOK)
	w.refused(get(one, a.ID, l.ID), "no_such_artefact") // it is the requester's now
	if got := w.as(w.key, http.MethodGet, "/v1/artefacts/"+a.ID+"/content", ""); got.body != string(made) {
		t.Errorf("the requester reads %q", got.body)
	}

	// What another node had begun to upload, and was lost, this one uploads.
	rest := []byte("what two nodes made")
	w.newArtefact(w.key, rest)
	w.ahead.Add(int64(time.Second))
	sum = sha256.Sum256(rest)
	w.must(one.Fail(ctx, l.ID, wire.JobFailure{Code: "stopped"}))
	l, err = one.take(ctx, 0)
	w.must(err)
	body, err = json.Marshal(wire.NewArtefact{Length: int64(len(rest)), Pieces: sum[:]})
	w.must(err)
	a = read[wire.Artefact](w, w.as(one.token, http.MethodPost, "/v1/artefacts?lease="+l.ID, string(body)), http.StatusCreated)
	made = rest
	if a = read[wire.Artefact](w, put(one), http.StatusOK); a.State != "complete" {
		t.Errorf("it is %+v", a)
	}

	// Another's lease cannot be ended or reported on, and one that is over gives nothing any more.
	for path, body := range map[string]string{"progress": `{"progress": {"step": 0, "of": 0}}`, "failure": `{"code": "crashed", "message": ""}`} {
		w.refused(w.as(two.token, http.MethodPost, "/v1/leases/"+l.ID+"/"+path, body), "no_lease")
	}
	w.refused(w.as(one.token, http.MethodPost, "/v1/leases/"+l.ID+"/progress", `{"progress": {"step": 5, "of": 0}}`), "bad_progress")
	w.must(one.Fail(ctx, l.ID, wire.JobFailure{Code: "stopped"}))
	w.refused(get(one, data, l.ID), "lease_over")
	if l, err := two.take(ctx, 0); err != nil || l == nil {
		t.Errorf("after it was given back nobody gets it: %v", err)
	}
}

// TestWorkIsWaitedFor has a node wait, and get a job as soon as there is one: long after its request is over for the rest of the server.
func TestWorkIsWaitedFor(t *testing.T) {
	w := newWorld(t)
	data := w.uploadArtefact(w.key, []byte("some rows")).ID
	n := w.machine()
	if l, err := n.take(t.Context(), 1); err != nil || l != nil {
		t.Fatalf("there was nothing, and it got %+v, %v", l, err)
	}
	got := make(chan *wire.WorkLease, 1)
	go func() {
		l, err := n.take(t.Context(), 60)
		if err != nil {
			t.Error(err)
		}
		got <- l
	}()
	j := w.newJob(training(data))
	if l := <-got; l == nil || l.Job != j.ID {
		t.Errorf("who waited got %+v", l)
	}
}

// TestNodeChooses: a node gets the work of those whom its owner chose, and learns when that is why it gets none.
func TestNodeChooses(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	n := w.machine()
	stranger, err := w.server.Pipeline.NewOrg(ctx, "Stranger")
	w.must(err)
	seek := func(wait int, only, not []string, want string, unchosen bool) {
		t.Helper()
		got, err := n.TakeWork(ctx, wire.TakeWork{Wait: wait, Only: only, Not: not})
		w.must(err)
		job := ""
		if got.Lease != nil {
			job = got.Lease.Job
		}
		if job != want || got.Unchosen != unchosen {
			t.Errorf("only %v and not %v, it got %q (unchosen: %t), want %q (%t)", only, not, job, got.Unchosen, want, unchosen)
		}
	}
	theirs := []string{string(stranger.ID)}
	seek(0, theirs, nil, "", false) // there is nothing for anybody
	j := w.newJob(training(w.uploadArtefact(w.key, []byte("some rows")).ID))
	ours := []string{string(w.org.ID)}
	seek(0, theirs, nil, "", true)
	seek(1, theirs, nil, "", true)
	seek(0, nil, ours, "", true)
	seek(0, []string{j.ID}, ours, "", true)
	for _, bad := range []string{`{"only": ["me"]}`, `{"not": ["job_1"]}`, `{"only": ["node_00000000000000000000000000"]}`} {
		w.refused(w.as(n.token, http.MethodPost, "/v1/work", bad), "bad_choice")
	}
	mine := read[wire.Nodes](w, w.as(n.token, http.MethodGet, "/v1/me/nodes", ""), http.StatusOK).Nodes[0]
	if !slices.Equal(mine.Only, []string{j.ID}) || !slices.Equal(mine.Not, ours) {
		t.Errorf("the node's choice is %v and not %v", mine.Only, mine.Not)
	}
	seek(0, append(theirs, j.ID), theirs, j.ID, false)
	seek(0, theirs, nil, j.ID, false) // it has the lease, and did not say that it works on it
}

// TestTransfers: a device measures its network by bytes of one length, and not without end.
func TestTransfers(t *testing.T) {
	w := newWorld(t, func(d *Deps) { d.Limits.Transfers = cache.Rate{PerSecond: 1, Burst: 40} })
	keys, err := client.NewKeys()
	w.must(err)
	n, err := w.client.Node(t.Context(), keys)
	w.must(err)
	joined, err := n.Join(t.Context(), "a node", testCapability) // with 16 transfers each way
	w.must(err)
	if has := joined.Capability; has.Down < 1 || has.Up < 1 {
		t.Errorf("it measured %d and %d bytes a second", has.Down, has.Up)
	}
	r, err := w.client.Respondent(t.Context(), keys)
	w.must(err)
	token := w.token(r)
	const path = "/v1/nodes/transfer"
	w.refused(w.as("", http.MethodGet, path, ""), "token_required")
	w.refused(w.as(token, http.MethodPut, path, "short", "Content-Type", "application/octet-stream"), "bad_transfer")
	for range 40 {
		if got := w.as(token, http.MethodGet, path, ""); got.status != http.StatusOK {
			w.refused(got, "rate_limited")
			return
		}
	}
	t.Error("transfers are not limited")
}
