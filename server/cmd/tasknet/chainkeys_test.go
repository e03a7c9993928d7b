package main

import (
	"testing"

	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
)

// TestKeyFromEnv sets each variable to a value of its own.
func TestKeyFromEnv(t *testing.T) {
	alone(t)
	if got, err := keyFromEnv("CHAIN_KEY"); err != nil || got != (eth.Key{}) {
		t.Errorf("without variables: %+v, %v", got, err)
	}
	t.Setenv("CHAIN_KEY_FILE", "a")
	t.Setenv("CHAIN_KEY_PASSPHRASE_FILE", "b")
	t.Setenv("CHAIN_KEY", "c")
	t.Setenv("CHAIN_KEY_SIGNER", "d")
	t.Setenv("CHAIN_KEY_ACCOUNT", "0x0100000000000000000000000000000000000000")
	want := eth.Key{File: "a", PassphraseFile: "b", Secret: "c", Signer: "d", Account: rewards.Address{1}}
	if got, err := keyFromEnv("CHAIN_KEY"); err != nil || got != want {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
	if got, err := keyFromEnv("CHAIN_RELAY_KEY"); err != nil || got != (eth.Key{}) {
		t.Errorf("of the other key: %+v, %v", got, err)
	}
}
