package api

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/cache"
	"github.com/tasknet/tasknet/server/wire"
)

// Whatever cannot be handled is a problem with its own code.
func TestProblems(t *testing.T) {
	address, _ := start(t, base(t))
	html := header("Accept", "text/html,*/*;q=0.8")
	for _, test := range []struct {
		name string
		request
		status int
		code   string
	}{
		{"no such route", request{method: "GET", path: "/v1/nothing"}, 404, "no_such_route"},
		{"no such route, in a browser", request{method: "GET", path: "/v1/nothing", header: html}, 404, "no_such_route"},
		{"no such route to write to", request{method: "POST", path: "/nothing", header: html}, 404, "no_such_route"},
		{"no page, for a program", request{method: "GET", path: "/earn"}, 404, "no_such_route"},
		{"an asset of another build", request{method: "GET", path: "/assets/app-0.js", header: html}, 404, "no_such_route"},
		{"wrong method", request{method: "PUT", path: "/v1/questions"}, 405, "method_not_allowed"},
		{"wrong method of a plain route", request{method: "GET", path: "/v1/answers"}, 405, "method_not_allowed"},
		{"method that is none", request{method: "BREW", path: "/v1/questions"}, 405, "method_not_allowed"},
		{"packed body", request{method: "POST", path: "/v1/sessions/challenge", header: header("Content-Encoding", "gzip"), body: "x"}, 415, "unsupported_encoding"},
		{"body of another type", request{method: "POST", path: "/v1/sessions/challenge", header: header("Content-Type", "application/x-www-form-urlencoded"), body: "a=b"}, 415, "unsupported_media_type"},
		{"no body", request{method: "POST", path: "/v1/sessions/challenge"}, 400, "body_required"},
		{"broken JSON", request{method: "POST", path: "/v1/sessions/challenge", body: `{"device":`}, 400, "bad_json"},
		{"missing field", request{method: "POST", path: "/v1/sessions/challenge", body: `{}`}, 400, "invalid_request"},
		{"unknown field", request{method: "POST", path: "/v1/sessions/challenge", body: `{"device":"","who":1}`}, 400, "invalid_request"},
		{"wrong type", request{method: "POST", path: "/v1/sessions/challenge", body: `{"device":7}`}, 400, "invalid_request"},
		{"bad value", request{method: "POST", path: "/v1/sessions/challenge", body: `{"device":"xyz"}`}, 400, "bad_device_key"},
		{"large body", request{method: "POST", path: "/v1/sessions/challenge", body: `{"device":"` + strings.Repeat("a", jsonBytesMax) + `"}`}, 413, "body_too_large"},
		{"huge body", request{method: "POST", path: "/v1/questions", body: strings.Repeat(" ", 20<<20)}, 413, "body_too_large"},
		{"large answer", request{method: "POST", path: "/v1/answers", body: strings.Repeat(" ", answerBytesMax+1)}, 413, "body_too_large"},
		{"huge image", request{method: "POST", path: "/v1/media", header: header("Authorization", "Bearer tn_"+strings.Repeat("a", 52)), body: strings.Repeat(" ", mediaBytesMax+1)}, 413, "body_too_large"},
		{"large image of nobody's", request{method: "POST", path: "/v1/media", body: strings.Repeat(" ", jsonBytesMax+1)}, 401, "api_key_required"},
		{"large image without a whole key", request{method: "POST", path: "/v1/media", header: header("Authorization", "Bearer tn_abc"), body: strings.Repeat(" ", jsonBytesMax+1)}, 401, "api_key_required"},
		{"a zero byte in text", request{method: "POST", path: "/v1/sessions/challenge", body: `{"device":"a\u0000"}`}, 400, "bad_json"},
		{"a zero byte in an answer", request{method: "POST", path: "/v1/answers", body: `{"assignment":"\u0000","question":"q","device":"d","choice":0,"nonce":"n","time_ms":1,"signature":"s"}`}, 400, "bad_json"},
		{"a zero byte in a path", request{method: "GET", path: "/v1/records/snapshots/%00"}, 404, "no_such_snapshot"},
		{"a snapshot's hash with more", request{method: "GET", path: "/v1/records/snapshots/" + strings.Repeat("0", 64) + "%00"}, 404, "no_such_snapshot"},
		{"large headers", request{method: "GET", path: "/v1/instance", header: header("X", strings.Repeat("a", 2*headerBytes))}, 431, "header_too_large"},
		{"no API key", request{method: "GET", path: "/v1/balance"}, 401, "api_key_required"},
		{"another scheme", request{method: "GET", path: "/v1/balance", header: header("Authorization", "Basic dG5fYTpi")}, 401, "api_key_required"},
		{"a token for a key", request{method: "GET", path: "/v1/balance", header: header("Authorization", "Bearer rt_abc")}, 401, "api_key_required"},
		{"no token", request{method: "GET", path: "/v1/me"}, 401, "token_required"},
		{"a token that is none", request{method: "GET", path: "/v1/me", header: header("Authorization", "Bearer rt_abc")}, 401, "bad_token"},
		{"an API key for a token", request{method: "GET", path: "/v1/me", header: header("Authorization", "Bearer tn_abc")}, 401, "bad_token"},
		{"nothing of a body is read before the key", request{method: "POST", path: "/v1/questions", body: `{"`}, 401, "api_key_required"},
		{"broken answer", request{method: "POST", path: "/v1/answers", body: `{"choice":1}`}, 400, "bad_json"},
		{"limit of nothing", request{method: "GET", path: "/v1/records/ledger?limit=0"}, 400, "invalid_request"},
		{"limit too high", request{method: "GET", path: "/v1/records/ledger?limit=201"}, 400, "invalid_request"},
		{"limit in words", request{method: "GET", path: "/v1/records/ledger?limit=many"}, 400, "invalid_request"},
		{"cursor of nobody", request{method: "GET", path: "/v1/records/ledger?cursor=abc"}, 400, "bad_cursor"},
		{"bad id", request{method: "GET", path: "/v1/records/questions/q_1"}, 400, "bad_id"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := send(t, address, test.request)
			if got.status != test.status {
				t.Fatalf("status %d, want %d: %.300s", got.status, test.status, got.body)
			}
			if ct := got.header.Get("Content-Type"); ct != problemType {
				t.Errorf("content type %q", ct)
			}
			p := got.problem(t)
			if p.Code != test.code || p.Status != test.status || p.Type != "/docs/problems#"+test.code || p.Title != http.StatusText(test.status) {
				t.Errorf("problem %+v, want code %s", p, test.code)
			}
			if len(p.Detail) < 20 || !strings.HasSuffix(p.Detail, ".") && !strings.HasSuffix(p.Detail, "...") {
				t.Errorf("detail %q is no sentence that helps", p.Detail)
			}
			if got.header.Get(headerRequestID) == "" || got.header.Get("Content-Security-Policy") != csp {
				t.Errorf("headers are missing: %v", got.header)
			}
			if www := got.header.Get("WWW-Authenticate"); (www != "") != (test.status == 401) {
				t.Errorf("WWW-Authenticate %q with status %d", www, test.status)
			}
			if allow := got.header.Get("Allow"); test.status == 405 && test.method != "BREW" && allow == "" {
				t.Error("405 without Allow")
			}
		})
	}
}

