package verify_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"math/big"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/tlog"
	"github.com/tasknet/tasknet/server/verify"
	"github.com/tasknet/tasknet/server/wire"
)

// leavesOf is a database that has leaves, and tells when all of them are published.
type leavesOf [][32]byte

func (l leavesOf) Leaves(_ context.Context, from int64, limit int) ([][32]byte, error) {
	return l[from:min(int64(len(l)), from+int64(limit))], nil
}

func (l leavesOf) LogSize(context.Context) (int64, error) { return int64(len(l)), nil }

var logKey = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{5}, 32))

// publish returns the files of a log with leaves.
func publish(t *testing.T, name string, leaves leavesOf) fstest.MapFS {
	t.Helper()
	return publishBy(t, name, leaves, logKey)
}

// publishBy is publish for a log whose key is another.
func publishBy(t *testing.T, name string, leaves leavesOf, key ed25519.PrivateKey) fstest.MapFS {
	t.Helper()
	l, err := tlog.Open(t.Context(), leaves, tlog.Config{Dir: t.TempDir(), Name: name, Keys: tlog.OneKey(key), Every: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- l.Run(ctx) }()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for size := int64(0); size < int64(len(leaves)); {
		select {
		case err := <-ended:
			t.Fatal(err)
		case <-look.C:
			if size, _, err = l.Checkpoint(ctx); err != nil {
				t.Fatal(err)
			}
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	out := make(fstest.MapFS)
	err = fs.WalkDir(l.Files(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(path, ".") {
			return err
		}
		raw, err := fs.ReadFile(l.Files(), path)
		out[path] = &fstest.MapFile{Data: raw}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// logged are records with a public log.
type logged struct {
	*records
	files fstest.MapFS
}

func (l logged) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	name, ok := strings.CutPrefix(req.URL.Path, "/log/")
	if !ok {
		l.records.ServeHTTP(w, req)
		return
	}
	f := l.files[name]
	if f == nil {
		missing(w)
		return
	}
	_, _ = w.Write(f.Data)
}

func (l logged) verify(t *testing.T) (verify.Report, error) {
	t.Helper()
	return verify.Run(t.Context(), clientOf(t, l), verify.Config{})
}

// buildLogged makes records with a public log of 300 leaves: two of what is not opened yet, those of ids, and more of the former. By
// now all promises are due. No header has put the log on chain.
func buildLogged(t *testing.T) (l logged, leaves leavesOf, ids []leafID) {
	t.Helper()
	return loggedAs(t, build(t))
}

func loggedAs(t *testing.T, r *records) (l logged, leaves leavesOf, ids []leafID) {
	t.Helper()
	r.Instance.Log = wire.Log{Name: polls.LogName(r.Instance.Instance), Key: hex.EncodeToString(logKey.Public().(ed25519.PublicKey))}
	r.Instance.Time = wire.At(r.Epochs[len(r.Epochs)-1].At.Add(polls.MergeDelay + time.Hour))
	for i := range r.Epochs {
		r.anchor(t, i, rewards.Checkpoint{})
	}
	leaves, ids = leavesOfAll(t, r)
	leaves = append(leavesOf{{1}, {2}}, leaves...)
	for len(leaves) < 300 {
		leaves = append(leaves, [32]byte{3, byte(len(leaves))})
	}
	return logged{r, publish(t, r.Instance.Log.Name, leaves)}, leaves, ids
}

// anchor has an epoch's header put a checkpoint of the log on chain, whatever it had.
func (r *records) anchor(t *testing.T, epoch int, log rewards.Checkpoint) {
	t.Helper()
	w := r.Epochs[epoch].Header
	h := rewards.Header{Epoch: r.Epochs[epoch].Number, Total: new(big.Int), Spent: new(big.Int), Through: w.Through, LogRoot: log.Root, LogSize: log.Size}
	for text, hash := range map[string]*rewards.Hash{w.Payouts: &h.Payouts, w.Spending: &h.Spending, w.Verdicts: &h.Verdicts} {
		if _, err := hex.Decode(hash[:], []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	h.Total.SetString(w.Total, 10)
	h.Spent.SetString(w.Spent, 10)
	r.Epochs[epoch].Header = wireHeader(h)
}

// at is the log's checkpoint at a size.
func (l leavesOf) at(size int) rewards.Checkpoint {
	return rewards.Checkpoint{Size: int64(size), Root: tasknet.NewTree(l[:size]).Root()}
}

// leafID is a record that has a leaf.
type leafID struct{ kind, id string }

// leavesOfAll returns the leaves of all records, by asking for each that is missed in turn: whoever verifies names it.
func leavesOfAll(t *testing.T, r *records) (leaves leavesOf, ids []leafID) {
	t.Helper()
	for _, q := range r.Questions {
		for _, a := range q.Answers {
			leaf, err := hex.DecodeString(a.Hash)
			if err != nil {
				t.Fatal(err)
			}
			leaves, ids = append(leaves, [32]byte(leaf)), append(ids, leafID{"answer", a.ID})
		}
	}
	for {
		_, err := logged{r, publish(t, r.Instance.Log.Name, leaves)}.verify(t)
		if err == nil {
			return leaves, ids
		}
		m, ok := errors.AsType[*verify.Mismatch](err)
		if !ok || m.Field != "log" || m.Kind == "answer" {
			t.Fatal(err)
		}
		leaf, err := hex.DecodeString(strings.TrimSuffix(strings.TrimPrefix(m.Expected, "its leaf "), " in the public log"))
		if err != nil {
			t.Fatal(err)
		}
		leaves, ids = append(leaves, [32]byte(leaf)), append(ids, leafID{m.Kind, m.ID})
	}
}

// TestLogOfChanges: each change of a payout address, and that one was cancelled, must be in the public log, with all that the
// records say of it.
func TestLogOfChanges(t *testing.T) {
	good, leaves, ids := loggedAs(t, buildMoved(t))
	count := 0
	for i, id := range ids {
		if id.kind != "address change" {
			continue
		}
		count++
		_, err := logged{good.records, publish(t, good.Instance.Log.Name, slices.Delete(slices.Clone(leaves), i+2, i+3))}.verify(t)
		if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.Kind != id.kind || m.ID != id.id || m.Field != "log" {
			t.Errorf("without the leaf of %v: %v", id, err)
		}
	}
	if count != 5 { // of four, one of which was cancelled
		t.Errorf("%d leaves of changes", count)
	}
	c := &good.Addresses[1]
	for name, change := range map[string]func(){
		"it was cancelled later": func() { at := wire.At(c.Cancelled.Add(time.Millisecond)); c.Cancelled = &at },
		"it was made later":      func() { c.At = wire.At(c.At.Add(time.Millisecond)) },
		"it waited longer":       func() { c.Effective = wire.At(c.Effective.Add(time.Millisecond)) },
		"it was not cancelled":   func() { c.Cancelled, c.Effective = nil, wire.At(c.At.Add(time.Hour)) },
	} {
		before := *c
		change()
		_, err := good.verify(t)
		if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.Kind != "address change" || m.Field != "log" {
			t.Errorf("%s: %v", name, err)
		}
		*c = before
	}
	if _, err := good.verify(t); err != nil {
		t.Error(err)
	}
}

// TestLogOfKeys: a server signs by another key only with the word of the one before, and the public log has that word.
func TestLogOfKeys(t *testing.T) {
	good, leaves, _ := buildLogged(t)
	next := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{6}, 32))
	receipts := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))
	stated := func(use polls.KeyUse, word, next ed25519.PrivateKey) (wire.KeyChange, [32]byte) {
		from := good.Epochs[0].At.Time
		c := polls.KeyChange{Use: use, Number: 2, From: from, Until: from.Add(time.Hour)}
		if err := c.Sign(good.Instance.Instance, word, next); err != nil {
			t.Fatal(err)
		}
		leaf, err := c.Hash(good.Instance.Instance)
		if err != nil {
			t.Fatal(err)
		}
		return wire.KeyChange{
			Use: string(use), Number: 2, Old: hex.EncodeToString(c.Old[:]), New: hex.EncodeToString(c.New[:]), From: wire.At(c.From), Until: wire.At(c.Until),
			Signature: hex.EncodeToString(c.Signature[:]), Proof: hex.EncodeToString(c.Proof[:]),
		}, leaf
	}
	r := good.records
	c1, leaf1 := stated(polls.ReceiptKeys, receipts, next)
	c2, leaf2 := stated(polls.LogKeys, logKey, next)
	r.Instance.ReceiptKey, r.Instance.Log.Key, r.Instance.KeyChanges = c1.New, c2.New, []wire.KeyChange{c1, c2}
	firstHash, err := polls.FirstKeys(good.Instance.Instance, receipts.Public().(ed25519.PublicKey), logKey.Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	first := polls.KeyLeaf(firstHash)
	old := append(slices.Clone(leaves), leaf1, leaf2) // of before there was a mark
	report, err := logged{r, publishBy(t, r.Instance.Log.Name, old, next)}.verify(t)
	if err != nil || !says(report, "first_keys") {
		t.Errorf("leaves without a mark: %+v, %v", report.Unproven, err)
	}
	leaf1, leaf2 = polls.KeyLeaf(leaf1), polls.KeyLeaf(leaf2)
	all := append(slices.Clone(leaves), leaf1, leaf2, first)
	changed := logged{r, publishBy(t, r.Instance.Log.Name, all, next)}
	report, err = changed.verify(t)
	if err != nil || report.Log != 303 || says(report, "first_keys") {
		t.Fatalf("%d leaves, %+v: %v", report.Log, report.Unproven, err)
	}
	raw, err := json.Marshal(r.Instance.KeyChanges)
	if err != nil {
		t.Fatal(err)
	}
	for i := range raw {
		if raw[i] < '0' || i%5 != 0 { // what makes it JSON, and some
			continue
		}
		flipped := slices.Clone(raw)
		flipped[i] ^= 1
		bad := logged{good.copied(t), changed.files}
		bad.Instance.KeyChanges = nil
		if json.Unmarshal(flipped, &bad.Instance.KeyChanges) != nil || reflect.DeepEqual(bad.Instance.KeyChanges, r.Instance.KeyChanges) {
			continue
		}
		if _, err := bad.verify(t); !errors.Is(err, verify.ErrMismatch) {
			t.Errorf("byte %d of %s is changed: %v", i, raw, err)
		}
	}
	for name, without := range map[string]leavesOf{"2 for receipts": slices.Delete(slices.Clone(all), 300, 301), "2 for log": slices.Delete(slices.Clone(all), 301, 302), "1": all[:302]} {
		_, err := logged{r, publishBy(t, r.Instance.Log.Name, without, next)}.verify(t)
		if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.Kind != "key" || m.ID != name || m.Field != "log" {
			t.Errorf("without the leaf of key %s: %v", name, err)
		}
	}
	if _, err := (logged{r, publish(t, r.Instance.Log.Name, all)}).verify(t); !errors.Is(err, verify.ErrMismatch) {
		t.Errorf("a checkpoint by the key before, after its time: %v", err)
	}

	// What is left out, put in the place of another, or in another order. The server has the keys, and can sign anew what it likes.
	forged, forgedLeaf := stated(polls.LogKeys, logKey, ed25519.NewKeyFromSeed(bytes.Repeat([]byte{8}, 32)))
	alone := func(c *wire.KeyChange, number int) wire.KeyChange {
		c.Number = number
		return *c
	}
	for name, change := range map[string]func(in *wire.Instance){
		"all are left out":                           func(in *wire.Instance) { in.KeyChanges = nil },
		"the only one for receipts is left out":      func(in *wire.Instance) { in.KeyChanges = []wire.KeyChange{c2} },
		"the only one for the log is left out":       func(in *wire.Instance) { in.KeyChanges = []wire.KeyChange{c1} },
		"one is left out, and the key before stated": func(in *wire.Instance) { in.KeyChanges, in.ReceiptKey = []wire.KeyChange{c2}, c1.Old },
		"another is stated":                          func(in *wire.Instance) { in.KeyChanges, in.Log.Key = []wire.KeyChange{c1, forged}, forged.New },
		"one is of another number":                   func(in *wire.Instance) { c := c1; in.KeyChanges = []wire.KeyChange{alone(&c, 3), c2} },
		"one is stated twice":                        func(in *wire.Instance) { in.KeyChanges = []wire.KeyChange{c1, c1, c2} },
		"the old key is the new one and the other way": func(in *wire.Instance) {
			c := c1
			c.Old, c.New, c.Signature, c.Proof = c.New, c.Old, c.Proof, c.Signature
			in.KeyChanges, in.ReceiptKey = []wire.KeyChange{c, c2}, c.New
		},
	} {
		bad := logged{good.copied(t), changed.files}
		change(&bad.Instance)
		if _, err := bad.verify(t); !errors.Is(err, verify.ErrMismatch) {
			t.Errorf("%s: %v", name, err)
		}
	}
	bad := logged{good.copied(t), publishBy(t, r.Instance.Log.Name, append(slices.Clone(all), polls.KeyLeaf(forgedLeaf)), next)}
	if _, err := bad.verify(t); !errors.Is(err, verify.ErrMismatch) {
		t.Errorf("the log has one more: %v", err)
	}
	// Who had a change in the log, and says that the key that came with it was the first, is found out even if the log says so, too.
	again, err := polls.FirstKeys(good.Instance.Instance, next.Public().(ed25519.PublicKey), next.Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	bad = logged{good.copied(t), publishBy(t, r.Instance.Log.Name, append(slices.Clone(all), polls.KeyLeaf(again)), next)}
	bad.Instance.KeyChanges = nil
	_, err = bad.verify(t)
	if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.Kind != "instance" || m.Field != "keys" {
		t.Errorf("other first keys: %v", err)
	}
}

// TestKeysWhileReading: a change that another server of the database has made a moment ago may be stated a moment later.
func TestKeysWhileReading(t *testing.T) {
	good, leaves, _ := buildLogged(t)
	r := good.records
	receipts, next := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32)), ed25519.NewKeyFromSeed(bytes.Repeat([]byte{6}, 32))
	r.Instance.ReceiptKey = hex.EncodeToString(receipts.Public().(ed25519.PublicKey))
	c := polls.KeyChange{Use: polls.ReceiptKeys, Number: 2, From: r.Instance.Time.Add(time.Minute), Until: r.Instance.Time.Add(time.Minute)}
	if err := c.Sign(r.Instance.Instance, receipts, next); err != nil {
		t.Fatal(err)
	}
	first, firstErr := polls.FirstKeys(r.Instance.Instance, receipts.Public().(ed25519.PublicKey), logKey.Public().(ed25519.PublicKey))
	second, secondErr := c.Hash(r.Instance.Instance)
	if err := errors.Join(firstErr, secondErr); err != nil {
		t.Fatal(err)
	}
	files := publish(t, r.Instance.Log.Name, append(slices.Clone(leaves), polls.KeyLeaf(first), polls.KeyLeaf(second)))
	late := &statesLater{logged: logged{r, files}, change: wire.KeyChange{
		Use: string(c.Use), Number: c.Number, Old: hex.EncodeToString(c.Old[:]), New: hex.EncodeToString(c.New[:]), From: wire.At(c.From), Until: wire.At(c.Until),
		Signature: hex.EncodeToString(c.Signature[:]), Proof: hex.EncodeToString(c.Proof[:]),
	}}
	if _, err := verify.Run(t.Context(), clientOf(t, late), verify.Config{}); err != nil || late.asked.Load() != 3 {
		t.Errorf("asked %d times: %v", late.asked.Load(), err)
	}
}

// statesLater is a server whose clock goes on, and that states a change of a key from the third time on at which it is asked.
type statesLater struct {
	logged
	change wire.KeyChange
	asked  atomic.Int64
}

func (s *statesLater) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if req.URL.Path != "/v1/instance" {
		s.logged.ServeHTTP(w, req)
		return
	}
	n, in := s.asked.Add(1), s.Instance
	in.Time = wire.At(in.Time.Add(time.Duration(n) * time.Second))
	if n > 2 {
		in.KeyChanges = []wire.KeyChange{s.change}
	}
	respond(w, in)
}

// says reports whether what records do not prove has something among it.
func says(r verify.Report, unproven string) bool {
	return slices.ContainsFunc(r.Unproven, func(u verify.Unproven) bool { return u.Code == unproven })
}

// TestLog: every answer, verdict, gold and epoch must be in the public log by when it was promised, and the log be whole.
func TestLog(t *testing.T) {
	good, leaves, ids := buildLogged(t)
	r, last := good.records, good.Epochs[len(good.Epochs)-1].At.Time
	counts := make(map[string]int)
	for _, id := range ids {
		counts[id.kind]++
	}
	if counts["answer"] != 42 || counts["verdict"] != 18 || counts["epoch"] != 3 {
		t.Errorf("%v", counts)
	}
	report, err := good.verify(t)
	if err != nil || report.Log != 300 || report.Logged != len(ids) || report.Unlogged != 0 {
		t.Fatalf("%+v, %v", report, err)
	}

	for i, id := range ids {
		if i%7 != 0 && id.kind == "answer" {
			continue
		}
		without := slices.Delete(slices.Clone(leaves), i+2, i+3)
		_, err := logged{r, publish(t, r.Instance.Log.Name, without)}.verify(t)
		if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.Kind != id.kind || m.ID != id.id || m.Field != "log" {
			t.Errorf("without the leaf of %v: %v", id, err)
		}
	}
	for name, file := range good.files {
		if strings.HasPrefix(name, "tile/") && !strings.HasPrefix(name, "tile/entries/000") && name != "tile/entries/001.p/44" {
			continue // hashes are made from the entries
		}
		for i := range file.Data {
			if i%23 != 0 && name != "checkpoint" {
				continue
			}
			file.Data[i] ^= 4
			if _, err := good.verify(t); !errors.Is(err, verify.ErrMismatch) {
				t.Errorf("byte %d of %s is changed: %v", i, name, err)
			}
			file.Data[i] ^= 4
		}
	}

	// While the promise lasts what is newest may be missing, but not what came before something that is there.
	r.Instance.Time = wire.At(last)
	newest, oldest := 0, 0
	at := make([]time.Time, 0, len(ids))
	for _, q := range r.Questions {
		for _, a := range q.Answers {
			at = append(at, time.UnixMilli(a.At))
		}
	}
	for i := range at {
		if at[i].After(at[newest]) {
			newest = i
		}
		if at[i].Before(at[oldest]) {
			oldest = i
		}
	}
	late := logged{r, publish(t, r.Instance.Log.Name, slices.Delete(slices.Clone(leaves), newest+2, newest+3))}
	if report, err = late.verify(t); err != nil || report.Unlogged != 1 || report.Logged != len(ids)-1 {
		t.Errorf("without the newest answer: %+v, %v", report, err)
	}
	skipped := logged{r, publish(t, r.Instance.Log.Name, slices.Delete(slices.Clone(leaves), oldest+2, oldest+3))}
	if _, err = skipped.verify(t); !errors.Is(err, verify.ErrMismatch) {
		t.Errorf("without the oldest answer, of %s, when the newest is of %s: %v", at[oldest], at[newest], err)
	}

	r.Instance.Log.Name = "tasknet/other"
	if _, err := good.verify(t); !errors.Is(err, verify.ErrMismatch) {
		t.Errorf("a log of another name: %v", err)
	}
}

// TestAnchors: what headers put on chain of the log it must be, at each of their sizes.
func TestAnchors(t *testing.T) {
	good, leaves, _ := buildLogged(t)
	good.anchor(t, 1, leaves.at(257)) // the first header came before the log began
	good.anchor(t, 2, leaves.at(300))
	if _, err := good.verify(t); err != nil {
		t.Fatal(err)
	}
	longer := append(slices.Clone(leaves), [32]byte{4})
	rewritten := slices.Clone(leaves)
	rewritten[1] = [32]byte{9}
	for _, tt := range []struct {
		name   string
		change func(l *logged)
		epoch  string
	}{
		{"of another log", func(l *logged) { l.anchor(t, 1, rewritten.at(257)) }, "2"},
		{"of another size", func(l *logged) { l.anchor(t, 1, rewards.Checkpoint{Size: 256, Root: leaves.at(257).Root}) }, "2"},
		{"with no root", func(l *logged) { l.anchor(t, 0, rewards.Checkpoint{Size: 1}) }, "1"},
		{"of nothing, with a root", func(l *logged) { l.anchor(t, 0, rewards.Checkpoint{Root: rewards.Hash{1}}) }, "1"},
		{"of a log whose end is withheld", func(l *logged) { l.anchor(t, 2, longer.at(301)) }, "3"},
		{"of a log whose end is withheld, with no root", func(l *logged) { l.anchor(t, 2, rewards.Checkpoint{Size: 301}) }, "3"},
		{"of a log that was written anew since", func(l *logged) { l.files = publish(t, l.Instance.Log.Name, rewritten) }, "2"},
		{"of a log that is gone", func(l *logged) { l.files = nil }, "2"},
	} {
		bad := logged{good.copied(t), good.files}
		tt.change(&bad)
		_, err := bad.verify(t)
		if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.Kind != "epoch" || m.ID != tt.epoch || m.Field != "header log root" || m.Expected == m.Got {
			t.Errorf("a header %s: %v", tt.name, err)
		}
	}

	// A header that comes after the log was read may be of a longer one.
	late := logged{good.copied(t), good.files}
	late.anchor(t, 2, longer.at(301))
	if _, err := verify.Run(t.Context(), clientOf(t, &headerComes{logged: late}), verify.Config{}); err != nil {
		t.Errorf("a header that came meanwhile: %v", err)
	}
}

// TestAnchorsWithoutALog: an instance that says that it has no log anchors none.
func TestAnchorsWithoutALog(t *testing.T) {
	for field, anchored := range map[string]rewards.Checkpoint{"header log size": {Size: 5, Root: rewards.Hash{1}}, "header log root": {Root: rewards.Hash{1}}} {
		r := build(t)
		r.anchor(t, 1, anchored)
		_, err := verify.Run(t.Context(), r.client(t), verify.Config{})
		if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.Kind != "epoch" || m.ID != "2" || m.Field != field {
			t.Errorf("a header with %+v: %v", anchored, err)
		}
	}
}

// headerComes is a server whose newest epoch has a header from the moment on at which the log is read.
type headerComes struct {
	logged
	read atomic.Bool
}

func (h *headerComes) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if req.URL.Path == "/log/checkpoint" {
		h.read.Store(true)
	}
	if req.URL.Path != "/v1/records/epochs" || h.read.Load() {
		h.logged.ServeHTTP(w, req)
		return
	}
	before := *h.records
	before.Epochs = slices.Clone(h.Epochs)
	before.Epochs[len(before.Epochs)-1].Header = nil
	before.ServeHTTP(w, req)
}
