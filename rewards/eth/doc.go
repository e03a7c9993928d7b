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
// Of several endpoints the word of most counts, of those that answer: they must name the same block at the confirmation
// depth, and what is read at a block must be the same from most. Who differs, lacks the block, does not answer, or stays
// at a block for some minutes while others go on is left out until that changes, and the status says so.
//
// # Sending
//
// Each key has one sender, which owns its nonces, and has one transaction under way: the next takes its nonce from the
// chain when that one is mined. Should a caller give up on a transaction, the next one takes its place under the same nonce
// with higher fees, unless it is the same that is asked for again: then the first is waited for. Nothing of this is stored,
// so there is no queue that a crash could strand; after a restart the chain's nonce tells where to go on.
//
// A node's word about a send is not believed either way: a transaction counts as sent when it is mined, and as refused when
// the node does not know it. The newest transactions are remembered with all attempts at them, so that what a
// re-organisation takes out of the chain is sent again, before anything that comes after it. A node that says too high a
// nonce can leave a transaction behind that is not due; it is replaced by one that does nothing. Where even that fails
// what remains is that the vault accepts each epoch once and pays cumulative sums.
//
// # Keys
//
// A key is in a file, in the environment, or with clef or web3signer, which are believed nothing: what they sign is
// compared with what was asked for. Posting and relaying have a key each. A key file is read again before each transaction,
// so a key is changed while the server runs by moving another file to its place: what the key before sent is still waited
// for, and the new one sends from then on. The new key needs money for gas first; to post, the vault must also have been
// told to take roots from it (OfferPoster, AcceptPoster), and until both are done posting fails with ErrNotPoster and is tried again.
package eth
