package desktop

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/compute/desktop/machine"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/wire"
)

var update = flag.Bool("update", false, "write testdata")

// served is a computer whose page is served.
type served struct {
	*computer
	folder, base, token string
}

func serve(t *testing.T) *served {
	t.Helper()
	folder := t.TempDir()
	s := &served{computer: newComputer(t, folder), folder: folder}
	l, err := Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ready, ended := make(chan string, 1), make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l, func(link string) { ready <- link }) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) && err != nil {
			t.Error(err)
		}
		if _, err := Link(folder); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the link is left: %v", err)
		}
	})
	link := <-ready
	base, code, _ := strings.Cut(link, "#")
	s.base = base
	reply := s.ask(t, "POST", "api/enter", `{"code":"`+code+`"}`, nil)
	var in struct{ Token string }
	if err := json.Unmarshal([]byte(reply.body), &in); err != nil || in.Token == "" {
		t.Fatalf("%d: %s", reply.status, reply.body)
	}
	s.token = in.Token
	return s
}

type reply struct {
	status int
	body   string
	header http.Header
}

func (s *served) ask(t *testing.T, method, path, body string, change func(*http.Request)) reply {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if s.token != "" {
		r.Header.Set("Authorization", "Bearer "+s.token)
	}
	if change != nil {
		change(r)
	}
	got, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	all, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{got.StatusCode, string(all), got.Header}
}

