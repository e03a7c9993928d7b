package client

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/wire"
)

// desk is a server of respondents that checks what it is sent as the real one does.
type desk struct {
	t          *testing.T
	instance   wire.Instance
	receiptKey ed25519.PrivateKey
	question   *polls.Question
	tamper     func(*wire.Assignment) // changes what is shown
	forge      func(*wire.Accepted)   // changes what is replied
	refusal    func(http.ResponseWriter)

	mu        sync.Mutex
	devices   map[string]bool // guarded by mu
	token     int             // guarded by mu: the only one that is good
	challenge int             // guarded by mu: the only one that is good
	calls     []string        // guarded by mu
}

const person = "rsp_01kn5c5e3v0123456789abcdeh"

func newDesk(t *testing.T) *desk {
	d := &desk{t: t, receiptKey: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, 32)), devices: map[string]bool{}, tamper: func(*wire.Assignment) {}, forge: func(*wire.Accepted) {}}
	d.instance = wire.Instance{
		Instance: hex.EncodeToString(bytes.Repeat([]byte{0xab}, 32)), ChainID: 1337,
		ReceiptKey: hex.EncodeToString(d.receiptKey.Public().(ed25519.PublicKey)),
	}
	policy, err := polls.ParsePolicy("fixed:3", 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	d.question, err = polls.NewQuestion(polls.Draft{
		Type: polls.Choice, Text: "Is “this” <spam>?", Choices: []string{"yes", "no", "maybe"}, Policy: policy,
		Image: &polls.Image{Hash: "0a0b", Type: "image/png", Width: 2, Height: 3, Bytes: 5, Alt: "a letter"},
		Price: tasknet.Micro(18_000), Fee: tasknet.Micro(2_700), Lifetime: time.Hour, Snapshot: "feed",
	}, d.instance.Instance, time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *desk) asked() wire.AskedQuestion {
	q := d.question
	return wire.AskedQuestion{
		ID: string(q.ID), Hash: q.Hash, Salt: q.Salt, Type: string(q.Type), Text: q.Text, Choices: q.Choices,
		Image:  &wire.Image{Hash: q.Image.Hash, URL: "/media/" + q.Image.Hash, Type: q.Image.Type, Alt: q.Image.Alt},
		Quorum: wire.Quorum{Policy: q.Policy.String(), Min: q.Policy.Min, Max: q.Policy.Max},
		Price:  q.Price, Fee: q.Fee, Deadline: wire.At(q.Deadline), Snapshot: q.Snapshot, AskedBy: "us",
	}
}

func (d *desk) session(w http.ResponseWriter) {
	d.token++
	reply(w, 200, wire.Session{Respondent: person, Token: "rt_" + strconv.Itoa(d.token), Expires: wire.At(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))})
}

