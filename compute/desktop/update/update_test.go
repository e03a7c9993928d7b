package update

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"
)

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// served is a Source of what a test serves.
type served map[string][]byte

func (s served) Fetch(_ context.Context, address string, _ int64) (io.ReadCloser, error) {
	content, ok := s[address]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return io.NopCloser(bytes.NewReader(content)), nil
}

const list, file = "https://releases.example/node.json", "https://releases.example/v1.3.0/linux"

// release is a release of a program that a test may spoil before it is signed, and after.
func release(t *testing.T, program []byte, before func(*Manifest), after func(*Signed)) (*Updater, served) {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	hash := sha256.Sum256(program)
	m := Manifest{Version: "v1.3.0", Expires: now.Add(time.Hour).Unix(), Files: []File{
		{System: "windows/amd64", URL: "v1.3.0/windows", Bytes: 1, SHA256: "00"}, {System: "linux/amd64", URL: "v1.3.0/linux", Bytes: int64(len(program)), SHA256: hex.EncodeToString(hash[:])},
	}}
	if before != nil {
		before(&m)
	}
	s, err := Sign(m, private)
	if err != nil {
		t.Fatal(err)
	}
	if after != nil {
		after(&s)
	}
	raw, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	at := served{list: raw, file: program}
	return &Updater{Source: at, From: list, Key: public, Current: "v1.2.9", System: "linux/amd64", Now: func() time.Time { return now }}, at
}

func TestLook(t *testing.T) {
	t.Parallel()
	_, stranger, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		before func(*Manifest)
		after  func(*Signed)
		change func(*Updater, served)
		want   error
	}{
		{name: "a newer one"},
		{name: "no key", change: func(u *Updater, _ served) { u.Key = nil }, want: ErrNoKey},
		{name: "another's key", after: func(s *Signed) { *s, _ = Sign(s.Manifest, stranger) }, want: ErrManifest},
		{name: "signed, then changed", after: func(s *Signed) { s.Manifest.Version = "v1.4.0" }, want: ErrManifest},
		{name: "another file", after: func(s *Signed) { s.Manifest.Files[1].SHA256 = hex.EncodeToString(make([]byte, 32)) }, want: ErrManifest},
		{name: "no signature", after: func(s *Signed) { s.Signature = "" }, want: ErrManifest},
		{name: "no JSON", change: func(_ *Updater, s served) { s[list] = []byte("<html>") }, want: ErrManifest},
		{name: "two", change: func(_ *Updater, s served) { s[list] = append(s[list], s[list]...) }, want: ErrManifest},
		{name: "too long", change: func(_ *Updater, s served) { s[list] = append(s[list], bytes.Repeat([]byte(" "), manifestMax)...) }, want: ErrManifest},
		{name: "the same", change: func(u *Updater, _ served) { u.Current = "v1.3.0" }, want: ErrDowngrade},
		{name: "an older one", change: func(u *Updater, _ served) { u.Current = "v1.10.0" }, want: ErrDowngrade},
		{name: "an older list", before: func(m *Manifest) { m.Expires = now.Unix() }, want: ErrExpired},
		{name: "no version", before: func(m *Manifest) { m.Version = "newest" }, want: ErrManifest},
		{name: "half a version", before: func(m *Manifest) { m.Version = "v9" }, want: ErrManifest},
		{name: "no program for the system", change: func(u *Updater, _ served) { u.System = "plan9/386" }, want: ErrNoSystem},
		{name: "a hash that is none", before: func(m *Manifest) { m.Files[1].SHA256 = "00" }, want: ErrManifest},
		{name: "a program that is too large", before: func(m *Manifest) { m.Files[1].Bytes = programMax + 1 }, want: ErrManifest},
		{name: "not a release", change: func(u *Updater, _ served) { u.Current = "v1.2.9-4-gb3673f4" }, want: ErrNoRelease},
		{name: "a build without a version", change: func(u *Updater, _ served) { u.Current = "unknown" }, want: ErrNoRelease},
		{name: "nothing there", change: func(_ *Updater, s served) { delete(s, list) }, want: fs.ErrNotExist},
	} {
		u, at := release(t, []byte("next"), c.before, c.after)
		if c.change != nil {
			c.change(u, at)
		}
		r, err := u.Look(t.Context())
		if !errors.Is(err, c.want) || (r == nil) != (c.want != nil) || r != nil && (r.Version != "v1.3.0" || r.address != file) {
			t.Errorf("%s: %+v, %v", c.name, r, err)
		}
	}
}

func TestInstall(t *testing.T) {
	t.Parallel()
	u, at := release(t, []byte("next"), nil, nil)
	r, err := u.Look(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "tasknet-node")
	if err := os.WriteFile(program, []byte("first"), 0o755); err != nil {
		t.Fatal(err)
	}
	read := func(path string) string {
		content, err := os.ReadFile(path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		return string(content)
	}
	for name, content := range map[string]string{"another": "evil", "longer": "next and more", "shorter": "nex", "none": ""} {
		at[file] = []byte(content)
		if err := u.Install(t.Context(), r, program); !errors.Is(err, ErrWrongFile) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 || read(program) != "first" {
		t.Fatalf("after wrong files there are %v, and the program is %q", left, read(program))
	}
	at[file] = []byte("next")
	for range 2 { // over what is kept, too
		if err := u.Install(t.Context(), r, program); err != nil {
			t.Fatal(err)
		}
	}
	info, err := os.Stat(program)
	if err != nil || info.Mode().Perm() != 0o755 || read(program) != "next" || read(Old(program)) != "next" {
		t.Errorf("%v, %v: %q, before it %q", info, err, read(program), read(Old(program)))
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 2 {
		t.Errorf("there are %v, %v", left, err)
	}
}

func TestKey(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]error{
		"": ErrNoKey, "\n": ErrNoKey, "AAAA": ErrBadKeyFile, "?": ErrBadKeyFile, base64.StdEncoding.EncodeToString(make([]byte, 32)) + "\n": nil,
	} {
		if _, err := ParseKey(text); !errors.Is(err, want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestFetch(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/there" {
			http.NotFound(w, r)
			return
		}
		_, _ = io.WriteString(w, "content")
	}))
	defer server.Close()
	path := filepath.Join(t.TempDir(), "list.json")
	if err := os.WriteFile(path, []byte("content"), 0o600); err != nil {
		t.Fatal(err)
	}
	for address, fits := range map[string]bool{
		server.URL + "/there": true, path: true, server.URL + "/elsewhere": false, "http://releases.example/node.json": false, "file:///etc/passwd": false, path + "2": false,
	} {
		in, err := Fetcher{server.Client()}.Fetch(t.Context(), address, 7)
		if (err == nil) != fits {
			t.Errorf("%s: %v", address, err)
		}
		if err == nil {
			if content, err := io.ReadAll(in); err != nil || string(content) != "content" {
				t.Errorf("%s: %q, %v", address, content, err)
			}
			in.Close()
		}
	}
	if _, err := (Fetcher{server.Client()}).Fetch(t.Context(), server.URL+"/there", 6); err == nil {
		t.Error("more is fetched than is wanted")
	}
}