// TestStrangers asks as whoever should not see the page: another user, another site, a site whose name points here.
func TestStrangers(t *testing.T) {
	t.Parallel()
	s := serve(t)
	link, err := Link(s.folder)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(s.folder, linkFile))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the link's file: %v, %v", info, err)
	}
	base, code, _ := strings.Cut(link, "#")
	if base != s.base || len(code) < 26 {
		t.Fatalf("the link is %s", link)
	}
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	for _, c := range []struct {
		name, method, path, body string
		change                   func(*http.Request)
		status                   int
		code                     string
	}{
		{"no token", "GET", "api/log", "", func(r *http.Request) { r.Header.Del("Authorization") }, 401, "no_key"},
		{"a wrong token", "GET", "api/live", "", header("Authorization", "Bearer "+strings.Repeat("A", 26)), 401, "no_key"},
		{"the link's code as a token", "POST", "api/pause", "{}", header("Authorization", "Bearer "+code), 401, "no_key"},
		{"another code", "POST", "api/enter", `{"code":"` + strings.Repeat("A", 26) + `"}`, nil, 401, "no_key"},
		{"no code", "POST", "api/enter", `{}`, nil, 401, "no_key"},
		{"a name that points here", "GET", "", "", func(r *http.Request) { r.Host = "evil.example:80" }, 403, "wrong_host"},
		{"the right port of another name", "POST", "api/resume", "", func(r *http.Request) { r.Host = strings.Replace(r.Host, "127.0.0.1", "localhost", 1) }, 403, "wrong_host"},
		{"a page of another site", "POST", "api/resume", "", header("Origin", "https://evil.example"), 403, "wrong_host"},
		{"a page of another port", "POST", "api/resume", "", header("Origin", "http://127.0.0.1:1"), 403, "wrong_host"},
		{"a page that is not of any site", "POST", "api/resume", "", header("Origin", "null"), 403, "wrong_host"},
		{"a frame or script of another site", "GET", "page.js", "", header("Sec-Fetch-Site", "cross-site"), 403, "wrong_host"},
		{"a form", "POST", "api/enter", `{"code":"` + code + `"}`, header("Content-Type", "text/plain"), 422, "bad_body"},
		{"settings as a form", "PUT", "api/settings", "{}", header("Content-Type", "text/plain"), 422, "bad_body"},
		{"no JSON", "POST", "api/pause", "finish", nil, 422, "bad_body"},
		{"what there is not", "POST", "api/pause", `{"forever":true}`, nil, 422, "bad_body"},
		{"settings that make no sense", "PUT", "api/settings", `{"version":1}`, nil, 422, "bad_settings"},
		{"too much", "PUT", "api/settings", strings.Repeat(" ", 65<<10), nil, 422, "bad_body"},
	} {
		got := s.ask(t, c.method, c.path, c.body, c.change)
		if got.status != c.status || !strings.Contains(got.body, `"code":"`+c.code+`"`) {
			t.Errorf("%s: %d %s", c.name, got.status, got.body)
		}
	}
	if s.Live().Settings.Paused {
		t.Error("a stranger paused it")
	}
	// the link that is still unused lets one browser in, once
	if got := s.ask(t, "POST", "api/enter", `{"code":"`+code+`"}`, nil); got.status != 200 {
		t.Fatalf("%d: %s", got.status, got.body)
	}
	if got := s.ask(t, "POST", "api/enter", `{"code":"`+code+`"}`, nil); got.status != 401 {
		t.Errorf("a link that was used: %d: %s", got.status, got.body)
	}
	if next, err := Link(s.folder); err != nil || next == link {
		t.Errorf("after it was used, the link is %s, %v", next, err)
	}
	for _, address := range []string{"0.0.0.0:0", "192.0.2.1:80", "localhost:0", ":0", "127.0.0.1"} {
		if _, err := Listen(t.Context(), address); tasknet.Describe(err).Code != "not_loopback" {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// TestBrowsers lets more browsers in than are remembered.
func TestBrowsers(t *testing.T) {
	t.Parallel()
	k := &keys{path: filepath.Join(t.TempDir(), linkFile)}
	link, err := k.serve("http://127.0.0.1:1/")
	if err != nil {
		t.Fatal(err)
	}
	var tokens []string
	for range browsersMax + 1 {
		_, code, _ := strings.Cut(link, "#")
		token, fits, err := k.enter(code)
		if err != nil || !fits {
			t.Fatal(fits, err)
		}
		tokens = append(tokens, token)
		raw, err := os.ReadFile(k.path)
		if err != nil {
			t.Fatal(err)
		}
		link = strings.TrimSpace(string(raw))
	}
	if k.fits(tokens[0]) || !k.fits(tokens[1]) || !k.fits(tokens[browsersMax]) || k.fits("") {
		t.Error("not the newest browsers are remembered")
	}
}

// TestPage does what the page does.
func TestPage(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.at(Working)
	r, err := http.NewRequestWithContext(t.Context(), "GET", s.base+"api/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.token)
	got, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	events := bufio.NewReader(got.Body)
	until := func(what string, is func(Live) bool) {
		t.Helper()
		for end := time.Now().Add(time.Minute); time.Now().Before(end); {
			line, err := events.ReadBytes('\n')
			if err != nil {
				t.Fatal(err)
			}
			raw, ok := bytes.CutPrefix(line, []byte("data: "))
			if !ok {
				continue
			}
			var l Live
			if err := json.Unmarshal(raw, &l); err != nil {
				t.Fatal(err)
			}
			if is(l) {
				return
			}
		}
		t.Fatalf("the stream does not tell of %s", what)
	}
	until("work", func(l Live) bool { return l.Phase == Working && l.Now.Title == "Rings" })
	if got := s.ask(t, "POST", "api/pause", `{"finish":false}`, nil); got.status != 200 {
		t.Fatalf("%d: %s", got.status, got.body)
	}
	until("the pause", func(l Live) bool { return l.Why == IsPaused })
	next := s.Live().Settings
	next.Name, next.Paused = "cellar", false
	raw, err := json.Marshal(next)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.ask(t, "PUT", "api/settings", string(raw), nil); got.status != 200 {
		t.Fatalf("%d: %s", got.status, got.body)
	}
	until("the name", func(l Live) bool { return l.Settings.Name == "cellar" && l.Settings.Paused })
	if got := s.ask(t, "PUT", "api/autostart", `{"on":true}`, nil); got.status != 200 {
		t.Fatalf("%d: %s", got.status, got.body)
	}
	until("the autostart", func(l Live) bool { return l.Autostart != nil && *l.Autostart })
	if got := s.ask(t, "POST", "api/resume", "", nil); got.status != 200 {
		t.Fatalf("%d: %s", got.status, got.body)
	}
	until("work", func(l Live) bool { return l.Phase == Working })
	if got := s.ask(t, "GET", "api/log", "", nil); !strings.Contains(got.body, "is=began") || strings.Contains(got.body, s.token) {
		t.Errorf("the log is %s", got.body)
	}
}

// TestFiles fetches all files that the page names, and looks for what its policy would refuse.
func TestFiles(t *testing.T) {
	t.Parallel()
	s := serve(t)
	index := s.ask(t, "GET", "", "", nil)
	if policy := index.header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; script-src 'self'") || strings.Contains(policy, "unsafe") {
		t.Errorf("the policy is %s", policy)
	}
	if regexp.MustCompile(`<script>|<style|\s(style|on\w+)=`).MatchString(index.body) {
		t.Error("the page has a style or a script within")
	}
	names := regexp.MustCompile(`(?:href|src)="([^"]+)"`).FindAllStringSubmatch(index.body, -1)
	modules := regexp.MustCompile(`from '\./([^']+)'`)
	if len(names) < 5 {
		t.Fatalf("the page names %v", names)
	}
	for seen := map[string]bool{}; len(names) > 0; names = names[1:] {
		name := names[0][1]
		if seen[name] {
			continue
		}
		seen[name] = true
		got := s.ask(t, "GET", name, "", nil)
		if got.status != 200 || got.body == "" || got.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d", name, got.status)
		}
		names = append(names, modules.FindAllStringSubmatch(got.body, -1)...)
	}
	if got := s.ask(t, "GET", "embed.go", "", nil); got.status != 404 {
		t.Errorf("%d", got.status)
	}
}

// TestExample writes what the page is told in a busy hour, which the test of the page in a browser shows.
func TestExample(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 21, 18, 42, 0, 0, time.UTC)
	number := func(f float64) *float64 { return &f }
	idle, on := int64(12), false
	s := Defaults("attic", 8, 16<<30, 400<<30)
	s.Server, s.IdleOnly, s.Hours = "https://tasknet.example", true, &Hours{From: "22:00", To: "07:00", Days: []Day{"mon", "tue", "wed", "thu", "fri"}}
	s.Not = []string{tasknet.IDOf(polls.OrgPrefix, [16]byte{1, 0x9a, 0x51, 0x77, 0x2c, 7, 3})}
	s.MinPrice = tasknet.Micro(250_000)
	ready := wire.At(at.Add(7 * 24 * time.Hour))
	d := &Doing{Lease: "lea_1", Job: "job_1", Title: "Roof damage, version 4", Kind: "train", Part: 0, Began: at}
	for i := range 24 {
		d.advance(compute.Report{Step: 80 * (i + 1), Of: 3000, Epoch: i / 4, Loss: number(0.38 + 1.9/float64(i+1)), Accuracy: number(0.914), Validation: number(0.41)})
	}
	past := func(title, kind string, part, minutes int, o Outcome, problem string) Past {
		at = at.Add(-time.Hour)
		return Past{Lease: "lea_0", Job: "job_0", Title: title, Kind: kind, Part: part, Began: at.Add(-time.Duration(minutes) * time.Minute), Ended: at, Outcome: o, Problem: problem}
	}
	live := Live{
		Phase: Working, Now: d, Settings: s, Version: "v0.1.0", Wallet: "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf", Autostart: &on,
		Machine:  machine.State{Mains: machine.Yes, Metered: machine.Unknown, IdleSeconds: &idle, Celsius: number(61.5), Load: number(0.08)},
		Has:      Has{Cores: 8, Memory: 16 << 30, Disk: 400 << 30, Graphics: "None found.", System: "linux/amd64"},
		Measured: &Measured{Disk: 182 << 20, Down: 11 << 20, Up: 640 << 10},
		Earned:   &wire.Earnings{Held: tasknet.Micro(140_000), Yours: tasknet.Micro(2_070_000), InEpoch: tasknet.Micro(620_000), OnChain: tasknet.Micro(11_486_464), Symbol: "tUSD"},
		Stake:    &wire.MyStake{Wallet: "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf", Staked: tasknet.Micro(50_000_000), Asked: tasknet.Micro(20_000_000), Counts: tasknet.Micro(30_000_000), Ready: &ready, Wanted: tasknet.Micro(100_000_000)},
		History: []Past{
			past("Roof damage, version 4", "train", 0, 52, GivenUp, ""), past("Label 2,000 street pictures", "infer", 3, 8, Done, ""),
			past("Spam in two languages", "evaluate", 0, 1, Unwanted, ""), past("Spam in two languages", "train", 0, 14, Failed, "The process ended: signal: killed."),
		},
	}
	raw, err := json.MarshalIndent(live, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", "live.json")
	if *update {
		if err := errors.Join(os.MkdirAll("testdata", 0o755), os.WriteFile(path, append(raw, '\n'), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(path); err != nil || string(want) != string(raw)+"\n" {
		t.Errorf("%s is not what the page is told; run with -update (%v)", path, err)
	}
}
