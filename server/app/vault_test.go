package app

import (
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/tasknet/tasknet/rewards/eth"
	"github.com/tasknet/tasknet/server/store"
)

// TestDatabaseOfAnotherVault: a database from before there were vaults with headers, and one whose money is elsewhere, are
// refused, and stay as they are.
func TestDatabaseOfAnotherVault(t *testing.T) {
	ctx := t.Context()
	first := t.TempDir()
	a, err := New(ctx, Config{Data: first, Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	genesis := a.chain.Info().Genesis
	if err := a.group.closeAll(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		settings map[string]string
		want     error
	}{
		"of the first vault":   {map[string]string{genesisSetting: hex.EncodeToString(genesis[:])}, eth.ErrOldVault},
		"of another vault":     {map[string]string{genesisSetting: hex.EncodeToString(genesis[:]), vaultSetting: "ab"}, ErrOtherVault},
		"of another chain":     {map[string]string{genesisSetting: "ab"}, ErrOtherChain},
		"that belongs nowhere": {nil, nil},
	} {
		data := t.TempDir()
		if err := os.CopyFS(filepath.Join(data, "chain"), os.DirFS(filepath.Join(first, "chain"))); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"poster", "relayer", "minter"} { // which a copy gives to all
			if err := os.Chmod(filepath.Join(data, "chain", "keys", key), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		db, err := store.Open(ctx, store.Config{Path: filepath.Join(data, "tasknet.db")})
		if err != nil {
			t.Fatal(err)
		}
		for setting, value := range c.settings {
			if _, err := db.Settings().SetSetting(ctx, setting, value); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		a, err := New(ctx, Config{Data: data, Listen: "127.0.0.1:0"})
		if !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
			t.Errorf("a database %s: %v, want %v", name, err, c.want)
		}
		if err == nil {
			if err := a.group.closeAll(); err != nil {
				t.Error(err)
			}
		}
	}
}
