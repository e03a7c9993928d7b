package eth

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"

	"github.com/tasknet/tasknet/rewards"
)

// TestDevOracle: the dev chain has an oracle that stays, whose leaf of a verdict is ours. Where the chain has lost it another is
// made, and one of another vault is none.
func TestDevOracle(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	reopen := func() *Dev {
		t.Helper()
		d, err := OpenDev(ctx, DevConfig{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	d := reopen()
	oracle := d.Info().Oracle
	id := rewards.Hash{1, 31: 2}
	v := rewards.OracleVerdict{Outcome: rewards.OutcomeUndecided, Choice: 3, ConfidencePPM: 970_001, Answers: 17, Record: rewards.Hash{4, 31: 5}}
	to := common.Address(oracle)
	out, err := d.node.CallContract(ctx, ethereum.CallMsg{To: &to, Data: oracleABI.PackLeafOf(packedVerdict(id, v))}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if leaf, err := oracleABI.UnpackLeafOf(out); err != nil || leaf != v.Leaf(oracle, id) {
		t.Errorf("the oracle's leaf is %x, ours %x, %v", leaf, v.Leaf(oracle, id), err)
	}
	if has, delivered, err := d.OracleVerdict(ctx, oracle, id); err != nil || delivered || has != (rewards.OracleVerdict{}) {
		t.Errorf("of an unknown question the oracle has %+v, %v", has, err)
	}
	if _, err := d.Deliver(ctx, oracle, id); !errors.Is(err, ErrFulfilled) {
		t.Errorf("an unknown question is delivered: %v", err)
	}
	if err := d.checkOracle(ctx, d.Info().Vault); !errors.Is(err, ErrNoOracle) {
		t.Errorf("a vault is an oracle: %v", err)
	}
	other := &View{backend: d.View.backend, info: rewards.ChainInfo{Vault: rewards.Address{1}}}
	if err := other.checkOracle(ctx, oracle); !errors.Is(err, ErrNoOracle) || other.info.Oracle != (rewards.Address{}) {
		t.Errorf("another vault's oracle is taken: %v", err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}

	d = reopen()
	if d.Info().Oracle != oracle || d.Board() == (rewards.Address{}) {
		t.Errorf("the oracle is %x, and was %x", d.Info().Oracle, oracle)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	lost := "0x00000000000000000000000000000000000000aa 0x00000000000000000000000000000000000000bb\n"
	if err := os.WriteFile(filepath.Join(dir, oracleFile), []byte(lost), 0o600); err != nil {
		t.Fatal(err)
	}
	d = reopen()
	defer d.Close()
	if at := d.Info().Oracle; at == oracle || at == (rewards.Address{19: 0xaa}) || at == (rewards.Address{}) {
		t.Errorf("the oracle that came for one that is lost is %x", at)
	}
}
