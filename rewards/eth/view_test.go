package eth_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
)

// TestView sees without a key what the owner of the keys sees.
func TestView(t *testing.T) {
	ctx := t.Context()
	d, cfg := served(t)
	v, err := eth.OpenView(ctx, eth.ViewConfig{URL: cfg.URL, Vault: d.Info().Vault, Oracle: d.Info().Oracle, Stake: d.Info().Stake.Contract})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	want := d.Info()
	want.Dev, want.Confirmations = false, 1
	if diff := cmp.Diff(want, v.Info()); diff != "" {
		t.Errorf("info (-want +got):\n%s", diff)
	}
	if roots, err := v.Roots(ctx); err != nil || roots != (rewards.Roots{Header: rewards.Header{}.Hash()}) {
		t.Errorf("before the first root: %+v, %v", roots, err)
	}
	if _, err := d.Drip(ctx, [32]byte{7}, tasknet.Micro(50_000)); err != nil {
		t.Fatal(err)
	}
	tree := owing(t, d.Chain, 8, 1000)
	post(t, d.Chain, 1, tree)
	claim(t, d.Chain, 1, tree, 2, 5)
	inForce := header(1, tree)
	if roots, err := v.Roots(ctx); err != nil || roots != (rewards.Roots{Epoch: 1, Header: inForce.Hash()}) {
		t.Errorf("roots %+v, %v", roots, err)
	}
	people := []rewards.Address{person(1), person(2), person(4), person(5)}
	owner, err := d.Claimed(ctx, people)
	if err != nil {
		t.Fatal(err)
	}
	claimed, err := v.Claimed(ctx, people)
	if err != nil || claimed[1].Cmp(v.Info().Base(tasknet.Micro(3000))) != 0 {
		t.Fatalf("claimed %v, %v", claimed, err)
	}
	for i := range people {
		if claimed[i].Cmp(owner[i]) != 0 {
			t.Errorf("claimed %s, the owner sees %s", claimed[i], owner[i])
		}
	}
	deposits, _, err := v.Events(ctx, 0)
	if err != nil || len(deposits) != 1 || deposits[0].Reference != [32]byte{7} {
		t.Errorf("deposits %+v, %v", deposits, err)
	}
}

func TestViewRefuses(t *testing.T) {
	d, cfg := served(t)
	good := eth.ViewConfig{URL: cfg.URL, Vault: d.Info().Vault}
	for name, c := range map[string]struct {
		change func(*eth.ViewConfig)
		want   error
	}{
		"no URL":                 {func(c *eth.ViewConfig) { c.URL = "" }, eth.ErrConfig},
		"negative confirmations": {func(c *eth.ViewConfig) { c.Confirmations = -1 }, eth.ErrConfig},
		"no vault":               {func(c *eth.ViewConfig) { c.Vault = person(1) }, eth.ErrNoVault},
		"a token for a vault":    {func(c *eth.ViewConfig) { c.Vault = d.Info().Token }, eth.ErrNoVault},
		"nobody there":           {func(c *eth.ViewConfig) { c.URL = "http://127.0.0.1:1" }, eth.ErrUnavailable},
	} {
		with := good
		c.change(&with)
		if _, err := eth.OpenView(t.Context(), with); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// TestErrorsKeepTheURL has a node fail in every way that tells the URL, which holds a provider's key.
func TestErrorsKeepTheURL(t *testing.T) {
	const secret = "5ecret0fTheProvider"
	d, cfg := served(t)
	stop := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-stop:
		case <-r.Context().Done():
		}
	}))
	defer slow.Close()
	defer close(stop)
	gone := httptest.NewServer(http.NotFoundHandler())
	defer gone.Close()
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	for name, c := range map[string]struct {
		ctx  context.Context
		url  string
		want error
	}{
		"nobody there":                {t.Context(), "http://127.0.0.1:1/v3/" + secret, eth.ErrUnavailable},
		"nobody there, by web socket": {t.Context(), "ws://127.0.0.1:1/v3/" + secret, eth.ErrUnavailable},
		"no such address":             {t.Context(), "http://127.0.0.1:port/v3/" + secret, eth.ErrConfig},
		"not found":                   {t.Context(), gone.URL + "/v3/" + secret, eth.ErrUnavailable},
		"too slow":                    {short, slow.URL + "/v3/" + secret, context.DeadlineExceeded},
	} {
		_, err := eth.OpenView(c.ctx, eth.ViewConfig{URL: c.url, Vault: d.Info().Vault})
		if !errors.Is(err, c.want) || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v, want %v without the URL", name, err, c.want)
		}
	}

	// One that goes away later.
	node := httptest.NewServer(http.RedirectHandler(cfg.URL, http.StatusTemporaryRedirect))
	v, err := eth.OpenView(t.Context(), eth.ViewConfig{URL: node.URL + "/v3/" + secret, Vault: d.Info().Vault})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	node.Close()
	if _, err := v.Roots(t.Context()); !errors.Is(err, eth.ErrUnavailable) || strings.Contains(err.Error(), secret) {
		t.Errorf("gone later: %v, want %v without the URL", err, eth.ErrUnavailable)
	}
}
