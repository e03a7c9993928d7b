package sdk

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
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

// BenchmarkAnswer measures a call of Answer, with the question's hash, the signature and the disk, without a network.
func BenchmarkAnswer(b *testing.B) {
	in := wire.Instance{Instance: strings.Repeat("ab", 32), ChainID: 1337, ReceiptKey: strings.Repeat("cd", 32)}
	policy, err := polls.ParsePolicy("fixed:3", 0, 0)
	if err != nil {
		b.Fatal(err)
	}
	q, err := polls.NewQuestion(polls.Draft{
		Type: polls.Choice, Text: strings.Repeat("Is this spam? ", 20), Choices: []string{"yes", "no"}, Policy: policy, Price: tasknet.Micro(18_000), Fee: tasknet.Micro(2_700), Lifetime: time.Hour,
		Snapshot: hex.EncodeToString(make([]byte, 32)),
	}, in.Instance, time.Now())
	if err != nil {
		b.Fatal(err)
	}
	leases := make([]wire.Assignment, b.N)
	for i := range leases {
		leases[i] = wire.Assignment{ID: tasknet.NewID(assignmentPrefix, time.Now()), Expires: wire.At(q.Deadline), Question: wire.AskedQuestion{
			ID: string(q.ID), Hash: q.Hash, Salt: q.Salt, Type: string(q.Type), Text: q.Text, Choices: q.Choices, Quorum: wire.Quorum{Policy: "fixed:3"},
			Price: q.Price, Fee: q.Fee, Deadline: wire.At(q.Deadline), Snapshot: q.Snapshot,
		}}
	}
	folder := b.TempDir()
	if err := os.Mkdir(filepath.Join(folder, knownFolder), 0o700); err != nil {
		b.Fatal(err)
	}
	for name, v := range map[string]any{"server": known{Instance: in}, "leases": leases} {
		raw, err := json.Marshal(v)
		if err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, knownFolder, name+".json"), raw, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	s, err := Open(folder, "http://127.0.0.1:1", nobody{map[string]string{}}, nobody{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	b.ResetTimer()
	for i := range b.N {
		if err := s.Answer(leases[i].ID, 1); err != nil {
			b.Fatal(err)
		}
	}
}