// What is no error of ours is logged whole under the id that the caller gets, and tells them nothing else.
func TestUnknownErrorsStayInside(t *testing.T) {
	d := base(t)
	var log bytes.Buffer
	d.Log = slog.New(slog.NewJSONHandler(&log, nil))
	d.Ready = []Check{{"database", func(context.Context) error { panic("row 7 of secret_table") }}}
	s, err := New(d)
	if err != nil {
		t.Fatal(err)
	}
	s.app.Get("/v1/broken", func(*fiber.Ctx) error { return errors.New("password is swordfish") })
	for _, path := range []string{"/readyz", "/v1/broken"} {
		req, _ := http.NewRequestWithContext(t.Context(), "GET", path, nil)
		resp, err := s.app.Test(req, -1)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		id := resp.Header.Get(headerRequestID)
		if resp.StatusCode != 500 || strings.Contains(string(body), "secret") || strings.Contains(string(body), "swordfish") || !strings.Contains(string(body), id) {
			t.Errorf("%s: status %d, body %s", path, resp.StatusCode, body)
		}
		if !strings.Contains(log.String(), id) {
			t.Errorf("%s: the log does not have the request's id", path)
		}
	}
	for _, want := range []string{"row 7 of secret_table", "password is swordfish", "edge_test.go"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log does not say %q", want)
		}
	}
}

func TestLogHasNoSecrets(t *testing.T) {
	d := base(t)
	var log bytes.Buffer
	d.Log = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s, err := New(d)
	if err != nil {
		t.Fatal(err)
	}
	req, _ := http.NewRequestWithContext(t.Context(), "POST", "/v1/sessions/challenge?token=inquery", strings.NewReader(`{"device":"inbody"}`))
	req.Header.Set("Authorization", "Bearer tn_inheader")
	req.Header.Set("Content-Type", "application/json")
	resp, err := s.app.Test(req, -1)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if !strings.Contains(log.String(), "/v1/sessions/challenge") {
		t.Error("the request is not in the log")
	}
	for _, secret := range []string{"inquery", "inbody", "inheader"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log has %q: %s", secret, &log)
		}
	}
}

