package labeling

import (
	"encoding/hex"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// FormerFamilyOf names the family of a question outside projects as it was named while families spanned organisations. Questions
// that were asked then name snapshots of it by hash, and verdicts of them are checked by those for ever.
func FormerFamilyOf(t polls.Type, choices []string) (FamilyID, error) {
	if t == polls.YesNo || t == polls.Pair {
		choices = nil
	}
	h, err := tasknet.Hash("tasknet/family/v1", map[string]any{"choices": choices, "type": t})
	return FamilyID(hex.EncodeToString(h[:])), err
}
