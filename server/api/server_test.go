package api

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/server/cache"
	"github.com/tasknet/tasknet/server/wire"
)

var update = flag.Bool("update", false, "write the golden files anew")

const testInstance = "5bd0a5c1e3f2476d8899aabbccddeeff00112233445566778899aabbccddeeff"

var testChain = rewards.ChainInfo{
	ID: 31415926, Dev: true, Symbol: "tUSD", Decimals: 6, Confirmations: 2,
	Token: rewards.Address{1}, Vault: rewards.Address{2},
}

var testWeb = fstest.MapFS{
	"index.html":           {Data: []byte("<!doctype html><title>TaskNet</title>")},
	"exit.html":            {Data: []byte(exitPage)},
	"sw.js":                {Data: []byte("// worker")},
	"assets/app-1.js":      {Data: []byte("console.log('plain')")},
	"assets/app-1.js.gz":   {Data: []byte("gz bytes")},
	"assets/app-1.js.br":   {Data: []byte("br bytes")},
	"assets/style-2.css":   {Data: []byte("body{}")},
	"manifest.webmanifest": {Data: []byte("{}")},
}

// base are the parts of a server that need no store.
func base(t testing.TB) Deps {
	return Deps{
		Hub: cache.NewHub(), Web: testWeb, Instance: testInstance, Version: "test", Chain: testChain, FeeBasisPoints: 1500,
		DefaultPrice: tasknet.Micro(18_000), ReceiptKeys: oneKey([32]byte{}), LogKeys: oneKey([32]byte{}), LogFiles: testLog, TokenSecret: bytes.Repeat([]byte{7}, 32),
		Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
}

// oneKey are the keys of a server that has always had one.
func oneKey(key [32]byte) func() *polls.ServerKeys {
	keys, err := polls.NewServerKeys(testInstance, polls.LogKeys, key, nil)
	if err != nil {
		panic(err)
	}
	return func() *polls.ServerKeys { return keys }
}

// start serves until the test ends and returns the address.
func start(t testing.TB, d Deps) (string, *Server) {
	t.Helper()
	s, err := New(d)
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		if err := <-served; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return "http://" + ln.Addr().String(), s
}

// request is one row of a table of scenarios.
type request struct {
	method, path string
	header       http.Header
	body         string
}

// reply is what came of it.
type reply struct {
	status int
	header http.Header
	body   string
}

func (r reply) problem(t *testing.T) wire.Problem {
	t.Helper()
	var p wire.Problem
	if err := json.Unmarshal([]byte(r.body), &p); err != nil {
		t.Fatalf("status %d with a body that is no problem: %.300q", r.status, r.body)
	}
	if !bytes.Contains(problemsTable, []byte(`"code": "`+p.Code+`"`)) {
		t.Errorf("the table of problems has no %s", p.Code)
	}
	return p
}

var httpClient = &http.Client{
	Timeout:       20 * time.Second,
	Transport:     &http.Transport{DisableCompression: true, DisableKeepAlives: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func send(t testing.TB, address string, r request) reply {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), r.method, address+r.path, strings.NewReader(r.body))
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range r.header {
		req.Header[http.CanonicalHeaderKey(name)] = values
	}
	if r.body != "" && req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := httpClient.Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", r.method, r.path, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", r.method, r.path, err)
	}
	return reply{resp.StatusCode, resp.Header, string(body)}
}

func header(pairs ...string) http.Header {
	h := make(http.Header)
	for i := 0; i < len(pairs); i += 2 {
		h.Set(pairs[i], pairs[i+1])
	}
	return h
}

// golden compares got with a file of testdata, or writes it with -update.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs; if that is meant, run the test with -update (-want +got):\n%s", path, diff)
	}
}

func TestRoutesGolden(t *testing.T) {
	s, err := New(base(t))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, r := range s.app.GetRoutes(true) {
		lines = append(lines, fmt.Sprintf("%s %s\n", r.Path, r.Method))
	}
	slices.Sort(lines)
	golden(t, "routes.txt", []byte(strings.Join(lines, "")))
}

func TestOpenAPIGolden(t *testing.T) {
	s, err := New(base(t))
	if err != nil {
		t.Fatal(err)
	}
	document, err := s.writeDocument()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := json.Indent(&out, document, "", " "); err != nil {
		t.Fatal(err)
	}
	golden(t, "openapi.json", append(out.Bytes(), '\n'))
}

// TestDocsAtOnce: what is written at the first request is whole also for those who ask at the same time.
func TestDocsAtOnce(t *testing.T) {
	t.Parallel()
	address, _ := start(t, base(t))
	for path, end := range map[string]string{"/openapi.json": "}", "/docs": "</html>", "/docs/problems": "</html>"} {
		for range 4 {
			t.Run(path, func(t *testing.T) {
				t.Parallel()
				got := send(t, address, request{method: "GET", path: path})
				if got.status != 200 || len(got.body) < 10_000 || !strings.HasSuffix(strings.TrimSpace(got.body), end) {
					t.Errorf("status %d, %d bytes", got.status, len(got.body))
				}
			})
		}
	}
}

// Everything that can be asked for under /v1 stands in the OpenAPI document, and nothing else does.
func TestOpenAPIHasEveryRoute(t *testing.T) {
	s, err := New(base(t))
	if err != nil {
		t.Fatal(err)
	}
	documented := make(map[string]bool)
	for path, item := range s.huma.OpenAPI().Paths {
		for method, o := range map[string]any{"GET": item.Get, "POST": item.Post, "DELETE": item.Delete, "PUT": item.Put, "PATCH": item.Patch} {
			if o != nil && fmt.Sprint(o) != "<nil>" {
				documented[method+" "+strings.NewReplacer("{", ":", "}", "").Replace(path)] = true
			}
		}
	}
	for _, r := range s.app.GetRoutes(true) {
		if r.Method == http.MethodHead || strings.HasPrefix(r.Path, "/docs") || r.Path == "/openapi.json" {
			continue
		}
		key := r.Method + " " + strings.Replace(r.Path, "/*", "/:path", 1)
		if !documented[key] {
			t.Errorf("%s is not in the document", key)
		}
		delete(documented, key)
	}
	for key := range documented {
		t.Errorf("%s is in the document and not served", key)
	}
}
