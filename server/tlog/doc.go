// Package tlog keeps an instance's public log: an append-only Merkle tree that anybody can read and nobody can change unseen.
//
// Its leaves have 32 bytes, and all but those about keys and the log itself are hashes: each accepted answer (tasknet/answer-record/v1), and each verdict
// (tasknet/verdict/v1, which holds why its question stopped), opened gold (tasknet/gold/v1), epoch (tasknet/epoch/v1),
// change of a payout address (tasknet/address-change/v1); at a bounded rate, refusals to accept an answer (tasknet/refusal/v1); and
// by which keys the server signs: the first (tasknet/first-keys/v1), and each change (tasknet/key-change/v1). These begin with a mark
// (polls.KeyLeaf), so that who reads the log knows whether the server states all of them. So does the one of when the log began to take
// what was recorded before there was one (tasknet/log-start/v1). Leaves come from the outbox in the database, in its order: the index of a leaf is given in the transaction
// that saves what it is of, so that a receipt can name it, and the log is built after that transaction. When the process dies in between, the log is behind and catches up from its own checkpoint: what was written
// beyond that is written again, with the same bytes. A database that has less than the log, or something else, is not the one
// that the log was made from, and is refused.
//
// The files are those of C2SP tlog-tiles, with a checkpoint (C2SP tlog-checkpoint) that the log's own key signs, and for a while
// together with it the key before, when the log got another: a signed note may have several signatures. A checkpoint is
// published when all that it is of is durable. The files that came since the one before are synced together: answers wait for
// the same disk, and Tessera's own storage, which syncs each file and its folder, takes five times as long for them. Of
// Tessera are the names of the files and the signing of checkpoints. Witnesses that are configured are asked to sign each
// checkpoint too; one that is away delays nothing for long.
//
// Where files are missing or damaged, all are written again from the database, if it has what the checkpoint is of, and nothing is
// signed before. The end of a log is looked at when it begins; of the rest some at each start, and all in turn while it runs.
//
// # What a leaf tells
//
// Nothing, until it is opened. The opening of a leaf is the record that it is the hash of. That of an answer holds the device's
// signature and the answer's id, which nobody else can guess, so that its hash tells nothing of the choice while the question
// is open, however poor the nonce is that the device chose; it is published when the question closes. Those of verdicts, golds,
// epochs and changes are published at once. To erase what somebody typed (polls.Erasure), the value, the
// nonce and the device's signature are removed from the database, from which all records are served: the leaf stays, the log stays
// whole and all proofs in it stay good. Who did not copy the record before cannot find out any more what was said, nor try guesses,
// since a signature takes the device's key. Instead the record has the wallet's signed word that this be done.
package tlog
