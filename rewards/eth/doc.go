// Package eth pays on EVM chains: it implements rewards.Chain on the vault in rewards/contracts, over a chain that runs
// in this process (OpenDev) or over any node by its URL (Dial). Who only looks needs no key (OpenView). No other package
// imports go-ethereum.
//
// # Depth
//
// Everything is read at the confirmation depth: the state of block head - Confirmations. A write returns once so many
// blocks stand on top of its own. On the dev chain the head that counts is the newest block that is synced to disk, so
// what was read or confirmed survives kill -9 and, as far as the disk keeps its word, a power cut.
//
// # Sending
//
// Each key has one sender, and a sender has one transaction under way: the next takes its nonce from the chain when that
// one is mined. Should a caller give up on a transaction, the next one takes its place under the same nonce with higher
// fees; never can two of them be mined where one was meant. This is safe because the vault accepts each epoch once and
// pays cumulative sums, and it leaves no queue behind that a crash could strand. A node's answer to a send is not
// believed either way: a transaction counts as sent when it is mined, and as refused when the node does not know it.
package eth
