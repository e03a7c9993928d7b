package polls_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"testing"

	"github.com/tasknet/tasknet"
)

// computeVector is a job and a node's receipt for a part of it, as a reader without our code would hash them. That package compute
// makes the same is tested there.
func computeVector(t *testing.T) vector {
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{13}, 32))
	const instance = "5bd0a5c1e3f2476d8899aabbccddeeff00112233445566778899aabbccddeeff"
	node := hex.EncodeToString(key.Public().(ed25519.PublicKey))
	hash := func(tag, content string) string {
		h, err := tasknet.Hash(tag, json.RawMessage(content))
		check(t, err)
		return hex.EncodeToString(h[:])
	}
	seed := `{"job":"job_06gzyx07y42bpy28rk7sej8mgr","seed":"` + instance + `"}`
	job := `{"at_ms":1795262400123,"audit_ppm":50000,"fee":"0.15","instance":"` + instance + `","job":"job_06gzyx07y42bpy28rk7sej8mgr","kind":"infer","org":"org_06gzyx07y42bpy28rk7sej8mgr",` +
		`"price":"1","replicas":1,"rows":100,"seed":"` + hash("tasknet/audit-seed/v1", seed) + `","work":"` + instance + `"}`
	receipt := `{"began_ms":1795262400200,"class":"amd64","code":"1.0","ended_ms":1795262400300,"instance":"` + instance + `","job":"job_06gzyx07y42bpy28rk7sej8mgr","lease":"lse_06gzyx07y42bpy28rk7sej8mgr",` +
		`"outputs":[{"artefact":"art_` + instance + `","bytes":7,"role":"predictions"}],"part":3,"trainer":"gomlx","work":"` + instance + `"}`
	digest := hash("tasknet/compute-receipt/v1", receipt)
	raw, err := hex.DecodeString(digest)
	check(t, err)
	signature := hex.EncodeToString(ed25519.Sign(key, raw))
	record := `{"at_ms":1795262400400,"copy":0,"from":30,"instance":"` + instance + `","lease":"lse_06gzyx07y42bpy28rk7sej8mgr","node":"` + node + `","owner":"rsp_06gzyx07y42bpy28rk7sej8mgr",` +
		`"receipt":"` + digest + `","signature":"` + signature + `","to":40}`
	return vector{
		"job": json.RawMessage(job), "job_leaf": hash("tasknet/compute-job/v1", job), "receipt": json.RawMessage(receipt), "receipt_digest": digest, "signature": signature,
		"record": json.RawMessage(record), "record_leaf": hash("tasknet/compute-receipt-record/v1", record),
	}
}
