// Package rewards keeps the money of an instance: a double-entry ledger, the settlement of questions, and the epochs
// that pay respondents on an EVM chain under one cumulative Merkle root.
//
// It knows accounts and causes, not questions or people: money has more than one source and must be auditable without
// reading any of them. It imports no other domain and does no I/O; the store and the chain are interfaces.
//
// An epoch goes one way, and each step can be taken again after a crash without paying twice:
//
//	planned ──PostRoot──▶ posted ──depth──▶ confirmed ──Claim──▶ settled
//	   │                                        │
//	   └ one ledger transaction moves           └ one ledger transaction per claim seen on
//	     final pay under the epoch                chain, whoever sent it
//
// The vault holds one cumulative sum per address, so a claim sent twice pays once.
package rewards
