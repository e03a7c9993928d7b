// Package verify recomputes an instance from its public records alone, as an outsider would: every closed question's
// hash, signatures and verdict, every movement of money, every payout root. It reads through the API and trusts nothing
// that it reads; it stops at the first record that does not fit and names it.
//
// What it cannot see: whether respondents are people, and whether answers were refused that should have been taken. Unless
// it is given a chain, there is a third thing: what was deposited and claimed is then the server's word. Given one, it
// compares the newest root, what everybody has claimed and every deposit of the ledger with the vault. The order of
// answers, times, whose pay waits, and why it became final, are the server's word always.
//
// A server may go on working while it is verified. The records are lists that only grow, so the rules are about those
// that were there when the verification began.
package verify
