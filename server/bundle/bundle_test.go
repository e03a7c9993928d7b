package bundle

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/verify"
	"github.com/tasknet/tasknet/server/wire"
)

// source has records in memory. They need not fit.
type source struct {
	instance  wire.Instance
	totals    wire.Totals
	records   []wire.Record
	snapshots map[string]wire.Snapshot
	witnesses map[string]wire.Witness
	epochs    []wire.Epoch
	payouts   map[int64][]wire.Payout
	addresses []wire.AddressChange
	spending  map[int64][]wire.VaultAccount
	requests  []wire.OracleRequest
	verdicts  map[int64][]wire.OracleRequest
	log       map[string][]byte
	ledger    []wire.Transaction

	asked func(what string) error // before an answer
}

func (s *source) ask(what string) error {
	if s.asked == nil {
		return nil
	}
	return s.asked(what)
}

func listOf[T any](s *source, what string, all func() []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		if err := s.ask(what); err != nil {
			yield(*new(T), err)
			return
		}
		each(all())(yield)
	}
}

func (s *source) Instance(context.Context) (wire.Instance, error) { return s.instance, nil }
func (s *source) Totals(context.Context) (wire.Totals, error)     { return s.totals, s.ask("totals") }

func (s *source) Record(context.Context, string) (wire.Record, error) {
	return wire.Record{}, errNoRecord
}

func (s *source) Records(context.Context) iter.Seq2[wire.Record, error] {
	return listOf(s, "records", func() []wire.Record { return s.records })
}

func (s *source) Snapshot(_ context.Context, hash string) (wire.Snapshot, error) {
	if _, ok := s.snapshots[hash]; !ok {
		return wire.Snapshot{}, errNoSnapshot
	}
	return s.snapshots[hash], nil
}

func (s *source) Witness(_ context.Context, hash string) (wire.Witness, error) {
	if _, ok := s.witnesses[hash]; !ok {
		return wire.Witness{}, errNoWitness
	}
	return s.witnesses[hash], nil
}

func (s *source) Epochs(context.Context) iter.Seq2[wire.Epoch, error] {
	return listOf(s, "epochs", func() []wire.Epoch { return s.epochs })
}

func (s *source) EpochPayouts(_ context.Context, epoch int64) iter.Seq2[wire.Payout, error] {
	return listOf(s, fmt.Sprintf("payouts %d", epoch), func() []wire.Payout { return s.payouts[epoch] })
}

func (s *source) EpochSpending(_ context.Context, epoch int64) iter.Seq2[wire.VaultAccount, error] {
	return listOf(s, fmt.Sprintf("spending %d", epoch), func() []wire.VaultAccount { return s.spending[epoch] })
}

func (s *source) AddressChanges(context.Context) iter.Seq2[wire.AddressChange, error] {
	return listOf(s, "addresses", func() []wire.AddressChange { return s.addresses })
}

func (s *source) OracleRequests(context.Context) iter.Seq2[wire.OracleRequest, error] {
	return listOf(s, "requests", func() []wire.OracleRequest { return s.requests })
}

func (s *source) EpochVerdicts(_ context.Context, epoch int64) iter.Seq2[wire.OracleRequest, error] {
	return listOf(s, fmt.Sprintf("verdicts %d", epoch), func() []wire.OracleRequest { return s.verdicts[epoch] })
}

func (s *source) JobRecords(context.Context) iter.Seq2[wire.JobRecord, error] {
	return func(func(wire.JobRecord, error) bool) {}
}

func (s *source) StakeCases(context.Context) iter.Seq2[wire.StakeCase, error] {
	return func(func(wire.StakeCase, error) bool) {}
}

func (s *source) LogFile(_ context.Context, name string) ([]byte, error) {
	if raw, ok := s.log[name]; ok {
		return raw, s.ask("log")
	}
	return nil, errNoLogFile
}

func (s *source) Ledger(context.Context) iter.Seq2[wire.Transaction, error] {
	return listOf(s, "ledger", func() []wire.Transaction { return s.ledger })
}

