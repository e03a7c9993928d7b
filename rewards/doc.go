// Package rewards keeps the money of an instance: a double-entry ledger, the settlement of questions, and the epochs
// that pay respondents on an EVM chain under one cumulative Merkle root.
//
// It knows accounts and causes, not questions or people: money has more than one source and must be auditable without
// reading any of them. It imports no other domain and does no I/O; the store and the chain are interfaces.
//
// An epoch goes one way, and each step can be taken again after a crash without paying twice:
//
//	planned ──header──▶ built ──PostRoot──▶ posted ──depth──▶ confirmed ──delay──▶ active ──Claim──▶ settled
//	   │ ▲                  ▲                  │                  │ ▲                ▲  │
//	   │ │                  └──── the chain ───┴──────────────────┤ │                │  └ one ledger transaction per
//	   │ │                        took it back             a watcher│                │    claim seen on chain,
//	   │ │ an operator                                            ▼ │                │    whoever sent it
//	   │ └─────────── voided ◀── judged bad, or silence ─────── blocked ──judged good┘
//	   │
//	   └ one ledger transaction moves final pay under the epoch; what requesters' accounts have spent is fixed with it
//
// Where the chain takes back the root of an epoch that was active or settled, or claims under it, the epoch is confirmed once more: its
// root is posted again if it is gone, older ones first, and claims that are gone are undone by a counter-entry and sent again. One that was voided is confirmed again when its
// judgement is gone. All headers that an epoch was ever built with are kept: where the chain has an earlier one again, that one is taken
// up, as it pays the same. ErrForeignRoot is for a root that was never built here.
//
// The vault holds one cumulative sum per address, so a claim sent twice pays once. A voided epoch is built again under its
// number when an operator says so, see PostAgain; until then, people claim under the root before.
//
// What requesters do with the vault is booked once, at a depth. An owner who gives notice of a withdrawal has what is left
// frozen; what the chain takes back is undone by a counter-entry, and what was spent of it is a debt.
package rewards
