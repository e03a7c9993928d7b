package polls_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"testing"
	"time"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

var update = flag.Bool("update", false, "write the golden files anew")

// vectorsFile is read by the tests of every language that signs or hashes for TaskNet.
const vectorsFile = "../testdata/vectors.json"

type vector map[string]any

// TestVectors freezes every format that is hashed or signed. A difference here breaks every client in the field: a
// changed format needs a new version in its tag.
func TestVectors(t *testing.T) {
	got, err := json.MarshalIndent(vectors(t), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	if *update {
		if err := os.WriteFile(vectorsFile, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(vectorsFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Fatalf("%s differs from what the code makes; if a format was changed on purpose, give it a new version", vectorsFile)
	}
}

func vectors(t *testing.T) vector {
	const instance = "5bd0a5c1e3f2476d8899aabbccddeeff00112233445566778899aabbccddeeff"
	domain := polls.Domain{Instance: [32]byte(unhex(t, instance)), ChainID: 31415926}
	deviceKey := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))
	device := polls.DeviceKey(deviceKey.Public().(ed25519.PublicKey))
	receiptKey := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, 32))
	walletKey := secp256k1.PrivKeyFromBytes(bytes.Repeat([]byte{11}, 32))
	at := time.UnixMilli(1_795_262_400_123).UTC()

	var canonical []vector
	for _, c := range []struct{ tag, value string }{
		{"tasknet/test/v1", `{"b":[1,-2,{"z":null,"a":true}],"a":"é\u0007\"\\\n"}`},
		{"tasknet/test/v1", `{"😀":1,"\ufb33":2,"€":3,"1":4}`},
		{"tasknet/test/v2", `[]`},
	} {
		jcs, err := tasknet.Canonical(json.RawMessage(c.value))
		check(t, err)
		hash, err := tasknet.Hash(c.tag, json.RawMessage(c.value))
		check(t, err)
		canonical = append(canonical, vector{"tag": c.tag, "value": json.RawMessage(c.value), "jcs": string(jcs), "hash": hex.EncodeToString(hash[:])})
	}

	policy, err := polls.ParsePolicy("confidence:0.95", 3, 9)
	check(t, err)
	price := tasknet.Micro(18_000)
	q := &polls.Question{
		Type: polls.Choice, Text: "What happened to this roof? “Look” closely.\nThen answer.", Choices: []string{"Missing tiles", "Fallen tree", "<none>"},
		Image:  &polls.Image{Hash: "ab" + instance[2:], Alt: "A house from the street"},
		Policy: policy, Price: price, Fee: price.BasisPoints(1500), Deadline: at.Add(10 * time.Minute),
		Snapshot: "cd" + instance[2:], Salt: "00112233445566778899aabbccddeeff",
	}
	q.Hash, err = polls.HashOf(q, instance)
	check(t, err)
	question := vector{
		"instance": instance, "type": q.Type, "text": q.Text, "choices": q.Choices, "image": q.Image.Hash, "image_alt": q.Image.Alt,
		"policy": policy.String(), "min": policy.Min, "max": policy.Max, "price": q.Price, "fee": q.Fee,
		"deadline_ms": q.Deadline.UnixMilli(), "snapshot": q.Snapshot, "salt": q.Salt, "hash": q.Hash,
	}

	a := polls.Answer{
		ID: "ans_01kn5c5e3v0123456789abcdef", Assignment: "asg_01kn5c5e3v0123456789abcdeg", Respondent: "rsp_01kn5c5e3v0123456789abcdeh",
		Device: device, Choice: 1, Nonce: "ffeeddccbbaa99887766554433221100", ClientMS: at.UnixMilli() - 1500, AcceptedAt: at,
	}
	digest := a.Digest(instance, q.Hash)
	general, err := tasknet.Hash("tasknet/answer/v1", map[string]any{
		"assignment": a.Assignment, "choice": a.Choice, "instance": instance, "nonce": a.Nonce, "question": q.Hash, "time_ms": a.ClientMS,
	})
	check(t, err)
	if digest != general {
		t.Fatal("the answer's digest is not the tagged hash of its fields")
	}
	copy(a.Signature[:], ed25519.Sign(deviceKey, digest[:]))
	a.Hash = a.RecordHash(instance, q.Hash)
	general, err = tasknet.Hash("tasknet/answer-record/v1", map[string]any{
		"answer": a.ID, "assignment": a.Assignment, "at_ms": a.AcceptedAt.UnixMilli(), "choice": a.Choice, "device": device.String(),
		"instance": instance, "nonce": a.Nonce, "question": q.Hash, "respondent": a.Respondent,
		"signature": hex.EncodeToString(a.Signature[:]), "time_ms": a.ClientMS,
	})
	check(t, err)
	if a.Hash != general {
		t.Fatal("the record's hash is not the tagged hash of its fields")
	}

	full := *q
	full.Type, full.Project, full.Passage, full.Choices = polls.Multiple, "prj_01kn5c5e3v0123456789abcdek", "Ein Reiher 🐦 “im” See", []string{"a", "b", "c"}
	full.Options = polls.Options{Number: &polls.NumberRange{Min: -2_500_000, Max: 100_000_000, Decimals: 1, Unit: "m³"}, Least: 1, Most: 2, Length: 30}
	full.Policy, full.Audio = polls.Policy{Kind: polls.Fixed, Min: 3, Max: 3}, &polls.Audio{Hash: "ef" + instance[2:]}
	full.ChoiceImages = []polls.Image{{Hash: "01" + instance[2:], Alt: "<one>"}, {Hash: "02" + instance[2:]}, {Hash: "03" + instance[2:], Alt: "three"}}
	full.Hash, err = polls.HashOf(&full, instance)
	check(t, err)
	images := make([]vector, len(full.ChoiceImages))
	for i, c := range full.ChoiceImages {
		images[i] = vector{"hash": c.Hash, "alt": c.Alt}
	}
	fullQuestion := vector{
		"type": full.Type, "project": full.Project, "passage": full.Passage, "choices": full.Choices, "policy": full.Policy.String(), "min": 3, "max": 3,
		"number": vector{"min": full.Number.Min, "max": full.Number.Max, "decimals": 1, "unit": full.Number.Unit}, "least": 1, "most": 2, "length": 30,
		"audio": full.Audio.Hash, "choice_images": images, "hash": full.Hash,
	}
	valued := a
	valued.Choice, valued.Value, valued.Signature = 0, `[{"class":0,"h":4,"w":3,"x":1,"y":2}]`, [64]byte{}
	valueDigest := valued.Digest(instance, full.Hash)
	general, err = tasknet.Hash("tasknet/answer/v1", map[string]any{
		"assignment": a.Assignment, "value": json.RawMessage(valued.Value), "instance": instance, "nonce": a.Nonce, "question": full.Hash, "time_ms": a.ClientMS,
	})
	check(t, err)
	if valueDigest != general {
		t.Fatal("the digest of an answer with a value is not the tagged hash of its fields")
	}
	copy(valued.Signature[:], ed25519.Sign(deviceKey, valueDigest[:]))
	valued.Hash = valued.RecordHash(instance, full.Hash)
	general, err = tasknet.Hash("tasknet/answer-record/v1", map[string]any{
		"answer": a.ID, "assignment": a.Assignment, "at_ms": a.AcceptedAt.UnixMilli(), "value": json.RawMessage(valued.Value), "device": device.String(),
		"instance": instance, "nonce": a.Nonce, "question": full.Hash, "respondent": a.Respondent,
		"signature": hex.EncodeToString(valued.Signature[:]), "time_ms": a.ClientMS,
	})
	check(t, err)
	if valued.Hash != general {
		t.Fatal("the record's hash of an answer with a value is not the tagged hash of its fields")
	}

	commit := polls.Commit{ID: "rcp_01kn5c5e3v0123456789abcdej", At: at, First: 1_000_000}
	for i := range 5 {
		leaf := a.Hash
		leaf[0] ^= byte(i)
		commit.Leaves = append(commit.Leaves, leaf)
	}
	receipts, err := commit.Receipts(instance, receiptKey)
	check(t, err)
	var receiptVectors []vector
	for _, r := range receipts {
		path := make([]string, len(r.Path))
		for i, p := range r.Path {
			path[i] = hex.EncodeToString(p[:])
		}
		receiptVectors = append(receiptVectors, vector{
			"id": r.ID, "record": hex.EncodeToString(r.Record[:]), "root": hex.EncodeToString(r.Root[:]), "index": r.Index, "size": r.Size,
			"path": path, "first": r.First, "log": polls.LogName(instance), "at_ms": r.At.UnixMilli(), "by_ms": r.By.UnixMilli(), "signature": hex.EncodeToString(r.Signature[:]),
		})
	}

	refusal := polls.Refusal{Answer: digest, Device: device, Code: polls.ErrClosed.Code, At: at}
	leaf, err := refusal.Leaf(instance)
	check(t, err)

	d := polls.Delegation{Device: device, Issued: time.Unix(1_795_262_400, 0), Expires: time.Unix(1_826_798_400, 0)}
	d.Sign(domain, walletKey)
	if err := d.Check(domain); err != nil {
		t.Fatal(err)
	}
	delegationDigest := d.Digest(domain)
	proof, err := d.ProofDigest(instance)
	check(t, err)
	session, err := polls.SessionDigest(instance, device, "c-0123")
	check(t, err)
	moved := polls.PayoutAddress{Respondent: a.Respondent, Wallet: d.Wallet, To: polls.Wallet{0: 0xab, 19: 0xcd}, Number: 3}
	movedDigest, movedSignature := moved.Digest(domain), moved.Sign(domain, walletKey)
	erased := polls.Erasure{Respondent: a.Respondent, Wallet: d.Wallet, At: time.Unix(1_795_358_000, 0)}
	erasedDigest, erasedSignature := erased.Digest(domain), erased.Sign(domain, walletKey)

	changed := polls.KeyChange{Use: polls.LogKeys, Number: 2, From: time.UnixMilli(1_795_358_000_123), Until: time.UnixMilli(1_797_950_000_123)}
	check(t, changed.Sign(instance, receiptKey, deviceKey))
	changedHash, err := changed.Hash(instance)
	check(t, err)

	// A key of order eight and a signature of zero: the cofactored equation of ZIP-215 holds for every message, that of
	// most other implementations for one in eight.
	small := vector{
		"public_key": "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
		"message":    hex.EncodeToString(digest[:]),
		"signature":  "0100000000000000000000000000000000000000000000000000000000000000" + "0000000000000000000000000000000000000000000000000000000000000000",
		"zip215":     true, "registers": false,
	}
	return vector{
		"instance": instance, "chain_id": domain.ChainID,
		"device":    vector{"seed": hex.EncodeToString(deviceKey.Seed()), "public_key": device.String()},
		"canonical": canonical, "question": question,
		"answer": vector{
			"assignment": a.Assignment, "choice": a.Choice, "nonce": a.Nonce, "time_ms": a.ClientMS, "question": q.Hash,
			"digest": hex.EncodeToString(digest[:]), "signature": hex.EncodeToString(a.Signature[:]),
		},
		"full_question": fullQuestion,
		"valued": vector{
			"value": json.RawMessage(valued.Value), "digest": hex.EncodeToString(valueDigest[:]), "signature": hex.EncodeToString(valued.Signature[:]),
			"record": hex.EncodeToString(valued.Hash[:]),
		},
		"record":      vector{"answer": a.ID, "respondent": a.Respondent, "at_ms": a.AcceptedAt.UnixMilli(), "hash": hex.EncodeToString(a.Hash[:])},
		"receipt_key": hex.EncodeToString(receiptKey.Public().(ed25519.PublicKey)), "receipts": receiptVectors,
		"refusal": vector{
			"answer": hex.EncodeToString(digest[:]), "device": device.String(), "code": refusal.Code, "at_ms": refusal.At.UnixMilli(),
			"digest": hex.EncodeToString(leaf[:]), "signature": hex.EncodeToString(ed25519.Sign(receiptKey, leaf[:])),
		},
		"key_change": vector{
			"use": changed.Use, "number": changed.Number, "old": hex.EncodeToString(changed.Old[:]), "new": hex.EncodeToString(changed.New[:]),
			"from_ms": changed.From.UnixMilli(), "until_ms": changed.Until.UnixMilli(), "digest": hex.EncodeToString(changedHash[:]),
			"signature": hex.EncodeToString(changed.Signature[:]), "proof": hex.EncodeToString(changed.Proof[:]),
		},
		"delegation": vector{
			"private_key": hex.EncodeToString(walletKey.Serialize()), "wallet": d.Wallet.String(), "issued": d.Issued.Unix(), "expires": d.Expires.Unix(),
			"digest": hex.EncodeToString(delegationDigest[:]), "signature": hex.EncodeToString(d.Signature[:]),
		},
		"erasure": vector{
			"respondent": erased.Respondent, "at": erased.At.Unix(),
			"digest": hex.EncodeToString(erasedDigest[:]), "signature": hex.EncodeToString(erasedSignature[:]),
		},
		"payout_address": vector{
			"respondent": moved.Respondent, "to": moved.To.String(), "number": moved.Number,
			"digest": hex.EncodeToString(movedDigest[:]), "signature": hex.EncodeToString(movedSignature[:]),
		},
		"register":       vector{"digest": hex.EncodeToString(proof[:]), "signature": hex.EncodeToString(ed25519.Sign(deviceKey, proof[:]))},
		"session":        vector{"challenge": "c-0123", "digest": hex.EncodeToString(session[:]), "signature": hex.EncodeToString(ed25519.Sign(deviceKey, session[:]))},
		"ed25519_zip215": small, "dataset": datasetVector(t), "skills": skillsVector(t), "compute": computeVector(t),
	}
}

func TestZIP215IsTheRule(t *testing.T) {
	key := polls.DeviceKey(unhex(t, "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"))
	signature := [64]byte{0: 1}
	theirs := 0
	for i := range 64 {
		digest := [32]byte{byte(i)}
		if !polls.CheckSignature(key, digest, signature) {
			t.Fatal("a signature that ZIP-215 admits was refused")
		}
		if polls.CheckProof(key, digest, signature) {
			t.Fatal("a key for which anybody can sign could be registered")
		}
		if ed25519.Verify(key[:], digest[:], signature[:]) {
			theirs++
		}
	}
	if theirs == 64 {
		t.Fatal("the vector does not tell ZIP-215 from the standard library's rule")
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	check(t, err)
	return b
}
