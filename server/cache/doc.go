// Package cache holds what a server keeps for a moment and may lose: notices on their way to streams, counts of requests, who is
// here, and what two phones of a person say to each other. Servers of one database share all of it by Redis, where they have one.
// It stores no truth; whoever misses a notice reads the stores.
package cache
