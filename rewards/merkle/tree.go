// Package merkle builds the Merkle trees that vaults pay by, under the leaf rule of OpenZeppelin's StandardMerkleTree:
// a leaf is keccak256(keccak256(abi.encode(address, uint256))), and a node hashes its two children in sorted order. It
// is pure: no I/O, no clock.
package merkle

import "math/big"

// Leaf is what an address may have been paid in all, in base units of the token.
type Leaf struct {
	Address    [20]byte
	Cumulative *big.Int
}

// MultiProof proves several leaves at once, as OpenZeppelin's MerkleProof.multiProofVerify reads it.
type MultiProof struct {
	Proof [][32]byte
	Flags []bool
}
