// Package bundle keeps all public records of an instance in a folder of files, from which they can be verified offline and
// for as long as somebody has them.
//
// A folder has, in canonical JSON (RFC 8785) but for the log, one record a line, compressed by Zstandard where the name ends
// in .zst:
//
//	instance.json                 the server's description of itself, with the time at which the copy was begun
//	totals.json                   the sums that the ledger must reproduce
//	ledger.jsonl.zst              all transactions, in the order in which they were posted
//	questions.jsonl.zst           all closed questions, with their answers, in the order in which they closed
//	epochs.jsonl.zst              all epochs, the oldest first
//	addresses.jsonl.zst           all changes of where people's pay goes, in the order in which they were made
//	payouts/<number>.jsonl.zst    of each epoch the leaves that it added to; of the newest the whole tree
//	spending/<number>.jsonl.zst   what accounts in the vault had spent by each epoch
//	log/checkpoint                the public log's checkpoint after all else was copied, as it was signed
//	log/leaves                    its leaves up to there, 32 bytes each, not compressed
//	snapshots/<hash>.json.zst     the skill snapshots that questions, verdicts and forfeits name
//	witnesses/<hash>.json.zst     what the words of models were worth that verdicts name
//	manifest.jsonl                the format and the instance; name, size, number of records and SHA-256 of each file, ordered
//	                              by name; and last the SHA-256 of all lines before
//
// The forms are those of the public API (package wire); a bundle has nothing that the API does not give to everybody. Files
// that a later version adds are checked by the manifest and otherwise left alone.
//
// The last line of the manifest stands for the whole bundle. Who was told it from elsewhere knows that theirs is the same;
// who was not only knows that the files fit the manifest, and what package verify can say of the records.
package bundle