func TestKindsHaveStatuses(t *testing.T) {
	for _, kind := range []tasknet.Kind{
		tasknet.Internal, tasknet.Invalid, tasknet.Unauthenticated, tasknet.Forbidden, tasknet.NotFound, tasknet.Conflict, tasknet.NoFunds,
		tasknet.TooLarge, tasknet.TooMany, tasknet.Unavailable, tasknet.NotSupported,
	} {
		if statuses[kind] == 0 {
			t.Errorf("%s has no status", kind)
		}
	}
}

// exitPage is a page that carries its policy with it.
const exitPage = `<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-x'"><title>Leave</title>`

func TestWebApp(t *testing.T) {
	address, _ := start(t, base(t))
	html := header("Accept", "text/html")
	etag := send(t, address, request{method: "GET", path: "/"}).header.Get("ETag")
	for _, test := range []struct {
		name string
		request
		status                     int
		mediaType, caching, coding string
		body                       string
	}{
		{"front page", request{method: "GET", path: "/"}, 200, "text/html; charset=utf-8", "no-cache", "", "<!doctype html><title>TaskNet</title>"},
		{"the app's own address", request{method: "GET", path: "/console/q/q_1", header: html}, 200, "text/html; charset=utf-8", "no-cache", "", "<!doctype html><title>TaskNet</title>"},
		{"the same for a program", request{method: "GET", path: "/console/q/q_1"}, 200, "text/html; charset=utf-8", "no-cache", "", "<!doctype html><title>TaskNet</title>"},
		{"a page for curl", request{method: "GET", path: "/payouts", header: header("Accept", "*/*")}, 200, "text/html; charset=utf-8", "no-cache", "", "<!doctype html><title>TaskNet</title>"},
		{"no page for a browser", request{method: "GET", path: "/payout", header: html}, 200, "text/html; charset=utf-8", "no-cache", "", "<!doctype html><title>TaskNet</title>"},
		{"no page for a program", request{method: "GET", path: "/payout"}, 404, problemType, "no-store", "", ""},
		{"nothing is written to a page", request{method: "POST", path: "/payouts"}, 404, problemType, "no-store", "", ""},
		{"no page of the API", request{method: "GET", path: "/v1/payouts", header: html}, 404, problemType, "no-store", "", ""},
		{"a page with its own policy", request{method: "GET", path: "/exit.html"}, 200, "text/html; charset=utf-8", "no-cache", "", exitPage},
		{"head", request{method: "HEAD", path: "/"}, 200, "text/html; charset=utf-8", "no-cache", "", ""},
		{"unchanged", request{method: "GET", path: "/", header: header("If-None-Match", etag)}, 304, "", "no-cache", "", ""},
		{"service worker", request{method: "GET", path: "/sw.js"}, 200, "text/javascript; charset=utf-8", "no-cache", "", "// worker"},
		{"manifest", request{method: "GET", path: "/manifest.webmanifest"}, 200, "application/manifest+json", "no-cache", "", "{}"},
		{"asset", request{method: "GET", path: "/assets/app-1.js"}, 200, "text/javascript; charset=utf-8", immutable, "", "console.log('plain')"},
		{"asset packed", request{method: "GET", path: "/assets/app-1.js", header: header("Accept-Encoding", "gzip, deflate")}, 200, "text/javascript; charset=utf-8", immutable, "gzip", "gz bytes"},
		{"asset packed better", request{method: "GET", path: "/assets/app-1.js", header: header("Accept-Encoding", "gzip;q=1.0, br ; q=0.5")}, 200, "text/javascript; charset=utf-8", immutable, "br", "br bytes"},
		{"asset, packing refused", request{method: "GET", path: "/assets/app-1.js", header: header("Accept-Encoding", "br;q=0, gzip; q=0.0")}, 200, "text/javascript; charset=utf-8", immutable, "", "console.log('plain')"},
		{"asset without packed form", request{method: "GET", path: "/assets/style-2.css", header: header("Accept-Encoding", "br")}, 200, "text/css; charset=utf-8", immutable, "", "body{}"},
		{"the packed form is no file", request{method: "GET", path: "/assets/app-1.js.gz", header: html}, 404, problemType, "no-store", "", ""},
		{"docs", request{method: "GET", path: "/docs"}, 200, "text/html; charset=utf-8", "no-cache", "", ""},
		{"docs of problems", request{method: "GET", path: "/docs/problems"}, 200, "text/html; charset=utf-8", "no-cache", "", ""},
		{"docs style", request{method: "GET", path: "/docs/style.css"}, 200, "text/css; charset=utf-8", "no-cache", "", ""},
		{"OpenAPI", request{method: "GET", path: "/openapi.json"}, 200, "application/openapi+json", "no-cache", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := send(t, address, test.request)
			have := []string{got.header.Get("Content-Type"), got.header.Get("Cache-Control"), got.header.Get("Content-Encoding")}
			if got.status != test.status || have[1] != test.caching || have[2] != test.coding || (test.mediaType != "" && have[0] != test.mediaType) {
				t.Errorf("status %d, headers %q", got.status, have)
			}
			if test.body != "" && got.body != test.body {
				t.Errorf("body %q, want %q", got.body, test.body)
			}
			policy := csp
			if strings.HasPrefix(test.path, "/exit.html") {
				policy = "default-src 'none'; script-src 'sha256-x'; frame-ancestors 'none'"
			}
			if got.header.Get("Content-Security-Policy") != policy || got.header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("security headers are missing: %v", got.header)
			}
		})
	}
}

