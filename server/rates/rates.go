// Package rates says what the token is worth in a currency that people count in. It is a help for reading amounts: nothing is
// priced or paid by it.
package rates

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/big"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"github.com/tasknet/tasknet"
)

const (
	// every is how often a source is asked, and staleAfter how old a rate may be before it is marked; from forgetAfter on there
	// is none.
	every       = 10 * time.Minute
	staleAfter  = time.Hour
	forgetAfter = 7 * 24 * time.Hour

	// digits are the decimals of a rate. Coins of very small worth need many.
	digits = 12
)

// ErrSetting reports a setting that names no rate.
var ErrSetting = tasknet.NewError(tasknet.Invalid, "bad_token_rate", "Write what a token is worth as EUR:0.93, or as EUR: and the https address of a JSON document, then # and the path to the number in it, as a.b.")

// Rate is what one token is worth.
type Rate struct {
	Currency string    // of ISO 4217
	PerToken string    // a decimal
	At       time.Time // when it was read; zero for one that is set
	Stale    bool
}

// Get loads a small JSON document.
type Get func(ctx context.Context, address string) ([]byte, error)

// Source knows the rate. Many goroutines may ask it.
type Source struct {
	currency string
	address  string   // empty when the rate is set
	keys     []string // to the number
	get      Get
	now      func() time.Time
	log      *slog.Logger
	last     atomic.Pointer[Rate]
}

var (
	currencies = regexp.MustCompile(`^[A-Z]{3}$`)
	decimals   = regexp.MustCompile(`^\d{1,12}(\.\d{1,12})?$`)
)

// New reads a setting, which may be empty: then there is never a rate. ErrSetting.
func New(setting string, get Get, now func() time.Time, log *slog.Logger) (*Source, error) {
	s := &Source{get: get, now: now, log: log}
	if setting == "" {
		return s, nil
	}
	currency, of, _ := strings.Cut(setting, ":")
	if !currencies.MatchString(currency) {
		return nil, ErrSetting
	}
	s.currency = currency
	if decimals.MatchString(of) {
		per, ok := decimal(json.Number(of))
		if !ok {
			return nil, ErrSetting
		}
		s.last.Store(&Rate{Currency: currency, PerToken: per})
		return s, nil
	}
	u, err := url.Parse(of)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.Fragment == "" {
		return nil, ErrSetting
	}
	s.keys = strings.Split(u.Fragment, ".")
	u.Fragment = ""
	s.address = u.String()
	return s, nil
}

// Current returns the rate, or nil when it is not known.
func (s *Source) Current() *Rate {
	last := s.last.Load()
	if last == nil || last.At.IsZero() {
		return last
	}
	age := s.now().Sub(last.At)
	if age > forgetAfter {
		return nil
	}
	out := *last
	out.Stale = age > staleAfter
	return &out
}

// Run asks the source until ctx ends.
func (s *Source) Run(ctx context.Context) error {
	if s.address == "" {
		<-ctx.Done()
		return nil
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := s.Read(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("the token's rate was not read", "currency", s.currency, "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Read asks the source once. What it says counts from now on; after an error what it said before does.
func (s *Source) Read(ctx context.Context) error {
	raw, err := s.get(ctx, s.address)
	if err != nil {
		return err
	}
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.UseNumber()
	var at any
	if err := d.Decode(&at); err != nil {
		return fmt.Errorf("the source gave no JSON: %w", err)
	}
	for _, key := range s.keys {
		object, _ := at.(map[string]any)
		at = object[key]
	}
	number, isNumber := at.(json.Number)
	if text, isText := at.(string); isText {
		number, isNumber = json.Number(text), true
	}
	per, ok := decimal(number)
	if !isNumber || !ok {
		return fmt.Errorf("there is no rate at %s of what the source gave", strings.Join(s.keys, "."))
	}
	s.last.Store(&Rate{Currency: s.currency, PerToken: per, At: s.now()})
	return nil
}

// numbers are those of JSON that can be a rate; an exponent of three digits is none.
var numbers = regexp.MustCompile(`^\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,2})?$`)

// decimal writes a number out; not one that is not above zero, or has more than twelve places before the point.
func decimal(n json.Number) (string, bool) {
	if !numbers.MatchString(string(n)) {
		return "", false
	}
	r, ok := new(big.Rat).SetString(string(n))
	if !ok || r.Cmp(new(big.Rat).SetInt64(1e12)) >= 0 {
		return "", false
	}
	text := strings.TrimRight(strings.TrimRight(r.FloatString(digits), "0"), ".")
	return text, text != "0"
}
