// Package cache holds what a server keeps in memory for a moment and may lose: notices on their way to streams, and
// counts of requests. It stores no truth; whoever misses a notice reads the stores.
package cache
