package eth

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"

	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth/contract"
)

// Poster returns the address whose key posts roots.
func (c *Chain) Poster() rewards.Address { return rewards.Address(c.poster.account()) }

// Relayer returns the address whose key sends claims.
func (c *Chain) Relayer() rewards.Address { return rewards.Address(c.relayer.account()) }

// AddressOf returns whose a key of 64 hexadecimal digits is.
func AddressOf(t testing.TB, text string) rewards.Address {
	t.Helper()
	key, err := parseKey(text)
	if err != nil {
		t.Fatal(err)
	}
	return rewards.Address(addressOf(key))
}

// Sealed lets tests outside of the package make keystores.
var Sealed = sealed

// Calls returns the vault's methods as clef keeps those that it knows: it refuses to have others signed.
func Calls(t testing.TB) []byte {
	t.Helper()
	parsed, err := contract.VaultMetaData.ParseABI()
	if err != nil {
		t.Fatal(err)
	}
	known := make(map[string]string)
	for _, m := range parsed.Methods {
		known[hex.EncodeToString(m.ID)] = m.Sig
	}
	text, err := json.Marshal(known)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Minter returns the address that owns what is dripped.
func (d *Dev) Minter() rewards.Address { return rewards.Address(d.minter.account()) }

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
	client, err := dial(ctx, d.Endpoint(), 2, time.Millisecond, d.minter.log)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	key, err := crypto.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	wallet := newSender(client, localKey{key}, d.minter.chain, d.minter.maxFee, 2, d.minter.log)
	nonce, err := d.node.NonceAt(ctx, d.minter.account(), nil)
	if err != nil {
		t.Fatal(err)
	}
	to := wallet.account()
	gas, err := d.minter.key.sign(ctx, d.minter.chain, &types.DynamicFeeTx{
		ChainID: d.minter.chain, Nonce: nonce, To: &to, Value: big.NewInt(params.Ether), Gas: 21_000,
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
		{d.minter, token, tokenABI.PackMint(from.account(), base)},
		{from, token, tokenABI.PackApprove(to, base)},
		{from, to, vaultABI.PackDeposit(from.account(), ref, base)},
	} {
		if _, err := settle(context.Background(), "deposit", step.by, &step.to, step.data); err != nil {
			t.Fatal(err)
		}
	}
}

// MintAndDeposit mints base units of a test token that the chain's poster made, and deposits them for an owner.
func MintAndDeposit(t testing.TB, c *Chain, owner rewards.Address, ref [32]byte, base *big.Int) {
	t.Helper()
	token, vault := common.Address(c.info.Token), common.Address(c.info.Vault)
	for _, step := range []struct {
		to   common.Address
		data []byte
	}{
		{token, tokenABI.PackMint(c.poster.account(), base)},
		{token, tokenABI.PackApprove(vault, base)},
		{vault, vaultABI.PackDeposit(common.Address(owner), ref, base)},
	} {
		if _, err := settle(context.Background(), "deposit", c.poster, &step.to, step.data); err != nil {
			t.Fatal(err)
		}
	}
}

// MintTo mints base units of a test token that the chain's poster made.
func MintTo(t testing.TB, c *Chain, who rewards.Address, base *big.Int) {
	t.Helper()
	token := common.Address(c.info.Token)
	if _, err := settle(context.Background(), "mint", c.poster, &token, tokenABI.PackMint(common.Address(who), base)); err != nil {
		t.Fatal(err)
	}
}

// DepositAsRelayer mints for the relayer's key, and deposits as its own.
func DepositAsRelayer(t testing.TB, d *Dev, ref [32]byte, base *big.Int) {
	t.Helper()
	depositWith(t, d, d.relayer, d.info.Vault, ref, base)
}

// MintFor mints base units for somebody.
func MintFor(t testing.TB, d *Dev, who rewards.Address, base *big.Int) {
	t.Helper()
	token := common.Address(d.info.Token)
	if _, err := settle(context.Background(), "mint", d.minter, &token, tokenABI.PackMint(common.Address(who), base)); err != nil {
		t.Fatal(err)
	}
}

// HeadTime returns the time of the newest block.
func HeadTime(t testing.TB, d *Dev) time.Time {
	t.Helper()
	h, err := d.node.HeaderByNumber(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return time.Unix(int64(h.Time), 0)
}

// DeployOld makes a vault of the first kind, of whose code, in hex, the arguments are a token and a poster.
func DeployOld(t testing.TB, d *Dev, code string) rewards.Address {
	t.Helper()
	in, err := d.minter.send(context.Background(), "make an old vault", nil, oldCode(code, common.Address(d.info.Token), d.poster.account()))
	if err != nil {
		t.Fatal(err)
	}
	if in, err = d.minter.confirm(context.Background(), in); err != nil {
		t.Fatal(err)
	}
	return rewards.Address(in.ContractAddress)
}

func oldCode(code string, token, poster common.Address) []byte {
	args := append(common.LeftPadBytes(token[:], 32), common.LeftPadBytes(poster[:], 32)...)
	return append(common.FromHex(strings.TrimSpace(code)), args...)
}

// OldDevChain makes a dev chain as the version did that had the first kind of vault.
func OldDevChain(t testing.TB, dir, code string) {
	t.Helper()
	ctx := context.Background()
	cfg := DevConfig{Dir: dir}.withDefaults()
	stack, err := lockDir(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	keys, err := devKeys(dir)
	if err != nil {
		t.Fatal(err)
	}
	poster, minter := addressOf(keys.poster), addressOf(keys.minter)
	node, err := startNode(stack, cfg.Confirmations, []common.Address{poster, addressOf(keys.relayer), minter}, cfg.Log)
	if err != nil {
		t.Fatal(err)
	}
	s := newSender(node, localKey{keys.minter}, big.NewInt(devChainID), gwei(1_000_000), cfg.Confirmations, cfg.Log)
	token := crypto.CreateAddress(minter, 0)
	vault := crypto.CreateAddress(minter, 1)
	for _, step := range []struct {
		to   *common.Address
		data []byte
	}{{nil, tokenCode(minter)}, {nil, oldCode(code, token, poster)}, {&token, tokenABI.PackApprove(vault, big.NewInt(1))}} {
		if _, err := settle(ctx, "make an old chain", s, step.to, step.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := node.Close(); err != nil {
		t.Fatal(err)
	}
}

// MakeCoin makes a token on d's chain that is the test token but for the method that tells who mints it.
func MakeCoin(t testing.TB, d *Dev) rewards.Address {
	t.Helper()
	minter := tokenABI.PackMinter()
	code := bytes.ReplaceAll(tokenCode(d.minter.account()), minter, []byte{1, 2, 3, 4})
	in, err := d.minter.send(context.Background(), "make a token", nil, code)
	if err == nil {
		in, err = d.minter.confirm(context.Background(), in)
	}
	if err != nil {
		t.Fatal(err)
	}
	return rewards.Address(in.ContractAddress)
}

// Held returns what an account holds of the token.
func Held(t testing.TB, c *Chain, account rewards.Address) *big.Int {
	t.Helper()
	read := reader{ctx: context.Background(), backend: c.View.backend, to: common.Address(c.info.Token)}
	balance := readAs(&read, tokenABI.PackBalanceOf(common.Address(account)), tokenABI.UnpackBalanceOf)
	if read.err != nil {
		t.Fatal(read.err)
	}
	return balance
}
