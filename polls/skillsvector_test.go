package polls_test

import (
	"encoding/hex"
	"encoding/json"
	"testing"

	"github.com/tasknet/tasknet"
)

// skillsVector is a skill snapshot of two people, as a reader without our code would hash it. That package labeling makes the
// same is tested there.
func skillsVector(t *testing.T) vector {
	const content = `{"choices":2,"family":"dogs","golds":29,"people":[{"expected":23,"respondent":"rsp_a","wrong":19},{"counts":[7,11,13,17],"expected":5,"respondent":"rsp_b","wrong":3}],"pooled":true,"steps":[{"from":0,"golds":29,"missed":5,"times":31,"wrong":7},{"from":500,"golds":23,"missed":3,"times":37,"wrong":11}],"truths":[1009,1013],"version":3}`
	hash, err := tasknet.Hash("tasknet/skills/v2", json.RawMessage(content))
	check(t, err)
	return vector{"content": content, "hash": hex.EncodeToString(hash[:])}
}