var hashA, hashB = strings.Repeat("a1", 32), strings.Repeat("b2", 32)

// small returns a source with something of everything.
func small() *source {
	at := wire.At(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	tx := func(kind, cause string) wire.Transaction {
		return wire.Transaction{ID: "tx_" + cause, Kind: kind, Cause: cause, At: at, Entries: []wire.Entry{{Account: "a", Amount: tasknet.Micro(-7)}, {Account: "b", Amount: tasknet.Micro(7)}}}
	}
	question := func(id string) wire.Record {
		return wire.Record{
			Question: wire.AskedQuestion{ID: id, Text: "Is it <b>this</b>? \u2028", Choices: []string{"yes", "no"}, Snapshot: hashA}, ClosedAt: at,
			Answers: []wire.AnswerRecord{{ID: "ans_" + id, Given: wire.Give(1, "")}},
		}
	}
	struck := question("q2")
	struck.Answers[0].Struck = &wire.Strike{Snapshot: hashB, At: at}
	return &source{
		instance: wire.Instance{Instance: strings.Repeat("c1", 32), Time: at, Policies: []string{"fixed:n"}},
		totals:   wire.Totals{Questions: 1, Answers: 1, Deposited: tasknet.Micro(9)},
		records:  []wire.Record{question("q1"), struck, question("q3")},
		snapshots: map[string]wire.Snapshot{
			hashA: {Hash: hashA, At: at, Truths: []int{1, 2}, People: []wire.Skill{}, Steps: []wire.Step{}},
			hashB: {Hash: hashB, At: at, Truths: []int{3, 4}, People: []wire.Skill{{Respondent: "rsp_1", Void: true}}, Steps: []wire.Step{}},
		},
		epochs: []wire.Epoch{{Number: 1, State: "settled", At: at}, {Number: 2, State: "posted", At: at, Header: &wire.Header{Verdicts: hashA}}},
		payouts: map[int64][]wire.Payout{
			1: {{Respondent: "rsp_1", Epoch: 1, Proof: []string{"x"}, At: at}},
			2: {{Respondent: "rsp_2", Epoch: 2, Proof: []string{"y"}, At: at}, {Respondent: "rsp_1", Epoch: 1, Proof: []string{"z"}, At: at}},
		},
		addresses: []wire.AddressChange{{Respondent: "rsp_2", Number: 1, At: at, Effective: at, Cancelled: &at}, {Respondent: "rsp_1", Number: 1, At: at, Effective: at}},
		spending:  map[int64][]wire.VaultAccount{2: {{Account: hashA, Org: "org_1", Spent: tasknet.Micro(5)}}},
		requests:  []wire.OracleRequest{{ID: hashA, Ask: wire.OracleAsk{Text: "\ufffd", Options: []string{"Keep", "Hide"}}}, {ID: hashB, At: &at, Verdict: &wire.OracleVerdict{Choice: 1}}},
		verdicts:  map[int64][]wire.OracleRequest{2: {{ID: hashB, Verdict: &wire.OracleVerdict{Choice: 1}}}},
		ledger:    []wire.Transaction{tx("settlement", "q1"), tx("epoch", "ep_1"), tx("epoch", "ep_2"), tx("settlement", "q2")},
	}
}

func quiet(string, int, int) {}

// written writes a bundle.
func written(t *testing.T, s verify.Source) (dir string, sum Summary) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "bundle")
	sum, err := Write(t.Context(), s, dir, quiet)
	if err != nil {
		t.Fatal(err)
	}
	return dir, sum
}

