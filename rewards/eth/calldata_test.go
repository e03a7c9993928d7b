package eth

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"flag"
	"math/big"
	"os"
	"path/filepath"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/tasknet/tasknet/rewards"
)

var update = flag.Bool("update", false, "write testdata again from what the code does")

// TestCalldata holds the calls of an exit against a file that the web page's tests read, too: both say the same to a vault.
func TestCalldata(t *testing.T) {
	h := rewards.Header{
		Epoch: 7, Payouts: rewards.Hash{1}, Spending: rewards.Hash{2}, Verdicts: rewards.Hash{3}, Total: big.NewInt(1e15), Spent: new(big.Int).Lsh(big.NewInt(1), 100),
		Through: 90, LogRoot: rewards.Hash{4}, LogSize: 1 << 33,
	}
	account, to, reference := common.Address{0xaa, 19: 1}, common.Address{0xbb, 19: 2}, [32]byte{'o', 'r', 'g', '_', 'x'}
	proof := [][32]byte{{5}, {6}, {7}}
	calls := map[string]string{}
	for name, data := range map[string][]byte{
		"claim":        vaultABI.PackClaim(packed(h), account, big.NewInt(18e14), proof),
		"claimAlone":   vaultABI.PackClaim(packed(h), account, big.NewInt(18e14), nil),
		"giveNotice":   vaultABI.PackGiveNotice(reference),
		"cancelNotice": vaultABI.PackCancelNotice(reference),
		"withdraw":     vaultABI.PackWithdraw(packed(h), reference, big.NewInt(99), proof, to),
	} {
		calls[name] = "0x" + hex.EncodeToString(data)
	}
	got, err := json.MarshalIndent(calls, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", "calldata.json")
	if *update {
		if err := os.WriteFile(file, append(got, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(bytes.TrimSpace(want), got) {
		t.Errorf("the calls are\n%s\nrun go test ./rewards/eth -run TestCalldata -update if that is meant", got)
	}
}
