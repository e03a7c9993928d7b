// Package verify recomputes an instance from its public records alone, as an outsider would: every closed question's
// hash, signatures and verdict, every movement of money, every payout root. It reads through the API and trusts nothing
// that it reads; it stops at the first record that does not fit and names it.
//
// What it cannot see: whether respondents are people, whether answers were refused that should have been taken, and,
// unless it is given a chain, whether the roots and claims are there as well.
//
// A server may go on working while it is verified. The records are lists that only grow, so the rules are about those
// that were there when the verification began.
package verify
