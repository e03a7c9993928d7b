// Package cache holds what a server keeps for a moment and may lose: notices on their way to streams, counts of requests,
// and who is here. Servers of one database share all three by Redis, where they have one. It stores no truth; whoever misses a notice
// reads the stores.
package cache
