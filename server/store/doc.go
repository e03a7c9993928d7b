// Package store keeps everything that TaskNet remembers, in SQLite or PostgreSQL. All SQL of TaskNet is here; the rules
// of what is written are in the domains, whose Store interfaces it implements.
//
// There is one text for both databases, in their common subset: $1 placeholders, ids as text, amounts and times as
// integers. What cannot be one text is in the dialect.
//
// SQLite has one writer, a goroutine that runs all transactions that wait as one group with one commit; PostgreSQL has
// a pool. On both, who appends to the events, the verdicts or the ledger does so in the order of commits, so that
// somebody who reads by cursor never passes over a row that becomes visible later. On PostgreSQL an advisory lock, held
// until the commit, sees to that. Reading up to the oldest running transaction instead would not do: cursors are single
// numbers drawn before the commit, and a transaction that hangs, in any database of the same server, would stop all
// streams.
//
// Locks are taken in one order, so that transactions do not wait for each other in a circle: respondents, the progress
// of questions by id, assignments by id, and last that advisory lock.
package store
