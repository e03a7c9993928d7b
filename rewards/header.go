package rewards

import (
	"math/big"

	"github.com/tasknet/tasknet/rewards/merkle"
)

// Header is all that a vault is told of an epoch. The vault keeps its hash; who posts the next, claims or withdraws gives it
// whole. The zero Header is in force before the first epoch; a sum that is nil is zero.
type Header struct {
	Epoch    int64
	Payouts  Hash     // Merkle root over (address, what it may have been paid in all); zero when nobody was ever paid
	Spending Hash     // Merkle root over (account, what it has spent in all); zero when nobody ever deposited
	Verdicts Hash     // Merkle root over verdicts that contracts wait for; zero when there are none
	Total    *big.Int // sum of the leaves of Payouts, in base units
	Spent    *big.Int // sum of the leaves of Spending, not below Total
	Through  int64    // newest block whose deposits Spending knows: every account of up to then has a leaf
	LogRoot  Hash     // of the public log, RFC 6962; zero while there is none
	LogSize  int64    // its number of leaves
}

// Hash returns what the vault keeps: keccak256(abi.encode(header)), nine words.
func (h Header) Hash() Hash {
	return merkle.Keccak(
		word(big.NewInt(h.Epoch)), h.Payouts, h.Spending, h.Verdicts, word(h.Total), word(h.Spent), word(big.NewInt(h.Through)), h.LogRoot, word(big.NewInt(h.LogSize)),
	)
}

// word writes a number that is not negative and below 2^256 as the EVM does.
func word(n *big.Int) (w [32]byte) {
	if n != nil {
		n.FillBytes(w[:])
	}
	return w
}

// Checkpoint is the public log at a size.
type Checkpoint struct {
	Size int64
	Root Hash
}
