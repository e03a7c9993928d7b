package rewards

import (
	"context"
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

	// Roots returns what the vault says of the newest roots.
	Roots(ctx context.Context) (Roots, error)

	// PostRoot posts the header of the epoch after the one in force, which is before and says what cannot shrink. It takes
	// effect when the vault's delay is over. The vault refuses one that promises more than was deposited.
	PostRoot(ctx context.Context, before, h Header) (Mined, error)

	// RootMined returns the transaction that posted a header, the newest one if there are several. ErrNoRoot when the
	// chain has none, as after a re-organisation. Blocks through the header's own are not looked at: it came after them.
	RootMined(ctx context.Context, h Header) (Mined, error)

	// Claimed returns how much of its cumulative sum each address has been paid, in base units.
	Claimed(ctx context.Context, addresses []Address) ([]*big.Int, error)

	// Claim pays the leaves, all of the root in force, whose header is given, by one transaction with one multiproof. An
	// error of kind TooLarge says that they do not fit one.
	Claim(ctx context.Context, h Header, leaves []merkle.Leaf, proof merkle.MultiProof) (Mined, error)

	// GasPrice returns what a unit of gas costs now, in the chain's smallest coin.
	GasPrice(ctx context.Context) (*big.Int, error)

	// Events returns what requesters did in blocks after from, in order, and the newest block that was looked at. Pass that
	// block as from in the next call. What a contract asked by the oracle is said with the deposit that pays for it. The block's hash
	// was read before the events: when the chain changes meanwhile, it is of the branch that is gone. It is zero when no block is
	// newer than from.
	Events(ctx context.Context, from int64) (events []Event, through Look, err error)

	// BlockHash returns the hash of a block that has the depth to count.
	BlockHash(ctx context.Context, block int64) (Hash, error)
}

// Roots is what a vault says of its newest roots.
type Roots struct {
	Epoch     int64 // whose root is in force; zero before the first
	Header    Hash  // before the first that of the zero Header
	NextEpoch int64 // whose root waits for its time, or for a judgement; zero when none does
	Next      Hash
	Blocked   bool // somebody says that it is wrong, and the adjudicator has not decided
}

// ErrNoRoot reports a header that the chain does not have.
var ErrNoRoot = tasknet.NewError(tasknet.NotFound, "no_such_root", "The chain has no such root.")

// ErrNotInForce reports a header that is not that of the root in force.
var ErrNotInForce = tasknet.NewError(tasknet.Conflict, "vault_not_in_force", "The header is not that of the root in force; get the newest records.")

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
	VaultBlock    int64      // where the vault was deployed: no deposit is older
	Oracle        Address    // where contracts ask; zero when they cannot
	Stake         StakeTerms // of the contract of stakes, if there is one
	Confirmations int        // blocks on top of a transaction before it counts
}

// Mined is a transaction that has reached the confirmation depth.
type Mined struct {
	Tx    Hash
	Block int64
	Gas   int64
}

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
