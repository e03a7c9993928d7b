// Package pipeline is what spans domains: how a question is asked with its hold, how it is closed with its verdict and
// everybody's pay, how a person is registered with their payout address. It alone knows the whole chain from a question
// to a payout; each step is one transaction over all stores, and the outside world is told after the commit.
package pipeline
