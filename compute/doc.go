// Package compute turns labels into models: it reads what a model looks like, works out its shapes and cost before anything
// runs, and trains it with whatever Trainer a machine has. What decides a model's weights besides the trainer's own arithmetic
// (its first weights, the order of the examples, what is dropped, how images are moved, the split, the optimiser) is computed
// here from a seed, so that trainers can be compared and training that was interrupted goes on to the same result. It does no
// I/O.
//
// A Spec describes a model, Plan works out its shapes, Examples are what it learns from, Train has a Trainer learn it, and a
// Model says how sure it is, calibrated on tasks that it was not trained on.
//
// A Job is work for nodes, done in parts. A node that asks is given what Choose picks, as a lease:
//
//	         take                receipt
//	waiting ------> running ----------------> done      a part
//	   ^               |
//	   +---------------+ given back, failed, lost, or timeout
//
// What runs may run twice at the end of a job; the first receipt counts, and the other lease is over. A part that fails or is lost
// too often fails its job.
package compute
