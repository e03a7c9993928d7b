package sdk_test

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/tasknet/tasknet/server/app"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/testnet"
)

// TestForkedLog: a phone that saw another log under the same key says so and keeps both checkpoints; so does one whose receipt
// is of an answer that the log does not have where it was promised.
func TestForkedLog(t *testing.T) {
	testnet.Run(t, app.Config{}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		net.Ask(t, ctx, ask("fixed:1"))
		p := newPhone(t, net.URL)
		a := p.take(t)[0]
		must(t, p.Answer(a.ID, 0))
		p.ear.await(t, "accepted", 1)
		net.AwaitLogged(t, ctx)

		file := filepath.Join(p.folder, "receipts", a.ID+".json")
		right, err := os.ReadFile(file)
		must(t, err)
		var wrong map[string]any
		must(t, json.Unmarshal(right, &wrong))
		wrong["accepted"].(map[string]any)["receipt"].(map[string]any)["record"] = strings.Repeat("ab", 32)
		raw, err := json.Marshal(wrong)
		must(t, err)
		must(t, os.WriteFile(file, raw, 0o600))
		var found struct {
			Logged  int
			Missing []struct{ Assignment, Code, Checkpoint string }
		}
		must(t, json.Unmarshal([]byte(parse[json.RawMessage](t)(p.CheckLog(nil))), &found))
		if len(found.Missing) != 1 || found.Missing[0].Assignment != a.ID || found.Missing[0].Code != "not_logged" || !strings.HasPrefix(found.Missing[0].Checkpoint, "tasknet/") || found.Logged != 0 {
			t.Errorf("of a wrong receipt: %+v", found)
		}
		must(t, os.WriteFile(file, right, 0o600))

		known := filepath.Join(p.folder, "known", "log.json")
		var seen struct {
			Instance           string `json:"instance"`
			Checkpoint, Forked []byte
		}
		raw, err = os.ReadFile(known)
		must(t, err)
		must(t, json.Unmarshal(raw, &seen))
		seen.Checkpoint = otherRoot(t, net.Data, seen.Checkpoint)
		raw, err = json.Marshal(map[string]any{"instance": seen.Instance, "checkpoint": seen.Checkpoint})
		must(t, err)
		must(t, os.WriteFile(known, raw, 0o600))
		if _, err := p.CheckLog(nil); code(err) != client.ErrForked.Code {
			t.Errorf("a log that was changed: %v", err)
		}
		raw, err = os.ReadFile(known)
		must(t, err)
		kept := seen
		must(t, json.Unmarshal(raw, &kept))
		if string(kept.Checkpoint) != string(seen.Checkpoint) || len(kept.Forked) == 0 {
			t.Errorf("kept %s", raw)
		}
	})
}

// otherRoot returns a checkpoint of another root, as the key of an instance's log would sign it.
func otherRoot(t *testing.T, data string, checkpoint []byte) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(data, "keys", "log"))
	must(t, err)
	seed, err := hex.DecodeString(strings.TrimSpace(string(raw)))
	must(t, err)
	key := ed25519.NewKeyFromSeed(seed)
	lines := strings.Split(string(checkpoint), "\n")
	lines[2] = base64.StdEncoding.EncodeToString(make([]byte, 32))
	public, err := note.NewEd25519VerifierKey(lines[0], key.Public().(ed25519.PublicKey))
	must(t, err)
	v, err := note.NewVerifier(public)
	must(t, err)
	secret := base64.StdEncoding.EncodeToString(append([]byte{1}, seed...))
	signer, err := note.NewSigner(fmt.Sprintf("PRIVATE+KEY+%s+%x+%s", lines[0], binary.BigEndian.AppendUint32(nil, v.KeyHash()), secret))
	must(t, err)
	out, err := note.Sign(&note.Note{Text: strings.Join(lines[:3], "\n") + "\n"}, signer)
	must(t, err)
	return out
}
