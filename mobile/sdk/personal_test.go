package sdk_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tasknet/tasknet/mobile/sdk"
	"github.com/tasknet/tasknet/server/app"
	"github.com/tasknet/tasknet/server/testnet"
	"github.com/tasknet/tasknet/server/wire"
)

// TestTaste: what somebody avoids is not assigned, what they like comes first, and both are kept on the device. What makes no sense
// changes nothing.
func TestTaste(t *testing.T) {
	testnet.Run(t, app.Config{}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		about := func(text string, warnings []string, topics ...string) string {
			t.Helper()
			return net.Ask(t, ctx, wire.Ask{Text: text, Choices: []string{"a", "b"}, Quorum: wire.Quorum{Policy: "fixed:3"}, Content: wire.Content{Warnings: warnings, Topics: topics}}).ID
		}
		plain, bloody, sport := about("Plain?", nil), about("Blood?", []string{"blood"}), about("Sport?", nil, "sport")
		p := newPhone(t, net.URL)
		if got := p.Taste(); got != `{}` {
			t.Errorf("at first: %s", got)
		}
		const taste = `{"reads":["en","pt-BR"],"avoids":["blood","number"],"likes":["sport"]}`
		must(t, p.SetTaste(taste))
		for bad, want := range map[string]string{
			``: "bad_taste", `null`: "bad_taste", `[]`: "bad_taste", `{}{}`: "bad_taste", `{"hates":["blood"]}`: "bad_taste", `{"avoids":"blood"}`: "bad_taste",
			`{"avoids":["spiders"]}`: "bad_avoids", `{"avoids":["blood","blood"]}`: "bad_avoids", `{"likes":["blood"]}`: "bad_content", `{"reads":["e"]}`: "bad_languages",
		} {
			if err := p.SetTaste(bad); code(err) != want {
				t.Errorf("%s: %v, want %s", bad, err, want)
			}
		}
		must(t, p.Close())
		p.open(t, net.URL)
		if got := p.Taste(); got != taste {
			t.Errorf("kept: %s", got)
		}
		if me := parse[wire.Me](t)(p.Me(nil)); me.Available != 2 {
			t.Errorf("%d are available", me.Available)
		}
		got := p.take(t)
		if len(got) != 2 || got[0].Question.ID != sport || got[1].Question.ID != plain {
			t.Fatalf("%+v, want %s, then %s", got, sport, plain)
		}
		must(t, p.SetTaste(`{}`))
		if all := p.take(t); len(all) != 3 || all[2].Question.ID != bloody {
			t.Errorf("by no taste: %+v", all)
		}
	})
}

// TestWishes: for what somebody is woken is told to the server, and read by any of their devices.
func TestWishes(t *testing.T) {
	testnet.Run(t, app.Config{}, func(t *testing.T, _ context.Context, net *testnet.Net) {
		p := newPhone(t, net.URL)
		first := parse[wire.Wishes](t)(p.Wishes(nil))
		if first.PerDay == 0 {
			t.Errorf("at first: %+v", first)
		}
		const wishes = `{"languages":["en"],"types":["yes_no"],"avoids":["adult"],"least":"0.02","quiet":{"from":"21:00","until":"06:30","zone":"Europe/Lisbon"},"per_day":4}`
		for bad, want := range map[string]string{
			`{"per_day":4,"mood":"good"}`: "bad_wishes", `4`: "bad_wishes", strings.Replace(wishes, "adult", "spiders", 1): "bad_avoids", strings.Replace(wishes, "21:00", "25:00", 1): "bad_quiet_hours",
		} {
			if _, err := p.SetWishes(nil, bad); code(err) != want {
				t.Errorf("%s: %v, want %s", bad, err, want)
			}
		}
		if now := parse[wire.Wishes](t)(p.Wishes(nil)); now.PerDay != first.PerDay {
			t.Errorf("refused wishes are kept: %+v", now)
		}
		kept, err := p.SetWishes(nil, wishes)
		must(t, err)
		other := &phone{vault: &vault{folder: t.TempDir()}, folder: t.TempDir()}
		wallet, err := p.BackUpWallet()
		must(t, err)
		must(t, sdk.RestoreWallet(other.vault, wallet))
		other.open(t, net.URL)
		if read, err := other.Wishes(nil); err != nil || read != kept || kept != wishes {
			t.Errorf("told %s, kept %s, read %s: %v", wishes, kept, read, err)
		}
	})
}

// left returns the files in a phone's folder, but for its lock and a log of nothing.
func (p *phone) left(t *testing.T) (names []string) {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(p.folder, "*", "*"))
	must(t, err)
	log := filepath.Join(p.folder, "outbox", "answers.log")
	if info, err := os.Stat(log); err == nil && info.Size() == 0 {
		all = slices.DeleteFunc(all, func(name string) bool { return name == log })
	}
	return all
}

