package rewards

import (
	"context"
	"fmt"
	"math/big"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards/merkle"
)

// Address is an EVM account.
type Address [20]byte

// Hash is a 32-byte hash on the chain: of a transaction, a block, or a Merkle root.
type Hash [32]byte

// Chain is what paying needs of an EVM chain with a TaskNet vault. Every read is of the state at the confirmation
// depth, so that what it says is not undone by the usual re-organisation. A write returns when its transaction has
// reached that depth; when ctx ends before, the transaction may still be mined, and the caller looks before it
// sends again. Errors of a node that does not answer are of kind Unavailable.
type Chain interface {
	// Info names the chain and its contracts.
	Info() ChainInfo

	// VaultRoot returns the newest epoch that the vault has a root for, and that root; zero before the first.
	VaultRoot(ctx context.Context) (epoch int64, root Hash, err error)

	// PostRoot posts the root of epoch, which must be the vault's newest plus one. total is the sum of the tree's
	// leaves in base units; the vault refuses a root that promises more than was deposited.
	PostRoot(ctx context.Context, epoch int64, root Hash, total *big.Int) (Mined, error)

	// RootMined returns the transaction that posted the root of epoch, which the vault has.
	RootMined(ctx context.Context, epoch int64) (Mined, error)

	// Claimed returns how much of its cumulative sum each address has been paid, in base units.
	Claimed(ctx context.Context, addresses []Address) ([]*big.Int, error)

	// Claim pays the leaves, all of the newest root, by one transaction with one multiproof. An error of kind TooLarge
	// says that they do not fit one.
	Claim(ctx context.Context, leaves []merkle.Leaf, proof merkle.MultiProof) (Mined, error)

	// Deposits returns the deposits in blocks after from, in order, and the newest block that was looked at. Pass
	// that block as from in the next call.
	Deposits(ctx context.Context, from int64) (deposits []Deposit, through int64, err error)
}

// Faucet makes test money. Only the dev chain has one.
type Faucet interface {
	// Drip mints amount test tokens and deposits them under reference. It returns when the deposit is confirmed.
	Drip(ctx context.Context, reference [32]byte, amount tasknet.Amount) (Mined, error)
}

// ChainInfo names a chain, its token and its vault.
type ChainInfo struct {
	ID            int64
	Dev           bool // in this process, with test money
	Genesis       Hash // tells two chains with one id apart
	Token         Address
	Symbol        string
	Decimals      int // 6 to 18
	Vault         Address
	VaultBlock    int64 // where the vault was deployed: no deposit is older
	Confirmations int   // blocks on top of a transaction before it counts
}

// Mined is a transaction that has reached the confirmation depth.
type Mined struct {
	Tx    Hash
	Block int64
	Gas   int64
}

// Deposit is money that a requester, or somebody for them, put into the vault.
type Deposit struct {
	Tx        Hash
	LogIndex  int
	Block     int64
	Reference [32]byte // names the requester's account; see Reference
	Base      *big.Int // in base units
}

// Cause names the deposit in the ledger: its transaction, and which of that transaction's logs it is.
func (d *Deposit) Cause() string { return fmt.Sprintf("0x%x:%d", d.Tx, d.LogIndex) }

// Base returns a in the token's base units. Decimals are 6 to 18, so nothing is rounded.
func (i ChainInfo) Base(a tasknet.Amount) *big.Int {
	return new(big.Int).Mul(big.NewInt(a.Micro()), i.unit())
}

// Amount returns base units as an amount, rounded down to a micro-unit. What the rounding leaves stays in the vault.
func (i ChainInfo) Amount(base *big.Int) (tasknet.Amount, error) {
	q := new(big.Int).Quo(base, i.unit())
	if !q.IsInt64() {
		return tasknet.Amount{}, errDepositRange
	}
	return tasknet.Micro(q.Int64()), nil
}

func (i ChainInfo) unit() *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(i.Decimals-6)), nil)
}

var errDepositRange = tasknet.NewError(tasknet.Invalid, "deposit_out_of_range", "The deposit is larger than an account can hold.")