// opened opens a bundle until the test ends.
func opened(t *testing.T, dir, hash string) *Bundle {
	t.Helper()
	b, err := Open(t.Context(), dir, hash)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

func all[T any](t *testing.T, list iter.Seq2[T, error]) []T {
	t.Helper()
	out, err := collect(list)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(tasknet.Amount{})); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	s := small()
	dir, sum := written(t, s)
	b := opened(t, dir, sum.Manifest)
	if b.Hash() != sum.Manifest {
		t.Errorf("hash %s, told %s", b.Hash(), sum.Manifest)
	}
	in, err := b.Instance(t.Context())
	same(t, "instance", s.instance, in)
	totals, err2 := b.Totals(t.Context())
	same(t, "totals", s.totals, totals)
	snapshot, err3 := b.Snapshot(t.Context(), hashB)
	same(t, "snapshot", s.snapshots[hashB], snapshot)
	if err := errors.Join(err, err2, err3); err != nil {
		t.Fatal(err)
	}
	same(t, "epochs", s.epochs, all(t, b.Epochs(t.Context())))
	same(t, "payouts of 1", s.payouts[1], all(t, b.EpochPayouts(t.Context(), 1)))
	same(t, "payouts of 2", s.payouts[2], all(t, b.EpochPayouts(t.Context(), 2)))
	same(t, "requests", s.requests, all(t, b.OracleRequests(t.Context())))
	same(t, "verdicts of 2", s.verdicts[2], all(t, b.EpochVerdicts(t.Context(), 2)))
	same(t, "verdicts of 1", s.verdicts[1], all(t, b.EpochVerdicts(t.Context(), 1)))
	same(t, "spending of 2", s.spending[2], all(t, b.EpochSpending(t.Context(), 2)))
	same(t, "changes of addresses", s.addresses, all(t, b.AddressChanges(t.Context())))
	same(t, "ledger", s.ledger, all(t, b.Ledger(t.Context())))
	same(t, "records", s.records[:2], all(t, b.Records(t.Context()))) // the ledger settles these
	same(t, "summary", Summary{
		Manifest: sum.Manifest, Instance: s.instance.Instance, Files: 14, Bytes: sum.Bytes, Questions: 2, Answers: 2, Transactions: 4, Epochs: 2, Snapshots: 2,
	}, sum)
	s.totals.Questions = 3 // one is closed that the ledger does not settle
	dir, sum = written(t, s)
	same(t, "records that are counted", s.records, all(t, opened(t, dir, sum.Manifest).Records(t.Context())))
	for what, err := range map[string]error{
		"snapshot": func() error { _, err := b.Snapshot(t.Context(), strings.Repeat("0f", 32)); return err }(),
		"record":   func() error { _, err := b.Record(t.Context(), "q1"); return err }(),
	} {
		if e, ok := errors.AsType[*tasknet.Error](err); !ok || e.Kind != tasknet.NotFound {
			t.Errorf("a %s that is not there: %v", what, err)
		}
	}
}

// TestEpochsThatComeMeanwhile: an epoch that closes while the newest one's payouts are read is copied too; one that closes later
// is where the ledger is cut.
func TestEpochsThatComeMeanwhile(t *testing.T) {
	s := small()
	third, fourth := s.epochs[1], s.epochs[1]
	third.Number, fourth.Number = 3, 4
	tx := func(cause string) wire.Transaction {
		t := s.ledger[1]
		t.Cause = cause
		return t
	}
	s.payouts[3] = []wire.Payout{{Respondent: "rsp_1", Epoch: 3}, {Respondent: "rsp_2", Epoch: 2}}
	s.asked = func(what string) error {
		switch {
		case what == "payouts 2" && len(s.epochs) == 2:
			s.epochs, s.ledger = append(s.epochs, third), append(s.ledger, tx("ep_3"))
		case what == "ledger":
			s.epochs, s.ledger = append(s.epochs, fourth), append(s.ledger, tx("ep_4"), tx("later"))
		}
		return nil
	}
	dir, sum := written(t, s)
	b := opened(t, dir, sum.Manifest)
	same(t, "epochs", s.epochs[:3], all(t, b.Epochs(t.Context())))
	same(t, "payouts of 3", s.payouts[3], all(t, b.EpochPayouts(t.Context(), 3)))
	same(t, "ledger", s.ledger[:5], all(t, b.Ledger(t.Context())))

	s = small()
	s.asked = func(what string) error { // one comes whenever they are read
		if what != "ledger" && strings.HasPrefix(what, "payouts") {
			next := third
			next.Number = int64(len(s.epochs) + 1)
			s.epochs = append(s.epochs, next)
		}
		return nil
	}
	if _, err := Write(t.Context(), s, filepath.Join(t.TempDir(), "b"), quiet); !errors.Is(err, ErrMoving) {
		t.Errorf("epochs that never rest: %v", err)
	}
}