// TestErase: the server ends the person's devices, and nothing of them is left on this one but, if they want that, the wallet.
func TestErase(t *testing.T) {
	for name, wallet := range map[string]bool{"the wallet stays": false, "the wallet goes": true} {
		t.Run(name, func(t *testing.T) {
			testnet.Run(t, app.Config{}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
				net.Ask(t, ctx, ask("fixed:1"))
				net.Ask(t, ctx, ask("fixed:3"))
				target, err := url.Parse(net.URL)
				must(t, err)
				var down atomic.Bool
				forward := httputil.NewSingleHostReverseProxy(target)
				server := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if down.Load() && strings.HasSuffix(r.URL.Path, "/erasure") {
						w.Header().Set("Content-Type", "application/problem+json")
						w.WriteHeader(http.StatusForbidden)
						_ = json.NewEncoder(w).Encode(wire.Problem{Code: "not_now", Detail: "Not now."})
						return
					}
					forward.ServeHTTP(w, r)
				}))
				p := newPhone(t, server)
				must(t, p.SetTaste(`{"avoids":["blood"]}`))
				a := p.take(t)
				key, err := p.BackUpWallet()
				must(t, err)
				device, me := p.Device(), parse[wire.Me](t)(p.Me(nil)).Respondent
				must(t, p.Give(a[0].ID, `{"choice":0}`, 60_000))
				if err := p.Erase(nil, wallet); code(err) != "answers_wait" {
					t.Errorf("while an answer waits: %v", err)
				}
				p.Release()
				p.ear.await(t, "accepted", 1)
				down.Store(true)
				if err := p.Erase(nil, wallet); code(err) != "not_now" || p.Device() != device || len(p.left(t)) == 0 {
					t.Errorf("refused: %v, with %q", err, p.left(t))
				}
				if again := parse[wire.Me](t)(p.Me(nil)); again.Respondent != me {
					t.Errorf("after a refusal it is %s", again.Respondent)
				}
				down.Store(false)
				must(t, p.Erase(nil, wallet))
				if err := p.Erase(nil, wallet); code(err) != "closed" {
					t.Errorf("twice: %v", err)
				}
				if left := p.left(t); len(left) > 0 {
					t.Errorf("left are %q", left)
				}
				if secret, _ := p.vault.Get(sdk.DeviceSecret); secret != "" {
					t.Error("the device's key is left")
				}
				if secret, _ := p.vault.Get(sdk.WalletSecret); (secret == key) == wallet {
					t.Errorf("the wallet's key is %q", secret)
				}
				p.open(t, server)
				var now struct{ Device, Respondent string }
				must(t, json.Unmarshal([]byte(p.Person()), &now))
				if now.Device == device || now.Respondent != "" || p.Taste() != `{}` {
					t.Errorf("opened again: %+v, %s", now, p.Taste())
				}
				after := parse[wire.Me](t)(p.Me(nil))
				if (after.Respondent == me) == wallet {
					t.Errorf("%s was erased, and is %s now", me, after.Respondent)
				}
				for _, d := range after.Devices {
					if d.Key == device && d.Revoked == nil {
						t.Error("the device was not ended")
					}
				}
			})
		})
	}
}

// TestEraseCutOff: what a process that was stopped did not remove goes when the session is opened again, and a keystore that fails
// does not have it forgotten.
func TestEraseCutOff(t *testing.T) {
	testnet.Run(t, app.Config{}, func(t *testing.T, _ context.Context, net *testnet.Net) {
		p := newPhone(t, net.URL)
		must(t, p.Register(nil))
		must(t, p.SetTaste(`{"likes":["sport"]}`))
		device := p.Device()
		p.vault.broken = os.ErrPermission
		if err := p.Erase(nil, true); code(err) != "not_removed" {
			t.Fatalf("with a keystore that fails: %v", err)
		}
		if _, err := sdk.Open(p.folder, net.URL, p.vault, p.ear); err == nil {
			t.Fatal("it was opened by a keystore that fails")
		}
		p.vault.broken = nil
		must(t, p.vault.Set(sdk.WalletSecret, strings.Repeat("12", 32)))
		must(t, os.WriteFile(filepath.Join(p.folder, "outbox", "asg_1.json.damaged"), []byte("{"), 0o600))
		p.open(t, net.URL)
		if wallet, err := p.BackUpWallet(); err != nil || wallet == strings.Repeat("12", 32) || p.Device() == device || p.Taste() != `{}` {
			t.Errorf("opened again: the wallet's key is %s, %v; the taste %s", wallet, err, p.Taste())
		}
		if left := p.left(t); len(left) != 0 {
			t.Errorf("left are %q", left)
		}
	})
}

// TestVisit: who is here is told what they are offered, over connections that break, until the stream is closed.
func TestVisit(t *testing.T) {
	testnet.Run(t, app.Config{}, func(t *testing.T, ctx context.Context, net *testnet.Net) {
		target, err := url.Parse(net.URL)
		must(t, err)
		var opened, closed atomic.Int32
		forward := httputil.NewSingleHostReverseProxy(target)
		forward.FlushInterval = -1
		p := newPhone(t, serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/v1/me/events" {
				if r.URL.RawQuery != "" || !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") {
					t.Errorf("%s with %q", r.URL, r.Header.Get("Authorization"))
				}
				if opened.Add(1) == 1 {
					http.Error(w, "a proxy's own words", http.StatusForbidden)
					return
				}
				defer closed.Add(1)
			}
			forward.ServeHTTP(w, r)
		})))
		guest := &guest{more: make(chan string, 1000)}
		stream, err := p.Visit(guest)
		must(t, err)
		guest.await(t, "connected")
		q := net.Ask(t, ctx, ask("fixed:1"))
		guest.await(t, `question.offered {"question":"`+q.ID+`"}`)
		stream.Close()
		if n := opened.Load(); n != 2 {
			t.Errorf("%d streams were asked for", n)
		}
		ended := newPhone(t, net.URL)
		must(t, ended.Register(nil))
		must(t, ended.RevokeDevice(nil, ended.Device()))
		stream, err = ended.Visit(guest)
		must(t, err)
		guest.await(t, "ended device_ended")
		stream.Close()
	})
}

// guest hears what a visit tells.
type guest struct{ more chan string }

func (g *guest) Happened(kind, _, body string) { g.more <- strings.TrimSpace(kind + " " + body) }
func (g *guest) Ended(code, _ string)          { g.more <- "ended " + code }

func (g *guest) await(t *testing.T, what string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		select {
		case got := <-g.more:
			if got == what {
				return
			}
		case <-ctx.Done():
			t.Fatalf("not heard of: %s", what)
		}
	}
}
