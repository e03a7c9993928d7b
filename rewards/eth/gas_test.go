package eth

import (
	"context"
	"encoding/binary"
	"flag"
	"fmt"
	"log/slog"
	"math/big"
	"os"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/eth/ethconfig"
	"github.com/ethereum/go-ethereum/ethclient/simulated"
	"github.com/ethereum/go-ethereum/node"
	"github.com/ethereum/go-ethereum/params"
	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/merkle"
)

var update = flag.Bool("update", false, "write testdata again from what the code does")

// pinned is a simulated chain with the rules of one fork, which mines each transaction alone.
type pinned struct {
	simulated.Client
	chain *simulated.Backend
}

func (p pinned) SendTransaction(ctx context.Context, tx *types.Transaction) error {
	err := p.Client.SendTransaction(ctx, tx)
	p.chain.Commit()
	return err
}

func (p pinned) AwaitHead(ctx context.Context, _ uint64) (uint64, error) {
	p.chain.Commit()
	return p.BlockNumber(ctx)
}

// TestGas holds what each step costs under the rules of now and under those of the next fork. The file is what we publish.
func TestGas(t *testing.T) {
	now, next := gasUnder(t, nil), gasUnder(t, new(uint64))
	var b strings.Builder
	fmt.Fprintf(&b, "%-58s %12s %12s\n", "gas", "Osaka", "Amsterdam")
	for i, row := range now {
		fmt.Fprintf(&b, "%-58s %12d %12d\n", row.what, row.gas, next[i].gas)
	}
	const name = "testdata/gas.txt"
	if *update {
		if err := os.WriteFile(name, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("gas changed (-want +got):\n%s", diff)
	}
}

type gasRow struct {
	what string
	gas  int64
}

func gasUnder(t *testing.T, amsterdam *uint64) (rows []gasRow) {
	t.Helper()
	ctx := context.Background()
	key, err := crypto.ToECDSA(common.LeftPadBytes([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	rules := *params.AllDevChainProtocolChanges
	rules.BogotaTime, rules.AmsterdamTime = nil, amsterdam
	rich := types.GenesisAlloc{addressOf(key): {Balance: new(big.Int).Mul(big.NewInt(1e9), big.NewInt(params.Ether))}}
	sim := simulated.NewBackend(rich, func(_ *node.Config, c *ethconfig.Config) { c.Genesis.Config = &rules })
	defer sim.Close()
	chain := pinned{Client: sim.Client(), chain: sim}
	s := newSender(chain, key, rules.ChainID, gwei(1000), 1, slog.New(slog.DiscardHandler))
	do := func(what string, per int64, to *common.Address, data []byte) included {
		in, err := s.send(ctx, what, to, data)
		if err != nil {
			t.Fatal(err)
		}
		if what != "" {
			rows = append(rows, gasRow{what, int64(in.GasUsed) / per})
		}
		return in
	}

	token := do("make the token", 1, nil, tokenCode(s.from)).ContractAddress
	vault := do("make the vault", 1, nil, vaultCode(token, s.from)).ContractAddress
	all := new(big.Int).Lsh(big.NewInt(1), 100)
	do("", 1, &token, tokenABI.PackMint(s.from, all))
	do("", 1, &token, tokenABI.PackApprove(vault, all))
	half := new(big.Int).Rsh(all, 1)
	do("deposit, the vault's first", 1, &vault, vaultABI.PackDeposit([32]byte{1}, half))
	do("deposit, later", 1, &vault, vaultABI.PackDeposit([32]byte{1}, new(big.Int).Rsh(half, 1)))

	const people, batch = 100_000, 60
	epoch, tree := uint64(0), (*merkle.Tree)(nil)
	next := func(what string) {
		epoch++
		leaves := make([]merkle.Leaf, people)
		for i := range leaves {
			h := crypto.Keccak256(binary.BigEndian.AppendUint32(nil, uint32(i)))
			leaves[i] = merkle.Leaf{Address: rewards.Address(h[:20]), Cumulative: new(big.Int).Mul(big.NewInt(3_600_000), big.NewInt(int64(epoch)*1e12))}
		}
		if tree, err = merkle.New(leaves); err != nil {
			t.Fatal(err)
		}
		do(what, 1, &vault, vaultABI.PackPostRoot(epoch, tree.Root(), tree.Total()))
	}
	one := func(what string, i int) {
		l := tree.Leaf(i)
		do(what, 1, &vault, vaultABI.PackClaim(l.Address, l.Cumulative, tree.Proof(i)))
	}
	many := func(what string, lo, n int) {
		var accounts []common.Address
		var sums []*big.Int
		for _, l := range tree.Leaves(lo, lo+n) {
			accounts, sums = append(accounts, l.Address), append(sums, l.Cumulative)
		}
		p := tree.Multi(lo, lo+n)
		do(what, int64(n), &vault, vaultABI.PackClaimMany(accounts, sums, p.Proof, p.Flags))
	}
	next("post a root, the vault's first")
	one("", 99_999) // so that the vault has paid before
	one("claim alone, first, of 100,000", 0)
	many(fmt.Sprintf("relayed claim, first, %d of 100,000, per person", batch), 1000, batch)
	next("post a root, later")
	one("claim alone, later, of 100,000", 0)
	many(fmt.Sprintf("relayed claim, later, %d of 100,000, per person", batch), 1000, batch)
	for lo := 5000; lo < 5240; lo += batch {
		many("", lo, batch) // these are new; under Amsterdam no more of them fit a transaction
	}
	next("")
	many("relayed claim, later, 240 of 100,000, per person", 5000, 240)
	many("relayed claim, nothing owed, 240 of 100,000, per person", 5000, 240)
	return rows
}