// TestNothingIsLeftOfWhatFails: a bundle is there whole or not at all.
func TestNothingIsLeftOfWhatFails(t *testing.T) {
	gone := errors.New("gone")
	for _, what := range []string{"totals", "epochs", "payouts 1", "payouts 2", "spending 1", "addresses", "ledger", "records"} {
		s := small()
		s.asked = func(w string) error {
			if w == what {
				return gone
			}
			return nil
		}
		parent := t.TempDir()
		if _, err := Write(t.Context(), s, filepath.Join(parent, "bundle"), quiet); !errors.Is(err, gone) {
			t.Errorf("%s: %v", what, err)
		}
		isEmpty(t, "a failure of "+what, parent)
	}
	ctx, cancel := context.WithCancel(t.Context())
	s := small()
	s.asked = func(w string) error {
		if w == "records" {
			cancel()
		}
		return ctx.Err()
	}
	parent := t.TempDir()
	if _, err := Write(ctx, s, filepath.Join(parent, "bundle"), quiet); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	isEmpty(t, "a cancellation", parent)
}

// full is a disk with room for some bytes.
type full struct {
	io.WriteCloser
	room *int
}

func (f full) Write(b []byte) (int, error) {
	if *f.room -= len(b); *f.room < 0 {
		return 0, syscall.ENOSPC
	}
	return f.WriteCloser.Write(b)
}

func TestFullDisk(t *testing.T) {
	_, sum := written(t, small())
	for room := 0; int64(room) < sum.Bytes; room += 97 {
		parent, left := t.TempDir(), room
		_, err := write(t.Context(), small(), filepath.Join(parent, "bundle"), quiet, func(path string) (io.WriteCloser, error) {
			w, err := createSynced(path)
			return full{w, &left}, err
		})
		if !errors.Is(err, syscall.ENOSPC) || !strings.HasPrefix(err.Error(), "write ") {
			t.Fatalf("room for %d bytes: %v", room, err)
		}
		isEmpty(t, "a full disk", parent)
	}
}

func isEmpty(t *testing.T, after, dir string) {
	t.Helper()
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("after %s there is %v, %v", after, left, err)
	}
}

func TestNamesThatAreTaken(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	put(t, file, nil)
	link := filepath.Join(dir, "link")
	if err := os.Symlink(filepath.Join(dir, "nowhere"), link); err != nil {
		t.Fatal(err)
	}
	for _, taken := range []string{dir, file, link} {
		if _, err := Write(t.Context(), small(), taken, quiet); !errors.Is(err, ErrExists) {
			t.Errorf("%s: %v", taken, err)
		}
	}
	if _, err := Write(t.Context(), small(), filepath.Join(dir, "no", "such"), quiet); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("in a folder that is not there: %v", err)
	}
}

