package labeling

import (
	"encoding/hex"

	"github.com/tasknet/tasknet"
)

// Hash returns tasknet/verdict/v1, the verdict's leaf in the public log: all that is public of it but the money, and the answers that it is
// made of, as the root of the RFC 6962 tree over the record hashes of all answers to its question in order, those that were
// struck among them. So it also tells why the question stopped. Of a verdict in which a model's word counts it is tasknet/verdict/v2,
// which is over what that was, too.
func (v *Verdict) Hash(instance, questionHash string, answers [][32]byte) ([32]byte, error) {
	root := tasknet.NewTree(answers).Root()
	fields := map[string]any{
		"agreement": v.Agreement, "answers": v.Answers, "at_ms": v.At.UnixMilli(), "cannot_tell": v.CannotTell, "choice": v.Choice, "claims": v.Claims,
		"correction": v.Correction, "counts": listOf(v.Counts), "golds": v.Golds, "id": v.ID, "instance": instance, "method": v.Method,
		"outcome": v.Outcome, "pooled": v.Pooled, "posterior": listOf(v.Posterior), "question": questionHash, "reason": v.Reason,
		"records": hex.EncodeToString(root[:]), "snapshot": v.Snapshot, "value": v.Value,
	}
	if v.Witness == "" {
		return tasknet.Hash("tasknet/verdict/v1", fields)
	}
	fields["witness"], fields["opinion"] = v.Witness, v.Opinion
	return tasknet.Hash("tasknet/verdict/v2", fields)
}

// listOf returns numbers as a list that is one also when it is empty.
func listOf(numbers []int) []int {
	if numbers == nil {
		return []int{}
	}
	return numbers
}

// Hash returns tasknet/gold/v1, the leaf in the public log of a gold whose question is closed: its truth, and whether it counts.
func (g *Gold) Hash(instance, questionHash string) ([32]byte, error) {
	return tasknet.Hash("tasknet/gold/v1", map[string]any{
		"choice": g.Choice, "instance": instance, "question": questionHash, "state": g.State, "value": g.Value,
	})
}
