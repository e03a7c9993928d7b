package rates_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/tasknet/tasknet/server/rates"
)

var quiet = slog.New(slog.DiscardHandler)

func TestSettings(t *testing.T) {
	for setting, want := range map[string]string{"EUR:0.93": "0.93", "JPY:155": "155", "KRW:0.000000000001": "0.000000000001", "EUR:0.9300": "0.93"} {
		s, err := rates.New(setting, nil, time.Now, quiet)
		if err != nil {
			t.Errorf("%s: %v", setting, err)
			continue
		}
		if got := s.Current(); got == nil || got.PerToken != want || got.Currency != setting[:3] || !got.At.IsZero() || got.Stale {
			t.Errorf("%s: %+v", setting, got)
		}
	}
	none, err := rates.New("", nil, time.Now, quiet)
	if err != nil || none.Current() != nil {
		t.Errorf("no setting: %+v, %v", none.Current(), err)
	}
	for _, bad := range []string{
		"EUR", "EUR:", "eur:0.93", "EURO:0.93", ":0.93", "EUR:0", "EUR:0.0", "EUR:-1", "EUR:1e3", "EUR:1.", "EUR:.5", "EUR:0.1234567890123", "EUR:1234567890123",
		"EUR:http://rates.example/a#b", "EUR:https://rates.example/a", "EUR:https:///a#b", "EUR:https://me:secret@rates.example/a#b", "EUR:file:///etc/passwd#a",
	} {
		if _, err := rates.New(bad, nil, time.Now, quiet); !errors.Is(err, rates.ErrSetting) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// TestSource: a rate is read, is marked when it is old, and forgotten when it is very old. What is none changes nothing.
func TestSource(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	var reply string
	var failure error
	asked := ""
	s, err := rates.New("EUR:https://rates.example/v1?of=token#data.price.eur", func(_ context.Context, address string) ([]byte, error) {
		asked = address
		return []byte(reply), failure
	}, func() time.Time { return now }, quiet)
	if err != nil || s.Current() != nil {
		t.Fatalf("before it is read: %+v, %v", s.Current(), err)
	}
	for given, want := range map[string]string{`0.93`: "0.93", `"1.5"`: "1.5", `9.3e-1`: "0.93", `12`: "12", `1E2`: "100"} {
		reply = `{"data":{"price":{"eur":` + given + `,"usd":7}}}`
		if err := s.Read(t.Context()); err != nil {
			t.Errorf("%s: %v", given, err)
			continue
		}
		if got := s.Current(); got.PerToken != want || got.Currency != "EUR" || !got.At.Equal(now) || got.Stale {
			t.Errorf("%s: %+v, want %s", given, got, want)
		}
	}
	if asked != "https://rates.example/v1?of=token" {
		t.Errorf("asked %s", asked)
	}
	reply = `{"data":{"price":{"eur":0.93}}}`
	if err := s.Read(t.Context()); err != nil {
		t.Fatal(err)
	}
	read := now
	now = now.Add(time.Minute)
	for _, bad := range []string{
		``, `[]`, `null`, `{"data":1}`, `{"data":{"price":{}}}`, `{"data":{"price":{"eur":null}}}`, `{"data":{"price":{"eur":"x"}}}`, `{"data":{"price":{"eur":0}}}`, `{"data":{"price":{"eur":-1}}}`,
		`{"data":{"price":{"eur":1e12}}}`, `{"data":{"price":{"eur":1e999999999}}}`, `{"data":{"price":{"eur":"1/3"}}}`, `{"data":{"price":{"eur":"0x10"}}}`, `{"data":{"price":{"eur":1e-13}}}`, `{"data":{"price":{"eur":true}}}`,
	} {
		reply = bad
		if err := s.Read(t.Context()); err == nil {
			t.Errorf("%s was taken", bad)
		}
		if got := s.Current(); got.PerToken != "0.93" || !got.At.Equal(read) {
			t.Errorf("after %s: %+v", bad, got)
		}
	}
	failure = errors.New("away")
	if err := s.Read(t.Context()); !errors.Is(err, failure) {
		t.Errorf("a source that is away: %v", err)
	}
	for age, stale := range map[time.Duration]bool{time.Hour: false, time.Hour + time.Second: true, 7 * 24 * time.Hour: true} {
		now = read.Add(age)
		if got := s.Current(); got == nil || got.Stale != stale {
			t.Errorf("after %s: %+v", age, got)
		}
	}
	now = read.Add(7*24*time.Hour + time.Second)
	if got := s.Current(); got != nil {
		t.Errorf("a week later: %+v", got)
	}
}
