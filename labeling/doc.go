// Package labeling says what answers amount to: it decides when a question has enough of them, and turns them into a
// verdict with a confidence. What decides is computed in fixed point, so that anybody can recompute a verdict from
// public records to the bit, on any machine. It does no I/O and moves no money.
package labeling