func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls = append(d.calls, r.Method+" "+r.URL.Path)
	read := func(v any) {
		if err := json.NewDecoder(r.Body).Decode(v); err != nil {
			d.t.Errorf("%s: %v", r.URL, err)
		}
	}
	switch r.URL.Path {
	case "/v1/instance":
		reply(w, 200, d.instance)
	case "/v1/respondents":
		var in wire.Register
		read(&in)
		wallet, _ := polls.ParseWallet(in.Wallet)
		device, _ := polls.ParseDeviceKey(in.Device)
		signed := polls.Delegation{Wallet: wallet, Device: device, Issued: time.Unix(in.Issued, 0), Expires: time.Unix(in.Expires, 0)}
		copy(signed.Signature[:], d.hex(in.Signature))
		if err := signed.Check(polls.Domain{Instance: [32]byte(d.hex(d.instance.Instance)), ChainID: d.instance.ChainID}); err != nil {
			refuse(w, 400, polls.ErrBadDelegation)
			return
		}
		digest, _ := signed.ProofDigest(d.instance.Instance)
		if !polls.CheckProof(device, digest, [64]byte(d.hex(in.Proof))) {
			refuse(w, 400, polls.ErrBadProof)
			return
		}
		d.devices[in.Device] = true
		d.session(w)
	case "/v1/sessions/challenge":
		d.challenge++
		reply(w, 200, wire.Challenge{Challenge: "c-" + strconv.Itoa(d.challenge)})
	case "/v1/sessions":
		var in wire.Login
		read(&in)
		if !d.devices[in.Device] {
			refuse(w, 403, polls.ErrUnknownDevice)
			return
		}
		device, _ := polls.ParseDeviceKey(in.Device)
		digest, _ := polls.SessionDigest(d.instance.Instance, device, "c-"+strconv.Itoa(d.challenge))
		if !polls.CheckProof(device, digest, [64]byte(d.hex(in.Signature))) {
			refuse(w, 403, polls.ErrBadSignature)
			return
		}
		d.challenge++
		d.session(w)
	case "/v1/assignments":
		if r.Header.Get("Authorization") != "Bearer rt_"+strconv.Itoa(d.token) {
			refuse(w, 401, tasknet.NewError(tasknet.Unauthenticated, "bad_token", "Get a new token."))
			return
		}
		a := wire.Assignment{ID: "asg_01kn5c5e3v0123456789abcdeg", Question: d.asked()}
		d.tamper(&a)
		reply(w, 200, wire.Assignments{Assignments: []wire.Assignment{a}})
	case "/v1/answers":
		var in wire.Answer
		read(&in)
		if d.refusal != nil {
			d.refusal(w)
			return
		}
		device, _ := polls.ParseDeviceKey(in.Device)
		a := polls.Answer{
			ID: "ans_01kn5c5e3v0123456789abcdef", Assignment: polls.AssignmentID(in.Assignment), Respondent: person, Device: device, Choice: *in.Choice,
			Nonce: in.Nonce, ClientMS: in.Time, Signature: [64]byte(d.hex(in.Signature)), AcceptedAt: time.UnixMilli(1_795_262_400_123).UTC(),
		}
		if !polls.CheckSignature(device, a.Digest(d.instance.Instance, d.question.Hash), a.Signature) {
			refuse(w, 403, polls.ErrBadSignature)
			return
		}
		leaf := a.RecordHash(d.instance.Instance, d.question.Hash)
		commit := polls.Commit{ID: "rcp_01kn5c5e3v0123456789abcdej", At: a.AcceptedAt, First: 700, Leaves: [][32]byte{{1}, {2}, leaf, {3}, {4}}}
		receipts, _ := commit.Receipts(d.instance.Instance, d.receiptKey)
		got := receipts[2]
		out := wire.Accepted{Answer: string(a.ID), Pays: d.question.Price, At: wire.At(a.AcceptedAt), Receipt: wire.Receipt{
			ID: string(got.ID), Record: hex.EncodeToString(got.Record[:]), Root: hex.EncodeToString(got.Root[:]), Index: got.Index, Size: got.Size,
			Log: polls.LogName(d.instance.Instance), First: got.First, At: got.At.UnixMilli(), By: got.By.UnixMilli(), Signature: hex.EncodeToString(got.Signature[:]),
		}}
		for _, p := range got.Path {
			out.Receipt.Path = append(out.Receipt.Path, hex.EncodeToString(p[:]))
		}
		d.forge(&out)
		reply(w, 201, out)
	default:
		d.t.Errorf("unexpected %s %s", r.Method, r.URL)
	}
}

func (d *desk) hex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		d.t.Errorf("%q: %v", s, err)
	}
	return b
}

