package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
	"github.com/tasknet/tasknet/web"
)

// TestExit: with the server gone for good, a respondent claims what nobody relayed, and the requester withdraws what was not
// spent, from public files and the chain.
func TestExit(t *testing.T) {
	alone(t)
	rpc := freeAddress(t)
	t.Setenv("CHAIN_DEV_RPC", rpc)
	t.Setenv("RELAY_SHARE", "1")
	t.Setenv("COIN_PRICE", "1000000") // gas is dear: nobody is worth it
	data, records := t.TempDir(), filepath.Join(t.TempDir(), "records")
	address, key, stop := serving(t, data)
	stopped := false
	defer func() {
		if !stopped {
			stop()
		}
	}()
	t.Setenv("TASKNET_URL", address)
	t.Setenv("TASKNET_KEY", key)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if code, _, stderr := run(t, "exit", "save", "--records", records); code != exitFailed || !strings.Contains(stderr, "no epoch with a root yet") {
		t.Errorf("saved before there was an epoch: %d, %s", code, stderr)
	}
	c, err := client.New(address, client.Config{})
	if err != nil {
		t.Fatal(err)
	}
	q, err := c.Requester(key).Ask(ctx, wire.Ask{Text: "Is this spam?", Choices: []string{"yes", "no"}, Quorum: wire.Quorum{Policy: "fixed:3"}}, "exit")
	if err != nil {
		t.Fatal(err)
	}
	answering(t, address, q.ID, 0, 0, 0)
	for settled := false; !settled; {
		for e, err := range c.Epochs(ctx) {
			if err != nil {
				t.Fatal(err)
			}
			settled = rewards.EpochState(e.State) == rewards.Settled
		}
		if err := client.Pause(ctx, 20*time.Millisecond); err != nil {
			t.Fatal("no epoch is settled")
		}
	}
	how := asJSON[wire.Deposits](t, "deposits")
	chain := []string{"--rpc", "http://" + rpc, "--vault", how.Vault}
	minter, relayer := filepath.Join(data, "chain", "keys", "minter"), filepath.Join(data, "chain", "keys", "relayer")
	command := func(keyFile string, args ...string) []string {
		return append(append(append([]string{"exit"}, args...), chain...), "--key-file", keyFile)
	}
	sends := func(says string, args ...string) {
		t.Helper()
		if code, stdout, stderr := run(t, args...); code != exitOK || !strings.Contains(stdout, says) || !strings.Contains(stderr, ": sent by transaction 0x") {
			t.Fatalf("tasknet %q: %d, %q, %q; want %q", args, code, stdout, stderr, says)
		}
	}
	saved := printed(t, "exit", "save", "--records", records)
	page, err := os.ReadFile(filepath.Join(records, exitPage))
	if _, built := web.Files(); built != (err == nil) || built != strings.Contains(saved, exitPage) || built != strings.Contains(string(page), "Content-Security-Policy") {
		t.Errorf("the page beside the files, of an app that is built: %v; %v; %s", built, err, saved)
	}
	fails := func(says string, args ...string) {
		t.Helper()
		if code, _, stderr := run(t, args...); code == exitOK || !strings.Contains(stderr, says) {
			t.Errorf("tasknet %q: %d, %q; want %q", args, code, stderr, says)
		}
	}
	fails("no notice is given", command(minter, "notice", "--reference", how.Reference, "--cancel")...)
	sends("Notice is given; withdraw from ", command(minter, "notice", "--reference", how.Reference)...)
	fails("or take it back with --cancel", command(minter, "notice", "--reference", how.Reference)...)
	for {
		b := asJSON[wire.Balance](t, "balance")
		if b.Available.IsZero() && b.Frozen == b.Deposited.Sub(b.Spent) {
			break
		}
		if err := client.Pause(ctx, 20*time.Millisecond); err != nil {
			t.Fatalf("what is under notice can be spent: %+v", b)
		}
	}
	printed(t, "verify", "--rpc", "http://"+rpc)
	folder, bundled := filepath.Join(t.TempDir(), "bundle"), t.TempDir()
	printed(t, "bundle", folder)
	stopped = true
	if code := stop(); code != exitOK {
		t.Fatalf("serve ended with %d", code)
	}

	d, err := eth.OpenDev(ctx, eth.DevConfig{Dir: filepath.Join(data, "chain"), RPC: rpc})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	files, err := filepath.Glob(filepath.Join(records, "epoch-*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("saved %v, %v", files, err)
	}
	text, err := os.ReadFile(files[len(files)-1])
	if err != nil {
		t.Fatal(err)
	}
	var tree wire.EpochTree
	if err := json.Unmarshal(text, &tree); err != nil || len(tree.Payouts) != 3 {
		t.Fatalf("%+v, %v", tree, err)
	}
	printed(t, "exit", "save", "--records", bundled, "--bundle", folder)
	if again, err := os.ReadFile(filepath.Join(bundled, filepath.Base(files[len(files)-1]))); err != nil || !bytes.Equal(again, text) {
		t.Errorf("out of a bundle: %s, %v\nof the server: %s", again, err, text)
	}
	who, err := polls.ParseWallet(tree.Payouts[0].Address)
	if err != nil {
		t.Fatal(err)
	}
	claimed := func() string {
		sums, err := d.Claimed(ctx, []rewards.Address{rewards.Address(who)})
		if err != nil {
			t.Fatal(err)
		}
		return sums[0].String()
	}
	if claimed() != "0" {
		t.Fatal("it was relayed")
	}
	fails("has nothing for", command(relayer, "claim", "--records", records)...)
	fails("no file in the folder", command(relayer, "claim", "--records", t.TempDir())...)
	wrong := strings.Replace(string(text), `"cumulative":"0.018"`, `"cumulative":"0.019"`, 2) // the epoch's own sum is another one
	forged := t.TempDir()
	if err := os.WriteFile(filepath.Join(forged, filepath.Base(files[len(files)-1])), []byte(wrong), 0o600); err != nil || wrong == string(text) {
		t.Fatal(err)
	}
	fails("are not those of its root", command(relayer, "claim", "--records", forged, "--address", who.String())...)
	header := regexp.MustCompile(`"spending":"[0-9a-f]{8}`).ReplaceAllString(string(text), `"spending":"00000000`)
	if err := os.WriteFile(filepath.Join(forged, filepath.Base(files[len(files)-1])), []byte(header), 0o600); err != nil {
		t.Fatal(err)
	}
	fails("the vault's is", command(relayer, "claim", "--records", forged, "--address", who.String())...)
	sends("has been paid ", command(relayer, "claim", "--records", records, "--address", who.String())...)
	want := d.Info().Base(tree.Payouts[0].Cumulative).String()
	for claimed() != want { // d knows a block only when it is synced to disk, the command as soon as it is made
		if err := client.Pause(ctx, 20*time.Millisecond); err != nil {
			t.Fatalf("claimed %s, want %s", claimed(), want)
		}
	}
	fails("nothing left", command(relayer, "claim", "--records", records, "--address", who.String())...)

	fails("there is no folder", command(relayer, "claim", "--records", filepath.Join(records, "nosuch"))...)
	fails("the account is another's", command(relayer, "notice", "--reference", how.Reference)...)
	to := polls.Wallet{0x99}.String()
	withdraw := command(minter, "withdraw", "--reference", how.Reference, "--records", records, "--to", to)
	for {
		code, _, stderr := run(t, withdraw...)
		if code == exitOK {
			break
		}
		if !strings.Contains(stderr, "the notice is given, and over from ") || strings.Contains(stderr, "give notice") {
			t.Fatalf("withdraw: %d, %s", code, stderr)
		}
		if _, err := d.Drip(ctx, [32]byte{1}, tasknet.Micro(1)); err != nil { // brings the chain's time on
			t.Fatal(err)
		}
	}
	var last rewards.Event
	for last.Kind != rewards.Withdrawn { // it counts once it has its depth
		events, _, err := d.Events(ctx, 0)
		if err != nil {
			t.Fatal(err)
		}
		last = events[len(events)-1]
	}
	left := how.Deposits[len(how.Deposits)-1].Amount.Sub(tree.Accounts[0].Spent)
	if last.Kind != rewards.Withdrawn || last.Base.Cmp(d.Info().Base(left)) != 0 || tree.Accounts[0].Spent.IsZero() {
		t.Errorf("withdrawn %+v, want %s", last, left)
	}
	fails("needs a notice", withdraw...)
	fails("--reference is", command(minter, "withdraw", "--reference", "me")...)
	fails("name a node", "exit", "claim")
}