func put(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// forged changes files of a bundle and makes a manifest that fits them.
func forged(t *testing.T, change func(m *manifest, set func(name, text string))) string {
	t.Helper()
	dir, sum := written(t, small())
	m := *opened(t, dir, sum.Manifest).manifest
	f := &folder{part: dir, create: func(path string) (io.WriteCloser, error) { return os.Create(path) }} //nolint:gosec // of the test
	change(&m, func(name, text string) {
		err := f.save(name, func(w *writer) error {
			_, err := w.buffer.WriteString(text)
			w.entry.Items = strings.Count(text, "\n")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		m.files = append(slices.DeleteFunc(m.files, func(x *file) bool { return x.Name == name }), f.manifest.files...)
		f.manifest.files = nil
	})
	raw, _, err := m.write()
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, manifestFile), raw)
	return dir
}

// TestForgedBundles: files that fit a manifest that somebody made anew are not read blindly.
func TestForgedBundles(t *testing.T) {
	entry := func(m *manifest, name string) *file {
		return m.files[slices.IndexFunc(m.files, func(f *file) bool { return f.Name == name })]
	}
	for name, tt := range map[string]struct {
		change func(m *manifest, set func(name, text string))
		id     string
		field  string
	}{
		"no JSON":             {func(_ *manifest, set func(string, string)) { set(ledgerFile, "{}\n{}\nx\n{}\n") }, ledgerFile + " line 3", "record"},
		"an empty line":       {func(_ *manifest, set func(string, string)) { set(ledgerFile, "{}\n\n") }, ledgerFile + " line 2", "record"},
		"another type":        {func(_ *manifest, set func(string, string)) { set(questionsFile, `{"org":7}`+"\n") }, questionsFile + " line 1", "record"},
		"no end of line":      {func(_ *manifest, set func(string, string)) { set(ledgerFile, "{}\n{}") }, ledgerFile + " line 2", "end"},
		"more items":          {func(m *manifest, _ func(string, string)) { entry(m, epochsFile).Items++ }, epochsFile, "items"},
		"two instances":       {func(_ *manifest, set func(string, string)) { set(instanceFile, "{}\n{}\n") }, instanceFile, "items"},
		"no instance":         {func(_ *manifest, set func(string, string)) { set(instanceFile, "") }, instanceFile, "items"},
		"another instance":    {func(m *manifest, _ func(string, string)) { m.head.Instance = hashA }, manifestFile, "instance and time"},
		"another time":        {func(m *manifest, _ func(string, string)) { m.head.At = wire.Time{} }, manifestFile, "instance and time"},
		"no ledger":           {func(m *manifest, _ func(string, string)) { entry(m, ledgerFile).Name = "x" }, manifestFile, "files"},
		"a file twice":        {func(m *manifest, _ func(string, string)) { m.files = append(m.files, m.files[0]) }, manifestFile, "line 3"},
		"a file from outside": {func(m *manifest, _ func(string, string)) { entry(m, totalsFile).Name = "../" + totalsFile }, manifestFile, "line 2"},
		"the manifest itself": {func(m *manifest, _ func(string, string)) { entry(m, totalsFile).Name = manifestFile }, manifestFile, "line 6"},
		"a missing file":      {func(m *manifest, _ func(string, string)) { m.files = append(m.files, &file{Name: "x"}) }, "x", "file"},
		"no payouts": {func(m *manifest, _ func(string, string)) {
			m.files = slices.DeleteFunc(m.files, func(f *file) bool { return f.Name == payoutsFile(1) })
		}, payoutsFile(1), "file"},
		"a file of later versions": {func(_ *manifest, set func(string, string)) { set("x", "{}\n") }, "", ""},
	} {
		dir := forged(t, tt.change)
		err := readAll(t.Context(), dir)
		if tt.id == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if m, ok := errors.AsType[*verify.Mismatch](err); !ok || m.Kind != "file" || m.ID != tt.id || m.Field != tt.field {
			t.Errorf("%s: %v, want %s of %s", name, err, tt.field, tt.id)
		}
	}
	dir := forged(t, func(m *manifest, _ func(string, string)) { m.head.Format = "tasknet/bundle/v2" })
	if err := readAll(t.Context(), dir); !errors.Is(err, ErrVersion) {
		t.Errorf("another version: %v", err)
	}
}

// readAll reads all of a bundle without looking at what it says.
func readAll(ctx context.Context, dir string) error {
	b, err := Open(ctx, dir, "")
	if err != nil {
		return err
	}
	_, err = b.Totals(ctx)
	_, err2 := collect(b.Records(ctx))
	_, err3 := collect(b.Epochs(ctx))
	_, err4 := collect(b.EpochPayouts(ctx, 1))
	_, err5 := collect(b.Ledger(ctx))
	return errors.Join(err, err2, err3, err4, err5, b.Close())
}

// TestWhatIsNoBundle covers what people do by mistake.
func TestWhatIsNoBundle(t *testing.T) {
	if _, err := Open(t.Context(), filepath.Join(t.TempDir(), "x"), ""); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
	if _, err := Open(t.Context(), t.TempDir(), ""); !errors.Is(err, ErrNoBundle) {
		t.Errorf("an empty folder: %v", err)
	}
	dir, sum := written(t, small())
	if _, err := Open(t.Context(), dir, hashA); err == nil || !strings.Contains(err.Error(), hashA) || !strings.Contains(err.Error(), sum.Manifest) {
		t.Errorf("another bundle than was told: %v", err)
	}
	for _, tt := range []struct {
		what, field string
		spoil       func(path string) error
	}{
		{"a part", "bytes", func(path string) error { return os.Truncate(path, 7) }},
		{"nothing", "file", os.Remove},
		{"a folder", "file", func(path string) error { return errors.Join(os.Remove(path), os.Mkdir(path, 0o700)) }},
	} {
		spoiled, _ := written(t, small())
		if err := tt.spoil(filepath.Join(spoiled, questionsFile)); err != nil {
			t.Fatal(err)
		}
		if m, ok := errors.AsType[*verify.Mismatch](readAll(t.Context(), spoiled)); !ok || m.ID != questionsFile || m.Field != tt.field {
			t.Errorf("%s in place of a file: %v", tt.what, m)
		}
	}
	plain, err := os.ReadFile(filepath.Join(dir, totalsFile))
	if err != nil {
		t.Fatal(err)
	}
	m := *opened(t, dir, "").manifest
	for _, f := range m.files { // a file that is not compressed, in the place of one that is
		if f.Name == ledgerFile {
			f.Bytes, f.Items, f.SHA256 = int64(len(plain)), 1, m.byName[totalsFile].SHA256
		}
	}
	raw, _, err := m.write()
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, ledgerFile), plain)
	put(t, filepath.Join(dir, manifestFile), raw)
	if m, ok := errors.AsType[*verify.Mismatch](readAll(t.Context(), dir)); !ok || m.ID != ledgerFile || m.Field != "content" {
		t.Errorf("not compressed: %v", m)
	}
}

