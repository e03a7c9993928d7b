package sdk

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/wire"
)

// nobody is a platform whose keystore holds keys for a session, and who hears nothing.
type nobody struct{ secrets map[string]string }

func (n nobody) Get(name string) (string, error) { return n.secrets[name], nil }
func (n nobody) Set(name, secret string) error   { n.secrets[name] = secret; return nil }
func (n nobody) Delete(name string) error        { delete(n.secrets, name); return nil }
func (nobody) Accepted(string)                   {}
func (nobody) Refused(string)                    {}
func (nobody) Expired(string)                    {}
func (nobody) Delayed(string, string)            {}
func (nobody) Found(string)                      {}

// holding opens a session without a network that holds n assignments.
func holding(tb testing.TB, n int) (*Session, []wire.Assignment) {
	tb.Helper()
	in := wire.Instance{Instance: strings.Repeat("ab", 32), ChainID: 1337, ReceiptKey: strings.Repeat("cd", 32)}
	policy, err := polls.ParsePolicy("fixed:3", 0, 0)
	must(tb, err)
	q, err := polls.NewQuestion(polls.Draft{
		Type: polls.Choice, Text: strings.Repeat("Is this spam? ", 20), Choices: []string{"yes", "no"}, Policy: policy, Price: tasknet.Micro(18_000), Fee: tasknet.Micro(2_700), Lifetime: time.Hour,
		Snapshot: hex.EncodeToString(make([]byte, 32)),
	}, in.Instance, time.Now())
	must(tb, err)
	all := make([]wire.Assignment, n)
	for i := range all {
		all[i] = wire.Assignment{ID: tasknet.NewID(assignmentPrefix, time.Now()), Expires: wire.At(q.Deadline), Question: wire.AskedQuestion{
			ID: string(q.ID), Hash: q.Hash, Salt: q.Salt, Type: string(q.Type), Text: q.Text, Choices: q.Choices, Quorum: wire.Quorum{Policy: "fixed:3"},
			Price: q.Price, Fee: q.Fee, Deadline: wire.At(q.Deadline), Snapshot: q.Snapshot,
		}}
	}
	folder := tb.TempDir()
	must(tb, os.Mkdir(filepath.Join(folder, knownFolder), 0o700))
	for name, v := range map[string]any{"server": known{Instance: in}, "leases": all} {
		raw, err := json.Marshal(v)
		must(tb, err)
		must(tb, os.WriteFile(filepath.Join(folder, knownFolder, name+".json"), raw, 0o600))
	}
	s, err := Open(folder, "http://127.0.0.1:1", nobody{map[string]string{}}, nobody{})
	must(tb, err)
	tb.Cleanup(func() { must(tb, s.Close()) })
	return s, all
}

// BenchmarkAnswer measures a call of Answer, with the question's hash, the signature and the disk, without a network; and, by turns
// with it, what no such call can do without: as many bytes appended to a file, and one fsync.
func BenchmarkAnswer(b *testing.B) {
	s, all := holding(b, b.N)
	bare, err := os.Create(filepath.Join(b.TempDir(), "bare"))
	must(b, err)
	defer bare.Close()
	var calls, appends []time.Duration
	for _, a := range all {
		before, began := s.outbox.log.end, time.Now()
		must(b, s.Answer(a.ID, 1))
		calls = append(calls, time.Since(began))
		line := make([]byte, s.outbox.log.end-before)
		began = time.Now()
		_, err := bare.Write(line)
		must(b, errors.Join(err, bare.Sync()))
		appends = append(appends, time.Since(began))
	}
	slices.Sort(calls)
	slices.Sort(appends)
	median := func(of []time.Duration) float64 { return of[len(of)/2].Seconds() * 1e3 }
	mean := func(of []time.Duration) (sum float64) {
		for _, d := range of {
			sum += d.Seconds() * 1e3 / float64(len(of))
		}
		return sum
	}
	b.ReportMetric(0, "ns/op") // of both
	b.ReportMetric(mean(calls), "ms/answer")
	b.ReportMetric(median(calls), "ms/answer-p50")
	b.ReportMetric(mean(appends), "ms/fsync")
	b.ReportMetric(median(appends), "ms/fsync-p50")
}

// waitingFile is a log's file whose Sync waits.
type waitingFile struct {
	outboxFile
	begun, proceed chan struct{}
}

func (f *waitingFile) Sync() error {
	close(f.begun)
	<-f.proceed
	return f.outboxFile.Sync()
}

// TestHeldWhileAnswered: an assignment that the server tells again while its answer is being kept is not held a second time.
func TestHeldWhileAnswered(t *testing.T) {
	s, all := holding(t, 1)
	f := &waitingFile{s.outbox.log.file, make(chan struct{}), make(chan struct{})}
	s.outbox.log.file = f
	done := make(chan error)
	go func() { done <- s.Answer(all[0].ID, 1) }()
	<-f.begun
	if got := s.hold(slices.Clone(all)); len(got) != 0 {
		close(f.proceed)
		t.Fatalf("while it is being kept %d are held", len(got))
	}
	if err := s.Answer(all[0].ID, 0); !errors.Is(err, errAnswered) {
		t.Errorf("another answer meanwhile: %v", err)
	}
	close(f.proceed)
	must(t, <-done)
	if got := s.hold(slices.Clone(all)); len(got) != 0 || s.Held() != `{"assignments":[]}` {
		t.Errorf("then %d are held: %s", len(got), s.Held())
	}
	s.outbox.log.file = f.outboxFile
}
