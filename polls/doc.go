// Package polls asks people: questions and their quorum policies, assignments, answers and receipts, and the rules by
// which they may change. It decides nothing about truth and moves no money: when answers are enough is said by a
// Stopper, what they amount to by package labeling, and what they earn by package rewards.
//
// A question goes one way:
//
//	open ──the Stopper says stop──▶ closing ──verdict and pay in one transaction──▶ closed
//	  └──deadline or cancellation─────────────────────────────────────────────────────▲
//
// A question that is closing takes no more answers. One that is open may be paused, and goes on as open: while it is paused
// nobody gets it, and who has it may answer. An assignment is a lease of one question to one respondent:
//
//	open ──answer, even a late one while the question is open──▶ answered
//	  └──skip──▶ skipped
//
// An open assignment whose time has passed counts no longer as a lease, so that others get the question.
package polls