// TestShareWithoutItsWorker: what a phone shares when its browser has lost the app's worker leads to the form, with its words.
func TestShareWithoutItsWorker(t *testing.T) {
	address, _ := start(t, base(t))
	form := func(fields ...string) request {
		var body bytes.Buffer
		w := multipart.NewWriter(&body)
		for i := 0; i < len(fields); i += 2 {
			var part io.Writer
			var err error
			if fields[i] == "picture" {
				part, err = w.CreateFormFile("picture", "roof.png")
			} else {
				part, err = w.CreateFormField(fields[i])
			}
			if err == nil {
				_, err = io.WriteString(part, fields[i+1])
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		w.Close()
		return request{method: "POST", path: "/share", body: body.String(), header: header("Content-Type", w.FormDataContentType())}
	}
	long := strings.Repeat("Zürich ", 2000)
	for name, test := range map[string]struct {
		request
		want url.Values
	}{
		"words":              {form("title", " A storm ", "text", "ça & là\n#1", "url", "https://example.org/?a=b", "other", "no"), url.Values{"title": {"A storm"}, "text": {"ça & là\n#1"}, "url": {"https://example.org/?a=b"}}},
		"nothing":            {form("title", " "), url.Values{}},
		"a picture":          {form("text", "roof", "picture", "png"), url.Values{"text": {"roof"}, "picture": {"lost"}}},
		"a large picture":    {form("text", "roof", "picture", strings.Repeat("x", jsonBytesMax)), url.Values{"picture": {"lost"}}},
		"what is no text":    {form("text", "a\xffb", "text", "again"), url.Values{"text": {"ab"}}},
		"a form of others":   {request{method: "POST", path: "/share", body: "text=a", header: header("Content-Type", "application/x-www-form-urlencoded")}, url.Values{}},
		"a form that breaks": {request{method: "POST", path: "/share", body: "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nhalf", header: header("Content-Type", "multipart/form-data; boundary=b")}, url.Values{}},
		"a book":             {form("title", "Z", "text", long), nil},
	} {
		got := send(t, address, test.request)
		to, err := url.Parse(got.header.Get("Location"))
		if err != nil || got.status != 303 || to.Path != "/ask" || to.RawQuery != "" || got.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d to %q", name, got.status, got.header.Get("Location"))
			continue
		}
		said, err := url.ParseQuery(to.EscapedFragment())
		if name == "a book" {
			if text := said.Get("text"); !strings.HasPrefix(long, text) || len(text) < 1000 || len(got.header.Get("Location")) > sharedMost+len("/ask#") {
				t.Errorf("%s: %d bytes of address", name, len(got.header.Get("Location")))
			}
		} else if diff := cmp.Diff(test.want, said); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
	if got := send(t, address, request{method: "GET", path: "/share"}); got.status != 404 {
		t.Errorf("looked at: %d", got.status)
	}
}

// TestAppPages: the pages that are known here are those of the app.
func TestAppPages(t *testing.T) {
	source, err := os.ReadFile("../../web/src/app.tsx")
	if err != nil {
		t.Fatal(err)
	}
	var routes []string
	for _, m := range regexp.MustCompile(`(?m)^    case '(\w+)':$`).FindAllSubmatch(source, -1) {
		routes = append(routes, string(m[1]))
	}
	slices.Sort(routes)
	if diff := cmp.Diff(routes, appPages); diff != "" {
		t.Errorf("(-app.tsx +server):\n%s", diff)
	}
}

// TestWebAppAsksANode: the app's page may ask the node that it is told of, and its files nobody else.
func TestWebAppAsksANode(t *testing.T) {
	deps := base(t)
	deps.Node = "https://rpc.example.org:8545/v2/abc"
	address, _ := start(t, deps)
	want := strings.Replace(csp, "connect-src 'self'", "connect-src 'self' https://rpc.example.org:8545", 1)
	if got := send(t, address, request{method: "GET", path: "/console", header: header("Accept", "text/html")}); got.header.Get("Content-Security-Policy") != want {
		t.Errorf("the page's policy is %q", got.header.Get("Content-Security-Policy"))
	}
	if got := send(t, address, request{method: "GET", path: "/sw.js"}); got.header.Get("Content-Security-Policy") != csp {
		t.Errorf("another file's policy is %q", got.header.Get("Content-Security-Policy"))
	}
	if got := send(t, address, request{method: "GET", path: "/v1/instance"}); !strings.Contains(got.body, `"node":"https://rpc.example.org:8545/v2/abc"`) {
		t.Errorf("the instance is %s", got.body)
	}
}

// The docs page loads nothing that its content security policy forbids: no script, no inline style, nothing from elsewhere.
func TestDocsPage(t *testing.T) {
	address, s := start(t, base(t))
	page := send(t, address, request{method: "GET", path: "/docs"}).body
	for _, bad := range []string{"<script", "style=", "http://", "https://", "<no value>", "ZgotmplZ", "onclick"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	if !strings.Contains(page, `href="`+problemsPath+`"`) {
		t.Error("the page does not lead to that of problems")
	}
	for path, item := range s.huma.OpenAPI().Paths {
		if !strings.Contains(page, path) {
			t.Errorf("the page does not have %s", path)
		}
		if item.Post != nil && !strings.Contains(page, `id="`+item.Post.OperationID+`"`) {
			t.Errorf("the page has no section for %s", item.Post.OperationID)
		}
	}
	for _, line := range strings.Split(page, `href="#`)[1:] {
		if target, _, _ := strings.Cut(line, `"`); !strings.Contains(page, `id="`+strings.ReplaceAll(target, "%20", " ")+`"`) {
			t.Errorf("a link leads to #%s, which is not there", target)
		}
	}
}

func TestInstanceAndHealth(t *testing.T) {
	d := base(t)
	failing := false
	d.Ready = []Check{
		{"database", func(context.Context) error { return nil }},
		{"chain", func(context.Context) error {
			if failing {
				return errors.New("chain at secret-host is away")
			}
			return nil
		}},
	}
	d.Now = func() time.Time { return time.UnixMilli(1_795_262_400_123) }
	d.Log = slog.New(slog.DiscardHandler)
	address, _ := start(t, d)
	want := `{"instance":"` + testInstance + `","version":"test","token":{"address":"0x0100000000000000000000000000000000000000","symbol":"tUSD","decimals":6},` +
		`"fee_basis_points":1500,"default_price":"0.018","relay_basis_points":0,"chain_id":31415926,"dev_chain":true,"vault":"0x0200000000000000000000000000000000000000",` +
		`"receipt_key":"0000000000000000000000000000000000000000000000000000000000000000","log":{"name":"tasknet/` + testInstance + `","key":"` + strings.Repeat("0", 64) + `"},"limits":{"text_length":1000,"choice_length":500,"choices":20,` +
		`"answers":1000,"values":100,"body_bytes":262144,"media_bytes":10485760,"artefact_bytes":0,"deadline_seconds_min":10,"deadline_seconds_max":2592000},` +
		`"time":"2026-11-21T12:00:00.123Z","policies":["fixed:n","confidence:p"]}` + "\n"
	if got := send(t, address, request{method: "GET", path: "/v1/instance"}); got.status != 200 || got.body != want {
		t.Errorf("instance: %d %s", got.status, cmp.Diff(want, got.body))
	}
	if got := send(t, address, request{method: "GET", path: "/healthz"}); got.status != 200 || got.body != "{\"status\":\"ok\"}\n" {
		t.Errorf("healthz: %d %s", got.status, got.body)
	}
	if got := send(t, address, request{method: "GET", path: "/readyz"}); got.status != 200 || got.body != `{"status":"ok","checks":{"chain":"ok","database":"ok"}}`+"\n" {
		t.Errorf("readyz: %d %s", got.status, got.body)
	}
	failing = true
	if got := send(t, address, request{method: "GET", path: "/readyz"}); got.status != 503 || got.body != `{"status":"failing","checks":{"chain":"failing","database":"ok"}}`+"\n" {
		t.Errorf("readyz of a failing chain: %d %s", got.status, got.body)
	}
}

func TestRateLimits(t *testing.T) {
	d := base(t)
	now := time.Unix(1_800_000_000, 0)
	d.Now = func() time.Time { return now }
	d.Limits = Limits{Reads: cache.Rate{PerSecond: 0.1, Burst: 2}, Address: cache.Rate{PerSecond: 1, Burst: 1}}
	d.TrustProxy = true
	address, _ := start(t, d)
	from := func(ip string) http.Header { return header("X-Forwarded-For", ip) }
	read := func(ip string) reply {
		return send(t, address, request{method: "GET", path: "/v1/instance", header: from(ip)})
	}
	for i, test := range []struct {
		ip     string
		status int
	}{
		{"198.51.100.1", 200},
		{"198.51.100.1", 200},
		{"198.51.100.1", 429},
		{"198.51.100.1, 198.51.100.2", 200}, // what a client claims before it does not count
		{"2001:db8::1", 200},
		{"2001:db8::2", 200},
		{"2001:db8::ffff:3", 429}, // one network of a client
		{"2001:db8:0:1::1", 200},
	} {
		got := read(test.ip)
		if got.status != test.status {
			t.Fatalf("request %d from %s: status %d, want %d", i, test.ip, got.status, test.status)
		}
		if test.status == 429 {
			if p := got.problem(t); p.Code != "rate_limited" || got.header.Get("Retry-After") != "10" {
				t.Errorf("problem %+v, Retry-After %q", p, got.header.Get("Retry-After"))
			}
		}
	}
	// A proxy may write a line of its own after one that the client sent.
	lines := http.Header{"X-Forwarded-For": {"198.51.100.77", "198.51.100.78, 198.51.100.1"}}
	if got := send(t, address, request{method: "GET", path: "/v1/instance", header: lines}); got.status != 429 {
		t.Errorf("with two lines: status %d, want 429", got.status)
	}
	now = now.Add(10 * time.Second)
	if got := read("198.51.100.1"); got.status != 200 {
		t.Errorf("after the wait: status %d", got.status)
	}
	// Answers that make no sense count.
	bad := request{method: "POST", path: "/v1/answers", header: from("198.51.100.9"), body: `{}`}
	if first, second := send(t, address, bad), send(t, address, bad); first.status != 400 || second.status != 429 {
		t.Errorf("bad answers: status %d, then %d; want 400, 429", first.status, second.status)
	}
}

// Without a proxy that is trusted, the header that names one is anybody's claim.
func TestForwardedForIsNotBelieved(t *testing.T) {
	d := base(t)
	now := time.Unix(1_800_000_000, 0)
	d.Now = func() time.Time { return now }
	d.Limits = Limits{Reads: cache.Rate{PerSecond: 1, Burst: 1}}
	address, _ := start(t, d)
	for i, want := range []int{200, 429} {
		got := send(t, address, request{method: "GET", path: "/v1/instance", header: header("X-Forwarded-For", fmt.Sprint("198.51.100.", i))})
		if got.status != want {
			t.Errorf("request %d: status %d, want %d", i, got.status, want)
		}
	}
}

func TestServeAndShutdown(t *testing.T) {
	listen := func() net.Listener {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		return ln
	}
	t.Run("shutdown before serve", func(t *testing.T) {
		s, err := New(base(t))
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := s.Shutdown(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Serve(t.Context(), listen()); err != nil {
			t.Errorf("Serve after Shutdown: %v", err)
		}
	})
	t.Run("many shutdowns at once, while it starts", func(t *testing.T) {
		for range 20 {
			s, err := New(base(t))
			if err != nil {
				t.Fatal(err)
			}
			var all sync.WaitGroup
			all.Go(func() {
				if err := s.Serve(t.Context(), listen()); err != nil {
					t.Errorf("Serve: %v", err)
				}
			})
			for range 4 {
				all.Go(func() {
					if err := s.Shutdown(t.Context()); err != nil {
						t.Errorf("Shutdown: %v", err)
					}
				})
			}
			all.Wait()
		}
	})
	t.Run("connections without a request do not hold it up", func(t *testing.T) {
		s, err := New(base(t))
		if err != nil {
			t.Fatal(err)
		}
		ln := listen()
		served := make(chan error, 1)
		go func() { served <- s.Serve(t.Context(), ln) }()
		idle, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer idle.Close()
		if got := send(t, "http://"+ln.Addr().String(), request{method: "GET", path: "/healthz"}); got.status != 200 {
			t.Fatalf("status %d", got.status)
		}
		stopped := make(chan error, 1)
		go func() { stopped <- s.Shutdown(t.Context()) }()
		if n, err := idle.Read(make([]byte, 1)); n != 0 || !errors.Is(err, io.EOF) {
			t.Errorf("the idle connection: %d bytes, %v; want its end", n, err)
		}
		if err := <-stopped; err != nil {
			t.Fatal(err)
		}
		if err := <-served; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	t.Run("a slow upload is cut off", func(t *testing.T) {
		d := base(t)
		var log bytes.Buffer
		d.Log = slog.New(slog.NewTextHandler(&log, nil))
		s, err := New(d)
		if err != nil {
			t.Fatal(err)
		}
		ln := listen()
		served := make(chan error, 1)
		go func() { served <- s.Serve(t.Context(), ln) }()
		client := startUpload(t, ln.Addr().String(), "tn_"+strings.Repeat("a", 52), 300_000)
		defer client.Close()
		awaitTaken(s, 300_000)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
		if err := <-served; err != nil {
			t.Errorf("Serve: %v", err)
		}
		if !strings.Contains(log.String(), "requests were cut off") {
			t.Errorf("the log does not tell: %s", &log)
		}
	})
	t.Run("a request that hangs is cut off", func(t *testing.T) {
		d := base(t)
		d.Log = slog.New(slog.DiscardHandler)
		entered := make(chan struct{})
		d.Ready = []Check{{"hangs", func(ctx context.Context) error { close(entered); <-ctx.Done(); return ctx.Err() }}}
		s, err := New(d)
		if err != nil {
			t.Fatal(err)
		}
		ln := listen()
		served := make(chan error, 1)
		go func() { served <- s.Serve(t.Context(), ln) }()
		client, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		fmt.Fprintf(client, "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")
		<-entered
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
		if err := <-served; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
}

// startUpload sends the headers of an image, and nothing of it.
func startUpload(t *testing.T, address, key string, size int) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(c, "POST /v1/media HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n", key, size)
	return c
}

// awaitTaken waits until so much memory is reserved for bodies.
func awaitTaken(s *Server, want int64) {
	for {
		s.bodies.mu.Lock()
		taken := s.bodies.taken
		s.bodies.mu.Unlock()
		if taken == want {
			return
		}
		runtime.Gosched()
	}
}

// An image gets no memory before there is a key, nor when others have it all, and gives it back however it ends.
func TestLargeBodiesAreBounded(t *testing.T) {
	w := newWorld(t)
	w.server.bodies.mu.Lock()
	w.server.bodies.most = 1_000_000
	w.server.bodies.mu.Unlock()
	upload := func(size int) reply {
		return w.as(w.key, "POST", "/v1/media", strings.Repeat("x", size), "Content-Type", "image/png")
	}
	slow := startUpload(t, strings.TrimPrefix(w.address, "http://"), w.key, 700_000)
	defer slow.Close()
	awaitTaken(w.server, 700_000)
	got := upload(300_001)
	if p := got.problem(t); got.status != 503 || p.Code != "too_many_uploads" || got.header.Get("Retry-After") != "5" {
		t.Errorf("one too many: %d %+v, Retry-After %q", got.status, p, got.header.Get("Retry-After"))
	}
	for _, size := range []int{300_000, jsonBytesMax} { // the second needs no room
		if got := upload(size); got.status != 400 || got.problem(t).Code != "bad_image_type" {
			t.Errorf("%d bytes, which fit: %d %s", size, got.status, got.body)
		}
	}
	awaitTaken(w.server, 700_000)
	slow.Close()
	awaitTaken(w.server, 0)
	if got := upload(300_001); got.status != 400 {
		t.Errorf("after it: %d %s", got.status, got.body)
	}
	if got := w.as(w.key, "POST", "/v1/media", strings.Repeat("x", 300_000), "Content-Encoding", "gzip"); got.status != 415 {
		t.Errorf("packed: %d %s", got.status, got.body)
	}
	awaitTaken(w.server, 0)
}

// What a request that ended without a word had reserved is free again after a while.
func TestReservationsEnd(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	b := newBodies(10, func() time.Time { return now })
	var first, second fasthttp.RequestHeader
	if !b.reserve(&first, 10) || b.reserve(&second, 1) || !b.release(&second) || b.release(&second) {
		t.Error("a second body fits")
	}
	if !b.reserve(&first, 7) || b.taken != 7 {
		t.Error("the next request of a connection does not replace the one before")
	}
	now = now.Add(largeBodyTime)
	if !b.reserve(&second, 10) || b.release(&second) || b.taken != 0 {
		t.Errorf("after a while: %d taken", b.taken)
	}
}

// farListener gives connections that come from anywhere.
type farListener struct {
	net.Listener
	conns chan net.Conn
}

func (l farListener) Accept() (net.Conn, error) { return <-l.conns, nil }

type farConn struct {
	net.Conn
	from string
}

func (c farConn) RemoteAddr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(c.from))
}

func TestConnectionsOfOneAddress(t *testing.T) {
	far := farListener{conns: make(chan net.Conn, 10)}
	l := newListener(far, 2)
	connect := func(from string) net.Conn {
		server, client := net.Pipe()
		far.conns <- farConn{server, from}
		return client
	}
	accept := func(from string) net.Conn {
		t.Helper()
		connect(from)
		c, err := l.Accept()
		if err != nil || c.RemoteAddr().String() != from {
			t.Fatalf("accepted %v, %v; want %s", c.RemoteAddr(), err, from)
		}
		return c
	}
	first := accept("203.0.113.1:1")
	accept("203.0.113.1:2")
	accept("[2001:db8::1]:1")
	accept("[2001:db8::2]:1") // one network of a client
	for _, from := range []string{"203.0.113.1:3", "[::ffff:203.0.113.1]:4", "[2001:db8::3]:1"} {
		refused := connect(from)
		connect("127.0.0.1:5")
		accepted := make(chan net.Conn)
		go func() {
			c, _ := l.Accept()
			accepted <- c
		}()
		resp, err := http.ReadResponse(bufio.NewReader(refused), nil)
		if err != nil {
			t.Fatal(err)
		}
		var p wire.Problem
		if err := json.NewDecoder(resp.Body).Decode(&p); err != nil || resp.StatusCode != 429 || p.Code != "too_many_connections" {
			t.Errorf("%s: %d %+v, %v", from, resp.StatusCode, p, err)
		}
		resp.Body.Close()
		if c := <-accepted; c.RemoteAddr().String() != "127.0.0.1:5" { // any number of them
			t.Errorf("accepted %v", c.RemoteAddr())
		}
	}
	first.Close()
	first.Close() // counts once
	accept("203.0.113.1:6")
	if l.from["203.0.113.1"] != 2 {
		t.Errorf("%v connections", l.from)
	}
}

// Errors that a client makes do not fill the log.
func TestLogOfRefusals(t *testing.T) {
	for _, test := range []struct {
		level slog.Level
		want  string
	}{{slog.LevelInfo, ""}, {slog.LevelDebug, "/" + strings.Repeat("a", pathLogged-1)}} {
		d := base(t)
		var log bytes.Buffer
		d.Log = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: test.level}))
		s, err := New(d)
		if err != nil {
			t.Fatal(err)
		}
		req, _ := http.NewRequestWithContext(t.Context(), "GET", "/"+strings.Repeat("a", 1000), nil)
		resp, err := s.app.Test(req, -1)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		var line struct{ Level, Path string }
		if log.Len() > 0 {
			if err := json.Unmarshal(log.Bytes(), &line); err != nil {
				t.Fatal(err)
			}
		}
		if resp.StatusCode != 404 || line.Path != test.want {
			t.Errorf("status %d, logged %q at %s", resp.StatusCode, line.Path, test.level)
		}
	}
}

func TestHasNUL(t *testing.T) {
	for text, want := range map[string]bool{
		`"a"`: false, `"\u0000"`: true, `"\\u0000"`: false, `"\\\u0000"`: true, `"\\u0000\u0000"`: true, `"\u00001"`: true, `"\u0001"`: false, `\u0000`: true, ``: false,
	} {
		if got := hasNUL([]byte(text)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

// A client that is refused in the middle of a body it still sends must get to see why.
func TestRefusalReachesAClientThatStillSends(t *testing.T) {
	address, _ := start(t, base(t))
	c, err := net.Dial("tcp", strings.TrimPrefix(address, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	const size = 8 << 20
	fmt.Fprintf(c, "POST /v1/questions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", size)
	chunk := bytes.Repeat([]byte(" "), 64<<10)
	for sent := 0; sent < size; sent += len(chunk) {
		if _, err := c.Write(chunk); err != nil {
			t.Fatalf("after %d bytes: %v", sent, err)
		}
	}
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != 413 {
		t.Errorf("status %d", resp.StatusCode)
	}
}

// BenchmarkEdge measures what the edge adds to a request.
func BenchmarkEdge(b *testing.B) {
	d := Deps{Hub: cache.NewHub(), Web: testWeb, Chain: testChain, TokenSecret: bytes.Repeat([]byte{7}, 32)}
	s, err := New(d)
	if err != nil {
		b.Fatal(err)
	}
	s.app.Get("/v1/nothing", func(c *fiber.Ctx) error { return c.SendStatus(http.StatusNoContent) })
	handler := s.app.Handler()
	b.ReportAllocs()
	var ctx fasthttp.RequestCtx // used again and again, as for the requests of a connection
	for b.Loop() {
		ctx.Request.Reset()
		ctx.Response.Reset()
		ctx.Request.SetRequestURI("/v1/nothing")
		handler(&ctx)
	}
}
