package eth

import (
	"context"
	"math/big"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethclient"
	"github.com/ethereum/go-ethereum/params"

	"github.com/tasknet/tasknet/rewards"
)

// Poster returns the address whose key posts roots.
func (c *Chain) Poster() rewards.Address { return rewards.Address(c.poster.from) }

// Relayer returns the address whose key sends claims.
func (c *Chain) Relayer() rewards.Address { return rewards.Address(c.relayer.from) }

// Balance returns what account holds of the token.
func Balance(t testing.TB, d *Dev, account rewards.Address) *big.Int {
	t.Helper()
	read := reader{ctx: context.Background(), backend: d.node, to: common.Address(d.info.Token)}
	balance := readAs(&read, tokenABI.PackBalanceOf(common.Address(account)), tokenABI.UnpackBalanceOf)
	if read.err != nil {
		t.Fatal(read.err)
	}
	return balance
}

// Head returns the newest block that counts.
func Head(t testing.TB, d *Dev) int64 {
	t.Helper()
	head, err := d.node.BlockNumber(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return int64(head)
}

// DepositTo mints base units and deposits them in another vault on d's chain.
func DepositTo(t testing.TB, d *Dev, vault rewards.Address, ref [32]byte, base *big.Int) {
	t.Helper()
	depositWith(t, d, d.minter, vault, ref, base)
}

// DepositByRPC deposits with a key of its own through d's RPC address.
func DepositByRPC(t testing.TB, d *Dev, ref [32]byte, base *big.Int) {
	t.Helper()
	ctx := context.Background()
	client, err := ethclient.Dial(d.Endpoint())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	key, err := crypto.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	wallet := newSender(&remote{client, time.Millisecond}, key, d.minter.chain, d.minter.maxFee, 2, d.minter.log)
	nonce, err := d.node.NonceAt(ctx, d.minter.from, nil)
	if err != nil {
		t.Fatal(err)
	}
	gas, err := types.SignNewTx(d.minter.key, d.minter.signer, &types.DynamicFeeTx{
		ChainID: d.minter.chain, Nonce: nonce, To: &wallet.from, Value: big.NewInt(params.Ether), Gas: 21_000,
		GasTipCap: gwei(1), GasFeeCap: gwei(10),
	})
	if err != nil {
		t.Fatal(err)
	}
	head := Head(t, d)
	if err := client.SendTransaction(ctx, gas); err != nil {
		t.Fatal(err)
	}
	if _, err := d.node.AwaitHead(ctx, uint64(head)); err != nil {
		t.Fatal(err)
	}
	depositWith(t, d, wallet, d.info.Vault, ref, base)
	// What the wallet saw by RPC need not be synced yet, which is when it counts for d.
	seen, err := client.BlockNumber(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.node.AwaitHead(ctx, seen-1); err != nil {
		t.Fatal(err)
	}
}

func depositWith(t testing.TB, d *Dev, from *sender, vault rewards.Address, ref [32]byte, base *big.Int) {
	t.Helper()
	token, to := common.Address(d.info.Token), common.Address(vault)
	for _, step := range []struct {
		by   *sender
		to   common.Address
		data []byte
	}{
		{d.minter, token, tokenABI.PackMint(from.from, base)},
		{from, token, tokenABI.PackApprove(to, base)},
		{from, to, vaultABI.PackDeposit(ref, base)},
	} {
		if _, err := settle(context.Background(), "deposit", step.by, &step.to, step.data); err != nil {
			t.Fatal(err)
		}
	}
}