func TestLongLines(t *testing.T) {
	text := strings.Repeat("x", chunkSize*3) + "\nshort\n" + strings.Repeat("y", chunkSize) + "\n"
	c := &cutter{name: "f", in: strings.NewReader(text), most: chunkSize * 4, line: 1}
	var got bytes.Buffer
	for line := 1; ; {
		next, err := c.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if next.first != line || !bytes.HasSuffix(next.text, []byte("\n")) {
			t.Errorf("a chunk from line %d on, want %d", next.first, line)
		}
		line += bytes.Count(next.text, []byte("\n"))
		got.Write(next.text)
	}
	if got.String() != text {
		t.Error("the lines are not those that were there")
	}
	c = &cutter{name: "f", in: strings.NewReader(text), most: chunkSize, line: 1}
	if m, ok := errors.AsType[*verify.Mismatch](func() error { _, err := c.next(); return err }()); !ok || m.ID != "f line 1" || m.Field != "length" {
		t.Errorf("too long: %v", m)
	}
}

// TestManifestText holds the format still.
func TestManifestText(t *testing.T) {
	m := manifest{head: head{Format: format, Instance: hashA}, files: []*file{{"b", 7, 2, hashB}, {"a", 0, 0, hashA}}}
	raw, hash, err := m.write()
	if err != nil {
		t.Fatal(err)
	}
	want := `{"at":"0001-01-01T00:00:00.000Z","format":"tasknet/bundle/v1","instance":"` + hashA + `"}
{"bytes":0,"file":"a","items":0,"sha256":"` + hashA + `"}
{"bytes":7,"file":"b","items":2,"sha256":"` + hashB + `"}
{"sha256":"` + hash + `"}
`
	if string(raw) != want {
		t.Errorf("got\n%s\nwant\n%s", raw, want)
	}
	if hash != "4bb2213ff4351750da8390bc9619a17270e0c53097392e3cca9567f76908674d" {
		t.Errorf("hash %s", hash)
	}
}
