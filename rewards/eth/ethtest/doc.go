// Package ethtest runs real nodes for tests, and breaks what they say: Anvil is a node in a process of its own, and Proxy
// stands between it and who asks, and has calls fail, or answers changed.
package ethtest