func (d *desk) respondent(t *testing.T) *Respondent {
	t.Helper()
	c, _ := against(t, d)
	keys, err := DeriveKeys([]byte("seed"), "worker 1")
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Respondent(t.Context(), keys)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// change has the desk sign receipts by another key, with the word of a key for it.
func (d *desk) change(t *testing.T, number int, word, next ed25519.PrivateKey) {
	t.Helper()
	from := time.UnixMilli(1_795_262_400_123).Add(time.Duration(number-10) * time.Minute) // when answers are accepted is after them all
	c := polls.KeyChange{Use: polls.ReceiptKeys, Number: number, From: from, Until: from}
	if err := c.Sign(d.instance.Instance, word, next); err != nil {
		t.Fatal(err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.receiptKey = next
	d.instance.Time = wire.At(from)
	d.instance.ReceiptKey = hex.EncodeToString(c.New[:])
	d.instance.KeyChanges = append(d.instance.KeyChanges[:number-2:number-2], wire.KeyChange{
		Use: string(c.Use), Number: number, Old: hex.EncodeToString(c.Old[:]), New: hex.EncodeToString(c.New[:]), From: wire.At(c.From), Until: wire.At(c.Until),
		Signature: hex.EncodeToString(c.Signature[:]), Proof: hex.EncodeToString(c.Proof[:]),
	})
}

// TestAnotherReceiptKey: who knows a server by one key takes receipts and refusals by the next with the word of that one, and not without.
func TestAnotherReceiptKey(t *testing.T) {
	d := newDesk(t)
	first, second, third := d.receiptKey, ed25519.NewKeyFromSeed(bytes.Repeat([]byte{10}, 32)), ed25519.NewKeyFromSeed(bytes.Repeat([]byte{11}, 32))
	r := d.respondent(t)
	a, err := r.Assignment(t.Context(), string(d.question.ID))
	if err != nil {
		t.Fatal(err)
	}
	answer := func() error { _, err := r.Answer(t.Context(), a, 1); return err }
	d.change(t, 2, first, second)
	if err := answer(); err != nil {
		t.Errorf("by the second key: %v", err)
	}
	d.receiptKey = first
	if err := answer(); !errors.Is(err, ErrBadReceipt) {
		t.Errorf("by the first key, which is none any more: %v", err)
	}
	for name, lie := range map[string]func(){
		"without the word of the second": func() { d.change(t, 3, first, third) },
		"with that of the first":         func() { d.change(t, 2, first, third) },
		"that says to have been the only": func() {
			d.receiptKey, d.instance.KeyChanges = third, nil
			d.instance.ReceiptKey = hex.EncodeToString(third.Public().(ed25519.PublicKey))
		},
		"that is not the one it states": func() {
			d.change(t, 2, first, second)
			d.instance.ReceiptKey = hex.EncodeToString(third.Public().(ed25519.PublicKey))
			d.receiptKey = third
		},
	} {
		d.change(t, 2, first, second)
		lie()
		if err := answer(); !errors.Is(err, ErrBadReceipt) || !errors.Is(err, polls.ErrBadKeys) {
			t.Errorf("a key %s: %v", name, err)
		}
	}
	d.change(t, 2, first, second)
	d.change(t, 3, second, third)
	if err := answer(); err != nil {
		t.Errorf("by the third key: %v", err)
	}
}

func TestAnswering(t *testing.T) {
	d := newDesk(t)
	r := d.respondent(t)
	for i := range 2 { // the second time with what is known from the first
		a, err := r.Assignment(t.Context(), string(d.question.ID))
		if err != nil {
			t.Fatal(err)
		}
		got, err := r.Answer(t.Context(), a, 1)
		if err != nil || got.Answer != "ans_01kn5c5e3v0123456789abcdef" {
			t.Fatalf("%v, %v", got, err)
		}
		if want := []int{6, 8}[i]; len(d.calls) != want {
			t.Errorf("calls %q, want %d", d.calls, want)
		}
	}
	d.token++ // the server forgot it
	if _, err := r.Assignments(t.Context(), 3); err != nil {
		t.Errorf("a refused token was not renewed: %v", err)
	}
	again := d.respondent(t)
	if _, err := again.Assignments(t.Context(), 3); err != nil {
		t.Error(err)
	}
	for i, call := range d.calls {
		if call == "POST /v1/respondents" && i > 4 {
			t.Error("a device that is registered was registered again")
		}
	}
}

// TestOnlyWhatIsShownIsSigned changes one thing at a time of what the server shows.
func TestOnlyWhatIsShownIsSigned(t *testing.T) {
	d := newDesk(t)
	r := d.respondent(t)
	for name, tamper := range map[string]func(*wire.AskedQuestion){
		"hash":     func(q *wire.AskedQuestion) { q.Hash = "00" + q.Hash[2:] },
		"salt":     func(q *wire.AskedQuestion) { q.Salt = "00112233445566778899aabbccddeeff" },
		"text":     func(q *wire.AskedQuestion) { q.Text += "!" },
		"choices":  func(q *wire.AskedQuestion) { q.Choices = []string{"no", "yes", "maybe"} },
		"image":    func(q *wire.AskedQuestion) { q.Image.Hash = "0a0c" },
		"no image": func(q *wire.AskedQuestion) { q.Image = nil },
		"alt":      func(q *wire.AskedQuestion) { q.Image.Alt = "a bill" },
		"policy":   func(q *wire.AskedQuestion) { q.Quorum = wire.Quorum{Policy: "fixed:4"} },
		"price":    func(q *wire.AskedQuestion) { q.Price = tasknet.Micro(18_001) },
		"fee":      func(q *wire.AskedQuestion) { q.Fee = tasknet.Micro(0) },
		"deadline": func(q *wire.AskedQuestion) { q.Deadline.Time = q.Deadline.Add(time.Millisecond) },
		"snapshot": func(q *wire.AskedQuestion) { q.Snapshot = "feee" },
	} {
		d.tamper = func(a *wire.Assignment) { tamper(&a.Question) }
		a, err := r.Assignment(t.Context(), string(d.question.ID))
		if err != nil {
			t.Fatal(err)
		}
		if signed, err := r.Sign(a, 1, ""); !errors.Is(err, ErrWrongHash) || signed.Signature != "" {
			t.Errorf("%s: %v, want %v", name, err, ErrWrongHash)
		}
	}
	d.tamper = func(a *wire.Assignment) { a.ID = `asg_","choice":0,"x":"` }
	a, err := r.Assignment(t.Context(), string(d.question.ID))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Sign(a, 1, ""); err == nil {
		t.Error("an assignment whose id would change what is signed was signed")
	}
	d.tamper = func(a *wire.Assignment) { a.Question.ID = "q_other" }
	if _, err := r.Assignment(t.Context(), string(d.question.ID)); !errors.Is(err, ErrProtocol) {
		t.Errorf("another question: %v, want %v", err, ErrProtocol)
	}
	d.tamper = func(*wire.Assignment) {}
	if a, err = r.Assignment(t.Context(), string(d.question.ID)); err != nil {
		t.Fatal(err)
	}
	for _, choice := range []int{-2, 3} {
		if _, err := r.Sign(a, choice, ""); !errors.Is(err, polls.ErrNoSuchChoice) {
			t.Errorf("choice %d: %v, want %v", choice, err, polls.ErrNoSuchChoice)
		}
	}
}

// TestForgedReceipts changes one thing at a time of what the server promises.
func TestForgedReceipts(t *testing.T) {
	d := newDesk(t)
	r := d.respondent(t)
	a, err := r.Assignment(t.Context(), string(d.question.ID))
	if err != nil {
		t.Fatal(err)
	}
	other := "11" + d.question.Hash[2:]
	for name, forge := range map[string]func(*wire.Accepted){
		"answer":    func(a *wire.Accepted) { a.Answer = "ans_01kn5c5e3v0123456789abcdeg" },
		"at":        func(a *wire.Accepted) { a.At.Time = a.At.Add(time.Millisecond) },
		"id":        func(a *wire.Accepted) { a.Receipt.ID = "rcp_01kn5c5e3v0123456789abcdek" },
		"record":    func(a *wire.Accepted) { a.Receipt.Record = other },
		"root":      func(a *wire.Accepted) { a.Receipt.Root = other },
		"index":     func(a *wire.Accepted) { a.Receipt.Index = 3 },
		"negative":  func(a *wire.Accepted) { a.Receipt.Index = -1 },
		"size":      func(a *wire.Accepted) { a.Receipt.Size = 6 },
		"path":      func(a *wire.Accepted) { a.Receipt.Path[1] = other },
		"short":     func(a *wire.Accepted) { a.Receipt.Path = a.Receipt.Path[:2] },
		"long":      func(a *wire.Accepted) { a.Receipt.Path = append(a.Receipt.Path, other) },
		"receiptAt": func(a *wire.Accepted) { a.Receipt.At++ },
		"signature": func(a *wire.Accepted) { a.Receipt.Signature = a.Receipt.Signature[2:] + "00" },
		"nothing":   func(a *wire.Accepted) { a.Receipt = wire.Receipt{} },
	} {
		d.forge = forge
		if _, err := r.Answer(t.Context(), a, 2); !errors.Is(err, ErrBadReceipt) {
			t.Errorf("%s: %v, want %v", name, err, ErrBadReceipt)
		}
	}
}

func TestDerivedKeys(t *testing.T) {
	seen := map[string]bool{}
	for _, secret := range []string{"1", "2"} {
		for _, name := range []string{"a", "b"} {
			k, err := DeriveKeys([]byte(secret), name)
			if err != nil {
				t.Fatal(err)
			}
			same, err := DeriveKeys([]byte(secret), name)
			if err != nil || !k.Wallet.Key.Equals(&same.Wallet.Key) || !k.Device.Equal(same.Device) {
				t.Errorf("%s %s: not the same twice, %v", secret, name, err)
			}
			seen[k.DeviceKey().String()], seen[hex.EncodeToString(k.Wallet.Serialize())] = true, true
		}
	}
	if len(seen) != 8 {
		t.Errorf("%d different keys, want 8", len(seen))
	}
}

func TestKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "keys.json")
	made := make([]Keys, 8)
	var all sync.WaitGroup
	for i := range made {
		all.Go(func() {
			k, err := LoadKeys(path)
			if err != nil {
				t.Error(err)
			}
			made[i] = k
		})
	}
	all.Wait()
	for _, k := range made {
		if !k.Device.Equal(made[0].Device) || !k.Wallet.Key.Equals(&made[0].Wallet.Key) {
			t.Fatal("two who made the file at once have different keys")
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("%v, %v: want the key file alone", left, err)
	}
	zero := `"0000000000000000000000000000000000000000000000000000000000000000"`
	for _, bad := range []string{"", "{}", `{"wallet":"xx","device":"yy"}`, `{"wallet":` + zero + `,"device":` + zero + `}`} {
		if err := os.WriteFile(path, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadKeys(path); !errors.Is(err, ErrKeyFile) {
			t.Errorf("%q: %v, want %v", bad, err, ErrKeyFile)
		}
	}
}

// TestRefusals: a refusal is of the server when it states a problem, and proven when its key signed it, of this answer and for
// this reason. What something on the way says refuses nothing.
func TestRefusals(t *testing.T) {
	d := newDesk(t)
	r := d.respondent(t)
	a, err := r.Assignment(t.Context(), string(d.question.ID))
	if err != nil {
		t.Fatal(err)
	}
	signed, err := r.SignGiven(a, wire.Give(1, ""))
	if err != nil {
		t.Fatal(err)
	}
	given := polls.Answer{Assignment: polls.AssignmentID(a.ID), Choice: 1, Nonce: signed.Nonce, ClientMS: signed.Time}
	device, err := polls.ParseDeviceKey(signed.Device)
	if err != nil {
		t.Fatal(err)
	}
	statement := func(code string) *wire.Refusal {
		s := polls.Refusal{Answer: given.Digest(d.instance.Instance, d.question.Hash), Device: device, Code: code, At: time.UnixMilli(1_795_262_400_123)}
		leaf, err := s.Leaf(d.instance.Instance)
		if err != nil {
			t.Fatal(err)
		}
		return &wire.Refusal{At: s.At.UnixMilli(), Device: signed.Device, Signature: hex.EncodeToString(ed25519.Sign(d.receiptKey, leaf[:]))}
	}
	late := statement("question_closed")
	late.At++
	short := statement("question_closed")
	short.Signature = short.Signature[2:]
	for _, tt := range []struct {
		name    string
		status  int
		reply   any
		refused bool
		proven  bool
	}{
		{"signed", 409, wire.Problem{Code: "question_closed", Refusal: statement("question_closed")}, true, true},
		{"signed for another reason", 409, wire.Problem{Code: "question_closed", Refusal: statement("already_answered")}, true, false},
		{"signed of another time", 409, wire.Problem{Code: "question_closed", Refusal: late}, true, false},
		{"signed by half", 409, wire.Problem{Code: "question_closed", Refusal: short}, true, false},
		{"not signed", 409, wire.Problem{Code: "question_closed"}, true, false},
		{"by something else", 403, map[string]string{"error": "blocked"}, false, false},
		{"in a hurry", 408, wire.Problem{Code: "request_timeout"}, false, false},
		{"by a fault", 500, wire.Problem{Code: "internal"}, false, false},
	} {
		d.refusal = func(w http.ResponseWriter) { reply(w, tt.status, tt.reply) }
		_, err := r.Send(t.Context(), a.Question, signed)
		got, ok := errors.AsType[*Refused](err)
		if err == nil || ok != tt.refused || ok && got.Proven != tt.proven {
			t.Errorf("%s: %v, refused %t: %+v", tt.name, err, ok, got)
		}
		if p, isProblem := tt.reply.(wire.Problem); Stated(err) != isProblem || isProblem && tasknet.Describe(err).Code != p.Code {
			t.Errorf("%s: %v is stated: %t", tt.name, err, Stated(err))
		}
	}
}

// TestKnownInstance signs by what is known, and asks nobody.
func TestKnownInstance(t *testing.T) {
	d := newDesk(t)
	c, _ := against(t, d)
	c.Know(d.instance)
	keys, err := DeriveKeys([]byte("seed"), "worker 1")
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParseKeys(keys.Secrets())
	if err != nil || !again.Device.Equal(keys.Device) || !again.Wallet.Key.Equals(&keys.Wallet.Key) {
		t.Errorf("keys that were written and read: %v", err)
	}
	r, err := c.Respondent(t.Context(), again)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.SignGiven(wire.Assignment{ID: "asg_01kn5c5e3v0123456789abcdeg", Question: d.asked()}, wire.Given{}); !errors.Is(err, polls.ErrBadValue) {
		t.Errorf("neither a choice nor a value: %v", err)
	}
	if _, err := r.SignGiven(wire.Assignment{ID: "asg_01kn5c5e3v0123456789abcdeg", Question: d.asked()}, wire.Give(2, "")); err != nil || len(d.calls) != 0 {
		t.Errorf("%v after %q", err, d.calls)
	}
}
